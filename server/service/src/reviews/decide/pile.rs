//! What somebody has in front of them: how far they are, the groups, and the items of one of them with all their facts.

use std::collections::HashMap;

use domain::id::{CampaignId, EntitlementId, IdentityId, ObjectKind, ObjectRef};
use domain::proposal::{Peers, Proposal};
use domain::review::{Campaign, Choice, Decision, Remedy, Staged, Subjects, offered};
use domain::time::Date;
use storage::ReadTx;
use storage::reviews::{ActRecord, ReviewItem};

use super::Sitting;
use super::grouping::Grouping;
use super::known::Known;
use crate::proposals::{Seen, propose_seen};
use crate::requests::voices;
use crate::{Cx, Result, Service, boxed};

/// Groups that are listed at most.
const MOST_GROUPS: i64 = 500;
/// Campaigns that wait for somebody at most.
const MOST_PILES: i64 = 100;
/// How long an item takes, in seconds.
const EACH: u64 = 20;

/// What part of a pile is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Grouped how.
    pub by: Grouping,
    /// Which group; none for the first one in which something is left.
    pub group: Option<i64>,
    /// After which item.
    pub after: u64,
    /// How many items at most.
    pub most: u32,
}

/// How far somebody is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Submitted.
    pub submitted: u64,
    /// Staged.
    pub staged: u64,
    /// Neither.
    pub left: u64,
}

impl Counted {
    /// About how many minutes are left.
    pub const fn minutes(self) -> u64 {
        (self.left * EACH).div_ceil(60)
    }

    /// Everything that came to them and was not passed on.
    pub const fn all(self) -> u64 {
        self.submitted + self.staged + self.left
    }
}

/// A group of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PileGroup {
    /// Which.
    pub object: i64,
    /// Its name.
    pub name: String,
    /// Open items on which nothing is staged.
    pub left: u64,
    /// Open items that are flagged.
    pub flagged: u64,
}

/// A decision that was submitted, with names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// The decision.
    pub decision: Decision,
    /// Who decided; none when time did.
    pub by: Option<String>,
    /// Who is asked next, when they were not sure.
    pub to: Option<String>,
}

/// An item with everything that is shown of it.
#[derive(Debug, Clone)]
pub struct PileItem {
    /// The item.
    pub item: ReviewItem,
    /// Who or what has it.
    pub holder: String,
    /// Title and department of a person.
    pub holder_detail: String,
    /// What is had.
    pub what: String,
    /// What it lets one do.
    pub what_detail: String,
    /// Its application; empty when it has none.
    pub application: String,
    /// The role or rule that gives it.
    pub because: Option<String>,
    /// Who gave it.
    pub granted_by: Option<String>,
    /// Who decided last time.
    pub last_by: Option<String>,
    /// What is staged.
    pub staged: Option<Staged>,
    /// Whom a staged “not sure” goes to.
    pub staged_to: Option<String>,
    /// What is staged to take its place.
    pub staged_smaller: Option<String>,
    /// The ways in which it can end.
    pub offered: &'static [Remedy],
    /// What was decided in this campaign, in its order.
    pub spoken: Vec<Spoken>,
    /// For whom the reader would decide, when not for themselves.
    pub on_behalf_of: Option<String>,
    /// Why the reader cannot decide on it; none when they can.
    pub hindrance: Option<&'static str>,
    /// What past decisions speak for, where they speak.
    pub proposal: Option<Proposal>,
}

/// What somebody has in front of them.
#[derive(Debug, Clone)]
pub struct Pile {
    /// The campaign.
    pub campaign: Campaign,
    /// How far they are.
    pub counted: Counted,
    /// What they staged, by choice.
    pub staged: Vec<(Choice, u64)>,
    /// What is about the reader and stays with others for whom they stand in: with whom, and how much.
    pub own: Vec<(String, u64)>,
    /// Whether anything of the campaign is about the reader. Somebody else decides on it.
    pub about_me: bool,
    /// The groups.
    pub groups: Vec<PileGroup>,
    /// Whether there are more groups than are listed.
    pub more_groups: bool,
    /// Which group is open; none when everything is in one list.
    pub group: Option<i64>,
    /// The items of the open group, from where it was asked for.
    pub items: Vec<PileItem>,
    /// After which item the next page begins; none at the end.
    pub next: Option<u64>,
}

