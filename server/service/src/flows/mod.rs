//! Approval flows: what they are for, who may ask, and who must agree; who that is for one person and one thing.
//!
//! A flow is data that is edited here. What happens to a request that goes through one is not decided here.

mod approvers;
mod automatic;
mod covering;
mod form;
mod preview;
mod read;
mod resolve;
mod ties;
mod words;
mod write;

pub(crate) use approvers::{administrators, approvers};
pub(crate) use automatic::automatic;
pub(crate) use covering::{flow_for, may_ask, requestable};
pub(crate) use form::typed;
pub use form::{FlowForm, StepForm};
pub use preview::{Preview, PreviewDraft, PreviewStep, preview};
pub use read::{
    FlowDetail, FlowVersion, Listed, by_name, check_conditions, form_of, list, read, timeline,
};
pub(crate) use resolve::approver;
pub(crate) use words::named_by;
pub use words::{
    FlowNames, approver_in_words, covers_in_words, hours_in_words, in_words, steps_in_words,
};
pub use write::{create, edit, end, in_words_of};
