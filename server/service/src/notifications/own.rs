//! What somebody sees and chooses of their own: everybody has these pages, and only of themselves.

use std::collections::HashMap;

use domain::id::{IdentityId, NotificationId};
use domain::notice::{Delivery, MailState, NoticeKind};
use domain::page::{DEFAULT_SIZE, Page, Position};
use domain::permission::{Action, Facts};
use storage::notifications::{MailRow, Notification, Which};

use super::tell::{Notice, tell};
use crate::{Cx, Error, Result, Service, boxed};

/// Why these commits carry no entry.
const READ: &str = "what somebody has read, and how they like to be told: it decides nothing";

/// A page of one's own notifications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationsPage {
    /// Newest first.
    pub page: Page<Notification>,
    /// The newest of all, up to which *mark all as read* goes.
    pub newest: Option<NotificationId>,
}

/// How notices reach somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Each kind that can be chosen, with how it reaches them.
    pub kinds: Vec<(NoticeKind, Delivery)>,
    /// Whether there is a mail server.
    pub mail_is_on: bool,
    /// The address that mail goes to; empty when there is none.
    pub address: String,
    /// Why the last mail to them did not get through, when it did not.
    pub failed: Option<MailRow>,
}

/// A page of the actor's notifications.
#[boxed]
pub async fn list(
    service: &Service,
    cx: &Cx,
    which: Which,
    position: &Position,
) -> Result<NotificationsPage> {
    let me = own(cx)?;
    let mut tx = service.store.read().await?;
    let page = tx.notifications(me, which, position, DEFAULT_SIZE).await?;
    let newest = match position {
        Position::Start if which == Which::default() => page.rows.first().map(|row| row.id),
        _ => {
            let first = tx
                .notifications(me, Which::default(), &Position::Start, 1)
                .await?;
            first.rows.first().map(|row| row.id)
        }
    };
    Ok(NotificationsPage { page, newest })
}

/// The actor opens one of their notifications: it is read from now on. Answers the page that it leads to.
#[boxed]
pub async fn open(service: &Service, cx: &Cx, id: NotificationId) -> Result<String> {
    let me = own(cx)?;
    let found = service.store.read().await?.notification(id).await?;
    let notification = found
        .filter(|it| it.identity == me)
        .ok_or(Error::NotFound)?;
    if notification.read.is_none() {
        let mut tx = service.begin(cx).await?;
        if !tx.read_notification(me, id).await? {
            return Err(Error::NotFound);
        }
        service.commit_once(cx, tx, id, READ).await?;
    }
    Ok(notification.path)
}

/// The actor has read everything up to one of their notifications, which is the newest that they saw. Answers how many were
/// unread.
#[boxed]
pub async fn mark_all_read(service: &Service, cx: &Cx, up_to: NotificationId) -> Result<u64> {
    let me = own(cx)?;
    let mut tx = service.begin(cx).await?;
    let read = tx.read_notifications(me, up_to).await?;
    service.commit_once(cx, tx, me, READ).await?;
    Ok(read)
}

/// How notices reach the actor.
#[boxed]
pub async fn settings(service: &Service, cx: &Cx) -> Result<Settings> {
    let me = own(cx)?;
    let mut tx = service.store.read().await?;
    let person = tx.identity(me).await?.ok_or(Error::NotFound)?;
    let reach = tx.reach(&[me]).await?.remove(&me).unwrap_or_default();
    let last = tx.last_mail_to(me).await?;
    Ok(Settings {
        kinds: NoticeKind::chosen()
            .map(|kind| (kind, reach.delivery(kind)))
            .collect(),
        mail_is_on: tx.mail_head().await?.is_on,
        address: person.content.email,
        failed: last.filter(|mail| mail.state == MailState::Failed),
    })
}

/// Keeps how notices reach the actor; kinds that are not named stay as they are.
#[boxed]
pub async fn save_settings(
    service: &Service,
    cx: &Cx,
    chosen: &HashMap<NoticeKind, Delivery>,
) -> Result<()> {
    let me = own(cx)?;
    let mut tx = service.begin(cx).await?;
    for (kind, delivery) in chosen.iter().filter(|(kind, _)| kind.can_be_chosen()) {
        let kept = (*delivery != kind.usual()).then_some(*delivery);
        tx.set_delivery(me, *kind, kept).await?;
    }
    service.commit_once(cx, tx, me, READ).await
}

/// Tells the actor something, to see whether it arrives.
#[boxed]
pub async fn send_test(service: &Service, cx: &Cx) -> Result<()> {
    let me = own(cx)?;
    let mut tx = service.begin(cx).await?;
    let notice = Notice {
        to: me,
        kind: NoticeKind::Test,
        object: me.into(),
        title: "A test message from Bailiwick".to_owned(),
        text: "You asked for this message. Nothing has to be done: what you read here arrives."
            .to_owned(),
        path: "/me/notifications".to_owned(),
    };
    tell(&mut tx, &[notice]).await?;
    service
        .commit_once(cx, tx, me, "a test message to oneself")
        .await?;
    service.wake_worker();
    Ok(())
}

fn own(cx: &Cx) -> Result<IdentityId> {
    let me = cx.me();
    let facts = Facts {
        is_self: me.is_some(),
        ..Facts::default()
    };
    cx.decide(Action::OwnAccount, me.map(Into::into), facts)?;
    me.ok_or(Error::NotFound)
}
