//! Walks through every page of a list, forwards and backwards.

use domain::page::{ListQuery, Page, Position, Sort};
use domain::search::Search;

/// All rows in the order of the pages.
///
/// Panics when a page is not full though there is another, when walking back shows other pages than walking on did, or
/// when a page says that there is one before or after it and there is none.
pub(crate) async fn walk<R: Clone + PartialEq + std::fmt::Debug>(
    query: &ListQuery,
    mut page: impl AsyncFnMut(&ListQuery) -> Page<R>,
) -> Vec<R> {
    let size = usize::from(query.rows());
    let mut query = ListQuery {
        position: Position::Start,
        ..query.clone()
    };
    let mut pages: Vec<Page<R>> = Vec::new();
    loop {
        let found = page(&query).await;
        assert_eq!(found.before.is_some(), !pages.is_empty(), "a page before");
        assert!(
            found.rows.len() == size || found.after.is_none(),
            "only the last page is short"
        );
        let next = found.after.clone();
        pages.push(found);
        let Some(next) = next else { break };
        query.position = Position::After(next);
    }
    let rows: Vec<R> = pages.iter().flat_map(|page| page.rows.clone()).collect();
    assert!(
        pages.iter().all(|page| page.total == rows.len() as u64),
        "the total"
    );
    assert!(
        pages.len() == 1 || pages.iter().all(|page| !page.rows.is_empty()),
        "no page is empty"
    );
    let mut back = pages.last().and_then(|page| page.before.clone());
    for earlier in pages.iter().rev().skip(1) {
        query.position = Position::Before(back.expect("there is a page before"));
        let found = page(&query).await;
        assert_eq!(&found.rows, &earlier.rows, "walking back");
        assert!(found.after.is_some());
        back = found.before;
    }
    assert_eq!(back, None, "nothing before the first page");
    rows
}

/// All rows of a search in an order; `-name` runs backwards.
pub(crate) fn sorted(search: &Search, column: &str, size: u16) -> ListQuery {
    let (name, descending) = column
        .strip_prefix('-')
        .map_or((column, false), |name| (name, true));
    let sort = Some(Sort {
        column: name.to_owned(),
        descending,
    });
    ListQuery {
        search: search.clone(),
        sort,
        size,
        ..ListQuery::default()
    }
}
