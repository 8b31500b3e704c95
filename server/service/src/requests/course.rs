//! The course of one item: what happens to it is appended, and what follows from that is done in the same transaction:
//! steps open, the access is given, the inbox and the log are brought in line.

use domain::approval::{Derived, Happened, Outcome, RequestEvent, derive};
use domain::audit::{AuditAction, Detail, Event, Target};
use domain::id::{IdentityId, RequestItemId};
use domain::inbox::{InboxEntry, InboxKind};
use domain::notice::NoticeKind;
use domain::permission::{Action, Permit};
use domain::request::{ItemState, RequestItem, RequestItemContent};
use domain::time::{HOUR, Instant};
use storage::{ReadTx, WriteTx};

use super::give;
use crate::flows;
use crate::notifications::{Notice, tell};
use crate::{Cx, Error, Result, Service};

/// An item with what happened to it and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) item: RequestItem,
    pub(super) events: Vec<RequestEvent>,
    pub(super) state: Derived,
}

impl Standing {
    fn new(item: RequestItem, events: Vec<RequestEvent>) -> Self {
        let content = &item.content;
        let state = derive(
            &content.definition,
            content.length,
            content.parties(),
            &events,
        );
        Self {
            item,
            events,
            state,
        }
    }
}

/// Items with what happened to them, in the order of ids; unknown ones are left out.
pub(super) async fn standings(tx: &mut ReadTx, ids: &[RequestItemId]) -> Result<Vec<Standing>> {
    let items = tx.request_items(ids).await?;
    let mut events = tx.request_events(ids).await?;
    Ok(items
        .into_iter()
        .map(|item| {
            let own = events
                .extract_if(.., |event| event.item == item.id)
                .collect();
            Standing::new(item, own)
        })
        .collect())
}

/// An item with what happened to it.
pub(super) async fn standing(tx: &mut ReadTx, id: RequestItemId) -> Result<Standing> {
    standings(tx, &[id]).await?.pop().ok_or(Error::NotFound)
}

/// Who does something, and for whom.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct By {
    pub(super) by: Option<IdentityId>,
    pub(super) on_behalf_of: Option<IdentityId>,
}

/// An item while things happen to it in one transaction.
pub(super) struct Course<'a> {
    pub(super) cx: &'a Cx,
    pub(super) permit: Permit,
    pub(super) now: Instant,
    pub(super) standing: Standing,
    /// The item is not written yet: it is when all that follows at once is known, because a moment has one version.
    unwritten: bool,
    /// Entries for the log, in their order.
    pub(super) log: Vec<Event>,
    pub(super) notices: Vec<Notice>,
}

impl<'a> Course<'a> {
    /// Of an item that is recorded.
    pub(super) fn of(cx: &'a Cx, permit: Permit, now: Instant, standing: Standing) -> Self {
        Self {
            cx,
            permit,
            now,
            standing,
            unwritten: false,
            log: Vec::new(),
            notices: Vec::new(),
        }
    }

    /// Of an item that is asked for now.
    pub(super) fn begin(cx: &'a Cx, permit: Permit, now: Instant, item: RequestItem) -> Self {
        Self {
            unwritten: true,
            ..Self::of(cx, permit, now, Standing::new(item, Vec::new()))
        }
    }

    pub(super) fn content(&self) -> &RequestItemContent {
        &self.standing.item.content
    }

