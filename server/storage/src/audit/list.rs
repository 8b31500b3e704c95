//! The list of entries, its facets, and what its tokens mean.

use crate::boxed;
use domain::audit::{AuditAction, Outcome};
use domain::id::{IdentityId, ObjectRef};
use domain::page::{Facet, ListQuery, Page};
use domain::search::{Comparison, Search};
use domain::time::Instant;

use super::{Entry, Row};
use crate::Result;
use crate::engine::ReadTx;
use crate::list::{Arg, Conditions, Placed, Shape, SortColumn};

const SHAPE: Shape = Shape {
    columns: "x.seq, x.recorded, x.actor, x.action, x.outcome, x.request",
    from: "audit_entry x",
    id: "x.seq",
    sorts: &[SortColumn {
        name: "time",
        sql: "x.seq",
    }],
    newest_first: true,
    by_words: None,
};

/// Keys of the list's tokens.
pub const TOKENS: &[&str] = &[
    "actor", "action", "target", "outcome", "request", "time", "seq",
];

impl Placed for Row {
    fn place(&self, _: &str) -> (Arg, i64) {
        (Arg::Int(self.seq), self.seq)
    }
}

impl ReadTx {
    /// A page of the log, the newest first.
    #[boxed]
    pub async fn audit_entries(&mut self, query: &ListQuery) -> Result<Page<Entry>> {
        let conditions = conditions(&query.search);
        let page: Page<Row> = self.page(&SHAPE, &conditions, query).await?;
        Ok(Page {
            rows: self.complete(page.rows).await?,
            before: page.before,
            after: page.after,
            total: page.total,
        })
    }

    /// Who uses a username now, or used it last: people who have left stay in the log.
    #[boxed]
    pub async fn identity_once_named(&mut self, username: &str) -> Result<Option<IdentityId>> {
        let text = "SELECT id FROM identity WHERE username_key = $1 ORDER BY recorded_to IS NULL AND status <> 'ended' DESC, recorded_from DESC LIMIT 1";
        let key = domain::text::key(username);
        if !crate::column::can_be_kept(&key) {
            return Ok(None);
        }
        let id: Option<i64> =
            on!(self, c => sqlx::query_scalar(text).bind(&key).fetch_optional(c).await)?;
        Ok(id.map(IdentityId::from_raw))
    }

    /// Values to narrow the log by, with their counts.
    #[boxed]
    pub async fn audit_facets(&mut self, search: &Search) -> Result<Vec<Facet>> {
        let conditions = conditions(search);
        let wanted = [("action", "x.action", 12), ("outcome", "x.outcome", 4)];
        self.facets(&SHAPE, &conditions, &wanted).await
    }
}

fn conditions(search: &Search) -> Conditions {
    let mut all = Conditions::new("x.seq > 0");
    for word in search.words() {
        word_or_id(&mut all, word);
    }
    all.tokens(search, |all, key, comparison, value| {
        match (key, comparison) {
            ("actor", Comparison::Is) => {
                actor(all, value);
                true
            }
            ("action", Comparison::Is) => {
                let known = AuditAction::ALL.iter().any(|action| action.word() == value);
                // `action:identity` means every act on identities.
                if known {
                    all.compare("x.action", comparison, Arg::Text(value.to_owned()));
                } else {
                    let (from, to) = (
                        all.bind(Arg::Text(format!("{value}."))),
                        all.bind(Arg::Text(format!("{value}/"))),
                    );
                    all.and(&format!("x.action >= {from} AND x.action < {to}"));
                }
                true
            }
            ("outcome", Comparison::Is) if Outcome::from_word(value).is_some() => {
                all.compare("x.outcome", comparison, Arg::Text(value.to_owned()));
                true
            }
            ("request", Comparison::Is) => {
                all.compare("x.request", comparison, Arg::Text(value.to_owned()));
                true
            }
            ("target", Comparison::Is) => {
                target(all, value);
                true
            }
            ("seq", _) => value.parse().is_ok_and(|seq: i64| {
                all.compare("x.seq", comparison, Arg::Int(seq));
                true
            }),
            // The service turns days into moments in the reader's zone before the search arrives here.
            ("time", _) => value.parse().is_ok_and(|at: Instant| {
                all.compare("x.recorded", comparison, Arg::At(at));
                true
            }),
            _ => false,
        }
    });
    all
}

/// A bare word finds a pasted id, a request id, or a person by name, as actor or target.
fn word_or_id(all: &mut Conditions, word: &str) {
    if word.parse::<ObjectRef>().is_ok() {
        let by = all.bind(Arg::Text(word.to_owned()));
        let target = target_condition(all, word);
        all.and(&format!("(x.actor = {by} OR {target})"));
        return;
    }
    let request = all.bind(Arg::Text(word.to_owned()));
    let prefix = domain::text::prefix(word);
    let (from, to) = (
        all.bind(Arg::Text(prefix.clone())),
        all.bind(Arg::Text(format!("{prefix}\u{10FFFF}"))),
    );
    all.and(&format!(
        "(x.request = {request} OR x.seq IN (SELECT t.seq FROM audit_target t WHERE t.kind = 'identity' AND t.object_id IN \
         (SELECT w.id FROM identity_word w WHERE w.word >= {from} AND w.word < {to})))"
    ));
}

fn actor(all: &mut Conditions, value: &str) {
    all.compare("x.actor", Comparison::Is, Arg::Text(value.to_owned()));
}

fn target(all: &mut Conditions, value: &str) {
    let condition = target_condition(all, value);
    all.and(&condition);
}

fn target_condition(all: &mut Conditions, value: &str) -> String {
    let object: ObjectRef = value
        .parse()
        .unwrap_or_else(|_| IdentityId::from_raw(0).into());
    let (kind, raw) = (
        all.bind(Arg::Text(object.kind.name().to_owned())),
        all.bind(Arg::Int(object.raw)),
    );
    format!(
        "x.seq IN (SELECT t.seq FROM audit_target t WHERE t.kind = {kind} AND t.object_id = {raw})"
    )
}
