//! Ending, suspending, restoring and extending many assignments: what was planned is what happens, once.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::assignment::AssignmentStep;
use domain::id::{AssignmentId, IdentityId};
use domain::page::ListQuery;
use domain::search::Search;
use domain::time::SECOND;
use service::Did;
use service::assignments::{
    ChangeAct, ChangeMany, ChangedItem, ChangedMany, Fate, PlannedChanges, Verdict, Which,
    change_many, list, plan_changes, read, step,
};
use service::jobs::{self, JobState, Stop, handlers};
use service::plan::Asked;
use service::rules::{self, RuleDraft};
use service::{Cx, Error};
use testkit::both_apps;

use crate::kit::{Kit, set};

fn ask(act: ChangeAct, ids: &[AssignmentId]) -> ChangeMany {
    ChangeMany {
        act,
        which: Which::Ticked(ids.to_vec()),
        until: String::new(),
    }
}

fn agreed(planned: &PlannedChanges) -> Asked {
    Asked {
        reason: "No longer needed".to_owned(),
        hash: planned.plan.hash.clone(),
        confirm: String::new(),
    }
}

fn once(cx: &Cx, key: &str) -> Cx {
    Cx {
        once: Some(key.to_owned()),
        ..cx.clone()
    }
}

impl Kit<'_> {
    async fn plan(&self, ask: &ChangeMany) -> PlannedChanges {
        plan_changes(self.app.service(), &self.cx, ask)
            .await
            .expect("a plan")
    }

    async fn carry_out(&self, key: &str, ask: &ChangeMany, asked: &Asked) -> ChangedMany {
        let done = change_many(self.app.service(), &once(&self.cx, key), ask, asked).await;
        self.later();
        done.expect("an answer")
    }

    async fn state(&self, id: AssignmentId) -> &'static str {
        let detail = read(self.app.service(), &self.cx, id).await;
        let detail = detail.expect("the assignment");
        detail.assignment.content.state.word()
    }

    /// A rule that gives a role to all employees.
    async fn rule(&self, name: &str, gives: &str) {
        let service = self.app.service();
        let draft = RuleDraft {
            name: name.to_owned(),
            condition: "principal.kind == \"employee\"".to_owned(),
            what: gives.to_owned(),
            ..RuleDraft::default()
        };
        let id = rules::create(service, &self.cx, &draft)
            .await
            .expect("a rule");
        self.later();
        for next in [
            domain::rule::RuleState::Observing,
            domain::rule::RuleState::Active,
        ] {
            let detail = rules::read(service, &self.cx, id).await.expect("the rule");
            let version = detail.rule.recorded_from;
            let planned = rules::plan_step(service, &self.cx, id, next)
                .await
                .expect("a plan");
            let asked = Asked {
                reason: "As agreed".to_owned(),
                hash: planned.hash,
                confirm: String::new(),
            };
            rules::step(service, &self.cx, id, version, next, &asked)
                .await
                .expect("a step");
            self.later();
        }
    }
}

fn results(done: &ChangedMany) -> Vec<(AssignmentId, Result<Did, String>)> {
    let ChangedMany::Each(items) = done else {
        panic!("each of them: {done:?}")
    };
    let result = |item: &ChangedItem| match &item.result {
        Ok(changed) => Ok(*changed),
        Err(error) => Err(error.to_string()),
    };
    let items = items.iter();
    items
        .map(|item| (item.names.assignment.id, result(item)))
        .collect()
}

