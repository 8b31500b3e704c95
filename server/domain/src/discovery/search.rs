//! Fewer groups for one part of the kernel: one group is broken up, and its cells look for places in the others.
//!
//! A cell that takes a place puts out those it is not compatible with; they look for places in turn, but not soon where
//! they came from. This is the tabu search on partial colourings of Blöchliger and Zufferey, on the complement. It does
//! not know when there is nothing more to be found; see [`super::bound`] and [`super::exact`].

use super::kernel::Part;
use super::random::Random;
use super::relation::narrow;

const NONE: u32 = u32::MAX;

pub(super) struct Search<'a> {
    part: &'a Part,
    random: Random,
    /// The group of each cell, [`NONE`] while it is open.
    group_of: Vec<u32>,
    groups: Vec<Vec<u32>>,
    open: Vec<u32>,
    /// The fewest open cells since a group was broken up.
    fewest_open: usize,
    /// For each cell, groups it may not come back to, and until which move.
    banned: Vec<Vec<(u32, u64)>>,
    moves: u64,
    /// How many members of each group are compatible with the cell that is looked at; 0 in between.
    common: Vec<u32>,
    /// Groups with such members.
    met: Vec<u32>,
    /// Whether a cell is compatible with the one that takes a place; false in between.
    is_near: Vec<bool>,
    best: Vec<u32>,
    best_count: usize,
}

impl<'a> Search<'a> {
    /// Every cell in the first group that takes it, those with the fewest possibilities first.
    pub(super) fn new(part: &'a Part) -> Self {
        let size = part.cells.len();
        let mut search = Self {
            part,
            random: Random::new(0),
            group_of: vec![NONE; size],
            groups: Vec::new(),
            open: Vec::new(),
            fewest_open: 0,
            banned: vec![Vec::new(); size],
            moves: 0,
            common: vec![0; size],
            met: Vec::new(),
            is_near: vec![false; size],
            best: Vec::new(),
            best_count: 0,
        };
        let mut order: Vec<u32> = (0..narrow(size)).collect();
        order.sort_by_key(|&node| part.near[node as usize].len());
        for node in order {
            let group = search.first_free(node);
            search.put(node, group);
        }
        search.keep();
        search.remember(part.lines.iter().map(|line| line.0).collect());
        search.remember(part.lines.iter().map(|line| line.1).collect());
        search
    }

    /// The first group all of whose members are compatible with this cell, or a new one.
    fn first_free(&mut self, node: u32) -> usize {
        self.count_common(node);
        let takes_it = |group: &&u32| {
            self.groups[**group as usize].len() == self.common[**group as usize] as usize
        };
        let free = self.met.iter().filter(takes_it).min().copied();
        self.forget_common();
        free.map_or_else(
            || {
                self.groups.push(Vec::new());
                self.groups.len() - 1
            },
            |group| group as usize,
        )
    }

    /// One group for each of these lines is the best so far, when those are fewer: a line is a biclique by itself. The
    /// search does not go on from there; lines have little in common with good roles.
    fn remember(&mut self, mut line_of: Vec<u32>) {
        let mut lines = line_of.clone();
        lines.sort_unstable();
        lines.dedup();
        if lines.len() < self.best_count {
            for line in &mut line_of {
                *line = narrow(lines.partition_point(|other| other < line));
            }
            self.accept(line_of);
        }
    }

    /// The fewest groups so far.
    pub(super) fn count(&self) -> usize {
        self.best_count
    }

    /// The group of each cell in the best grouping.
    pub(super) fn into_best(self) -> Vec<u32> {
        self.best
    }

    /// A better grouping was found otherwise.
    pub(super) fn accept(&mut self, group_of: Vec<u32>) {
        self.best_count = group_of.iter().max().map_or(0, |&last| last as usize + 1);
        self.best = group_of;
    }

