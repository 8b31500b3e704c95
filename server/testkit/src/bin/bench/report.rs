//! Figures, limits, and the table they are shown in.
//!
//! A limit is a stated number, or one that was measured in the same run; the row's words say which.

use std::fmt::Write as _;

use crate::machine::Machine;

/// What a figure is held against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Limit {
    AtMost(f64),
    AtLeast(f64),
    /// For the record only.
    None,
}

/// One figure.
#[derive(Debug)]
pub(crate) struct Row {
    bench: &'static str,
    what: String,
    unit: &'static str,
    figure: Option<f64>,
    limit: Limit,
}

impl Row {
    pub(crate) fn new(
        bench: &'static str,
        what: impl Into<String>,
        unit: &'static str,
        figure: f64,
        limit: Limit,
    ) -> Self {
        Self {
            bench,
            what: what.into(),
            unit,
            figure: Some(figure),
            limit,
        }
    }

    /// A measurement that went wrong: its line stays in the table.
    pub(crate) fn not_measured(bench: &'static str) -> Self {
        Self {
            bench,
            what: "could not be measured".to_owned(),
            unit: "",
            figure: None,
            limit: Limit::None,
        }
    }

    fn cells(&self) -> [String; 6] {
        let show = |value: f64| format!("{} {}", number(value), self.unit);
        let (limit, bound) = match self.limit {
            Limit::AtMost(most) => (format!("at most {}", show(most)), Some(most)),
            Limit::AtLeast(least) => (format!("at least {}", show(least)), Some(least)),
            Limit::None => ("-".to_owned(), None),
        };
        let ratio = self
            .figure
            .zip(bound.filter(|bound| *bound > 0.0))
            .map(|(figure, bound)| figure / bound);
        [
            self.bench.to_owned(),
            self.what.clone(),
            self.figure.map_or("-".to_owned(), show),
            limit,
            ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.2}")),
            self.verdict().to_owned(),
        ]
    }

    fn verdict(&self) -> &'static str {
        let met = match (self.figure, self.limit) {
            (None, _) => return "FAILED",
            (_, Limit::None) => return "-",
            (Some(figure), Limit::AtMost(most)) => figure <= most,
            (Some(figure), Limit::AtLeast(least)) => figure >= least,
        };
        if met { "ok" } else { "MISSED" }
    }
}

/// Three digits or so: more would be noise.
fn number(value: f64) -> String {
    let digits = match value.abs() {
        size if size < f64::EPSILON => 0,
        size if size >= 1_000.0 => return thousands(&format!("{value:.0}")),
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.digits$}")
}

fn thousands(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

const HEAD: [&str; 6] = ["Name", "Measured", "Ours", "Limit", "Ratio", "Met"];

/// The rows as a table that reads well as text and as Markdown.
pub(crate) fn table(rows: &[Row]) -> String {
    let cells: Vec<[String; 6]> = std::iter::once(HEAD.map(str::to_owned))
        .chain(rows.iter().map(Row::cells))
        .collect();
    let widths: [usize; 6] = std::array::from_fn(|column| {
        let width = |row: &[String; 6]| row[column].chars().count();
        cells.iter().map(width).max().unwrap_or(0)
    });
    let mut text = String::new();
    for (index, row) in cells.iter().enumerate() {
        line(&mut text, row.each_ref().map(String::as_str), widths, ' ');
        if index == 0 {
            line(&mut text, [""; 6], widths, '-');
        }
    }
    text
}

fn line(text: &mut String, cells: [&str; 6], widths: [usize; 6], fill: char) {
    for (cell, width) in cells.iter().zip(widths) {
        let rest = width - cell.chars().count();
        text.push_str("| ");
        text.push_str(cell);
        text.extend(std::iter::repeat_n(fill, rest));
        text.push(' ');
    }
    text.push_str("|\n");
}

/// The whole file.
pub(crate) fn document(machine: &Machine, rows: &[Row]) -> String {
    let mut text = String::from(
        "# Benchmarks\n\n\
         Written by `cargo xtask bench`, which makes its own data with a seed, starts the optimised server and measures \
         it from outside; the client shares the machine with it. Ratio is our figure divided by the limit. Misses stay \
         in the table. A row without a limit is for the record.\n\n",
    );
    for (name, value) in machine.facts() {
        let _ = writeln!(text, "- {name}: {value}");
    }
    let _ = write!(text, "\n{}", table(rows));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_met_from_their_side() {
        let row = |figure, limit| Row::new("a", "b", "s", figure, limit).verdict();
        assert_eq!(row(0.3, Limit::AtMost(0.3)), "ok");
        assert_eq!(row(0.4, Limit::AtMost(0.3)), "MISSED");
        assert_eq!(row(0.3, Limit::AtLeast(0.3)), "ok");
        assert_eq!(row(0.2, Limit::AtLeast(0.3)), "MISSED");
        assert_eq!(row(0.2, Limit::None), "-");
        assert_eq!(Row::not_measured("a").verdict(), "FAILED");
    }

    #[test]
    fn the_table_is_aligned() {
        let row = Row::new(
            "verify",
            "entries",
            "/s",
            1_234_567.8,
            Limit::AtLeast(200_000.0),
        );
        let expected = "\
            | Name   | Measured | Ours         | Limit               | Ratio | Met |\n\
            | ------ | -------- | ------------ | ------------------- | ----- | --- |\n\
            | verify | entries  | 1,234,568 /s | at least 200,000 /s | 6.17  | ok  |\n";
        assert_eq!(table(&[row]), expected);
    }
}
