//! Writing flows: what is refused and why, which flow counts, who may ask, what is approved by itself, and the end.

use domain::permission::ConsoleRight;
use domain::role::RoleDraft;
use service::flows::{FlowForm, create, edit, end, form_of, list, read, timeline};
use service::people::Edited;
use service::{Cx, Error, roles};
use testkit::{TestApp, both_apps};

use crate::kit::{Kit, by, for_sap};

/// What is wrong with a form, by field.
async fn wrong(kit: &Kit<'_>, form: &FlowForm) -> Vec<(String, String)> {
    match create(kit.app.service(), &kit.cx, form).await {
        Err(Error::Invalid(errors)) => errors
            .iter()
            .map(|error| (error.field.to_owned(), error.message.clone()))
            .collect(),
        other => panic!("{other:?}"),
    }
}

fn says(problems: &[(String, String)], field: &str, words: &str) {
    assert!(
        problems
            .iter()
            .any(|(at, text)| at == field && text.contains(words)),
        "{field} {words}: {problems:?}"
    );
}

async fn a_role(app: &TestApp, cx: &Cx) -> domain::id::RoleId {
    let draft = RoleDraft {
        name: "clerk".to_owned(),
        display_name: "Clerk".to_owned(),
        ..RoleDraft::default()
    };
    roles::create(app.service(), cx, &draft)
        .await
        .expect("a role")
}

#[tokio::test]
async fn what_is_wrong_with_a_flow_is_said_at_its_field() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let mut form = for_sap(vec![by("people", "nobody"), by("role", "none"), by("", "")]);
        form.entitlements = vec!["sap/none".to_owned()];
        form.applications.push("none".to_owned());
        form.asked_by = "principal.nothing == \"x\"".to_owned();
        form.automatic = "context.risk == \"tiny\"".to_owned();
        form.longest_days = "-3".to_owned();
        form.name = " ".to_owned();
        form.steps[2].due_hours = "soon".to_owned();
        let problems = wrong(&kit, &form).await;
        says(&problems, "name", "missing");
        says(&problems, "applications", "“none”");
        says(&problems, "entitlements", "APPLICATION/ENTITLEMENT");
        says(&problems, "asked_by", "There is no attribute “nothing”");
        says(&problems, "automatic", "There is no risk “tiny”");
        says(&problems, "longest_days", "a number from 1");
        says(&problems, "steps", "Step 1: Nobody here has the username");
        says(&problems, "steps", "Step 2: No role has the name");
        says(&problems, "steps", "Step 3: choose who must agree");
        says(&problems, "steps", "Step 3: the time until it is due");
        let problems = wrong(&kit, &FlowForm::default()).await;
        says(&problems, "covers", "covers nothing");
        says(&problems, "steps", "There is no step");
    })
    .await;
}

#[tokio::test]
async fn two_flows_never_cover_the_same_equally_closely() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        a_role(app, &kit.cx).await;
        kit.later();
        let all = FlowForm {
            name: "All".to_owned(),
            everything: true,
            risks: vec!["low".to_owned()],
            applications: vec!["sap".to_owned()],
            entitlements: vec!["sap/post".to_owned()],
            roles: vec!["clerk".to_owned()],
            steps: vec![by("manager", "")],
            ..FlowForm::default()
        };
        let id = kit.flow(&all).await;
        let other = |change: fn(&mut FlowForm)| {
            let mut form = FlowForm {
                name: "Other".to_owned(),
                steps: vec![by("manager", "")],
                ..FlowForm::default()
            };
            change(&mut form);
            form
        };
        for (form, words) in [
            (
                other(|form| form.everything = true),
                "“All” covers everything",
            ),
            (
                other(|form| form.risks = vec!["low".to_owned()]),
                "covers the risk low",
            ),
            (
                other(|form| form.applications = vec!["SAP".to_owned()]),
                "covers the application SAP",
            ),
            (
                other(|form| form.entitlements = vec!["sap/post".to_owned()]),
                "covers Post invoice",
            ),
            (
                other(|form| form.roles = vec!["role:clerk".to_owned()]),
                "covers the role Clerk",
            ),
        ] {
            says(&wrong(&kit, &form).await, "covers", words);
        }
        let mut same = other(|form| form.risks = vec!["high".to_owned()]);
        same.name = "ALL".to_owned();
        says(&wrong(&kit, &same).await, "name", "has this name already");
        end(app.service(), &kit.cx, id, "Not needed")
            .await
            .expect("the end");
        kit.later();
        kit.flow(&other(|form| form.everything = true)).await;
    })
    .await;
}

