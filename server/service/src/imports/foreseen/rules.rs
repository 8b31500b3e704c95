//! What rules mean for people whom a check finds new or changed: the same question as in the transaction that will write
//! them, asked with what they will be called then.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::assignment::AssignmentState;
use domain::id::IdentityId;
use domain::identity::{IdentityContent, IdentityStatus};
use policy::Facts;
use roaring::RoaringTreemap;
use storage::ReadTx;
use storage::assignments::Assignment;

use super::{Foreseen, place};
use crate::rules::{Compiled, Due};
use crate::{Result, Service, people};

/// Reports that are looked at together.
const REPORTS: i64 = 2_000;

/// The rules, and what they need to know of managers.
#[derive(Debug)]
pub(in crate::imports) struct Following {
    compiled: Arc<Compiled>,
    /// Usernames of managers who are new, or called otherwise afterwards, by number.
    names: HashMap<i64, String>,
    /// People who are called otherwise afterwards.
    renamed: Vec<IdentityId>,
    /// Rows of the file that somebody's manager stands in.
    leading: RoaringTreemap,
    /// People of whom rules were asked, or who leave.
    asked: RoaringTreemap,
}

impl Following {
    /// The rules of the present; none when there are none.
    pub(in crate::imports) async fn read(
        service: &Service,
        tx: &mut ReadTx,
    ) -> Result<Option<Self>> {
        let compiled = Compiled::of(service, tx).await?;
        Ok((!compiled.rules.is_empty()).then(|| Self {
            compiled,
            names: HashMap::new(),
            renamed: Vec::new(),
            leading: RoaringTreemap::new(),
            asked: RoaringTreemap::new(),
        }))
    }

    /// Whether a rule asks what somebody's manager is called.
    pub(in crate::imports) fn asks_for_managers(&self) -> bool {
        self.compiled.set.watched("manager")
    }

    /// Says that a row is that of somebody's manager.
    pub(in crate::imports) fn leads(&mut self, row: u32) {
        self.leading.insert(row.into());
    }

    /// Whether a row is that of somebody's manager.
    pub(in crate::imports) fn has_reports(&self, row: usize) -> bool {
        self.leading.contains(row as u64)
    }

    /// Says what somebody who is new is called.
    pub(in crate::imports) fn called(&mut self, number: i64, username: &str) {
        self.names.insert(number, username.to_owned());
    }

    /// Says what somebody is called afterwards.
    pub(in crate::imports) fn renamed(&mut self, id: IdentityId, username: &str) {
        if self.names.insert(id.raw(), username.to_owned()).is_none() {
            self.renamed.push(id);
        }
    }

    async fn facts(
        &self,
        tx: &mut ReadTx,
        people: &[(IdentityId, &IdentityContent)],
    ) -> Result<Vec<Facts>> {
        let mut recorded = HashMap::new();
        if self.asks_for_managers() {
            let managers = people.iter().filter_map(|(_, content)| content.manager);
            let unknown = managers.filter(|id| id.raw() > 0 && !self.names.contains_key(&id.raw()));
            recorded = people::usernames(tx, unknown).await?;
        }
        let facts = people.iter().map(|(_, content)| {
            let name = content.manager.and_then(|id| {
                let name = self.names.get(&id.raw());
                name.or_else(|| recorded.get(&id)).map(String::as_str)
            });
            Facts::of(content, name)
        });
        Ok(facts.collect())
    }
}

impl Foreseen {
    /// Somebody who leaves follows no rule.
    pub(in crate::imports) fn follows_no_more(&mut self, id: IdentityId) {
        if let Some(following) = &mut self.following {
            following.asked.insert(place(id.raw()));
        }
    }

    /// What rules mean for people who are new or changed; who has ended gets nothing.
    pub(in crate::imports) async fn follow(
        &mut self,
        tx: &mut ReadTx,
        people: &[(IdentityId, &IdentityContent)],
    ) -> Result<()> {
        let Some(mut following) = self.following.take() else {
            return Ok(());
        };
        let asked = people.iter().map(|(id, _)| place(id.raw()));
        following.asked.extend(asked);
        let here: Vec<_> = people
            .iter()
            .filter(|(_, content)| content.status != IdentityStatus::Ended)
            .copied()
            .collect();
        let recorded = here.iter().map(|(id, _)| *id).filter(|id| id.raw() > 0);
        let recorded: Vec<IdentityId> = recorded.collect();
        let mut had: BTreeMap<IdentityId, Vec<Assignment>> = BTreeMap::new();
        if !recorded.is_empty() {
            for one in tx.assignments_of_rules(&recorded).await? {
                had.entry(one.content.identity).or_default().push(one);
            }
        }
        let facts = following.facts(tx, &here).await?;
        let mut due = Due::default();
        for ((id, _), facts) in here.iter().zip(&facts) {
            let had = had.remove(id).unwrap_or_default();
            due.of(&following.compiled, (*id, facts), had, self.now);
        }
        self.following = Some(following);
        for content in &due.begin {
            self.assigned(content);
        }
        for (before, after) in &due.change {
            if after.state == AssignmentState::Ended {
                self.unassigned(before);
                continue;
            }
            let ends = before.content.valid_until.is_none() && after.valid_until.is_some();
            self.handed_over += u64::from(ends);
            self.reassigned(before, after);
        }
        Ok(())
    }

    /// What rules mean for people whose manager is called otherwise afterwards, and of whom nothing else changes.
    pub(in crate::imports) async fn follow_reports(&mut self, tx: &mut ReadTx) -> Result<()> {
        let renamed = match &self.following {
            Some(following) if !following.renamed.is_empty() => following.renamed.clone(),
            _ => return Ok(()),
        };
        let mut after = 0;
        loop {
            let reports = tx.reports_of(&renamed, after, REPORTS).await?;
            let Some(last) = reports.last() else {
                return Ok(());
            };
            after = last.raw();
            let asked = self.following.as_ref().map(|following| &following.asked);
            let left = reports
                .into_iter()
                .filter(|id| !asked.is_some_and(|asked| asked.contains(place(id.raw()))));
            let left: Vec<IdentityId> = left.collect();
            let people = tx.identities_with(&left).await?;
            let people: Vec<_> = people.iter().map(|one| (one.id, &one.content)).collect();
            self.follow(tx, &people).await?;
        }
    }

    /// Whether rules ask for managers of whom some are called otherwise afterwards.
    pub(super) fn renames_managers(&self) -> bool {
        let following = self.following.as_ref();
        following.is_some_and(|following| !following.renamed.is_empty())
    }
}
