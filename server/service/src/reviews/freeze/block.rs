//! Some people with what they have, read while those before them are gone through.

use std::sync::Arc;

use domain::id::IdentityId;
use domain::resolution::RoleGraph;
use storage::Store;
use storage::reviews::LastDecision;

use super::people::Step;
use crate::Result;
use crate::effective::{AsOf, People, load_in};

/// Some people with what they have, and what was decided on that before.
pub(super) struct Block {
    pub(super) steps: Vec<Step>,
    pub(super) people: People,
    pub(super) decided: Vec<LastDecision>,
}

impl Block {
    pub(super) async fn read(
        store: Store,
        graph: Arc<RoleGraph>,
        steps: Vec<Step>,
        moment: AsOf,
    ) -> Result<Self> {
        let ids: Vec<IdentityId> = steps.iter().map(|step| step.id).collect();
        let mut tx = store.read().await?;
        let people = load_in(&mut tx, graph, &ids, moment).await?;
        let reviewed = steps.iter().filter(|step| step.reviewed);
        let holders: Vec<i64> = reviewed.map(|step| step.id.raw()).collect();
        let decided = tx.last_decisions(&holders).await?;
        Ok(Self {
            steps,
            people,
            decided,
        })
    }
}
