//! Blocks from the rows of a transaction. Their texts are UTF-8.

use super::Reach;
use super::block::Block;
use crate::Result;
use crate::column::At;
use crate::engine::ReadTx;

#[derive(Debug, sqlx::FromRow)]
struct EntryRow {
    seq: i64,
    recorded: At,
    actor: String,
    action: String,
    outcome: String,
    request: Option<String>,
    leaf: Vec<u8>,
    leaf_hash: Vec<u8>,
}

type TargetRow = (i64, i16, String, i64, Option<Vec<u8>>);
type DetailRow = (i64, i16, String, Option<Vec<u8>>, Option<String>);

impl ReadTx {
    pub(super) async fn entry_rows(&mut self, (from, to): Reach) -> Result<Block> {
        let text = "SELECT seq, recorded, actor, action, outcome, request, leaf, leaf_hash FROM audit_entry \
                    WHERE seq BETWEEN $1 AND $2 ORDER BY seq";
        let rows: Vec<EntryRow> =
            on!(self, c => sqlx::query_as(text).bind(from).bind(to).fetch_all(c).await)?;
        let mut block = Block::default();
        for row in rows {
            block.number(row.seq);
            block.number(row.recorded.0.micros());
            let request = row.request.as_ref().map(String::as_bytes);
            let words = [
                row.actor.as_bytes(),
                row.action.as_bytes(),
                row.outcome.as_bytes(),
            ]
            .map(Some);
            block.texts([
                words[0],
                words[1],
                words[2],
                request,
                Some(&row.leaf),
                Some(&row.leaf_hash),
            ]);
        }
        Ok(block)
    }

    pub(super) async fn target_rows(&mut self, (from, to): Reach) -> Result<Block> {
        let text = "SELECT seq, ordinal, kind, object_id, content FROM audit_target WHERE seq BETWEEN $1 AND $2 ORDER BY seq, ordinal";
        let rows: Vec<TargetRow> =
            on!(self, c => sqlx::query_as(text).bind(from).bind(to).fetch_all(c).await)?;
        let mut block = Block::default();
        for (seq, ordinal, kind, raw, content) in rows {
            block.number(seq);
            block.number(ordinal.into());
            block.number(raw);
            block.texts([Some(kind.as_bytes()), content.as_deref()]);
        }
        Ok(block)
    }

    pub(super) async fn detail_rows(&mut self, (from, to): Reach) -> Result<Block> {
        let text = "SELECT seq, ordinal, subject, salt, body FROM audit_detail WHERE seq BETWEEN $1 AND $2 ORDER BY seq, ordinal";
        let rows: Vec<DetailRow> =
            on!(self, c => sqlx::query_as(text).bind(from).bind(to).fetch_all(c).await)?;
        let mut block = Block::default();
        for (seq, ordinal, subject, salt, body) in rows {
            block.number(seq);
            block.number(ordinal.into());
            block.texts([
                Some(subject.as_bytes()),
                salt.as_deref(),
                body.as_ref().map(String::as_bytes),
            ]);
        }
        Ok(block)
    }
}
