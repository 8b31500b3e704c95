//! What is known of an item and what is staged on it, in short sentences.

use domain::review::{Choice, Flag, How, ItemKind, Remedy, Staged};
use maud::{Markup, html};
use service::reviews::{Counted, PileItem};

use crate::access::level_view;
use crate::format::{ago_view, day, day_view, number, time_view};
use crate::ui::leaf::within;
use crate::visit::Visit;

/// What is staged, as it is said in the row: `Staged: keep`, `Not sure: goes to Kim Lee`.
pub(super) fn staged(
    visit: &Visit,
    staged: &Staged,
    to: Option<&str>,
    smaller: Option<&str>,
) -> String {
    let until = staged.until.map(|until| day(until.last_day(&visit.zone())));
    match (staged.choice, to) {
        (Choice::NotSure, Some(name)) => format!("Not sure: goes to {name}"),
        (Choice::Change, _) if staged.smaller.is_some() => {
            let until = until.map_or_else(String::new, |day| format!(", until {day}"));
            let name = smaller.unwrap_or("something smaller");
            format!("Change: {name} instead{until}")
        }
        (Choice::Change, _) => match until {
            Some(day) => format!("Change: kept until {day}"),
            None => "Change".to_owned(),
        },
        (Choice::Revoke, _) => match staged.remedy {
            Some(Remedy::Exclude) => "Revoke: excluded from it".to_owned(),
            Some(Remedy::AskChange) => "Revoke: a change of what gives it is asked for".to_owned(),
            _ => "Staged: revoke".to_owned(),
        },
        (Choice::Keep, _) => "Staged: keep".to_owned(),
        (Choice::NotSure, None) => "Not sure".to_owned(),
    }
}

/// How long what is left takes: `about 12 min`, `about 3 h`.
pub(super) fn effort(counted: Counted) -> String {
    match counted.minutes() {
        minutes @ 0..120 => format!("about {minutes} min"),
        minutes => format!("about {} h", number(minutes / 60)),
    }
}

/// Everything that is known of an item, in a line that needs no pointer.
pub(super) fn facts(visit: &Visit, one: &PileItem) -> Markup {
    let facts = &one.item.facts;
    html! {
        ul.review-facts {
            li { (how(one)) }
            @if let Some(since) = facts.since { li { "since " b { (within(time_view(since, visit))) } } }
            @if let Some(until) = facts.until { li { "until " b { (within(day_view(until.last_day(&visit.zone())))) } } }
            @if let Some(by) = &one.granted_by { li { "given by " b dir="auto" { (by) } } }
            @if !facts.reason.is_empty() { li dir="auto" { "“" (facts.reason) "”" } }
            li { (used(one)) }
            @if let Some((have, of)) = facts.peers { li { b { (have) " of " (of) } " peers have it" } }
            @if facts.risk.is_some() { li { (within(level_view(facts.risk))) } }
            @if let Some(last) = &facts.last {
                li {
                    (decided(last.choice)) " last time"
                    @if let Some(by) = &one.last_by { " by " span dir="auto" { (by) } }
                    ", " (within(ago_view(last.at, visit)))
                    @if facts.changed { ", " b { "changed since" } }
                }
            } @else { li { "never reviewed before" } }
        }
    }
}

/// How somebody comes to it.
fn how(one: &PileItem) -> Markup {
    let facts = &one.item.facts;
    let more = facts.ways.saturating_sub(1);
    html! {
        (match (facts.how, facts.item) {
            (_, ItemKind::Account) if facts.because.is_some() => "belongs to the program ",
            (_, ItemKind::Account) => "belongs to nobody",
            (How::Import, ItemKind::Content) => "put into the role by a source",
            (_, ItemKind::Content) => "in the role itself",
            (How::Direct, _) => "given directly",
            (How::Role, _) => "through the role ",
            (How::Rule, _) => "by the rule ",
            (How::Import, _) => "found by an import",
        })
        @if let (true, Some(name)) = (facts.how != How::Direct, &one.because) { b dir="auto" { (name) } }
        @if more == 1 { ", and one more way" } @else if more > 1 { ", and " (more) " more ways" }
    }
}

fn used(one: &PileItem) -> Markup {
    let facts = &one.item.facts;
    html! {
        @match (facts.used, facts.use_known) {
            (Some(day), _) => { "last used " b { (within(day_view(day))) } }
            (None, true) => { b { "never used" } }
            (None, false) => { "no data on use" }
        }
    }
}

/// What was decided, in a sentence.
pub(in crate::features::reviews) const fn decided(choice: Choice) -> &'static str {
    match choice {
        Choice::Keep => "kept",
        Choice::Revoke => "revoked",
        Choice::Change => "changed",
        Choice::NotSure => "passed on",
    }
}

/// What is not as it should be, with what it means.
pub(in crate::features::reviews) fn flag(flag: Flag) -> &'static str {
    match flag {
        Flag::Privileged => "Privileged: its risk is high",
        Flag::Unused => "Not used for a long time",
        Flag::Outlier => "Hardly any peers have it",
        Flag::Unexplained => "Found by an import, and nobody said why",
        Flag::Leaver => "The person leaves",
        Flag::Orphan => "The account belongs to nobody",
    }
}

/// A way in which it ends, in one's own words.
pub(super) const fn remedy(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::End => "End what gives it, with everything else that it gives",
        Remedy::Exclude => "Exclude this person from it",
        Remedy::AskChange => "Exclude this person, and ask to change what gives it",
    }
}
