//! Samples: the same seed and size draw the same items, here and by hand (docs/reviews.md says how).

use std::collections::BinaryHeap;

use domain::audit::{AuditAction, Detail};
use domain::field::FieldErrors;
use domain::id::{CampaignId, IdentityId, ObjectRef};
use domain::review::{Campaign, Choice, RemedyState};
use domain::time::Instant;
use proof::hash::sha256;
use storage::ReadTx;
use storage::reviews::{NumberReader, Sample};

use super::readable;
use crate::reviews::decide::Known;
use crate::{Cx, Error, Result, Service, boxed, csv_export, requests};

/// Items of a sample at most.
pub const MOST_SAMPLED: u32 = 1_000;
/// Samples that are listed.
const LISTED: i64 = 100;
/// Numbers read at a time.
const PART: i64 = 10_000;

const COLUMNS: &[&str] = &[
    "item",
    "holder",
    "what",
    "application",
    "reviewer",
    "decision",
    "remediation",
];

/// A sample that was drawn, for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// What it was drawn with.
    pub seed: u32,
    /// How many items.
    pub size: u32,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: Option<String>,
}

/// An item of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampledItem {
    /// Its number.
    pub number: u64,
    /// Whose it is, as they were called when the campaign began.
    pub holder: String,
    /// What is had.
    pub what: String,
    /// Its application; empty when it has none.
    pub application: String,
    /// Who decides, or decided last.
    pub reviewer: String,
    /// What was decided last.
    pub choice: Option<Choice>,
    /// Whether somebody has to decide.
    pub open: bool,
    /// Where its revocation is.
    pub remedy: Option<RemedyState>,
}

/// A sample with its items.
#[derive(Debug, Clone)]
pub struct SampleView {
    /// The campaign.
    pub campaign: Campaign,
    /// How it was drawn.
    pub drawn: Drawn,
    /// Its items, in the order in which they were drawn.
    pub items: Vec<SampledItem>,
}

/// The campaign with the samples that were drawn of it, the newest first.
#[boxed]
pub async fn samples(service: &Service, cx: &Cx, id: CampaignId) -> Result<(Campaign, Vec<Drawn>)> {
    let result = async {
        let mut tx = service.store.read().await?;
        let campaign = readable(&mut tx, cx, id).await?;
        let mut all = Vec::new();
        for sample in tx.samples(id, LISTED).await? {
            all.push(drawn(&mut tx, &sample).await?);
        }
        Ok((campaign, all))
    };
    service.noted(cx, result.await).await
}

/// Draws a sample: `size` as typed, and `seed`, or an empty text for one that is drawn, too. Answers seed and size.
#[boxed]
pub async fn draw(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    size: &str,
    seed: &str,
) -> Result<(u32, u32)> {
    let result = carry_out(service, cx, id, size, seed).await;
    service.noted(cx, result).await
}

/// A sample that was drawn; [`Error::NotFound`] when none was with this seed and size.
#[boxed]
pub async fn sample(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    (seed, size): (u32, u32),
) -> Result<SampleView> {
    let result = async {
        let mut tx = service.store.read().await?;
        let campaign = readable(&mut tx, cx, id).await?;
        view(&mut tx, campaign, (seed, size)).await
    };
    let found = service.noted(cx, result.await).await?;
    service.note_view(cx, id).await?;
    Ok(found)
}

/// The same as CSV. Recorded in the log.
#[boxed]
pub async fn sample_file(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    which: (u32, u32),
) -> Result<Vec<u8>> {
    let result = async {
        let mut tx = service.store.read().await?;
        let campaign = readable(&mut tx, cx, id).await?;
        view(&mut tx, campaign, which).await
    };
    let found = service.noted(cx, result.await).await?;
    let mut event = cx.about(AuditAction::Exported, id);
    let (rows, drawn) = (found.items.len(), &found.drawn);
    event.details = vec![Detail {
        note: Some(
            serde_json::json!({ "list": "sample", "seed": drawn.seed, "size": drawn.size, "rows": rows }),
        ),
        ..cx.detail(id)
    }];
    let tx = service.begin(cx).await?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    csv_export::write(COLUMNS, found.items.into_iter().map(cells))
}

