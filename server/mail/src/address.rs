//! Where the mail server is, and who mails are from, as they stand in the configuration.

use std::net::IpAddr;
use std::str::FromStr;

use lettre::message::Mailbox;
use url::Url;

/// What is wrong with the configuration of mail. Says nothing of what was given: there may be a password in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// Not the address of a server.
    #[error(
        "--smtp-url is not the address of a mail server. Write it like smtps://user:password@mail.example.com:465 or \
         smtp://user:password@mail.example.com:587, with %40 for an @ in the name or the password."
    )]
    Server,
    /// A password would travel in the clear.
    #[error(
        "--smtp-url would send its password without encryption. Use smtps://, or leave tls=none and tls=opportunistic out."
    )]
    InTheClear,
    /// Not the address of a person.
    #[error(
        "--mail-from is not an address that mail can come from. Write it like access@example.com or \
         \"Bailiwick <access@example.com>\"."
    )]
    From,
}

/// Who mails are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(pub(crate) Mailbox);

impl FromStr for Sender {
    type Err = InvalidAddress;
    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        text.trim()
            .parse()
            .map(Self)
            .map_err(|_| InvalidAddress::From)
    }
}

/// The address as lettre takes it. Without a word about TLS it is required, except on this machine: there it is nobody's
/// business, and most relays have no certificate.
pub(crate) fn server(text: &str) -> Result<String, InvalidAddress> {
    let mut url = Url::parse(text.trim()).map_err(|_| InvalidAddress::Server)?;
    if !matches!(url.scheme(), "smtp" | "smtps") || url.host_str().is_none_or(str::is_empty) {
        return Err(InvalidAddress::Server);
    }
    // lettre takes a name without a password for none.
    if !url.username().is_empty() && url.password().is_none() {
        return Err(InvalidAddress::Server);
    }
    let asked: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let tls = match asked.as_slice() {
        [] => None,
        [(key, value)] if key == "tls" => Some(value.as_str()),
        _ => return Err(InvalidAddress::Server),
    };
    let may_be_read = match (url.scheme(), tls) {
        ("smtps", None | Some("required")) | ("smtp", Some("required")) => false,
        ("smtp", None) => is_here(&url),
        ("smtp", Some("none" | "opportunistic")) => true,
        _ => return Err(InvalidAddress::Server),
    };
    if may_be_read && url.password().is_some() && !is_here(&url) {
        return Err(InvalidAddress::InTheClear);
    }
    let tls = match (url.scheme(), tls) {
        ("smtp", Some("opportunistic")) => Some("tls=opportunistic"),
        ("smtp", _) if !may_be_read => Some("tls=required"),
        _ => None,
    };
    url.set_query(tls);
    Ok(url.into())
}

/// Whether it is this machine. A scheme that browsers do not know keeps even an address as a name.
fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_required_unless_the_server_is_on_this_machine() {
        for (given, taken) in [
            (
                "smtp://mail.example.com",
                "smtp://mail.example.com?tls=required",
            ),
            (
                "smtp://mail.example.com:587?tls=required",
                "smtp://mail.example.com:587?tls=required",
            ),
            (
                "smtps://u:p%40@mail.example.com",
                "smtps://u:p%40@mail.example.com",
            ),
            (
                "smtp://mail.example.com:25?tls=none",
                "smtp://mail.example.com:25",
            ),
            ("smtp://localhost:2525", "smtp://localhost:2525"),
            ("smtp://127.0.0.1:2525", "smtp://127.0.0.1:2525"),
            ("smtp://u:p@127.0.0.1:2525", "smtp://u:p@127.0.0.1:2525"),
            (
                "smtp://127.0.0.1:2525?tls=required",
                "smtp://127.0.0.1:2525?tls=required",
            ),
        ] {
            assert_eq!(server(given).as_deref(), Ok(taken), "{given}");
        }
    }

    #[test]
    fn what_is_no_server_is_refused_and_no_password_goes_in_the_clear() {
        for given in [
            "",
            "mail.example.com",
            "https://mail.example.com",
            "smtp://",
            "smtp://m?tls=perhaps",
            "smtp://m?odd=1",
            "smtp://name@m",
            "smtps://m?tls=none",
        ] {
            assert_eq!(server(given), Err(InvalidAddress::Server), "{given}");
        }
        for given in [
            "smtp://u:secret@m?tls=none",
            "smtp://u:secret@m?tls=opportunistic",
        ] {
            let refused = server(given).expect_err("refused");
            assert_eq!(refused, InvalidAddress::InTheClear);
            assert!(!format!("{refused} {refused:?}").contains("secret"));
        }
        assert!("Bailiwick <access@example.com>".parse::<Sender>().is_ok());
        assert_eq!("nobody".parse::<Sender>(), Err(InvalidAddress::From));
    }
}
