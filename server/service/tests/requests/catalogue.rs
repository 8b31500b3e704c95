//! What people find in the catalogue, what lies in their cart, and what they see of their own access.

use domain::approval::Vote;
use domain::id::IdentityId;
use domain::role::Grantable;
use domain::time::{DAY, SECOND};
use service::requests::{self, CartEntry, Catalogue, CatalogueQuery, Standing};
use service::{Cx, Error};
use testkit::both_apps;

use crate::kit::{Kit, entitlement, me};

async fn find(kit: &Kit<'_>, cx: &Cx, person: Option<IdentityId>, words: &str) -> Catalogue {
    let query = CatalogueQuery {
        person,
        words: words.to_owned(),
        ..CatalogueQuery::default()
    };
    requests::catalogue(kit.app.service(), cx, &query)
        .await
        .expect("the catalogue")
}

fn names(found: &Catalogue) -> Vec<&str> {
    found
        .page
        .rows
        .iter()
        .map(|one| one.name.as_str())
        .collect()
}

#[tokio::test]
async fn only_what_is_offered_to_a_person_is_found_with_who_must_agree_and_whether_they_have_it() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        entitlement(app, &kit.admin, "hidden", false).await;
        app.clock().advance(SECOND);
        let found = find(&kit, &kit.ana, None, "").await;
        assert_eq!(names(&found), ["The pay", "The post"]);
        let post = &found.page.rows[1];
        assert_eq!(post.steps, "manager → owner");
        assert_eq!(post.owner.as_ref().expect("an owner").name, "Olga Berg");
        assert_eq!(post.standing, Standing::Open);
        // The name of the application counts as well.
        assert_eq!(
            names(&find(&kit, &kit.ana, None, "sap post").await),
            ["The post"]
        );
        kit.ask(&kit.ana, &["sap/post"]).await;
        let found = find(&kit, &kit.ana, None, "post").await;
        let Standing::Waiting { people, .. } = &found.page.rows[0].standing else {
            panic!("it waits: {:?}", found.page.rows[0].standing);
        };
        assert_eq!(people[0].name, "Bo Lind");
        assert_eq!(found.page.rows.len(), 1);
        // Bo asks for Ana; Ana asks for nobody but herself.
        let for_ana = find(&kit, &kit.bo, Some(me(&kit.ana)), "").await;
        assert_eq!(for_ana.person.name, "Ana Silva");
        assert_eq!(for_ana.reports[0].name, "Ana Silva");
        let query = CatalogueQuery {
            person: Some(me(&kit.bo)),
            ..CatalogueQuery::default()
        };
        let other = requests::catalogue(app.service(), &kit.ana, &query).await;
        assert!(matches!(other, Err(Error::NotFound)), "{other:?}");
    })
    .await;
}

#[tokio::test]
async fn what_a_flow_offers_to_others_is_neither_found_nor_opened_nor_put_into_a_cart() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.flow(kit.pay, |flow| {
            flow.asked_by = "principal.username == \"bo.lind\"".to_owned();
        })
        .await;
        assert_eq!(names(&find(&kit, &kit.ana, None, "").await), ["The post"]);
        assert_eq!(
            names(&find(&kit, &kit.bo, None, "").await),
            ["The pay", "The post"]
        );
        let what = Grantable::Entitlement(kit.pay);
        let opened = requests::offered(app.service(), &kit.ana, None, what).await;
        assert!(matches!(opened, Err(Error::NotFound)), "{opened:?}");
        let put = requests::put_in_cart(app.service(), &kit.ana, None, &[what]).await;
        assert!(matches!(put, Err(Error::NotFound)), "{put:?}");
        let opened = requests::offered(app.service(), &kit.bo, None, what)
            .await
            .expect("offered to Bo");
        assert_eq!(opened.steps[0].people[0].name, "Cy Tran");
    })
    .await;
}

#[tokio::test]
async fn a_word_with_a_slip_leads_to_what_was_perhaps_meant() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let found = find(&kit, &kit.ana, None, "psot").await;
        assert!(found.page.rows.is_empty());
        assert_eq!(
            found.meant,
            Vec::<String>::new(),
            "it begins with other letters"
        );
        let found = find(&kit, &kit.ana, None, "sap pots").await;
        assert_eq!(found.meant, ["sap post"]);
        let found = find(&kit, &kit.ana, None, "spa pots").await;
        assert!(found.meant.is_empty(), "three letters begin otherwise");
        let found = find(&kit, &kit.ana, None, "sapp pots").await;
        assert_eq!(
            found.meant,
            ["sap post"],
            "both words are put right at once"
        );
    })
    .await;
}

