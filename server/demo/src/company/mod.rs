//! The company as lists: who could work where. What happens to them is in [`crate::plan`].

pub(crate) mod departments;
pub(crate) mod names;
pub(crate) mod others;

/// Name of the organisation.
pub(crate) const ORGANISATION: &str = "Northwind Trading";
/// Its time zone.
pub(crate) const ZONE: &str = "Europe/Lisbon";
/// Where its mail arrives; `.example` belongs to nobody (RFC 2606).
pub(crate) const MAIL: &str = "northwind.example";
