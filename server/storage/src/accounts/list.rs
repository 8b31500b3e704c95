//! The list of accounts, its facets, and what its tokens mean.

use crate::boxed;
use domain::account::AccountStatus;
use domain::id::{AccountId, ApplicationId, IdentityId, SourceId};
use domain::page::{Facet, ListQuery, Page};
use domain::permission::Visibility;
use domain::search::{Comparison, Search};
use domain::text;
use domain::time::Date;

use crate::column::Day;
use crate::engine::ReadTx;
use crate::list::{Arg, Conditions, Kind, Placed, Shape, SortColumn};
use crate::{Error, Result};

// Names come from subqueries: a join might be begun at the other end, and then everything would have to be sorted.
const COLUMNS: &str = "a.id, a.name, a.name_key, a.status, a.last_used, a.implied, a.application_id, \
    (SELECT s.display_name FROM application s WHERE s.id = a.application_id AND s.recorded_to IS NULL) AS application, \
    a.identity_id, (SELECT p.display_name FROM identity p WHERE p.id = a.identity_id AND p.recorded_to IS NULL) AS person, \
    a.source_id, (SELECT c.name FROM source c WHERE c.id = a.source_id AND c.recorded_to IS NULL) AS source";
const FROM: &str = "account a";
/// 0 for an orphan; the index `account_by_application` is in this order.
const ORPHANS_FIRST: &str = "CASE WHEN a.identity_id IS NULL THEN 0 ELSE 1 END";

/// Of an application.
const OF_APPLICATION: Shape = Shape {
    columns: COLUMNS,
    from: FROM,
    id: "a.id",
    sorts: &[
        SortColumn {
            name: "orphans",
            sql: ORPHANS_FIRST,
        },
        SortColumn {
            name: "name",
            sql: "a.name_key",
        },
    ],
    newest_first: false,
    by_words: None,
};

/// Of a person, or of everybody.
const BY_NAME: Shape = Shape {
    columns: COLUMNS,
    from: FROM,
    id: "a.id",
    sorts: &[SortColumn {
        name: "name",
        sql: "a.name_key",
    }],
    newest_first: false,
    by_words: None,
};

/// The technical name of the application, as its token takes it.
const APPLICATION: &str =
    "(SELECT s.name FROM application s WHERE s.id = a.application_id AND s.recorded_to IS NULL)";

/// Keys of the list's tokens.
pub const TOKENS: &[&str] = &["status", "person", "application", "name", "used"];

/// Whose accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountScope {
    /// Everybody's.
    All,
    /// A person's.
    Person(IdentityId),
    /// An application's, orphans first.
    Application(ApplicationId),
}

/// A row of the list of accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Whether it can be used.
    pub status: AccountStatus,
    /// The last day it was used.
    pub last_used: Option<Date>,
    /// Known only from access rows.
    pub implied: bool,
    /// The application's id and name.
    pub application: (ApplicationId, String),
    /// The person's id and name; none for an orphan.
    pub person: Option<(IdentityId, String)>,
    /// The source's id and name.
    pub source: (SourceId, String),
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    name_key: String,
    status: String,
    last_used: Option<Day>,
    implied: bool,
    application_id: i64,
    application: Option<String>,
    identity_id: Option<i64>,
    person: Option<String>,
    source_id: i64,
    source: Option<String>,
}

impl Placed for Row {
    fn place(&self, sort: &str) -> (Arg, i64) {
        let key = match sort {
            "orphans" => Arg::Int(i64::from(self.identity_id.is_some())),
            _ => Arg::Text(self.name_key.clone()),
        };
        (key, self.id)
    }

    fn fits(sort: &str, key: &Arg) -> bool {
        match sort {
            "orphans" => matches!(key, Arg::Int(_)),
            _ => matches!(key, Arg::Text(_)),
        }
    }

    fn then(sort: &str) -> &'static [(&'static str, Kind)] {
        match sort {
            "orphans" => &[("a.name_key", Kind::Text)],
            _ => &[],
        }
    }

    fn rest(&self, sort: &str) -> Vec<Arg> {
        match sort {
            "orphans" => vec![Arg::Text(self.name_key.clone())],
            _ => Vec::new(),
        }
    }
}

impl TryFrom<Row> for AccountRow {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let id = AccountId::from_raw(row.id);
        Ok(Self {
            id,
            status: AccountStatus::from_word(&row.status)
                .ok_or_else(|| Error::damaged(format!("account {id}")))?,
            name: row.name,
            last_used: row.last_used.map(|day| day.0),
            implied: row.implied,
            application: (
                ApplicationId::from_raw(row.application_id),
                row.application.unwrap_or_default(),
            ),
            person: row
                .identity_id
                .map(|id| (IdentityId::from_raw(id), row.person.unwrap_or_default())),
            source: (
                SourceId::from_raw(row.source_id),
                row.source.unwrap_or_default(),
            ),
        })
    }
}

