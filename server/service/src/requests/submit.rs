//! Asking for access: one request with its items, each of which goes its own way.

use domain::approval::{Flow, Happened};
use domain::audit::{AuditAction, Event};
use domain::field::FieldErrors;
use domain::id::{AssignmentId, IdentityId, ObjectKind, RequestId, RequestItemId};
use domain::permission::{Action, Permit};
use domain::request::{
    ItemKind, ItemState, Length, MOST_ITEMS, RequestContent, RequestItem, RequestItemContent,
};
use domain::role::Grantable;
use storage::WriteTx;

use super::ask::{Ask, Line};
use super::check;
use super::course::{By, Course, commit};
use crate::assignments::{name, what};
use crate::notifications::{Notice, tell};
use crate::people::facts;
use crate::{Cx, Error, Result, Service, boxed, flows};

/// Asks for everything in the ask, or for nothing: all that is wrong is said at once.
#[boxed]
pub async fn submit(service: &Service, cx: &Cx, ask: &Ask) -> Result<RequestId> {
    let result = carry_out(service, cx, ask, false).await;
    service.noted(cx, result).await
}

/// Asks for what is in the actor's cart for a person, and takes it out of there.
#[boxed]
pub async fn submit_cart(
    service: &Service,
    cx: &Cx,
    beneficiary: IdentityId,
    reason: &str,
) -> Result<RequestId> {
    let Some(me) = cx.me() else {
        return Err(Error::NotFound);
    };
    let cart = service.store.read().await?.cart(me).await?;
    let lines = cart
        .into_iter()
        .filter(|line| line.beneficiary == beneficiary);
    let ask = Ask {
        beneficiary,
        lines: lines
            .map(|line| Line {
                what: line.what.object().to_string(),
                days: line.days.map(|days| days.to_string()).unwrap_or_default(),
                reason: line.reason,
            })
            .collect(),
        reason: reason.to_owned(),
    };
    let result = carry_out(service, cx, &ask, true).await;
    service.noted(cx, result).await
}

/// Asks for more time for an assignment of the actor.
#[boxed]
pub async fn extend(
    service: &Service,
    cx: &Cx,
    id: AssignmentId,
    days: &str,
    reason: &str,
) -> Result<RequestId> {
    let result = carry_out_extend(service, cx, id, days, reason).await;
    service.noted(cx, result).await
}

/// Something to ask for that was found to be in order.
pub(super) struct Wanted {
    pub(super) kind: ItemKind,
    pub(super) what: Grantable,
    pub(super) length: Length,
    pub(super) reason: String,
    pub(super) flow: Flow,
    pub(super) based_on: Option<AssignmentId>,
    /// Why it is approved without anybody being asked; none when the flow decides.
    pub(super) at_once: Option<&'static str>,
}

async fn carry_out(service: &Service, cx: &Cx, ask: &Ask, cart: bool) -> Result<RequestId> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let (person, about) = facts(&mut tx, cx, ask.beneficiary, now).await?;
    let permit = cx.decide(Action::AskAccess, Some(ask.beneficiary.into()), about)?;
    check::present(&person)?;
    let mut errors = FieldErrors::new();
    if ask.lines.is_empty() {
        errors.add(
            "lines",
            "Nothing is asked for. Choose something in the catalogue first.",
        );
    } else if ask.lines.len() > MOST_ITEMS {
        errors.add(
            "lines",
            format!(
                "At most {MOST_ITEMS} things can be asked for at once. Make two requests of it."
            ),
        );
    }
    errors.or(())?;
    let mut errors = FieldErrors::new();
    let mut wanted: Vec<Wanted> = Vec::with_capacity(ask.lines.len());
    for line in &ask.lines {
        if let Some(one) = checked(&mut tx, ask, line, &mut errors).await? {
            if wanted.iter().any(|other| other.what == one.what) {
                let called = name(&mut tx, one.what).await?;
                errors.add("lines", format!("{called} is asked for twice. Remove one."));
            }
            wanted.push(one);
        }
    }
    errors.or(())?;
    let requester = cx.me().unwrap_or(ask.beneficiary);
    if cart {
        for one in &wanted {
            tx.take_from_cart(requester, ask.beneficiary, one.what)
                .await?;
        }
    }
    write(
        service,
        cx,
        tx,
        &permit,
        (requester, ask.beneficiary),
        wanted,
    )
    .await
}

/// A line that is in order; what is wrong with it goes to the errors.
async fn checked(
    tx: &mut WriteTx,
    ask: &Ask,
    line: &Line,
    errors: &mut FieldErrors,
) -> Result<Option<Wanted>> {
    let now = tx.recorded();
    let mut own = FieldErrors::new();
    let Some(what) = what(tx, &line.what, &mut own).await? else {
        own.iter()
            .for_each(|error| errors.add("lines", error.message.clone()));
        return Ok(None);
    };
    let called = name(tx, what).await?;
    let flow = match check::offered(tx, ask.beneficiary, what).await? {
        Ok(flow) => flow,
        Err(sentence) => {
            errors.add("lines", sentence);
            return Ok(None);
        }
    };
    if let Some(sentence) = check::hindrance(tx, ask.beneficiary, what, now).await? {
        errors.add("lines", sentence);
    }
    let reason = if line.reason.trim().is_empty() {
        &ask.reason
    } else {
        &line.reason
    };
    let reason = errors.required("reason", &format!("The reason for {called}"), reason, 500);
    let length = match check::days(&line.days, &flow, &called) {
        Ok(length) => length,
        Err(sentence) => {
            errors.add("days", sentence);
            return Ok(None);
        }
    };
    Ok(Some(Wanted {
        kind: ItemKind::New,
        what,
        length,
        reason,
        flow,
        based_on: None,
        at_once: None,
    }))
}

