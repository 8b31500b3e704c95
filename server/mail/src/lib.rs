//! Takes mail to an SMTP server: the address of the server, what a mail looks like, and what the server's answers mean.
//!
//! Who is told what, and when it is tried again, is decided by the service. TLS is rustls, with the certificates that the
//! system trusts. An address with a password is never written anywhere, not even into an error.

mod address;
mod letter;

use std::time::Duration;

use lettre::transport::smtp::{Error as SmtpError, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use service::notifications::{Letter, Post, Posted, Posting};

pub use address::{InvalidAddress, Sender};

/// How long the server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// A connection that nobody used for so long is closed.
const RESTED: Duration = Duration::from_secs(20);

/// An SMTP server, and who mails are from.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Sender,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp")
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

impl Smtp {
    /// The server at an address such as `smtps://user:password@mail.example.com` or `smtp://mail.example.com:587`, which
    /// must offer STARTTLS. Does not connect yet.
    pub fn new(url: &str, from: &str) -> Result<Self, InvalidAddress> {
        let from = from.parse()?;
        let url = address::server(url)?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url)
            .map_err(|_| InvalidAddress::Server)?
            .timeout(Some(PATIENCE))
            .pool_config(PoolConfig::new().max_size(1).idle_timeout(RESTED))
            .build();
        Ok(Self { transport, from })
    }
}

impl Post for Smtp {
    fn send<'a>(&'a self, letter: &'a Letter) -> Posting<'a> {
        Box::pin(async move {
            let message = match letter::message(letter, &self.from) {
                Ok(message) => message,
                Err(reason) => return Posted::Refused(reason),
            };
            match self.transport.send(message).await {
                Ok(_) => Posted::Taken,
                Err(error) => meaning(&error),
            }
        })
    }
}

/// What an answer means: 5xx is for good, 4xx for now, and who does not know us takes nothing from us at all.
fn meaning(error: &SmtpError) -> Posted {
    let code = error.status().map(u16::from);
    let text = short(&error.to_string());
    match code {
        // Asked for a password, or the one we have is wrong: not the mail's fault.
        Some(421 | 530 | 534 | 535 | 538 | 454) | None => {
            Posted::Unreachable(format!("The mail server cannot be used: {text}"))
        }
        Some(_) if error.is_permanent() => {
            Posted::Refused(format!("The mail server refused it: {text}"))
        }
        Some(_) => Posted::Later(format!("The mail server does not take it now: {text}")),
    }
}

/// The first lines of what a server said, as one.
fn short(text: &str) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    line.join(" ").chars().take(300).collect()
}
