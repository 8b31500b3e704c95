//! An item: what is known of it, and the form in which it is decided. Each button stages; nothing here is final.

use domain::id::CampaignId;
use domain::review::{Choice, Remedy, Staged, changeable, needs_reason};
use frontend::combobox::Combobox;
use leptos::prelude::*;
use maud::{Markup, html};
use service::proposals::{Lean, Proposal};
use service::reviews::PileItem;

use super::{Place, path, words};
use crate::format::ago_view;
use crate::routes;
use crate::ui::Icon;
use crate::ui::leaf::{leaf, within};
use crate::visit::Visit;

/// What a form of an item came back with: its number, what is wrong, and what was typed as a reason.
#[derive(Debug, Clone, Default)]
pub(super) struct Back {
    pub(super) item: u64,
    pub(super) why: String,
    pub(super) field: &'static str,
    pub(super) reason: String,
    pub(super) until: String,
}

/// The items of the open group.
pub(super) fn items(
    visit: &Visit,
    campaign: CampaignId,
    place: &Place,
    all: &[PileItem],
    back: &Back,
) -> AnyView {
    let open = all
        .iter()
        .find(|one| one.staged.is_none() && one.hindrance.is_none())
        .map(|one| one.item.facts.number);
    let rows = all.iter().map(|one| {
        let like: Vec<u64> = all
            .iter()
            .filter(|other| other.item.likeness == one.item.likeness && other.hindrance.is_none())
            .map(|other| other.item.facts.number)
            .collect();
        Row {
            visit,
            campaign,
            place,
            one,
            back: (back.item == one.item.facts.number).then_some(back),
            like,
        }
        .view(open == Some(one.item.facts.number))
    });
    leaf(html! { ol.review-items { @for row in rows { (row) } } })
}

struct Row<'a> {
    visit: &'a Visit,
    campaign: CampaignId,
    place: &'a Place,
    one: &'a PileItem,
    back: Option<&'a Back>,
    /// The numbers of those on the page that look the same, this one among them.
    like: Vec<u64>,
}

