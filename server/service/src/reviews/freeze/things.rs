//! What belongs to no person: the contents of roles, and accounts of nobody or of programs. They are gone through in the
//! order of ids and have no peers.

use std::collections::HashSet;

use domain::id::{AccountId, ObjectRef, RoleId};
use domain::review::{Facts, ReviewContent, Subjects};
use storage::ReadTx;
use storage::reviews::{Chunk, Subject};

use super::book::Book;
use super::{BLOCK, Freeze, Held};
use crate::Result;

/// Accounts read at a time.
const PART: i64 = 1_000;

/// Where the walk through things is.
#[derive(Debug)]
pub(super) enum Walk {
    /// Roles, and how many were gone through.
    Roles(Vec<RoleId>, usize),
    /// Accounts after one; none at the end.
    Accounts(Option<AccountId>, u64),
}

impl Walk {
    /// The walk of a review; none when it is about what people have.
    pub(super) fn of(terms: &ReviewContent, book: &Book) -> Option<Self> {
        match terms.scope.subjects {
            Subjects::Access | Subjects::Roles | Subjects::Rights => None,
            Subjects::Contents => Some(Self::Roles(book.living_roles(), 0)),
            Subjects::Accounts => Some(Self::Accounts(Some(AccountId::from_raw(0)), 0)),
        }
    }

    /// How many were gone through, and how many there are as far as that is known.
    pub(super) fn progress(&self) -> (u64, u64) {
        match self {
            Self::Roles(all, at) => (*at as u64, all.len() as u64),
            Self::Accounts(Some(_), at) => (*at, *at + 1),
            Self::Accounts(None, at) => (*at, *at),
        }
    }
}

/// Items of one role or account, with its name.
type Found = (Subject, Vec<Facts>);

impl Freeze {
    /// The next part of a walk through things; none at the end.
    pub(super) async fn next_things(&mut self) -> Result<Option<Chunk>> {
        let mut chunk = Chunk::default();
        while chunk.items.len() + chunk.excluded.len() < BLOCK {
            let mut tx = self.store.read().await?;
            let Some(found) = self.some_things(&mut tx).await? else {
                break;
            };
            let holders: Vec<i64> = found.iter().map(|one| one.0.id.raw).collect();
            let decided = tx.last_decisions(&holders).await?;
            drop(tx);
            self.remember(decided);
            for (subject, items) in found {
                let last = self.last.remove(&subject.id.raw).unwrap_or_default();
                let held = Held {
                    person: subject,
                    has: HashSet::new(),
                    basis: false,
                    items,
                    last,
                };
                self.put(held, &mut chunk)?;
            }
        }
        Ok((!chunk.is_empty()).then_some(chunk))
    }

    /// Some of the things that have items; none when all were gone through.
    async fn some_things(&mut self, tx: &mut ReadTx) -> Result<Option<Vec<Found>>> {
        let found = match &self.things {
            None | Some(Walk::Accounts(None, _)) => return Ok(None),
            Some(Walk::Roles(all, at)) => {
                let end = (at + BLOCK).min(all.len());
                let some: Vec<RoleId> = all[*at..end].to_vec();
                if some.is_empty() {
                    return Ok(None);
                }
                let all = std::mem::take(&mut self.things);
                if let Some(Walk::Roles(all, _)) = all {
                    self.things = Some(Walk::Roles(all, end));
                }
                let lens = self.lens();
                let items = some.into_iter().filter_map(|role| {
                    let subject = self.book.subject(role.into())?;
                    Some((subject, lens.contents(role)))
                });
                items.collect::<Vec<Found>>()
            }
            Some(Walk::Accounts(Some(after), gone)) => {
                let accounts = tx.accounts_without_person(*after, PART).await?;
                let gone = gone + accounts.len() as u64;
                let last = accounts.last().map(|one| one.id);
                self.things = Some(Walk::Accounts(last, gone));
                let lens = self.lens();
                let items = accounts.iter().map(|account| {
                    let content = &account.content;
                    let subject = Subject {
                        id: ObjectRef::from(account.id),
                        name: content.name.clone(),
                        technical: content.name.clone(),
                        detail: String::new(),
                        application: Some(content.application),
                    };
                    (subject, lens.account(account).into_iter().collect())
                });
                items.collect()
            }
        };
        let some = found.into_iter().filter(|(_, items)| !items.is_empty());
        Ok(Some(some.collect()))
    }
}
