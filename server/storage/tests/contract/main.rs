//! The contract of storage: what every function does, said once and held on SQLite and on PostgreSQL.
//!
//! One module an aggregate, in one program, because linking is what takes the time. What the rows mean to people is not
//! tested here; that is the service's.

mod access;
mod age;
mod applications;
mod assignment_lists;
mod assignments;
mod audit_list;
mod audit_log;
mod bulk;
mod caps;
mod changed;
mod checkpoints;
mod closing;
mod columns;
mod credentials;
mod discoveries;
mod entitlements;
mod findings;
mod foreseen;
mod full_disk;
mod history;
mod identities;
mod jobs;
mod jobs_list;
mod links;
mod list_cursors;
mod list_model;
mod migrations;
mod model;
mod notifications;
mod once;
mod organisation;
mod outliers;
mod parity;
mod people_filters;
mod people_list;
mod proposals;
mod roles;
mod roles_rules;
mod runs;
mod sessions;
mod sources;
mod support;
mod throttle;
mod transactions;
mod verification;
mod views;
mod visitor;
mod walk;
