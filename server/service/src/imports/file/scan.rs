//! The scanner: bytes of a file in, rows out (RFC 4180).
//!
//! Strict where a lenient reader would guess: a stray quotation mark, a NUL byte, text that is no UTF-8 and a field
//! without end are faults of their line, and reading goes on at the next one. It works on pieces and can go back to an
//! earlier one, so that a quotation mark that is never closed costs one line and not the rest of the file.

use super::fault::{Fault, What};

/// What a spreadsheet writes before UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";
/// Most bytes of one field.
pub(crate) const FIELD_MAX: usize = 1 << 20;
/// Most bytes of one row.
const ROW_MAX: usize = 16 << 20;
/// Most columns that are looked at.
pub(crate) const COLUMNS_MAX: usize = 1000;

/// One row: its fields and the line it begins in.
#[derive(Debug, Default)]
pub(crate) struct Record {
    text: String,
    ends: Vec<usize>,
    /// The physical line of its first byte; the header's is 1.
    pub(crate) line: u64,
}

impl Record {
    /// How many fields there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A field; empty when there is none at this place.
    pub(crate) fn get(&self, column: usize) -> &str {
        let begin = match column.checked_sub(1) {
            None => Some(0),
            Some(before) => self.ends.get(before).copied(),
        };
        begin
            .zip(self.ends.get(column).copied())
            .and_then(|(begin, end)| self.text.get(begin..end))
            .unwrap_or_default()
    }

    /// All fields.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|column| self.get(column))
    }
}

/// What a step of the scanner led to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// [`Scanner::record`] holds a row.
    Row,
    /// A line that cannot be read; [`Scanner::record`] holds what could be.
    Broken(Fault),
    /// Give the piece with this number to [`Scanner::load`].
    Piece(u64),
    /// The file is over.
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    QuoteInQuoted,
    /// The row is broken; its line is read to the end.
    Skip,
}

/// Reads rows out of pieces.
#[derive(Debug)]
pub(crate) struct Scanner {
    size: u64,
    piece_size: u64,
    piece: Vec<u8>,
    piece_start: u64,
    /// The next byte to read, and the line it is in.
    at: u64,
    line: u64,
    state: State,
    text: Vec<u8>,
    field_start: usize,
    fault: Option<Fault>,
    /// Where the line after the row's first one begins, once the row goes on there.
    next_line: Option<u64>,
    in_row: bool,
    record: Record,
}

impl Scanner {
    /// A scanner of a file of `size` bytes that comes in pieces of `piece_size`.
    pub(crate) fn new(size: u64, piece_size: u64) -> Self {
        Self {
            size,
            piece_size,
            piece: Vec::new(),
            piece_start: 0,
            at: 0,
            line: 1,
            state: State::FieldStart,
            text: Vec::new(),
            field_start: 0,
            fault: None,
            next_line: None,
            in_row: false,
            record: Record::default(),
        }
    }

    /// Takes the piece that was asked for.
    pub(crate) fn load(&mut self, ordinal: u64, piece: Vec<u8>) {
        if ordinal == 0 && self.at == 0 && piece.starts_with(MARK) {
            self.at = MARK.len() as u64;
        }
        self.piece_start = ordinal * self.piece_size;
        self.piece = piece;
    }

    /// The row of the last step.
    pub(crate) const fn record(&self) -> &Record {
        &self.record
    }

    /// The next byte to read.
    pub(crate) const fn position(&self) -> u64 {
        self.at
    }

    /// Goes on to the next row.
    pub(crate) fn step(&mut self) -> Step {
        loop {
            if self.at >= self.size {
                return self.end();
            }
            let from = self
                .at
                .checked_sub(self.piece_start)
                .and_then(|n| usize::try_from(n).ok())
                .filter(|n| *n < self.piece.len());
            let Some(from) = from else {
                return Step::Piece(self.at / self.piece_size);
            };
            if !self.in_row {
                self.begin();
            }
            let piece = std::mem::take(&mut self.piece);
            let over = self.read(&piece[from..]);
            self.piece = piece;
            if over && let Some(step) = self.finish() {
                return step;
            }
        }
    }

    fn begin(&mut self) {
        self.in_row = true;
        self.state = State::FieldStart;
        self.text = std::mem::take(&mut self.record.text).into_bytes();
        self.text.clear();
        self.record.ends.clear();
        self.record.line = self.line;
        self.field_start = 0;
        self.fault = None;
        self.next_line = None;
    }

