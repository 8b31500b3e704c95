//! The list of assignments and what its tokens mean.
//!
//! There may be ten million. So the order follows the question: it is that in which an index finds the answer.

use crate::boxed;
use domain::assignment::{Agent, AssignmentState};
use domain::id::{ApplicationId, EntitlementId, IdentityId, RoleId, RuleId};
use domain::page::{COUNT_CAP, Facet, ListQuery, Page};
use domain::permission::Visibility;
use domain::search::{Comparison, Search, Term};
use domain::time::{Date, Instant};
use jiff::tz::TimeZone;

use super::{Assignment, columns};
use crate::engine::ReadTx;
use crate::list::{Arg, Conditions, Kind, Placed, Shape, SortColumn};
use crate::{Error, Result};

macro_rules! list_columns {
    () => {
        concat!(
            columns!(),
            ", (SELECT p.display_name FROM identity p WHERE p.id = a.identity_id AND p.recorded_to IS NULL) AS person, \
             (SELECT p.username FROM identity p WHERE p.id = a.identity_id AND p.recorded_to IS NULL) AS username, \
             COALESCE((SELECT r.display_name FROM role r WHERE r.id = a.role_id AND r.recorded_to IS NULL), \
             (SELECT e.display_name FROM entitlement e WHERE e.id = a.entitlement_id AND e.recorded_to IS NULL), '') AS what, \
             COALESCE((SELECT r.name FROM role r WHERE r.id = a.role_id AND r.recorded_to IS NULL), \
             (SELECT e.name FROM entitlement e WHERE e.id = a.entitlement_id AND e.recorded_to IS NULL), '') AS what_name, \
             (SELECT e.application_id FROM entitlement e WHERE e.id = a.entitlement_id AND e.recorded_to IS NULL) AS application_id, \
             (SELECT s.display_name FROM entitlement e JOIN application s ON s.id = e.application_id AND s.recorded_to IS NULL \
             WHERE e.id = a.entitlement_id AND e.recorded_to IS NULL) AS application, \
             (SELECT s.built_in FROM entitlement e JOIN application s ON s.id = e.application_id AND s.recorded_to IS NULL \
             WHERE e.id = a.entitlement_id AND e.recorded_to IS NULL) AS built_in, \
             (SELECT u.name FROM rule u WHERE u.id = a.rule_id AND u.recorded_to IS NULL) AS rule, \
             (SELECT c.name FROM source c WHERE c.id = a.source_id AND c.recorded_to IS NULL) AS source, \
             (SELECT g.display_name FROM identity g WHERE g.id = a.granted_by AND g.recorded_to IS NULL) AS giver"
        )
    };
}

const FROM: &str = "assignment a";

/// In what order the answer to a search comes: the one in which an index finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListedBy {
    /// By when they began, the last first.
    Since,
    /// Only what has an end: what ends first.
    Until,
    /// Of one role, entitlement or rule: by people.
    Person,
    /// Only entitlements: by entitlement, then by people.
    Entitlement,
    /// Only roles: by role, then by people.
    Role,
    /// Only what rules give: by rule, then by people.
    Rule,
}

impl ListedBy {
    /// That of a search.
    pub fn of(search: &Search) -> Self {
        let token = |key| search.token(key);
        let mut terms = search.terms.iter();
        let ends = terms.any(|term| {
            matches!(term, Term::Token { key, value, .. } if key == "until" && value != "none")
        });
        // These are few, and each has an index by when they began.
        let few = matches!(token("state"), Some("suspended" | "scheduled"))
            || token("reason").is_some()
            || token("person").is_some();
        let things = ["role", "entitlement", "rule"];
        match (token("kind"), token("agent")) {
            _ if ends || token("handover") == Some("yes") => Self::Until,
            _ if few => Self::Since,
            _ if things.iter().any(|key| token(key).is_some()) => Self::Person,
            (_, Some("rule")) => Self::Rule,
            (Some("entitlement"), None) => Self::Entitlement,
            (Some("role"), None) => Self::Role,
            _ => Self::Since,
        }
    }

    const fn shape(self) -> &'static Shape {
        match self {
            Self::Since => &SINCE,
            Self::Until => &UNTIL,
            Self::Person => &PERSON,
            Self::Entitlement => &ENTITLEMENT,
            Self::Role => &ROLE,
            Self::Rule => &RULE,
        }
    }
}

const fn shape(sorts: &'static [SortColumn], newest_first: bool) -> Shape {
    Shape {
        columns: list_columns!(),
        from: FROM,
        id: "a.id",
        sorts,
        newest_first,
        by_words: None,
    }
}

const fn by(name: &'static str, sql: &'static str) -> SortColumn {
    SortColumn { name, sql }
}

const SINCE: Shape = shape(&[by("since", "a.valid_from")], true);
const UNTIL: Shape = shape(&[by("until", "a.valid_until")], false);
const PERSON: Shape = shape(&[by("person", "a.identity_id")], false);
const ENTITLEMENT: Shape = shape(&[by("entitlement", "a.entitlement_id")], false);
const ROLE: Shape = shape(&[by("role", "a.role_id")], false);
const RULE: Shape = shape(&[by("rule", "a.rule_id")], false);

