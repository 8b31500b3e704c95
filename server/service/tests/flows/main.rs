//! Approval flows and delegations: what can be written, where a request would go, and who decides for whom.

mod approvers;
mod delegations;
mod kit;
mod write;
