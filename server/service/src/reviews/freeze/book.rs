//! What a population is of, by name: entitlements, applications, roles and rules, read once before people are gone through.

use std::collections::{BTreeSet, HashMap};

use domain::entitlement::EntitlementContent;
use domain::id::{ApplicationId, EntitlementId, IdentityId, ObjectRef, RoleId, RuleId};
use domain::lifecycle::{Level, Lifecycle};
use domain::page::{ListQuery, Position};
use domain::permission::Visibility;
use domain::review::{How, Scope, Subjects};
use domain::role::{Grantable, RolePart};
use domain::search::Search;
use storage::ReadTx;
use storage::accounts::AccountScope;
use storage::reviews::Subject;

use crate::Result;

/// Things read at a time.
const PART: usize = 2_000;

/// A role as far as a review knows it.
#[derive(Debug)]
pub(super) struct BookRole {
    pub(super) subject: Subject,
    pub(super) owner: Option<IdentityId>,
    ended: bool,
    parts: BTreeSet<RolePart>,
}

/// An application.
#[derive(Debug)]
pub(super) struct BookApplication {
    pub(super) name: String,
    built_in: bool,
    pub(super) owner: Option<IdentityId>,
}

/// Everything that has a name and is not a person.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) entitlements: HashMap<EntitlementId, EntitlementContent>,
    pub(super) applications: HashMap<ApplicationId, BookApplication>,
    pub(super) roles: HashMap<RoleId, BookRole>,
    rules: HashMap<RuleId, String>,
    /// Applications that tell when things are used.
    telling: BTreeSet<ApplicationId>,
    /// Applications that tell when accounts are used.
    telling_of_accounts: BTreeSet<ApplicationId>,
    /// What is reviewed; none for everything.
    chosen: Option<BTreeSet<ObjectRef>>,
}

impl Book {
    pub(super) async fn read(tx: &mut ReadTx, scope: &Scope) -> Result<Self> {
        let mut book = Self::default();
        for one in tx.application_keys().await? {
            let application = BookApplication {
                name: one.content.display_name,
                built_in: one.content.built_in,
                owner: one.content.owner,
            };
            book.applications.insert(one.id, application);
        }
        book.read_entitlements(tx).await?;
        let roles: Vec<RoleId> = tx.role_graph().await?.roles();
        for some in roles.chunks(PART) {
            for role in tx.roles_with(some).await? {
                let subject = Subject {
                    id: role.id.into(),
                    name: role.content.display_name,
                    technical: role.content.name,
                    detail: role.content.description,
                    application: None,
                };
                let known = BookRole {
                    subject,
                    owner: role.content.owner,
                    ended: role.content.status == Lifecycle::Ended,
                    parts: role.content.parts,
                };
                book.roles.insert(role.id, known);
            }
        }
        for rule in every_rule(tx).await? {
            book.rules.insert(rule.0, rule.1);
        }
        if !scope.things.trim().is_empty() {
            book.chosen = Some(chosen(tx, scope).await?);
        }
        match scope.subjects {
            Subjects::Rights => book.only_rights(),
            Subjects::Accounts => {
                let telling = tx.applications_with_used_accounts().await?;
                book.telling_of_accounts = telling.into_iter().collect();
            }
            Subjects::Access | Subjects::Roles | Subjects::Contents => {}
        }
        Ok(book)
    }

    /// Of what was chosen, only what this console gives.
    fn only_rights(&mut self) {
        let own = |content: &EntitlementContent| {
            let application = self.applications.get(&content.application);
            application.is_some_and(|one| one.built_in)
        };
        let rights = self.entitlements.iter();
        let rights = rights.filter(|(_, content)| own(content));
        let rights = rights.map(|(id, _)| ObjectRef::from(*id));
        let rights: BTreeSet<ObjectRef> = rights.filter(|id| self.has(*id)).collect();
        self.chosen = Some(rights);
    }

    /// Whoever answers for something.
    pub(super) fn owners(&self) -> BTreeSet<IdentityId> {
        let entitlements = self.entitlements.values().map(|one| one.owner);
        let applications = self.applications.values().map(|one| one.owner);
        let roles = self.roles.values().map(|one| one.owner);
        let all = entitlements.chain(applications).chain(roles);
        all.flatten().collect()
    }

    /// Roles that have not ended.
    pub(super) fn living_roles(&self) -> Vec<RoleId> {
        let living = self.roles.iter().filter(|(_, role)| !role.ended);
        let mut all: Vec<RoleId> = living.map(|(id, _)| *id).collect();
        all.sort_unstable();
        all
    }

    /// Who put something into a role.
    pub(super) fn put_in(&self, role: RoleId, what: Grantable) -> How {
        let role = self.roles.get(&role);
        let part = role.and_then(|role| role.parts.iter().find(|part| part.what == what));
        match part.and_then(|part| part.source) {
            Some(_) => How::Import,
            None => How::Direct,
        }
    }

    /// Whether an application tells when its accounts are used.
    pub(super) fn tells_of_accounts(&self, application: ApplicationId) -> bool {
        self.telling_of_accounts.contains(&application)
    }

