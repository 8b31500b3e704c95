//! What belongs to no person: contents of roles, accounts of nobody and of programs; and rights in this console.

use domain::approval::Approver;
use domain::id::{CampaignId, IdentityId, ObjectKind, RoleId};
use domain::permission::{ConsoleRight, Rights};
use domain::review::{
    Choice, ExcludedWhy, Facts, Flag, How, ItemKind, NotStageable, RemedyState, ReviewContent,
    Scope, Stage, Staged, Subjects, Unanswered, Why, check,
};
use domain::source::FileKind;
use domain::source::ImportMode::Snapshot;
use domain::task::{TaskKind, TaskState};
use domain::time::{HOUR, Instant};
use service::roles::{self, ContentsDraft, NamedPart};
use service::{Cx, people, reviews, rights, tasks};
use testkit::both_apps;

use crate::kit::{Kit, me};

/// A review of these things, decided by owners and else by whoever defined it.
fn of(subjects: Subjects) -> impl FnOnce(&mut ReviewContent) {
    move |content| {
        content.scope = Scope {
            subjects,
            ..Scope::everything()
        };
        content.stages = vec![Stage::by(Approver::Owner)];
        content.unanswered = Unanswered::Report;
        subjects.label().clone_into(&mut content.name);
    }
}

async fn role(kit: &Kit<'_>, name: &str) -> RoleId {
    roles::by_name(kit.app.service(), &kit.admin, name)
        .await
        .expect("a role")
}

async fn facts(kit: &Kit<'_>, id: CampaignId) -> Vec<Facts> {
    let items = kit.items(id).await;
    items.into_iter().map(|item| item.facts).collect()
}

/// Closes it and lets what was revoked take effect.
async fn carried_out(kit: &Kit<'_>, id: CampaignId) {
    kit.close(id).await;
    kit.settled(2).await;
}

#[tokio::test]
async fn what_a_role_gives_is_reviewed_by_its_owner_and_taken_out_once() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let clerk = role(&kit, "clerk").await;
        kit.put(clerk, "sap/pay").await;
        let boss = domain::role::RoleDraft {
            name: "boss".to_owned(),
            display_name: "Boss".to_owned(),
            owner: "bo".to_owned(),
            ..Default::default()
        };
        let boss = roles::create(app.service(), &kit.admin, &boss)
            .await
            .expect("a role");
        kit.put(boss, "role:clerk").await;
        let id = kit.launched(of(Subjects::Contents)).await;
        let found = reviews::campaign(app.service(), &kit.admin, id)
            .await
            .expect("it");
        let counts = found.content.population;
        assert!(counts.adds_up());
        assert_eq!((counts.all, counts.included, counts.holders), (3, 3, 2));
        let all = facts(&kit, id).await;
        assert!(all.iter().all(|one| one.item == ItemKind::Content
            && one.how == How::Direct
            && one.peers.is_none()
            && one.since.is_some()));
        let of_role = |role: RoleId| all.iter().filter(move |one| one.holder == role.into());
        // The clerk's role has no owner: that of the application decides.
        assert_eq!(of_role(clerk).count(), 2);
        assert!(of_role(clerk).all(|one| one.why == Why::ApplicationOwner));
        let nested = of_role(boss).next().expect("the role in the role");
        assert_eq!((nested.reviewer, nested.why), (kit.bo, Why::Owner));
        assert_eq!(nested.what, clerk.into());
        // It has no last day.
        let staged = Staged {
            until: Some(Instant::from_micros(i64::MAX)),
            ..Staged::of(Choice::Change)
        };
        let refused = check(nested, &staged, kit.bo, Instant::from_micros(0));
        assert_eq!(refused, Err(NotStageable::NotChangeable));
        assert!(kit.has(kit.ben, kit.post).await);
        let before = roles::timeline(app.service(), &kit.admin, clerk, None).await;
        let before = before.expect("its past").1.entries.len();
        for one in &all {
            kit.choose(id, one.number, Choice::Revoke).await;
        }
        carried_out(&kit, id).await;
        assert!(!kit.has(kit.ben, kit.post).await && !kit.has(kit.ben, kit.pay).await);
        assert!(kit.has(kit.ana, kit.post).await, "she has it by hand");
        let clerk_now = roles::read(app.service(), &kit.admin, clerk, None)
            .await
            .expect("the role");
        assert!(clerk_now.role.content.parts.is_empty());
        let boss_now = roles::read(app.service(), &kit.admin, boss, None).await;
        let parts: Vec<NamedPart> = boss_now.expect("the role").parts;
        assert_eq!(parts, []);
        // Two things of one role are one version with one entry.
        let after = roles::timeline(app.service(), &kit.admin, clerk, None).await;
        assert_eq!(after.expect("its past").1.entries.len(), before + 1);
        let states = |all: Vec<storage::reviews::RemedyRow>| -> Vec<RemedyState> {
            all.iter().map(|one| one.state).collect()
        };
        assert_eq!(states(kit.remedies(id).await), [RemedyState::Sent; 3]);
        kit.read(Snapshot, "ana,sap,pay\nana,sap,post\ncy,sap,pay\n")
            .await;
        assert_eq!(states(kit.remedies(id).await), [RemedyState::Verified; 3]);
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_out_of_a_role_meanwhile_had_ended_before() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let clerk = role(&kit, "clerk").await;
        let id = kit.launched(of(Subjects::Contents)).await;
        let all = facts(&kit, id).await;
        kit.choose(id, all[0].number, Choice::Revoke).await;
        let (service, cx) = (app.service(), &kit.admin);
        let detail = roles::read(service, cx, clerk, None).await.expect("it");
        let empty = ContentsDraft {
            reason: "Not needed".to_owned(),
            ..ContentsDraft::default()
        };
        let planned = roles::plan_contents(service, cx, clerk, &empty).await;
        let hash = planned.expect("a plan").plan.hash;
        let version = detail.role.recorded_from;
        roles::change_contents(service, cx, clerk, version, &empty, &hash)
            .await
            .expect("the change");
        app.clock().advance(HOUR);
        carried_out(&kit, id).await;
        let all = kit.remedies(id).await;
        assert_eq!(all[0].state, RemedyState::Gone);
    })
    .await;
}

