//! What each kind of job does, by kind.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use domain::job::JobKind;
use domain::time::Instant;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use storage::WriteTx;

use super::watch::WatchFolder;
use super::work::Work;
use crate::assignments::{ChangeAssignments, GiveToMany};
use crate::exports::Export;
use crate::findings::LookForOutliers;
use crate::imports::{ApplyImport, CheckImport};
use crate::notifications::SendMail;
use crate::people::MovePeople;
use crate::proposals::LearnProposals;
use crate::reviews::evidence::ExportEvidence;
use crate::reviews::{CarryOutReview, LaunchReview};
use crate::roles::DiscoverRoles;
use crate::rules::ApplyRules;
use crate::{Cx, Error, Result, Service};

/// How an attempt ended that did not fail.
#[derive(Debug, Clone, PartialEq)]
pub enum Ended {
    /// It is through; the worker writes down what came out. Only where doing it again would be harmless.
    Done(Value),
    /// It is through and said so itself, with [`Work::finish`] in its last transaction.
    Settled,
    /// It was asked to stop and did so at a safe point.
    Stopped,
    /// A timer: the same job again at this moment.
    Again(Instant),
}

/// A kind of job: its payload, and what it does. It may be begun again at any point, also after a crash.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Which kind.
    const KIND: JobKind;

    /// Does it. Looks at [`Work::stopping`] between steps.
    fn run(self, service: &Service, work: &Work) -> impl Future<Output = Result<Ended>> + Send;

    /// Tidies up in the transaction in which the job is called off.
    fn called_off(&self, _tx: &mut WriteTx, _cx: &Cx) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A kind with its payload type taken away.
#[derive(Clone, Copy)]
struct Handler {
    run: fn(Arc<Service>, Arc<Work>) -> Boxed<'static, Ended>,
    called_off: for<'a> fn(&'a Value, &'a mut WriteTx, &'a Cx) -> Boxed<'a, ()>,
}

/// The kinds that this program can carry out.
#[derive(Clone, Default)]
pub struct Handlers(HashMap<JobKind, Handler>);

impl std::fmt::Debug for Handlers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Handlers {
    /// With one more kind.
    #[must_use]
    pub fn with<J: Job>(mut self) -> Self {
        let handler = Handler {
            run: |service, work| {
                Box::pin(async move {
                    let job: J = payload(&work.as_claimed().payload)?;
                    job.run(&service, &work).await
                })
            },
            called_off: |value, tx, cx| {
                Box::pin(async move {
                    // What no version of this program can read any more must still go away when somebody says so.
                    match payload::<J>(value) {
                        Ok(job) => job.called_off(tx, cx).await,
                        Err(_) => Ok(()),
                    }
                })
            },
        };
        self.0.insert(J::KIND, handler);
        self
    }

    /// Carries out what was claimed.
    pub async fn run(&self, service: Arc<Service>, work: Arc<Work>) -> Result<Ended> {
        let kind = work.as_claimed().kind;
        let Some(handler) = self.0.get(&kind) else {
            let text = format!("No worker here knows the work “{}”.", kind.label());
            return Err(Error::Refused(text));
        };
        (handler.run)(service, work).await
    }

    /// Tidies up after a job that is called off.
    pub(super) async fn called_off(
        &self,
        job: &domain::job::Job,
        tx: &mut WriteTx,
        cx: &Cx,
    ) -> Result<()> {
        match self.0.get(&job.kind) {
            Some(handler) => (handler.called_off)(&job.payload, tx, cx).await,
            None => Ok(()),
        }
    }
}

fn payload<J: Job>(value: &Value) -> Result<J> {
    J::deserialize(value)
        .map_err(|e| Error::Internal(format!("the payload of a job cannot be read: {e}")))
}

/// All kinds of this program.
pub fn handlers() -> Handlers {
    Handlers::default()
        .with::<Export>()
        .with::<CheckImport>()
        .with::<ApplyImport>()
        .with::<MovePeople>()
        .with::<GiveToMany>()
        .with::<ChangeAssignments>()
        .with::<WatchFolder>()
        .with::<ApplyRules>()
        .with::<DiscoverRoles>()
        .with::<LookForOutliers>()
        .with::<SendMail>()
        .with::<LearnProposals>()
        .with::<CarryOutReview>()
        .with::<LaunchReview>()
        .with::<ExportEvidence>()
}
