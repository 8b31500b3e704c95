//! What changed between two contents, field by field, as a person reads it.

use std::collections::BTreeSet;

use serde_json::Value;

/// One field that differs; empty texts are shown as nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Name of the field; a field of an object inside is joined with a dot.
    pub field: String,
    /// What it was; none when it was not there or empty.
    pub before: Option<String>,
    /// What it became; none when it is gone or empty.
    pub after: Option<String>,
}

/// The fields in which two objects differ, in the order of the later one.
pub fn changes(before: Option<&Value>, after: Option<&Value>) -> Vec<FieldChange> {
    let mut found = Vec::new();
    compare("", before, after, &mut found);
    found
}

fn compare(
    path: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<FieldChange>,
) {
    let members = |value: Option<&Value>| {
        value
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()
    };
    let nested = [before, after].into_iter().flatten().any(Value::is_object);
    if nested {
        let (old, new) = (members(before), members(after));
        // In the order of names, whatever order the JSON was read in; what is gone comes last.
        let gone: BTreeSet<&String> = old.keys().filter(|key| !new.contains_key(*key)).collect();
        let there: BTreeSet<&String> = new.keys().collect();
        for key in there.into_iter().chain(gone) {
            let path = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}.{key}")
            };
            compare(&path, old.get(key), new.get(key), found);
        }
        return;
    }
    let (before, after) = (before.and_then(shown), after.and_then(shown));
    if before != after {
        found.push(FieldChange {
            field: path.to_owned(),
            before,
            after,
        });
    }
}

fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items
            .iter()
            .filter_map(shown)
            .collect::<Vec<_>>()
            .join(", "),
        // A part of a role, or what an assignment gives: its id says what it is.
        Value::Object(part) => match part.get("entitlement").or_else(|| part.get("role")) {
            Some(Value::String(id)) => id.clone(),
            _ => value.to_string(),
        },
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn texts(
        before: Option<Value>,
        after: Option<Value>,
    ) -> Vec<(String, Option<String>, Option<String>)> {
        changes(before.as_ref(), after.as_ref())
            .into_iter()
            .map(|change| (change.field, change.before, change.after))
            .collect()
    }

    #[test]
    fn only_what_differs_is_listed() {
        let before = json!({ "title": "Clerk", "email": "", "attributes": { "desk": "4" }, "actions": ["read"], "manager": null });
        let after = json!({ "title": "Head", "email": "", "attributes": { "floor": "2" }, "actions": ["read", "write"], "manager": "idn_1" });
        let some = |text: &str| Some(text.to_owned());
        let expected = [
            ("actions", some("read"), some("read, write")),
            ("attributes.floor", None, some("2")),
            ("attributes.desk", some("4"), None),
            ("manager", None, some("idn_1")),
            ("title", some("Clerk"), some("Head")),
        ]
        .map(|(field, before, after)| (field.to_owned(), before, after));
        assert_eq!(texts(Some(before), Some(after.clone())), expected);
        assert!(texts(Some(after.clone()), Some(after)).is_empty());
        assert_eq!(
            texts(None, Some(json!({ "name": "x" }))),
            [("name".to_owned(), None, some("x"))]
        );
        assert!(texts(None, None).is_empty());
    }
}