impl Row<'_> {
    fn view(&self, first: bool) -> Markup {
        let (one, facts) = (self.one, &self.one.item.facts);
        let number = facts.number;
        let staged = one.staged.as_ref();
        let state = staged.map(|staged| staged.choice.word());
        html! {
            li.review-item id={ "item-" (number) } tabindex="-1" data-row=(number) data-state=[state]
                data-first=[first.then_some("")] data-flagged=[needs_reason(facts).then_some("")] aria-labelledby={ "name-" (number) } {
                div.review-what {
                    h3 id={ "name-" (number) } dir="auto" {
                        @if self.place.by() != service::reviews::Grouping::Person { (one.holder) " · " }
                        @if !one.application.is_empty() { (one.application) " · " }
                        (one.what)
                    }
                    @if !one.what_detail.is_empty() { p.review-does dir="auto" { (one.what_detail) } }
                    (words::facts(self.visit, one))
                    @if !facts.flags.is_empty() {
                        ul.review-flags {
                            @for flag in &facts.flags { li { (Icon::TriangleAlert.markup()) (words::flag(*flag)) } }
                        }
                    }
                    (suggestion(one.proposal.as_ref()))
                    (self.spoken())
                    @if let Some(name) = &one.on_behalf_of { p.review-note { "You decide for " span dir="auto" { (name) } "." } }
                }
                @match one.hindrance {
                    Some(why) => p.review-closed { (why) },
                    None => (self.form(staged)),
                }
            }
        }
    }

    /// What was decided on it in this review.
    fn spoken(&self) -> Markup {
        html! {
            @for spoken in &self.one.spoken {
                p.review-note {
                    @match &spoken.by { Some(name) => span dir="auto" { (name) }, None => "Time" }
                    " " (words::decided(spoken.decision.choice))
                    @if spoken.decision.choice == Choice::NotSure {
                        @if let Some(to) = &spoken.to { " to " span dir="auto" { (to) } }
                    } @else { " it" }
                    ", " (within(ago_view(spoken.decision.at, self.visit)))
                    @if !spoken.decision.reason.is_empty() { ": “" span dir="auto" { (spoken.decision.reason) } "”" }
                }
            }
        }
    }

    fn form(&self, staged: Option<&Staged>) -> Markup {
        let number = self.one.item.facts.number;
        let action = path(self.campaign, "decide");
        let said = staged.map(|staged| {
            words::staged(
                self.visit,
                staged,
                self.one.staged_to.as_deref(),
                self.one.staged_smaller.as_deref(),
            )
        });
        let why = self.back.map(|back| back.why.as_str()).unwrap_or_default();
        let chosen = |choice: Choice| staged.is_some_and(|staged| staged.choice == choice);
        let pressed = |choice: Choice| if chosen(choice) { "true" } else { "false" };
        html! {
            form.review-form method="post" action=(action) data-stage="" {
                // Enter in a field sends the first button there is, which must not be one that decides.
                button.unseen type="submit" name="act" value="" tabindex="-1" { "Stage" }
                input type="hidden" name="item" value=(number);
                input type="hidden" name="by" value=(self.place.by);
                input type="hidden" name="group" value=(self.place.group);
                input type="hidden" name="after" value=(self.place.after);
                input type="hidden" name="looked" value="";
                fieldset {
                    legend.unseen { "Decision on " (self.one.what) " of " (self.one.holder) }
                    div.review-acts {
                        span.choice {
                            button name="act" value="keep" aria-pressed=(pressed(Choice::Keep)) data-key="a" { "Keep" kbd.kbd aria-hidden="true" { "A" } }
                            button name="act" value="revoke" aria-pressed=(pressed(Choice::Revoke)) data-key="r" { "Revoke" kbd.kbd aria-hidden="true" { "R" } }
                        }
                        details.review-more open=[(self.back.is_some()).then_some("")] {
                            summary.btn aria-label="More ways to decide" { (Icon::Ellipsis.markup()) }
                            div.review-fields { (self.fields(staged, pressed)) }
                        }
                    }
                    p.review-said role="status" { @if let Some(said) = said { (said) } }
                    p.review-wrong role="alert" id={ "wrong-" (number) } { (why) }
                }
            }
        }
    }

    /// Everything but the two plain answers.
    fn fields(&self, staged: Option<&Staged>, pressed: impl Fn(Choice) -> &'static str) -> Markup {
        let number = self.one.item.facts.number;
        let name = |field: &str| format!("{field}-{number}");
        let reason = self.back.map_or_else(
            || {
                staged
                    .map(|staged| staged.reason.clone())
                    .unwrap_or_default()
            },
            |back| back.reason.clone(),
        );
        let bad = |field: &str| self.back.is_some_and(|back| back.field == field);
        let until = self.back.map(|back| back.until.clone()).unwrap_or_default();
        let wrong = format!("wrong-{number}");
        let picker = view! {
            <Combobox name="to" value="" label_value="" endpoint=routes::API_PICK_PEOPLE input_id=name("to")
                described_by=wrong.clone() invalid=bad("to") placeholder="Name or username" />
        };
        let like: Vec<String> = self.like.iter().map(ToString::to_string).collect();
        html! {
            p.field {
                label for=(name("reason")) { @if needs_reason(&self.one.item.facts) { "Reason (needed to keep it)" } @else { "Note" } }
                textarea.input id=(name("reason")) name="reason" rows="2" maxlength="1000" data-key="n"
                    aria-invalid=[bad("reason").then_some("true")] aria-describedby=(wrong) { (reason) }
            }
            @if changeable(&self.one.item.facts) { p.field {
                label for=(name("until")) { "Needed only until" }
                input.input id=(name("until")) type="date" name="until" value=(until) data-key="c"
                    aria-invalid=[bad("until").then_some("true")] aria-describedby=(wrong);
                button.btn name="act" value="change" aria-pressed=(pressed(Choice::Change)) { "Change to that day" kbd.kbd aria-hidden="true" { "C" } }
            }
            p.field {
                a href=(self.place.with(&path(self.campaign, &format!("smaller/{number}")))) { "Something smaller is enough…" }
            } }
            div.field data-key="s" {
                label for=(name("to")) { "Not sure? Say who knows" }
                (within(picker.into_any()))
                button.btn name="act" value="not_sure" aria-pressed=(pressed(Choice::NotSure)) { "Pass on to them" kbd.kbd aria-hidden="true" { "S" } }
            }
            @if self.one.offered.len() > 1 { (self.remedies(staged)) }
            @if self.like.len() > 1 {
                div.field {
                    p { (self.like.len()) " on this page look the same. Decided together, each keeps a note of that." }
                    input type="hidden" name="like" value=(like.join("."));
                    button.btn name="act" value="keep_like" { "Keep all " (self.like.len()) }
                    button.btn name="act" value="revoke_like" { "Revoke all " (self.like.len()) }
                }
            }
            button.btn name="act" value="take_back" data-kind="plain" hidden[staged.is_none()] { (Icon::Undo2.markup()) "Take back" }
        }
    }

    /// The ways in which it ends.
    fn remedies(&self, staged: Option<&Staged>) -> Markup {
        let number = self.one.item.facts.number;
        let chosen = staged.and_then(|staged| staged.remedy);
        let is = |one: Remedy| {
            chosen.map_or(self.one.offered.first() == Some(&one), |chosen| {
                chosen == one
            })
        };
        html! {
            p.field {
                label for={ "remedy-" (number) } { "To revoke it" }
                select.input id={ "remedy-" (number) } name="remedy" {
                    @for one in self.one.offered {
                        option value=(one.word()) selected[is(*one)] { (words::remedy(*one)) }
                    }
                }
            }
        }
    }
}

/// What past decisions speak for: after the facts, with its reasons, and nothing is chosen by it.
fn suggestion(proposal: Option<&Proposal>) -> Markup {
    let lean = proposal.and_then(|one| match one.lean {
        Lean::Approve => Some("Suggested: keep"),
        Lean::Deny => Some("Suggested: revoke"),
        Lean::Open => None,
    });
    let reasons = proposal
        .map(|one| one.reasons.as_slice())
        .unwrap_or_default();
    html! {
        @if let (Some(lean), false) = (lean, reasons.is_empty()) {
            p.review-hint dir="auto" { b { (lean) ". " } @for reason in reasons { (reason) " " } }
        }
    }
}
