//! The evidence packs of a campaign as its page shows them: the one that is kept, the one that is being made, and the download
//! by everybody who may see the campaign.

use domain::audit::{AuditAction, Detail};
use domain::id::{CampaignId, JobId};
use domain::job::{Job, JobKind, JobState};
use domain::permission::{Action, Facts};
use domain::review::{Campaign, CampaignState};
use domain::time::Instant;
use storage::ReadTx;
use storage::jobs::JobFile;

use super::export::allowed;
use crate::jobs::{JobView, May};
use crate::{Cx, Error, Result, Service, boxed};

/// Jobs that are looked at for a file that is still kept.
const JOBS: i64 = 20;

/// A pack that can be downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPack {
    /// The job that made it.
    pub job: JobId,
    /// The file.
    pub file: JobFile,
    /// When it was made.
    pub made: Instant,
    /// Who asked for it, by name; nobody at the command line.
    pub by: Option<String>,
    /// The SHA-256 of the file.
    pub sha256: String,
    /// Whether something happened in the campaign since it was made.
    pub outdated: bool,
}

/// The evidence of a campaign.
#[derive(Debug, Clone, PartialEq)]
pub struct Packs {
    /// The campaign.
    pub campaign: Campaign,
    /// Why there is no evidence yet, or never, in a sentence.
    pub hindrance: Option<&'static str>,
    /// The newest pack that is kept.
    pub kept: Option<KeptPack>,
    /// A newer one that is being made, or could not be.
    pub making: Option<JobView>,
    /// Whether the reader may see the page of the job that makes it.
    pub sees_job: bool,
    /// The public key with which a pack is verified.
    pub key: String,
}

impl Packs {
    /// Whether one is being made.
    pub fn is_making(&self) -> bool {
        let job = self.making.as_ref().map(|view| view.job.state);
        job.is_some_and(|state| !state.is_over())
    }
}

/// What there is of evidence of a campaign, for its owner and those who run or audit reviews.
#[boxed]
pub async fn packs(service: &Service, cx: &Cx, id: CampaignId) -> Result<Packs> {
    let result = look(service, cx, id).await;
    service.noted(cx, result).await
}

/// The newest pack of a campaign, for everybody who may see the campaign. Recorded in the log; its bytes come from
/// [`file_piece`](crate::jobs::file_piece) of the job.
#[boxed]
pub async fn fetch(service: &Service, cx: &Cx, id: CampaignId) -> Result<KeptPack> {
    let result = look(service, cx, id).await;
    let kept = service.noted(cx, result).await?.kept;
    let kept = kept.ok_or(Error::NotFound)?;
    let tx = service.begin(cx).await?;
    let mut event = cx.about(AuditAction::EvidenceFetched, id);
    event.details = vec![Detail {
        note: Some(serde_json::json!({ "job": kept.job, "sha256": kept.sha256 })),
        ..cx.detail(id)
    }];
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(kept)
}

async fn look(service: &Service, cx: &Cx, id: CampaignId) -> Result<Packs> {
    let mut tx = service.store.read().await?;
    let found = tx.campaign(id).await?;
    allowed(cx, id, found.as_ref().map(|one| one.content.clone()))?;
    let campaign = found.ok_or(Error::NotFound)?;
    let last = tx.last_act(id).await?;
    let changed = last.map_or(campaign.recorded_from, |last| {
        last.max(campaign.recorded_from)
    });
    let now = service.now();
    let (mut making, mut kept) = (None, None);
    let jobs = tx
        .jobs_about(id.into(), JobKind::ExportEvidence, JOBS)
        .await?;
    for (place, job) in jobs.into_iter().enumerate() {
        let file = tx.job_file(job.id).await?;
        match file.filter(|file| file.expires > now) {
            Some(file) => {
                kept = Some(pack(&mut tx, &job, file, changed).await?);
                break;
            }
            None if place == 0 && job.state != JobState::Done => {
                making = Some(view(&mut tx, job).await?);
            }
            None => {}
        }
    }
    let making = making.filter(|view: &JobView| view.job.state != JobState::Cancelled);
    let sees_job = making.as_ref().is_some_and(|view| {
        let facts = Facts {
            is_owner: cx.me().is_some() && view.job.created_by == cx.me(),
            ..Facts::default()
        };
        cx.decide(Action::ReadJob, Some(view.job.id.into()), facts)
            .is_ok()
    });
    Ok(Packs {
        hindrance: hindrance(&campaign, last),
        kept,
        making,
        sees_job,
        key: service.signer.verifying_key().to_string(),
        campaign,
    })
}

/// Why nothing can be evidenced.
fn hindrance(campaign: &Campaign, last: Option<Instant>) -> Option<&'static str> {
    match campaign.content.state {
        CampaignState::Launching => {
            Some("The campaign is still starting. There is evidence once it has begun.")
        }
        CampaignState::Cancelled if last.is_none() => {
            Some("The campaign was called off before it began, so there is nothing to prove.")
        }
        _ => None,
    }
}

async fn pack(tx: &mut ReadTx, job: &Job, file: JobFile, changed: Instant) -> Result<KeptPack> {
    let made = job.finished.unwrap_or(job.updated);
    let began = job.attempt_started.unwrap_or(job.created);
    let hash = job.result.as_ref().and_then(|result| result.get("sha256"));
    Ok(KeptPack {
        job: job.id,
        made,
        by: name(tx, job).await?,
        sha256: hash
            .and_then(|hash| hash.as_str())
            .unwrap_or_default()
            .to_owned(),
        outdated: changed > began,
        file,
    })
}

async fn name(tx: &mut ReadTx, job: &Job) -> Result<Option<String>> {
    match job.created_by {
        Some(by) => Ok(Some(crate::requests::person(tx, by).await?)),
        None => Ok(None),
    }
}

/// The job as a panel shows it; who may see the campaign may see how far its evidence is.
async fn view(tx: &mut ReadTx, job: Job) -> Result<JobView> {
    Ok(JobView {
        asked_by: name(tx, &job).await?,
        subject: None,
        pace: job.pace(),
        file: None,
        withheld: None,
        may: May::default(),
        job,
    })
}
