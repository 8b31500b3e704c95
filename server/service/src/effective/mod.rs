//! Effective access: what people have at a moment, why, and what would really end it. Read from versioned rows, so every
//! past moment is answered by the same code as the present.
//!
//! What is kept is the factors, not the product: assignments (those of rules are written when they apply), roles with
//! what they reach, exclusions. A person's access is their product, found in microseconds; kept as rows it would be ten
//! million of them that one edit of a role makes wrong.

mod between;
mod compare;
mod concerned;
mod explain;
mod export;
mod holders;
mod load;
mod moment;
mod named;
mod offer;
mod peers;
mod person;
mod roles;
mod side;
mod span;
mod sums;
mod totals;
mod words;

pub use between::{Between, Mover, MoversPage, entitlement_between, person_between};
pub use compare::{Compared, Shared, compare, compare_with};
pub use explain::{Explained, LeftOver, MustEnd, entitlement_by_names, explain, explain_by_names};
pub(crate) use export::{COLUMNS as EXPORT_COLUMNS, rows as export_rows};
pub use holders::{Holder, HoldersPage, entitlement_holders, every_holder};
pub(crate) use holders::{of_role, people_with_role, some_with_role};
pub(crate) use load::{People, Via, Whole, graph, load, load_from, load_in, presence};
pub use moment::AsOf;
pub(crate) use named::names_of;
pub use named::{NamedEntitlement, NamedRole};
pub use offer::{Offer, OfferedRole, Offers};
pub(crate) use peers::peers_with;
pub(crate) use person::MOST_PEERS;
pub use person::{
    AccessLine, Excluded, Held, Line, PersonAccess, Resting, access_by_username, access_of,
};
pub use span::Span;
pub use sums::{Moved, Sums, application_between, organisation_between};
pub use totals::Total;
pub(crate) use words::how;
pub use words::{How, Reason, Way, sentence};
