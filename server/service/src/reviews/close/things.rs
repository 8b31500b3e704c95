//! Ending what belongs to no person: something in a role, and an account that nobody needs.
//!
//! A role has one version in a transaction, so what several items take out of it is collected and written once, at the end.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use domain::audit::AuditAction;
use domain::id::{AccountId, EntitlementId, RoleId};
use domain::lifecycle::Lifecycle;
use domain::notice::NoticeKind;
use domain::permission::{Action, Facts as About};
use domain::resolution::{Inclusion, Node, RoleGraph};
use domain::review::{Decision, Facts};
use domain::role::{Grantable, Role, RoleContent};
use domain::time::Instant;
use storage::ReadTx;

use super::end::{Ending, Fate};
use super::verify::Shown;
use crate::effective::some_with_role;
use crate::notifications::Notice;
use crate::{Error, Result, assignments, tasks};

/// People resolved at a time.
const PART: i64 = 500;

/// A role out of which something was taken and that is not written yet.
pub(super) struct Changed {
    before: Role,
    after: RoleContent,
    reasons: Vec<String>,
}

impl Ending<'_> {
    /// Takes something out of a role. Who holds the role loses it, unless something else gives it.
    pub(super) async fn content(&mut self, facts: &Facts, decision: &Decision) -> Result<Fate> {
        let id = RoleId::from_raw(facts.holder.raw);
        let Some(what) = Grantable::of(facts.what) else {
            return Ok(Fate::gone(false));
        };
        if !self.roles.contains_key(&id) {
            let Some(before) = self.tx.role(id).await? else {
                return Ok(Fate::gone(false));
            };
            let changed = Changed {
                after: before.content.clone(),
                before,
                reasons: Vec::new(),
            };
            self.roles.insert(id, changed);
        }
        let reason = self.reason(decision);
        let graph = self.tx.role_graph().await?;
        let Some(role) = self.roles.get_mut(&id) else {
            return Ok(Fate::gone(false));
        };
        let part = role.after.parts.iter().find(|one| one.what == what);
        let Some(part) = part.copied() else {
            return Ok(Fate::gone(gives(&graph, id, what)));
        };
        if part.source.is_some() {
            let sentence = "A source put this into the role, and the next import would again. Take it out where the source has it; whoever answers for the role was told.";
            let part = assignments::name(self.tx, what).await?;
            self.ask_for_role(id, &part, &reason);
            return Ok(Fate::failed(sentence.to_owned()));
        }
        role.after.parts.remove(&part);
        role.reasons.push(reason);
        let graph = graph.with([(id, node(&role.after, self.now))]);
        let mut fate = Fate::sent(self.now);
        fate.remains = gives(&graph, id, what);
        self.by.push(id.to_string());
        Ok(fate)
    }

    /// Tells whoever answers for a role that something should go that only its source takes out.
    fn ask_for_role(&mut self, id: RoleId, what: &str, reason: &str) {
        let Some(role) = self.roles.get(&id) else {
            return;
        };
        let owner = role.before.content.owner;
        self.notices.push(Notice {
            to: owner.unwrap_or(self.campaign.content.terms.owner),
            kind: NoticeKind::ChangeAsked,
            object: id.into(),
            title: format!(
                "A review revoked something in the role {}",
                role.before.content.display_name
            ),
            text: format!("Take “{what}” out of it in its source. Reason: {reason}"),
            path: format!("/roles/{id}"),
        });
    }

    /// Writes the roles out of which something was taken, each once.
    pub(super) async fn put_roles(&mut self) -> Result<()> {
        for (id, role) in std::mem::take(&mut self.roles) {
            let taken = role.before.content.parts.len() - role.after.parts.len();
            if taken == 0 {
                continue;
            }
            let permit = self
                .cx
                .decide(Action::EditAccess, Some(id.into()), About::default())?;
            let versions = [(id, role.before.recorded_from, role.after.clone())];
            let mut targets = self.tx.replace_roles(&versions).await?;
            let target = targets
                .pop()
                .ok_or_else(|| Error::Internal("a role was written without a mark".to_owned()))?;
            let reasons: BTreeSet<String> = role.reasons.into_iter().collect();
            let reason = reasons.into_iter().collect::<Vec<_>>().join(" ");
            self.log.push(self.cx.change(
                &permit,
                AuditAction::RoleEdited,
                target,
                Some(&role.before.content),
                Some(&role.after),
                Some(&reason),
            )?);
            if let Some(owner) = role.before.content.owner {
                self.notices.push(Notice {
                    to: owner,
                    kind: NoticeKind::ChangeAsked,
                    object: id.into(),
                    title: format!(
                        "A review changed the role {}",
                        role.before.content.display_name
                    ),
                    text: match taken {
                        1 => format!("One thing was taken out of it. {reason}"),
                        n => format!("{n} things were taken out of it. {reason}"),
                    },
                    path: format!("/roles/{id}"),
                });
            }
        }
        Ok(())
    }

    /// An account that nobody needs: whoever answers for its application is asked to disable it.
    pub(super) async fn account(&mut self, facts: &Facts, decision: &Decision) -> Result<Fate> {
        let id = AccountId::from_raw(facts.holder.raw);
        if !tasks::still_there(self.tx, id).await? {
            return Ok(Fate::gone(false));
        }
        let Some(account) = self.tx.accounts_with(&[id]).await?.pop() else {
            return Ok(Fate::gone(false));
        };
        let object = account.content.application.into();
        let permit = self
            .cx
            .decide(Action::DoTask, Some(object), About::default())?;
        let reason = self.reason(decision);
        let asked = tasks::disable_account(self.tx, self.cx, &permit, &account, &reason);
        let (task, made) = asked.await?;
        self.log.extend(made.entries);
        self.notices.extend(made.notices);
        let mut fate = Fate::sent(self.now);
        fate.task = Some(task);
        self.by.push(task.to_string());
        Ok(fate)
    }
}

