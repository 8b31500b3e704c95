//! Counting stops soon after ten thousand, however many there are.

use domain::id::SourceId;
use domain::page::COUNT_CAP;
use domain::permission::Visibility;
use domain::search::Search;
use domain::source::FileKind;
use testkit::{an_application, both_engines};

use crate::support::{application, execute, search};

const HR: SourceId = SourceId::from_raw(1);

#[tokio::test]
async fn more_than_ten_thousand_are_not_counted() {
    both_engines(async |db| {
        application(db, an_application("Many").build()).await;
        // Copies of the one row: building them through the contract would take longer than the test is worth.
        execute(
            db,
            "WITH RECURSIVE more(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM more WHERE n < 10005) \
             INSERT INTO application (id, recorded_from, salt, name, name_key, display_name, display_key, description, status, built_in) \
             SELECT more.n, s.recorded_from, s.salt, s.name || more.n, s.name_key || more.n, s.display_name, s.display_key, s.description, \
             s.status, s.built_in FROM application s CROSS JOIN more",
        )
        .await;
        let mut read = db.read().await;
        let page = read.applications(Visibility::All, None, &search("")).await.unwrap();
        assert_eq!((page.total, page.rows.len(), page.after.is_some()), (COUNT_CAP + 1, 50, true));
        let facets = read.application_facets(Visibility::All, None, &Search::default()).await.unwrap();
        assert_eq!((facets[0].values.len(), facets[0].values[0].count), (1, COUNT_CAP));
        let few = read.applications(Visibility::All, None, &search("name:many77")).await.unwrap();
        assert_eq!(few.total, 1);
        assert_eq!(read.live_count(HR, FileKind::Applications).await.unwrap(), 0);
        drop(read);
        execute(db, "UPDATE application SET source_id = 1").await;
        let mut read = db.read().await;
        assert_eq!(read.live_count(HR, FileKind::Applications).await.unwrap(), COUNT_CAP + 1);
    })
    .await;
}
