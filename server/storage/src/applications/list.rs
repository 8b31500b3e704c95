//! The list of applications, its facets, and what its tokens mean.

use crate::boxed;
use domain::id::{ApplicationId, IdentityId};
use domain::lifecycle::{Level, Lifecycle};
use domain::page::{Facet, ListQuery, Page};
use domain::permission::Visibility;
use domain::search::{Comparison, Search};
use domain::text;

use super::level;
use crate::engine::ReadTx;
use crate::list::{Arg, Conditions, Placed, Shape, SortColumn};
use crate::{Error, Result};

/// Criticality or risk as a number that sorts: 0 when nobody has said.
macro_rules! rank {
    ($column:literal) => {
        concat!("CASE ", $column, " WHEN 'low' THEN 1 WHEN 'medium' THEN 2 WHEN 'high' THEN 3 WHEN 'critical' THEN 4 ELSE 0 END")
    };
}
pub(crate) use rank;

/// The number behind a level, as in `rank!`.
pub(crate) fn rank_of(level: Option<Level>) -> i64 {
    level.map_or(0, |level| level as i64 + 1)
}

const SHAPE: Shape = Shape {
    columns: "s.id, s.name, s.display_name, s.display_key, s.description, s.criticality, s.status, s.built_in, s.owner_id, \
              (SELECT m.display_name FROM identity m WHERE m.id = s.owner_id AND m.recorded_to IS NULL) AS owner, \
              (SELECT count(*) FROM entitlement e WHERE e.application_id = s.id AND e.recorded_to IS NULL AND e.status <> 'ended') AS entitlements",
    from: "application s",
    id: "s.id",
    sorts: &[
        SortColumn {
            name: "name",
            sql: "s.display_key",
        },
        SortColumn {
            name: "status",
            sql: "s.status",
        },
        SortColumn {
            name: "criticality",
            sql: rank!("s.criticality"),
        },
    ],
    newest_first: false,
    by_words: None,
};

/// Keys of the list's tokens.
pub const TOKENS: &[&str] = &["status", "criticality", "owner", "name"];

/// A row of the list of applications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationRow {
    /// Its id.
    pub id: ApplicationId,
    /// Technical name.
    pub name: String,
    /// Name for people.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// How bad it is when it goes wrong.
    pub criticality: Option<Level>,
    /// Where it is in its life.
    pub status: Lifecycle,
    /// The console itself.
    pub built_in: bool,
    /// The owner's id and name.
    pub owner: Option<(IdentityId, String)>,
    /// How many entitlements it has that have not ended.
    pub entitlements: i64,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    display_name: String,
    display_key: String,
    description: String,
    criticality: Option<String>,
    status: String,
    built_in: bool,
    owner_id: Option<i64>,
    owner: Option<String>,
    entitlements: i64,
}

impl Placed for Row {
    fn place(&self, sort: &str) -> (Arg, i64) {
        let key = match sort {
            "status" => Arg::Text(self.status.clone()),
            "criticality" => Arg::Int(rank_of(level(self.criticality.as_deref()).unwrap_or(None))),
            _ => Arg::Text(self.display_key.clone()),
        };
        (key, self.id)
    }

    fn fits(sort: &str, key: &Arg) -> bool {
        if sort == "criticality" {
            matches!(key, Arg::Int(_))
        } else {
            matches!(key, Arg::Text(_))
        }
    }
}

impl TryFrom<Row> for ApplicationRow {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let id = ApplicationId::from_raw(row.id);
        Ok(Self {
            id,
            criticality: level(row.criticality.as_deref())?,
            status: Lifecycle::from_word(&row.status)
                .ok_or_else(|| Error::damaged(format!("application {id}")))?,
            name: row.name,
            display_name: row.display_name,
            description: row.description,
            built_in: row.built_in,
            owner: row
                .owner_id
                .map(|id| (IdentityId::from_raw(id), row.owner.unwrap_or_default())),
            entitlements: row.entitlements,
        })
    }
}

impl ReadTx {
    /// A page of the applications that `visibility` shows.
    #[boxed]
    pub async fn applications(
        &mut self,
        visibility: Visibility,
        me: Option<IdentityId>,
        query: &ListQuery,
    ) -> Result<Page<ApplicationRow>> {
        let conditions = conditions(visibility, me, &query.search);
        let page: Page<Row> = self.page(&SHAPE, &conditions, query).await?;
        let rows = page
            .rows
            .into_iter()
            .map(ApplicationRow::try_from)
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
    pub async fn application_facets(
        &mut self,
        visibility: Visibility,
        me: Option<IdentityId>,
        search: &Search,
    ) -> Result<Vec<Facet>> {
        let conditions = conditions(visibility, me, search);
        let wanted = [
            ("status", "s.status", 3),
            ("criticality", "s.criticality", 4),
        ];
        self.facets(&SHAPE, &conditions, &wanted).await
    }
}

fn conditions(visibility: Visibility, me: Option<IdentityId>, search: &Search) -> Conditions {
    let mut all = Conditions::new("s.recorded_to IS NULL");
    match visibility {
        Visibility::All => {}
        Visibility::Nothing => all.never(),
        Visibility::Related(id) => all.compare("s.owner_id", Comparison::Is, Arg::Int(id.raw())),
    }
    all.words("s.id", "application_word", search);
    all.tokens(search, |all, key, comparison, value| {
        match (key, comparison) {
            ("status", Comparison::Is) if value == "current" => {
                all.and("s.status <> 'ended'");
                true
            }
            ("status", Comparison::Is) => {
                all.compare("s.status", comparison, Arg::Text(value.to_owned()));
                true
            }
            ("name", Comparison::Is) => {
                all.compare("s.name_key", comparison, Arg::Text(text::key(value)));
                true
            }
            ("criticality", _) => compare_level(all, rank!("s.criticality"), comparison, value),
            ("owner", Comparison::Is) => owner(all, "s.owner_id", me, value),
            _ => false,
        }
    });
    all
}

/// `risk>=high`, `risk:none`. What has no level is neither more nor less than one.
pub(crate) fn compare_level(
    all: &mut Conditions,
    expression: &str,
    comparison: Comparison,
    value: &str,
) -> bool {
    let level = if value == "none" {
        Some(None)
    } else {
        Level::from_word(value).map(Some)
    };
    let Some(level) = level else { return false };
    if comparison != Comparison::Is {
        all.and(&format!("{expression} > 0"));
    }
    all.compare(expression, comparison, Arg::Int(rank_of(level)));
    true
}

/// `owner:me`, `owner:none`, `owner:kim`, `owner:idn_…`.
pub(crate) fn owner(
    all: &mut Conditions,
    column: &str,
    me: Option<IdentityId>,
    value: &str,
) -> bool {
    match value {
        "none" => all.and(&format!("{column} IS NULL")),
        "me" => all.compare(
            column,
            Comparison::Is,
            Arg::Int(me.map_or(0, IdentityId::raw)),
        ),
        value => {
            if let Ok(id) = value.parse::<IdentityId>() {
                all.compare(column, Comparison::Is, Arg::Int(id.raw()));
            } else {
                let key = all.bind(Arg::Text(text::key(value)));
                all.and(&format!("{column} IN (SELECT m.id FROM identity m WHERE m.recorded_to IS NULL AND m.username_key = {key})"));
            }
        }
    }
    true
}
