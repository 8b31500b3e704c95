//! The job that sends mail: it takes some that are due, sends them outside of any transaction, and writes down what became
//! of each, until none is due.
//!
//! A mail of which nothing was written down comes up again, so each arrives at least once, and each attempt has the same
//! message id. While no mail server can be reached everything waits; nothing is lost for three days.

use std::sync::Arc;

use domain::job::JobKind;
use domain::notice::{GIVEN_UP_AFTER, mail_back_off};
use domain::permission::Actor;
use domain::time::{Instant, MINUTE};
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::WriteTx;
use storage::notifications::{DueMail, MailFate, Mailed};

use super::post::{Letter, LetterItem, Post, Posted};
use crate::jobs::{Ended, Job, NewJob, Work, enqueue};
use crate::{Cx, Result, Service, boxed};

/// At most one waits or runs.
pub(super) const KEY: &str = "mail";
/// Mails taken at a time.
const AT_ONCE: i64 = 20;
/// What was taken and not heard of comes up again after this.
const TAKEN_FOR: i64 = 10 * MINUTE;
/// Why these commits carry no entry.
pub(super) const MAIL: &str = "mail on its way; what it tells of has entries of its own";

/// Sends what is due.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct SendMail {}

/// Asks for mail to be sent, in the transaction that puts it down.
pub(super) async fn ask(tx: &mut WriteTx) -> Result<()> {
    let job = NewJob::of(&SendMail {})?
        .title("Send mail to people who are to know something")
        .once(KEY);
    enqueue(tx, &Cx::of(Actor::System), &job).await?;
    Ok(())
}

impl Job for SendMail {
    const KIND: JobKind = JobKind::SendMail;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        let Some(post) = &service.post else {
            // Another node may have a mail server; what waits is asked for again by whoever has one.
            return Ok(Ended::Done(json!({ "sent": 0 })));
        };
        let organisation = service.organisation().await?.map(|it| it.name);
        let mut round = Round {
            service,
            work,
            post,
            organisation: organisation.unwrap_or_default(),
            sent: 0,
        };
        while work.stopping().is_none() {
            let Some(mails) = round.take().await? else {
                return Ok(Ended::Settled);
            };
            round.send(mails).await?;
        }
        Ok(Ended::Stopped)
    }
}

struct Round<'a> {
    service: &'a Service,
    work: &'a Work,
    post: &'a Arc<dyn Post>,
    organisation: String,
    sent: u64,
}

impl Round<'_> {
    /// Some mails that are due. None when there are none: then the job is done, in the same transaction, so that a mail which
    /// is put down meanwhile finds no job and asks for one.
    #[boxed]
    async fn take(&mut self) -> Result<Option<Vec<DueMail>>> {
        let mut tx = self.begin().await?;
        let now = tx.recorded();
        let mails = tx.claim_mails(now, now.plus(TAKEN_FOR), AT_ONCE).await?;
        if mails.is_empty() {
            self.work
                .finish(&mut tx, &json!({ "sent": self.sent }))
                .await?;
        } else {
            self.work.keep(&mut tx).await?;
        }
        tx.commit_unaudited(MAIL).await?;
        Ok((!mails.is_empty()).then_some(mails))
    }

    /// Sends these and writes down what became of each.
    async fn send(&mut self, mails: Vec<DueMail>) -> Result<()> {
        let (mut settled, mut needless, mut away) = (Vec::new(), Vec::new(), None);
        for mail in mails {
            let now = self.service.now();
            let fate = if let Some((until, reason)) = &away {
                put_off(&mail, now, *until, String::clone(reason))
            } else if self.work.stopping().is_some() {
                MailFate::Again(now, None)
            } else if mail.address.is_empty() {
                MailFate::Failed(
                    "They have no e-mail address, or can no longer sign in.".to_owned(),
                )
            } else if let Some(letter) = self.letter(&mail) {
                let posted = self.post.send(&letter).await;
                let until = self.service.now().plus(mail_back_off(mail.attempts));
                match posted {
                    Posted::Taken => {
                        self.sent += 1;
                        MailFate::Sent
                    }
                    Posted::Refused(reason) => MailFate::Failed(reason),
                    Posted::Later(reason) => put_off(&mail, now, until, reason),
                    Posted::Unreachable(reason) => {
                        away = Some((until, reason.clone()));
                        put_off(&mail, now, until, reason)
                    }
                }
            } else {
                needless.push(mail.id);
                continue;
            };
            settled.push(Mailed {
                id: mail.id,
                address: mail.address,
                fate,
            });
        }
        self.work.progress(self.sent, None);
        let mut tx = self.begin().await?;
        self.work.keep(&mut tx).await?;
        tx.settle_mails(&settled).await?;
        tx.drop_mails(&needless).await?;
        if let Some((until, reason)) = away {
            tracing::warn!(
                "no mail can be sent now; why, is said at /mail, and it is tried again later"
            );
            let given_up_before = tx.recorded().plus(-GIVEN_UP_AFTER);
            tx.postpone_mails(until, given_up_before, &reason).await?;
        }
        Ok(tx.commit_unaudited(MAIL).await?)
    }

    /// What is in a mail; nothing when it was all read meanwhile and it is a summary.
    fn letter(&self, mail: &DueMail) -> Option<Letter> {
        let told = mail.notices.iter();
        let items: Vec<LetterItem> = told
            .filter(|notice| !mail.digest || notice.read.is_none())
            .map(|notice| LetterItem {
                title: notice.title.clone(),
                text: notice.text.clone(),
                url: self.url(&notice.path),
            })
            .collect();
        let first = items.first()?;
        let subject = match items.len() {
            1 => first.title.clone(),
            more => format!("{}, and {} more", first.title, more - 1),
        };
        Some(Letter {
            id: mail.id,
            name: mail.name.clone(),
            address: mail.address.clone(),
            subject,
            organisation: self.organisation.clone(),
            items,
            digest: mail.digest,
            list_url: self.url("/notifications"),
            settings_url: self.url("/me/notifications"),
        })
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.service.public_url())
    }

    #[boxed]
    async fn begin(&self) -> Result<WriteTx> {
        let service = self.service;
        Ok(service
            .store
            .write(service.now(), service.entropy.clone())
            .await?)
    }
}

/// Tried again at a moment, or given up when it has waited too long.
fn put_off(mail: &DueMail, now: Instant, until: Instant, reason: String) -> MailFate {
    if now.since(mail.created) >= GIVEN_UP_AFTER {
        MailFate::Failed(reason)
    } else {
        MailFate::Again(until, Some(reason))
    }
}