async fn carry_out_extend(
    service: &Service,
    cx: &Cx,
    id: AssignmentId,
    days: &str,
    reason: &str,
) -> Result<RequestId> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let assignment = tx.assignment(id).await?.ok_or(Error::NotFound)?;
    let person = assignment.content.identity;
    let (identity, about) = facts(&mut tx, cx, person, now).await?;
    let permit = cx.decide(Action::AskAccess, Some(person.into()), about)?;
    check::present(&identity)?;
    crate::assignments::by_hand(&assignment.content)?;
    if assignment.content.valid_until.is_none() {
        return Err(Error::Refused("This does not end by itself.".to_owned()));
    }
    let what = assignment.content.what;
    let called = name(&mut tx, what).await?;
    let flow = flows::flow_for(&mut tx, what).await?;
    let waiting = tx.items_for(person, true, 1_000).await?;
    if waiting.iter().any(|item| item.content.based_on == Some(id)) {
        return Err(Error::Refused(format!(
            "More time for {called} was asked for already and waits for a decision."
        )));
    }
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    let length = check::days(days, &flow, &called);
    if let Err(sentence) = &length {
        errors.add("days", sentence.clone());
    }
    errors.or(())?;
    let wanted = Wanted {
        kind: ItemKind::Extend,
        what,
        length: length.unwrap_or(Length::Unlimited),
        reason,
        flow,
        based_on: Some(id),
        at_once: None,
    };
    let requester = cx.me().unwrap_or(person);
    write(service, cx, tx, &permit, (requester, person), vec![wanted]).await
}

/// Writes the request, and all that follows from it at once.
pub(super) async fn write(
    service: &Service,
    cx: &Cx,
    mut tx: WriteTx,
    permit: &Permit,
    (requester, beneficiary): (IdentityId, IdentityId),
    wanted: Vec<Wanted>,
) -> Result<RequestId> {
    let now = tx.recorded();
    let content = RequestContent {
        requester,
        beneficiary,
        created: now,
        items: u32::try_from(wanted.len()).unwrap_or(u32::MAX),
    };
    let (request, target) = tx.insert_request(&content).await?;
    let mut first = cx.change(
        permit,
        AuditAction::RequestSubmitted,
        target,
        None::<&RequestContent>,
        Some(&content),
        wanted.first().map(|one| one.reason.as_str()),
    )?;
    first.targets.push(domain::audit::Target {
        object: beneficiary.into(),
        content: None,
    });
    let mut log: Vec<Event> = vec![first];
    let mut notices: Vec<Notice> = Vec::new();
    for (number, one) in (1..).zip(wanted) {
        let id = RequestItemId::from_raw(tx.next_id(ObjectKind::RequestItem).await?);
        let reason = one.reason.clone();
        // What one has is activated by the rule for activations alone; who asks for more asks for it anew.
        let condition = match one.at_once {
            Some(why) => Some(why.to_owned()),
            None if one.kind == ItemKind::Activate => None,
            None => {
                let asked = (one.what, one.length);
                flows::automatic(&mut tx, &one.flow, beneficiary, asked, now).await?
            }
        };
        let item = RequestItem {
            id,
            recorded_from: now,
            content: RequestItemContent {
                request,
                number,
                kind: one.kind,
                requester,
                beneficiary,
                what: one.what,
                length: one.length,
                reason: one.reason,
                created: now,
                flow: one.flow.id,
                flow_recorded: one.flow.id.map(|_| one.flow.recorded_from),
                definition: one.flow.content,
                state: ItemState::Waiting,
                ended: None,
                based_on: one.based_on,
                assignment: None,
            },
        };
        let mut course = Course::begin(cx, *permit, now, item);
        let who = By {
            by: Some(requester),
            on_behalf_of: None,
        };
        let submitted = (AuditAction::RequestSubmitted, Some(reason.as_str()));
        course
            .happen(&mut tx, who, Happened::Submitted, submitted)
            .await?;
        if let Some(condition) = condition {
            let approved = Happened::ApprovedByCondition { condition };
            let action = (AuditAction::RequestApproved, None);
            course
                .happen(&mut tx, By::default(), approved, action)
                .await?;
        }
        course.proceed(&mut tx).await?;
        if one.kind == ItemKind::Emergency {
            super::emergency::alarm(&mut course, &mut tx).await?;
        }
        notices.append(&mut course.notices);
        log.append(&mut course.log);
    }
    tell(&mut tx, &notices).await?;
    commit(service, cx, tx, request, log).await?;
    Ok(request)
}
