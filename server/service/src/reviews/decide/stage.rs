//! Staging decisions: drafts that are checked like what is submitted.

use std::collections::{BTreeMap, BTreeSet};

use domain::field::FieldErrors;
use domain::id::{CampaignId, EntitlementId, IdentityId, ObjectKind};
use domain::identity::IdentityStatus;
use domain::review::{Choice, NotStageable, Remedy, Staged, check, offered, swept};
use domain::time::Instant;
use storage::ReadTx;
use storage::reviews::ReviewItem;

use super::super::zone;
use super::grouping::Grouping;
use super::smaller;
use super::{Sitting, is_about};
use crate::{Cx, Error, Result, Service, boxed, effective, references};

/// Items that one press stages at most.
const MOST: usize = 10_000;
/// Items read at a time.
const PART: i64 = 2_000;

/// A decision as it was typed or pressed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// What, as its word.
    pub choice: String,
    /// Why.
    pub reason: String,
    /// The last day on which it is needed; empty for none.
    pub until: String,
    /// The id of what is enough instead; empty for nothing.
    pub smaller: String,
    /// The username or id of who knows; empty for nobody.
    pub to: String,
    /// How it ends, as its word; empty for the first way that is offered.
    pub remedy: String,
    /// How long the item was looked at, in milliseconds.
    pub looked: Option<u32>,
}

/// How it went with one of several items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Went {
    /// Its number.
    pub number: u64,
    /// What is staged now, or why it is not.
    pub staged: std::result::Result<Staged, String>,
}

/// What was kept with one press.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptTogether {
    /// The numbers of what is staged to be kept now.
    pub kept: Vec<u64>,
    /// Flagged items that wait for a look of their own.
    pub flagged: u64,
    /// Items on which something was staged before; it stays.
    pub staged_before: u64,
}

/// Stages a decision on items, each checked by itself. Several at once look the same to their reviewer; each keeps the
/// note that it was decided with the others.
#[boxed]
pub async fn stage(
    service: &Service,
    cx: &Cx,
    campaign: CampaignId,
    numbers: &[u64],
    draft: &Draft,
) -> Result<Vec<Went>> {
    let result = put(service, cx, campaign, numbers, draft).await;
    service.noted(cx, result).await
}

async fn put(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    numbers: &[u64],
    draft: &Draft,
) -> Result<Vec<Went>> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let sitting = Sitting::of(&mut tx, cx, id, now).await?;
    sitting.must_be_open()?;
    let staged = read(&mut tx, draft, now).await?;
    let wanted: BTreeSet<u64> = numbers.iter().copied().take(MOST).collect();
    let wanted: Vec<u64> = wanted.into_iter().collect();
    let items = tx.review_items(id, &wanted).await?;
    if items.is_empty() {
        return Err(Error::NotFound);
    }
    if items.iter().any(|item| item.likeness != items[0].likeness) {
        return Err(Error::Refused(
            "These do not look the same. Decide them one by one.".to_owned(),
        ));
    }
    let together = u32::try_from(items.len()).unwrap_or(u32::MAX);
    // What looks the same is of the same thing: what is less of it is looked for once.
    let problem = smaller::problem(&mut tx, &items[0], &staged).await?;
    let mut went = Vec::with_capacity(items.len());
    for item in &items {
        let wanted = Staged {
            together,
            ..staged.clone()
        };
        let staged = sitting.staged(item, wanted, now);
        let staged = staged.and_then(|one| match problem {
            Some(why) => Err(why.to_owned()),
            None => Ok(one),
        });
        went.push(Went {
            number: item.facts.number,
            staged,
        });
    }
    let drafts: Vec<(u64, Staged)> = went
        .iter()
        .filter_map(|one| Some((one.number, one.staged.clone().ok()?)))
        .collect();
    if drafts.is_empty() {
        return Ok(went);
    }
    tx.put_drafts(id, sitting.me, &drafts).await?;
    service
        .commit_once(
            cx,
            tx,
            id,
            "drafts bind nobody; what is submitted is in the log",
        )
        .await?;
    Ok(went)
}

/// Takes back what is staged on items. Answers on how many something was.
#[boxed]
pub async fn unstage(
    service: &Service,
    cx: &Cx,
    campaign: CampaignId,
    numbers: &[u64],
) -> Result<u64> {
    let result = take_back(service, cx, campaign, numbers).await;
    service.noted(cx, result).await
}

async fn take_back(service: &Service, cx: &Cx, id: CampaignId, numbers: &[u64]) -> Result<u64> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let sitting = Sitting::of(&mut tx, cx, id, now).await?;
    let gone = tx.drop_drafts(id, sitting.me, numbers).await?;
    service
        .commit_once(
            cx,
            tx,
            id,
            "drafts bind nobody; what is submitted is in the log",
        )
        .await?;
    Ok(gone)
}

/// Stages to keep what nobody has to look at by itself in a group: what is not flagged and has nothing staged.
#[boxed]
pub async fn keep_unflagged(
    service: &Service,
    cx: &Cx,
    campaign: CampaignId,
    group_by: Grouping,
    group: i64,
) -> Result<KeptTogether> {
    let result = keep(service, cx, campaign, group_by, group).await;
    service.noted(cx, result).await
}

