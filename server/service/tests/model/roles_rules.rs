//! Roles and rules as lists, files and search results; what pickers offer; changes by which many people lose something; and
//! rules whose target has ended.

use std::sync::Arc;

use domain::id::{RoleId, RuleId};
use domain::lifecycle::Step;
use domain::page::ListQuery;
use domain::role::{Grantable, RoleDraft};
use domain::rule::RuleState;
use domain::search::Search;
use domain::view::{ListName, ViewDraft};
use jiff::tz::TimeZone;
use service::exports::{self, ExportAsk, ExportList};
use service::jobs::{claim, handlers, settle};
use service::plan::{Applied, Asked};
use service::roles::{self, ContentsDraft, change_contents, plan_contents, versions};
use service::rules::{self, RuleDraft};
use service::search::{Findings, access, everything};
use service::{Cx, Error, entitlements, views};
use testkit::{TestApp, both_apps};

use crate::kit::{Kit, set};
use crate::managers::{file as lines, run, work};

fn query(text: &str) -> ListQuery {
    ListQuery {
        search: Search::parse(text),
        facets: true,
        ..ListQuery::default()
    }
}

fn rule(name: &str, condition: &str, what: &str) -> RuleDraft {
    RuleDraft {
        name: name.to_owned(),
        condition: condition.to_owned(),
        what: what.to_owned(),
        reason: "As agreed".to_owned(),
        ..RuleDraft::default()
    }
}

/// Adds a rule and moves it on until it is active.
async fn active(kit: &Kit<'_>, draft: &RuleDraft) -> RuleId {
    let (service, cx) = (kit.app.service(), &kit.cx);
    let id = rules::create(service, cx, draft).await.expect("a rule");
    for next in [RuleState::Observing, RuleState::Active] {
        kit.later();
        step(kit, id, next, "").await.expect("the step");
    }
    work(kit).await;
    id
}

async fn step(
    kit: &Kit<'_>,
    id: RuleId,
    next: RuleState,
    confirm: &str,
) -> service::Result<Applied> {
    let (service, cx) = (kit.app.service(), &kit.cx);
    let plan = rules::plan_step(service, cx, id, next).await?;
    let version = rules::read(service, cx, id).await?.rule.recorded_from;
    let asked = Asked {
        reason: "As agreed".to_owned(),
        hash: plan.hash,
        confirm: confirm.to_owned(),
    };
    rules::step(service, cx, id, version, next, &asked).await
}

fn labels(found: &Findings) -> Vec<(&str, &str)> {
    let items = found.items.iter();
    items
        .map(|found| (found.label.as_str(), found.value.as_str()))
        .collect()
}

fn said(result: service::Result<Applied>, field: &str) -> String {
    match result {
        Err(Error::Invalid(errors)) => errors.of(field).unwrap_or_default().to_owned(),
        other => panic!("it was not refused: {other:?}"),
    }
}

async fn file(app: &TestApp, cx: &Cx, list: ExportList, text: &str) -> String {
    let ask = ExportAsk::of(list, &query(text), &TimeZone::UTC);
    let bytes = exports::file(app.service(), cx, &ask).await;
    String::from_utf8(bytes.expect("a file")).expect("text")
}

#[tokio::test]
async fn roles_and_rules_have_facets_views_and_files() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let (service, cx) = (app.service(), &kit.cx);
        let ana = app.someone("Ana Silva", &[]).await;
        let draft = RoleDraft {
            name: "clerk".to_owned(),
            display_name: "Clerk, \"first\"".to_owned(),
            owner: "ana.silva".to_owned(),
            ..RoleDraft::default()
        };
        roles::create(service, cx, &draft).await.expect("a role");
        kit.role("reader", "sap/read").await;
        let finance = rule(
            "Finance",
            "principal.department == \"Finance\"",
            "role:reader",
        );
        rules::create(service, cx, &finance).await.expect("a rule");
        let found = roles::list(service, cx, &query("")).await.expect("a list");
        let keys: Vec<_> = found.facets.iter().map(|facet| facet.key).collect();
        assert_eq!((found.page.total, keys), (2, vec!["status", "owner"]));
        let own = roles::list(service, &ana, &query("")).await.expect("hers");
        assert_eq!(own.page.total, 1, "whoever owns one role sees that one");
        assert_eq!(own.facets[0].values[0].count, 1);
        let found = rules::list(service, cx, &query("gives:role")).await;
        assert_eq!(found.expect("a list").facets.len(), 3);
        let text = file(app, cx, ExportList::Roles, "").await;
        assert!(text.starts_with("id,role,display_name,description,owner,contains,status\r\n"));
        assert!(
            text.contains(",clerk,\"Clerk, \"\"first\"\"\",,ana.silva,0,active\r\n"),
            "{text}"
        );
        assert!(text.contains(",reader,READER,,,1,active\r\n"), "{text}");
        assert_eq!(
            file(app, &ana, ExportList::Roles, "").await.lines().count(),
            2
        );
        let text = file(app, cx, ExportList::Rules, "state:draft").await;
        let row = ",Finance,,\"principal.department == \"\"Finance\"\"\",role:reader,0,,draft\r\n";
        assert!(text.contains(row), "{text}");
        let view = ViewDraft {
            name: "Mine".to_owned(),
            query: "q=owner%3Ame".to_owned(),
            shared: false,
        };
        for list in [ListName::Roles, ListName::Rules] {
            views::create(service, cx, list, &view)
                .await
                .expect("saved");
            let saved = views::of_list(service, cx, list).await.expect("views");
            assert_eq!(saved.own.len(), 1);
        }
    })
    .await;
}

