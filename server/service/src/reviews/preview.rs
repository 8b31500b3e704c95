//! What a review would do if it were launched now: counted by the code that launches it, and nothing is written.

use std::collections::BTreeMap;

use domain::approval::Approver;
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::permission::{Action, Facts};
use domain::review::{ExcludedWhy, Flag, Population, ReviewContent, Why};

use super::form::{ReviewForm, resolve};
use super::freeze::Freeze;
use super::launch::moment;
use crate::requests::Named;
use crate::{Cx, Error, Result, Service, boxed};

/// Things that are counted; beyond it the preview stops and says so.
const MOST: u64 = 300_000;
/// More items than that make a reviewer tick boxes: two hours at twenty seconds each.
const TOO_MANY: u64 = 360;
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
}

/// What a review would do.
#[boxed]
pub async fn preview(service: &Service, cx: &Cx, form: &ReviewForm) -> Result<Preview> {
    let result = carry_out(service, cx, form).await;
    service.noted(cx, result).await
}

async fn carry_out(service: &Service, cx: &Cx, form: &ReviewForm) -> Result<Preview> {
    // Whom the form names as the owner is no right to count what everybody has.
    cx.decide(Action::RunReview, None, Facts::default())?;
    let mut tx = service.store.read().await?;
    let mut errors = FieldErrors::new();
    let content = resolve(&mut tx, cx, form, &mut errors).await?;
    drop(tx);
    let content = errors.or(content)?;
    let content = content.ok_or_else(|| Error::Internal("a form without content".to_owned()))?;
    let content = content.check()?;
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
    };
    while let Some(chunk) = freeze.next().await? {
        for item in &chunk.items {
            *preview.because.entry(item.facts.why).or_default() += 1;
            for flag in &item.facts.flags {
                *preview.flags.entry(*flag).or_default() += 1;
            }
        }
        for (one, _) in &chunk.excluded {
            *preview.excluded.entry(one.excluded).or_default() += 1;
        }
        let things = chunk.subjects.iter();
        let things = things.filter(|(one, _)| one.id.identity().is_none());
        let silent = things.filter(|(one, _)| one.application.is_some() && one.detail.is_empty());
        preview.undescribed += silent.count() as u64;
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

/// Who decides, at the beginning of a sentence.
const fn who(approver: &Approver) -> &'static str {
    match approver {
        Approver::Manager => "Managers",
        Approver::ManagersManager => "The managers of managers",
        Approver::Owner => "Owners",
        Approver::ApplicationOwner => "Owners of applications",
        Approver::People { .. } => "The named people",
        Approver::Role { .. } => "Those who hold the role",
        Approver::Administrators => "Administrators",
    }
}

/// What a review says, in sentences that a reader needs no form for.
pub fn sentences(content: &ReviewContent) -> Vec<String> {
    let count = content.stages.len();
    let mut all = vec![format!(
        "{} {} within {} days.",
        content
            .stages
            .first()
            .map_or("Nobody", |stage| who(&stage.reviewer)),
        match content.scope.subjects {
            domain::review::Subjects::Access => "decide on access",
            domain::review::Subjects::Roles => "decide on roles that people hold",
        },
        content.days(),
    )];
    if count > 1 {
        all.push(format!(
            "There are {count} stages: {}.",
            content.rule.label().to_lowercase()
        ));
    }
    all.push(content.unanswered.sentence().to_owned());
    all.push(match content.grace_hours {
        0 => "What is revoked ends when the campaign is closed.".to_owned(),
        hours => format!("What is revoked ends {hours} hours after the campaign is closed; until then it can be restored."),
    });
    if let Some(repeats) = content.repeats {
        let next: Vec<String> = repeats.days().take(3).map(|day| day.to_string()).collect();
        all.push(format!(
            "It repeats: {}: {} …",
            repeats.every.label().to_lowercase(),
            next.join(", ")
        ));
    }
    all
}
