//! Who decides on an item: the first of those asked for who may.

use crate::id::IdentityId;
use crate::words;

words! {
    /// Why somebody decides on an item.
    Why {
        /// They are the person's manager.
        Manager = "manager", "their manager";
        /// They are that manager's manager.
        ManagersManager = "managers_manager", "their manager’s manager";
        /// They own it.
        Owner = "owner", "owner of it";
        /// They own the application.
        ApplicationOwner = "application_owner", "owner of the application";
        /// They are named.
        Named = "named", "named in the review";
        /// They hold the role that decides.
        Role = "role", "holds the role that decides";
        /// They may administer the console.
        Administrator = "administrator", "an administrator";
        /// Nobody else could: they own the review.
        ReviewOwner = "review_owner", "owner of the review";
        /// They decided in an earlier stage, and nobody else can.
        Earlier = "earlier", "decided before, and nobody else can";
        /// Somebody who was not sure named them, or the owner of the review did.
        Passed = "passed", "it was passed on to them";
    }
}

/// People who may decide, in an order that does not change, with why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// Who, and why they. More than one share the work by person.
    pub people: Vec<(IdentityId, Why)>,
}

/// Who must not decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// The person it is about; none when it is about nobody.
    pub holder: Option<IdentityId>,
    /// Who gave it, when they shall not decide on it.
    pub grantor: Option<IdentityId>,
}

impl Parts {
    /// Whether somebody must not decide.
    pub fn are(self, one: IdentityId) -> bool {
        self.holder == Some(one) || self.grantor == Some(one)
    }
}

/// Who decides, and why.
pub type Chosen = (IdentityId, Why);

/// Chooses who decides: of the first group in which somebody may, one. `share` is the same for everything that one person
/// shall decide together; it spreads people over those who share the work.
pub fn choose<'a>(
    groups: impl IntoIterator<Item = &'a Candidates>,
    parts: Parts,
    share: u64,
) -> Option<Chosen> {
    groups
        .into_iter()
        .find_map(|group| one_of(group, share, |who| !parts.are(who)))
}

/// Chooses who decides in a later stage: somebody who did not decide in an earlier one. When there is nobody else in any
/// group, none: then it is [`choose`] that says who decides twice.
pub fn choose_apart<'a>(
    groups: impl IntoIterator<Item = &'a Candidates>,
    parts: Parts,
    earlier: &[IdentityId],
    share: u64,
) -> Option<Chosen> {
    let may = |who| !parts.are(who) && !earlier.contains(&who);
    groups
        .into_iter()
        .find_map(|group| one_of(group, share, may))
}

/// The first of a group who may, from the place that is shared out.
fn one_of(group: &Candidates, share: u64, may: impl Fn(IdentityId) -> bool) -> Option<Chosen> {
    let count = group.people.len() as u64;
    let first = usize::try_from(share.checked_rem(count)?).ok()?;
    let (before, from) = group.people.split_at_checked(first)?;
    let mut all = from.iter().chain(before).copied();
    all.find(|(who, _)| may(*who))
}
