//! What a rule gives may end before the rule does. Then the rule gives nothing, until somebody gives it something else to give.

use domain::lifecycle::Lifecycle;
use domain::role::Grantable;
use storage::ReadTx;

use crate::{Result, assignments};

/// The name of something that has ended; none while it is there.
pub(super) async fn ended(tx: &mut ReadTx, what: Grantable) -> Result<Option<String>> {
    let found = match what {
        Grantable::Entitlement(id) => tx
            .entitlement(id)
            .await?
            .map(|found| (found.content.status, found.content.display_name)),
        Grantable::Role(id) => tx
            .role(id)
            .await?
            .map(|found| (found.content.status, found.content.display_name)),
    };
    let ended = found.filter(|(status, _)| *status == Lifecycle::Ended);
    Ok(ended.map(|(_, name)| name))
}

/// What to do about a rule that gives something that has ended.
pub(super) fn sentence(name: &str) -> String {
    format!(
        "{name} has ended, so this rule gives nothing any more. Choose another role or entitlement, or end the rule."
    )
}

/// Whether somebody left the field as it was: the id, or the name that was in use.
pub(super) async fn is_typed(tx: &mut ReadTx, what: Grantable, typed: &str) -> Result<bool> {
    let typed = typed.trim();
    let id = match what {
        Grantable::Entitlement(id) => id.to_string(),
        Grantable::Role(id) => id.to_string(),
    };
    if typed == id || typed.strip_prefix("role:").map(str::trim) == Some(id.as_str()) {
        return Ok(true);
    }
    let names = assignments::technical_names(tx, std::iter::once(what)).await?;
    let same = |name: &String| domain::text::key(name) == domain::text::key(typed);
    Ok(names.get(&what).is_some_and(same))
}
