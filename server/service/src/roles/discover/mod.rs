//! Role discovery: as few roles as possible of which what people have is put together exactly.
//!
//! Reading and searching are the same for the command line, which shows what is found and keeps nothing, and for the job,
//! which keeps it as a proposal. Roles are made of a proposal one by one, when somebody says so.

mod ask;
mod console;
mod create;
mod gather;
mod job;
mod keep;
mod one;
mod overlap;
mod search;
mod suggest;
mod view;

pub use ask::{DiscoverDraft, Ways, ask, ways};
pub use console::{Discovered, DiscoveredRole, discover};
pub use create::{Made, create_proposed, create_suggested};
pub(crate) use job::DiscoverRoles;
pub use one::{MEMBERS_PAGE, ProposedRole, proposed_role};
pub use overlap::Overlap;
pub use storage::discoveries::{Discovery, Narrowed, Origin, ProposedRow, Sums, Totals};
pub use view::{DiscoveriesPage, Largest, PROPOSAL_PAGE, Proposal, discoveries, proposal, some_of};

use domain::discovered::Scope;
use domain::id::DiscoveryId;
use domain::permission::{Action, Facts, Permit};
use roaring::RoaringTreemap;
use storage::ReadTx;

use crate::{Cx, Error, Result};

/// Whoever may make roles may look for them, and see what was found.
fn permitted(cx: &Cx) -> Result<Permit> {
    cx.decide(Action::CreateAccess, None, Facts::default())
}

/// A search that there is.
async fn known(tx: &mut ReadTx, id: DiscoveryId) -> Result<Discovery> {
    tx.discovery(id).await?.ok_or(Error::NotFound)
}

/// Where a search looks, in words that go on after “roles in”: `the access of everybody`.
pub fn about(discovery: &Discovery) -> String {
    match &discovery.scope {
        Scope::Everybody => "the access of everybody".to_owned(),
        Scope::Application(_) => format!("the access to {}", discovery.application),
        Scope::Department(name) => format!("the access of {name}"),
    }
}

/// A set as it is kept.
fn packed(ids: &[u32]) -> Result<Vec<u8>> {
    let set: RoaringTreemap = ids.iter().map(|id| u64::from(*id)).collect();
    let mut bytes = Vec::with_capacity(set.serialized_size());
    set.serialize_into(&mut bytes)
        .map_err(|error| Error::Internal(format!("a set cannot be written: {error}")))?;
    Ok(bytes)
}

/// A set that was kept.
fn unpacked(bytes: &[u8]) -> Result<RoaringTreemap> {
    RoaringTreemap::deserialize_from(bytes)
        .map_err(|error| Error::Internal(format!("a set of a proposal cannot be read: {error}")))
}

/// Ids of a set, in their order.
fn ids<T>(set: &RoaringTreemap, id: impl Fn(i64) -> T) -> Vec<T> {
    let raw = set.iter().filter_map(|raw| i64::try_from(raw).ok());
    raw.map(id).collect()
}