    /// Appends what happened.
    pub(super) async fn happen(
        &mut self,
        tx: &mut WriteTx,
        who: By,
        what: Happened,
        (action, reason): (AuditAction, Option<&str>),
    ) -> Result<()> {
        let event = RequestEvent {
            item: self.standing.item.id,
            at: self.now,
            by: who.by,
            on_behalf_of: who.on_behalf_of,
            what,
        };
        let target = tx.insert_request_event(&event).await?;
        let content = self.content();
        let mut entry = Event {
            actor: self.permit.actor(),
            on_behalf_of: who.on_behalf_of,
            targets: vec![target],
            ..self.cx.event(action)
        };
        for object in [
            self.standing.item.id.into(),
            content.request.into(),
            content.beneficiary.into(),
            content.what.object(),
        ] {
            entry.targets.push(Target {
                object,
                content: None,
            });
        }
        let said = serde_json::to_value(&event)
            .map_err(|e| Error::Internal(format!("an event cannot be written as JSON: {e}")))?;
        entry.details = vec![Detail {
            after: Some(said),
            reason: reason.map(str::to_owned),
            ..self.cx.detail(self.standing.item.id)
        }];
        self.log.push(entry);
        let mut events = std::mem::take(&mut self.standing.events);
        events.push(event);
        self.standing = Standing::new(self.standing.item.clone(), events);
        Ok(())
    }

    /// Does what follows: opens the steps whose stage has come, gives what is approved, and brings item and inbox in line.
    pub(super) async fn proceed(&mut self, tx: &mut WriteTx) -> Result<()> {
        loop {
            let open = self.standing.state.to_open(&self.content().definition);
            if open.is_empty() {
                break;
            }
            for step in open {
                self.open(tx, step).await?;
            }
        }
        self.settle(tx).await
    }

    /// Asks those who must agree in a step; also anew, when nobody of them is left.
    pub(super) async fn open(&mut self, tx: &mut WriteTx, number: u16) -> Result<()> {
        let content = self.content();
        let Some(step) = content.definition.step(number).cloned() else {
            return Err(Error::Internal(format!("a flow has no step {number}")));
        };
        let (parties, what) = (content.parties(), content.what);
        let found = flows::approvers(tx, &step, parties, what, self.now).await?;
        // Who agreed in an earlier stage is not asked the same again.
        let agreed = self
            .standing
            .state
            .steps
            .iter()
            .flat_map(|step| &step.agreed);
        let carried = agreed
            .filter(|(_, behalf)| behalf.is_none())
            .map(|(by, _)| *by)
            .find(|by| step.needed() == 1 && found.people.contains(by));
        let due = self.now.plus(i64::from(step.due_hours) * HOUR);
        let asked = if carried.is_some() {
            Vec::new()
        } else {
            found.people.clone()
        };
        let opened = Happened::Opened {
            step: number,
            approvers: found.people,
            because: found.because,
            due,
            carried,
        };
        self.happen(
            tx,
            By::default(),
            opened,
            (AuditAction::RequestOpened, None),
        )
        .await?;
        self.tell(tx, NoticeKind::ApprovalWaiting, &asked, "").await
    }

    /// Writes the item when it has ended, and what waits for whom.
    async fn settle(&mut self, tx: &mut WriteTx) -> Result<()> {
        let outcome = self.standing.state.outcome;
        let waits = self.content().state == ItemState::Waiting;
        if waits && outcome != Outcome::Waiting {
            let given = if outcome == Outcome::Approved {
                give::give(self, tx).await?
            } else {
                None
            };
            self.end(tx, ItemState::of(outcome, given.is_some()), given)
                .await?;
        }
        if self.unwritten {
            let item = &self.standing.item;
            let target = tx.insert_request_item(item.id, &item.content).await?;
            self.unwritten = false;
            mark(self.log.first_mut(), &target)?;
        }
        self.put_inbox(tx).await
    }

    async fn end(
        &mut self,
        tx: &mut WriteTx,
        state: ItemState,
        assignment: Option<domain::id::AssignmentId>,
    ) -> Result<()> {
        let item = &self.standing.item;
        let before = item.content.clone();
        let after = RequestItemContent {
            state,
            ended: Some(self.now),
            assignment,
            ..before.clone()
        };
        if !self.unwritten {
            let target = tx
                .replace_request_item(item.id, item.recorded_from, &after)
                .await?;
            // The entry of what ended it also says what the item is now.
            mark(self.log.last_mut(), &target)?;
        }
        self.standing.item.content = after;
        self.standing.item.recorded_from = self.now;
        let who = self.standing.item.content.parties();
        let mut told = vec![who.requester];
        if who.beneficiary != who.requester {
            told.push(who.beneficiary);
        }
        // Nobody is told of what they did themselves.
        told.retain(|one| Some(*one) != self.cx.me());
        let how = state.label().to_lowercase();
        self.tell(tx, NoticeKind::RequestDecided, &told, &how).await
    }

