//! Slowing guessing down, by account name and by address (OWASP ASVS 5.0, 6.3.1; NIST SP 800-63B-4, 3.2.2).
//!
//! The counters live in the database, so that restarting does not reset them and several nodes share them. Names that
//! nobody has are counted like others, so that being slowed down says nothing about whether an account exists.

use domain::audit::AuditAction;
use domain::time::{Instant, MINUTE, SECOND};
use proof::hash::sha256;
use storage::throttle::Failures;

use crate::{Cx, Error, Origin, Result, Service};

/// Failures of one account before further attempts wait.
const ACCOUNT_FREE: i64 = 5;
/// Failures of one address before further attempts wait: many people may share one.
const ADDRESS_FREE: i64 = 50;
/// The first wait; it doubles with every further failure.
const FIRST_WAIT: i64 = 30 * SECOND;
/// The longest wait.
const LONGEST_WAIT: i64 = 15 * MINUTE;
/// Failures older than this count no more.
const FORGET: i64 = 60 * MINUTE;

/// Who is counted: the account and the address, hashed, each with what is free.
pub(crate) type Subjects = [([u8; 32], i64); 2];

/// How long to wait after so many failures.
fn wait(failures: i64, free: i64) -> i64 {
    let over = failures - free;
    if over < 0 {
        0
    } else {
        FIRST_WAIT
            .saturating_mul(1 << over.min(10))
            .min(LONGEST_WAIT)
    }
}

/// Who is counted for an attempt on an account from somewhere.
pub(crate) fn subjects(account: &str, origin: &Origin) -> Subjects {
    let address = origin.address.as_deref().unwrap_or_default();
    [
        account_subject(account),
        (
            sha256(format!("address\n{address}").as_bytes()).0,
            ADDRESS_FREE,
        ),
    ]
}

impl Service {
    /// Refuses while one of the subjects has to wait.
    pub(crate) async fn check_throttle(&self, subjects: &Subjects) -> Result<()> {
        let now = self.now();
        let mut tx = self.store.read().await?;
        for (subject, _) in subjects {
            if let Some(failures) = tx.failures(subject).await?
                && failures.blocked_until > now
            {
                return Err(Error::Throttled {
                    until: failures.blocked_until,
                });
            }
        }
        Ok(())
    }

    /// Counts a failed sign-in for account and address, and as a denial of this minute.
    pub(crate) async fn note_failure(&self, cx: &Cx, account: &str) -> Result<()> {
        self.note_guess(cx, account, AuditAction::SignInDenied)
            .await
    }

    /// The same for something else that can be guessed.
    pub(crate) async fn note_guess(
        &self,
        cx: &Cx,
        account: &str,
        action: AuditAction,
    ) -> Result<()> {
        let mut tx = self.store.write(self.now(), self.entropy.clone()).await?;
        let now = tx.recorded();
        for (subject, free) in subjects(account, &cx.origin) {
            let before = tx
                .failures(&subject)
                .await?
                .filter(|before| now.since(before.last) < FORGET);
            let count = before.map_or(0, |before| before.count) + 1;
            let wait = wait(count, free);
            // Nothing to wait for must not lie ahead of a clock that stands: writes are recorded a little later each.
            let blocked_until = if wait == 0 {
                Instant::from_micros(0)
            } else {
                now.plus(wait)
            };
            let failures = Failures {
                count,
                last: now,
                blocked_until,
            };
            tx.put_failures(&subject, failures).await?;
        }
        let minute = Instant::from_micros(now.micros().div_euclid(MINUTE) * MINUTE);
        let address = cx.origin.address.as_deref().unwrap_or_default();
        tx.count_denial(address, minute, action.word()).await?;
        tx.commit_unaudited("failed sign-ins are summed by minute and become entries then")
            .await?;
        Ok(())
    }

    /// A success makes the account's failures irrelevant; the address keeps its own.
    pub(crate) async fn clear_account_failures(&self, account: &str) -> Result<()> {
        let (subject, _) = account_subject(account);
        if self.store.read().await?.failures(&subject).await?.is_none() {
            return Ok(());
        }
        let mut tx = self.store.write(self.now(), self.entropy.clone()).await?;
        tx.clear_failures(&subject).await?;
        tx.commit_unaudited("a sign-in that succeeded clears its account's failures")
            .await?;
        Ok(())
    }
}

fn account_subject(account: &str) -> ([u8; 32], i64) {
    (
        sha256(format!("account\n{account}").as_bytes()).0,
        ACCOUNT_FREE,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stop_growing() {
        assert_eq!(wait(4, ACCOUNT_FREE), 0);
        assert_eq!(wait(5, ACCOUNT_FREE), FIRST_WAIT);
        assert_eq!(wait(6, ACCOUNT_FREE), 2 * FIRST_WAIT);
        assert_eq!(wait(1_000_000, ACCOUNT_FREE), LONGEST_WAIT);
    }
}