#[tokio::test]
async fn what_a_plan_says_is_what_happens_and_what_is_kept_is_said() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post"]).await;
        let (ana, ben) = (kit.person("Ana Silva").await, kit.person("Ben Ode").await);
        kit.role("clerk", "sap/read\nsap/post").await;
        let clerk = kit.give(ana, "role:clerk").await;
        let direct = kit.give(ana, "sap/read").await;
        let other = kit.give(ben, "sap/post").await;
        let asked = ask(ChangeAct::End, &[clerk, other]);
        let planned = kit.plan(&asked).await;
        let plan = &planned.plan;
        assert_eq!((plan.gains, plan.losses, plan.people), (0, 2, 2));
        let lines: BTreeSet<(IdentityId, &str)> = plan
            .lines
            .iter()
            .map(|line| (line.person, line.entitlement.name.as_str()))
            .collect();
        assert_eq!(lines, [(ana, "post"), (ben, "post")].into());
        let first = &planned.first[0];
        assert_eq!(first.names.assignment.id, clerk);
        let fates: BTreeSet<String> = first
            .fates
            .iter()
            .map(|fate| match fate {
                Fate::Lost(name) => format!("lost {name}"),
                Fate::Kept(name, because) => format!("kept {name}: {because}"),
            })
            .collect();
        let expected = ["lost The post", "kept The read: The read"];
        assert_eq!(fates, expected.map(str::to_owned).into());

        let done = kit.carry_out("one", &asked, &agreed(&planned)).await;
        assert_eq!(
            results(&done),
            [(clerk, Ok(Did::Done)), (other, Ok(Did::Done))]
        );
        assert_eq!(kit.has(ana, None).await, set(&[("read", "direct")]));
        assert!(kit.has(ben, None).await.is_empty());
        assert_eq!(kit.state(direct).await, "active");
        // Both ways to one thing: ended together nothing keeps it, though each alone would.
        let role = kit.give(ben, "role:clerk").await;
        let alone = kit.give(ben, "sap/read").await;
        let both = kit.plan(&ask(ChangeAct::End, &[role, alone])).await;
        assert_eq!(both.plan.losses, 2);
        let all = both.first.iter().flat_map(|one| &one.fates);
        assert!(all.into_iter().all(|fate| matches!(fate, Fate::Lost(_))));
    })
    .await;
}

#[tokio::test]
async fn another_plan_than_the_one_that_was_seen_does_nothing() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post"]).await;
        let ana = kit.person("Ana Silva").await;
        kit.role("clerk", "sap/read").await;
        let clerk = kit.give(ana, "role:clerk").await;
        let asked = ask(ChangeAct::End, &[clerk]);
        let seen = kit.plan(&asked).await;
        let role = kit
            .app
            .service()
            .store()
            .read()
            .await
            .expect("a database")
            .role_by_name("clerk")
            .await
            .expect("an answer")
            .expect("the role")
            .id;
        kit.contents(role, &[], "sap/post").await;
        let done = kit.carry_out("one", &asked, &agreed(&seen)).await;
        let ChangedMany::Different(now) = done else {
            panic!("another plan: {done:?}")
        };
        assert_eq!((seen.plan.losses, now.plan.losses), (1, 2));
        assert_eq!(kit.state(clerk).await, "active");
        // Also when only the assignment itself was changed, by which nobody gains or loses anything else.
        let detail = read(app.service(), &kit.cx, clerk).await.expect("it");
        let version = detail.assignment.recorded_from;
        service::assignments::extend(
            app.service(),
            &kit.cx,
            clerk,
            version,
            "2099-01-01",
            "Longer",
        )
        .await
        .expect("extended");
        kit.later();
        let done = kit.carry_out("two", &asked, &agreed(&now)).await;
        assert!(matches!(done, ChangedMany::Different(_)), "{done:?}");
        assert_eq!(kit.state(clerk).await, "active");
        let Err(Error::Invalid(errors)) = change_many(
            app.service(),
            &once(&kit.cx, "three"),
            &asked,
            &Asked {
                reason: String::new(),
                ..agreed(&kit.plan(&asked).await)
            },
        )
        .await
        else {
            panic!("a reason is needed")
        };
        assert!(errors.of("reason").is_some());
        assert_eq!(kit.state(clerk).await, "active");
    })
    .await;
}

