//! Signing a campaign off: whoever answers for the review says, in a sentence of theirs, that they have seen how it ended.

use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::CampaignId;
use domain::permission::{Action, Facts, Permit};
use domain::review::{Campaign, CampaignContent, CampaignState, RemedyState};
use storage::ReadTx;

use crate::{Cx, Error, Result, Service, boxed, requests};

/// Longest sentence.
const LONGEST: usize = 2_000;

/// What there is to sign, or what was signed.
#[derive(Debug, Clone)]
pub struct SignOff {
    /// The campaign.
    pub campaign: Campaign,
    /// Who answers for it, by name.
    pub owner: String,
    /// Who signed it, by name.
    pub signed_by: Option<String>,
    /// Items that nobody decided on.
    pub undecided: u64,
    /// Revocations that have not taken effect.
    pub waiting: u64,
    /// Revocations that took effect and that no reading of the application has verified.
    pub unverified: u64,
    /// Revocations that could not be carried out.
    pub failed: u64,
    /// Whether the reader may sign it now.
    pub may_sign: bool,
}

/// What there is to sign, for everybody who may see the campaign.
#[boxed]
pub async fn sign_off(service: &Service, cx: &Cx, id: CampaignId) -> Result<SignOff> {
    let result = look(service, cx, id).await;
    service.noted(cx, result).await
}

/// The same for whoever is about to sign; refused with a sentence when they cannot.
#[boxed]
pub async fn may_sign(service: &Service, cx: &Cx, id: CampaignId) -> Result<SignOff> {
    let result = async {
        let found = look(service, cx, id).await?;
        let mut tx = service.store.read().await?;
        permitted(&mut tx, cx, &found.campaign).await?;
        match hindrance(&found.campaign.content) {
            Some(why) => Err(Error::Refused(why.to_owned())),
            None => Ok(found),
        }
    };
    service.noted(cx, result.await).await
}

/// Signs a closed campaign off, once. `statement` is kept word for word; `attested` says that the box under it was ticked.
#[boxed]
pub async fn sign(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    statement: &str,
    attested: bool,
) -> Result<()> {
    let result = carry_out(service, cx, id, (statement, attested)).await;
    service.noted(cx, result).await
}

/// Whether the actor may sign: the owner, or whoever runs reviews when the owner can no longer sign in.
async fn permitted(tx: &mut ReadTx, cx: &Cx, campaign: &Campaign) -> Result<Permit> {
    let owner = campaign.content.terms.owner;
    let facts = |is_owner| Facts {
        is_owner,
        ..Facts::default()
    };
    let object = Some(campaign.id.into());
    let is_owner = cx.me() == Some(owner);
    let stands_in = !is_owner && {
        let owner = tx.identity(owner).await?;
        let gone = !owner.is_some_and(|owner| owner.content.status.may_sign_in());
        let runs = cx.decide(Action::RunReview, object, facts(false)).is_ok();
        gone && runs
    };
    cx.decide(Action::SignReview, object, facts(is_owner || stands_in))
}

async fn look(service: &Service, cx: &Cx, id: CampaignId) -> Result<SignOff> {
    let mut tx = service.store.read().await?;
    let campaign = tx.campaign(id).await?.ok_or(Error::NotFound)?;
    let owner = campaign.content.terms.owner;
    let facts = Facts {
        is_owner: cx.me() == Some(owner),
        ..Facts::default()
    };
    cx.decide(Action::ReadReview, Some(id.into()), facts)?;
    let may_sign = cx.me().is_some()
        && hindrance(&campaign.content).is_none()
        && permitted(&mut tx, cx, &campaign).await.is_ok();
    let signed_by = match campaign.content.signed_by {
        Some(by) => Some(requests::person(&mut tx, by).await?),
        None => None,
    };
    let (undecided, _) = tx.count_items(id).await?;
    let remedies = tx.count_remedies(id).await?;
    let count = |wanted: &[RemedyState]| -> u64 {
        let all = remedies.iter().filter(|one| wanted.contains(&one.0));
        all.map(|one| one.1).sum()
    };
    Ok(SignOff {
        owner: requests::person(&mut tx, owner).await?,
        signed_by,
        undecided,
        waiting: count(&[RemedyState::Decided]),
        unverified: count(&[RemedyState::Sent, RemedyState::Acknowledged]),
        failed: count(&[RemedyState::Failed]),
        may_sign,
        campaign,
    })
}

/// Why a campaign cannot be signed off, in a sentence.
fn hindrance(content: &CampaignContent) -> Option<&'static str> {
    match content.state {
        _ if content.signed_by.is_some() => {
            Some("This campaign is signed off already. What was signed does not change.")
        }
        CampaignState::Closed => None,
        CampaignState::Cancelled => {
            Some("A campaign that was called off has no outcome to sign off.")
        }
        CampaignState::Launching | CampaignState::Open => {
            Some("Close the campaign first; then its owner signs off how it ended.")
        }
    }
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    (statement, attested): (&str, bool),
) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let before = tx.campaign(id).await?.ok_or(Error::NotFound)?;
    let permit = permitted(&mut tx, cx, &before).await?;
    let Some(me) = cx.me() else {
        return Err(Error::Refused(
            "A person signs a campaign off, in the console.".to_owned(),
        ));
    };
    if let Some(why) = hindrance(&before.content) {
        return Err(Error::Refused(why.to_owned()));
    }
    let mut errors = FieldErrors::new();
    let statement = errors.required("statement", "What you state", statement, LONGEST);
    if !attested {
        errors.add(
            "attested",
            "Tick the box to sign: without it, this is only a remark.",
        );
    }
    errors.or(())?;
    let after = CampaignContent {
        signed_by: Some(me),
        sign_off: statement,
        ..before.content.clone()
    };
    let target = tx
        .replace_campaign(id, before.recorded_from, &after)
        .await?;
    let event = cx.change(
        &permit,
        AuditAction::CampaignSigned,
        target,
        Some(&before.content),
        Some(&after),
        None,
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await
}
