//! The organisation with its access model, written through storage's writes of many rows.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Result;
use domain::assignment::{Agent, AssignmentState};
use domain::context::Clock as _;
use domain::id::{
    ApplicationId, AssignmentId, EntitlementId, IdentityId, ObjectKind, RoleId, RuleId,
};
use domain::lifecycle::Lifecycle;
use domain::role::{Grantable, RoleContent, RolePart};
use domain::rule::{RuleContent, RuleState};
use domain::time::{DAY, Instant};
use service::Store;
use service::clock::SystemClock;
use storage::WriteTx;
use storage::assignments::AssignmentContent;
use testkit::SeededEntropy;

use super::organisation::{
    ENTITLEMENTS, IN_LEAF, LEAVES, MIDDLES, TOPS, applying, by_hand, inside, rules,
};
use crate::lists::{contents, indexes};
use crate::organisation::{APPLICATIONS, person};

/// People whose rows are written in one transaction.
const TOGETHER: usize = 5_000;
const WHY: &str = "made for a measurement";
/// One in so many assignments was replaced since the past moment that is asked for.
const REPLACED: usize = 5;

/// What was written.
#[derive(Debug)]
pub(super) struct Filled {
    pub(super) people: Vec<IdentityId>,
    pub(super) entitlements: Vec<EntitlementId>,
    pub(super) roles: Vec<RoleId>,
    pub(super) rules: Vec<RuleId>,
    /// A moment before the last changes.
    pub(super) before: Instant,
}

struct Filling<'a> {
    store: &'a Store,
    dice: Arc<SeededEntropy>,
}

pub(super) async fn fill(store: &Store, count: usize) -> Result<Filled> {
    let filling = Filling {
        store,
        dice: Arc::new(SeededEntropy::new(2)),
    };
    indexes::hurry(store).await?;
    let entitlements = filling.entitlements().await?;
    let roles = filling.roles(&entitlements).await?;
    let conditions = filling.rules(&roles).await?;
    let mut people = Vec::with_capacity(count);
    while people.len() < count {
        filling
            .people(&mut people, count, &roles, &conditions)
            .await?;
    }
    let before = SystemClock.now();
    filling.replace(&people).await?;
    indexes::know(store).await?;
    Ok(Filled {
        people,
        entitlements,
        roles,
        rules: conditions,
        before,
    })
}

