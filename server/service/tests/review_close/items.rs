//! The list of items behind the numbers of a campaign.

use domain::review::Choice;
use service::Error;
use service::reviews::{self, ItemState, Which};
use testkit::both_apps;

use crate::kit::{Kit, of};

#[tokio::test]
async fn items_are_found_by_reviewer_application_and_state() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.launched(|_| {}).await;
        let kept = kit.item(id, kit.cy, kit.pay).await;
        kit.choose(id, kept, Choice::Keep).await;
        let list = async |which: Which, after, most| {
            let page = reviews::items(app.service(), &kit.admin, id, which, after, most).await;
            page.expect("a page")
        };
        let all = list(Which::default(), 0, 3).await;
        assert_eq!((all.rows.len(), all.may_run), (3, true));
        let rest = list(Which::default(), all.next.expect("more"), 3).await;
        assert_eq!((rest.rows.len(), rest.next), (1, None));
        let of_bo = Which {
            reviewer: Some(kit.bo),
            state: Some(ItemState::Decided(Choice::Keep)),
            ..Which::default()
        };
        let page = list(of_bo, 0, 9).await;
        assert_eq!(page.reviewer.as_deref(), Some("Bo"));
        let row = &page.rows[0];
        assert_eq!(
            (page.rows.len(), row.holder.as_str(), row.what.as_str()),
            (1, "Cy", "The pay")
        );
        assert_eq!(row.state, ItemState::Decided(Choice::Keep));
        let open = Which {
            state: Some(ItemState::Open),
            ..Which::default()
        };
        assert_eq!(list(open, 0, 9).await.rows.len(), 3);
        let progress = reviews::progress(app.service(), &kit.admin, id).await;
        let application = progress.expect("it").applications[0].id;
        let in_sap = Which {
            application: Some(application),
            ..Which::default()
        };
        let page = list(in_sap, 0, 9).await;
        assert_eq!(
            (page.rows.len(), page.application.as_deref()),
            (4, Some("SAP"))
        );
        // One whom nobody knows has no items, and whoever may not see the campaign is not told of any.
        kit.suspend(kit.ben).await;
        let nothing = Which {
            reviewer: Some(kit.ben),
            ..Which::default()
        };
        assert!(list(nothing, 0, 9).await.rows.is_empty());
        let hidden = reviews::items(app.service(), &of(kit.bo), id, of_bo, 0, 9).await;
        assert!(matches!(hidden, Err(Error::NotFound)), "{hidden:?}");
    })
    .await;
}
