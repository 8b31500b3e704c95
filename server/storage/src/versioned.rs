//! What all versioned tables share: the salted hash of a row's content and the closing of the present version.

use domain::audit::Target;
use domain::id::ObjectRef;
use domain::time::Instant;
use proof::hash::{Salt, salted_hash};
use serde::Serialize;

use crate::bulk::Rows;
use crate::column::At;
use crate::engine::WriteTx;
use crate::{Error, Result};

/// Hash of a content as the log marks it: SHA-256(salt || canonical JSON).
pub(crate) fn content_hash(salt: &[u8], content: &impl Serialize) -> Result<[u8; 32]> {
    let salt: [u8; 16] = salt
        .try_into()
        .map_err(|_| Error::damaged("a content salt has the wrong length"))?;
    let canonical = proof::canonical::to_vec(content).map_err(|e| Error::Entry(e.to_string()))?;
    Ok(salted_hash(&Salt(salt), &canonical).0)
}

impl WriteTx {
    /// A fresh salt.
    pub(crate) fn salt(&self) -> [u8; 16] {
        let mut salt = [0; 16];
        self.entropy.fill(&mut salt);
        salt
    }

    /// Closes the current version of an object if it is still the one recorded at `expected`; answers
    /// [`Error::Stale`] otherwise. `text` is the UPDATE of its table with $1 = id, $2 = expected, $3 = now.
    pub(crate) async fn close_version(
        &mut self,
        text: &'static str,
        id: i64,
        expected: Instant,
    ) -> Result<()> {
        let now = At(self.recorded);
        let closed = on!(self, c => sqlx::query(text).bind(id).bind(At(expected)).bind(now).execute(c).await
            .map(|done| done.rows_affected()))?;
        if closed == 1 {
            Ok(())
        } else {
            Err(Error::Stale)
        }
    }
}

impl WriteTx {
    /// Closes the current versions of objects if all of them are still the ones recorded then; [`Error::Stale`] otherwise,
    /// and then nothing of this transaction can be kept. `text` takes rows of id and moment as $1 and now as $2.
    pub(crate) async fn close_versions(
        &mut self,
        text: &'static str,
        versions: impl ExactSizeIterator<Item = (i64, Instant)>,
    ) -> Result<()> {
        let count = versions.len() as u64;
        let rows = Rows::of(versions, |cells, (id, from)| {
            cells.number(id);
            cells.at(from);
        });
        let now = At(self.recorded);
        let closed = on!(self, c => sqlx::query(text).bind(&rows).bind(now).execute(c).await
            .map(|done| done.rows_affected()))?;
        let all = if closed == count {
            Ok(())
        } else {
            Err(Error::Stale)
        };
        self.whole(all)
    }
}

/// The log's mark of an object whose content is now this.
pub(crate) fn mark(object: impl Into<ObjectRef>, content: [u8; 32]) -> Target {
    Target {
        object: object.into(),
        content: Some(content),
    }
}
