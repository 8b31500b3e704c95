//! Links for outside auditors: made by whoever answers for a campaign, shown once, called back at any time.
//!
//! The token has 256 random bits and is kept as its hash only (OWASP ASVS 5.0, 7.2 and 11.4).

use domain::audit::{AuditAction, Detail, Target};
use domain::field::FieldErrors;
use domain::id::{AuditorLinkId, CampaignId};
use domain::permission::Action;
use domain::review::{Campaign, CampaignState};
use domain::time::{DAY, Instant};
use proof::hash::sha256;
use storage::ReadTx;
use storage::reviews::{AuditorLink, NewAuditorLink};

use super::readable;
use super::sample::Drawn;
use crate::reviews::launch::owns;
use crate::{Cx, Error, Result, Service, boxed, requests};

/// A link works for so many days at most.
pub(super) const MOST_DAYS: i64 = 90;
/// Links and samples that are listed.
const LISTED: i64 = 100;

/// A link that was just made; it cannot be shown again.
#[derive(Clone)]
pub struct MadeLink {
    /// The whole address.
    pub url: String,
    /// Who it is for.
    pub auditor: String,
    /// Until when it works.
    pub expires: Instant,
}

/// The address is a secret: it never reaches a log.
impl std::fmt::Debug for MadeLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeLink")
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// A link in a list.
#[derive(Debug, Clone)]
pub struct LinkRow {
    /// The link.
    pub link: AuditorLink,
    /// Who made it.
    pub by: Option<String>,
    /// Whether it opens something now.
    pub works: bool,
}

/// The links to a campaign.
#[derive(Debug, Clone)]
pub struct Links {
    /// The campaign.
    pub campaign: Campaign,
    /// The newest first.
    pub rows: Vec<LinkRow>,
    /// Samples that a link can be for.
    pub samples: Vec<Drawn>,
    /// Whether the reader may make links and call them back.
    pub may_share: bool,
}

/// The links to a campaign, for whoever may see the campaign.
#[boxed]
pub async fn links(service: &Service, cx: &Cx, id: CampaignId) -> Result<Links> {
    let result = list(service, cx, id).await;
    service.noted(cx, result).await
}

/// Makes a link: for whom, what for, for how many days as typed, and `SEED-SIZE` of a sample that was drawn, or an empty text
/// for the whole campaign.
#[boxed]
pub async fn make_link(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    (auditor, purpose): (&str, &str),
    (days, sample): (&str, &str),
) -> Result<MadeLink> {
    let result = carry_out(service, cx, id, (auditor, purpose), (days, sample)).await;
    service.noted(cx, result).await
}

/// Calls a link back: from now on it opens nothing.
#[boxed]
pub async fn revoke_link(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    link: AuditorLinkId,
) -> Result<()> {
    let result = revoke(service, cx, id, link).await;
    service.noted(cx, result).await
}

async fn list(service: &Service, cx: &Cx, id: CampaignId) -> Result<Links> {
    let now = service.now();
    let (_, samples) = super::samples(service, cx, id).await?;
    let mut tx = service.store.read().await?;
    let campaign = readable(&mut tx, cx, id).await?;
    let facts = owns(cx, campaign.content.terms.owner);
    let may_share = cx
        .decide(Action::ShareReview, Some(id.into()), facts)
        .is_ok();
    let mut rows = Vec::new();
    for link in tx.auditor_links(id, LISTED).await? {
        let by = match link.created_by {
            Some(by) => Some(requests::person(&mut tx, by).await?),
            None => None,
        };
        rows.push(LinkRow {
            works: link.works(now),
            by,
            link,
        });
    }
    Ok(Links {
        campaign,
        rows,
        samples,
        may_share,
    })
}