#[tokio::test]
async fn roles_and_rules_are_found_and_pickers_offer_what_can_be_given() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post", "repost"]).await;
        let (service, cx) = (app.service(), &kit.cx);
        let ana = app.someone("Ana Silva", &[]).await;
        let clerk = kit.role("clerk", "sap/read").await;
        let old = kit.role("clerk-old", "sap/read").await;
        end_role(&kit, old).await;
        let draft = rule("Clerks of finance", "true", "role:clerk");
        let rule = rules::create(service, cx, &draft).await.expect("a rule");
        let found = everything(service, cx, "clerk").await.expect("found");
        let objects: Vec<_> = found.items.iter().map(|found| found.object).collect();
        assert!(
            objects.contains(&clerk.into()) && objects.contains(&rule.into()),
            "{found:?}"
        );
        for id in [clerk.to_string(), rule.to_string()] {
            let found = everything(service, cx, &id).await.expect("found");
            assert_eq!(found.total, 1, "{id}");
            let hers = everything(service, &ana, &id).await.expect("an answer");
            assert_eq!(hers.total, 0, "not hers to see");
        }
        let all = |text: &'static str| access(service, cx, text);
        let clerks = ("CLERK", "role:clerk");
        assert_eq!(labels(&all("cle").await.expect("found")), [clerks]);
        assert_eq!(labels(&all("role:cl").await.expect("found")), [clerks]);
        let posting = ("The post", "sap/post");
        assert_eq!(labels(&all("sap/po").await.expect("found")), [posting]);
        assert_eq!(labels(&all("POST").await.expect("found")), [posting]);
        let id = kit.entitlements[0].to_string();
        let found = access(service, cx, &id).await.expect("found");
        assert_eq!(labels(&found), [("The read", "sap/read")]);
        assert!(all("administer").await.expect("an answer").items.is_empty());
        assert!(
            access(service, &ana, "cle")
                .await
                .expect("an answer")
                .items
                .is_empty()
        );
        assert!(
            access(
                service,
                &Cx::of(domain::permission::Actor::Anonymous),
                "cle"
            )
            .await
            .is_err()
        );
        for n in 0..12 {
            kit.role(&format!("the-{n}"), "").await;
        }
        let found = all("the").await.expect("found");
        assert_eq!((found.items.len(), found.total), (10, 15));
        let entitlements = found
            .items
            .iter()
            .filter(|found| found.value.starts_with("sap/"));
        assert_eq!(
            entitlements.count(),
            3,
            "roles do not push entitlements out"
        );
    })
    .await;
}

async fn end_role(kit: &Kit<'_>, id: RoleId) {
    let (service, cx) = (kit.app.service(), &kit.cx);
    let plan = roles::plan_step(service, cx, id, Step::End).await;
    let asked = Asked {
        reason: "Not needed any more".to_owned(),
        hash: plan.expect("a plan").hash,
        ..Asked::default()
    };
    let done = roles::step(service, cx, id, Step::End, &asked).await;
    assert_eq!(done.expect("the step"), Applied::Done);
    kit.later();
}

