//! What makes a line unreadable, in sentences that say what to do.

use super::scan::FIELD_MAX;

/// Why a line cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// A quotation mark in the middle of a field.
    StrayQuote,
    /// Something other than a comma after a closing quotation mark.
    AfterQuote,
    /// A quotation mark that is never closed.
    Unclosed,
    /// A byte of value 0.
    Nul,
    /// Bytes that are no UTF-8.
    Encoding,
    /// A field beyond [`FIELD_MAX`].
    TooLong,
}

/// A line that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The place of the first field that cannot be read, from 0.
    pub(crate) column: usize,
    /// Why.
    pub(crate) what: What,
}

impl Fault {
    /// Whether the fields behind the fault may belong elsewhere.
    pub(crate) const fn breaks_the_row(self) -> bool {
        matches!(
            self.what,
            What::StrayQuote | What::AfterQuote | What::Unclosed
        )
    }

    /// The sentence for whoever sent the file.
    pub(crate) fn sentence(self) -> String {
        match self.what {
            What::StrayQuote => "A quotation mark stands in the middle of a value. Put the whole value into quotation marks and write each one inside of it twice.".to_owned(),
            What::AfterQuote => "Something follows a closing quotation mark. Write a comma there, or write each quotation mark inside of a value twice.".to_owned(),
            What::Unclosed => "A quotation mark is opened here and never closed. Close it, or leave it out.".to_owned(),
            What::Nul => "The value holds a NUL byte. Remove it; the file may be damaged or in another encoding.".to_owned(),
            What::Encoding => "The value is not in UTF-8. Save the file as “CSV UTF-8” and send it again.".to_owned(),
            What::TooLong => format!("The value is longer than {} MiB. Shorten it.", FIELD_MAX >> 20),
        }
    }
}
