//! The data that is measured on: made through the use cases, the same in every run but for its times.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use domain::context::Entropy as _;
use domain::id::IdentityId;
use domain::identity::IdentityDraft;
use domain::permission::Actor;
use proof::checkpoint::SigningKey;
use service::clock::SystemClock;
use service::welcome::Welcome;
use service::{Cx, Parts, Service, passwords, people, welcome};
use testkit::{PASSWORD, SeededEntropy};

use crate::home::{Engine, Home};

const SEED: u64 = 8_700;
/// The first administrator.
pub(crate) const ADMINISTRATOR: &str = "kim.lee";
/// People without a manager, who are the managers of all others.
const HEADS: usize = 100;

pub(crate) const GIVEN: [&str; 16] = [
    "Ana", "Bruno", "Chiara", "Deniz", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kofi",
    "Lena", "Mara", "Nils", "Olga", "Pavel",
];
const FAMILY: [&str; 16] = [
    "Silva", "Costa", "Romano", "Kaya", "Demir", "Nasser", "Winter", "Martin", "Pereira", "Berg",
    "Mensah", "Vogel", "Novak", "Lund", "Petrova", "Horak",
];
pub(crate) const DEPARTMENTS: [&str; 8] = [
    "Finance",
    "Sales",
    "Support",
    "Engineering",
    "Legal",
    "Logistics",
    "Marketing",
    "People",
];
pub(crate) const TITLES: [&str; 6] = [
    "Analyst",
    "Engineer",
    "Manager",
    "Specialist",
    "Assistant",
    "Lead",
];
pub(crate) const LOCATIONS: [&str; 4] = ["Lisbon", "Berlin", "Milan", "Remote"];

/// A data directory with a service on it, before any server.
#[derive(Debug)]
pub(crate) struct Data {
    home: Home,
    service: Arc<Service>,
    dice: Arc<SeededEntropy>,
}

impl Data {
    /// With the first run done, on SQLite.
    pub(crate) async fn new() -> Result<Self> {
        Self::on(Engine::Sqlite).await
    }

    /// With the first run done.
    pub(crate) async fn on(engine: Engine) -> Result<Self> {
        let home = Home::new(engine).await?;
        let signer = signing_key(&home.path().join("keys"))?;
        let dice = Arc::new(SeededEntropy::new(SEED));
        let service = Service::new(Parts {
            store: home.store().await?,
            clock: Arc::new(SystemClock),
            entropy: dice.clone(),
            signer,
            public_url: "http://localhost".to_owned(),
            hashing_threads: 1,
            post: None,
        });
        let first = Welcome {
            organisation: "Northwind Traders".to_owned(),
            zone: "Europe/Lisbon".to_owned(),
            display_name: "Kim Lee".to_owned(),
            username: ADMINISTRATOR.to_owned(),
            email: "kim.lee@example.com".to_owned(),
            password: PASSWORD.to_owned(),
            again: PASSWORD.to_owned(),
        };
        welcome::create_first(&service, &Cx::of(Actor::Anonymous), &first).await?;
        Ok(Self {
            home,
            service: Arc::new(service),
            dice,
        })
    }

    pub(crate) fn service(&self) -> &Service {
        &self.service
    }

    /// The same, for a job.
    pub(crate) fn shared(&self) -> Arc<Service> {
        Arc::clone(&self.service)
    }

    /// Adds so many people, most of them with a manager.
    pub(crate) async fn add_people(&self, count: usize) -> Result<()> {
        for number in 0..count {
            let draft = self.person(number);
            self.add(&draft).await?;
        }
        Ok(())
    }

    /// Adds somebody.
    pub(crate) async fn add(&self, draft: &IdentityDraft) -> Result<IdentityId> {
        Ok(people::create(&self.service, &operator(), draft).await?)
    }

    /// Adds somebody with [`PASSWORD`].
    pub(crate) async fn add_with_password(&self, username: &str) -> Result<()> {
        let draft = IdentityDraft {
            username: username.to_owned(),
            ..self.person(0)
        };
        let id = self.add(&draft).await?;
        self.password_for(id).await
    }

    /// Gives somebody [`PASSWORD`], as the console would: by a one-time link.
    pub(crate) async fn password_for(&self, id: IdentityId) -> Result<()> {
        let link = people::link(&self.service, &operator(), id).await?;
        let token = link
            .url
            .rsplit('/')
            .next()
            .context("a link ends with its token")?;
        passwords::set_by_link(
            &self.service,
            &Cx::of(Actor::Anonymous),
            token,
            PASSWORD,
            PASSWORD,
        )
        .await?;
        Ok(())
    }

    /// Signs the log and closes the database, which only then is one file.
    pub(crate) async fn close(self) -> Result<Home> {
        service::audit::checkpoint(&self.service).await?;
        self.service.store().close().await;
        Ok(self.home)
    }

    pub(crate) fn person(&self, number: usize) -> IdentityDraft {
        let dice: [u8; 8] = self.dice.bytes();
        let pick =
            |words: &[&str], die: usize| words[usize::from(dice[die]) % words.len()].to_owned();
        let (given, family) = (pick(&GIVEN, 0), pick(&FAMILY, 1));
        let head = usize::from(dice[2]) % HEADS;
        IdentityDraft {
            username: format!("person.{number}"),
            display_name: format!("{given} {family}"),
            email: format!("person.{number}@example.com"),
            department: pick(&DEPARTMENTS, 3),
            title: pick(&TITLES, 4),
            location: pick(&LOCATIONS, 5),
            manager: if number < HEADS {
                String::new()
            } else {
                format!("person.{head}")
            },
            kind: if dice[6] < 230 {
                "employee"
            } else {
                "contractor"
            }
            .to_owned(),
            start_date: format!("20{:02}-{:02}-01", 10 + dice[7] % 15, 1 + dice[7] % 12),
            ..IdentityDraft::default()
        }
    }
}

fn operator() -> Cx {
    Cx::of(Actor::CommandLine)
}

/// The log's key, left where the server looks for it: with another one it would not sign this log on.
fn signing_key(folder: &Path) -> Result<SigningKey> {
    let key = SigningKey::from_seed("bailiwick-bench", &[7; 32])
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    fs::create_dir_all(folder)?;
    fs::write(folder.join("audit.key"), key.encode_private().as_str())?;
    fs::write(folder.join("audit.pub"), key.verifying_key().to_string())?;
    Ok(key)
}
