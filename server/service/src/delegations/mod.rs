//! Delegations: somebody decides for somebody else from one day to another. Only what waits for the delegator themself is
//! decided by it: whoever stands in for somebody does not stand in for those whom that person stands in for.
//!
//! What a delegate decides is checked where it is decided, not here.

mod read;
mod write;

pub use read::{Delegations, ShownDelegation, of_person, own};
pub use write::{DelegationDraft, create, end};

use domain::id::IdentityId;
use domain::permission::Facts;
use domain::time::Instant;
use storage::ReadTx;

use crate::people;
use crate::{Cx, Result};

/// What the decision about the delegations of a person needs.
async fn facts(tx: &mut ReadTx, cx: &Cx, person: IdentityId, now: Instant) -> Result<Facts> {
    Ok(people::facts(tx, cx, person, now).await?.1)
}