const ACCOUNTS: &str = "application,account,username,status,last_used_at\n";

async fn read_accounts(kit: &Kit<'_>, rows: &str) {
    let accounts = format!("{ACCOUNTS}{rows}");
    let files = [(FileKind::Accounts, &*accounts)];
    let run = kit.sent("sap", Snapshot, &files).await;
    kit.app.clock().advance(HOUR);
    kit.apply(run).await;
}

#[tokio::test]
async fn accounts_of_nobody_and_of_programs_are_disabled_by_a_task() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let program = domain::identity::IdentityDraft {
            username: "sync".to_owned(),
            display_name: "Sync".to_owned(),
            kind: "service".to_owned(),
            manager: "bo".to_owned(),
            ..Default::default()
        };
        let program: IdentityId = people::create(app.service(), &kit.admin, &program)
            .await
            .expect("a program");
        app.clock().advance(HOUR);
        let rows = "sap,ana,ana,enabled,\nsap,old,,disabled,\nsap,lost,,enabled,2020-01-01\nsap,batch,sync,enabled,2026-11-20\n";
        read_accounts(&kit, rows).await;
        let id = kit.launched(of(Subjects::Accounts)).await;
        let all = facts(&kit, id).await;
        assert_eq!(all.len(), 2);
        let lost = all.iter().find(|one| one.because.is_none()).expect("it");
        let batch = all.iter().find(|one| one.because.is_some()).expect("it");
        assert_eq!(lost.item, ItemKind::Account);
        assert_eq!((lost.holder.kind, lost.what.kind), (ObjectKind::Account, ObjectKind::Application));
        assert_eq!(lost.flags, [Flag::Unused, Flag::Orphan]);
        assert_eq!((lost.why, batch.flags.len()), (Why::ApplicationOwner, 0));
        assert_eq!((batch.whose(), batch.reviewer), (Some(program), kit.bo));
        for item in [lost, batch] {
            kit.choose(id, item.number, Choice::Revoke).await;
        }
        carried_out(&kit, id).await;
        let remedies = kit.remedies(id).await;
        let task = |number: u64| {
            let found = remedies.iter().find(|one| one.item == number).expect("it");
            assert_eq!(found.state, RemedyState::Sent);
            found.task.expect("a task")
        };
        let row = tasks::read(app.service(), &kit.olga, task(lost.number)).await;
        let row = row.expect("the task").object;
        assert_eq!((row.task.content.kind, row.may_do), (TaskKind::Disable, true));
        assert_eq!(row.account, Some(("lost".to_owned(), "SAP".to_owned())));
        assert_eq!((row.person.as_str(), row.task.content.identity), ("", None));
        tasks::do_one(app.service(), &kit.olga, task(lost.number), "Removed")
            .await
            .expect("done");
        assert_eq!(kit.state(id, lost.number).await, Some(RemedyState::Acknowledged));
        app.clock().advance(HOUR);
        // A reading of who has access says nothing of accounts.
        kit.read(Snapshot, "ana,sap,pay\nana,sap,post\ncy,sap,pay\n").await;
        assert_eq!(kit.state(id, lost.number).await, Some(RemedyState::Acknowledged));
        read_accounts(&kit, "sap,ana,ana,enabled,\nsap,lost,,enabled,\nsap,batch,sync,disabled,\n").await;
        // One is still there, whatever somebody said; the other is disabled without that anybody said so.
        assert_eq!(kit.state(id, lost.number).await, Some(RemedyState::Sent));
        assert_eq!(kit.state(id, batch.number).await, Some(RemedyState::Verified));
        read_accounts(&kit, "sap,ana,ana,enabled,\n").await;
        assert_eq!(kit.state(id, lost.number).await, Some(RemedyState::Verified));
        let row = tasks::read(app.service(), &kit.admin, task(batch.number)).await;
        let state = row.expect("the task").object.task.content.state;
        assert_eq!(state, TaskState::Verified);
    })
    .await;
}

