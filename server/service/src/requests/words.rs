//! What people read about an item where they are told of it: enough to know what it is, with the page to open.

use domain::id::IdentityId;
use domain::notice::NoticeKind;
use domain::request::{ItemKind, RequestItemContent};
use domain::time::Instant;
use jiff::tz::TimeZone;
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

/// The organisation's time zone.
pub(super) async fn zone(tx: &mut ReadTx) -> Result<TimeZone> {
    let organisation = tx.organisation().await?;
    Ok(organisation.map_or(TimeZone::UTC, |organisation| organisation.time_zone()))
}

/// A moment as people read it, with its zone: `27 Nov 2026, 12:27 WET`.
fn due_in_words(at: Instant, zone: &TimeZone) -> String {
    at.zoned(zone).strftime("%-d %b %Y, %H:%M %Z").to_string()
}

/// The last day of what ends then, as people read it: `23 Dec 2026`.
pub(super) fn last_day(end: Instant, zone: &TimeZone) -> String {
    end.plus(-1).zoned(zone).strftime("%-d %b %Y").to_string()
}

/// What is asked for, without for whom when whoever asks says so: `Post invoice, 30 days`.
async fn wish(tx: &mut ReadTx, content: &RequestItemContent) -> Result<String> {
    if content.requester != content.beneficiary {
        return asked(tx, content).await;
    }
    let what = name(tx, content.what).await?;
    let length = content.length.text();
    Ok(match content.kind {
        ItemKind::New => format!("{what}, {length}"),
        ItemKind::Extend => format!("{length} more of {what}"),
        ItemKind::Activate => format!("{what}, to be active for {length}"),
        ItemKind::Emergency => format!("emergency access to {what} for {length}"),
    })
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
    (kind, words): (NoticeKind, &str),
    now: Instant,
) -> Result<Told> {
    let content = &standing.item.content;
    let asked = asked(tx, content).await?;
    let requester = person(tx, content.requester).await?;
    let wish = wish(tx, content).await?;
    let title = match kind {
        NoticeKind::ApprovalWaiting => format!("{requester} asks for {wish}"),
        NoticeKind::ApprovalReminder => format!("Still waiting for you: {asked}"),
        NoticeKind::Escalated => format!("Nobody decided in time: {asked}"),
        NoticeKind::QuestionAsked => format!("A question about {asked}"),
        NoticeKind::QuestionAnswered => format!("An answer about {asked}"),
        NoticeKind::EmergencyUsed => format!("{requester} took {wish}"),
        _ => format!("{asked}: {words}"),
    };
    let zone = zone(tx).await?;
    let due = standing
        .state
        .open()
        .filter_map(|step| step.due)
        .min()
        .map(|due| {
            let day = due_in_words(due, &zone);
            if due <= now {
                format!(" It was due on {day}.")
            } else {
                format!(" Please decide by {day}.")
            }
        })
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
