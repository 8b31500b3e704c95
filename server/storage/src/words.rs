//! The word tables behind search by prefix.

use crate::Result;
use crate::bulk::{Rows, keys};
use crate::engine::WriteTx;

/// Statements of one kind's word table.
pub(crate) struct WordTable {
    pub(crate) delete: &'static str,
    pub(crate) insert: &'static str,
}

impl WriteTx {
    /// Makes words the words of many objects: the ones these had are forgotten, unless they are new. `delete` takes ids,
    /// `insert` rows of word, id and, where the table is sorted by it, `key`.
    pub(crate) async fn put_many_words<'k>(
        &mut self,
        delete: Option<&'static str>,
        insert: &'static str,
        objects: &'k [(i64, Vec<String>)],
        key: impl Fn(usize) -> &'k str,
    ) -> Result<()> {
        if let Some(delete) = delete {
            let ids = keys(objects.iter().map(|(id, _)| id));
            on!(self, c => sqlx::query(delete).bind(&ids).execute(c).await.map(drop))?;
        }
        // In the order of the table, so that neighbours go into the same page.
        let mut all: Vec<(&str, &str, i64)> = objects
            .iter()
            .enumerate()
            .flat_map(|(at, (id, words))| {
                let key = key(at);
                words.iter().map(move |word| (word.as_str(), key, *id))
            })
            .collect();
        all.sort_unstable();
        let rows = Rows::of(all, |cells, (word, key, id)| {
            cells.text(word);
            cells.number(id);
            cells.text(key);
        });
        on!(self, c => sqlx::query(insert).bind(&rows).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Makes `words` the words of the object. The object's current version is there already.
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
