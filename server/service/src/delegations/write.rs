//! Saying who decides for somebody, and calling that back.

use domain::audit::{AuditAction, Target};
use domain::delegation::{DelegationContent, DelegationState};
use domain::field::FieldErrors;
use domain::id::{DelegationId, IdentityId};
use domain::identity::IdentityStatus;
use domain::permission::Action;
use domain::time::{DAY, Instant};
use jiff::tz::TimeZone;
use storage::{ReadTx, WriteTx};

use super::facts;
use crate::notifications::{Notice, NoticeKind, tell};
use crate::{Cx, Error, Result, Service, boxed, references};

/// The longest delegation: whoever is away for longer has somebody else's work.
const MOST_DAYS: i64 = 366;

/// What somebody types, unchecked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DelegationDraft {
    /// Username or id of who stands in.
    pub delegate: String,
    /// The first day; empty is now.
    pub from: String,
    /// The last day.
    pub until: String,
    /// Why.
    pub reason: String,
}

/// Lets somebody decide for a person, from the beginning of a day to the end of another one in the organisation.
#[boxed]
pub async fn create(
    service: &Service,
    cx: &Cx,
    person: IdentityId,
    draft: &DelegationDraft,
) -> Result<DelegationId> {
    let result = carry_out_create(service, cx, person, draft).await;
    service.noted(cx, result).await
}

/// Calls a delegation back: what waits for the delegator waits for them alone again.
#[boxed]
pub async fn end(service: &Service, cx: &Cx, id: DelegationId) -> Result<()> {
    let result = carry_out_end(service, cx, id).await;
    service.noted(cx, result).await
}

async fn carry_out_create(
    service: &Service,
    cx: &Cx,
    person: IdentityId,
    draft: &DelegationDraft,
) -> Result<DelegationId> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let facts = facts(&mut tx, cx, person, now).await?;
    let permit = cx.decide(Action::Delegate, Some(person.into()), facts)?;
    let mut errors = FieldErrors::new();
    let delegate = delegate(&mut tx, person, &draft.delegate, &mut errors).await?;
    let (valid_from, valid_until) = days(&mut tx, draft, now, &mut errors).await?;
    let reason = errors.required("reason", "The reason", &draft.reason, 500);
    if let Some(delegate) = delegate {
        let asked = (delegate, valid_from, valid_until);
        not_twice(&mut tx, person, asked, &mut errors).await?;
    }
    let delegate = errors.or(delegate)?.ok_or(Error::NotFound)?;
    let content = DelegationContent {
        delegator: person,
        delegate,
        valid_from,
        valid_until,
        reason: reason.clone(),
        state: DelegationState::Active,
    };
    let (id, target) = tx.insert_delegation(&content).await?;
    let mut event = cx.change(
        &permit,
        AuditAction::DelegationCreated,
        target,
        None::<&DelegationContent>,
        Some(&content),
        Some(&reason),
    )?;
    touch(&mut event.targets, &content);
    told(&mut tx, cx, id, &content).await?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(id)
}

async fn carry_out_end(service: &Service, cx: &Cx, id: DelegationId) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let before = tx.delegation(id).await?.ok_or(Error::NotFound)?;
    let person = before.content.delegator;
    let facts = facts(&mut tx, cx, person, now).await?;
    let permit = cx.decide(Action::Delegate, Some(person.into()), facts)?;
    if before.content.state == DelegationState::Ended || before.content.valid_until <= now {
        return Err(Error::Refused(
            "This delegation is over already.".to_owned(),
        ));
    }
    let content = DelegationContent {
        state: DelegationState::Ended,
        ..before.content.clone()
    };
    let target = tx
        .replace_delegation(id, before.recorded_from, &content)
        .await?;
    let mut event = cx.change(
        &permit,
        AuditAction::DelegationEnded,
        target,
        Some(&before.content),
        Some(&content),
        None,
    )?;
    touch(&mut event.targets, &content);
    service.commit(cx, tx, id, event, Vec::new()).await
}

