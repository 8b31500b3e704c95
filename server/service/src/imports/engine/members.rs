//! Who has a role: `role_members.csv`, as assignments with the agent import.

use std::collections::{BTreeMap, VecDeque};

use domain::assignment::{Agent, AssignmentState};
use domain::field::FieldErrors;
use domain::id::{AssignmentId, IdentityId, ObjectKind, RoleId};
use domain::role::Grantable;
use domain::source::{FileKind, RowChange, RowRecord};
use domain::time::Instant;
use storage::assignments::{Assignment, AssignmentContent};

use super::cells::{self, Wrong, beginning, end};
use super::names::{Meaning, Name, key};
use super::objects::needed;
use super::tally::{FieldChange, differs};
use super::{BATCH, Engine, Result, SCAN, about, nobody};
use crate::imports::file::Row;

const KIND: FileKind = FileKind::RoleMembers;
/// Longest reason.
const REASON_MAX: usize = 500;

struct Item {
    line: u64,
    username: String,
    role: String,
    membership: Membership,
}

/// What a row says about a person in a role.
#[derive(Debug, Clone)]
struct Membership {
    line: u64,
    from: Option<Instant>,
    until: Option<Instant>,
    reason: String,
    /// The row has a fault: what it names stays as it is.
    stays: bool,
}

#[derive(Debug, Default)]
struct Chunk {
    added: Vec<(u64, AssignmentContent)>,
    changed: Vec<(u64, RowChange, Assignment, AssignmentContent)>,
}

impl Chunk {
    fn len(&self) -> usize {
        self.added.len() + self.changed.len()
    }
}

type Place = (IdentityId, RoleId);

