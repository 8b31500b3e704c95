//! A record of a manifest as canonical JSON, and back.
//!
//! Written by hand: members stand in their order, every value is a word, a number or an id, so nothing needs escaping,
//! and a million of them are written in the time that the general writer takes for some.

use std::collections::HashMap;
use std::io::Write as _;

use domain::id::{AccountId, EntitlementId, IdentityId, ObjectKind, ObjectRef, SourceId};
use domain::source::{FileKind, RowChange, RowRecord, RowSubject};
use serde::Deserialize;

use crate::{Error, Result};

/// The texts of ids that come again and again.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    known: HashMap<ObjectRef, String>,
}

impl Texts {
    /// Appends the canonical JSON of a record.
    pub(crate) fn write(&mut self, record: &RowRecord, to: &mut Vec<u8>) {
        match record.about {
            RowSubject::Object { target, content } => {
                member(to, "{\"change\":", record.change.word());
                if let Some(content) = content {
                    member(to, ",\"content\":", &proof::Hash(content).to_string());
                }
                member(to, ",\"file\":", record.file.word());
                line(to, record.line);
                // Each object comes once, so remembering its text would only cost memory.
                member(to, ",\"target\":", &target.to_string());
            }
            RowSubject::Access {
                identity,
                entitlement,
                account,
                source,
            } => {
                if let Some(account) = account {
                    member(to, "{\"account\":", self.text(account));
                    member(to, ",\"change\":", record.change.word());
                } else {
                    member(to, "{\"change\":", record.change.word());
                }
                member(to, ",\"entitlement\":", self.text(entitlement));
                member(to, ",\"file\":", record.file.word());
                member(to, ",\"identity\":", self.text(identity));
                line(to, record.line);
                member(to, ",\"source\":", self.text(source));
            }
        }
        to.push(b'}');
    }

    fn text(&mut self, object: impl Into<ObjectRef>) -> &str {
        let object = object.into();
        self.known
            .entry(object)
            .or_insert_with(|| object.to_string())
    }
}

fn member(to: &mut Vec<u8>, key: &str, value: &str) {
    to.extend_from_slice(key.as_bytes());
    to.push(b'"');
    to.extend_from_slice(value.as_bytes());
    to.push(b'"');
}

fn line(to: &mut Vec<u8>, line: Option<u64>) {
    if let Some(line) = line {
        write!(to, ",\"line\":{line}").expect("invariant: writing to memory does not fail");
    }
}

/// The members that any record may have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    account: Option<AccountId>,
    change: String,
    content: Option<proof::Hash>,
    entitlement: Option<EntitlementId>,
    file: String,
    identity: Option<IdentityId>,
    line: Option<u64>,
    source: Option<SourceId>,
    target: Option<String>,
}

/// The record in a line of a manifest.
pub(super) fn read(text: &str) -> Result<RowRecord> {
    let damaged = || Error::damaged(format!("a manifest's record: {text}"));
    let members: Members = serde_json::from_str(text).map_err(|_| damaged())?;
    let about = match members {
        Members {
            target: Some(target),
            content,
            account: None,
            entitlement: None,
            identity: None,
            source: None,
            ..
        } => RowSubject::Object {
            target: target.parse().map_err(|_| damaged())?,
            content: content.map(|hash| hash.0),
        },
        Members {
            identity: Some(identity),
            entitlement: Some(entitlement),
            source: Some(source),
            account,
            target: None,
            content: None,
            ..
        } => RowSubject::Access {
            identity,
            entitlement,
            account,
            source,
        },
        _ => return Err(damaged()),
    };
    Ok(RowRecord {
        change: RowChange::from_word(&members.change).ok_or_else(damaged)?,
        file: FileKind::from_word(&members.file).ok_or_else(damaged)?,
        line: members.line,
        about,
    })
}

/// The kind, number and hash of a record about an object, without reading the whole of it.
pub(super) fn content_mark(text: &str) -> Option<(ObjectKind, i64, [u8; 32])> {
    if !text.contains(",\"content\":\"") {
        return None;
    }
    match read(text).ok()?.about {
        RowSubject::Object {
            target,
            content: Some(content),
        } => Some((target.kind, target.raw, content)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    fn subject() -> impl Strategy<Value = RowSubject> {
        let id = 1_i64..1 << 40;
        let object = (
            id.clone(),
            select(ObjectKind::ALL),
            any::<Option<[u8; 32]>>(),
        );
        let access = (id.clone(), id.clone(), prop::option::of(id.clone()), id);
        prop_oneof![
            object.prop_map(|(raw, kind, content)| RowSubject::Object {
                target: ObjectRef { kind, raw },
                content
            }),
            access.prop_map(
                |(identity, entitlement, account, source)| RowSubject::Access {
                    identity: IdentityId::from_raw(identity),
                    entitlement: EntitlementId::from_raw(entitlement),
                    account: account.map(AccountId::from_raw),
                    source: SourceId::from_raw(source),
                }
            ),
        ]
    }

    proptest! {
        #[test]
        fn a_record_is_canonical_and_comes_back(
            about in subject(),
            change in select(RowChange::ALL),
            file in select(FileKind::ALL),
            line in prop::option::of(0_u64..30_000_000),
        ) {
            let record = RowRecord { change, file, line, about };
            let mut bytes = Vec::new();
            Texts::default().write(&record, &mut bytes);
            let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            prop_assert_eq!(&proof::canonical::to_vec(&value).unwrap(), &bytes);
            prop_assert_eq!(read(std::str::from_utf8(&bytes).unwrap()).unwrap(), record);
        }
    }
}
