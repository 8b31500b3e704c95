//! Everybody's access by its last use: in steps of four weeks, while a date in a search is exact.

use domain::permission::Visibility;
use domain::search::Search;
use domain::time::{DAY, Date};
use jiff::tz::TimeZone;
use testkit::both_engines;

use crate::findings::company;
use crate::support::search;
use crate::walk::{sorted, walk};

#[tokio::test]
async fn the_longest_unused_comes_first_and_a_day_is_exact() {
    both_engines(async |db| {
        company(db).await;
        let mut read = db.read().await;
        let step = |day: Date| day.start(&TimeZone::UTC).micros() / (28 * DAY);
        for sort in ["age", "-age"] {
            let query = sorted(&Search::default(), sort, 7);
            let rows = walk(&query, async |query| {
                read.observed(Visibility::All, None, query).await.unwrap()
            })
            .await;
            assert_eq!(rows.len(), 30);
            let days: Vec<_> = rows
                .iter()
                .map(|row| (step(row.access.last_used.unwrap()), row.access.key.identity))
                .collect();
            let in_order = if sort == "age" {
                days.is_sorted()
            } else {
                days.iter().rev().is_sorted()
            };
            assert!(in_order);
        }
        let rows = read
            .observed(Visibility::All, None, &search(""))
            .await
            .unwrap()
            .rows;
        let days: Vec<Date> = rows.iter().filter_map(|row| row.access.last_used).collect();
        for day in days
            .iter()
            .copied()
            .chain(days.iter().map(|day| day.plus_days(1)))
        {
            let naive = |fits: &dyn Fn(Date) -> bool| {
                days.iter().filter(|used| fits(**used)).count() as u64
            };
            for (text, total) in [
                (format!("used<{day}"), naive(&|used| used < day)),
                (format!("used<={day}"), naive(&|used| used <= day)),
                (format!("used>{day}"), naive(&|used| used > day)),
                (format!("used>={day}"), naive(&|used| used >= day)),
                (format!("used:{day}"), naive(&|used| used == day)),
            ] {
                let page = read
                    .observed(Visibility::All, None, &search(&text))
                    .await
                    .unwrap();
                assert_eq!(page.total, total, "{text}");
            }
        }
    })
    .await;
}
