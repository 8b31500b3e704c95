//! Beside what a person has: what was given to them, what of it rests, what they are excluded from, and what a source still
//! sees although nothing gives it.

use domain::role::Grantable;
use leptos::prelude::*;
use maud::{Markup, html};
use service::effective::{AsOf, Excluded, NamedEntitlement, PersonAccess, Resting};
use service::people::Person;

use super::words::{agent, giver, linked, resting, since, thing_href, until};
use crate::access::level_view;
use crate::features::assignments::{acts, exclusion_acts, resting_acts};
use crate::format::number;
use crate::routes::{self, below};
use crate::ui::leaf::{leaf, within};
use crate::ui::table::cell::{name_cell, value_cell};
use crate::ui::{Absent, Banner, Card, Column, Icon, Pill, Table, Tone};
use crate::visit::Visit;

/// The cards; those about nothing are left out, but for what was given.
pub(super) fn cards(visit: &Visit, person: &Person, access: &PersonAccess) -> AnyView {
    let nothing = access.lines.is_empty() && access.held.is_empty();
    let held = (!nothing).then(|| held(visit, person, access));
    let resting = (!access.resting.is_empty()).then(|| rests(visit, person, access));
    let exclusions = (!access.exclusions.is_empty())
        .then(|| exclusions(visit, person, &access.exclusions, access.moment));
    let left = (!access.left_over.is_empty()).then(|| left_over(visit, person, access));
    view! { {held} {resting} {exclusions} {left} }.into_any()
}

/// The cell with what can be done in a row; the heads of a table in which nothing can be done in any row have none.
fn acts_cell(acts: Option<AnyView>, any: bool) -> Markup {
    html! { @if any { td.act { @if let Some(acts) = acts { (within(acts)) } } } }
}

fn columns(labels: &[&str], any: bool) -> Vec<Column> {
    let named = labels.iter().map(|label| Column::new(*label));
    named
        .chain(any.then(|| Column::new("Actions").hidden()))
        .collect()
}

/// The cell that names what was given: role or entitlement.
fn what_cell(visit: &Visit, what: &(Grantable, String)) -> Markup {
    let (icon, kind) = match what.0 {
        Grantable::Role(_) => (Icon::Layers, "Role"),
        Grantable::Entitlement(_) => (Icon::KeyRound, "Entitlement"),
    };
    let href = thing_href(visit, what.0);
    name_cell("What", &what.1, href, kind.to_owned(), Some(icon), false)
}

fn reason_cell(reason: &str) -> Markup {
    let view = if reason.trim().is_empty() {
        view! { <Absent /> }.into_any()
    } else {
        reason.to_owned().into_any()
    };
    value_cell("Reason", "wrap", view)
}

fn held(visit: &Visit, person: &Person, access: &PersonAccess) -> AnyView {
    let name = &person.identity.content.display_name;
    if access.held.is_empty() {
        let text = format!("Nothing was given to {name} here. What they have, sources found.");
        return view! { <Card title="What was given"><p class="soft">{text}</p></Card> }.into_any();
    }
    let acting = access.held.iter();
    let acting: Vec<_> = acting.map(|one| acts(visit, person, access, one)).collect();
    let any = acting.iter().any(Option::is_some);
    let moment = access.moment.at;
    let rows = access.held.iter().zip(acting).map(|(one, acts)| {
        html! {
            tr {
                (what_cell(visit, &one.what))
                (value_cell("How", "own", agent(&one.reason).into_any()))
                (value_cell("By", "by", leaf(giver(visit, &one.reason))))
                (reason_cell(&one.reason.reason))
                (value_cell("From", "", since(visit, Some(one.reason.from))))
                (value_cell("Until", "", until(visit, one.until, moment)))
                (acts_cell(acts, any))
            }
        }
    });
    let rows = leaf(html! { @for row in rows { (row) } });
    let columns = columns(&["What", "How", "By", "Reason", "From", "Until"], any);
    let count = number(access.held.len() as u64);
    view! {
        <Card title="What was given" count=count flush=true>
            <Table caption="What was given to the person and is in force" columns=columns framed=false>{rows}</Table>
        </Card>
    }
    .into_any()
}

