//! Hashing in a bounded pool, so that a flood of sign-ins does not slow other pages or fill the memory.

use crate::boxed;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::context::Entropy;
use tokio::sync::{OnceCell, Semaphore};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::{Error, Result};

/// How many may wait for a thread before further ones are refused.
const MOST_WAITING: usize = 256;

/// argon2id with 19 MiB, two passes and one lane (OWASP Password Storage Cheat Sheet), a few at a time.
#[derive(Debug)]
pub struct PasswordPool {
    threads: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    entropy: Arc<dyn Entropy>,
    decoy: OnceCell<String>,
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

/// Passwords are compared in normal form C, so that the same letters typed on another keyboard fit.
fn normal(password: &str) -> Zeroizing<String> {
    Zeroizing::new(password.nfc().collect())
}

impl PasswordPool {
    pub(crate) fn new(threads: usize, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            threads: Arc::new(Semaphore::new(threads.max(1))),
            waiting: Arc::new(Semaphore::new(MOST_WAITING)),
            entropy,
            decoy: OnceCell::new(),
        }
    }

    /// The PHC string of a password.
    #[boxed]
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = normal(password);
        let mut salt = [0; 16];
        self.entropy.fill(&mut salt);
        self.run(move || {
            argon2()
                .hash_password_with_salt(password.as_bytes(), &salt)
                .map(|hash| hash.to_string())
                .map_err(|e| Error::Internal(format!("a password could not be hashed: {e}")))
        })
        .await?
    }

    /// Whether the password fits. Without a stored hash the same work is done and the answer is no.
    #[boxed]
    pub async fn verify(&self, password: &str, stored: Option<String>) -> Result<bool> {
        let known = stored.is_some();
        let stored = match stored {
            Some(stored) => stored,
            None => self
                .decoy
                .get_or_try_init(|| self.hash("nobody has this password"))
                .await?
                .clone(),
        };
        let password = normal(password);
        let fits = self
            .run(move || {
                PasswordHash::new(&stored)
                    .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
            })
            .await?;
        Ok(fits && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let waiting = Arc::clone(&self.waiting)
            .try_acquire_owned()
            .map_err(|_| Error::Busy)?;
        let thread = Arc::clone(&self.threads)
            .acquire_owned()
            .await
            .map_err(|_| Error::Busy)?;
        let result = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(thread);
            result
        });
        let result = result
            .await
            .map_err(|e| Error::Internal(format!("a hashing thread stopped: {e}")));
        drop(waiting);
        result
    }
}
