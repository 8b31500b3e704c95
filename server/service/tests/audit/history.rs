//! Histories written through the services, and the means to change them behind the log's back.

use domain::audit::{AuditAction, Event};
use domain::id::IdentityId;
use domain::identity::IdentityDraft;
use domain::permission::{Actor, ConsoleRight, Rights};
use domain::role::RoleDraft;
use domain::time::{MINUTE, SECOND};
use proof::checkpoint::{SigningKey, VerifyingKey};
use proof::entry::EnvelopeRef;
use service::assignments::{ExclusionDraft, GiveDraft};
use service::audit::Report;
use service::rules::RuleDraft;
use service::welcome::Welcome;
use service::{Cx, Origin, Parts, Service, assignments, audit, people, roles, rules, welcome};
use sqlx::AssertSqlSafe;
use storage::Store;
use testkit::{TestStore, an_event};

/// Name of the test's log.
pub(crate) const KEY_NAME: &str = "log.example";

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(KEY_NAME, &[seed; 32]).expect("a valid name")
}

/// A key that signed nothing here.
pub(crate) fn other_key() -> VerifyingKey {
    key(8).verifying_key().clone()
}

/// A database with a history.
pub(crate) struct History<'s> {
    pub(crate) service: Service,
    store: &'s TestStore,
    administrator: IdentityId,
}

fn draft(name: &str) -> IdentityDraft {
    IdentityDraft {
        username: name.to_owned(),
        display_name: format!("Sílvia {name}"),
        email: format!("{name}@example.com"),
        department: "Finance".to_owned(),
        title: "Clerk".to_owned(),
        location: "Porto".to_owned(),
        kind: "employee".to_owned(),
        start_date: "2026-01-01".to_owned(),
        ..IdentityDraft::default()
    }
}

fn origin() -> Origin {
    Origin {
        request: Some("req-1".to_owned()),
        address: Some("192.0.2.1".to_owned()),
        user_agent: Some("Browser".to_owned()),
    }
}

impl<'s> History<'s> {
    async fn begin(store: &'s TestStore) -> Self {
        let service = Service::new(Parts {
            store: store.store().clone(),
            clock: store.clock(),
            entropy: store.entropy(),
            signer: key(7),
            public_url: "https://console.example".to_owned(),
            hashing_threads: 1,
            post: None,
        });
        let password = "a long enough passphrase";
        let first = Welcome {
            organisation: "Example".to_owned(),
            zone: "Europe/Lisbon".to_owned(),
            display_name: "Ana Silva".to_owned(),
            username: "ana".to_owned(),
            email: "ana@example.com".to_owned(),
            password: password.to_owned(),
            again: password.to_owned(),
        };
        let cx = Cx {
            origin: origin(),
            ..Cx::of(Actor::Anonymous)
        };
        let administrator = welcome::create_first(&service, &cx, &first)
            .await
            .expect("the first run");
        Self {
            service,
            store,
            administrator,
        }
    }

    /// Some people with versions, enough entries for a stored subtree, and two checkpoints.
    pub(crate) async fn write(store: &'s TestStore) -> Self {
        let history = Self::begin(store).await;
        let cx = history.cx();
        for name in ["ben", "cleo"] {
            store.clock().advance(SECOND);
            let id = people::create(
                &history.service,
                &cx,
                &IdentityDraft {
                    manager: "ana".to_owned(),
                    ..draft(name)
                },
            )
            .await
            .expect("creates");
            history.edit(id, "Head").await;
        }
        audit::checkpoint(&history.service).await.expect("signs");
        store.clock().advance(MINUTE);
        history.fill().await;
        history.model(&cx).await;
        audit::checkpoint(&history.service).await.expect("signs");
        let found = history.find_entry().await;
        assert!(
            found,
            "entry 9 has one target with content and one detail, and came with a request"
        );
        history.holds().await;
        history
    }

