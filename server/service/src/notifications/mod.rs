//! What people are told: in the bell of the console, and by mail where there is a mail server.
//!
//! [`tell`] is called inside the transaction of the act that there is something to say about, so nobody is told of what did
//! not happen. Nothing is decided by a notice or by opening one: it leads to a page, and that page asks who it is.

mod digest;
mod outgoing;
mod own;
mod post;
mod send;
mod tell;

pub(crate) use digest::{ensure_mail, expire};
pub use domain::notice::{Delivery, MailState, NoticeKind};
pub use outgoing::{Outgoing, SHOWN, announce, outgoing, send_again};
pub use own::{
    NotificationsPage, Settings, list, mark_all_read, open, save_settings, send_test, settings,
};
pub use post::{Letter, LetterItem, Post, Posted, Posting};
pub(crate) use send::SendMail;
pub use storage::notifications::{MailRow, Notification, Which};
pub use storage::visitor::UNREAD_CAP;
pub use tell::{Notice, tell};
