//! Approval flows: what they are for, who may ask, and who must agree; who that is for one person and one thing.
//!
//! A flow is data that is edited here. What happens to a request that goes through one is not decided here.

mod approvers;
mod covering;

pub(crate) use approvers::approvers;
pub(crate) use covering::{flow_for, may_ask, requestable};

// Stands in until conditions about requests are here.
#[derive(Debug, Clone, Default)]
pub struct FlowNames;
impl FlowNames {
    pub(crate) async fn of(
        _tx: &mut storage::ReadTx,
        _flows: &[&domain::approval::FlowContent],
    ) -> crate::Result<Self> {
        Ok(Self)
    }
}
pub fn approver_in_words(_a: &domain::approval::Approver, _n: &FlowNames) -> String {
    String::new()
}
pub(crate) async fn automatic(
    _tx: &mut storage::ReadTx,
    _flow: &domain::approval::Flow,
    _p: domain::id::IdentityId,
    _w: (domain::role::Grantable, domain::request::Length),
    _n: domain::time::Instant,
) -> crate::Result<Option<String>> {
    Ok(None)
}
