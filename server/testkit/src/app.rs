//! The use cases on a test database, with everything from outside held still.

use std::sync::Arc;

use domain::id::IdentityId;
use domain::identity::IdentityDraft;
use domain::permission::{Actor, ConsoleRight, Rights};
use domain::text;
use domain::time::SECOND;
use proof::checkpoint::SigningKey;
use service::notifications::Post;
use service::welcome::Welcome;
use service::{Cx, Parts, Service, audit, people, rights, welcome};

use crate::{Engine, FakeClock, TestStore};

/// The password of everyone who has one.
pub const PASSWORD: &str = "walnut-harbour-lantern-42";
/// Where links lead.
const PUBLIC_URL: &str = "https://bailiwick.example.com";
const SEED: [u8; 32] = [7; 32];

/// Runs a test of the use cases on SQLite and then on PostgreSQL, and verifies the log each time.
pub async fn both_apps(test: impl AsyncFn(&TestApp)) {
    for engine in Engine::ALL {
        let app = TestApp::new(*engine).await;
        test(&app).await;
        app.finish().await;
    }
}

/// A service on a database of its own, with a clock that stands and the same randomness in every run.
#[derive(Debug)]
pub struct TestApp {
    db: TestStore,
    service: Arc<Service>,
    key: SigningKey,
}

impl TestApp {
    /// A service before its first run.
    ///
    /// # Panics
    /// When there is no database to be had: a test is never skipped.
    pub async fn new(engine: Engine) -> Self {
        Self::with(engine, None).await
    }

    /// A service before its first run that sends mail in this way.
    ///
    /// # Panics
    /// As [`TestApp::new`].
    pub async fn posting(engine: Engine, post: Arc<dyn Post>) -> Self {
        Self::with(engine, Some(post)).await
    }

    async fn with(engine: Engine, post: Option<Arc<dyn Post>>) -> Self {
        let db = TestStore::new(engine).await;
        let key =
            SigningKey::from_seed("bailiwick.example.com", &SEED).expect("a valid name of a key");
        let service = Service::new(Parts {
            store: db.store().clone(),
            clock: db.clock(),
            entropy: db.entropy(),
            signer: key.clone(),
            public_url: PUBLIC_URL.to_owned(),
            hashing_threads: 1,
            post,
        });
        Self {
            db,
            service: Arc::new(service),
            key,
        }
    }

    /// The use cases.
    pub const fn service(&self) -> &Arc<Service> {
        &self.service
    }

    /// The database below them, for looking at what they left.
    pub const fn db(&self) -> &TestStore {
        &self.db
    }

    /// The clock.
    pub fn clock(&self) -> Arc<FakeClock> {
        self.db.clock()
    }

    /// Does the first run: the organisation Example in Lisbon, and Kim Lee (`kim.lee`) with [`PASSWORD`], who
    /// administers it and is who acts in the answer. Then a second passes, so that this lies in the past.
    ///
    /// # Panics
    /// When the first run is refused.
    pub async fn welcome(&self) -> Cx {
        let first = Welcome {
            organisation: "Example".to_owned(),
            zone: "Europe/Lisbon".to_owned(),
            display_name: "Kim Lee".to_owned(),
            username: "kim.lee".to_owned(),
            email: "kim.lee@example.com".to_owned(),
            password: PASSWORD.to_owned(),
            again: PASSWORD.to_owned(),
        };
        let nobody = Cx::of(Actor::Anonymous);
        let id = welcome::create_first(&self.service, &nobody, &first)
            .await
            .expect("the first run");
        self.clock().advance(SECOND);
        acting(id, &[ConsoleRight::Administer])
    }

    /// Adds a person, named as in [`a_person`](crate::a_person), with these console rights. It is who acts in the
    /// answer. Rights need the first run. Then a second passes, so that the rights are in force.
    ///
    /// # Panics
    /// When the person or a right is refused.
    pub async fn someone(&self, name: &str, with: &[ConsoleRight]) -> Cx {
        let operator = Cx::of(Actor::CommandLine);
        let draft = IdentityDraft {
            username: text::fold(name).replace(' ', "."),
            display_name: name.to_owned(),
            kind: "employee".to_owned(),
            ..IdentityDraft::default()
        };
        let id = people::create(&self.service, &operator, &draft)
            .await
            .expect("a new person");
        for right in with {
            rights::grant(&self.service, &operator, id, *right, "For a test")
                .await
                .expect("a right");
        }
        self.clock().advance(SECOND);
        acting(id, with)
    }

    /// The first thing in the database that is not as the log says.
    ///
    /// # Panics
    /// When the log cannot be read.
    pub async fn finding(&self) -> Option<String> {
        let keys = [self.key.verifying_key().clone()];
        let report = audit::verify(self.db.store(), &keys, None)
            .await
            .expect("the log can be read");
        report.finding.map(|finding| finding.what)
    }

    /// Ends the test: everything in the database must be as the log says.
    ///
    /// # Panics
    /// When the log does not verify; the message is the first thing that does not hold.
    pub async fn finish(self) {
        let finding = self.finding().await;
        assert_eq!(finding, None, "the log does not verify");
    }
}

fn acting(id: IdentityId, with: &[ConsoleRight]) -> Cx {
    Cx::of(Actor::Person {
        id,
        rights: with.iter().copied().collect::<Rights>(),
    })
}
