//! The catalogue: what a person may ask for, in words people use, with who must agree and whether they have it.
//!
//! A page takes a fixed number of statements, however much there is. What is not offered to a person is not shown: only what
//! somebody may ask for counts, not what they may see elsewhere.

mod describe;
mod list;
mod offering;
mod one;
mod same;

pub use describe::{Offered, Standing};
pub(super) use describe::{Situation, describe};
pub use list::{Catalogue, CatalogueQuery, catalogue};
pub(super) use offering::{Offering, word};
pub use one::{OfferedDetail, StepPreview, offered};
pub use same::{Same, SameThing, same_as};

use domain::id::IdentityId;
use domain::identity::Identity;
use domain::permission::Action;
use domain::time::Instant;
use storage::ReadTx;

use crate::people::facts;
use crate::{Cx, Error, Result};

/// For whom something is asked, if the actor may; nobody named is oneself.
pub(super) async fn beneficiary(
    tx: &mut ReadTx,
    cx: &Cx,
    person: Option<IdentityId>,
    now: Instant,
) -> Result<Identity> {
    let Some(id) = person.or(cx.me()) else {
        return Err(Error::Denied {
            denied: domain::permission::Denied::SignIn,
            action: Action::AskAccess,
            object: None,
        });
    };
    let (identity, about) = facts(tx, cx, id, now).await?;
    cx.decide(Action::AskAccess, Some(id.into()), about)?;
    Ok(identity)
}
