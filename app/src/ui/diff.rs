//! What changed, field by field: before and after in one table, readable without colour.
//!
//! Knows only texts; the page says which fields changed and how their values read.

use leptos::prelude::*;

use super::{Absent, some, words};

/// One changed field; an empty text is an absent value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    pub field: String,
    pub before: String,
    pub after: String,
}

/// The table of changes. `before` and `after` rename the columns, as on a page about two editors.
#[component]
pub fn Diff(
    #[prop(into)] caption: String,
    rows: Vec<Change>,
    #[prop(optional, into)] before: String,
    #[prop(optional, into)] after: String,
) -> impl IntoView {
    let words = words();
    let before = some(before).unwrap_or_else(|| words.before.to_owned());
    let after = some(after).unwrap_or_else(|| words.after.to_owned());
    let body = rows
        .into_iter()
        .map(|change| {
            let old = match some(change.before) {
                Some(text) => view! { <del dir="auto">{text}</del> }.into_any(),
                None => view! { <Absent /> }.into_any(),
            };
            let new = match some(change.after) {
                Some(text) => view! { <ins dir="auto">{text}</ins> }.into_any(),
                None => view! { <Absent /> }.into_any(),
            };
            view! {
                <tr>
                    <th scope="row">{change.field}</th>
                    <td data-label=before.clone()>{old}</td>
                    <td data-label=after.clone()>{new}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="diff">
            <table>
                <caption class="unseen">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.field}</th>
                        <th scope="col">{before.clone()}</th>
                        <th scope="col">{after.clone()}</th>
                    </tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
    .into_any()
}
