//! What the owner of a review does while its campaign is open: more time, reminders, other reviewers.

use std::collections::{BTreeMap, BTreeSet};

use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::{CampaignId, IdentityId};
use domain::identity::IdentityStatus;
use domain::notice::NoticeKind;
use domain::permission::Action;
use domain::review::{Campaign, CampaignContent, CampaignState};
use domain::time::{Date, HOUR, Instant, SECOND};
use jiff::tz::TimeZone;
use storage::ReadTx;

use super::ask::checked;
use super::pass::{Move, pass};
use super::permitted;
use crate::notifications::{Notice, tell};
use crate::reviews::assign::parts;
use crate::reviews::zone;
use crate::{Cx, Error, Result, Service, boxed, references};

/// Items given to somebody else in one transaction.
const AT_ONCE: i64 = 4_000;
/// Piles read at a time.
const PILES: i64 = 2_000;
/// Nobody is reminded again within this time: once a day, whatever the hour.
const QUIET: i64 = 20 * HOUR;

/// What is given to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToPass {
    /// Items, by their numbers.
    Items(Vec<u64>),
    /// Everything that waits for a reviewer.
    Pile(IdentityId),
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed {
    /// Items that somebody else decides now.
    pub passed: u64,
    /// Items that stay: they are decided, or this person must not decide them.
    pub left: u64,
}

/// Gives a campaign more time: until the end of a day, as typed.
#[boxed]
pub async fn extend(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    until: &str,
    reason: &str,
) -> Result<()> {
    let result = carry_out_extend(service, cx, id, until, reason).await;
    service.noted(cx, result).await
}

/// Reminds everybody who has not decided everything, at most once a day; answers how many people were told.
#[boxed]
pub async fn remind(service: &Service, cx: &Cx, id: CampaignId) -> Result<usize> {
    let result = carry_out_remind(service, cx, id).await;
    service.noted(cx, result).await
}

/// Gives items to somebody else, by their username or id, with a reason.
#[boxed]
pub async fn reassign(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    which: &ToPass,
    to: &str,
    reason: &str,
) -> Result<Passed> {
    let result = carry_out_reassign(service, cx, id, which, (to, reason)).await;
    service.noted(cx, result).await
}

/// Only of an open campaign can this be asked.
fn open(campaign: &Campaign) -> Result<()> {
    if campaign.content.state == CampaignState::Open {
        return Ok(());
    }
    let state = campaign.content.state.label().to_lowercase();
    Err(Error::Refused(format!(
        "This can be done only while reviewers decide. The campaign is {state}."
    )))
}

async fn carry_out_extend(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    until: &str,
    reason: &str,
) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let (before, permit) = permitted(&mut tx, cx, id, Action::RunReview).await?;
    open(&before)?;
    let zone = zone(&mut tx).await?;
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    let due = until
        .trim()
        .parse::<Date>()
        .ok()
        .map(|day| day.end(&zone).plus(-SECOND))
        .filter(|due| *due > now && *due > before.content.due);
    let Some(due) = due else {
        errors.add(
            "until",
            "Write a day after the present end, like 2026-12-31.",
        );
        return Err(errors.into());
    };
    errors.or(())?;
    let after = CampaignContent {
        due,
        ..before.content.clone()
    };
    let target = tx
        .replace_campaign(id, before.recorded_from, &after)
        .await?;
    let event = cx.change(
        &permit,
        AuditAction::CampaignExtended,
        target,
        Some(&before.content),
        Some(&after),
        Some(&reason),
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await
}

async fn carry_out_remind(service: &Service, cx: &Cx, id: CampaignId) -> Result<usize> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let (campaign, _) = permitted(&mut tx, cx, id, Action::RunReview).await?;
    open(&campaign)?;
    let waits = waiting(&mut tx, id).await?;
    let people: Vec<IdentityId> = waits.keys().copied().collect();
    let told = tx
        .told_since(
            &people,
            NoticeKind::ReviewReminder,
            id.into(),
            now.plus(-QUIET),
        )
        .await?;
    let zone = zone(&mut tx).await?;
    let notices = reminders(&campaign, &waits, &told, &zone);
    if notices.is_empty() {
        return Err(Error::Refused(
            "Everybody who has something to decide was reminded within a day. Nobody is reminded more often.".to_owned(),
        ));
    }
    tell(&mut tx, &notices).await?;
    let event = cx.about(AuditAction::CampaignReminded, id);
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(notices.len())
}

