//! What ends soon and of which people were told, and which source says who has access in an application.

use domain::access::AccessKey;
use domain::assignment::AssignmentState;
use domain::id::{AccountId, ApplicationId, EntitlementId, IdentityId, RequestItemId, SourceId};
use domain::time::HOUR;
use storage::access::NewAccess;
use storage::assignments::AssignmentContent;
use testkit::{START, an_application, an_entitlement, both_engines};

use crate::assignments::{assign, grant};
use crate::jobs::kept;
use crate::support::{application, entitlement};

#[tokio::test]
async fn a_source_shows_an_application_in_which_it_sees_access() {
    both_engines(async |db| {
        let sap = application(db, an_application("SAP").build()).await;
        let post = entitlement(db, an_entitlement(sap, "Post").build()).await;
        let [hr, directory] = [3, 4].map(SourceId::from_raw);
        let key = AccessKey {
            identity: IdentityId::from_raw(1),
            entitlement: post,
            account: AccountId::from_raw(9),
        };
        let seen = NewAccess {
            key,
            granted: None,
            last_used: None,
        };
        let mut tx = db.write().await;
        tx.insert_observed(directory, &[seen]).await.unwrap();
        kept(tx).await;
        let mut tx = db.read().await;
        assert!(tx.source_shows(directory, sap).await.unwrap());
        assert!(!tx.source_shows(hr, sap).await.unwrap());
        let other = ApplicationId::from_raw(77);
        assert!(!tx.source_shows(directory, other).await.unwrap());
        drop(tx);
        let mut tx = db.write().await;
        tx.end_observed(directory, &[key]).await.unwrap();
        kept(tx).await;
        assert!(!db.read().await.source_shows(directory, sap).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn what_a_request_gave_is_found_when_it_ends_and_people_are_told_once() {
    both_engines(async |db| {
        let asked = |hours: i64| AssignmentContent {
            request: Some(RequestItemId::from_raw(1)),
            ..grant(
                IdentityId::from_raw(1),
                EntitlementId::from_raw(hours),
                START,
                Some(START.plus(hours * HOUR)),
            )
        };
        let late = assign(db, &asked(3)).await;
        let soon = assign(db, &asked(2)).await;
        assign(db, &asked(1)).await;
        let over = AssignmentContent {
            state: AssignmentState::Ended,
            ..asked(4)
        };
        assign(db, &over).await;
        let by_hand = AssignmentContent {
            request: None,
            ..asked(5)
        };
        assign(db, &by_hand).await;
        let span = (START.plus(HOUR), START.plus(3 * HOUR));
        let found = db.read().await.assignments_ending(span).await.unwrap();
        let ids: Vec<_> = found.iter().map(|one| one.id).collect();
        assert_eq!(
            ids,
            [soon, late],
            "after the first moment, up to the second"
        );
        assert_eq!(db.read().await.told_until().await.unwrap(), None);
        for until in [span.0, span.1] {
            let mut tx = db.write().await;
            tx.set_told_until(until).await.unwrap();
            kept(tx).await;
            assert_eq!(db.read().await.told_until().await.unwrap(), Some(until));
        }
    })
    .await;
}
