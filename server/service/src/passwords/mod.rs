//! Passwords: which are accepted (NIST SP 800-63B-4), how they are hashed, and how they are set and changed.

mod hashers;
mod policy;
mod pool;
mod set;

pub use policy::{MAX_CHARACTERS, MIN_CHARACTERS, Personal, check};
pub use pool::PasswordPool;
pub use set::{LinkOwner, change, link_owner, set_by_link};
