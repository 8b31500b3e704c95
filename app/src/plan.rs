//! What a planned change would do, as every page shows it: one sentence, sums by application and by risk, entitlements,
//! and people. How it is asked for and applied is the feature's business; what it says is the service's.

use std::collections::BTreeMap;

use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::lifecycle::Level;
use leptos::prelude::*;
use maud::{Markup, html};
use service::effective::NamedEntitlement;
use service::imports::{Foretold, is_recorded};
use service::plan::{Plan, PlanEffect, PlanLine};

use crate::access::{level_view, person_href};
use crate::format::number;
use crate::posted::error;
use crate::routes;
use crate::ui::leaf::{leaf, within};
use crate::ui::table::cell::{name_cell, value_cell};
use crate::ui::{Absent, Banner, Card, Column, Disclosure, Icon, Pill, Table, TextField, Tone};
use crate::visit::Visit;

/// Entitlements in the table; all are counted.
const MOST_ENTITLEMENTS: usize = 200;

/// Rows of a table that stands open.
const MOST_OPEN: usize = 20;

/// What a change would do.
pub fn plan_view(visit: &Visit, plan: &Plan) -> AnyView {
    let (sentence, tables) = (sentence(plan), plan_tables(visit, plan));
    view! {
        <section class="plan" aria-labelledby="plan">
            <h2 id="plan">"What it does"</h2>
            <p class="plan-sentence">{sentence}</p>
            {tables}
        </section>
    }
    .into_any()
}

/// The same below a page that has said it in a sentence; nothing where nobody gains or loses anything.
pub fn plan_tables(visit: &Visit, plan: &Plan) -> AnyView {
    let told = Told {
        plan,
        applications: plan.by_application(),
        risks: plan.by_risk(),
        entitlements: plan.effects.len() as u64,
        usernames: None,
    };
    told.view(visit)
}

/// The same of an import, which names the first entitlements and people only.
pub fn foretold_tables(visit: &Visit, told: &Foretold) -> AnyView {
    let told = Told {
        plan: &told.plan,
        applications: told.by_application(),
        risks: told.by_risk(),
        entitlements: told.entitlements,
        usernames: Some(&told.usernames),
    };
    told.view(visit)
}

/// A plan with its sums.
struct Told<'a> {
    plan: &'a Plan,
    applications: Vec<(String, u64, u64)>,
    risks: Vec<(Option<Level>, u64, u64)>,
    /// How many entitlements there are in all.
    entitlements: u64,
    /// What those are called who are not recorded yet.
    usernames: Option<&'a BTreeMap<IdentityId, String>>,
}

impl Told<'_> {
    fn view(self, visit: &Visit) -> AnyView {
        if self.plan.is_empty() {
            return ().into_any();
        }
        let (entitlements, people) = (by_entitlement(&self), people_of(visit, &self));
        let (applications, risks) = (by_application(self.applications), by_risk(self.risks));
        view! {
            <div class="plan-sums">{applications} {risks}</div>
            {entitlements}
            {people}
        }
        .into_any()
    }
}

/// Says above a plan that it is not the one that was looked at.
pub fn other_plan() -> AnyView {
    view! {
        <Banner tone=Tone::Warn title="Something changed meanwhile. This is what it would do now.">
            "Nothing was done. Look at it again and apply it if it is still what you want."
        </Banner>
    }
    .into_any()
}

/// `3 people gain, 1 loses; 5 grants in 2 applications.`
pub fn sentence(plan: &Plan) -> String {
    plan.sentence(number)
}

/// The words on the button: `Apply to 100 people`.
pub fn apply_label(plan: &Plan) -> String {
    match plan.people {
        0 => "Apply".to_owned(),
        n => format!("Apply to {}", people(n)),
    }
}

/// The field for the number of people, where so many lose something that it is typed.
pub fn number_field(plan: &Plan, typed: String, errors: &FieldErrors) -> Option<AnyView> {
    if !plan.needs_number() {
        return None;
    }
    let label = format!("Type {} to confirm", plan.people);
    let hint = format!(
        "The number of people. This takes {} grants away.",
        number(plan.losses)
    );
    let problem = error(errors, "confirm");
    let field = view! { <TextField name="confirm" label=label value=typed hint=hint error=problem required=true mono=true autocomplete="off" /> };
    Some(field.into_any())
}

