//! What giving to many would do: who gains what, and with whom it would not be done.

use std::collections::BTreeMap;

use domain::field::FieldErrors;
use domain::role::Grantable;
use domain::time::Instant;
use proof::hash::sha256;
use roaring::RoaringTreemap;
use storage::ReadTx;

use super::super::{validity, what};
use super::forecast::{Forecast, Reading, Remark};
use super::{GiveMany, may_give_some};
use crate::plan::{self, Change, Plan};
use crate::{Cx, Result, Service, boxed};

/// Remarks that are kept; all are counted.
const MOST_REMARKS: usize = 200;
/// People read at a time.
const CHUNK: usize = 500;

/// What giving to many would do.
#[derive(Debug, Clone)]
pub struct PlannedGifts {
    /// Who would gain what, as things stand now. Its hash also says with whom it would be done and with whom not.
    pub plan: Plan,
    /// What is given, by name.
    pub what: Vec<(Grantable, String)>,
    /// From when.
    pub from: Instant,
    /// Whether it begins only later.
    pub later: bool,
    /// Until when; none without an end.
    pub until: Option<Instant>,
    /// So many assignments begin.
    pub given: u64,
    /// So many are there already and stay as they are.
    pub unchanged: u64,
    /// So many are refused.
    pub refused: u64,
    /// What is to be said of single people: what is refused first. The first of them.
    pub remarks: Vec<Remark>,
    /// How many remarks there are.
    pub remarked: usize,
}

/// Finds out what giving to many would do.
#[boxed]
pub async fn plan_many(service: &Service, cx: &Cx, ask: &GiveMany) -> Result<PlannedGifts> {
    may_give_some(service, cx).await?;
    let ask = ask.tidy()?;
    let mut tx = service.store.read().await?;
    plan(&mut tx, cx, &ask, service.now()).await
}

pub(super) async fn plan(
    tx: &mut ReadTx,
    cx: &Cx,
    ask: &GiveMany,
    now: Instant,
) -> Result<PlannedGifts> {
    let mut errors = FieldErrors::new();
    let mut whats = Vec::with_capacity(ask.what.len());
    for typed in &ask.what {
        let found = what(tx, typed, &mut errors).await?;
        whats.extend(found.filter(|found| !whats.contains(found)));
    }
    if ask.what.is_empty() {
        what(tx, "", &mut errors).await?;
    }
    let (from, until) = validity(tx, (&ask.from, &ask.until), now, &mut errors).await?;
    errors.or(())?;
    let mut names = Vec::with_capacity(whats.len());
    for what in &whats {
        names.push((*what, super::super::name(tx, *what).await?));
    }
    let mut reading = Reading::new(&names, (from, until), now);
    for some in ask.people.chunks(CHUNK) {
        reading.read(tx, cx, some).await?;
    }
    let Reading {
        given,
        verdicts,
        mut remarks,
        ..
    } = reading;
    let change = Change {
        given: given.into_iter().collect(),
        ..Change::default()
    };
    let mut plan = plan::plan(tx, &change, now).await?;
    plan.hash = mark(&plan.hash, &whats, &verdicts);
    let count = |wanted: Forecast| verdicts.iter().filter(|one| **one == wanted).count() as u64;
    remarks.sort_by_key(|remark| std::cmp::Reverse(remark.forecast));
    let remarked = remarks.len();
    remarks.truncate(MOST_REMARKS);
    Ok(PlannedGifts {
        given: count(Forecast::Given),
        unchanged: count(Forecast::Unchanged),
        refused: count(Forecast::Refused),
        plan,
        what: names,
        from,
        later: from > now,
        until,
        remarks,
        remarked,
    })
}

/// The same people gain the same, and with the same people it is not done: the same mark.
fn mark(hash: &str, whats: &[Grantable], verdicts: &[Forecast]) -> String {
    let whats: Vec<String> = whats.iter().map(|what| format!("{what:?}")).collect();
    let verdicts: String = verdicts.iter().map(|one| one.letter()).collect();
    let text = format!("{hash}\n{}\n{verdicts}", whats.join(" "));
    domain::text::hex(&sha256(text.as_bytes()).0)
}

/// To whom each thing is given.
pub(super) type GivenTo = BTreeMap<Grantable, RoaringTreemap>;
