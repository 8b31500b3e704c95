//! Mails on their way: put down with what they tell, taken for a while by whoever sends, and what became of each.
//!
//! A mail that was taken and of which nothing more is heard comes up again: it may arrive twice, never not at all.

use std::collections::HashMap;

use crate::boxed;
use domain::id::{IdentityId, MailId};
use domain::identity::IdentityStatus;
use domain::notice::MailState;
use domain::time::Instant;

use super::kept;
use super::list::{Notification, Row as Told, columns, notification};
use crate::bulk::{Rows, keys};
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// A mail that is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewMail {
    /// Its id, from the sequence.
    pub id: MailId,
    /// To whom.
    pub identity: IdentityId,
    /// Whether it is the summary of a day.
    pub digest: bool,
}

/// A mail that was taken to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueMail {
    /// Its id.
    pub id: MailId,
    /// To whom.
    pub identity: IdentityId,
    /// Whether it is the summary of a day.
    pub digest: bool,
    /// How often it was taken, this time with it.
    pub attempts: i64,
    /// Since when it waits.
    pub created: Instant,
    /// Their name.
    pub name: String,
    /// Their present address; empty when they have none, or have left.
    pub address: String,
    /// What it tells, oldest first.
    pub notices: Vec<Notification>,
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailFate {
    /// The mail server has it.
    Sent,
    /// It is given up, for this reason.
    Failed(String),
    /// It is tried again at a moment; the reason, when something hindered it.
    Again(Instant, Option<String>),
}

/// What became of which mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailed {
    /// Which mail.
    pub id: MailId,
    /// The address it was sent to.
    pub address: String,
    /// What became of it.
    pub fate: MailFate,
}

/// A mail as an administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    /// Its id.
    pub id: MailId,
    /// To whom.
    pub identity: IdentityId,
    /// Their name.
    pub name: String,
    /// The first thing that it tells.
    pub title: String,
    /// How many things it tells.
    pub notices: i64,
    /// Whether it is the summary of a day.
    pub digest: bool,
    /// The address it was sent to last.
    pub address: Option<String>,
    /// What has become of it.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried again.
    pub next_at: Instant,
    /// What hindered it last.
    pub failure: Option<String>,
    /// Since when it waits.
    pub created: Instant,
    /// When it was sent or given up.
    pub ended: Option<Instant>,
}

/// What is known of mail as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailHead {
    /// Whether there is a mail server.
    pub is_on: bool,
    /// The round of summaries that was made last.
    pub digested: Option<Instant>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: i64,
    identity_id: i64,
    name: Option<String>,
    title: Option<String>,
    notices: i64,
    digest: bool,
    address: Option<String>,
    state: String,
    attempts: i64,
    next_at: At,
    failure: Option<String>,
    created: At,
    ended: Option<At>,
}

impl Row {
    fn into_mail(self) -> Result<MailRow> {
        let id = MailId::from_raw(self.id);
        Ok(MailRow {
            id,
            identity: IdentityId::from_raw(self.identity_id),
            name: self.name.unwrap_or_default(),
            title: self.title.unwrap_or_default(),
            notices: self.notices,
            digest: self.digest,
            address: self.address,
            state: MailState::from_word(&self.state)
                .ok_or_else(|| Error::damaged(format!("mail {id}")))?,
            attempts: self.attempts,
            next_at: self.next_at.0,
            failure: self.failure,
            created: self.created.0,
            ended: self.ended.map(|at| at.0),
        })
    }
}

macro_rules! mails {
    ($rest:literal) => {
        concat!(
            "SELECT m.id, m.identity_id, p.display_name AS name, \
             (SELECT n.title FROM notification n WHERE n.mail_id = m.id ORDER BY n.id LIMIT 1) AS title, \
             (SELECT COUNT(*) FROM notification n WHERE n.mail_id = m.id) AS notices, \
             m.digest, m.address, m.state, m.attempts, m.next_at, m.failure, m.created, m.ended \
             FROM mail m LEFT JOIN identity p ON p.id = m.identity_id AND p.recorded_to IS NULL ",
            $rest
        )
    };
}

