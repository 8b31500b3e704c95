//! My access: everything that the actor has, why, until when, what they can do about it, and what they asked for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::application::CONSOLE;
use domain::assignment::{Agent, AssignmentState};
use domain::id::{ApplicationId, AssignmentId, EntitlementId, IdentityId, RequestItemId};
use domain::permission::{Action, Denied};
use domain::request::{ItemKind, ItemState, RequestItem};
use domain::role::Grantable;
use domain::task::{TaskKind, TaskState};
use domain::time::{DAY, Instant};
use storage::ReadTx;
use storage::assignments::Assignment;
use storage::requests::RequestFilter;

use super::catalogue::{Offering, word};
use super::course::{Standing, standings};
use super::detail::{Named, StepView};
use super::inbox::things;
use crate::effective::{
    AsOf, Line, NamedEntitlement, PersonAccess, Resting, access_of, load, names_of,
};
use crate::people::Person;
use crate::{Cx, Error, Result, Service, boxed};

/// Requests that are shown.
const REQUESTS: i64 = 20;
/// For how long a request that has ended is shown.
const SHOWN: i64 = 14 * DAY;

/// Something that can be done about what one has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyGift {
    /// The assignment.
    pub id: AssignmentId,
    /// What was given, by name: the thing itself, or a bundle that it comes with.
    pub name: String,
    /// Whether it is a bundle.
    pub bundle: bool,
    /// Until when.
    pub until: Option<Instant>,
    /// Whether more time can be asked for.
    pub more_time: bool,
}

/// Something one has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyLine {
    /// What, how and why.
    pub line: Line,
    /// What can be given back, or extended.
    pub gift: Option<MyGift>,
    /// Whether it is there for some hours only.
    pub active_for_hours: bool,
    /// Whether somebody still has to set it up in the application.
    pub being_set_up: bool,
}

/// What one has in an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyApplication {
    /// Which.
    pub id: ApplicationId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whether it is this console.
    pub console: bool,
    /// What one has there.
    pub lines: Vec<MyLine>,
}

/// Something that can be activated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyEligible {
    /// The assignment.
    pub id: AssignmentId,
    /// Its name.
    pub name: String,
    /// What it lets one do.
    pub description: String,
    /// Its application; none for a bundle.
    pub application: Option<String>,
    /// Until when it can be activated.
    pub until: Option<Instant>,
    /// For at most how many hours.
    pub most_hours: u32,
    /// Whether somebody must approve.
    pub approval: bool,
    /// Until when it is active now.
    pub active_until: Option<Instant>,
    /// The item by which its activation was asked for and waits.
    pub waiting: Option<RequestItem>,
}

