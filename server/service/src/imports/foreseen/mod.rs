//! What a check finds about access: every difference that decides who has what, as sets. The walk over the rows collects it,
//! and at its end it is resolved before and after, with sets of people and the real roles. Nothing is kept of what stays.
//!
//! What the import would add has numbers below zero in the walk; in sets of people it begins at [`NEW`].

mod base;
mod hash;
mod kept;
mod people;
mod resolve;
mod rules;
mod single;
mod told;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::application::ApplicationContent;
use domain::assignment::AssignmentState;
use domain::entitlement::EntitlementContent;
use domain::id::{ApplicationId, EntitlementId, IdentityId, RoleId};
use domain::role::{Grantable, RoleContent};
use domain::time::Instant;
use jiff::tz::TimeZone;
use roaring::RoaringTreemap;
use storage::assignments::{Assignment, AssignmentContent};

pub(super) use base::Base;
pub(super) use kept::KeptPlan;
use people::Newcomer;
pub(super) use rules::Following;
pub use told::{Foretold, PlanSum, is_recorded};

/// Numbers from here on are of what is not recorded yet.
pub(crate) const NEW: u64 = 1 << 62;

/// Where a number of the walk stands in sets.
pub(super) fn place(number: i64) -> u64 {
    let size = number.unsigned_abs();
    if number < 0 { NEW + size } else { size }
}

/// Who got something, and who no longer has it.
#[derive(Debug)]
pub(super) struct Foreseen {
    /// The moment for which it is resolved.
    pub(super) now: Instant,
    zone: TimeZone,
    /// When the day ends, or something of the files begins or ends by itself.
    pub(super) until: Instant,
    roles: HashMap<RoleId, RoleContent>,
    entitlements: BTreeMap<EntitlementId, EntitlementContent>,
    applications: BTreeMap<ApplicationId, ApplicationContent>,
    /// People who would be added, in the order of their numbers.
    newcomers: Vec<Newcomer>,
    /// Of recorded people who can use anything afterwards or could before, but not both: whether they can afterwards.
    presence: BTreeMap<IdentityId, bool>,
    /// Those of the new people who can use nothing.
    absent: RoaringTreemap,
    /// Assignments that are not what they were.
    touched: RoaringTreemap,
    /// What those gave.
    whats: BTreeSet<Grantable>,
    /// Who is given what by assignments that are in force afterwards, and were not there or otherwise before.
    given: HashMap<Grantable, RoaringTreemap>,
    /// The same, whether in force or not: what was given once is nobody's baseline.
    ever: HashMap<Grantable, RoaringTreemap>,
    /// Of whom the source sees what it did not see before, by entitlement.
    seen: BTreeMap<EntitlementId, RoaringTreemap>,
    /// Of whom it no longer sees what it saw.
    gone: BTreeMap<EntitlementId, RoaringTreemap>,
    /// The access that the walk is at.
    pair: Option<Pair>,
    /// Rules, when there are any.
    pub(super) following: Option<Following>,
    /// Administrators of the console who leave.
    pub(super) administrators: BTreeSet<IdentityId>,
    /// Assignments of rules that end later, when a hand-over is done.
    handed_over: u64,
}

/// One person and one entitlement, whatever the account.
#[derive(Debug, Clone, Copy)]
struct Pair {
    place: (IdentityId, EntitlementId),
    had: bool,
    has: bool,
}

impl Foreseen {
    /// Nothing yet.
    pub(super) fn new(now: Instant, zone: &TimeZone) -> Self {
        Self {
            now,
            zone: zone.clone(),
            until: now.day(zone).end(zone),
            roles: HashMap::new(),
            entitlements: BTreeMap::new(),
            applications: BTreeMap::new(),
            newcomers: Vec::new(),
            presence: BTreeMap::new(),
            absent: RoaringTreemap::new(),
            touched: RoaringTreemap::new(),
            whats: BTreeSet::new(),
            given: HashMap::new(),
            ever: HashMap::new(),
            seen: BTreeMap::new(),
            gone: BTreeMap::new(),
            pair: None,
            following: None,
            administrators: BTreeSet::new(),
            handed_over: 0,
        }
    }

    /// A role with its content afterwards.
    pub(super) fn role(&mut self, id: RoleId, after: &RoleContent) {
        self.roles.insert(id, after.clone());
    }

    /// An entitlement with its content afterwards.
    pub(super) fn entitlement(&mut self, id: EntitlementId, after: &EntitlementContent) {
        let content = EntitlementContent {
            description: String::new(),
            ..after.clone()
        };
        self.entitlements.insert(id, content);
    }

    /// An application with its content afterwards.
    pub(super) fn application(&mut self, id: ApplicationId, after: &ApplicationContent) {
        self.applications.insert(id, after.clone());
    }

    /// An assignment that begins; one without a beginning begins when it is written.
    pub(super) fn assigned(&mut self, content: &AssignmentContent) {
        let person = place(content.identity.raw());
        self.ever.entry(content.what).or_default().insert(person);
        self.hold(content);
    }

    /// An assignment that becomes another.
    pub(super) fn reassigned(&mut self, before: &Assignment, after: &AssignmentContent) {
        self.touched.insert(place(before.id.raw()));
        self.whats.insert(before.content.what);
        if before.content.what != after.what {
            let person = place(after.identity.raw());
            self.ever.entry(after.what).or_default().insert(person);
        }
        self.hold(after);
    }

    /// An assignment that ends.
    pub(super) fn unassigned(&mut self, before: &Assignment) {
        self.touched.insert(place(before.id.raw()));
        self.whats.insert(before.content.what);
    }

    fn hold(&mut self, content: &AssignmentContent) {
        if content.state != AssignmentState::Active {
            return;
        }
        let (from, until) = (content.valid_from, content.valid_until);
        for at in until.into_iter().chain([from]) {
            if at > self.now {
                self.until = self.until.min(at);
            }
        }
        if from <= self.now && until.is_none_or(|until| until > self.now) {
            let person = place(content.identity.raw());
            self.given.entry(content.what).or_default().insert(person);
        }
    }

    /// What the source saw and sees of an access; called in the order of people and entitlements.
    pub(super) fn looked(&mut self, place: (IdentityId, EntitlementId), had: bool, has: bool) {
        match &mut self.pair {
            Some(pair) if pair.place == place => {
                pair.had |= had;
                pair.has |= has;
            }
            _ => {
                self.looked_at_all();
                self.pair = Some(Pair { place, had, has });
            }
        }
    }

    /// No more access follows for now.
    pub(super) fn looked_at_all(&mut self) {
        let Some(pair) = self.pair.take() else { return };
        let (person, what) = pair.place;
        let sets = match (pair.had, pair.has) {
            (false, true) => &mut self.seen,
            (true, false) => &mut self.gone,
            _ => return,
        };
        sets.entry(what).or_default().insert(place(person.raw()));
    }
}
