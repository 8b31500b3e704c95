//! What another state or condition of a rule would do.

use domain::id::RuleId;
use domain::rule::{RuleContent, RuleState};
use domain::time::Instant;
use policy::Condition;
use roaring::RoaringTreemap;
use storage::ReadTx;

use super::evaluate::people;
use crate::Result;
use crate::plan::{self, Change, Plan};

/// A plan with the people to whom the rule would apply.
pub(super) struct RulePlan {
    pub(super) plan: Plan,
    pub(super) applies: RoaringTreemap,
}

/// What a rule would do with this content; of one that is only observed, what it would do if it were active. Hand-over is
/// left out: it ends later what this says is lost.
pub(super) async fn of(
    tx: &mut ReadTx,
    id: Option<RuleId>,
    content: &RuleContent,
    condition: &Condition,
    now: Instant,
) -> Result<RulePlan> {
    let applies = if content.state == RuleState::Ended {
        RoaringTreemap::new()
    } else {
        people(tx, condition).await?
    };
    let change = Change {
        graph: None,
        without_rule: id,
        given: vec![(content.gives, applies.clone())],
        ..Change::default()
    };
    Ok(RulePlan {
        plan: plan::plan(tx, &change, now).await?,
        applies,
    })
}
