//! The whole way from grants to a proposal: into pieces, each piece to what must be decided, that to groups, and back.
//!
//! A piece that is too large for its kernel is covered one role after the other.

use std::ops::ControlFlow;

use super::budget::{Budget, Cancelled, Effort, Progress};
use super::cells::{Cells, Grouping};
use super::finish::finish;
use super::grants::Grants;
use super::greedy::cover;
use super::improve::group;
use super::kernel::{Part, kernel};
use super::proposal::Proposal;
use super::relation::{Biclique, Piece, Relation, merge, narrow};

/// As few roles as are found with this effort, so that the roles of every user give exactly what the user has. None when
/// `watch`, which is told now and then how far it is, breaks it off.
pub fn discover(
    grants: &Grants,
    effort: Effort,
    watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Option<Proposal> {
    look(grants, &mut Budget::new(effort, watch)).ok()
}

/// A piece of the relation on its way to groups.
struct Prepared {
    piece: Piece,
    cells: Cells,
    /// What is grouped already, because nothing else is possible or because the piece is too large.
    settled: Grouping,
    /// What is to be grouped.
    parts: Vec<Part>,
}

fn look(grants: &Grants, budget: &mut Budget) -> Result<Proposal, Cancelled> {
    budget.spend(grants.len() * 8)?;
    let merged = merge(grants);
    let (mut prepared, mut bound) = (Vec::new(), 0);
    for piece in merged.relation.pieces() {
        let (one, least) = Prepared::of(piece, budget)?;
        prepared.push(one);
        bound += least;
    }
    let settled = prepared.iter().map(|one| one.settled.groups).sum();
    let parts: Vec<&Part> = prepared.iter().flat_map(|one| &one.parts).collect();
    let mut found = group(&parts, settled, bound, budget)?.into_iter();
    let mut bicliques = Vec::new();
    for one in prepared {
        let groupings = found.by_ref().take(one.parts.len()).collect();
        bicliques.extend(one.settle(groupings));
    }
    let proposal = finish(&merged, bicliques, budget)?;
    budget.found(proposal.roles.len(), bound)?;
    Ok(proposal)
}

impl Prepared {
    /// Comes with the number of roles that are needed outside of its parts.
    fn of(piece: Piece, budget: &mut Budget) -> Result<(Self, usize), Cancelled> {
        let mut cells = Cells::of(&piece.relation, budget)?;
        let Some(parts) = kernel(&piece.relation, &mut cells, budget)? else {
            let settled = cover(&piece.relation, &cells, budget)?;
            let parts = Vec::new();
            return Ok((
                Self {
                    piece,
                    cells,
                    settled,
                    parts,
                },
                1,
            ));
        };
        let (parts, alone): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|part| part.cells.len() > 1);
        let groups = alone.len();
        let group_of = alone
            .iter()
            .zip(0..)
            .map(|(part, group)| (part.cells[0], group))
            .collect();
        let settled = Grouping { group_of, groups };
        Ok((
            Self {
                piece,
                cells,
                settled,
                parts,
            },
            groups,
        ))
    }

    /// All roles of the piece, when its parts are grouped like this.
    fn settle(mut self, groupings: Vec<Vec<u32>>) -> Vec<Biclique> {
        for (part, group_of) in self.parts.iter().zip(groupings) {
            let first = narrow(self.settled.groups);
            self.settled.groups += group_of.iter().max().map_or(0, |&last| last as usize + 1);
            let those = part.cells.iter().zip(group_of);
            self.settled
                .group_of
                .extend(those.map(|(&cell, group)| (cell, first + group)));
        }
        let Relation { rows, columns } = &self.piece.relation;
        let bicliques = if self.settled.groups > rows.len().min(columns.len()) {
            self.piece.relation.lines()
        } else {
            self.cells.bicliques(&self.settled)
        };
        bicliques
            .iter()
            .map(|biclique| self.piece.lift(biclique))
            .collect()
    }
}
