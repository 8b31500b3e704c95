//! What is left to decide: cells that have to be covered and none of which follows from another, with who is compatible
//! with whom. The fewest roles are the fewest groups of mutually compatible cells.
//!
//! A cell compatible with no other is a role by itself, with all that follows from it; often all of the kernel is such.

use std::collections::VecDeque;

use super::budget::{Budget, Cancelled};
use super::cells::Cells;
use super::relation::{Relation, narrow};
use super::table::Table;

/// The most pairs of compatible cells that are kept, in 64 MiB.
const MOST_PAIRS: usize = 1 << 24;

/// Cells that are connected by compatibility.
pub(super) struct Part {
    /// Their numbers in [`Cells`].
    pub(super) cells: Vec<u32>,
    /// The row and the column of each of them.
    pub(super) lines: Vec<(u32, u32)>,
    /// For each of them, places in `cells` of those it is compatible with.
    pub(super) near: Vec<Vec<u32>>,
}

/// The kernel in its parts; what follows from what is noted in `cells`. None when there is too much for it.
pub(super) fn kernel(
    relation: &Relation,
    cells: &mut Cells,
    budget: &mut Budget,
) -> Result<Option<Vec<Part>>, Cancelled> {
    let Some(table) = Table::of(relation) else {
        return Ok(None);
    };
    let Some(mut graph) = Graph::of(relation, cells, table, budget)? else {
        return Ok(None);
    };
    graph.reduce(cells, budget)?;
    Ok(Some(graph.parts()))
}

struct Graph {
    table: Table,
    /// The cell of each node, its row and its column.
    nodes: Vec<(u32, u32, u32)>,
    near: Vec<Vec<u32>>,
    alive: Vec<bool>,
}

impl Graph {
    fn of(
        relation: &Relation,
        cells: &Cells,
        table: Table,
        budget: &mut Budget,
    ) -> Result<Option<Self>, Cancelled> {
        let place = |cell: u32| {
            (
                cell,
                cells.rows[cell as usize],
                cells.columns[cell as usize],
            )
        };
        let nodes: Vec<_> = cells.leading().into_iter().map(place).collect();
        let mut of_row = vec![Vec::new(); relation.rows.len()];
        for (node, &(_, row, _)) in nodes.iter().enumerate() {
            of_row[row as usize].push(narrow(node));
        }
        let mut all_near = Vec::with_capacity(nodes.len());
        let mut pairs = 0;
        for (node, &(_, row, column)) in nodes.iter().enumerate() {
            let mut near = Vec::new();
            for &other in &relation.columns[column as usize] {
                let those = &of_row[other as usize];
                budget.spend(those.len() + 1)?;
                let reaches = |that: &&u32| table.has(row, nodes[**that as usize].2);
                near.extend(
                    those
                        .iter()
                        .filter(reaches)
                        .filter(|&&that| that as usize != node),
                );
            }
            pairs += near.len();
            if pairs > MOST_PAIRS {
                return Ok(None);
            }
            near.shrink_to_fit();
            all_near.push(near);
        }
        let alive = vec![true; nodes.len()];
        Ok(Some(Self {
            table,
            nodes,
            near: all_near,
            alive,
        }))
    }

    /// Takes out every node that follows from another, until there is none.
    fn reduce(&mut self, cells: &mut Cells, budget: &mut Budget) -> Result<(), Cancelled> {
        let mut queued = vec![true; self.nodes.len()];
        let mut queue: VecDeque<u32> = (0..narrow(self.nodes.len())).collect();
        while let Some(node) = queue.pop_front() {
            queued[node as usize] = false;
            if !self.alive[node as usize] {
                continue;
            }
            let mut near = std::mem::take(&mut self.near[node as usize]);
            near.retain(|&other| self.alive[other as usize]);
            for follower in self.followers(&near, budget)? {
                cells.leaders[self.nodes[follower as usize].0 as usize] =
                    self.nodes[node as usize].0;
                self.alive[follower as usize] = false;
                // Those near it have one less, so that more may follow from them.
                let less = std::mem::take(&mut self.near[follower as usize]);
                budget.spend(less.len())?;
                for other in less {
                    if self.alive[other as usize] && !queued[other as usize] {
                        queued[other as usize] = true;
                        queue.push_back(other);
                    }
                }
            }
            near.retain(|&other| self.alive[other as usize]);
            self.near[node as usize] = near;
        }
        Ok(())
    }

    /// Those near a node that are compatible with all the others near it.
    fn followers(&self, near: &[u32], budget: &mut Budget) -> Result<Vec<u32>, Cancelled> {
        let mut others = near.to_vec();
        let mut found = Vec::new();
        let mut looks = near.len();
        for &node in near {
            let (_, row, column) = self.nodes[node as usize];
            let foe = others.iter().position(|&other| {
                let (_, its_row, its_column) = self.nodes[other as usize];
                !self.table.has(row, its_column) || !self.table.has(its_row, column)
            });
            looks += foe.unwrap_or(others.len());
            match foe {
                // What is in the way of this one is likely in the way of the next: it comes forward.
                Some(foe) => others.swap(foe, foe / 2),
                None => found.push(node),
            }
        }
        budget.spend(looks * 2)?;
        Ok(found)
    }

    fn parts(mut self) -> Vec<Part> {
        const NONE: u32 = u32::MAX;
        let mut place = vec![NONE; self.nodes.len()];
        let mut parts = Vec::new();
        for first in 0..self.nodes.len() {
            if place[first] != NONE || !self.alive[first] {
                continue;
            }
            place[first] = 0;
            let mut members = vec![narrow(first)];
            let mut next = 0;
            while next < members.len() {
                let near = &mut self.near[members[next] as usize];
                near.retain(|&other| self.alive[other as usize]);
                for &other in &*near {
                    if place[other as usize] == NONE {
                        place[other as usize] = narrow(members.len());
                        members.push(other);
                    }
                }
                next += 1;
            }
            let near = |&node: &u32| {
                let mut near = std::mem::take(&mut self.near[node as usize]);
                for other in &mut near {
                    *other = place[*other as usize];
                }
                near
            };
            let lines = |&node: &u32| (self.nodes[node as usize].1, self.nodes[node as usize].2);
            parts.push(Part {
                lines: members.iter().map(lines).collect(),
                near: members.iter().map(near).collect(),
                cells: members
                    .iter()
                    .map(|&node| self.nodes[node as usize].0)
                    .collect(),
            });
        }
        parts
    }
}
