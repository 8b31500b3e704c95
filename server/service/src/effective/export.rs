//! Effective access as files: of a person, and of those who have an entitlement or hold a role. What narrows the page is in
//! the search: words of a name, `how`, and `as_of` for another moment.

use domain::id::{EntitlementId, IdentityId, RoleId};
use domain::page::{ListQuery, Page, Position};
use domain::search::{Search, Term};
use domain::time::Instant;
use storage::ReadTx;

use super::holders::{Holder, Scope, after};
use super::load::{graph, load, load_in};
use super::named::{NamedEntitlement, names_of};
use super::person::{AccessLine, Line, lines_of};
use super::words::How;
use super::{AsOf, totals};
use crate::exports::Of;
use crate::{Error, Result};

/// Columns of a file of effective access. People, applications and entitlements stand under the names by which an import
/// finds them, and under those that people read; what is about a role has no entitlement.
pub(crate) const COLUMNS: &[&str] = &[
    "person_id",
    "username",
    "person",
    "application_id",
    "application",
    "application_name",
    "entitlement_id",
    "entitlement",
    "entitlement_name",
    "risk",
    "role_id",
    "role",
    "how",
    "because",
    "granted_by",
    "reason",
    "since_utc",
    "until_utc",
    "last_used_at",
    "ways",
];

/// Rows of a page of holders: while somebody waits, and when a job writes them.
const PAGE: i64 = 500;
const LARGE_PAGE: i64 = 5_000;

/// What is asked for besides whose access it is.
#[derive(Debug, Default)]
struct Narrow {
    words: Vec<String>,
    how: Option<How>,
    at: Option<Instant>,
}

impl Narrow {
    fn of(search: &Search) -> Result<Self> {
        let mut narrow = Self::default();
        for term in &search.terms {
            match term {
                Term::Word(word) => {
                    let folded = domain::text::fold(word);
                    let words = folded.split(' ').filter(|word| !word.is_empty());
                    narrow.words.extend(words.map(str::to_owned));
                }
                Term::Token { key, value, .. } if key == "how" => {
                    narrow.how = How::from_word(value);
                }
                Term::Token { key, value, .. } if key == "as_of" => {
                    let problem =
                        |_| Error::Refused(format!("“{value}” is no moment. Open the page again."));
                    narrow.at = Some(value.parse().map_err(problem)?);
                }
                Term::Token { .. } => {}
            }
        }
        Ok(narrow)
    }
}

/// A page of effective access in the cells of [`COLUMNS`]. Whoever calls has let the actor in.
pub(crate) async fn rows(
    tx: &mut ReadTx,
    of: Of,
    now: Instant,
    query: &ListQuery,
) -> Result<Page<Vec<String>>> {
    let narrow = Narrow::of(&query.search)?;
    let moment = AsOf::of(narrow.at, now);
    match of {
        Of::Person(id) => of_person(tx, id, moment, &narrow).await,
        Of::Entitlement(id) => holders(tx, Scope::Entitlement(id), moment, query).await,
        Of::Role(id) => holders(tx, Scope::Role(id), moment, query).await,
        Of::All | Of::Application(_) => Err(Error::NotFound),
    }
}

async fn of_person(
    tx: &mut ReadTx,
    id: IdentityId,
    moment: AsOf,
    narrow: &Narrow,
) -> Result<Page<Vec<String>>> {
    let people = load(tx, &[id], moment).await?;
    let mut rows = Vec::new();
    if let Some(whole) = people.by_id.get(&id) {
        let words: Vec<&str> = narrow.words.iter().map(String::as_str).collect();
        let content = &whole.identity.content;
        let who = [
            id.to_string(),
            content.username.clone(),
            content.display_name.clone(),
        ];
        for Line {
            entitlement, line, ..
        } in lines_of(tx, &people, whole).await?
        {
            let fits = narrow.how.is_none_or(|how| line.comes_by(how));
            if fits && entitlement.has_words(&words) {
                rows.push(row(&who, &of_entitlement(&entitlement), &line, narrow.how));
            }
        }
    }
    Ok(Page {
        total: rows.len() as u64,
        rows,
        before: None,
        after: None,
    })
}

async fn holders(
    tx: &mut ReadTx,
    scope: Scope,
    moment: AsOf,
    query: &ListQuery,
) -> Result<Page<Vec<String>>> {
    let from = match &query.position {
        Position::After(cursor) => cursor.parse().map_err(|_| Error::NotFound)?,
        _ => 0,
    };
    let graph = graph(tx, moment).await?;
    let total = match &query.position {
        Position::Start => totals::of(tx, &graph, scope, moment).await?.shown(),
        // It was said with the first page.
        _ => 0,
    };
    let most = if query.whole { LARGE_PAGE } else { PAGE };
    let some = super::holders::candidates(tx, &graph, scope, moment, from, most).await?;
    let what = named(tx, scope).await?;
    let people = load_in(tx, graph, &some, moment).await?;
    let found = super::holders::holders(tx, &people, scope).await?;
    let rows = found.iter().map(|holder: &Holder| {
        let who = [
            holder.id.to_string(),
            holder.username.clone(),
            holder.display_name.clone(),
        ];
        row(&who, &what, &holder.line, None)
    });
    Ok(Page {
        rows: rows.collect(),
        before: None,
        after: after(&some, most).map(|id| id.raw().to_string()),
        total,
    })
}

/// The cells of what somebody has.
type What = [String; 9];

async fn named(tx: &mut ReadTx, scope: Scope) -> Result<What> {
    match scope {
        Scope::Entitlement(id) => entitlement(tx, id).await,
        Scope::Role(id) => role(tx, id).await,
    }
}

async fn entitlement(tx: &mut ReadTx, id: EntitlementId) -> Result<What> {
    let named = names_of(tx, &[id]).await?;
    Ok(named.get(&id).map(of_entitlement).unwrap_or_default())
}

async fn role(tx: &mut ReadTx, id: RoleId) -> Result<What> {
    let role = tx.roles_with(&[id]).await?.pop();
    let mut what = What::default();
    [what[7], what[8]] = [
        id.to_string(),
        role.map(|role| role.content.name).unwrap_or_default(),
    ];
    Ok(what)
}

fn of_entitlement(named: &NamedEntitlement) -> What {
    [
        named.application.to_string(),
        named.application_name.clone(),
        named.application_display.clone(),
        named.id.to_string(),
        named.name.clone(),
        named.display_name.clone(),
        named
            .risk
            .map_or("", domain::lifecycle::Level::word)
            .to_owned(),
        String::new(),
        String::new(),
    ]
}

fn row(who: &[String; 3], what: &What, line: &AccessLine, how: Option<How>) -> Vec<String> {
    let moment = |at: Option<Instant>| at.map(|at| at.to_string()).unwrap_or_default();
    let mut ways = line.ways.iter();
    let lead = ways
        .clone()
        .find(|way| how.is_none_or(|how| way.how == how));
    let lead = lead.or_else(|| ways.next());
    let by = lead.and_then(|way| way.reason.granted_by.as_ref());
    let mut row: Vec<String> = who.iter().chain(what).cloned().collect();
    row.extend([
        lead.map(|way| way.how.word())
            .unwrap_or_default()
            .to_owned(),
        lead.map(super::Way::because).unwrap_or_default(),
        by.map(|(_, name)| name.clone()).unwrap_or_default(),
        lead.map(|way| way.reason.reason.clone())
            .unwrap_or_default(),
        moment(line.since),
        moment(line.until),
        line.last_used
            .map(|day| day.to_string())
            .unwrap_or_default(),
        line.ways.len().to_string(),
    ]);
    row
}
