//! What happened to an item, where it stands and what it asks for, in sentences.

use domain::approval::{Happened, StepNumber, Vote};
use domain::request::{ItemKind, ItemState, Length, RequestItemContent};
use leptos::prelude::*;
use service::requests::{EventView, ItemDetail, Named};

use crate::ui::{Icon, Pill, Tone};

/// Where an item is.
pub(in crate::features) fn state_pill(state: ItemState) -> AnyView {
    let tone = match state {
        ItemState::Granted => Tone::Good,
        ItemState::Rejected | ItemState::Failed => Tone::Bad,
        ItemState::TimedOut => Tone::Warn,
        ItemState::Waiting | ItemState::Withdrawn => Tone::Plain,
    };
    view! { <Pill text=state.label() tone=tone /> }.into_any()
}

/// `for 30 days`, `without an end`.
pub(in crate::features) fn for_so_long(length: Length) -> String {
    match length {
        Length::Unlimited => length.text(),
        Length::Days(_) | Length::Hours(_) => format!("for {}", length.text()),
    }
}

/// What an item asks for in one line: `Ana Silva asks for Post invoice for 30 days`.
pub(in crate::features) fn asked(detail: &ItemDetail) -> String {
    let content = &detail.item.content;
    let (who, thing) = (&detail.requester.name, &detail.thing.name);
    let whom = if detail.requester.id == detail.beneficiary.id {
        String::new()
    } else {
        format!(" for {}", detail.beneficiary.name)
    };
    let length = for_so_long(content.length);
    match content.kind {
        ItemKind::New => format!("{who} asks for {thing}{whom}, {length}"),
        ItemKind::Extend => format!("{who} asks to keep {thing}{whom} longer, {length} more"),
        ItemKind::Activate => format!("{who} asks to use {thing}{whom}, {length}"),
        ItemKind::Emergency => format!("{who} took {thing}{whom} in an emergency, {length}"),
    }
}

/// The icon and the word of what kind of thing is asked for.
pub(in crate::features) const fn kind(kind: ItemKind) -> (Icon, &'static str) {
    let icon = match kind {
        ItemKind::New => Icon::KeyRound,
        ItemKind::Extend => Icon::Calendar,
        ItemKind::Activate => Icon::Play,
        ItemKind::Emergency => Icon::TriangleAlert,
    };
    (icon, kind.label())
}

/// `Bo Lind`, `Bo Lind and Kim Lee`, `Bo Lind, Kim Lee and 3 others`.
pub(in crate::features) fn people(all: &[Named]) -> String {
    let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
    match names.as_slice() {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [one, other] => format!("{one} and {other}"),
        [one, other, third] => format!("{one}, {other} and {third}"),
        [one, other, rest @ ..] => format!("{one}, {other} and {} others", rest.len()),
    }
}

/// What happened, in words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) icon: Icon,
    pub(super) tone: Tone,
    /// A sentence with who did it.
    pub(super) sentence: String,
    /// What they wrote; may be empty.
    pub(super) quote: String,
}

impl Said {
    fn new(icon: Icon, sentence: String) -> Self {
        Self {
            icon,
            tone: Tone::Plain,
            sentence,
            quote: String::new(),
        }
    }

    fn quoting(self, quote: &str) -> Self {
        Self {
            quote: quote.to_owned(),
            ..self
        }
    }

    fn toned(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }
}

/// Who acted: by name, with whom they stood in for.
fn actor(event: &EventView) -> String {
    match (&event.by, &event.on_behalf_of) {
        (Some(by), Some(behalf)) => format!("{}, standing in for {},", by.name, behalf.name),
        (Some(by), None) => by.name.clone(),
        (None, _) => "Bailiwick".to_owned(),
    }
}

/// ` in step 2`; nothing where there is only one step.
fn in_step(step: StepNumber, steps: usize) -> String {
    if steps > 1 {
        format!(" in step {}", step + 1)
    } else {
        String::new()
    }
}

