//! Roles: see, create, describe, change what is in them with a plan, suspend, resume, end; versions side by side.

mod contents;
mod discover;
mod export;
mod read;
mod versions;
mod write;

pub use contents::{ContentsDraft, PlannedContents, change_contents, plan_contents};
pub(crate) use contents::{find_entitlement, resolve_part};
pub(crate) use discover::DiscoverRoles;
pub use discover::{
    DiscoverDraft, Discovered, DiscoveredRole, DiscoveriesPage, Discovery, Largest, MEMBERS_PAGE,
    Made, Narrowed, Origin, Overlap, PROPOSAL_PAGE, Proposal, ProposedRole, ProposedRow, Sums,
    Totals, Ways, about, ask, create_proposed, create_suggested, discover, discoveries, proposal,
    proposed_role, some_of, ways,
};
pub(crate) use export::{COLUMNS as EXPORT_COLUMNS, rows as export_rows};
pub use read::{
    NamedPart, RoleDetail, RolesPage, by_name, holders, list, overview, read, timeline,
};
pub use storage::roles::RoleRow;
pub use versions::{Author, Version, Versions, compare, versions};
pub use write::{create, edit, plan_step, step};

use domain::id::RoleId;
use domain::permission::Facts;
use domain::role::Role;
use storage::ReadTx;

use crate::{Cx, Error, Result};

/// A role with what the decision about it needs.
pub(crate) async fn facts(tx: &mut ReadTx, cx: &Cx, id: RoleId) -> Result<(Role, Facts)> {
    let role = tx.role(id).await?.ok_or(Error::NotFound)?;
    let me = cx.me();
    let facts = Facts {
        is_owner: me.is_some() && role.content.owner == me,
        ..Facts::default()
    };
    Ok((role, facts))
}