    /// A role, a rule, an assignment and an exclusion.
    async fn model(&self, cx: &Cx) {
        let service = &self.service;
        let role = RoleDraft {
            name: "clerk".to_owned(),
            display_name: "Clerk".to_owned(),
            ..RoleDraft::default()
        };
        roles::create(service, cx, &role).await.expect("a role");
        let what = "role:clerk".to_owned();
        let reason = "Needed".to_owned();
        let finance = RuleDraft {
            name: "Finance".to_owned(),
            condition: "principal.department == \"Finance\"".to_owned(),
            what: what.clone(),
            owner: "cleo".to_owned(),
            ..RuleDraft::default()
        };
        rules::create(service, cx, &finance).await.expect("a rule");
        let people = self.store.read().await;
        let cleo = { people }
            .identity_by_username("cleo")
            .await
            .expect("the database answers")
            .expect("Cleo is there")
            .id;
        let give = GiveDraft {
            what: what.clone(),
            reason: reason.clone(),
            until: "2099-12-31".to_owned(),
            ..GiveDraft::default()
        };
        assignments::give(service, cx, cleo, &give)
            .await
            .expect("given");
        let exclusion = ExclusionDraft {
            what,
            reason,
            until: "2099-12-31".to_owned(),
            ..ExclusionDraft::default()
        };
        assignments::exclude(service, cx, cleo, &exclusion)
            .await
            .expect("excluded");
    }

    /// One more entry.
    pub(crate) async fn more(&self) {
        let tx = self.store.write().await;
        tx.commit(an_event(AuditAction::Exported, []), Vec::new())
            .await
            .expect("commits");
    }

    async fn fill(&self) {
        let entries = || an_event(AuditAction::Exported, []);
        let rest: Vec<Event> = (0..300).map(|_| entries()).collect();
        self.store
            .write()
            .await
            .commit(entries(), rest)
            .await
            .expect("commits");
    }

    async fn find_entry(&self) -> bool {
        let mut tx = self.store.read().await;
        let entry = tx.audit_entry(9).await.expect("reads").expect("is there");
        let log = self.store.store().log_reader().await.expect("opens");
        let chunk = log.chunk(&mut tx, (9, 9), (9, 9)).await.expect("reads");
        let with_content = chunk
            .targets
            .iter()
            .filter(|target| target.content.is_some())
            .count();
        (
            entry.targets.len(),
            with_content,
            entry.details.len(),
            entry.request.is_some(),
        ) == (1, 1, 1, true)
    }

    /// The administrator, with a request.
    pub(crate) fn cx(&self) -> Cx {
        let rights = Rights::NONE.with(ConsoleRight::Administer);
        Cx {
            origin: origin(),
            ..Cx::of(Actor::Person {
                id: self.administrator,
                rights,
            })
        }
    }

    async fn edit(&self, id: IdentityId, title: &str) {
        let person = self
            .store
            .read()
            .await
            .identity(id)
            .await
            .expect("reads")
            .expect("is there");
        self.store.clock().advance(SECOND);
        let changed = IdentityDraft {
            title: title.to_owned(),
            manager: "ana".to_owned(),
            ..draft(&person.content.username)
        };
        // An ended person cannot be edited; that is not what this is about.
        drop(
            people::edit(
                &self.service,
                &self.cx(),
                id,
                person.recorded_from,
                &changed,
            )
            .await,
        );
    }

    /// Number of the last entry.
    pub(crate) async fn last(&self) -> i64 {
        self.store.read().await.audit_head().await.expect("reads").0
    }

    /// The latest signed note.
    pub(crate) async fn note(&self) -> String {
        self.store
            .read()
            .await
            .latest_checkpoint()
            .await
            .expect("reads")
            .expect("is there")
            .note
    }

    /// Verifies with a checkpoint that was kept.
    pub(crate) async fn verify_since(&self, since: Option<&str>) -> Report {
        audit::verify(self.store.store(), &[key(7).verifying_key().clone()], since)
            .await
            .expect("the database answers")
    }

    /// Verifies, and everything holds.
    pub(crate) async fn holds(&self) -> Report {
        let report = self.verify_since(None).await;
        assert_eq!(report.finding, None);
        report
    }