    /// Looks for fewer groups until there are as few as `bound`, and answers how many steps it took.
    pub(super) fn look(&mut self, bound: usize, steps: usize) -> usize {
        let mut taken = 0;
        while taken < steps && self.best_count > bound {
            if self.open.is_empty() {
                self.break_up();
            }
            taken += self.advance();
            if self.open.is_empty() {
                self.keep();
            }
        }
        taken
    }

    fn keep(&mut self) {
        if self.best.is_empty() || self.groups.len() < self.best_count {
            self.best.clone_from(&self.group_of);
            self.best_count = self.groups.len();
        }
    }

    /// The smallest group goes; the last one takes its number.
    fn break_up(&mut self) {
        let smallest = (0..self.groups.len()).min_by_key(|&group| self.groups[group].len());
        let smallest = smallest.expect("there are more groups than the bound");
        self.open = self.groups.swap_remove(smallest);
        for &node in &self.open {
            self.group_of[node as usize] = NONE;
        }
        if let Some(moved) = self.groups.get(smallest) {
            for &node in moved {
                self.group_of[node as usize] = narrow(smallest);
            }
        }
        self.banned.iter_mut().for_each(Vec::clear);
        self.fewest_open = self.open.len();
    }

    /// An open cell takes the place where it puts out the fewest others.
    fn advance(&mut self) -> usize {
        self.moves += 1;
        let place = self.random.below(self.open.len());
        let node = self.open[place];
        self.count_common(node);
        let banned = &mut self.banned[node as usize];
        banned.retain(|&(_, until)| until > self.moves);
        let (mut choice, mut fewest, mut equal) = (None, usize::MAX, 0);
        // Of the groups with nothing in common one is enough: to take its place means to break it up.
        let other = self.random.below(self.groups.len());
        if self.common[other] == 0 {
            self.met.push(narrow(other));
        }
        for &group in &self.met {
            let out = self.groups[group as usize].len() - self.common[group as usize] as usize;
            let is_record = self.open.len() - 1 + out < self.fewest_open;
            if out > fewest || !is_record && banned.iter().any(|&(that, _)| that == group) {
                continue;
            }
            equal = if out < fewest { 1 } else { equal + 1 };
            fewest = out;
            if self.random.below(equal) == 0 {
                choice = Some(group);
            }
        }
        let mut taken = self.part.near[node as usize].len() + 2 * self.met.len() + 8;
        self.forget_common();
        if let Some(group) = choice {
            self.open.swap_remove(place);
            taken += self.push_in(node, group as usize);
        }
        self.fewest_open = self.fewest_open.min(self.open.len());
        taken
    }

    /// Puts a cell into a group and those out that it is not compatible with.
    fn push_in(&mut self, node: u32, group: usize) -> usize {
        let near = &self.part.near[node as usize];
        for &other in near {
            self.is_near[other as usize] = true;
        }
        let longest = 1 + 4 * self.open.len() + self.random.below(10 + 8 * self.open.len());
        let until = self.moves + longest as u64;
        let members = std::mem::take(&mut self.groups[group]);
        let taken = 2 * near.len() + members.len();
        for other in members {
            if self.is_near[other as usize] {
                self.groups[group].push(other);
            } else {
                self.group_of[other as usize] = NONE;
                self.open.push(other);
                self.banned[other as usize].push((narrow(group), until));
            }
        }
        for &other in near {
            self.is_near[other as usize] = false;
        }
        self.put(node, group);
        taken
    }

    fn put(&mut self, node: u32, group: usize) {
        self.group_of[node as usize] = narrow(group);
        self.groups[group].push(node);
    }

    fn count_common(&mut self, node: u32) {
        for &other in &self.part.near[node as usize] {
            let group = self.group_of[other as usize];
            if group != NONE {
                if self.common[group as usize] == 0 {
                    self.met.push(group);
                }
                self.common[group as usize] += 1;
            }
        }
    }

    fn forget_common(&mut self) {
        for group in self.met.drain(..) {
            self.common[group as usize] = 0;
        }
    }
}
