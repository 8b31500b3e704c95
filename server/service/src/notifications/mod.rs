//! What people are told: in the bell of the console, and by mail where there is a mail server.
//!
//! [`tell`] is called inside the transaction of the act that there is something to say about, so nobody is told of what did
//! not happen. Nothing is decided by a notice or by opening one: it leads to a page, and that page asks who it is.

mod own;
mod tell;

pub use domain::notice::{Delivery, NoticeKind};
pub use own::{
    NotificationsPage, Settings, list, mark_all_read, open, save_settings, send_test, settings,
};
pub use storage::notifications::{Notification, Which};
pub use storage::visitor::UNREAD_CAP;
pub use tell::{Notice, tell};
