//! Mail as administrators see it: what waits, what could not be sent and why, and trying again.

use domain::id::MailId;
use domain::notice::MailState;
use domain::permission::{Action, Facts};
use storage::notifications::MailRow;

use super::send::{self, MAIL};
use crate::{Cx, Error, Result, Service, boxed};

/// Rows of each list; the newest.
pub const SHOWN: i64 = 100;
/// Counting stops here.
const COUNTED: i64 = 10_001;

/// Mail that is on its way or could not be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Whether there is a mail server.
    pub is_on: bool,
    /// Mails that wait, newest first.
    pub waiting: Vec<MailRow>,
    /// How many of them there are.
    pub waiting_count: u64,
    /// Mails that were given up, newest first.
    pub failed: Vec<MailRow>,
    /// How many of them there are.
    pub failed_count: u64,
}

/// Mail that waits or failed, for administrators.
#[boxed]
pub async fn outgoing(service: &Service, cx: &Cx) -> Result<Outgoing> {
    let result = read(service, cx).await;
    service.noted(cx, result).await
}

async fn read(service: &Service, cx: &Cx) -> Result<Outgoing> {
    cx.decide(Action::ManageMail, None, Facts::default())?;
    let mut tx = service.store.read().await?;
    Ok(Outgoing {
        is_on: tx.mail_head().await?.is_on,
        waiting: tx.mails(MailState::Waiting, None, SHOWN).await?,
        waiting_count: tx.count_mails(MailState::Waiting, COUNTED).await?,
        failed: tx.mails(MailState::Failed, None, SHOWN).await?,
        failed_count: tx.count_mails(MailState::Failed, COUNTED).await?,
    })
}

/// Tries a mail again that was given up.
#[boxed]
pub async fn send_again(service: &Service, cx: &Cx, id: MailId) -> Result<()> {
    let result = carry_out(service, cx, id).await;
    service.noted(cx, result).await?;
    service.wake_worker();
    Ok(())
}

async fn carry_out(service: &Service, cx: &Cx, id: MailId) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    cx.decide(Action::ManageMail, None, Facts::default())?;
    if !tx.retry_mail(id).await? {
        return Err(Error::NotFound);
    }
    send::ask(&mut tx).await?;
    service.commit_once(cx, tx, id, MAIL).await
}

/// Says in the database whether there is a mail server, when a server starts: commands beside it have none of their own, and
/// what they tell people goes out by the server.
#[boxed]
pub async fn announce(service: &Service) -> Result<()> {
    let is_on = service.post.is_some();
    if service.store.read().await?.mail_head().await?.is_on == is_on {
        return Ok(());
    }
    let mut tx = service
        .store
        .write(service.now(), service.entropy.clone())
        .await?;
    tx.set_mail_on(is_on).await?;
    Ok(tx
        .commit_unaudited("whether there is a mail server")
        .await?)
}
