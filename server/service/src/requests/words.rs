//! What people read about an item where they are told of it: enough to know what it is, with the page to open.

use domain::id::IdentityId;
use domain::notice::NoticeKind;
use domain::request::{ItemKind, RequestItemContent};
use storage::ReadTx;

use super::course::Standing;
use crate::Result;
use crate::assignments::name;

/// A notice without whom it is for.
pub(super) struct Told {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) path: String,
}

/// The name of a person; their id when nobody knows them.
pub(crate) async fn person(tx: &mut ReadTx, id: IdentityId) -> Result<String> {
    let found = tx.identity_names(&[id]).await?.pop();
    Ok(found.map_or_else(|| id.to_string(), |person| person.display_name))
}

/// What is asked for in one line: `Post invoice for Ana Silva, 30 days`.
pub(super) async fn asked(tx: &mut ReadTx, content: &RequestItemContent) -> Result<String> {
    let what = name(tx, content.what).await?;
    let who = person(tx, content.beneficiary).await?;
    let length = content.length.text();
    Ok(match content.kind {
        ItemKind::New => format!("{what} for {who}, {length}"),
        ItemKind::Extend => format!("{what} for {who}, {length} more"),
        ItemKind::Activate => format!("{what} active for {who}, {length}"),
        ItemKind::Emergency => format!("emergency access to {what} for {who}, {length}"),
    })
}

/// What people are told of an item; `words` is what is special this time.
pub(super) async fn notice(
    tx: &mut ReadTx,
    standing: &Standing,
    kind: NoticeKind,
    words: &str,
) -> Result<Told> {
    let content = &standing.item.content;
    let asked = asked(tx, content).await?;
    let requester = person(tx, content.requester).await?;
    let title = match kind {
        NoticeKind::ApprovalWaiting => format!("{requester} asks for {asked}"),
        NoticeKind::ApprovalReminder => format!("Still waiting for you: {asked}"),
        NoticeKind::Escalated => format!("Nobody decided in time: {asked}"),
        NoticeKind::QuestionAsked => format!("A question about {asked}"),
        NoticeKind::QuestionAnswered => format!("An answer about {asked}"),
        NoticeKind::EmergencyUsed => format!("{requester} took {asked}"),
        _ => format!("{asked}: {words}"),
    };
    let due = standing
        .state
        .open()
        .filter_map(|step| step.due)
        .min()
        .map(|due| format!(" Please decide by {due}."))
        .unwrap_or_default();
    let text = match kind {
        NoticeKind::ApprovalWaiting | NoticeKind::ApprovalReminder | NoticeKind::Escalated => {
            format!("Reason: {}{due}", content.reason)
        }
        _ if words.is_empty() => format!("Reason: {}", content.reason),
        _ => words.to_owned(),
    };
    let path = match kind {
        NoticeKind::RequestDecided | NoticeKind::EmergencyUsed => {
            format!("/requests/{}", content.request)
        }
        _ => format!("/inbox/{}", standing.item.id),
    };
    Ok(Told { title, text, path })
}