#[tokio::test]
async fn versions_say_who_made_them_and_why() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post"]).await;
        let (service, cx) = (app.service(), &kit.cx);
        let clerk = kit.role("clerk", "sap/read").await;
        let ana = kit.person("Ana Silva").await;
        kit.give(ana, "role:clerk").await;
        let admin = app
            .someone(
                "Max Moser",
                &[domain::permission::ConsoleRight::ManageAccessModel],
            )
            .await;
        let other = Kit {
            app,
            cx: admin.clone(),
            entitlements: Vec::new(),
        };
        other.contents(clerk, &[], "sap/post").await;
        let (_, all) = versions(service, cx, clerk).await.expect("versions");
        let made: Vec<_> = all
            .iter()
            .map(|version| {
                let name = version.author.as_ref().map(|author| author.name.as_str());
                (name, version.reason.as_deref(), version.parts)
            })
            .collect();
        let why = Some("For a test");
        let expected = [
            (Some("Max Moser"), why, 2),
            (Some("Kim Lee"), why, 1),
            (Some("Kim Lee"), None, 0),
        ];
        assert_eq!(made, expected);
        let object = all[0].author.as_ref().and_then(|author| author.object);
        assert_eq!(object, admin.me().map(Into::into));
        // A source makes versions, too.
        let file = "role,application,entitlement\nclerk,sap,read\nlearner,sap,read\n";
        crate::managers::import(&kit, domain::source::FileKind::Roles, file).await;
        let learner = roles::by_name(service, cx, "learner")
            .await
            .expect("a role");
        let (_, all) = versions(service, cx, learner).await.expect("versions");
        let author = all[0].author.as_ref().expect("an author");
        assert_eq!(
            (author.name.as_str(), all[0].done.as_str()),
            ("hr", "imported")
        );
    })
    .await;
}

#[tokio::test]
async fn who_takes_something_from_many_types_how_many_they_are() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post"]).await;
        let (service, cx) = (app.service(), &kit.cx);
        let stores = (0..1_000).map(|n| format!("p{n},Stores\n"));
        let rows = lines("username,department\n", stores);
        run(&kit, &rows).await;
        let role = kit.role("clerk", "sap/read").await;
        let stores = rule("Stores", "principal.department == \"Stores\"", "role:clerk");
        let id = active(&kit, &stores).await;
        assert_eq!(kit.holders(kit.entitlements[0], None).await.len(), 1_000);

        // Another condition.
        let nobody = rule("Stores", "principal.department == \"Nobody\"", "role:clerk");
        let plan = rules::plan_edit(service, cx, id, &nobody)
            .await
            .expect("a plan");
        assert_eq!((plan.losses, plan.people), (1_000, 1_000));
        let version = rules::read(service, cx, id)
            .await
            .expect("it")
            .rule
            .recorded_from;
        for wrong in ["", "999", "10 00"] {
            let draft = RuleDraft {
                confirm: wrong.to_owned(),
                ..nobody.clone()
            };
            let refused = rules::edit(service, cx, id, version, &draft, &plan.hash).await;
            assert!(said(refused, "confirm").contains("Type 1000"), "{wrong}");
        }
        // Another content of the role.
        let draft = ContentsDraft {
            add: "sap/post".to_owned(),
            reason: "They post".to_owned(),
            ..ContentsDraft::default()
        };
        let planned = plan_contents(service, cx, role, &draft)
            .await
            .expect("a plan");
        let (hash, from) = (&planned.plan.hash, planned.role.recorded_from);
        let refused = change_contents(service, cx, role, from, &draft, hash).await;
        assert!(said(refused, "confirm").contains("Type 1000"));
        // Ending the role.
        let plan_end = roles::plan_step(service, cx, role, Step::End)
            .await
            .expect("a plan");
        let asked = Asked {
            reason: "Over".to_owned(),
            hash: plan_end.hash,
            ..Asked::default()
        };
        let refused = roles::step(service, cx, role, Step::End, &asked).await;
        assert!(said(refused, "confirm").contains("Type 1000"));
        assert_eq!(kit.holders(kit.entitlements[0], None).await.len(), 1_000);

        let sure = ContentsDraft {
            confirm: "1000".to_owned(),
            ..draft
        };
        let done = change_contents(service, cx, role, from, &sure, hash).await;
        assert_eq!(done.expect("an answer"), Applied::Done);
        kit.later();
        assert_eq!(kit.holders(kit.entitlements[1], None).await.len(), 1_000);
        let plan = rules::plan_edit(service, cx, id, &nobody)
            .await
            .expect("a plan");
        let sure = RuleDraft {
            confirm: " 1000 ".to_owned(),
            ..nobody
        };
        let done = rules::edit(service, cx, id, version, &sure, &plan.hash).await;
        assert_eq!(done.expect("an answer"), Applied::Done);
        work(&kit).await;
        assert!(kit.holders(kit.entitlements[1], None).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_rule_whose_target_has_ended_gets_another_one_or_ends() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post"]).await;
        let (service, cx) = (app.service(), &kit.cx);
        let ana = kit.person("Ana Silva").await;
        let clerk = kit.role("clerk", "sap/read").await;
        let everybody = rule("Everybody", "true", "role:clerk");
        let (kept, over) = (
            active(&kit, &everybody).await,
            active(&kit, &rule("Also", "true", "sap/post")).await,
        );
        let draft = rule("Later", "true", "role:clerk");
        let waiting = rules::create(service, cx, &draft).await.expect("a rule");
        kit.later();
        end_role(&kit, clerk).await;
        let version = entitlements::read(service, cx, kit.entitlements[1]).await;
        version.expect("the entitlement");
        entitlements::step(service, cx, kit.entitlements[1], Step::End, "Over")
            .await
            .expect("ended");
        kit.later();
        assert!(kit.has(ana, None).await.is_empty());
        for id in [kept, over, waiting] {
            let detail = rules::read(service, cx, id).await.expect("the rule");
            let text = detail.gives_ended.expect("a sentence");
            assert!(
                text.contains("has ended") && text.contains("end the rule"),
                "{text}"
            );
        }
        // Left as it was, by its name or its id; and another role that has the name by now is another role.
        for typed in ["role:clerk".to_owned(), clerk.to_string()] {
            let same = RuleDraft {
                what: typed,
                ..everybody.clone()
            };
            let refused = rules::plan_edit(service, cx, kept, &same).await;
            let Err(Error::Invalid(errors)) = refused else {
                panic!("{refused:?}")
            };
            let text = errors.of("what").unwrap_or_default();
            assert!(text.starts_with("CLERK has ended"), "{text}");
        }
        kit.role("clerk", "sap/read").await;
        let new = everybody.clone();
        let plan = rules::plan_edit(service, cx, kept, &new)
            .await
            .expect("a plan");
        assert_eq!((plan.gains, plan.losses), (2, 0));
        let version = rules::read(service, cx, kept)
            .await
            .expect("it")
            .rule
            .recorded_from;
        let done = rules::edit(service, cx, kept, version, &new, &plan.hash).await;
        assert_eq!(done.expect("an answer"), Applied::Done);
        kit.later();
        assert_eq!(kit.has(ana, None).await, set(&[("read", "rule")]));
        let now = rules::read(service, cx, kept).await.expect("the rule");
        assert_eq!(now.gives_ended, None);
        assert_ne!(now.rule.content.gives, Grantable::Role(clerk));
        // What would give nothing is not begun; what gives nothing can be ended.
        let refused = step(&kit, waiting, RuleState::Observing, "").await;
        assert!(
            matches!(&refused, Err(Error::Refused(text)) if text.contains("has ended")),
            "{refused:?}"
        );
        for id in [over, waiting] {
            let done = step(&kit, id, RuleState::Ended, "").await.expect("ended");
            assert_eq!(done, Applied::Done);
            kit.later();
        }
    })
    .await;
}

