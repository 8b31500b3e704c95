//! The roles of a proposal.

use crate::boxed;
use domain::id::{DiscoveryId, RoleId};

use crate::engine::ReadTx;
use crate::{Error, Result};

/// A role that could be made, without what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedRow {
    /// Its number within the proposal, from 1; those that give the most come first.
    pub number: i64,
    /// What it could be called.
    pub name: String,
    /// How many entitlements it would hold.
    pub entitlements: u64,
    /// How many people would hold it.
    pub members: u64,
    /// Grants that this one and those before it give together.
    pub covered: u64,
    /// The role that was made of it, with its name.
    pub made: Option<(RoleId, String)>,
}

/// The same with its sets, as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// What a list shows of it.
    pub row: ProposedRow,
    /// What would be in it.
    pub entitlements: Vec<u8>,
    /// Who would hold it.
    pub members: Vec<u8>,
}

/// Which roles of a proposal are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Narrowed {
    /// All of them.
    #[default]
    All,
    /// Those of which no role was made yet.
    Open,
    /// Those that more than one person would hold.
    Shared,
}

/// What a proposal holds in all that is not in its totals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Roles that one person alone would hold.
    pub alone: u64,
    /// What those would give.
    pub alone_grants: u64,
    /// Roles of one entitlement.
    pub single: u64,
    /// Proposals of which a role was made.
    pub made: u64,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    number: i64,
    name: String,
    entitlement_count: i64,
    member_count: i64,
    covered: i64,
    role_id: Option<i64>,
    role_name: Option<String>,
}

#[derive(Debug, sqlx::FromRow)]
struct WholeRow {
    #[sqlx(flatten)]
    row: Row,
    entitlements: Vec<u8>,
    members: Vec<u8>,
}

impl TryFrom<Row> for ProposedRow {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            number: row.number,
            name: row.name,
            entitlements: count(row.entitlement_count)?,
            members: count(row.member_count)?,
            covered: count(row.covered)?,
            made: row
                .role_id
                .map(|id| (RoleId::from_raw(id), row.role_name.unwrap_or_default())),
        })
    }
}

fn count(n: i64) -> Result<u64> {
    u64::try_from(n).map_err(|_| Error::damaged("a count of a proposal is negative"))
}

macro_rules! columns {
    () => {
        "x.number, x.name, x.entitlement_count, x.member_count, x.covered, x.role_id, \
         (SELECT r.display_name FROM role r WHERE r.id = x.role_id AND r.recorded_to IS NULL) AS role_name"
    };
}

macro_rules! listed {
    ($narrowed:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM discovery_role x WHERE x.discovery_id = $1 AND x.number > $2",
            $narrowed,
            " ORDER BY x.number LIMIT $3"
        )
    };
}

impl ReadTx {
    /// Roles of a proposal after a number, in the order of their numbers.
    #[boxed]
    pub async fn proposed_roles(
        &mut self,
        id: DiscoveryId,
        narrowed: Narrowed,
        after: i64,
        most: i64,
    ) -> Result<Vec<ProposedRow>> {
        let text = match narrowed {
            Narrowed::All => listed!(""),
            Narrowed::Open => listed!(" AND x.role_id IS NULL"),
            Narrowed::Shared => listed!(" AND x.member_count > 1"),
        };
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text)
            .bind(id.raw())
            .bind(after)
            .bind(most)
            .fetch_all(c).await)?;
        rows.into_iter().map(ProposedRow::try_from).collect()
    }

    /// One role of a proposal, whole.
    #[boxed]
    pub async fn proposed_role(
        &mut self,
        id: DiscoveryId,
        number: i64,
    ) -> Result<Option<Proposed>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            ", x.entitlements, x.members FROM discovery_role x WHERE x.discovery_id = $1 AND x.number = $2"
        );
        let row: Option<WholeRow> = on!(self, c => sqlx::query_as(text)
            .bind(id.raw())
            .bind(number)
            .fetch_optional(c).await)?;
        let Some(whole) = row else { return Ok(None) };
        Ok(Some(Proposed {
            row: whole.row.try_into()?,
            entitlements: whole.entitlements,
            members: whole.members,
        }))
    }

    /// What a proposal holds in all.
    #[boxed]
    pub async fn proposed_sums(&mut self, id: DiscoveryId) -> Result<Sums> {
        let text = "SELECT count(CASE WHEN member_count = 1 THEN 1 END), \
                    CAST(COALESCE(sum(CASE WHEN member_count = 1 THEN entitlement_count END), 0) AS BIGINT), \
                    count(CASE WHEN entitlement_count = 1 THEN 1 END), count(role_id) \
                    FROM discovery_role WHERE discovery_id = $1";
        let (alone, alone_grants, single, made): (i64, i64, i64, i64) =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_one(c).await)?;
        Ok(Sums {
            alone: count(alone)?,
            alone_grants: count(alone_grants)?,
            single: count(single)?,
            made: count(made)?,
        })
    }
}
