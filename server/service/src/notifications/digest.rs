//! What the worker sees to every minute: the summaries of the morning, mail that is due, and what has had its time.

use domain::id::{IdentityId, MailId, ObjectKind};
use domain::job::JobKind;
use domain::notice::last_digest;
use domain::time::{DAY, HOUR, Instant};
use storage::WriteTx;
use storage::notifications::NewMail;

use super::send::{self, KEY, MAIL};
use crate::{Result, Service, boxed};

/// People whose summaries are put down in one transaction.
const CHUNK: i64 = 500;
/// How long what was read stays, how long everything does, and how long mails are remembered.
const READ: i64 = 90 * DAY;
const ALL: i64 = 365 * DAY;
const MAILS: i64 = 90 * DAY;
/// Rows that are forgotten in one round.
const FORGOTTEN: i64 = 5_000;

/// Sees to it that what is due is sent, and that summaries are made once a day.
#[boxed]
pub(crate) async fn ensure_mail(service: &Service) -> Result<()> {
    if service.post.is_none() {
        return Ok(());
    }
    let mut tx = service.store.read().await?;
    let Some(organisation) = tx.organisation().await? else {
        return Ok(());
    };
    let head = tx.mail_head().await?;
    let now = service.now();
    let is_late = tx.mail_due(now).await? && tx.live_job(KEY).await?.is_none();
    drop(tx);
    if is_late {
        let mut tx = begin(service).await?;
        send::ask(&mut tx).await?;
        tx.commit_unaudited(MAIL).await?;
        service.wake_worker();
    }
    let round = last_digest(now, &organisation.time_zone());
    match head.digested {
        Some(last) if last >= round => Ok(()),
        Some(_) => digests(service, round).await,
        // With the first start nobody is late: what waits is sent in the morning.
        None => {
            let mut tx = begin(service).await?;
            tx.set_digested(round).await?;
            Ok(tx.commit_unaudited(MAIL).await?)
        }
    }
}

/// One mail for each person for whom something waits.
async fn digests(service: &Service, round: Instant) -> Result<()> {
    loop {
        let mut tx = begin(service).await?;
        let people = tx.digest_people(CHUNK).await?;
        if people.is_empty() {
            tx.set_digested(round).await?;
            tx.commit_unaudited(MAIL).await?;
            service.wake_worker();
            return Ok(());
        }
        put_down(&mut tx, &people).await?;
        tx.commit_unaudited(MAIL).await?;
    }
}

async fn put_down(tx: &mut WriteTx, people: &[IdentityId]) -> Result<()> {
    let reach = tx.reach(people).await?;
    let first = tx
        .next_ids(
            ObjectKind::Mail,
            i64::try_from(people.len()).unwrap_or(CHUNK),
        )
        .await?;
    let with_ids = people.iter().zip(first..);
    let by_person: Vec<(IdentityId, Option<MailId>)> = with_ids
        .map(|(person, id)| {
            let by_mail = reach.get(person).is_some_and(|reach| reach.by_mail);
            (*person, by_mail.then(|| MailId::from_raw(id)))
        })
        .collect();
    let mails = by_person.iter().filter_map(|(identity, id)| {
        Some(NewMail {
            id: (*id)?,
            identity: *identity,
            digest: true,
        })
    });
    let mails: Vec<NewMail> = mails.collect();
    tx.put_into_digests(&by_person).await?;
    tx.insert_mails(&mails).await?;
    send::ask(tx).await
}

/// Forgets what has had its time, in a transaction that was begun elsewhere.
pub(crate) async fn expire(tx: &mut WriteTx) -> Result<()> {
    let now = tx.recorded();
    tx.forget_notifications(now.plus(-READ), now.plus(-ALL), FORGOTTEN)
        .await?;
    tx.forget_mails(now.plus(-MAILS), FORGOTTEN).await?;
    tx.forget_done_jobs(JobKind::SendMail, now.plus(-DAY), now.plus(-HOUR))
        .await?;
    Ok(())
}

#[boxed]
async fn begin(service: &Service) -> Result<WriteTx> {
    Ok(service
        .store
        .write(service.now(), service.entropy.clone())
        .await?)
}
