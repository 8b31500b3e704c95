//! The list of people, its facets, and what its tokens mean.

use crate::boxed;
use domain::id::IdentityId;
use domain::identity::{IdentityKind, IdentityStatus};
use domain::page::{Facet, ListQuery, Page};
use domain::permission::Visibility;
use domain::search::{Comparison, Search};
use domain::text;
use domain::time::{Date, Instant};

use crate::column::{At, Day};
use crate::engine::ReadTx;
use crate::list::{Arg, ByWords, Conditions, Kind, Placed, Shape, SortColumn};
use crate::{Error, Result};

const SHAPE: Shape = Shape {
    columns: "p.id, p.username, p.display_name, p.name_key, p.email, p.title, p.department, p.location, p.kind, p.status, \
              p.start_date, p.end_date, p.recorded_from, p.manager_id, \
              (SELECT m.display_name FROM identity m WHERE m.id = p.manager_id AND m.recorded_to IS NULL) AS manager",
    from: "identity p",
    id: "p.id",
    sorts: &[
        SortColumn {
            name: "name",
            sql: "p.name_key",
        },
        SortColumn {
            name: "department",
            sql: "p.department",
        },
        SortColumn {
            name: "status",
            sql: "p.status",
        },
        SortColumn {
            name: "kind",
            sql: "p.kind",
        },
        SortColumn {
            name: "ends",
            sql: "COALESCE(p.end_date, '9999-12-31')",
        },
        SortColumn {
            name: "changed",
            sql: "p.recorded_from",
        },
    ],
    newest_first: false,
    by_words: Some(ByWords {
        sort: "p.name_key",
        facets: "identity_facets",
    }),
};

/// Keys of the list's tokens.
pub const TOKENS: &[&str] = &[
    "status",
    "kind",
    "department",
    "title",
    "location",
    "manager",
    "ends",
    "username",
    "access",
];

/// A row of the list of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityRow {
    /// Its id.
    pub id: IdentityId,
    /// Sign-in name.
    pub username: String,
    /// Name to show.
    pub display_name: String,
    /// Mail address, or empty.
    pub email: String,
    /// Job title, or empty.
    pub title: String,
    /// Department, or empty.
    pub department: String,
    /// Location, or empty.
    pub location: String,
    /// What it is.
    pub kind: IdentityKind,
    /// Where it is in its life.
    pub status: IdentityStatus,
    /// First day.
    pub start_date: Option<Date>,
    /// Last day.
    pub end_date: Option<Date>,
    /// Since when it is recorded like this.
    pub recorded_from: Instant,
    /// The manager's id and name.
    pub manager: Option<(IdentityId, String)>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: i64,
    username: String,
    display_name: String,
    name_key: String,
    email: String,
    title: String,
    department: String,
    location: String,
    kind: String,
    status: String,
    start_date: Option<Day>,
    end_date: Option<Day>,
    recorded_from: At,
    manager_id: Option<i64>,
    manager: Option<String>,
}

impl Placed for Row {
    fn place(&self, sort: &str) -> (Arg, i64) {
        let key = match sort {
            "department" => Arg::Text(self.department.clone()),
            "status" => Arg::Text(self.status.clone()),
            "kind" => Arg::Text(self.kind.clone()),
            "ends" => self
                .end_date
                .map_or_else(|| Arg::Day(far()), |day| Arg::Day(day.0)),
            "changed" => Arg::At(self.recorded_from.0),
            _ => Arg::Text(self.name_key.clone()),
        };
        (key, self.id)
    }

    fn fits(sort: &str, key: &Arg) -> bool {
        match sort {
            "ends" => matches!(key, Arg::Day(_)),
            "changed" => matches!(key, Arg::At(_)),
            _ => matches!(key, Arg::Text(_)),
        }
    }

    // People who are alike in these stand by name, which is also the order of the indexes.
    fn then(sort: &str) -> &'static [(&'static str, Kind)] {
        match sort {
            "department" | "status" | "kind" => &[("p.name_key", Kind::Text)],
            _ => &[],
        }
    }

    fn rest(&self, sort: &str) -> Vec<Arg> {
        match sort {
            "department" | "status" | "kind" => vec![Arg::Text(self.name_key.clone())],
            _ => Vec::new(),
        }
    }
}

/// Stands for “no last day” in the order of last days.
fn far() -> Date {
    "9999-12-31".parse().expect("a valid date")
}

impl TryFrom<Row> for IdentityRow {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let damaged = || Error::damaged(format!("identity {}", IdentityId::from_raw(row.id)));
        Ok(Self {
            kind: IdentityKind::from_word(&row.kind).ok_or_else(damaged)?,
            status: IdentityStatus::from_word(&row.status).ok_or_else(damaged)?,
            id: IdentityId::from_raw(row.id),
            username: row.username,
            display_name: row.display_name,
            email: row.email,
            title: row.title,
            department: row.department,
            location: row.location,
            start_date: row.start_date.map(|day| day.0),
            end_date: row.end_date.map(|day| day.0),
            recorded_from: row.recorded_from.0,
            manager: row
                .manager_id
                .map(|id| (IdentityId::from_raw(id), row.manager.unwrap_or_default())),
        })
    }
}

