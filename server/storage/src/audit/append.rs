//! Committing: rows and entries land together or not at all.

use crate::boxed;
use domain::audit::{Event, Target};
use domain::time::Instant;
use proof::entry::{Bulk, DetailMark, Envelope, TargetMark};
use proof::hash::{Hash, Salt, leaf_hash, salted_hash};

use crate::bulk::Rows;
use crate::column::At;
use crate::engine::WriteTx;
use crate::{Error, Result};

/// Targets that are written one by one; more travel together.
const FEW: usize = 4;

/// An entry ready to be stored.
struct Sealed {
    leaf: Vec<u8>,
    hash: Hash,
    details: Vec<(String, Salt, String)>,
}

impl WriteTx {
    /// Commits with the entries of what was done; at least one. Answers the number of the last entry.
    #[boxed]
    pub async fn commit(mut self, first: Event, rest: Vec<Event>) -> Result<i64> {
        for event in std::iter::once(first).chain(rest) {
            self.append(event).await?;
        }
        let seq = self.seq;
        on!(self, c => sqlx::query("UPDATE audit_head SET seq = $1").bind(seq).execute(c).await.map(drop))?;
        self.finish().await?;
        Ok(seq)
    }

    async fn append(&mut self, event: Event) -> Result<()> {
        self.seq += 1;
        let (seq, recorded) = (self.seq, At(self.recorded));
        let sealed = self.seal(&event)?;
        let text = "INSERT INTO audit_entry (seq, recorded, actor, action, outcome, request, leaf, leaf_hash) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        on!(self, c => sqlx::query(text)
            .bind(seq)
            .bind(recorded)
            .bind(event.actor.text())
            .bind(event.action.word())
            .bind(event.outcome.word())
            .bind(&event.request)
            .bind(&sealed.leaf)
            .bind(&sealed.hash.0[..])
            .execute(c).await.map(drop))?;
        self.append_targets(seq, &event.targets).await?;
        let text = "INSERT INTO audit_detail (seq, ordinal, subject, salt, body) VALUES ($1, $2, $3, $4, $5)";
        for (ordinal, (subject, salt, body)) in (0_i16..).zip(&sealed.details) {
            on!(self, c => sqlx::query(text).bind(seq).bind(ordinal).bind(subject).bind(&salt.0[..]).bind(body)
                .execute(c).await.map(drop))?;
        }
        Ok(())
    }

    async fn append_targets(&mut self, seq: i64, targets: &[Target]) -> Result<()> {
        if targets.len() > FEW {
            let rows = Rows::of((0_i64..).zip(targets), |cells, (ordinal, target)| {
                cells.number(ordinal);
                cells.text(target.object.kind.name());
                cells.number(target.object.raw);
                cells.maybe_bytes(target.content.as_ref().map(|hash| &hash[..]));
            });
            let text = of_rows!(
                self,
                "INSERT INTO audit_target (seq, ordinal, kind, object_id, content) SELECT $2, ",
                [number 0, text 1, number 2, bytes 3],
                ""
            );
            on!(self, c => sqlx::query(text).bind(&rows).bind(seq).execute(c).await.map(drop))?;
            return Ok(());
        }
        let text = "INSERT INTO audit_target (seq, ordinal, kind, object_id, content) VALUES ($1, $2, $3, $4, $5)";
        for (ordinal, target) in (0_i16..).zip(targets) {
            let content = target.content.as_ref().map(|hash| &hash[..]);
            on!(self, c => sqlx::query(text)
                .bind(seq)
                .bind(ordinal)
                .bind(target.object.kind.name())
                .bind(target.object.raw)
                .bind(content)
                .execute(c).await.map(drop))?;
        }
        Ok(())
    }

    fn seal(&self, event: &Event) -> Result<Sealed> {
        let entry = |e: proof::canonical::NotCanonical| Error::Entry(e.to_string());
        let mut details = Vec::with_capacity(event.details.len());
        let mut marks = Vec::with_capacity(event.details.len());
        for detail in &event.details {
            let salt = Salt(self.salt());
            let body = proof::canonical::to_vec(&detail.to_json()).map_err(entry)?;
            marks.push(DetailMark {
                subject: detail.subject.clone(),
                hash: salted_hash(&salt, &body),
            });
            let body = String::from_utf8(body).map_err(|e| Error::Entry(e.to_string()))?;
            details.push((detail.subject.clone(), salt, body));
        }
        let envelope = Envelope {
            v: 1,
            seq: u64::try_from(self.seq).map_err(|e| Error::Entry(e.to_string()))?,
            at: micros(self.recorded),
            actor: event.actor.text(),
            on_behalf_of: event.on_behalf_of.map(|id| id.to_string()),
            action: event.action.word().to_owned(),
            targets: event
                .targets
                .iter()
                .map(|target| TargetMark {
                    id: target.object.to_string(),
                    content: target.content.map(Hash),
                })
                .collect(),
            outcome: event.outcome.word().to_owned(),
            request: event.request.clone(),
            details: marks,
            bulk: event.bulk.as_ref().map(|bulk| Bulk {
                manifest: Hash(bulk.root),
                rows: bulk.records,
                totals: bulk.totals.clone(),
            }),
        };
        let leaf = envelope.leaf().map_err(entry)?;
        let hash = leaf_hash(&leaf);
        Ok(Sealed {
            leaf,
            hash,
            details,
        })
    }
}

/// An instant as the envelope writes it.
pub(super) fn micros(at: Instant) -> String {
    at.micros().to_string()
}