async fn keep(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    group_by: Grouping,
    group: i64,
) -> Result<KeptTogether> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let sitting = Sitting::of(&mut tx, cx, id, now).await?;
    sitting.must_be_open()?;
    let group = group_by.kind().map(|kind| (kind, group)).ok_or_else(|| {
        Error::Refused("Several are kept at once only in a group. Choose one.".to_owned())
    })?;
    let mut all = KeptTogether::default();
    for voice in sitting.voices.clone() {
        sweep(&mut tx, &sitting, (voice, group), &mut all).await?;
    }
    if all.kept.is_empty() {
        return Ok(all);
    }
    let staged = Staged {
        together: u32::try_from(all.kept.len()).unwrap_or(u32::MAX),
        ..Staged::of(Choice::Keep)
    };
    let drafts: Vec<(u64, Staged)> = all
        .kept
        .iter()
        .map(|number| (*number, staged.clone()))
        .collect();
    tx.put_drafts(id, sitting.me, &drafts).await?;
    service
        .commit_once(
            cx,
            tx,
            id,
            "drafts bind nobody; what is submitted is in the log",
        )
        .await?;
    Ok(all)
}

/// Adds what one voice has in a group: a part at a time, because what is staged or decided already stands among it.
async fn sweep(
    tx: &mut ReadTx,
    sitting: &Sitting,
    (voice, group): (IdentityId, (ObjectKind, i64)),
    all: &mut KeptTogether,
) -> Result<()> {
    let id = sitting.campaign.id;
    let mut after = 0;
    while all.kept.len() < MOST {
        let mut items = tx.pile_items(id, voice, Some(group), after, PART).await?;
        let Some(last) = items.last() else { break };
        after = last.facts.number;
        items.retain(|item| sitting.hindrance(item).is_none());
        let numbers: Vec<u64> = items.iter().map(|item| item.facts.number).collect();
        let before = tx.drafts_on(id, sitting.me, &numbers).await?;
        let before: BTreeSet<u64> = before.into_iter().map(|draft| draft.0).collect();
        for item in &items {
            if before.contains(&item.facts.number) {
                all.staged_before += 1;
            } else if swept(&item.facts) {
                all.kept.push(item.facts.number);
            } else {
                all.flagged += 1;
            }
        }
    }
    Ok(())
}

impl Sitting {
    /// What would be staged on an item, or why it cannot be.
    pub(super) fn staged(
        &self,
        item: &ReviewItem,
        mut staged: Staged,
        now: Instant,
    ) -> std::result::Result<Staged, String> {
        if let Some(why) = self.hindrance(item) {
            return Err(why.to_owned());
        }
        let ways = offered(&item.facts);
        if staged.choice == Choice::Revoke && staged.remedy.is_none() && ways != [Remedy::End] {
            staged.remedy = ways.first().copied();
        }
        check(&item.facts, &staged, self.me, now).map_err(|why| why.to_string())?;
        if let Some(to) = staged.to.filter(|_| staged.choice == Choice::NotSure) {
            let cannot = to == item.reviewer || self.parts(item).are(to) || is_about(item, to);
            if cannot {
                return Err(NotStageable::WrongPerson.to_string());
            }
        }
        Ok(staged)
    }
}

/// What was typed; all problems at once.
async fn read(tx: &mut ReadTx, draft: &Draft, now: Instant) -> Result<Staged> {
    let mut errors = FieldErrors::new();
    let Some(choice) = Choice::from_word(&draft.choice) else {
        errors.add("choice", "Choose what to decide.");
        return Err(errors.into());
    };
    let mut staged = Staged::of(choice);
    staged.looked = draft.looked;
    staged.reason = errors.line("reason", "The reason", &draft.reason, 1000);
    if choice == Choice::Change {
        let zone = zone(tx).await?;
        let day = errors.date("until", "The last day", &draft.until);
        staged.until = day.map(|day| day.end(&zone));
        if !draft.smaller.trim().is_empty() {
            staged.smaller = draft.smaller.trim().parse::<EntitlementId>().ok();
            let found = match staged.smaller {
                Some(id) => tx.entitlement(id).await?,
                None => None,
            };
            if found.is_none() {
                errors.add(
                    "smaller",
                    "This is not known here. Choose one of the suggestions, or leave it empty.",
                );
            }
        }
    }
    if choice == Choice::NotSure {
        staged.to = references::person(tx, "to", &draft.to, &mut errors).await?;
        if let Some(to) = staged.to
            && !active(tx, &[to], now).await?.contains(&to)
        {
            errors.add("to", "This person cannot decide now. Name somebody else.");
        }
    }
    if choice == Choice::Revoke && !draft.remedy.is_empty() {
        staged.remedy = Remedy::from_word(&draft.remedy);
        if staged.remedy.is_none() {
            errors.add("remedy", "Choose one of the ways that are offered.");
        }
    }
    Ok(errors.or(staged)?)
}

/// Those of some people who are there and can decide.
pub(super) async fn active(
    tx: &mut ReadTx,
    people: &[IdentityId],
    now: Instant,
) -> Result<BTreeSet<IdentityId>> {
    let zone = zone(tx).await?;
    let mut ids = people.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let known = tx.identities_with(&ids).await?;
    Ok(known
        .iter()
        .filter(|one| {
            one.content.status == IdentityStatus::Active
                && effective::presence(&one.content, &zone).is_there(now)
        })
        .map(|one| one.id)
        .collect())
}

/// The kinds of objects by which names are looked up, each once.
pub(super) fn by_kind(
    objects: impl IntoIterator<Item = domain::id::ObjectRef>,
) -> BTreeMap<&'static str, (ObjectKind, Vec<i64>)> {
    let mut all: BTreeMap<&'static str, (ObjectKind, Vec<i64>)> = BTreeMap::new();
    for object in objects {
        let kind = all
            .entry(object.kind.name())
            .or_insert_with(|| (object.kind, Vec::new()));
        kind.1.push(object.raw);
    }
    for (_, ids) in all.values_mut() {
        ids.sort_unstable();
        ids.dedup();
    }
    all
}