fn people(n: u64) -> String {
    if n == 1 {
        "1 person".to_owned()
    } else {
        format!("{} people", number(n))
    }
}

fn by_application(rows: Vec<(String, u64, u64)>) -> AnyView {
    let count = number(rows.len() as u64);
    let rows = rows.into_iter().map(|(name, gains, losses)| {
        html! { tr { (head("Application", html! { span dir="auto" { (name) } })) (counts(gains, losses)) } }
    });
    let rows = leaf(html! { @for row in rows { (row) } });
    let columns = columns(&["Application"]);
    view! {
        <Card title="By application" count=count flush=true>
            <Table caption="Grants that begin and end, by application" columns=columns framed=false>{rows}</Table>
        </Card>
    }
    .into_any()
}

fn by_risk(rows: Vec<(Option<Level>, u64, u64)>) -> AnyView {
    let rows = rows.into_iter().map(|(risk, gains, losses)| {
        let level = risk.map_or_else(
            || html! { span.soft { "Not set" } },
            |risk| within(level_view(Some(risk))),
        );
        html! { tr { (head("Risk", level)) (counts(gains, losses)) } }
    });
    let rows = leaf(html! { @for row in rows { (row) } });
    let columns = columns(&["Risk"]);
    view! {
        <Card title="By risk" flush=true>
            <Table caption="Grants that begin and end, by risk" columns=columns framed=false>{rows}</Table>
        </Card>
    }
    .into_any()
}

fn by_entitlement(told: &Told<'_>) -> AnyView {
    let effects = &told.plan.effects;
    let rows = effects.iter().take(MOST_ENTITLEMENTS);
    let rows = rows.map(|effect| {
        let PlanEffect {
            entitlement: named,
            gains,
            losses,
        } = effect;
        let href = entitlement_href(named);
        html! {
            tr {
                (name_cell("Entitlement", &named.display_name, href, named.name.clone(), Some(Icon::KeyRound), true))
                (value_cell("Application", "", named.application_display.clone().into_any()))
                (value_cell("Risk", "", level_view(named.risk)))
                (counts(*gains, *losses))
            }
        }
    });
    let rows = leaf(html! { @for row in rows { (row) } });
    let more = rest(
        told.entitlements,
        effects.len().min(MOST_ENTITLEMENTS) as u64,
    );
    let count = number(told.entitlements);
    let columns = columns(&["Entitlement", "Application", "Risk"]);
    let table = view! { <Table caption="Grants that begin and end, by entitlement" columns=columns framed=false footer=more>{rows}</Table> };
    long("By entitlement", count, effects.len(), table.into_any())
}

fn people_of(visit: &Visit, told: &Told<'_>) -> AnyView {
    let plan = told.plan;
    let rows = plan.lines.iter().map(|line| person_row(visit, told, line));
    let rows = leaf(html! { @for row in rows { (row) } });
    let more = rest(plan.gains + plan.losses, plan.lines.len() as u64);
    let count = number(plan.people);
    let columns = ["Person", "Change", "Entitlement", "Application", "Risk"];
    let columns = columns.into_iter().map(Column::new).collect();
    let table = view! { <Table caption="Who gains and who loses what" columns=columns framed=false footer=more>{rows}</Table> };
    long("People", count, plan.lines.len(), table.into_any())
}

/// A table; a long one opens under its title, so that what follows is not far away.
fn long(title: &'static str, count: String, rows: usize, table: AnyView) -> AnyView {
    if rows <= MOST_OPEN {
        return view! { <Card title=title count=count flush=true>{table}</Card> }.into_any();
    }
    view! {
        <Disclosure title=title note=count>
            <Card flush=true>{table}</Card>
        </Disclosure>
    }
    .into_any()
}

