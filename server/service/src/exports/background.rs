//! The file of a long list, made by a job and kept for a week.
//!
//! All of it is one moment of the database. A job that is begun again begins the file again, at another moment; it is in
//! the log once, in the transaction in which the file is whole.

use domain::audit::AuditAction;
use domain::id::JobId;
use domain::job::Job as StoredJob;
use domain::page::{ListQuery, Position};
use domain::permission::{Visibility, visible_access, visible_people};
use domain::time::{DAY, Instant};
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::jobs::JobFile;
use storage::{ReadTx, WriteTx};

use super::sheet::Sheet;
use super::{ExportAsk, ExportList, Of, allowed, exported, permitted, prepared, rows};
use crate::boxed;
use crate::jobs::{Ended, FILE_PIECE, Job, JobKind, NewJob, Work, cx_of, enqueue};
use crate::{Cx, Error, Result, Service, reviews};

/// How long a file is kept.
const KEPT: i64 = 7 * DAY;

/// The work of making a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Export {
    ask: ExportAsk,
}

/// Asks for the file of a long list. Recorded in the log; that rows left the console is recorded when the file is made.
#[boxed]
pub async fn ask(service: &Service, cx: &Cx, ask: &ExportAsk) -> Result<JobId> {
    let list = ask.list()?;
    allowed(service, cx, list, &ask.of).await?;
    let mut tx = service.begin(cx).await?;
    let title = match (ask.view.as_str(), ask.search.as_str()) {
        ("", "") => format!("Export: {}", list.label()),
        ("", search) => format!("Export: {}, {search}", list.label()),
        (view, _) => format!("Export: {}, {view}", list.label()),
    };
    let job = NewJob::of(&Export { ask: ask.clone() })?.title(title);
    let id = enqueue(&mut tx, cx, &job).await?;
    let event = cx.about(AuditAction::JobCreated, id);
    service.commit(cx, tx, id, event, Vec::new()).await?;
    service.wake_worker();
    Ok(id)
}

/// Whether who fetches the file of a job may still have what is in it, with the rights of now. A file that was made of
/// everything is not for who would be shown only a part today.
#[boxed]
pub(crate) async fn still_allowed(
    tx: &mut ReadTx,
    cx: &Cx,
    now: Instant,
    job: &StoredJob,
) -> Result<()> {
    match job.kind {
        JobKind::Export => {}
        JobKind::ExportEvidence => return reviews::evidence::still_allowed(tx, cx, job).await,
        _ => return Ok(()),
    }
    let export = Export::deserialize(&job.payload)
        .map_err(|e| Error::Internal(format!("the payload of a job cannot be read: {e}")))?;
    let list = export.ask.list()?;
    let of = permitted(tx, cx, now, list, &export.ask.of).await?;
    let all = job
        .result
        .as_ref()
        .is_none_or(|result| result["all"] != false);
    if all && of == Of::All && !sees_all(cx, list) {
        return Err(Error::Refused(
            "You see less of this list today than when this file was made. Export it again."
                .to_owned(),
        ));
    }
    Ok(())
}

/// Whether the whole list is shown to the actor.
fn sees_all(cx: &Cx, list: ExportList) -> bool {
    let visible = match list {
        // Who may have the log may have all of it.
        ExportList::Audit => Visibility::All,
        ExportList::People | ExportList::Assignments | ExportList::Outliers => {
            visible_people(cx.actor)
        }
        ExportList::Applications
        | ExportList::Entitlements
        | ExportList::Roles
        | ExportList::Rules
        | ExportList::Accounts
        | ExportList::Access
        | ExportList::Effective => visible_access(cx.actor),
    };
    visible == Visibility::All
}

