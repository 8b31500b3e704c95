//! The list of roles and what its tokens mean.

use crate::boxed;
use domain::id::{IdentityId, RoleId};
use domain::lifecycle::Lifecycle;
use domain::page::{ListQuery, Page};
use domain::permission::Visibility;
use domain::search::Comparison;
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
    sorts: &[SortColumn {
        name: "name",
        sql: "r.display_key",
    }],
    newest_first: false,
    by_words: None,
};

/// Keys of the list's tokens.
pub const TOKENS: &[&str] = &["status", "owner", "name"];

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
    fn place(&self, _: &str) -> (Arg, i64) {
        (Arg::Text(self.display_key.clone()), self.id)
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

impl ReadTx {
    /// A page of the roles that `visibility` shows; related are those one owns.
    #[boxed]
    pub async fn roles(
        &mut self,
        visibility: Visibility,
        me: Option<IdentityId>,
        query: &ListQuery,
    ) -> Result<Page<RoleRow>> {
        let mut all = Conditions::new("r.recorded_to IS NULL");
        match visibility {
            Visibility::All => {}
            Visibility::Nothing => all.never(),
            Visibility::Related(id) => {
                all.compare("r.owner_id", Comparison::Is, Arg::Int(id.raw()));
            }
        }
        all.words("r.id", "role_word", &query.search);
        all.tokens(&query.search, |all, key, comparison, value| {
            match (key, comparison) {
                ("status", Comparison::Is) if value == "current" => all.and("r.status <> 'ended'"),
                ("status", Comparison::Is) => {
                    all.compare("r.status", comparison, Arg::Text(value.to_owned()));
                }
                ("name", Comparison::Is) => {
                    all.compare("r.name_key", comparison, Arg::Text(text::key(value)));
                }
                ("owner", Comparison::Is) => return owner(all, "r.owner_id", me, value),
                _ => return false,
            }
            true
        });
        let page: Page<Row> = self.page(&SHAPE, &all, query).await?;
        let rows = page.rows.into_iter().map(RoleRow::try_from);
        Ok(Page {
            rows: rows.collect::<Result<_>>()?,
            before: page.before,
            after: page.after,
            total: page.total,
        })
    }
}
