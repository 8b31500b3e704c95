//! Names of people and things as they were when the population was frozen.

use std::collections::HashMap;

use domain::id::{ApplicationId, CampaignId, EntitlementId, IdentityId, ObjectKind, ObjectRef};
use storage::ReadTx;
use storage::reviews::Subject;

use super::stage::by_kind;
use crate::Result;

/// What is known of people and things.
#[derive(Debug, Default)]
pub(in crate::reviews) struct Known {
    subjects: HashMap<(ObjectKind, i64), Subject>,
    people: HashMap<i64, String>,
    applications: HashMap<i64, String>,
    things: HashMap<i64, String>,
}

impl Known {
    /// Reads what was frozen of some; what was not frozen is called as it is now.
    pub(in crate::reviews) async fn of(
        tx: &mut ReadTx,
        campaign: CampaignId,
        objects: impl IntoIterator<Item = ObjectRef>,
    ) -> Result<Self> {
        let mut known = Self::default();
        for (kind, ids) in by_kind(objects).into_values() {
            let found = tx.review_subjects(campaign, kind, &ids).await?;
            let found = found
                .into_iter()
                .map(|subject| ((kind, subject.id.raw), subject));
            known.subjects.extend(found);
            let missing = ids
                .iter()
                .filter(|id| !known.subjects.contains_key(&(kind, **id)));
            if kind == ObjectKind::Identity {
                let missing: Vec<IdentityId> =
                    missing.map(|id| IdentityId::from_raw(*id)).collect();
                let names = tx.identity_names(&missing).await?;
                let names = names
                    .into_iter()
                    .map(|one| (one.id.raw(), one.display_name));
                known.people.extend(names);
            } else if kind == ObjectKind::Application {
                let missing: Vec<ApplicationId> =
                    missing.map(|id| ApplicationId::from_raw(*id)).collect();
                known.read_applications(tx, &missing).await?;
            } else if kind == ObjectKind::Entitlement {
                let missing: Vec<EntitlementId> =
                    missing.map(|id| EntitlementId::from_raw(*id)).collect();
                let found = tx.entitlements_with(&missing).await?;
                let found = found
                    .into_iter()
                    .map(|one| (one.id.raw(), one.content.display_name));
                known.things.extend(found);
            }
        }
        let mut applications: Vec<ApplicationId> = known
            .subjects
            .values()
            .filter_map(|subject| subject.application)
            .collect();
        applications.sort_unstable();
        applications.dedup();
        known.read_applications(tx, &applications).await?;
        Ok(known)
    }

    async fn read_applications(&mut self, tx: &mut ReadTx, ids: &[ApplicationId]) -> Result<()> {
        let found = tx.applications_with(ids).await?;
        let found = found
            .into_iter()
            .map(|one| (one.id.raw(), one.content.display_name));
        self.applications.extend(found);
        Ok(())
    }

    /// Its name; its id when nobody knows it.
    pub(in crate::reviews) fn name(&self, of: ObjectRef) -> String {
        let frozen = self.subjects.get(&(of.kind, of.raw));
        let live = match of.kind {
            ObjectKind::Identity => self.people.get(&of.raw),
            ObjectKind::Application => self.applications.get(&of.raw),
            ObjectKind::Entitlement => self.things.get(&of.raw),
            _ => None,
        };
        frozen
            .map(|subject| subject.name.clone())
            .or_else(|| live.cloned())
            .unwrap_or_else(|| of.to_string())
    }

    /// What it lets a person do; of a person title and department.
    pub(in crate::reviews) fn detail(&self, of: ObjectRef) -> String {
        self.subjects
            .get(&(of.kind, of.raw))
            .map(|subject| subject.detail.clone())
            .unwrap_or_default()
    }

    /// The name of its application; empty when it has none.
    pub(in crate::reviews) fn application(&self, of: ObjectRef) -> String {
        self.subjects
            .get(&(of.kind, of.raw))
            .and_then(|subject| subject.application)
            .and_then(|id| self.applications.get(&id.raw()).cloned())
            .unwrap_or_default()
    }
}