/// The campaign, when the actor may let others see it.
async fn shareable(tx: &mut ReadTx, cx: &Cx, id: CampaignId) -> Result<Campaign> {
    let campaign = readable(tx, cx, id).await?;
    let facts = owns(cx, campaign.content.terms.owner);
    cx.decide(Action::ShareReview, Some(id.into()), facts)?;
    Ok(campaign)
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    (auditor, purpose): (&str, &str),
    (days, sample): (&str, &str),
) -> Result<MadeLink> {
    let mut tx = service.begin(cx).await?;
    let campaign = shareable(&mut tx, cx, id).await?;
    if campaign.content.state == CampaignState::Launching {
        return Err(Error::Refused(
            "The campaign is still starting. Make links when it has begun.".to_owned(),
        ));
    }
    let mut errors = FieldErrors::new();
    let auditor = errors.required("auditor", "The name of the auditor", auditor, 200);
    let purpose = errors.required("purpose", "What it is for", purpose, 500);
    let days = days.trim().parse::<i64>().ok();
    let days = days.filter(|days| (1..=MOST_DAYS).contains(days));
    if days.is_none() {
        errors.add(
            "days",
            format!("Write for how many days, from 1 to {MOST_DAYS}."),
        );
    }
    let which = wanted(sample);
    let known = match which {
        Some(Some((seed, size))) => tx.sample(id, seed, size).await?.is_some(),
        Some(None) => true,
        None => false,
    };
    if !known {
        errors.add("sample", "Choose a sample that was drawn.");
    }
    errors.or(())?;
    let sample = which.flatten();
    let token = service.token();
    let expires = tx.recorded().plus(days.unwrap_or(1) * DAY);
    let link = NewAuditorLink {
        token: sha256(token.as_bytes()).0,
        campaign: id,
        sample,
        auditor,
        purpose,
        created_by: cx.me(),
        expires,
    };
    let made = tx.insert_auditor_link(&link).await?;
    let mut event = cx.about(AuditAction::AuditorLinkMade, id);
    event.targets.push(target(made));
    event.details = vec![Detail {
        note: Some(serde_json::json!({
            "auditor": link.auditor,
            "purpose": link.purpose,
            "expires": expires.to_string(),
            "seed": sample.map(|one| one.0),
            "size": sample.map(|one| one.1),
        })),
        ..cx.detail(made)
    }];
    service.commit(cx, tx, made, event, Vec::new()).await?;
    Ok(MadeLink {
        url: format!("{}/auditor/{token}", service.public_url()),
        auditor: link.auditor,
        expires,
    })
}

/// Which sample is meant: none in it is the whole campaign; none at all when it cannot be read.
#[expect(
    clippy::option_option,
    reason = "that nothing was chosen and that it cannot be read are two things"
)]
fn wanted(text: &str) -> Option<Option<(u32, u32)>> {
    if text.is_empty() {
        return Some(None);
    }
    let (seed, size) = text.split_once('-')?;
    Some(Some((seed.parse().ok()?, size.parse().ok()?)))
}

fn target(link: AuditorLinkId) -> Target {
    Target {
        object: link.into(),
        content: None,
    }
}

async fn revoke(service: &Service, cx: &Cx, id: CampaignId, link: AuditorLinkId) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    shareable(&mut tx, cx, id).await?;
    let found = tx.auditor_link(link).await?;
    found
        .filter(|found| found.campaign == id)
        .ok_or(Error::NotFound)?;
    if !tx.revoke_auditor_link(link).await? {
        return Err(Error::Refused(
            "This link was called back before. It opens nothing.".to_owned(),
        ));
    }
    let mut event = cx.about(AuditAction::AuditorLinkRevoked, id);
    event.targets.push(target(link));
    event.details = vec![cx.detail(link)];
    service.commit(cx, tx, link, event, Vec::new()).await
}

impl Service {
    /// 256 random bits as text for a URL.
    fn token(&self) -> String {
        let mut bytes = [0_u8; 32];
        self.entropy.fill(&mut bytes);
        domain::text::hex(&bytes)
    }
}