#[tokio::test]
async fn the_most_specific_flow_counts_and_a_role_needs_one() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        a_role(app, &kit.cx).await;
        kit.later();
        assert!(
            !kit.would_go("role:clerk").await.requestable,
            "no flow names it"
        );
        let steps = || vec![by("manager", "")];
        let flow = |name: &str, change: fn(&mut FlowForm)| {
            let mut form = FlowForm {
                name: name.to_owned(),
                steps: steps(),
                ..FlowForm::default()
            };
            change(&mut form);
            form
        };
        let mut expected = "Standard".to_owned();
        for form in [
            flow("Everything", |form| form.everything = true),
            flow("Risk", |form| form.risks = vec!["low".to_owned()]),
            flow("Application", |form| {
                form.applications = vec!["sap".to_owned()];
            }),
            flow("Entitlement", |form| {
                form.entitlements = vec!["sap/post".to_owned()];
            }),
        ] {
            assert_eq!(kit.would_go("sap/post").await.flow.content.name, expected);
            kit.flow(&form).await;
            expected = form.name;
        }
        let shown = kit.would_go("sap/post").await;
        assert_eq!(shown.flow.content.name, "Entitlement");
        kit.flow(&flow("Role", |form| form.roles = vec!["clerk".to_owned()]))
            .await;
        let shown = kit.would_go("role:clerk").await;
        assert_eq!(shown.flow.content.name, "Role");
        assert!(shown.requestable);
    })
    .await;
}

#[tokio::test]
async fn conditions_say_who_may_ask_and_what_is_approved_by_itself() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let mut form = for_sap(vec![by("manager", "")]);
        form.asked_by =
            "principal.department == \"Finance\" && principal.manager == \"bo\"".to_owned();
        form.automatic =
            "context.risk == \"low\" && context.peers_known && context.peers >= 50".to_owned();
        kit.flow(&form).await;
        let shown = kit.would_go("sap/post").await;
        assert_eq!((shown.may_ask, shown.automatic), (false, Some(false)));
        for id in [kit.ana, kit.cy] {
            kit.change(id, |draft| draft.department = "Finance".to_owned())
                .await;
        }
        let shown = kit.would_go("sap/post").await;
        assert_eq!((shown.may_ask, shown.automatic), (true, Some(false)));
        let draft = service::assignments::GiveDraft {
            what: "sap/post".to_owned(),
            reason: "For a test".to_owned(),
            ..service::assignments::GiveDraft::default()
        };
        service::assignments::give(app.service(), &kit.cx, kit.cy, &draft)
            .await
            .expect("given");
        kit.later();
        assert_eq!(kit.would_go("sap/post").await.automatic, Some(true));
    })
    .await;
}

#[tokio::test]
async fn a_flow_is_edited_at_its_version_and_keeps_all_of_them() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let service = app.service();
        let id = kit
            .flow(&for_sap(vec![by("manager", ""), by("people", "olga, cy")]))
            .await;
        let first = read(service, &kit.cx, id).await.expect("the flow");
        let mut form = form_of(&first);
        assert_eq!(form.applications, ["sap"]);
        assert_eq!(form.steps[1].who, "olga, cy");
        let version = first.flow.recorded_from;
        let same = edit(service, &kit.cx, id, version, &form).await;
        assert_eq!(same.expect("the same"), Edited::Same);
        form.steps[1].stage = "2".to_owned();
        form.longest_days = "30".to_owned();
        let done = edit(service, &kit.cx, id, version, &form).await;
        assert_eq!(done.expect("an edit"), Edited::Changed);
        kit.later();
        let late = edit(service, &kit.cx, id, version, &form).await;
        assert!(matches!(late, Err(Error::Conflict)), "{late:?}");
        end(service, &kit.cx, id, "Not needed any more")
            .await
            .expect("the end");
        kit.later();
        let (detail, timeline) = timeline(service, &kit.cx, id, None).await.expect("it");
        assert_eq!(detail.versions.len(), 3);
        let made: Vec<_> = detail
            .versions
            .iter()
            .map(|version| {
                version
                    .entry
                    .as_ref()
                    .map(|entry| entry.actor_name.as_str())
            })
            .collect();
        assert_eq!(made, [Some("Kim Lee"); 3]);
        assert_eq!(detail.versions[0].flow.content.longest_days, Some(30));
        assert_eq!(timeline.entries.len(), 3);
        let again = end(service, &kit.cx, id, "Again").await;
        assert!(matches!(again, Err(Error::State(_))), "{again:?}");
        assert_eq!(
            list(service, &kit.cx, "")
                .await
                .expect("a list")
                .flows
                .len(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn only_those_who_manage_the_access_model_change_flows() {
    both_apps(async |app| {
        Kit::new(app).await;
        let service = app.service();
        let nobody = app.someone("Nora Body", &[]).await;
        let auditor = app.someone("Aud Itor", &[ConsoleRight::Audit]).await;
        let modeller = app
            .someone("Mo Deller", &[ConsoleRight::ManageAccessModel])
            .await;
        let form = for_sap(vec![by("manager", "")]);
        for cx in [&nobody, &auditor] {
            let refused = create(service, cx, &form).await;
            assert!(matches!(refused, Err(Error::Denied { .. })), "{refused:?}");
        }
        assert!(matches!(
            list(service, &nobody, "").await,
            Err(Error::NotFound)
        ));
        let id = create(service, &modeller, &form).await.expect("a flow");
        let listed = list(service, &auditor, "sap").await.expect("a list");
        assert_eq!((listed.flows.len(), listed.may_create), (1, false));
        assert!(!read(service, &auditor, id).await.expect("it").may_edit);
        assert!(matches!(
            read(service, &nobody, id).await,
            Err(Error::NotFound)
        ));
        let refused = end(service, &auditor, id, "No").await;
        assert!(matches!(refused, Err(Error::Denied { .. })), "{refused:?}");
    })
    .await;
}
