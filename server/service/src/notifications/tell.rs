//! Telling people something.

use domain::id::{IdentityId, MailId, NotificationId, ObjectKind, ObjectRef};
use domain::notice::{Delivery, NoticeKind};
use storage::WriteTx;
use storage::notifications::{NewMail, NewNotification};

use super::send;
use crate::{Error, Result, boxed};

/// Longest line that says what happened.
const TITLE_MAX: usize = 200;
/// Longest text below it.
const TEXT_MAX: usize = 2_000;

/// Something that somebody is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Who is told; never who did it.
    pub to: IdentityId,
    /// What kind of thing.
    pub kind: NoticeKind,
    /// What it is about.
    pub object: ObjectRef,
    /// What happened, in a line without a full stop, such as “Ana Silva asks for Post invoice”. The subject of the mail.
    pub title: String,
    /// Enough to know what to do, in plain sentences.
    pub text: String,
    /// The page to open, such as `/inbox/rqi_…`.
    pub path: String,
}

/// Tells people something, in the transaction of the act that they are told of. Any number of them costs a handful of
/// statements for each thousand. Who is not known is passed over.
#[boxed]
pub async fn tell(tx: &mut WriteTx, notices: &[Notice]) -> Result<()> {
    if notices.is_empty() {
        return Ok(());
    }
    if let Some(notice) = notices.iter().find(|notice| !is_page(&notice.path)) {
        return Err(Error::Internal(format!(
            "a notice leads to no page: {}",
            notice.path
        )));
    }
    let mut people: Vec<IdentityId> = notices.iter().map(|notice| notice.to).collect();
    people.sort_unstable();
    people.dedup();
    let reach = tx.reach(&people).await?;
    let is_on = tx.mail_head().await?.is_on;
    let known: Vec<(&Notice, Delivery)> = notices
        .iter()
        .filter_map(|notice| {
            let reach = reach.get(&notice.to)?;
            let by_mail = is_on && reach.by_mail;
            let delivery = if by_mail {
                reach.delivery(notice.kind)
            } else {
                Delivery::App
            };
            Some((notice, delivery))
        })
        .collect();
    let (all, mailed) = (
        known.len(),
        known.iter().filter(|(_, it)| *it == Delivery::Now).count(),
    );
    let mut id = next_ids(tx, ObjectKind::Notification, all).await?;
    let mut mail = next_ids(tx, ObjectKind::Mail, mailed).await?;
    let (mut rows, mut mails) = (Vec::with_capacity(all), Vec::with_capacity(mailed));
    for (notice, delivery) in known {
        let mail_id = (delivery == Delivery::Now).then(|| MailId::from_raw(take(&mut mail)));
        mails.extend(mail_id.map(|id| NewMail {
            id,
            identity: notice.to,
            digest: false,
        }));
        rows.push(NewNotification {
            id: NotificationId::from_raw(take(&mut id)),
            identity: notice.to,
            kind: notice.kind,
            object: notice.object,
            title: short(&notice.title, TITLE_MAX, char::is_control),
            text: short(&notice.text, TEXT_MAX, |c| c.is_control() && c != '\n'),
            path: notice.path.clone(),
            digest: delivery == Delivery::Digest,
            mail: mail_id,
        });
    }
    tx.insert_notifications(&rows).await?;
    tx.insert_mails(&mails).await?;
    if !mails.is_empty() {
        send::ask(tx).await?;
    }
    Ok(())
}

fn take(next: &mut i64) -> i64 {
    let id = *next;
    *next += 1;
    id
}

async fn next_ids(tx: &mut WriteTx, kind: ObjectKind, count: usize) -> Result<i64> {
    match i64::try_from(count) {
        Ok(count) if count > 0 => Ok(tx.next_ids(kind, count).await?),
        _ => Ok(0),
    }
}

/// A path of this console, and not an address elsewhere.
fn is_page(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(|c: char| c.is_control() || c == '\\')
}

/// At most so many characters, without those that are not to be in a line.
fn short(text: &str, most: usize, is_odd: impl Fn(char) -> bool) -> String {
    let text = text.trim();
    let mut kept: String = text
        .chars()
        .take(most)
        .map(|c| if is_odd(c) { ' ' } else { c })
        .collect();
    if text.chars().nth(most).is_some() {
        kept.pop();
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_leads_to_a_page_of_this_console() {
        assert!(is_page("/inbox/rqi_86Rf07xd4z"));
        for elsewhere in [
            "",
            "inbox",
            "//example.com",
            "https://example.com",
            "/a\nb",
            "/\\example.com",
        ] {
            assert!(!is_page(elsewhere), "{elsewhere}");
        }
    }

    #[test]
    fn a_line_stays_a_line_and_a_long_one_says_that_it_goes_on() {
        let line = |text: &str| short(text, 10, char::is_control);
        assert_eq!(line("  a\r\nb  "), "a  b");
        assert_eq!(line("0123456789"), "0123456789");
        assert_eq!(line("0123456789a"), "012345678…");
    }
}
