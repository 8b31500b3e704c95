//! Observed access as lists: of a person, of an entitlement, and of everybody.

use crate::boxed;
use domain::access::{AccessKey, ObservedAccess};
use domain::id::{ApplicationId, EntitlementId, IdentityId, SourceId};
use domain::identity::IdentityStatus;
use domain::page::{ListQuery, Page};
use domain::permission::Visibility;
use domain::search::{Comparison, Search};
use domain::text;
use domain::time::{Date, Instant};

use super::row;
use crate::column::days;
use crate::engine::ReadTx;
use crate::list::{Arg, Conditions, Kind, Placed, Shape, SortColumn};
use crate::{Error, Result};

macro_rules! columns {
    () => {
        concat!(
            row::columns!(),
            ", p.display_name AS person, p.username, p.name_key, p.title, p.status AS person_status, \
             e.display_name AS entitlement, e.name AS entitlement_name, e.display_key AS entitlement_key, e.risk, \
             s.id AS application_id, s.display_name AS application, s.display_key AS application_key, \
             (SELECT a.name FROM account a WHERE a.id = x.account_id ORDER BY a.recorded_from DESC LIMIT 1) AS account, \
             (SELECT c.name FROM source c WHERE c.id = x.source_id AND c.recorded_to IS NULL) AS source"
        )
    };
}

const FROM: &str = "observed_access x \
     JOIN identity p ON p.id = x.identity_id AND p.recorded_to IS NULL \
     JOIN entitlement e ON e.id = x.entitlement_id AND e.recorded_to IS NULL \
     JOIN application s ON s.id = e.application_id AND s.recorded_to IS NULL";

/// Of a person: few enough to be sorted by names.
const OF: Shape = Shape {
    columns: columns!(),
    from: FROM,
    id: "x.source_id",
    sorts: &[
        SortColumn {
            name: "application",
            sql: "s.display_key",
        },
        SortColumn {
            name: "entitlement",
            sql: "e.display_key",
        },
        SortColumn {
            name: "since",
            sql: "x.first_seen",
        },
        SortColumn {
            name: "used",
            sql: "COALESCE(x.last_used, -1)",
        },
    ],
    newest_first: false,
    by_words: None,
};

/// Of an entitlement: perhaps everybody, so in the order of the index.
const HOLDERS: Shape = Shape {
    columns: columns!(),
    from: FROM,
    id: "x.source_id",
    sorts: &[SortColumn {
        name: "person",
        sql: "x.identity_id",
    }],
    newest_first: false,
    by_words: None,
};

/// Of an entitlement that few hold.
const FEW_HOLDERS: Shape = Shape {
    columns: columns!(),
    from: FROM,
    id: "x.source_id",
    sorts: &[
        SortColumn {
            name: "name",
            sql: "p.name_key",
        },
        SortColumn {
            name: "since",
            sql: "x.first_seen",
        },
        SortColumn {
            name: "used",
            sql: "COALESCE(x.last_used, -1)",
        },
    ],
    newest_first: false,
    by_words: None,
};

/// Of everybody: by the last use in steps of four weeks, for what was not used for long, and within a step by person. An
/// index of each day would be written in a different place for each day of an import; see ARCHITECTURE.
const ALL: Shape = Shape {
    columns: columns!(),
    from: FROM,
    id: "x.source_id",
    sorts: &[SortColumn {
        name: "age",
        sql: "x.last_used / 28",
    }],
    newest_first: false,
    by_words: None,
};

/// Days of a step, as the list and its index have them.
const STEP: i64 = 28;

/// What must be true of the steps of two days when it is of the days: what the index is asked.
const fn step_of(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Is => Comparison::Is,
        Comparison::Under | Comparison::AtMost => Comparison::AtMost,
        Comparison::Over | Comparison::AtLeast => Comparison::AtLeast,
    }
}

/// Holders are sorted by name up to so many of them.
pub const HOLDERS_BY_NAME: u64 = 1_000;

/// Keys of the tokens of a person's access.
pub const OF_TOKENS: &[&str] = &["application", "source", "used"];
/// Keys of the tokens of an entitlement's holders.
pub const HOLDER_TOKENS: &[&str] = &["status", "source", "used"];
/// Keys of the tokens of everybody's access.
pub const TOKENS: &[&str] = &["used", "application", "entitlement", "person", "source"];

