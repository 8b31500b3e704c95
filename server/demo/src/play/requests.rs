//! Writing flows, asking for access, deciding, standing in, and setting up by hand what was given.

use std::collections::BTreeMap;

use domain::approval::Vote;
use domain::id::{IdentityId, RequestItemId};
use domain::permission::Actor;
use domain::role::Grantable;
use domain::task::TaskState;
use service::delegations::{self, DelegationDraft};
use service::flows::{self, FlowForm, StepForm};
use service::requests::{self, Ask, Line, Verdict};
use service::{Cx, Error, Result, assignments, tasks};

use super::Player;
use crate::catalogue::requests::{ASKED, FLOWS, Turn};
use crate::plan::act::{Nth, Who};

/// The ids of what was asked for.
#[derive(Debug, Default)]
pub(super) struct Asked(BTreeMap<Nth, RequestItemId>);

impl Player<'_> {
    pub(super) async fn add_flow(&self, cx: &Cx, nth: Nth) -> Result<()> {
        let flow = &FLOWS[nth];
        let owned = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        let steps = flow.steps.iter().enumerate();
        let form = FlowForm {
            name: flow.name.to_owned(),
            description: flow.description.to_owned(),
            everything: flow.risks.is_empty(),
            risks: owned(flow.risks),
            roles: owned(flow.roles),
            automatic: flow.automatic.to_owned(),
            longest_days: flow.longest_days.to_owned(),
            activation_hours: flow.activation_hours.to_owned(),
            emergency_hours: flow.emergency_hours.to_owned(),
            steps: steps
                .map(|(stage, (approver, fallback))| StepForm {
                    approver: (*approver).to_owned(),
                    fallback: (*fallback).to_owned(),
                    due_hours: flow.due_hours.to_owned(),
                    remind_hours: flow.remind_hours.to_owned(),
                    ..StepForm::usual(stage + 1)
                })
                .collect(),
            ..FlowForm::default()
        };
        flows::create(&self.service, cx, &form).await.map(drop)
    }

    pub(super) async fn delegate(
        &self,
        cx: &Cx,
        delegate: &str,
        (from, until): (&str, &str),
    ) -> Result<()> {
        let draft = DelegationDraft {
            delegate: delegate.to_owned(),
            from: from.to_owned(),
            until: until.to_owned(),
            reason: "On holiday.".to_owned(),
        };
        let me = self.id(self.plan.cast.manager)?;
        delegations::create(&self.service, cx, me, &draft)
            .await
            .map(drop)
    }

    pub(super) async fn ask(
        &mut self,
        cx: &Cx,
        nth: Nth,
        who: Who,
        (what, days): (&str, &str),
    ) -> Result<()> {
        let ask = Ask {
            beneficiary: self.id(who)?,
            lines: vec![Line {
                what: what.to_owned(),
                days: days.to_owned(),
                reason: String::new(),
            }],
            reason: ASKED[nth].reason.to_owned(),
        };
        let request = requests::submit(&self.service, cx, &ask).await?;
        let all = requests::read(&self.service, cx, request).await?.items;
        let item = all.first().ok_or(Error::NotFound)?.item.id;
        self.asked.0.insert(nth, item);
        Ok(())
    }

    pub(super) async fn turn(&self, cx: &Cx, nth: Nth, turn: Turn) -> Result<()> {
        let id = self.item(nth)?;
        let (vote, note, shorter) = match turn {
            Turn::AskBack(question) => {
                return requests::ask_back(&self.service, cx, id, question).await;
            }
            Turn::Answer(text) => return requests::comment(&self.service, cx, id, text).await,
            Turn::Withdraw(reason) => {
                return requests::withdraw(&self.service, cx, id, reason).await;
            }
            Turn::Activate(hours, reason) => return self.activate(cx, id, hours, reason).await,
            Turn::Approve(note) => (Vote::Approve, note, ""),
            Turn::Shorten(days, note) => (Vote::Approve, note, days),
            Turn::Reject(note) => (Vote::Reject, note, ""),
        };
        let verdict = Verdict {
            vote,
            note: note.to_owned(),
            shorter: shorter.to_owned(),
        };
        match requests::decide(&self.service, cx, id, &verdict).await? {
            requests::Decided::Counted(_) => Ok(()),
            late @ requests::Decided::TooLate(_) => Err(Error::Internal(format!(
                "the story decides what is over: {late:?}"
            ))),
        }
    }

    async fn activate(&self, cx: &Cx, id: RequestItemId, hours: &str, reason: &str) -> Result<()> {
        let item = requests::item(&self.service, cx, id).await?.item;
        let assignment = item.content.assignment.ok_or(Error::NotFound)?;
        requests::activate(&self.service, cx, assignment, hours, reason)
            .await
            .map(drop)
    }

    /// What the application showed before anybody asked is no task.
    pub(super) async fn do_task(&self, cx: &Cx, nth: Nth, note: &str) -> Result<()> {
        let system = Cx::of(Actor::System);
        let item = requests::item(&self.service, &system, self.item(nth)?).await?;
        let content = &item.item.content;
        let wanted: (IdentityId, Grantable) = (content.beneficiary, content.what);
        let open = tasks::list(&self.service, &system, Some(TaskState::Open), None, 100).await?;
        let task = open.rows.iter().map(|row| &row.task).find(|task| {
            let about = task.content.entitlement.map(Grantable::Entitlement);
            task.content.identity.zip(about) == Some(wanted)
        });
        match task {
            Some(task) => tasks::do_one(&self.service, cx, task.id, note).await,
            None => Ok(()),
        }
    }

    /// What the product does every minute: here once a day.
    pub(super) async fn sweep(&self, cx: &Cx) -> Result<()> {
        assignments::end_due(&self.service, cx).await?;
        requests::sweep(&self.service).await
    }

    fn item(&self, nth: Nth) -> Result<RequestItemId> {
        self.asked.0.get(&nth).copied().ok_or_else(|| {
            Error::Internal("the story speaks of a request that was not made yet".to_owned())
        })
    }
}
