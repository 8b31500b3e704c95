//! A request and its items as their pages show them: everything that a decision needs, and everything that happened.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::approval::{Derived, Happened, Outcome, RequestEvent, StepStatus};
use domain::id::{IdentityId, RequestId, RequestItemId};
use domain::lifecycle::Level;
use domain::permission::Action;
use domain::request::{Request, RequestAct, RequestItem, acts};
use domain::role::Grantable;
use domain::time::Instant;
use storage::ReadTx;

use super::about::{given, similar, thing};
use super::course::{Standing, standings};
use super::facts::{Role, of, voices};
use crate::effective::{NamedEntitlement, peers_with};
use crate::flows::{FlowNames, approver_in_words};
use crate::people::facts;
use crate::proposals::{Proposal, propose_in};
use crate::tasks::{self, TaskRow};
use crate::{Cx, Error, Result, Service, boxed};

/// A person with their name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Who.
    pub id: IdentityId,
    /// Their name; their id when nobody knows them.
    pub name: String,
}

/// What is asked for, as people know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// What.
    pub what: Grantable,
    /// Its name.
    pub name: String,
    /// Its technical name.
    pub technical: String,
    /// What it lets a person do.
    pub description: String,
    /// Its application; none for a role.
    pub application: Option<String>,
    /// How bad it is in wrong hands; of a role the worst of what is in it.
    pub risk: Option<Level>,
    /// Who answers for it.
    pub owner: Option<Named>,
    /// What a role contains; empty for an entitlement.
    pub contains: Vec<NamedEntitlement>,
    /// How many things it contains, also those that are not shown.
    pub contains_count: usize,
}

/// A step with names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepView {
    /// Its number, from 0.
    pub number: u16,
    /// Its stage, from 0; steps of a stage go on at the same time.
    pub stage: usize,
    /// Where it is.
    pub status: StepStatus,
    /// Who is asked, or would be; with those who stand in for them now.
    pub approvers: Vec<(Named, Vec<Named>)>,
    /// Why they; before it opens, whom the flow names.
    pub because: String,
    /// Since when it waits.
    pub opened: Option<Instant>,
    /// Until when it should be decided.
    pub due: Option<Instant>,
    /// When it was decided.
    pub decided: Option<Instant>,
    /// Whether more people were asked because nobody decided in time.
    pub escalated: bool,
    /// Who agreed, and for whom they stood in.
    pub agreed: Vec<(Named, Option<Named>)>,
    /// How many must agree.
    pub needed: usize,
}

/// What happened, with names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventView {
    /// To which item.
    pub item: RequestItemId,
    /// When.
    pub at: Instant,
    /// By whom; none when the product did it on its own.
    pub by: Option<Named>,
    /// For whom they stood in.
    pub on_behalf_of: Option<Named>,
    /// What.
    pub what: Happened,
    /// Those it names.
    pub people: Vec<Named>,
}

/// How requests for the same thing were decided lately.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Similar {
    /// Given.
    pub granted: usize,
    /// Refused.
    pub rejected: usize,
    /// The usual time from asking to the end, in microseconds; the median of those that were given.
    pub usual: Option<i64>,
}

/// An item with everything that a decision needs.
#[derive(Debug, Clone)]
pub struct ItemDetail {
    /// The record.
    pub item: RequestItem,
    /// Where it stands.
    pub state: Derived,
    /// Who asked.
    pub requester: Named,
    /// For whom.
    pub beneficiary: Named,
    /// The beneficiary's title and department, as a line.
    pub beneficiary_detail: String,
    /// What is asked for.
    pub thing: Thing,
    /// Who must agree.
    pub steps: Vec<StepView>,
    /// What happened, in order.
    pub events: Vec<EventView>,
    /// What the reader can do, in the order of the buttons.
    pub acts: Vec<RequestAct>,
    /// Of the peers of the beneficiary, so many of so many have it; none when there are no peers, or for a role.
    pub peers: Option<(usize, usize)>,
    /// How requests for the same thing were decided lately.
    pub similar: Similar,
    /// What past decisions on similar people and on this access speak for; none for a role. Comes after the facts and decides
    /// nothing.
    pub proposal: Option<Proposal>,
    /// Tasks that giving it made.
    pub tasks: Vec<TaskRow>,
    /// For whom the reader would decide, when not for themselves.
    pub stands_in_for: Option<Named>,
    /// The question that waits for the requester: who asks, and what.
    pub question: Option<(Named, String)>,
    /// What was given; none before that, or when it is not known any more.
    pub given: Option<Given>,
}

