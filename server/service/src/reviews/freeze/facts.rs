//! What is known of each thing that somebody has, at the moment of a campaign.

use domain::account::Account;
use domain::id::{IdentityId, ObjectRef, RoleId};
use domain::resolution::{Access, Chain, Inclusion, RoleGraph};
use domain::review::{Facts, How, ItemKind, ReviewContent, Scope, Subjects, Why};
use domain::role::Grantable;
use domain::time::{Date, Instant};

use super::book::Book;
use crate::effective::{self, AsOf, Via, Whole};

/// What something is reviewed by.
pub(super) struct Lens<'a> {
    pub(super) book: &'a Book,
    pub(super) terms: &'a ReviewContent,
    pub(super) graph: &'a RoleGraph,
    pub(super) moment: AsOf,
    pub(super) today: Date,
}

/// Nobody yet: the number of an item and who decides come when peers are counted.
const NOBODY: IdentityId = IdentityId::from_raw(1);

const fn how(how: effective::How) -> How {
    match how {
        effective::How::Direct => How::Direct,
        effective::How::Role => How::Role,
        effective::How::Rule => How::Rule,
        effective::How::Import => How::Import,
    }
}

impl Lens<'_> {
    fn scope(&self) -> &Scope {
        &self.terms.scope
    }

    /// What somebody has of what is reviewed; for counting peers, too, everything by its number.
    pub(super) fn items(&self, whole: &Whole) -> (Vec<i64>, Vec<Facts>) {
        match self.scope().subjects {
            Subjects::Contents | Subjects::Accounts => (Vec::new(), Vec::new()),
            Subjects::Access | Subjects::Rights => {
                let resolved = whole.resolve(self.graph, self.moment);
                let all = resolved.iter().map(|one| one.entitlement.raw()).collect();
                let items = resolved.iter().filter_map(|one| self.access(whole, one));
                (all, items.collect())
            }
            Subjects::Roles => {
                let held = (0..whole.given.len()).filter_map(|at| self.role(whole, at));
                let mut items: Vec<Facts> = held.collect();
                // Given twice, it is reviewed once, by the way that a person can end.
                items.sort_by_key(|one| (one.what, one.how));
                items.dedup_by_key(|one| one.what);
                let all = items.iter().map(|one| one.what.raw).collect();
                items.retain(|one| self.fits(one));
                (all, items)
            }
        }
    }

    fn access(&self, whole: &Whole, access: &Access) -> Option<Facts> {
        let content = self.book.entitlements.get(&access.entitlement)?;
        let by = |chain: &&Chain| {
            let via = &whole.via[chain.given];
            (
                effective::how(via, !chain.roles.is_empty()),
                chain.roles.len(),
            )
        };
        let lead = access.chains.iter().min_by_key(by)?;
        let observed = whole.observed.iter();
        let of_it = observed.filter(|seen| seen.key.entitlement == access.entitlement);
        let used = of_it.filter_map(|seen| seen.last_used).max();
        let facts = Facts {
            what: access.entitlement.into(),
            how: how(by(&lead).0),
            ways: u32::try_from(access.chains.len()).unwrap_or(u32::MAX),
            since: access.since(),
            until: access.until(),
            used,
            use_known: self.book.tells(content),
            risk: content.risk,
            ..Self::begun(whole, lead.given)
        };
        let facts = Facts {
            because: facts
                .because
                .or(lead.roles.first().map(|role| (*role).into())),
            ..facts
        };
        (self.fits(&facts) && self.used_as_asked(self.book.tells(content), used)).then_some(facts)
    }

    fn role(&self, whole: &Whole, at: usize) -> Option<Facts> {
        let given = whole.given.get(at)?;
        let Grantable::Role(role) = given.what else {
            return None;
        };
        if !given.holds(self.moment.at) || !self.book.roles.contains_key(&role) {
            return None;
        }
        let parts = self.graph.reach(role).iter();
        Some(Facts {
            item: ItemKind::Role,
            what: role.into(),
            how: how(effective::how(&whole.via[at], false)),
            ways: 1,
            since: Some(given.from),
            until: given.until,
            risk: parts.filter_map(|part| self.book.risk(*part)).max(),
            ..Self::begun(whole, at)
        })
    }

    /// What is in a role itself.
    pub(super) fn contents(&self, role: RoleId) -> Vec<Facts> {
        let node = self.graph.node(role);
        let parts = node.map(|node| node.parts.as_slice()).unwrap_or_default();
        let parts = parts.iter().filter_map(|part| self.content(role, part));
        parts.collect()
    }

    fn content(&self, role: RoleId, part: &Inclusion) -> Option<Facts> {
        // What nobody knows has ended.
        self.book.subject(part.what.object())?;
        let risk = match part.what {
            Grantable::Entitlement(id) => self.book.risk(id),
            Grantable::Role(id) => {
                let parts = self.graph.reach(id).iter();
                parts.filter_map(|one| self.book.risk(*one)).max()
            }
        };
        let facts = Facts {
            item: ItemKind::Content,
            what: part.what.object(),
            how: self.book.put_in(role, part.what),
            since: Some(part.since),
            risk,
            ..Self::blank(role.into())
        };
        self.fits(&facts).then_some(facts)
    }

    /// An account of nobody, or of a program.
    pub(super) fn account(&self, account: &Account) -> Option<Facts> {
        let content = &account.content;
        let tells = self.book.tells_of_accounts(content.application);
        let facts = Facts {
            item: ItemKind::Account,
            what: content.application.into(),
            because: content.identity.map(ObjectRef::from),
            used: content.last_used,
            use_known: tells,
            ..Self::blank(account.id.into())
        };
        (self.fits(&facts) && self.used_as_asked(tells, content.last_used)).then_some(facts)
    }

    /// What the beginning of a way says: who gave it, why, and which rule.
    fn begun(whole: &Whole, given: usize) -> Facts {
        let mut facts = Self::blank(whole.identity.id.into());
        if let Via::Assigned(one) = &whole.via[given] {
            facts.assignment = Some(one.id);
            facts.granted_by = one.content.granted_by;
            facts.reason.clone_from(&one.content.reason);
            facts.because = one.content.rule.map(ObjectRef::from);
        }
        facts
    }

    /// Nothing is known yet but whose it is.
    const fn blank(holder: ObjectRef) -> Facts {
        Facts {
            number: 0,
            item: ItemKind::Access,
            holder,
            what: holder,
            how: How::Import,
            because: None,
            ways: 1,
            assignment: None,
            since: None,
            until: None,
            granted_by: None,
            reason: String::new(),
            used: None,
            use_known: false,
            peers: None,
            risk: None,
            flags: Vec::new(),
            last: None,
            changed: false,
            reviewer: NOBODY,
            why: Why::Manager,
        }
    }

    fn fits(&self, facts: &Facts) -> bool {
        let scope = self.scope();
        let searched = match facts.item {
            ItemKind::Access | ItemKind::Role => facts.what,
            ItemKind::Content | ItemKind::Account => facts.holder,
        };
        self.book.has(searched)
            && scope.risk.is_none_or(|least| facts.risk >= Some(least))
            && (scope.how.is_empty() || scope.how.contains(&facts.how))
    }

    fn used_as_asked(&self, tells: bool, used: Option<Date>) -> bool {
        let Some(days) = self.scope().unused_days else {
            return true;
        };
        let from = self
            .today
            .plus_days(-i32::try_from(days).unwrap_or(i32::MAX));
        tells && used.is_none_or(|used| used < from)
    }
}

/// Whether something about it is newer than a decision.
pub(super) fn changed_since(facts: &Facts, decided: Instant) -> bool {
    facts.since.is_some_and(|since| since > decided)
}
