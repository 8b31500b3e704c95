//! Adding people and changing their records.

use domain::identity::{IdentityContent, IdentityDraft};
use domain::time::Date;
use service::people::{self, End};
use service::{Cx, Result};

use super::Player;
use crate::plan::act::{Change, Who};

impl Player<'_> {
    pub(super) async fn hire(&mut self, cx: &Cx, who: Who) -> Result<()> {
        let draft = self.planned(who)?;
        let id = people::create(&self.service, cx, &draft).await?;
        self.people[who] = Some(id);
        Ok(())
    }

    /// What the plan says about somebody.
    fn planned(&self, who: Who) -> Result<IdentityDraft> {
        let member = &self.plan.members[who];
        let manager = member.manager.map(|manager| self.id(manager)).transpose()?;
        Ok(IdentityDraft {
            manager: manager.map(|id| id.to_string()).unwrap_or_default(),
            ..member.draft.clone()
        })
    }

    pub(super) async fn edit(&mut self, cx: &Cx, who: Who, change: &Change) -> Result<()> {
        let id = self.id(who)?;
        let present = people::read(&self.service, cx, id).await?.identity;
        let mut draft = draft_of(&present.content);
        match change {
            Change::Complete => draft = self.planned(who)?,
            Change::Title(title) => draft.title.clone_from(title),
            Change::Promote if draft.title.starts_with("Senior ") => return Ok(()),
            Change::Promote => draft.title.insert_str(0, "Senior "),
            Change::Manager(manager) => draft.manager = self.id(*manager)?.to_string(),
            Change::Location(location) => (*location).clone_into(&mut draft.location),
            Change::Transfer {
                department,
                title,
                location,
                manager,
            } => {
                (*department).clone_into(&mut draft.department);
                draft.title.clone_from(title);
                (*location).clone_into(&mut draft.location);
                draft.manager = self.id(*manager)?.to_string();
            }
            Change::OnLeave => "on_leave".clone_into(&mut draft.status),
            Change::Back => "active".clone_into(&mut draft.status),
            Change::Rename {
                display_name,
                email,
            } => {
                draft.display_name.clone_from(display_name);
                draft.email.clone_from(email);
            }
            Change::LastDay(day) => draft.end_date = day.to_string(),
        }
        people::edit(&self.service, cx, id, present.recorded_from, &draft)
            .await
            .map(drop)
    }

    pub(super) async fn end(
        &self,
        cx: &Cx,
        who: Who,
        reason: &str,
        last_day: Option<Date>,
    ) -> Result<()> {
        people::end(
            &self.service,
            cx,
            self.id(who)?,
            &End {
                reason: reason.to_owned(),
                last_day,
            },
        )
        .await
    }
}

/// The form as it opens on a record.
fn draft_of(content: &IdentityContent) -> IdentityDraft {
    let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    IdentityDraft {
        username: content.username.clone(),
        display_name: content.display_name.clone(),
        email: content.email.clone(),
        department: content.department.clone(),
        title: content.title.clone(),
        location: content.location.clone(),
        manager: content
            .manager
            .map(|manager| manager.to_string())
            .unwrap_or_default(),
        kind: content.kind.word().to_owned(),
        status: String::new(),
        start_date: day(content.start_date),
        end_date: day(content.end_date),
    }
}
