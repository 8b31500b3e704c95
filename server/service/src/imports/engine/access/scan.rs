//! Reading access.csv: names become numbers, and accounts that nobody spoke of before are added.

use std::collections::{BTreeMap, HashMap};

use domain::account::{AccountContent, AccountStatus};
use domain::id::{ApplicationId, IdentityId};
use domain::source::FileKind;

use super::{Grant, KIND, MOST, NEVER, Range, STAYS, small, to_days};
use crate::imports::engine::accounts::{Login, account_name};
use crate::imports::engine::cells::{Wrong, day, shown};
use crate::imports::engine::names::{Meaning, Name, key};
use crate::imports::engine::{Engine, GRANTS, Result, nobody};
use crate::imports::file::Row;

/// A row before its names are looked up.
struct Item {
    line: u64,
    username: String,
    application: String,
    entitlement: String,
    account: String,
    granted: i32,
    used: i32,
}

impl Engine<'_> {
    /// The rows of some people. The first scan counts the rows of each person, reports what is wrong and adds accounts;
    /// it answers nothing when there are too many rows to hold.
    pub(super) async fn scan_access(
        &mut self,
        range: Range,
        mut first: Option<&mut BTreeMap<i32, usize>>,
    ) -> Result<Option<Vec<Grant>>> {
        let Some(mut reader) = self.reader(KIND) else {
            return Ok(None);
        };
        let mut grants = Some(Vec::new());
        let mut batch = Vec::with_capacity(GRANTS);
        loop {
            let row = reader.next().await?;
            let over = row.is_none();
            if let Some(row) = row {
                match read(&row) {
                    Ok(item) => batch.push(item),
                    Err(wrong) => {
                        if first.is_some() {
                            self.reject(KIND, row.line(), wrong);
                            if names_nothing_certain(&row) {
                                self.uncertain.insert(KIND);
                            }
                        }
                        batch.extend(staying(&row));
                    }
                }
            }
            if over || batch.len() == GRANTS {
                let found = self
                    .resolve_access(std::mem::take(&mut batch), first.is_some())
                    .await?;
                for grant in found {
                    if let Some(people) = &mut first {
                        *people.entry(grant.identity).or_default() += 1;
                    }
                    if let Some(grants) = &mut grants
                        && (range.from..=range.to).contains(&grant.identity)
                    {
                        grants.push(grant);
                    }
                }
                if first.is_some() && grants.as_ref().is_some_and(|grants| grants.len() > MOST) {
                    grants = None;
                }
                self.pause(KIND, reader.position()).await?;
            }
            if over {
                break;
            }
        }
        if first.is_some() {
            self.read_to_end(KIND, &reader);
        }
        if let Some(grants) = &mut grants {
            grants.sort_unstable();
        }
        Ok(grants)
    }

    async fn resolve_access(&mut self, items: Vec<Item>, first: bool) -> Result<Vec<Grant>> {
        self.learn_people(items.iter().map(|item| item.username.as_str()))
            .await?;
        self.learn_entitlements().await?;
        self.learn_accounts().await?;
        let mut resolved = Vec::with_capacity(items.len());
        let mut new: Vec<(u64, Name, AccountContent)> = Vec::new();
        let mut taken_over = HashMap::new();
        for mut item in items {
            match self.resolve_grant(&item) {
                Ok((identity, entitlement, application)) => {
                    if self.waits(&item.username) && item.granted != STAYS {
                        if first {
                            let why =
                                nobody(Meaning::Waiting, &item.username, "The line is left out.");
                            self.tally.reject(KIND, item.line, "username", why);
                        }
                        item.granted = STAYS;
                    }
                    let name = Name::within(application, &key(&item.account));
                    match self.logins.get(name) {
                        // The same account may stand in several rows of this batch: the first makes it.
                        None if first
                            && item.granted != STAYS
                            && !taken_over.contains_key(&name) =>
                        {
                            taken_over.insert(name, identity);
                            new.push((
                                0,
                                name,
                                self.implied_account(application, &item.account, identity),
                            ));
                        }
                        // Who uses an account is said by the first row with it, also when several people share one.
                        Some((id, login)) if first && self.logins.see(id) && login.implied => {
                            self.logins.named += 1;
                            if login.identity != identity && item.granted != STAYS {
                                taken_over.insert(name, identity);
                                self.logins.learn(name, id, Login { identity, ..login });
                            }
                        }
                        _ => {}
                    }
                    resolved.push((item, identity, entitlement, name));
                }
                Err((column, why)) => {
                    if first && item.granted != STAYS {
                        self.tally.reject(KIND, item.line, column, why);
                        if self.uncertain.contains(&FileKind::Identities) && column == "username" {
                            self.uncertain.insert(KIND);
                        }
                    }
                }
            }
        }
        let changed = self.accounts_taken_over(&taken_over).await?;
        self.logins.named += new.len() as u64;
        if self.dry {
            self.foresee_accounts(new, changed);
        } else {
            self.write_accounts(new, changed).await?;
        }
        let mut grants = Vec::with_capacity(resolved.len());
        for (item, identity, entitlement, name) in resolved {
            let Some((account, login)) = self.logins.get(name) else {
                continue;
            };
            if login.identity != 0 && login.identity != identity && !login.implied {
                if first && item.granted != STAYS {
                    self.tally.reject(KIND, item.line, "account", format!("The account “{}” belongs to somebody else. Correct the username here, or the account in accounts.csv.", shown(&item.account)));
                }
                continue;
            }
            grants.push(Grant {
                identity: small(identity)?,
                entitlement: small(entitlement)?,
                account: small(account)?,
                line: u32::try_from(item.line).unwrap_or(u32::MAX),
                granted: item.granted,
                used: item.used,
            });
        }
        Ok(grants)
    }

    fn resolve_grant(
        &self,
        item: &Item,
    ) -> std::result::Result<(i64, i64, i64), (&'static str, String)> {
        let identity = match self.person(&item.username) {
            Meaning::Object(id) => id,
            meaning => self
                .had(&item.username)
                .filter(|_| meaning == Meaning::Waiting)
                .ok_or_else(|| {
                    let why = nobody(meaning, &item.username, "The line is left out.");
                    ("username", why)
                })?,
        };
        let entitlement = self.entitlement(&item.application, &item.entitlement)?;
        let application = self.applications.object(Name::of(&key(&item.application)));
        Ok((identity, entitlement, application.unwrap_or_default()))
    }

    fn implied_account(&self, application: i64, name: &str, identity: i64) -> AccountContent {
        AccountContent {
            application: ApplicationId::from_raw(application),
            source: self.source.id,
            name: name.to_owned(),
            identity: Some(IdentityId::from_raw(identity)),
            status: AccountStatus::Enabled,
            last_used: None,
            implied: true,
        }
    }

    /// Accounts that only access rows speak of, and whose name somebody else uses now.
    async fn accounts_taken_over(
        &mut self,
        owners: &HashMap<Name, i64>,
    ) -> Result<Vec<(u64, domain::account::Account, AccountContent)>> {
        let mut ids: Vec<(domain::id::AccountId, i64)> = Vec::new();
        for (name, identity) in owners {
            if let Some((id, _)) = self.logins.get(*name).filter(|(id, _)| *id > 0) {
                ids.push((domain::id::AccountId::from_raw(id), *identity));
            }
        }
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let wanted: Vec<domain::id::AccountId> = ids.iter().map(|(id, _)| *id).collect();
        let owners: HashMap<domain::id::AccountId, i64> = ids.into_iter().collect();
        let known = self
            .service
            .store
            .read()
            .await?
            .accounts_with(&wanted)
            .await?;
        Ok(known
            .into_iter()
            .filter_map(|account| {
                let identity = Some(IdentityId::from_raw(*owners.get(&account.id)?));
                let content = AccountContent {
                    identity,
                    ..account.content.clone()
                };
                (account.content.identity != identity).then_some((0, account, content))
            })
            .collect())
    }
}