fn rests(visit: &Visit, person: &Person, access: &PersonAccess) -> AnyView {
    let acting = access.resting.iter();
    let acting: Vec<_> = acting
        .map(|one| resting_acts(person, access.moment, one))
        .collect();
    let any = acting.iter().any(Option::is_some);
    let row = |(one, acts): (&Resting, Option<AnyView>)| {
        let (word, tone) = resting(one.state);
        let state = view! { <Pill text=word tone=tone /> }.into_any();
        html! {
            tr {
                (what_cell(visit, &one.what))
                (value_cell("State", "", state))
                (reason_cell(&one.reason))
                (value_cell("From", "", since(visit, Some(one.from))))
                (value_cell("Until", "", since(visit, one.until)))
                (acts_cell(acts, any))
            }
        }
    };
    let rows = access.resting.iter().zip(acting).map(row);
    let rows = leaf(html! { @for row in rows { (row) } });
    let columns = columns(&["What", "State", "Reason", "From", "Until"], any);
    let count = number(access.resting.len() as u64);
    view! {
        <Card title="Not in force" count=count flush=true>
            <Table caption="What was given to the person and gives nothing" columns=columns framed=false>{rows}</Table>
        </Card>
    }
    .into_any()
}

/// What a person shall not have, whoever gives it.
pub(super) fn exclusions(
    visit: &Visit,
    person: &Person,
    excluded: &[Excluded],
    moment: AsOf,
) -> AnyView {
    let acting = excluded.iter();
    let acting: Vec<_> = acting
        .map(|one| exclusion_acts(person, moment, one))
        .collect();
    let any = acting.iter().any(Option::is_some);
    let row = |(one, acts): (&Excluded, Option<AnyView>)| {
        let state = if one.from > moment.at {
            view! { <Pill text="Begins later" /> }.into_any()
        } else if one.until.is_some_and(|until| until <= moment.at) {
            view! { <Pill text="Over" /> }.into_any()
        } else {
            view! { <Pill text="In force" tone=Tone::Good /> }.into_any()
        };
        html! {
            tr {
                (what_cell(visit, &one.what))
                (value_cell("State", "", state))
                (reason_cell(&one.reason))
                (value_cell("From", "", since(visit, Some(one.from))))
                (value_cell("Until", "", since(visit, one.until)))
                (acts_cell(acts, any))
            }
        }
    };
    let rows = excluded.iter().zip(acting).map(row);
    let rows = leaf(html! { @for row in rows { (row) } });
    let columns = columns(&["What", "State", "Reason", "From", "Until"], any);
    let count = number(excluded.len() as u64);
    view! {
        <Card title="Exclusions" count=count flush=true>
            <Table caption="What the person shall not have, whoever gives it" columns=columns framed=false>{rows}</Table>
        </Card>
    }
    .into_any()
}

fn left_over(visit: &Visit, person: &Person, access: &PersonAccess) -> AnyView {
    let row = |named: &NamedEntitlement| {
        let href = linked(visit, format!("{}/{}", routes::ENTITLEMENTS, named.id));
        let application = linked(
            visit,
            format!("{}/{}", routes::APPLICATIONS, named.application),
        );
        let application = leaf(super::words::link(&named.application_display, &application));
        let detail = named.description.clone();
        html! {
            tr {
                (name_cell("Entitlement", &named.display_name, href, detail, Some(Icon::KeyRound), false))
                (value_cell("Application", "", application))
                (value_cell("Risk", "", level_view(named.risk)))
            }
        }
    };
    let rows = leaf(html! { @for named in &access.left_over { (row(named)) } });
    let columns = columns(&["Entitlement", "Application", "Risk"], false);
    let count = number(access.left_over.len() as u64);
    let observed = below(routes::PEOPLE, person.identity.id, "observed");
    let link = view! { <a href=observed>"See what sources see"</a> };
    view! {
        <Card title="Left over" count=count flush=true>
            <div class="card-note">
                <Banner tone=Tone::Warn title="A source still sees this, although nothing gives it any more">
                    <p>"What gave it has ended or rests, or they are excluded from it, and the application has not taken it away. Have it removed there, or give it again. " {link}</p>
                </Banner>
            </div>
            <Table caption="What sources still see although nothing gives it" columns=columns framed=false>{rows}</Table>
        </Card>
    }
    .into_any()
}