/// A grant with the names of what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRow {
    /// The grant.
    pub access: ObservedAccess,
    /// The person's name.
    pub person: String,
    /// The person's username.
    pub username: String,
    /// The person's title.
    pub title: String,
    /// Where the person is in their life.
    pub person_status: IdentityStatus,
    /// The entitlement's name for people.
    pub entitlement: String,
    /// The entitlement's technical name.
    pub entitlement_name: String,
    /// How bad the entitlement is in wrong hands.
    pub risk: Option<domain::lifecycle::Level>,
    /// The application's id and name.
    pub application: (ApplicationId, String),
    /// The account's name.
    pub account: String,
    /// The source's name.
    pub source: String,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    access: row::Row,
    person: String,
    username: String,
    name_key: String,
    title: String,
    person_status: String,
    entitlement: String,
    entitlement_name: String,
    entitlement_key: String,
    risk: Option<String>,
    application_id: i64,
    application: String,
    application_key: String,
    account: Option<String>,
    source: Option<String>,
}

const BY_PERSON: &[(&str, Kind)] = &[("x.account_id", Kind::Int)];
const BY_NAMES: &[(&str, Kind)] = &[
    ("e.display_key", Kind::Text),
    ("x.entitlement_id", Kind::Int),
    ("x.account_id", Kind::Int),
];
const BY_KEY: &[(&str, Kind)] = &[
    ("x.identity_id", Kind::Int),
    ("x.entitlement_id", Kind::Int),
    ("x.account_id", Kind::Int),
];

impl Placed for Row {
    fn place(&self, sort: &str) -> (Arg, i64) {
        let key = match sort {
            "entitlement" => Arg::Text(self.entitlement_key.clone()),
            "since" => Arg::At(self.access.first_seen.0),
            "used" => Arg::Int(self.access.last_used.unwrap_or(-1)),
            "age" => Arg::Int(self.access.last_used.unwrap_or(-1) / STEP),
            "person" => Arg::Int(self.access.identity_id),
            "name" => Arg::Text(self.name_key.clone()),
            _ => Arg::Text(self.application_key.clone()),
        };
        (key, self.access.source_id)
    }

    fn fits(sort: &str, key: &Arg) -> bool {
        match sort {
            "since" => matches!(key, Arg::At(_)),
            "used" | "age" | "person" => matches!(key, Arg::Int(_)),
            _ => matches!(key, Arg::Text(_)),
        }
    }

    fn then(sort: &str) -> &'static [(&'static str, Kind)] {
        match sort {
            "person" => BY_PERSON,
            "application" => BY_NAMES,
            _ => BY_KEY,
        }
    }

    fn rest(&self, sort: &str) -> Vec<Arg> {
        let (identity, entitlement, account) = (
            Arg::Int(self.access.identity_id),
            Arg::Int(self.access.entitlement_id),
            Arg::Int(self.access.account_id),
        );
        match sort {
            "person" => vec![account],
            "application" => vec![
                Arg::Text(self.entitlement_key.clone()),
                entitlement,
                account,
            ],
            _ => vec![identity, entitlement, account],
        }
    }
}

impl TryFrom<Row> for AccessRow {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let access = row.access.into_access();
        let AccessKey { identity, .. } = access.key;
        Ok(Self {
            access,
            person: row.person,
            username: row.username,
            title: row.title,
            person_status: IdentityStatus::from_word(&row.person_status)
                .ok_or_else(|| Error::damaged(format!("identity {identity}")))?,
            entitlement: row.entitlement,
            entitlement_name: row.entitlement_name,
            risk: crate::applications::level(row.risk.as_deref())?,
            application: (ApplicationId::from_raw(row.application_id), row.application),
            account: row.account.unwrap_or_default(),
            source: row.source.unwrap_or_default(),
        })
    }
}

impl ReadTx {
    /// A page of a person's access, as it is or as it was seen at a moment.
    #[boxed]
    pub async fn observed_of(
        &mut self,
        identity: IdentityId,
        at: Option<Instant>,
        query: &ListQuery,
    ) -> Result<Page<AccessRow>> {
        let mut all = live(at);
        all.compare("x.identity_id", Comparison::Is, Arg::Int(identity.raw()));
        let things = [
            ("x.entitlement_id", "entitlement_word"),
            ("e.application_id", "application_word"),
        ];
        all.words_of_any(&things, &query.search);
        tokens(&mut all, None, &query.search, OF_TOKENS);
        self.access_page(&OF, &all, query).await
    }

    /// A page of those who hold an entitlement, as it is or as it was seen at a moment: by name when they are few.
    #[boxed]
    pub async fn holders(
        &mut self,
        entitlement: EntitlementId,
        at: Option<Instant>,
        query: &ListQuery,
    ) -> Result<Page<AccessRow>> {
        let mut all = live(at);
        all.compare(
            "x.entitlement_id",
            Comparison::Is,
            Arg::Int(entitlement.raw()),
        );
        let many = self.more_than(&all, HOLDERS_BY_NAME).await?;
        all.words("p.id", "identity_word", &query.search);
        tokens(&mut all, None, &query.search, HOLDER_TOKENS);
        let shape = if many { &HOLDERS } else { &FEW_HOLDERS };
        self.access_page(shape, &all, query).await
    }

