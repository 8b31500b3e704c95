//! One assignment, or one exclusion, with names and what may be done to it.

use domain::exclusion::Exclusion;
use domain::id::{AssignmentId, ExclusionId, IdentityId};
use domain::identity::Identity;
use domain::permission::Action;
use domain::role::Grantable;
use storage::ReadTx;
use storage::assignments::Assignment;

use crate::effective::{AsOf, load};
use crate::people::facts;
use crate::{Cx, Error, Result, Service, boxed};

/// An assignment as its forms show it.
#[derive(Debug, Clone)]
pub struct AssignmentDetail {
    /// The record.
    pub assignment: Assignment,
    /// Who has it.
    pub person: Identity,
    /// What was given, by name.
    pub what: String,
    /// Whether the reader may change it.
    pub may_change: bool,
    /// Entitlements that the person would lose when it ends, by name.
    pub loses: Vec<String>,
    /// Entitlements that it gives and that the person would keep, because something else gives them too.
    pub keeps: Vec<String>,
}

/// An exclusion as its forms show it.
#[derive(Debug, Clone)]
pub struct ExclusionDetail {
    /// The record.
    pub exclusion: Exclusion,
    /// Who is excluded.
    pub person: Identity,
    /// From what, by name.
    pub what: String,
    /// Whether the reader may end it.
    pub may_change: bool,
}

/// An assignment, with what its end would do.
#[boxed]
pub async fn read(service: &Service, cx: &Cx, id: AssignmentId) -> Result<AssignmentDetail> {
    let result = carry_out(service, cx, id).await;
    service.noted(cx, result).await
}

/// An exclusion.
#[boxed]
pub async fn exclusion(service: &Service, cx: &Cx, id: ExclusionId) -> Result<ExclusionDetail> {
    let result = carry_out_exclusion(service, cx, id).await;
    service.noted(cx, result).await
}

/// The person, if the actor may see them, and whether they may change what the person has.
async fn person(
    service: &Service,
    tx: &mut ReadTx,
    cx: &Cx,
    id: IdentityId,
) -> Result<(Identity, bool)> {
    let (person, facts) = facts(tx, cx, id, service.now()).await?;
    cx.decide(Action::ReadPerson, Some(id.into()), facts)?;
    let may = cx
        .decide(Action::GiveAccess, Some(id.into()), facts)
        .is_ok();
    Ok((person, may))
}

async fn carry_out(service: &Service, cx: &Cx, id: AssignmentId) -> Result<AssignmentDetail> {
    let mut tx = service.store.read().await?;
    let assignment = tx.assignment(id).await?.ok_or(Error::NotFound)?;
    let identity = assignment.content.identity;
    let (person, may_change) = person(service, &mut tx, cx, identity).await?;
    let moment = AsOf::now(service.now());
    let people = load(&mut tx, &[identity], moment).await?;
    let (mut loses, mut keeps) = (Vec::new(), Vec::new());
    if let Some(whole) = people.by_id.get(&identity) {
        for access in whole.resolve(&people.graph, moment) {
            let of_this = |given: usize| matches!(&whole.via[given], crate::effective::Via::Assigned(one) if one.id == id);
            let by_this = access
                .chains
                .iter()
                .filter(|chain| of_this(chain.given))
                .count();
            if by_this == access.chains.len() {
                loses.push(access.entitlement);
            } else if by_this > 0 {
                keeps.push(access.entitlement);
            }
        }
    }
    let all: Vec<_> = loses.iter().chain(&keeps).copied().collect();
    let names = crate::effective::names_of(&mut tx, &all).await?;
    let listed = |ids: Vec<domain::id::EntitlementId>| {
        let ids = ids.into_iter().filter_map(|id| names.get(&id));
        ids.map(|named| named.display_name.clone()).collect()
    };
    Ok(AssignmentDetail {
        what: name(&mut tx, assignment.content.what).await?,
        loses: listed(loses),
        keeps: listed(keeps),
        assignment,
        person,
        may_change,
    })
}

async fn carry_out_exclusion(
    service: &Service,
    cx: &Cx,
    id: ExclusionId,
) -> Result<ExclusionDetail> {
    let mut tx = service.store.read().await?;
    let exclusion = tx.exclusion(id).await?.ok_or(Error::NotFound)?;
    let (person, may_change) = person(service, &mut tx, cx, exclusion.content.identity).await?;
    Ok(ExclusionDetail {
        what: name(&mut tx, exclusion.content.what).await?,
        exclusion,
        person,
        may_change,
    })
}

/// What something is called.
pub(crate) async fn name(tx: &mut ReadTx, what: Grantable) -> Result<String> {
    Ok(match what {
        Grantable::Entitlement(id) => tx
            .entitlement(id)
            .await?
            .map(|found| found.content.display_name),
        Grantable::Role(id) => tx.role(id).await?.map(|found| found.content.display_name),
    }
    .unwrap_or_default())
}
