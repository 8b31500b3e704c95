//! The versions of a role, two of them side by side, and the way back: an earlier content as a draft for a plan.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{ObjectRef, RoleId};
use domain::role::{Grantable, Role};
use domain::time::Instant;
use storage::ReadTx;

use super::read::{RoleDetail, read};
use crate::audit::views;
use crate::{Cx, Error, Result, Service, boxed};

/// A version of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// When it was recorded.
    pub recorded_from: Instant,
    /// When the next one was; none for the present one.
    pub recorded_to: Option<Instant>,
    /// How many things were in it.
    pub parts: usize,
    /// Who made it, as far as the log says.
    pub author: Option<Author>,
    /// What was done, in words: `edited`.
    pub done: String,
    /// Why, in the author's words.
    pub reason: Option<String>,
}

/// Who made a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The name of the person, or of the source whose import it was.
    pub name: String,
    /// The person or the run, when it is one.
    pub object: Option<ObjectRef>,
}

/// Two versions of a role.
#[derive(Debug, Clone)]
pub struct Versions {
    /// The older one.
    pub older: RoleDetail,
    /// The newer one.
    pub newer: RoleDetail,
    /// What came in between the two.
    pub added: BTreeSet<Grantable>,
    /// What was taken out.
    pub removed: BTreeSet<Grantable>,
}

/// All versions, the newest first.
#[boxed]
pub async fn versions(
    service: &Service,
    cx: &Cx,
    id: RoleId,
) -> Result<(RoleDetail, Vec<Version>)> {
    let detail = read(service, cx, id, None).await?;
    let mut tx = service.store.read().await?;
    let all: Vec<Role> = tx.role_history(id).await?;
    let mut made = makers(&mut tx, id).await?;
    let ends = all.iter().skip(1).map(|role| Some(role.recorded_from));
    let ends: Vec<Option<Instant>> = ends.chain([None]).collect();
    let versions = all.iter().zip(ends).map(|(role, recorded_to)| {
        let made = made.remove(&role.recorded_from).unwrap_or_default();
        Version {
            recorded_from: role.recorded_from,
            recorded_to,
            parts: role.content.parts.len(),
            author: made.author,
            done: made.done,
            reason: made.reason,
        }
    });
    let mut versions: Vec<Version> = versions.collect();
    versions.reverse();
    Ok((detail, versions))
}

/// What the log says of how a version came to be.
#[derive(Debug, Default)]
struct Made {
    author: Option<Author>,
    done: String,
    reason: Option<String>,
}

/// How the versions of a role came to be, by their moments: by entries of the log, and by the runs of sources.
async fn makers(tx: &mut ReadTx, id: RoleId) -> Result<BTreeMap<Instant, Made>> {
    let mut made = BTreeMap::new();
    for (at, run) in tx.runs_of_role(id).await? {
        let source = tx.source(run.source).await?;
        let author = source.map(|source| Author {
            name: source.content.name,
            object: Some(run.id.into()),
        });
        let done = "imported".to_owned();
        let reason = None;
        made.insert(
            at,
            Made {
                author,
                done,
                reason,
            },
        );
    }
    let entries = tx.entries_of_role(id).await?;
    for view in views(tx, entries).await? {
        let object = view.actor().map(ObjectRef::from);
        let one = Made {
            author: Some(Author {
                name: view.actor_name,
                object,
            }),
            done: view.label,
            reason: view.reason,
        };
        made.insert(view.entry.recorded, one);
    }
    Ok(made)
}

/// Two versions side by side, whichever is named first.
#[boxed]
pub async fn compare(
    service: &Service,
    cx: &Cx,
    id: RoleId,
    one: Instant,
    other: Instant,
) -> Result<Versions> {
    if one == other {
        return Err(Error::Refused(
            "These are the same version. Choose two different ones.".to_owned(),
        ));
    }
    let older = read(service, cx, id, Some(one.min(other))).await?;
    let newer = read(service, cx, id, Some(one.max(other))).await?;
    let whats = |detail: &RoleDetail| -> BTreeSet<Grantable> {
        detail
            .role
            .content
            .parts
            .iter()
            .map(|part| part.what)
            .collect()
    };
    let (had, has) = (whats(&older), whats(&newer));
    Ok(Versions {
        added: has.difference(&had).copied().collect(),
        removed: had.difference(&has).copied().collect(),
        older,
        newer,
    })
}
