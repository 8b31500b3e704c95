//! A role at a moment of the past: how the address asks for it, and what is said when the role was not there yet.

use axum::response::Response;
use domain::id::RoleId;
use leptos::prelude::*;
use serde::Deserialize;
use service::{Error, roles};

use super::detail::{Tab, framed};
use crate::as_of::Asked;
use crate::state::App;
use crate::ui::{Empty, EmptyKind, Icon};
use crate::visit::Visit;

/// The moment in an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Moment {
    as_of: String,
}

impl Moment {
    /// What it asks for, in the visitor's zone.
    pub(super) fn asked(&self, visit: &Visit) -> Asked {
        Asked::read(&self.as_of, &visit.zone())
    }
}

/// The answer when a role cannot be read at a moment: before it was recorded, its page still offers other moments.
pub(super) async fn missing(
    app: &App,
    visit: &Visit,
    id: RoleId,
    asked: &Asked,
    tab: Tab,
    error: Error,
) -> Response {
    if asked.at().is_none() || !matches!(error, Error::NotFound) {
        return app.refuse(visit, error);
    }
    let detail = match roles::read(&app.service, &visit.cx(), id, None).await {
        Ok(detail) => detail,
        Err(error) => return app.refuse(visit, error),
    };
    framed(app, visit, &detail, tab, &asked.word(), || {
        let control = asked.control(visit, &tab.path(id), &[]);
        view! {
            {control}
            <Empty kind=EmptyKind::Nothing icon=Icon::History title="It was not there yet" text="This role was recorded later. Choose a later moment, or go back to now." />
        }
        .into_any()
    })
}
