//! Makes the evidence pack of a campaign: everything is compared with the log, written, recorded, sealed, and verified before
//! anybody gets it.

use std::fs::File;

use domain::audit::{AuditAction, Bulk, Event};
use domain::id::{CampaignId, JobId};
use domain::job::{Job as StoredJob, JobKind};
use domain::permission::Action;
use domain::review::CampaignContent;
use domain::time::{DAY, Instant};
use proof::pack::{PackWriter, Readable, Summary, Unsealed, Verified, WriteError, verify};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use storage::ReadTx;
use storage::jobs::JobFile;
use storage::reviews::PopulationReader;

use super::out::{Out, Pack, failed, text, unaudited};
use super::source::Source;
use super::tally::Tally;
use super::{report, tables};
use crate::audit::{Nodes, checkpoint};
use crate::jobs::{Ended, Job, NewJob, Work, cx_of, enqueue};
use crate::reviews::launch::owns;
use crate::reviews::trees::Broken;
use crate::{Cx, Error, Result, Service, boxed};

/// How long a file is kept.
const KEPT: i64 = 7 * DAY;
/// Rows read at a time.
const PART: i64 = 2_000;
/// Entries read at a time.
const ENTRIES: i64 = 500;

/// Makes the evidence pack of a campaign.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct ExportEvidence {
    pub(crate) campaign: CampaignId,
}

/// A pack that was made, and verified.
#[derive(Debug)]
struct Made {
    verified: Verified,
    bytes: u64,
}

/// Asks for the evidence pack of a campaign. It is downloaded from the job, by whoever asked for it, for a week.
/// [`Error::Refused`] while the campaign starts.
#[boxed]
pub async fn export(service: &Service, cx: &Cx, id: CampaignId) -> Result<JobId> {
    let result = carry_out(service, cx, id).await;
    let job = service.noted(cx, result).await?;
    service.wake_worker();
    Ok(job)
}

async fn carry_out(service: &Service, cx: &Cx, id: CampaignId) -> Result<JobId> {
    let mut tx = service.begin(cx).await?;
    let campaign = tx.campaign(id).await?;
    let content = allowed(cx, id, campaign.map(|one| one.content))?;
    let job = NewJob::of(&ExportEvidence { campaign: id })?
        .title(format!("Make the evidence pack of “{}”", content.name))
        .once(format!("evidence {id}"))
        .about(id);
    let job = enqueue(&mut tx, cx, &job).await?;
    let event = cx.about(AuditAction::JobCreated, job);
    service.commit(cx, tx, job, event, Vec::new()).await?;
    Ok(job)
}

/// Whether who fetches the pack of a job may see the campaign now.
pub(crate) async fn still_allowed(tx: &mut ReadTx, cx: &Cx, job: &StoredJob) -> Result<()> {
    let asked = ExportEvidence::deserialize(&job.payload)
        .map_err(|e| Error::Internal(format!("the payload of a job cannot be read: {e}")))?;
    let campaign = tx.campaign(asked.campaign).await?;
    allowed(cx, asked.campaign, campaign.map(|one| one.content)).map(drop)
}

/// The campaign, when the actor may see it.
pub(super) fn allowed(
    cx: &Cx,
    id: CampaignId,
    found: Option<CampaignContent>,
) -> Result<CampaignContent> {
    let about = found.as_ref().map(|one| owns(cx, one.terms.owner));
    cx.decide(
        Action::ReadReview,
        Some(id.into()),
        about.unwrap_or_default(),
    )?;
    found.ok_or(Error::NotFound)
}

/// Makes the evidence pack of a campaign in an empty file. [`Error::Refused`] with a sentence when something in the database
/// is not what the log says it was; then the file is not to be used.
#[boxed]
pub async fn write(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    file: &mut File,
) -> Result<Verified> {
    let mut out = Out::File(file);
    let result = made(service, cx, id, &mut out).await;
    let made = service.noted(cx, settled(result)).await?;
    made.map(|made| made.verified)
        .ok_or_else(|| Error::Internal("nobody could ask this to stop".to_owned()))
}

/// None when it was asked to stop.
fn settled(result: std::result::Result<Made, Broken>) -> Result<Option<Made>> {
    match result {
        Ok(made) => Ok(Some(made)),
        Err(Broken::Stopped) => Ok(None),
        Err(Broken::Failed(error)) => Err(error),
        Err(Broken::Found(what)) => Err(Error::Refused(format!(
            "No evidence pack was made, because the database is not what the log says it was. {what} Run `bailiwick audit verify`, and restore a backup from before the change."
        ))),
    }
}

