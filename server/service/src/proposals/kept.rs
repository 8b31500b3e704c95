//! What was learnt last, kept in memory as long as nothing newer is stored.

use std::sync::{Arc, Mutex, PoisonError};

use domain::proposal::Learnt;
use domain::time::Instant;
use storage::ReadTx;
use storage::proposals::BasisHead;

use crate::{Result, Service};

/// The last thing that was read.
#[derive(Debug, Default)]
pub(crate) struct LastLearnt(Mutex<Option<(Instant, Arc<Learnt>)>>);

/// What was learnt last; none before the first, or when another version of this program wrote it.
pub(super) async fn kept(
    service: &Service,
    tx: &mut ReadTx,
) -> Result<Option<(BasisHead, Arc<Learnt>)>> {
    let Some(head) = tx.proposal_basis().await? else {
        return Ok(None);
    };
    let own = || {
        service
            .proposals
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    };
    if let Some((at, learnt)) = own().as_ref()
        && *at == head.learnt
    {
        return Ok(Some((head, Arc::clone(learnt))));
    }
    let content = tx.proposal_content().await?;
    let Some(learnt) = content.and_then(|bytes| Learnt::from_bytes(&bytes)) else {
        return Ok(None);
    };
    let learnt = Arc::new(learnt);
    *own() = Some((head.learnt, Arc::clone(&learnt)));
    Ok(Some((head, learnt)))
}
