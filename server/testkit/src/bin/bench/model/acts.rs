//! What is measured by the use cases themselves: a plan, joiners, and all rules for everybody anew.

use std::sync::Arc;
use std::time::Instant as Clock;

use anyhow::{Context as _, Result, bail};
use domain::identity::IdentityDraft;
use domain::permission::Actor;
use domain::rule::RuleState;
use service::Cx;
use service::findings::look_again;
use service::jobs::{self, Ended};
use service::roles::{ContentsDraft, plan_contents};
use service::rules::recompute;

use super::fill::Filled;
use super::organisation::WIDE;
use crate::data::Data;
use crate::home::Engine;
use crate::organisation::{department, person};
use crate::report::{Limit, Row};

const JOINERS: usize = 200;
/// People of one step of the recomputation.
const STEP: i64 = 1_000;
/// People recomputed without and with changes.
const UNCHANGED: usize = 50_000;
const CHANGED: usize = 10_000;

pub(super) async fn measure(engine: Engine, data: &Data, filled: &Filled) -> Result<Vec<Row>> {
    let row = |what: &str, unit, figure, limit| {
        Row::new(
            "model",
            format!("{}: {what}", engine.name()),
            unit,
            figure,
            limit,
        )
    };
    eprintln!("  a plan ...");
    let (seconds, people) = plan(data, filled).await?;
    let mut rows = vec![row(
        &format!(
            "plan for an edit of a role with {} holders; {people} people touched",
            WIDE.min(filled.people.len())
        ),
        "s",
        seconds,
        Limit::AtMost(1.0),
    )];
    eprintln!("  joiners ...");
    let mut taken = joiners(data).await?;
    taken.sort_by(f64::total_cmp);
    let p95 = taken[taken.len() * 95 / 100];
    rows.push(row(
        "p95 of a joiner until birthright access is committed",
        "ms",
        p95,
        Limit::AtMost(100.0),
    ));
    eprintln!("  outliers ...");
    let (rate, found) = outliers(data).await?;
    rows.push(row(
        &format!("looking for access that few peers have; {found} found"),
        "people/s",
        rate,
        Limit::AtLeast(10_000.0),
    ));
    eprintln!("  all rules for everybody ...");
    let (rate, changed) = again(data, UNCHANGED).await?;
    if changed > 0 {
        bail!("recomputing changed {changed} assignments that should have been right");
    }
    rows.push(row(
        "recomputation of people, nothing changes",
        "people/s",
        rate,
        Limit::AtLeast(5_000.0),
    ));
    end_rules(data, filled).await?;
    let (rate, changed) = again(data, CHANGED).await?;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let each = changed as f64 / CHANGED.min(filled.people.len()) as f64;
    rows.push(row(
        &format!("the same when nearly all access of each changes ({each:.1} assignments, through roles about ten grants)"),
        "people/s",
        rate,
        Limit::AtLeast(1_000.0),
    ));
    Ok(rows)
}

/// One thing out of the role with the most holders, another in.
async fn plan(data: &Data, filled: &Filled) -> Result<(f64, u64)> {
    let cx = Cx::of(Actor::CommandLine);
    let role = filled.roles[1_399];
    let draft = ContentsDraft {
        add: filled.entitlements[9_999].to_string(),
        reason: "To be measured".to_owned(),
        ..ContentsDraft::default()
    };
    let mut best = f64::MAX;
    let mut people = 0;
    for _ in 0..3 {
        let begun = Clock::now();
        let planned = plan_contents(data.service(), &cx, role, &draft).await?;
        best = best.min(begun.elapsed().as_secs_f64());
        people = planned.plan.people;
    }
    Ok((best, people))
}

/// Milliseconds that each joiner takes.
async fn joiners(data: &Data) -> Result<Vec<f64>> {
    let mut taken = Vec::with_capacity(JOINERS);
    for number in 0..JOINERS {
        let like = person(number);
        let draft = IdentityDraft {
            username: format!("joiner.{number}"),
            display_name: format!("Joiner {number}"),
            department: department(number % 170),
            title: like.title.to_owned(),
            location: like.location.to_owned(),
            kind: "employee".to_owned(),
            ..IdentityDraft::default()
        };
        let begun = Clock::now();
        data.add(&draft).await?;
        taken.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(taken)
}

/// People a second, and how many outliers were found.
async fn outliers(data: &Data) -> Result<(f64, u64)> {
    let cx = Cx::of(Actor::CommandLine);
    let service = data.shared();
    look_again(&service, &cx).await?;
    let handlers = jobs::handlers();
    let work = jobs::claim(&service, &handlers).await?;
    let work = work.context("a job waits")?;
    let begun = Clock::now();
    let ended = handlers.run(Arc::clone(&service), Arc::clone(&work)).await;
    let took = begun.elapsed().as_secs_f64();
    let Ok(Ended::Done(result)) = &ended else {
        bail!("the look did not come to its end: {ended:?}");
    };
    let count = |key: &str| result[key].as_u64().unwrap_or(0);
    let (people, found) = (count("people"), count("outliers"));
    jobs::settle(&service, &work, ended).await?;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let rate = people as f64 / took;
    Ok((rate, found))
}

/// People a second, and how many assignments were changed.
async fn again(data: &Data, people: usize) -> Result<(f64, usize)> {
    let cx = Cx::of(Actor::CommandLine);
    let (mut after, mut seen, mut changed) = (0, 0, 0);
    let begun = Clock::now();
    while seen < people {
        let done = recompute(data.service(), &cx, after, STEP).await?;
        seen += done.people;
        changed += done.changed;
        let Some(last) = done.last else { break };
        after = last;
    }
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let rate = seen as f64 / begun.elapsed().as_secs_f64();
    Ok((rate, changed))
}

/// Rules end behind their use case, so that nothing has followed yet.
async fn end_rules(data: &Data, filled: &Filled) -> Result<()> {
    let store = data.service().store();
    let clock = service::clock::SystemClock;
    let now = domain::context::Clock::now(&clock);
    let mut tx = store
        .write(now, std::sync::Arc::new(testkit::SeededEntropy::new(3)))
        .await?;
    for id in &filled.rules {
        let rule = tx.rule(*id).await?.context("the rule is there")?;
        let mut content = rule.content;
        content.state = RuleState::Ended;
        tx.replace_rule(*id, rule.recorded_from, &content).await?;
    }
    Ok(tx.commit_unaudited("made for a measurement").await?)
}
