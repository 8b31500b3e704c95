//! Delegations, with every version.

use std::collections::HashMap;

use crate::boxed;
use domain::audit::Target;
use domain::delegation::{Delegation, DelegationContent};
use domain::id::{DelegationId, IdentityId, ObjectKind};
use domain::time::Instant;

use crate::bulk::keys;
use crate::column::At;
use crate::documents::{Row, document};
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

fn into_delegation(row: Row) -> Result<Delegation> {
    let (id, recorded_from, content) = row.read("delegation")?;
    Ok(Delegation {
        id: DelegationId::from_raw(id),
        recorded_from,
        content,
    })
}

impl ReadTx {
    /// The present version of a delegation.
    #[boxed]
    pub async fn delegation(&mut self, id: DelegationId) -> Result<Option<Delegation>> {
        let text = concat!(
            "SELECT ",
            document!("d"),
            " FROM delegation d WHERE d.id = $1 AND d.recorded_to IS NULL"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(into_delegation).transpose()
    }

    /// The delegations from or to a person, the newest first.
    #[boxed]
    pub async fn delegations_of(
        &mut self,
        person: IdentityId,
        most: i64,
    ) -> Result<Vec<Delegation>> {
        let text = concat!(
            "SELECT ",
            document!("d"),
            " FROM delegation d WHERE (d.delegator_id = $1 OR d.delegate_id = $1) AND d.recorded_to IS NULL ORDER BY d.id DESC LIMIT $2"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(person.raw()).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(into_delegation).collect()
    }

    /// Those a person stands in for at a moment.
    #[boxed]
    pub async fn stands_in_for(
        &mut self,
        delegate: IdentityId,
        at: Instant,
    ) -> Result<Vec<IdentityId>> {
        let text = "SELECT DISTINCT delegator_id FROM delegation WHERE delegate_id = $1 AND recorded_to IS NULL AND state = 'active' \
                    AND valid_from <= $2 AND valid_until > $2 ORDER BY delegator_id";
        let ids: Vec<i64> = on!(self, c => sqlx::query_scalar(text).bind(delegate.raw()).bind(At(at)).fetch_all(c).await)?;
        Ok(ids.into_iter().map(IdentityId::from_raw).collect())
    }

    /// Those who stand in for a person at a moment.
    #[boxed]
    pub async fn stood_in_by(
        &mut self,
        delegator: IdentityId,
        at: Instant,
    ) -> Result<Vec<IdentityId>> {
        let text = "SELECT DISTINCT delegate_id FROM delegation WHERE delegator_id = $1 AND recorded_to IS NULL AND state = 'active' \
                    AND valid_from <= $2 AND valid_until > $2 ORDER BY delegate_id";
        let ids: Vec<i64> = on!(self, c => sqlx::query_scalar(text).bind(delegator.raw()).bind(At(at)).fetch_all(c).await)?;
        Ok(ids.into_iter().map(IdentityId::from_raw).collect())
    }

    /// The same for many people, in one statement: who has nobody is left out.
    #[boxed]
    pub async fn stood_in_by_many(
        &mut self,
        delegators: &[IdentityId],
        at: Instant,
    ) -> Result<HashMap<IdentityId, Vec<IdentityId>>> {
        let mut all: HashMap<IdentityId, Vec<IdentityId>> = HashMap::new();
        if delegators.is_empty() {
            return Ok(all);
        }
        let text = of_keys!(
            self,
            "DISTINCT d.delegator_id, d.delegate_id",
            "delegation d",
            "d.delegator_id = CAST(k.value AS BIGINT) AND d.recorded_to IS NULL AND d.state = 'active' \
             AND d.valid_from <= $2 AND d.valid_until > $2 ORDER BY d.delegator_id, d.delegate_id"
        );
        let wanted = keys(delegators.iter().map(|id| id.raw()));
        let rows: Vec<(i64, i64)> =
            on!(self, c => sqlx::query_as(text).bind(&wanted).bind(At(at)).fetch_all(c).await)?;
        for (delegator, delegate) in rows {
            let of_one = all.entry(IdentityId::from_raw(delegator)).or_default();
            of_one.push(IdentityId::from_raw(delegate));
        }
        Ok(all)
    }
}

impl WriteTx {
    /// Adds a delegation.
    #[boxed]
    pub async fn insert_delegation(
        &mut self,
        content: &DelegationContent,
    ) -> Result<(DelegationId, Target)> {
        let id = DelegationId::from_raw(self.next_id(ObjectKind::Delegation).await?);
        let written = self.put_delegation(id, content).await;
        Ok((id, self.whole(written)?))
    }

    /// Replaces the version recorded at `expected`; [`Error::Stale`] when there is a newer one.
    #[boxed]
    pub async fn replace_delegation(
        &mut self,
        id: DelegationId,
        expected: Instant,
        content: &DelegationContent,
    ) -> Result<Target> {
        let text = "UPDATE delegation SET recorded_to = $3 WHERE id = $1 AND recorded_from = $2 AND recorded_to IS NULL";
        self.close_version(text, id.raw(), expected).await?;
        let written = self.put_delegation(id, content).await;
        self.whole(written)
    }

    async fn put_delegation(
        &mut self,
        id: DelegationId,
        content: &DelegationContent,
    ) -> Result<Target> {
        let document = self.document(id, content)?;
        let recorded = At(self.recorded);
        let text = "INSERT INTO delegation (id, recorded_from, salt, content, delegator_id, delegate_id, valid_from, valid_until, state) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(recorded)
            .bind(&document.salt[..])
            .bind(&document.text)
            .bind(content.delegator.raw())
            .bind(content.delegate.raw())
            .bind(At(content.valid_from))
            .bind(At(content.valid_until))
            .bind(content.state.word())
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        Ok(document.target)
    }
}
