//! The list of roles and what its tokens mean.

use crate::boxed;
use domain::id::{IdentityId, RoleId};
use domain::lifecycle::Lifecycle;
use domain::page::{COUNT_CAP, Facet, ListQuery, Page};
use domain::permission::Visibility;
use domain::search::{Comparison, Search};
use domain::text;

use crate::applications::owner;
use crate::engine::ReadTx;
use crate::list::{Arg, Conditions, Placed, Shape, SortColumn};
use crate::{Error, Result};

const SHAPE: Shape = Shape {
    columns: "r.id, r.name, r.display_name, r.display_key, r.description, r.status, r.owner_id, \
              (SELECT m.display_name FROM identity m WHERE m.id = r.owner_id AND m.recorded_to IS NULL) AS owner, \
              (SELECT count(*) FROM role_content h WHERE h.role_id = r.id AND h.recorded_to IS NULL) AS parts",
    from: "role r",
    id: "r.id",
    sorts: &[
        SortColumn {
            name: "name",
            sql: "r.display_key",
        },
        SortColumn {
            name: "status",
            sql: "r.status",
        },
    ],
    newest_first: false,
    by_words: None,
};

/// Keys of the list's tokens.
pub const TOKENS: &[&str] = &[
    "status",
    "owner",
    "name",
    "contents",
    "description",
    "holders",
];

/// A row of the list of roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRow {
    /// Its id.
    pub id: RoleId,
    /// Technical name.
    pub name: String,
    /// Name for people.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// Where it is in its life.
    pub status: Lifecycle,
    /// The owner's id and name.
    pub owner: Option<(IdentityId, String)>,
    /// How many things are directly in it.
    pub parts: i64,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    display_name: String,
    display_key: String,
    description: String,
    status: String,
    owner_id: Option<i64>,
    owner: Option<String>,
    parts: i64,
}

impl Placed for Row {
    fn place(&self, sort: &str) -> (Arg, i64) {
        let key = match sort {
            "status" => self.status.clone(),
            _ => self.display_key.clone(),
        };
        (Arg::Text(key), self.id)
    }
}

impl TryFrom<Row> for RoleRow {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let id = RoleId::from_raw(row.id);
        Ok(Self {
            id,
            status: Lifecycle::from_word(&row.status)
                .ok_or_else(|| Error::damaged(format!("role {id}")))?,
            name: row.name,
            display_name: row.display_name,
            description: row.description,
            owner: row
                .owner_id
                .map(|id| (IdentityId::from_raw(id), row.owner.unwrap_or_default())),
            parts: row.parts,
        })
    }
}

/// Nobody holds it: it is assigned to nobody, and neither is an active role that includes it. An assignment counts until it
/// ends, also while it is suspended or has not begun.
const UNHELD: &str = "r.id NOT IN (WITH RECURSIVE held(id) AS (\
    SELECT g.id FROM role g WHERE g.recorded_to IS NULL AND EXISTS (SELECT 1 FROM assignment a WHERE a.role_id = g.id \
    AND a.role_id IS NOT NULL AND a.recorded_to IS NULL AND a.state <> 'ended') \
    UNION SELECT c.includes_role_id FROM held JOIN role g ON g.id = held.id AND g.recorded_to IS NULL AND g.status = 'active' \
    JOIN role_content c ON c.role_id = g.id AND c.recorded_to IS NULL AND c.includes_role_id IS NOT NULL\
    ) SELECT held.id FROM held)";

impl ReadTx {
    /// How many roles match a search, at most [`COUNT_CAP`] + 1. Kept until something changes.
    pub(crate) async fn count_roles(&mut self, search: &Search) -> Result<u64> {
        let conditions = conditions(Visibility::All, None, search);
        self.capped(SHAPE.from, &conditions, COUNT_CAP + 1).await
    }

    /// A page of the roles that `visibility` shows; related are those one owns.
    #[boxed]
    pub async fn roles(
        &mut self,
        visibility: Visibility,
        me: Option<IdentityId>,
        query: &ListQuery,
    ) -> Result<Page<RoleRow>> {
        let all = conditions(visibility, me, &query.search);
        let page: Page<Row> = self.page(&SHAPE, &all, query).await?;
        let rows = page.rows.into_iter().map(RoleRow::try_from);
        Ok(Page {
            rows: rows.collect::<Result<_>>()?,
            before: page.before,
            after: page.after,
            total: page.total,
        })
    }

    /// Values to narrow the list by, with their counts.
    #[boxed]
    pub async fn role_facets(
        &mut self,
        visibility: Visibility,
        me: Option<IdentityId>,
        search: &Search,
    ) -> Result<Vec<Facet>> {
        let conditions = conditions(visibility, me, search);
        let wanted = [
            ("status", "r.status", 3),
            (
                "owner",
                "(SELECT m.username FROM identity m WHERE m.id = r.owner_id AND m.recorded_to IS NULL)",
                12,
            ),
        ];
        self.facets(&SHAPE, &conditions, &wanted).await
    }
}

fn conditions(visibility: Visibility, me: Option<IdentityId>, search: &Search) -> Conditions {
    let mut all = Conditions::new("r.recorded_to IS NULL");
    match visibility {
        Visibility::All => {}
        Visibility::Nothing => all.never(),
        Visibility::Related(id) => {
            all.compare("r.owner_id", Comparison::Is, Arg::Int(id.raw()));
        }
    }
    all.words("r.id", "role_word", search);
    all.tokens(search, |all, key, comparison, value| {
        match (key, comparison) {
            ("status", Comparison::Is) if value == "current" => all.and("r.status <> 'ended'"),
            ("status", Comparison::Is) => {
                all.compare("r.status", comparison, Arg::Text(value.to_owned()));
            }
            ("contents", Comparison::Is) if value == "none" => all.and(
                "NOT EXISTS (SELECT 1 FROM role_content h WHERE h.role_id = r.id AND h.recorded_to IS NULL)",
            ),
            ("description", Comparison::Is) if value == "none" => all.and("r.description = ''"),
            ("holders", Comparison::Is) if value == "none" => all.and(UNHELD),
            ("name", Comparison::Is) => {
                all.compare("r.name_key", comparison, Arg::Text(text::key(value)));
            }
            ("owner", Comparison::Is) => return owner(all, "r.owner_id", me, value),
            _ => return false,
        }
        true
    });
    all
}
