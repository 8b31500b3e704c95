//! Two people editing the same thing: the second sees what the first recorded.

use std::collections::HashMap;

use leptos::prelude::*;

use crate::fields::{Fields, label, readable};
use crate::posted::Posted;
use crate::ui::{Banner, Change, Diff, Tone};
use crate::visit::Visit;

/// Somebody else was faster: what is recorded now against what was typed, and the way to who it was.
pub fn conflict_banner(theirs: Vec<Change>, timeline: String) -> AnyView {
    view! {
        <Banner tone=Tone::Warn title="Somebody else changed this since you opened it">
            <p>"Nothing of yours is saved yet. Compare, correct the form below, and save again to replace what is recorded now."</p>
            <Diff caption="What is recorded now and what you typed" rows=theirs before="Recorded now" after="You typed" />
            <p><a href=timeline>"See who changed what"</a></p>
        </Banner>
    }
    .into_any()
}

/// What is recorded now beside what was typed, where they differ.
pub fn differences(
    visit: &Visit,
    recorded: Vec<(&'static str, String)>,
    posted: &Posted,
    fields: Fields,
) -> Vec<Change> {
    let (names, zone) = (HashMap::new(), visit.zone());
    let differs = |(field, recorded): (&'static str, String)| {
        // A browser ends the lines of a text area with two characters.
        let typed = posted.get(field).trim().replace("\r\n", "\n");
        let read = |value: &str| readable(field, value, &names, &zone);
        (typed != recorded).then(|| Change {
            field: label(field, fields),
            before: read(&recorded),
            after: read(&typed),
        })
    };
    recorded.into_iter().filter_map(differs).collect()
}