#[tokio::test]
async fn a_cart_sent_twice_makes_one_request_and_is_empty_after_it() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let service = app.service();
        let whats = [
            Grantable::Entitlement(kit.post),
            Grantable::Entitlement(kit.pay),
        ];
        requests::put_in_cart(service, &kit.ana, None, &whats)
            .await
            .expect("put");
        requests::put_in_cart(service, &kit.ana, None, &whats[..1])
            .await
            .expect("it is there already");
        assert_eq!(
            requests::cart_count(service, &kit.ana)
                .await
                .expect("a count"),
            2
        );
        let entries = whats.map(|what| CartEntry {
            what: what.object().to_string(),
            days: "30".to_owned(),
            reason: String::new(),
        });
        requests::keep_cart(service, &kit.ana, me(&kit.ana), &entries)
            .await
            .expect("kept");
        let wrong = CartEntry {
            days: "soon".to_owned(),
            ..entries[0].clone()
        };
        let kept = requests::keep_cart(service, &kit.ana, me(&kit.ana), &[wrong]).await;
        assert!(matches!(kept, Err(Error::Invalid(_))), "{kept:?}");
        let cx = Cx {
            once: Some("a form".to_owned()),
            ..kit.ana.clone()
        };
        app.clock().advance(SECOND);
        let request = requests::submit_cart(service, &cx, me(&kit.ana), "The close")
            .await
            .expect("a request");
        let again = requests::submit_cart(service, &cx, me(&kit.ana), "The close").await;
        assert!(
            matches!(&again, Err(Error::AlreadyDone(object)) if *object == request.to_string()),
            "{again:?}"
        );
        let items = kit.items(request).await;
        assert_eq!(items.len(), 2);
        assert_eq!(
            items[0].item.content.length,
            domain::request::Length::Days(30)
        );
        assert!(
            requests::cart(service, &kit.ana)
                .await
                .expect("a cart")
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn a_cart_says_what_cannot_be_sent_and_forgets_what_nobody_asks_for() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let service = app.service();
        let what = Grantable::Entitlement(kit.post);
        requests::put_in_cart(service, &kit.ana, None, &[what])
            .await
            .expect("put");
        app.clock().advance(SECOND);
        kit.ask(&kit.ana, &["sap/post"]).await;
        let cart = requests::cart(service, &kit.ana).await.expect("a cart");
        let problem = cart[0].items[0].problem.as_deref();
        assert_eq!(
            problem,
            Some("This was asked for already and waits. Remove it.")
        );
        app.clock().advance(91 * DAY);
        kit.round().await;
        assert_eq!(
            requests::cart_count(service, &kit.ana)
                .await
                .expect("a count"),
            0
        );
    })
    .await;
}

#[tokio::test]
async fn what_a_colleague_has_is_a_list_to_choose_from_for_their_team_and_nobody_else() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let service = app.service();
        let eve = crate::kit::person(app, "Eve Moss", "bo.lind").await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        kit.decide(&kit.bo, id, Vote::Approve)
            .await
            .expect("decided");
        kit.decide(&kit.olga, id, Vote::Approve)
            .await
            .expect("decided");
        let same = requests::same_as(service, &eve, None, Some(me(&kit.ana)))
            .await
            .expect("a list");
        assert_eq!(same.team.len(), 1);
        let names: Vec<&str> = same
            .things
            .iter()
            .map(|one| one.offered.name.as_str())
            .collect();
        assert_eq!(names, ["The post"]);
        assert!(same.things[0].ticked);
        let far = requests::same_as(service, &kit.olga, None, Some(me(&kit.ana))).await;
        assert!(matches!(far, Err(Error::NotFound)), "{far:?}");
    })
    .await;
}

#[tokio::test]
async fn my_access_says_why_and_how_long_what_can_be_given_back_and_where_requests_are() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let service = app.service();
        let request = kit.ask(&kit.ana, &["sap/post", "sap/pay"]).await;
        let items = kit.items(request).await;
        let post = items[0].item.id;
        kit.approve(&kit.bo, post).await;
        kit.approve(&kit.olga, post).await;
        let mine = requests::mine(service, &kit.ana).await.expect("my access");
        assert_eq!((mine.count, mine.applications.len()), (1, 1));
        let line = &mine.applications[0].lines[0];
        let gift = line.gift.as_ref().expect("it can be given back");
        assert!(gift.more_time && gift.until.is_some());
        assert_eq!(mine.requests.len(), 2);
        let waits = &mine.requests[0];
        assert_eq!(waits.thing, "The pay");
        assert_eq!(waits.steps[0].0, "manager");
        assert_eq!(waits.steps[0].1.approvers[0].0.name, "Bo Lind");
        let one = requests::my_assignment(service, &kit.ana, gift.id)
            .await
            .expect("one");
        assert_eq!(one.lost.len(), 1);
        let other = requests::my_assignment(service, &kit.bo, gift.id).await;
        assert!(matches!(other, Err(Error::NotFound)), "{other:?}");
        requests::give_back(service, &kit.ana, gift.id, "Not needed")
            .await
            .expect("given back");
        app.clock().advance(SECOND);
        let mine = requests::mine(service, &kit.ana).await.expect("my access");
        assert_eq!(mine.count, 0);
    })
    .await;
}
