//! Breaking the glass: access at once, loud in the log, with a task to look into it.

use domain::approval::{Approver, Step};
use domain::field::FieldErrors;
use domain::id::{IdentityId, RequestId};
use domain::notice::NoticeKind;
use domain::permission::Action;
use domain::request::{ItemKind, Length};
use storage::WriteTx;

use super::check;
use super::course::Course;
use super::submit::{Wanted, write};
use crate::assignments::what;
use crate::people::facts;
use crate::{Cx, Error, Result, Service, boxed, flows};

/// Takes something at once, for oneself, for as many hours as its flow says.
#[boxed]
pub async fn take_at_once(
    service: &Service,
    cx: &Cx,
    typed: &str,
    reason: &str,
) -> Result<RequestId> {
    let result = carry_out(service, cx, typed, reason).await;
    service.noted(cx, result).await
}

async fn carry_out(service: &Service, cx: &Cx, typed: &str, reason: &str) -> Result<RequestId> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let Some(me) = cx.me() else {
        return Err(Error::NotFound);
    };
    let (identity, about) = facts(&mut tx, cx, me, now).await?;
    let permit = cx.decide(Action::AskAccess, Some(me.into()), about)?;
    check::present(&identity)?;
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    let what = what(&mut tx, typed, &mut errors).await?;
    errors.or(())?;
    let Some(what) = what else {
        return Err(Error::NotFound);
    };
    let flow = check::offered(&mut tx, me, what)
        .await?
        .map_err(Error::Refused)?;
    let Some(hours) = flow.content.emergency_hours else {
        return Err(Error::Refused(
            "This cannot be taken in an emergency. Ask for it in the usual way.".to_owned(),
        ));
    };
    if let Some(sentence) = check::there(&mut tx, me, what, now).await? {
        return Err(Error::Refused(sentence));
    }
    let wanted = Wanted {
        kind: ItemKind::Emergency,
        what,
        length: Length::Hours(hours),
        reason,
        flow,
        based_on: None,
        at_once: Some("It was taken in an emergency."),
    };
    write(service, cx, tx, &permit, (me, me), vec![wanted]).await
}

/// Tells the manager, the owner and the administrators.
pub(super) async fn alarm(course: &mut Course<'_>, tx: &mut WriteTx) -> Result<()> {
    let content = course.content();
    let (parties, what) = (content.parties(), content.what);
    let mut told: Vec<IdentityId> = Vec::new();
    for approver in [Approver::Manager, Approver::Owner, Approver::Administrators] {
        let found = flows::approvers(tx, &Step::by(approver), parties, what, course.now).await?;
        told.extend(found.people);
    }
    told.sort_unstable();
    told.dedup();
    course.tell(tx, NoticeKind::EmergencyUsed, &told, "").await
}
