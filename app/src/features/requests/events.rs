//! Everything that happened to an item, in order, in words.

use leptos::prelude::*;
use service::requests::ItemDetail;

use super::words::said;
use crate::format::time_view;
use crate::ui::{Timeline, TimelineEvent};
use crate::visit::Visit;

/// The events of an item; the oldest first, as a conversation is read.
pub(in crate::features) fn events(visit: &Visit, detail: &ItemDetail) -> AnyView {
    let steps = detail.steps.len();
    let all = detail.events.iter().map(|event| {
        let said = said(event, &detail.item.content, steps);
        let at = time_view(event.at, visit);
        let quote = (!said.quote.is_empty())
            .then(|| view! { <blockquote dir="auto">{said.quote}</blockquote> });
        view! { <TimelineEvent title=said.sentence at=at icon=said.icon tone=said.tone>{quote}</TimelineEvent> }
    });
    let all = all.collect_view();
    view! { <Timeline label="What happened">{all}</Timeline> }.into_any()
}
