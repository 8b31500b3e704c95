//! What changed between two moments: of a person, of an entitlement, of an application, of the whole organisation.

pub(super) mod application;
pub(super) mod entitlement;
mod lines;
pub(super) mod organisation;
pub(super) mod person;
mod sums;

use leptos::prelude::*;
use serde::Deserialize;

use crate::moments::Moments;
use crate::ui::{Empty, EmptyKind, Icon};
use crate::visit::Visit;

/// The moments in the address of a page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    from: String,
    to: String,
}

impl Asked {
    fn read(&self, visit: &Visit) -> Moments {
        Moments::read(&self.from, &self.to, visit.now, &visit.zone())
    }
}

/// Nobody gained or lost anything.
fn nothing(text: &str) -> AnyView {
    let text = text.to_owned();
    view! { <Empty kind=EmptyKind::Nothing icon=Icon::History title="Nothing changed" text=text /> }
        .into_any()
}
