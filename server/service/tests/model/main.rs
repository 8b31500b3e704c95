//! The access model: who has what, why, at which moment, and what a change would do.

mod assignments;
mod between;
mod compare;
mod histories;
mod kit;
mod roles;
mod rules;