    /// What waits for whom, as it stands now.
    async fn put_inbox(&mut self, tx: &mut WriteTx) -> Result<()> {
        let item = &self.standing.item;
        let mut entries = Vec::new();
        for step in self.standing.state.open() {
            let spoke: Vec<IdentityId> = step
                .agreed
                .iter()
                .flat_map(|(by, behalf)| [Some(*by), *behalf])
                .flatten()
                .collect();
            let definition = item.content.definition.step(step.number);
            let every = definition.and_then(|step| step.remind_hours);
            let since = step.reminded.or(step.opened).unwrap_or(self.now);
            let remind_at = every.map(|hours| since.plus(i64::from(hours) * HOUR));
            for person in &step.approvers {
                if !spoke.contains(person) {
                    entries.push(InboxEntry {
                        person: *person,
                        kind: InboxKind::Approval,
                        object: item.id.raw(),
                        step: step.number,
                        opened: step.opened.unwrap_or(self.now),
                        due: step.due.unwrap_or(self.now),
                        remind_at,
                    });
                }
            }
        }
        tx.set_inbox(InboxKind::Approval, item.id.raw(), &entries)
            .await?;
        let due = entries.iter().map(|entry| entry.due).min();
        let question = self.standing.state.question.as_ref().map(|_| InboxEntry {
            person: item.content.requester,
            kind: InboxKind::Answer,
            object: item.id.raw(),
            step: 0,
            opened: self.now,
            due: due.unwrap_or(self.now),
            remind_at: None,
        });
        tx.set_inbox(InboxKind::Answer, item.id.raw(), question.as_slice())
            .await?;
        Ok(())
    }

    /// Notes what people are told when this is committed.
    pub(super) async fn tell(
        &mut self,
        tx: &mut ReadTx,
        kind: NoticeKind,
        people: &[IdentityId],
        words: &str,
    ) -> Result<()> {
        if people.is_empty() {
            return Ok(());
        }
        let told = super::words::notice(tx, &self.standing, (kind, words), self.now).await?;
        self.notices.extend(people.iter().map(|to| Notice {
            to: *to,
            kind,
            object: self.standing.item.id.into(),
            title: told.title.clone(),
            text: told.text.clone(),
            path: told.path.clone(),
        }));
        Ok(())
    }

    /// Entries and notices, for whoever commits.
    pub(super) async fn done(self, tx: &mut WriteTx) -> Result<Vec<Event>> {
        tell(tx, &self.notices).await?;
        Ok(self.log)
    }
}

/// Says in an entry what an object's content became.
fn mark(entry: Option<&mut Event>, target: &Target) -> Result<()> {
    let place = entry.and_then(|entry| {
        let mut all = entry.targets.iter_mut();
        all.find(|one| one.object == target.object)
    });
    let Some(place) = place else {
        return Err(Error::Internal(
            "an item changed without anything that happened".to_owned(),
        ));
    };
    place.content = target.content;
    Ok(())
}

/// Commits entries of which there is at least one.
pub(super) async fn commit(
    service: &Service,
    cx: &Cx,
    tx: WriteTx,
    done: impl ToString,
    mut log: Vec<Event>,
) -> Result<()> {
    if log.is_empty() {
        return Err(Error::Internal("nothing happened".to_owned()));
    }
    let first = log.remove(0);
    service.commit(cx, tx, done, first, log).await?;
    service.wake_worker();
    Ok(())
}

/// The permit of what the product does on its own.
pub(super) fn of_the_product(cx: &Cx) -> Result<Permit> {
    cx.decide(
        Action::HandOnRequest,
        None,
        domain::permission::Facts::default(),
    )
}
