//! Decisions of the past: decisions.csv.
//!
//! What somebody decided about an access at a moment is one decision; a file that says it was the other way round
//! replaces it.

use std::collections::{BTreeMap, VecDeque};

use domain::decision::{PastDecision, Verdict};
use domain::id::{EntitlementId, IdentityId};
use domain::source::{FileKind, RowChange, RowRecord, RowSubject};
use domain::time::Instant;

use super::cells::{Wrong, beginning, word};
use super::names::Meaning;
use super::tally::differs;
use super::{BATCH, Engine, Result, SCAN, nobody};
use crate::imports::file::Row;

const KIND: FileKind = FileKind::Decisions;

/// What one decision is about: whose access to what, and when.
type Place = (IdentityId, EntitlementId, Option<Instant>);

struct Item {
    line: u64,
    username: String,
    application: String,
    entitlement: String,
    verdict: Verdict,
    at: Option<Instant>,
    by: String,
    /// The row has a fault: what it names stays as it is.
    stays: bool,
}

/// A row by numbers.
#[derive(Debug, Clone, Copy)]
struct Ruling {
    line: u64,
    verdict: Verdict,
    by: Option<IdentityId>,
    stays: bool,
}

#[derive(Debug, Default)]
struct Chunk {
    added: Vec<PastDecision>,
    ended: Vec<PastDecision>,
    records: Vec<RowRecord>,
}

