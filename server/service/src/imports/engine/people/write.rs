//! Writing people: batch by batch, a manager always before the reports.

use std::collections::HashMap;

use domain::id::IdentityId;
use domain::identity::{Identity, IdentityContent, IdentityStatus};
use domain::source::{IdentityLink, LinkState};

use super::book::Book;
use super::plan::{Fate, Line, Plan, Upper};
use super::row::{self, Said};
use super::{KIND, Privileged};
use crate::Error;
use crate::imports::engine::names::{Meaning, Name, key};
use crate::imports::engine::{BATCH, Engine, Result, nobody};
use crate::imports::progress::Halt;

/// How often a batch is compared again when somebody else writes in between.
const ATTEMPTS: usize = 5;

/// A row that is compared and written now.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// Its place in the plan.
    pub(super) row: usize,
    pub(super) said: Said,
    pub(super) manager: Option<i64>,
    /// It is written ahead of its turn, because others wait for its username.
    pub(super) early: bool,
}

/// What a batch leads to.
#[derive(Debug, Default)]
pub(super) struct Writes {
    pub(super) new: Vec<(usize, IdentityContent)>,
    pub(super) changed: Vec<(usize, Identity, IdentityContent)>,
    pub(super) linked: Vec<(usize, IdentityId)>,
    pub(super) links: Vec<IdentityLink>,
}

/// The manager of a row is a row that is still to be written.
struct NotYet;

