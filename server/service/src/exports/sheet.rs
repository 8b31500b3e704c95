//! A file in the making: rows with the columns that were chosen, in pieces.

use domain::page::Page;

use super::ExportList;
use crate::Result;
use crate::csv_export;

/// Rows as bytes.
#[derive(Debug)]
pub(super) struct Sheet {
    /// Places of the chosen columns among all.
    columns: Vec<usize>,
    bytes: Vec<u8>,
    rows: usize,
}

impl Sheet {
    /// With its header. Columns that the list does not have are left out; without any chosen, all are taken.
    pub(super) fn new(list: ExportList, chosen: &[String]) -> Result<Self> {
        let all = list.columns();
        let mut columns: Vec<usize> = Vec::new();
        // The first column says which thing a row is about, so it always comes first.
        let first = all.first().copied().filter(|_| !chosen.is_empty());
        for name in first.into_iter().chain(chosen.iter().map(String::as_str)) {
            let at = all.iter().position(|known| *known == name);
            columns.extend(at.filter(|at| !columns.contains(at)));
        }
        if chosen.is_empty() {
            columns = (0..all.len()).collect();
        }
        let header: Vec<&str> = columns.iter().map(|at| all[*at]).collect();
        Ok(Self {
            bytes: csv_export::write(&header, [])?,
            columns,
            rows: 0,
        })
    }

    /// Takes the rows of a page out of it.
    pub(super) fn take(&mut self, mut page: Page<Vec<String>>) -> Result<Page<Vec<String>>> {
        let rows = std::mem::take(&mut page.rows);
        self.rows += rows.len();
        let chosen = rows.into_iter().map(|mut row| {
            let cell = |at: &usize| row.get_mut(*at).map(std::mem::take).unwrap_or_default();
            self.columns.iter().map(cell).collect::<Vec<_>>()
        });
        self.bytes.extend(csv_export::write(&[], chosen)?);
        Ok(page)
    }

    /// Rows so far.
    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// A piece of this size, when there is so much.
    pub(super) fn piece(&mut self, size: usize) -> Option<Vec<u8>> {
        if self.bytes.len() < size {
            return None;
        }
        let rest = self.bytes.split_off(size);
        Some(std::mem::replace(&mut self.bytes, rest))
    }

    /// What is left; the header at least, when no piece was taken.
    pub(super) fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rows: &[[&str; 8]]) -> Page<Vec<String>> {
        Page {
            rows: rows
                .iter()
                .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
                .collect(),
            before: None,
            after: None,
            total: 0,
        }
    }

    #[test]
    fn columns_come_in_the_chosen_order_and_unknown_ones_are_left_out() {
        let chosen = ["status", "nonsense", "id"].map(str::to_owned);
        let mut sheet = Sheet::new(ExportList::Applications, &chosen).expect("a sheet");
        sheet
            .take(page(&[["1", "n", "d", "t", "o", "c", "=active", "0"]]))
            .expect("a row");
        assert_eq!(sheet.rows(), 1);
        let text = String::from_utf8(sheet.rest()).expect("utf-8");
        assert_eq!(text, "id,status\r\n1,'=active\r\n");
    }

    #[test]
    fn pieces_put_together_are_the_file() {
        let mut sheet = Sheet::new(ExportList::Applications, &[]).expect("a sheet");
        for _ in 0..10 {
            sheet.take(page(&[["1"; 8]; 3])).expect("rows");
        }
        let mut all = Vec::new();
        while let Some(piece) = sheet.piece(100) {
            assert_eq!(piece.len(), 100);
            all.extend(piece);
        }
        all.extend(sheet.rest());
        assert_eq!(String::from_utf8(all).expect("utf-8").lines().count(), 31);
    }
}
