//! The catalogue as a list: one search over everything, what the team has in common, bundles, and what was asked for lately.

use std::collections::BTreeMap;

use domain::id::{EntitlementId, IdentityId};
use domain::identity::Identity;
use domain::page::{Facet, ListQuery, Page, Position};
use domain::permission::ConsoleRight::{Administer, ManageAccessModel};
use domain::permission::{Visibility, visible_people};
use domain::role::Grantable;
use domain::search::{Search, Term};
use domain::text::fold;
use domain::time::Instant;
use storage::ReadTx;
use storage::entitlements::Segment;
use storage::requests::RequestFilter;

use super::super::detail::Named;
use super::beneficiary;
use super::describe::{Offered, Situation, Standing, describe};
use super::offering::Offering;
use crate::effective::{AsOf, MOST_PEERS, load};
use crate::{Cx, Result, Service, boxed};

/// Rows of a page.
const ROWS: u16 = 25;
/// Things of a section.
const SECTION: usize = 6;
/// What peers have that is looked at, the most common first.
const CANDIDATES: usize = 200;
/// Bundles that are looked through.
const BUNDLES: usize = 200;
/// Words that are looked at when nothing was found.
const MOST_WORDS: usize = 4;
/// People one asks for that are shown.
const REPORTS: i64 = 100;

/// What the catalogue is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogueQuery {
    /// For whom; nobody is oneself.
    pub person: Option<IdentityId>,
    /// Words.
    pub words: String,
    /// Technical name of an application; may be empty.
    pub application: String,
    /// A risk; may be empty.
    pub risk: String,
    /// A kind of entitlement, or `bundle`; may be empty.
    pub kind: String,
    /// Where the page begins.
    pub position: Position,
    /// Whether values to narrow by are wanted.
    pub facets: bool,
}

impl CatalogueQuery {
    /// Whether anything is looked for.
    pub fn is_narrowed(&self) -> bool {
        let all = [&self.words, &self.application, &self.risk, &self.kind];
        all.iter().any(|text| !text.trim().is_empty())
    }

    fn search(&self, words: &str) -> Search {
        let words = words
            .split_whitespace()
            .map(|word| Term::Word(word.to_owned()));
        let tokens = [
            ("application", &self.application),
            ("risk", &self.risk),
            ("kind", &self.kind),
        ];
        let tokens = tokens.into_iter().filter(|(_, value)| !value.is_empty());
        Search {
            terms: words
                .chain(tokens.map(|(key, value)| Term::is(key, value)))
                .collect(),
        }
    }

    fn list(&self, words: &str) -> ListQuery {
        ListQuery {
            search: self.search(words),
            position: self.position.clone(),
            size: ROWS,
            ..ListQuery::default()
        }
    }
}

/// The catalogue for a person.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// For whom.
    pub person: Named,
    /// Who reports to the actor.
    pub reports: Vec<Named>,
    /// Whether the actor may ask for anybody.
    pub for_others: bool,
    /// What was found.
    pub page: Page<Offered>,
    /// Roles that fit.
    pub bundles: Vec<Offered>,
    /// What peers have and the person does not, with how many of them; only where nothing is looked for.
    pub common: Vec<(Offered, usize)>,
    /// How many peers there are.
    pub peers: usize,
    /// What the actor asked for lately.
    pub recent: Vec<Offered>,
    /// Values to narrow by.
    pub facets: Vec<Facet>,
    /// Words that were perhaps meant, where nothing was found.
    pub meant: Vec<String>,
    /// Lines of the actor's cart.
    pub cart: u64,
}

/// What a person may ask for.
#[boxed]
pub async fn catalogue(service: &Service, cx: &Cx, query: &CatalogueQuery) -> Result<Catalogue> {
    let result = carry_out(service, cx, query).await;
    service.noted(cx, result).await
}

