//! What a review would do if it were launched now: counted by the code that launches it, and nothing is written.

use std::collections::BTreeMap;

use domain::approval::Approver;
use domain::field::FieldErrors;
use domain::id::{IdentityId, ObjectKind};
use domain::permission::{Action, Facts};
use domain::review::{ExcludedWhy, Flag, Population, ReviewContent, Why};

use super::form::{ReviewForm, resolve};
use super::freeze::Freeze;
use super::launch::moment;
use super::offers::{Offer, Parts};
use super::sentences::sentences;
use crate::requests::Named;
use crate::{Cx, Error, Result, Service, boxed};

/// Things that are counted; beyond it the preview stops and says so.
const MOST: u64 = 300_000;
/// More items than that make a reviewer tick boxes: two hours at twenty seconds each.
pub(super) const TOO_MANY: u64 = 360;
/// Reviewers that are shown.
const SHOWN: usize = 20;

/// What somebody would have to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Who.
    pub reviewer: Named,
    /// How much.
    pub items: u64,
    /// Whether it is more than anybody decides with care.
    pub too_many: bool,
}

/// What a review would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// What it says, in sentences.
    pub sentences: Vec<String>,
    /// How many there would be.
    pub counts: Population,
    /// Whether more are in scope than were counted.
    pub capped: bool,
    /// Those with most to decide.
    pub shares: Vec<Share>,
    /// Why they decide, by how many items.
    pub because: BTreeMap<Why, u64>,
    /// What would be left out, by why.
    pub excluded: BTreeMap<ExcludedWhy, u64>,
    /// What is not as it should be, by how many items.
    pub flags: BTreeMap<Flag, u64>,
    /// Things without a description: their reviewers cannot know what they decide on.
    pub undescribed: u64,
    /// Things for which nobody answers: neither they nor their application has an owner.
    pub unowned: u64,
    /// Items for which nobody could be found of those who are asked for, nor of those after them.
    pub missing: u64,
    /// Smaller reviews, where somebody would have too much.
    pub offers: Vec<Offer>,
}

/// What a review would do.
#[boxed]
pub async fn preview(service: &Service, cx: &Cx, form: &ReviewForm) -> Result<Preview> {
    let result = carry_out(service, cx, form).await;
    service.noted(cx, result).await
}

/// What a form means: what a review would say, when everything in it can be understood.
#[boxed]
pub async fn read_form(service: &Service, cx: &Cx, form: &ReviewForm) -> Result<ReviewContent> {
    let result = understood(service, cx, form).await;
    service.noted(cx, result).await
}

async fn understood(service: &Service, cx: &Cx, form: &ReviewForm) -> Result<ReviewContent> {
    // Whom the form names as the owner is no right to count what everybody has.
    cx.decide(Action::RunReview, None, Facts::default())?;
    let mut tx = service.store.read().await?;
    let mut errors = FieldErrors::new();
    let content = resolve(&mut tx, cx, form, &mut errors).await?;
    drop(tx);
    let content = errors.or(content)?;
    content.ok_or_else(|| Error::Internal("a form without content".to_owned()))
}

async fn carry_out(service: &Service, cx: &Cx, form: &ReviewForm) -> Result<Preview> {
    let content = understood(service, cx, form).await?.check()?;
    let at = moment(service).await?;
    let mut freeze = Freeze::begin(&service.store, &content, 0, at).await?;
    let mut preview = Preview {
        sentences: sentences(&content),
        counts: Population::default(),
        capped: false,
        shares: Vec::new(),
        because: BTreeMap::new(),
        excluded: BTreeMap::new(),
        flags: BTreeMap::new(),
        undescribed: 0,
        unowned: 0,
        missing: 0,
        offers: Vec::new(),
    };
    let mut parts = Parts::default();
    while let Some(chunk) = freeze.next().await? {
        for item in &chunk.items {
            parts.count(item.application);
            *preview.because.entry(item.why).or_default() += 1;
            for flag in &item.flags {
                *preview.flags.entry(*flag).or_default() += 1;
            }
        }
        for (one, _) in &chunk.excluded {
            *preview.excluded.entry(one.excluded).or_default() += 1;
        }
        for (one, _) in &chunk.subjects {
            if !matches!(one.id.kind, ObjectKind::Entitlement | ObjectKind::Role) {
                continue;
            }
            preview.undescribed += u64::from(one.detail.is_empty());
            preview.unowned += u64::from(!freeze.has_owner(one.id));
        }
        if freeze.counts().all > MOST {
            preview.capped = true;
            break;
        }
    }
    preview.counts = Population {
        reviewers: freeze.by_reviewer().len() as u64,
        ..freeze.counts()
    };
    preview.shares = shares(service, &freeze).await?;
    preview.missing = missing(&content, &preview.because);
    let most = preview.shares.first().map_or(0, |share| share.items);
    if most > TOO_MANY {
        parts.departments = freeze.by_department();
        preview.offers = parts
            .offers(service, &content.scope, (most, &preview.flags))
            .await?;
    }
    Ok(preview)
}

async fn shares(service: &Service, freeze: &Freeze) -> Result<Vec<Share>> {
    let mut all: Vec<(IdentityId, u64)> = freeze
        .by_reviewer()
        .iter()
        .map(|(id, items)| (*id, *items))
        .collect();
    all.sort_by_key(|(id, items)| (std::cmp::Reverse(*items), *id));
    all.truncate(SHOWN);
    let ids: Vec<IdentityId> = all.iter().map(|one| one.0).collect();
    let names = service.store.read().await?.identity_names(&ids).await?;
    let name = |id: IdentityId| {
        let known = names.iter().find(|one| one.id == id);
        known.map_or_else(|| id.to_string(), |one| one.display_name.clone())
    };
    let share = |(id, items)| Share {
        reviewer: Named { id, name: name(id) },
        items,
        too_many: items > TOO_MANY,
    };
    Ok(all.into_iter().map(share).collect())
}

/// Items that go to whoever answers for the review, or to administrators, although the first stage asks for others.
fn missing(content: &ReviewContent, because: &BTreeMap<Why, u64>) -> u64 {
    let stage = content.stages.first();
    let asked = stage.map(|stage| [Some(&stage.reviewer), stage.fallback.as_ref()]);
    let asked = asked.into_iter().flatten().flatten();
    let administrators = asked
        .into_iter()
        .any(|one| *one == Approver::Administrators);
    let of = |why: Why| because.get(&why).copied().unwrap_or(0);
    let others = if administrators {
        0
    } else {
        of(Why::Administrator)
    };
    of(Why::ReviewOwner) + others
}
