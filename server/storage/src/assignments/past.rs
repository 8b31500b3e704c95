//! Assignments as they were recorded at a moment, of people and of things: what effective access is resolved from.

use crate::boxed;
use domain::id::{EntitlementId, IdentityId, RoleId, RuleId};
use domain::role::Grantable;
use domain::time::Instant;

use super::{Assignment, Row, columns};
use crate::Result;
use crate::bulk::keys;
use crate::column::At;
use crate::engine::ReadTx;
use crate::exclusions::grantable;
use crate::list::{Arg, Tally};

/// The versions of a moment: those that are still there, and those that ended later. Two halves, because each has an index.
macro_rules! as_of {
    ($tx:expr, $condition:literal) => {
        sql!($tx,
            sqlite: concat!(
                "SELECT ", columns!(), " FROM json_each($1) k CROSS JOIN assignment a WHERE ", $condition,
                " AND a.recorded_to IS NULL AND a.recorded_from <= $2 AND a.state <> 'ended' \
                 UNION ALL SELECT ", columns!(), " FROM json_each($1) k CROSS JOIN assignment a WHERE ", $condition,
                " AND a.recorded_to IS NOT NULL AND a.recorded_to > $2 AND a.recorded_from <= $2 AND a.state <> 'ended'"
            ),
            postgres: concat!(
                "SELECT ", columns!(), " FROM json_array_elements_text($1::json) k CROSS JOIN assignment a WHERE ", $condition,
                " AND a.recorded_to IS NULL AND a.recorded_from <= $2 AND a.state <> 'ended' \
                 UNION ALL SELECT ", columns!(), " FROM json_array_elements_text($1::json) k CROSS JOIN assignment a WHERE ", $condition,
                " AND a.recorded_to IS NOT NULL AND a.recorded_to > $2 AND a.recorded_from <= $2 AND a.state <> 'ended'"
            ),
        )
    };
}

macro_rules! people_of {
    ($column:literal) => {
        concat!(
            "SELECT DISTINCT identity_id FROM assignment WHERE ", $column, " = $1 AND ", $column, " IS NOT NULL AND recorded_to IS NULL \
             AND state = 'active' AND valid_from <= $2 AND (valid_until IS NULL OR valid_until > $2) \
             AND (rule_id IS NULL OR rule_id <> $3) ORDER BY identity_id"
        )
    };
}

macro_rules! ever_of {
    ($column:literal) => {
        concat!(
            "SELECT identity_id FROM assignment WHERE ",
            $column,
            " = $1 AND ",
            $column,
            " IS NOT NULL AND recorded_to IS NULL \
             UNION SELECT identity_id FROM assignment WHERE ",
            $column,
            " = $1 AND ",
            $column,
            " IS NOT NULL AND recorded_to IS NOT NULL \
             ORDER BY identity_id"
        )
    };
}

macro_rules! ever {
    ($keys:literal) => {
        concat!(
            "SELECT a.identity_id, a.entitlement_id, a.role_id FROM ", $keys, " k CROSS JOIN assignment a \
             WHERE a.identity_id = CAST(k.value AS BIGINT) AND a.recorded_to IS NULL AND a.recorded_from <= $2 \
             UNION SELECT a.identity_id, a.entitlement_id, a.role_id FROM ", $keys, " k CROSS JOIN assignment a \
             WHERE a.identity_id = CAST(k.value AS BIGINT) AND a.recorded_to IS NOT NULL AND a.recorded_from <= $2"
        )
    };
}

macro_rules! assigned {
    ($column:literal, $versions:literal) => {
        concat!(
            "SELECT identity_id FROM assignment WHERE ", $column, " = $1 AND ", $column, " IS NOT NULL AND identity_id > $2 \
             AND state = 'active' AND valid_from <= $4 AND (valid_until IS NULL OR valid_until > $4) AND ", $versions
        )
    };
}