impl Pile {
    /// Nothing can be looked at: its population is not complete, or never was.
    fn unfrozen(campaign: Campaign) -> Self {
        Self {
            campaign,
            counted: Counted::default(),
            staged: Vec::new(),
            own: Vec::new(),
            about_me: false,
            groups: Vec::new(),
            more_groups: false,
            group: None,
            items: Vec::new(),
            next: None,
        }
    }
}

/// A campaign that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenPile {
    /// The campaign.
    pub campaign: Campaign,
    /// Decided.
    pub decided: u64,
    /// Everything that came to them and was not passed on.
    pub all: u64,
}

/// What part of a campaign is in front of the actor.
#[boxed]
pub async fn pile(service: &Service, cx: &Cx, campaign: CampaignId, asked: Asked) -> Result<Pile> {
    let mut tx = service.store.read().await?;
    let result = look(service, &mut tx, cx, campaign, asked).await;
    drop(tx);
    service.noted(cx, result).await
}

/// The campaigns in which something waits for the actor or those they stand in for; what is due first, first.
#[boxed]
pub async fn open_piles(service: &Service, cx: &Cx) -> Result<Vec<OpenPile>> {
    let mut tx = service.store.read().await?;
    let voices = voices(&mut tx, cx, service.now()).await?;
    let mut all: Vec<OpenPile> = Vec::new();
    for pile in tx.open_piles_of(&voices, MOST_PILES).await? {
        let counts = (
            u64::try_from(pile.decided()).unwrap_or(0),
            u64::try_from(pile.items - pile.passed).unwrap_or(0),
        );
        if let Some(known) = all
            .iter_mut()
            .find(|one| one.campaign.id == pile.campaign())
        {
            known.decided += counts.0;
            known.all += counts.1;
        } else if let Some(campaign) = tx.campaign(pile.campaign()).await? {
            all.push(OpenPile {
                campaign,
                decided: counts.0,
                all: counts.1,
            });
        }
    }
    Ok(all)
}

async fn look(
    service: &Service,
    tx: &mut ReadTx,
    cx: &Cx,
    id: CampaignId,
    asked: Asked,
) -> Result<Pile> {
    let sitting = Sitting::of(tx, cx, id, service.now()).await?;
    let subjects = sitting.campaign.content.terms.scope.subjects;
    let asked = Asked {
        by: asked.by.fitting(subjects),
        ..asked
    };
    let staged: Vec<(Choice, u64)> = tx
        .draft_counts(id, sitting.me)
        .await?
        .into_iter()
        .filter_map(|(word, count)| Some((Choice::from_word(&word)?, u64::try_from(count).ok()?)))
        .collect();
    let in_all: u64 = staged.iter().map(|one| one.1).sum();
    let sum = |of: fn(&storage::reviews::Pile) -> i64| -> u64 {
        let sum: i64 = sitting.piles.iter().map(of).sum();
        u64::try_from(sum).unwrap_or(0)
    };
    let counted = Counted {
        submitted: sum(storage::reviews::Pile::decided),
        staged: in_all,
        left: sum(storage::reviews::Pile::open).saturating_sub(in_all),
    };
    if !sitting.campaign.content.is_frozen() {
        return Ok(Pile::unfrozen(sitting.campaign));
    }
    let (own, about_me) = own(tx, &sitting).await?;
    let mut groups = groups(tx, &sitting, asked.by).await?;
    let most = usize::try_from(MOST_GROUPS).unwrap_or(usize::MAX);
    let more_groups = groups.len() > most;
    groups.truncate(most);
    let group = asked.by.kind().and_then(|_| {
        let first = groups.iter().find(|group| group.left > 0);
        let first = first.or_else(|| groups.first()).map(|one| one.object);
        asked.group.or(first)
    });
    let place = asked.by.kind().zip(group);
    let wanted = i64::from(asked.most) + 1;
    let mut items = Vec::new();
    for voice in &sitting.voices {
        items.extend(
            tx.pile_items(id, *voice, place, asked.after, wanted)
                .await?,
        );
    }
    items.sort_unstable_by_key(|item| item.facts.number);
    let most = usize::try_from(asked.most).unwrap_or(usize::MAX);
    let more = items.len() > most;
    items.truncate(most);
    let next = items.last().filter(|_| more).map(|item| item.facts.number);
    // What is about oneself is not shown among what one decides.
    items.retain(|item| !sitting.parts(item).are(sitting.me));
    let items = with_names(service, tx, &sitting, items).await?;
    Ok(Pile {
        campaign: sitting.campaign,
        counted,
        staged,
        own,
        about_me,
        groups,
        more_groups,
        group,
        items,
        next,
    })
}

