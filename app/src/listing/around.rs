//! What a list page is made of beside its rows, in one piece.

use super::{Bar, Opened, Params, Peek, Shown};
use crate::visit::Visit;

/// What stands around the rows.
#[derive(Debug)]
pub struct Around<'a, R: 'static, T> {
    /// Who looks.
    pub visit: &'a Visit,
    /// What the list is called for them.
    pub title: &'static str,
    /// Its state.
    pub params: &'a Params,
    /// Its columns.
    pub shown: Shown<R>,
    /// Its views.
    pub bar: Bar<'a>,
    /// The ways to the panels of its rows.
    pub peek: Peek<'a>,
    /// The row that is open.
    pub opened: Opened<T>,
}