impl Job for Export {
    const KIND: JobKind = JobKind::Export;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        let cx = cx_of(service, work).await?;
        let list = self.ask.list()?;
        let of = allowed(service, &cx, list, &self.ask.of).await?;
        work.note(format!("Reading {}", list.label().to_lowercase()));
        let mut tx = unaudited(service).await?;
        work.keep(&mut tx).await?;
        tx.clear_job_file(work.job()).await?;
        tx.commit_unaudited("a file that is begun again").await?;
        let mut read = service.store.read().await?;
        let made = service.now();
        let mut next = Some(ListQuery {
            whole: true,
            ..prepared(&mut read, list, &self.ask).await?
        });
        let mut file = Growing {
            sheet: Sheet::new(list, &self.ask.columns)?,
            pieces: 0,
            bytes: 0,
        };
        let mut total = None;
        let mut asked = ListQuery::default();
        while let Some(query) = next {
            if work.stopping().is_some() {
                return Ok(Ended::Stopped);
            }
            let page = file
                .sheet
                .take(rows(&mut read, &cx, made, (list, of), &query).await?)?;
            total = total.or(Some(page.total));
            work.progress(file.sheet.rows() as u64, total);
            file.write_full(service, work).await?;
            next = page.after.map(|cursor| ListQuery {
                position: Position::After(cursor),
                ..query.clone()
            });
            asked = query;
        }
        drop(read);
        work.note("");
        let count = file.sheet.rows() as u64;
        let mut tx = unaudited(service).await?;
        let bytes = file.end(&mut tx, work).await?;
        let kept = JobFile {
            name: name(&self.ask, made),
            bytes,
            expires: service.now().plus(KEPT),
        };
        tx.finish_job_file(work.job(), &kept).await?;
        work.count("Rows", count);
        let all = sees_all(&cx, list);
        let result = json!({ "rows": count, "bytes": bytes, "all": all });
        work.finish(&mut tx, &result).await?;
        let event = exported(&cx, (list, of), &asked, count);
        tx.commit(event, Vec::new()).await?;
        Ok(Ended::Settled)
    }
}

/// A file whose beginning lies in the database already.
struct Growing {
    sheet: Sheet,
    pieces: i64,
    bytes: u64,
}

impl Growing {
    /// Writes the pieces that are full.
    async fn write_full(&mut self, service: &Service, work: &Work) -> Result<()> {
        while let Some(piece) = self.sheet.piece(FILE_PIECE) {
            let mut tx = unaudited(service).await?;
            work.keep(&mut tx).await?;
            self.add(&mut tx, work, &piece).await?;
            tx.commit_unaudited("a piece of a file that is not whole yet")
                .await?;
        }
        Ok(())
    }

    /// Writes what is left. Answers the size of it all.
    async fn end(mut self, tx: &mut WriteTx, work: &Work) -> Result<u64> {
        let rest = self.sheet.rest();
        self.add(tx, work, &rest).await?;
        Ok(self.bytes)
    }

    async fn add(&mut self, tx: &mut WriteTx, work: &Work, piece: &[u8]) -> Result<()> {
        tx.add_job_file_chunk(work.job(), self.pieces, piece)
            .await?;
        self.pieces += 1;
        self.bytes += piece.len() as u64;
        Ok(())
    }
}

/// List, view, time and zone: `people-no-manager-20261122T140312-Europe-Lisbon.csv`.
fn name(ask: &ExportAsk, made: Instant) -> String {
    let zone = ask.time_zone();
    let at = made.zoned(&zone).strftime("%Y%m%dT%H%M%S").to_string();
    let zone = zone.iana_name().unwrap_or("UTC").to_owned();
    let parts = [ask.list.as_str(), &ask.of, &ask.view, &at, &zone];
    let parts = parts
        .iter()
        .map(|part| plain(part))
        .filter(|part| !part.is_empty());
    format!("{}.csv", parts.collect::<Vec<_>>().join("-"))
}

/// A text that every file system takes and no header misreads.
fn plain(text: &str) -> String {
    let letters = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    let text: String = letters.take(60).collect();
    let parts = text.split('-').filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

async fn unaudited(service: &Service) -> Result<WriteTx> {
    Ok(service
        .store
        .write(service.now(), service.entropy.clone())
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_after_what_it_is() {
        let made: Instant = "2026-11-22T14:03:12Z".parse().expect("time");
        let ask = ExportAsk {
            list: "people".into(),
            view: "Ana’s \"team\"\r\n".into(),
            zone: "America/New_York".into(),
            ..ExportAsk::default()
        };
        assert_eq!(
            name(&ask, made),
            "people-Ana-s-team-20261122T090312-America-New-York.csv"
        );
        let plain = ExportAsk {
            list: "audit".into(),
            zone: "Nowhere/Land".into(),
            ..ExportAsk::default()
        };
        assert_eq!(name(&plain, made), "audit-20261122T140312-UTC.csv");
    }
}