impl ReadTx {
    /// What is known of mail as a whole.
    #[boxed]
    pub async fn mail_head(&mut self) -> Result<MailHead> {
        let text = "SELECT is_on, digested FROM mail_head WHERE id = 1";
        let (is_on, digested): (bool, Option<At>) =
            on!(self, c => sqlx::query_as(text).fetch_one(c).await)?;
        Ok(MailHead {
            is_on,
            digested: digested.map(|at| at.0),
        })
    }

    /// Whether a mail is to be sent at this moment.
    #[boxed]
    pub async fn mail_due(&mut self, now: Instant) -> Result<bool> {
        let text =
            "SELECT EXISTS (SELECT 1 FROM mail WHERE state = 'waiting' AND next_at <= $1) AS due";
        Ok(on!(self, c => sqlx::query_scalar(text).bind(At(now)).fetch_one(c).await)?)
    }

    /// Mails in a state, newest first, from before one of them.
    #[boxed]
    pub async fn mails(
        &mut self,
        state: MailState,
        before: Option<MailId>,
        most: i64,
    ) -> Result<Vec<MailRow>> {
        let text = mails!("WHERE m.state = $1 AND m.id < $2 ORDER BY m.id DESC LIMIT $3");
        let before = before.map_or(i64::MAX, MailId::raw);
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(state.word()).bind(before).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_mail).collect()
    }

    /// How many mails are in a state, counted up to a number.
    #[boxed]
    pub async fn count_mails(&mut self, state: MailState, most: i64) -> Result<u64> {
        let text =
            "SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM mail WHERE state = $1 LIMIT $2) s";
        let count: i64 = on!(self, c => sqlx::query_scalar(text).bind(state.word()).bind(most).fetch_one(c).await)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// The last mail to somebody.
    #[boxed]
    pub async fn last_mail_to(&mut self, identity: IdentityId) -> Result<Option<MailRow>> {
        let text = mails!("WHERE m.identity_id = $1 ORDER BY m.id DESC LIMIT 1");
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(identity.raw()).fetch_optional(c).await)?;
        row.map(Row::into_mail).transpose()
    }

    /// People for whom something waits for the next summary.
    #[boxed]
    pub async fn digest_people(&mut self, most: i64) -> Result<Vec<IdentityId>> {
        let text = "SELECT DISTINCT identity_id FROM notification WHERE digest ORDER BY identity_id LIMIT $1";
        let ids: Vec<i64> = on!(self, c => sqlx::query_scalar(text).bind(most).fetch_all(c).await)?;
        Ok(ids.into_iter().map(IdentityId::from_raw).collect())
    }
}

