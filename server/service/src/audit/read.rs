//! One entry with everything that is known of it, and the proof that it is in the signed log.

use crate::boxed;
use std::collections::{BTreeSet, HashMap};

use domain::audit::{AuditAction, Detail};
use domain::id::ObjectRef;
use domain::page::ListQuery;
use domain::permission::ConsoleRight::{Administer, Audit};
use domain::search::{Search, Term};
use proof::hash::Hash;
use serde_json::Value;
use storage::ReadTx;
use storage::audit::{Entry, StoredDetail};

use super::diff::{FieldChange, changes};
use super::list::{authorise, related};
use super::prove::{ProofView, prove};
use super::view::{EntryView, mentioned, names, text, views};
use crate::{Cx, Error, Result, Service};

/// What is kept about one subject of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct DetailView {
    /// Whom or what it is about; none when about nobody.
    pub subject: Option<ObjectRef>,
    /// The subject's name.
    pub subject_name: String,
    /// Whether the details were erased; then nothing else is here.
    pub erased: bool,
    /// What changed.
    pub changes: Vec<FieldChange>,
    /// Why.
    pub reason: Option<String>,
    /// The actor's network address.
    pub address: Option<String>,
    /// The actor's browser.
    pub user_agent: Option<String>,
    /// Anything else that was kept, by name.
    pub notes: Vec<(String, String)>,
}

/// An entry on its own page.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryDetail {
    /// The entry with names.
    pub view: EntryView,
    /// What is kept about each subject.
    pub details: Vec<DetailView>,
    /// Names of the people, applications and entitlements whose ids stand in the changes, by id text.
    pub names: HashMap<String, String>,
    /// The canonical JSON that is hashed.
    pub canonical: String,
    /// Hash of it, in hexadecimal.
    pub leaf_hash: String,
    /// Its place in the tree, from 0.
    pub leaf_index: i64,
    /// The proof against the latest checkpoint; none when that does not cover the entry yet.
    pub proof: Option<ProofView>,
    /// The entry before.
    pub previous: Option<i64>,
    /// The entry after.
    pub next: Option<i64>,
    /// Other entries of the same request, the newest first.
    pub related: Vec<EntryView>,
}

/// One entry; that an auditor opened it is recorded.
#[boxed]
pub async fn read(service: &Service, cx: &Cx, seq: i64) -> Result<EntryDetail> {
    authorise(service, cx, None).await?;
    let mut tx = service.store.read().await?;
    let entry = tx.audit_entry(seq).await?.ok_or(Error::NotFound)?;
    let (leaf, hash) = tx.audit_leaf(seq).await?.ok_or(Error::NotFound)?;
    let leaf_hash = Hash::try_from(&hash[..])
        .map_err(|_| Error::Internal(format!("the stored hash of entry {seq} is not a hash")))?;
    let (last, _) = tx.audit_head().await?;
    let related = same_request(&mut tx, &entry).await?;
    let details = details(&mut tx, &entry.details).await?;
    let named = names(&mut tx, mentioned(&entry).into_iter().collect()).await?;
    let proof = prove(&mut tx, seq, &leaf_hash).await?;
    let view = views(&mut tx, vec![entry])
        .await?
        .pop()
        .ok_or(Error::NotFound)?;
    let detail = EntryDetail {
        view,
        details,
        names: named
            .into_iter()
            .map(|(object, name)| (object.to_string(), name))
            .collect(),
        canonical: String::from_utf8_lossy(&leaf).into_owned(),
        leaf_hash: leaf_hash.to_string(),
        leaf_index: seq - 1,
        proof,
        previous: (seq > 1).then(|| seq - 1),
        next: (seq < last).then(|| seq + 1),
        related: views(&mut tx, related).await?,
    };
    drop(tx);
    note_view(service, cx, seq).await?;
    Ok(detail)
}

async fn same_request(tx: &mut ReadTx, entry: &Entry) -> Result<Vec<Entry>> {
    let Some(request) = &entry.request else {
        return Ok(Vec::new());
    };
    let query = ListQuery {
        search: Search {
            terms: vec![Term::is("request", request)],
        },
        ..ListQuery::default()
    };
    let found = tx.audit_entries(&query).await?.rows;
    Ok(found
        .into_iter()
        .filter(|other| related(entry, other))
        .collect())
}

async fn details(tx: &mut ReadTx, stored: &[StoredDetail]) -> Result<Vec<DetailView>> {
    let subjects: BTreeSet<ObjectRef> = stored
        .iter()
        .filter_map(|detail| detail.subject.parse().ok())
        .collect();
    let names = names(tx, subjects).await?;
    Ok(stored
        .iter()
        .map(|detail| {
            let body = detail.body.as_ref();
            let subject: Option<ObjectRef> = detail.subject.parse().ok();
            let name = subject.and_then(|subject| names.get(&subject).cloned());
            DetailView {
                subject,
                subject_name: name.unwrap_or_else(|| detail.subject.clone()),
                erased: body.is_none(),
                changes: changes(
                    body.and_then(|body| body.get("before")),
                    body.and_then(|body| body.get("after")),
                ),
                reason: text(body, "reason"),
                address: text(body, "address"),
                user_agent: text(body, "user_agent"),
                notes: notes(body.and_then(|body| body.get("note"))),
            }
        })
        .collect())
}

fn notes(note: Option<&Value>) -> Vec<(String, String)> {
    changes(None, note)
        .into_iter()
        .filter_map(|change| Some((change.field, change.after?)))
        .collect()
}

/// An auditor's look at an entry is itself an entry.
async fn note_view(service: &Service, cx: &Cx, seq: i64) -> Result<()> {
    let rights = cx.actor.rights();
    if !rights.has(Audit) || rights.has(Administer) {
        return Ok(());
    }
    let mut event = cx.event(AuditAction::Viewed);
    event.details = vec![Detail {
        note: Some(serde_json::json!({ "entry": seq })),
        address: cx.origin.address.clone(),
        user_agent: cx.origin.user_agent.clone(),
        ..Detail::default()
    }];
    let tx = service
        .store
        .write(service.clock.now(), service.entropy.clone())
        .await?;
    tx.commit(event, Vec::new()).await?;
    Ok(())
}
