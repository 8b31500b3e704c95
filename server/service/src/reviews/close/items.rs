//! The items of a campaign by where they are, for its owner and those who run or audit reviews.

use std::collections::HashMap;

use domain::id::{CampaignId, IdentityId};
use domain::permission::Action;
use domain::review::{Campaign, Choice, Why};
use storage::ReadTx;
use storage::reviews::{ActRecord, ItemFilter, ReviewItem};

use super::permitted;
use super::watch::names;
use crate::{Cx, Result, Service, boxed};

/// Which items are listed: those of a reviewer, of an application (0: of none), and in a state, as far as each is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Which {
    /// Who decides, or decided last.
    pub reviewer: Option<IdentityId>,
    /// Of which application, by its number.
    pub application: Option<i64>,
    /// Where they are.
    pub state: Option<ItemState>,
}

/// Where an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemState {
    /// Somebody has to decide.
    Open,
    /// It was decided so.
    Decided(Choice),
}

impl ItemState {
    /// All states, in their order.
    pub const ALL: [Self; 4] = [
        Self::Open,
        Self::Decided(Choice::Keep),
        Self::Decided(Choice::Revoke),
        Self::Decided(Choice::Change),
    ];

    /// As it stands in an address.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Decided(choice) => choice.word(),
        }
    }

    /// What it is called.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Decided(Choice::Keep) => "Kept",
            Self::Decided(Choice::Revoke) => "Revoked",
            Self::Decided(Choice::Change) => "Changed",
            Self::Decided(Choice::NotSure) => "Not sure",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    fn of(item: &ReviewItem) -> Self {
        match item.choice {
            Some(choice) if !item.open => Self::Decided(choice),
            _ => Self::Open,
        }
    }
}

/// An item as the list shows it.
#[derive(Debug, Clone)]
pub struct ListedItem {
    /// The item.
    pub item: ReviewItem,
    /// Where it is.
    pub state: ItemState,
    /// Whose, by name as it was then.
    pub holder: String,
    /// Of what, by name as it was then.
    pub what: String,
    /// Who decides, or decided last.
    pub reviewer: String,
    /// Why they.
    pub why: Why,
}

/// A page of items.
#[derive(Debug, Clone)]
pub struct ItemsPage {
    /// The campaign.
    pub campaign: Campaign,
    /// The items, in the order of their numbers.
    pub rows: Vec<ListedItem>,
    /// After which item the next page begins; none at the end. A page that is not full, or is empty, has one, too, when the
    /// rest is far away.
    pub next: Option<u64>,
    /// The name of the reviewer whose items are listed.
    pub reviewer: Option<String>,
    /// The name of the application whose items are listed.
    pub application: Option<String>,
    /// Whether the reader may run the campaign.
    pub may_run: bool,
}

/// A page of a campaign's items after a number.
#[boxed]
pub async fn items(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    which: Which,
    after: u64,
    most: u32,
) -> Result<ItemsPage> {
    let result = carry_out(service, cx, id, which, (after, most)).await;
    service.noted(cx, result).await
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    which: Which,
    (after, most): (u64, u32),
) -> Result<ItemsPage> {
    let mut tx = service.store.read().await?;
    let (campaign, _) = permitted(&mut tx, cx, id, Action::ReadReview).await?;
    let may_run = permitted(&mut tx, cx, id, Action::RunReview).await.is_ok();
    let most = usize::try_from(most).unwrap_or(50);
    let filter = ItemFilter {
        reviewer: which.reviewer,
        application: which.application,
        state: which.state.map(ItemState::word),
    };
    // What is still being frozen, or never was, is nothing that anybody reviews.
    let (items, next) = if campaign.content.is_frozen() {
        tx.listed_items(id, filter, after, most).await?
    } else {
        (Vec::new(), None)
    };
    let called = names(&mut tx, id, &items).await?;
    let mut people: Vec<IdentityId> = items.iter().map(|item| item.reviewer).collect();
    people.extend(which.reviewer);
    people.sort_unstable();
    people.dedup();
    let people: HashMap<IdentityId, String> = tx
        .identity_names(&people)
        .await?
        .into_iter()
        .map(|one| (one.id, one.display_name))
        .collect();
    let person = |who: IdentityId| people.get(&who).cloned().unwrap_or_else(|| who.to_string());
    let why = reasons(&mut tx, id, &items).await?;
    let name = |object: domain::id::ObjectRef| {
        let known = called.get(&(object.kind, object.raw)).cloned();
        known.unwrap_or_else(|| object.to_string())
    };
    let rows = items.into_iter().map(|item| ListedItem {
        state: ItemState::of(&item),
        holder: name(item.facts.holder),
        what: name(item.facts.what),
        reviewer: person(item.reviewer),
        why: why
            .get(&item.facts.number)
            .copied()
            .unwrap_or(item.facts.why),
        item,
    });
    let application = match which.application {
        None => None,
        Some(raw) => Some(super::watch::application(&mut tx, raw).await?),
    };
    Ok(ItemsPage {
        rows: rows.collect(),
        campaign,
        next,
        reviewer: which.reviewer.map(person),
        application,
        may_run,
    })
}

/// Why those decide to whom items came after the beginning, as the records say it.
async fn reasons(
    tx: &mut ReadTx,
    id: CampaignId,
    items: &[ReviewItem],
) -> Result<HashMap<u64, Why>> {
    let numbers: Vec<u64> = items.iter().map(|item| item.facts.number).collect();
    let mut all = HashMap::new();
    for written in tx.review_records(id, &numbers).await? {
        let (item, why) = match written.record {
            ActRecord::Decision(one) => {
                let passed = (one.choice == Choice::NotSure).then_some(Why::Passed);
                (one.item, one.next.map(|next| next.why).or(passed))
            }
            ActRecord::Passed { item, why, .. } => (item, Some(why.unwrap_or(Why::Passed))),
            ActRecord::Remedy { .. } => continue,
        };
        all.extend(why.map(|why| (item, why)));
    }
    Ok(all)
}