async fn carry_out(service: &Service, cx: &Cx, query: &CatalogueQuery) -> Result<Catalogue> {
    let now = service.now();
    let mut tx = service.store.read().await?;
    let tx = &mut tx;
    let person = beneficiary(tx, cx, query.person, now).await?;
    let offering = Offering::of(tx, &person).await?;
    let situation = Situation::of(tx, cx, &person, now).await?;
    let segment = offering.segment();
    let found = if query.kind == "bundle" {
        Page {
            rows: Vec::new(),
            before: None,
            after: None,
            total: 0,
        }
    } else {
        tx.catalogue(&segment, &query.list(&query.words)).await?
    };
    let rows: Vec<Grantable> = found
        .rows
        .iter()
        .map(|row| Grantable::Entitlement(row.id))
        .collect();
    let first = query.position == Position::Start;
    let both = (&offering, &situation);
    let bundles = if first {
        bundles(tx, both, query).await?
    } else {
        Vec::new()
    };
    let (mut peers, mut counts) = (0, BTreeMap::new());
    let mut recent = Vec::new();
    if first && !query.is_narrowed() {
        (peers, counts) = common(tx, &person, &situation, now).await?;
        recent = lately(tx, cx).await?;
    }
    let wanted: Vec<Grantable> = rows
        .iter()
        .chain(counts.keys())
        .chain(&recent)
        .copied()
        .collect();
    let described = describe(tx, both, &wanted_once(wanted)).await?;
    let by_what: BTreeMap<Grantable, Offered> =
        described.into_iter().map(|one| (one.what, one)).collect();
    let pick = |what: &Grantable| by_what.get(what).cloned();
    let mut common: Vec<(Offered, usize)> = counts
        .iter()
        .filter_map(|(what, n)| Some((pick(what)?, *n)))
        .collect();
    common.retain(|(one, _)| matches!(one.standing, Standing::Open | Standing::InCart));
    common.sort_by_cached_key(|(one, n)| (usize::MAX - n, fold(&one.name), one.what));
    common.truncate(SECTION);
    let facets = if query.facets {
        tx.catalogue_facets(&segment, &query.search(&query.words))
            .await?
    } else {
        Vec::new()
    };
    let nothing = rows.is_empty() && bundles.is_empty() && first;
    let meant = if nothing {
        meant(tx, &segment, query).await?
    } else {
        Vec::new()
    };
    Ok(Catalogue {
        reports: reports(tx, cx).await?,
        for_others: visible_people(cx.actor) == Visibility::All
            && cx.actor.rights().has_any(&[Administer, ManageAccessModel]),
        page: Page {
            rows: rows.iter().filter_map(pick).collect(),
            before: found.before,
            after: found.after,
            total: found.total,
        },
        bundles,
        common,
        peers,
        recent: recent.iter().filter_map(pick).take(SECTION).collect(),
        facets,
        meant,
        cart: match cx.me() {
            Some(me) => tx.cart_count(me).await?,
            None => 0,
        },
        person: Named {
            id: person.id,
            name: person.content.display_name,
        },
    })
}

fn wanted_once(mut whats: Vec<Grantable>) -> Vec<Grantable> {
    whats.sort_unstable();
    whats.dedup();
    whats
}

/// Whom the actor asks for besides themselves.
async fn reports(tx: &mut ReadTx, cx: &Cx) -> Result<Vec<Named>> {
    let Some(me) = cx.me() else {
        return Ok(Vec::new());
    };
    let ids = tx.reports_of(&[me], 0, REPORTS).await?;
    let names = super::describe::names(tx, ids.iter().copied()).await?;
    let person = |id: &IdentityId| super::describe::named(&names, *id);
    let mut people: Vec<Named> = ids.iter().map(person).collect();
    people.sort_by_cached_key(|one| (fold(&one.name), one.id));
    Ok(people)
}

/// Roles that can be asked for and fit what is looked for.
async fn bundles(
    tx: &mut ReadTx,
    both: (&Offering, &Situation),
    query: &CatalogueQuery,
) -> Result<Vec<Offered>> {
    let other = !query.kind.is_empty() && query.kind != "bundle";
    if other || !query.application.is_empty() {
        return Ok(Vec::new());
    }
    let roles: Vec<Grantable> = both
        .0
        .roles()
        .into_iter()
        .take(BUNDLES)
        .map(Grantable::Role)
        .collect();
    let mut bundles = describe(tx, both, &roles).await?;
    let words: Vec<String> = query.words.split_whitespace().map(fold).collect();
    bundles.retain(|one| {
        let text = fold(&format!("{} {}", one.name, one.technical));
        let risk = one.risk.map_or("", |risk| risk.word());
        words.iter().all(|word| text.contains(word.as_str()))
            && (query.risk.is_empty() || query.risk == risk)
    });
    bundles.sort_by_cached_key(|one| (fold(&one.name), one.what));
    Ok(bundles)
}

