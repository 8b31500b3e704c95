//! People, services and agents: what is recorded about them and how their life goes on.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::field::FieldErrors;
use crate::id::IdentityId;
use crate::lifecycle::{InvalidTransition, Step};
use crate::time::{Date, Instant};
use crate::words;

words! {
    /// What an identity is.
    IdentityKind {
        /// On the payroll.
        Employee = "employee", "Employee";
        /// Works for the organisation for a time.
        Contractor = "contractor", "Contractor";
        /// Belongs to another organisation.
        External = "external", "External";
        /// A program.
        Service = "service", "Service";
        /// A program that acts for people.
        Agent = "agent", "Agent";
    }
}

impl IdentityKind {
    /// Whether it is a program and nobody of flesh and blood.
    pub const fn is_program(self) -> bool {
        matches!(self, Self::Service | Self::Agent)
    }
}

words! {
    /// Where an identity is in its life.
    IdentityStatus {
        /// Works.
        Active = "active", "Active";
        /// Away for a while; access stays.
        OnLeave = "on_leave", "On leave";
        /// Stopped for now; cannot sign in.
        Suspended = "suspended", "Suspended";
        /// Left. The record stays; the identity never comes back.
        Ended = "ended", "Ended";
    }
}

impl IdentityStatus {
    /// Takes a step, or says why it cannot be taken.
    pub const fn step(self, step: Step) -> Result<Self, InvalidTransition> {
        match (self, step) {
            (Self::Active | Self::OnLeave, Step::Suspend) => Ok(Self::Suspended),
            (Self::Suspended, Step::Resume) => Ok(Self::Active),
            (Self::Active | Self::OnLeave | Self::Suspended, Step::End) => Ok(Self::Ended),
            (from, step) => Err(step.refused(from.word())),
        }
    }

    /// Whether this identity may sign in to the console.
    pub const fn may_sign_in(self) -> bool {
        matches!(self, Self::Active | Self::OnLeave)
    }
}

/// What is recorded about an identity. Its canonical JSON is what the log's content hash covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IdentityContent {
    /// The key in the source it comes from.
    pub external_id: String,
    /// The name to sign in with; unique among identities that have not ended, without regard to case.
    pub username: String,
    /// The name to show.
    pub display_name: String,
    /// Empty when unknown.
    pub email: String,
    /// Empty when unknown.
    pub department: String,
    /// Job title; empty when unknown.
    pub title: String,
    /// Empty when unknown.
    pub location: String,
    /// Who decides for this identity.
    pub manager: Option<IdentityId>,
    /// What it is.
    pub kind: IdentityKind,
    /// Where it is in its life.
    pub status: IdentityStatus,
    /// First day.
    pub start_date: Option<Date>,
    /// Last day; the identity ends when this day is over.
    pub end_date: Option<Date>,
    /// Anything else a source says.
    pub attributes: BTreeMap<String, String>,
}

/// An identity as it is, or was, recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its id.
    pub id: IdentityId,
    /// When this version was recorded; also its version for edits.
    pub recorded_from: Instant,
    /// What is recorded.
    pub content: IdentityContent,
}

/// What a person types into the form, unchecked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdentityDraft {
    /// Sign-in name.
    pub username: String,
    /// Name to show.
    pub display_name: String,
    /// Mail address.
    pub email: String,
    /// Department.
    pub department: String,
    /// Job title.
    pub title: String,
    /// Location.
    pub location: String,
    /// The manager's username or id, resolved by the service.
    pub manager: String,
    /// Word of an [`IdentityKind`].
    pub kind: String,
    /// Word of `active` or `on_leave`; empty keeps the present status.
    pub status: String,
    /// `YYYY-MM-DD`.
    pub start_date: String,
    /// `YYYY-MM-DD`.
    pub end_date: String,
}

