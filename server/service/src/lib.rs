//! The use cases: who may do what is decided here, rows and their audit entries are written here, in one transaction.
//!
//! Pages, APIs, the command line and the worker all call these functions and have no rule of their own. Nothing here
//! knows of HTTP or HTML.

pub mod access;
pub mod applications;
pub mod assignments;
pub mod audit;
pub mod clock;
mod context;
pub mod csv_export;
pub mod delegations;
pub mod effective;
pub mod entitlements;
mod error;
pub mod exports;
pub mod findings;
pub mod flows;
pub mod housekeeping;
pub mod imports;
pub mod jobs;
mod many;
pub mod notifications;
pub mod overview;
pub mod passwords;
pub mod people;
pub mod plan;
pub mod proposals;
mod references;
pub mod reports;
pub mod requests;
pub mod reviews;
pub mod rights;
pub mod roles;
pub mod rules;
pub mod search;
pub mod sessions;
pub mod sources;
pub mod tasks;
pub mod views;
pub mod welcome;

pub(crate) use async_recursion::async_recursion as boxed;
use std::sync::Arc;

use domain::context::{Clock, Entropy};
use domain::organisation::Organisation;
use domain::time::Instant;
use proof::checkpoint::SigningKey;

pub use context::{Cx, Origin};
pub use error::Error;
pub use many::Did;
use passwords::PasswordPool;
pub use storage::Store;

/// What use cases return.
pub type Result<T> = std::result::Result<T, Error>;

/// Everything the use cases need from outside.
#[derive(Debug)]
pub struct Service {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) passwords: PasswordPool,
    pub(crate) signer: SigningKey,
    pub(crate) public_url: String,
    pub(crate) denials: audit::DenialTally,
    pub(crate) rules: rules::LastRules,
    pub(crate) overlaps: findings::LastOverlaps,
    /// Takes mail to people; none without a mail server.
    pub(crate) post: Option<Arc<dyn notifications::Post>>,
    pub(crate) proposals: proposals::LastLearnt,
    /// Rings when this process asked for a job.
    pub(crate) wake: tokio::sync::Notify,
}

/// What a [`Service`] is made of.
#[derive(Debug)]
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Signs the log's checkpoints; its name is the log's origin.
    pub signer: SigningKey,
    /// How people reach the console, without a trailing slash: for links that leave it.
    pub public_url: String,
    /// Passwords hashed at the same time; each takes 19 MiB.
    pub hashing_threads: usize,
    /// Takes mail to people; without it what they are told stays in the console.
    pub post: Option<Arc<dyn notifications::Post>>,
}

impl Service {
    /// Puts the use cases together.
    pub fn new(parts: Parts) -> Self {
        Self {
            passwords: PasswordPool::new(parts.hashing_threads, Arc::clone(&parts.entropy)),
            store: parts.store,
            clock: parts.clock,
            entropy: parts.entropy,
            signer: parts.signer,
            public_url: parts.public_url,
            denials: audit::DenialTally::default(),
            rules: rules::LastRules::default(),
            overlaps: findings::LastOverlaps::default(),
            post: parts.post,
            proposals: proposals::LastLearnt::default(),
            wake: tokio::sync::Notify::new(),
        }
    }

    /// The present moment.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// How people reach the console.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The organisation; none before the first run is done.
    #[boxed]
    pub async fn organisation(&self) -> Result<Option<Organisation>> {
        Ok(self.store.read().await?.organisation().await?)
    }

    /// Whether the database answers.
    #[boxed]
    pub async fn ready(&self) -> Result<()> {
        Ok(self.store.ping().await?)
    }

    /// The database, for closing it.
    pub const fn store(&self) -> &Store {
        &self.store
    }
}
