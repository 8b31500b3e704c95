//! What a reading says of contents of roles, also where too many hold a role to be looked at; and what is asked for, by name
//! and once.

use domain::approval::Approver;
use domain::id::{CampaignId, RoleId};
use domain::review::{Choice, RemedyState, ReviewContent, Scope, Stage, Subjects, Unanswered};
use domain::role::RoleDraft;
use domain::source::FileKind;
use domain::source::ImportMode::{Delta, Snapshot};
use domain::time::HOUR;
use service::notifications::{self, NoticeKind};
use service::roles;
use testkit::both_apps;

use crate::kit::{Kit, of};

/// A review of these things, decided by their owners.
fn reviewed(subjects: Subjects) -> impl FnOnce(&mut ReviewContent) {
    move |content| {
        content.scope = Scope {
            subjects,
            ..Scope::everything()
        };
        content.stages = vec![Stage::by(Approver::Owner)];
        content.unanswered = Unanswered::Report;
        "Things".clone_into(&mut content.name);
    }
}

/// Imports files of a source of their own.
async fn import(kit: &Kit<'_>, source: &str, files: &[(FileKind, &str)]) {
    let run = kit.sent(source, Delta, files).await;
    kit.app.clock().advance(HOUR);
    kit.apply(run).await;
}

/// A role that gives these.
async fn role(kit: &Kit<'_>, name: &str, gives: &str) -> RoleId {
    let draft = RoleDraft {
        name: name.to_owned(),
        display_name: name.to_owned(),
        ..RoleDraft::default()
    };
    let id = roles::create(kit.app.service(), &kit.admin, &draft)
        .await
        .expect("a role");
    kit.put(id, gives).await;
    id
}

/// Revokes everything about a holder, and lets it take effect.
async fn revoked(kit: &Kit<'_>, id: CampaignId, holder: RoleId) -> Vec<u64> {
    let items = kit.items(id).await;
    let items = items.iter().filter(|one| one.facts.holder == holder.into());
    let numbers: Vec<u64> = items.map(|one| one.facts.number).collect();
    for number in &numbers {
        kit.choose(id, *number, Choice::Revoke).await;
    }
    kit.close(id).await;
    kit.settled(2).await;
    numbers
}

#[tokio::test]
async fn what_a_role_gave_is_verified_when_no_holder_is_shown_with_it() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let payer = role(&kit, "payer", "sap/pay\nsap/post").await;
        kit.give(kit.ben, "role:payer").await;
        kit.give(kit.bo, "role:payer").await;
        let id = kit.launched(reviewed(Subjects::Contents)).await;
        let items = revoked(&kit, id, payer).await;
        assert_eq!(items.len(), 2);
        let states = async || {
            let all = kit.remedies(id).await;
            let mut all = all.into_iter().filter(|one| items.contains(&one.item));
            [all.next(), all.next()].map(|one| one.expect("a remedy").state)
        };
        assert_eq!(states().await, [RemedyState::Sent; 2]);
        // Ben has posting by another role, too; paying is shown and nothing gives it.
        let base = "ana,sap,pay\nana,sap,post\ncy,sap,pay\nben,sap,post\n";
        kit.read(Snapshot, &format!("{base}bo,sap,pay\n")).await;
        let mut after = states().await;
        after.sort_by_key(|state| state.word());
        assert_eq!(after, [RemedyState::Sent, RemedyState::Verified]);
        kit.read(Snapshot, base).await;
        assert_eq!(states().await, [RemedyState::Verified; 2]);
    })
    .await;
}

#[tokio::test]
async fn where_thousands_hold_a_role_all_of_them_are_looked_at() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let payer = role(&kit, "payer", "sap/pay").await;
        let names: Vec<String> = (0..5_001).map(|n| format!("many{n}")).collect();
        let people = format!("username\n{}\n", names.join("\n"));
        let members = format!("username,role\n{},payer\n", names.join(",payer\n"));
        let files = [
            (FileKind::Identities, people.as_str()),
            (FileKind::RoleMembers, members.as_str()),
        ];
        import(&kit, "many", &files).await;
        let id = kit.launched(reviewed(Subjects::Contents)).await;
        let items = revoked(&kit, id, payer).await;
        let base = "ana,sap,pay\nana,sap,post\ncy,sap,pay\n";
        // The last of them has it still.
        kit.read(Snapshot, &format!("{base}many5000,sap,pay\n"))
            .await;
        assert_eq!(kit.state(id, items[0]).await, Some(RemedyState::Sent));
        kit.read(Snapshot, base).await;
        assert_eq!(kit.state(id, items[0]).await, Some(RemedyState::Verified));
    })
    .await;
}

#[tokio::test]
async fn what_only_a_source_takes_out_of_a_role_is_asked_for_by_name() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let text = "role,application,entitlement,owner\nbuyer,sap,pay,bo\n";
        import(&kit, "sap", &[(FileKind::Roles, text)]).await;
        let buyer = roles::by_name(app.service(), &kit.admin, "buyer").await;
        let id = kit.launched(reviewed(Subjects::Contents)).await;
        let items = revoked(&kit, id, buyer.expect("a role")).await;
        assert_eq!(kit.state(id, items[0]).await, Some(RemedyState::Failed));
        let which = notifications::Which::default();
        let start = domain::page::Position::Start;
        let mine = notifications::list(app.service(), &of(kit.bo), which, &start).await;
        let rows = mine.expect("what he was told").page.rows;
        let asked = rows.iter().find(|one| one.kind == NoticeKind::ChangeAsked);
        let text = &asked.expect("he is asked").text;
        assert!(text.starts_with("Take “The pay” out of it"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn an_account_that_two_reviews_revoke_is_asked_for_once() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let accounts = "application,account,username,status\nsap,lost,,enabled\nsap,old,,enabled\n";
        import(&kit, "sap", &[(FileKind::Accounts, accounts)]).await;
        let mut tasks = Vec::new();
        for name in ["Once", "Twice"] {
            let id = kit
                .launched(|content| {
                    reviewed(Subjects::Accounts)(content);
                    name.clone_into(&mut content.name);
                })
                .await;
            for item in kit.items(id).await {
                kit.choose(id, item.facts.number, Choice::Revoke).await;
            }
            kit.close(id).await;
            kit.settled(2).await;
            let all = kit.remedies(id).await;
            tasks.push(all.iter().map(|one| one.task).collect::<Vec<_>>());
        }
        assert!(tasks[0].iter().all(Option::is_some) && tasks[0].len() == 2);
        assert_ne!(tasks[0][0], tasks[0][1]);
        assert_eq!(tasks[0], tasks[1]);
    })
    .await;
}
