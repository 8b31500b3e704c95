//! What follows from rules for some people: assignments that begin, and assignments that end. Joiners, movers and leavers
//! are nothing else. Called in the transaction that changed the people, or the rules.

use std::collections::{BTreeMap, BTreeSet};

use domain::assignment::{Agent, AssignmentState};
use domain::audit::{AuditAction, Event, Target};
use domain::id::{AssignmentId, IdentityId, ObjectKind, RuleId};
use domain::identity::{Identity, IdentityStatus};
use domain::permission::Permit;
use domain::rule::Rule;
use domain::time::{DAY, Instant};
use policy::Facts;
use storage::assignments::{Assignment, AssignmentContent};
use storage::{ReadTx, WriteTx};

use super::compiled::{Compiled, facts_of};
use crate::{Cx, Result};

/// What followed.
#[derive(Debug, Default)]
pub(crate) struct Followed {
    /// Assignments that began, with their marks.
    pub(crate) begun: Vec<(Target, AssignmentContent)>,
    /// Assignments that changed or ended, with what they were before.
    pub(crate) changed: Vec<(Target, Assignment, AssignmentContent)>,
}

/// What is to be done for people.
#[derive(Debug, Default)]
pub(crate) struct Due {
    /// Assignments that begin.
    pub(crate) begin: Vec<AssignmentContent>,
    /// Assignments that change or end, with what they become.
    pub(crate) change: Vec<(Assignment, AssignmentContent)>,
}

/// Brings the assignments of rules in line with what people are now. People who have ended get nothing; that they lose
/// everything is the business of whoever ended them.
pub(crate) async fn follow(
    tx: &mut WriteTx,
    compiled: &Compiled,
    people: &[Identity],
) -> Result<Followed> {
    let now = tx.recorded();
    let due = due(tx, compiled, people, now).await?;
    write(tx, due.begin, due.change).await
}

/// Those of some people whose assignments of rules are not as they should be.
pub(super) async fn differs(
    tx: &mut ReadTx,
    compiled: &Compiled,
    people: &[Identity],
) -> Result<BTreeSet<IdentityId>> {
    // What begins or ends is not looked at, only whether.
    let due = due(tx, compiled, people, Instant::from_micros(0)).await?;
    let begin = due.begin.iter().map(|content| content.identity);
    Ok(begin
        .chain(due.change.iter().map(|(_, content)| content.identity))
        .collect())
}

async fn due(
    tx: &mut ReadTx,
    compiled: &Compiled,
    people: &[Identity],
    now: Instant,
) -> Result<Due> {
    let here: Vec<&Identity> = people
        .iter()
        .filter(|person| person.content.status != IdentityStatus::Ended)
        .collect();
    let ids: Vec<IdentityId> = here.iter().map(|person| person.id).collect();
    let mut had: BTreeMap<IdentityId, Vec<Assignment>> = BTreeMap::new();
    for assignment in tx.assignments_of_rules(&ids).await? {
        had.entry(assignment.content.identity)
            .or_default()
            .push(assignment);
    }
    let mut due = Due::default();
    if compiled.rules.is_empty() && had.is_empty() {
        return Ok(due);
    }
    let facts = facts_of(tx, &here, compiled.set.watched("manager")).await?;
    for (person, facts) in here.iter().zip(&facts) {
        let had = had.remove(&person.id).unwrap_or_default();
        due.of(compiled, (person.id, facts), had, now);
    }
    Ok(due)
}

impl Due {
    /// What is to be done for one person, of whom the facts are known and what rules gave them.
    pub(crate) fn of(
        &mut self,
        compiled: &Compiled,
        (id, facts): (IdentityId, &Facts),
        had: Vec<Assignment>,
        now: Instant,
    ) {
        let matches = compiled.set.matching(facts);
        for (rule, error) in &matches.failed {
            // A condition that cannot be decided gives nothing. Who is only foreseen has no id yet.
            let identity = if id.raw() > 0 {
                id.to_string()
            } else {
                String::new()
            };
            tracing::warn!(%rule, identity, %error, "a rule could not be decided");
        }
        let held: BTreeSet<RuleId> = matches.holding.into_iter().collect();
        let known: BTreeSet<RuleId> = had.iter().filter_map(|one| one.content.rule).collect();
        for rule in held
            .difference(&known)
            .filter_map(|id| compiled.rules.get(id))
        {
            self.begin.push(new(id, rule, now));
        }
        for one in had {
            let Some(rule) = one.content.rule else {
                continue;
            };
            let present = compiled.rules.get(&rule);
            let applies = present.filter(|_| held.contains(&rule));
            if let Some(after) = after(&one, applies, present, now) {
                self.change.push((one, after));
            }
        }
    }
}

fn new(identity: IdentityId, rule: &Rule, now: Instant) -> AssignmentContent {
    AssignmentContent {
        identity,
        what: rule.content.gives,
        agent: Agent::Rule,
        reason: format!("The rule “{}” applies.", rule.content.name),
        state: AssignmentState::Active,
        valid_from: now,
        valid_until: None,
        source: None,
        rule: Some(rule.id),
        granted_by: None,
        request: None,
        activates: None,
    }
}

