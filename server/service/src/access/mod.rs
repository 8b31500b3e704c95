//! Observed access and accounts as pages show them: of a person, of an entitlement, of an application, and all of them.
//!
//! Who may see a person sees what was observed of them; who may see an application or an entitlement sees who is in it.
//! Nothing here changes anything: sources say what there is.

mod accounts;
mod export;
mod observed;

pub use accounts::{
    AccountsPage, all as accounts, of_application as application_accounts,
    of_person as person_accounts,
};
pub(crate) use export::{ACCESS_COLUMNS, ACCOUNT_COLUMNS, access_rows, account_rows};
pub(crate) use observed::Scope;
pub use observed::{AccessPage, all as observed, holders, of_person as person_access};

pub use storage::access::AccessRow;
pub use storage::accounts::AccountRow;
