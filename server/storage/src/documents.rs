//! Versioned rows whose content is kept as the JSON that the log's hash is of. The columns beside it are taken from it, for
//! finding and sorting; `audit verify` compares them.

use domain::audit::Target;
use domain::id::ObjectRef;
use domain::time::Instant;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::column::At;
use crate::engine::WriteTx;
use crate::versioned::{content_hash, mark};
use crate::{Error, Result};

/// The columns every such table has, of the table with this alias.
macro_rules! document {
    ($alias:literal) => {
        concat!(
            $alias,
            ".id, ",
            $alias,
            ".recorded_from, ",
            $alias,
            ".salt, ",
            $alias,
            ".content"
        )
    };
}
pub(crate) use document;

/// A row as it is kept.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) recorded_from: At,
    pub(crate) salt: Vec<u8>,
    pub(crate) content: String,
}

impl Row {
    /// Its number, its moment and its content.
    pub(crate) fn read<T: DeserializeOwned>(self, table: &str) -> Result<(i64, Instant, T)> {
        let content = serde_json::from_str(&self.content)
            .map_err(|error| Error::damaged(format!("{table} {}: {error}", self.id)))?;
        Ok((self.id, self.recorded_from.0, content))
    }
}

/// A content that is about to be written.
pub(crate) struct Written {
    pub(crate) salt: [u8; 16],
    pub(crate) text: String,
    pub(crate) target: Target,
}

impl WriteTx {
    /// Salt, JSON and the log's mark of a content.
    pub(crate) fn document(
        &self,
        object: impl Into<ObjectRef>,
        content: &impl Serialize,
    ) -> Result<Written> {
        let salt = self.salt();
        let hash = content_hash(&salt, content)?;
        let text = serde_json::to_string(content).map_err(|e| Error::Entry(e.to_string()))?;
        Ok(Written {
            salt,
            text,
            target: mark(object, hash),
        })
    }
}
