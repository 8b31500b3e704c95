//! Who asks and from where, and how use cases write: once, with their audit entries.

use domain::audit::{AuditAction, Detail, Event, Outcome, Target};
use domain::id::{IdentityId, ObjectRef};
use domain::permission::{Action, Actor, Denied, Facts, Permit, decide};
use proof::hash::sha256;
use serde::Serialize;
use storage::WriteTx;

use crate::{Error, Result, Service};

/// Where a request comes from; goes into the details of its audit entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Its id, as in the logs.
    pub request: Option<String>,
    /// Network address.
    pub address: Option<String>,
    /// Browser.
    pub user_agent: Option<String>,
}

/// Who asks, from where, and under which key a form is carried out once.
#[derive(Debug, Clone)]
pub struct Cx {
    /// Who.
    pub actor: Actor,
    /// From where.
    pub origin: Origin,
    /// The form's idempotency key.
    pub once: Option<String>,
}

impl Cx {
    /// An actor without a request.
    pub fn of(actor: Actor) -> Self {
        Self {
            actor,
            origin: Origin::default(),
            once: None,
        }
    }

    /// The identity that acts.
    pub fn me(&self) -> Option<IdentityId> {
        self.actor.identity()
    }

    /// The beginning of an event by this actor.
    pub(crate) fn event(&self, action: AuditAction) -> Event {
        Event {
            actor: self.actor,
            on_behalf_of: None,
            action,
            outcome: Outcome::Done,
            request: self.origin.request.clone(),
            targets: Vec::new(),
            details: Vec::new(),
            bulk: None,
        }
    }

    /// Details about a subject with where the request came from.
    pub(crate) fn detail(&self, subject: impl Into<ObjectRef>) -> Detail {
        Detail {
            subject: subject.into().to_string(),
            address: self.origin.address.clone(),
            user_agent: self.origin.user_agent.clone(),
            ..Detail::default()
        }
    }

    /// An event that changes one object. Nothing can be committed without an event, and this one cannot be had without
    /// a permit: that is why a change without permission does not compile.
    pub(crate) fn change(
        &self,
        permit: &Permit,
        action: AuditAction,
        target: Target,
        before: Option<&impl Serialize>,
        after: Option<&impl Serialize>,
        reason: Option<&str>,
    ) -> Result<Event> {
        let json = |e: serde_json::Error| {
            Error::Internal(format!("content cannot be written as JSON: {e}"))
        };
        let detail = Detail {
            before: before.map(serde_json::to_value).transpose().map_err(json)?,
            after: after.map(serde_json::to_value).transpose().map_err(json)?,
            reason: reason.map(str::to_owned),
            ..self.detail(target.object)
        };
        Ok(Event {
            actor: permit.actor(),
            targets: vec![target],
            details: vec![detail],
            ..self.event(action)
        })
    }

    /// An event about an object whose content stays as it is.
    pub(crate) fn about(&self, action: AuditAction, object: impl Into<ObjectRef>) -> Event {
        let object = object.into();
        Event {
            targets: vec![Target {
                object,
                content: None,
            }],
            details: vec![self.detail(object)],
            ..self.event(action)
        }
    }

    /// Decides for this actor.
    pub(crate) fn decide(
        &self,
        action: Action,
        object: Option<ObjectRef>,
        facts: Facts,
    ) -> Result<Permit> {
        decide(self.actor, action, object, facts).map_err(|denied| Error::Denied {
            denied,
            action,
            object,
        })
    }
}

impl Service {
    /// Begins to write. A form that was carried out before is answered with [`Error::AlreadyDone`].
    pub(crate) async fn begin(&self, cx: &Cx) -> Result<WriteTx> {
        let mut tx = self
            .store
            .write(self.clock.now(), self.entropy.clone())
            .await?;
        if let Some(key) = once_key(cx)
            && let Some(object) = tx.carried_out(&key).await?
        {
            return Err(Error::AlreadyDone(object));
        }
        Ok(tx)
    }

    /// Commits with the entries of what was done, and remembers the form. `done` is what the form led to.
    pub(crate) async fn commit(
        &self,
        cx: &Cx,
        mut tx: WriteTx,
        done: impl ToString,
        event: Event,
        rest: Vec<Event>,
    ) -> Result<()> {
        if let Some(key) = once_key(cx) {
            tx.remember_carried_out(&key, &done.to_string()).await?;
        }
        tx.commit(event, rest).await?;
        Ok(())
    }

    /// Commits what needs no entry, for the reason given, and remembers the form.
    pub(crate) async fn commit_once(
        &self,
        cx: &Cx,
        mut tx: WriteTx,
        done: impl ToString,
        reason: &'static str,
    ) -> Result<()> {
        if let Some(key) = once_key(cx) {
            tx.remember_carried_out(&key, &done.to_string()).await?;
        }
        tx.commit_unaudited(reason).await?;
        Ok(())
    }

    /// Passes a result on; what was denied goes into the log first. Hidden objects are answered as not found.
    pub(crate) async fn noted<T>(&self, cx: &Cx, result: Result<T>) -> Result<T> {
        let Err(Error::Denied {
            denied,
            action,
            object,
        }) = &result
        else {
            return result;
        };
        if let Err(error) = self.record_denial(cx, *action, *object).await {
            // The act is refused either way; that its entry is missing is for the operator.
            tracing::error!(%error, "a denied act could not be recorded");
        }
        if *denied == Denied::Hidden {
            Err(Error::NotFound)
        } else {
            result
        }
    }

    async fn record_denial(
        &self,
        cx: &Cx,
        action: Action,
        object: Option<ObjectRef>,
    ) -> Result<()> {
        if cx.actor == Actor::Anonymous {
            self.denials.count(
                cx.origin.address.as_deref().unwrap_or_default(),
                action.word(),
            );
            return Ok(());
        }
        let mut event = cx.event(AuditAction::Denied);
        event.outcome = Outcome::Denied;
        event.targets.extend(object.map(|object| Target {
            object,
            content: None,
        }));
        event.details = vec![Detail {
            subject: object.map(|o| o.to_string()).unwrap_or_default(),
            note: Some(serde_json::json!({ "attempted": action.word() })),
            address: cx.origin.address.clone(),
            user_agent: cx.origin.user_agent.clone(),
            ..Detail::default()
        }];
        let tx = self
            .store
            .write(self.clock.now(), self.entropy.clone())
            .await?;
        tx.commit(event, Vec::new()).await?;
        Ok(())
    }

    /// Notes that an auditor opened an object other than themselves: one entry a view.
    pub(crate) async fn note_view(&self, cx: &Cx, object: impl Into<ObjectRef>) -> Result<()> {
        use domain::permission::ConsoleRight::{Administer, Audit};
        let rights = cx.actor.rights();
        let object = object.into();
        let own = cx.me().is_some_and(|me| object == me.into());
        if own || !rights.has(Audit) || rights.has(Administer) {
            return Ok(());
        }
        let event = cx.about(AuditAction::Viewed, object);
        let tx = self
            .store
            .write(self.clock.now(), self.entropy.clone())
            .await?;
        tx.commit(event, Vec::new()).await?;
        Ok(())
    }
}

/// The stored form of an idempotency key: bound to the actor, so that nobody can use up another's.
fn once_key(cx: &Cx) -> Option<[u8; 32]> {
    let key = cx.once.as_deref().filter(|key| !key.is_empty())?;
    Some(sha256(format!("{}\n{key}", cx.actor.text()).as_bytes()).0)
}