/// Whoever is to decide for somebody hears of it.
async fn told(
    tx: &mut WriteTx,
    cx: &Cx,
    id: DelegationId,
    content: &DelegationContent,
) -> Result<()> {
    if cx.me() == Some(content.delegate) {
        return Ok(());
    }
    let zone = tx.organisation().await?.map(|found| found.time_zone());
    let zone = zone.unwrap_or(TimeZone::UTC);
    let mut names = tx.identity_names(&[content.delegator]).await?;
    let name = names.pop().map(|one| one.display_name).unwrap_or_default();
    let last = content.valid_until.last_day(&zone);
    let notice = Notice {
        to: content.delegate,
        kind: NoticeKind::DelegationReceived,
        object: id.into(),
        title: format!("You decide for {name}"),
        text: format!(
            "From {} to {last}, what waits for {name} waits for you, too. Reason: {}",
            content.valid_from.day(&zone),
            content.reason
        ),
        path: "/me/delegations".to_owned(),
    };
    tell(tx, &[notice]).await
}

/// Both people find the entry in their timelines.
fn touch(targets: &mut Vec<Target>, content: &DelegationContent) {
    for person in [content.delegator, content.delegate] {
        targets.push(Target {
            object: person.into(),
            content: None,
        });
    }
}

/// Somebody who works here, and is not the person themself.
async fn delegate(
    tx: &mut ReadTx,
    person: IdentityId,
    typed: &str,
    errors: &mut FieldErrors,
) -> Result<Option<IdentityId>> {
    if typed.trim().is_empty() {
        errors.add("delegate", "Choose who decides meanwhile.");
        return Ok(None);
    }
    let Some(id) = references::person(tx, "delegate", typed, errors).await? else {
        return Ok(None);
    };
    if id == person {
        errors.add(
            "delegate",
            "Choose somebody else: nobody stands in for themself.",
        );
        return Ok(None);
    }
    let found = tx.identity(id).await?.ok_or(Error::NotFound)?;
    if found.content.status != IdentityStatus::Active {
        let name = found.content.display_name;
        let state = found.content.status.label().to_lowercase();
        errors.add(
            "delegate",
            format!("{name} is {state} and could not decide. Choose somebody else."),
        );
        return Ok(None);
    }
    Ok(Some(id))
}

async fn days(
    tx: &mut ReadTx,
    draft: &DelegationDraft,
    now: Instant,
    errors: &mut FieldErrors,
) -> Result<(Instant, Instant)> {
    let zone = match tx.organisation().await? {
        Some(organisation) => organisation.time_zone(),
        None => TimeZone::UTC,
    };
    let from = errors.date("from", "The first day", &draft.from);
    let until = errors.date("until", "The last day", &draft.until);
    if draft.until.trim().is_empty() {
        errors.add(
            "until",
            "The last day is missing: a delegation always ends.",
        );
    }
    let from = from.map_or(now, |day| day.start(&zone)).max(now);
    let Some(until) = until.map(|day| day.end(&zone)) else {
        return Ok((from, from));
    };
    if until <= now {
        errors.add("until", "This day is over. Choose today or a later day.");
    } else if until <= from {
        errors.add(
            "until",
            "The last day is before the first day. Choose a later day.",
        );
    } else if until.since(from) > MOST_DAYS * DAY {
        errors.add(
            "until",
            "A delegation lasts for at most a year. Choose an earlier day.",
        );
    }
    Ok((from, until))
}

/// The same person twice at the same time would only be confusing.
async fn not_twice(
    tx: &mut ReadTx,
    person: IdentityId,
    (delegate, from, until): (IdentityId, Instant, Instant),
    errors: &mut FieldErrors,
) -> Result<()> {
    let same = tx
        .delegations_of(person, 1_000)
        .await?
        .into_iter()
        .any(|one| {
            let content = one.content;
            content.delegator == person
                && content.delegate == delegate
                && content.state == DelegationState::Active
                && content.valid_from < until
                && from < content.valid_until
        });
    if same {
        errors.add(
            "delegate",
            "This person stands in at this time already. End that delegation first, or choose other days.",
        );
    }
    Ok(())
}