/// A request with its way so far.
#[derive(Debug, Clone)]
pub struct MyRequest {
    /// The item.
    pub item: RequestItem,
    /// What was asked for, by name.
    pub thing: String,
    /// For whom, when not for oneself.
    pub beneficiary: Option<Named>,
    /// Its steps with whom they wait for; the words of the flow before they open.
    pub steps: Vec<(&'static str, StepView)>,
    /// Whether somebody still has to set it up in the application.
    pub being_set_up: bool,
    /// Whether the requester is asked something.
    pub asked: bool,
}

/// Everything about the actor's access.
#[derive(Debug, Clone)]
pub struct Mine {
    /// Who.
    pub person: Person,
    /// What they have, by application.
    pub applications: Vec<MyApplication>,
    /// How much that is.
    pub count: usize,
    /// What they can activate.
    pub eligible: Vec<MyEligible>,
    /// What rests: suspended, or not begun.
    pub resting: Vec<Resting>,
    /// What they asked for, the latest first.
    pub requests: Vec<MyRequest>,
    /// Lines of their cart.
    pub cart: u64,
}

/// The actor's own access.
#[boxed]
pub async fn mine(service: &Service, cx: &Cx) -> Result<Mine> {
    let me = me(cx)?;
    let (person, access) = access_of(service, cx, me, None).await?;
    let now = service.now();
    let mut tx = service.store.read().await?;
    let tx = &mut tx;
    let held = access.held.iter().map(|one| one.id);
    let ids: Vec<AssignmentId> = held
        .chain(access.resting.iter().map(|one| one.id))
        .collect();
    let assignments: BTreeMap<AssignmentId, Assignment> = tx
        .assignments_with(&ids)
        .await?
        .into_iter()
        .map(|one| (one.id, one))
        .collect();
    let open = open_tasks(tx, &ids).await?;
    let requests = requests(tx, me, now).await?;
    let eligible = eligible(tx, &person, &access, &assignments).await?;
    let count = access.lines.len();
    let applications = applications(tx, &access, &assignments, &open).await?;
    let resting = access.resting.into_iter();
    Ok(Mine {
        applications,
        count,
        eligible,
        resting: resting
            .filter(|one| one.state != AssignmentState::Eligible)
            .collect(),
        requests,
        cart: tx.cart_count(me).await?,
        person,
    })
}

fn me(cx: &Cx) -> Result<IdentityId> {
    cx.me().ok_or(Error::Denied {
        denied: Denied::SignIn,
        action: Action::OwnAccount,
        object: None,
    })
}

/// What somebody still has to set up.
async fn open_tasks(
    tx: &mut ReadTx,
    ids: &[AssignmentId],
) -> Result<BTreeSet<(AssignmentId, EntitlementId)>> {
    let tasks = tx.tasks_of(ids).await?.into_iter().map(|task| task.content);
    let open = tasks.filter(|task| task.kind == TaskKind::Give && task.state == TaskState::Open);
    Ok(open
        .filter_map(|task| task.assignment.zip(task.entitlement))
        .collect())
}

/// What was given by hand or by request, which its holder can give back.
fn by_hand(one: &Assignment) -> bool {
    one.content.agent != Agent::Rule && one.content.source.is_none()
}

async fn applications(
    tx: &mut ReadTx,
    access: &PersonAccess,
    assignments: &BTreeMap<AssignmentId, Assignment>,
    open: &BTreeSet<(AssignmentId, EntitlementId)>,
) -> Result<Vec<MyApplication>> {
    let ids: BTreeSet<ApplicationId> = access
        .lines
        .iter()
        .map(|line| line.entitlement.application)
        .collect();
    let ids: Vec<ApplicationId> = ids.into_iter().collect();
    let words: HashMap<ApplicationId, String> = tx
        .applications_with(&ids)
        .await?
        .into_iter()
        .map(|one| (one.id, one.content.description))
        .collect();
    let mut all: Vec<MyApplication> = Vec::new();
    for line in &access.lines {
        let what = &line.entitlement;
        if all.last().is_none_or(|last| last.id != what.application) {
            all.push(MyApplication {
                id: what.application,
                name: what.application_display.clone(),
                description: words.get(&what.application).cloned().unwrap_or_default(),
                console: what.application_name == CONSOLE,
                lines: Vec::new(),
            });
        }
        if let Some(last) = all.last_mut() {
            let line = my_line(line, access, assignments, open, last.console);
            last.lines.push(line);
        }
    }
    Ok(all)
}

fn my_line(
    line: &Line,
    access: &PersonAccess,
    assignments: &BTreeMap<AssignmentId, Assignment>,
    open: &BTreeSet<(AssignmentId, EntitlementId)>,
    console: bool,
) -> MyLine {
    let given: Vec<&Assignment> = line
        .line
        .ways
        .iter()
        .filter_map(|way| assignments.get(&way.reason.assignment?))
        .collect();
    let first = given.iter().find(|one| by_hand(one)).filter(|_| !console);
    let gift = first.map(|one| MyGift {
        id: one.id,
        bundle: one.content.what.role().is_some(),
        name: access
            .held
            .iter()
            .find(|held| held.id == one.id)
            .map_or_else(String::new, |held| held.what.1.clone()),
        until: one.content.valid_until,
        more_time: one.content.valid_until.is_some() && one.content.activates.is_none(),
    });
    MyLine {
        gift,
        active_for_hours: !given.is_empty()
            && given.iter().all(|one| one.content.activates.is_some()),
        being_set_up: given
            .iter()
            .any(|one| open.contains(&(one.id, line.entitlement.id))),
        line: line.clone(),
    }
}

async fn eligible(
    tx: &mut ReadTx,
    person: &Person,
    access: &PersonAccess,
    assignments: &BTreeMap<AssignmentId, Assignment>,
) -> Result<Vec<MyEligible>> {
    let resting = access.resting.iter();
    let all: Vec<&Resting> = resting
        .filter(|one| one.state == AssignmentState::Eligible)
        .collect();
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let offering = Offering::of(tx, &person.identity).await?;
    let single: Vec<EntitlementId> = all
        .iter()
        .filter_map(|one| one.what.0.entitlement())
        .collect();
    let names = names_of(tx, &single).await?;
    let waiting = tx.items_for(person.identity.id, true, 1_000).await?;
    let mut eligible = Vec::with_capacity(all.len());
    for one in all {
        let what = one.what.0;
        let thing = what.entitlement().and_then(|id| names.get(&id));
        let place = thing.map(|one| one.application);
        let (flow, _) = offering.flow(what, place, thing.and_then(|one| one.risk));
        let running = assignments.values().find(|other| {
            other.content.activates == Some(one.id)
                && other.content.state == AssignmentState::Active
        });
        eligible.push(MyEligible {
            id: one.id,
            name: one.what.1.clone(),
            description: thing.map_or_else(String::new, |one| one.description.clone()),
            application: thing.map(|one| one.application_display.clone()),
            until: one.until,
            most_hours: flow.content.activation_hours.unwrap_or(8),
            approval: flow.content.activation_approval,
            active_until: running.and_then(|other| other.content.valid_until),
            waiting: waiting
                .iter()
                .find(|item| item.content.based_on == Some(one.id))
                .cloned(),
        });
    }
    Ok(eligible)
}

/// What the actor asked for, or was asked for them: what waits, and what ended lately.
async fn requests(tx: &mut ReadTx, me: IdentityId, now: Instant) -> Result<Vec<MyRequest>> {
    let filter = RequestFilter {
        involving: Some(me),
        state: None,
    };
    let mut items = tx.request_page(filter, None, REQUESTS).await?;
    items.retain(|item| {
        item.content
            .ended
            .is_none_or(|ended| now.since(ended) < SHOWN)
    });
    let ids: Vec<RequestItemId> = items.iter().map(|item| item.id).collect();
    let standings = standings(tx, &ids).await?;
    let whats: Vec<Grantable> = items.iter().map(|item| item.content.what).collect();
    let things = things(tx, &whats).await?;
    let given: Vec<AssignmentId> = items
        .iter()
        .filter_map(|item| item.content.assignment)
        .collect();
    let open = open_tasks(tx, &given).await?;
    let open: BTreeSet<AssignmentId> = open.into_iter().map(|(id, _)| id).collect();
    let mut people: BTreeSet<IdentityId> = BTreeSet::new();
    for one in &standings {
        people.insert(one.item.content.beneficiary);
        people.extend(one.state.steps.iter().flat_map(|step| &step.approvers));
    }
    let people: Vec<IdentityId> = people.into_iter().collect();
    let names = tx.identities_with(&people).await?.into_iter();
    let names: HashMap<IdentityId, String> = names
        .map(|one| (one.id, one.content.display_name))
        .collect();
    let person = |id: IdentityId| Named {
        id,
        name: names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
    };
    let mut requests: Vec<MyRequest> = standings
        .into_iter()
        .map(|one| MyRequest {
            thing: things
                .get(&one.item.content.what)
                .map_or_else(String::new, |(name, _)| name.clone()),
            beneficiary: (one.item.content.beneficiary != me)
                .then(|| person(one.item.content.beneficiary)),
            steps: steps(&one, &person),
            being_set_up: one
                .item
                .content
                .assignment
                .is_some_and(|id| open.contains(&id)),
            asked: one.state.question.is_some() && one.item.content.state == ItemState::Waiting,
            item: one.item,
        })
        .collect();
    requests.sort_by_key(|one| std::cmp::Reverse(one.item.id));
    Ok(requests)
}

fn steps(
    standing: &Standing,
    named: &impl Fn(IdentityId) -> Named,
) -> Vec<(&'static str, StepView)> {
    if matches!(standing.item.content.kind, ItemKind::Emergency) {
        return Vec::new();
    }
    let definition = &standing.item.content.definition;
    let words = definition.steps().map(|(_, _, step)| word(&step.approver));
    let states = standing.state.steps.iter();
    let view = |step: &domain::approval::StepState| StepView {
        number: step.number,
        stage: step.stage,
        status: step.status,
        approvers: step
            .approvers
            .iter()
            .map(|id| (named(*id), Vec::new()))
            .collect(),
        because: step.because.clone(),
        opened: step.opened,
        due: step.due,
        decided: step.decided,
        escalated: step.escalated,
        agreed: Vec::new(),
        needed: step.needed,
    };
    words.zip(states.map(view)).collect()
}

/// One assignment of the actor's own, before they give it back or ask for more time.
#[derive(Debug, Clone)]
pub struct MyAssignment {
    /// The assignment.
    pub assignment: Assignment,
    /// What was given, by name.
    pub name: String,
    /// What the actor would not have any more without it, by application and name.
    pub lost: Vec<NamedEntitlement>,
    /// For at most how many days more of it is given.
    pub longest_days: Option<u32>,
    /// For at most how many hours it is activated.
    pub most_hours: u32,
    /// Whether an activation must be approved.
    pub approval: bool,
}

/// One assignment of the actor's own; [`Error::NotFound`] when it is somebody else's.
#[boxed]
pub async fn my_assignment(service: &Service, cx: &Cx, id: AssignmentId) -> Result<MyAssignment> {
    let me = me(cx)?;
    let now = service.now();
    let mut tx = service.store.read().await?;
    let tx = &mut tx;
    let assignment = tx.assignment(id).await?.ok_or(Error::NotFound)?;
    if assignment.content.identity != me {
        return Err(Error::NotFound);
    }
    let moment = AsOf::now(now);
    let people = load(tx, &[me], moment).await?;
    let Some(whole) = people.by_id.get(&me) else {
        return Err(Error::NotFound);
    };
    let with = whole.entitlements(&people.graph, moment);
    let without = whole.without(id).entitlements(&people.graph, moment);
    let lost: Vec<EntitlementId> = with.difference(&without).copied().collect();
    let mut lost: Vec<NamedEntitlement> = names_of(tx, &lost).await?.into_values().collect();
    lost.sort_by_cached_key(NamedEntitlement::order);
    let what = assignment.content.what;
    let flow = crate::flows::flow_for(tx, what).await?;
    Ok(MyAssignment {
        name: crate::assignments::name(tx, what).await?,
        longest_days: flow.content.longest_days,
        most_hours: flow.content.activation_hours.unwrap_or(8),
        approval: flow.content.activation_approval,
        assignment,
        lost,
    })
}
