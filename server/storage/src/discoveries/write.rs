//! Writing searches: asked for, filled in bounded parts, then shown as a whole; and what became of their roles.

use crate::boxed;
use domain::discovered::Scope;
use domain::id::{ApplicationId, DiscoveryId, IdentityId, JobId, RoleId};

use crate::bulk::Rows;
use crate::column::At;
use crate::engine::WriteTx;
use crate::{Error, Result};

/// A search that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDiscovery {
    /// Its id, from the sequence.
    pub id: DiscoveryId,
    /// Who asks.
    pub created_by: Option<IdentityId>,
    /// The job that carries it out.
    pub job: JobId,
    /// Where it looks.
    pub scope: Scope,
}

/// What a search looked at and found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// People who were looked at.
    pub people: u64,
    /// Those of them who have nothing there.
    pub idle: u64,
    /// Grants that the roles give together.
    pub grants: u64,
    /// Grants of rights in the console, which roles do not give.
    pub left_out: u64,
    /// Fewer roles than these are impossible.
    pub bound: u64,
    /// Roles of the proposal.
    pub roles: u64,
}

/// A role of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProposed {
    /// Its number, from 1.
    pub number: i64,
    /// What it could be called.
    pub name: String,
    /// What would be in it.
    pub entitlements: Vec<u8>,
    /// Who would hold it.
    pub members: Vec<u8>,
    /// How many entitlements these are.
    pub entitlement_count: u64,
    /// How many people these are.
    pub member_count: u64,
    /// Grants that this one and those before it give together.
    pub covered: u64,
}

fn whole(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl WriteTx {
    /// Adds a search, which has found nothing yet.
    #[boxed]
    pub async fn insert_discovery(&mut self, new: &NewDiscovery) -> Result<()> {
        let text = "INSERT INTO discovery (id, created, created_by, job_id, scope, application_id, department, state, people, idle, \
                    grants, left_out, bound, roles) VALUES ($1, $2, $3, $4, $5, $6, $7, 'searching', 0, 0, 0, 0, 0, 0)";
        let created = At(self.recorded);
        on!(self, c => sqlx::query(text)
            .bind(new.id.raw())
            .bind(created)
            .bind(new.created_by.map(IdentityId::raw))
            .bind(new.job.raw())
            .bind(new.scope.word())
            .bind(new.scope.application().map(ApplicationId::raw))
            .bind(new.scope.department())
            .execute(c).await.map(drop))
        .map_err(Error::from_write)
    }

    /// Adds roles to a proposal that is not shown yet. The caller bounds how many.
    #[boxed]
    pub async fn add_proposed_roles(
        &mut self,
        id: DiscoveryId,
        roles: &[NewProposed],
    ) -> Result<()> {
        let rows = Rows::of(roles, |cells, role| {
            cells.number(role.number);
            cells.text(&role.name);
            cells.bytes(&role.entitlements);
            cells.bytes(&role.members);
            cells.number(whole(role.entitlement_count));
            cells.number(whole(role.member_count));
            cells.number(whole(role.covered));
        });
        let text = of_rows!(
            self,
            "INSERT INTO discovery_role (discovery_id, number, name, entitlements, members, entitlement_count, member_count, covered) \
             SELECT $2, ",
            [number 0, text 1, bytes 2, bytes 3, number 4, number 5, number 6],
            ""
        );
        on!(self, c => sqlx::query(text).bind(&rows).bind(id.raw()).execute(c).await.map(drop))
            .map_err(Error::from_write)
    }

    /// Removes at most so many roles of a search that has found nothing, left by an attempt that broke off; answers how many.
    #[boxed]
    pub async fn clear_proposed_roles(&mut self, id: DiscoveryId, most: i64) -> Result<u64> {
        let text = "DELETE FROM discovery_role WHERE discovery_id = $1 \
                    AND EXISTS (SELECT 1 FROM discovery d WHERE d.id = $1 AND d.state <> 'found') AND number IN \
                    (SELECT number FROM discovery_role WHERE discovery_id = $1 ORDER BY number LIMIT $2)";
        let gone = on!(self, c => sqlx::query(text).bind(id.raw()).bind(most).execute(c).await
            .map(|done| done.rows_affected()))?;
        Ok(gone)
    }

    /// Shows what a search found; [`Error::Stale`] when it is not searching.
    #[boxed]
    pub async fn finish_discovery(&mut self, id: DiscoveryId, totals: &Totals) -> Result<()> {
        let text = "UPDATE discovery SET state = 'found', found = $2, people = $3, idle = $4, grants = $5, left_out = $6, bound = $7, \
                    roles = $8 WHERE id = $1 AND state = 'searching'";
        let found = At(self.recorded);
        let changed = on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(found)
            .bind(whole(totals.people))
            .bind(whole(totals.idle))
            .bind(whole(totals.grants))
            .bind(whole(totals.left_out))
            .bind(whole(totals.bound))
            .bind(whole(totals.roles))
            .execute(c).await.map(|done| done.rows_affected()))?;
        if changed == 1 {
            Ok(())
        } else {
            Err(Error::Stale)
        }
    }

    /// Calls a search off that has found nothing yet.
    #[boxed]
    pub async fn cancel_discovery(&mut self, id: DiscoveryId) -> Result<()> {
        let text = "UPDATE discovery SET state = 'cancelled' WHERE id = $1 AND state = 'searching'";
        on!(self, c => sqlx::query(text).bind(id.raw()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Says which role was made of a proposed one; [`Error::Stale`] when one was made already.
    #[boxed]
    pub async fn made_of_proposed(
        &mut self,
        id: DiscoveryId,
        number: i64,
        role: RoleId,
    ) -> Result<()> {
        let text = "UPDATE discovery_role SET role_id = $3 WHERE discovery_id = $1 AND number = $2 AND role_id IS NULL";
        let changed = on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(number)
            .bind(role.raw())
            .execute(c).await.map(|done| done.rows_affected()))?;
        if changed == 1 {
            Ok(())
        } else {
            Err(Error::Stale)
        }
    }
}
