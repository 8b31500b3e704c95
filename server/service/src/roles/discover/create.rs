//! Making a role of a proposed one. It gives nobody anything: it has its contents, and nobody holds it.

use std::collections::BTreeSet;

use domain::audit::{AuditAction, Target};
use domain::field::FieldErrors;
use domain::id::{DiscoveryId, EntitlementId, ObjectKind, RoleId};
use domain::lifecycle::Lifecycle;
use domain::role::{Grantable, RoleContent, RoleDraft, RolePart};
use storage::WriteTx;

use super::one::{found, suggested};
use super::overlap::same;
use super::{ids, permitted, unpacked};
use crate::roles::write::{one, unique};
use crate::{Cx, Error, Result, Service, boxed, references};

/// What became of a proposed role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// This role was made now.
    Now(RoleId),
    /// This role had been made of it before.
    Before(RoleId),
}

/// Makes a role of a proposed one, described like this.
#[boxed]
pub async fn create_proposed(
    service: &Service,
    cx: &Cx,
    id: DiscoveryId,
    number: i64,
    draft: &RoleDraft,
) -> Result<Made> {
    let result = carry_out(service, cx, id, number, Some(draft)).await;
    before(service.noted(cx, result).await)
}

/// The same, described as it is suggested: for several at once.
#[boxed]
pub async fn create_suggested(
    service: &Service,
    cx: &Cx,
    id: DiscoveryId,
    number: i64,
) -> Result<Made> {
    let result = carry_out(service, cx, id, number, None).await;
    before(service.noted(cx, result).await)
}

/// A form that is sent twice leads to the role that the first one made.
fn before(result: Result<Made>) -> Result<Made> {
    match result {
        Err(Error::AlreadyDone(text)) => match text.parse() {
            Ok(role) => Ok(Made::Before(role)),
            Err(_) => Err(Error::AlreadyDone(text)),
        },
        other => other,
    }
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: DiscoveryId,
    number: i64,
    draft: Option<&RoleDraft>,
) -> Result<Made> {
    let permit = permitted(cx)?;
    let mut tx = service.begin(cx).await?;
    let (discovery, proposed) = found(&mut tx, id, number).await?;
    if let Some((made, _)) = proposed.row.made {
        return Ok(Made::Before(made));
    }
    let parts = ids(&unpacked(&proposed.entitlements)?, EntitlementId::from_raw);
    usable(&mut tx, &parts).await?;
    if let Some(role) = same(&mut tx, &parts).await?.first() {
        return Err(Error::Refused(format!(
            "The role {} holds exactly these entitlements already. Give people that one instead of making another.",
            role.display_name
        )));
    }
    let own = match draft {
        Some(draft) => draft.clone(),
        None => suggested(&mut tx, &discovery, &proposed.row).await?,
    };
    let mut errors = FieldErrors::new();
    let owner = references::person(&mut tx, "owner", &own.owner, &mut errors).await?;
    let content = own.check(None, owner, &mut errors);
    unique(&mut tx, None, &content, &mut errors).await?;
    let content = RoleContent {
        parts: in_it(&parts),
        ..errors.or(content)?
    };
    let role = RoleId::from_raw(tx.next_id(ObjectKind::Role).await?);
    let target = one(tx.insert_roles(&[(role, content.clone())]).await?)?;
    tx.made_of_proposed(id, number, role).await?;
    let reason = format!("Found in what people have: number {number} of {id}");
    let mut event = cx.change(
        &permit,
        AuditAction::RoleCreated,
        target,
        None::<&RoleContent>,
        Some(&content),
        Some(&reason),
    )?;
    event.targets.push(Target {
        object: id.into(),
        content: None,
    });
    service.commit(cx, tx, role, event, Vec::new()).await?;
    Ok(Made::Now(role))
}

fn in_it(parts: &[EntitlementId]) -> BTreeSet<RolePart> {
    let parts = parts.iter().map(|id| RolePart {
        what: Grantable::Entitlement(*id),
        source: None,
    });
    parts.collect()
}

/// Everything in it can still be given.
async fn usable(tx: &mut WriteTx, parts: &[EntitlementId]) -> Result<()> {
    let there = tx.entitlements_with(parts).await?;
    let gone = there
        .iter()
        .find(|found| found.content.status == Lifecycle::Ended);
    if let Some(gone) = gone {
        return Err(Error::Refused(format!(
            "{} has ended since these roles were found. Look for roles again.",
            gone.content.display_name
        )));
    }
    if there.len() < parts.len() {
        return Err(Error::Internal(
            "an entitlement of a proposal is not recorded".to_owned(),
        ));
    }
    Ok(())
}
