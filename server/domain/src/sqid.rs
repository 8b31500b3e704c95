//! The text of a number in an id, a Sqid (<https://sqids.org>).
//!
//! The same people and things come up again and again in a list, a population or a proof, and working out a Sqid costs as much
//! as hashing a record. So each thread keeps those it met lately.

use std::cell::RefCell;
use std::sync::OnceLock;

use sqids::Sqids;

/// Shortest text: long enough to be recognised as an id, short enough to be read out.
const MIN_LENGTH: u8 = 10;
/// Longest text: that of the largest number.
const MAX_LENGTH: usize = 15;
/// Texts that a thread keeps for each direction.
const KEPT: usize = 1_024;

fn sqids() -> &'static Sqids {
    static SQIDS: OnceLock<Sqids> = OnceLock::new();
    SQIDS.get_or_init(|| {
        // The word blocklist is left out: it makes the text depend on the library's version of that list.
        Sqids::builder()
            .min_length(MIN_LENGTH)
            .blocklist(std::collections::HashSet::new())
            .build()
            .expect("the default alphabet is valid")
    })
}

/// A Sqid: ASCII letters and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sqid {
    bytes: [u8; MAX_LENGTH],
    length: u8,
}

impl Sqid {
    /// None when it is longer than any Sqid of one number.
    fn of(text: &str) -> Option<Self> {
        let mut bytes = [0; MAX_LENGTH];
        bytes
            .get_mut(..text.len())?
            .copy_from_slice(text.as_bytes());
        Some(Self {
            bytes,
            length: u8::try_from(text.len()).ok()?,
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        let bytes = &self.bytes[..usize::from(self.length)];
        std::str::from_utf8(bytes).expect("invariant: it was made of a text")
    }

    /// Where it is kept (FNV-1a).
    fn place(&self) -> usize {
        let hash = self.bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        usize::try_from(hash >> 32).unwrap_or(0) % KEPT
    }
}

/// Numbers with their texts, each at the one place where it can be.
type Kept = RefCell<Vec<Option<(u64, Sqid)>>>;

thread_local! {
    static BY_NUMBER: Kept = const { RefCell::new(Vec::new()) };
    static BY_TEXT: Kept = const { RefCell::new(Vec::new()) };
}

fn kept(of: &Kept, place: usize) -> Option<(u64, Sqid)> {
    of.borrow().get(place).copied().flatten()
}

fn keep(of: &Kept, place: usize, one: (u64, Sqid)) {
    let mut all = of.borrow_mut();
    if all.is_empty() {
        all.resize(KEPT, None);
    }
    all[place] = Some(one);
}

/// The text of a number.
pub(crate) fn encode(number: u64) -> Sqid {
    let place = usize::try_from(number % KEPT as u64).unwrap_or(0);
    let found = BY_NUMBER.with(|all| kept(all, place));
    if let Some((_, sqid)) = found.filter(|(kept, _)| *kept == number) {
        return sqid;
    }
    let text = sqids()
        .encode(&[number])
        .expect("without a blocklist every number has a text");
    let sqid = Sqid::of(&text).expect("the text of one number is short");
    BY_NUMBER.with(|all| keep(all, place, (number, sqid)));
    sqid
}

/// The number of a text; none when no number has it.
pub(crate) fn decode(text: &str) -> Option<u64> {
    let sqid = Sqid::of(text)?;
    let place = sqid.place();
    let found = BY_TEXT.with(|all| kept(all, place));
    if let Some((number, _)) = found.filter(|(_, kept)| *kept == sqid) {
        return Some(number);
    }
    let numbers = sqids().decode(text);
    let [number] = numbers[..] else {
        return None;
    };
    // Sqids decodes more texts than it encodes: only the canonical one is an id.
    if encode(number) != sqid {
        return None;
    }
    BY_TEXT.with(|all| keep(all, place, (number, sqid)));
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_is_worked_out() {
        // Numbers that share a place, small and large, in turn.
        let numbers = [1, 2, 1 + KEPT as u64, 77, 1, i64::MAX as u64, u64::MAX, 2];
        for number in numbers.into_iter().cycle().take(40) {
            let text = sqids().encode(&[number]).unwrap();
            assert_eq!(encode(number).as_str(), text);
            assert_eq!(decode(&text), Some(number));
            assert_eq!(decode(&format!("{text}a")), None);
        }
        for text in ["", "a", "ä", "0000000000", "aaaaaaaaaaaaaaaaaaaaaaaa"] {
            assert_eq!(decode(text), None, "{text}");
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
