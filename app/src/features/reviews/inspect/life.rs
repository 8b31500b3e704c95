//! The whole life of an item on one page.

use std::fmt::Write as _;

use axum::extract::{Path, State};
use axum::response::Response;
use domain::permission::ConsoleRight;
use domain::review::{How, ItemKind, RemedyState};
use leptos::prelude::*;
use service::reviews::inspect::{self, Life, LifeEvent, LifeStep};

use super::Viewpoint;
use super::sample::past;
use crate::access::level_view;
use crate::features::reviews::{about, decide::words};
use crate::format::{ago_view, day_view, number, time_view};
use crate::routes;
use crate::state::App;
use crate::ui::{
    Banner, Card, Fact, Facts, Icon, PageHeader, Pill, Stack, Timeline, TimelineEvent, Tone,
};
use crate::visit::Visit;

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((id, item)): Path<(String, u64)>,
) -> Response {
    let found = match super::super::id(&id) {
        Ok(id) => inspect::life(&app.service, &visit.cx(), id, item).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(life) => {
            let from = Viewpoint::Inside(life.campaign.id);
            let called = format!("Item {item}");
            let title = format!("{called} · {}", life.campaign.content.name);
            let page = about(&life.campaign, title, &called).text();
            app.page(&visit, page, || content(&visit, &life, &from))
        }
        Err(error) => app.refuse(&visit, error),
    }
}

/// The item from wherever it is looked at.
pub(super) fn content(visit: &Visit, life: &Life, from: &Viewpoint) -> AnyView {
    let facts = &life.facts;
    let title = format!("{}: {}", life.holder, life.what);
    let detail = format!(
        "Item {} of {}, {}",
        number(facts.number),
        life.campaign.content.name,
        match facts.item {
            ItemKind::Access => "an access",
            ItemKind::Role => "a role",
            ItemKind::Content => "a part of a role",
            ItemKind::Account => "an account of nobody",
        }
    );
    let status = status(life);
    let (frozen, why) = (frozen(visit, life), why(life));
    let events = events(visit, life, from);
    view! {
        <PageHeader title=title detail=detail status=status />
        <Stack>
            {frozen}
            {why}
            {events}
        </Stack>
    }
    .into_any()
}

fn status(life: &Life) -> AnyView {
    let (text, tone) = match (&life.remedy, life.choice, life.open) {
        (Some(remedy), _, _) => {
            let tone = match remedy.state {
                RemedyState::Failed => Tone::Bad,
                RemedyState::Verified | RemedyState::Gone => Tone::Good,
                _ => Tone::Warn,
            };
            (remedy.state.label(), tone)
        }
        (None, Some(choice), false) => (past(choice), Tone::Plain),
        (None, _, true) => ("Not decided", Tone::Warn),
        (None, None, false) => ("Not reviewed", Tone::Warn),
    };
    view! { <Pill text=text tone=tone /> }.into_any()
}

