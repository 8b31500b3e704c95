//! The first run, sign-ins, passwords, and what is done in the console besides changing things.

use domain::permission::Actor;
use service::exports::{self, ExportAsk, ExportList};
use service::sessions::{self, Opening};
use service::welcome::{self, Welcome};
use service::{Cx, Error, Result, passwords, people};

use super::{Player, Session};
use crate::company::{ORGANISATION, ZONE};
use crate::passphrase::passphrase;
use crate::plan::act::{By, Who};

impl Player<'_> {
    pub(super) async fn found(&mut self, who: Who) -> Result<()> {
        let draft = &self.plan.members[who].draft;
        let password = passphrase(&*self.entropy);
        let first = Welcome {
            organisation: ORGANISATION.to_owned(),
            zone: ZONE.to_owned(),
            display_name: draft.display_name.clone(),
            username: draft.username.clone(),
            email: draft.email.clone(),
            password: password.clone(),
            again: password.clone(),
        };
        let cx = Cx {
            origin: self.origin(By::Administrator),
            ..Cx::of(Actor::Anonymous)
        };
        self.people[who] = Some(welcome::create_first(&self.service, &cx, &first).await?);
        self.passwords.insert(who, password);
        Ok(())
    }

    /// Makes a link and uses it.
    pub(super) async fn invite(&mut self, cx: &Cx, who: Who) -> Result<()> {
        let link = people::link(&self.service, cx, self.id(who)?).await?;
        let token = link.url.rsplit('/').next().unwrap_or_default();
        let password = passphrase(&*self.entropy);
        let origin = cx.origin.clone();
        let cx = Cx {
            origin,
            ..Cx::of(Actor::Anonymous)
        };
        passwords::set_by_link(&self.service, &cx, token, &password, &password).await?;
        self.passwords.insert(who, password);
        Ok(())
    }

    /// The password is known to be right: it is not hashed again for each of some hundred sign-ins.
    pub(super) async fn sign_in(&mut self, by: By) -> Result<()> {
        let Some(who) = self.who(by) else {
            return Ok(());
        };
        let opening = Opening {
            identity: self.id(who)?,
            origin: self.origin(by),
        };
        let mut hash = [0; 32];
        self.entropy.fill(&mut hash);
        sessions::open(&self.service, &opening, &hash).await?;
        let signed_in = sessions::resume(&self.service, &hash).await?;
        let actor = signed_in
            .ok_or_else(|| Error::Internal("the story signs somebody in who may not".to_owned()))?
            .actor();
        self.sessions.insert(by, Session { hash, actor });
        Ok(())
    }

    pub(super) async fn sign_out(&mut self, by: By) -> Result<()> {
        let Some(session) = self.sessions.remove(&by) else {
            return Ok(());
        };
        let origin = self.origin(by);
        sessions::close(&self.service, &origin, &session.hash).await
    }

    pub(super) async fn mistype(&mut self, by: By) -> Result<()> {
        let Some(who) = self.who(by) else {
            return Ok(());
        };
        let cx = Cx {
            origin: self.origin(by),
            ..Cx::of(Actor::Anonymous)
        };
        match sessions::verify(
            &self.service,
            &cx,
            &self.plan.members[who].draft.username,
            "not the password",
        )
        .await
        {
            Err(Error::WrongPassword) => Ok(()),
            Err(error) => Err(error),
            Ok(_) => Err(Error::Internal("a wrong password was taken".to_owned())),
        }
    }

    pub(super) async fn overreach(&self, cx: &Cx, who: Who) -> Result<()> {
        match people::link(&self.service, cx, self.id(who)?).await {
            Err(Error::Denied { .. }) => Ok(()),
            Err(error) => Err(error),
            Ok(_) => Err(Error::Internal(
                "a link was made without the right".to_owned(),
            )),
        }
    }

    pub(super) async fn export_people(&self, cx: &Cx) -> Result<()> {
        let all = ExportAsk {
            list: ExportList::People.word().to_owned(),
            ..ExportAsk::default()
        };
        exports::file(&self.service, cx, &all).await.map(drop)
    }

    const fn who(&self, by: By) -> Option<Who> {
        let cast = self.plan.cast;
        match by {
            By::Administrator => Some(cast.administrator),
            By::IdentityManager => Some(cast.identity_manager),
            By::AccessManager => Some(cast.access_manager),
            By::Auditor => Some(cast.auditor),
            By::Manager => Some(cast.manager),
            By::Employee => Some(cast.employee),
            By::Person(who) => Some(who),
            By::System => None,
        }
    }
}
