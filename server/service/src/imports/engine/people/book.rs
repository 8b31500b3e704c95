//! Everybody who is recorded, as small as possible: what a file of people is compared with.

use std::collections::HashMap;

use domain::identity::IdentityStatus;
use domain::source::{IdentityLink, LinkState};
use domain::time::Instant;
use storage::ReadTx;

use crate::imports::engine::names::Name;
use crate::imports::engine::{Result, SCAN};

/// What matters about a person before the rows are compared.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Person {
    /// 0 when there is none.
    pub(super) manager: i64,
    /// Some source may change them.
    pub(super) governed: bool,
    /// This source knows them already.
    pub(super) linked: bool,
}

/// What this source said about a key of its own.
#[derive(Debug, Clone)]
pub(super) struct Link {
    /// 0 while nobody is meant.
    pub(super) identity: i64,
    pub(super) authority: bool,
    pub(super) state: LinkState,
    pub(super) stated: Option<&'static str>,
    pub(super) username: Name,
}

/// Who uses a mail address.
#[derive(Debug, Clone, Copy)]
pub(super) enum Users {
    One(i64),
    Several,
}

/// All people and this source's links.
#[derive(Debug)]
pub(super) struct Book {
    /// The last moment of which it knows.
    pub(super) read_at: Instant,
    people: HashMap<i64, Person>,
    /// Whoever has not ended, by username.
    pub(super) holders: HashMap<Name, i64>,
    pub(super) mails: HashMap<Name, Users>,
    pub(super) links: HashMap<Name, Link>,
}

impl Book {
    /// Reads it.
    pub(super) async fn load(tx: &mut ReadTx, source: domain::id::SourceId) -> Result<Self> {
        let mut book = Self {
            read_at: tx.audit_head().await?.1,
            people: HashMap::new(),
            holders: HashMap::new(),
            mails: HashMap::new(),
            links: HashMap::new(),
        };
        let mut after = 0;
        loop {
            let page = tx.identity_keys(after, SCAN).await?;
            let Some(last) = page.last() else { break };
            after = last.id.raw();
            for key in page {
                let id = key.id.raw();
                let ended = key.status == IdentityStatus::Ended;
                book.people.insert(
                    id,
                    Person {
                        manager: key.manager.map_or(0, domain::id::IdentityId::raw),
                        governed: key.governed,
                        linked: false,
                    },
                );
                if ended {
                    continue;
                }
                book.holders.insert(Name::of(&key.username_key), id);
                if !key.email_key.is_empty() {
                    book.mails
                        .entry(Name::of(&key.email_key))
                        .and_modify(|users| *users = Users::Several)
                        .or_insert(Users::One(id));
                }
            }
        }
        let mut after = String::new();
        loop {
            let page = tx.links_after(source, &after, SCAN).await?;
            let Some(last) = page.last() else { break };
            last.external_key.clone_into(&mut after);
            for link in &page {
                book.link(link);
            }
        }
        Ok(book)
    }

    fn link(&mut self, link: &IdentityLink) {
        let identity = link.identity.map_or(0, domain::id::IdentityId::raw);
        if let Some(person) = self.people.get_mut(&identity) {
            person.linked = true;
        }
        self.links.insert(
            Name::of(&link.external_key),
            Link {
                identity,
                authority: link.authority,
                state: link.state,
                stated: link.stated.as_deref().and_then(stated),
                username: Name::of(&link.username_key),
            },
        );
    }

    /// Whom this source calls by which username.
    pub(super) fn called(&self) -> HashMap<Name, i64> {
        let links = self.links.values().filter(|link| link.identity > 0);
        links.map(|link| (link.username, link.identity)).collect()
    }

    /// A person.
    pub(super) fn person(&self, id: i64) -> Person {
        self.people.get(&id).copied().unwrap_or_default()
    }
}

/// The word for a person who is no longer in the source.
pub(super) const GONE: &str = "gone";

fn stated(word: &str) -> Option<&'static str> {
    if word == GONE {
        return Some(GONE);
    }
    IdentityStatus::from_word(word).map(IdentityStatus::word)
}
