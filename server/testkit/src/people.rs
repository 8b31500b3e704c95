//! Contents of identities: everything has a plain value, a test sets what it is about.

use std::collections::BTreeMap;

use domain::id::IdentityId;
use domain::identity::{IdentityContent, IdentityKind, IdentityStatus};
use domain::text;
use domain::time::Date;

/// An active employee of this name, with the username `ana.silva` for `Ana Silva` and a mail address of it.
pub fn a_person(name: &str) -> PersonBuilder {
    let username = text::fold(name).replace(' ', ".");
    PersonBuilder(IdentityContent {
        external_id: username.clone(),
        email: format!("{username}@example.com"),
        username,
        display_name: name.to_owned(),
        department: String::new(),
        title: String::new(),
        location: String::new(),
        manager: None,
        kind: IdentityKind::Employee,
        status: IdentityStatus::Active,
        start_date: None,
        end_date: None,
        attributes: BTreeMap::new(),
    })
}

/// An identity's content in the making.
#[derive(Debug, Clone)]
pub struct PersonBuilder(IdentityContent);

impl PersonBuilder {
    /// Sets the username, and nothing derived from it.
    #[must_use]
    pub fn username(mut self, username: &str) -> Self {
        username.clone_into(&mut self.0.username);
        self
    }

    /// Sets the mail address.
    #[must_use]
    pub fn email(mut self, email: &str) -> Self {
        email.clone_into(&mut self.0.email);
        self
    }

    /// Sets the department.
    #[must_use]
    pub fn department(mut self, department: &str) -> Self {
        department.clone_into(&mut self.0.department);
        self
    }

    /// Sets the job title.
    #[must_use]
    pub fn title(mut self, title: &str) -> Self {
        title.clone_into(&mut self.0.title);
        self
    }

    /// Sets the location.
    #[must_use]
    pub fn location(mut self, location: &str) -> Self {
        location.clone_into(&mut self.0.location);
        self
    }

    /// Sets the manager.
    #[must_use]
    pub fn manager(mut self, manager: IdentityId) -> Self {
        self.0.manager = Some(manager);
        self
    }

    /// Sets what it is.
    #[must_use]
    pub fn kind(mut self, kind: IdentityKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Sets where it is in its life.
    #[must_use]
    pub fn status(mut self, status: IdentityStatus) -> Self {
        self.0.status = status;
        self
    }

    /// Sets the first day.
    #[must_use]
    pub fn starts(mut self, day: Date) -> Self {
        self.0.start_date = Some(day);
        self
    }

    /// Sets the last day.
    #[must_use]
    pub fn ends(mut self, day: Date) -> Self {
        self.0.end_date = Some(day);
        self
    }

    /// Adds an attribute.
    #[must_use]
    pub fn attribute(mut self, name: &str, value: &str) -> Self {
        self.0.attributes.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The content.
    pub fn build(self) -> IdentityContent {
        self.0
    }
}
