//! The ways to the forms: what can be done about something that was given, that rests, or that somebody is excluded from.
//!
//! Where it would be refused there is no way: what a rule or a source gives is changed there, or answered by an exclusion.

use domain::application::CONSOLE;
use domain::assignment::{AssignmentState, AssignmentStep};
use domain::id::{AssignmentId, IdentityId};
use domain::identity::IdentityStatus;
use domain::permission::Action;
use domain::role::Grantable;
use leptos::prelude::*;
use service::assignments::AssignmentRow;
use service::effective::{AsOf, Excluded, Held, PersonAccess, Resting};
use service::people::Person;

use super::steps::Act;
use crate::access::{may_manage, sees_all};
use crate::routes::{self, below, with_query};
use crate::ui::{Button, Icon, Menu, MenuLink};
use crate::visit::Visit;

const EXTEND: Act = Act::Extend;
const SUSPEND: Act = Act::Step(AssignmentStep::Suspend);
const RESTORE: Act = Act::Step(AssignmentStep::Restore);
const END: Act = Act::Step(AssignmentStep::End);

/// Whether anything can be changed here: by this visitor, and at this moment. The past is only looked at.
fn may(person: &Person, moment: AsOf) -> bool {
    moment.present && person.may.contains(&Action::GiveAccess)
}

/// The ways to something new.
pub(in crate::features) fn begin_acts(person: &Person, moment: AsOf) -> Option<AnyView> {
    let ended = person.identity.content.status == IdentityStatus::Ended;
    if ended || !may(person, moment) {
        return None;
    }
    let id = person.identity.id;
    let (give, exclude) = (
        below(routes::PEOPLE, id, "give"),
        below(routes::PEOPLE, id, "exclude"),
    );
    let compare = below(routes::PEOPLE, id, "compare");
    let buttons = view! {
        <div class="access-acts">
            <Button label="Give access" href=give icon=Icon::Plus />
            <Button label="Same as a colleague…" href=compare icon=Icon::Scale />
            <Button label="Exclude" href=exclude icon=Icon::Ban />
        </div>
    };
    Some(buttons.into_any())
}

/// What can be done about something that was given and is in force.
pub(in crate::features) fn acts(
    visit: &Visit,
    person: &Person,
    access: &PersonAccess,
    held: &Held,
) -> Option<AnyView> {
    if !may(person, access.moment) {
        return None;
    }
    let id = person.identity.id;
    if of_console(access, held.what.0) {
        let rights = below(routes::PEOPLE, id, "rights");
        let link = view! { <MenuLink href=rights label="Console rights…" icon=Icon::KeyRound /> };
        let may = person.may.contains(&Action::GrantRight);
        return may.then(|| menu(&held.what.1, link.into_any()));
    }
    let elsewhere = held.reason.rule.is_some() || held.reason.source.is_some();
    if !elsewhere {
        return Some(steps(&held.what.1, held.id, &[EXTEND, SUSPEND, END]));
    }
    let rule = held.reason.rule.as_ref().filter(|_| sees_all(visit));
    let rule = rule.map(|(rule, _)| {
        let href = format!("{}/{rule}", routes::RULES);
        view! { <MenuLink href=href label="The rule that gives it" icon=Icon::ListChecks /> }
    });
    let excluded = access
        .exclusions
        .iter()
        .any(|one| one.what.0 == held.what.0);
    let exclude = (!excluded).then(|| exclude_link(id, held.what.0));
    if rule.is_none() && exclude.is_none() {
        return None;
    }
    let links = view! { {rule} {exclude} };
    Some(menu(&held.what.1, links.into_any()))
}

/// What can be done about something that was given and gives nothing now.
pub(in crate::features) fn resting_acts(
    person: &Person,
    moment: AsOf,
    resting: &Resting,
) -> Option<AnyView> {
    let acts: &[Act] = match resting.state {
        AssignmentState::Active => &[EXTEND, END],
        AssignmentState::Suspended => &[RESTORE, EXTEND, END],
        AssignmentState::Eligible => &[END],
        AssignmentState::Ended => return None,
    };
    may(person, moment).then(|| steps(&resting.what.1, resting.id, acts))
}

/// What can be done about a row of the list of assignments.
pub(super) fn row_acts(visit: &Visit, row: &AssignmentRow) -> Option<AnyView> {
    let content = &row.assignment.content;
    let oneself = visit.me() == Some(content.identity);
    let elsewhere = content.rule.is_some() || content.source.is_some() || row.of_console;
    if !may_manage(visit) || oneself || elsewhere {
        return None;
    }
    let acts: &[Act] = match content.state {
        AssignmentState::Active => &[EXTEND, SUSPEND, END],
        AssignmentState::Suspended => &[RESTORE, EXTEND, END],
        AssignmentState::Eligible => &[END],
        AssignmentState::Ended => return None,
    };
    Some(steps(&row.what, row.assignment.id, acts))
}

/// What can be done about an exclusion.
pub(in crate::features) fn exclusion_acts(
    person: &Person,
    moment: AsOf,
    excluded: &Excluded,
) -> Option<AnyView> {
    let over = excluded.until.is_some_and(|until| until <= moment.at);
    if over || !may(person, moment) {
        return None;
    }
    let end = below(routes::EXCLUSIONS, excluded.id, "end");
    let link = view! { <MenuLink href=end label="End the exclusion…" icon=Icon::Undo2 /> };
    Some(menu(&excluded.what.1, link.into_any()))
}

fn steps(name: &str, id: AssignmentId, acts: &[Act]) -> AnyView {
    let links = acts.iter().map(|act| {
        let href = below(routes::ASSIGNMENTS, id, act.word());
        let label = format!("{}…", act.verb());
        view! { <MenuLink href=href label=label icon=icon(*act) danger=*act == END /> }
    });
    let links = links.collect_view();
    menu(name, links.into_any())
}

fn exclude_link(person: IdentityId, what: Grantable) -> AnyView {
    let what = match what {
        Grantable::Entitlement(id) => id.to_string(),
        Grantable::Role(id) => id.to_string(),
    };
    let href = with_query(
        &below(routes::PEOPLE, person, "exclude"),
        &[("what", &what)],
    );
    view! { <MenuLink href=href label="Exclude…" icon=Icon::Ban danger=true /> }.into_any()
}

fn menu(name: &str, links: AnyView) -> AnyView {
    let label = format!("Change {name}");
    view! { <Menu label=label>{links}</Menu> }.into_any()
}

fn icon(act: Act) -> Icon {
    match act {
        Act::Extend => Icon::Calendar,
        Act::Step(AssignmentStep::Suspend) => Icon::Pause,
        Act::Step(AssignmentStep::Restore) => Icon::Play,
        Act::Step(AssignmentStep::End) => Icon::Archive,
    }
}

/// Whether it is a right in the console, which is given and ended on its own page.
fn of_console(access: &PersonAccess, what: Grantable) -> bool {
    access.lines.iter().any(|line| {
        Some(line.entitlement.id) == what.entitlement()
            && line.entitlement.application_name == CONSOLE
    })
}
