//! What is enough instead: something of the same application that lets a person do less.

use std::collections::BTreeSet;

use crate::entitlement::EntitlementContent;
use crate::lifecycle::Lifecycle;

/// Whether one thing is less than another of the same application: of lower risk, or with some of its actions on the same
/// thing only. What has no stated risk and no actions is not known to be less than anything.
pub fn is_smaller(one: &EntitlementContent, than: &EntitlementContent) -> bool {
    if one.application != than.application || one.status != Lifecycle::Active {
        return false;
    }
    let actions = |content: &EntitlementContent| -> BTreeSet<String> {
        content.actions.iter().cloned().collect()
    };
    let (fewer, all) = (actions(one), actions(than));
    let same_thing = one.resource_type == than.resource_type && one.resource_id == than.resource_id;
    let part = same_thing && !fewer.is_empty() && fewer.is_subset(&all);
    match (one.risk, than.risk) {
        (Some(risk), Some(other)) if risk > other => false,
        (Some(risk), Some(other)) if risk < other => true,
        _ => part && fewer.len() < all.len(),
    }
}
