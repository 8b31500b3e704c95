//! What usernames mean: this source's own first, then everybody's, and at last those of people who have left.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::identity::IdentityStatus;
use domain::source::FileKind;

use super::names::{Known, Meaning, Name, key};
use super::{Engine, Result, SCAN, cells};

impl Engine<'_> {
    /// Learns what usernames mean that were not looked up yet: this source's own first, then everybody's.
    pub(super) async fn learn_people<'n>(
        &mut self,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<()> {
        let keys = Self::unknown(&self.people, 0, names);
        if keys.is_empty() {
            return Ok(());
        }
        let mut tx = self.service.store.read().await?;
        let mut found: BTreeMap<String, i64> = tx
            .identities_by_keys(&keys)
            .await?
            .into_iter()
            .map(|(key, id)| (key, id.raw()))
            .collect();
        let mut linked = Vec::new();
        for link in tx.links_by_usernames(self.source.id, &keys).await? {
            if let Some(id) = link.identity
                && found.insert(link.username_key, id.raw()) != Some(id.raw())
            {
                linked.push(id);
            }
        }
        if !linked.is_empty() {
            let people = tx.identities_with(&linked).await?;
            let ended = people
                .iter()
                .filter(|person| person.content.status == IdentityStatus::Ended);
            self.ended.extend(ended.map(|person| person.id.raw()));
        }
        let left = keys.iter().any(|key| !found.contains_key(key));
        if left {
            self.learn_former().await?;
        }
        for key in keys {
            let name = Name::of(&key);
            let person = found.get(&key).copied();
            let former = self
                .former
                .as_ref()
                .and_then(|former| former.get(&name))
                .copied();
            if let (None, Some(former)) = (person, former) {
                self.ended.insert(former);
            }
            self.people.learn(name, person.or(former));
        }
        Ok(())
    }

    /// Learns who used which username last of those who have ended: what a target still grants them is theirs.
    async fn learn_former(&mut self) -> Result<()> {
        if self.former.is_some() {
            return Ok(());
        }
        let mut former = HashMap::new();
        let mut tx = self.service.store.read().await?;
        let mut after = 0;
        loop {
            let page = tx.identity_keys(after, SCAN).await?;
            let Some(last) = page.last() else { break };
            after = last.id.raw();
            for key in page
                .into_iter()
                .filter(|key| key.status == IdentityStatus::Ended)
            {
                former.insert(Name::of(&key.username_key), key.id.raw());
            }
        }
        self.former = Some(former);
        Ok(())
    }

    /// The distinct keys of names of which nothing is known yet.
    fn unknown<'n>(
        known: &Known,
        within: i64,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Vec<String> {
        let keys: BTreeSet<String> = names
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(key)
            .collect();
        keys.into_iter()
            .filter(|key| known.meaning(Name::within(within, key)) == Meaning::Unknown)
            .collect()
    }

    /// Whom a username means.
    pub(super) fn person(&self, username: &str) -> Meaning {
        self.people.meaning(Name::of(&key(username)))
    }

    /// Whether nobody has decided yet whom a username means.
    pub(super) fn waits(&self, username: &str) -> bool {
        !self.waiting.is_empty() && self.person(username) == Meaning::Waiting
    }

    /// Who had a username that waits for a decision: until then what is known of them stays.
    pub(super) fn had(&self, username: &str) -> Option<i64> {
        self.waiting.get(&Name::of(&key(username))).copied()
    }

    /// The owner a row names. One whom nobody knows is left out and reported.
    pub(super) fn owner(
        &mut self,
        kind: FileKind,
        line: u64,
        column: &str,
        username: &str,
    ) -> Option<i64> {
        if username.is_empty() {
            return None;
        }
        match self.person(username) {
            Meaning::Object(id) if self.ended.contains(&id) => {
                let shown = cells::shown(username);
                self.tally.problem(
                    kind,
                    line,
                    column,
                    format!("“{shown}” has left. Name somebody else; it is left empty."),
                );
                None
            }
            Meaning::Object(id) => Some(id),
            meaning => {
                self.tally.problem(
                    kind,
                    line,
                    column,
                    nobody(meaning, username, "It is left empty."),
                );
                None
            }
        }
    }
}

/// The sentence about a username that means nobody.
pub(super) fn nobody(meaning: Meaning, username: &str, then: &str) -> String {
    let username = cells::shown(username);
    match meaning {
        Meaning::Waiting => format!(
            "Several people could be “{username}”, and nobody has decided yet which. Decide it in the queue of the source. {then}"
        ),
        _ => format!(
            "Nobody has the username “{username}”. Correct it, or add the person to identities.csv. {then}"
        ),
    }
}
