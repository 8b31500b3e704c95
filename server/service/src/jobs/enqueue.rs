//! Asking for a job in the transaction of the act that needs it.

use domain::id::{JobId, ObjectRef};
use domain::time::Instant;
use storage::WriteTx;

use super::handlers::Job;
use crate::{Cx, Error, Result, Service};

/// A job that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob(storage::jobs::NewJob);

impl NewJob {
    /// A job that does what this payload says.
    pub fn of<J: Job>(payload: &J) -> Result<Self> {
        let payload = serde_json::to_value(payload)
            .map_err(|e| Error::Internal(format!("a job cannot be written as JSON: {e}")))?;
        Ok(Self(storage::jobs::NewJob {
            kind: J::KIND,
            payload,
            live_key: None,
            subject: None,
            title: J::KIND.label().to_owned(),
            run_at: None,
            cancellable: true,
            created_by: None,
        }))
    }

    /// What it is about; its page links there.
    #[must_use]
    pub fn about(mut self, subject: impl Into<ObjectRef>) -> Self {
        self.0.subject = Some(subject.into());
        self
    }

    /// What it does, in a sentence.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.0.title = title.into();
        self
    }

    /// Not before this.
    #[must_use]
    pub fn at(mut self, run_at: Instant) -> Self {
        self.0.run_at = Some(run_at);
        self
    }

    /// It cannot be called off.
    #[must_use]
    pub const fn for_good(mut self) -> Self {
        self.0.cancellable = false;
        self
    }

    /// At most one job with this key is not over; asking again answers that one.
    #[must_use]
    pub fn once(mut self, key: impl Into<String>) -> Self {
        self.0.live_key = Some(key.into());
        self
    }
}

/// Asks for a job. It begins after the commit; [`Service::wake_worker`] then makes that at once.
pub async fn enqueue(tx: &mut WriteTx, cx: &Cx, job: &NewJob) -> Result<JobId> {
    let job = storage::jobs::NewJob {
        created_by: cx.me(),
        ..job.0.clone()
    };
    Ok(tx.enqueue(&job).await?)
}

impl Service {
    /// Tells the worker of this process that there may be something to do.
    pub fn wake_worker(&self) {
        self.wake.notify_one();
    }

    /// Waits until [`Service::wake_worker`] is called.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }
}
