//! What waits for whom: a projection of what is asked for and of tasks, written with them. Not in the log: everything in it
//! follows from what is.

use crate::boxed;
use domain::id::{IdentityId, RequestItemId};
use domain::inbox::{InboxEntry, InboxKind};
use domain::time::Instant;

use crate::bulk::{Rows, keys};
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

#[derive(Debug, sqlx::FromRow)]
struct Row {
    person_id: i64,
    kind: String,
    object_id: i64,
    step: i64,
    opened: At,
    due: At,
    remind_at: Option<At>,
}

macro_rules! columns {
    () => {
        "n.person_id, n.kind, n.object_id, n.step, n.opened, n.due, n.remind_at"
    };
}

impl Row {
    fn into_entry(self) -> Result<InboxEntry> {
        let kind = InboxKind::from_word(&self.kind)
            .ok_or_else(|| Error::damaged(format!("inbox_entry of {}", self.object_id)))?;
        Ok(InboxEntry {
            person: IdentityId::from_raw(self.person_id),
            kind,
            object: self.object_id,
            step: u16::try_from(self.step).unwrap_or_default(),
            opened: self.opened.0,
            due: self.due.0,
            remind_at: self.remind_at.map(|at| at.0),
        })
    }
}

impl ReadTx {
    /// What waits for some people, what is due first, first; after an entry. The people are somebody and those they stand in for.
    #[boxed]
    pub async fn inbox(
        &mut self,
        people: &[IdentityId],
        after: Option<(Instant, InboxKind, i64)>,
        most: i64,
    ) -> Result<Vec<InboxEntry>> {
        let mut found = Vec::new();
        // Each person's part is read in the order of the index; a union over all of them would be sorted as a whole.
        for person in people {
            let text = concat!(
                "SELECT ",
                columns!(),
                " FROM inbox_entry n WHERE n.person_id = $1 AND (n.due, n.kind, n.object_id) > ($2, $3, $4) \
                 ORDER BY n.due, n.kind, n.object_id, n.step LIMIT $5"
            );
            let (due, kind, object) = after.map_or(
                (At(Instant::from_micros(i64::MIN)), "", 0),
                |(due, kind, object)| (At(due), kind.word(), object),
            );
            let rows: Vec<Row> = on!(self, c => sqlx::query_as(text)
                .bind(person.raw())
                .bind(due)
                .bind(kind)
                .bind(object)
                .bind(most)
                .fetch_all(c).await)?;
            for row in rows {
                found.push(row.into_entry()?);
            }
        }
        found.sort_by_key(|entry: &InboxEntry| {
            (entry.due, entry.kind.word(), entry.object, entry.step)
        });
        found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// How many entries wait for some people, counted up to `most`.
    #[boxed]
    pub async fn inbox_count(&mut self, people: &[IdentityId], most: i64) -> Result<u64> {
        let text = of_keys!(
            self,
            "n.object_id",
            "inbox_entry n",
            "n.person_id = CAST(k.value AS BIGINT) LIMIT $2"
        );
        let wanted = keys(people.iter().map(|id| id.raw()));
        let found: Vec<i64> =
            on!(self, c => sqlx::query_scalar(text).bind(&wanted).bind(most).fetch_all(c).await)?;
        Ok(found.len() as u64)
    }

    /// All entries of objects of a kind.
    #[boxed]
    pub async fn inbox_of(&mut self, kind: InboxKind, objects: &[i64]) -> Result<Vec<InboxEntry>> {
        let text = of_keys!(
            self,
            columns!(),
            "inbox_entry n",
            "n.kind = $2 AND n.object_id = CAST(k.value AS BIGINT)"
        );
        let wanted = keys(objects.iter().copied());
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&wanted).bind(kind.word()).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_entry).collect()
    }

    /// Entries whose time is over and with which nothing was done yet.
    #[boxed]
    pub async fn inbox_overdue(&mut self, now: Instant, most: i64) -> Result<Vec<InboxEntry>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM inbox_entry n WHERE NOT n.handled AND n.due <= $1 ORDER BY n.due LIMIT $2"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(At(now)).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_entry).collect()
    }

    /// Entries of which somebody is to be reminded.
    #[boxed]
    pub async fn inbox_to_remind(&mut self, now: Instant, most: i64) -> Result<Vec<InboxEntry>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM inbox_entry n WHERE n.remind_at IS NOT NULL AND n.remind_at <= $1 ORDER BY n.remind_at LIMIT $2"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(At(now)).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_entry).collect()
    }

    /// Items of requests that wait and of which nobody knows.
    #[boxed]
    pub async fn items_nobody_decides(&mut self, most: i64) -> Result<Vec<RequestItemId>> {
        let text = "SELECT i.id FROM request_item i WHERE i.state = 'waiting' AND i.recorded_to IS NULL \
                    AND NOT EXISTS (SELECT 1 FROM inbox_entry n WHERE n.kind = 'approval' AND n.object_id = i.id) ORDER BY i.id LIMIT $1";
        let ids: Vec<i64> = on!(self, c => sqlx::query_scalar(text).bind(most).fetch_all(c).await)?;
        Ok(ids.into_iter().map(RequestItemId::from_raw).collect())
    }

    /// Entries that wait for people who can no longer act.
    #[boxed]
    pub async fn inbox_of_the_gone(&mut self, most: i64) -> Result<Vec<InboxEntry>> {
        // From the people, of whom few with an entry are gone: each is looked for once.
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM inbox_entry n JOIN identity p ON p.id = n.person_id AND p.recorded_to IS NULL \
             WHERE p.status NOT IN ('active', 'on_leave') LIMIT $1"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_entry).collect()
    }
}

impl WriteTx {
    /// Puts the entries of an object in the place of those it had.
    #[boxed]
    pub async fn set_inbox(
        &mut self,
        kind: InboxKind,
        object: i64,
        entries: &[InboxEntry],
    ) -> Result<()> {
        let clear = "DELETE FROM inbox_entry WHERE kind = $1 AND object_id = $2";
        on!(self, c => sqlx::query(clear).bind(kind.word()).bind(object).execute(c).await.map(drop))?;
        if entries.is_empty() {
            return Ok(());
        }
        let now = self.recorded;
        let rows = Rows::of(entries, |cells, entry| {
            cells.number(entry.person.raw());
            cells.number(i64::from(entry.step));
            cells.at(entry.opened);
            cells.at(entry.due);
            cells.maybe_at(entry.remind_at);
            // An entry that is overdue when it is written was dealt with in this transaction.
            cells.flag(entry.due <= now);
        });
        let text = of_rows!(
            self,
            "INSERT INTO inbox_entry (kind, object_id, person_id, step, opened, due, remind_at, handled) SELECT $2, $3, ",
            [number 0, number 1, at 2, at 3, at 4, flag 5],
            ""
        );
        let written = on!(self, c => sqlx::query(text).bind(&rows).bind(kind.word()).bind(object).execute(c).await.map(drop))
            .map_err(Error::from_write);
        self.whole(written)
    }
}
