//! Something smaller in place of what somebody has: only what is offered, given when the other ends.

use domain::entitlement::EntitlementDraft;
use domain::id::{CampaignId, EntitlementId};
use domain::review::{RemedyState, Scope, Subjects};
use domain::time::SECOND;
use service::reviews::{self, Asked, Draft, Grouping};
use service::{effective, entitlements};
use testkit::both_apps;

use crate::kit::{Kit, of};

async fn thing(kit: &Kit<'_>, name: &str, risk: &str, actions: &str) -> EntitlementId {
    let draft = EntitlementDraft {
        application: "sap".to_owned(),
        name: name.to_owned(),
        display_name: format!("The {name}"),
        kind: "permission".to_owned(),
        risk: risk.to_owned(),
        actions: actions.to_owned(),
        ..EntitlementDraft::default()
    };
    let id = entitlements::create(kit.app.service(), &kit.admin, &draft).await;
    kit.app.clock().advance(SECOND);
    id.expect("an entitlement")
}

async fn change(
    kit: &Kit<'_>,
    id: CampaignId,
    item: u64,
    smaller: EntitlementId,
) -> Result<(), String> {
    let draft = Draft {
        choice: "change".to_owned(),
        smaller: smaller.to_string(),
        ..Draft::default()
    };
    let went = reviews::stage(kit.app.service(), &of(kit.bo), id, &[item], &draft).await;
    let went = went.expect("an answer").remove(0);
    went.staged.map(drop)
}

async fn carried_out(kit: &Kit<'_>, id: CampaignId) {
    kit.submitted(id, kit.bo).await;
    kit.close(id).await;
    kit.settled(2).await;
}

/// How somebody has something: the words of each way.
async fn ways(kit: &Kit<'_>, who: domain::id::IdentityId, what: EntitlementId) -> usize {
    let (_, access) = effective::access_of(kit.app.service(), &kit.admin, who, None)
        .await
        .expect("access");
    let lines = access.lines.iter();
    lines.filter(|line| line.entitlement.id == what).count()
}

#[tokio::test]
async fn what_is_less_is_offered_and_given_when_the_other_ends() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let approve = thing(&kit, "approve", "high", "read;write").await;
        let view = thing(&kit, "view", "low", "read").await;
        thing(&kit, "all", "critical", "").await;
        kit.give(kit.ana, "sap/approve").await;
        let id = kit.launched(|_| {}).await;
        let item = kit.item(id, kit.ana, approve).await;
        let found = reviews::replacements(app.service(), &of(kit.bo), id, item)
            .await
            .expect("what there could be");
        let names: Vec<&str> = found.offered.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["The view"]);
        // Nobody else sees what is offered, and only that can be chosen.
        let olga = reviews::replacements(app.service(), &kit.olga, id, item).await;
        assert!(olga.is_err(), "{olga:?}");
        let wrong = change(&kit, id, item, kit.post).await;
        assert!(wrong.is_err_and(|why| why.contains("not less")));
        let post = kit.item(id, kit.ana, kit.post).await;
        let nothing = change(&kit, id, post, view).await;
        assert!(nothing.is_err_and(|why| why.contains("Nothing smaller")));
        change(&kit, id, item, view).await.expect("it is staged");
        let asked = Asked {
            by: Grouping::Flat,
            group: None,
            after: 0,
            most: 50,
        };
        let pile = reviews::pile(app.service(), &of(kit.bo), id, asked)
            .await
            .expect("the pile");
        let shown = pile.items.iter().find(|one| one.item.facts.number == item);
        let shown = shown.and_then(|one| one.staged_smaller.as_deref());
        assert_eq!(shown, Some("The view"));
        let summary = reviews::summary(app.service(), &of(kit.bo), id)
            .await
            .expect("the summary");
        assert_eq!(
            summary.listed[0].staged_smaller.as_deref(),
            Some("The view")
        );
        carried_out(&kit, id).await;
        assert_eq!(kit.state(id, item).await, Some(RemedyState::Sent));
        assert!(kit.has(kit.ana, view).await && !kit.has(kit.ana, approve).await);
        assert_eq!(ways(&kit, kit.ana, view).await, 1);
    })
    .await;
}

#[tokio::test]
async fn one_thing_of_a_role_can_take_the_place_of_the_role() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit
            .launched(|content| {
                content.scope = Scope {
                    subjects: Subjects::Roles,
                    ..Scope::everything()
                };
            })
            .await;
        let item = kit.items(id).await[0].facts.number;
        let found = reviews::replacements(app.service(), &of(kit.bo), id, item)
            .await
            .expect("what there could be");
        assert_eq!(found.offered[0].id, kit.post);
        change(&kit, id, item, kit.post)
            .await
            .expect("it is staged");
        carried_out(&kit, id).await;
        // The role gave it until then: it is given by itself now, and the role is gone.
        assert!(kit.has(kit.ben, kit.post).await);
        let (_, access) = effective::access_of(app.service(), &kit.admin, kit.ben, None)
            .await
            .expect("access");
        assert_eq!(access.held.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_has_ended_meanwhile_takes_no_place_and_that_is_said() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let approve = thing(&kit, "approve", "high", "").await;
        let view = thing(&kit, "view", "low", "").await;
        kit.give(kit.ana, "sap/approve").await;
        let id = kit.launched(|_| {}).await;
        let item = kit.item(id, kit.ana, approve).await;
        change(&kit, id, item, view).await.expect("it is staged");
        let step = domain::lifecycle::Step::End;
        let (service, cx) = (app.service(), &kit.admin);
        entitlements::step(service, cx, view, step, "Not offered any more")
            .await
            .expect("it ends");
        app.clock().advance(SECOND);
        carried_out(&kit, id).await;
        let all = kit.remedies(id).await;
        let remedy = all.iter().find(|one| one.item == item).expect("a remedy");
        assert_eq!(remedy.state, RemedyState::Failed);
        assert!(
            remedy.problem.contains("cannot be given any more"),
            "{}",
            remedy.problem
        );
        assert!(kit.has(kit.ana, approve).await);
    })
    .await;
}
