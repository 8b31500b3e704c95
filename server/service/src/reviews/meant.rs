//! Whom an approver means for an item: one rule, for a launch that knows everybody and for what is found later.

use domain::approval::Approver;
use domain::id::{IdentityId, ObjectRef};
use domain::review::{Facts, ItemKind, Why};

/// Who leads whom, and who answers for what.
pub(super) trait Lines {
    /// A person's manager.
    fn manager(&self, person: IdentityId) -> Option<IdentityId>;
    /// The own owner of an entitlement or role.
    fn owner(&self, object: ObjectRef) -> Option<IdentityId>;
    /// The owner of an application, or of that of an entitlement.
    fn application_owner(&self, object: ObjectRef) -> Option<IdentityId>;
}

/// The person an approver means for an item, if there is one, and why they; none where an approver means the same people for
/// every item.
pub(super) fn meant(
    approver: &Approver,
    facts: &Facts,
    lines: &impl Lines,
) -> Option<(Option<IdentityId>, Why)> {
    let manager = || lines.manager(facts.whose()?);
    let application_owner = || (lines.application_owner(facts.what), Why::ApplicationOwner);
    Some(match approver {
        Approver::Manager => (manager(), Why::Manager),
        Approver::ManagersManager => {
            let above = manager().and_then(|one| lines.manager(one));
            (above, Why::ManagersManager)
        }
        Approver::Owner => {
            let own = match facts.item {
                ItemKind::Access | ItemKind::Role => lines.owner(facts.what),
                ItemKind::Content => lines.owner(facts.holder),
                ItemKind::Account => manager(),
            };
            own.map_or_else(application_owner, |owner| (Some(owner), Why::Owner))
        }
        Approver::ApplicationOwner => application_owner(),
        Approver::People { .. } | Approver::Role { .. } | Approver::Administrators => return None,
    })
}
