//! People: identities.csv.
//!
//! First every row is read and its fate decided; then whoever is missing ends, whoever gives a username up is renamed,
//! and the rows are written, a manager always before the reports.

mod book;
mod end;
mod foresee;
mod managers;
mod plan;
mod put;
mod row;
mod write;

use domain::id::IdentityId;
use domain::source::FileKind;

use book::Book;
use plan::{Fate, Line, Plan, Upper};

use super::names::{Name, Numbers, key};
use super::{Engine, Result};
use crate::imports::file::Row;

const KIND: FileKind = FileKind::Identities;

/// Whoever holds a right in the console: only administrators change them.
#[derive(Debug, Default)]
struct Privileged(Numbers);

impl Privileged {
    fn has(&self, id: IdentityId) -> bool {
        self.0.has(id.raw())
    }
}

impl Engine<'_> {
    /// Compares people, and writes what differs.
    pub(super) async fn people(&mut self) -> Result<()> {
        if !self.files.contains_key(&KIND) {
            return Ok(());
        }
        let mut tx = self.service.store.read().await?;
        let book = Book::load(&mut tx, self.source.id).await?;
        let mut privileged = Privileged::default();
        for id in tx.privileged_identities().await? {
            privileged.0.insert(id.raw());
        }
        drop(tx);
        let mut plan = self.plan_people(&book).await?;
        let missing = self.missing_people(&plan, &privileged).await?;
        let mut leaving = Numbers::default();
        for id in &missing {
            leaving.insert(id.raw());
        }
        let first = plan.settle_usernames(&leaving);
        plan.find_managers(&book);
        self.foresee_rules(&plan, &book, &privileged).await?;
        // What is decided up to here wins: nothing was written yet.
        self.pause(KIND, 0).await?;
        self.end_people(&missing, &privileged).await?;
        self.write_people(&mut plan, &book, &privileged, Some(&first))
            .await?;
        self.write_people(&mut plan, &book, &privileged, None)
            .await?;
        self.foresee_reports().await?;
        let mut named = 0;
        let mut called = None;
        for line in &plan.lines {
            named += u64::from(line.fate.counts());
            match (line.fate, line.identity) {
                (Fate::Waiting, _) => {
                    self.people.wait(line.username);
                    let called = called.get_or_insert_with(|| book.called());
                    let known = called.get(&line.username);
                    if let Some(id) = known.or_else(|| book.holders.get(&line.username)) {
                        self.waiting.insert(line.username, *id);
                    }
                }
                (_, 0) => {}
                (_, id) => self.people.learn(line.username, Some(id)),
            }
        }
        self.named.insert(KIND, named);
        Ok(())
    }

    async fn plan_people(&mut self, book: &Book) -> Result<Plan> {
        let mut plan = Plan::default();
        let today = self.today();
        let Some(mut reader) = self.reader(KIND) else {
            return Ok(plan);
        };
        while let Some(row) = reader.next().await? {
            if self.broken(KIND, row) {
                self.protect_person(row, book, &mut plan);
                continue;
            }
            let number = row.line();
            let line = Line {
                number: u32::try_from(number).unwrap_or(u32::MAX),
                external: Name::of(&row::external(&row)),
                username: Name::of(&key(row.cell("username"))),
                manager: match row.cell("manager") {
                    "" => Name::NONE,
                    manager => Name::of(&key(manager)),
                },
                upper: Upper::None,
                fate: Fate::Rejected,
                identity: book
                    .links
                    .get(&Name::of(&row::external(&row)))
                    .map_or(0, |link| link.identity),
            };
            plan.seen.insert(line.identity);
            let read = row::read(&row, today);
            match (plan.add(line), read) {
                (Err(doubled), _) => self.tally.reject(
                    KIND,
                    number,
                    doubled.column,
                    format!(
                        "Line {} names this {} already. Keep one of the lines.",
                        doubled.first, doubled.column
                    ),
                ),
                (Ok(_), Err(wrong)) => self.reject(KIND, number, wrong),
                (Ok(place), Ok(said)) => {
                    let mail = if said.content.email.is_empty() {
                        Name::NONE
                    } else {
                        Name::of(&key(&said.content.email))
                    };
                    plan.decide(place, book, mail);
                }
            }
            if reader.rows().is_multiple_of(10_000) {
                self.pause(KIND, reader.position()).await?;
            }
        }
        self.read_to_end(KIND, &reader);
        Ok(plan)
    }

    /// What a line names that cannot be read is not missing; when even that is not certain, nobody is: the line may be
    /// shifted, and what it seems to name somebody else.
    fn protect_person(&mut self, row: Row<'_>, book: &Book, plan: &mut Plan) {
        let linked = book.links.get(&Name::of(&row::external(&row)));
        let known = linked.map(|link| link.identity).or_else(|| {
            let holder = book.holders.get(&Name::of(&key(row.cell("username"))));
            holder
                .filter(|_| row.cell("external_id").is_empty())
                .copied()
        });
        plan.seen.insert(known.unwrap_or_default());
        let certain = row.certain("external_id").is_some()
            || row.stands("external_id") && row.certain("username").is_some();
        if !certain {
            self.uncertain.insert(KIND);
        }
    }

    /// People of this source whom the file no longer names.
    async fn missing_people(
        &mut self,
        plan: &Plan,
        privileged: &Privileged,
    ) -> Result<Vec<IdentityId>> {
        let (live, mut missing) = self.missing(KIND, &plan.seen).await?;
        if !self.may_touch_privileged {
            for id in missing.extract_if(.., |id| privileged.0.has(*id)) {
                let id = IdentityId::from_raw(id);
                self.tally.problem(KIND, 0, "", format!("{id} is no longer in the file and holds rights in this console. Only an administrator can end them."));
            }
        }
        self.shrinks(KIND, live, missing.len() as u64);
        Ok(missing.into_iter().map(IdentityId::from_raw).collect())
    }
}
