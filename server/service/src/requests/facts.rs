//! Who somebody is to an item: what decisions about it need.

use domain::id::IdentityId;
use domain::permission::Facts;
use domain::request::Relation;
use domain::time::Instant;
use storage::ReadTx;

use super::course::Standing;
use crate::people;
use crate::{Cx, Result};

/// Somebody's relation to an item.
#[derive(Debug, Clone, Default)]
pub(super) struct Role {
    pub(super) facts: Facts,
    /// Themselves, and those they stand in for.
    pub(super) voices: Vec<IdentityId>,
    pub(super) relation: Relation,
}

/// Those for whom the actor decides: themselves first, then those they stand in for.
pub(crate) async fn voices(tx: &mut ReadTx, cx: &Cx, now: Instant) -> Result<Vec<IdentityId>> {
    let Some(me) = cx.me() else {
        return Ok(Vec::new());
    };
    let mut voices = vec![me];
    voices.extend(tx.stands_in_for(me, now).await?);
    Ok(voices)
}

/// What the actor is to an item; `voices` are theirs.
pub(super) async fn role(
    tx: &mut ReadTx,
    cx: &Cx,
    standing: &Standing,
    voices: Vec<IdentityId>,
    now: Instant,
) -> Result<Role> {
    let content = &standing.item.content;
    let (_, about) = people::facts(tx, cx, content.beneficiary, now).await?;
    Ok(of(cx, standing, voices, about))
}

/// The same, when what the actor is to the beneficiary is known.
pub(super) fn of(cx: &Cx, standing: &Standing, voices: Vec<IdentityId>, about: Facts) -> Role {
    use domain::permission::ConsoleRight::{Administer, ManageAccessModel};
    let parties = standing.item.content.parties();
    let is_party = cx.me().is_some_and(|me| parties.are(me));
    let ever_asked = standing
        .state
        .steps
        .iter()
        .any(|step| step.approvers.iter().any(|one| voices.contains(one)));
    let is_asked = standing
        .state
        .open()
        .any(|step| step.approvers.iter().any(|one| voices.contains(one)));
    let rights = cx.actor.rights();
    Role {
        facts: Facts {
            is_self: is_party,
            is_owner: ever_asked,
            ..about
        },
        voices,
        relation: Relation {
            is_party,
            is_asked,
            may_hand_on: rights.has_any(&[Administer, ManageAccessModel]),
        },
    }
}