/// What peers have and the person does not, and how many peers there are. A fifth of the peers must have it, and two.
async fn common(
    tx: &mut ReadTx,
    person: &Identity,
    situation: &Situation,
    now: Instant,
) -> Result<(usize, BTreeMap<Grantable, usize>)> {
    let content = &person.content;
    if content.department.is_empty() && content.title.is_empty() {
        return Ok((0, BTreeMap::new()));
    }
    let mut peers = tx
        .peers(&content.department, &content.title, MOST_PEERS)
        .await?;
    peers.retain(|id| *id != person.id);
    let moment = AsOf::now(now);
    let people = load(tx, &peers, moment).await?;
    let mut counts: BTreeMap<EntitlementId, usize> = BTreeMap::new();
    for peer in people.by_id.values() {
        for id in peer
            .entitlements(&people.graph, moment)
            .difference(&situation.has)
        {
            *counts.entry(*id).or_default() += 1;
        }
    }
    let least = peers.len().div_ceil(5).max(2).min(peers.len());
    let mut counts: Vec<(usize, EntitlementId)> = counts
        .into_iter()
        .filter(|(_, n)| *n >= least)
        .map(|(id, n)| (usize::MAX - n, id))
        .collect();
    counts.sort_unstable();
    counts.truncate(CANDIDATES);
    let counts = counts
        .into_iter()
        .map(|(n, id)| (Grantable::Entitlement(id), usize::MAX - n));
    Ok((peers.len(), counts.collect()))
}

/// What the actor asked for lately, the latest first.
async fn lately(tx: &mut ReadTx, cx: &Cx) -> Result<Vec<Grantable>> {
    let filter = RequestFilter {
        involving: cx.me(),
        state: None,
    };
    if filter.involving.is_none() {
        return Ok(Vec::new());
    }
    let mut whats = Vec::new();
    for item in tx.request_page(filter, None, 20).await? {
        if !whats.contains(&item.content.what) {
            whats.push(item.content.what);
        }
    }
    Ok(whats)
}

/// What was perhaps meant: each word that nothing is called by gives way to the nearest one that something is.
async fn meant(tx: &mut ReadTx, segment: &Segment, query: &CatalogueQuery) -> Result<Vec<String>> {
    let words: Vec<&str> = query.words.split_whitespace().take(MOST_WORDS).collect();
    // The text with the nearest words, and those in which one of them is the second nearest.
    let mut texts: Vec<Vec<String>> = vec![Vec::new()];
    for word in words {
        let near = nearest(tx, word).await?;
        let mut second = None;
        if let (Some(other), Some(first)) = (near.get(1), texts.first()) {
            let mut text = first.clone();
            text.push(other.clone());
            second = Some(text);
        }
        let best = near.into_iter().next().unwrap_or_else(|| word.to_owned());
        for text in &mut texts {
            text.push(best.clone());
        }
        texts.extend(second);
    }
    let typed = fold(&query.words);
    let mut meant = Vec::new();
    for text in texts.into_iter().take(MOST_WORDS) {
        let text = text.join(" ");
        // Only what leads to something is offered.
        if fold(&text) != typed && tx.catalogue(segment, &query.list(&text)).await?.total > 0 {
            meant.push(text);
        }
    }
    meant.truncate(3);
    Ok(meant)
}

/// The words nearest to one that nothing begins with; none when something does.
async fn nearest(tx: &mut ReadTx, word: &str) -> Result<Vec<String>> {
    let folded: String = fold(word).chars().filter(|c| c.is_alphanumeric()).collect();
    if folded.chars().count() < 3 {
        return Ok(Vec::new());
    }
    let begins: String = folded.chars().take(2).collect();
    let known = tx.catalogue_words(&begins).await?;
    if known.iter().any(|other| other.starts_with(&folded)) {
        return Ok(Vec::new());
    }
    let mut near: Vec<(usize, String)> = known
        .into_iter()
        .map(|other| (distance(&folded, &other), other))
        .filter(|(apart, _)| *apart <= 2)
        .collect();
    near.sort();
    Ok(near.into_iter().map(|(_, other)| other).take(2).collect())
}

/// How many letters have to be changed, added, left out or swapped to make one word of another.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut next = vec![row + 1];
        for (at, against) in other.iter().enumerate() {
            let swap = usize::from(letter != against);
            let mut best = (last[at] + swap).min(last[at + 1] + 1).min(next[at] + 1);
            if row > 0 && at > 0 && *letter == other[at - 1] && one[row - 1] == *against {
                best = best.min(before[at - 1] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut last, next);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn a_slip_of_the_finger_is_one_or_two_letters_away() {
        for (one, other, apart) in [
            ("snowflke", "snowflake", 1),
            ("jria", "jira", 1),
            ("sap", "sap", 0),
            ("salesforce", "sap", 8),
        ] {
            assert_eq!(distance(one, other), apart, "{one} {other}");
        }
    }
}
