//! What a condition sees of a person: the values of the attributes, all texts.
//!
//! Made from what is recorded. It does not look anything up (the caller knows the manager's username) and does not
//! change a value: conditions compare exactly what the record says.

use std::collections::BTreeMap;

use domain::identity::IdentityContent;

use crate::vocabulary::{Attribute, BUILT_IN};

/// The attributes of one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    built_in: [String; BUILT_IN.len()],
    custom: BTreeMap<String, String>,
}

impl Facts {
    /// The facts of a record. Dates are `YYYY-MM-DD`, what is unknown is `""`. A custom attribute with the name of a
    /// built-in one is left out, as [`crate::Vocabulary::new`] does.
    pub fn of(content: &IdentityContent, manager_username: Option<&str>) -> Self {
        let date =
            |date: Option<domain::time::Date>| date.map_or_else(String::new, |d| d.to_string());
        Self {
            built_in: [
                content.username.clone(),
                content.display_name.clone(),
                content.email.clone(),
                content.department.clone(),
                content.title.clone(),
                content.location.clone(),
                content.kind.word().to_owned(),
                content.status.word().to_owned(),
                manager_username.unwrap_or_default().to_owned(),
                content.external_id.clone(),
                date(content.start_date),
                date(content.end_date),
            ],
            custom: content
                .attributes
                .iter()
                .filter(|(name, _)| !BUILT_IN.contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        }
    }

    /// The value of an attribute; `""` when it is unknown.
    pub fn get(&self, attribute: &str) -> &str {
        match BUILT_IN.iter().position(|name| *name == attribute) {
            Some(at) => &self.built_in[at],
            None => self.custom.get(attribute).map_or("", String::as_str),
        }
    }

    /// The same person with another value: what a rule would say after a change.
    #[must_use]
    pub fn with(mut self, attribute: &str, value: impl Into<String>) -> Self {
        match BUILT_IN.iter().position(|name| *name == attribute) {
            Some(at) => self.built_in[at] = value.into(),
            None => {
                self.custom.insert(attribute.to_owned(), value.into());
            }
        }
        self
    }

    /// [`Facts::get`] without looking for the name.
    pub(crate) fn read(&self, attribute: &Attribute) -> &str {
        match attribute {
            Attribute::BuiltIn(at) => &self.built_in[*at],
            Attribute::Custom(name) => self.custom.get(&**name).map_or("", String::as_str),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::identity::{IdentityKind, IdentityStatus};

    #[test]
    fn every_built_in_attribute_has_its_value_and_unknown_ones_are_empty() {
        let content = IdentityContent {
            external_id: "E1".into(),
            username: "ana".into(),
            display_name: "Ana Silva".into(),
            email: "ana@example.com".into(),
            department: "Finance".into(),
            title: "Analyst".into(),
            location: "Lisbon".into(),
            manager: None,
            kind: IdentityKind::Employee,
            status: IdentityStatus::OnLeave,
            start_date: "2026-02-01".parse().ok(),
            end_date: None,
            attributes: [("cost center", "42"), ("kind", "robot")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        };
        let facts = Facts::of(&content, Some("rui"));
        let values: Vec<&str> = BUILT_IN.iter().map(|name| facts.get(name)).collect();
        assert_eq!(
            values,
            [
                "ana",
                "Ana Silva",
                "ana@example.com",
                "Finance",
                "Analyst",
                "Lisbon",
                "employee",
                "on_leave",
                "rui",
                "E1",
                "2026-02-01",
                ""
            ]
        );
        assert_eq!((facts.get("cost center"), facts.get("badge")), ("42", ""));
        assert_eq!(Facts::of(&content, None).get("manager"), "");
        let moved = facts.with("location", "Porto").with("badge", "7");
        assert_eq!((moved.get("location"), moved.get("badge")), ("Porto", "7"));
    }
}
