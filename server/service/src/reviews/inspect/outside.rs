//! What an outside auditor sees with a link: one campaign or one sample of it, without an account, and nothing else.
//!
//! Whoever has the link is allowed by it, so nothing here decides by rights. A link that is unknown, over or called back is
//! answered with the same error, counted like a failed sign-in, and slowed down like one. Every view is an entry of the log.

use domain::audit::{AuditAction, Detail, Target};
use domain::id::AuditorLinkId;
use domain::review::{Campaign, Choice, RemedyState};
use domain::time::Instant;
use proof::hash::sha256;
use storage::ReadTx;
use storage::reviews::{AuditorLink, Sample};

use super::life::{self, Life};
use super::sample::{self, SampleView};
use crate::sessions::throttle::subjects;
use crate::{Cx, Error, Result, Service, boxed, requests};

/// Samples that are listed.
const LISTED: i64 = 100;
/// What all links are counted as, beside the address they are tried from.
const EACH: &str = "auditor link";

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// The campaign in numbers.
    Summary,
    /// A sample, by seed and size.
    Sample(u32, u32),
    /// An item with its whole life.
    Item(u64),
}

/// A campaign in numbers.
#[derive(Debug, Clone)]
pub struct InNumbers {
    /// The campaign.
    pub campaign: Campaign,
    /// Who answers for it, by name.
    pub owner: String,
    /// Who signed it off, by name.
    pub signed_by: Option<String>,
    /// Items that nobody decided on.
    pub open: u64,
    /// Items by what was decided.
    pub decided: Vec<(Choice, u64)>,
    /// Revocations and changes by where they are, and of how many of them the access remains in another way.
    pub remedies: Vec<(RemedyState, u64, u64)>,
    /// Samples that the link opens, the newest first.
    pub samples: Vec<Sample>,
}

/// What was asked for.
#[derive(Debug, Clone)]
pub enum Opened {
    /// The campaign in numbers.
    Summary(Box<InNumbers>),
    /// A sample.
    Sample(Box<SampleView>),
    /// An item.
    Item(Box<Life>),
}

/// Opens something with the token of a link. [`Error::NotFound`] when the link opens nothing, or not this.
#[boxed]
pub async fn open(
    service: &Service,
    cx: &Cx,
    token: &str,
    what: Outside,
) -> Result<(AuditorLink, Opened)> {
    let hash = sha256(token.as_bytes()).0;
    let key = format!("{EACH} {}", domain::text::hex(&hash[..8]));
    service.check_throttle(&subjects(&key, &cx.origin)).await?;
    let mut tx = service.store.read().await?;
    let link = tx.auditor_link_of(&hash).await?;
    let Some(link) = link.filter(|link| link.works(service.now())) else {
        drop(tx);
        service
            .note_guess(cx, &key, AuditAction::AuditorLinkViewed)
            .await?;
        return Err(Error::NotFound);
    };
    let campaign = tx.campaign(link.campaign).await?.ok_or(Error::NotFound)?;
    let opened = look(&mut tx, campaign, &link, what).await?;
    drop(tx);
    note(service, cx, &link, what).await?;
    Ok((link, opened))
}

async fn look(
    tx: &mut ReadTx,
    campaign: Campaign,
    link: &AuditorLink,
    what: Outside,
) -> Result<Opened> {
    match (what, link.sample) {
        (Outside::Summary, _) => {
            let numbers = in_numbers(tx, campaign, link).await?;
            Ok(Opened::Summary(Box::new(numbers)))
        }
        (Outside::Sample(seed, size), Some(only)) if only != (seed, size) => Err(Error::NotFound),
        (Outside::Sample(seed, size), _) => {
            let view = sample::view(tx, campaign, (seed, size)).await?;
            Ok(Opened::Sample(Box::new(view)))
        }
        (Outside::Item(number), None) => {
            let life = life::read(tx, campaign, number).await?;
            Ok(Opened::Item(Box::new(life)))
        }
        (Outside::Item(number), Some((seed, size))) => {
            let sample = tx.sample(campaign.id, seed, size).await?;
            let within = sample.is_some_and(|sample| sample.items.contains(&number));
            if !within {
                return Err(Error::NotFound);
            }
            let life = life::read(tx, campaign, number).await?;
            Ok(Opened::Item(Box::new(life)))
        }
    }
}

async fn in_numbers(tx: &mut ReadTx, campaign: Campaign, link: &AuditorLink) -> Result<InNumbers> {
    let id = campaign.id;
    let (open, decided) = tx.count_items(id).await?;
    let samples = match link.sample {
        Some((seed, size)) => tx.sample(id, seed, size).await?.into_iter().collect(),
        None => tx.samples(id, LISTED).await?,
    };
    let signed_by = match campaign.content.signed_by {
        Some(by) => Some(requests::person(tx, by).await?),
        None => None,
    };
    Ok(InNumbers {
        owner: requests::person(tx, campaign.content.terms.owner).await?,
        signed_by,
        open,
        decided,
        remedies: tx.count_remedies(id).await?,
        samples,
        campaign,
    })
}

/// One entry a view, with where it was opened from and by which link.
async fn note(service: &Service, cx: &Cx, link: &AuditorLink, what: Outside) -> Result<()> {
    let opened = match what {
        Outside::Summary => serde_json::json!({ "opened": "campaign" }),
        Outside::Sample(seed, size) => {
            serde_json::json!({ "opened": "sample", "seed": seed, "size": size })
        }
        Outside::Item(item) => serde_json::json!({ "opened": "item", "item": item }),
    };
    let mut event = cx.about(AuditAction::AuditorLinkViewed, link.campaign);
    event.targets.push(Target {
        object: link.id.into(),
        content: None,
    });
    event.details = vec![Detail {
        note: Some(opened),
        ..cx.detail(link.id)
    }];
    let tx = service.store.write(service.now(), service.entropy.clone());
    let mut tx = tx.await?;
    still_works(&mut tx, link.id, service.now()).await?;
    tx.count_auditor_view(link.id).await?;
    tx.commit(event, Vec::new()).await?;
    Ok(())
}

/// It may have been called back while the page was made.
async fn still_works(tx: &mut ReadTx, id: AuditorLinkId, now: Instant) -> Result<()> {
    let link = tx.auditor_link(id).await?;
    let works = link.is_some_and(|link| link.works(now));
    if works { Ok(()) } else { Err(Error::NotFound) }
}
