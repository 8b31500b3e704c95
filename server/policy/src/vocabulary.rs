//! The attributes a condition may read, and the Cedar schema made of them.
//!
//! Every attribute is a text and always there, `""` when unknown: optional ones would need `has` before every use.
//! Numbers, dates with arithmetic and lists do not exist here. The words of `kind` and `status` are those of `domain`.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, LazyLock};

use cedar_policy::{Schema, Validator};
use domain::identity::{IdentityKind, IdentityStatus};
use serde_json::{Map, Value, json};

/// The attributes everybody has, whatever the sources say.
pub const BUILT_IN: [&str; 12] = [
    "username",
    "display_name",
    "email",
    "department",
    "title",
    "location",
    "kind",
    "status",
    "manager",
    "external_id",
    "start_date",
    "end_date",
];

/// An attribute in the form that is read fastest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Attribute {
    /// Its place in [`BUILT_IN`].
    BuiltIn(usize),
    /// A name from an import.
    Custom(Arc<str>),
}

impl Attribute {
    /// The attribute with this name; built-in names come first.
    pub(crate) fn named(name: &str) -> Self {
        BUILT_IN
            .iter()
            .position(|built_in| *built_in == name)
            .map_or_else(|| Self::Custom(name.into()), Self::BuiltIn)
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::BuiltIn(at) => BUILT_IN[*at],
            Self::Custom(name) => name,
        }
    }
}

/// All attributes that are known at the moment. Cheap to clone; made anew when an import brings a new name.
#[derive(Clone)]
pub struct Vocabulary {
    custom: Arc<BTreeSet<String>>,
    validator: Arc<Validator>,
}

impl Vocabulary {
    /// The built-in attributes and these. A custom name that equals a built-in one is ignored: the built-in value wins.
    ///
    /// # Panics
    /// Never: Cedar accepts any text as the name of an attribute.
    pub fn new(custom: impl IntoIterator<Item = String>) -> Self {
        let custom: BTreeSet<String> = custom
            .into_iter()
            .filter(|name| !BUILT_IN.contains(&name.as_str()))
            .collect();
        let schema = Schema::from_json_value(schema(&custom, &[]))
            .expect("the schema has a fixed shape, and any text is a name of an attribute");
        Self {
            custom: Arc::new(custom),
            validator: Arc::new(Validator::new(schema)),
        }
    }

    /// The names of all attributes: the built-in ones in their order, then the others by name.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        BUILT_IN
            .into_iter()
            .chain(self.custom.iter().map(String::as_str))
    }

    /// Whether conditions may read an attribute of this name.
    pub fn contains(&self, attribute: &str) -> bool {
        BUILT_IN.contains(&attribute) || self.custom.contains(attribute)
    }

    /// The only values an attribute can have: of `kind` and `status` the words of `domain`; none for all others, which
    /// can be anything.
    pub fn words_of(attribute: &str) -> Option<&'static [&'static str]> {
        static KINDS: LazyLock<Vec<&'static str>> =
            LazyLock::new(|| IdentityKind::ALL.iter().map(|k| k.word()).collect());
        static STATUSES: LazyLock<Vec<&'static str>> =
            LazyLock::new(|| IdentityStatus::ALL.iter().map(|s| s.word()).collect());
        match attribute {
            "kind" => Some(&KINDS),
            "status" => Some(&STATUSES),
            _ => None,
        }
    }

    /// Cedar's type checker for these attributes.
    pub(crate) fn validator(&self) -> &Validator {
        &self.validator
    }

    /// The known name most like an unknown one, when one is near enough to be meant.
    pub(crate) fn nearest(&self, unknown: &str) -> Option<&str> {
        nearest(self.attributes(), unknown)
    }
}

/// The one of some names that is most like an unknown one, when one is near enough to be meant.
pub(crate) fn nearest<'a>(names: impl Iterator<Item = &'a str>, unknown: &str) -> Option<&'a str> {
    let plain = |name: &str| -> Vec<char> {
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .take(60)
            .collect()
    };
    let wanted = plain(unknown);
    let allowed = (wanted.len() / 3).max(1);
    names
        .map(|name| (distance(&wanted, &plain(name)), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}

/// Cedar's type checker for conditions that see this context, too.
///
/// # Panics
/// Never: the schema has a fixed shape.
pub(crate) fn context_validator(vocabulary: &Vocabulary, context: &[(&str, &str)]) -> Validator {
    let schema = Schema::from_json_value(schema(&vocabulary.custom, context))
        .expect("the schema has a fixed shape, and any text is a name of an attribute");
    Validator::new(schema)
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self::new([])
    }
}

/// The schema has thousands of nodes and says nothing that the names do not say.
impl fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vocabulary")
            .field("custom", &self.custom)
            .finish_non_exhaustive()
    }
}

fn schema(custom: &BTreeSet<String>, context: &[(&str, &str)]) -> Value {
    let attributes: Map<String, Value> = BUILT_IN
        .into_iter()
        .chain(custom.iter().map(String::as_str))
        .map(|name| {
            (
                name.to_owned(),
                json!({ "type": "String", "required": true }),
            )
        })
        .collect();
    let context: Map<String, Value> = context
        .iter()
        .map(|(name, sort)| {
            (
                (*name).to_owned(),
                json!({ "type": sort, "required": true }),
            )
        })
        .collect();
    json!({ "": {
        "entityTypes": {
            "Person": { "shape": { "type": "Record", "attributes": attributes } },
            "Nothing": {},
        },
        "actions": {
            "ask": { "appliesTo": { "principalTypes": ["Person"], "resourceTypes": ["Nothing"],
                "context": { "type": "Record", "attributes": context } } },
        },
    }})
}

/// Levenshtein's distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_nearest_name_is_the_one_that_was_meant() {
        let vocabulary = Vocabulary::new(["cost center".to_owned(), "kind".to_owned()]);
        assert_eq!(vocabulary.nearest("departement"), Some("department"));
        assert_eq!(vocabulary.nearest("costCenter"), Some("cost center"));
        assert_eq!(vocabulary.nearest("displayname"), Some("display_name"));
        assert_eq!(vocabulary.nearest("salary"), None);
        assert_eq!(vocabulary.attributes().count(), BUILT_IN.len() + 1);
        assert!(vocabulary.contains("cost center") && !vocabulary.contains("salary"));
    }

    #[test]
    fn kind_and_status_have_words_and_nothing_else_has() {
        assert!(Vocabulary::words_of("kind").is_some_and(|w| w.contains(&"external")));
        assert!(Vocabulary::words_of("status").is_some_and(|w| w.contains(&"on_leave")));
        assert!(Vocabulary::words_of("title").is_none());
    }

    proptest! {
        #[test]
        fn any_text_can_be_the_name_of_an_attribute(names in prop::collection::vec(any::<String>(), 0..5)) {
            let special = ["", "__cedar", "a::b", "\0", "__entity", "type", "if"];
            let names: Vec<String> = names.into_iter().chain(special.map(str::to_owned)).collect();
            let vocabulary = Vocabulary::new(names.clone());
            prop_assert!(names.iter().all(|name| vocabulary.contains(name)));
        }
    }
}
