//! The versions of a role, two of them side by side, and the way back: an earlier content as a draft for a plan.

use std::collections::BTreeSet;

use domain::id::RoleId;
use domain::role::{Grantable, Role};
use domain::time::Instant;

use super::read::{RoleDetail, read};
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
    let ends = all.iter().skip(1).map(|role| Some(role.recorded_from));
    let ends: Vec<Option<Instant>> = ends.chain([None]).collect();
    let versions = all.iter().zip(ends).map(|(role, recorded_to)| Version {
        recorded_from: role.recorded_from,
        recorded_to,
        parts: role.content.parts.len(),
    });
    let mut versions: Vec<Version> = versions.collect();
    versions.reverse();
    Ok((detail, versions))
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