/// What was known of it when the campaign began; everybody who decided saw this, and more.
fn frozen(visit: &Visit, life: &Life) -> AnyView {
    let facts = &life.facts;
    let said = |term: &'static str, text: String| {
        (!text.is_empty()).then(|| view! { <Fact term=term>{text}</Fact> })
    };
    let at = |term: &'static str, at: Option<domain::time::Instant>| {
        at.map(|at| {
            let at = time_view(at, visit);
            view! { <Fact term=term>{at}</Fact> }
        })
    };
    let used = match (facts.used, facts.use_known) {
        (Some(day), _) => day_view(day),
        (None, true) => "Never".into_any(),
        (None, false) => "The application does not tell".into_any(),
    };
    let peers = facts
        .peers
        .map(|(have, of)| format!("{have} of {of} peers have it"))
        .unwrap_or_default();
    let risk = facts.risk.is_some().then(|| {
        let risk = level_view(facts.risk);
        view! { <Fact term="Risk">{risk}</Fact> }
    });
    let last = facts.last.as_ref().map(|last| {
        let when = ago_view(last.at, visit);
        let by = life.last_by.clone().unwrap_or_default();
        let changed = if facts.changed { "; changed since" } else { "" };
        let text = format!("{} by {by}, ", past(last.choice));
        view! { <Fact term="Last review">{text} {when} {changed}</Fact> }
    });
    let flags: Vec<&str> = facts.flags.iter().map(|flag| words::flag(*flag)).collect();
    let frozen = time_view(life.campaign.content.frozen, visit);
    let before = [
        said("Whose", with_detail(&life.holder, &life.holder_detail)),
        said("What", with_detail(&life.what, &life.what_detail)),
        said("Application", life.application.clone()),
        said("How", how(life)),
    ];
    let before = before.into_iter().collect_view();
    let (since, until) = (at("Since", facts.since), at("Until", facts.until));
    let given = said("Given by", life.granted_by.clone().unwrap_or_default());
    let reason = said("Because", facts.reason.clone());
    let (peers, flagged) = (said("Peers", peers), said("Flagged", flags.join("; ")));
    view! {
        <Card title="What reviewers saw">
            <p>"Facts of " {frozen} ". These facts were frozen then and have not changed since. Reviewers saw them, with suggestions and earlier decisions of this review."</p>
            <Facts>
                {before}
                {since}
                {until}
                {given}
                {reason}
                <Fact term="Last used">{used}</Fact>
                {peers}
                {risk}
                {last}
                {flagged}
            </Facts>
        </Card>
    }
    .into_any()
}

fn with_detail(name: &str, detail: &str) -> String {
    if detail.is_empty() {
        name.to_owned()
    } else {
        format!("{name} · {detail}")
    }
}

fn how(life: &Life) -> String {
    let facts = &life.facts;
    let way = match (&life.because, facts.how) {
        (Some(name), How::Role | How::Rule) => format!("{}: {name}", facts.how.label()),
        _ => facts.how.label().to_owned(),
    };
    match facts.ways {
        0 | 1 => way,
        2 => format!("{way}, and one more way"),
        ways => format!("{way}, and {} more ways", ways - 1),
    }
}

fn why(life: &Life) -> AnyView {
    let why = life.facts.why.label();
    let first = life.first_reviewer.clone();
    let now = (life.reviewer != life.first_reviewer).then(|| {
        let (verb, reviewer) = (
            if life.open {
                "Now it waits for "
            } else {
                "The last decision was asked of "
            },
            life.reviewer.clone(),
        );
        view! { <p>{verb} <b dir="auto">{reviewer}</b> "."</p> }
    });
    view! {
        <Card title="Why this reviewer">
            <p>"It came first to " <b dir="auto">{first}</b> ": " {why} "."</p>
            {now}
        </Card>
    }
    .into_any()
}

fn events(visit: &Visit, life: &Life, from: &Viewpoint) -> AnyView {
    let all = life
        .events
        .iter()
        .map(|one| event(visit, one, from))
        .collect_view();
    let remains = life.remedy.as_ref().is_some_and(|remedy| remedy.remains);
    let remains = remains.then(|| {
        view! { <Banner tone=Tone::Warn title="The access remains in another way">"What was decided on was ended; something else gives the same."</Banner> }
    });
    view! {
        {remains}
        <Card title="What happened">
            <Timeline label="What happened, in its order">{all}</Timeline>
        </Card>
    }
    .into_any()
}