impl Filling<'_> {
    async fn write(&self) -> Result<WriteTx> {
        Ok(self
            .store
            .write(SystemClock.now(), self.dice.clone())
            .await?)
    }

    async fn entitlements(&self) -> Result<Vec<EntitlementId>> {
        let mut tx = self.write().await?;
        let (source, _) = tx.insert_source(&contents::source()).await?;
        let first = tx
            .next_ids(ObjectKind::Application, i64::try_from(APPLICATIONS)?)
            .await?;
        let applications: Vec<_> = (0..APPLICATIONS)
            .zip(first..)
            .map(|(number, raw)| {
                (
                    ApplicationId::from_raw(raw),
                    contents::an_application(number, source),
                )
            })
            .collect();
        tx.insert_applications(&applications).await?;
        let start = tx
            .next_ids(ObjectKind::Entitlement, i64::try_from(ENTITLEMENTS)?)
            .await?;
        let all: Vec<_> = (0..ENTITLEMENTS)
            .zip(start..)
            .map(|(number, raw)| {
                let of = applications[number % APPLICATIONS].0;
                let mut content = contents::an_entitlement(number, of, source);
                content.name = format!("right-{number:05}");
                (EntitlementId::from_raw(raw), content)
            })
            .collect();
        for some in all.chunks(TOGETHER) {
            tx.insert_entitlements(some).await?;
        }
        tx.commit_unaudited(WHY).await?;
        Ok(all.into_iter().map(|(id, _)| id).collect())
    }

    async fn roles(&self, entitlements: &[EntitlementId]) -> Result<Vec<RoleId>> {
        let count = LEAVES + MIDDLES + TOPS;
        let mut tx = self.write().await?;
        let first = tx.next_ids(ObjectKind::Role, i64::try_from(count)?).await?;
        let ids: Vec<RoleId> = (first..).take(count).map(RoleId::from_raw).collect();
        let roles: Vec<_> = (0..count)
            .map(|number| {
                let whats: Vec<Grantable> = if number < LEAVES {
                    let own =
                        (0..IN_LEAF).map(|step| entitlements[(number * 7 + step) % ENTITLEMENTS]);
                    own.map(Grantable::Entitlement).collect()
                } else {
                    let inner = inside(number).into_iter();
                    inner.map(|inner| Grantable::Role(ids[inner])).collect()
                };
                let parts = whats
                    .into_iter()
                    .map(|what| RolePart { what, source: None });
                let content = RoleContent {
                    name: format!("role-{number:04}"),
                    display_name: format!("Role {number}"),
                    description: "What people of a kind need".to_owned(),
                    owner: None,
                    status: Lifecycle::Active,
                    source: None,
                    parts: parts.collect(),
                };
                (ids[number], content)
            })
            .collect();
        tx.insert_roles(&roles).await?;
        tx.commit_unaudited(WHY).await?;
        Ok(ids)
    }

    async fn rules(&self, roles: &[RoleId]) -> Result<Vec<RuleId>> {
        let mut tx = self.write().await?;
        let mut ids = Vec::new();
        for (number, made) in rules().into_iter().enumerate() {
            let content = RuleContent {
                name: format!("Rule {number}"),
                description: String::new(),
                condition: made.condition,
                gives: Grantable::Role(roles[made.role]),
                owner: None,
                state: RuleState::Active,
                hand_over_days: 0,
            };
            ids.push(tx.insert_rule(&content).await?.0);
        }
        tx.commit_unaudited(WHY).await?;
        Ok(ids)
    }

    async fn people(
        &self,
        people: &mut Vec<IdentityId>,
        count: usize,
        roles: &[RoleId],
        ids: &[RuleId],
    ) -> Result<()> {
        let made = rules();
        let numbers = people.len()..count.min(people.len() + TOGETHER);
        let mut tx = self.write().await?;
        let now = tx.recorded();
        let raw = tx
            .next_ids(ObjectKind::Identity, i64::try_from(numbers.len())?)
            .await?;
        people.extend((raw..).take(numbers.len()).map(IdentityId::from_raw));
        let (mut identities, mut given) = (Vec::new(), Vec::new());
        for number in numbers {
            let (id, mut person) = (people[number], person(number));
            // Whoever left has nothing: everybody stays.
            person.end_date = String::new();
            for rule in applying(&person) {
                let what = Grantable::Role(roles[made[rule].role]);
                let name = format!("The rule “Rule {rule}” applies.");
                given.push(assigned(id, what, Agent::Rule, Some(ids[rule]), name, now));
            }
            let what = Grantable::Role(roles[by_hand(number)]);
            given.push(assigned(
                id,
                what,
                Agent::Admin,
                None,
                "Needed for the work".to_owned(),
                now,
            ));
            identities.push((id, contents::somebody(person, people)?));
        }
        tx.insert_identities(&identities).await?;
        let first = tx
            .next_ids(ObjectKind::Assignment, i64::try_from(given.len())?)
            .await?;
        let rows: Vec<_> = (first..).map(AssignmentId::from_raw).zip(given).collect();
        for some in rows.chunks(TOGETHER * 2) {
            tx.insert_assignments(some).await?;
        }
        Ok(tx.commit_unaudited(WHY).await?)
    }

    /// New versions of some of what was given by hand, so that the past is found among versions that ended.
    async fn replace(&self, people: &[IdentityId]) -> Result<()> {
        for some in people.chunks(TOGETHER * REPLACED) {
            let some: Vec<IdentityId> = some.iter().step_by(REPLACED).copied().collect();
            let mut tx = self.write().await?;
            let all = tx.assignments_of_all(&some).await?;
            let by_hand: HashMap<_, _> = all
                .into_iter()
                .filter(|one| one.content.agent == Agent::Admin)
                .map(|one| (one.id, one))
                .collect();
            let rows: Vec<_> = by_hand
                .into_values()
                .map(|one| {
                    let content = AssignmentContent {
                        valid_until: Some(tx.recorded().plus(900 * DAY)),
                        ..one.content
                    };
                    (one.id, one.recorded_from, content)
                })
                .collect();
            if !rows.is_empty() {
                tx.replace_assignments(&rows).await?;
            }
            tx.commit_unaudited(WHY).await?;
        }
        Ok(())
    }
}

fn assigned(
    identity: IdentityId,
    what: Grantable,
    agent: Agent,
    rule: Option<RuleId>,
    reason: String,
    now: Instant,
) -> AssignmentContent {
    AssignmentContent {
        identity,
        what,
        agent,
        reason,
        state: AssignmentState::Active,
        valid_from: now,
        valid_until: None,
        source: None,
        rule,
        granted_by: None,
        request: None,
        activates: None,
    }
}