/// Keys of the list's tokens. Those of objects take ids here; whoever asks knows what they are called.
pub const TOKENS: &[&str] = &[
    "state",
    "agent",
    "kind",
    "until",
    "handover",
    "reason",
    "person",
    "role",
    "entitlement",
    "rule",
];

/// A row of the list of assignments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentRow {
    /// The assignment.
    pub assignment: Assignment,
    /// The person's name.
    pub person: String,
    /// The person's username.
    pub username: String,
    /// What is given, by its name for people.
    pub what: String,
    /// Its technical name.
    pub what_name: String,
    /// The entitlement's application and its name; none for a role.
    pub application: Option<(ApplicationId, String)>,
    /// Whether it is a right in the console, which is given and ended elsewhere.
    pub of_console: bool,
    /// The rule's name, when a rule gave it.
    pub rule: Option<String>,
    /// The source's name, when a source brought it.
    pub source: Option<String>,
    /// The name of whoever gave it, when a person did.
    pub giver: Option<String>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    assignment: super::Row,
    person: Option<String>,
    username: Option<String>,
    what: String,
    what_name: String,
    application_id: Option<i64>,
    application: Option<String>,
    built_in: Option<bool>,
    rule: Option<String>,
    source: Option<String>,
    giver: Option<String>,
}

impl Placed for Row {
    fn place(&self, sort: &str) -> (Arg, i64) {
        let own = &self.assignment;
        let key = match sort {
            "person" => Arg::Int(own.identity_id),
            "entitlement" => Arg::Int(own.entitlement_id.unwrap_or_default()),
            "role" => Arg::Int(own.role_id.unwrap_or_default()),
            "rule" => Arg::Int(own.rule_id.unwrap_or_default()),
            // Rows without an end are not in a list that is sorted by it.
            "until" => Arg::At(own.valid_until.unwrap_or(own.valid_from).0),
            _ => Arg::At(own.valid_from.0),
        };
        (key, own.id)
    }

    fn fits(sort: &str, key: &Arg) -> bool {
        match sort {
            "since" | "until" => matches!(key, Arg::At(_)),
            _ => matches!(key, Arg::Int(_)),
        }
    }

    fn then(sort: &str) -> &'static [(&'static str, Kind)] {
        match sort {
            "entitlement" | "role" | "rule" => &[("a.identity_id", Kind::Int)],
            _ => &[],
        }
    }

    fn rest(&self, sort: &str) -> Vec<Arg> {
        match sort {
            "entitlement" | "role" | "rule" => vec![Arg::Int(self.assignment.identity_id)],
            _ => Vec::new(),
        }
    }
}

impl TryFrom<Row> for AssignmentRow {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            assignment: row.assignment.into_assignment()?,
            person: row.person.unwrap_or_default(),
            username: row.username.unwrap_or_default(),
            what: row.what,
            what_name: row.what_name,
            application: row.application_id.map(|id| {
                let name = row.application.unwrap_or_default();
                (ApplicationId::from_raw(id), name)
            }),
            of_console: row.built_in.unwrap_or_default(),
            rule: row.rule,
            source: row.source,
            giver: row.giver,
        })
    }
}

impl ReadTx {
    /// A page of the assignments of people whom `visibility` shows; related are oneself and one's reports. Without
    /// `state:` those that have not ended. Days are meant in the zone, at the moment.
    #[boxed]
    pub async fn assignment_list(
        &mut self,
        visibility: Visibility,
        (now, zone): (Instant, &TimeZone),
        query: &ListQuery,
    ) -> Result<Page<AssignmentRow>> {
        let conditions = conditions(visibility, now, zone, &query.search);
        let page: Page<Row> = self
            .page(ListedBy::of(&query.search).shape(), &conditions, query)
            .await?;
        let rows = page.rows.into_iter().map(AssignmentRow::try_from);
        Ok(Page {
            rows: rows.collect::<Result<_>>()?,
            before: page.before,
            after: page.after,
            total: page.total,
        })
    }

    /// Values to narrow the list by, with their counts.
    #[boxed]
    pub async fn assignment_facets(
        &mut self,
        visibility: Visibility,
        (now, zone): (Instant, &TimeZone),
        search: &Search,
    ) -> Result<Vec<Facet>> {
        let conditions = conditions(visibility, now, zone, search);
        let wanted = [
            ("agent", "a.agent", 7),
            (
                "kind",
                "CASE WHEN a.role_id IS NULL THEN 'entitlement' ELSE 'role' END",
                2,
            ),
        ];
        self.facets(ListedBy::of(search).shape(), &conditions, &wanted)
            .await
    }
}

impl ReadTx {
    /// How many assignments match a search, counted as far as a screen says.
    pub(crate) async fn count_assignments(
        &mut self,
        (now, zone): (Instant, &TimeZone),
        search: &Search,
    ) -> Result<u64> {
        let conditions = conditions(Visibility::All, now, zone, search);
        self.capped(FROM, &conditions, COUNT_CAP + 1).await
    }
}