#[tokio::test]
async fn each_item_says_how_it_ended_and_twice_is_once() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post"]).await;
        let (ana, ben) = (kit.person("Ana Silva").await, kit.person("Ben Ode").await);
        kit.rule("Everybody reads", "sap/read").await;
        let given = kit.give(ana, "sap/post").await;
        let ended = kit.give(ben, "sap/post").await;
        let version = read(app.service(), &kit.cx, ended).await.expect("it");
        let version = version.assignment.recorded_from;
        step(
            app.service(),
            &kit.cx,
            ended,
            version,
            AssignmentStep::End,
            "Over",
        )
        .await
        .expect("ended");
        kit.later();
        let by_rule = ListQuery {
            search: Search::parse("rule:\"Everybody reads\" person:ana.silva"),
            ..ListQuery::default()
        };
        let found = list(app.service(), &kit.cx, &by_rule)
            .await
            .expect("a list");
        assert_eq!(found.page.total, 1);
        let ruled = found.page.rows[0].assignment.id;
        let asked = ask(ChangeAct::End, &[given, ended, ruled]);
        let planned = kit.plan(&asked).await;
        assert_eq!(
            (planned.changes, planned.unchanged, planned.refused),
            (1, 1, 1)
        );
        let refused = planned.first.iter().find_map(|one| match &one.verdict {
            Verdict::Refused(why) => Some(why.as_str()),
            _ => None,
        });
        assert!(refused.is_some_and(|why| why.starts_with("A rule gives this")));
        let agreed = agreed(&planned);
        for _ in 0..2 {
            let done = kit.carry_out("one", &asked, &agreed).await;
            let mut results = results(&done);
            results.sort_by_key(|(id, _)| *id);
            let by = |wanted: AssignmentId| {
                let found = results.iter().find(|(id, _)| *id == wanted);
                found.expect("a result").1.clone()
            };
            assert_eq!(by(given), Ok(Did::Done));
            assert_eq!(by(ended), Ok(Did::Unchanged));
            assert!(by(ruled).is_err_and(|why| why.starts_with("A rule gives this")));
        }
        let versions = app
            .service()
            .store()
            .read()
            .await
            .expect("a database")
            .assignments_with(&[given, ruled])
            .await
            .expect("both");
        let states: BTreeSet<&str> = versions
            .iter()
            .map(|one| one.content.state.word())
            .collect();
        assert_eq!(states, ["active", "ended"].into());
        assert_eq!(kit.has(ana, None).await, set(&[("read", "rule")]));
    })
    .await;
}

#[tokio::test]
async fn all_that_match_are_suspended_restored_and_extended_as_the_set_that_was_seen() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let (ana, ben) = (kit.person("Ana Silva").await, kit.person("Ben Ode").await);
        kit.give(ana, "sap/read").await;
        let matching = |act, mark: &str| ChangeMany {
            act,
            which: Which::Matching(Search::parse("entitlement:sap/read"), mark.to_owned()),
            until: String::new(),
        };
        let seen = kit.plan(&matching(ChangeAct::Suspend, "")).await;
        assert_eq!(seen.ids.len(), 1);
        kit.give(ben, "sap/read").await;
        let asked = matching(ChangeAct::Suspend, &seen.mark);
        let done = kit.carry_out("one", &asked, &agreed(&seen)).await;
        assert!(matches!(done, ChangedMany::Others), "{done:?}");
        let seen = kit.plan(&asked).await;
        let asked = matching(ChangeAct::Suspend, &seen.mark);
        assert_eq!((seen.ids.len(), seen.plan.losses), (2, 2));
        // The second time nobody would lose anything, and the same form is still answered as the first time.
        for _ in 0..2 {
            let done = kit.carry_out("two", &asked, &agreed(&seen)).await;
            assert!(results(&done).iter().all(|(_, one)| *one == Ok(Did::Done)));
        }
        assert!(kit.has(ana, None).await.is_empty() && kit.has(ben, None).await.is_empty());
        let ids = seen.ids;
        let back = ask(ChangeAct::Restore, &ids);
        let planned = kit.plan(&back).await;
        assert_eq!((planned.plan.gains, planned.plan.losses), (2, 0));
        kit.carry_out("three", &back, &agreed(&planned)).await;
        assert_eq!(kit.has(ben, None).await, set(&[("read", "direct")]));
        // Whoever looked did not say yet which day it is to be.
        let planned = kit.plan(&ask(ChangeAct::Extend, &ids)).await;
        let longer = ChangeMany {
            until: "2099-12-31".to_owned(),
            ..ask(ChangeAct::Extend, &ids)
        };
        let done = kit.carry_out("four", &longer, &agreed(&planned)).await;
        assert!(results(&done).iter().all(|(_, one)| *one == Ok(Did::Done)));
        let detail = read(app.service(), &kit.cx, ids[0]).await.expect("it");
        assert!(detail.assignment.content.valid_until.is_some());
        let past = ChangeMany {
            until: "2001-01-01".to_owned(),
            ..ask(ChangeAct::Extend, &ids)
        };
        let past = plan_changes(app.service(), &kit.cx, &past).await;
        assert!(matches!(past, Err(Error::Invalid(_))), "{past:?}");
    })
    .await;
}