/// What becomes of an assignment of a rule; none when it stays as it is.
fn after(
    one: &Assignment,
    applies: Option<&Rule>,
    rule: Option<&Rule>,
    now: Instant,
) -> Option<AssignmentContent> {
    let content = &one.content;
    let after = match (applies, rule) {
        // It applies, again perhaps: without an end, and to what the rule gives now.
        (Some(rule), _) if rule.content.gives == content.what => AssignmentContent {
            valid_until: None,
            ..content.clone()
        },
        (Some(rule), _) => AssignmentContent {
            what: rule.content.gives,
            valid_until: None,
            ..content.clone()
        },
        // It does not apply any more: at once, or when the hand-over is done.
        (None, Some(rule)) if rule.content.hand_over_days > 0 => {
            let ends = now.plus(i64::from(rule.content.hand_over_days) * DAY);
            AssignmentContent {
                valid_until: Some(content.valid_until.unwrap_or(ends)),
                ..content.clone()
            }
        }
        (None, _) => AssignmentContent {
            state: AssignmentState::Ended,
            valid_until: Some(content.valid_until.map_or(now, |until| until.min(now))),
            ..content.clone()
        },
    };
    (after != *content).then_some(after)
}

async fn write(
    tx: &mut WriteTx,
    begin: Vec<AssignmentContent>,
    change: Vec<(Assignment, AssignmentContent)>,
) -> Result<Followed> {
    let mut followed = Followed::default();
    if !begin.is_empty() {
        let count = i64::try_from(begin.len()).unwrap_or(i64::MAX);
        let first = tx.next_ids(ObjectKind::Assignment, count).await?;
        let ids = (first..).map(AssignmentId::from_raw);
        let rows: Vec<_> = ids.zip(begin).collect();
        let marks = tx.insert_assignments(&rows).await?;
        let contents = rows.into_iter().map(|(_, content)| content);
        followed.begun = marks.into_iter().zip(contents).collect();
    }
    if !change.is_empty() {
        let rows: Vec<_> = change
            .iter()
            .map(|(before, after)| (before.id, before.recorded_from, after.clone()))
            .collect();
        let marks = tx.replace_assignments(&rows).await?;
        let both = marks.into_iter().zip(change);
        followed.changed = both
            .map(|(mark, (before, after))| (mark, before, after))
            .collect();
    }
    Ok(followed)
}

/// So many assignments have an entry each; more are entries of many, each with every assignment's mark.
const SINGLE: usize = 20;
/// Assignments of one entry: its envelope has room for them and their people (65,535 bytes).
const TOGETHER: usize = 200;

impl Followed {
    /// The entries of what followed.
    pub(crate) fn events(self, cx: &Cx, permit: &Permit) -> Result<Vec<Event>> {
        let changed = self.changed.into_iter();
        let (ended, moved): (Vec<_>, Vec<_>) =
            changed.partition(|(_, _, after)| after.state == AssignmentState::Ended);
        let begun: Vec<Change> = self
            .begun
            .into_iter()
            .map(|(mark, after)| (mark, None, after))
            .collect();
        let known = |(mark, before, after): (Target, Assignment, AssignmentContent)| {
            (mark, Some(before.content), after)
        };
        let ended: Vec<Change> = ended.into_iter().map(known).collect();
        let moved: Vec<Change> = moved.into_iter().map(known).collect();
        let mut events = Vec::new();
        for (action, changes) in [
            (AuditAction::AssignmentCreated, begun),
            (AuditAction::AssignmentExtended, moved),
            (AuditAction::AssignmentEnded, ended),
        ] {
            if changes.len() > SINGLE {
                let parts = changes.chunks(TOGETHER);
                events.extend(parts.map(|part| together(cx, permit, action, part)));
                continue;
            }
            for (mark, before, after) in changes {
                let reason = said(action, &after);
                let mut event = cx.change(
                    permit,
                    action,
                    mark,
                    before.as_ref(),
                    Some(&after),
                    Some(&reason),
                )?;
                crate::assignments::touch(&mut event, after.identity, after.what);
                events.push(event);
            }
        }
        Ok(events)
    }
}

type Change = (Target, Option<AssignmentContent>, AssignmentContent);

fn said(action: AuditAction, after: &AssignmentContent) -> String {
    match action {
        AuditAction::AssignmentCreated => after.reason.clone(),
        AuditAction::AssignmentEnded => "The rule does not apply any more.".to_owned(),
        _ if after.valid_until.is_some() => {
            "The rule does not apply any more; the hand-over has begun.".to_owned()
        }
        _ => "The rule applies.".to_owned(),
    }
}

/// One entry for many assignments of rules. Each is marked with its content, and stands in the timeline of its person.
fn together(cx: &Cx, permit: &Permit, action: AuditAction, changes: &[Change]) -> Event {
    let rules: BTreeSet<String> = changes
        .iter()
        .filter_map(|(_, _, after)| after.rule.map(|rule| rule.to_string()))
        .collect();
    let mut event = cx.event(action);
    event.actor = permit.actor();
    for (mark, _, after) in changes {
        event.targets.push(mark.clone());
        event.targets.push(Target {
            object: after.identity.into(),
            content: None,
        });
    }
    if let Some((mark, _, after)) = changes.first() {
        event.details = vec![domain::audit::Detail {
            reason: Some(said(action, after)),
            note: Some(serde_json::json!({ "rules": rules, "assignments": changes.len() })),
            ..cx.detail(mark.object)
        }];
    }
    event
}

/// What rules mean for one person who was changed, as entries of the same transaction.
pub(crate) async fn follow_one(
    service: &crate::Service,
    tx: &mut WriteTx,
    cx: &Cx,
    permit: &Permit,
    id: IdentityId,
) -> Result<Vec<Event>> {
    let compiled = Compiled::of(service, tx).await?;
    let person: Vec<Identity> = tx.identity(id).await?.into_iter().collect();
    follow(tx, &compiled, &person).await?.events(cx, permit)
}
