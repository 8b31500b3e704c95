//! Rules with every version.

mod list;

use crate::boxed;
use domain::audit::Target;
use domain::id::{EntitlementId, IdentityId, ObjectKind, RoleId, RuleId};
use domain::rule::{Rule, RuleContent, RuleState};
use domain::text;
use domain::time::Instant;

pub use list::{RuleRow, TOKENS};

use crate::column::{At, can_be_kept};
use crate::engine::{ReadTx, WriteTx};
use crate::exclusions::grantable;
use crate::versioned::{content_hash, mark};
use crate::words::WordTable;
use crate::{Error, Result};

const WORDS: WordTable = WordTable {
    delete: "DELETE FROM rule_word WHERE id = $1",
    insert: "INSERT INTO rule_word (word, id) VALUES ($1, $2)",
};

macro_rules! columns {
    () => {
        "u.id, u.recorded_from, u.salt, u.name, u.description, u.condition, u.entitlement_id, u.role_id, u.owner_id, u.state, u.hand_over_days"
    };
}
pub(crate) use columns;

#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) recorded_from: At,
    pub(crate) salt: Vec<u8>,
    name: String,
    description: String,
    condition: String,
    entitlement_id: Option<i64>,
    role_id: Option<i64>,
    owner_id: Option<i64>,
    state: String,
    hand_over_days: i64,
}

impl Row {
    pub(crate) fn into_rule(self) -> Result<Rule> {
        let id = RuleId::from_raw(self.id);
        let damaged = || Error::damaged(format!("rule {id}"));
        Ok(Rule {
            id,
            recorded_from: self.recorded_from.0,
            content: RuleContent {
                gives: grantable(self.entitlement_id, self.role_id).ok_or_else(damaged)?,
                name: self.name,
                description: self.description,
                condition: self.condition,
                owner: self.owner_id.map(IdentityId::from_raw),
                state: RuleState::from_word(&self.state).ok_or_else(damaged)?,
                hand_over_days: u16::try_from(self.hand_over_days).map_err(|_| damaged())?,
            },
        })
    }
}

impl ReadTx {
    /// The present version of a rule.
    #[boxed]
    pub async fn rule(&mut self, id: RuleId) -> Result<Option<Rule>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM rule u WHERE u.id = $1 AND u.recorded_to IS NULL"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(Row::into_rule).transpose()
    }

    /// The version of a rule that was recorded at a moment.
    #[boxed]
    pub async fn rule_as_of(&mut self, id: RuleId, at: Instant) -> Result<Option<Rule>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM rule u WHERE u.id = $1 AND u.recorded_from <= $2 AND (u.recorded_to IS NULL OR u.recorded_to > $2)"
        );
        let row: Option<Row> = on!(self, c => sqlx::query_as(text).bind(id.raw()).bind(At(at)).fetch_optional(c).await)?;
        row.map(Row::into_rule).transpose()
    }

    /// The rule that uses a name now.
    #[boxed]
    pub async fn rule_by_name(&mut self, name: &str) -> Result<Option<Rule>> {
        let key = text::key(name);
        if !can_be_kept(&key) {
            return Ok(None);
        }
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM rule u WHERE u.name_key = $1 AND u.recorded_to IS NULL AND u.state <> 'ended'"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(&key).fetch_optional(c).await)?;
        row.map(Row::into_rule).transpose()
    }

    /// The rules that have not ended, in the order of ids: hundreds, not millions.
    #[boxed]
    pub async fn live_rules(&mut self) -> Result<Vec<Rule>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM rule u WHERE u.recorded_to IS NULL AND u.state <> 'ended' ORDER BY u.id"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_rule).collect()
    }
}

impl WriteTx {
    /// Adds a rule.
    #[boxed]
    pub async fn insert_rule(&mut self, content: &RuleContent) -> Result<(RuleId, Target)> {
        let id = RuleId::from_raw(self.next_id(ObjectKind::Rule).await?);
        let written = self.put_rule(id, content).await;
        Ok((id, self.whole(written)?))
    }

    /// Replaces the version recorded at `expected`; [`Error::Stale`] when there is a newer one.
    #[boxed]
    pub async fn replace_rule(
        &mut self,
        id: RuleId,
        expected: Instant,
        content: &RuleContent,
    ) -> Result<Target> {
        let text = "UPDATE rule SET recorded_to = $3 WHERE id = $1 AND recorded_from = $2 AND recorded_to IS NULL";
        self.close_version(text, id.raw(), expected).await?;
        let written = self.put_rule(id, content).await;
        self.whole(written)
    }

    async fn put_rule(&mut self, id: RuleId, content: &RuleContent) -> Result<Target> {
        let salt = self.salt();
        let hash = content_hash(&salt, content)?;
        let recorded = At(self.recorded);
        let text = "INSERT INTO rule (id, recorded_from, salt, name, name_key, display_key, description, condition, entitlement_id, \
                    role_id, owner_id, state, hand_over_days) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(recorded)
            .bind(&salt[..])
            .bind(&content.name)
            .bind(text::key(&content.name))
            .bind(text::fold(&content.name))
            .bind(&content.description)
            .bind(&content.condition)
            .bind(content.gives.entitlement().map(EntitlementId::raw))
            .bind(content.gives.role().map(RoleId::raw))
            .bind(content.owner.map(IdentityId::raw))
            .bind(content.state.word())
            .bind(i64::from(content.hand_over_days))
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        let words = text::words([content.name.as_str()]);
        self.put_words(&WORDS, id.raw(), &words).await?;
        self.rules_changed().await?;
        Ok(mark(id, hash))
    }
}
