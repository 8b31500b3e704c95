//! Asking for a search: where it looks, and the job that carries it out.

use domain::audit::AuditAction;
use domain::discovered::Scope;
use domain::field::FieldErrors;
use domain::id::{DiscoveryId, ObjectKind};
use serde_json::json;
use storage::WriteTx;
use storage::discoveries::NewDiscovery;

use super::{DiscoverRoles, permitted};
use crate::jobs::{NewJob, enqueue};
use crate::{Cx, Error, Result, Service, boxed, references};

/// Departments that a form offers; with more, one is typed.
const MOST_DEPARTMENTS: i64 = 300;

/// Where to look, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiscoverDraft {
    /// `everybody`, `application` or `department`.
    pub scope: String,
    /// Technical name or id of the application.
    pub application: String,
    /// The department, as it stands at people.
    pub department: String,
}

/// What a form offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ways {
    /// The departments; none when there are too many to offer.
    pub departments: Vec<String>,
}

/// What may be chosen, for whoever may ask.
#[boxed]
pub async fn ways(service: &Service, cx: &Cx) -> Result<Ways> {
    service.noted(cx, permitted(cx).map(drop)).await?;
    let mut tx = service.store.read().await?;
    let mut departments = tx.departments(MOST_DEPARTMENTS + 1).await?;
    if i64::try_from(departments.len()).is_ok_and(|there| there > MOST_DEPARTMENTS) {
        departments.clear();
    }
    departments.sort_by_cached_key(|name| domain::text::fold(name));
    Ok(Ways { departments })
}

/// Asks for a search as a job. One is carried out at a time: it takes a good deal of memory.
#[boxed]
pub async fn ask(service: &Service, cx: &Cx, draft: &DiscoverDraft) -> Result<DiscoveryId> {
    let result = carry_out(service, cx, draft).await;
    let id = service.noted(cx, result).await?;
    service.wake_worker();
    Ok(id)
}

async fn carry_out(service: &Service, cx: &Cx, draft: &DiscoverDraft) -> Result<DiscoveryId> {
    permitted(cx)?;
    let mut tx = service.begin(cx).await?;
    let mut errors = FieldErrors::new();
    let scope = scope(&mut tx, draft, &mut errors).await?;
    let Some((scope, place)) = errors.or(scope)? else {
        return Err(Error::Internal("a scope without a problem".to_owned()));
    };
    let id = DiscoveryId::from_raw(tx.next_id(ObjectKind::Discovery).await?);
    let job = NewJob::of(&DiscoverRoles { discovery: id })?
        .about(id)
        .title(format!("Find roles in {place}"))
        .once("discover roles");
    let job = enqueue(&mut tx, cx, &job).await?;
    let own = tx.job(job).await?.and_then(|job| job.subject) == Some(id.into());
    if !own {
        return Err(Error::Refused(
            "Roles are being looked for already. Wait until that search is through, or cancel it."
                .to_owned(),
        ));
    }
    let mut event = cx.about(AuditAction::DiscoveryAsked, id);
    if let Some(detail) = event.details.first_mut() {
        detail.note = Some(json!({
            "scope": scope.word(),
            "application": scope.application(),
            "department": scope.department(),
        }));
    }
    let new = NewDiscovery {
        id,
        created_by: cx.me(),
        job,
        scope,
    };
    tx.insert_discovery(&new).await?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(id)
}

/// The scope, and in words; none when something is wrong with it.
async fn scope(
    tx: &mut WriteTx,
    draft: &DiscoverDraft,
    errors: &mut FieldErrors,
) -> Result<Option<(Scope, String)>> {
    match draft.scope.as_str() {
        "everybody" => Ok(Some((
            Scope::Everybody,
            "the access of everybody".to_owned(),
        ))),
        "application" => {
            let Some(id) = references::application(tx, &draft.application, errors).await? else {
                return Ok(None);
            };
            let named = tx.application(id).await?;
            let name = named.map(|found| found.content.display_name);
            let place = format!("the access to {}", name.unwrap_or_default());
            Ok(Some((Scope::Application(id), place)))
        }
        "department" => {
            let name = errors.required("department", "The department", &draft.department, 200);
            if name.is_empty() {
                return Ok(None);
            }
            if tx.people_of_department(&name).await?.is_empty() {
                errors.add(
                    "department",
                    format!("Nobody who is active is in the department “{name}”. Write it as it stands at its people."),
                );
                return Ok(None);
            }
            let place = format!("the access of {name}");
            Ok(Some((Scope::Department(name), place)))
        }
        _ => {
            errors.add("scope", "Choose where to look.");
            Ok(None)
        }
    }
}
