//! Counting and finding by words: how many rows match, as far as a screen says, and which values are the most frequent.

use domain::page::{COUNT_CAP, Facet, FacetValue};
use sqlx::AssertSqlSafe;

use super::tallies::Tally;
use super::{Arg, Conditions, Ordered, Shape};
use crate::Result;
use crate::column::{At, Day};
use crate::engine::ReadTx;

/// Words that fit a prefix, from which on it is common. Of a million rows, collecting four thousand and sorting them
/// takes as long as walking until fifty are found.
const COMMON: u64 = 4_000;
/// The same where the table of words is sorted as the list is: nothing else is read to sort them, only the first are kept, and
/// that is done once until something changes. Walking finds them late where the names that begin alike stand together.
const COMMON_SORTED: u64 = 250_000;

/// What rows must be counted from: the first table alone, when the conditions say nothing of those joined to it. Every row
/// has exactly one of each of them.
pub(super) fn needed<'f>(from: &'f str, conditions: &str) -> &'f str {
    let mut parts = from.split(" JOIN ");
    let first = parts.next().unwrap_or(from);
    let joined = parts.any(|part| {
        let alias = part.split(' ').nth(1).unwrap_or_default();
        let names = |start: usize| {
            let before = conditions[..start].chars().next_back();
            before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
        };
        let column = format!("{alias}.");
        let mut places = conditions.match_indices(&column);
        places.any(|(start, _)| names(start))
    });
    if joined { from } else { first }
}

impl ReadTx {
    /// The same conditions, with every word known to be common or rare.
    pub(super) async fn sized(
        &mut self,
        conditions: &Conditions,
        sorted: bool,
    ) -> Result<Conditions> {
        let common = if sorted { COMMON_SORTED } else { COMMON };
        let mut sized = conditions.clone();
        for word in &mut sized.words {
            let text = format!(
                "SELECT count(*) FROM (SELECT 1 FROM {} w WHERE w.word >= $1 AND w.word < $2 LIMIT {}) AS capped",
                word.table,
                common + 1
            );
            let args = vec![word.bounds.0.clone(), word.bounds.1.clone()];
            word.fitting = self.tallied(word.table, text, args).await?;
            word.common = word.fitting > common;
        }
        Ok(sized)
    }

    /// How many match; counted up to [`COUNT_CAP`] + 1 unless all are wanted.
    pub(super) async fn count(
        &mut self,
        shape: &Shape,
        conditions: &Conditions,
        all: bool,
    ) -> Result<u64> {
        let cap = if all {
            i64::MAX.unsigned_abs()
        } else {
            COUNT_CAP + 1
        };
        if conditions.only_words() {
            return self.count_words(conditions, cap).await;
        }
        self.capped(shape.from, conditions, cap).await
    }

    /// The first objects that have the words, in the order of the list.
    pub(super) async fn ids_by_words(&mut self, asked: &Ordered<'_>) -> Result<Vec<i64>> {
        let args = &asked.conditions.args;
        let table = asked.conditions.words.first().map_or("", |word| word.table);
        let mut ids = Vec::new();
        for text in asked.by_words() {
            let question = (text, args.clone());
            let (last, state) = self.last_tally(table, &question).await?;
            ids = if let Some(Tally::Ids(ids)) = last {
                ids
            } else {
                let rows: Vec<(i64,)> = self.rows(question.0.clone(), question.1.clone()).await?;
                let ids: Vec<i64> = rows.into_iter().map(|(id,)| id).collect();
                self.keep_tally(state, question, Tally::Ids(ids.clone()));
                ids
            };
            if ids.len() == usize::from(asked.rows) {
                break;
            }
        }
        Ok(ids)
    }

    /// How many objects have the words: from the table of words, which has those of the listed objects only.
    async fn count_words(&mut self, conditions: &Conditions, cap: u64) -> Result<u64> {
        let table = conditions.words.first().map_or("", |word| word.table);
        let text = format!(
            "SELECT count(*) FROM (SELECT DISTINCT v.id FROM {} LIMIT {cap}) AS capped",
            conditions.of_words()
        );
        self.tallied(table, text, conditions.args.clone()).await
    }

