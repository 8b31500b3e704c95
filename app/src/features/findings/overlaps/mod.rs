//! Roles that overlap: the pairs, and two roles side by side.

mod beside;
mod list;

use domain::overlap::OverlapKind;
use leptos::prelude::*;
use service::findings::Side;

use crate::format::number;
use crate::ui::{Pill, Tone};

pub(super) use beside::page as beside;
pub(super) use list::page;

/// How two roles overlap, as a pill.
fn kind_pill(kind: OverlapKind) -> AnyView {
    let tone = match kind {
        OverlapKind::Same => Tone::Warn,
        OverlapKind::Contains | OverlapKind::Similar => Tone::Plain,
    };
    view! { <Pill text=kind.label() tone=tone /> }.into_any()
}

/// How many there are, with the first of them by name.
fn few(side: &Side) -> String {
    let names: Vec<&str> = side
        .named
        .iter()
        .map(|one| one.display_name.as_str())
        .collect();
    let all = number(side.all as u64);
    match (side.all, side.all.saturating_sub(names.len())) {
        (0, _) => "Nothing".to_owned(),
        (_, 0) => format!("{all}: {}", names.join(", ")),
        (_, more) => format!(
            "{all}: {} and {} more",
            names.join(", "),
            number(more as u64)
        ),
    }
}
