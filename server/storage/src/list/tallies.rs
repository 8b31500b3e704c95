//! What was counted last: the same page is asked for again and again, and counting costs more than the page.
//!
//! A tally belongs to the state of the database that it was counted in, and is forgotten with it. So nothing shown is ever
//! older than its page.

use std::collections::HashMap;
use std::sync::Mutex;

use domain::page::Facet;

use super::Arg;
use crate::Result;
use crate::boxed;
use crate::engine::ReadTx;

/// More different questions than people ask between two changes.
const MOST: usize = 1_024;

/// A question: text and arguments.
pub(crate) type Question = (String, Vec<Arg>);

/// What changes with everything governed: the number of the last entry, and how many records runs have that are applied
/// now. What is neither in the log nor in a manifest is not counted in lists, but for jobs.
pub(crate) type State = (i64, i64);

/// An answer.
#[derive(Debug, Clone)]
pub(crate) enum Tally {
    Count(u64),
    Facets(Vec<Facet>),
    Ids(Vec<i64>),
}

/// The last answers, for all that read from one process.
#[derive(Debug, Default)]
pub struct Tallies(Mutex<(State, HashMap<Question, Tally>)>);

impl Tallies {
    fn get(&self, state: State, question: &Question) -> Option<Tally> {
        let last = self.0.lock().ok()?;
        (last.0 == state)
            .then(|| last.1.get(question).cloned())
            .flatten()
    }

    /// Keeps an answer; an older state than the last one is not kept.
    fn put(&self, state: State, question: Question, tally: Tally) {
        let Ok(mut last) = self.0.lock() else { return };
        if state > last.0 || last.1.len() >= MOST {
            last.1.clear();
        }
        if state >= last.0 {
            last.0 = state;
            last.1.insert(question, tally);
        }
    }
}

/// Whether all changes of a list's rows are in the log or in a manifest.
fn is_governed(from: &str) -> bool {
    !from.starts_with("job ")
}

impl ReadTx {
    /// The last answer to a question on rows from somewhere, and the state to keep the next one under.
    pub(crate) async fn last_tally(
        &mut self,
        from: &str,
        question: &Question,
    ) -> Result<(Option<Tally>, Option<State>)> {
        let Some(tallies) = self.tallies.clone().filter(|_| is_governed(from)) else {
            return Ok((None, None));
        };
        if let Some(state) = self.state {
            return Ok((tallies.get(state, question), Some(state)));
        }
        let text = "SELECT seq, (SELECT CAST(COALESCE(sum(records), 0) AS BIGINT) FROM source_run WHERE state = 'applying') FROM audit_head";
        let state: State = on!(self, c => sqlx::query_as(text).fetch_one(c).await)?;
        self.state = Some(state);
        Ok((tallies.get(state, question), Some(state)))
    }

    /// Keeps an answer.
    pub(crate) fn keep_tally(&self, state: Option<State>, question: Question, tally: Tally) {
        if let (Some(tallies), Some(state)) = (&self.tallies, state) {
            tallies.put(state, question, tally);
        }
    }

    /// A number that was found out by several reads and kept with [`Self::keep_number`], when nothing has changed since.
    #[boxed]
    pub async fn kept_number(&mut self, what: &str, of: &[i64]) -> Result<Option<u64>> {
        let (last, _) = self.last_tally(what, &question(what, of)).await?;
        Ok(match last {
            Some(Tally::Count(number)) => Some(number),
            _ => None,
        })
    }

    /// Keeps a number until something changes: of whoever asked for it in this same transaction.
    pub fn keep_number(&self, what: &str, of: &[i64], number: u64) {
        self.keep_tally(self.state, question(what, of), Tally::Count(number));
    }
}

fn question(what: &str, of: &[i64]) -> Question {
    (what.to_owned(), of.iter().copied().map(Arg::Int).collect())
}
