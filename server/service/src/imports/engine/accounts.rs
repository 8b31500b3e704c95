//! Accounts: accounts.csv, and those that access.csv is the first to speak of.

use std::collections::HashMap;

use domain::account::{Account, AccountContent, AccountStatus};
use domain::field::FieldErrors;
use domain::id::{AccountId, ApplicationId, IdentityId, ObjectKind};
use domain::source::{FileKind, RowChange, RowRecord};
use domain::time::Date;

use super::cells::{self, Wrong, day, word};
use super::names::{Known, Meaning, Name, Numbers, key};
use super::tally::{Field, differences, person_text};
use super::{BATCH, Engine, Result, SCAN, about, nobody};
use crate::imports::file::Row;

const KIND: FileKind = FileKind::Accounts;
/// Longest name of an account.
const NAME_MAX: usize = 200;

/// What is shown of an account when it changes.
const FIELDS: &[Field<AccountContent>] = &[
    ("account", |content| content.name.clone()),
    ("status", |content| content.status.word().to_owned()),
    ("person", |content| person_text(content.identity)),
    ("last_used_at", |content| {
        let day = content.last_used.map(|day| day.to_string());
        day.unwrap_or_default()
    }),
];

/// What matters about an account when access with it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Login {
    /// 0 for an orphan.
    pub(super) identity: i64,
    /// Only access rows of this source speak of it.
    pub(super) implied: bool,
}

/// Accounts as far as they were looked up.
#[derive(Debug, Default)]
pub(super) struct Logins {
    known: Known,
    of: HashMap<i64, Login>,
    seen: Numbers,
    /// Distinct accounts that files name.
    pub(super) named: u64,
}

impl Logins {
    /// The account with a name in an application.
    pub(super) fn get(&self, name: Name) -> Option<(i64, Login)> {
        let id = self.known.object(name)?;
        self.of.get(&id).map(|login| (id, *login))
    }

    /// Remembers an account.
    pub(super) fn learn(&mut self, name: Name, id: i64, login: Login) {
        self.known.learn(name, Some(id));
        self.of.insert(id, login);
    }

    /// Notes that a file names an account; whether for the first time.
    pub(super) fn see(&mut self, id: i64) -> bool {
        self.seen.insert(id)
    }
}

struct Item {
    line: u64,
    application: String,
    key: String,
    username: String,
    name: String,
    status: AccountStatus,
    last_used: Option<Date>,
}

type New = (u64, Name, AccountContent);
type Changed = (u64, Account, AccountContent);

