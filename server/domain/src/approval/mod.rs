//! Approval: who must agree before access is given, and what follows from what they said.
//!
//! A flow is data, frozen into each request. What happened to a request is an append-only list of events, and where it
//! stands is derived from both by a pure function ([`derive()`]): nothing else decides whether something is approved. Who a
//! step's approvers are is found by the service and stands in the event that opens the step.

mod derive;
mod event;
mod flow;
mod judge;
#[cfg(test)]
mod tests;

pub use derive::{Derived, Outcome, StepState, StepStatus, derive};
pub use event::{Happened, RequestEvent, Vote};
pub use flow::{
    Approver, Covers, Flow, FlowContent, FlowDraft, Late, MOST_HOURS, Step, StepNumber,
};
pub use judge::{NotCounted, judge};
