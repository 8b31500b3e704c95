//! Who has what, of some people and some entitlements: for counting peers, and for when access was used last.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::id::{EntitlementId, IdentityId};
use domain::proposal::Peers;
use domain::time::{Date, Instant};
use storage::ReadTx;

use super::gather::Pair;
use crate::Result;
use crate::effective::{AsOf, load};

/// People resolved at a time.
const PART: usize = 1_000;

/// A department and a title.
pub(super) type Group = (String, String);

/// What some people have, as far as it was asked for.
#[derive(Debug, Default)]
pub(super) struct Holdings {
    has: HashSet<Pair>,
    used: HashMap<Pair, Date>,
    groups: HashMap<Group, Vec<IdentityId>>,
}

impl Holdings {
    /// Reads the peers in some groups, `most` of each, and what they and some others have of some entitlements.
    pub(super) async fn read(
        tx: &mut ReadTx,
        now: Instant,
        groups: impl Iterator<Item = Group>,
        most: i64,
        others: impl Iterator<Item = IdentityId>,
        wanted: &HashSet<EntitlementId>,
    ) -> Result<Self> {
        let mut all = Self::default();
        let groups: BTreeSet<Group> = groups.filter(|group| *group != Group::default()).collect();
        let groups: Vec<Group> = groups.into_iter().collect();
        let mut people: BTreeSet<IdentityId> = others.collect();
        for some in groups.chunks(PART) {
            // One more, because somebody is no peer of themselves.
            let mut found = tx.peers_of_groups(some, most + 1).await?;
            found.sort_unstable();
            for (place, id) in found {
                people.insert(id);
                all.groups.entry(some[place].clone()).or_default().push(id);
            }
        }
        let people: Vec<IdentityId> = people.into_iter().collect();
        for some in people.chunks(PART) {
            all.add(tx, now, some, wanted).await?;
        }
        Ok(all)
    }

    async fn add(
        &mut self,
        tx: &mut ReadTx,
        now: Instant,
        ids: &[IdentityId],
        wanted: &HashSet<EntitlementId>,
    ) -> Result<()> {
        let people = load(tx, ids, AsOf::now(now)).await?;
        for (id, whole) in &people.by_id {
            let has = whole.entitlements(&people.graph, people.moment).into_iter();
            self.has
                .extend(has.filter(|one| wanted.contains(one)).map(|one| (*id, one)));
            for seen in whole
                .observed
                .iter()
                .filter(|seen| wanted.contains(&seen.key.entitlement))
            {
                if let Some(day) = seen.last_used {
                    let last = self.used.entry((*id, seen.key.entitlement)).or_insert(day);
                    *last = day.max(*last);
                }
            }
        }
        Ok(())
    }

    /// How many peers somebody has, at most `most`, and how many of them have something.
    pub(super) fn peers(&self, (person, what): Pair, group: &Group, most: i64) -> Peers {
        let most = usize::try_from(most).unwrap_or(0);
        let all = self.groups.get(group).map_or(&[][..], Vec::as_slice);
        let others = all.iter().filter(|id| **id != person).take(most);
        let (mut peers, number) = (Peers::default(), |yes: bool| u32::from(yes));
        for id in others {
            peers.all += 1;
            peers.having += number(self.has.contains(&(*id, what)));
        }
        peers
    }

    /// For how many days access that is there was not used, if anybody says.
    pub(super) fn unused(&self, pair: Pair, today: Date) -> Option<i64> {
        let used = self.used.get(&pair).filter(|_| self.has.contains(&pair))?;
        Some((today.civil() - used.civil()).get_days().into())
    }
}