/// Whose present, or past, assignments of one thing are looked for.
macro_rules! assigned_texts {
    ($column:literal) => {
        (
            concat!(
                assigned!($column, "recorded_to IS NULL AND recorded_from <= $3"),
                " ORDER BY identity_id LIMIT $5"
            ),
            concat!(
                assigned!(
                    $column,
                    "recorded_to IS NOT NULL AND recorded_to > $3 AND recorded_from <= $3"
                ),
                " ORDER BY identity_id LIMIT $5"
            ),
        )
    };
}

impl ReadTx {
    /// What was recorded of people's assignments at a moment, without those that had ended. In the order of ids.
    #[boxed]
    pub async fn assignments_as_of(
        &mut self,
        identities: &[IdentityId],
        known: Instant,
    ) -> Result<Vec<Assignment>> {
        if identities.is_empty() {
            return Ok(Vec::new());
        }
        let text = as_of!(self, "a.identity_id = CAST(k.value AS BIGINT)");
        let ids = keys(identities.iter().map(|id| id.raw()));
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(&ids).bind(At(known)).fetch_all(c).await)?;
        let mut all: Vec<Assignment> = rows
            .into_iter()
            .map(Row::into_assignment)
            .collect::<Result<_>>()?;
        all.sort_unstable_by_key(|assignment| assignment.id);
        Ok(all)
    }

    /// The assignments that rules gave people and that have not ended. In no order.
    #[boxed]
    pub async fn assignments_of_rules(
        &mut self,
        identities: &[IdentityId],
    ) -> Result<Vec<Assignment>> {
        let text = of_keys!(
            self,
            columns!(),
            "assignment a",
            "a.identity_id = CAST(k.value AS BIGINT) AND a.recorded_to IS NULL AND a.rule_id IS NOT NULL AND a.state <> 'ended'"
        );
        let ids = keys(identities.iter().map(|id| id.raw()));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&ids).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_assignment).collect()
    }

    /// What people were ever assigned, as far as it was recorded at a moment, whatever became of it. In no order.
    #[boxed]
    pub async fn ever_assigned(
        &mut self,
        identities: &[IdentityId],
        known: Instant,
    ) -> Result<Vec<(IdentityId, Grantable)>> {
        let text = sql!(self,
            sqlite: ever!("json_each($1)"),
            postgres: ever!("json_array_elements_text($1::json)"),
        );
        let ids = keys(identities.iter().map(|id| id.raw()));
        let rows: Vec<(i64, Option<i64>, Option<i64>)> =
            on!(self, c => sqlx::query_as(text).bind(&ids).bind(At(known)).fetch_all(c).await)?;
        let ever = rows
            .into_iter()
            .filter_map(|(identity, entitlement, role)| {
                let what = grantable(entitlement, role)?;
                Some((IdentityId::from_raw(identity), what))
            });
        Ok(ever.collect())
    }

    /// Assignments whose time is over and that have not ended yet, the longest due first.
    #[boxed]
    pub async fn assignments_due(&mut self, now: Instant, most: i64) -> Result<Vec<Assignment>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM assignment a WHERE a.recorded_to IS NULL AND a.valid_until IS NOT NULL AND a.state <> 'ended' \
             AND a.valid_until <= $1 ORDER BY a.valid_until, a.id LIMIT $2"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(At(now)).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_assignment).collect()
    }

    /// Who had one of these roles, or this entitlement itself, by an active assignment that was recorded at the first
    /// moment and in force at the second: people after one, in their order, each once. `present` when nothing that ended
    /// since need be looked at.
    #[boxed]
    pub async fn assigned_as_of(
        &mut self,
        (roles, entitlement): (&[RoleId], Option<EntitlementId>),
        (known, at): (Instant, Instant),
        present: bool,
        after: i64,
        most: i64,
    ) -> Result<Vec<IdentityId>> {
        let (of_roles, of_entitlement) = (
            assigned_texts!("role_id"),
            assigned_texts!("entitlement_id"),
        );
        let mut asked: Vec<(&'static str, i64)> = Vec::new();
        for role in roles {
            asked.push((of_roles.0, role.raw()));
            asked.extend((!present).then_some((of_roles.1, role.raw())));
        }
        if let Some(id) = entitlement {
            asked.push((of_entitlement.0, id.raw()));
            asked.extend((!present).then_some((of_entitlement.1, id.raw())));
        }
        let mut all: Vec<i64> = Vec::new();
        for (text, thing) in asked {
            let ids: Vec<i64> = on!(self, c => sqlx::query_scalar(text)
                .bind(thing)
                .bind(after)
                .bind(At(known))
                .bind(At(at))
                .bind(most)
                .fetch_all(c).await)?;
            all.extend(ids);
        }
        all.sort_unstable();
        all.dedup();
        all.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(all.into_iter().map(IdentityId::from_raw).collect())
    }
}