impl Engine<'_> {
    /// Writes all rows, or first those whose usernames others wait for.
    pub(super) async fn write_people(
        &mut self,
        plan: &mut Plan,
        book: &Book,
        privileged: &Privileged,
        first: Option<&[u32]>,
    ) -> Result<()> {
        if first.is_some_and(|rows| self.dry || rows.is_empty()) {
            return Ok(());
        }
        let mut written = vec![false; plan.lines.len()];
        loop {
            let mut left = 0;
            let mut wrote = false;
            let mut batch: Vec<Item> = Vec::new();
            let Some(mut reader) = self.reader(KIND) else {
                return Ok(());
            };
            let mut row_number = 0;
            let today = self.today();
            while let Some(line) = reader.next().await? {
                if line.fault().is_some() || doubled(plan, row_number, line.line()) {
                    continue;
                }
                let row = row_number;
                row_number += 1;
                if written[row]
                    || first.is_some_and(|rows| rows.iter().all(|early| *early as usize != row))
                {
                    continue;
                }
                let Ok(said) = row::read(&line, today) else {
                    written[row] = true;
                    continue;
                };
                let Ok(manager) = self.manager_of(plan, row, &said, first.is_some()) else {
                    left += 1;
                    continue;
                };
                written[row] = true;
                wrote = true;
                batch.push(Item {
                    row,
                    said,
                    manager,
                    early: first.is_some(),
                });
                // Whoever writes ahead of others writes all at once: usernames go round.
                if batch.len() == BATCH && first.is_none() {
                    self.settle(plan, book, privileged, std::mem::take(&mut batch))
                        .await?;
                    self.pause(KIND, 0).await?;
                }
            }
            self.settle(plan, book, privileged, batch).await?;
            if left == 0 || !wrote {
                return Ok(());
            }
        }
    }

    /// The manager of a row. What is wrong is reported.
    fn manager_of(
        &mut self,
        plan: &Plan,
        row: usize,
        said: &Said,
        early: bool,
    ) -> std::result::Result<Option<i64>, NotYet> {
        let line = plan.lines[row];
        let problem = match line.upper {
            _ if !line.fate.governs() => return Ok(None),
            Upper::None => return Ok(None),
            Upper::Person(id) => return Ok(Some(id)),
            Upper::Row(other) => {
                let other = plan.lines[other as usize];
                match (other.identity, other.fate) {
                    (0, Fate::Waiting) => nobody(
                        Meaning::Waiting,
                        &said.manager,
                        "The manager is left empty.",
                    ),
                    (0, Fate::Rejected | Fate::Taken) => nobody(
                        Meaning::Nothing,
                        &said.manager,
                        "The manager is left empty.",
                    ),
                    (0, _) if early => return Ok(None),
                    (0, _) => return Err(NotYet),
                    (id, _) => return Ok(Some(id)),
                }
            }
            Upper::Unknown => nobody(
                Meaning::Nothing,
                &said.manager,
                "The manager is left empty.",
            ),
            Upper::Cycle => format!(
                "The line of managers over “{}” comes back to this person. Correct one of them; the manager is left empty.",
                said.manager
            ),
            Upper::TooLong => {
                "The line of managers is longer than 64. Check it; the manager is left empty."
                    .to_owned()
            }
        };
        if !early {
            self.tally
                .problem(KIND, u64::from(line.number), "manager", problem);
        }
        Ok(None)
    }

    /// Compares a batch and writes it; again when somebody else was faster.
    async fn settle(
        &mut self,
        plan: &mut Plan,
        book: &Book,
        privileged: &Privileged,
        mut batch: Vec<Item>,
    ) -> Result<()> {
        for _ in 0..ATTEMPTS {
            self.turn_away(plan, &mut batch).await?;
            if batch.is_empty() {
                return Ok(());
            }
            let writes = self.compare(plan, book, privileged, &batch).await?;
            let done = if self.dry {
                self.foresee(plan, privileged, &batch, writes).await
            } else {
                self.write(plan, (book, privileged), &batch, writes).await
            };
            match done {
                Err(Halt::Failed(Error::Conflict | Error::Storage(storage::Error::Duplicate))) => {}
                done => return done,
            }
        }
        Err(Halt::Failed(Error::Busy))
    }

    /// Takes out rows that wait for a decision, or whose username belongs to somebody else.
    async fn turn_away(&mut self, plan: &mut Plan, batch: &mut Vec<Item>) -> Result<()> {
        let fresh: Vec<String> = batch
            .iter()
            .filter(|item| plan.lines[item.row].fate == Fate::New)
            .map(|item| key(&item.said.content.username))
            .collect();
        if !fresh.is_empty() && !self.dry {
            let holders = self
                .service
                .store
                .read()
                .await?
                .identities_by_keys(&fresh)
                .await?;
            let taken: HashMap<Name, i64> = holders
                .into_iter()
                .map(|(key, id)| (Name::of(&key), id.raw()))
                .collect();
            for item in batch.iter() {
                let line = &mut plan.lines[item.row];
                if line.fate == Fate::New && taken.contains_key(&line.username) {
                    line.fate = Fate::Taken;
                }
            }
        }
        let mut waiting = Vec::new();
        batch.retain(|item| {
            let line = plan.lines[item.row];
            let (number, username) = (u64::from(line.number), &item.said.content.username);
            match line.fate {
                Fate::Taken => self.tally.reject(KIND, number, "username", format!("Somebody else uses the username “{username}”. Correct it here or there; in mode snapshot a person who left gives it up.")),
                Fate::Waiting => {
                    self.tally.reject(KIND, number, "", format!("Several people could be “{username}”. Decide in the queue of the source who is meant; the next import brings the rest."));
                    waiting.push(self.link(line, item, None, LinkState::Waiting));
                }
                Fate::Rejected => {}
                _ => return true,
            }
            false
        });
        if !waiting.is_empty() && !self.dry {
            let mut tx = self.begin().await?;
            tx.put_waiting_links(&waiting).await?;
            self.keep(&mut tx).await?;
            tx.commit_unaudited("keys of a source that wait for somebody to decide whom they mean")
                .await?;
        }
        Ok(())
    }

    async fn compare(
        &mut self,
        plan: &mut Plan,
        book: &Book,
        privileged: &Privileged,
        batch: &[Item],
    ) -> Result<Writes> {
        let ids: Vec<IdentityId> = batch
            .iter()
            .map(|item| plan.lines[item.row].identity)
            .filter(|id| *id > 0)
            .map(IdentityId::from_raw)
            .collect();
        let known = if ids.is_empty() {
            Vec::new()
        } else {
            self.service
                .store
                .read()
                .await?
                .identities_with(&ids)
                .await?
        };
        let mut known: HashMap<i64, Identity> = known
            .into_iter()
            .map(|person| (person.id.raw(), person))
            .collect();
        let mut writes = Writes::default();
        for item in batch {
            let line = plan.lines[item.row];
            let known_as = book.links.get(&line.external);
            let last = known_as.and_then(|link| link.stated);
            let mut content = item.said.content.clone();
            content.manager = item.manager.map(IdentityId::from_raw);
            let before = known.remove(&line.identity);
            content.status = row::status(
                content.status,
                last,
                before.as_ref().map(|person| person.content.status),
            );
            // Whom another source governs ends by what that one says, and not by this.
            let status = match &before {
                Some(before) if !line.fate.governs() => before.content.status,
                _ => content.status,
            };
            if status == IdentityStatus::Ended {
                self.ended.insert(line.identity);
            }
            let said_word = item.said.content.status.word();
            let link_stays = known_as.is_some_and(|link| {
                link.identity == line.identity
                    && link.username == line.username
                    && link.state == LinkState::Linked
                    && (link.stated == Some(said_word) || !line.fate.governs())
            });
            let id = IdentityId::from_raw(line.identity);
            match (line.fate, before) {
                (Fate::New, _) => writes.new.push((item.row, content)),
                (Fate::Governed | Fate::Adopted { authority: true }, Some(mut before)) => {
                    if item.early {
                        content.manager = before.content.manager;
                    }
                    let same = content == before.content;
                    if !same && privileged.0.has(line.identity) && !self.may_touch_privileged {
                        plan.lines[item.row].fate = Fate::Rejected;
                        self.tally.reject(KIND, u64::from(line.number), "", format!("{} holds rights in this console. Only an administrator can import changes of this person.", before.content.display_name));
                        continue;
                    }
                    if !same {
                        before.id = id;
                        writes.changed.push((item.row, before, content));
                    } else if line.fate != Fate::Governed && !link_stays {
                        writes.linked.push((item.row, id));
                    }
                }
                (Fate::Adopted { .. }, _) if !link_stays => writes.linked.push((item.row, id)),
                _ => {}
            }
            if line.fate != Fate::New && !link_stays && !item.early {
                writes
                    .links
                    .push(self.link(line, item, Some(id), LinkState::Linked));
            }
        }
        Ok(writes)
    }

    pub(super) fn link(
        &self,
        line: Line,
        item: &Item,
        identity: Option<IdentityId>,
        state: LinkState,
    ) -> IdentityLink {
        let content = &item.said.content;
        let seen = serde_json::json!({ "username": content.username, "display_name": content.display_name, "email": content.email });
        IdentityLink {
            source: self.source.id,
            external_key: content.external_id.clone(),
            username_key: key(&content.username),
            identity,
            authority: line.fate.governs(),
            state,
            stated: (state == LinkState::Linked).then(|| content.status.word().to_owned()),
            seen: (state == LinkState::Waiting).then_some(seen),
        }
    }
}

/// Whether a row of the file is one that doubles an earlier one: the plan has no line for it.
fn doubled(plan: &Plan, row: usize, line: u64) -> bool {
    plan.lines
        .get(row)
        .is_none_or(|known| u64::from(known.number) != line)
}
