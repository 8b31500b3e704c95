//! Reviews of those who move: each has its own campaign of a person, of its people only, and keeps who waits when it is edited.

use domain::id::{IdentityId, ReviewId};
use domain::identity::IdentityDraft;
use domain::review::{Campaign, ReviewContent, Scope, Subjects};
use domain::time::{DAY, Instant, SECOND};
use service::delegations::{self, DelegationDraft};
use service::people;
use service::reviews::{self, Template};
use storage::reviews::ReviewItem;
use testkit::both_apps;

use crate::kit::{Kit, me, of};

/// Writes Ana anew, in a department and with a manager.
async fn moves(kit: &Kit<'_>, department: &str, manager: &str) {
    put(kit, (kit.ana, "Ana"), department, manager).await;
}

/// Writes somebody anew, in a department and with a manager.
async fn put(kit: &Kit<'_>, who: (IdentityId, &str), department: &str, manager: &str) {
    edit_person(kit, who, |draft| {
        department.clone_into(&mut draft.department);
        manager.clone_into(&mut draft.manager);
    })
    .await;
}

async fn edit_person(
    kit: &Kit<'_>,
    (id, name): (IdentityId, &str),
    change: impl FnOnce(&mut IdentityDraft),
) {
    let (service, cx) = (kit.app.service(), &kit.admin);
    let before = people::read(service, cx, id).await.expect("somebody");
    let mut draft = IdentityDraft {
        username: name.to_lowercase(),
        display_name: name.to_owned(),
        kind: "employee".to_owned(),
        ..IdentityDraft::default()
    };
    change(&mut draft);
    people::edit(service, cx, id, before.identity.recorded_from, &draft)
        .await
        .expect("an edit");
    kit.app.clock().advance(SECOND);
}

/// The campaigns of Ana: of whom they are, and how many items they have; the newest first.
async fn campaigns(kit: &Kit<'_>) -> Vec<(String, usize)> {
    let mut read = kit.app.db().read().await;
    let all: Vec<Campaign> = read
        .campaigns_of_person(kit.ana, 9)
        .await
        .expect("campaigns");
    drop(read);
    let mut found = Vec::new();
    for one in all {
        let items = kit.items(one.id).await.len();
        found.push((one.content.terms.scope.people, items));
    }
    found
}

/// A review of those who move and are found by a search.
async fn review(kit: &Kit<'_>, name: &str, people: &str) -> ReviewId {
    let today = kit.app.service().now().day(&jiff::tz::TimeZone::UTC);
    let form = Template::Movers.form(today);
    let read = reviews::read_form(kit.app.service(), &kit.admin, &form).await;
    let mut content: ReviewContent = read.expect("a form");
    name.clone_into(&mut content.name);
    people.clone_into(&mut content.scope.people);
    let id = reviews::create(kit.app.service(), &kit.admin, content).await;
    kit.app.clock().advance(SECOND);
    id.expect("a review")
}

async fn edit(kit: &Kit<'_>, id: ReviewId, change: impl FnOnce(&mut ReviewContent)) {
    let (review, _) = reviews::read(kit.app.service(), &kit.admin, id)
        .await
        .expect("the review");
    let mut content = review.content;
    change(&mut content);
    reviews::edit(
        kit.app.service(),
        &kit.admin,
        id,
        review.recorded_from,
        content,
    )
    .await
    .expect("it is changed");
    kit.app.clock().advance(SECOND);
}

#[tokio::test]
async fn each_review_of_movers_has_its_own_campaign_and_only_of_its_people() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        moves(&kit, "Finance", "bo").await;
        // By name it comes first.
        review(&kit, "A: movers in Sales", "department:Sales").await;
        let all = review(&kit, "B: movers", "").await;
        moves(&kit, "Purchasing", "olga").await;
        kit.minute_with_work().await;
        kit.minute_with_work().await;
        assert_eq!(campaigns(&kit).await, [(String::new(), 2)]);
        // In its department now, though the campaign of the other is still under way.
        moves(&kit, "Sales", "olga").await;
        kit.minute_with_work().await;
        kit.minute_with_work().await;
        let sales = ("department:Sales".to_owned(), 2);
        assert_eq!(campaigns(&kit).await, [sales.clone(), (String::new(), 2)]);
        // What is asked for by hand is in the way of both, as they are in its.
        moves(&kit, "Legal", "bo").await;
        kit.minute_with_work().await;
        assert_eq!(campaigns(&kit).await.len(), 2);
        let mut read = app.db().read().await;
        let newest = read.campaigns_of_person(kit.ana, 9).await.expect("them");
        drop(read);
        for one in newest {
            reviews::cancel(app.service(), &kit.admin, one.id, "She moved again")
                .await
                .expect("called off");
        }
        app.clock().advance(SECOND);
        kit.minute_with_work().await;
        let three = campaigns(&kit).await;
        assert_eq!(three.len(), 3, "in Legal she is of one review only");
        assert_eq!(three[0].0, "");
        edit(&kit, all, |content| content.each_mover = false).await;
    })
    .await;
}

