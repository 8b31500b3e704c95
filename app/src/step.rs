//! Suspending, resuming and ending an application or an entitlement: the menu that offers it and the page that asks for
//! a reason. What the step does to the thing is said by the feature, done by the service.

use axum::response::Response;
use domain::field::FieldErrors;
use domain::lifecycle::{Lifecycle, Step};
use http::StatusCode;
use leptos::prelude::*;

use crate::page::Page;
use crate::posted::{Posted, error};
use crate::routes::below;
use crate::state::App;
use crate::ui::{Confirm, Crumb, Icon, Menu, MenuLink, TextArea};
use crate::visit::Visit;

/// The step that the last part of a path names.
pub fn from_word(word: &str) -> Option<Step> {
    match word {
        "suspend" => Some(Step::Suspend),
        "resume" => Some(Step::Resume),
        "end" => Some(Step::End),
        _ => None,
    }
}

/// The verb on the button.
pub const fn verb(step: Step) -> &'static str {
    match step {
        Step::Suspend => "Suspend",
        Step::Resume => "Resume",
        Step::End => "End",
    }
}

/// The message when it is done.
pub const fn flash(step: Step) -> &'static str {
    match step {
        Step::Suspend => "suspended",
        Step::Resume => "resumed",
        Step::End => "ended",
    }
}

/// The steps that are possible now; nothing once it has ended.
pub fn menu(
    list: &str,
    id: impl std::fmt::Display,
    name: &str,
    status: Lifecycle,
) -> Option<AnyView> {
    let end = below(list, &id, "end");
    let (href, label, icon) = match status {
        Lifecycle::Active => (below(list, &id, "suspend"), "Suspend…", Icon::Pause),
        Lifecycle::Suspended => (below(list, &id, "resume"), "Resume…", Icon::Play),
        Lifecycle::Ended => return None,
    };
    let menu = view! {
        <Menu label=format!("More for {name}")>
            <MenuLink href=href label=label icon=icon />
            <MenuLink href=end label="End…" icon=Icon::Archive danger=true />
        </Menu>
    };
    Some(menu.into_any())
}

/// What a step is about.
#[derive(Debug)]
pub struct Question {
    /// Path of the list.
    pub list: &'static str,
    /// What the list is called.
    pub label: &'static str,
    /// The kind of thing, in one word; the name of one may be too long for a button.
    pub noun: &'static str,
    /// Path of the thing's page.
    pub back: String,
    /// The name of the thing.
    pub name: String,
    /// What will happen.
    pub effect: String,
}

/// The page that says what will happen and asks why.
pub fn confirm(
    app: &App,
    visit: &Visit,
    question: Question,
    step: Step,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let Question {
        list,
        label,
        noun,
        back,
        name,
        effect,
    } = question;
    let title = format!("{} {name}", verb(step));
    let page = Page {
        crumbs: vec![Crumb::here(verb(step))],
        ..Page::new(title.clone(), list)
    };
    let page = page
        .under(&[(label, list), (&name, &back)])
        .text()
        .status(status);
    app.page(visit, page, || {
        let reason = view! {
            <TextArea name="reason" label="Reason" value=posted.text("reason") error=error(errors, "reason") required=true maxlength=500 rows=2 hint="Stays in the log." />
        };
        view! {
            <Confirm title=format!("{title}?") verb=format!("{} {noun}", verb(step)) danger=step == Step::End idem=posted.once() cancel=back>
                <p>{effect}</p>
                {reason}
            </Confirm>
        }
        .into_any()
    })
}
