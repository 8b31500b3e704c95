//! Access reviews, as use cases.

mod decide;

pub use decide::{
    Asked, Counted, Draft, Grouping, KeptTogether, Left, OpenPile, Pile, PileGroup, PileItem,
    Receipt, Spoken, Submitted, Summary, Went, keep_unflagged, open_piles, pile, receipt, stage,
    submit, summary, unstage,
};
