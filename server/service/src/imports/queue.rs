//! Keys of a source that could mean several people: somebody decides.

use std::collections::HashMap;

use domain::audit::AuditAction;
use domain::id::{IdentityId, SourceId};
use domain::permission::{Action, Facts};
use domain::source::{IdentityLink, LinkState};
use domain::text;
use storage::identities::IdentityName;

use crate::boxed;
use crate::{Cx, Error, Result, Service};

/// Keys on a page.
const PAGE: i64 = 50;

/// A key that waits.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Of which source.
    pub source: SourceId,
    /// What the source is called.
    pub source_name: String,
    /// The key.
    pub key: String,
    /// What the source says about the person.
    pub username: String,
    /// Their name.
    pub display_name: String,
    /// Their mail address.
    pub email: String,
    /// Who could be meant.
    pub candidates: Vec<IdentityName>,
}

/// A page of the queue.
#[derive(Debug, Clone)]
pub struct WaitingPage {
    /// What waits.
    pub links: Vec<Waiting>,
    /// Continue after this, when there are more.
    pub after: Option<String>,
}

/// What waits for a decision, of one source or of all. `after` is what the page before said.
#[boxed]
pub async fn waiting(
    service: &Service,
    cx: &Cx,
    source: Option<SourceId>,
    after: Option<&str>,
) -> Result<WaitingPage> {
    let result = carry_out_waiting(service, cx, source, after).await;
    service.noted(cx, result).await
}

async fn carry_out_waiting(
    service: &Service,
    cx: &Cx,
    source: Option<SourceId>,
    after: Option<&str>,
) -> Result<WaitingPage> {
    cx.decide(Action::ReadSource, source.map(Into::into), Facts::default())?;
    let mut tx = service.store.read().await?;
    let from = after.and_then(|text| {
        let (source, key) = text.split_once(':')?;
        Some((source.parse::<SourceId>().ok()?.raw(), key))
    });
    let from = from.unwrap_or((0, ""));
    let mut links = tx.waiting_links(source, from, PAGE + 1).await?;
    let more = i64::try_from(links.len()).is_ok_and(|count| count > PAGE);
    links.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let after = links
        .last()
        .filter(|_| more)
        .map(|link| format!("{}:{}", link.source, link.external_key));
    let names: HashMap<SourceId, String> = tx
        .sources()
        .await?
        .into_iter()
        .map(|source| (source.id, source.content.name))
        .collect();
    let mut waiting = Vec::with_capacity(links.len());
    for link in links {
        let said = |field: &str| {
            link.seen
                .as_ref()
                .and_then(|seen| seen[field].as_str())
                .unwrap_or_default()
                .to_owned()
        };
        let (username, email) = (said("username"), said("email"));
        let mut candidates: Vec<IdentityId> = tx
            .identities_by_keys(&[text::key(&username)])
            .await?
            .into_iter()
            .map(|(_, id)| id)
            .collect();
        if !email.is_empty() {
            candidates.extend(
                tx.identities_by_emails(&[text::key(&email)])
                    .await?
                    .into_iter()
                    .map(|(_, id)| id),
            );
        }
        candidates.sort_unstable();
        candidates.dedup();
        waiting.push(Waiting {
            source: link.source,
            source_name: names.get(&link.source).cloned().unwrap_or_default(),
            candidates: tx.identity_names(&candidates).await?,
            display_name: said("display_name"),
            key: link.external_key,
            username,
            email,
        });
    }
    Ok(WaitingPage {
        links: waiting,
        after,
    })
}

/// Decides whom a key means: this person, or somebody new whom the next import adds.
#[boxed]
pub async fn decide(
    service: &Service,
    cx: &Cx,
    source: SourceId,
    key: &str,
    person: Option<IdentityId>,
) -> Result<()> {
    let result = carry_out_decide(service, cx, source, key, person).await;
    service.noted(cx, result).await
}

async fn carry_out_decide(
    service: &Service,
    cx: &Cx,
    source: SourceId,
    key: &str,
    person: Option<IdentityId>,
) -> Result<()> {
    cx.decide(Action::RunImport, Some(source.into()), Facts::default())?;
    let mut tx = service.begin(cx).await?;
    let link = tx
        .links(source, &[key.to_owned()])
        .await?
        .pop()
        .ok_or(Error::NotFound)?;
    if link.state != LinkState::Waiting {
        return Err(Error::Refused("This has been decided already.".to_owned()));
    }
    let decided = match person {
        None => IdentityLink {
            state: LinkState::New,
            ..link
        },
        Some(id) => {
            let found = tx.identity(id).await?.ok_or(Error::NotFound)?;
            if found.content.status == domain::identity::IdentityStatus::Ended {
                return Err(Error::Refused(format!(
                    "{} has left. Choose somebody else.",
                    found.content.display_name
                )));
            }
            if cx.me().is_some()
                && !cx
                    .actor
                    .rights()
                    .has(domain::permission::ConsoleRight::Administer)
                && !tx.console_rights(id, service.now()).await?.is_empty()
            {
                return Err(Error::Refused(format!(
                    "{} holds rights in this console. Only an administrator can decide this.",
                    found.content.display_name
                )));
            }
            let others = tx.links_to(&[id]).await?;
            if others.iter().any(|other| other.source == source) {
                return Err(Error::Refused(format!(
                    "This source has another key for {} already. Choose somebody else, or somebody new.",
                    found.content.display_name
                )));
            }
            IdentityLink {
                identity: Some(id),
                authority: !others.iter().any(|other| other.authority),
                state: LinkState::Linked,
                seen: None,
                ..link
            }
        }
    };
    let now = tx.recorded();
    tx.put_links(&[decided], now).await?;
    let mut event = match person {
        Some(id) => cx.about(AuditAction::LinkDecided, id),
        None => cx.about(AuditAction::LinkDecided, source),
    };
    if person.is_some() {
        event.targets.push(domain::audit::Target {
            object: source.into(),
            content: None,
        });
    }
    event.details[0].note = Some(serde_json::json!({ "key": key, "new": person.is_none() }));
    service.commit(cx, tx, source, event, Vec::new()).await
}
