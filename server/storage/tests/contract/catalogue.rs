//! The catalogue: what may be asked for, found by words of the thing or of its application; and carts.

use std::collections::BTreeSet;

use domain::entitlement::EntitlementKind;
use domain::id::IdentityId;
use domain::lifecycle::{Level, Lifecycle};
use domain::request::CartLine;
use domain::role::Grantable;
use domain::search::{Search, Term};
use domain::time::SECOND;
use storage::entitlements::{Covered, Segment};
use testkit::{TestStore, an_application, an_entitlement, both_engines};

use crate::support::{application, entitlement, search};

async fn found(db: &TestStore, segment: &Segment, text: &str) -> Vec<String> {
    let page = db.read().await.catalogue(segment, &search(text)).await;
    let rows = page.expect("a page").rows.into_iter();
    rows.map(|row| row.display_name).collect()
}

#[tokio::test]
async fn the_catalogue_has_what_is_offered_and_the_most_specific_flow_decides() {
    both_engines(async |db| {
        let sap = application(db, an_application("SAP").build()).await;
        let old = application(db, an_application("Old").status(Lifecycle::Ended).build()).await;
        let post = entitlement(
            db,
            an_entitlement(sap, "Post invoice").risk(Level::Low).build(),
        )
        .await;
        let pay = an_entitlement(sap, "Pay")
            .risk(Level::Critical)
            .kind(EntitlementKind::Feature);
        let pay = entitlement(db, pay.build()).await;
        entitlement(db, an_entitlement(sap, "Hidden").not_requestable().build()).await;
        entitlement(db, an_entitlement(old, "Gone").build()).await;
        let open = Segment::default();
        assert_eq!(found(db, &open, "").await, ["Pay", "Post invoice"]);
        assert_eq!(found(db, &open, "sap inv").await, ["Post invoice"]);
        assert_eq!(
            found(db, &open, "inv kind:feature").await,
            Vec::<String>::new()
        );
        assert_eq!(
            found(db, &open, "application:sap risk:critical").await,
            ["Pay"]
        );
        let facets = db
            .read()
            .await
            .catalogue_facets(&open, &Search::default())
            .await;
        let facets = facets.expect("facets");
        assert_eq!(facets[0].values[0].count, 2);
        // Everything is closed but the application is open; one of its things is closed again.
        let mut segment = Segment::default();
        segment.named.rest = true;
        segment.closed.rest = true;
        assert_eq!(found(db, &segment, "").await, Vec::<String>::new());
        segment.named.risks = BTreeSet::from([Level::Low]);
        assert_eq!(found(db, &segment, "").await, ["Post invoice"]);
        segment.named.applications = BTreeSet::from([sap]);
        assert_eq!(found(db, &segment, "").await, ["Pay", "Post invoice"]);
        segment.named.entitlements = BTreeSet::from([post, pay]);
        segment.closed = Covered {
            entitlements: BTreeSet::from([post]),
            ..segment.closed
        };
        assert_eq!(found(db, &segment, "").await, ["Pay"]);
        let words = db.read().await.catalogue_words("s").await.expect("words");
        assert_eq!(words, ["sap"]);
        let words = db.read().await.catalogue_words("h").await.expect("words");
        assert_eq!(words, Vec::<String>::new(), "only what may be asked for");
        let odd = Search {
            terms: vec![Term::Word("\0".to_owned())],
        };
        let odd = domain::page::ListQuery {
            search: odd,
            ..search("")
        };
        db.read()
            .await
            .catalogue(&open, &odd)
            .await
            .expect("a page");
    })
    .await;
}

#[tokio::test]
async fn a_cart_keeps_each_thing_once_until_it_is_taken_out_or_forgotten() {
    both_engines(async |db| {
        let (me, ana) = (IdentityId::from_raw(1), IdentityId::from_raw(2));
        let what = Grantable::Entitlement(domain::id::EntitlementId::from_raw(7));
        let mut line = CartLine {
            beneficiary: ana,
            what,
            days: None,
            reason: String::new(),
            added: domain::time::Instant::from_micros(1_000_000),
        };
        let mut tx = db.write().await;
        tx.put_in_cart(me, &line).await.expect("put");
        line.days = Some(30);
        tx.put_in_cart(me, &line).await.expect("changed");
        tx.commit_unaudited("a test").await.expect("a commit");
        let mut tx = db.read().await;
        assert_eq!(tx.cart(me).await.expect("a cart"), [line.clone()]);
        assert_eq!(tx.cart_count(me).await.expect("a count"), 1);
        assert_eq!(tx.cart_count(ana).await.expect("a count"), 0);
        drop(tx);
        let mut tx = db.write().await;
        tx.forget_carts(line.added).await.expect("forgotten");
        assert_eq!(tx.cart_count(me).await.expect("a count"), 1);
        tx.forget_carts(line.added.plus(SECOND))
            .await
            .expect("forgotten");
        assert_eq!(tx.cart_count(me).await.expect("a count"), 0);
        assert!(!tx.take_from_cart(me, ana, what).await.expect("nothing"));
    })
    .await;
}

#[tokio::test]
async fn what_was_never_given_has_no_past() {
    both_engines(async |db| {
        let what = Grantable::Entitlement(domain::id::EntitlementId::from_raw(7));
        let role = Grantable::Role(domain::id::RoleId::from_raw(7));
        let since = domain::time::Instant::from_micros(0);
        let given = db.read().await.items_given(&[what, role], since, 10).await;
        assert!(given.expect("items").is_empty());
    })
    .await;
}
