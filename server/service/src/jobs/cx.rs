//! In whose name a job acts: whoever asked for it, with the rights of now.

use domain::permission::Actor;

use super::work::Work;
use crate::{Cx, Error, Origin, Result, Service};

/// Whoever asked for the job, with the rights they have now; the console itself when nobody did. Who can no longer sign
/// in can no longer have anything done.
pub async fn cx_of(service: &Service, work: &Work) -> Result<Cx> {
    let Some(id) = work.asked_by() else {
        return Ok(Cx::of(Actor::System));
    };
    let mut tx = service.store.read().await?;
    let person = tx.identity(id).await?.ok_or(Error::NotFound)?;
    if !person.content.status.may_sign_in() {
        let text = format!(
            "{} asked for this and can no longer sign in. Somebody else has to ask for it anew.",
            person.content.display_name
        );
        return Err(Error::Refused(text));
    }
    let rights = tx.console_rights(id, service.now()).await?;
    Ok(Cx {
        actor: Actor::Person { id, rights },
        origin: Origin {
            request: Some(work.job().to_string()),
            ..Origin::default()
        },
        once: None,
    })
}
