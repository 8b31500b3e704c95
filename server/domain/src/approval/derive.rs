//! Where an item stands: a pure function of its flow and of what happened.

use std::collections::BTreeSet;

use super::{FlowContent, Happened, RequestEvent, Step, StepNumber, Vote};
use crate::id::IdentityId;
use crate::request::{Length, Parties};
use crate::time::Instant;
use crate::words;

words! {
    /// Where a step is.
    StepStatus {
        /// An earlier stage is not through.
        Later = "later", "Not yet";
        /// It waits for its approvers.
        Open = "open", "Waiting";
        /// Enough of them agreed.
        Approved = "approved", "Approved";
        /// One of them refused.
        Rejected = "rejected", "Rejected";
        /// Its time ran out.
        TimedOut = "timed_out", "Timed out";
        /// It was over before this step was decided.
        Skipped = "skipped", "Not needed";
    }
}

words! {
    /// How an item ends.
    Outcome {
        /// It waits for somebody.
        Waiting = "waiting", "Waiting";
        /// Everybody who must agree did.
        Approved = "approved", "Approved";
        /// Somebody refused.
        Rejected = "rejected", "Rejected";
        /// Nobody decided in time, and the flow says that this refuses it.
        TimedOut = "timed_out", "Timed out";
        /// Whoever asked does not want it any more.
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

/// A step as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepState {
    /// Its number.
    pub number: StepNumber,
    /// Its stage.
    pub stage: usize,
    /// Where it is.
    pub status: StepStatus,
    /// Who may decide; nobody before it opens.
    pub approvers: Vec<IdentityId>,
    /// Why they.
    pub because: String,
    /// When it began to wait.
    pub opened: Option<Instant>,
    /// Until when it should be decided.
    pub due: Option<Instant>,
    /// When those it waits for were reminded last.
    pub reminded: Option<Instant>,
    /// Whether more people were asked because nobody decided in time.
    pub escalated: bool,
    /// Who agreed; with whom they stood in for.
    pub agreed: Vec<(IdentityId, Option<IdentityId>)>,
    /// How many must agree.
    pub needed: usize,
    /// When it was decided.
    pub decided: Option<Instant>,
}

/// Where an item stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// How it ended, if it did.
    pub outcome: Outcome,
    /// When it ended.
    pub ended: Option<Instant>,
    /// All steps of the flow, in their order.
    pub steps: Vec<StepState>,
    /// For how long it is approved so far: what was asked for, or less.
    pub length: Length,
    /// A question that waits for the requester's answer: who asks, and what.
    pub question: Option<(IdentityId, String)>,
}

impl Derived {
    /// The steps that wait for somebody.
    pub fn open(&self) -> impl Iterator<Item = &StepState> {
        self.steps
            .iter()
            .filter(|step| step.status == StepStatus::Open)
    }

    /// Steps whose stage has come and that nobody was asked in yet.
    pub fn to_open(&self, flow: &FlowContent) -> Vec<StepNumber> {
        if self.outcome != Outcome::Waiting {
            return Vec::new();
        }
        let current = self
            .steps
            .iter()
            .find(|step| step.status != StepStatus::Approved);
        let Some(stage) = current.map(|step| step.stage) else {
            return Vec::new();
        };
        let steps = self.steps.iter().zip(flow.steps());
        steps
            .filter(|(state, _)| state.stage == stage && state.status == StepStatus::Later)
            .map(|(state, _)| state.number)
            .collect()
    }
}

/// Where an item stands after these events, which are in the order in which they happened. What does not count is left
/// out: a vote by somebody who was not asked, twice by the same, by or for those it is about, or after the end.
pub fn derive(
    flow: &FlowContent,
    asked: Length,
    parties: Parties,
    events: &[RequestEvent],
) -> Derived {
    let steps = flow.steps().map(|(number, stage, step)| StepState {
        number,
        stage,
        status: StepStatus::Later,
        approvers: Vec::new(),
        because: String::new(),
        opened: None,
        due: None,
        reminded: None,
        escalated: false,
        agreed: Vec::new(),
        needed: step.needed(),
        decided: None,
    });
    let mut state = Derived {
        outcome: Outcome::Waiting,
        ended: None,
        steps: steps.collect(),
        length: asked,
        question: None,
    };
    for event in events {
        state.take(flow, event, parties);
    }
    state
}

