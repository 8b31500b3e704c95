//! What else is done with an item: ask back, answer, hand on, remind, withdraw.

use domain::approval::{Happened, Outcome};
use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::{IdentityId, RequestItemId};
use domain::identity::IdentityStatus;
use domain::notice::NoticeKind;
use domain::permission::{Action, Permit};
use domain::request::{RequestAct, acts};
use storage::WriteTx;

use super::course::{By, Course, commit, standing};
use super::facts::{Role, role, voices};
use crate::{Cx, Error, Result, Service, boxed, references};

/// An item that somebody is about to do something with.
struct Opened<'a> {
    tx: WriteTx,
    course: Course<'a>,
    role: Role,
}

async fn open<'a>(
    service: &Service,
    cx: &'a Cx,
    id: RequestItemId,
    (action, act): (Action, RequestAct),
) -> Result<Opened<'a>> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let standing = standing(&mut tx, id).await?;
    let voices = voices(&mut tx, cx, now).await?;
    let role = role(&mut tx, cx, &standing, voices, now).await?;
    let permit: Permit = cx.decide(action, Some(id.into()), role.facts)?;
    // The same list makes the buttons.
    if !acts(&standing.state, role.relation, now).contains(&act) {
        let sentence = match act {
            RequestAct::Remind => {
                "Those it waits for were asked or reminded less than a day ago. Try again tomorrow."
            }
            _ if standing.state.outcome != Outcome::Waiting => {
                "This is over: nothing can be changed any more."
            }
            _ => "This is not possible now.",
        };
        return Err(Error::Refused(sentence.to_owned()));
    }
    Ok(Opened {
        course: Course::of(cx, permit, now, standing),
        tx,
        role,
    })
}

impl Opened<'_> {
    async fn finish(mut self, service: &Service, cx: &Cx, id: RequestItemId) -> Result<()> {
        self.course.proceed(&mut self.tx).await?;
        let log = self.course.done(&mut self.tx).await?;
        commit(service, cx, self.tx, id, log).await
    }

    /// The actor, and whom they stand in for in this step.
    fn who(&self, cx: &Cx, approvers: &[IdentityId]) -> By {
        let voice = self
            .role
            .voices
            .iter()
            .find(|voice| approvers.contains(voice))
            .copied();
        By {
            by: cx.me(),
            on_behalf_of: voice.filter(|voice| Some(*voice) != cx.me()),
        }
    }

    /// The first open step that waits for the actor, or for anybody when it is not they who are asked.
    fn step(&self) -> Result<(u16, Vec<IdentityId>)> {
        let state = &self.course.standing.state;
        let mine = state.open().find(|step| {
            step.approvers
                .iter()
                .any(|one| self.role.voices.contains(one))
        });
        let step = mine.or_else(|| state.open().next());
        let step =
            step.ok_or_else(|| Error::Refused("No step waits for a decision.".to_owned()))?;
        Ok((step.number, step.approvers.clone()))
    }
}

/// Asks the requester something.
#[boxed]
pub async fn ask_back(service: &Service, cx: &Cx, id: RequestItemId, question: &str) -> Result<()> {
    let result = carry_out_ask(service, cx, id, question).await;
    service.noted(cx, result).await
}

async fn carry_out_ask(
    service: &Service,
    cx: &Cx,
    id: RequestItemId,
    question: &str,
) -> Result<()> {
    let mut opened = open(service, cx, id, (Action::DecideRequest, RequestAct::Ask)).await?;
    let mut errors = FieldErrors::new();
    let question = errors.text("note", "The question", question, 2000);
    if question.is_empty() {
        errors.add(
            "note",
            "The question is missing. Write what you want to know.",
        );
    }
    errors.or(())?;
    let (step, approvers) = opened.step()?;
    let who = opened.who(cx, &approvers);
    let asked = Happened::Asked {
        step,
        question: question.clone(),
    };
    let Opened { tx, course, .. } = &mut opened;
    let action = (AuditAction::RequestAsked, Some(question.as_str()));
    course.happen(tx, who, asked, action).await?;
    let requester = course.content().requester;
    course
        .tell(tx, NoticeKind::QuestionAsked, &[requester], &question)
        .await?;
    opened.finish(service, cx, id).await
}

/// Writes an answer or a remark.
#[boxed]
pub async fn comment(service: &Service, cx: &Cx, id: RequestItemId, text: &str) -> Result<()> {
    let result = carry_out_comment(service, cx, id, text).await;
    service.noted(cx, result).await
}