    /// Verifies, and something does not hold.
    pub(crate) async fn finding(&self, change: &str) -> String {
        let finding = self.verify_since(None).await.finding;
        finding
            .unwrap_or_else(|| panic!("not found: {change}"))
            .what
    }

    /// Runs SQL that no service would; answers the rows it changed.
    pub(crate) async fn run(&self, sql: &str) -> u64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match self.store.store() {
            Store::Sqlite { writer, .. } => sqlx::query(sql)
                .execute(writer)
                .await
                .map(|done| done.rows_affected()),
            Store::Postgres { pool, .. } => sqlx::query(sql)
                .execute(pool)
                .await
                .map(|done| done.rows_affected()),
        }
        .expect("the change is possible")
    }

    /// Keeps a table's rows aside.
    pub(crate) async fn save(&self, table: &str) -> String {
        let saved = format!("saved_{table}");
        self.run(&format!("CREATE TABLE {saved} AS SELECT * FROM {table}"))
            .await;
        saved
    }

    /// Puts a table's rows back.
    pub(crate) async fn restore(&self, table: &str, saved: &str) {
        self.run(&format!("DELETE FROM {table}")).await;
        self.run(&format!("INSERT INTO {table} SELECT * FROM {saved}"))
            .await;
        self.run(&format!("DROP TABLE {saved}")).await;
    }

    /// Makes an entry say that somebody else acted, with everything beside the signatures changed to fit.
    pub(crate) async fn rewrite(&self, seq: i64, actor: &str) {
        let (leaf, _) = self
            .store
            .read()
            .await
            .audit_leaf(seq)
            .await
            .expect("reads")
            .expect("is there");
        let mut envelope = EnvelopeRef::parse(&leaf).expect("an entry").to_envelope();
        actor.clone_into(&mut envelope.actor);
        let leaf = envelope.leaf().expect("canonical");
        let hash = proof::hash::leaf_hash(&leaf);
        let text = "UPDATE audit_entry SET actor = $1, leaf = $2, leaf_hash = $3 WHERE seq = $4";
        match self.store.store() {
            Store::Sqlite { writer, .. } => sqlx::query(text)
                .bind(actor)
                .bind(leaf)
                .bind(&hash.0[..])
                .bind(seq)
                .execute(writer)
                .await
                .map(drop),
            Store::Postgres { pool, .. } => sqlx::query(text)
                .bind(actor)
                .bind(leaf)
                .bind(&hash.0[..])
                .bind(seq)
                .execute(pool)
                .await
                .map(drop),
        }
        .expect("the change is possible");
    }
}

/// A random history: every step is an act and whom it is about.
pub(crate) async fn walk<'s>(store: &'s TestStore, steps: &[(u8, u8)]) -> History<'s> {
    let history = History::begin(store).await;
    let cx = history.cx();
    let service = &history.service;
    let mut people_here = Vec::new();
    for (number, (act, whom)) in steps.iter().enumerate() {
        store.clock().advance(if *whom == 0 { 0 } else { SECOND });
        let chosen = people_here
            .get(usize::from(*whom) % people_here.len().max(1))
            .copied();
        match (act, chosen) {
            (0, _) | (_, None) => people_here.push(
                people::create(service, &cx, &draft(&format!("p{number}")))
                    .await
                    .expect("creates"),
            ),
            (1, Some(id)) => history.edit(id, &format!("Title {number}")).await,
            (2, Some(id)) => drop(people::suspend(service, &cx, id, "A reason.").await),
            (3, Some(id)) => drop(people::resume(service, &cx, id, "A reason.").await),
            (4, Some(id)) => drop(
                people::end(
                    service,
                    &cx,
                    id,
                    &people::End {
                        reason: "Left.".to_owned(),
                        last_day: None,
                    },
                )
                .await,
            ),
            (5, _) => drop(audit::checkpoint(service).await.expect("signs")),
            _ => history.more().await,
        }
    }
    history
}
