//! What all forms of this feature begin with: the person, if the visitor may change what they have; and where they lead back.

use axum::response::Response;
use domain::id::IdentityId;
use domain::identity::IdentityContent;
use domain::permission::Action;
use http::StatusCode;
use leptos::prelude::*;
use service::{Error, people};

use crate::page::Page;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{Banner, Crumb, Tone};
use crate::visit::Visit;

/// The page of a person's access.
pub(super) fn access(person: IdentityId) -> String {
    below(routes::PEOPLE, person, "access")
}

/// Whether the visitor may change what a person has; a refusal says what is missing, and is recorded.
pub(super) async fn permitted(app: &App, visit: &Visit, person: IdentityId) -> Result<(), Error> {
    people::may(&app.service, &visit.cx(), person, Action::GiveAccess).await
}

/// What stands above a form that came back.
#[derive(Debug, Default)]
pub(super) enum Note {
    /// Nothing.
    #[default]
    None,
    /// Somebody else was faster.
    Faster,
    /// Why it is refused, in a sentence.
    Refused(String),
}

impl Note {
    /// As a banner.
    pub(super) fn view(&self) -> Option<AnyView> {
        let (title, text) = match self {
            Self::None => return None,
            Self::Faster => (
                "Somebody else changed this since you opened it",
                "Nothing of yours is saved yet. This is how it is now; look at it again."
                    .to_owned(),
            ),
            Self::Refused(text) => ("This cannot be done", text.clone()),
        };
        let banner = view! { <Banner tone=Tone::Warn title=title><p>{text}</p></Banner> };
        Some(banner.into_any())
    }

    /// The status that goes with it.
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::None => StatusCode::OK,
            Self::Faster | Self::Refused(_) => StatusCode::CONFLICT,
        }
    }
}

/// A page about one thing of a person, below their access.
pub(super) fn framed(
    app: &App,
    visit: &Visit,
    (id, person): (IdentityId, &IdentityContent),
    (title, crumb): (&str, &str),
    status: StatusCode,
    body: impl FnOnce() -> AnyView,
) -> Response {
    let (own, access) = (format!("{}/{id}", routes::PEOPLE), access(id));
    let page = Page {
        crumbs: vec![Crumb::here(crumb)],
        ..Page::new(title, routes::PEOPLE)
    };
    let parents = [
        ("People", routes::PEOPLE),
        (person.display_name.as_str(), own.as_str()),
        ("Access", access.as_str()),
    ];
    app.page(visit, page.under(&parents).text().status(status), body)
}
