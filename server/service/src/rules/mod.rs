//! Rules: who gets a role or an entitlement by their attributes. A rule is written, observed and activated; what it gives
//! are assignments, written in the transaction of the change that it follows from.

mod apply;
mod compiled;
mod edit;
mod evaluate;
mod export;
mod follow;
mod plan;
mod read;
mod recompute;
mod reports;
mod step;
mod target;

pub use crate::plan::{Asked, MANY};
pub(crate) use apply::ApplyRules;
pub(crate) use compiled::{Compiled, LastRules, facts_of, vocabulary_of};
pub use edit::{RuleDraft, create, edit, plan_edit, vocabulary};
pub(crate) use export::{COLUMNS as EXPORT_COLUMNS, rows as export_rows};
pub(crate) use follow::{Due, follow, follow_one};
pub use read::{RuleDetail, RulesPage, by_name, list, overview, read, timeline};
pub use recompute::{Recomputed, recompute};
pub(crate) use reports::follow_renamed;
pub use step::{plan_step, step};
pub use storage::rules::RuleRow;

use domain::id::RuleId;
use domain::permission::Facts;
use domain::rule::Rule;
use storage::ReadTx;

use crate::{Cx, Error, Result};

/// People to whom a change of a rule is applied at once; more are a job.
const MOST_AT_ONCE: u64 = 1_000;

/// A rule with what the decision about it needs.
pub(crate) async fn facts(tx: &mut ReadTx, cx: &Cx, id: RuleId) -> Result<(Rule, Facts)> {
    let rule = tx.rule(id).await?.ok_or(Error::NotFound)?;
    let me = cx.me();
    let facts = Facts {
        is_owner: me.is_some() && rule.content.owner == me,
        ..Facts::default()
    };
    Ok((rule, facts))
}