async fn carry_out_comment(
    service: &Service,
    cx: &Cx,
    id: RequestItemId,
    text: &str,
) -> Result<()> {
    let mut opened = open(service, cx, id, (Action::ReadRequest, RequestAct::Comment)).await?;
    let mut errors = FieldErrors::new();
    let text = errors.text("comment", "The comment", text, 2000);
    if text.is_empty() {
        errors.add("comment", "There is nothing to send. Write something.");
    }
    errors.or(())?;
    let asker = opened.course.standing.state.question.clone();
    let who = By {
        by: cx.me(),
        on_behalf_of: None,
    };
    let is_party = opened.role.relation.is_party;
    let Opened { tx, course, .. } = &mut opened;
    let said = Happened::Commented { text: text.clone() };
    let action = (AuditAction::RequestCommented, Some(text.as_str()));
    course.happen(tx, who, said, action).await?;
    if is_party && let Some((asker, _)) = asker {
        course
            .tell(tx, NoticeKind::QuestionAnswered, &[asker], &text)
            .await?;
    }
    opened.finish(service, cx, id).await
}

/// Lets somebody else decide instead of the actor, or of those it waits for.
#[boxed]
pub async fn hand_on(
    service: &Service,
    cx: &Cx,
    id: RequestItemId,
    to: &str,
    reason: &str,
) -> Result<()> {
    let result = carry_out_hand_on(service, cx, id, to, reason).await;
    service.noted(cx, result).await
}

async fn carry_out_hand_on(
    service: &Service,
    cx: &Cx,
    id: RequestItemId,
    to: &str,
    reason: &str,
) -> Result<()> {
    let mut opened = open(service, cx, id, (Action::HandOnRequest, RequestAct::HandOn)).await?;
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    if to.trim().is_empty() {
        errors.add("to", "Choose who should decide instead.");
    }
    let found = references::person(&mut opened.tx, "to", to, &mut errors).await?;
    let (step, approvers) = opened.step()?;
    if let Some(found) = found {
        let person = opened.tx.identity(found).await?;
        let active = person.is_some_and(|one| one.content.status == IdentityStatus::Active);
        if !active {
            errors.add("to", "This person cannot decide now. Choose somebody else.");
        } else if opened.course.content().parties().are(found) {
            errors.add(
                "to",
                "Nobody decides on their own request. Choose somebody else.",
            );
        } else if approvers.contains(&found) {
            errors.add("to", "This person is asked already. Choose somebody else.");
        }
    }
    errors.or(())?;
    let Some(found) = found else {
        return Err(Error::Internal("a person was found and is not".to_owned()));
    };
    let who = opened.who(cx, &approvers);
    let mine = opened
        .role
        .voices
        .iter()
        .find(|one| approvers.contains(one));
    let Some(from) = mine.or(approvers.first()).copied() else {
        return Err(Error::Refused("Nobody is asked in this step.".to_owned()));
    };
    let handed = Happened::HandedOn {
        step,
        from,
        to: found,
        reason: reason.clone(),
    };
    let Opened { tx, course, .. } = &mut opened;
    let action = (AuditAction::RequestHandedOn, Some(reason.as_str()));
    course.happen(tx, who, handed, action).await?;
    course
        .tell(tx, NoticeKind::ApprovalWaiting, &[found], "")
        .await?;
    opened.finish(service, cx, id).await
}

/// Reminds those it waits for.
#[boxed]
pub async fn remind(service: &Service, cx: &Cx, id: RequestItemId) -> Result<()> {
    let result = carry_out_remind(service, cx, id).await;
    service.noted(cx, result).await
}

async fn carry_out_remind(service: &Service, cx: &Cx, id: RequestItemId) -> Result<()> {
    let mut opened = open(service, cx, id, (Action::FollowRequest, RequestAct::Remind)).await?;
    let who = By {
        by: cx.me(),
        on_behalf_of: None,
    };
    let Opened { tx, course, .. } = &mut opened;
    let waiting: Vec<(u16, Vec<IdentityId>)> = course
        .standing
        .state
        .open()
        .map(|step| (step.number, step.approvers.clone()))
        .collect();
    for (step, approvers) in waiting {
        let action = (AuditAction::RequestReminded, None);
        course
            .happen(tx, who, Happened::Reminded { step }, action)
            .await?;
        course
            .tell(tx, NoticeKind::ApprovalReminder, &approvers, "")
            .await?;
    }
    opened.finish(service, cx, id).await
}

/// Takes it back.
#[boxed]
pub async fn withdraw(service: &Service, cx: &Cx, id: RequestItemId, reason: &str) -> Result<()> {
    let result = carry_out_withdraw(service, cx, id, reason).await;
    service.noted(cx, result).await
}

async fn carry_out_withdraw(
    service: &Service,
    cx: &Cx,
    id: RequestItemId,
    reason: &str,
) -> Result<()> {
    let act = (Action::FollowRequest, RequestAct::Withdraw);
    let mut opened = open(service, cx, id, act).await?;
    let mut errors = FieldErrors::new();
    let reason = errors.line("reason", "The reason", reason, 500);
    errors.or(())?;
    let who = By {
        by: cx.me(),
        on_behalf_of: None,
    };
    let Opened { tx, course, .. } = &mut opened;
    let withdrawn = Happened::Withdrawn {
        reason: reason.clone(),
    };
    let action = (AuditAction::RequestWithdrawn, Some(reason.as_str()));
    course.happen(tx, who, withdrawn, action).await?;
    opened.finish(service, cx, id).await
}