impl Engine<'_> {
    /// Compares memberships, and writes what differs.
    pub(super) async fn members(&mut self) -> Result<()> {
        let Some(mut reader) = self.reader(KIND) else {
            return Ok(());
        };
        let mut members = BTreeMap::new();
        let mut batch = Vec::new();
        while let Some(row) = reader.next().await? {
            let membership = match self.read_membership(&row) {
                Ok(membership) => membership,
                Err(wrong) => {
                    self.reject(KIND, row.line(), wrong);
                    if row.fault().is_some()
                        && (row.certain("username").is_none() || row.certain("role").is_none())
                    {
                        self.uncertain.insert(KIND);
                    }
                    staying(&row)
                }
            };
            batch.push(Item {
                line: row.line(),
                username: row.cell("username").to_owned(),
                role: row.cell("role").to_owned(),
                membership,
            });
            if batch.len() == BATCH {
                self.resolve_members(std::mem::take(&mut batch), &mut members)
                    .await?;
                self.pause(KIND, reader.position()).await?;
            }
        }
        self.resolve_members(batch, &mut members).await?;
        self.read_to_end(KIND, &reader);
        self.named.insert(
            KIND,
            members.values().filter(|member| !member.stays).count() as u64,
        );
        self.merge_members(members).await
    }

    fn read_membership(&self, row: &Row<'_>) -> std::result::Result<Membership, Wrong> {
        if let Some(fault) = row.fault() {
            return Err(vec![fault]);
        }
        let mut wrong = Wrong::new();
        let from = beginning("valid_from", row.cell("valid_from"), &self.zone, &mut wrong);
        let until = end(
            "valid_until",
            row.cell("valid_until"),
            &self.zone,
            &mut wrong,
        );
        if from.zip(until).is_some_and(|(from, until)| until <= from) {
            wrong.push((
                "valid_until".to_owned(),
                "The end is before the beginning. Correct one of them.".to_owned(),
            ));
        }
        let mut errors = FieldErrors::new();
        let reason = errors.line("reason", "The reason", row.cell("reason"), REASON_MAX);
        wrong.extend(cells::wrong(&errors));
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Membership {
            from,
            until,
            reason,
            stays: false,
            ..staying(row)
        })
    }

    async fn resolve_members(
        &mut self,
        items: Vec<Item>,
        members: &mut BTreeMap<Place, Membership>,
    ) -> Result<()> {
        self.learn_people(items.iter().map(|item| item.username.as_str()))
            .await?;
        self.learn_roles().await?;
        for item in items {
            let mut membership = item.membership;
            let stays = membership.stays;
            let identity = match self.person(&item.username) {
                Meaning::Object(id) if self.ended.contains(&id) && !stays => {
                    self.tally.reject(
                        KIND,
                        item.line,
                        "username",
                        format!(
                            "“{}” has ended. Take the line out.",
                            super::cells::shown(&item.username)
                        ),
                    );
                    continue;
                }
                Meaning::Object(id) => id,
                meaning => {
                    if !stays {
                        let why = nobody(meaning, &item.username, "The line is left out.");
                        self.tally.reject(KIND, item.line, "username", why);
                    }
                    let had = self.had(&item.username);
                    let Some(id) = had.filter(|_| meaning == Meaning::Waiting) else {
                        continue;
                    };
                    membership.stays = true;
                    id
                }
            };
            let stays = membership.stays;
            let role = match needed(
                &self.roles,
                Name::of(&key(&item.role)),
                &item.role,
                "role",
                FileKind::Roles,
            ) {
                Ok(id) => id,
                Err(why) => {
                    if !stays {
                        self.tally.reject(KIND, item.line, "role", why);
                    }
                    continue;
                }
            };
            let place = (IdentityId::from_raw(identity), RoleId::from_raw(role));
            if let Some(first) = members.get(&place).filter(|first| !first.stays && !stays) {
                let first = first.line;
                self.tally.reject(KIND, item.line, "", format!("Line {first} puts this person into this role already. Keep one of the lines."));
                continue;
            }
            members.entry(place).or_insert(membership);
        }
        Ok(())
    }

    async fn merge_members(&mut self, members: BTreeMap<Place, Membership>) -> Result<()> {
        let ends = self.ends_what_is_missing(KIND);
        let (mut live, mut ended) = (0, 0);
        let mut chunk = Chunk::default();
        let mut recorded: VecDeque<Assignment> = VecDeque::new();
        let (mut after, mut over) = (None, false);
        let mut members = members.into_iter().peekable();
        loop {
            if recorded.is_empty() && !over {
                let page = self
                    .service
                    .store
                    .read()
                    .await?
                    .assignments_after(self.source.id, after, SCAN)
                    .await?;
                over = page.is_empty();
                after = page.last().and_then(place_of).or(after);
                recorded = page.into();
            }
            let order = match (members.peek(), recorded.front()) {
                (None, None) => break,
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some((place, _)), Some(known)) => Some(*place).cmp(&place_of(known)),
            };
            let known = if order.is_ge() {
                recorded.pop_front()
            } else {
                None
            };
            let member = if order.is_le() { members.next() } else { None };
            // Whoever ends loses the roles with it: a dry run has counted that already.
            let known = known
                .filter(|known| !(self.dry && self.ended.contains(&known.content.identity.raw())));
            live += u64::from(known.is_some());
            match (member, known) {
                (Some((_, member)), _) if member.stays => {}
                (Some((place, member)), None) => chunk
                    .added
                    .push((member.line, self.assignment(place, &member))),
                (Some((_, member)), Some(known)) => {
                    let content = changed(&known, &member);
                    if content != known.content {
                        chunk
                            .changed
                            .push((member.line, RowChange::Changed, known, content));
                    }
                }
                (None, Some(known)) if ends => {
                    ended += 1;
                    let content = known.content.clone();
                    chunk.changed.push((0, RowChange::Ended, known, content));
                }
                _ => {}
            }
            if chunk.len() == BATCH {
                self.settle_members(&mut chunk).await?;
            }
        }
        self.settle_members(&mut chunk).await?;
        self.shrinks(KIND, live, ended);
        Ok(())
    }

    /// A new membership; one without a beginning begins when it is written.
    fn assignment(&self, (identity, role): Place, member: &Membership) -> AssignmentContent {
        let reason = if member.reason.is_empty() {
            format!("Imported from {}", self.source.content.name)
        } else {
            member.reason.clone()
        };
        AssignmentContent {
            identity,
            what: Grantable::Role(role),
            agent: Agent::Import,
            reason,
            state: AssignmentState::Active,
            valid_from: member.from.unwrap_or(Instant::from_micros(i64::MIN)),
            valid_until: member.until,
            source: Some(self.source.id),
            rule: None,
            granted_by: None,
            request: None,
            activates: None,
        }
    }

    async fn settle_members(&mut self, chunk: &mut Chunk) -> Result<()> {
        let chunk = std::mem::take(chunk);
        if chunk.len() == 0 {
            return Ok(());
        }
        if self.dry {
            self.foresee_members(chunk).await?;
            return self.progress.go_on();
        }
        let mut tx = self.begin().await?;
        let now = tx.recorded();
        let mut records: Vec<RowRecord> = Vec::with_capacity(chunk.len());
        let mut lines = Vec::with_capacity(chunk.changed.len());
        let mut versions = Vec::with_capacity(chunk.changed.len());
        for (line, change, before, mut content) in chunk.changed {
            if change == RowChange::Ended {
                content.state = AssignmentState::Ended;
                content.valid_until = Some(now);
            }
            lines.push((line, change));
            versions.push((before.id, before.recorded_from, content));
        }
        if !versions.is_empty() {
            let marks = tx.replace_assignments(&versions).await?;
            records.extend(lines.iter().zip(marks).map(|((line, change), mark)| {
                about(*change, KIND, *line, mark.object, mark.content)
            }));
        }
        if !chunk.added.is_empty() {
            let first = tx
                .next_ids(
                    ObjectKind::Assignment,
                    i64::try_from(chunk.added.len()).unwrap_or(i64::MAX),
                )
                .await?;
            let mut lines = Vec::with_capacity(chunk.added.len());
            let mut contents = Vec::with_capacity(chunk.added.len());
            for (id, (line, mut content)) in (first..).zip(chunk.added) {
                content.valid_from = if content.valid_from.micros() == i64::MIN {
                    now
                } else {
                    content.valid_from
                };
                lines.push(line);
                contents.push((AssignmentId::from_raw(id), content));
            }
            let marks = tx.insert_assignments(&contents).await?;
            records.extend(lines.iter().zip(marks).map(|(line, mark)| {
                about(RowChange::Added, KIND, *line, mark.object, mark.content)
            }));
        }
        self.commit(tx, &records).await
    }

    async fn foresee_members(&mut self, chunk: Chunk) -> Result<()> {
        if let Some(foreseen) = &mut self.foreseen {
            for (_, content) in &chunk.added {
                foreseen.assigned(content);
            }
            for (_, change, before, content) in &chunk.changed {
                match change {
                    RowChange::Ended => foreseen.unassigned(before),
                    _ => foreseen.reassigned(before, content),
                }
            }
        }
        let added = chunk
            .added
            .into_iter()
            .map(|(line, content)| (line, RowChange::Added, None, content));
        let changed = chunk
            .changed
            .into_iter()
            .map(|(line, change, before, content)| (line, change, Some(before.content), content));
        for (line, change, before, content) in added.chain(changed) {
            self.tally.count(KIND, change);
            if self.tally.wants(KIND, change) {
                let mut tx = self.service.store.read().await?;
                let person = tx
                    .identity_names(&[content.identity])
                    .await?
                    .pop()
                    .map(|name| name.username);
                let role = match content.what.role() {
                    Some(id) => tx
                        .roles_with(&[id])
                        .await?
                        .pop()
                        .map(|role| role.content.name),
                    None => None,
                };
                let name = match (person, role) {
                    (Some(person), Some(role)) => format!("{person} – {role}"),
                    _ => format!("Line {line}"),
                };
                self.tally
                    .show(KIND, line, change, &name, fields(before.as_ref(), &content));
            }
        }
        Ok(())
    }
}