/// What is about the reader: how much of it is in front of each they stand in for, who decide on it themselves; and whether
/// there is any in the whole campaign.
async fn own(tx: &mut ReadTx, sitting: &Sitting) -> Result<(Vec<(String, u64)>, bool)> {
    let id = sitting.campaign.id;
    let me = [sitting.me.raw()];
    let population = tx.review_subjects(id, ObjectKind::Identity, &me).await?;
    if population.is_empty() {
        return Ok((Vec::new(), false));
    }
    let mut with: Vec<(IdentityId, u64)> = Vec::new();
    for voice in sitting.voices.iter().filter(|one| **one != sitting.me) {
        let count = tx.open_items_about(id, *voice, sitting.me).await?;
        with.extend((count > 0).then_some((*voice, count)));
    }
    let people: Vec<IdentityId> = with.iter().map(|one| one.0).collect();
    let known = tx.identity_names(&people).await?;
    let named = with.into_iter().map(|(who, count)| {
        let found = known.iter().find(|one| one.id == who);
        let name = found.map_or_else(|| who.to_string(), |one| one.display_name.clone());
        (name, count)
    });
    Ok((named.collect(), true))
}

/// The groups of all voices together.
async fn groups(tx: &mut ReadTx, sitting: &Sitting, by: Grouping) -> Result<Vec<PileGroup>> {
    let Some(kind) = by.kind() else {
        return Ok(Vec::new());
    };
    let id = sitting.campaign.id;
    let mut all: HashMap<i64, (i64, i64)> = HashMap::new();
    for voice in &sitting.voices {
        for group in tx.pile_groups(id, *voice, kind, MOST_GROUPS + 1).await? {
            let sums = all.entry(group.object).or_default();
            sums.0 += group.open;
            sums.1 += group.flagged;
        }
    }
    let kinds = kinds(sitting.campaign.content.terms.scope.subjects, kind);
    if kinds == ObjectKind::Identity {
        all.remove(&sitting.me.raw());
    }
    let staged: HashMap<i64, i64> = tx
        .drafts_in_groups(id, sitting.me, kind)
        .await?
        .into_iter()
        .collect();
    let object = |raw| ObjectRef { kind: kinds, raw };
    let known = Known::of(tx, id, all.keys().map(|raw| object(*raw))).await?;
    let mut groups: Vec<PileGroup> = all
        .into_iter()
        .map(|(raw, (open, flagged))| PileGroup {
            object: raw,
            name: if kinds == ObjectKind::Application && raw == 0 {
                "No application".to_owned()
            } else {
                known.name(object(raw))
            },
            left: u64::try_from(open - staged.get(&raw).copied().unwrap_or(0)).unwrap_or(0),
            flagged: u64::try_from(flagged).unwrap_or(0),
        })
        .collect();
    groups.sort_by_cached_key(|group| (domain::text::key(&group.name), group.object));
    Ok(groups)
}

/// What kind of objects the groups of a campaign are.
const fn kinds(subjects: Subjects, by: ObjectKind) -> ObjectKind {
    match (by, subjects) {
        (ObjectKind::Entitlement, Subjects::Roles) => ObjectKind::Role,
        (ObjectKind::Identity, subjects) => subjects.holders(),
        (by, _) => by,
    }
}

