//! A first visit shows what reviewing is: one campaign that is over, and one that waits for the manager.

use demo::Accounts;
use domain::review::CampaignState;
use service::reviews::{self, Asked, Grouping};
use service::{Cx, Service};
use testkit::TestStore;

use crate::requests::as_person;

/// One review is over with decisions, one is open and waits for the manager.
pub(crate) async fn a_review_is_over_and_one_waits(
    store: &TestStore,
    service: &Service,
    accounts: &Accounts,
) {
    let cx = Cx::of(domain::permission::Actor::System);
    let (definitions, campaigns) = reviews::list(service, &cx).await.expect("reviews");
    assert_eq!((definitions.len(), campaigns.len()), (2, 2));
    let of = |state| campaigns.iter().find(|one| one.content.state == state);
    let closed = of(CampaignState::Closed).expect("one is over");
    let progress = reviews::progress(service, &cx, closed.id)
        .await
        .expect("how it went");
    assert_eq!(progress.open, 0);
    assert!(closed.content.population.included > 20);
    let open = of(CampaignState::Open).expect("one is open");
    assert!(open.content.due > service.now());
    let manager = as_person(store, &accounts.manager).await;
    let waiting = reviews::open_piles(service, &manager).await.expect("piles");
    assert_eq!(waiting.len(), 1);
    let asked = Asked {
        by: Grouping::Person,
        group: None,
        after: 0,
        most: 50,
    };
    let pile = reviews::pile(service, &manager, open.id, asked)
        .await
        .expect("the pile");
    assert!(pile.groups.len() > 2 && !pile.items.is_empty());
    // What was decided before is known.
    let known = pile
        .items
        .iter()
        .filter(|one| one.item.facts.last.is_some());
    assert!(known.count() > 0);
}
