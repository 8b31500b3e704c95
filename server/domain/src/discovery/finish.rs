//! From bicliques to roles: each as large as it can be, none that is not needed, and nobody in one who needs it not.
//!
//! What a role gives is not cut down to what its holders need of it: fewer permissions would not make fewer roles, and a
//! role that is as large as it can be says most about those who hold it.

use std::cmp::Reverse;

use super::budget::{Budget, Cancelled};
use super::proposal::{Proposal, Proposed};
use super::relation::{Biclique, Merged, Relation};
use super::table::common;

/// The roles of bicliques that cover the whole relation.
pub(super) fn finish(
    merged: &Merged,
    mut bicliques: Vec<Biclique>,
    budget: &mut Budget,
) -> Result<Proposal, Cancelled> {
    let mut looks = 0;
    for biclique in &mut bicliques {
        let Relation { rows, columns } = &merged.relation;
        biclique.rows = common(&biclique.columns, columns, biclique.rows.len(), &mut looks);
        biclique.columns = common(&biclique.rows, rows, biclique.columns.len(), &mut looks);
        budget.spend(std::mem::take(&mut looks))?;
    }
    let weigh = |of: &[Vec<u32>], those: &[u32]| {
        those.iter().map(|&at| of[at as usize].len()).sum::<usize>()
    };
    // What gives least goes first, where one of two can go.
    bicliques.sort_by_cached_key(|role| {
        let grants = weigh(&merged.users, &role.rows) * weigh(&merged.permissions, &role.columns);
        (grants, Reverse(role.columns.clone()))
    });
    let mut covered = Covered::by(&merged.relation, &bicliques, budget)?;
    for role in &mut bicliques {
        if role
            .rows
            .iter()
            .all(|&row| covered.without(row, &role.columns))
        {
            for row in role.rows.drain(..) {
                covered.take(row, &role.columns);
            }
        }
        budget.spend(role.rows.len() * role.columns.len())?;
    }
    for role in &mut bicliques {
        let columns = &role.columns;
        budget.spend(role.rows.len() * columns.len())?;
        role.rows.retain(|&row| {
            let spare = covered.without(row, columns);
            if spare {
                covered.take(row, columns);
            }
            !spare
        });
    }
    bicliques.retain(|role| !role.rows.is_empty());
    let mut roles: Vec<_> = bicliques
        .iter()
        .map(|role| proposed(merged, role))
        .collect();
    roles.sort_by(|a, b| {
        let most = b.grants().cmp(&a.grants());
        most.then_with(|| a.permissions.cmp(&b.permissions))
    });
    Ok(Proposal { roles })
}

fn proposed(merged: &Merged, role: &Biclique) -> Proposed {
    let all = |of: &[Vec<u32>], those: &[u32]| {
        let mut all: Vec<u32> = those
            .iter()
            .flat_map(|&at| of[at as usize].iter().copied())
            .collect();
        all.sort_unstable();
        all
    };
    Proposed {
        permissions: all(&merged.permissions, &role.columns),
        users: all(&merged.users, &role.rows),
    }
}

/// How many roles give each cell.
struct Covered<'a> {
    relation: &'a Relation,
    times: Vec<Vec<u32>>,
}

impl<'a> Covered<'a> {
    fn by(
        relation: &'a Relation,
        roles: &[Biclique],
        budget: &mut Budget,
    ) -> Result<Self, Cancelled> {
        let times = relation.rows.iter().map(|row| vec![0; row.len()]).collect();
        let mut covered = Self { relation, times };
        for role in roles {
            for &row in &role.rows {
                covered.each(row, &role.columns, |times| *times += 1);
            }
            budget.spend(role.rows.len() * role.columns.len())?;
        }
        Ok(covered)
    }

    /// Whether the row has these columns also without the role that is asked about.
    fn without(&mut self, row: u32, columns: &[u32]) -> bool {
        let mut spare = true;
        self.each(row, columns, |times| spare &= *times > 1);
        spare
    }

    fn take(&mut self, row: u32, columns: &[u32]) {
        self.each(row, columns, |times| *times -= 1);
    }

    fn each(&mut self, row: u32, columns: &[u32], mut act: impl FnMut(&mut u32)) {
        let (mut have, mut times) = (
            self.relation.rows[row as usize].as_slice(),
            self.times[row as usize].as_mut_slice(),
        );
        for column in columns {
            let place = have.iter().position(|that| that == column);
            let place = place.expect("a role gives only what its holders have");
            act(&mut times[place]);
            have = &have[place + 1..];
            times = &mut times[place + 1..];
        }
    }
}
