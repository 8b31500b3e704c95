//! The organisation whose database this is.

use serde::Serialize;

use crate::field::FieldErrors;

/// Name and time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Organisation {
    /// Shown in the shell and in mail.
    pub name: String,
    /// IANA name; end dates mean the end of that day there.
    pub zone: String,
}

impl Organisation {
    /// Checks what was typed.
    pub fn check(name: &str, zone: &str, errors: &mut FieldErrors) -> Self {
        let name = errors.required("organisation", "The organisation's name", name, 100);
        let zone = errors.required("zone", "The time zone", zone, 60);
        if !zone.is_empty() && jiff::tz::TimeZone::get(&zone).is_err() {
            errors.add(
                "zone",
                "This time zone is not known. Use a name like Europe/Lisbon or UTC.",
            );
        }
        Self { name, zone }
    }

    /// The zone's rules; UTC when the stored name is not known to this build.
    pub fn time_zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.zone).unwrap_or(jiff::tz::TimeZone::UTC)
    }
}