    /// A page of everybody's live access of which the last use is known, the longest unused first. Related is what one has
    /// oneself, what one's reports have, and what one owns.
    #[boxed]
    pub async fn observed(
        &mut self,
        visibility: Visibility,
        me: Option<IdentityId>,
        query: &ListQuery,
    ) -> Result<Page<AccessRow>> {
        let mut all = live(None);
        all.and("x.last_used IS NOT NULL");
        match visibility {
            Visibility::All => {}
            Visibility::Nothing => all.never(),
            Visibility::Related(id) => {
                let id = all.bind(Arg::Int(id.raw()));
                all.and(&format!(
                    "(x.identity_id = {id} OR p.manager_id = {id} OR e.owner_id = {id} OR s.owner_id = {id})"
                ));
            }
        }
        all.words_of_any(&[("x.identity_id", "identity_word")], &query.search);
        tokens(&mut all, me, &query.search, TOKENS);
        self.access_page(&ALL, &all, query).await
    }

    async fn access_page(
        &mut self,
        shape: &Shape,
        conditions: &Conditions,
        query: &ListQuery,
    ) -> Result<Page<AccessRow>> {
        let page: Page<Row> = self.page(shape, conditions, query).await?;
        let rows = page.rows.into_iter().map(AccessRow::try_from);
        Ok(Page {
            rows: rows.collect::<Result<_>>()?,
            before: page.before,
            after: page.after,
            total: page.total,
        })
    }

    /// Whether more rows of the table match than that.
    async fn more_than(&mut self, conditions: &Conditions, most: u64) -> Result<bool> {
        self.capped("observed_access x", conditions, most + 1)
            .await
            .map(|count| count > most)
    }
}

fn live(at: Option<Instant>) -> Conditions {
    let Some(at) = at else {
        return Conditions::new("x.gone IS NULL");
    };
    let mut all = Conditions::new("1 = 1");
    let at = all.bind(Arg::At(at));
    all.and(&format!(
        "x.first_seen <= {at} AND (x.gone IS NULL OR x.gone > {at})"
    ));
    all
}

fn tokens(all: &mut Conditions, me: Option<IdentityId>, search: &Search, known: &[&str]) {
    all.tokens(search, |all, key, comparison, value| {
        if !known.contains(&key) {
            return false;
        }
        let text = |value: &str| Arg::Text(text::key(value));
        match (key, comparison) {
            ("used", Comparison::Is) if value == "none" => all.and("x.last_used IS NULL"),
            ("used", _) => match value.parse::<Date>() {
                Ok(day) => {
                    all.compare("x.last_used", comparison, Arg::Int(days(day)));
                    all.compare("x.last_used / 28", step_of(comparison), Arg::Int(days(day) / STEP));
                }
                Err(_) => return false,
            },
            ("status", Comparison::Is) => {
                all.compare("p.status", comparison, Arg::Text(value.to_owned()));
            }
            ("application", Comparison::Is) => match value.parse::<ApplicationId>() {
                Ok(id) => all.compare("e.application_id", comparison, Arg::Int(id.raw())),
                Err(_) => all.compare("s.name_key", comparison, text(value)),
            },
            ("entitlement", Comparison::Is) => match value.parse::<EntitlementId>() {
                Ok(id) => all.compare("x.entitlement_id", comparison, Arg::Int(id.raw())),
                Err(_) => all.compare("e.name_key", comparison, text(value)),
            },
            ("person", Comparison::Is) if value == "me" => {
                let me = me.map_or(0, IdentityId::raw);
                all.compare("x.identity_id", comparison, Arg::Int(me));
            }
            ("person", Comparison::Is) => match value.parse::<IdentityId>() {
                Ok(id) => all.compare("x.identity_id", comparison, Arg::Int(id.raw())),
                Err(_) => all.compare("p.username_key", comparison, text(value)),
            },
            ("source", Comparison::Is) => {
                if let Ok(id) = value.parse::<SourceId>() {
                    all.compare("x.source_id", comparison, Arg::Int(id.raw()));
                } else {
                    let name = all.bind(text(value));
                    all.and(&format!(
                        "x.source_id IN (SELECT c.id FROM source c WHERE c.recorded_to IS NULL AND c.name_key = {name})"
                    ));
                }
            }
            _ => return false,
        }
        true
    });
}
