//! What a reviewer sees of an item: frozen when the campaign begins, and what is marked as not being as it should be.

use serde::{Deserialize, Serialize};

use super::Choice;
use crate::id::{AssignmentId, IdentityId, ObjectRef};
use crate::lifecycle::Level;
use crate::time::{Date, Instant, written, written_or_none};
use crate::words;

words! {
    /// What an item is about.
    ItemKind {
        /// An access that a person has, whatever gives it.
        Access = "access", "Access";
        /// A role that was given to a person.
        Role = "role", "Role";
        /// An entitlement in a role.
        Content = "content", "Role content";
        /// An account that belongs to nobody.
        Account = "account", "Account";
    }
}

words! {
    /// How somebody comes to what is reviewed; the most direct way when there are several.
    How {
        /// It was given itself.
        Direct = "direct", "Given directly";
        /// Through a role.
        Role = "role", "Through a role";
        /// A rule gives it, or a role with it.
        Rule = "rule", "By a rule";
        /// A source found it, and nothing here gave it.
        Import = "import", "Found by an import";
    }
}

words! {
    /// Something about an item that is not as it should be. A flagged item is never kept in bulk, and keeping it wants a
    /// reason.
    Flag {
        /// High or critical risk.
        Privileged = "privileged", "Privileged";
        /// Not used for the time that the campaign says, although the application tells when things are used.
        Unused = "unused", "Not used";
        /// Hardly anybody with the same department and title has it.
        Outlier = "outlier", "Few peers have it";
        /// It was found by an import, and nobody said why it is there.
        Unexplained = "unexplained", "Nobody said why";
        /// The person has left, or leaves before the campaign ends.
        Leaver = "leaver", "Leaves";
        /// The account belongs to nobody.
        Orphan = "orphan", "Belongs to nobody";
    }
}

/// The last decision on the same thing, in an earlier campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    /// What was decided.
    pub choice: Choice,
    /// By whom.
    pub by: IdentityId,
    /// When.
    #[serde(with = "written")]
    pub at: Instant,
}

/// What is known of an item when its campaign begins, and who decides. Ids only: the names of that moment are records of
/// their own, one for each person and thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The item's number in its campaign: what is reviewed and what is left out have numbers of one count, from 1.
    pub number: u64,
    /// What it is about.
    pub item: ItemKind,
    /// Who or what has it: a person, a role or an account.
    pub holder: ObjectRef,
    /// What is had: an entitlement, a role or an application.
    pub what: ObjectRef,
    /// How.
    pub how: How,
    /// The role or rule that gives it, by the most direct way; of an account the program that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
    /// How many ways lead to it.
    pub ways: u32,
    /// The assignment of the most direct way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<AssignmentId>,
    /// Since when.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "written_or_none"
    )]
    pub since: Option<Instant>,
    /// Until when.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "written_or_none"
    )]
    pub until: Option<Instant>,
    /// Who gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted_by: Option<IdentityId>,
    /// Why, in the giver's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The last day it was seen used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Date>,
    /// Whether its application tells when things are used.
    pub use_known: bool,
    /// How many peers have it, and how many peers there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peers: Option<(u32, u32)>,
    /// Its risk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<Level>,
    /// What is not as it should be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// The last decision on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Last>,
    /// Whether something about it changed since then.
    #[serde(default, skip_serializing_if = "is_false")]
    pub changed: bool,
    /// Who decides first.
    pub reviewer: IdentityId,
    /// Why they.
    pub why: super::Why,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Facts {
    /// The person or program that it is about; none when it is about nobody, as a role's content is.
    pub fn whose(&self) -> Option<IdentityId> {
        let of_account = self.because.filter(|_| self.item == ItemKind::Account);
        self.holder
            .identity()
            .or_else(|| of_account.and_then(ObjectRef::identity))
    }

    /// What makes it look the same as another to its reviewer: everything that is shown in the row but whose it is and
    /// the exact days. Those with the same text may be decided together.
    pub fn likeness(&self) -> String {
        let flags: Vec<&str> = self.flags.iter().map(|flag| flag.word()).collect();
        let common = self.peers.map(|(have, of)| 2 * have >= of);
        format!(
            "{} {} {} {:?} {} {} {:?} {}",
            self.item.word(),
            self.what,
            self.how.word(),
            self.because,
            flags.join("+"),
            self.until.is_some(),
            common,
            self.last
                .as_ref()
                .map_or("never", |last| last.choice.word()),
        )
    }
}

words! {
    /// Why something in scope is not reviewed.
    ExcludedWhy {
        /// Nobody but the person themselves could decide on it.
        NobodyElse = "nobody_else", "Nobody else can decide on it";
        /// It has not changed since it was last reviewed.
        Unchanged = "unchanged", "Not changed since the last review";
        /// It was left out of the sample.
        NotSampled = "not_sampled", "Not in the sample";
    }
}

/// Something in scope that is not reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    /// Its number, from the same count as those of the items.
    pub number: u64,
    /// What it is about.
    pub item: ItemKind,
    /// Who or what has it.
    pub holder: ObjectRef,
    /// What is had.
    pub what: ObjectRef,
    /// Why it is left out.
    pub excluded: ExcludedWhy,
}

/// What is not as it should be about something. `unused_days`: after how many days without use it counts as unused;
/// `today` is the day of the campaign's beginning; `leaves`: the person's last day comes before
/// its end.
pub fn flags(facts: &Facts, unused_days: u32, today: Date, leaves: bool) -> Vec<Flag> {
    let mut flags = Vec::new();
    if facts.risk >= Some(Level::High) {
        flags.push(Flag::Privileged);
    }
    let long_ago = today.plus_days(-i32::try_from(unused_days).unwrap_or(i32::MAX));
    if facts.use_known && facts.used.is_none_or(|used| used < long_ago) {
        flags.push(Flag::Unused);
    }
    if facts
        .peers
        .is_some_and(|(have, of)| of >= 10 && u64::from(have) * 20 < u64::from(of))
    {
        flags.push(Flag::Outlier);
    }
    // What most peers have explains itself, and a mark on all that an import found would say nothing.
    let unusual = facts.peers.is_some_and(|(have, of)| 2 * have < of);
    let found = facts.how == How::Import && facts.reason.is_empty();
    if unusual && found && facts.item == ItemKind::Access {
        flags.push(Flag::Unexplained);
    }
    if leaves {
        flags.push(Flag::Leaver);
    }
    if facts.item == ItemKind::Account && facts.because.is_none() {
        flags.push(Flag::Orphan);
    }
    flags
}
