//! What is known of a person and an entitlement, as fields with values.

use domain::entitlement::Entitlement;
use domain::identity::Identity;
use domain::proposal::{ENTITLEMENT, Trait, field};

/// The fields of a pair. What people read of ids is put in by whoever shows it.
pub(super) fn subject(person: &Identity, what: &Entitlement) -> Vec<Trait> {
    let (content, right) = (&person.content, &what.content);
    let manager = content.manager.map(|id| id.to_string());
    let risk = right.risk.map_or("", |risk| risk.word());
    let whom = Trait {
        field: field::PERSON.to_owned(),
        value: person.id.to_string(),
        shown: content.display_name.clone(),
    };
    let own = content.attributes.iter();
    let own = own.map(|(name, value)| a_trait(&format!("{}{name}", field::OWN), value));
    [
        a_trait(ENTITLEMENT, &what.id.to_string()),
        a_trait(field::APPLICATION, &right.application.to_string()),
        a_trait(field::RISK, risk),
        a_trait(field::MANAGER, manager.as_deref().unwrap_or("")),
        a_trait(field::DEPARTMENT, &content.department),
        a_trait(field::TITLE, &content.title),
        a_trait(field::LOCATION, &content.location),
        a_trait(field::KIND, content.kind.word()),
    ]
    .into_iter()
    .chain([whom])
    .chain(own)
    .collect()
}

fn a_trait(field: &str, value: &str) -> Trait {
    let value = value.trim().to_owned();
    Trait {
        field: field.to_owned(),
        shown: value.clone(),
        value,
    }
}