/// What came of an item that was approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// Until when it is valid now; none without an end.
    pub until: Option<Instant>,
    /// Whether it is over: it ended by itself, or somebody ended it.
    pub over: bool,
}

/// A request with its items.
#[derive(Debug, Clone)]
pub struct RequestDetail {
    /// The record.
    pub request: Request,
    /// Who asked.
    pub requester: Named,
    /// For whom.
    pub beneficiary: Named,
    /// Its items, in their order.
    pub items: Vec<ItemDetail>,
}

/// A request, for whoever may see it.
#[boxed]
pub async fn read(service: &Service, cx: &Cx, id: RequestId) -> Result<RequestDetail> {
    let result = carry_out(service, cx, id).await;
    let found = service.noted(cx, result).await?;
    service.note_view(cx, id).await?;
    Ok(found)
}

/// An item, for whoever may see it.
#[boxed]
pub async fn item(service: &Service, cx: &Cx, id: RequestItemId) -> Result<ItemDetail> {
    let result = carry_out_item(service, cx, id).await;
    service.noted(cx, result).await
}

async fn carry_out(service: &Service, cx: &Cx, id: RequestId) -> Result<RequestDetail> {
    let mut tx = service.store.read().await?;
    let now = service.now();
    let request = tx.request(id).await?.ok_or(Error::NotFound)?;
    let ids: Vec<RequestItemId> = tx
        .items_of(id)
        .await?
        .into_iter()
        .map(|item| item.id)
        .collect();
    let all = standings(&mut tx, &ids).await?;
    let mut items = Vec::with_capacity(all.len());
    let mut hidden = None;
    for standing in all {
        // Who is asked about one item sees that one.
        match detail(service, &mut tx, cx, standing, now).await {
            Ok(found) => items.push(found),
            Err(error @ Error::Denied { .. }) => hidden = Some(error),
            Err(error) => return Err(error),
        }
    }
    let Some(first) = items.first() else {
        return Err(hidden.unwrap_or(Error::NotFound));
    };
    Ok(RequestDetail {
        requester: first.requester.clone(),
        beneficiary: first.beneficiary.clone(),
        request,
        items,
    })
}

async fn carry_out_item(service: &Service, cx: &Cx, id: RequestItemId) -> Result<ItemDetail> {
    let mut tx = service.store.read().await?;
    let now = service.now();
    let standing = standings(&mut tx, &[id]).await?.pop();
    detail(service, &mut tx, cx, standing.ok_or(Error::NotFound)?, now).await
}

async fn detail(
    service: &Service,
    tx: &mut ReadTx,
    cx: &Cx,
    standing: Standing,
    now: Instant,
) -> Result<ItemDetail> {
    let content = &standing.item.content;
    let id = standing.item.id;
    let (person, about) = facts(tx, cx, content.beneficiary, now).await?;
    let voices = voices(tx, cx, now).await?;
    let role = of(cx, &standing, voices, about);
    cx.decide(Action::ReadRequest, Some(id.into()), role.facts)?;
    let thing = thing(tx, content.what).await?;
    let peers = peers_with(tx, content.beneficiary, content.what, now).await?;
    let similar = similar(tx, content.what, id).await?;
    let proposal = match content.what {
        Grantable::Entitlement(one) if standing.state.outcome == Outcome::Waiting => {
            let pair = [(content.beneficiary, one)];
            propose_in(service, tx, &pair).await?.pop()
        }
        _ => None,
    };
    let tasks = match content.assignment {
        Some(assignment) => {
            let found = tx.tasks_of(&[assignment]).await?;
            tasks::rows(tx, cx, found, now).await?
        }
        None => Vec::new(),
    };
    let given = given(tx, content.assignment, now).await?;
    let names = names(tx, &standing, &thing, now).await?;
    let flow_names = FlowNames::of(tx, &[&content.definition]).await?;
    let steps = steps(&standing, &names, &flow_names);
    let beneficiary_detail = [&person.content.title, &person.content.department]
        .into_iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(" · ");
    Ok(ItemDetail {
        requester: names.of(content.requester),
        beneficiary: names.of(content.beneficiary),
        beneficiary_detail,
        events: standing
            .events
            .iter()
            .map(|event| event_view(event, &names))
            .collect(),
        acts: acts(&standing.state, role.relation, now),
        question: standing
            .state
            .question
            .as_ref()
            .map(|(who, text)| (names.of(*who), text.clone())),
        stands_in_for: stands_in_for(cx, &standing, &role).map(|one| names.of(one)),
        thing,
        steps,
        peers,
        similar,
        proposal,
        tasks,
        given,
        state: standing.state,
        item: standing.item,
    })
}

