//! What people type into the log's search, made into what storage looks for: names into ids, days into moments.

use domain::id::{IdentityId, ObjectRef};
use domain::search::{Comparison, Search, Term};
use domain::time::{Date, Instant};
use jiff::tz::TimeZone;
use storage::ReadTx;

use crate::Result;

/// Actors of the log that are no people.
const NOBODY: [&str; 3] = ["system", "command_line", "anonymous"];

/// Tokens that only exist here, beside those of storage.
const DAYS: [&str; 2] = ["from", "to"];

/// The search as storage takes it, and the tokens that mean nothing here.
pub(crate) async fn resolve(
    tx: &mut ReadTx,
    search: &Search,
    zone: &TimeZone,
) -> Result<(Search, Vec<String>)> {
    let mut resolved = Search::default();
    let mut unknown = Vec::new();
    for term in &search.terms {
        let Term::Token {
            key,
            comparison,
            value,
        } = term
        else {
            resolved.terms.push(term.clone());
            continue;
        };
        match (key.as_str(), comparison) {
            ("actor", Comparison::Is) => {
                resolved.terms.push(Term::is(key, &actor(tx, value).await?));
            }
            ("target", Comparison::Is) => {
                resolved
                    .terms
                    .push(Term::is(key, &target(tx, value).await?));
            }
            ("time" | "from" | "to", _) => match times(key, *comparison, value, zone) {
                Some(terms) => resolved.terms.extend(terms),
                None => misunderstood(term, &mut resolved, &mut unknown),
            },
            (known, _) if storage::audit::TOKENS.contains(&known) => {
                resolved.terms.push(term.clone());
            }
            _ => misunderstood(term, &mut resolved, &mut unknown),
        }
    }
    Ok((resolved, unknown))
}

/// Keeps the token, which then matches nothing: a filter that is not understood must not show more.
fn misunderstood(term: &Term, resolved: &mut Search, unknown: &mut Vec<String>) {
    unknown.push(term.to_string());
    resolved.terms.push(match term {
        Term::Token { key, value, .. } if DAYS.contains(&key.as_str()) => Term::is("time", value),
        other => other.clone(),
    });
}

async fn actor(tx: &mut ReadTx, typed: &str) -> Result<String> {
    if NOBODY.contains(&typed) || typed.parse::<IdentityId>().is_ok() {
        return Ok(typed.to_owned());
    }
    let person = tx.identity_once_named(typed).await?;
    Ok(person.map_or_else(|| typed.to_owned(), |id| id.to_string()))
}

async fn target(tx: &mut ReadTx, typed: &str) -> Result<String> {
    if typed.parse::<ObjectRef>().is_ok() {
        return Ok(typed.to_owned());
    }
    if let Some(person) = tx.identity_once_named(typed).await? {
        return Ok(person.to_string());
    }
    let application = tx.application_by_name(typed).await?;
    Ok(application.map_or_else(
        || typed.to_owned(),
        |application| application.id.to_string(),
    ))
}

/// The moments a token of time means. A day is all of that day in the reader's zone.
fn times(key: &str, comparison: Comparison, value: &str, zone: &TimeZone) -> Option<Vec<Term>> {
    use Comparison::{AtLeast, AtMost, Is, Over, Under};
    let term = |comparison, at: Instant| Term::Token {
        key: "time".to_owned(),
        comparison,
        value: at.to_string(),
    };
    let comparison = match (key, comparison) {
        ("time", comparison) => comparison,
        ("from", Is) => AtLeast,
        ("to", Is) => AtMost,
        _ => return None,
    };
    if let Ok(at) = value.parse::<Instant>() {
        return Some(vec![term(comparison, at)]);
    }
    let day: Date = value.parse().ok()?;
    let (start, end) = (day.start(zone), day.end(zone));
    Some(match comparison {
        Is => vec![term(AtLeast, start), term(Under, end)],
        AtLeast => vec![term(AtLeast, start)],
        Over => vec![term(AtLeast, end)],
        AtMost => vec![term(Under, end)],
        Under => vec![term(Under, start)],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let Some(Term::Token {
            key,
            comparison,
            value,
        }) = Search::parse(text).terms.pop()
        else {
            return None;
        };
        let zone = TimeZone::get("Europe/Lisbon").ok()?;
        times(&key, comparison, &value, &zone).map(|terms| Search { terms }.to_string())
    }

    #[test]
    fn days_are_days_of_the_zone() {
        let start = "2026-07-01T00:00:00+01:00"
            .parse::<Instant>()
            .expect("instant")
            .to_string();
        let end = "2026-07-02T00:00:00+01:00"
            .parse::<Instant>()
            .expect("instant")
            .to_string();
        assert_eq!(read("from:2026-07-01"), Some(format!("time>={start}")));
        assert_eq!(read("to:2026-07-01"), Some(format!("time<{end}")));
        assert_eq!(
            read("time:2026-07-01"),
            Some(format!("time>={start} time<{end}"))
        );
        assert_eq!(read("time>2026-07-01"), Some(format!("time>={end}")));
        assert_eq!(
            read(&format!("time<={start}")),
            Some(format!("time<={start}"))
        );
        assert_eq!(read("from>2026-07-01"), None);
        assert_eq!(read("time:yesterday"), None);
    }
}
