//! The access model: who has what, why, at which moment, and what a change would do.

mod assignments;
mod between;
mod changes;
mod compare;
mod discover;
mod findings;
mod give;
mod histories;
mod kit;
mod managers;
mod overlaps;
mod proposals;
mod reviewed;
mod roles;
mod roles_rules;
mod rules;
mod same;
