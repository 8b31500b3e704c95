//! What is measured by the use cases: bulk decisions, closing, ending access, and the evidence pack.

use std::sync::Arc;
use std::time::Instant as Clock;

use anyhow::{Result, bail};
use domain::approval::Approver;
use domain::context::Clock as _;
use domain::id::{CampaignId, IdentityId};
use domain::review::{Choice, RemedyState, ReviewContent, Scope, Stage, Staged};
use service::clock::SystemClock;
use service::reviews::{self, Grouping, evidence};
use testkit::SeededEntropy;

use super::campaign::{acting, begun, next_job, operator, terms};
use crate::data::{Data, TITLES};
use crate::organisation::{HELD, department, size};
use crate::report::{Limit, Row};

/// Decisions at once.
const DECISIONS: usize = 10_000;
/// Items at a time that drafts are put on.
const PART: i64 = 1_000;

pub(super) type Rows<'a> = &'a dyn Fn(String, &'static str, f64, Limit) -> Row;

pub(super) async fn measure(data: &Data, people: &[IdentityId], row: Rows<'_>) -> Result<Vec<Row>> {
    let mut rows = bulk(data, people, row).await?;
    rows.extend(close(data, row).await?);
    rows.extend(end(data, row).await?);
    Ok(rows)
}

fn scope(people: String, things: &str) -> Scope {
    Scope {
        people,
        things: things.to_owned(),
        ..Scope::everything()
    }
}

async fn launched(data: &Data, terms: ReviewContent) -> Result<(CampaignId, u64)> {
    let campaign = begun(data, terms).await?;
    next_job(data).await?;
    let found = reviews::campaign(data.service(), &operator(), campaign).await?;
    Ok((campaign, found.content.population.included))
}

/// Somebody decides on ten thousand things.
async fn bulk(data: &Data, people: &[IdentityId], row: Rows<'_>) -> Result<Vec<Row>> {
    eprintln!("  many decisions at once ...");
    let reviewer = people[0];
    let by = Approver::People {
        people: vec![reviewer],
    };
    let terms = ReviewContent {
        scope: scope(String::new(), "application:app-03"),
        stages: vec![Stage::by(by)],
        ..terms(data, "One application").await?
    };
    let (campaign, items) = launched(data, terms).await?;
    let cx = acting(reviewer);
    let asked = reviews::Asked {
        by: Grouping::Application,
        group: None,
        after: 0,
        most: 50,
    };
    let pile = reviews::pile(data.service(), &cx, campaign, asked).await?;
    let Some(group) = pile.group else {
        bail!("the reviewer has no group of an application");
    };
    let begun = Clock::now();
    let together =
        reviews::keep_unflagged(data.service(), &cx, campaign, Grouping::Application, group)
            .await?;
    let pressed = begun.elapsed().as_secs_f64();
    let kept = together.kept.len();
    let decisions = fill_up(data, campaign, reviewer, &together.kept).await?;
    let begun = Clock::now();
    let submitted = reviews::submit(data.service(), &cx, campaign, true).await?;
    let seconds = begun.elapsed().as_secs_f64();
    if submitted.counts.values().sum::<u64>() != decisions as u64 {
        bail!("not everything that was staged was submitted");
    }
    let cx = operator();
    reviews::cancel(data.service(), &cx, campaign, "It was measured").await?;
    Ok(vec![
        row(
            format!("one press stages {kept} items of {items}"),
            "s",
            pressed,
            Limit::AtMost(1.0),
        ),
        row(
            format!("{decisions} decisions submitted, on {items} items"),
            "s",
            seconds,
            Limit::AtMost(1.0),
        ),
    ])
}

/// Stages revocations until there are ten thousand decisions; how many there are.
async fn fill_up(
    data: &Data,
    campaign: CampaignId,
    reviewer: IdentityId,
    kept: &[u64],
) -> Result<usize> {
    let staged: std::collections::BTreeSet<u64> = kept.iter().copied().collect();
    let store = data.service().store();
    let mut count = staged.len();
    let mut after = 0;
    while count < DECISIONS {
        let mut tx = store
            .write(SystemClock.now(), Arc::new(SeededEntropy::new(5)))
            .await?;
        let items = tx.open_items(campaign, Some(reviewer), after, PART).await?;
        let Some(last) = items.last() else { break };
        after = last.facts.number;
        let rest = items
            .iter()
            .map(|item| item.facts.number)
            .filter(|number| !staged.contains(number))
            .take(DECISIONS - count);
        let revoke = Staged {
            reason: "Not needed any more".to_owned(),
            ..Staged::of(Choice::Revoke)
        };
        let drafts: Vec<(u64, Staged)> = rest.map(|number| (number, revoke.clone())).collect();
        count += drafts.len();
        tx.put_drafts(campaign, reviewer, &drafts).await?;
        tx.commit_unaudited("made for a measurement").await?;
    }
    Ok(count)
}

/// Nobody answered: all is revoked, and what was proven of it goes into a file.
async fn close(data: &Data, row: Rows<'_>) -> Result<Vec<Row>> {
    eprintln!("  closing ...");
    let terms = ReviewContent {
        scope: scope(format!("title:{}", TITLES[2]), ""),
        ..terms(data, "A tenth").await?
    };
    let (campaign, items) = launched(data, terms).await?;
    let begun = Clock::now();
    reviews::close(data.service(), &operator(), campaign, "Time is over").await?;
    next_job(data).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let queued = queued(data, campaign).await?;
    if queued != items {
        bail!("{queued} of {items} are queued");
    }
    let mut rows = vec![row(
        format!("closed, {queued} revocations recorded and queued"),
        "s",
        seconds,
        Limit::AtMost(20.0),
    )];
    eprintln!("  the evidence pack ...");
    let mut file = tempfile::tempfile()?;
    let begun = Clock::now();
    let verified = evidence::write(data.service(), &operator(), campaign, &mut file).await?;
    rows.push(row(
        format!("evidence pack of {items} items and as many decisions, made and verified"),
        "s",
        begun.elapsed().as_secs_f64(),
        Limit::AtMost(30.0),
    ));
    let bytes = read_all(&mut file)?;
    let begun = Clock::now();
    let again = proof::pack::verify(&bytes, &[])?;
    let seconds = begun.elapsed().as_secs_f64();
    if again.lines != verified.lines {
        bail!("the pack was read differently a second time");
    }
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let (lines, size) = (again.lines as f64, bytes.len() as f64);
    rows.push(row(
        format!("its {} lines verified", again.lines),
        "lines/s",
        lines / seconds,
        Limit::AtLeast(100_000.0),
    ));
    rows.push(row(
        "size of the pack".to_owned(),
        "MB",
        size / 1e6,
        Limit::None,
    ));
    Ok(rows)
}

fn read_all(file: &mut std::fs::File) -> Result<Vec<u8>> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    file.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

async fn queued(data: &Data, campaign: CampaignId) -> Result<u64> {
    let mut tx = data.service().store().read().await?;
    let counts = tx.count_remedies(campaign).await?;
    let decided = counts.iter().filter(|one| one.0 == RemedyState::Decided);
    Ok(decided.map(|one| one.1).sum())
}

/// Without a grace window, access ends at once.
async fn end(data: &Data, row: Rows<'_>) -> Result<Vec<Row>> {
    eprintln!("  ending access ...");
    let terms = ReviewContent {
        scope: scope(format!("department:{}", department(1)), ""),
        grace_hours: 0,
        ..terms(data, "A department").await?
    };
    let (campaign, items) = launched(data, terms).await?;
    reviews::close(data.service(), &operator(), campaign, "Time is over").await?;
    let begun = Clock::now();
    next_job(data).await?;
    let seconds = begun.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let rate = items as f64 / seconds;
    Ok(vec![row(
        format!(
            "access ended through the model after a close, {items} items, {} grants in all",
            size(super::PEOPLE) * HELD
        ),
        "items/s",
        rate,
        Limit::None,
    )])
}