    async fn read_entitlements(&mut self, tx: &mut ReadTx) -> Result<()> {
        let most = i64::try_from(PART).unwrap_or(i64::MAX);
        let mut after = 0;
        loop {
            let keys = tx.entitlement_keys(after, most).await?;
            let Some(last) = keys.last() else {
                return Ok(());
            };
            after = last.id.raw();
            let ids: Vec<EntitlementId> = keys.iter().map(|key| key.id).collect();
            let used = tx.entitlements_in_use(&ids).await?;
            for one in tx.entitlements_with(&ids).await? {
                if used.contains(&one.id) {
                    self.telling.insert(one.content.application);
                }
                self.entitlements.insert(one.id, one.content);
            }
        }
    }

    /// Whether something is reviewed, as far as that does not depend on who has it.
    pub(super) fn has(&self, what: ObjectRef) -> bool {
        self.chosen
            .as_ref()
            .is_none_or(|chosen| chosen.contains(&what))
    }

    /// Whether the application of an entitlement tells when things are used.
    pub(super) fn tells(&self, content: &EntitlementContent) -> bool {
        self.telling.contains(&content.application)
    }

    /// The risk of an entitlement.
    pub(super) fn risk(&self, id: EntitlementId) -> Option<Level> {
        self.entitlements.get(&id).and_then(|content| content.risk)
    }

    /// Whether somebody answers for a thing, or for its application.
    pub(super) fn has_owner(&self, object: ObjectRef) -> bool {
        if object.kind == domain::id::ObjectKind::Role {
            let role = self.roles.get(&RoleId::from_raw(object.raw));
            return role.is_some_and(|role| role.owner.is_some());
        }
        let found = self.entitlements.get(&EntitlementId::from_raw(object.raw));
        found.is_some_and(|one| {
            let application = self.applications.get(&one.application);
            one.owner.is_some()
                || application.is_some_and(|one| one.owner.is_some() || one.built_in)
        })
    }

    /// A thing as it is now.
    pub(super) fn subject(&self, object: ObjectRef) -> Option<Subject> {
        use domain::id::ObjectKind;
        match object.kind {
            ObjectKind::Entitlement => {
                let content = self
                    .entitlements
                    .get(&EntitlementId::from_raw(object.raw))?;
                Some(Subject {
                    id: object,
                    name: content.display_name.clone(),
                    technical: content.name.clone(),
                    detail: content.description.clone(),
                    application: Some(content.application),
                })
            }
            ObjectKind::Role => {
                let role = self.roles.get(&RoleId::from_raw(object.raw))?;
                Some(role.subject.clone())
            }
            ObjectKind::Application => {
                let id = ApplicationId::from_raw(object.raw);
                self.applications
                    .get(&id)
                    .map(|one| named(object, &one.name))
            }
            ObjectKind::Rule => {
                let id = RuleId::from_raw(object.raw);
                self.rules.get(&id).map(|name| named(object, name))
            }
            _ => None,
        }
    }
}

fn named(id: ObjectRef, name: &str) -> Subject {
    Subject {
        id,
        name: name.to_owned(),
        technical: String::new(),
        detail: String::new(),
        application: None,
    }
}

/// A query for the next page of a whole list, or none at its end.
fn following(query: &ListQuery, after: Option<String>) -> Option<ListQuery> {
    after.map(|cursor| ListQuery {
        position: Position::After(cursor),
        ..query.clone()
    })
}

/// A query for a whole list.
pub(super) fn whole(search: &str) -> ListQuery {
    ListQuery {
        search: Search::parse(search),
        whole: true,
        ..ListQuery::default()
    }
}

async fn every_rule(tx: &mut ReadTx) -> Result<Vec<(RuleId, String)>> {
    let mut all = Vec::new();
    let mut next = Some(whole(""));
    while let Some(query) = next {
        let page = tx.rules(Visibility::All, None, &query).await?;
        all.extend(page.rows.into_iter().map(|row| (row.id, row.name)));
        next = following(&query, page.after);
    }
    Ok(all)
}

/// The things that a scope's search finds.
async fn chosen(tx: &mut ReadTx, scope: &Scope) -> Result<BTreeSet<ObjectRef>> {
    let mut all = BTreeSet::new();
    let mut next = Some(whole(&scope.things));
    while let Some(query) = next {
        next = match scope.subjects {
            Subjects::Accounts => {
                let page = tx.accounts(AccountScope::All, Visibility::All, None, &query);
                let page = page.await?;
                all.extend(page.rows.iter().map(|row| ObjectRef::from(row.id)));
                following(&query, page.after)
            }
            Subjects::Access | Subjects::Rights => {
                let page = tx.entitlements(Visibility::All, None, &query).await?;
                all.extend(page.rows.iter().map(|row| ObjectRef::from(row.id)));
                following(&query, page.after)
            }
            Subjects::Roles | Subjects::Contents => {
                let page = tx.roles(Visibility::All, None, &query).await?;
                all.extend(page.rows.iter().map(|row| ObjectRef::from(row.id)));
                following(&query, page.after)
            }
        };
    }
    Ok(all)
}