fn person_row(visit: &Visit, told: &Told<'_>, line: &PlanLine) -> Markup {
    let named = &line.entitlement;
    let change = if line.gains {
        view! { <Pill text="Gains" /> }.into_any()
    } else {
        view! { <Pill text="Loses" tone=Tone::Warn /> }.into_any()
    };
    let href = entitlement_href(named);
    let entitlement = leaf(html! {
        @if href.is_empty() { span dir="auto" { (named.display_name) } }
        @else { a href=(href) { (named.display_name) } }
    });
    let username = told.usernames.and_then(|names| names.get(&line.person));
    let (href, detail) = match username {
        Some(username) => (String::new(), format!("{username}, new")),
        None => (person_href(visit, line.person), String::new()),
    };
    html! {
        tr {
            (name_cell("Person", &line.name, href, detail, None, false))
            (value_cell("Change", "", change))
            (value_cell("Entitlement", "", entitlement))
            (value_cell("Application", "", named.application_display.clone().into_any()))
            (value_cell("Risk", "", level_view(named.risk)))
        }
    }
}

/// The page of an entitlement; one that an import would add has none yet.
fn entitlement_href(named: &NamedEntitlement) -> String {
    if is_recorded(named.id.raw()) {
        format!("{}/{}", routes::ENTITLEMENTS, named.id)
    } else {
        String::new()
    }
}

/// What names the rows, then how many grants begin and end.
fn columns(first: &[&str]) -> Vec<Column> {
    let named = first.iter().map(|label| Column::new(*label));
    let counts = ["Begin", "End"].map(|label| Column::new(label).numeric());
    named.chain(counts).collect()
}

fn head(column: &str, inner: Markup) -> Markup {
    html! { th scope="row" data-label=(column) { (inner) } }
}

fn counts(gains: u64, losses: u64) -> Markup {
    let value = |n: u64| match n {
        0 => view! { <Absent /> }.into_any(),
        n => number(n).into_any(),
    };
    html! {
        (value_cell("Begin", "num", value(gains)))
        (value_cell("End", "num", value(losses)))
    }
}

/// `and 1 034 more`, under a table that does not hold all.
fn rest(all: u64, shown: u64) -> AnyView {
    match all.saturating_sub(shown) {
        0 => ().into_any(),
        more => {
            let text = format!("and {} more", number(more));
            view! { <p class="plan-more">{text}</p> }.into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::{ApplicationId, EntitlementId};
    use service::effective::NamedEntitlement;

    fn named(id: i64, application: i64) -> NamedEntitlement {
        NamedEntitlement {
            id: EntitlementId::from_raw(id),
            name: "reader".to_owned(),
            display_name: "Reader".to_owned(),
            description: String::new(),
            risk: None,
            application: ApplicationId::from_raw(application),
            application_name: "ledger".to_owned(),
            application_display: "Ledger".to_owned(),
        }
    }

    fn plan((gains, gaining): (u64, u64), (losses, losing): (u64, u64), people: u64) -> Plan {
        let effect = |id, gains, losses| PlanEffect {
            entitlement: named(id, id),
            gains,
            losses,
        };
        Plan {
            hash: String::new(),
            gains,
            losses,
            people,
            gaining,
            losing,
            effects: vec![effect(1, gains, 0), effect(2, 0, losses)],
            lines: Vec::new(),
        }
    }

    #[test]
    fn a_plan_is_one_sentence() {
        assert_eq!(
            sentence(&plan((4, 3), (1, 1), 3)),
            "3 people gain, 1 loses; 5 grants in 2 applications."
        );
        assert_eq!(
            sentence(&plan((0, 0), (2, 1), 1)),
            "1 person loses; 2 grants in 2 applications."
        );
        assert_eq!(
            sentence(&plan((0, 0), (0, 0), 0)),
            "Nobody gains or loses anything."
        );
    }

    #[test]
    fn the_button_says_to_how_many() {
        assert_eq!(apply_label(&plan((0, 0), (0, 0), 0)), "Apply");
        assert_eq!(apply_label(&plan((1, 1), (0, 0), 1)), "Apply to 1 person");
        assert_eq!(apply_label(&plan((9, 9), (0, 0), 9)), "Apply to 9 people");
    }
}