fn cells(item: SampledItem) -> Vec<String> {
    let decision = match (item.open, item.choice) {
        (false, Some(choice)) => choice.label(),
        _ => "",
    };
    vec![
        item.number.to_string(),
        item.holder,
        item.what,
        item.application,
        item.reviewer,
        decision.to_owned(),
        item.remedy
            .map(|state| state.label().to_owned())
            .unwrap_or_default(),
    ]
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    size: &str,
    seed: &str,
) -> Result<(u32, u32)> {
    let mut tx = service.store.read().await?;
    let campaign = readable(&mut tx, cx, id).await?;
    let items = campaign.content.population.included;
    if items == 0 {
        return Err(Error::Refused(
            "There is nothing to draw from: the campaign has no items yet.".to_owned(),
        ));
    }
    let mut errors = FieldErrors::new();
    let most = u64::from(MOST_SAMPLED).min(items);
    let size = number(size).filter(|size| (1..=most).contains(&u64::from(*size)));
    if size.is_none() {
        errors.add("size", format!("Write how many items, from 1 to {most}."));
    }
    let seed = match seed.trim() {
        "" => {
            let mut bytes = [0; 4];
            service.entropy.fill(&mut bytes);
            Some(u32::from_be_bytes(bytes))
        }
        typed => number(typed),
    };
    if seed.is_none() {
        errors.add(
            "seed",
            "Write a whole number up to 4294967295, or nothing to have one drawn.",
        );
    }
    errors.or(())?;
    let which = (seed.unwrap_or_default(), size.unwrap_or_default());
    if tx.sample(id, which.0, which.1).await?.is_some() {
        return Ok(which);
    }
    let items = pick(&mut tx, id, which).await?;
    drop(tx);
    let mut tx = service.begin(cx).await?;
    let sample = Sample {
        seed: which.0,
        size: which.1,
        items,
        drawn: tx.recorded(),
        drawn_by: cx.me(),
    };
    tx.keep_sample(id, &sample).await?;
    let mut event = cx.about(AuditAction::SampleDrawn, id);
    event.details = vec![Detail {
        note: Some(
            serde_json::json!({ "seed": sample.seed, "size": sample.size, "items": sample.items }),
        ),
        ..cx.detail(id)
    }];
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(which)
}

fn number(text: &str) -> Option<u32> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    digits.parse().ok()
}

/// Draws the numbers. Each item has a hash that only campaign, seed and its number decide; those with the lowest are the
/// sample. So it can be drawn again from the evidence pack alone, and a larger one of the same seed begins with it.
async fn pick(tx: &mut ReadTx, campaign: CampaignId, (seed, size): (u32, u32)) -> Result<Vec<u64>> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let mut reader = NumberReader::new(campaign);
    let mut lowest: BinaryHeap<([u8; 32], u64)> = BinaryHeap::new();
    let head = format!("bailiwick sample 1\n{campaign}\n{seed}\n");
    loop {
        let numbers = tx.item_numbers(&mut reader, PART).await?;
        if numbers.is_empty() {
            break;
        }
        for number in numbers {
            lowest.push((sha256(format!("{head}{number}").as_bytes()).0, number));
            if lowest.len() > size {
                lowest.pop();
            }
        }
    }
    let drawn = lowest.into_sorted_vec().into_iter();
    Ok(drawn.map(|(_, number)| number).collect())
}

async fn drawn(tx: &mut ReadTx, sample: &Sample) -> Result<Drawn> {
    let by = match sample.drawn_by {
        Some(by) => Some(requests::person(tx, by).await?),
        None => None,
    };
    Ok(Drawn {
        seed: sample.seed,
        size: sample.size,
        at: sample.drawn,
        by,
    })
}

/// A sample with its items, for whoever was found to be allowed.
pub(super) async fn view(
    tx: &mut ReadTx,
    campaign: Campaign,
    (seed, size): (u32, u32),
) -> Result<SampleView> {
    let id = campaign.id;
    let sample = tx.sample(id, seed, size).await?.ok_or(Error::NotFound)?;
    let items = tx.review_items(id, &sample.items).await?;
    let remedies = tx.remedies_of(id, &sample.items).await?;
    let objects = items.iter().flat_map(|item| {
        [
            item.facts.holder,
            item.facts.what,
            ObjectRef::from(item.reviewer),
        ]
    });
    let known = Known::of(tx, id, objects).await?;
    let name = |reviewer: IdentityId| known.name(reviewer.into());
    let rows = sample.items.iter().filter_map(|number| {
        let item = items.iter().find(|one| one.facts.number == *number)?;
        let remedy = remedies.iter().find(|one| one.item == *number);
        Some(SampledItem {
            number: *number,
            holder: known.name(item.facts.holder),
            what: known.name(item.facts.what),
            application: known.application(item.facts.what),
            reviewer: name(item.reviewer),
            choice: item.choice,
            open: item.open,
            remedy: remedy.map(|one| one.state),
        })
    });
    let items = rows.collect();
    Ok(SampleView {
        drawn: drawn(tx, &sample).await?,
        campaign,
        items,
    })
}