impl Job for ExportEvidence {
    const KIND: JobKind = JobKind::ExportEvidence;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        let cx = cx_of(service, work).await?;
        forget(service, work).await?;
        let mut out = Out::Job {
            work,
            pieces: 0,
            bytes: 0,
        };
        let made = match settled(made(service, &cx, self.campaign, &mut out).await) {
            Ok(Some(made)) => made,
            Ok(None) => return Ok(Ended::Stopped),
            Err(error) => {
                forget(service, work).await?;
                return Err(error);
            }
        };
        work.note("");
        let kept = JobFile {
            name: format!("evidence-{}.zip", self.campaign),
            bytes: made.bytes,
            expires: service.now().plus(KEPT),
        };
        let mut tx = unaudited(service).await?;
        tx.finish_job_file(work.job(), &kept).await?;
        work.count("Items", made.verified.population.included);
        work.count("Records", made.verified.records);
        let result = json!({
            "campaign": self.campaign,
            "bytes": made.bytes,
            "sha256": made.verified.sha256,
        });
        work.finish(&mut tx, &result).await?;
        tx.commit_unaudited("an evidence pack, whose export the log has since it was sealed")
            .await?;
        Ok(Ended::Settled)
    }
}

/// Takes back a file that is not whole.
async fn forget(service: &Service, work: &Work) -> Result<()> {
    let mut tx = unaudited(service).await?;
    work.keep(&mut tx).await?;
    tx.clear_job_file(work.job()).await?;
    Ok(tx
        .commit_unaudited("an evidence pack that is begun again, or that could not be made")
        .await?)
}

fn note(out: &Out<'_>, what: &str) {
    if let Out::Job { work, .. } = out {
        work.note(what);
    }
}

async fn made(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    out: &mut Out<'_>,
) -> std::result::Result<Made, Broken> {
    let campaign = service.store.read().await?.campaign(id).await?;
    allowed(cx, id, campaign.map(|one| one.content))?;
    note(out, "Comparing with the log");
    let mut source = Source::open(service, id).await?;
    let tally = Tally::read(&mut source).await?;
    note(out, "Writing");
    let unsealed = unsealed(service, cx, &mut source, &tally, out).await?;
    let first = source.checkpoint.size;
    drop(source);
    seal(service, cx, id, first, unsealed, out).await?;
    note(out, "Verifying");
    let all = out.read_back(service).await?;
    let bytes = all.len() as u64;
    let key = service.signer.verifying_key().clone();
    let verified = tokio::task::spawn_blocking(move || verify(&all, &[key]))
        .await
        .map_err(|error| Error::Internal(error.to_string()))?
        .map_err(|error| Error::Refused(format!("The evidence pack does not hold: {error}")))?;
    Ok(Made { verified, bytes })
}

/// Everything but the seal.
async fn unsealed(
    service: &Service,
    cx: &Cx,
    source: &mut Source,
    tally: &Tally,
    out: &mut Out<'_>,
) -> std::result::Result<Unsealed<Vec<u8>>, Broken> {
    let mut pack: Pack = PackWriter::new(Vec::new());
    let made = service.now();
    pack.readable(Readable::Report).map_err(failed)?;
    let key = service.signer.verifying_key().to_string();
    let page = report::page(source, tally, (cx, made, &key)).await?;
    text(&mut pack, page.as_bytes())?;
    pack.readable(Readable::ItemsTable).map_err(failed)?;
    tables::items(service, source, &mut pack, out).await?;
    pack.readable(Readable::DecisionsTable).map_err(failed)?;
    tables::decisions(service, source, &mut pack, out).await?;
    population(service, source, &mut pack, out).await?;
    acts(service, source, &mut pack, out).await?;
    entries(service, source, &mut pack, out).await?;
    let summary = summary(source, tally, (cx, made));
    let keys = [service.signer.verifying_key().clone()];
    let mut unsealed = pack
        .list(&summary, &source.checkpoint.note, &keys)
        .map_err(failed)?;
    out.drain(service, unsealed.get_mut()).await?;
    Ok(unsealed)
}

async fn population(
    service: &Service,
    source: &mut Source,
    pack: &mut Pack,
    out: &mut Out<'_>,
) -> std::result::Result<(), Broken> {
    let mut reader = PopulationReader::new(source.id());
    loop {
        let rows = source.tx.population_rows(&mut reader, PART).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            pack.population(row.content.as_bytes()).map_err(failed)?;
        }
        out.drain(service, pack.get_mut()).await?;
    }
}

