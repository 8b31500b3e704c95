//! Who must agree: managers, owners, holders of roles, and who is asked when they are missing.

use domain::role::RoleDraft;
use domain::time::DAY;
use service::assignments::{GiveDraft, give};
use service::people::{End, end};
use service::roles;
use testkit::both_apps;

use crate::kit::{Kit, by, for_sap, modeller, person};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

async fn leaves(kit: &Kit<'_>, id: domain::id::IdentityId) {
    let draft = End {
        reason: "Has left".to_owned(),
        last_day: None,
    };
    let done = end(kit.app.service(), &kit.cx, id, &draft).await;
    done.expect("the end");
    kit.later();
}

#[tokio::test]
async fn without_a_flow_the_manager_and_the_owner_agree() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let preview = kit.would_go("sap/post").await;
        assert_eq!(preview.flow.id, None);
        assert!(preview.requestable && preview.may_ask);
        assert_eq!(preview.automatic, None);
        let shown: Vec<_> = preview.stages.iter().flatten().collect();
        assert_eq!(shown.len(), 2);
        assert_eq!(shown[0].people[0].id, kit.bo);
        assert_eq!(shown[0].because, "manager of Ana");
        assert_eq!(shown[1].people[0].id, kit.olga);
        assert_eq!(shown[1].because, "owner of Post invoice");
    })
    .await;
}

#[tokio::test]
async fn a_manager_who_left_or_cannot_act_is_passed_over() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.change(kit.bo, |draft| draft.status = "on_leave".to_owned())
            .await;
        assert_eq!(
            kit.first().await,
            (
                names(&["cy"]),
                "Ana's manager Bo is on leave and nobody stands in: the manager's manager"
                    .to_owned()
            )
        );
        kit.change(kit.bo, |draft| draft.status = "active".to_owned())
            .await;
        assert_eq!(kit.first().await.0, names(&["bo"]));
        leaves(&kit, kit.bo).await;
        let (people, because) = kit.first().await;
        assert_eq!(people, names(&["cy"]));
        assert_eq!(because, "Ana's manager Bo has left: the manager's manager");
        leaves(&kit, kit.cy).await;
        let (people, because) = kit.first().await;
        assert_eq!(people, names(&["kim.lee"]));
        assert_eq!(because, "nobody else is left: administrators");
    })
    .await;
}

#[tokio::test]
async fn somebody_whose_last_day_is_over_is_missing_before_the_record_says_so() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let today = app.service().now().to_string();
        let today = today.split('T').next().expect("a day").to_owned();
        kit.change(kit.bo, |draft| draft.end_date = today).await;
        assert_eq!(kit.first().await.0, names(&["bo"]), "it is the last day");
        app.clock().advance(2 * DAY);
        let (people, because) = kit.first().await;
        assert_eq!(people, names(&["cy"]));
        assert_eq!(because, "Ana's manager Bo has left: the manager's manager");
    })
    .await;
}

#[tokio::test]
async fn nobody_is_asked_to_decide_for_themself() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.flow(&for_sap(vec![
            by("people", "ana"),
            by("people", "ana, olga"),
        ]))
        .await;
        let preview = kit.would_go("sap/post").await;
        let steps = &preview.stages[0];
        assert_eq!(steps[0].people[0].username, "kim.lee");
        assert_eq!(
            steps[0].because,
            "nobody whom the flow names can decide: administrators"
        );
        let people: Vec<_> = steps[1].people.iter().map(|one| one.id).collect();
        assert_eq!(people, [kit.olga]);
    })
    .await;
}

#[tokio::test]
async fn managers_that_lead_each_other_end_at_the_administrators() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        // Two people who lead each other cannot be typed, but Cy has nobody above.
        kit.flow(&for_sap(vec![by("managers_manager", "")])).await;
        assert_eq!(
            kit.first().await,
            (names(&["cy"]), "manager of Ana's manager".to_owned())
        );
        kit.change(kit.bo, |draft| draft.manager = String::new())
            .await;
        assert_eq!(
            kit.first().await,
            (
                names(&["kim.lee"]),
                "Ana's manager has no manager: administrators".to_owned()
            )
        );
        kit.change(kit.ana, |draft| draft.manager = String::new())
            .await;
        assert_eq!(kit.first().await.0, names(&["kim.lee"]));
        let more = modeller(app).await;
        assert!(more.me().is_some());
        let mut asked = kit.first().await.0;
        asked.sort();
        assert_eq!(asked, names(&["kim.lee", "mo.deller"]));
    })
    .await;
}

#[tokio::test]
async fn holders_of_a_role_are_asked_also_when_they_hold_it_through_another() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let service = app.service();
        let dana = person(app, &kit.cx, "dana", "").await;
        for name in ["checker", "chief"] {
            let draft = RoleDraft {
                name: name.to_owned(),
                display_name: name.to_uppercase(),
                ..RoleDraft::default()
            };
            roles::create(service, &kit.cx, &draft)
                .await
                .expect("a role");
            kit.later();
        }
        let mut step = by("role", "checker");
        step.quorum = "2".to_owned();
        kit.flow(&for_sap(vec![step])).await;
        let hold = async |person, what: &str| {
            let draft = GiveDraft {
                what: what.to_owned(),
                reason: "For a test".to_owned(),
                ..GiveDraft::default()
            };
            give(service, &kit.cx, person, &draft).await.expect("given");
            kit.later();
        };
        hold(dana, "role:checker").await;
        assert_eq!(
            kit.first().await,
            (
                names(&["kim.lee"]),
                "fewer than 2 people who hold CHECKER can decide: administrators".to_owned()
            )
        );
        hold(kit.olga, "role:chief").await;
        let chief = roles::by_name(service, &kit.cx, "chief").await.expect("it");
        let draft = roles::ContentsDraft {
            add: "role:checker".to_owned(),
            reason: "For a test".to_owned(),
            ..roles::ContentsDraft::default()
        };
        let planned = roles::plan_contents(service, &kit.cx, chief, &draft)
            .await
            .expect("a plan");
        let version = roles::read(service, &kit.cx, chief, None)
            .await
            .expect("it")
            .role
            .recorded_from;
        roles::change_contents(service, &kit.cx, chief, version, &draft, &planned.plan.hash)
            .await
            .expect("the change");
        kit.later();
        let preview = kit.would_go("sap/post").await;
        let step = &preview.stages[0][0];
        let people: Vec<_> = step.people.iter().map(|one| one.id).collect();
        assert_eq!(people.len(), 2, "{step:?}");
        assert!(people.contains(&dana) && people.contains(&kit.olga));
        assert_eq!(step.because, "holders of CHECKER, 2 of whom must agree");
        assert_eq!(step.needed, 2);
    })
    .await;
}