impl ReadTx {
    /// How many people there are at most, up to so many, who have one of these roles or this entitlement at a moment: to whom
    /// one is assigned, or of whom a source sees it. That of the present is kept until something changes.
    #[boxed]
    pub async fn count_holders(
        &mut self,
        (roles, entitlement): (&[RoleId], Option<EntitlementId>),
        (known, at): (Instant, Instant),
        present: bool,
        most: i64,
    ) -> Result<u64> {
        let things = roles.iter().map(|role| role.raw());
        let things = things.chain(entitlement.map(|id| -id.raw()));
        let question = (
            "how many hold".to_owned(),
            things.chain([most]).map(Arg::Int).collect::<Vec<_>>(),
        );
        let mut state = None;
        if present {
            let (last, now) = self.last_tally("assignment", &question).await?;
            if let Some(Tally::Count(count)) = last {
                return Ok(count);
            }
            state = now;
        }
        let mut all = self
            .assigned_as_of((roles, entitlement), (known, at), present, 0, most)
            .await?;
        if let Some(id) = entitlement {
            all.extend(self.observed_holders(id, known, 0, most).await?);
            all.sort_unstable();
            all.dedup();
        }
        let count = u64::try_from(most)
            .unwrap_or(u64::MAX)
            .min(all.len() as u64);
        self.keep_tally(state, question, Tally::Count(count));
        Ok(count)
    }

    /// Everybody to whom one thing is assigned actively and in force at a moment, in the order of ids, as it is recorded
    /// now; without the assignments of one rule, when there is one. Perhaps hundreds of thousands: only their numbers.
    #[boxed]
    pub async fn people_assigned(
        &mut self,
        what: Grantable,
        at: Instant,
        besides: Option<RuleId>,
    ) -> Result<Vec<i64>> {
        let (text, thing) = match what {
            Grantable::Role(id) => (people_of!("role_id"), id.raw()),
            Grantable::Entitlement(id) => (people_of!("entitlement_id"), id.raw()),
        };
        Ok(on!(self, c => sqlx::query_scalar(text)
            .bind(thing)
            .bind(At(at))
            .bind(besides.map_or(0, RuleId::raw))
            .fetch_all(c).await)?)
    }

    /// Everybody to whom one thing was ever assigned, whatever became of it, in the order of ids.
    #[boxed]
    pub async fn people_ever_assigned(&mut self, what: Grantable) -> Result<Vec<i64>> {
        let (text, thing) = match what {
            Grantable::Role(id) => (ever_of!("role_id"), id.raw()),
            Grantable::Entitlement(id) => (ever_of!("entitlement_id"), id.raw()),
        };
        Ok(on!(self, c => sqlx::query_scalar(text).bind(thing).fetch_all(c).await)?)
    }

    /// People to whom a rule gives something now, in the order of ids.
    #[boxed]
    pub async fn people_of_rule(&mut self, rule: RuleId) -> Result<Vec<i64>> {
        let text = "SELECT identity_id FROM assignment WHERE rule_id = $1 AND rule_id IS NOT NULL AND recorded_to IS NULL \
                    AND state <> 'ended' ORDER BY identity_id";
        Ok(on!(self, c => sqlx::query_scalar(text).bind(rule.raw()).fetch_all(c).await)?)
    }
}
