//! Reads the leaves that almost all entries have, in one pass.
//!
//! `EnvelopeRef::parse` reads a leaf, writes it again and compares. This reader only takes what is canonical as it
//! stands: members in their order, no spaces, no escapes. About everything else it says nothing, and the caller asks
//! `parse`; so it may refuse too much, but never takes what `parse` would not.

use std::borrow::Cow;

use proof::entry::{DetailMarkRef, EnvelopeRef, TargetMarkRef, Text};
use proof::hash::Hash;
use proof::tile::MAX_ENTRY;

/// The largest integer of canonical JSON has 16 digits; one less is enough for any log.
const MOST_DIGITS: usize = 15;

const ON_BEHALF_OF: &str = ",\"on_behalf_of\":";
const REQUEST: &str = ",\"request\":";

/// The entry in a leaf, if it is a plain one.
pub(super) fn plain(leaf: &[u8]) -> Option<EnvelopeRef<'_>> {
    if leaf.len() > MAX_ENTRY {
        return None;
    }
    let mut rest = Rest(str::from_utf8(leaf).ok()?);
    let action = rest.member("{\"action\":")?;
    let actor = rest.member(",\"actor\":")?;
    let at = rest.member(",\"at\":")?;
    let details = rest.list(",\"details\":[", |rest| {
        let hash = rest.hash("{\"hash\":")?;
        let subject = rest.member(",\"subject\":")?;
        Some(DetailMarkRef { hash, subject })
    })?;
    let on_behalf_of = if rest.comes(ON_BEHALF_OF) {
        Some(rest.member(ON_BEHALF_OF)?)
    } else {
        None
    };
    let outcome = rest.member(",\"outcome\":")?;
    let request = if rest.comes(REQUEST) {
        Some(rest.member(REQUEST)?)
    } else {
        None
    };
    let seq = rest.number(",\"seq\":")?;
    let targets = rest.list(",\"targets\":[", |rest| {
        let (content, id) = if rest.comes("{\"id\"") {
            (None, "{\"id\":")
        } else {
            (Some(rest.hash("{\"content\":")?), ",\"id\":")
        };
        Some(TargetMarkRef {
            content,
            id: rest.member(id)?,
        })
    })?;
    let whole = rest.0 == ",\"v\":1}";
    whole.then_some(EnvelopeRef {
        action,
        actor,
        at,
        bulk: None,
        details,
        on_behalf_of,
        outcome,
        request,
        seq,
        targets,
        v: 1,
    })
}

/// What is not read yet.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn skip(&mut self, text: &str) -> bool {
        match self.0.strip_prefix(text) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, text: &str) -> Option<()> {
        self.skip(text).then_some(())
    }

    /// A string without escapes, after its key.
    fn member(&mut self, key: &str) -> Option<Text<'a>> {
        self.expect(key)?;
        let inner = self.0.strip_prefix('"')?;
        let end = inner
            .bytes()
            .position(|byte| byte == b'"' || byte == b'\\' || byte < b' ')?;
        let (text, rest) = inner.split_at(end);
        self.0 = rest.strip_prefix('"')?;
        Some(Text(Cow::Borrowed(text)))
    }

    /// Whether an optional member comes.
    fn comes(&self, key: &str) -> bool {
        self.0.starts_with(key)
    }

    fn hash(&mut self, key: &str) -> Option<Hash> {
        self.member(key)?.parse().ok()
    }

    /// A number in its only spelling, after its key.
    fn number(&mut self, key: &str) -> Option<u64> {
        self.expect(key)?;
        let end = self.0.bytes().position(|byte| !byte.is_ascii_digit())?;
        let (digits, rest) = self.0.split_at(end);
        if end > MOST_DIGITS || (end > 1 && digits.starts_with('0')) {
            return None;
        }
        self.0 = rest;
        digits.parse().ok()
    }

    /// Objects between brackets, at least one, each read up to its closing brace; none when the key does not come.
    fn list<T>(
        &mut self,
        key: &str,
        mut item: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut items = Vec::new();
        if self.skip(key) {
            loop {
                items.push(item(self)?);
                self.expect("}")?;
                if self.skip("]") {
                    break;
                }
                self.expect(",")?;
            }
        }
        Some(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proof::entry::{Bulk, DetailMark, Envelope, TargetMark};
    use proof::hash::sha256;
    use proptest::prelude::*;

    fn word() -> impl Strategy<Value = String> {
        prop_oneof![6 => "[a-z_.0-9ß]{0,12}", 1 => "\\PC{0,4}", 1 => Just("a\"b\\c\n".to_owned())]
    }

    fn envelope() -> impl Strategy<Value = Envelope> {
        let details = prop::collection::vec((any::<[u8; 4]>(), word()), 0..3);
        let targets = prop::collection::vec((prop::option::of(any::<[u8; 4]>()), word()), 0..3);
        let texts = (
            word(),
            word(),
            word(),
            word(),
            prop::option::of(word()),
            prop::option::of(word()),
        );
        (texts, details, targets, 0..1_u64 << 53, any::<bool>()).prop_map(
            |((action, actor, at, outcome, on_behalf_of, request), details, targets, seq, bulk)| {
                Envelope {
                    action,
                    actor,
                    at,
                    bulk: (bulk && seq % 7 == 0).then(|| Bulk {
                        manifest: sha256(b"m"),
                        rows: 2,
                        totals: [("added".to_owned(), 2)].into(),
                    }),
                    details: details
                        .into_iter()
                        .map(|(bytes, subject)| DetailMark {
                            hash: sha256(&bytes),
                            subject,
                        })
                        .collect(),
                    on_behalf_of,
                    outcome,
                    request,
                    seq,
                    targets: targets
                        .into_iter()
                        .map(|(bytes, id)| TargetMark {
                            content: bytes.map(|bytes| sha256(&bytes)),
                            id,
                        })
                        .collect(),
                    v: 1,
                }
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_taken_is_what_the_full_reader_says(envelope in envelope()) {
            let leaf = envelope.leaf().expect("canonical");
            if let Some(entry) = plain(&leaf) {
                prop_assert_eq!(entry.to_envelope(), envelope);
            }
        }

        #[test]
        fn nothing_is_taken_that_the_full_reader_refuses(envelope in envelope(), at: prop::sample::Index, byte: u8) {
            let mut leaf = envelope.leaf().expect("canonical");
            let at = at.index(leaf.len());
            leaf[at] = byte;
            if let Some(entry) = plain(&leaf) {
                prop_assert_eq!(Ok(entry), EnvelopeRef::parse(&leaf));
            }
        }
    }

    #[test]
    fn a_plain_entry_is_taken() {
        let envelope = Envelope {
            action: "identity.edited".to_owned(),
            actor: "idn_86Rf07xd4z".to_owned(),
            at: "1767603600000000".to_owned(),
            bulk: None,
            details: vec![DetailMark {
                hash: sha256(b"d"),
                subject: "idn_86Rf07xd4z".to_owned(),
            }],
            on_behalf_of: None,
            outcome: "done".to_owned(),
            request: Some("r-1".to_owned()),
            seq: 4_711,
            targets: vec![
                TargetMark {
                    content: Some(sha256(b"c")),
                    id: "idn_86Rf07xd4z".to_owned(),
                },
                TargetMark {
                    content: None,
                    id: "app_1".to_owned(),
                },
            ],
            v: 1,
        };
        let leaf = envelope.leaf().expect("canonical");
        assert_eq!(
            plain(&leaf).map(|entry| entry.to_envelope()),
            Some(envelope)
        );
        assert_eq!(plain(&leaf[..leaf.len() - 1]), None);
    }
}
