//! Acts at the command line, a file each.

/// A line of output. Whoever reads it may have seen enough and gone away, as `head` does: that is no failure.
macro_rules! say {
    ($($text:tt)*) => {
        $crate::commands::line(format_args!($($text)*))
    };
}

pub(crate) mod access;
pub(crate) mod admin;
pub(crate) mod audit;

pub(crate) mod demo;
pub(crate) mod discover;
pub(crate) mod evidence;
pub(crate) mod import;
pub(crate) mod link;
pub(crate) mod plan;
pub(crate) mod propose;
pub(crate) mod requests;
pub(crate) mod review;

use std::io::Write as _;

fn line(text: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
