//! Which identity a source means by its key, and the queue of those that wait for a decision.

use crate::boxed;
use domain::id::{IdentityId, SourceId};
use domain::source::{IdentityLink, LinkState};
use domain::time::Instant;
use serde_json::Value;
use sqlx::types::Json;

use crate::bulk::{Rows, keys};
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

macro_rules! columns {
    () => {
        "l.source_id, l.external_key, l.username_key, l.identity_id, l.authority, l.state, l.stated, l.seen"
    };
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    source_id: i64,
    external_key: String,
    username_key: String,
    identity_id: Option<i64>,
    authority: bool,
    state: String,
    stated: Option<String>,
    seen: Option<Json<Value>>,
}

impl Row {
    fn into_link(self) -> Result<IdentityLink> {
        let damaged = || Error::damaged(format!("identity_link {}", self.external_key));
        Ok(IdentityLink {
            source: SourceId::from_raw(self.source_id),
            state: LinkState::from_word(&self.state).ok_or_else(damaged)?,
            external_key: self.external_key,
            username_key: self.username_key,
            identity: self.identity_id.map(IdentityId::from_raw),
            authority: self.authority,
            stated: self.stated,
            seen: self.seen.map(|json| json.0),
        })
    }
}

impl ReadTx {
    /// What is known of some keys of a source; unknown ones are left out. In no order.
    #[boxed]
    pub async fn links(
        &mut self,
        source: SourceId,
        external_keys: &[String],
    ) -> Result<Vec<IdentityLink>> {
        let text = of_keys!(
            self,
            columns!(),
            "identity_link l",
            "l.source_id = $2 AND l.external_key = k.value"
        );
        let wanted = keys(external_keys);
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&wanted).bind(source.raw()).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_link).collect()
    }

    /// What is known of those whom a source calls by some usernames (keys). In no order.
    #[boxed]
    pub async fn links_by_usernames(
        &mut self,
        source: SourceId,
        usernames: &[String],
    ) -> Result<Vec<IdentityLink>> {
        let text = of_keys!(
            self,
            columns!(),
            "identity_link l",
            "l.source_id = $2 AND l.username_key = k.value"
        );
        let wanted = keys(usernames);
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&wanted).bind(source.raw()).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_link).collect()
    }

    /// The keys of all sources that mean some identities. In no order.
    #[boxed]
    pub async fn links_to(&mut self, identities: &[IdentityId]) -> Result<Vec<IdentityLink>> {
        let text = of_keys!(
            self,
            columns!(),
            "identity_link l",
            "l.identity_id = CAST(k.value AS BIGINT) AND l.identity_id IS NOT NULL"
        );
        let wanted = keys(identities.iter().map(|id| id.raw()));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&wanted).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_link).collect()
    }

    /// What is known of the keys of a source after a key, in the order of keys.
    #[boxed]
    pub async fn links_after(
        &mut self,
        source: SourceId,
        after: &str,
        most: i64,
    ) -> Result<Vec<IdentityLink>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM identity_link l WHERE l.source_id = $1 AND l.external_key > $2 ORDER BY l.external_key LIMIT $3"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(source.raw()).bind(after).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_link).collect()
    }

    /// The keys that mean an identity, by source.
    #[boxed]
    pub async fn links_of(&mut self, identity: IdentityId) -> Result<Vec<IdentityLink>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM identity_link l WHERE l.identity_id = $1 ORDER BY l.source_id, l.external_key"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(identity.raw()).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_link).collect()
    }

    /// Keys that wait for a decision, of one source or of all, after a source and key, in their order.
    #[boxed]
    pub async fn waiting_links(
        &mut self,
        source: Option<SourceId>,
        after: (i64, &str),
        most: i64,
    ) -> Result<Vec<IdentityLink>> {
        macro_rules! waiting {
            ($which:literal) => {
                concat!(
                    "SELECT ",
                    columns!(),
                    " FROM identity_link l WHERE l.state = 'waiting' AND ",
                    $which,
                    " AND (l.source_id, l.external_key) > ($1, $2) ORDER BY l.source_id, l.external_key LIMIT $3"
                )
            };
        }
        let rows: Vec<Row> = if let Some(source) = source {
            let text = waiting!("l.source_id = $4");
            on!(self, c => sqlx::query_as(text).bind(after.0).bind(after.1).bind(most).bind(source.raw()).fetch_all(c).await)?
        } else {
            let text = waiting!("TRUE");
            on!(self, c => sqlx::query_as(text).bind(after.0).bind(after.1).bind(most).fetch_all(c).await)?
        };
        rows.into_iter().map(Row::into_link).collect()
    }

    /// How many keys wait for a decision.
    #[boxed]
    pub async fn waiting_count(&mut self) -> Result<u64> {
        let text = "SELECT count(*) FROM identity_link WHERE state = 'waiting'";
        let count: i64 = on!(self, c => sqlx::query_scalar(text).fetch_one(c).await)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}

/// Puts links; $2 is the moment of writing.
macro_rules! put {
    ($tx:expr, $unless:literal) => {
        of_rows!(
            $tx,
            "INSERT INTO identity_link (recorded, source_id, external_key, username_key, identity_id, authority, state, stated, seen) \
             SELECT $2, ",
            [number 0, text 1, text 2, number 3, flag 4, text 5, text 6, json 7],
            concat!(
                " ON CONFLICT (source_id, external_key) DO UPDATE SET recorded = excluded.recorded, username_key = excluded.username_key, \
                 identity_id = excluded.identity_id, authority = excluded.authority, state = excluded.state, stated = excluded.stated, \
                 seen = excluded.seen WHERE ",
                $unless
            )
        )
    };
}

impl WriteTx {
    /// Says what is known of keys; what was known of them at a moment is replaced. [`Error::Stale`] when something was said
    /// of one of them since: it is newer than what led to these links.
    #[boxed]
    pub async fn put_links(&mut self, links: &[IdentityLink], known_at: Instant) -> Result<()> {
        let text = put!(self, "identity_link.recorded <= $3");
        let (rows, recorded) = (rows(links), At(self.recorded));
        let put = on!(self, c => sqlx::query(text).bind(&rows).bind(recorded).bind(At(known_at)).execute(c).await
            .map(|done| done.rows_affected()))
        .map_err(Error::from);
        let all = put.and_then(|put| match usize::try_from(put) {
            Ok(put) if put == links.len() => Ok(()),
            _ => Err(Error::Stale),
        });
        self.whole(all)
    }

    /// Says that keys wait for a decision, unless somebody has decided.
    #[boxed]
    pub async fn put_waiting_links(&mut self, links: &[IdentityLink]) -> Result<()> {
        let text = put!(self, "identity_link.state = 'waiting'");
        let (rows, recorded) = (rows(links), At(self.recorded));
        on!(self, c => sqlx::query(text).bind(&rows).bind(recorded).execute(c).await.map(drop))?;
        Ok(())
    }
}

fn rows(links: &[IdentityLink]) -> String {
    Rows::of(links, |cells, link| {
        cells.number(link.source.raw());
        cells.text(&link.external_key);
        cells.text(&link.username_key);
        cells.maybe_number(link.identity.map(IdentityId::raw));
        cells.flag(link.authority);
        cells.text(link.state.word());
        cells.maybe_text(link.stated.as_deref());
        match &link.seen {
            Some(seen) => cells.json(seen),
            None => cells.maybe_text(None),
        }
    })
}
