//! What is recorded about the things of the organisation, as storage takes it.

use anyhow::{Context as _, Result};
use domain::account::{AccountContent, AccountStatus};
use domain::application::ApplicationContent;
use domain::entitlement::{EntitlementContent, EntitlementKind};
use domain::id::{ApplicationId, IdentityId, SourceId};
use domain::identity::{IdentityContent, IdentityKind, IdentityStatus};
use domain::lifecycle::Lifecycle;
use domain::source::{ImportMode, Mapping, SourceContent};

use crate::organisation::{EACH, Person, application, entitlement};

pub(crate) fn source() -> SourceContent {
    SourceContent {
        name: "bench".to_owned(),
        description: String::new(),
        folder: String::new(),
        every_minutes: None,
        mode: ImportMode::Snapshot,
        mapping: Mapping::new(),
        status: Lifecycle::Active,
    }
}

pub(crate) fn an_application(number: usize, source: SourceId) -> ApplicationContent {
    ApplicationContent {
        name: application(number),
        display_name: format!("Application {number}"),
        description: format!("What department {number} works with"),
        owner: None,
        criticality: None,
        status: Lifecycle::Active,
        built_in: false,
        source: Some(source),
    }
}

pub(crate) fn an_entitlement(
    number: usize,
    of: ApplicationId,
    source: SourceId,
) -> EntitlementContent {
    EntitlementContent {
        application: of,
        name: entitlement(number),
        display_name: format!("Right {} of {}", number % EACH, application(number / EACH)),
        description: format!("Lets people do thing {}", number % EACH),
        kind: EntitlementKind::Group,
        actions: Vec::new(),
        resource_type: String::new(),
        resource_id: String::new(),
        risk: None,
        owner: None,
        requestable: true,
        status: Lifecycle::Active,
        source: Some(source),
    }
}

pub(crate) fn an_account(
    name: &str,
    identity: IdentityId,
    source: SourceId,
    application: ApplicationId,
) -> AccountContent {
    AccountContent {
        application,
        source,
        name: name.to_owned(),
        identity: Some(identity),
        status: AccountStatus::Enabled,
        last_used: None,
        implied: true,
    }
}

pub(crate) fn somebody(person: Person, people: &[IdentityId]) -> Result<IdentityContent> {
    let day = |text: &str| {
        (!text.is_empty())
            .then(|| text.parse().ok().context("a day"))
            .transpose()
    };
    Ok(IdentityContent {
        external_id: person.username.clone(),
        display_name: person.name,
        email: format!("{}@example.com", person.username),
        username: person.username,
        department: person.department,
        title: person.title.to_owned(),
        location: person.location.to_owned(),
        manager: person.manager.map(|number| people[number]),
        kind: IdentityKind::from_word(person.kind).context("a kind")?,
        status: IdentityStatus::from_word(person.status).context("a status")?,
        start_date: day(&person.start_date)?,
        end_date: day(&person.end_date)?,
        attributes: std::collections::BTreeMap::default(),
    })
}
