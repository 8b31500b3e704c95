//! The tables of a campaign's page: by reviewer, by application, and revocations by where they are.

use domain::review::{CampaignState, RemedyState};
use leptos::prelude::*;
use service::reviews::{ItemRow, ItemState, PendingPage, Progress, ReviewerRow};

use crate::access::person_href;
use crate::format::{number, time_view};
use crate::routes::{self, below, with_query};
use crate::ui::{
    Absent, Button, ButtonKind, Card, Cell, Column, Icon, NameCell, Pill, Stat, Stats, Table, Tone,
};
use crate::visit::Visit;

/// Faster than this between two decisions is worth a look, in milliseconds.
const FAST: i64 = 3_000;

/// A count that is never below zero.
fn count(n: i64) -> String {
    number(u64::try_from(n).unwrap_or(0))
}

/// A share in whole percent; nothing of nothing.
fn share(part: i64, of: i64) -> String {
    if of <= 0 {
        return "–".to_owned();
    }
    format!("{} %", part * 100 / of)
}

pub(super) fn reviewers(visit: &Visit, seen: &Progress) -> AnyView {
    let columns = vec![
        Column::new("Reviewer"),
        Column::new("Done").numeric(),
        Column::new("Left").numeric(),
        Column::new("Kept").numeric(),
        Column::new("Revoked").numeric(),
        Column::new("Together").numeric(),
        Column::new("Median time").numeric(),
        Column::new("Actions").hidden(),
    ];
    let rows = seen
        .reviewers
        .iter()
        .map(|row| reviewer(visit, seen, row))
        .collect_view();
    let all = number(seen.all_reviewers as u64);
    let more = (seen.all_reviewers > seen.reviewers.len()).then(|| {
        view! { <p>{format!("The {} with the most left are shown.", seen.reviewers.len())}</p> }
    });
    view! {
        <Card title="By reviewer" count=all flush=true>
            <Table caption="Reviewers, those with the most left first" columns=columns framed=false>{rows}</Table>
            {more}
        </Card>
    }
    .into_any()
}

fn reviewer(visit: &Visit, seen: &Progress, row: &ReviewerRow) -> AnyView {
    let done = format!("{} of {}", count(row.decided()), count(row.items));
    let looked = row.looked.map_or_else(
        || view! { <Absent /> }.into_any(),
        |median| {
            let text = format!("{}.{} s", median / 1_000, median % 1_000 / 100);
            if median < FAST {
                view! { <Pill text=text tone=Tone::Warn /> }.into_any()
            } else {
                text.into_any()
            }
        },
    );
    let late = (seen.overdue && row.open > 0).then(|| {
        view! { <Pill text="Overdue" tone=Tone::Bad /> }
    });
    let open = seen.campaign.content.state == CampaignState::Open;
    let act = (seen.may_run && open && row.open > 0).then(|| {
        let path = below(routes::REVIEWS, seen.campaign.id, "reassign");
        let href = with_query(&path, &[("from", &row.id.to_string())]);
        view! { <Button label="Reassign…" href=href icon=Icon::Users kind=ButtonKind::Plain /> }
    });
    let href = person_href(visit, row.id);
    let theirs = super::items::of_reviewer(seen.campaign.id, row.id, None);
    let open_href = super::items::of_reviewer(seen.campaign.id, row.id, Some(ItemState::Open));
    let (left, revoked, name) = (count(row.open), count(row.revoked), row.name.clone());
    let (kept, bulk) = (
        share(row.kept, row.decided()),
        share(row.together, row.decided()),
    );
    view! {
        <tr>
            <NameCell column="Reviewer" name=name href=href />
            <Cell column="Done" numeric=true><a href=theirs>{done}</a></Cell>
            <Cell column="Left" numeric=true><a href=open_href>{left}</a> " " {late}</Cell>
            <Cell column="Kept" numeric=true>{kept}</Cell>
            <Cell column="Revoked" numeric=true>{revoked}</Cell>
            <Cell column="Together" numeric=true>{bulk}</Cell>
            <Cell column="Median time" numeric=true>{looked}</Cell>
            <Cell column="Actions">{act}</Cell>
        </tr>
    }
    .into_any()
}

