//! What a mail looks like: plain text and HTML of the same words, and headers that machines understand.
//!
//! No picture, no colour, nothing that is fetched from anywhere: a reader's own light or dark theme shows it, and nobody
//! learns whether it was opened. It has links to pages and no way to decide anything.

use lettre::Message;
use lettre::address::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use maud::{DOCTYPE, html};
use service::notifications::Letter;

use crate::Sender;

/// Wide enough for sentences, narrow enough for a phone; sizes only, no colours.
const STYLE: &str = "body{font-family:system-ui,sans-serif;line-height:1.5;margin:0;padding:16px}\
main{max-width:36rem;margin:0 auto}h1{font-size:1.25rem}h2{font-size:1rem;margin:24px 0 4px}p{margin:4px 0 12px}\
.text{white-space:pre-line}footer{font-size:.875rem;margin-top:32px}";

/// The mail, or why it cannot be made.
pub(crate) fn message(letter: &Letter, from: &Sender) -> Result<Message, String> {
    let address: Address = letter
        .address
        .parse()
        .map_err(|_| format!("“{}” is not an e-mail address.", letter.address))?;
    let id = format!("<{}.bailiwick@{}>", letter.id, from.0.email.domain());
    let raw = |name: &str, value: &str| {
        let name = HeaderName::new_from_ascii(name.to_owned());
        name.map(|name| HeaderValue::new(name, value.to_owned()))
    };
    let mut message = Message::builder()
        .from(from.0.clone())
        .to(Mailbox::new(Some(line(&letter.name)), address))
        .subject(line(&letter.subject))
        .message_id(Some(id));
    // No answer by a machine that is on holiday.
    for (name, value) in [
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
    ] {
        let header =
            raw(name, value).map_err(|_| "A header of the mail cannot be written.".to_owned())?;
        message = message.raw_header(header);
    }
    message
        .multipart(MultiPart::alternative_plain_html(
            text(letter),
            markup(letter),
        ))
        .map_err(|error| format!("The mail cannot be written: {error}"))
}

/// One line: what could begin another header is a space.
fn line(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.collect::<String>().trim().to_owned()
}

fn greeting(letter: &Letter) -> String {
    match (letter.digest, letter.items.len()) {
        (true, 1) => format!("{}, this waits unread for you.", letter.name),
        (true, many) => format!(
            "{}, these {many} messages wait unread for you.",
            letter.name
        ),
        (false, _) => format!("{},", letter.name),
    }
}

fn reason(letter: &Letter) -> String {
    format!(
        "You get this mail because of your work in Bailiwick at {}.",
        letter.organisation
    )
}

fn text(letter: &Letter) -> String {
    let mut parts = vec![greeting(letter)];
    for item in &letter.items {
        parts.push(format!(
            "{}\n\n{}\n\nOpen it: {}",
            item.title, item.text, item.url
        ));
    }
    parts.push(format!(
        "--\n{}\nAll your messages: {}\nChoose what comes by mail: {}",
        reason(letter),
        letter.list_url,
        letter.settings_url
    ));
    parts.join("\n\n") + "\n"
}

fn markup(letter: &Letter) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (letter.subject) }
                style { (STYLE) }
            }
            body {
                main {
                    p { (greeting(letter)) }
                    @for item in &letter.items {
                        h2 { (item.title) }
                        p.text { (item.text) }
                        p { a href=(item.url) { "Open it in Bailiwick" } }
                    }
                    footer {
                        hr;
                        p { (reason(letter)) }
                        p {
                            a href=(letter.list_url) { "All your messages" }
                            " · "
                            a href=(letter.settings_url) { "Choose what comes by mail" }
                        }
                    }
                }
            }
        }
    }
    .into_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::MailId;
    use service::notifications::LetterItem;

    fn letter(subject: &str) -> Letter {
        Letter {
            id: MailId::from_raw(7),
            name: "Ana Silva\r\nBcc: all@example.com".to_owned(),
            address: "ana@example.com".to_owned(),
            subject: subject.to_owned(),
            organisation: "Example".to_owned(),
            items: vec![LetterItem {
                title: "Ben <b>Ode</b> asks".to_owned(),
                text: "For \"books\" & more.".to_owned(),
                url: "https://b.example.com/inbox?a=1&b=2".to_owned(),
            }],
            digest: false,
            list_url: "https://b.example.com/notifications".to_owned(),
            settings_url: "https://b.example.com/me/notifications".to_owned(),
        }
    }

    fn sent(letter: &Letter) -> String {
        let from = "Bailiwick <access@example.com>".parse().expect("a sender");
        let message = message(letter, &from).expect("a mail");
        String::from_utf8(message.formatted()).expect("a mail is ASCII")
    }

    #[test]
    fn a_mail_says_the_same_at_every_attempt_and_no_words_become_headers() {
        let text = sent(&letter("Asks\r\nBcc: all@example.com\r\n\r\nfor “Ü”"));
        let (head, _) = text.split_once("\r\n\r\n").expect("a head");
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        assert!(head.contains(&format!(
            "Message-ID: <{}.bailiwick@example.com>",
            MailId::from_raw(7)
        )));
        assert!(head.contains("Auto-Submitted: auto-generated"));
        assert!(
            head.contains("From: Bailiwick <access@example.com>")
                || head.contains("From: \"Bailiwick\" <access@example.com>")
        );
    }

    #[test]
    fn words_are_words_in_html_and_nothing_is_fetched() {
        let page = markup(&letter("A"));
        assert!(page.contains("Ben &lt;b&gt;Ode&lt;/b&gt; asks") && page.contains("a=1&amp;b=2"));
        for fetched in ["<img", "src=", "url(", "@import", "<form", "<script"] {
            assert!(!page.contains(fetched), "{fetched}");
        }
        let plain = text(&letter("A"));
        assert!(
            plain.contains("Ben <b>Ode</b> asks")
                && plain.contains("https://b.example.com/inbox?a=1&b=2")
        );
    }

    #[test]
    fn an_address_that_is_none_is_refused_for_good() {
        let odd = Letter {
            address: "ana@".to_owned(),
            ..letter("A")
        };
        let from = "access@example.com".parse().expect("a sender");
        assert!(message(&odd, &from).is_err());
    }
}