fn conditions(
    visibility: Visibility,
    now: Instant,
    zone: &TimeZone,
    search: &Search,
) -> Conditions {
    let mut all = Conditions::new("a.recorded_to IS NULL");
    // Said in these words, because the conditions of the indexes are.
    all.and(match search.token("state") {
        Some("ended") => "a.state = 'ended'",
        _ => "a.state <> 'ended'",
    });
    let all_people = visibility == Visibility::All && search.words().next().is_none();
    if all_people && search.token("person").is_none() && ListedBy::of(search) == ListedBy::Since {
        // Everything began at some time. Without this SQLite counts by walking past all those that have ended.
        let ever = Arg::At(Instant::from_micros(i64::MIN));
        all.compare("a.valid_from", Comparison::AtLeast, ever);
    }
    match visibility {
        Visibility::All => {}
        Visibility::Nothing => all.never(),
        Visibility::Related(id) => {
            let id = all.bind(Arg::Int(id.raw()));
            all.and_few(&format!(
                "a.identity_id IN (SELECT p.id FROM identity p WHERE p.recorded_to IS NULL AND p.manager_id = {id} \
                 UNION ALL SELECT CAST({id} AS BIGINT))"
            ));
        }
    }
    all.words("a.identity_id", "identity_word", search);
    all.tokens(search, |all, key, comparison, value| match key {
        "until" => until(all, zone, comparison, value),
        _ if comparison != Comparison::Is => false,
        "state" => state(all, now, value),
        _ => token(all, key, value),
    });
    all
}

fn state(all: &mut Conditions, now: Instant, value: &str) -> bool {
    match value {
        "current" | "ended" => {}
        "active" => {
            all.and("a.state = 'active'");
            all.compare("a.valid_from", Comparison::AtMost, Arg::At(now));
        }
        "scheduled" => {
            all.and("a.state = 'active'");
            all.compare("a.valid_from", Comparison::Over, Arg::At(now));
        }
        "suspended" => all.and("a.state = 'suspended'"),
        _ => match AssignmentState::from_word(value) {
            Some(state) => {
                let word = Arg::Text(state.word().to_owned());
                all.compare("a.state", Comparison::Is, word);
            }
            None => return false,
        },
    }
    true
}

/// What is compared is the last day: it ends when that day is over.
fn until(all: &mut Conditions, zone: &TimeZone, comparison: Comparison, value: &str) -> bool {
    if comparison == Comparison::Is && value == "none" {
        all.and("a.valid_until IS NULL");
        return true;
    }
    let Ok(day) = value.parse::<Date>() else {
        return false;
    };
    all.and("a.valid_until IS NOT NULL");
    let (first, over) = (Arg::At(day.start(zone)), Arg::At(day.end(zone)));
    let mut compare = |comparison, at| all.compare("a.valid_until", comparison, at);
    match comparison {
        Comparison::Under => compare(Comparison::AtMost, first),
        Comparison::AtMost => compare(Comparison::AtMost, over),
        Comparison::Over => compare(Comparison::Over, over),
        Comparison::AtLeast => compare(Comparison::Over, first),
        Comparison::Is => {
            compare(Comparison::Over, first);
            compare(Comparison::AtMost, over);
        }
    }
    true
}

fn token(all: &mut Conditions, key: &str, value: &str) -> bool {
    let is = Comparison::Is;
    match (key, value) {
        ("agent", _) => {
            let Some(agent) = Agent::from_word(value) else {
                return false;
            };
            // Said in the words of the index of each.
            all.and(match agent {
                Agent::Rule => "a.rule_id IS NOT NULL",
                _ => "a.agent <> 'rule'",
            });
            all.compare("a.agent", is, Arg::Text(agent.word().to_owned()));
        }
        ("kind", "role") => all.and("a.role_id IS NOT NULL"),
        ("kind", "entitlement") => all.and("a.entitlement_id IS NOT NULL"),
        ("handover", "yes") => all.and("a.agent = 'rule' AND a.valid_until IS NOT NULL"),
        ("handover", "no") => all.and("(a.agent <> 'rule' OR a.valid_until IS NULL)"),
        ("reason", "none") => all.and("a.reason = ''"),
        ("person", _) => {
            let Ok(id) = value.parse::<IdentityId>() else {
                return false;
            };
            let id = all.bind(Arg::Int(id.raw()));
            all.and_few(&format!("a.identity_id = {id}"));
        }
        ("role", _) => return thing(all, "a.role_id", value.parse().map(RoleId::raw)),
        ("entitlement", _) => {
            let id = value.parse().map(EntitlementId::raw);
            return thing(all, "a.entitlement_id", id);
        }
        ("rule", _) => return thing(all, "a.rule_id", value.parse().map(RuleId::raw)),
        _ => return false,
    }
    true
}

/// Of one thing; said twice, because the condition of its index is.
fn thing<E>(all: &mut Conditions, column: &str, id: std::result::Result<i64, E>) -> bool {
    let Ok(id) = id else { return false };
    all.and(&format!("{column} IS NOT NULL"));
    all.compare(column, Comparison::Is, Arg::Int(id));
    true
}
