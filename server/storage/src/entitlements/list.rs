//! The list of entitlements, its facets, and what its tokens mean.

use crate::boxed;
use domain::application::CONSOLE;
use domain::entitlement::EntitlementKind;
use domain::id::{ApplicationId, EntitlementId, IdentityId};
use domain::lifecycle::{Level, Lifecycle};
use domain::page::{Facet, ListQuery, Page};
use domain::permission::Visibility;
use domain::search::{Comparison, Search};
use domain::text;

use crate::applications::{compare_level, level, owner, rank, rank_of};
use crate::engine::ReadTx;
use crate::list::{Arg, Conditions, Placed, Shape, SortColumn};
use crate::{Error, Result};

pub(super) const SHAPE: Shape = Shape {
    columns: "e.id, e.name, e.display_name, e.display_key, e.description, e.kind, e.risk, e.status, e.requestable, e.owner_id, \
              (SELECT m.display_name FROM identity m WHERE m.id = e.owner_id AND m.recorded_to IS NULL) AS owner, \
              e.application_id, s.display_name AS application, s.display_key AS application_key",
    from: "entitlement e JOIN application s ON s.id = e.application_id AND s.recorded_to IS NULL",
    id: "e.id",
    sorts: &[
        SortColumn {
            name: "name",
            sql: "e.display_key",
        },
        SortColumn {
            name: "application",
            sql: "s.display_key",
        },
        SortColumn {
            name: "kind",
            sql: "e.kind",
        },
        SortColumn {
            name: "risk",
            sql: rank!("e.risk"),
        },
        SortColumn {
            name: "status",
            sql: "e.status",
        },
    ],
    newest_first: false,
    by_words: None,
};

/// Keys of the list's tokens.
pub const TOKENS: &[&str] = &[
    "application",
    "kind",
    "risk",
    "status",
    "owner",
    "requestable",
    "name",
    "description",
    "grantable",
];

/// A row of the list of entitlements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntitlementRow {
    /// Its id.
    pub id: EntitlementId,
    /// Technical name.
    pub name: String,
    /// Name for people.
    pub display_name: String,
    /// What it lets a person do.
    pub description: String,
    /// What kind of thing it is.
    pub kind: EntitlementKind,
    /// How bad it is in wrong hands.
    pub risk: Option<Level>,
    /// Where it is in its life.
    pub status: Lifecycle,
    /// Whether people may ask for it.
    pub requestable: bool,
    /// The owner's id and name.
    pub owner: Option<(IdentityId, String)>,
    /// The application's id and name.
    pub application: (ApplicationId, String),
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    id: i64,
    name: String,
    display_name: String,
    display_key: String,
    description: String,
    kind: String,
    risk: Option<String>,
    status: String,
    requestable: bool,
    owner_id: Option<i64>,
    owner: Option<String>,
    application_id: i64,
    application: String,
    application_key: String,
}

impl Placed for Row {
    fn place(&self, sort: &str) -> (Arg, i64) {
        let key = match sort {
            "application" => Arg::Text(self.application_key.clone()),
            "kind" => Arg::Text(self.kind.clone()),
            "risk" => Arg::Int(rank_of(level(self.risk.as_deref()).unwrap_or(None))),
            "status" => Arg::Text(self.status.clone()),
            _ => Arg::Text(self.display_key.clone()),
        };
        (key, self.id)
    }

    fn fits(sort: &str, key: &Arg) -> bool {
        if sort == "risk" {
            matches!(key, Arg::Int(_))
        } else {
            matches!(key, Arg::Text(_))
        }
    }
}

impl TryFrom<Row> for EntitlementRow {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let id = EntitlementId::from_raw(row.id);
        let damaged = || Error::damaged(format!("entitlement {id}"));
        Ok(Self {
            id,
            kind: EntitlementKind::from_word(&row.kind).ok_or_else(damaged)?,
            risk: level(row.risk.as_deref())?,
            status: Lifecycle::from_word(&row.status).ok_or_else(damaged)?,
            name: row.name,
            display_name: row.display_name,
            description: row.description,
            requestable: row.requestable,
            owner: row
                .owner_id
                .map(|id| (IdentityId::from_raw(id), row.owner.unwrap_or_default())),
            application: (ApplicationId::from_raw(row.application_id), row.application),
        })
    }
}

impl ReadTx {
    /// A page of the entitlements that `visibility` shows.
    #[boxed]
    pub async fn entitlements(
        &mut self,
        visibility: Visibility,
        me: Option<IdentityId>,
        query: &ListQuery,
    ) -> Result<Page<EntitlementRow>> {
        let conditions = conditions(visibility, me, &query.search);
        let page: Page<Row> = self.page(&SHAPE, &conditions, query).await?;
        let rows = page
            .rows
            .into_iter()
            .map(EntitlementRow::try_from)
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
    pub async fn entitlement_facets(
        &mut self,
        visibility: Visibility,
        me: Option<IdentityId>,
        search: &Search,
    ) -> Result<Vec<Facet>> {
        let conditions = conditions(visibility, me, search);
        let wanted = [
            ("application", "s.name", 12),
            ("kind", "e.kind", 5),
            ("risk", "e.risk", 4),
            ("status", "e.status", 3),
        ];
        self.facets(&SHAPE, &conditions, &wanted).await
    }
}

fn conditions(visibility: Visibility, me: Option<IdentityId>, search: &Search) -> Conditions {
    let mut all = Conditions::new("e.recorded_to IS NULL");
    match visibility {
        Visibility::All => {}
        Visibility::Nothing => all.never(),
        Visibility::Related(id) => {
            let id = all.bind(Arg::Int(id.raw()));
            all.and(&format!("(e.owner_id = {id} OR s.owner_id = {id})"));
        }
    }
    all.words("e.id", "entitlement_word", search);
    all.tokens(search, |all, key, comparison, value| {
        let text = |value: &str| Arg::Text(value.to_owned());
        match (key, comparison) {
            ("status", Comparison::Is) if value == "current" => all.and("e.status <> 'ended'"),
            ("description", Comparison::Is) if value == "none" => all.and("e.description = ''"),
            // Rights in the console are given one by one, on a page of their own.
            ("grantable", Comparison::Is) if value == "yes" => {
                let console = all.bind(Arg::Text(text::key(CONSOLE)));
                all.and(&format!("e.status <> 'ended' AND s.name_key <> {console}"));
            }
            ("status", Comparison::Is) => all.compare("e.status", comparison, text(value)),
            ("kind", Comparison::Is) => all.compare("e.kind", comparison, text(value)),
            ("name", Comparison::Is) => {
                all.compare("e.name_key", comparison, Arg::Text(text::key(value)));
            }
            ("requestable", Comparison::Is) if matches!(value, "true" | "yes") => {
                all.compare("e.requestable", comparison, Arg::Bool(true));
            }
            ("requestable", Comparison::Is) if matches!(value, "false" | "no") => {
                all.compare("e.requestable", comparison, Arg::Bool(false));
            }
            ("application", Comparison::Is) => match value.parse::<ApplicationId>() {
                Ok(id) => all.compare("e.application_id", comparison, Arg::Int(id.raw())),
                Err(_) => all.compare("s.name_key", comparison, Arg::Text(text::key(value))),
            },
            ("risk", _) => return compare_level(all, rank!("e.risk"), comparison, value),
            ("owner", Comparison::Is) => return owner(all, "e.owner_id", me, value),
            _ => return false,
        }
        true
    });
    all
}
