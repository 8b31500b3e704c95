//! Whole sets of numbers for plans over many people, and whether anything happened since one was made.

use domain::access::AccessKey;
use domain::assignment::{Agent, AssignmentState};
use domain::audit::AuditAction;
use domain::exclusion::{ExclusionContent, ExclusionState};
use domain::id::{AccountId, EntitlementId, IdentityId, RoleId, SourceId};
use domain::identity::IdentityStatus;
use domain::role::Grantable;
use domain::source::{FileKind, ImportMode, RowChange, RowRecord, RowSubject};
use domain::time::{DAY, Instant};
use storage::access::NewAccess;
use storage::assignments::AssignmentContent;
use storage::runs::NewRun;
use testkit::{START, TestStore, a_person, an_event, both_engines};

use crate::support::{commit, person};

const CLERK: Grantable = Grantable::Role(RoleId::from_raw(7));
const READ: Grantable = Grantable::Entitlement(EntitlementId::from_raw(7));

fn assignment(
    identity: i64,
    what: Grantable,
    from: Instant,
    until: Option<Instant>,
) -> AssignmentContent {
    AssignmentContent {
        identity: IdentityId::from_raw(identity),
        what,
        agent: Agent::Admin,
        reason: "Needed".to_owned(),
        state: AssignmentState::Active,
        valid_from: from,
        valid_until: until,
        source: None,
        rule: None,
        granted_by: None,
        request: None,
        activates: None,
    }
}

async fn give(db: &TestStore, content: &AssignmentContent) -> i64 {
    let mut tx = db.write().await;
    let (id, target) = tx.insert_assignment(content).await.expect("given");
    commit(tx, [target]).await;
    id.raw()
}

#[tokio::test]
async fn assignments_in_force_are_those_of_one_thing_at_one_moment() {
    both_engines(async |db| {
        let end = Some(START.plus(2 * DAY));
        let second = give(db, &assignment(12, CLERK, START, None)).await;
        let first = give(db, &assignment(11, CLERK, START, end)).await;
        let again = give(db, &assignment(11, CLERK, START, None)).await;
        let later = give(db, &assignment(13, CLERK, START.plus(DAY), None)).await;
        let suspended = AssignmentContent {
            state: AssignmentState::Suspended,
            ..assignment(14, CLERK, START, None)
        };
        give(db, &suspended).await;
        let other = give(db, &assignment(15, READ, START, None)).await;
        let of = async |what: Grantable, at: Instant| {
            let mut tx = db.read().await;
            tx.assignments_in_force(what, at).await.expect("an answer")
        };
        assert_eq!(
            of(CLERK, START).await,
            [(first, 11), (again, 11), (second, 12)]
        );
        assert_eq!(
            of(CLERK, START.plus(3 * DAY)).await,
            [(again, 11), (second, 12), (later, 13)]
        );
        assert_eq!(of(READ, START).await, [(other, 15)]);
    })
    .await;
}

#[tokio::test]
async fn who_is_seen_by_others_and_who_has_ended() {
    both_engines(async |db| {
        let ana = person(db, a_person("Ana").build()).await;
        let gone = a_person("Ben").status(IdentityStatus::Ended).build();
        let ben = person(db, gone).await;
        let sees = async |source: i64, identity: IdentityId, account: i64| {
            let mut tx = db.write().await;
            let grant = NewAccess {
                key: AccessKey {
                    identity,
                    entitlement: EntitlementId::from_raw(7),
                    account: AccountId::from_raw(account),
                },
                granted: None,
                last_used: None,
            };
            let source = SourceId::from_raw(source);
            tx.insert_observed(source, &[grant]).await.expect("seen");
            commit(tx, []).await;
        };
        sees(1, ana, 1).await;
        sees(2, ana, 2).await;
        sees(1, ben, 3).await;
        let mut tx = db.read().await;
        let mut besides = Vec::new();
        for source in [1, 2, 3] {
            let source = SourceId::from_raw(source);
            let entitlement = EntitlementId::from_raw(7);
            besides.push(
                tx.people_observed_besides(entitlement, source)
                    .await
                    .expect("people"),
            );
        }
        let both = vec![ana.raw(), ben.raw()];
        assert_eq!(besides, [vec![ana.raw()], both.clone(), both]);
        assert_eq!(tx.ended_people().await.expect("people"), [ben.raw()]);
        let unknown = IdentityId::from_raw(999);
        let among = tx.ended_among(&[ana, ben, unknown]).await;
        assert_eq!(among.expect("people"), [ben]);
        assert!(tx.ended_among(&[ana]).await.expect("people").is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_happened_since_is_in_the_log_and_in_the_records_of_runs() {
    both_engines(async |db| {
        let mut tx = db.read().await;
        let (seq, _) = tx.audit_head().await.expect("a head");
        assert!(tx.actions_after(seq).await.expect("words").is_empty());
        assert_eq!(tx.records_written().await.expect("a number"), 0);
        drop(tx);
        let ana = person(db, a_person("Ana").build()).await;
        for action in [AuditAction::SignedIn, AuditAction::SignedIn] {
            let tx = db.write().await;
            tx.commit(an_event(action, []), Vec::new())
                .await
                .expect("an entry");
        }
        let mut tx = db.read().await;
        let words = tx.actions_after(seq).await.expect("words");
        assert_eq!(words, ["identity.edited", "session.started"]);
        drop(tx);
        let mut tx = db.write().await;
        let new = NewRun {
            source: SourceId::from_raw(1),
            mode: ImportMode::Delta,
            created_by: "command_line".to_owned(),
            allow_shrink: None,
        };
        let run = tx.insert_run(&new).await.expect("a run");
        let record = RowRecord {
            change: RowChange::Added,
            file: FileKind::Identities,
            line: Some(2),
            about: RowSubject::Object {
                target: ana.into(),
                content: None,
            },
        };
        tx.commit_rows(
            run,
            &[record],
            &std::collections::BTreeMap::default(),
            Vec::new(),
        )
        .await
        .expect("records");
        let mut tx = db.read().await;
        assert_eq!(tx.records_written().await.expect("a number"), 1);
    })
    .await;
}

#[tokio::test]
async fn time_tells_when_something_begins_or_ends_by_itself() {
    both_engines(async |db| {
        let day = |days: i64| START.plus(days * DAY);
        give(db, &assignment(11, CLERK, day(10), Some(day(20)))).await;
        let exclusion = ExclusionContent {
            identity: IdentityId::from_raw(11),
            what: READ,
            reason: "Not them".to_owned(),
            owner: None,
            state: ExclusionState::Active,
            valid_from: day(30),
            valid_until: Some(day(40)),
        };
        let mut tx = db.write().await;
        let (_, target) = tx.insert_exclusion(&exclusion).await.expect("excluded");
        commit(tx, [target]).await;
        let mut tx = db.read().await;
        for (from, to, tells) in [
            (1, 9, false),
            (9, 10, true),
            (10, 19, false),
            (19, 20, true),
            (20, 29, false),
            (29, 31, true),
            (31, 39, false),
            (39, 40, true),
            (40, 50, false),
        ] {
            let said = tx.time_tells(day(from), day(to)).await;
            assert_eq!(said.expect("an answer"), tells, "{from} to {to}");
        }
    })
    .await;
}
