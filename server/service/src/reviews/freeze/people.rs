//! Whose access is frozen, in the order in which they are gone through: by department and title, so that peers come together.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::id::IdentityId;
use domain::identity::IdentityStatus;
use domain::page::Position;
use domain::permission::Visibility;
use domain::review::Scope;
use domain::time::{DAY, Date, Instant};
use jiff::tz::TimeZone;
use storage::ReadTx;

use super::book::whole;
use crate::Result;
use crate::effective::presence;

/// People read at a time.
const PART: i64 = 5_000;
/// People of a group by whom the others are measured: enough to tell what is usual.
pub(super) const BASIS: u32 = 1_000;

/// Somebody as far as it is known before what they have is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub(super) manager: Option<IdentityId>,
    pub(super) status: IdentityStatus,
    pub(super) last_day: Option<Date>,
    /// Whether they can use anything at that moment.
    pub(super) there: bool,
}

/// Somebody in the order of the walk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) id: IdentityId,
    /// Department and title; 0 for who has neither.
    pub(super) group: u32,
    /// Whether others are measured by them.
    pub(super) basis: bool,
    /// Whether their own access is in the review.
    pub(super) reviewed: bool,
}

/// Everybody.
#[derive(Debug)]
pub(super) struct Crowd {
    pub(super) heads: HashMap<IdentityId, Head>,
    pub(super) steps: Vec<Step>,
}

impl Crowd {
    pub(super) async fn read(
        tx: &mut ReadTx,
        scope: &Scope,
        zone: &TimeZone,
        now: Instant,
    ) -> Result<Self> {
        let mut chosen = chosen(tx, &scope.people).await?;
        if let Some(person) = scope.person {
            only(&mut chosen, HashSet::from([person]));
        }
        let mut heads = HashMap::new();
        let mut groups: BTreeMap<(String, String), Vec<IdentityId>> = BTreeMap::new();
        let mut after = 0;
        loop {
            let some = tx.identities_after(after, PART).await?;
            let Some(last) = some.last() else { break };
            after = last.id.raw();
            for one in some {
                let content = one.content;
                let head = Head {
                    manager: content.manager,
                    status: content.status,
                    last_day: content.end_date,
                    there: presence(&content, zone).is_there(now),
                };
                heads.insert(one.id, head);
                if head.there {
                    let group = (content.department, content.title);
                    groups.entry(group).or_default().push(one.id);
                }
            }
        }
        if let Some(days) = scope.moved_days {
            let (from, until) = (
                now.plus(-i64::from(days) * DAY),
                now.plus(i64::from(days) * DAY).day(zone),
            );
            let mut some: HashSet<IdentityId> = tx
                .movers(from, now)
                .await?
                .into_iter()
                .map(|one| one.0)
                .collect();
            let leave = heads
                .iter()
                .filter(|(_, head)| head.last_day.is_some_and(|day| day <= until));
            some.extend(leave.map(|(id, _)| *id));
            only(&mut chosen, some);
        }
        let mut steps = Vec::new();
        for (number, ((department, title), members)) in (1_u32..).zip(groups) {
            let alone = department.is_empty() && title.is_empty();
            let reviewed = |id: &IdentityId| chosen.as_ref().is_none_or(|all| all.contains(id));
            if !members.iter().any(reviewed) {
                continue;
            }
            for (place, id) in (0_u32..).zip(members) {
                let step = Step {
                    id,
                    group: if alone { 0 } else { number },
                    basis: !alone && place < BASIS,
                    reviewed: reviewed(&id),
                };
                if step.basis || step.reviewed {
                    steps.push(step);
                }
            }
        }
        Ok(Self { heads, steps })
    }
}

/// Of those who were chosen, only these.
fn only(chosen: &mut Option<HashSet<IdentityId>>, some: HashSet<IdentityId>) {
    *chosen = Some(match chosen.take() {
        None => some,
        Some(all) => all.intersection(&some).copied().collect(),
    });
}

/// Those whom a scope's search finds; none for everybody.
async fn chosen(tx: &mut ReadTx, people: &str) -> Result<Option<HashSet<IdentityId>>> {
    if people.trim().is_empty() {
        return Ok(None);
    }
    let mut all = HashSet::new();
    let mut query = whole(people);
    loop {
        let page = tx.identities(Visibility::All, None, &query).await?;
        all.extend(page.rows.iter().map(|row| row.id));
        match page.after {
            Some(cursor) => query.position = Position::After(cursor),
            None => return Ok(Some(all)),
        }
    }
}