async fn acts(
    service: &Service,
    source: &mut Source,
    pack: &mut Pack,
    out: &mut Out<'_>,
) -> std::result::Result<(), Broken> {
    let id = source.id();
    for (tree, bound) in source.acts.clone() {
        let seq = u64::try_from(bound.seq).unwrap_or(0);
        pack.act(seq, bound.records).map_err(failed)?;
        let mut after = i64::MIN;
        loop {
            let records = source.tx.act_records(id, tree, after, PART).await?;
            let Some(last) = records.last() else { break };
            after = last.0;
            for (_, _, content) in &records {
                pack.record(content.as_bytes()).map_err(failed)?;
            }
            out.drain(service, pack.get_mut()).await?;
        }
    }
    Ok(())
}

async fn entries(
    service: &Service,
    source: &mut Source,
    pack: &mut Pack,
    out: &mut Out<'_>,
) -> std::result::Result<(), Broken> {
    let size = unsigned(source.checkpoint.size);
    let (mut nodes, mut after) = (Nodes::default(), 0);
    let id = source.id();
    loop {
        let entries = source.tx.entries_of(id.into(), after, ENTRIES).await?;
        let Some(last) = entries.last() else {
            return Ok(());
        };
        after = last.0;
        for (seq, leaf) in &entries {
            let index = unsigned(seq - 1);
            let path = nodes.inclusion(&mut source.tx, index, size).await?;
            pack.entry(leaf, index, &path).map_err(failed)?;
        }
        out.drain(service, pack.get_mut()).await?;
    }
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// Records the export, signs the log over it, and ends the pack with the proof of that.
async fn seal(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    first: i64,
    mut unsealed: Unsealed<Vec<u8>>,
    out: &mut Out<'_>,
) -> std::result::Result<(), Broken> {
    out.rest(service, unsealed.get_mut()).await?;
    let bulk = unsealed.bulk();
    let event = Event {
        bulk: Some(Bulk {
            root: bulk.manifest.0,
            records: bulk.rows,
            totals: bulk.totals.clone(),
        }),
        ..cx.about(AuditAction::EvidenceExported, id)
    };
    let mut tx = unaudited(service).await?;
    if let Out::Job { work, .. } = out {
        work.keep(&mut tx).await?;
    }
    let seq = tx.commit(event, Vec::new()).await?;
    checkpoint(service).await?;
    let mut tx = service.store.read().await?;
    let latest = tx.latest_checkpoint().await?;
    let latest = latest
        .filter(|latest| latest.size >= seq)
        .ok_or_else(|| Error::Internal("no checkpoint covers the export".to_owned()))?;
    let leaf = tx.entries_of(id.into(), seq - 1, 1).await?;
    let (_, leaf) = leaf.first().ok_or(Error::NotFound)?;
    let (index, size) = (unsigned(seq - 1), unsigned(latest.size));
    let mut nodes = Nodes::default();
    let path = nodes.inclusion(&mut tx, index, size).await?;
    let consistency = nodes.consistency(&mut tx, unsigned(first), size).await?;
    drop(tx);
    let sealed = unsealed.seal(leaf, index, &path, &latest.note, &consistency);
    let mut rest = sealed.map_err(|error: WriteError| failed(error))?;
    out.rest(service, &mut rest).await?;
    Ok(())
}

fn summary(source: &Source, tally: &Tally, (cx, made): (&Cx, Instant)) -> Summary {
    let content = &source.campaign.content;
    let (included, excluded, decided) = (tally.included, tally.left_out(), tally.decided());
    let totals = [
        ("population", included + excluded),
        ("included", included),
        ("excluded", excluded),
        ("decided", decided),
        ("undecided", included.saturating_sub(decided)),
        ("decisions", tally.decisions),
        ("records", tally.records),
    ];
    let decisions = tally.last().into_iter();
    let time = |at: Option<Instant>| at.map_or(Value::Null, |at| at.to_string().into());
    let more = [
        ("made_at", made.to_string().into()),
        ("made_by", cx.actor.text().into()),
        ("state", content.state.word().into()),
        ("frozen", content.frozen.to_string().into()),
        ("due", content.due.to_string().into()),
        ("ended", time(content.ended)),
        ("effective", time(content.effective)),
        (
            "signed_by",
            content
                .signed_by
                .map_or(Value::Null, |by| by.to_string().into()),
        ),
        ("sign_off", content.sign_off.clone().into()),
    ];
    let more = more.map(|(name, value)| (name.to_owned(), value));
    Summary {
        campaign: source.id().to_string(),
        name: content.name.clone(),
        decisions: decisions
            .map(|(choice, count)| (choice.word().to_owned(), count))
            .collect(),
        totals: totals.map(|(name, count)| (name.to_owned(), count)).into(),
        more: Map::from_iter(more),
    }
}
