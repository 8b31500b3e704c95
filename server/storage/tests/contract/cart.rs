//! The cart: lines are put in, changed, taken out and forgotten.

use domain::id::{EntitlementId, IdentityId, RoleId};
use domain::request::CartLine;
use domain::role::Grantable;
use domain::time::MINUTE;
use testkit::{START, both_engines};

#[tokio::test]
async fn lines_are_kept_in_their_order_and_for_their_owner() {
    both_engines(async |db| {
        let (me, other) = (IdentityId::from_raw(1), IdentityId::from_raw(2));
        let line = |what, days, minutes: i64| CartLine {
            beneficiary: me,
            what,
            days,
            reason: "Because “ü”".to_owned(),
            added: START.plus(minutes * MINUTE),
        };
        let one = line(
            Grantable::Entitlement(EntitlementId::from_raw(7)),
            Some(30),
            1,
        );
        let two = line(Grantable::Role(RoleId::from_raw(7)), None, 0);
        let mut tx = db.write().await;
        for (owner, line) in [(me, &one), (me, &two), (other, &one)] {
            tx.put_in_cart(owner, line).await.unwrap();
        }
        assert_eq!(tx.cart(me).await.unwrap(), [two.clone(), one.clone()]);
        let changed = CartLine {
            days: Some(7),
            reason: String::new(),
            ..one.clone()
        };
        tx.put_in_cart(me, &changed).await.unwrap();
        assert_eq!(tx.cart(me).await.unwrap(), [two.clone(), changed]);
        assert_eq!(tx.cart(other).await.unwrap(), std::slice::from_ref(&one));
        assert!(tx.take_from_cart(me, me, one.what).await.unwrap());
        assert!(!tx.take_from_cart(me, me, one.what).await.unwrap());
        assert_eq!(tx.cart(me).await.unwrap(), [two]);
        tx.forget_carts(START.plus(1)).await.unwrap();
        assert!(tx.cart(me).await.unwrap().is_empty());
        assert_eq!(tx.cart(other).await.unwrap(), [one]);
        tx.commit_unaudited("a cart is nobody else's business")
            .await
            .unwrap();
    })
    .await;
}
