//! What people are about to ask for. Nobody else's business until they submit it: not versioned and not in the log.

use crate::boxed;
use domain::id::{IdentityId, ObjectRef};
use domain::request::CartLine;
use domain::role::Grantable;
use domain::time::Instant;

use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

impl ReadTx {
    /// The lines of somebody's cart, in the order in which they were added.
    #[boxed]
    pub async fn cart(&mut self, owner: IdentityId) -> Result<Vec<CartLine>> {
        let text = "SELECT beneficiary_id, what, days, reason, added FROM cart_line WHERE owner_id = $1 ORDER BY added, beneficiary_id, what";
        let rows: Vec<(i64, String, Option<i64>, String, At)> =
            on!(self, c => sqlx::query_as(text).bind(owner.raw()).fetch_all(c).await)?;
        rows.into_iter()
            .map(|(beneficiary, what, days, reason, added)| {
                let damaged = || Error::damaged(format!("cart_line of {owner}: {what}"));
                let object: ObjectRef = what.parse().map_err(|_| damaged())?;
                Ok(CartLine {
                    beneficiary: IdentityId::from_raw(beneficiary),
                    what: Grantable::of(object).ok_or_else(damaged)?,
                    days: days.and_then(|days| u32::try_from(days).ok()),
                    reason,
                    added: added.0,
                })
            })
            .collect()
    }
}

impl ReadTx {
    /// How many lines somebody's cart has.
    #[boxed]
    pub async fn cart_count(&mut self, owner: IdentityId) -> Result<u64> {
        let text = "SELECT COUNT(*) FROM cart_line WHERE owner_id = $1";
        let count: i64 =
            on!(self, c => sqlx::query_scalar(text).bind(owner.raw()).fetch_one(c).await)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}

impl WriteTx {
    /// Puts a line into somebody's cart, or changes the one that is there.
    #[boxed]
    pub async fn put_in_cart(&mut self, owner: IdentityId, line: &CartLine) -> Result<()> {
        let text = "INSERT INTO cart_line (owner_id, beneficiary_id, what, days, reason, added) VALUES ($1, $2, $3, $4, $5, $6) \
                    ON CONFLICT (owner_id, beneficiary_id, what) DO UPDATE SET days = excluded.days, reason = excluded.reason";
        let what = line.what.object().to_string();
        on!(self, c => sqlx::query(text)
            .bind(owner.raw())
            .bind(line.beneficiary.raw())
            .bind(&what)
            .bind(line.days.map(i64::from))
            .bind(&line.reason)
            .bind(At(line.added))
            .execute(c).await.map(drop))
        .map_err(Error::from_write)
    }

    /// Takes a line out of somebody's cart; answers whether it was there.
    #[boxed]
    pub async fn take_from_cart(
        &mut self,
        owner: IdentityId,
        beneficiary: IdentityId,
        what: Grantable,
    ) -> Result<bool> {
        let text =
            "DELETE FROM cart_line WHERE owner_id = $1 AND beneficiary_id = $2 AND what = $3";
        let what = what.object().to_string();
        let gone = on!(self, c => sqlx::query(text).bind(owner.raw()).bind(beneficiary.raw()).bind(&what).execute(c).await
            .map(|done| done.rows_affected()))?;
        Ok(gone > 0)
    }

    /// Removes lines that were put there before a moment and never asked for.
    #[boxed]
    pub async fn forget_carts(&mut self, before: Instant) -> Result<()> {
        let text = "DELETE FROM cart_line WHERE added < $1";
        on!(self, c => sqlx::query(text).bind(At(before)).execute(c).await.map(drop))?;
        Ok(())
    }
}