impl ReadTx {
    /// A page of accounts that have not ended; related are one's own and those of the applications one owns.
    #[boxed]
    pub async fn accounts(
        &mut self,
        scope: AccountScope,
        visibility: Visibility,
        me: Option<IdentityId>,
        query: &ListQuery,
    ) -> Result<Page<AccountRow>> {
        let conditions = conditions(scope, visibility, me, &query.search);
        let page: Page<Row> = self.page(shape(scope), &conditions, query).await?;
        let rows = page.rows.into_iter().map(AccountRow::try_from);
        Ok(Page {
            rows: rows.collect::<Result<_>>()?,
            before: page.before,
            after: page.after,
            total: page.total,
        })
    }

    /// Values to narrow the list by, with their counts.
    #[boxed]
    pub async fn account_facets(
        &mut self,
        scope: AccountScope,
        visibility: Visibility,
        me: Option<IdentityId>,
        search: &Search,
    ) -> Result<Vec<Facet>> {
        let conditions = conditions(scope, visibility, me, search);
        self.facets(
            shape(scope),
            &conditions,
            &[("status", "a.status", 2), ("application", APPLICATION, 12)],
        )
        .await
    }
}

const fn shape(scope: AccountScope) -> &'static Shape {
    match scope {
        AccountScope::Application(_) => &OF_APPLICATION,
        AccountScope::All | AccountScope::Person(_) => &BY_NAME,
    }
}

fn conditions(
    scope: AccountScope,
    visibility: Visibility,
    me: Option<IdentityId>,
    search: &Search,
) -> Conditions {
    let mut all = Conditions::new("a.recorded_to IS NULL");
    match scope {
        AccountScope::All => {}
        AccountScope::Person(id) => {
            all.and("a.identity_id IS NOT NULL");
            all.compare("a.identity_id", Comparison::Is, Arg::Int(id.raw()));
        }
        AccountScope::Application(id) => {
            all.compare("a.application_id", Comparison::Is, Arg::Int(id.raw()));
        }
    }
    match visibility {
        Visibility::All => {}
        Visibility::Nothing => all.never(),
        Visibility::Related(id) => {
            let id = all.bind(Arg::Int(id.raw()));
            all.and(&format!(
                "(a.identity_id = {id} OR a.application_id IN (SELECT s.id FROM application s WHERE s.recorded_to IS NULL AND s.owner_id = {id}))"
            ));
        }
    }
    for word in search.words() {
        let prefix = text::key(word);
        let (from, to) = (
            all.bind(Arg::Text(prefix.clone())),
            all.bind(Arg::Text(format!("{prefix}\u{10FFFF}"))),
        );
        all.and(&format!("a.name_key >= {from} AND a.name_key < {to}"));
    }
    all.tokens(search, |all, key, comparison, value| {
        token(all, me, key, comparison, value)
    });
    all
}

fn token(
    all: &mut Conditions,
    me: Option<IdentityId>,
    key: &str,
    comparison: Comparison,
    value: &str,
) -> bool {
    match (key, comparison) {
        ("status", Comparison::Is) => {
            all.compare("a.status", comparison, Arg::Text(value.to_owned()));
        }
        ("name", Comparison::Is) => {
            all.compare("a.name_key", comparison, Arg::Text(text::key(value)));
        }
        ("person", Comparison::Is) if value == "none" => all.and("a.identity_id IS NULL"),
        ("person", Comparison::Is) if value == "me" => {
            let me = me.map_or(0, IdentityId::raw);
            all.compare("a.identity_id", comparison, Arg::Int(me));
        }
        ("person", Comparison::Is) => {
            if let Ok(id) = value.parse::<IdentityId>() {
                all.compare("a.identity_id", comparison, Arg::Int(id.raw()));
            } else {
                let name = all.bind(Arg::Text(text::key(value)));
                all.and(&format!(
                    "a.identity_id IN (SELECT p.id FROM identity p WHERE p.recorded_to IS NULL AND p.username_key = {name})"
                ));
            }
        }
        ("application", Comparison::Is) => {
            if let Ok(id) = value.parse::<ApplicationId>() {
                all.compare("a.application_id", comparison, Arg::Int(id.raw()));
            } else {
                let name = all.bind(Arg::Text(text::key(value)));
                all.and(&format!(
                    "a.application_id IN (SELECT s.id FROM application s WHERE s.recorded_to IS NULL AND s.name_key = {name})"
                ));
            }
        }
        ("used", Comparison::Is) if value == "none" => all.and("a.last_used IS NULL"),
        ("used", _) => match value.parse::<Date>() {
            Ok(day) => all.compare("a.last_used", comparison, Arg::Day(day)),
            Err(_) => return false,
        },
        _ => return false,
    }
    true
}