#[tokio::test]
async fn many_are_a_job_that_goes_on_after_a_stop_and_says_what_was_left_out() {
    both_apps(async |app| {
        let names: Vec<String> = (0..201).map(|n| format!("right{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let kit = Kit::new(app, &names).await;
        let (service, cx) = (app.service(), &kit.cx);
        let ana = kit.person("Ana Silva").await;
        for name in &names {
            kit.give(ana, &format!("sap/{name}")).await;
        }
        let matching = |mark: &str| ChangeMany {
            act: ChangeAct::End,
            which: Which::Matching(Search::parse("person:ana.silva"), mark.to_owned()),
            until: String::new(),
        };
        let planned = kit.plan(&matching("")).await;
        assert_eq!((planned.ids.len(), planned.plan.losses), (201, 201));
        let asked = matching(&planned.mark);
        let done = kit.carry_out("key", &asked, &agreed(&planned)).await;
        let ChangedMany::Job(job) = done else {
            panic!("a job: {done:?}")
        };
        let again = kit.carry_out("key", &asked, &agreed(&planned)).await;
        assert!(matches!(again, ChangedMany::Job(same) if same == job));
        // Somebody is faster with one of them.
        let last = *planned.ids.last().expect("the last");
        let detail = read(service, cx, last).await.expect("it");
        let version = detail.assignment.recorded_from;
        step(service, cx, last, version, AssignmentStep::Suspend, "Leave")
            .await
            .expect("suspended");
        let work = jobs::claim(service, &handlers())
            .await
            .expect("an answer")
            .expect("a job");
        work.stop(Stop::Shutdown);
        let ended = handlers().run(Arc::clone(service), Arc::clone(&work)).await;
        jobs::settle(service, &work, ended).await.expect("settled");
        app.clock().advance(SECOND);
        let work = jobs::claim(service, &handlers())
            .await
            .expect("an answer")
            .expect("the job again");
        let ended = handlers().run(Arc::clone(service), Arc::clone(&work)).await;
        jobs::settle(service, &work, ended).await.expect("settled");
        let view = jobs::read(service, cx, job).await.expect("the job");
        assert_eq!(view.job.state, JobState::Done);
        assert_eq!(
            view.job.result,
            Some(serde_json::json!({ "done": 200, "unchanged": 0, "not_done": 1 }))
        );
        let (problems, _) = jobs::problems(service, cx, job, 0).await.expect("problems");
        let (_, problem) = &problems[0];
        assert_eq!(problem.subject, ana.to_string());
        assert!(
            problem.message.contains("Somebody else changed this"),
            "{problem:?}"
        );
        kit.later();
        assert!(kit.has(ana, None).await.is_empty(), "the last is suspended");
    })
    .await;
}

#[tokio::test]
async fn only_who_may_give_access_changes_it_and_nobody_their_own() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let amy = app
            .someone(
                "Amy Access",
                &[domain::permission::ConsoleRight::ManageAccessModel],
            )
            .await;
        let ada = app
            .someone("Ada Audit", &[domain::permission::ConsoleRight::Audit])
            .await;
        let own = kit.give(amy.me().expect("a person"), "sap/read").await;
        let asked = ask(ChangeAct::End, &[own]);
        let seen = plan_changes(app.service(), &ada, &asked).await;
        assert!(matches!(seen, Err(Error::Denied { .. })), "{seen:?}");
        let planned = plan_changes(app.service(), &amy, &asked)
            .await
            .expect("a plan");
        assert_eq!((planned.changes, planned.refused), (0, 1));
        let done = change_many(app.service(), &once(&amy, "key"), &asked, &agreed(&planned)).await;
        let results = results(&done.expect("an answer"));
        assert!(results[0].1.is_err(), "{results:?}");
        kit.later();
        assert_eq!(kit.state(own).await, "active");
    })
    .await;
}
