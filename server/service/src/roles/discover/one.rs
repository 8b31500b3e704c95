//! One role of a proposal: what would be in it, who would hold it, and what there is already.

use domain::discovered::DiscoveryState;
use domain::id::{DiscoveryId, EntitlementId, IdentityId};
use domain::identity::Identity;
use domain::role::RoleDraft;
use storage::ReadTx;
use storage::discoveries::{Discovery, Proposed, ProposedRow};

use super::overlap::{Overlap, overlaps, same};
use super::suggest::technical;
use super::{about, ids, known, permitted, unpacked};
use crate::effective::{NamedEntitlement, NamedRole, names_of};
use crate::{Cx, Error, Result, Service, boxed};

/// Members of a page.
pub const MEMBERS_PAGE: usize = 50;
/// Numbers that are tried behind a technical name.
const MOST_TRIED: u32 = 1_000;

/// A role of a proposal, as its page shows it.
#[derive(Debug, Clone)]
pub struct ProposedRole {
    /// The search.
    pub discovery: Discovery,
    /// Its numbers, and the role that was made of it.
    pub row: ProposedRow,
    /// What would be in it, by application and name.
    pub entitlements: Vec<NamedEntitlement>,
    /// A page of those who would hold it, in the order of ids.
    pub members: Vec<Identity>,
    /// Roles that hold exactly the same.
    pub same: Vec<NamedRole>,
    /// Roles that give some of the same.
    pub overlaps: Vec<Overlap>,
    /// How many such roles are not named.
    pub more_overlaps: usize,
    /// How it could be described.
    pub draft: RoleDraft,
}

/// One role of a proposal with its members from `skip` on.
#[boxed]
pub async fn proposed_role(
    service: &Service,
    cx: &Cx,
    id: DiscoveryId,
    number: i64,
    skip: usize,
) -> Result<ProposedRole> {
    service.noted(cx, permitted(cx).map(drop)).await?;
    let mut tx = service.store.read().await?;
    let (discovery, proposed) = found(&mut tx, id, number).await?;
    let parts = ids(&unpacked(&proposed.entitlements)?, EntitlementId::from_raw);
    let all = unpacked(&proposed.members)?;
    let page = all.iter().skip(skip).take(MEMBERS_PAGE);
    let page: Vec<IdentityId> = page
        .filter_map(|raw| i64::try_from(raw).ok())
        .map(IdentityId::from_raw)
        .collect();
    let mut members = tx.identities_with(&page).await?;
    members.sort_unstable_by_key(|member| member.id);
    let mut entitlements: Vec<NamedEntitlement> =
        names_of(&mut tx, &parts).await?.into_values().collect();
    entitlements.sort_by_cached_key(NamedEntitlement::order);
    let mut same = same(&mut tx, &parts).await?;
    if let Some((made, _)) = &proposed.row.made {
        same.retain(|role| role.id != *made);
    }
    let mut but = same.clone();
    but.extend(proposed.row.made.iter().map(|(id, name)| NamedRole {
        id: *id,
        display_name: name.clone(),
    }));
    let (overlaps, more_overlaps) = overlaps(&mut tx, &parts, &but).await?;
    Ok(ProposedRole {
        draft: suggested(&mut tx, &discovery, &proposed.row).await?,
        row: proposed.row,
        discovery,
        entitlements,
        members,
        same,
        overlaps,
        more_overlaps,
    })
}

/// A role of a proposal that is whole.
pub(super) async fn found(
    tx: &mut ReadTx,
    id: DiscoveryId,
    number: i64,
) -> Result<(Discovery, Proposed)> {
    let discovery = known(tx, id).await?;
    if discovery.state != DiscoveryState::Found {
        return Err(Error::NotFound);
    }
    let proposed = tx.proposed_role(id, number).await?;
    Ok((discovery, proposed.ok_or(Error::NotFound)?))
}

/// A description of it, with a technical name that is free now.
pub(super) async fn suggested(
    tx: &mut ReadTx,
    discovery: &Discovery,
    row: &ProposedRow,
) -> Result<RoleDraft> {
    let base = technical(&row.name);
    let mut name = base.clone();
    for number in 2..MOST_TRIED {
        if tx.role_by_name(&name).await?.is_none() {
            break;
        }
        name = format!("{base}-{number}");
    }
    let who = match row.members {
        1 => "1 person".to_owned(),
        members => format!("{members} people"),
    };
    Ok(RoleDraft {
        name,
        display_name: row.name.clone(),
        description: format!(
            "What {who} had in common when roles were looked for in {}.",
            about(discovery)
        ),
        owner: String::new(),
    })
}
