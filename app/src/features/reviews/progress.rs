//! How far a campaign is: numbers, who has how much left, and what is really gone.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::CampaignId;
use domain::review::{CampaignState, Choice, RemedyState};
use leptos::prelude::*;
use service::reviews::{self, PendingPage, Progress};

use super::{burndown, tables};
use crate::format::{number, time_view};
use crate::page::Page;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Banner, Button, ButtonKind, Card, FormActions, Hidden, Icon, PageHeader, Pill, Progress as Bar,
    Stack, Stat, Stats, Tone,
};
use crate::visit::Visit;

/// Rows of the list of revocations.
const ROWS: u32 = 50;

/// Which revocations are listed.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    after: u64,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    match read(&app, &visit, &id, &asked).await {
        Ok((seen, state, list)) => {
            let page = Page::new(seen.campaign.content.name.clone(), routes::REVIEWS);
            let key = app.form_key();
            app.page(&visit, page, || {
                content(&visit, &seen, (state, &list), &key)
            })
        }
        Err(error) => app.refuse(&visit, error),
    }
}

async fn read(
    app: &App,
    visit: &Visit,
    id: &str,
    asked: &Asked,
) -> service::Result<(Progress, RemedyState, PendingPage)> {
    let id = super::id(id)?;
    let seen = reviews::progress(&app.service, &visit.cx(), id).await?;
    let state = RemedyState::from_word(&asked.state).unwrap_or_else(|| shown(&seen));
    let list = reviews::pending(&app.service, &visit.cx(), id, state, asked.after, ROWS).await?;
    Ok((seen, state, list))
}

/// What is listed when nobody says what: the first state in which there is something to do.
fn shown(seen: &Progress) -> RemedyState {
    [
        RemedyState::Failed,
        RemedyState::Decided,
        RemedyState::Sent,
        RemedyState::Acknowledged,
    ]
    .into_iter()
    .find(|state| seen.remedies_in(*state) > 0)
    .unwrap_or(RemedyState::Verified)
}

fn content(
    visit: &Visit,
    seen: &Progress,
    (state, list): (RemedyState, &PendingPage),
    key: &str,
) -> AnyView {
    let content = &seen.campaign.content;
    let id = seen.campaign.id;
    let status = status(seen);
    let actions = seen.may_run.then(|| actions(seen, id, key));
    let note = note(visit, seen);
    let numbers = numbers(seen);
    let left = burndown::card(&seen.days);
    let reviewers = tables::reviewers(visit, seen);
    let applications = tables::applications(seen);
    let gone = (!seen.remedies.is_empty()).then(|| tables::gone(visit, seen, state, list));
    let proof = proof(seen);
    let detail = format!("{} answers for it", seen.owner);
    view! {
        <PageHeader
            title=content.name.clone()
            detail=detail
            status=view! { {status} }
            actions=view! { {actions} }
        />
        <Stack>
            {note}
            {numbers}
            {gone}
            {proof}
            {left}
            {reviewers}
            {applications}
        </Stack>
    }
    .into_any()
}

fn status(seen: &Progress) -> AnyView {
    let state = seen.campaign.content.state;
    let (text, tone) = match state {
        CampaignState::Open if seen.overdue => ("Overdue", Tone::Bad),
        CampaignState::Open => (state.label(), Tone::Good),
        _ => (state.label(), Tone::Plain),
    };
    view! { <Pill text=text tone=tone /> }.into_any()
}

/// What happens next, with its moment.
fn note(visit: &Visit, seen: &Progress) -> Option<AnyView> {
    let content = &seen.campaign.content;
    let unanswered = match content.escalated {
        Some(_) => {
            "What nobody answered in time went to the owner of the review. What is left when it closes stays and is reported as not reviewed."
        }
        None => content.terms.unanswered.sentence(),
    };
    let restorable = seen.remedies_in(RemedyState::Decided) > 0;
    match (content.state, content.effective) {
        (CampaignState::Open, _) => {
            let due = time_view(content.due, visit);
            let (title, tone) = if seen.overdue {
                ("Its time is over", Tone::Warn)
            } else {
                ("Reviewers decide", Tone::Plain)
            };
            Some(
                view! { <Banner tone=tone title=title>"It is due " {due} " and then closes by itself. " {unanswered}</Banner> }
                    .into_any(),
            )
        }
        (CampaignState::Closed, Some(at)) if restorable => {
            let at = time_view(at, visit);
            Some(
                view! {
                    <Banner tone=Tone::Warn title="Revoked access is about to end">
                        "It ends " {at} ". Until then each item can be restored below."
                    </Banner>
                }
                .into_any(),
            )
        }
        _ => None,
    }
}

