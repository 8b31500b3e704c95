//! Somebody's notifications, newest first.

use crate::boxed;
use domain::id::{IdentityId, NotificationId, ObjectRef};
use domain::notice::NoticeKind;
use domain::page::{COUNT_CAP, Page, Position};
use domain::time::Instant;

use crate::column::At;
use crate::engine::ReadTx;
use crate::{Error, Result};

/// What somebody was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// Who was told.
    pub identity: IdentityId,
    /// What kind of thing.
    pub kind: NoticeKind,
    /// What it is about.
    pub object: ObjectRef,
    /// What happened, in a line.
    pub title: String,
    /// Enough to know what to do.
    pub text: String,
    /// The page to open.
    pub path: String,
    /// When.
    pub created: Instant,
    /// When it was read; not yet when none.
    pub read: Option<Instant>,
}

/// Which of somebody's notifications.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Which {
    /// Only of this kind.
    pub kind: Option<NoticeKind>,
    /// Only those that were not read.
    pub unread: bool,
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    id: i64,
    identity_id: i64,
    kind: String,
    object: String,
    title: String,
    body: String,
    path: String,
    created: At,
    read_at: Option<At>,
}

macro_rules! columns {
    () => {
        "n.id, n.identity_id, n.kind, n.object, n.title, n.body, n.path, n.created, n.read_at"
    };
}
pub(super) use columns;

/// The rows of a page with one more, which says whether there is another page.
macro_rules! page {
    ($condition:literal, $order:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM notification n WHERE n.identity_id = $1 AND ($2 = '' OR n.kind = $2)",
            $condition,
            $order,
            " LIMIT $4"
        )
    };
}

macro_rules! total {
    ($condition:literal) => {
        concat!(
            "SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM notification \
             WHERE identity_id = $1 AND ($2 = '' OR kind = $2)",
            $condition,
            " LIMIT $3) s"
        )
    };
}

pub(super) fn notification(row: Row) -> Result<Notification> {
    let id = NotificationId::from_raw(row.id);
    let damaged = || Error::damaged(format!("notification {id}"));
    Ok(Notification {
        id,
        identity: IdentityId::from_raw(row.identity_id),
        kind: NoticeKind::from_word(&row.kind).ok_or_else(damaged)?,
        object: row.object.parse().map_err(|_| damaged())?,
        title: row.title,
        text: row.body,
        path: row.path,
        created: row.created.0,
        read: row.read_at.map(|at| at.0),
    })
}

impl ReadTx {
    /// A page of somebody's notifications, newest first. A cursor is the id of a notification; one that is none begins at
    /// the start.
    #[boxed]
    pub async fn notifications(
        &mut self,
        identity: IdentityId,
        which: Which,
        position: &Position,
        rows: u16,
    ) -> Result<Page<Notification>> {
        let id = |cursor: &str| {
            cursor
                .parse::<NotificationId>()
                .ok()
                .map(NotificationId::raw)
        };
        let (from, newer) = match position {
            Position::Start => (None, false),
            Position::After(cursor) => (id(cursor), false),
            Position::Before(cursor) => (id(cursor), true),
        };
        let newer = newer && from.is_some();
        let text = match (newer, which.unread) {
            (false, false) => page!(" AND n.id < $3", " ORDER BY n.id DESC"),
            (false, true) => page!(
                " AND n.read_at IS NULL AND n.id < $3",
                " ORDER BY n.id DESC"
            ),
            (true, false) => page!(" AND n.id > $3", " ORDER BY n.id"),
            (true, true) => page!(" AND n.read_at IS NULL AND n.id > $3", " ORDER BY n.id"),
        };
        let kind = which.kind.map_or("", NoticeKind::word);
        let size = usize::from(rows);
        let mut found: Vec<Row> = on!(self, c => sqlx::query_as(text)
            .bind(identity.raw())
            .bind(kind)
            .bind(from.unwrap_or(i64::MAX))
            .bind(i64::from(rows) + 1)
            .fetch_all(c).await)?;
        let more = found.len() > size;
        found.truncate(size);
        if newer {
            found.reverse();
        }
        let rows: Vec<Notification> = found.into_iter().map(notification).collect::<Result<_>>()?;
        let cursor = |row: Option<&Notification>| row.map(|row| row.id.to_string());
        let (first, last) = (cursor(rows.first()), cursor(rows.last()));
        let text = if which.unread {
            total!(" AND read_at IS NULL")
        } else {
            total!("")
        };
        let most = i64::try_from(COUNT_CAP).unwrap_or(i64::MAX) + 1;
        let total: i64 = on!(self, c => sqlx::query_scalar(text).bind(identity.raw()).bind(kind).bind(most).fetch_one(c).await)?;
        Ok(Page {
            before: first.filter(|_| if newer { more } else { from.is_some() }),
            after: last.filter(|_| newer || more),
            rows,
            total: u64::try_from(total).unwrap_or_default(),
        })
    }

    /// A notification.
    #[boxed]
    pub async fn notification(&mut self, id: NotificationId) -> Result<Option<Notification>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM notification n WHERE n.id = $1"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(notification).transpose()
    }
}
