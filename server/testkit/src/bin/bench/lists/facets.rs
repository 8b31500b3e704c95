//! Facets by themselves. They are a part of each page of a list, and may take longer than its rows.

use std::time::Instant;

use anyhow::Result;
use domain::permission::Visibility;
use domain::search::Search;
use service::Store;

use super::fill::Filled;
use crate::organisation::{department, family};

const TIMES: usize = 20;

/// The slowest of some times for searches that match everybody, many and few, in milliseconds.
pub(super) async fn slowest(store: &Store, filled: &Filled) -> Result<Vec<(String, f64)>> {
    let searches = [
        ("everybody", String::new()),
        ("a department", format!("department:{}", department(0))),
        (
            "a status and a manager",
            format!("status:active manager:{}", filled.people[1]),
        ),
        ("the most frequent family name", family(0)),
        ("the beginning of many names", "s".to_owned()),
        (
            "a given name in a department",
            format!("ana department:{}", department(1)),
        ),
    ];
    let mut all = Vec::new();
    for (name, text) in searches {
        let search = Search::parse(&text);
        let mut slowest = 0.0_f64;
        for _ in 0..TIMES {
            let begun = Instant::now();
            let mut tx = store.read().await?;
            tx.identity_facets(Visibility::All, None, &search).await?;
            slowest = slowest.max(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        all.push((name.to_owned(), slowest));
    }
    Ok(all)
}