impl IdentityDraft {
    /// Checks everything that needs no database. `before` is the content that is edited, when there is one; `manager` is
    /// what [`IdentityDraft::manager`] was resolved to.
    pub fn check(
        &self,
        before: Option<&IdentityContent>,
        manager: Option<IdentityId>,
        errors: &mut FieldErrors,
    ) -> IdentityContent {
        let display_name = errors.required("display_name", "The name", &self.display_name, 200);
        let username = self.check_username(errors);
        let email = errors.line("email", "The e-mail address", &self.email, 254);
        if !email.is_empty() && !plausible_email(&email) {
            errors.add(
                "email",
                "This is not an e-mail address. Write it like ana@example.com.",
            );
        }
        let department = errors.line("department", "The department", &self.department, 200);
        let title = errors.line("title", "The title", &self.title, 200);
        let location = errors.line("location", "The location", &self.location, 200);
        let kind = IdentityKind::from_word(&self.kind).unwrap_or_else(|| {
            errors.add(
                "kind",
                "Choose what this is: employee, contractor, external, service or agent.",
            );
            IdentityKind::Employee
        });
        let start_date = errors.date("start_date", "The first day", &self.start_date);
        let end_date = errors.date("end_date", "The last day", &self.end_date);
        if let (Some(start), Some(end)) = (start_date, end_date)
            && end < start
        {
            errors.add(
                "end_date",
                "The last day is before the first day. Correct one of them.",
            );
        }
        IdentityContent {
            external_id: before.map_or_else(|| username.clone(), |b| b.external_id.clone()),
            username,
            display_name,
            email,
            department,
            title,
            location,
            manager,
            kind,
            status: self.check_status(before.map(|b| b.status), errors),
            start_date,
            end_date,
            attributes: before.map(|b| b.attributes.clone()).unwrap_or_default(),
        }
    }

    fn check_username(&self, errors: &mut FieldErrors) -> String {
        let username = errors.required("username", "The username", &self.username, 100);
        if username.contains(char::is_whitespace) {
            errors.add(
                "username",
                "The username must not contain spaces. Join the parts with a dot or a dash.",
            );
        } else if username.starts_with("idn_") {
            errors.add(
                "username",
                "The username must not begin with idn_, because ids do. Choose another.",
            );
        }
        username
    }

    /// An edit may set someone on leave and back; suspending and ending are acts of their own.
    fn check_status(
        &self,
        before: Option<IdentityStatus>,
        errors: &mut FieldErrors,
    ) -> IdentityStatus {
        let present = before.unwrap_or(IdentityStatus::Active);
        if self.status.is_empty() {
            return present;
        }
        match (present, IdentityStatus::from_word(&self.status)) {
            (
                IdentityStatus::Active | IdentityStatus::OnLeave,
                Some(wanted @ (IdentityStatus::Active | IdentityStatus::OnLeave)),
            ) => wanted,
            (present, Some(wanted)) if present == wanted => present,
            _ => {
                errors.add("status", "Choose active or on leave. To suspend or end, use the menu on the person's page.");
                present
            }
        }
    }
}

/// Deliberately loose: only a message that arrives proves an address.
fn plausible_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else {
        return false;
    };
    !local.is_empty()
        && host.len() >= 3
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> IdentityDraft {
        IdentityDraft {
            username: "ana".into(),
            display_name: "Ana Silva".into(),
            kind: "employee".into(),
            ..IdentityDraft::default()
        }
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let wrong = IdentityDraft {
            username: "a b".into(),
            email: "nowhere".into(),
            kind: "robot".into(),
            start_date: "2026-02-30".into(),
            end_date: "tomorrow".into(),
            ..IdentityDraft::default()
        };
        let mut errors = FieldErrors::new();
        wrong.check(None, None, &mut errors);
        let fields: Vec<_> = errors.iter().map(|e| e.field).collect();
        assert_eq!(
            fields,
            [
                "display_name",
                "username",
                "email",
                "kind",
                "start_date",
                "end_date"
            ]
        );
    }

    #[test]
    fn an_edit_cannot_suspend_or_revive() {
        let mut errors = FieldErrors::new();
        let ana = draft().check(None, None, &mut errors);
        assert!(errors.is_empty() && ana.status == IdentityStatus::Active);
        for word in ["suspended", "ended", "nonsense"] {
            let mut errors = FieldErrors::new();
            IdentityDraft {
                status: word.into(),
                ..draft()
            }
            .check(Some(&ana), None, &mut errors);
            assert!(errors.of("status").is_some(), "{word}");
        }
        let gone = IdentityContent {
            status: IdentityStatus::Ended,
            ..ana
        };
        let mut errors = FieldErrors::new();
        let kept = IdentityDraft {
            status: "active".into(),
            ..draft()
        }
        .check(Some(&gone), None, &mut errors);
        assert!(kept.status == IdentityStatus::Ended && errors.of("status").is_some());
    }

    #[test]
    fn ended_is_final() {
        for step in [Step::Suspend, Step::Resume, Step::End] {
            assert!(IdentityStatus::Ended.step(step).is_err());
        }
        assert_eq!(
            IdentityStatus::OnLeave.step(Step::Suspend),
            Ok(IdentityStatus::Suspended)
        );
    }
}
