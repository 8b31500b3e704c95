//! Hashing in a bounded pool, so that a flood of sign-ins does not slow other pages or fill the memory.

use crate::boxed;
use std::sync::Arc;

use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use domain::context::Entropy;
use tokio::sync::{OnceCell, Semaphore, oneshot};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::hashers::Hashers;
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
    hashers: Hashers,
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

/// Whether a password fits a hash, worked out in these blocks when the hash was made as ours are.
fn fits(password: &[u8], hash: &PasswordHash, blocks: &mut [Block]) -> bool {
    let usual = hash.algorithm == Algorithm::Argon2id.ident()
        && hash.version == Some(Version::V0x13.into());
    let params = Params::try_from(hash)
        .ok()
        .filter(|params| usual && params.block_count() == blocks.len());
    let (Some(params), Some(salt), Some(expected)) = (params, &hash.salt, &hash.hash) else {
        return argon2().verify_password(password, hash).is_ok();
    };
    let mut found = vec![0; expected.len()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let done = argon2.hash_password_into_with_memory(password, salt, &mut found, blocks);
    // Outputs are compared in constant time.
    done.is_ok() && Output::new(&found).is_ok_and(|found| found == *expected)
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
            hashers: Hashers::default(),
        }
    }

    /// The PHC string of a password.
    #[boxed]
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = normal(password);
        let mut salt = [0; 16];
        self.entropy.fill(&mut salt);
        self.run(move |_| {
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
            .run(move |memory| {
                memory.resize(argon2().params().block_count(), Block::new());
                PasswordHash::new(&stored)
                    .is_ok_and(|hash| fits(password.as_bytes(), &hash, memory))
            })
            .await?;
        Ok(fits && known)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
    ) -> Result<T> {
        let waiting = Arc::clone(&self.waiting)
            .try_acquire_owned()
            .map_err(|_| Error::Busy)?;
        let place = Arc::clone(&self.threads)
            .acquire_owned()
            .await
            .map_err(|_| Error::Busy)?;
        let stopped = |error: &dyn std::fmt::Display| {
            Error::Internal(format!("a hashing thread stopped: {error}"))
        };
        let (answer, answered) = oneshot::channel();
        let work = move |memory: &mut Vec<Block>| {
            // Nobody waits any more when the browser went away.
            let _gone = answer.send(work(memory));
        };
        self.hashers.run(work, place).map_err(|e| stopped(&e))?;
        let result = answered.await.map_err(|e| stopped(&e));
        drop(waiting);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_checked_with_its_own_parameters() {
        let mut blocks = vec![Block::new(); argon2().params().block_count()];
        let small = Params::new(64, 1, 1, None).unwrap();
        for maker in [
            argon2(),
            Argon2::new(Algorithm::Argon2i, Version::V0x10, small),
        ] {
            let made = maker
                .hash_password_with_salt(b"the right one", &[7; 16])
                .unwrap();
            let hash = PasswordHash::new(&made.to_string()).unwrap();
            for _ in 0..2 {
                assert!(fits(b"the right one", &hash, &mut blocks));
                assert!(!fits(b"the wrong one", &hash, &mut blocks));
            }
        }
    }
}