/// For whom the reader would decide, when they are not asked themselves.
fn stands_in_for(cx: &Cx, standing: &Standing, role: &Role) -> Option<IdentityId> {
    let me = cx.me()?;
    let step = standing
        .state
        .open()
        .find(|step| step.approvers.iter().any(|one| role.voices.contains(one)))?;
    let voice = role.voices.iter().find(|one| step.approvers.contains(one));
    voice.copied().filter(|one| *one != me)
}

/// Names of everybody an item mentions, and who stands in for those it waits for.
#[derive(Debug, Default)]
struct Names {
    names: HashMap<IdentityId, String>,
    deputies: BTreeMap<IdentityId, Vec<IdentityId>>,
}

impl Names {
    fn of(&self, id: IdentityId) -> Named {
        let name = self.names.get(&id).cloned();
        Named {
            id,
            name: name.unwrap_or_else(|| id.to_string()),
        }
    }
}

async fn names(tx: &mut ReadTx, standing: &Standing, thing: &Thing, now: Instant) -> Result<Names> {
    let mut deputies = BTreeMap::new();
    let mut people = BTreeSet::new();
    for step in standing.state.open() {
        for one in &step.approvers {
            let others = tx.stood_in_by(*one, now).await?;
            people.extend(others.iter().copied());
            deputies.insert(*one, others);
        }
    }
    let content = &standing.item.content;
    people.extend([content.requester, content.beneficiary]);
    people.extend(thing.owner.as_ref().map(|owner| owner.id));
    for step in &standing.state.steps {
        people.extend(step.approvers.iter().copied());
    }
    for event in &standing.events {
        people.extend([event.by, event.on_behalf_of].into_iter().flatten());
        people.extend(mentioned(&event.what));
    }
    let people: Vec<IdentityId> = people.into_iter().collect();
    let names = tx.identity_names(&people).await?.into_iter();
    Ok(Names {
        names: names.map(|one| (one.id, one.display_name)).collect(),
        deputies,
    })
}

/// Those whom what happened names.
fn mentioned(what: &Happened) -> Vec<IdentityId> {
    match what {
        Happened::Opened { approvers, .. } => approvers.clone(),
        Happened::HandedOn { from, to, .. } => vec![*from, *to],
        Happened::Escalated { to, .. } => to.clone(),
        _ => Vec::new(),
    }
}

fn event_view(event: &RequestEvent, names: &Names) -> EventView {
    EventView {
        item: event.item,
        at: event.at,
        by: event.by.map(|one| names.of(one)),
        on_behalf_of: event.on_behalf_of.map(|one| names.of(one)),
        people: mentioned(&event.what)
            .into_iter()
            .map(|one| names.of(one))
            .collect(),
        what: event.what.clone(),
    }
}

fn steps(standing: &Standing, names: &Names, flow_names: &FlowNames) -> Vec<StepView> {
    let definition = &standing.item.content.definition;
    let planned: HashMap<u16, String> = definition
        .steps()
        .map(|(number, _, step)| (number, approver_in_words(&step.approver, flow_names)))
        .collect();
    let view = |step: &domain::approval::StepState| StepView {
        number: step.number,
        stage: step.stage,
        status: step.status,
        approvers: step
            .approvers
            .iter()
            .map(|one| {
                let deputies = names.deputies.get(one).into_iter().flatten();
                (
                    names.of(*one),
                    deputies.map(|other| names.of(*other)).collect(),
                )
            })
            .collect(),
        because: if step.opened.is_some() {
            step.because.clone()
        } else {
            planned.get(&step.number).cloned().unwrap_or_default()
        },
        opened: step.opened,
        due: step.due,
        decided: step.decided,
        escalated: step.escalated,
        agreed: step
            .agreed
            .iter()
            .map(|(by, behalf)| (names.of(*by), behalf.map(|one| names.of(one))))
            .collect(),
        needed: step.needed,
    };
    standing.state.steps.iter().map(view).collect()
}
