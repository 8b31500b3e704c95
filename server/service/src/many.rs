//! The same act on many, one after the other: how it went with each, and the work of a job that does it.
//!
//! What the act is, and whether it does what somebody agreed to, is decided by whoever uses this.

use std::fmt::Display;
use std::future::Future;

use serde_json::json;

use crate::jobs::{Ended, JobProblem, Work, cx_of};
use crate::{Cx, Error, Result, Service};

/// How it went with one of many, when it went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// It was done.
    Done,
    /// It was so before.
    Unchanged,
}

/// Why it was not done with one of them, in a sentence. What is on our side goes to the operator.
pub(crate) fn said(one: impl Display, error: &Error) -> String {
    if let Error::Storage(_) | Error::Internal(_) = error {
        tracing::error!(%error, %one, "one of many could not be done");
        return "It failed on our side; try it again.".to_owned();
    }
    let text = error.to_string();
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .map(|letter| letter.to_uppercase().collect())
        .unwrap_or_default();
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// An act on many that a job carries out.
pub(crate) trait Many: Sync {
    /// One of them.
    type Item: Sync;

    /// The key under which it is done with one of them: beginning again does nothing twice.
    fn key(&self, work: &Work, item: &Self::Item) -> String;

    /// What a problem with one of them is about.
    fn subject(&self, item: &Self::Item) -> String;

    /// Does it with one of them.
    fn one(
        &self,
        service: &Service,
        cx: &Cx,
        item: &Self::Item,
    ) -> impl Future<Output = Result<Did>> + Send;
}

/// How it went with all of them.
#[derive(Debug, Default)]
pub(crate) struct Went {
    done: u64,
    unchanged: u64,
    /// What each is about, with why it was not done.
    pub(crate) problems: Vec<JobProblem>,
}

/// Does it with each; none when the work is to stop.
pub(crate) async fn each<M: Many>(
    many: &M,
    items: &[M::Item],
    service: &Service,
    work: &Work,
) -> Result<Option<Went>> {
    let cx = cx_of(service, work).await?;
    let mut went = Went::default();
    for (at, item) in items.iter().enumerate() {
        if work.stopping().is_some() {
            return Ok(None);
        }
        let own = Cx {
            once: Some(many.key(work, item)),
            ..cx.clone()
        };
        match many.one(service, &own, item).await {
            Ok(Did::Done) => went.done += 1,
            Ok(Did::Unchanged) => went.unchanged += 1,
            Err(Error::Storage(error)) if error.is_passing() => {
                return Err(Error::Storage(error));
            }
            Err(error) => {
                let subject = many.subject(item);
                let message = said(&subject, &error);
                went.problems.push(JobProblem { subject, message });
            }
        }
        work.progress(at as u64 + 1, Some(items.len() as u64));
        work.problems(went.problems.len() as u64);
        work.count("Done", went.done);
        work.count("Unchanged", went.unchanged);
    }
    Ok(Some(went))
}

impl Went {
    /// Writes down how it went, and that the work is through.
    pub(crate) async fn finish(self, service: &Service, work: &Work) -> Result<Ended> {
        let mut tx = service
            .store
            .write(service.clock.now(), service.entropy.clone())
            .await?;
        work.note_problems(&mut tx, &self.problems).await?;
        let result = json!({
            "done": self.done,
            "unchanged": self.unchanged,
            "not_done": self.problems.len(),
        });
        work.finish(&mut tx, &result).await?;
        tx.commit_unaudited("a job is through; what it did is in the log")
            .await?;
        Ok(Ended::Settled)
    }
}
