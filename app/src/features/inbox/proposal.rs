//! What past decisions speak for, after the facts and with its reasons; it chooses nothing for anybody.

use leptos::prelude::*;
use maud::html;
use service::proposals::{Lean, Proposal};

use crate::ui::leaf::leaf;
use crate::ui::leaf::within;
use crate::ui::{Pill, Tone};

/// The recommendation, where there is one.
pub(super) fn proposal_view(proposal: Option<&Proposal>) -> Option<AnyView> {
    let proposal = proposal?;
    if proposal.reasons.is_empty() {
        return None;
    }
    let (words, tone) = match proposal.lean {
        Lean::Approve => ("Speaks for approving", Tone::Plain),
        Lean::Deny => ("Speaks for rejecting", Tone::Warn),
        Lean::Open => ("Speaks for neither", Tone::Plain),
    };
    let pill = within(view! { <Pill text=words tone=tone /> }.into_any());
    Some(leaf(html! {
        section.proposal aria-label="What past decisions speak for" {
            p.proposal-head { span { "Past decisions" } " " (pill) }
            ul { @for reason in &proposal.reasons { li dir="auto" { (reason) } } }
        }
    }))
}
