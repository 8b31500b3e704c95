//! The list of outliers, its facets, and what its tokens mean.

use crate::boxed;
use domain::id::{ApplicationId, EntitlementId, IdentityId};
use domain::lifecycle::Level;
use domain::outlier::Rarity;
use domain::page::{Facet, ListQuery, Page};
use domain::permission::Visibility;
use domain::search::{Comparison, Search};
use domain::text;

use crate::applications::{compare_level, level, rank};
use crate::engine::ReadTx;
use crate::list::{Arg, Conditions, Kind, Placed, Shape, SortColumn};
use crate::{Error, Result};

const SHAPE: Shape = Shape {
    columns: "o.identity_id, o.entitlement_id, o.department, o.title, o.holders, o.peers, o.rarity, \
              p.display_name AS person, p.username, e.display_name AS entitlement, e.name AS entitlement_name, e.risk, \
              s.id AS application_id, s.display_name AS application, s.name AS application_name",
    from: "outlier o \
           JOIN identity p ON p.id = o.identity_id AND p.recorded_to IS NULL \
           JOIN entitlement e ON e.id = o.entitlement_id AND e.recorded_to IS NULL \
           JOIN application s ON s.id = o.application_id AND s.recorded_to IS NULL",
    id: "o.entitlement_id",
    sorts: &[SortColumn {
        name: "rarity",
        sql: "o.rarity",
    }],
    newest_first: false,
    by_words: None,
};

/// Keys of the list's tokens.
pub const TOKENS: &[&str] = &[
    "application",
    "department",
    "title",
    "risk",
    "person",
    "entitlement",
];

/// A row of the list of outliers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlierRow {
    /// Who has it.
    pub person: IdentityId,
    /// Their name.
    pub display_name: String,
    /// Their username.
    pub username: String,
    /// The department of the group.
    pub department: String,
    /// The title of the group.
    pub title: String,
    /// What they have.
    pub entitlement: EntitlementId,
    /// Its name for people.
    pub entitlement_display: String,
    /// Its technical name.
    pub entitlement_name: String,
    /// How bad it is in wrong hands.
    pub risk: Option<Level>,
    /// The application that grants it.
    pub application: ApplicationId,
    /// Its name for people.
    pub application_display: String,
    /// Its technical name.
    pub application_name: String,
    /// How many peers have it.
    pub rarity: Rarity,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    identity_id: i64,
    entitlement_id: i64,
    department: String,
    title: String,
    holders: i64,
    peers: i64,
    rarity: i64,
    person: String,
    username: String,
    entitlement: String,
    entitlement_name: String,
    risk: Option<String>,
    application_id: i64,
    application: String,
    application_name: String,
}

impl Placed for Row {
    fn place(&self, _: &str) -> (Arg, i64) {
        (Arg::Int(self.rarity), self.entitlement_id)
    }

    fn fits(_: &str, key: &Arg) -> bool {
        matches!(key, Arg::Int(_))
    }

    fn then(_: &str) -> &'static [(&'static str, Kind)] {
        &[("o.identity_id", Kind::Int)]
    }

    fn rest(&self, _: &str) -> Vec<Arg> {
        vec![Arg::Int(self.identity_id)]
    }
}

impl TryFrom<Row> for OutlierRow {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        Ok(Self {
            person: IdentityId::from_raw(row.identity_id),
            display_name: row.person,
            username: row.username,
            department: row.department,
            title: row.title,
            entitlement: EntitlementId::from_raw(row.entitlement_id),
            entitlement_display: row.entitlement,
            entitlement_name: row.entitlement_name,
            risk: level(row.risk.as_deref())?,
            application: ApplicationId::from_raw(row.application_id),
            application_display: row.application,
            application_name: row.application_name,
            rarity: Rarity {
                holders: count(row.holders),
                peers: count(row.peers),
            },
        })
    }
}

