//! What people are told: written many at a time, read newest first, and how each kind reaches whom.
//!
//! Nothing here is versioned or in the log. Mails are in `mail`; what is in a mail are the notifications that name it.

mod list;
mod mail;

use std::collections::{BTreeSet, HashMap};

use crate::boxed;
use domain::id::{IdentityId, MailId, NotificationId, ObjectRef};
use domain::notice::{Delivery, NoticeKind};
use domain::time::Instant;

pub use list::{Notification, Which};
pub use mail::{DueMail, MailFate, MailHead, MailRow, Mailed, NewMail};

use crate::bulk::{Rows, keys};
use crate::column::{At, can_be_kept};
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// Something that somebody is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotification {
    /// Its id, from the sequence.
    pub id: NotificationId,
    /// Who is told.
    pub identity: IdentityId,
    /// What kind of thing.
    pub kind: NoticeKind,
    /// What it is about.
    pub object: ObjectRef,
    /// What happened, in a line.
    pub title: String,
    /// Enough to know what to do, in plain sentences.
    pub text: String,
    /// The page to open.
    pub path: String,
    /// Whether it waits for the next summary.
    pub digest: bool,
    /// The mail it goes out with.
    pub mail: Option<MailId>,
}

/// How somebody can be reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Whether they have an address and may sign in, so that a mail is of use.
    pub by_mail: bool,
    /// What they chose, kind by kind.
    pub chosen: HashMap<NoticeKind, Delivery>,
}

impl Reach {
    /// How notices of a kind reach them.
    pub fn delivery(&self, kind: NoticeKind) -> Delivery {
        self.chosen.get(&kind).copied().unwrap_or(kind.usual())
    }
}

impl ReadTx {
    /// Those of some people who were told this about something after a moment.
    #[boxed]
    pub async fn told_since(
        &mut self,
        people: &[IdentityId],
        kind: NoticeKind,
        object: ObjectRef,
        moment: Instant,
    ) -> Result<BTreeSet<IdentityId>> {
        let text = of_keys!(
            self,
            "n.identity_id",
            "notification n",
            "n.identity_id = CAST(k.value AS BIGINT) AND n.kind = $2 AND n.object = $3 AND n.created > $4"
        );
        let wanted = keys(people.iter().map(|id| id.raw()));
        let ids: Vec<i64> = on!(self, c => sqlx::query_scalar(text)
            .bind(&wanted)
            .bind(kind.word())
            .bind(object.to_string())
            .bind(At(moment))
            .fetch_all(c).await)?;
        Ok(ids.into_iter().map(IdentityId::from_raw).collect())
    }

    /// How people can be reached; who is not known is left out.
    #[boxed]
    pub async fn reach(&mut self, people: &[IdentityId]) -> Result<HashMap<IdentityId, Reach>> {
        let ids = keys(people.iter().map(|id| id.raw()));
        let text = of_keys!(
            self,
            "p.id, p.email <> '' AND p.status IN ('active', 'on_leave') AS by_mail",
            "identity p",
            "p.id = CAST(k.value AS BIGINT) AND p.recorded_to IS NULL"
        );
        let rows: Vec<(i64, bool)> =
            on!(self, c => sqlx::query_as(text).bind(&ids).fetch_all(c).await)?;
        let known = rows.into_iter().map(|(id, by_mail)| {
            let reach = Reach {
                by_mail,
                chosen: HashMap::new(),
            };
            (IdentityId::from_raw(id), reach)
        });
        let mut all: HashMap<IdentityId, Reach> = known.collect();
        let text = of_keys!(
            self,
            "s.identity_id, s.kind, s.delivery",
            "notification_setting s",
            "s.identity_id = CAST(k.value AS BIGINT)"
        );
        let rows: Vec<(i64, String, String)> =
            on!(self, c => sqlx::query_as(text).bind(&ids).fetch_all(c).await)?;
        for (id, kind, delivery) in rows {
            let known = NoticeKind::from_word(&kind).zip(Delivery::from_word(&delivery));
            if let Some(reach) = all.get_mut(&IdentityId::from_raw(id)) {
                reach.chosen.extend(known);
            }
        }
        Ok(all)
    }
}

