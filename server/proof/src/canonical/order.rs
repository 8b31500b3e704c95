//! The order of the members of an object (RFC 8785 section 3.2.3).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;
use std::vec::Drain;

use super::NotCanonical;
use super::writer::Member;

/// Moves the members, which end the output, into the order of their keys; a key that stands twice is an error.
pub(super) fn reorder(out: &mut Vec<u8>, members: Drain<'_, Member>) -> Result<(), NotCanonical> {
    let mut end = out.len();
    let mut texts: Vec<(Cow<'static, str>, Range<usize>)> = Vec::with_capacity(members.len());
    let mut begin = end;
    for (key, start) in members.rev() {
        texts.push((key, start..end));
        begin = start;
        // A comma stands between two members.
        end = start - 1;
    }
    texts.sort_by(|(left, _), (right, _)| utf16_order(left, right));
    if let Some(pair) = texts.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(NotCanonical::DuplicateKey(pair[0].0.to_string()));
    }
    let mut moved = Vec::with_capacity(out.len() - begin);
    for (_, text) in texts {
        if !moved.is_empty() {
            moved.push(b',');
        }
        moved.extend_from_slice(&out[text]);
    }
    out.truncate(begin);
    out.append(&mut moved);
    Ok(())
}

/// RFC 8785 section 3.2.3 orders keys by UTF-16 code units, which differs from the order of UTF-8 where characters
/// beyond U+FFFF meet those from U+E000 on.
pub(super) fn utf16_order(left: &str, right: &str) -> Ordering {
    if left.is_ascii() || right.is_ascii() {
        left.cmp(right)
    } else {
        left.encode_utf16().cmp(right.encode_utf16())
    }
}
