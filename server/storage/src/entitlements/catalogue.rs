//! What people may ask for, as a list: requestable entitlements of active applications, without those that are offered to
//! others only. Words are looked for in the names of the application, too.

use std::collections::BTreeSet;

use crate::boxed;
use domain::id::{ApplicationId, EntitlementId};
use domain::lifecycle::Level;
use domain::page::{Facet, ListQuery, Page};
use domain::search::{Comparison, Search, Term};
use domain::text;

use super::list::{EntitlementRow, Row, SHAPE};
use crate::Result;
use crate::engine::ReadTx;
use crate::list::{Arg, Conditions};

/// Words that lie near one that nothing is called by.
const NEAR: i64 = 500;

/// What some flows cover.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Covered {
    /// These entitlements.
    pub entitlements: BTreeSet<EntitlementId>,
    /// Entitlements of these applications.
    pub applications: BTreeSet<ApplicationId>,
    /// Entitlements of these risks.
    pub risks: BTreeSet<Level>,
    /// Everything else.
    pub rest: bool,
}

/// What is offered to others only. The most specific flow decides, so what any flow names has to be known, too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Segment {
    /// What flows cover.
    pub named: Covered,
    /// The part of it that is not offered.
    pub closed: Covered,
}

impl ReadTx {
    /// A page of what may be asked for. Tokens: `application` (a technical name), `risk`, `kind`.
    #[boxed]
    pub async fn catalogue(
        &mut self,
        segment: &Segment,
        query: &ListQuery,
    ) -> Result<Page<EntitlementRow>> {
        let conditions = conditions(segment, &query.search);
        let page: Page<Row> = self.page(&SHAPE, &conditions, query).await?;
        let rows = page.rows.into_iter().map(EntitlementRow::try_from);
        Ok(Page {
            rows: rows.collect::<Result<_>>()?,
            before: page.before,
            after: page.after,
            total: page.total,
        })
    }

    /// Values to narrow the catalogue by, with their counts.
    #[boxed]
    pub async fn catalogue_facets(
        &mut self,
        segment: &Segment,
        search: &Search,
    ) -> Result<Vec<Facet>> {
        let conditions = conditions(segment, search);
        let wanted = [
            ("application", "s.name", 12),
            ("kind", "e.kind", 5),
            ("risk", "e.risk", 4),
        ];
        self.facets(&SHAPE, &conditions, &wanted).await
    }

    /// Words of what may be asked for that begin like one that nothing is called by.
    #[boxed]
    pub async fn catalogue_words(&mut self, begins: &str) -> Result<Vec<String>> {
        let text = "SELECT DISTINCT w.word FROM entitlement_word w JOIN entitlement e ON e.id = w.id AND e.recorded_to IS NULL \
                    AND e.requestable AND e.status = 'active' WHERE w.word >= $1 AND w.word < $2 UNION \
                    SELECT w.word FROM application_word w JOIN application s ON s.id = w.id AND s.recorded_to IS NULL \
                    AND s.status = 'active' WHERE w.word >= $1 AND w.word < $2 LIMIT $3";
        let until = format!("{begins}\u{10FFFF}");
        Ok(
            on!(self, c => sqlx::query_scalar(text).bind(begins).bind(&until).bind(NEAR).fetch_all(c).await)?,
        )
    }
}

fn conditions(segment: &Segment, search: &Search) -> Conditions {
    let mut all = Conditions::new("e.recorded_to IS NULL");
    all.and("e.requestable AND e.status = 'active' AND s.status = 'active'");
    for word in search.words() {
        let folded = text::prefix(word);
        for part in folded.split(' ').filter(|part| !part.is_empty()) {
            let from = all.bind(Arg::Text(part.to_owned()));
            let to = all.bind(Arg::Text(format!("{part}\u{10FFFF}")));
            all.and(&format!(
                "(e.id IN (SELECT w.id FROM entitlement_word w WHERE w.word >= {from} AND w.word < {to}) \
                 OR e.application_id IN (SELECT w.id FROM application_word w WHERE w.word >= {from} AND w.word < {to}))"
            ));
        }
    }
    for term in &search.terms {
        let Term::Token { key, value, .. } = term else {
            continue;
        };
        let (expression, value) = match key.as_str() {
            "application" => ("s.name_key", text::key(value)),
            "risk" => ("e.risk", value.clone()),
            "kind" => ("e.kind", value.clone()),
            _ => continue,
        };
        all.compare(expression, Comparison::Is, Arg::Text(value));
    }
    offered(&mut all, segment);
    all
}

/// Leaves out what is offered to others only.
fn offered(all: &mut Conditions, segment: &Segment) {
    let Segment { named, closed } = segment;
    if *closed == Covered::default() {
        return;
    }
    let raw = |ids: &BTreeSet<EntitlementId>| -> Vec<Arg> {
        ids.iter().map(|id| Arg::Int(id.raw())).collect()
    };
    let of = |ids: &BTreeSet<ApplicationId>| -> Vec<Arg> {
        ids.iter().map(|id| Arg::Int(id.raw())).collect()
    };
    let words = |levels: &BTreeSet<Level>| -> Vec<Arg> {
        let words = levels.iter().map(|level| level.word().to_owned());
        words.map(Arg::Text).collect()
    };
    let rest = if closed.rest { "1 = 1" } else { "1 = 0" };
    let levels = [
        (
            "COALESCE(e.risk, '')",
            words(&closed.risks),
            words(&named.risks),
        ),
        (
            "e.application_id",
            of(&closed.applications),
            of(&named.applications),
        ),
        ("e.id", raw(&closed.entitlements), raw(&named.entitlements)),
    ];
    let mut inner = rest.to_owned();
    for (expression, closed, named) in levels {
        let (closed, named) = (
            any_of(all, expression, closed),
            any_of(all, expression, named),
        );
        inner = format!("({closed} OR (NOT {named} AND {inner}))");
    }
    all.and(&format!("NOT {inner}"));
}

/// That an expression is one of some values.
fn any_of(all: &mut Conditions, expression: &str, values: Vec<Arg>) -> String {
    if values.is_empty() {
        return "1 = 0".to_owned();
    }
    let places: Vec<String> = values.into_iter().map(|value| all.bind(value)).collect();
    format!("{expression} IN ({})", places.join(", "))
}