impl WriteTx {
    /// Tells people something; bounded statements for however many.
    #[boxed]
    pub async fn insert_notifications(&mut self, notices: &[NewNotification]) -> Result<()> {
        let now = self.recorded;
        let text = of_rows!(
            self,
            "INSERT INTO notification (id, identity_id, kind, object, title, body, path, created, digest, mail_id) SELECT ",
            [number 0, number 1, text 2, text 3, text 4, text 5, text 6, at 7, flag 8, number 9],
            ""
        );
        for some in notices.chunks(ROWS) {
            let rows = Rows::of(some, |row, notice| {
                row.number(notice.id.raw());
                row.number(notice.identity.raw());
                row.text(notice.kind.word());
                row.text(&notice.object.to_string());
                row.text(&kept(&notice.title));
                row.text(&kept(&notice.text));
                row.text(&kept(&notice.path));
                row.at(now);
                row.flag(notice.digest);
                row.maybe_number(notice.mail.map(MailId::raw));
            });
            on!(self, c => sqlx::query(text).bind(&rows).execute(c).await.map(drop))?;
        }
        Ok(())
    }

    /// Somebody has read one of their notifications; false when it is none of theirs.
    #[boxed]
    pub async fn read_notification(
        &mut self,
        identity: IdentityId,
        id: NotificationId,
    ) -> Result<bool> {
        let text = "UPDATE notification SET read_at = COALESCE(read_at, $3), digest = false WHERE id = $1 AND identity_id = $2";
        let now = At(self.recorded);
        let found = on!(self, c => sqlx::query(text).bind(id.raw()).bind(identity.raw()).bind(now)
            .execute(c).await.map(|done| done.rows_affected()))?;
        Ok(found == 1)
    }

    /// Somebody has read everything up to one of their notifications; answers how many were unread.
    #[boxed]
    pub async fn read_notifications(
        &mut self,
        identity: IdentityId,
        up_to: NotificationId,
    ) -> Result<u64> {
        let text = "UPDATE notification SET read_at = $3, digest = false WHERE identity_id = $1 AND id <= $2 AND read_at IS NULL";
        let now = At(self.recorded);
        Ok(
            on!(self, c => sqlx::query(text).bind(identity.raw()).bind(up_to.raw()).bind(now)
                .execute(c).await.map(|done| done.rows_affected()))?,
        )
    }

    /// Keeps how notices of a kind reach somebody; none takes what is usual again.
    #[boxed]
    pub async fn set_delivery(
        &mut self,
        identity: IdentityId,
        kind: NoticeKind,
        delivery: Option<Delivery>,
    ) -> Result<()> {
        let text = "DELETE FROM notification_setting WHERE identity_id = $1 AND kind = $2";
        on!(self, c => sqlx::query(text).bind(identity.raw()).bind(kind.word()).execute(c).await.map(drop))?;
        if let Some(delivery) = delivery {
            let text = "INSERT INTO notification_setting (identity_id, kind, delivery) VALUES ($1, $2, $3)";
            on!(self, c => sqlx::query(text).bind(identity.raw()).bind(kind.word()).bind(delivery.word())
                .execute(c).await.map(drop))
            .map_err(Error::from_write)?;
        }
        Ok(())
    }

    /// Forgets notifications that were read before a moment, and all from before another; at most so many of each.
    #[boxed]
    pub async fn forget_notifications(
        &mut self,
        read_before: Instant,
        before: Instant,
        most: i64,
    ) -> Result<()> {
        for (text, at) in [
            (
                "DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE read_at < $1 ORDER BY read_at LIMIT $2)",
                read_before,
            ),
            (
                "DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE created < $1 ORDER BY created LIMIT $2)",
                before,
            ),
        ] {
            on!(self, c => sqlx::query(text).bind(At(at)).bind(most).execute(c).await.map(drop))?;
        }
        Ok(())
    }
}

/// Rows of one statement.
const ROWS: usize = 2_000;

/// A text as a column takes it.
fn kept(text: &str) -> std::borrow::Cow<'_, str> {
    if can_be_kept(text) {
        text.into()
    } else {
        text.replace('\0', "\u{fffd}").into()
    }
}
