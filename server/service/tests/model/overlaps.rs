//! Roles that overlap, and roles that nobody holds.

use domain::finding::Finding;
use domain::overlap::OverlapKind;
use domain::page::ListQuery;
use domain::permission::{Actor, Rights};
use domain::search::Search;
use service::{Cx, Error, findings, roles};
use testkit::both_apps;

use crate::kit::Kit;

#[tokio::test]
async fn roles_that_overlap_and_roles_that_nobody_holds() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["a", "b", "c", "d", "e", "f"]).await;
        let service = app.service();
        let clerk = kit.role("clerk", "sap/a\nsap/b\nsap/c\nsap/d\nsap/e").await;
        let twin = kit.role("twin", "sap/a\nsap/b\nsap/c\nsap/d\nsap/e").await;
        let outer = kit.role("outer", "role:clerk\nsap/f").await;
        let small = kit.role("small", "sap/f").await;
        let found = findings::overlapping(service, &kit.cx, 0)
            .await
            .expect("pairs");
        let pairs: Vec<_> = found
            .rows
            .iter()
            .map(|pair| (pair.overlap.expect("one").kind, pair.one.id, pair.other.id))
            .collect();
        let expected = [
            (OverlapKind::Same, clerk, twin),
            (OverlapKind::Contains, outer, twin),
            (OverlapKind::Contains, outer, small),
        ];
        assert_eq!(pairs, expected);
        assert_eq!((found.total, found.before), (3, 0));
        let far = findings::overlapping(service, &kit.cx, 1_000_000)
            .await
            .expect("pairs");
        assert_eq!(far.before, 0);
        let beside = findings::beside(service, &kit.cx, twin, outer)
            .await
            .expect("two");
        assert_eq!((beside.one.id, beside.other.id), (outer, twin));
        assert_eq!(
            (
                beside.shared.all,
                beside.only_one.all,
                beside.only_other.all
            ),
            (5, 1, 0)
        );
        assert_eq!(beside.only_one.named[0].name, "f");
        let apart = findings::beside(service, &kit.cx, small, clerk)
            .await
            .expect("two");
        assert!(apart.overlap.is_none() && apart.shared.all == 0);
        // A change of a role is seen at once.
        kit.contents(twin, &[], "sap/f").await;
        let found = findings::overlapping(service, &kit.cx, 0)
            .await
            .expect("pairs");
        assert_eq!(found.total, 4);
        let counted = findings::read(service, &kit.cx)
            .await
            .expect("findings")
            .counts;
        let count = |wanted| {
            counted
                .iter()
                .find(|(one, _)| *one == wanted)
                .map(|(_, count)| *count)
        };
        assert_eq!(count(Finding::OverlappingRoles), Some(4));
        assert_eq!(count(Finding::RoleWithoutHolders), Some(4));
        let ana = kit.person("Ana Silva").await;
        kit.give(ana, "role:outer").await;
        let query = ListQuery {
            search: Search::parse("status:active holders:none"),
            ..ListQuery::default()
        };
        let unheld = roles::list(service, &kit.cx, &query).await;
        let unheld: Vec<_> = unheld
            .expect("roles")
            .page
            .rows
            .iter()
            .map(|row| row.id)
            .collect();
        assert_eq!(unheld, [small, twin]);
        let refused = findings::overlapping(
            service,
            &Cx::of(Actor::Person {
                id: ana,
                rights: Rights::NONE,
            }),
            0,
        )
        .await;
        assert!(matches!(
            refused,
            Err(Error::NotFound | Error::Denied { .. })
        ));
    })
    .await;
}