fn node(content: &RoleContent, now: Instant) -> Node {
    let parts = content.parts.iter().map(|part| Inclusion {
        what: part.what,
        since: now,
    });
    Node {
        active: content.status == Lifecycle::Active,
        parts: parts.collect(),
    }
}

/// Whether a role gives something, directly or through the roles in it.
fn gives(graph: &RoleGraph, role: RoleId, what: Grantable) -> bool {
    match what {
        Grantable::Entitlement(id) => graph.reach(role).contains(&id),
        Grantable::Role(id) => graph.within(role).contains(&id),
    }
}

/// What applications still show of those who hold roles though nothing gives it, found once for each role.
pub(super) struct Holders {
    pub(super) now: Instant,
    left: HashMap<RoleId, BTreeSet<EntitlementId>>,
}

impl Holders {
    /// Nothing is read yet.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            now,
            left: HashMap::new(),
        }
    }

    async fn of(&mut self, tx: &mut ReadTx, role: RoleId) -> Result<&BTreeSet<EntitlementId>> {
        Ok(match self.left.entry(role) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(left(tx, role, self.now).await?),
        })
    }
}

/// A role may have a million holders: they are gone through in parts, and nothing is kept of them but what is left over.
async fn left(tx: &mut ReadTx, role: RoleId, now: Instant) -> Result<BTreeSet<EntitlementId>> {
    let (mut left, mut after) = (BTreeSet::new(), 0);
    while let Some((last, holders)) = some_with_role(tx, role, now, (after, PART)).await? {
        after = last;
        for whole in holders.by_id.values() {
            let kept = whole.entitlements(&holders.graph, holders.moment);
            let seen = whole.observed.iter().map(|one| one.key.entitlement);
            left.extend(seen.filter(|one| !kept.contains(one)));
        }
    }
    Ok(left)
}

/// Whether what was taken out of a role is still there: in the role, or shown by applications for those who hold it and
/// are given it by nothing else.
pub(super) async fn content_shows(
    tx: &mut ReadTx,
    facts: &Facts,
    holders: &mut Holders,
    sent: Instant,
) -> Result<Shown> {
    let role = RoleId::from_raw(facts.holder.raw);
    let (Some(found), Some(what)) = (tx.role(role).await?, Grantable::of(facts.what)) else {
        return Ok(Shown::No);
    };
    if found.content.parts.iter().any(|one| one.what == what) {
        return Ok(Shown::Yes);
    }
    let graph = tx.role_graph().await?;
    let lost: BTreeSet<EntitlementId> = match what {
        Grantable::Entitlement(id) => BTreeSet::from([id]),
        Grantable::Role(id) => graph.reach(id).iter().copied().collect(),
    };
    if !holders.of(tx, role).await?.is_disjoint(&lost) {
        return Ok(Shown::Yes);
    }
    unless_unread(tx, &lost, sent).await
}

/// Gone, unless the application of something was not read since.
pub(super) async fn unless_unread(
    tx: &mut ReadTx,
    lost: &BTreeSet<EntitlementId>,
    sent: Instant,
) -> Result<Shown> {
    let lost: Vec<EntitlementId> = lost.iter().copied().collect();
    let known = tx.entitlements_with(&lost).await?;
    let applications: BTreeSet<_> = known.iter().map(|one| one.content.application).collect();
    for application in applications {
        if !tx.application_read_since(application, sent).await? {
            return Ok(Shown::Unread);
        }
    }
    Ok(Shown::No)
}