/// How much waits for each reviewer.
async fn waiting(tx: &mut ReadTx, id: CampaignId) -> Result<BTreeMap<IdentityId, i64>> {
    let mut waits: BTreeMap<IdentityId, i64> = BTreeMap::new();
    let mut after = (0, -1);
    loop {
        let piles = tx.piles(id, after, PILES).await?;
        let Some(last) = piles.last() else {
            return Ok(waits);
        };
        after = (last.reviewer().raw(), last.stage);
        for pile in piles.iter().filter(|pile| pile.open() > 0) {
            *waits.entry(pile.reviewer()).or_default() += pile.open();
        }
    }
}

fn reminders(
    campaign: &Campaign,
    waits: &BTreeMap<IdentityId, i64>,
    told: &BTreeSet<IdentityId>,
    zone: &TimeZone,
) -> Vec<Notice> {
    let day = last_day(campaign.content.due, zone);
    waits
        .iter()
        .filter(|(who, _)| !told.contains(who))
        .map(|(who, open)| Notice {
            to: *who,
            kind: NoticeKind::ReviewReminder,
            object: campaign.id.into(),
            title: format!("{}: {open} items wait for you", campaign.content.name),
            text: format!(
                "The last day is {day}. {}",
                campaign.content.terms.unanswered.sentence()
            ),
            path: format!("/reviews/{}/decide", campaign.id),
        })
        .collect()
}

/// The last day on which something can be done that ends at a moment.
fn last_day(end: Instant, zone: &TimeZone) -> Date {
    end.last_day(zone)
}

async fn carry_out_reassign(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    which: &ToPass,
    (to, reason): (&str, &str),
) -> Result<Passed> {
    let mut tx = service.begin(cx).await?;
    let (campaign, _) = permitted(&mut tx, cx, id, Action::RunReview).await?;
    open(&campaign)?;
    let mut errors = FieldErrors::new();
    let found = references::person(&mut tx, "to", to, &mut errors).await?;
    if found.is_none() && errors.is_empty() {
        errors.add("to", "Somebody is missing. Write who decides instead.");
    }
    errors.or(())?;
    let reason = checked(reason)?;
    let Some(to) = found else {
        return Err(Error::Internal(
            "a person is neither known nor a problem".to_owned(),
        ));
    };
    let person = tx.identity(to).await?.ok_or(Error::NotFound)?.content;
    if !matches!(
        person.status,
        IdentityStatus::Active | IdentityStatus::OnLeave
    ) {
        let name = person.display_name;
        return Err(Error::Refused(format!(
            "{name} has left or is suspended. Name somebody who can decide."
        )));
    }
    let (mut done, mut after) = (Passed { passed: 0, left: 0 }, 0);
    let mut own = cx.clone();
    loop {
        let items = match which {
            ToPass::Items(numbers) => tx.review_items(id, numbers).await?,
            ToPass::Pile(from) => tx.open_items(id, Some(*from), after, AT_ONCE).await?,
        };
        let Some(last) = items.last() else { break };
        // Between two parts it may have been closed.
        open(&tx.campaign(id).await?.ok_or(Error::NotFound)?)?;
        after = last.facts.number;
        let all = items.len() as u64;
        let moves: Vec<Move<'_>> = items
            .iter()
            .filter(|item| item.open && item.reviewer != to)
            .filter(|item| !parts(&campaign, &item.facts).are(to))
            .map(|item| Move::named(item, to))
            .collect();
        done.left += all - moves.len() as u64;
        if !moves.is_empty() {
            done.passed += moves.len() as u64;
            let event = pass(&mut tx, cx, &campaign, &moves, &reason).await?;
            service.commit(&own, tx, id, event, Vec::new()).await?;
            // The form is remembered with its first part; what is left would be found again by another.
            own.once = None;
            tx = service.begin(&own).await?;
        }
        if matches!(which, ToPass::Items(_)) {
            break;
        }
    }
    if done.passed == 0 {
        return Err(Error::Refused(
            "Nothing of this can go to them: it is decided, is theirs already, or is about themselves. Name somebody else.".to_owned(),
        ));
    }
    Ok(done)
}
