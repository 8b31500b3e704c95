//! What a plan was computed on, and whether that is still so. Everything governed is in the log in the transaction that
//! changes it, or in the records of a run that is at work; the rest is time.

use domain::audit::AuditAction;
use domain::time::Instant;
use serde::{Deserialize, Serialize};
use storage::ReadTx;

use crate::Result;

/// What the log says that changes nobody's access and nothing that files are compared with.
const HARMLESS: &[AuditAction] = &[
    AuditAction::SignedIn,
    AuditAction::SignedOut,
    AuditAction::SignInDenied,
    AuditAction::PasswordSet,
    AuditAction::PasswordChanged,
    AuditAction::LinkCreated,
    AuditAction::Denied,
    AuditAction::Exported,
    AuditAction::ExportFetched,
    AuditAction::Viewed,
    AuditAction::JobCreated,
    AuditAction::JobPaused,
    AuditAction::JobResumed,
    AuditAction::JobCancelled,
    AuditAction::DiscoveryAsked,
    AuditAction::DiscoveryFinished,
    AuditAction::SourceCreated,
    AuditAction::ImportCancelled,
    AuditAction::KeyCreated,
];

/// A state of what is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::imports) struct Base {
    /// The last entry.
    seq: i64,
    /// Records of all runs.
    records: i64,
    /// The moment.
    at: i64,
    /// When it is over by itself.
    until: i64,
    /// Whether people who hold rights in the console may be changed.
    privileged: bool,
}

impl Base {
    /// What is recorded now.
    pub(in crate::imports) async fn read(
        tx: &mut ReadTx,
        now: Instant,
        privileged: bool,
    ) -> Result<Self> {
        let (seq, _) = tx.audit_head().await?;
        Ok(Self {
            seq,
            records: tx.records_written().await?,
            at: now.micros(),
            until: i64::MAX,
            privileged,
        })
    }

    /// The same, until a moment at which time itself changes something.
    pub(in crate::imports) fn until(self, until: Instant) -> Self {
        Self {
            until: until.micros(),
            ..self
        }
    }

    /// Whether a plan that was computed on it says the same now, for whom may or may not change people with rights.
    pub(in crate::imports) async fn holds(
        &self,
        tx: &mut ReadTx,
        now: Instant,
        privileged: bool,
    ) -> Result<bool> {
        let timeless = now.micros() >= self.at && now.micros() < self.until;
        if !timeless
            || privileged != self.privileged
            || tx.records_written().await? != self.records
            || tx.time_tells(Instant::from_micros(self.at), now).await?
        {
            return Ok(false);
        }
        let actions = tx.actions_after(self.seq).await?;
        let harmless = |word: &String| {
            AuditAction::from_word(word).is_some_and(|action| HARMLESS.contains(&action))
        };
        Ok(actions.iter().all(harmless))
    }
}
