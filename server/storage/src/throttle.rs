//! Counters that slow guessing down, and sums of anonymous denials until they become entries.

use crate::boxed;
use domain::time::Instant;

use crate::Result;
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};

/// Failed sign-ins of one account name or address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// How many since the last success.
    pub count: i64,
    /// When the last was.
    pub last: Instant,
    /// Until when further attempts are refused.
    pub blocked_until: Instant,
}

/// Anonymous denials of one minute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DenialSum {
    /// From where.
    pub address: String,
    /// Which minute.
    pub minute: Instant,
    /// What was denied.
    pub action: String,
    /// How often.
    pub denials: i64,
}

impl ReadTx {
    /// The failures of a subject.
    #[boxed]
    pub async fn failures(&mut self, subject: &[u8]) -> Result<Option<Failures>> {
        let text =
            "SELECT failures, last_failure, blocked_until FROM sign_in_failure WHERE subject = $1";
        let row: Option<(i64, At, At)> =
            on!(self, c => sqlx::query_as(text).bind(subject).fetch_optional(c).await)?;
        Ok(row.map(|(count, last, until)| Failures {
            count,
            last: last.0,
            blocked_until: until.0,
        }))
    }
}

impl WriteTx {
    /// Replaces the failures of a subject.
    #[boxed]
    pub async fn put_failures(&mut self, subject: &[u8], failures: Failures) -> Result<()> {
        let text = "INSERT INTO sign_in_failure (subject, failures, last_failure, blocked_until) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, last_failure = excluded.last_failure, \
                    blocked_until = excluded.blocked_until";
        on!(self, c => sqlx::query(text)
            .bind(subject)
            .bind(failures.count)
            .bind(At(failures.last))
            .bind(At(failures.blocked_until))
            .execute(c).await.map(drop))?;
        Ok(())
    }

    /// Forgets the failures of a subject.
    #[boxed]
    pub async fn clear_failures(&mut self, subject: &[u8]) -> Result<()> {
        on!(self, c => sqlx::query("DELETE FROM sign_in_failure WHERE subject = $1").bind(subject).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Forgets failures before a moment.
    #[boxed]
    pub async fn drop_old_failures(&mut self, before: Instant) -> Result<()> {
        on!(self, c => sqlx::query("DELETE FROM sign_in_failure WHERE last_failure < $1").bind(At(before)).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Counts an anonymous denial in its minute.
    #[boxed]
    pub async fn count_denial(
        &mut self,
        address: &str,
        minute: Instant,
        action: &str,
    ) -> Result<()> {
        let text = "INSERT INTO denial (address, minute, action, denials) VALUES ($1, $2, $3, 1) \
                    ON CONFLICT (address, minute, action) DO UPDATE SET denials = denial.denials + 1";
        on!(self, c => sqlx::query(text).bind(address).bind(At(minute)).bind(action).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Takes the sums of all minutes before `minute` out, at most `most` of them.
    #[boxed]
    pub async fn take_denials(&mut self, minute: Instant, most: i64) -> Result<Vec<DenialSum>> {
        let text = "DELETE FROM denial WHERE (address, minute, action) IN \
                    (SELECT address, minute, action FROM denial WHERE minute < $1 ORDER BY minute LIMIT $2) \
                    RETURNING address, minute, action, denials";
        let rows: Vec<(String, At, String, i64)> =
            on!(self, c => sqlx::query_as(text).bind(At(minute)).bind(most).fetch_all(c).await)?;
        Ok(rows
            .into_iter()
            .map(|(address, minute, action, denials)| DenialSum {
                address,
                minute: minute.0,
                action,
                denials,
            })
            .collect())
    }
}