impl Engine<'_> {
    /// Compares the accounts of accounts.csv, and writes what differs. What is missing ends after the access was read.
    pub(super) async fn accounts(&mut self) -> Result<()> {
        let Some(mut reader) = self.reader(KIND) else {
            return Ok(());
        };
        let mut doubled = HashMap::new();
        let mut batch = Vec::new();
        while let Some(row) = reader.next().await? {
            if self.broken(KIND, row) {
                self.protect_account(row).await?;
                continue;
            }
            match read(&row) {
                Ok(item) => batch.push(item),
                Err(wrong) => {
                    self.reject(KIND, row.line(), wrong);
                    self.protect_account(row).await?;
                }
            }
            if batch.len() == BATCH {
                self.settle_accounts(&mut batch, &mut doubled).await?;
                self.pause(KIND, reader.position()).await?;
            }
        }
        self.settle_accounts(&mut batch, &mut doubled).await?;
        self.read_to_end(KIND, &reader);
        Ok(())
    }

    async fn protect_account(&mut self, row: Row<'_>) -> Result<()> {
        let (application, name) = (
            row.cell("application").to_owned(),
            row.cell("account").to_owned(),
        );
        // A shifted line may seem to name another account.
        if row.certain("application").is_none() || row.certain("account").is_none() {
            self.uncertain.insert(KIND);
        }
        self.learn_applications().await?;
        let Some(place) = self.applications.object(Name::of(&key(&application))) else {
            return Ok(());
        };
        let name = key(&name);
        self.learn_accounts().await?;
        if let Some((id, _)) = self.logins.get(Name::within(place, &name)) {
            self.logins.see(id);
        }
        Ok(())
    }

    /// Learns the accounts of all applications, once.
    pub(super) async fn learn_accounts(&mut self) -> Result<()> {
        if !self.learnt.insert(KIND) {
            return Ok(());
        }
        let mut tx = self.service.store.read().await?;
        let mut after = 0;
        loop {
            let page = tx.account_keys(after, SCAN).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.id.raw();
            for known in page {
                let login = Login {
                    identity: known.identity.map_or(0, IdentityId::raw),
                    implied: known.implied && known.source == self.source.id,
                };
                let name = Name::within(known.application.raw(), &known.name_key);
                self.logins.learn(name, known.id.raw(), login);
            }
        }
    }

    fn login(&self, content: &AccountContent) -> Login {
        Login {
            identity: content.identity.map_or(0, IdentityId::raw),
            implied: content.implied && content.source == self.source.id,
        }
    }

    async fn settle_accounts(
        &mut self,
        batch: &mut Vec<Item>,
        doubled: &mut HashMap<Name, u64>,
    ) -> Result<()> {
        let items = std::mem::take(batch);
        if items.is_empty() {
            return Ok(());
        }
        self.learn_applications().await?;
        self.learn_accounts().await?;
        self.learn_people(items.iter().map(|item| item.username.as_str()))
            .await?;
        let mut wanted = Vec::new();
        let mut accepted = Vec::new();
        for item in items {
            let application = match self.application(&item.application) {
                Ok(id) => id,
                Err(why) => {
                    self.tally.reject(KIND, item.line, "application", why);
                    continue;
                }
            };
            let name = Name::within(application, &item.key);
            if let Some(first) = doubled.insert(name, item.line) {
                self.tally.reject(
                    KIND,
                    item.line,
                    "account",
                    format!("Line {first} names this account already. Keep one of the lines."),
                );
                continue;
            }
            wanted.extend(self.logins.get(name).map(|(id, _)| AccountId::from_raw(id)));
            accepted.push((application, name, item));
        }
        let known = self
            .service
            .store
            .read()
            .await?
            .accounts_with(&wanted)
            .await?;
        let known: HashMap<i64, Account> = known
            .into_iter()
            .map(|known| (known.id.raw(), known))
            .collect();
        let (mut new, mut changed) = (Vec::new(), Vec::new());
        for (application, name, item) in accepted {
            let identity = self.account_person(&item);
            let content = AccountContent {
                application: ApplicationId::from_raw(application),
                source: self.source.id,
                name: item.name,
                identity,
                status: item.status,
                last_used: item.last_used,
                implied: false,
            };
            self.logins.named += 1;
            match self.logins.get(name).and_then(|(id, _)| known.get(&id)) {
                None => new.push((item.line, name, content)),
                Some(before) => {
                    let identity = if self.waits(&item.username) {
                        before.content.identity
                    } else {
                        content.identity
                    };
                    let content = AccountContent {
                        identity,
                        ..content
                    };
                    self.logins.see(before.id.raw());
                    let mine = before.content.source == self.source.id;
                    let login = self.login(if mine { &content } else { &before.content });
                    self.logins.learn(name, before.id.raw(), login);
                    if mine && before.content != content {
                        changed.push((item.line, before.clone(), content));
                    }
                }
            }
        }
        if self.dry {
            self.foresee_accounts(new, changed);
            Ok(())
        } else {
            self.write_accounts(new, changed).await
        }
    }

    /// Whose an account is. A name that means nobody is reported.
    fn account_person(&mut self, item: &Item) -> Option<IdentityId> {
        if item.username.is_empty() {
            return None;
        }
        let then = match self.person(&item.username) {
            Meaning::Object(id) => return Some(IdentityId::from_raw(id)),
            Meaning::Waiting => "Until then the account stays with whom it is known of.",
            _ => "The account stands without a person.",
        };
        let sentence = nobody(self.person(&item.username), &item.username, then);
        self.tally.problem(KIND, item.line, "username", sentence);
        None
    }

    /// Counts what a dry run foresees.
    pub(super) fn foresee_accounts(&mut self, new: Vec<New>, changed: Vec<Changed>) {
        for (line, name, content) in new {
            let id = self.provisional();
            self.logins.learn(name, id, self.login(&content));
            self.tally
                .foresee(KIND, line, RowChange::Added, &content.name, || {
                    differences(FIELDS, None, &content)
                });
        }
        for (line, before, content) in changed {
            self.tally
                .foresee(KIND, line, RowChange::Changed, &content.name, || {
                    differences(FIELDS, Some(&before.content), &content)
                });
        }
    }

    /// Writes accounts in one transaction.
    pub(super) async fn write_accounts(
        &mut self,
        new: Vec<New>,
        changed: Vec<Changed>,
    ) -> Result<()> {
        if new.is_empty() && changed.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        let mut records: Vec<RowRecord> = changed
            .iter()
            .map(|(line, before, _)| about(RowChange::Changed, KIND, *line, before.id, None))
            .collect();
        // A login's last day of use changes every day: it is brought up to date without a version of its own.
        let (used, changed): (Vec<Changed>, Vec<Changed>) =
            changed.into_iter().partition(|(_, before, content)| {
                AccountContent {
                    last_used: content.last_used,
                    ..before.content.clone()
                } == *content
            });
        let versions: Vec<_> = changed
            .into_iter()
            .map(|(_, before, content)| (before.id, before.recorded_from, content))
            .collect();
        if !versions.is_empty() {
            tx.replace_accounts(&versions).await?;
        }
        let days: Vec<_> = used
            .into_iter()
            .map(|(_, before, content)| (before.id, content.last_used))
            .collect();
        if !days.is_empty() {
            tx.touch_accounts(&days).await?;
        }
        let mut learnt = Vec::with_capacity(new.len());
        if !new.is_empty() {
            let first = tx
                .next_ids(
                    ObjectKind::Account,
                    i64::try_from(new.len()).unwrap_or(i64::MAX),
                )
                .await?;
            let mut contents = Vec::with_capacity(new.len());
            for (id, (line, name, content)) in (first..).zip(new) {
                records.push(about(
                    RowChange::Added,
                    KIND,
                    line,
                    AccountId::from_raw(id),
                    None,
                ));
                learnt.push((name, id, self.login(&content)));
                contents.push((AccountId::from_raw(id), content));
            }
            tx.insert_accounts(&contents).await?;
        }
        self.commit(tx, &records).await?;
        for (name, id, login) in learnt {
            self.logins.learn(name, id, login);
            self.logins.see(id);
        }
        Ok(())
    }

    /// Ends accounts that the file which spoke of them no longer names.
    pub(super) async fn end_accounts(&mut self) -> Result<()> {
        let (listed, implied) = (
            self.ends_what_is_missing(KIND),
            self.ends_what_is_missing(FileKind::Access),
        );
        let (mut live, mut ended, mut after) = (0, 0, 0);
        loop {
            if !listed && !implied {
                break;
            }
            let mut tx = self.service.store.read().await?;
            let page = tx.live_ids(self.source.id, KIND, after, SCAN).await?;
            let Some(last) = page.last() else { break };
            after = *last;
            live += page.len() as u64;
            let missing: Vec<AccountId> = page
                .into_iter()
                .filter(|id| !self.logins.seen.has(*id))
                .map(AccountId::from_raw)
                .collect();
            for part in missing.chunks(BATCH) {
                let mut gone = self.service.store.read().await?.accounts_with(part).await?;
                gone.retain(|account| {
                    if account.content.implied {
                        implied
                    } else {
                        listed
                    }
                });
                ended += gone.len() as u64;
                if self.dry {
                    for account in &gone {
                        self.foresee_end(KIND, &account.content.name);
                    }
                } else if !gone.is_empty() {
                    let ids: Vec<AccountId> = gone.iter().map(|account| account.id).collect();
                    let records: Vec<RowRecord> = ids
                        .iter()
                        .map(|id| about(RowChange::Ended, KIND, 0, *id, None))
                        .collect();
                    let mut tx = self.begin().await?;
                    tx.end_accounts(&ids).await?;
                    self.commit(tx, &records).await?;
                }
            }
        }
        self.shrinks(KIND, live, ended);
        if self.logins.named > 0 {
            self.named.insert(KIND, self.logins.named);
        }
        Ok(())
    }
}

fn read(row: &Row<'_>) -> std::result::Result<Item, Wrong> {
    let mut wrong = Wrong::new();
    let status = word(
        "status",
        row.cell("status"),
        AccountStatus::Enabled,
        AccountStatus::from_word,
        "enabled or disabled",
        &mut wrong,
    );
    let last_used = day("last_used_at", row.cell("last_used_at"), &mut wrong);
    let name = account_name(row.cell("account"), &mut wrong);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(Item {
        line: row.line(),
        application: row.cell("application").to_owned(),
        key: key(&name),
        username: row.cell("username").to_owned(),
        name,
        status,
        last_used,
    })
}

/// The name of an account.
pub(super) fn account_name(cell: &str, wrong: &mut Wrong) -> String {
    let mut errors = FieldErrors::new();
    let name = errors.required("account", "The account", cell, NAME_MAX);
    wrong.extend(cells::wrong(&errors));
    name
}