impl Engine<'_> {
    /// Compares decisions, and writes what differs.
    pub(super) async fn decisions(&mut self) -> Result<()> {
        let Some(mut reader) = self.reader(KIND) else {
            return Ok(());
        };
        let mut rulings = BTreeMap::new();
        let mut batch = Vec::new();
        while let Some(row) = reader.next().await? {
            match self.read_decision(&row) {
                Ok(item) => batch.push(item),
                Err(wrong) => {
                    self.reject(KIND, row.line(), wrong);
                    let names = ["username", "application", "entitlement", "decision"];
                    if row.fault().is_some()
                        && names.iter().any(|column| row.certain(column).is_none())
                    {
                        self.uncertain.insert(KIND);
                    }
                    batch.push(staying(&row));
                }
            }
            if batch.len() == BATCH {
                self.resolve_decisions(std::mem::take(&mut batch), &mut rulings)
                    .await?;
                self.pause(KIND, reader.position()).await?;
            }
        }
        self.resolve_decisions(batch, &mut rulings).await?;
        self.read_to_end(KIND, &reader);
        self.named.insert(
            KIND,
            rulings.values().filter(|ruling| !ruling.stays).count() as u64,
        );
        self.merge_decisions(rulings).await
    }

    fn read_decision(&self, row: &Row<'_>) -> std::result::Result<Item, Wrong> {
        if let Some(fault) = row.fault() {
            return Err(vec![fault]);
        }
        let mut wrong = Wrong::new();
        if row.cell("decision").is_empty() {
            wrong.push((
                "decision".to_owned(),
                "The decision is missing. Enter approved or denied.".to_owned(),
            ));
        }
        let verdict = word(
            "decision",
            row.cell("decision"),
            Verdict::Denied,
            Verdict::from_word,
            "approved or denied",
            &mut wrong,
        );
        let at = beginning("decided_at", row.cell("decided_at"), &self.zone, &mut wrong);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Item {
            verdict,
            at,
            stays: false,
            ..staying(row)
        })
    }

    async fn resolve_decisions(
        &mut self,
        items: Vec<Item>,
        rulings: &mut BTreeMap<Place, Ruling>,
    ) -> Result<()> {
        self.learn_people(
            items
                .iter()
                .flat_map(|item| [item.username.as_str(), item.by.as_str()]),
        )
        .await?;
        self.learn_entitlements().await?;
        for mut item in items {
            let identity = match self.person(&item.username) {
                Meaning::Object(id) => id,
                meaning => {
                    if !item.stays {
                        let why = nobody(meaning, &item.username, "The line is left out.");
                        self.tally.reject(KIND, item.line, "username", why);
                    }
                    let had = self.had(&item.username);
                    let Some(id) = had.filter(|_| meaning == Meaning::Waiting) else {
                        continue;
                    };
                    item.stays = true;
                    id
                }
            };
            let entitlement = match self.entitlement(&item.application, &item.entitlement) {
                Ok(id) => id,
                Err((column, why)) => {
                    if !item.stays {
                        self.tally.reject(KIND, item.line, column, why);
                    }
                    continue;
                }
            };
            let place = (
                IdentityId::from_raw(identity),
                EntitlementId::from_raw(entitlement),
                item.at,
            );
            let by = match self.person(&item.by) {
                Meaning::Object(id) => Some(id),
                Meaning::Waiting => self.had(&item.by),
                _ => None,
            };
            let by = by.map(IdentityId::from_raw);
            if let Some(first) = rulings
                .get(&place)
                .filter(|first| !first.stays && !item.stays)
            {
                let first = first.line;
                self.tally.reject(KIND, item.line, "", format!("Line {first} names this decision already. Keep one of the lines, or tell their times."));
                continue;
            }
            rulings.entry(place).or_insert(Ruling {
                line: item.line,
                verdict: item.verdict,
                by,
                stays: item.stays,
            });
        }
        Ok(())
    }

    async fn merge_decisions(&mut self, rulings: BTreeMap<Place, Ruling>) -> Result<()> {
        let ends = self.ends_what_is_missing(KIND);
        let (mut live, mut ended) = (0, 0);
        let mut chunk = Chunk::default();
        let mut recorded: VecDeque<PastDecision> = VecDeque::new();
        let (mut after, mut over) = (None, false);
        let mut rulings = rulings.into_iter().peekable();
        loop {
            if recorded.is_empty() && !over {
                let mut page = self
                    .service
                    .store
                    .read()
                    .await?
                    .decisions_after(self.source.id, after, SCAN)
                    .await?;
                page.sort_unstable_by_key(|one| (one.identity, one.entitlement, one.decided_at));
                over = page.is_empty();
                after = page
                    .last()
                    .map(|last| (last.identity, last.entitlement))
                    .or(after);
                recorded = page.into();
            }
            let order = match (rulings.peek(), recorded.front()) {
                (None, None) => break,
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some((place, _)), Some(known)) => {
                    place.cmp(&(known.identity, known.entitlement, known.decided_at))
                }
            };
            let known = if order.is_ge() {
                recorded.pop_front()
            } else {
                None
            };
            let ruling = if order.is_le() { rulings.next() } else { None };
            live += u64::from(known.is_some());
            match (ruling, known) {
                (Some((_, ruling)), _) if ruling.stays => {}
                (Some((place, ruling)), known) => {
                    let decision = self.decision(place, ruling);
                    let change = match known {
                        None => RowChange::Added,
                        Some(known) if known == decision => continue,
                        Some(_) => RowChange::Changed,
                    };
                    chunk.ended.extend(known);
                    chunk.added.push(decision);
                    self.note_decision(change, ruling.line, &decision, known, &mut chunk);
                }
                (None, Some(known)) if ends => {
                    ended += 1;
                    chunk.ended.push(known);
                    self.note_decision(RowChange::Ended, 0, &known, Some(known), &mut chunk);
                }
                _ => {}
            }
            if chunk.records.len() == BATCH {
                self.write_decisions(&mut chunk).await?;
            }
        }
        self.write_decisions(&mut chunk).await?;
        self.shrinks(KIND, live, ended);
        Ok(())
    }

    fn decision(&self, (identity, entitlement, decided_at): Place, ruling: Ruling) -> PastDecision {
        PastDecision {
            identity,
            entitlement,
            source: self.source.id,
            verdict: ruling.verdict,
            decided_at,
            decided_by: ruling.by,
        }
    }

    fn note_decision(
        &mut self,
        change: RowChange,
        line: u64,
        decision: &PastDecision,
        before: Option<PastDecision>,
        chunk: &mut Chunk,
    ) {
        chunk.records.push(RowRecord {
            change,
            file: KIND,
            line: (line > 0).then_some(line),
            about: RowSubject::Access {
                identity: decision.identity,
                entitlement: decision.entitlement,
                account: None,
                source: self.source.id,
            },
        });
        if !self.dry {
            return;
        }
        self.tally.count(KIND, change);
        if self.tally.wants(KIND, change) {
            let was = before.map_or("", |before| before.verdict.word());
            let is = if change == RowChange::Ended {
                ""
            } else {
                decision.verdict.word()
            };
            let name = if line > 0 {
                format!("Line {line}")
            } else {
                "A decision that is no longer in the file".to_owned()
            };
            self.tally.show(
                KIND,
                line,
                change,
                &name,
                differs("decision", was, is).into_iter().collect(),
            );
        }
    }

    async fn write_decisions(&mut self, chunk: &mut Chunk) -> Result<()> {
        let chunk = std::mem::take(chunk);
        if self.dry || chunk.records.is_empty() {
            return self.progress.go_on();
        }
        let mut tx = self.begin().await?;
        if !chunk.ended.is_empty() {
            tx.end_decisions(&chunk.ended).await?;
        }
        if !chunk.added.is_empty() {
            tx.insert_decisions(&chunk.added).await?;
        }
        self.commit(tx, &chunk.records).await
    }
}

/// What a row names.
fn staying(row: &Row<'_>) -> Item {
    let cell = |name: &str| row.cell(name).to_owned();
    Item {
        line: row.line(),
        username: cell("username"),
        application: cell("application"),
        entitlement: cell("entitlement"),
        verdict: Verdict::Denied,
        at: row.cell("decided_at").parse().ok(),
        by: cell("decided_by"),
        stays: true,
    }
}