impl Derived {
    fn take(&mut self, flow: &FlowContent, event: &RequestEvent, parties: Parties) {
        if self.outcome != Outcome::Waiting {
            return;
        }
        match &event.what {
            Happened::Opened {
                step,
                approvers,
                because,
                due,
                carried,
            } => {
                let wanted = flow.step(*step).map_or(1, Step::needed);
                let asked = (approvers.as_slice(), because.as_str(), *due);
                self.opened((*step, wanted), event.at, asked, *carried, parties);
            }
            Happened::ApprovedByCondition { .. } => {
                self.end(Outcome::Approved, event.at, StepStatus::Skipped);
            }
            Happened::Decided {
                step,
                vote,
                shorter,
                ..
            } => self.decided(*step, event, *vote, *shorter, parties),
            Happened::Asked { step, question } => {
                if let Some(by) = event.by
                    && self.step(*step).is_some()
                {
                    self.question = Some((by, question.clone()));
                }
            }
            Happened::Commented { .. } => {
                // Whoever asked, or whom it is for, has answered.
                if event.by.is_some_and(|by| parties.are(by)) {
                    self.question = None;
                }
            }
            Happened::HandedOn { step, from, to, .. } => {
                let foreign = !parties.are(*to);
                if let Some(step) = self.step(*step)
                    && foreign
                    && step.approvers.contains(from)
                {
                    step.approvers.retain(|one| one != from);
                    if !step.approvers.contains(to) {
                        step.approvers.push(*to);
                    }
                }
            }
            Happened::Reminded { step } => {
                if let Some(step) = self.step(*step) {
                    step.reminded = Some(event.at);
                }
            }
            Happened::Escalated { step, to } => {
                if let Some(step) = self.step(*step) {
                    step.escalated = true;
                    for one in to {
                        if !step.approvers.contains(one) && !parties.are(*one) {
                            step.approvers.push(*one);
                        }
                    }
                }
            }
            Happened::TimedOut { step } => {
                if let Some(step) = self.step(*step) {
                    step.status = StepStatus::TimedOut;
                    step.decided = Some(event.at);
                    self.end(Outcome::TimedOut, event.at, StepStatus::Skipped);
                }
            }
            Happened::Withdrawn { .. } => {
                self.end(Outcome::Withdrawn, event.at, StepStatus::Skipped);
            }
            Happened::Submitted
            | Happened::TooLate { .. }
            | Happened::Granted { .. }
            | Happened::Failed { .. } => {}
        }
    }

    /// An open step.
    fn step(&mut self, number: StepNumber) -> Option<&mut StepState> {
        self.steps
            .iter_mut()
            .find(|step| step.number == number && step.status == StepStatus::Open)
    }

    fn opened(
        &mut self,
        (number, wanted): (StepNumber, usize),
        at: Instant,
        (approvers, because, due): (&[IdentityId], &str, Instant),
        carried: Option<IdentityId>,
        parties: Parties,
    ) {
        let stage_has_come = |stage: usize, steps: &[StepState]| {
            steps
                .iter()
                .filter(|step| step.stage < stage)
                .all(|step| step.status == StepStatus::Approved)
        };
        let Some(place) = self.steps.iter().position(|step| {
            step.number == number && matches!(step.status, StepStatus::Later | StepStatus::Open)
        }) else {
            return;
        };
        if !stage_has_come(self.steps[place].stage, &self.steps) {
            return;
        }
        // Only who agreed in another step can be taken to agree in this one, and has no voice in it yet.
        let carried = carried.filter(|one| {
            let spoke = |step: &StepState| {
                let mut agreed = step.agreed.iter();
                agreed.any(|(by, behalf)| by == one || behalf.as_ref() == Some(one))
            };
            let elsewhere = self.steps.iter().enumerate();
            let elsewhere = elsewhere.filter(|(other, _)| *other != place);
            approvers.contains(one)
                && !spoke(&self.steps[place])
                && elsewhere
                    .into_iter()
                    .any(|(_, step)| step.agreed.iter().any(|(by, _)| by == one))
        });
        let step = &mut self.steps[place];
        step.status = StepStatus::Open;
        step.approvers = approvers
            .iter()
            .copied()
            .filter(|one| !parties.are(*one))
            .collect();
        because.clone_into(&mut step.because);
        // Where others stand in for too few holders of a role, all of them are enough.
        step.needed = wanted.min(step.approvers.len().max(1));
        step.opened.get_or_insert(at);
        step.due = Some(due);
        if let Some(one) = carried {
            self.agree(place, (one, None), at);
        }
    }

    fn decided(
        &mut self,
        number: StepNumber,
        event: &RequestEvent,
        vote: Vote,
        shorter: Option<Length>,
        parties: Parties,
    ) {
        let Some(by) = event.by else { return };
        if super::judge(self, number, (by, event.on_behalf_of), parties).is_err() {
            return;
        }
        let Some(place) = self.steps.iter().position(|step| step.number == number) else {
            return;
        };
        match vote {
            Vote::Reject => {
                let step = &mut self.steps[place];
                step.status = StepStatus::Rejected;
                step.decided = Some(event.at);
                self.end(Outcome::Rejected, event.at, StepStatus::Skipped);
            }
            Vote::Approve => {
                if let Some(shorter) = shorter {
                    self.length = self.length.shorter(shorter);
                }
                self.question = None;
                self.agree(place, (by, event.on_behalf_of), event.at);
            }
        }
    }

    fn agree(&mut self, place: usize, who: (IdentityId, Option<IdentityId>), at: Instant) {
        let step = &mut self.steps[place];
        step.agreed.push(who);
        let voices: BTreeSet<IdentityId> = step
            .agreed
            .iter()
            .map(|(by, behalf)| behalf.unwrap_or(*by))
            .collect();
        if voices.len() >= step.needed {
            step.status = StepStatus::Approved;
            step.decided = Some(at);
        }
        if self
            .steps
            .iter()
            .all(|step| step.status == StepStatus::Approved)
        {
            self.end(Outcome::Approved, at, StepStatus::Skipped);
        }
    }

    fn end(&mut self, outcome: Outcome, at: Instant, rest: StepStatus) {
        self.outcome = outcome;
        self.ended = Some(at);
        self.question = None;
        for step in &mut self.steps {
            if matches!(step.status, StepStatus::Later | StepStatus::Open) {
                step.status = rest;
            }
        }
    }
}
