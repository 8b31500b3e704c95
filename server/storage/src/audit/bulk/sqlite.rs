//! Blocks put together by SQLite itself: a row through the driver costs more than everything that is checked of it.
//!
//! The first text of a table packs the lengths of a row's values into one number, because writing numbers as text is
//! most of the work. A value that is longer than its place cuts its length short, so the lengths no longer add up to
//! the bytes, and the second text, for lengths of any size, is run instead.

use super::block::Block;
use crate::engine::{Conn, ReadTx};
use crate::{Error, Result};

/// How the rows of a table are put together.
pub(super) struct Table {
    /// Numbers and byte strings of a row.
    pub(super) shape: (usize, usize),
    packed: &'static str,
    /// Bits of each packed length, the lowest first.
    bits: &'static [u32],
    plain: &'static str,
}

/// A length plus one, zero for null, cut short and moved to its place.
macro_rules! length {
    ($column:literal, $most:literal, $shift:literal) => {
        concat!(
            "((min(octet_length(",
            $column,
            "), ",
            $most,
            ") + 1) << ",
            $shift,
            ")"
        )
    };
    ($column:literal, $most:literal, $shift:literal, null) => {
        concat!(
            "((min(coalesce(octet_length(",
            $column,
            "), -1), ",
            $most,
            ") + 1) << ",
            $shift,
            ")"
        )
    };
}

macro_rules! plain_length {
    ($column:literal) => {
        concat!("coalesce(octet_length(", $column, "), -1)")
    };
}

macro_rules! text {
    ($numbers:literal, [$($length:expr),+], $join:literal, $texts:literal, $table:literal) => {
        concat!(
            "SELECT group_concat(concat_ws(' ', ", $numbers, ", ", text!(@ $join, $($length),+), "), ' '), group_concat(concat(", $texts,
            "), '') FROM ", $table, " NOT INDEXED WHERE seq BETWEEN $1 AND $2"
        )
    };
    (@ $join:literal, $first:expr $(, $rest:expr)*) => { concat!($first $(, $join, $rest)*) };
}

pub(super) const ENTRIES: Table = Table {
    shape: (2, 6),
    packed: text!(
        "seq, recorded",
        [
            length!("actor", 1022, 0),
            length!("action", 1022, 10),
            length!("outcome", 254, 20),
            length!("request", 1022, 28, null),
            length!("leaf", 131070, 38),
            length!("leaf_hash", 62, 55)
        ],
        " + ",
        "actor, action, outcome, request, leaf, leaf_hash",
        "audit_entry"
    ),
    bits: &[10, 10, 8, 10, 17, 6],
    plain: text!(
        "seq, recorded",
        [
            plain_length!("actor"),
            plain_length!("action"),
            plain_length!("outcome"),
            plain_length!("request"),
            plain_length!("leaf"),
            plain_length!("leaf_hash")
        ],
        ", ",
        "actor, action, outcome, request, leaf, leaf_hash",
        "audit_entry"
    ),
};

pub(super) const TARGETS: Table = Table {
    shape: (3, 2),
    packed: text!(
        "seq, ordinal, object_id",
        [length!("kind", 1022, 0), length!("content", 1022, 10, null)],
        " + ",
        "kind, content",
        "audit_target"
    ),
    bits: &[10, 10],
    plain: text!(
        "seq, ordinal, object_id",
        [plain_length!("kind"), plain_length!("content")],
        ", ",
        "kind, content",
        "audit_target"
    ),
};

pub(super) const DETAILS: Table = Table {
    shape: (2, 3),
    packed: text!(
        "seq, ordinal",
        [
            length!("subject", 1022, 0),
            length!("salt", 1022, 10, null),
            length!("body", 1073741822, 20, null)
        ],
        " + ",
        "subject, salt, body",
        "audit_detail"
    ),
    bits: &[10, 10, 30],
    plain: text!(
        "seq, ordinal",
        [
            plain_length!("subject"),
            plain_length!("salt"),
            plain_length!("body")
        ],
        ", ",
        "subject, salt, body",
        "audit_detail"
    ),
};

impl ReadTx {
    /// The rows of the entries `from..=to`.
    pub(super) async fn block(&mut self, table: &Table, from: i64, to: i64) -> Result<Block> {
        if let Some((head, bytes)) = self.joined(table.packed, from, to).await?
            && let Some(block) = Block::whole(unpacked(&head, table), bytes, table.shape)
        {
            return Ok(block);
        }
        let Some((head, bytes)) = self.joined(table.plain, from, to).await? else {
            return Ok(Block::default());
        };
        let block = Block::whole(numbers(&head).collect(), bytes, table.shape);
        block.ok_or_else(|| Error::damaged("rows of the log do not have the shape of their table"))
    }

    /// The numbers and the bytes of the rows; none when there is no row.
    async fn joined(
        &mut self,
        text: &'static str,
        from: i64,
        to: i64,
    ) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
        let Conn::Sqlite(transaction) = &mut self.conn else {
            return Ok(None);
        };
        let (head, bytes): (Option<Vec<u8>>, Option<Vec<u8>>) = sqlx::query_as(text)
            .bind(from)
            .bind(to)
            .fetch_one(&mut **transaction)
            .await?;
        Ok(head.map(|head| (head, bytes.unwrap_or_default())))
    }
}

/// The numbers of rows, with the packed lengths taken apart.
fn unpacked(head: &[u8], table: &Table) -> Vec<i64> {
    let (plain, texts) = table.shape;
    let mut all = Vec::with_capacity(head.len() / 4 + texts);
    let mut place = 0;
    for number in numbers(head) {
        if place < plain {
            place += 1;
            all.push(number);
            continue;
        }
        place = 0;
        let mut rest = number;
        for bits in table.bits {
            all.push((rest & ((1 << bits) - 1)) - 1);
            rest >>= bits;
        }
    }
    all
}

/// Decimal numbers between spaces, as SQLite writes them.
fn numbers(head: &[u8]) -> impl Iterator<Item = i64> {
    let mut rest = head.iter();
    std::iter::from_fn(move || {
        let (mut number, mut negative, mut any) = (0_i64, false, false);
        for byte in rest.by_ref() {
            match byte {
                b' ' => break,
                b'-' => negative = true,
                // Summed up as a negative number, because the smallest has no positive counterpart.
                digit => {
                    let digit = i64::from(digit.wrapping_sub(b'0'));
                    number = number.wrapping_mul(10).wrapping_sub(digit);
                }
            }
            any = true;
        }
        any.then_some(if negative {
            number
        } else {
            number.wrapping_neg()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        let written = [0, 7, -1, i64::MAX, i64::MIN, 1_767_603_600_000_000];
        let text = written.map(|number| number.to_string()).join(" ");
        assert_eq!(numbers(text.as_bytes()).collect::<Vec<_>>(), written);
        assert_eq!(numbers(b"").count(), 0);
    }

    #[test]
    fn packed_lengths_come_apart() {
        let packed = 5 + (1 << 10);
        assert_eq!(
            unpacked(format!("1 0 9 {packed} 2 0 9 5").as_bytes(), &TARGETS),
            [1, 0, 9, 4, 0, 2, 0, 9, 4, -1]
        );
        assert!(
            [ENTRIES, TARGETS, DETAILS]
                .iter()
                .all(|table| table.bits.len() == table.shape.1
                    && table.bits.iter().sum::<u32>() < 63)
        );
    }
}
