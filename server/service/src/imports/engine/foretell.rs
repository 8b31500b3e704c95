//! What a dry run that came to its end foresees of access.

use std::collections::{HashMap, HashSet};

use domain::source::FileKind;

use super::{Engine, Result};
use crate::imports::foreseen::{Base, Foretold, KeptPlan};

impl Engine<'_> {
    /// Resolves what was found; `base` is what was recorded when the walk began.
    pub(in crate::imports) async fn foretell(
        &mut self,
        base: Base,
    ) -> Result<Option<(Foretold, KeptPlan)>> {
        let Some(foreseen) = self.foreseen.take() else {
            return Ok(None);
        };
        let mut tx = self.service.store.read().await?;
        let effects = foreseen.effects(&mut tx, self.source.id).await?;
        let draft = foreseen.draft(&mut tx, effects).await?;
        drop(tx);
        let lines: HashSet<u64> = draft.wanted.keys().copied().collect();
        let told = draft.told(&self.people_in(&lines).await?);
        let kept = KeptPlan::of(&told, base.until(foreseen.until));
        Ok(Some((told, kept)))
    }

    /// Usernames and names of people in some lines of their file.
    pub(super) async fn people_in(
        &self,
        lines: &HashSet<u64>,
    ) -> Result<HashMap<u64, (String, String)>> {
        let mut names = HashMap::new();
        let Some(mut reader) = self.reader(FileKind::Identities) else {
            return Ok(names);
        };
        while names.len() < lines.len() {
            let Some(row) = reader.next().await? else {
                break;
            };
            if !lines.contains(&row.line()) {
                continue;
            }
            let username = row.cell("username").to_owned();
            let name = match row.cell("display_name") {
                "" => username.clone(),
                name => name.to_owned(),
            };
            names.insert(row.line(), (username, name));
        }
        Ok(names)
    }
}
