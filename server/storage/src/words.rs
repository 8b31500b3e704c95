//! The word tables behind search by prefix.

use crate::Result;
use crate::engine::WriteTx;

/// Statements of one kind's word table.
pub(crate) struct WordTable {
    pub(crate) delete: &'static str,
    pub(crate) insert: &'static str,
}

impl WriteTx {
    /// Makes `words` the words of the object.
    pub(crate) async fn put_words(
        &mut self,
        table: &WordTable,
        id: i64,
        words: &[String],
    ) -> Result<()> {
        on!(self, c => sqlx::query(table.delete).bind(id).execute(c).await.map(drop))?;
        for word in words {
            on!(self, c => sqlx::query(table.insert).bind(word).bind(id).execute(c).await.map(drop))?;
        }
        Ok(())
    }
}