fn numbers(seen: &Progress) -> AnyView {
    let of = |choice: Choice| {
        let mut all = seen.decided.iter();
        all.find(|(known, _)| *known == choice)
            .map_or(0, |(_, count)| *count)
    };
    let decided: u64 = seen.decided.iter().map(|(_, count)| count).sum();
    let all = decided + seen.open;
    let told = format!("{} of {} decided", number(decided), number(all));
    let closed = seen.campaign.content.state == CampaignState::Closed;
    let (open, tone) = if closed && seen.open > 0 {
        ("Not reviewed", Tone::Warn)
    } else {
        ("Open", Tone::Plain)
    };
    let [kept, revoked, changed] =
        [Choice::Keep, Choice::Revoke, Choice::Change].map(|choice| number(of(choice)));
    let left = number(seen.open);
    view! {
        <Card title="How far it is">
            <Bar label="Decided" done=decided total=all note=told />
            <Stats>
                <Stat label=open value=left tone=tone />
                <Stat label="Kept" value=kept />
                <Stat label="Revoked" value=revoked />
                <Stat label="Changed" value=changed />
            </Stats>
        </Card>
    }
    .into_any()
}

/// What the owner can do now; each on its own page, but a reminder, which is a button.
fn actions(seen: &Progress, id: CampaignId, key: &str) -> AnyView {
    let to = |act| below(routes::REVIEWS, id, act);
    match seen.campaign.content.state {
        CampaignState::Open => {
            let key = format!("{key}-remind");
            let (remind, extend) = (to("remind"), to("extend"));
            let (cancel, close) = (to("cancel"), to("close"));
            view! {
                <form method="post" action=remind>
                    <Hidden name="idem" value=key />
                    <Button label="Remind" icon=Icon::Bell />
                </form>
                <Button label="Extend…" href=extend icon=Icon::Calendar />
                <Button label="Call off…" href=cancel icon=Icon::Ban />
                <Button label="Close…" href=close icon=Icon::Lock kind=ButtonKind::Primary />
            }
            .into_any()
        }
        CampaignState::Launching => {
            view! { <Button label="Call off…" href=to("cancel") icon=Icon::Ban /> }.into_any()
        }
        CampaignState::Closed | CampaignState::Cancelled => ().into_any(),
    }
}

/// The way to what proves the campaign.
fn proof(seen: &Progress) -> AnyView {
    let to = |page| below(routes::REVIEWS, seen.campaign.id, page);
    let (href, sample, links) = (to("evidence"), to("sample"), to("auditors"));
    let content = &seen.campaign.content;
    let closed = content.state == CampaignState::Closed;
    let kind = if closed {
        ButtonKind::Primary
    } else {
        ButtonKind::Default
    };
    let text = match (closed, content.signed_by) {
        (true, None) => {
            "It is closed and not signed off. The evidence pack proves what was decided and what became of it."
        }
        (true, Some(_)) => {
            "It is signed off. The evidence pack proves what was decided and what became of it."
        }
        (false, _) => {
            "The evidence pack proves what was decided until it is made; when the campaign is closed, the rest, too."
        }
    };
    view! {
        <Card title="For the audit">
            <p>{text}</p>
            <FormActions>
                <Button label="Evidence pack" href=href icon=Icon::ShieldCheck kind=kind />
                <Button label="Sample" href=sample icon=Icon::ListChecks />
                <Button label="Auditor links" href=links icon=Icon::Link />
            </FormActions>
        </Card>
    }
    .into_any()
}