#[tokio::test]
async fn a_rule_that_is_changed_while_it_is_applied_is_applied_as_it_is_then() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let (service, cx) = (app.service(), &kit.cx);
        // They come first, so that whoever goes through the people of the first condition has passed them.
        let office = (0..5).map(|n| format!("o{n},Office\n"));
        let stores = (0..1_001).map(|n| format!("p{n},Stores\n"));
        let rows = lines("username,department\n", office.chain(stores));
        run(&kit, &rows).await;
        // Everybody has it anyhow, so that the plan is the same however far the job is.
        active(&kit, &rule("All", "true", "sap/read")).await;
        let stores = rule("Stores", "principal.department == \"Stores\"", "sap/read");
        let id = rules::create(service, cx, &stores).await.expect("a rule");
        for next in [RuleState::Observing, RuleState::Active] {
            kit.later();
            step(&kit, id, next, "").await.expect("the step");
        }
        let job = claim(service, &handlers()).await.expect("the queue");
        let job = job.expect("a job");
        let running = {
            let (service, job) = (Arc::clone(service), Arc::clone(&job));
            tokio::spawn(async move { handlers().run(service, job).await })
        };
        while job.how_far().done == 0 && !running.is_finished() {
            tokio::task::yield_now().await;
        }
        let all = rule("Stores", "principal.department != \"\"", "sap/read");
        let plan = rules::plan_edit(service, cx, id, &all)
            .await
            .expect("a plan");
        let version = rules::read(service, cx, id)
            .await
            .expect("it")
            .rule
            .recorded_from;
        let done = rules::edit(service, cx, id, version, &all, &plan.hash).await;
        assert_eq!(done.expect("an answer"), Applied::Done);
        let ended = running.await.expect("it runs to its end");
        settle(service, &job, ended).await.expect("settled");
        work(&kit).await;
        let mut read = app.db().read().await;
        assert_eq!(read.people_of_rule(id).await.expect("people").len(), 1_006);
    })
    .await;
}