impl ReadTx {
    /// A page of the people that `visibility` shows. `me` gives `manager:me` its meaning.
    #[boxed]
    pub async fn identities(
        &mut self,
        visibility: Visibility,
        me: Option<IdentityId>,
        query: &ListQuery,
    ) -> Result<Page<IdentityRow>> {
        let conditions = conditions(visibility, me, &query.search);
        let page: Page<Row> = self.page(&SHAPE, &conditions, query).await?;
        let rows = page
            .rows
            .into_iter()
            .map(IdentityRow::try_from)
            .collect::<Result<_>>()?;
        Ok(Page {
            rows,
            before: page.before,
            after: page.after,
            total: page.total,
        })
    }

    /// Values to narrow the list by, with their counts.
    #[boxed]
    pub async fn identity_facets(
        &mut self,
        visibility: Visibility,
        me: Option<IdentityId>,
        search: &Search,
    ) -> Result<Vec<Facet>> {
        let conditions = conditions(visibility, me, search);
        let wanted = [
            ("status", "p.status", 4),
            ("kind", "p.kind", 5),
            ("department", "p.department", 12),
            ("location", "p.location", 12),
        ];
        self.facets(&SHAPE, &conditions, &wanted).await
    }
}

fn conditions(visibility: Visibility, me: Option<IdentityId>, search: &Search) -> Conditions {
    let mut all = Conditions::new("p.recorded_to IS NULL");
    match visibility {
        Visibility::All => {}
        Visibility::Nothing => all.never(),
        // Oneself has a page of its own; the list is the team.
        Visibility::Related(id) => all.compare("p.manager_id", Comparison::Is, Arg::Int(id.raw())),
    }
    all.words("p.id", "identity_word", search);
    all.tokens(search, |all, key, comparison, value| {
        token(all, me, key, comparison, value)
    });
    // Who has ended and still has access is noted: no need to look at everybody who ever ended.
    if (search.token("status"), search.token("access")) == (Some("ended"), Some("live")) {
        all.and_few("p.id IN (SELECT l.identity_id FROM leaver l)");
    }
    all
}

const HAS_ACCESS: &str =
    "EXISTS (SELECT 1 FROM observed_access x WHERE x.identity_id = p.id AND x.gone IS NULL)";

fn token(
    all: &mut Conditions,
    me: Option<IdentityId>,
    key: &str,
    comparison: Comparison,
    value: &str,
) -> bool {
    let text = |value: &str| Arg::Text(value.to_owned());
    match (key, comparison) {
        ("status", Comparison::Is) if value == "current" => all.and("p.status <> 'ended'"),
        ("status", Comparison::Is) => all.compare("p.status", comparison, text(value)),
        ("kind", Comparison::Is) => all.compare("p.kind", comparison, text(value)),
        ("department", Comparison::Is) if value == "none" => all.and("p.department = ''"),
        ("department", Comparison::Is) => all.compare("p.department", comparison, text(value)),
        ("title", Comparison::Is) => all.compare("p.title", comparison, text(value)),
        ("location", Comparison::Is) => all.compare("p.location", comparison, text(value)),
        ("username", Comparison::Is) => {
            all.compare("p.username_key", comparison, Arg::Text(text::key(value)));
        }
        ("manager", Comparison::Is) if value == "none" => all.and("p.manager_id IS NULL"),
        ("manager", Comparison::Is) if value == "ended" => all.and_few(
            "p.manager_id IN (SELECT l.identity_id FROM leaver l WHERE EXISTS (SELECT 1 FROM identity m \
             WHERE m.id = l.identity_id AND m.recorded_to IS NULL AND m.status = 'ended'))",
        ),
        ("access", Comparison::Is) if value == "live" => all.and(HAS_ACCESS),
        ("access", Comparison::Is) if value == "none" => all.and(&format!("NOT {HAS_ACCESS}")),
        ("manager", Comparison::Is) if value == "me" => {
            all.compare(
                "p.manager_id",
                comparison,
                Arg::Int(me.map_or(0, IdentityId::raw)),
            );
        }
        ("manager", Comparison::Is) => match value.parse::<IdentityId>() {
            Ok(id) => all.compare("p.manager_id", comparison, Arg::Int(id.raw())),
            Err(_) => manager_by_name(all, value),
        },
        ("ends", Comparison::Is) if value == "none" => all.and("p.end_date IS NULL"),
        ("ends", _) => match value.parse::<Date>() {
            Ok(day) => {
                all.and("p.end_date IS NOT NULL");
                all.compare(
                    "COALESCE(p.end_date, '9999-12-31')",
                    comparison,
                    Arg::Day(day),
                );
            }
            Err(_) => return false,
        },
        _ => return false,
    }
    true
}

/// `manager:kim` means whoever has that username, or is found by these words.
fn manager_by_name(all: &mut Conditions, value: &str) {
    let key = all.bind(Arg::Text(text::key(value)));
    let found = all.words_condition("p.manager_id", "identity_word", value);
    let named = format!(
        "p.manager_id IN (SELECT m.id FROM identity m WHERE m.recorded_to IS NULL AND m.username_key = {key})"
    );
    all.and(&found.map_or_else(|| named.clone(), |found| format!("({named} OR ({found}))")));
}
