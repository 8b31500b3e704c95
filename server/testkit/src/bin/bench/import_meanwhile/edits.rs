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

use crate::http::{Connection, Request, field};
use crate::load::Latencies;
use crate::server::sign_in;

/// Edits a second, each by an editor of its own.
const EDITORS: u32 = 10;
/// After so long a page has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody who is edited.
#[derive(Debug, Clone)]
pub(super) struct Somebody {
    pub(super) id: IdentityId,
    pub(super) draft: IdentityDraft,
}

/// What the others felt.
#[derive(Debug, Default)]
pub(super) struct Felt {
    /// The form fetched and saved.
    pub(super) edits: Latencies,
    /// Saved.
    pub(super) saves: Latencies,
    pub(super) sign_ins: Latencies,
    /// What failed.
    pub(super) failed: Vec<String>,
}

/// What there is to do.
#[derive(Debug, Clone)]
pub(super) struct Work {
    pub(super) address: SocketAddr,
    /// Of whoever edits.
    pub(super) cookie: String,
    pub(super) edited: Vec<Somebody>,
    /// Who signs in, in turn.
    pub(super) names: Vec<String>,
}

impl Work {
    /// Does it until something else is done.
    pub(super) async fn during<T>(
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
