//! Lines of managers: who is meant, and where a line would come back to its beginning.

use super::book::Book;
use super::plan::{Fate, Plan, Upper};
use crate::imports::engine::names::Name;

/// Longest line of managers that is followed; longer ones are a mistake.
const CHAIN: usize = 64;

impl Plan {
    /// Finds the manager of every row, among the rows first and then among everybody.
    pub(super) fn find_managers(&mut self, book: &Book) {
        for row in 0..self.lines.len() {
            let manager = self.lines[row].manager;
            self.lines[row].upper = if manager == Name::NONE {
                Upper::None
            } else if let Some(other) = self.by_username.get(&manager) {
                let line = self.lines[*other as usize];
                match (line.fate, line.identity) {
                    (Fate::Waiting | Fate::Rejected | Fate::Taken, 0) => Upper::Unknown,
                    _ => Upper::Row(*other),
                }
            } else {
                book.holders
                    .get(&manager)
                    .map_or(Upper::Unknown, |id| Upper::Person(*id))
            };
        }
        self.cut_cycles(book);
    }

    /// Whoever stands in a circle of managers has none; so has whoever hangs at the end of a line that is too long.
    fn cut_cycles(&mut self, book: &Book) {
        // 0: not looked at; otherwise the number of the walk that looked at it, and how far it is from the top.
        let mut walk = vec![0_u32; self.lines.len()];
        let mut height = vec![0_usize; self.lines.len()];
        let rows_of = self.rows_of_people();
        for start in 0..self.lines.len() {
            let number = u32::try_from(start + 1).unwrap_or(u32::MAX);
            let mut way = Vec::new();
            let mut at = Some(start);
            while let Some(row) = at.filter(|row| walk[*row] == 0) {
                walk[row] = number;
                way.push(row);
                at = self.above(row, book, &rows_of);
            }
            let mut above = match at {
                Some(row) if walk[row] == number => {
                    let begin = way.iter().position(|known| *known == row).unwrap_or(0);
                    for member in way.drain(begin..) {
                        self.lines[member].upper = Upper::Cycle;
                        height[member] = 0;
                    }
                    0
                }
                Some(row) => height[row],
                None => 0,
            };
            for row in way.into_iter().rev() {
                let steps = usize::from(self.lines[row].upper != Upper::None);
                above = if steps == 0 { 0 } else { above + 1 };
                if above > CHAIN {
                    self.lines[row].upper = Upper::TooLong;
                    above = 0;
                }
                height[row] = above;
            }
        }
    }

    /// The row above a row: its manager's, or the first one on the line of recorded managers that the file has a row for.
    fn above(
        &self,
        row: usize,
        book: &Book,
        rows_of: &std::collections::HashMap<i64, u32>,
    ) -> Option<usize> {
        let mut person = match self.lines[row].upper {
            Upper::Row(other) => return Some(other as usize),
            Upper::Person(id) => id,
            _ => return None,
        };
        for _ in 0..CHAIN {
            if let Some(other) = rows_of.get(&person) {
                return Some(*other as usize);
            }
            person = book.person(person).manager;
            if person == 0 {
                break;
            }
        }
        None
    }

    fn rows_of_people(&self) -> std::collections::HashMap<i64, u32> {
        if !self
            .lines
            .iter()
            .any(|line| matches!(line.upper, Upper::Person(_)))
        {
            return std::collections::HashMap::new();
        }
        let rows = (0_u32..)
            .zip(&self.lines)
            .filter(|(_, line)| line.identity > 0 && line.fate.governs());
        rows.map(|(row, line)| (line.identity, row)).collect()
    }
}