#[tokio::test]
async fn rights_in_this_console_end_at_once_but_the_last_administrator_stays() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let me = me(&kit.admin);
        rights::grant(
            app.service(),
            &kit.admin,
            kit.bo,
            ConsoleRight::RunReviews,
            "To review",
        )
        .await
        .expect("a right");
        app.clock().advance(HOUR);
        let id = kit
            .launched(|content| {
                of(Subjects::Rights)(content);
                content.stages = vec![Stage::by(Approver::People {
                    people: vec![kit.bo],
                })];
            })
            .await;
        let all = facts(&kit, id).await;
        let of_bo = all
            .iter()
            .find(|one| one.holder == kit.bo.into())
            .expect("his");
        let mine = all
            .iter()
            .find(|one| one.holder == me.into())
            .expect("mine");
        assert_eq!(all.len(), 2);
        assert_eq!((of_bo.reviewer, mine.reviewer), (me, kit.bo));
        assert_eq!(of_bo.item, ItemKind::Access);
        kit.choose(id, of_bo.number, Choice::Revoke).await;
        kit.choose(id, mine.number, Choice::Revoke).await;
        carried_out(&kit, id).await;
        let remedies = kit.remedies(id).await;
        let of = |number| remedies.iter().find(|one| one.item == number).expect("it");
        assert_eq!(of(of_bo.number).state, RemedyState::Verified);
        assert_eq!(of(mine.number).state, RemedyState::Failed);
        assert!(
            of(mine.number)
                .problem
                .contains("last person who can administer")
        );
        let mut read = app.db().read().await;
        let now = app.service().now();
        assert_eq!(
            read.console_rights(kit.bo, now).await.expect("rights"),
            Rights::NONE
        );
        assert!(
            read.console_rights(me, now)
                .await
                .expect("rights")
                .has(ConsoleRight::Administer)
        );
    })
    .await;
}

#[tokio::test]
async fn alone_in_the_console_nobody_decides_on_themselves() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.launched(of(Subjects::Rights)).await;
        let found = reviews::campaign(app.service(), &kit.admin, id)
            .await
            .expect("it");
        let counts = found.content.population;
        assert!(counts.adds_up());
        assert_eq!((counts.all, counts.included, counts.excluded), (1, 0, 1));
        let form = reviews::ReviewForm {
            name: "Rights".to_owned(),
            scope: reviews::ScopeForm {
                subjects: "rights".to_owned(),
                ..reviews::ScopeForm::default()
            },
            ..reviews::ReviewForm::default()
        };
        let seen = reviews::preview(app.service(), &kit.admin, &form)
            .await
            .expect("a preview");
        assert_eq!(seen.excluded[&ExcludedWhy::NobodyElse], 1);
        let wrong = reviews::ReviewForm {
            scope: reviews::ScopeForm {
                subjects: "accounts".to_owned(),
                people: "department:Finance".to_owned(),
                risk: "high".to_owned(),
                ..reviews::ScopeForm::default()
            },
            ..form
        };
        let refused = reviews::define(
            app.service(),
            &Cx {
                ..kit.admin.clone()
            },
            &wrong,
        )
        .await;
        let Err(service::Error::Invalid(errors)) = refused else {
            panic!("{refused:?}");
        };
        assert!(errors.of("people").is_some() && errors.of("risk").is_some());
    })
    .await;
}
