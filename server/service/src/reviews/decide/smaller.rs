//! Something smaller in place of what somebody has: what can be chosen, and whether what was chosen may be.

use domain::entitlement::Entitlement;
use domain::id::{CampaignId, EntitlementId, ObjectKind, RoleId};
use domain::lifecycle::Level;
use domain::review::{Campaign, ItemKind, Staged, changeable, is_smaller};
use domain::time::Date;
use storage::ReadTx;
use storage::reviews::ReviewItem;

use super::Sitting;
use super::pile::{PileItem, with_names};
use crate::reviews::zone;
use crate::{Cx, Error, Result, Service, boxed};

/// Things of an application, or in a role, that are looked through.
const MOST: usize = 5_000;
/// Things that are offered.
const OFFERED: usize = 50;

/// Something that is enough instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smaller {
    /// Which.
    pub id: EntitlementId,
    /// Its name.
    pub name: String,
    /// What it lets a person do.
    pub detail: String,
    /// Its risk.
    pub risk: Option<Level>,
}

/// An item with everything that there could be instead.
#[derive(Debug, Clone)]
pub struct Replacements {
    /// The campaign.
    pub campaign: Campaign,
    /// The item as its row shows it.
    pub item: PileItem,
    /// What can be chosen; empty when nothing smaller is known.
    pub offered: Vec<Smaller>,
    /// How many more are less than it, and not offered.
    pub more: usize,
    /// The last day that is staged.
    pub until: Option<Date>,
}

/// What there could be instead of what an item is about, for who decides on it.
#[boxed]
pub async fn replacements(
    service: &Service,
    cx: &Cx,
    campaign: CampaignId,
    number: u64,
) -> Result<Replacements> {
    let mut tx = service.store.read().await?;
    let result = look(service, &mut tx, cx, campaign, number).await;
    drop(tx);
    service.noted(cx, result).await
}

async fn look(
    service: &Service,
    tx: &mut ReadTx,
    cx: &Cx,
    id: CampaignId,
    number: u64,
) -> Result<Replacements> {
    let sitting = Sitting::of(tx, cx, id, service.now()).await?;
    sitting.must_be_open()?;
    let items = tx.review_items(id, &[number]).await?;
    let item = items.into_iter().next().ok_or(Error::NotFound)?;
    if !sitting.voices.contains(&item.reviewer) {
        return Err(Error::NotFound);
    }
    let offered = offers(tx, &item).await?;
    let named = with_names(service, tx, &sitting, vec![item]).await?;
    let item = named.into_iter().next().ok_or(Error::NotFound)?;
    let zone = zone(tx).await?;
    let staged = item.staged.as_ref().and_then(|staged| staged.until);
    Ok(Replacements {
        campaign: sitting.campaign,
        // What ends with a day ends in the moment after it.
        until: staged.map(|end| end.last_day(&zone)),
        item,
        more: offered.len().saturating_sub(OFFERED),
        offered: offered
            .into_iter()
            .take(OFFERED)
            .map(|one| Smaller {
                id: one.id,
                name: one.content.display_name,
                detail: one.content.description,
                risk: one.content.risk,
            })
            .collect(),
    })
}

/// What is enough instead of what an item is about: less of the same application, or one thing of a role. The most like it
/// first.
async fn offers(tx: &mut ReadTx, item: &ReviewItem) -> Result<Vec<Entitlement>> {
    let facts = &item.facts;
    if !changeable(facts) {
        return Ok(Vec::new());
    }
    let mut found = match (facts.item, facts.what.kind) {
        (ItemKind::Role, _) => {
            let graph = tx.role_graph().await?;
            let parts = graph.reach(RoleId::from_raw(facts.what.raw));
            let parts: Vec<EntitlementId> = parts.iter().copied().take(MOST).collect();
            tx.entitlements_with(&parts).await?
        }
        (_, ObjectKind::Entitlement) => {
            let id = EntitlementId::from_raw(facts.what.raw);
            let Some(than) = tx.entitlement(id).await? else {
                return Ok(Vec::new());
            };
            let application = than.content.application;
            // Less of a right in this console is another right, which its own page gives.
            let place = tx.application(application).await?;
            if place.is_none_or(|place| place.content.built_in) {
                return Ok(Vec::new());
            }
            let most = i64::try_from(MOST).unwrap_or(i64::MAX);
            let mut all = tx.entitlements_in(application, most).await?;
            all.retain(|one| one.id != than.id && is_smaller(&one.content, &than.content));
            all
        }
        _ => Vec::new(),
    };
    found.sort_by_cached_key(|one| {
        let name = domain::text::key(&one.content.display_name);
        (std::cmp::Reverse(one.content.risk), name, one.id)
    });
    Ok(found)
}

/// Why something smaller that was chosen cannot take the place of what an item is about; none when it can.
pub(super) async fn problem(
    tx: &mut ReadTx,
    item: &ReviewItem,
    staged: &Staged,
) -> Result<Option<&'static str>> {
    let Some(smaller) = staged.smaller else {
        return Ok(None);
    };
    let offered = offers(tx, item).await?;
    if offered.is_empty() {
        return Ok(Some(
            "Nothing smaller is known that could take its place. Give it a last day, or revoke it.",
        ));
    }
    let fits = offered.iter().any(|one| one.id == smaller);
    Ok((!fits).then_some(
        "This is not less than what it would replace. Choose one of those that are offered.",
    ))
}
