//! Assignments of a bulk act in a table: what will become of each, and how it ended.

use std::collections::BTreeMap;

use axum::response::Response;
use domain::role::Grantable;
use leptos::prelude::*;
use service::Did;
use service::assignments::{
    ChangeAct, ChangedItem, Fate, Names, PlannedChange, PlannedChanges, Verdict,
};

use super::words::listed;
use crate::access::person_href;
use crate::features::people::summed;
use crate::format::number;
use crate::page::Page;
use crate::refuse::sentence;
use crate::routes;
use crate::state::App;
use crate::ui::{Button, Card, Cell, Column, NameCell, PageHeader, Pill, Slot, Table, Tone};
use crate::visit::Visit;

/// What will become of each, or of the first of many.
pub(super) fn planned_table(visit: &Visit, act: ChangeAct, planned: &PlannedChanges) -> AnyView {
    let (all, some) = (planned.ids.len(), planned.first.len());
    let count = if all > some {
        format!("the first {some} of {}", number(all as u64))
    } else {
        number(all as u64)
    };
    let rows = planned.first.iter().map(|one| {
        let note = verdict(act, one);
        row(visit, &one.names, "What happens", note)
    });
    let rows = rows.collect_view();
    view! {
        <Card title="Assignments" count=count flush=true>
            <Table caption="What happens to each" columns=columns("What happens") framed=false>{rows}</Table>
        </Card>
    }
    .into_any()
}

fn columns(last: &str) -> Vec<Column> {
    ["Person", "Gives", "How", last]
        .into_iter()
        .map(Column::new)
        .collect()
}

fn row(visit: &Visit, names: &Names, label: &'static str, last: AnyView) -> AnyView {
    let content = &names.assignment.content;
    let person = person_href(visit, content.identity);
    let what = match content.what {
        Grantable::Role(id) => format!("{}/{id}", routes::ROLES),
        Grantable::Entitlement(id) => format!("{}/{id}", routes::ENTITLEMENTS),
    };
    let (name, how) = (names.what.clone(), content.agent.label());
    view! {
        <tr>
            <NameCell column="Person" name=names.person.clone() href=person />
            <Cell column="Gives"><a href=what>{name}</a></Cell>
            <Cell column="How">{how}</Cell>
            <Cell column=label wrap=true>{last}</Cell>
        </tr>
    }
    .into_any()
}

fn verdict(act: ChangeAct, one: &PlannedChange) -> AnyView {
    match &one.verdict {
        Verdict::Refused(why) => {
            let why = why.clone();
            view! { <Pill text="Not done" tone=Tone::Warn /> " " {why} }.into_any()
        }
        // Whether another last day changes it is known once there is one.
        Verdict::Unchanged if act != ChangeAct::Extend => {
            view! { <Pill text="Unchanged" /> " There is nothing to do." }.into_any()
        }
        Verdict::Unchanged | Verdict::Changes => fates(act, &one.fates).into_any(),
    }
}

/// `Loses Reader. Ending this keeps Poster because Clerk gives it too.`
fn fates(act: ChangeAct, fates: &[Fate]) -> String {
    let doing = match act {
        ChangeAct::End => "Ending",
        ChangeAct::Suspend => "Suspending",
        ChangeAct::Extend | ChangeAct::Restore => return act.label().to_owned(),
    };
    if fates.is_empty() {
        return "It gives nothing now.".to_owned();
    }
    let lost = fates.iter().filter_map(|fate| match fate {
        Fate::Lost(name) => Some(name.clone()),
        Fate::Kept(..) => None,
    });
    let lost: Vec<String> = lost.collect();
    let mut kept: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for fate in fates {
        if let Fate::Kept(name, because) = fate {
            kept.entry(because).or_default().push(name.clone());
        }
    }
    let mut said = Vec::new();
    if !lost.is_empty() {
        said.push(format!("Loses {}.", listed(&lost)));
    }
    said.extend(kept.into_iter().map(|(because, names)| {
        let them = if names.len() == 1 { "it" } else { "them" };
        let because = match because {
            "" => format!("a source sees {them}"),
            name => format!("{name} gives {them} too"),
        };
        format!("{doing} this keeps {} because {because}.", listed(&names))
    }));
    said.join(" ")
}

/// How it ended with each.
pub(super) fn results(
    app: &App,
    visit: &Visit,
    (act, back): (ChangeAct, &str),
    items: Vec<ChangedItem>,
) -> Response {
    let tally = |wanted: Did| {
        let fine = items.iter().filter_map(|item| item.result.as_ref().ok());
        fine.filter(|one| **one == wanted).count()
    };
    let (fine, same) = (tally(Did::Done), tally(Did::Unchanged));
    let failed = items.len() - fine - same;
    let title = format!("{}: result", act.label());
    let page = Page::new(title.clone(), routes::ASSIGNMENTS)
        .under(&[("Assignments", routes::ASSIGNMENTS)]);
    let again = items.iter().filter(|item| item.result.is_err());
    let again = again.map(|item| ("id", item.names.assignment.id.to_string()));
    let act_word = std::iter::once(("act", act.word().to_owned()));
    let pairs: Vec<_> = act_word.chain(again).collect();
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    let back = back.to_owned();
    app.page(visit, page, || {
        let retry = (failed > 0).then(|| {
            view! { <Button label="Try the failed ones again" href=format!("{}?{query}", routes::ASSIGNMENTS_BULK) /> }
        });
        let actions = Slot::from(view! { {retry} <Button label="Back to the list" href=back /> });
        let rows = items.into_iter().map(|item| {
            let note = match item.result {
                Ok(Did::Done) => view! { <Pill text="Done" tone=Tone::Good /> }.into_any(),
                Ok(Did::Unchanged) => {
                    view! { <Pill text="Unchanged" /> " There was nothing to do." }.into_any()
                }
                Err(error) => {
                    let why = sentence(visit, &error);
                    view! { <Pill text="Not done" tone=Tone::Bad /> " " {why} }.into_any()
                }
            };
            row(visit, &item.names, "Result", note)
        });
        let rows = rows.collect_view();
        view! {
            <PageHeader title=title detail=summed(fine, same, failed) actions=actions />
            <Table caption="Results" columns=columns("Result")>{rows}</Table>
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_said_with_what_gives_it() {
        let lost = |name: &str| Fate::Lost(name.to_owned());
        let kept = |name: &str, because: &str| Fate::Kept(name.to_owned(), because.to_owned());
        assert_eq!(fates(ChangeAct::End, &[]), "It gives nothing now.");
        assert_eq!(
            fates(ChangeAct::End, &[lost("Read"), kept("Post", "Clerk")]),
            "Loses Read. Ending this keeps Post because Clerk gives it too."
        );
        assert_eq!(
            fates(ChangeAct::Suspend, &[kept("A", "X"), kept("B", "X")]),
            "Suspending this keeps A and B because X gives them too."
        );
    }
}
