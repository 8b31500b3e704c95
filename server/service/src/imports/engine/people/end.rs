//! People who are no longer in the source: they end with their assignments, sessions and links.

use std::collections::BTreeSet;

use domain::assignment::AssignmentState;
use domain::id::{AssignmentId, IdentityId};
use domain::identity::{Identity, IdentityContent, IdentityStatus};
use domain::source::{FileKind, IdentityLink, RowChange, RowRecord};
use domain::time::Instant;
use storage::WriteTx;
use storage::assignments::AssignmentContent;

use super::book::GONE;
use super::{KIND, Privileged};
use crate::imports::engine::tally::differs;
use crate::imports::engine::{BATCH, Engine, Result, about};
use crate::rights;

impl Engine<'_> {
    pub(super) async fn end_people(
        &mut self,
        missing: &[IdentityId],
        privileged: &Privileged,
    ) -> Result<()> {
        for part in missing.chunks(BATCH / 2) {
            for id in part {
                self.ended.insert(id.raw());
            }
            if self.dry {
                self.foresee_ends(part, privileged).await?;
            } else {
                self.write_ends(part, privileged).await?;
            }
        }
        Ok(())
    }

    async fn foresee_ends(&mut self, part: &[IdentityId], privileged: &Privileged) -> Result<()> {
        let mut leaving = Vec::with_capacity(part.len());
        for id in part {
            if privileged.has(*id)
                && let Some(why) = self.foresee_leaving(*id).await?
            {
                let problem = format!("{id} is no longer in the file and stays: {why}");
                self.tally.problem(KIND, 0, "", problem);
                continue;
            }
            leaving.push(*id);
            self.tally.count(KIND, RowChange::Ended);
            if let Some(foreseen) = &mut self.foreseen {
                foreseen.leaves(*id);
            }
        }
        let part = &leaving[..];
        self.foresee_closed_doors(part).await?;
        if !self.tally.wants(KIND, RowChange::Ended) {
            return Ok(());
        }
        let people = self
            .service
            .store
            .read()
            .await?
            .identities_with(part)
            .await?;
        for person in people {
            if self.tally.wants(KIND, RowChange::Ended) {
                let fields = differs(
                    "status",
                    person.content.status.word(),
                    IdentityStatus::Ended.word(),
                );
                self.tally.show(
                    KIND,
                    0,
                    RowChange::Ended,
                    &person.content.display_name,
                    fields.into_iter().collect(),
                );
            }
        }
        Ok(())
    }

    /// Counts the assignments that end with people.
    pub(super) async fn foresee_closed_doors(&mut self, ids: &[IdentityId]) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let ending = self
            .service
            .store
            .read()
            .await?
            .assignments_of_all(ids)
            .await?;
        for _ in ending {
            self.tally.count(FileKind::RoleMembers, RowChange::Ended);
        }
        Ok(())
    }

    async fn write_ends(&mut self, part: &[IdentityId], privileged: &Privileged) -> Result<()> {
        let today = self.today();
        let mut tx = self.begin().await?;
        let people: Vec<Identity> = tx.identities_with(part).await?;
        let mut ending = Vec::with_capacity(people.len());
        let mut going = BTreeSet::new();
        for person in people {
            if privileged.has(person.id)
                && let Err(error) =
                    rights::keep_an_administrator_besides(&mut tx, person.id, &going).await
            {
                self.tally.problem(
                    KIND,
                    0,
                    "",
                    format!(
                        "{} is no longer in the file and stays: {error}",
                        person.content.display_name
                    ),
                );
                continue;
            }
            let content = IdentityContent {
                status: IdentityStatus::Ended,
                end_date: Some(
                    person
                        .content
                        .end_date
                        .map_or(today, |known| known.min(today)),
                ),
                ..person.content
            };
            going.insert(person.id);
            ending.push((person.id, person.recorded_from, content));
        }
        let ids: Vec<IdentityId> = ending.iter().map(|(id, _, _)| *id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let marks = tx.replace_identities(&ending).await?;
        let mut records: Vec<RowRecord> = marks
            .iter()
            .map(|mark| about(RowChange::Ended, KIND, 0, mark.object, mark.content))
            .collect();
        let links: Vec<IdentityLink> = tx.links_to(&ids).await?;
        let gone: Vec<IdentityLink> = links
            .into_iter()
            .filter(|link| link.source == self.source.id)
            .map(|link| IdentityLink {
                stated: Some(GONE.to_owned()),
                ..link
            })
            .collect();
        let now = tx.recorded();
        tx.put_links(&gone, now).await?;
        close_doors(&mut tx, &ids, &mut records).await?;
        self.commit(tx, &records).await
    }
}

/// Ends assignments, sessions and one-time links of people who end in this transaction.
pub(super) async fn close_doors(
    tx: &mut WriteTx,
    ids: &[IdentityId],
    records: &mut Vec<RowRecord>,
) -> Result<()> {
    let now = tx.recorded();
    let ending: Vec<(AssignmentId, Instant, AssignmentContent)> = tx
        .assignments_of_all(ids)
        .await?
        .into_iter()
        .map(|assignment| {
            let after = AssignmentContent {
                state: AssignmentState::Ended,
                valid_until: Some(now),
                ..assignment.content
            };
            (assignment.id, assignment.recorded_from, after)
        })
        .collect();
    if !ending.is_empty() {
        let marks = tx.replace_assignments(&ending).await?;
        records.extend(marks.iter().map(|mark| {
            about(
                RowChange::Ended,
                FileKind::RoleMembers,
                0,
                mark.object,
                mark.content,
            )
        }));
    }
    tx.delete_sessions_of_all(ids).await?;
    tx.drop_links_of_all(ids).await?;
    Ok(())
}
