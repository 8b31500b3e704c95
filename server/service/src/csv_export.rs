//! Lists as CSV files (RFC 4180), safe to open in a spreadsheet.

use domain::page::{COUNT_CAP, ListQuery, Page, Position};

use crate::{Error, Result};

/// Rows of a file that is made while somebody waits; a longer one is made by a job.
pub const MOST_ROWS: u64 = COUNT_CAP;

/// A cell that a spreadsheet would run as a formula begins with an apostrophe instead (OWASP, CSV injection).
fn safe(cell: &str) -> std::borrow::Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}

/// A file with a header row; without one, rows that go on with a file.
pub(crate) fn write(
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let failed = |e: csv::Error| Error::Internal(format!("a CSV row could not be written: {e}"));
    if !header.is_empty() {
        writer.write_record(header).map_err(failed)?;
    }
    for row in rows {
        writer
            .write_record(row.iter().map(|cell| safe(cell).into_owned()))
            .map_err(failed)?;
    }
    writer
        .into_inner()
        .map_err(|e| Error::Internal(format!("a CSV file could not be finished: {e}")))
}

/// The query for the next page of an export, from the page before.
pub(crate) fn next_page<T>(query: &ListQuery, page: Option<&Page<T>>) -> Result<Option<ListQuery>> {
    match page {
        None => Ok(Some(ListQuery {
            position: Position::Start,
            size: 200,
            ..query.clone()
        })),
        Some(page) if page.total > MOST_ROWS => Err(Error::TooMany { most: MOST_ROWS }),
        Some(page) => Ok(page.after.clone().map(|cursor| ListQuery {
            position: Position::After(cursor),
            size: 200,
            ..query.clone()
        })),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn formulas_quotes_and_line_breaks_are_harmless() {
        let rows = vec![
            vec!["=HYPERLINK(\"x\")".to_owned(), "a\nb".to_owned()],
            vec!["-1".to_owned(), "plain".to_owned()],
        ];
        let file = super::write(&["a", "b"], rows).expect("writes");
        assert_eq!(
            String::from_utf8(file).expect("utf-8"),
            "a,b\r\n\"'=HYPERLINK(\"\"x\"\")\",\"a\nb\"\r\n'-1,plain\r\n"
        );
    }
}
