//! Reasons in sentences.

use super::FEWEST;
use super::fields::{ENTITLEMENT, field};
use super::learnt::TooFew;
use super::propose::{Asked, of};
use super::tally::Tally;

/// How requests with these fields in common were decided.
pub(super) fn decided(inside: &[(&str, &str)], tally: Tally, usual: f64) -> String {
    let (which, approved, all) = (which(inside), tally.approved, tally.all());
    let usual = percent(usual);
    format!("Past requests{which}: {approved} of {all} approved; of all requests, {usual}.")
}

/// How many requests have these fields in common, and what that speaks for.
pub(super) fn counted(inside: &[(&str, &str)], all: u32, more: bool) -> String {
    let which = which(inside);
    let more = if more { "more" } else { "less" };
    match all {
        0 => format!("No past requests{which}: with none, {more} is approved than usual."),
        1 => format!("One past request{which}: with so many, {more} is approved than usual."),
        all => format!("{all} past requests{which}: with so many, {more} is approved than usual."),
    }
}

/// Of what the fields that requests have in common speak.
fn which(inside: &[(&str, &str)]) -> String {
    let (mut what, mut who) = (String::new(), Vec::new());
    for (name, shown) in inside {
        match (*name, *shown) {
            (ENTITLEMENT, _) => what.push_str(" for this access"),
            (field::APPLICATION, _) if !what.is_empty() => {}
            (field::APPLICATION, shown) => what = format!(" for access in {shown}"),
            (field::RISK, "") => what.push_str(" of no stated risk"),
            (field::RISK, shown) => {
                what.push_str(" of the risk ");
                what.push_str(shown);
            }
            (field::PERSON, shown) => {
                what.push_str(" by ");
                what.push_str(shown);
            }
            (name, shown) => who.push(of_people(name, shown)),
        }
    }
    let who = match who.split_last() {
        None => String::new(),
        Some((last, [])) => format!(" by people {last}"),
        Some((last, before)) => format!(" by people {} and {last}", before.join(", ")),
    };
    what + &who
}

fn of_people(name: &str, shown: &str) -> String {
    let own = name.trim_start_matches(field::OWN);
    match (name, shown) {
        (field::MANAGER | field::DEPARTMENT | field::TITLE | field::LOCATION, "") => {
            format!("without a {name}")
        }
        (field::MANAGER, shown) => format!("whose manager is {shown}"),
        (field::DEPARTMENT | field::LOCATION, shown) => format!("in {shown}"),
        (field::TITLE, shown) => format!("with the title {shown}"),
        (field::KIND, shown) => format!("of the kind {shown}"),
        (_, "") => format!("without {own}"),
        (_, shown) => format!("with {own} {shown}"),
    }
}

/// Who else has it.
pub(super) fn peers(asked: &Asked) -> String {
    let shown = |name| of(asked, name).map_or("", |known| known.shown.as_str());
    let group = match (shown(field::DEPARTMENT), shown(field::TITLE)) {
        ("", title) => format!("with the title {title}"),
        (department, "") => format!("in {department}"),
        (department, title) => format!("in {department} with the title {title}"),
    };
    let (having, all) = (asked.peers.having, asked.peers.all);
    let verb = if having == 1 { "has" } else { "have" };
    format!("{having} of {all} other people {group} {verb} it.")
}

/// For how long it was not used.
pub(super) fn unused(asked: &Asked) -> String {
    let days = asked.unused_days.unwrap_or(0);
    format!("Unused for {days} days.")
}

/// When nothing stands out.
pub(super) fn usual(usual: f64) -> String {
    let usual = percent(usual);
    format!("Of all past requests {usual} were approved, and none tells this one from the others.")
}

/// Why decisions are not asked.
pub(super) fn too_few(few: Option<TooFew>) -> String {
    let Some(few) = few else {
        return "Nothing could be learnt from past decisions yet: judged by peers alone."
            .to_owned();
    };
    let all = few.approved + few.denied;
    if all < FEWEST {
        return format!(
            "Too few past decisions to learn from, {all} of at least {FEWEST}: judged by peers alone."
        );
    }
    let verdict = if few.denied == 0 {
        "approved"
    } else {
        "denied"
    };
    format!(
        "All {all} past requests were {verdict}, which tells none from another: judged by peers alone."
    )
}

/// Rounded down: what is nearly all is not all.
fn percent(share: f64) -> String {
    format!("{:.0} %", (share * 100.0).floor())
}
