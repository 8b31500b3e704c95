//! The list of rules and what its tokens mean.

use crate::boxed;
use domain::id::{EntitlementId, IdentityId, RoleId, RuleId};
use domain::page::{Facet, ListQuery, Page};
use domain::permission::Visibility;
use domain::role::Grantable;
use domain::rule::RuleState;
use domain::search::{Comparison, Search};
use domain::text;

use crate::applications::owner;
use crate::engine::ReadTx;
use crate::exclusions::grantable;
use crate::list::{Arg, Conditions, Placed, Shape, SortColumn};
use crate::{Error, Result};

const SHAPE: Shape = Shape {
    columns: "u.id, u.name, u.display_key, u.description, u.condition, u.state, u.owner_id, u.entitlement_id, u.role_id, \
              u.hand_over_days, \
              (SELECT m.display_name FROM identity m WHERE m.id = u.owner_id AND m.recorded_to IS NULL) AS owner, \
              COALESCE((SELECT r.display_name FROM role r WHERE r.id = u.role_id AND r.recorded_to IS NULL), \
              (SELECT e.display_name FROM entitlement e WHERE e.id = u.entitlement_id AND e.recorded_to IS NULL), '') AS gives",
    from: "rule u",
    id: "u.id",
    sorts: &[
        SortColumn {
            name: "name",
            sql: "u.display_key",
        },
        SortColumn {
            name: "state",
            sql: "u.state",
        },
    ],
    newest_first: false,
    by_words: None,
};

/// Keys of the list's tokens.
pub const TOKENS: &[&str] = &[
    "state",
    "owner",
    "gives",
    "role",
    "entitlement",
    "name",
    "description",
];

/// A row of the list of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRow {
    /// Its id.
    pub id: RuleId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whom it applies to.
    pub condition: String,
    /// Where it is in its life.
    pub state: RuleState,
    /// The owner's id and name.
    pub owner: Option<(IdentityId, String)>,
    /// What it gives, with its name.
    pub gives: (Grantable, String),
    /// How many days somebody to whom it no longer applies keeps it.
    pub hand_over_days: i64,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    display_key: String,
    description: String,
    condition: String,
    state: String,
    owner_id: Option<i64>,
    owner: Option<String>,
    entitlement_id: Option<i64>,
    role_id: Option<i64>,
    gives: String,
    hand_over_days: i64,
}

impl Placed for Row {
    fn place(&self, sort: &str) -> (Arg, i64) {
        let key = match sort {
            "state" => self.state.clone(),
            _ => self.display_key.clone(),
        };
        (Arg::Text(key), self.id)
    }
}

impl TryFrom<Row> for RuleRow {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let id = RuleId::from_raw(row.id);
        let damaged = || Error::damaged(format!("rule {id}"));
        let gives = grantable(row.entitlement_id, row.role_id).ok_or_else(damaged)?;
        Ok(Self {
            id,
            state: RuleState::from_word(&row.state).ok_or_else(damaged)?,
            name: row.name,
            description: row.description,
            condition: row.condition,
            owner: row
                .owner_id
                .map(|id| (IdentityId::from_raw(id), row.owner.unwrap_or_default())),
            gives: (gives, row.gives),
            hand_over_days: row.hand_over_days,
        })
    }
}

impl ReadTx {
    /// A page of the rules that `visibility` shows; related are those one owns.
    #[boxed]
    pub async fn rules(
        &mut self,
        visibility: Visibility,
        me: Option<IdentityId>,
        query: &ListQuery,
    ) -> Result<Page<RuleRow>> {
        let all = conditions(visibility, me, &query.search);
        let page: Page<Row> = self.page(&SHAPE, &all, query).await?;
        let rows = page.rows.into_iter().map(RuleRow::try_from);
        Ok(Page {
            rows: rows.collect::<Result<_>>()?,
            before: page.before,
            after: page.after,
            total: page.total,
        })
    }

    /// Values to narrow the list by, with their counts.
    #[boxed]
    pub async fn rule_facets(
        &mut self,
        visibility: Visibility,
        me: Option<IdentityId>,
        search: &Search,
    ) -> Result<Vec<Facet>> {
        let conditions = conditions(visibility, me, search);
        let wanted = [
            ("state", "u.state", 4),
            (
                "gives",
                "CASE WHEN u.role_id IS NULL THEN 'entitlement' ELSE 'role' END",
                2,
            ),
            (
                "owner",
                "(SELECT m.username FROM identity m WHERE m.id = u.owner_id AND m.recorded_to IS NULL)",
                12,
            ),
        ];
        self.facets(&SHAPE, &conditions, &wanted).await
    }
}

fn conditions(visibility: Visibility, me: Option<IdentityId>, search: &Search) -> Conditions {
    let mut all = Conditions::new("u.recorded_to IS NULL");
    match visibility {
        Visibility::All => {}
        Visibility::Nothing => all.never(),
        Visibility::Related(id) => {
            all.compare("u.owner_id", Comparison::Is, Arg::Int(id.raw()));
        }
    }
    all.words("u.id", "rule_word", search);
    all.tokens(search, |all, key, comparison, value| {
        match (key, comparison) {
            ("state", Comparison::Is) if value == "current" => all.and("u.state <> 'ended'"),
            ("state", Comparison::Is) => {
                all.compare("u.state", comparison, Arg::Text(value.to_owned()));
            }
            ("gives", Comparison::Is) if value == "role" => all.and("u.role_id IS NOT NULL"),
            ("gives", Comparison::Is) if value == "entitlement" => {
                all.and("u.entitlement_id IS NOT NULL");
            }
            ("description", Comparison::Is) if value == "none" => all.and("u.description = ''"),
            ("name", Comparison::Is) => {
                all.compare("u.name_key", comparison, Arg::Text(text::key(value)));
            }
            ("role", Comparison::Is) => match value.parse::<RoleId>() {
                Ok(id) => all.compare("u.role_id", comparison, Arg::Int(id.raw())),
                Err(_) => return false,
            },
            ("entitlement", Comparison::Is) => match value.parse::<EntitlementId>() {
                Ok(id) => all.compare("u.entitlement_id", comparison, Arg::Int(id.raw())),
                Err(_) => return false,
            },
            ("owner", Comparison::Is) => return owner(all, "u.owner_id", me, value),
            _ => return false,
        }
        true
    });
    all
}
