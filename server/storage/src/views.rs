//! Saved views, and the columns that somebody wants to see in a list.

use crate::boxed;
use domain::id::{IdentityId, ObjectKind, ViewId};
use domain::text;
use domain::view::{ListName, SavedView, ViewContent};

use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result, Store};

type Row = (i64, i64, String, String, String, String, bool);

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.owner_id, COALESCE(p.display_name, ''), v.list, v.name, v.query, v.shared FROM saved_view v \
             LEFT JOIN identity p ON p.id = v.owner_id AND p.recorded_to IS NULL ",
            $rest
        )
    };
}

fn view((id, owner, owner_name, list, name, query, shared): Row) -> Result<SavedView> {
    Ok(SavedView {
        id: ViewId::from_raw(id),
        owner: IdentityId::from_raw(owner),
        owner_name,
        list: ListName::from_word(&list).ok_or_else(|| Error::damaged(format!("list {list}")))?,
        content: ViewContent {
            name,
            query,
            shared,
        },
    })
}

impl ReadTx {
    /// The views of a list that are this person's or shared, by name.
    #[boxed]
    pub async fn views(&mut self, reader: IdentityId, list: ListName) -> Result<Vec<SavedView>> {
        let text = select!(
            "WHERE v.list = $1 AND (v.owner_id = $2 OR v.shared) ORDER BY v.name_key, v.id"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(list.word()).bind(reader.raw()).fetch_all(c).await)?;
        rows.into_iter().map(view).collect()
    }

    /// A view.
    #[boxed]
    pub async fn view(&mut self, id: ViewId) -> Result<Option<SavedView>> {
        let text = select!("WHERE v.id = $1");
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(view).transpose()
    }
}

/// The columns of a view, where there is one, and the columns of the list.
type KeptRow = (
    Option<i64>,
    Option<i64>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<bool>,
    Option<String>,
);

impl Store {
    /// The views of a list that are this person's or shared, by name, and the columns that this person keeps for it. Asked
    /// for with every page of a list, and so with one statement, which sees one moment of the database by itself.
    #[boxed]
    pub async fn views_and_columns(
        &self,
        reader: IdentityId,
        list: ListName,
    ) -> Result<(Vec<SavedView>, Option<String>)> {
        let text = "SELECT v.id, v.owner_id, COALESCE(p.display_name, ''), v.list, v.name, v.query, v.shared, k.columns \
             FROM (SELECT (SELECT columns FROM list_columns WHERE identity_id = $2 AND list = $1) AS columns) k \
             LEFT JOIN saved_view v ON v.list = $1 AND (v.owner_id = $2 OR v.shared) \
             LEFT JOIN identity p ON p.id = v.owner_id AND p.recorded_to IS NULL \
             ORDER BY v.name_key, v.id";
        let rows: Vec<KeptRow> = at_once!(self, pool => sqlx::query_as(text).bind(list.word()).bind(reader.raw()).fetch_all(pool).await)?;
        let columns = rows.first().and_then(|row| row.7.clone());
        let whole = |(id, owner, owner_name, list, name, query, shared, _): KeptRow| {
            Some((id?, owner?, owner_name?, list?, name?, query?, shared?))
        };
        let views = rows.into_iter().filter_map(whole).map(view);
        Ok((views.collect::<Result<_>>()?, columns))
    }
}

impl WriteTx {
    /// Adds a view; [`Error::Duplicate`] when its owner has one of this name for the list.
    #[boxed]
    pub async fn insert_view(
        &mut self,
        owner: IdentityId,
        list: ListName,
        content: &ViewContent,
    ) -> Result<ViewId> {
        let id = self.next_id(ObjectKind::View).await?;
        let text = "INSERT INTO saved_view (id, owner_id, list, name, name_key, query, shared) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        on!(self, c => sqlx::query(text)
            .bind(id)
            .bind(owner.raw())
            .bind(list.word())
            .bind(&content.name)
            .bind(text::key(&content.name))
            .bind(&content.query)
            .bind(content.shared)
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        Ok(ViewId::from_raw(id))
    }

    /// Replaces what a view says; [`Error::Duplicate`] when its owner has another of this name for the list.
    #[boxed]
    pub async fn change_view(&mut self, id: ViewId, content: &ViewContent) -> Result<()> {
        let text =
            "UPDATE saved_view SET name = $2, name_key = $3, query = $4, shared = $5 WHERE id = $1";
        let changed = on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(&content.name)
            .bind(text::key(&content.name))
            .bind(&content.query)
            .bind(content.shared)
            .execute(c).await.map(|done| done.rows_affected()))
        .map_err(Error::from_write)?;
        if changed == 1 {
            Ok(())
        } else {
            Err(Error::NotFound)
        }
    }

    /// Forgets a view.
    #[boxed]
    pub async fn delete_view(&mut self, id: ViewId) -> Result<()> {
        on!(self, c => sqlx::query("DELETE FROM saved_view WHERE id = $1").bind(id.raw()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Keeps the columns of a list for this person; none takes the list's own again.
    #[boxed]
    pub async fn keep_columns(
        &mut self,
        reader: IdentityId,
        list: ListName,
        columns: Option<&str>,
    ) -> Result<()> {
        let (reader, list) = (reader.raw(), list.word());
        let text = "DELETE FROM list_columns WHERE identity_id = $1 AND list = $2";
        on!(self, c => sqlx::query(text).bind(reader).bind(list).execute(c).await.map(drop))?;
        if let Some(columns) = columns {
            let text = "INSERT INTO list_columns (identity_id, list, columns) VALUES ($1, $2, $3)";
            on!(self, c => sqlx::query(text).bind(reader).bind(list).bind(columns).execute(c).await.map(drop))?;
        }
        Ok(())
    }
}