fn event(visit: &Visit, event: &LifeEvent, from: &Viewpoint) -> AnyView {
    let at = time_view(event.at, visit);
    let entry = format!("entry {}, line {}", event.seq, event.place + 1);
    let reads_log = [ConsoleRight::Administer, ConsoleRight::Audit];
    let entry = if from.is_inside() && visit.rights().has_any(&reads_log) {
        let href = format!("{}/{}", routes::AUDIT, event.seq);
        view! { <a href=href>{entry}</a> }.into_any()
    } else {
        view! { <span>{entry}</span> }.into_any()
    };
    let actor = event.by.clone().unwrap_or_else(|| "Bailiwick".to_owned());
    let actor = view! { <span dir="auto">{actor}</span> };
    let (title, icon, tone, more) = step(visit, &event.step);
    let quote = |text: String| {
        (!text.is_empty()).then(|| view! { <blockquote dir="auto">{text}</blockquote> })
    };
    let more = more.into_iter().map(quote).collect_view();
    let proof = proof(&event.step, from);
    view! {
        <TimelineEvent title=title actor=actor at=view! { {at} {entry} } icon=icon tone=tone>
            {more}
            {proof}
        </TimelineEvent>
    }
    .into_any()
}

/// A sentence, how it looks, and words that somebody wrote.
fn step(visit: &Visit, step: &LifeStep) -> (String, Icon, Tone, Vec<String>) {
    match step {
        LifeStep::Frozen => (
            "Its facts were frozen, and its first reviewer was asked".to_owned(),
            Icon::Lock,
            Tone::Plain,
            Vec::new(),
        ),
        LifeStep::Decided {
            decision,
            on_behalf_of,
            to,
            smaller,
        } => {
            let mut text = format!("{} in stage {}", past(decision.choice), decision.stage + 1);
            if let Some(whom) = on_behalf_of {
                let _ = write!(text, ", for {whom}");
            }
            if let Some(to) = to {
                let _ = write!(text, ", passed on to {to}");
            }
            if let Some(until) = decision.until {
                let until = crate::format::exact(until, &visit.zone());
                let _ = write!(text, ", until {until}");
            }
            if let Some(smaller) = smaller {
                let _ = write!(text, ", to {smaller} instead");
            }
            match decision.together {
                0 | 1 => {}
                2 => text.push_str(", together with one other"),
                all => {
                    let _ = write!(text, ", together with {} others", all - 1);
                }
            }
            if decision.by.is_none() {
                text.push_str(": nobody had answered");
            }
            let icon = match decision.choice {
                domain::review::Choice::Keep => Icon::Check,
                domain::review::Choice::Revoke => Icon::X,
                domain::review::Choice::Change => Icon::Pencil,
                domain::review::Choice::NotSure => Icon::CircleQuestionMark,
            };
            let how = decision.remedy.map(|remedy| remedy.label().to_owned());
            let quotes = [Some(decision.reason.clone()), how];
            (
                text,
                icon,
                Tone::Plain,
                quotes.into_iter().flatten().collect(),
            )
        }
        LifeStep::Passed { from, to, reason } => (
            format!("Given to {to} instead of {from}"),
            Icon::Users,
            Tone::Plain,
            vec![reason.clone()],
        ),
        LifeStep::Remedied { state, remains, .. } => {
            let mut text = state.label().to_owned();
            if *remains {
                text.push_str("; the access remains in another way");
            }
            let (icon, tone) = match state {
                RemedyState::Failed => (Icon::CircleAlert, Tone::Bad),
                RemedyState::Verified | RemedyState::Gone => (Icon::ShieldCheck, Tone::Good),
                RemedyState::Restored => (Icon::Undo2, Tone::Plain),
                _ => (Icon::Clock, Tone::Plain),
            };
            (text, icon, tone, Vec::new())
        }
    }
}

/// What proves that it was ended.
fn proof(step: &LifeStep, from: &Viewpoint) -> Option<AnyView> {
    let LifeStep::Remedied { by, proof, .. } = step else {
        return None;
    };
    if by.is_empty() {
        return None;
    }
    let href = proof.filter(|_| from.is_inside()).and_then(routes::object);
    Some(match href {
        Some(href) => {
            view! { <p>"Proof: " <a href=href><code>{by.clone()}</code></a></p> }.into_any()
        }
        None => view! { <p>"Proof: " <code>{by.clone()}</code></p> }.into_any(),
    })
}