impl ReadTx {
    /// A page of the outliers of a run, the rarest first, as they were found. Related are those of one's reports.
    #[boxed]
    pub async fn outliers(
        &mut self,
        run: i64,
        visibility: Visibility,
        me: Option<IdentityId>,
        query: &ListQuery,
    ) -> Result<Page<OutlierRow>> {
        let conditions = conditions(run, visibility, me, &query.search);
        let page: Page<Row> = self.page(&SHAPE, &conditions, query).await?;
        let rows = page.rows.into_iter().map(OutlierRow::try_from);
        Ok(Page {
            rows: rows.collect::<Result<_>>()?,
            before: page.before,
            after: page.after,
            total: page.total,
        })
    }

    /// Values to narrow the list by, with their counts.
    #[boxed]
    pub async fn outlier_facets(
        &mut self,
        run: i64,
        visibility: Visibility,
        me: Option<IdentityId>,
        search: &Search,
    ) -> Result<Vec<Facet>> {
        let conditions = conditions(run, visibility, me, search);
        let wanted = [
            ("application", "s.name", 12),
            ("department", "o.department", 12),
            ("risk", "e.risk", 4),
        ];
        self.facets(&SHAPE, &conditions, &wanted).await
    }
}

fn conditions(
    run: i64,
    visibility: Visibility,
    me: Option<IdentityId>,
    search: &Search,
) -> Conditions {
    let mut all = Conditions::new("1 = 1");
    all.compare("o.run", Comparison::Is, Arg::Int(run));
    match visibility {
        Visibility::All => {}
        Visibility::Nothing => all.never(),
        Visibility::Related(id) => {
            let id = all.bind(Arg::Int(id.raw()));
            all.and(&format!(
                "o.identity_id IN (SELECT m.id FROM identity m WHERE m.recorded_to IS NULL AND m.manager_id = {id})"
            ));
        }
    }
    let things = [
        ("o.identity_id", "identity_word"),
        ("o.entitlement_id", "entitlement_word"),
    ];
    all.words_of_any(&things, search);
    all.tokens(search, |all, key, comparison, value| {
        token(all, me, key, comparison, value)
    });
    all
}

/// The ids of what has a name, so that only the table of outliers is gone through.
fn named(all: &mut Conditions, column: &str, table: &str, condition: &str, name: &str) {
    let name = all.bind(Arg::Text(text::key(name)));
    all.and(&format!(
        "{column} IN (SELECT n.id FROM {table} n WHERE n.recorded_to IS NULL AND n.{condition} = {name})"
    ));
}

fn token(
    all: &mut Conditions,
    me: Option<IdentityId>,
    key: &str,
    comparison: Comparison,
    value: &str,
) -> bool {
    match (key, comparison) {
        ("department", Comparison::Is) => {
            all.compare("o.department", comparison, Arg::Text(value.to_owned()));
        }
        ("title", Comparison::Is) => {
            all.compare("o.title", comparison, Arg::Text(value.to_owned()));
        }
        ("application", Comparison::Is) => match value.parse::<ApplicationId>() {
            Ok(id) => all.compare("o.application_id", comparison, Arg::Int(id.raw())),
            Err(_) => named(all, "o.application_id", "application", "name_key", value),
        },
        ("entitlement", Comparison::Is) => match value.parse::<EntitlementId>() {
            Ok(id) => all.compare("o.entitlement_id", comparison, Arg::Int(id.raw())),
            Err(_) => named(all, "o.entitlement_id", "entitlement", "name_key", value),
        },
        ("person", Comparison::Is) if value == "me" => {
            let me = me.map_or(0, IdentityId::raw);
            all.compare("o.identity_id", comparison, Arg::Int(me));
        }
        ("person", Comparison::Is) => match value.parse::<IdentityId>() {
            Ok(id) => all.compare("o.identity_id", comparison, Arg::Int(id.raw())),
            Err(_) => named(all, "o.identity_id", "identity", "username_key", value),
        },
        ("risk", _) => return compare_level(all, rank!("e.risk"), comparison, value),
        _ => return false,
    }
    true
}
