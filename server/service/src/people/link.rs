//! One-time links with which people set their password.

use crate::boxed;
use domain::audit::AuditAction;
use domain::id::IdentityId;
use domain::permission::Action;
use domain::time::{DAY, Instant};
use proof::hash::sha256;

use super::facts;
use crate::{Cx, Error, Result, Service};

/// A link is good for a day.
const LIFETIME: i64 = DAY;

/// A link that was just made; it cannot be shown again.
#[derive(Clone)]
pub struct NewLink {
    /// The whole address.
    pub url: String,
    /// Until when it works.
    pub expires: Instant,
}

/// The address is a secret: it never reaches a log.
impl std::fmt::Debug for NewLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewLink")
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// Makes a link for a person; links made before stop working.
#[boxed]
pub async fn link(service: &Service, cx: &Cx, id: IdentityId) -> Result<NewLink> {
    let result = carry_out(service, cx, id).await;
    service.noted(cx, result).await
}

async fn carry_out(service: &Service, cx: &Cx, id: IdentityId) -> Result<NewLink> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let (person, facts) = facts(&mut tx, cx, id, now).await?;
    cx.decide(Action::LinkPerson, Some(id.into()), facts)?;
    if !person.content.status.may_sign_in() {
        return Err(Error::Refused(format!(
            "{} cannot sign in now, so a link would not help. Resume the person first.",
            person.content.display_name
        )));
    }
    let token = service.secret_text();
    let expires = now.plus(LIFETIME);
    tx.put_link(id, &sha256(token.as_bytes()).0, expires)
        .await?;
    let event = cx.about(AuditAction::LinkCreated, id);
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(NewLink {
        url: format!("{}/set-password/{token}", service.public_url),
        expires,
    })
}

impl Service {
    /// A fresh key under which a form is carried out once.
    pub fn form_key(&self) -> String {
        self.secret_text()
    }

    /// A fresh nonce for the scripts of one page.
    pub fn nonce(&self) -> String {
        self.secret_text()
    }

    /// 160 random bits as text for a URL.
    pub(crate) fn secret_text(&self) -> String {
        let mut bytes = [0_u8; 20];
        self.entropy.fill(&mut bytes);
        domain::text::hex(&bytes)
    }
}