/// What a recorded membership becomes; what the file does not say stays.
fn changed(known: &Assignment, member: &Membership) -> AssignmentContent {
    AssignmentContent {
        valid_from: member.from.unwrap_or(known.content.valid_from),
        valid_until: member.until,
        reason: if member.reason.is_empty() {
            known.content.reason.clone()
        } else {
            member.reason.clone()
        },
        ..known.content.clone()
    }
}

fn place_of(assignment: &Assignment) -> Option<Place> {
    Some((assignment.content.identity, assignment.content.what.role()?))
}

fn staying(row: &Row<'_>) -> Membership {
    Membership {
        line: row.line(),
        from: None,
        until: None,
        reason: String::new(),
        stays: true,
    }
}

fn fields(before: Option<&AssignmentContent>, after: &AssignmentContent) -> Vec<FieldChange> {
    let from = |content: &AssignmentContent| {
        if content.valid_from.micros() == i64::MIN {
            String::new()
        } else {
            content.valid_from.to_string()
        }
    };
    let until = |content: &AssignmentContent| {
        content
            .valid_until
            .map(|at| at.to_string())
            .unwrap_or_default()
    };
    [
        differs(
            "valid_from",
            &before.map(from).unwrap_or_default(),
            &from(after),
        ),
        differs(
            "valid_until",
            &before.map(until).unwrap_or_default(),
            &until(after),
        ),
        differs(
            "reason",
            before.map_or("", |before| before.reason.as_str()),
            &after.reason,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}