fn read(row: &Row<'_>) -> std::result::Result<Item, Wrong> {
    if let Some(fault) = row.fault() {
        return Err(vec![fault]);
    }
    let mut wrong = Wrong::new();
    let username = row.cell("username");
    if username.is_empty() {
        wrong.push(("username".to_owned(), "The username is missing. Enter it; an account without a person belongs into accounts.csv.".to_owned()));
    }
    let granted = to_days(day("granted_at", row.cell("granted_at"), &mut wrong));
    let used = to_days(day("last_used_at", row.cell("last_used_at"), &mut wrong));
    let account = match row.cell("account") {
        "" => username,
        account => account,
    };
    let account = if username.is_empty() {
        String::new()
    } else {
        account_name(account, &mut wrong)
    };
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(Item {
        line: row.line(),
        username: username.to_owned(),
        application: row.cell("application").to_owned(),
        entitlement: row.cell("entitlement").to_owned(),
        account,
        granted,
        used,
    })
}

/// What a row with a fault names, as far as it can be told: it stays as it is.
fn staying(row: &Row<'_>) -> Option<Item> {
    let cell = |name: &str| row.cell(name).to_owned();
    let account = match row.cell("account") {
        "" => cell("username"),
        _ => cell("account"),
    };
    (!row.cell("username").is_empty() && !row.cell("entitlement").is_empty()).then(|| Item {
        line: row.line(),
        username: cell("username"),
        application: cell("application"),
        entitlement: cell("entitlement"),
        account,
        granted: STAYS,
        used: NEVER,
    })
}

/// Whether nobody can say which access a row with a fault is about.
fn names_nothing_certain(row: &Row<'_>) -> bool {
    row.fault().is_some()
        && ["username", "application", "entitlement"]
            .iter()
            .any(|column| row.certain(column).is_none())
}