pub(super) async fn with_names(
    service: &Service,
    tx: &mut ReadTx,
    sitting: &Sitting,
    items: Vec<ReviewItem>,
) -> Result<Vec<PileItem>> {
    let id = sitting.campaign.id;
    let numbers: Vec<u64> = items.iter().map(|item| item.facts.number).collect();
    let mut staged: HashMap<u64, Staged> = tx
        .drafts_on(id, sitting.me, &numbers)
        .await?
        .into_iter()
        .collect();
    let mut spoken: HashMap<u64, Vec<Decision>> = HashMap::new();
    for written in tx.review_records(id, &numbers).await? {
        if let ActRecord::Decision(decision) = written.record {
            spoken.entry(decision.item).or_default().push(decision);
        }
    }
    let mut objects: Vec<ObjectRef> = Vec::new();
    for item in &items {
        let facts = &item.facts;
        objects.extend([facts.holder, facts.what, item.reviewer.into()]);
        objects.extend(facts.because);
        let people = [facts.granted_by, facts.last.as_ref().map(|last| last.by)];
        objects.extend(people.into_iter().flatten().map(ObjectRef::from));
    }
    let decisions = spoken.values().flatten();
    let people = decisions.flat_map(|one| [one.by, one.to]);
    let people = people.chain(staged.values().map(|one| one.to));
    objects.extend(people.flatten().map(ObjectRef::from));
    let smaller = staged.values().filter_map(|one| one.smaller);
    objects.extend(smaller.map(ObjectRef::from));
    let known = Known::of(tx, id, objects).await?;
    let mut proposals = proposals(service, tx, &items).await?;
    let person = |id: IdentityId| known.name(id.into());
    let all = items.into_iter().map(|item| {
        let facts = &item.facts;
        let staged = staged.remove(&facts.number);
        let spoken = spoken.remove(&facts.number).unwrap_or_default();
        let spoken = spoken.into_iter().map(|decision| Spoken {
            by: decision.by.map(person),
            to: decision.to.map(person),
            decision,
        });
        PileItem {
            holder: known.name(facts.holder),
            holder_detail: known.detail(facts.holder),
            what: known.name(facts.what),
            what_detail: known.detail(facts.what),
            application: known.application(facts.what),
            because: facts.because.map(|because| known.name(because)),
            granted_by: facts.granted_by.map(person),
            last_by: facts.last.as_ref().map(|last| person(last.by)),
            staged_to: staged.as_ref().and_then(|one| one.to).map(person),
            staged_smaller: staged
                .as_ref()
                .and_then(|one| one.smaller)
                .map(|id| known.name(id.into())),
            staged,
            offered: offered(facts),
            spoken: spoken.collect(),
            on_behalf_of: (item.reviewer != sitting.me).then(|| person(item.reviewer)),
            hindrance: sitting.hindrance(&item),
            proposal: proposals.remove(&facts.number),
            item,
        }
    });
    Ok(all.collect())
}

/// What past decisions speak for, by number, for what people have.
async fn proposals(
    service: &Service,
    tx: &mut ReadTx,
    items: &[ReviewItem],
) -> Result<HashMap<u64, Proposal>> {
    let today = service.now().day(&jiff::tz::TimeZone::UTC);
    let (mut numbers, mut pairs, mut seen) = (Vec::new(), Vec::new(), Vec::new());
    for item in items.iter().filter(|item| item.open) {
        let facts = &item.facts;
        let of_person = facts.holder.kind == ObjectKind::Identity;
        if of_person && facts.what.kind == ObjectKind::Entitlement {
            numbers.push(facts.number);
            pairs.push((
                IdentityId::from_raw(facts.holder.raw),
                EntitlementId::from_raw(facts.what.raw),
            ));
            // What the reviewer sees is what a proposal rests on.
            let peers = facts.peers.map(|(having, all)| Peers { having, all });
            let unused = |used: Date| i64::from((today.civil() - used.civil()).get_days());
            seen.push(Seen {
                peers: peers.unwrap_or_default(),
                unused_days: facts.used.map(unused),
            });
        }
    }
    if pairs.is_empty() {
        return Ok(HashMap::new());
    }
    let found = propose_seen(service, tx, &pairs, Some(&seen)).await?;
    Ok(numbers.into_iter().zip(found).collect())
}