    /// Reads on; whether the row is over.
    fn read(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            self.at += 1;
            if *byte == b'\n' {
                self.line += 1;
                self.next_line.get_or_insert(self.at);
            }
            match (self.state, *byte) {
                (State::Skip, b'\n') => return true,
                // Only the carriage return of the line's end may follow a closing quotation mark.
                (State::Skip, _) | (State::QuoteInQuoted, b'\r') => {}
                (State::Quoted, b'"') => self.state = State::QuoteInQuoted,
                (State::FieldStart, b'"') => self.state = State::Quoted,
                (State::QuoteInQuoted, b'"') => {
                    self.push(b'"');
                    self.state = State::Quoted;
                }
                (State::Quoted, byte) => self.push(byte),
                (_, b',') => self.end_field(),
                (_, b'\n') => {
                    self.drop_return();
                    self.end_field();
                    return true;
                }
                (State::QuoteInQuoted, _) => {
                    if self.break_off(What::AfterQuote) {
                        return true;
                    }
                }
                (State::Plain, b'"') => {
                    if self.break_off(What::StrayQuote) {
                        return true;
                    }
                }
                (State::FieldStart | State::Plain, byte) => {
                    self.push(byte);
                    self.state = State::Plain;
                }
            }
        }
        false
    }

    fn push(&mut self, byte: u8) {
        let column = self.record.ends.len();
        if byte == 0 {
            self.fault.get_or_insert(Fault {
                column,
                what: What::Nul,
            });
        } else if self.text.len() - self.field_start >= FIELD_MAX || self.text.len() >= ROW_MAX {
            self.fault.get_or_insert(Fault {
                column,
                what: What::TooLong,
            });
        } else if column <= COLUMNS_MAX {
            self.text.push(byte);
        }
    }

    fn drop_return(&mut self) {
        if self.state == State::Plain && self.text.len() > self.field_start {
            self.text.pop_if(|byte| *byte == b'\r');
        }
    }

    fn end_field(&mut self) {
        // A field with a fault is as good as empty, and beyond the last column only that there is more matters.
        if self
            .fault
            .is_some_and(|fault| fault.column == self.record.ends.len())
        {
            self.text.truncate(self.field_start);
        }
        if self.record.ends.len() <= COLUMNS_MAX {
            self.record.ends.push(self.text.len());
        }
        self.field_start = self.text.len();
        self.state = State::FieldStart;
    }

    /// Gives the row up. Whether it is over already: reading then goes back to the line after its first one.
    fn break_off(&mut self, what: What) -> bool {
        self.fault = Some(Fault {
            column: self.record.ends.len(),
            what,
        });
        self.text.truncate(self.field_start);
        self.state = State::Skip;
        let Some(next) = self.next_line else {
            return false;
        };
        self.at = next;
        self.line = self.record.line + 1;
        true
    }

    /// The end of the file, perhaps inside of a row.
    fn end(&mut self) -> Step {
        if !self.in_row {
            return Step::End;
        }
        match self.state {
            State::Quoted => {
                self.break_off(What::Unclosed);
            }
            State::Skip => {}
            State::FieldStart | State::Plain | State::QuoteInQuoted => {
                self.drop_return();
                self.end_field();
            }
        }
        self.finish().unwrap_or(Step::End)
    }

    /// What the row has become; nothing when the line was blank.
    fn finish(&mut self) -> Option<Step> {
        self.in_row = false;
        let bytes = std::mem::take(&mut self.text);
        self.record.text = match String::from_utf8(bytes) {
            Ok(text)
                if self
                    .record
                    .ends
                    .iter()
                    .all(|end| text.is_char_boundary(*end)) =>
            {
                text
            }
            Ok(text) => self.readable(text.as_bytes()),
            Err(error) => self.readable(error.as_bytes()),
        };
        if self.record.len() == 1 && self.record.text.is_empty() && self.fault.is_none() {
            return None;
        }
        Some(self.fault.map_or(Step::Row, Step::Broken))
    }

    /// The fields that are UTF-8; the others become empty, and the first of them is the fault.
    fn readable(&mut self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len());
        let mut begin = 0;
        for (column, end) in self.record.ends.iter_mut().enumerate() {
            match std::str::from_utf8(bytes.get(begin..*end).unwrap_or_default()) {
                Ok(field) => text.push_str(field),
                Err(_) => {
                    self.fault.get_or_insert(Fault {
                        column,
                        what: What::Encoding,
                    });
                }
            }
            begin = *end;
            *end = text.len();
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Everything in a file, in pieces of a size.
    fn scan(file: &[u8], piece: u64) -> Vec<(u64, Vec<String>, Option<Fault>)> {
        let mut scanner = Scanner::new(file.len() as u64, piece);
        let mut rows = Vec::new();
        loop {
            let fault = match scanner.step() {
                Step::Piece(ordinal) => {
                    let begin = usize::try_from(ordinal * piece).unwrap();
                    let end = file.len().min(begin + usize::try_from(piece).unwrap());
                    scanner.load(ordinal, file[begin..end].to_vec());
                    continue;
                }
                Step::End => return rows,
                Step::Row => None,
                Step::Broken(fault) => Some(fault),
            };
            let record = scanner.record();
            rows.push((
                record.line,
                record.fields().map(str::to_owned).collect(),
                fault,
            ));
        }
    }

    fn faults(file: &str) -> Vec<(u64, What)> {
        scan(file.as_bytes(), 4)
            .into_iter()
            .filter_map(|(line, _, fault)| Some((line, fault?.what)))
            .collect()
    }

    #[test]
    fn quoted_fields_may_hold_commas_line_breaks_and_quotation_marks() {
        let rows = scan(b"a,\"b,\"\"x\"\"\r\n\",c\r\n\r\nd,,\"\"", 3);
        assert_eq!(rows.len(), 2);
        assert_eq!(
            rows[0],
            (1, vec!["a".into(), "b,\"x\"\r\n".into(), "c".into()], None)
        );
        assert_eq!(
            rows[1],
            (4, vec!["d".into(), String::new(), String::new()], None)
        );
    }

    #[test]
    fn a_broken_line_costs_that_line_only() {
        assert_eq!(faults("a,b\nc\"d,e\nf,g\n"), [(2, What::StrayQuote)]);
        assert_eq!(faults("a,\"b\"c\nd,e\n"), [(1, What::AfterQuote)]);
        assert_eq!(faults("a,\"b\nc,d\ne,f\n"), [(1, What::Unclosed)]);
        // The quotation mark that closes belongs to a later line: that line is still read by itself.
        let rows = scan(b"a,\"b\nc,\"d\"\ne,f\n", 5);
        assert_eq!(rows[0].2.map(|f| f.what), Some(What::AfterQuote));
        assert_eq!(rows[1].1, ["c", "d"]);
        assert_eq!(rows[2].1, ["e", "f"]);
    }

    #[test]
    fn a_field_with_a_fault_leaves_the_others_readable() {
        let rows = scan(b"a\0,b\nc,\xff\xfe,d\n\xc3,\xa9\n", 7);
        assert_eq!(rows[0].1, ["", "b"]);
        assert_eq!(
            rows[0].2,
            Some(Fault {
                column: 0,
                what: What::Nul
            })
        );
        assert_eq!(rows[1].1, ["c", "", "d"]);
        assert_eq!(
            rows[1].2,
            Some(Fault {
                column: 1,
                what: What::Encoding
            })
        );
        assert_eq!(
            rows[2].2,
            Some(Fault {
                column: 0,
                what: What::Encoding
            })
        );
    }

    #[test]
    fn a_field_beyond_the_limit_is_not_kept() {
        for quote in ["", "\""] {
            let file = format!("a,{quote}{}{quote},c\nd,e,f\n", "x".repeat(10 << 20));
            let rows = scan(file.as_bytes(), 1 << 18);
            assert_eq!(rows[0].1, ["a", "", "c"]);
            assert_eq!(
                rows[0].2,
                Some(Fault {
                    column: 1,
                    what: What::TooLong
                })
            );
            assert_eq!(rows[1].1, ["d", "e", "f"]);
        }
        let most = format!("{},b\n", "x".repeat(FIELD_MAX));
        assert_eq!(scan(most.as_bytes(), 1 << 18)[0].2, None);
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(rows in proptest::collection::vec(proptest::collection::vec("[a\",\r\n é]{0,5}", 2..4), 0..6), piece in 1_u64..20) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let file = writer.into_inner().unwrap();
            let read: Vec<_> = scan(&file, piece).into_iter().map(|(_, fields, fault)| (fields, fault)).collect();
            prop_assert_eq!(read, rows.into_iter().map(|row| (row, None)).collect::<Vec<_>>());
        }

        #[test]
        fn no_input_stops_it_or_depends_on_the_pieces(file in proptest::collection::vec(proptest::sample::select(&b"a\",\n\r\0\xc3"[..]), 0..60), piece in 1_u64..20) {
            prop_assert_eq!(scan(&file, piece), scan(&file, 1000));
        }
    }
}
