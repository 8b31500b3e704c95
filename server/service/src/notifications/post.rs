//! How a mail leaves: what is in it, and what the mail server said.
//!
//! The trait is implemented outside; nothing here knows SMTP, and nothing there knows why somebody is told something.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use domain::id::MailId;

/// One thing that a mail tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterItem {
    /// What happened, in a line.
    pub title: String,
    /// Enough to know what to do.
    pub text: String,
    /// The page to open.
    pub url: String,
}

/// A mail to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The same at every attempt, so that whoever gets it twice can see that it is one.
    pub id: MailId,
    /// To whom.
    pub name: String,
    /// Where to.
    pub address: String,
    /// What it is about.
    pub subject: String,
    /// Whose console this is.
    pub organisation: String,
    /// What it tells.
    pub items: Vec<LetterItem>,
    /// Whether it is the summary of a day.
    pub digest: bool,
    /// The page where all of it can be read.
    pub list_url: String,
    /// The page on which they choose what comes by mail.
    pub settings_url: String,
}

/// What the mail server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    /// It has taken the mail.
    Taken,
    /// It will never take this mail, for this reason.
    Refused(String),
    /// It does not take this mail now, for this reason.
    Later(String),
    /// It takes no mail at all now: it cannot be reached, or does not know us. The reason.
    Unreachable(String),
}

/// The answer to a letter, once it is there.
pub type Posting<'a> = Pin<Box<dyn Future<Output = Posted> + Send + 'a>>;

/// Whatever takes mail to people.
pub trait Post: fmt::Debug + Send + Sync {
    /// Sends a mail.
    fn send<'a>(&'a self, letter: &'a Letter) -> Posting<'a>;
}
