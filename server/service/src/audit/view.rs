//! Entries as people read them: with the names of who acted and of what was touched.

use std::collections::{BTreeSet, HashMap};

use domain::audit::AuditAction;
use domain::id::{
    AccountId, ApplicationId, ApprovalFlowId, CampaignId, DiscoveryId, EntitlementId, IdentityId,
    JobId, ObjectKind, ObjectRef, RequestItemId, ReviewId, RoleId, RuleId, SourceId,
};
use serde_json::Value;
use storage::ReadTx;
use storage::audit::Entry;

use super::diff::changes;
use crate::Result;

/// An object with the latest entries about it: what its page begins with.
#[derive(Debug, Clone)]
pub struct WithLatest<T> {
    /// What the page is about.
    pub object: T,
    /// The latest entries about it.
    pub latest: Vec<EntryView>,
}

/// An object with its present name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedObject {
    /// Which.
    pub object: ObjectRef,
    /// Its name, or its id where it has none.
    pub name: String,
}

/// An entry of the log in a list or a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryView {
    /// The entry.
    pub entry: Entry,
    /// What was done, in words after the actor's name: `edited`.
    pub label: String,
    /// Who acted.
    pub actor_name: String,
    /// What it touched.
    pub targets: Vec<NamedObject>,
    /// The first reason given.
    pub reason: Option<String>,
}

impl EntryView {
    /// The person who acted, for a link.
    pub fn actor(&self) -> Option<IdentityId> {
        self.entry.actor.parse().ok()
    }
}

/// Entries with names, looked up once for all of them.
pub(crate) async fn views(tx: &mut ReadTx, entries: Vec<Entry>) -> Result<Vec<EntryView>> {
    let actors = entries
        .iter()
        .filter_map(|entry| entry.actor.parse::<IdentityId>().ok())
        .map(ObjectRef::from);
    let objects: BTreeSet<ObjectRef> = entries
        .iter()
        .flat_map(|entry| entry.targets.iter().copied())
        .chain(actors)
        .collect();
    let names = names(tx, objects).await?;
    Ok(entries
        .into_iter()
        .map(|entry| view(entry, &names))
        .collect())
}

fn view(entry: Entry, names: &HashMap<ObjectRef, String>) -> EntryView {
    let name_of = |object: ObjectRef| {
        names
            .get(&object)
            .cloned()
            .unwrap_or_else(|| object.to_string())
    };
    EntryView {
        label: AuditAction::from_word(&entry.action)
            .map_or_else(|| entry.action.clone(), |action| action.label().to_owned()),
        actor_name: match entry.actor.as_str() {
            "system" => "Bailiwick".to_owned(),
            "command_line" => "The command line".to_owned(),
            "anonymous" => "Somebody not signed in".to_owned(),
            person => person
                .parse::<IdentityId>()
                .map_or_else(|_| person.to_owned(), |id| name_of(id.into())),
        },
        targets: entry
            .targets
            .iter()
            .map(|object| NamedObject {
                object: *object,
                name: name_of(*object),
            })
            .collect(),
        reason: entry.details.iter().find_map(|detail| {
            let reason = detail.body.as_ref()?.get("reason")?;
            reason.as_str().map(str::to_owned)
        }),
        entry,
    }
}

/// The present names of objects; ended ones keep theirs.
pub(crate) async fn names(
    tx: &mut ReadTx,
    objects: BTreeSet<ObjectRef>,
) -> Result<HashMap<ObjectRef, String>> {
    let people: Vec<IdentityId> = objects
        .iter()
        .filter_map(|object| object.identity())
        .collect();
    let mut names: HashMap<ObjectRef, String> = tx
        .identity_names(&people)
        .await?
        .into_iter()
        .map(|person| (person.id.into(), person.display_name))
        .collect();
    for object in objects {
        let name = match object.kind {
            ObjectKind::Application => tx
                .application(ApplicationId::from_raw(object.raw))
                .await?
                .map(|found| found.content.display_name),
            ObjectKind::Entitlement => tx
                .entitlement(EntitlementId::from_raw(object.raw))
                .await?
                .map(|found| found.content.display_name),
            ObjectKind::Organisation => tx
                .organisation()
                .await?
                .map(|organisation| organisation.name),
            ObjectKind::Job => tx
                .job(JobId::from_raw(object.raw))
                .await?
                .map(|found| found.title),
            ObjectKind::Role => tx
                .role(RoleId::from_raw(object.raw))
                .await?
                .map(|found| found.content.display_name),
            ObjectKind::Source => tx
                .source(SourceId::from_raw(object.raw))
                .await?
                .map(|found| found.content.name),
            ObjectKind::Account => tx
                .account(AccountId::from_raw(object.raw))
                .await?
                .map(|found| found.content.name),
            ObjectKind::Rule => tx
                .rule(RuleId::from_raw(object.raw))
                .await?
                .map(|found| found.content.name),
            ObjectKind::Discovery => tx
                .discovery(DiscoveryId::from_raw(object.raw))
                .await?
                .map(|found| format!("Roles in {}", crate::roles::about(&found))),
            ObjectKind::ApprovalFlow => tx
                .flow(ApprovalFlowId::from_raw(object.raw))
                .await?
                .map(|found| found.content.name),
            ObjectKind::RequestItem => {
                match tx.request_item(RequestItemId::from_raw(object.raw)).await? {
                    Some(item) => Some(crate::assignments::name(tx, item.content.what).await?),
                    None => None,
                }
            }
            ObjectKind::Review => tx
                .review(ReviewId::from_raw(object.raw))
                .await?
                .map(|found| found.content.name),
            ObjectKind::Campaign => tx
                .campaign(CampaignId::from_raw(object.raw))
                .await?
                .map(|found| found.content.name),
            ObjectKind::Identity
            | ObjectKind::Assignment
            | ObjectKind::Exclusion
            | ObjectKind::SourceRun
            | ObjectKind::Request
            | ObjectKind::RequestEvent
            | ObjectKind::Delegation
            | ObjectKind::FulfilmentTask
            | ObjectKind::View
            | ObjectKind::Notification
            | ObjectKind::AuditorLink
            | ObjectKind::Mail => None,
        };
        names.extend(name.map(|name| (object, name)));
    }
    Ok(names)
}

/// The objects whose ids stand in what an entry changed.
pub(crate) fn mentioned(entry: &Entry) -> Vec<ObjectRef> {
    let bodies = entry
        .details
        .iter()
        .filter_map(|detail| detail.body.as_ref());
    let changes = bodies.flat_map(|body| changes(body.get("before"), body.get("after")));
    changes
        .flat_map(|change| [change.before, change.after])
        .flatten()
        .flat_map(|text| {
            let ids = text.split(", ").filter_map(|text| text.parse().ok());
            ids.collect::<Vec<_>>()
        })
        .collect()
}

/// A text of a detail's body.
pub(super) fn text(body: Option<&Value>, key: &str) -> Option<String> {
    body?.get(key)?.as_str().map(str::to_owned)
}
