//! How this feature calls things.

use domain::identity::{IdentityKind, IdentityStatus};
use domain::time::Date;
use leptos::prelude::*;

use crate::format;
use crate::ui::{Pill, Tone};

/// What a token's key and a value of it are called.
pub(super) fn token_words(key: &str, value: &str) -> (String, String) {
    let title = match key {
        "status" => "Status",
        "kind" => "Kind",
        "department" => "Department",
        "location" => "Location",
        "manager" => "Manager",
        "title" => "Title",
        "ends" => "Last day",
        "username" => "Username",
        other => other,
    };
    let label = match key {
        "status" => IdentityStatus::from_word(value).map(IdentityStatus::label),
        "kind" => IdentityKind::from_word(value).map(IdentityKind::label),
        _ => None,
    };
    (title.to_owned(), label.unwrap_or(value).to_owned())
}

/// The status with the last day when it is near: colour only where something is not as it should be.
pub(super) fn status_pill(status: IdentityStatus, end: Option<Date>, today: Date) -> AnyView {
    match (status, end) {
        (IdentityStatus::Active | IdentityStatus::OnLeave, Some(end)) if end < today => {
            view! { <Pill text=format!("Ended {}", format::day(end)) tone=Tone::Bad /> }.into_any()
        }
        (IdentityStatus::Active | IdentityStatus::OnLeave, Some(end))
            if end < today.plus_days(31) =>
        {
            view! { <Pill text=format!("Leaves {}", format::day(end)) tone=Tone::Warn /> }
                .into_any()
        }
        (IdentityStatus::Active, _) => view! { <Pill text="Active" tone=Tone::Good /> }.into_any(),
        (IdentityStatus::Suspended, _) => {
            view! { <Pill text="Suspended" tone=Tone::Warn /> }.into_any()
        }
        (status, _) => view! { <Pill text=status.label() /> }.into_any(),
    }
}
