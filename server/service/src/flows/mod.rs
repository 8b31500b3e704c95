//! Approval flows: what they are for, who may ask, and who must agree; who that is for one person and one thing.
//!
//! A flow is data that is edited here. What happens to a request that goes through one is not decided here.

mod approvers;
mod covering;

pub(crate) use approvers::{Found, approvers};
pub(crate) use covering::{flow_for, may_ask, requestable};
