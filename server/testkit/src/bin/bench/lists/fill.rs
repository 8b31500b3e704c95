//! The organisation written straight into a database: through storage's writes of many rows, without files and without
//! a log, which lists do not look at.
//!
//! Everybody has one account. The indexes of observed access are made after its rows, as a restored copy has them.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use domain::access::AccessKey;
use domain::context::Clock as _;
use domain::id::{AccountId, ApplicationId, EntitlementId, IdentityId, ObjectKind, SourceId};
use service::Store;
use service::clock::SystemClock;
use storage::WriteTx;
use storage::access::NewAccess;
use testkit::SeededEntropy;

use super::contents::{an_account, an_application, an_entitlement, somebody, source};
use super::indexes;
use crate::organisation::{APPLICATIONS, EACH, grants, person};

/// People whose rows are written in one transaction.
const TOGETHER: usize = 5_000;
/// Entitlements that count as popular: the first of the first application.
const POPULAR: usize = 10;
const WHY: &str = "made for a measurement";

/// What was written.
#[derive(Debug)]
pub(crate) struct Filled {
    /// By number.
    pub(crate) people: Vec<IdentityId>,
    /// The most held.
    pub(crate) popular: Vec<EntitlementId>,
}

/// Where rows are written.
struct Filling<'a> {
    store: &'a Store,
    dice: Arc<SeededEntropy>,
}

pub(crate) async fn fill(store: &Store, count: usize) -> Result<Filled> {
    let filling = Filling {
        store,
        dice: Arc::new(SeededEntropy::new(1)),
    };
    indexes::hurry(store).await?;
    let kept = indexes::take(store).await?;
    let (source, first, rights) = filling.rights().await?;
    let mut people = Vec::with_capacity(count);
    while people.len() < count {
        filling
            .people(&mut people, count, source, first, &rights)
            .await?;
    }
    indexes::put_back(store, &kept).await?;
    indexes::know(store).await?;
    Ok(Filled {
        people,
        popular: rights.into_iter().take(POPULAR).collect(),
    })
}

impl Filling<'_> {
    async fn write(&self) -> Result<WriteTx> {
        Ok(self
            .store
            .write(SystemClock.now(), self.dice.clone())
            .await?)
    }

    /// The source, the first application, and all entitlements by number.
    async fn rights(&self) -> Result<(SourceId, ApplicationId, Vec<EntitlementId>)> {
        let mut tx = self.write().await?;
        let (source, _) = tx.insert_source(&source()).await?;
        let first = tx
            .next_ids(ObjectKind::Application, i64::try_from(APPLICATIONS)?)
            .await?;
        let applications: Vec<_> = (0..APPLICATIONS)
            .zip(first..)
            .map(|(number, raw)| (ApplicationId::from_raw(raw), an_application(number, source)))
            .collect();
        tx.insert_applications(&applications).await?;
        let start = tx
            .next_ids(ObjectKind::Entitlement, i64::try_from(APPLICATIONS * EACH)?)
            .await?;
        let entitlements: Vec<_> = (0..APPLICATIONS * EACH)
            .zip(start..)
            .map(|(number, raw)| {
                (
                    EntitlementId::from_raw(raw),
                    an_entitlement(number, applications[number / EACH].0, source),
                )
            })
            .collect();
        for some in entitlements.chunks(TOGETHER) {
            tx.insert_entitlements(some).await?;
        }
        tx.commit_unaudited(WHY).await?;
        let ids = entitlements.into_iter().map(|(id, _)| id).collect();
        Ok((source, ApplicationId::from_raw(first), ids))
    }

    /// The next people with their accounts and grants.
    async fn people(
        &self,
        people: &mut Vec<IdentityId>,
        count: usize,
        source: SourceId,
        first: ApplicationId,
        rights: &[EntitlementId],
    ) -> Result<()> {
        let numbers = people.len()..count.min(people.len() + TOGETHER);
        let wanted = i64::try_from(numbers.len())?;
        let mut tx = self.write().await?;
        let (raw, account) = (
            tx.next_ids(ObjectKind::Identity, wanted).await?,
            tx.next_ids(ObjectKind::Account, wanted).await?,
        );
        people.extend((raw..raw + wanted).map(IdentityId::from_raw));
        let (mut identities, mut accounts, mut held) = (Vec::new(), Vec::new(), Vec::new());
        for (number, account) in numbers.zip(account..) {
            let (id, account) = (people[number], AccountId::from_raw(account));
            let person = person(number);
            accounts.push((account, an_account(&person.username, id, source, first)));
            identities.push((id, somebody(person, people)?));
            for grant in grants(number) {
                held.push(NewAccess {
                    key: AccessKey {
                        identity: id,
                        entitlement: rights[grant.entitlement],
                        account,
                    },
                    granted: None,
                    last_used: Some(grant.last_used.parse().ok().context("a day")?),
                });
            }
        }
        tx.insert_identities(&identities).await?;
        tx.insert_accounts(&accounts).await?;
        held.sort_unstable_by_key(|grant| grant.key);
        for some in held.chunks(TOGETHER * 2) {
            tx.insert_observed(source, some).await?;
        }
        Ok(tx.commit_unaudited(WHY).await?)
    }
}