pub(super) fn applications(seen: &Progress) -> AnyView {
    let columns = vec![
        Column::new("Application"),
        Column::new("Items").numeric(),
        Column::new("Left").numeric(),
    ];
    let rows = seen
        .applications
        .iter()
        .map(|row| {
            let href = super::items::of_application(seen.campaign.id, row.id);
            let (name, items, open) = (row.name.clone(), count(row.items), count(row.open));
            view! {
                <tr>
                    <NameCell column="Application" name=name href=href />
                    <Cell column="Items" numeric=true>{items}</Cell>
                    <Cell column="Left" numeric=true>{open}</Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Card title="By application" flush=true>
            <Table caption="Applications, those with the most left first" columns=columns framed=false>{rows}</Table>
        </Card>
    }
    .into_any()
}

/// What became of revocations: how many are really gone, and those in one state.
pub(super) fn gone(
    visit: &Visit,
    seen: &Progress,
    state: RemedyState,
    list: &PendingPage,
) -> AnyView {
    let path = format!("{}/{}", routes::REVIEWS, seen.campaign.id);
    let all: u64 = seen
        .remedies
        .iter()
        .filter(|(state, _, _)| *state != RemedyState::Restored)
        .map(|(_, count, _)| count)
        .sum();
    let verified = seen.remedies_in(RemedyState::Verified) + seen.remedies_in(RemedyState::Gone);
    let told = format!("of {}", number(all));
    let remain = seen.remaining();
    let tone = if remain > 0 { Tone::Warn } else { Tone::Plain };
    let states = seen
        .remedies
        .iter()
        .map(|(state, count, _)| {
            let href = with_query(&path, &[("state", state.word())]);
            let tone = match state {
                RemedyState::Failed => Tone::Bad,
                _ => Tone::Plain,
            };
            view! { <Stat label=state.label() value=number(*count) href=href tone=tone /> }
        })
        .collect_view();
    let columns = vec![
        Column::new("Whose"),
        Column::new("What"),
        Column::new("Since"),
        Column::new("Note"),
        Column::new("Actions").hidden(),
    ];
    let rows = list
        .rows
        .iter()
        .map(|row| revoked(visit, seen, row))
        .collect_view();
    let next = list.next.map(|after| {
        let after = after.to_string();
        let href = with_query(&path, &[("state", state.word()), ("after", &after)]);
        view! { <Button label="Next page" href=href kind=ButtonKind::Plain /> }
    });
    let caption = format!("{}, in the order of items", state.label());
    view! {
        <Card title="What is really gone">
            <Stats>
                <Stat label="Really gone" value=number(verified) note=told />
                <Stat label="Remains in another way" value=number(remain) tone=tone />
            </Stats>
            <Stats>{states}</Stats>
        </Card>
        <Card title=state.label() flush=true>
            <Table caption=caption columns=columns framed=false>{rows}</Table>
            {next}
        </Card>
    }
    .into_any()
}

fn revoked(visit: &Visit, seen: &Progress, row: &ItemRow) -> AnyView {
    let remedy = &row.remedy;
    let since = remedy.sent.map_or_else(
        || view! { <Absent /> }.into_any(),
        |at| time_view(at, visit),
    );
    let note = if remedy.remains {
        view! { <Pill text="Remains in another way" tone=Tone::Warn /> }.into_any()
    } else if !remedy.problem.is_empty() {
        remedy.problem.clone().into_any()
    } else if let Some(task) = remedy.task {
        let href = format!("{}/{task}", routes::TASKS);
        view! { <a href=href>"The task"</a> }.into_any()
    } else {
        view! { <Absent /> }.into_any()
    };
    let act = (seen.may_run && remedy.state == RemedyState::Decided).then(|| {
        let path = below(routes::REVIEWS, seen.campaign.id, "restore");
        let href = with_query(&path, &[("item", &remedy.item.to_string())]);
        view! { <Button label="Restore…" href=href icon=Icon::Undo2 kind=ButtonKind::Plain /> }
    });
    let (holder, what) = (row.holder.clone(), row.what.clone());
    view! {
        <tr>
            <Cell column="Whose"><span dir="auto">{holder}</span></Cell>
            <Cell column="What"><span dir="auto">{what}</span></Cell>
            <Cell column="Since">{since}</Cell>
            <Cell column="Note">{note}</Cell>
            <Cell column="Actions">{act}</Cell>
        </tr>
    }
    .into_any()
}
