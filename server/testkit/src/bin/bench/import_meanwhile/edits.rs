//! What others do meanwhile: edits through the form and sign-ins, at a rate that does not wait for the server.
//!
//! A page that fails is counted and said, and the next one goes on; the time of an edit begins when it was due.

use std::cell::RefCell;
use std::future::Future;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use domain::id::IdentityId;
use domain::identity::IdentityDraft;
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep_until, timeout};

use crate::data::{ADMINISTRATOR, Data};
use crate::http::{Connection, Request, field};
use crate::load::Latencies;
use crate::server::{Server, sign_in};

/// Edits a second, each by an editor of its own.
const EDITORS: u32 = 10;
/// People who are edited, one after the other.
const EDITED: usize = 50;
/// People who sign in.
const SIGN_IN: usize = 5;
/// After so long a page has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody who is edited.
#[derive(Debug, Clone)]
struct Somebody {
    id: IdentityId,
    draft: IdentityDraft,
}

/// People who work while something is measured.
#[derive(Debug)]
pub(crate) struct Others {
    edited: Vec<Somebody>,
    names: Vec<String>,
}

impl Others {
    /// Adds them.
    pub(crate) async fn add(data: &Data) -> Result<Self> {
        let mut edited = Vec::new();
        for number in 0..EDITED {
            let draft = draft(number);
            edited.push(Somebody {
                id: data.add(&draft).await?,
                draft,
            });
        }
        let names: Vec<String> = (0..SIGN_IN)
            .map(|number| format!("visitor.{number}"))
            .collect();
        for name in &names {
            data.add_with_password(name).await?;
        }
        Ok(Self { edited, names })
    }
}

/// Somebody whom no file knows.
fn draft(number: usize) -> IdentityDraft {
    IdentityDraft {
        username: format!("edited.{number}"),
        display_name: format!("Edited {number}"),
        email: format!("edited.{number}@example.org"),
        kind: "employee".to_owned(),
        status: "active".to_owned(),
        title: "Clerk".to_owned(),
        ..IdentityDraft::default()
    }
}

/// What the others felt.
#[derive(Debug, Default)]
pub(crate) struct Felt {
    /// The form fetched and saved.
    pub(crate) edits: Latencies,
    /// Saved.
    pub(crate) saves: Latencies,
    pub(crate) sign_ins: Latencies,
    /// What failed.
    pub(crate) failed: Vec<String>,
}

/// What there is to do.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    address: SocketAddr,
    /// Of whoever edits.
    cookie: String,
    edited: Vec<Somebody>,
    /// Who signs in, in turn.
    names: Vec<String>,
}

impl Work {
    /// Those who were added to the data work on a server, the administrator edits.
    pub(crate) async fn on(server: &Server, others: Others) -> Result<Self> {
        Ok(Self {
            address: server.address(),
            cookie: server.sign_in(ADMINISTRATOR).await?,
            edited: others.edited,
            names: others.names,
        })
    }

    /// Does it until something else is done.
    pub(crate) async fn during<T>(
        &self,
        other: impl Future<Output = Result<T>>,
    ) -> Result<(T, Felt)> {
        let felt = Rc::new(RefCell::new(Felt::default()));
        let begun = Instant::now();
        let all = LocalSet::new();
        for editor in 0..EDITORS {
            let (work, felt) = (self.clone(), Rc::clone(&felt));
            all.spawn_local(async move { work.edit(editor, begun, &felt).await });
        }
        let (work, noted) = (self.clone(), Rc::clone(&felt));
        all.spawn_local(async move { work.sign_in(begun, &noted).await });
        // Those who work never end by themselves: they are dropped with the set.
        let done = all.run_until(other).await?;
        drop(all);
        let felt = felt.take();
        for failure in &felt.failed {
            eprintln!("  failed: {failure}");
        }
        Ok((done, felt))
    }

    /// One edit each second, of one person after the other.
    async fn edit(self, editor: u32, begun: Instant, felt: &RefCell<Felt>) {
        let mut connection = None;
        for turn in 0_u32.. {
            let due = begun + Duration::from_millis(100) * editor + Duration::from_secs(1) * turn;
            sleep_until(due).await;
            let place = (turn * EDITORS + editor) as usize % self.edited.len();
            let taken = timeout(
                PATIENCE,
                self.edit_once(&mut connection, &self.edited[place], turn),
            )
            .await;
            let mut felt = felt.borrow_mut();
            match taken.context("no answer").and_then(|taken| taken) {
                Ok(saved) => {
                    felt.edits.push(due.elapsed());
                    felt.saves.push(saved);
                }
                Err(error) => {
                    felt.failed.push(format!("an edit: {error:#}"));
                    connection = None;
                }
            }
        }
    }

    async fn edit_once(
        &self,
        connection: &mut Option<Connection>,
        somebody: &Somebody,
        turn: u32,
    ) -> Result<Duration> {
        let connection = match connection {
            Some(connection) => connection,
            None => connection.insert(Connection::open(self.address).await?),
        };
        let path = format!("/people/{}/edit", somebody.id);
        let form = Request::get(&path, &[("cookie", &self.cookie)]);
        let page = connection.send(&form).await?.text();
        let read = |name| field(&page, name).with_context(|| format!("the form has no {name}"));
        let draft = &somebody.draft;
        let fields = format!(
            "idem={}&version={}&username={}&display_name={}&email={}&kind={}&status={}&title=Clerk+{turn}\
             &department=&location=&manager=&start_date=&end_date=",
            read("idem")?,
            read("version")?,
            draft.username,
            draft.display_name.replace(' ', "+"),
            draft.email,
            draft.kind,
            draft.status,
        );
        let begun = Instant::now();
        connection
            .send(&Request::form_of(&path, &self.cookie, &fields))
            .await?;
        Ok(begun.elapsed())
    }

    /// One sign-in each second.
    async fn sign_in(self, begun: Instant, felt: &RefCell<Felt>) {
        for (turn, name) in (0_u32..).zip(self.names.iter().cycle()) {
            let due = begun + Duration::from_secs(1) * turn;
            sleep_until(due).await;
            let entered = async {
                Connection::open(self.address)
                    .await?
                    .send(&sign_in(name))
                    .await
            };
            let entered = timeout(PATIENCE, entered).await;
            let mut felt = felt.borrow_mut();
            match entered.context("no answer").and_then(|answer| answer) {
                Ok(_) => felt.sign_ins.push(due.elapsed()),
                Err(error) => felt.failed.push(format!("a sign-in: {error:#}")),
            }
        }
    }
}