impl WriteTx {
    /// Says whether there is a mail server.
    #[boxed]
    pub async fn set_mail_on(&mut self, is_on: bool) -> Result<()> {
        let text = "UPDATE mail_head SET is_on = $1 WHERE id = 1";
        on!(self, c => sqlx::query(text).bind(is_on).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Remembers the round of summaries that was made.
    #[boxed]
    pub async fn set_digested(&mut self, round: Instant) -> Result<()> {
        let text = "UPDATE mail_head SET digested = $1 WHERE id = 1";
        on!(self, c => sqlx::query(text).bind(At(round)).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Puts mails down to be sent as soon as can be.
    #[boxed]
    pub async fn insert_mails(&mut self, mails: &[NewMail]) -> Result<()> {
        let now = self.recorded;
        let text = of_rows!(
            self,
            "INSERT INTO mail (id, identity_id, digest, state, attempts, next_at, created) SELECT ",
            [number 0, number 1, flag 2, text 3, number 4, at 5, at 6],
            ""
        );
        for some in mails.chunks(super::ROWS) {
            let rows = Rows::of(some, |row, mail| {
                row.number(mail.id.raw());
                row.number(mail.identity.raw());
                row.flag(mail.digest);
                row.text(MailState::Waiting.word());
                row.number(0);
                row.at(now);
                row.at(now);
            });
            on!(self, c => sqlx::query(text).bind(&rows).execute(c).await.map(drop))?;
        }
        Ok(())
    }

    /// Puts what waits for the next summary into a mail for each of these people, or takes it as told without one.
    #[boxed]
    pub async fn put_into_digests(&mut self, mails: &[(IdentityId, Option<MailId>)]) -> Result<()> {
        let rows = Rows::of(mails, |row, (identity, mail)| {
            row.number(identity.raw());
            row.maybe_number(mail.map(MailId::raw));
        });
        let text = of_rows!(
            self,
            "WITH v (identity_id, mail_id) AS (SELECT ",
            [number 0, number 1],
            ") UPDATE notification SET digest = false, mail_id = v.mail_id FROM v \
             WHERE notification.identity_id = v.identity_id AND digest"
        );
        on!(self, c => sqlx::query(text).bind(&rows).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Takes the mails that have waited longest, to be sent before a moment at which they come up again.
    #[boxed]
    pub async fn claim_mails(
        &mut self,
        now: Instant,
        until: Instant,
        most: i64,
    ) -> Result<Vec<DueMail>> {
        let text = "UPDATE mail SET attempts = attempts + 1, next_at = $2 WHERE id IN \
                    (SELECT w.id FROM mail w WHERE w.state = 'waiting' AND w.next_at <= $1 ORDER BY w.next_at, w.id LIMIT $3) \
                    RETURNING id, identity_id, digest, attempts, created";
        let rows: Vec<(i64, i64, bool, i64, At)> = on!(self, c => sqlx::query_as(text)
            .bind(At(now)).bind(At(until)).bind(most).fetch_all(c).await)?;
        let mut people = self.addresses(rows.iter().map(|row| row.1)).await?;
        let mut told = self.told_by(rows.iter().map(|row| row.0)).await?;
        let mut mails: Vec<DueMail> = rows
            .into_iter()
            .map(|(id, identity, digest, attempts, created)| {
                let (name, address) = people.remove(&identity).unwrap_or_default();
                people.insert(identity, (name.clone(), address.clone()));
                DueMail {
                    id: MailId::from_raw(id),
                    identity: IdentityId::from_raw(identity),
                    digest,
                    attempts,
                    created: created.0,
                    name,
                    address,
                    notices: told.remove(&id).unwrap_or_default(),
                }
            })
            .collect();
        mails.sort_unstable_by_key(|mail| mail.id);
        Ok(mails)
    }

    /// Writes down what became of mails.
    #[boxed]
    pub async fn settle_mails(&mut self, mails: &[Mailed]) -> Result<()> {
        let now = self.recorded;
        let rows = Rows::of(mails, |row, mail| {
            let (state, next, failure) = match &mail.fate {
                MailFate::Sent => (MailState::Sent, now, None),
                MailFate::Failed(reason) => (MailState::Failed, now, Some(kept(reason))),
                MailFate::Again(at, reason) => {
                    (MailState::Waiting, *at, reason.as_deref().map(kept))
                }
            };
            row.number(mail.id.raw());
            row.text(state.word());
            row.text(&kept(&mail.address));
            row.at(next);
            row.maybe_text(failure.as_deref());
            row.maybe_at((state != MailState::Waiting).then_some(now));
        });
        let text = of_rows!(
            self,
            "WITH v (id, state, address, next_at, failure, ended) AS (SELECT ",
            [number 0, text 1, text 2, at 3, text 4, at 5],
            ") UPDATE mail SET state = v.state, address = v.address, next_at = v.next_at, failure = v.failure, ended = v.ended \
             FROM v WHERE mail.id = v.id"
        );
        on!(self, c => sqlx::query(text).bind(&rows).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Forgets mails that there is no need to send any more.
    #[boxed]
    pub async fn drop_mails(&mut self, mails: &[MailId]) -> Result<()> {
        if mails.is_empty() {
            return Ok(());
        }
        let text = of_ids!(self, "DELETE FROM mail WHERE id IN ", "");
        let ids = keys(mails.iter().map(|id| id.raw()));
        on!(self, c => sqlx::query(text).bind(&ids).execute(c).await.map(drop))?;
        Ok(())
    }

    /// No mail server can be reached: all that is due waits until a moment, and what waits from before another is given up.
    #[boxed]
    pub async fn postpone_mails(
        &mut self,
        until: Instant,
        given_up_before: Instant,
        failure: &str,
    ) -> Result<()> {
        let text = "UPDATE mail SET next_at = $2, failure = $3, \
                    state = CASE WHEN created < $4 THEN 'failed' ELSE 'waiting' END, \
                    ended = CASE WHEN created < $4 THEN next_at END \
                    WHERE state = 'waiting' AND next_at <= $1";
        let now = At(self.recorded);
        on!(self, c => sqlx::query(text).bind(now).bind(At(until)).bind(kept(failure)).bind(At(given_up_before))
            .execute(c).await.map(drop))?;
        Ok(())
    }

    /// Tries a mail again that was given up; false when it was not.
    #[boxed]
    pub async fn retry_mail(&mut self, id: MailId) -> Result<bool> {
        let text = "UPDATE mail SET state = 'waiting', attempts = 0, next_at = $2, created = $2, ended = NULL \
                    WHERE id = $1 AND state = 'failed'";
        let now = At(self.recorded);
        let found = on!(self, c => sqlx::query(text).bind(id.raw()).bind(now).execute(c).await.map(|done| done.rows_affected()))?;
        Ok(found == 1)
    }

    /// Forgets mails from before a moment; at most so many.
    #[boxed]
    pub async fn forget_mails(&mut self, before: Instant, most: i64) -> Result<()> {
        let text = "DELETE FROM mail WHERE id IN (SELECT id FROM mail WHERE created < $1 ORDER BY created LIMIT $2)";
        on!(self, c => sqlx::query(text).bind(At(before)).bind(most).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Names and addresses of people; no address for whoever may not sign in.
    async fn addresses(
        &mut self,
        ids: impl Iterator<Item = i64>,
    ) -> Result<HashMap<i64, (String, String)>> {
        let text = of_keys!(
            self,
            "p.id, p.display_name, p.email, p.status",
            "identity p",
            "p.id = CAST(k.value AS BIGINT) AND p.recorded_to IS NULL"
        );
        let ids = keys(ids);
        let rows: Vec<(i64, String, String, String)> =
            on!(self, c => sqlx::query_as(text).bind(&ids).fetch_all(c).await)?;
        let reached = rows.into_iter().map(|(id, name, email, status)| {
            let may = IdentityStatus::from_word(&status).is_some_and(IdentityStatus::may_sign_in);
            (id, (name, if may { email } else { String::new() }))
        });
        Ok(reached.collect())
    }

    /// What mails tell.
    async fn told_by(
        &mut self,
        ids: impl Iterator<Item = i64>,
    ) -> Result<HashMap<i64, Vec<Notification>>> {
        let text = of_keys!(
            self,
            concat!(columns!(), ", n.mail_id"),
            "notification n",
            "n.mail_id = CAST(k.value AS BIGINT)"
        );
        let ids = keys(ids);
        let rows: Vec<WithMail> =
            on!(self, c => sqlx::query_as(text).bind(&ids).fetch_all(c).await)?;
        let mut told: HashMap<i64, Vec<Notification>> = HashMap::new();
        for row in rows {
            told.entry(row.mail_id)
                .or_default()
                .push(notification(row.told)?);
        }
        for notices in told.values_mut() {
            notices.sort_unstable_by_key(|notice| notice.id);
        }
        Ok(told)
    }
}

#[derive(Debug, sqlx::FromRow)]
struct WithMail {
    #[sqlx(flatten)]
    told: Told,
    mail_id: i64,
}