/// An event of an item with so many steps, as a sentence. Every kind of event has one.
pub(super) fn said(event: &EventView, content: &RequestItemContent, steps: usize) -> Said {
    let who = actor(event);
    match &event.what {
        Happened::Submitted => {
            let length = for_so_long(content.length);
            Said::new(Icon::ArrowRight, format!("{who} asked for it, {length}"))
                .quoting(&content.reason)
        }
        Happened::Opened {
            step,
            because,
            carried,
            ..
        } => opened(event, *step, because, *carried, steps),
        Happened::ApprovedByCondition { condition } => Said::new(
            Icon::ShieldCheck,
            "Approved by the condition of the flow".to_owned(),
        )
        .quoting(condition),
        Happened::Decided {
            step,
            vote,
            shorter,
            note,
        } => decided(&who, *vote, *shorter, &in_step(*step, steps)).quoting(note),
        Happened::TooLate { vote, note } => {
            let wanted = if *vote == Vote::Approve {
                "approved"
            } else {
                "rejected"
            };
            Said::new(
                Icon::Clock,
                format!("{who} {wanted} it when this was over: recorded as late, without effect"),
            )
            .quoting(note)
        }
        Happened::Asked { question, .. } => {
            Said::new(Icon::CircleQuestionMark, format!("{who} asked back")).quoting(question)
        }
        Happened::Commented { text } => {
            Said::new(Icon::Pencil, format!("{who} wrote")).quoting(text)
        }
        Happened::HandedOn { step, reason, .. } => {
            let (from, to) = (event.people.first(), event.people.get(1));
            let name =
                |one: Option<&Named>| one.map_or("somebody", |one| one.name.as_str()).to_owned();
            let where_to = format!(
                "{who} handed the decision{} from {} to {}",
                in_step(*step, steps),
                name(from),
                name(to)
            );
            Said::new(Icon::UserCheck, where_to).quoting(reason)
        }
        Happened::Reminded { step } => Said::new(
            Icon::Bell,
            format!("{who} reminded those it waits for{}", in_step(*step, steps)),
        ),
        Happened::Escalated { step, .. } => {
            let sentence = format!(
                "Nobody decided in time{}: {} may decide now, too",
                in_step(*step, steps),
                people(&event.people)
            );
            Said::new(Icon::ArrowUp, sentence).toned(Tone::Warn)
        }
        Happened::TimedOut { step } => Said::new(
            Icon::Clock,
            format!(
                "Nobody decided in time{}, and the flow says that this refuses it",
                in_step(*step, steps)
            ),
        )
        .toned(Tone::Warn),
        Happened::Withdrawn { reason } => {
            Said::new(Icon::Undo2, format!("{who} took the request back")).quoting(reason)
        }
        Happened::Granted { .. } => Said::new(Icon::CircleCheck, "The access was given".to_owned()),
        Happened::Failed { reason } => Said::new(
            Icon::CircleAlert,
            "It was approved and could not be given".to_owned(),
        )
        .toned(Tone::Bad)
        .quoting(reason),
    }
}

fn opened(
    event: &EventView,
    step: StepNumber,
    because: &str,
    carried: Option<domain::id::IdentityId>,
    steps: usize,
) -> Said {
    if let Some(one) = carried.and_then(|one| event.people.iter().find(|known| known.id == one)) {
        let sentence = format!(
            "{} agreed before and is not asked again{}",
            one.name,
            in_step(step, steps)
        );
        return Said::new(Icon::Check, sentence);
    }
    if event.people.is_empty() {
        let sentence = format!("Nobody was found who could decide{}", in_step(step, steps));
        return Said::new(Icon::UserX, sentence).toned(Tone::Warn);
    }
    let waits = people(&event.people);
    let sentence = format!("It waits for {waits}{}", in_step(step, steps));
    Said::new(Icon::Inbox, sentence).quoting(because)
}

fn decided(who: &str, vote: Vote, shorter: Option<Length>, step: &str) -> Said {
    match (vote, shorter) {
        (Vote::Reject, _) => {
            Said::new(Icon::X, format!("{who} rejected it{step}")).toned(Tone::Bad)
        }
        (Vote::Approve, Some(shorter)) => Said::new(
            Icon::Check,
            format!("{who} approved it{step}, for {} only", shorter.text()),
        ),
        (Vote::Approve, None) => Said::new(Icon::Check, format!("{who} approved it{step}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::IdentityId;

    fn named(names: &[&str]) -> Vec<Named> {
        let number = |at: usize| IdentityId::from_raw(i64::try_from(at).unwrap_or(0) + 1);
        let one = |(at, name): (usize, &&str)| Named {
            id: number(at),
            name: (*name).to_owned(),
        };
        names.iter().enumerate().map(one).collect()
    }

    #[test]
    fn people_are_named_as_far_as_a_sentence_holds_them() {
        assert_eq!(people(&named(&[])), "nobody");
        assert_eq!(people(&named(&["Ana", "Bo"])), "Ana and Bo");
        assert_eq!(people(&named(&["Ana", "Bo", "Cy"])), "Ana, Bo and Cy");
        assert_eq!(
            people(&named(&["Ana", "Bo", "Cy", "Di"])),
            "Ana, Bo and 2 others"
        );
    }

    #[test]
    fn a_length_reads_in_a_sentence() {
        assert_eq!(for_so_long(Length::Days(30)), "for 30 days");
        assert_eq!(for_so_long(Length::Unlimited), "without an end");
    }
}