#[tokio::test]
async fn an_edit_of_the_review_loses_nobody_who_waits() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        moves(&kit, "Finance", "bo").await;
        let id = review(&kit, "Movers", "").await;
        moves(&kit, "Sales", "bo").await;
        edit(&kit, id, |content| {
            "Look closely.".clone_into(&mut content.instructions);
        })
        .await;
        kit.minute_with_work().await;
        assert_eq!(campaigns(&kit).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn who_moved_while_the_review_said_nothing_of_movers_is_not_reviewed() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        moves(&kit, "Finance", "bo").await;
        let id = review(&kit, "Movers", "").await;
        edit(&kit, id, |content| content.each_mover = false).await;
        moves(&kit, "Sales", "bo").await;
        edit(&kit, id, |content| content.each_mover = true).await;
        kit.minute_with_work().await;
        assert!(campaigns(&kit).await.is_empty());
        moves(&kit, "Legal", "bo").await;
        kit.minute_with_work().await;
        assert_eq!(campaigns(&kit).await.len(), 1);
    })
    .await;
}

/// Reviews Ben alone and everybody, and compares what was found of him; answers who decides.
async fn compared(kit: &Kit<'_>, name: &str, subjects: Subjects) -> IdentityId {
    let mut found = Vec::new();
    for person in [Some(kit.ben), None] {
        let id = kit
            .launched(|content| {
                content.scope = Scope {
                    subjects,
                    person,
                    ..Scope::everything()
                };
                content.name = format!("{name}, {person:?}");
            })
            .await;
        let mut items = kit.items(id).await;
        items.retain(|one| one.facts.holder == kit.ben.into());
        assert!(items.iter().all(|one| one.facts.peers.is_some()));
        let about = |one: &ReviewItem| (one.facts.what, one.facts.peers, one.facts.why);
        let about: Vec<_> = items.iter().map(about).collect();
        found.push((items[0].reviewer, about));
        reviews::cancel(kit.app.service(), &kit.admin, id, "Compared")
            .await
            .expect("called off");
        kit.app.clock().advance(SECOND);
    }
    assert_eq!(found[0], found[1]);
    found[0].0
}

#[tokio::test]
async fn a_review_of_one_person_finds_the_same_as_one_of_everybody() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let bo = of(kit.bo);
        // Ana and Ben measure each other; Cy is in another department.
        put(&kit, (kit.ana, "Ana"), "Sales", "bo").await;
        put(&kit, (kit.ben, "Ben"), "Sales", "bo").await;
        put(&kit, (kit.cy, "Cy"), "Legal", "bo").await;
        let of_access = compared(&kit, "Access", Subjects::Access).await;
        let of_roles = compared(&kit, "Roles", Subjects::Roles).await;
        assert_eq!((of_access, of_roles), (kit.bo, kit.bo));
        edit_person(&kit, (kit.bo, "Bo"), |draft| {
            "on_leave".clone_into(&mut draft.status);
        })
        .await;
        let alone = compared(&kit, "Nobody stands in", Subjects::Access).await;
        assert_eq!(alone, me(&kit.admin));
        let now = app.service().now();
        let day = |at: Instant| at.day(&jiff::tz::TimeZone::UTC).to_string();
        let draft = DelegationDraft {
            delegate: "olga".to_owned(),
            from: day(now),
            until: day(now.plus(7 * DAY)),
            reason: "Holiday".to_owned(),
        };
        delegations::create(app.service(), &bo, kit.bo, &draft)
            .await
            .expect("a delegation");
        app.clock().advance(SECOND);
        let stood_in = compared(&kit, "Olga stands in", Subjects::Access).await;
        assert_eq!(stood_in, kit.bo);
    })
    .await;
}
