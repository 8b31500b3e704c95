//! Outliers: access that few peers have, written by a job, a run at a time. Only the run that the head names counts; so a
//! run that breaks off is never seen, and the one before stays until the next is whole.

mod list;

use crate::boxed;
use domain::id::{EntitlementId, IdentityId};
use domain::outlier::Rarity;
use domain::time::Instant;

pub use list::{OutlierRow, TOKENS};

use crate::Result;
use crate::bulk::Rows;
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};

/// The run that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutlierHead {
    /// Its number; 0 before the first.
    pub run: i64,
    /// When it began to look.
    pub found: Option<Instant>,
    /// Since when there is an organisation.
    pub since: Option<Instant>,
}

/// Somebody in the group of those with the same department and title.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grouped {
    /// Department.
    pub department: String,
    /// Title.
    pub title: String,
    /// Who.
    pub id: IdentityId,
}

/// An outlier that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOutlier {
    /// Who has it, in their group.
    pub person: Grouped,
    /// What.
    pub entitlement: EntitlementId,
    /// How rare it is.
    pub rarity: Rarity,
}

/// The people of all groups, from an index that has them in order.
macro_rules! grouped {
    ($columns:literal, $index:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM identity",
            $index,
            " WHERE recorded_to IS NULL AND status IN ('active', 'on_leave') ",
            $rest
        )
    };
}
macro_rules! after {
    ($index:literal) => {
        grouped!(
            "department, title, id",
            $index,
            "AND (department, title, id) > ($1, $2, $3) ORDER BY department, title, id LIMIT $4"
        )
    };
}
macro_rules! counted {
    ($index:literal) => {
        grouped!("count(*)", $index, "AND (department, title) > ('', '')")
    };
}

impl ReadTx {
    /// Which run counts.
    #[boxed]
    pub async fn outlier_head(&mut self) -> Result<OutlierHead> {
        let text = "SELECT run, found, (SELECT min(o.recorded_from) FROM organisation o) AS since FROM outlier_head";
        let (run, found, since): (i64, Option<At>, Option<At>) =
            on!(self, c => sqlx::query_as(text).fetch_one(c).await)?;
        Ok(OutlierHead {
            run,
            found: found.map(|at| at.0),
            since: since.map(|at| at.0),
        })
    }

    /// People who are there, by department and title, after one of them. Who has neither is in no group.
    #[boxed]
    pub async fn grouped_after(
        &mut self,
        after: Option<&Grouped>,
        most: i64,
    ) -> Result<Vec<Grouped>> {
        // SQLite takes the index by status, and then sorts everybody for each page.
        let text = sql!(self, sqlite: after!(" INDEXED BY identity_peers"), postgres: after!(""));
        // Those with neither come first of all.
        let (department, title, id) = after.map_or(("", "", i64::MAX), |one| {
            (one.department.as_str(), one.title.as_str(), one.id.raw())
        });
        let rows: Vec<(String, String, i64)> = on!(self, c => sqlx::query_as(text)
            .bind(department)
            .bind(title)
            .bind(id)
            .bind(most)
            .fetch_all(c).await)?;
        let grouped = rows.into_iter().map(|(department, title, id)| Grouped {
            department,
            title,
            id: IdentityId::from_raw(id),
        });
        Ok(grouped.collect())
    }

    /// How many people are in groups.
    #[boxed]
    pub async fn count_grouped(&mut self) -> Result<u64> {
        let text =
            sql!(self, sqlite: counted!(" INDEXED BY identity_peers"), postgres: counted!(""));
        let count: i64 = on!(self, c => sqlx::query_scalar(text).fetch_one(c).await)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}

impl WriteTx {
    /// Adds outliers to a run. Who went into another group while the run looked stays as they were found first.
    #[boxed]
    pub async fn insert_outliers(&mut self, run: i64, outliers: &[NewOutlier]) -> Result<()> {
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let rows = Rows::of(outliers, |cells, one| {
            cells.number(one.person.id.raw());
            cells.number(one.entitlement.raw());
            cells.text(&one.person.department);
            cells.text(&one.person.title);
            cells.number(number(one.rarity.holders));
            cells.number(number(one.rarity.peers));
            cells.number(number(one.rarity.of_a_million()));
        });
        let text = of_rows!(
            self,
            "INSERT INTO outlier (run, application_id, identity_id, entitlement_id, department, title, holders, peers, rarity) \
             SELECT $2, COALESCE((SELECT e.application_id FROM entitlement e WHERE e.id = CAST(value ->> 1 AS BIGINT) \
             AND e.recorded_to IS NULL), 0), ",
            [number 0, number 1, text 2, text 3, number 4, number 5, number 6],
            " ON CONFLICT DO NOTHING"
        );
        on!(self, c => sqlx::query(text).bind(&rows).bind(run).execute(c).await.map(drop))?;
        Ok(())
    }

    /// From this commit on a run counts.
    #[boxed]
    pub async fn finish_outliers(&mut self, run: i64, found: Instant) -> Result<()> {
        let text = "UPDATE outlier_head SET run = $1, found = $2";
        on!(self, c => sqlx::query(text).bind(run).bind(At(found)).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Deletes outliers of runs that do not count, at most so many. Answers how many there were.
    #[boxed]
    pub async fn sweep_outliers(&mut self, most: i64) -> Result<u64> {
        let mut swept = 0;
        for text in [OLDER, NEWER] {
            if swept == 0 {
                swept = on!(self, c => sqlx::query(text).bind(most).execute(c).await
                    .map(|done| done.rows_affected()))?;
            }
        }
        Ok(swept)
    }
}

/// Deletes from one end of the primary key: what lies between is not gone through.
macro_rules! sweep {
    ($side:literal) => {
        concat!(
            "DELETE FROM outlier WHERE (run, identity_id, entitlement_id) IN (SELECT o.run, o.identity_id, o.entitlement_id \
             FROM outlier o WHERE o.run ",
            $side,
            " (SELECT h.run FROM outlier_head h) LIMIT $1)"
        )
    };
}
const OLDER: &str = sweep!("<");
const NEWER: &str = sweep!(">");