    /// How many rows match, counted up to a cap.
    pub(crate) async fn capped(
        &mut self,
        from: &str,
        conditions: &Conditions,
        cap: u64,
    ) -> Result<u64> {
        let text = conditions.text();
        let from = needed(from, &text);
        let text = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {from} WHERE {text} LIMIT {cap}) AS capped"
        );
        self.tallied(from, text, conditions.args.clone()).await
    }

    /// A number that may have been counted before.
    async fn tallied(&mut self, from: &str, text: String, args: Vec<Arg>) -> Result<u64> {
        let question = (text, args);
        let (last, state) = self.last_tally(from, &question).await?;
        if let Some(Tally::Count(count)) = last {
            return Ok(count);
        }
        let count = self.number(question.0.clone(), question.1.clone()).await?;
        self.keep_tally(state, question, Tally::Count(count));
        Ok(count)
    }

    async fn number(&mut self, text: String, args: Vec<Arg>) -> Result<u64> {
        let number: i64 = on!(self, c => bind_all!(sqlx::query_scalar(AssertSqlSafe(text)), args).fetch_one(c).await)?;
        Ok(u64::try_from(number).unwrap_or(0))
    }

    /// The most frequent values of an expression among the first [`COUNT_CAP`] that match.
    pub(crate) async fn facet(
        &mut self,
        shape: &Shape,
        conditions: &Conditions,
        key: &'static str,
        expression: &'static str,
        most: u32,
    ) -> Result<Facet> {
        let wanted = [(key, expression, most)];
        let mut facets = self.facets(shape, conditions, &wanted).await?;
        Ok(facets.pop().unwrap_or(Facet {
            key,
            values: Vec::new(),
        }))
    }

    /// The most frequent values of expressions among the first [`COUNT_CAP`] that match, all in one pass over them. Each
    /// wanted one is a key, an expression of a text, and how many values at most.
    pub(crate) async fn facets(
        &mut self,
        shape: &Shape,
        conditions: &Conditions,
        wanted: &[(&'static str, &'static str, u32)],
    ) -> Result<Vec<Facet>> {
        let only_words = conditions.only_words();
        let conditions = self.sized(conditions, only_words).await?;
        let found = if only_words {
            // As many as are counted, whichever the table of words has first.
            format!(
                "{} AND {} IN (SELECT DISTINCT v.id FROM {} LIMIT {COUNT_CAP})",
                conditions.base,
                shape.id,
                conditions.of_words()
            )
        } else {
            conditions.text()
        };
        let mut columns = Vec::with_capacity(wanted.len());
        let mut counts = Vec::with_capacity(wanted.len());
        for (n, (_, expression, most)) in wanted.iter().enumerate() {
            columns.push(format!("{expression} AS v{n}"));
            counts.push(format!(
                "SELECT * FROM (SELECT CAST({n} AS BIGINT) AS f, v{n} AS v, count(*) AS n FROM capped \
                 WHERE v{n} IS NOT NULL AND v{n} <> '' GROUP BY v{n} ORDER BY n DESC, v LIMIT {most}) AS of_{n}"
            ));
        }
        let from = needed(shape.from, &format!("{found} {}", columns.join(" ")));
        let from = match &shape.by_words {
            // SQLite prefers the unique index of ids, and then reads the row of each.
            Some(words) if only_words => sql!(self,
                sqlite: format!("{from} INDEXED BY {}", words.facets),
                postgres: from.to_owned(),
            ),
            _ => from.to_owned(),
        };
        let text = format!(
            "WITH capped AS MATERIALIZED (SELECT {} FROM {} WHERE {} LIMIT {COUNT_CAP}) {}",
            columns.join(", "),
            from,
            found,
            counts.join(" UNION ALL ")
        );
        let question = (text, conditions.args);
        let (last, state) = self.last_tally(shape.from, &question).await?;
        if let Some(Tally::Facets(facets)) = last {
            return Ok(facets);
        }
        let rows: Vec<(i64, String, i64)> =
            self.rows(question.0.clone(), question.1.clone()).await?;
        let mut facets: Vec<Facet> = wanted
            .iter()
            .map(|(key, _, _)| Facet {
                key,
                values: Vec::new(),
            })
            .collect();
        for (place, value, n) in rows {
            let count = u64::try_from(n).unwrap_or(0);
            let place = usize::try_from(place).unwrap_or(usize::MAX);
            if let Some(facet) = facets.get_mut(place) {
                facet.values.push(FacetValue { value, count });
            }
        }
        for facet in &mut facets {
            let order = |a: &FacetValue, b: &FacetValue| {
                b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value))
            };
            facet.values.sort_by(order);
        }
        self.keep_tally(state, question, Tally::Facets(facets.clone()));
        Ok(facets)
    }
}

#[cfg(test)]
mod tests {
    use super::needed;

    #[test]
    fn only_the_tables_that_conditions_speak_of_are_counted() {
        let from = "account a JOIN application s ON s.id = a.application_id";
        assert_eq!(needed(from, "a.name = $1 AND as.x = 1"), "account a");
        assert_eq!(needed(from, "a.name = $1 AND s.name = $2"), from);
        assert_eq!(needed(from, "(s.name = $2)"), from);
        assert_eq!(needed("identity p", "p.id = 1"), "identity p");
    }
}
