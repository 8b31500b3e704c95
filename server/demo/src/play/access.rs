//! Recording applications and entitlements, and changing them.

use domain::application::ApplicationDraft;
use domain::entitlement::EntitlementDraft;
use domain::id::{ApplicationId, EntitlementId};
use service::{Cx, Error, Result, applications, entitlements};

use super::Player;
use crate::plan::act::{AppChange, GrantChange, Which};

impl Player<'_> {
    pub(super) async fn add_application(
        &mut self,
        cx: &Cx,
        which: Which,
        draft: &ApplicationDraft,
    ) -> Result<()> {
        let id = applications::create(&self.service, cx, draft).await?;
        self.applications.insert(which, id);
        Ok(())
    }

    pub(super) async fn edit_application(
        &self,
        cx: &Cx,
        which: Which,
        change: &AppChange,
    ) -> Result<()> {
        let id = self.application(which)?;
        let present = applications::read(&self.service, cx, id).await?.application;
        let content = &present.content;
        let mut draft = ApplicationDraft {
            name: content.name.clone(),
            display_name: content.display_name.clone(),
            description: content.description.clone(),
            owner: content
                .owner
                .map(|owner| owner.to_string())
                .unwrap_or_default(),
            criticality: content
                .criticality
                .map(|level| level.word().to_owned())
                .unwrap_or_default(),
        };
        match change {
            AppChange::Describe(text) => (*text).clone_into(&mut draft.description),
            AppChange::Criticality(word) => (*word).clone_into(&mut draft.criticality),
        }
        applications::edit(&self.service, cx, id, present.recorded_from, &draft)
            .await
            .map(drop)
    }

    pub(super) async fn add_grant(&mut self, cx: &Cx, draft: &EntitlementDraft) -> Result<()> {
        let id = entitlements::create(&self.service, cx, draft).await?;
        self.grants.insert(draft.name.clone(), id);
        Ok(())
    }

    pub(super) async fn edit_grant(&self, cx: &Cx, name: &str, change: &GrantChange) -> Result<()> {
        let id = self.grant(name)?;
        let present = entitlements::read(&self.service, cx, id).await?;
        let content = &present.entitlement.content;
        let mut draft = EntitlementDraft {
            application: content.application.to_string(),
            name: content.name.clone(),
            display_name: content.display_name.clone(),
            description: content.description.clone(),
            kind: content.kind.word().to_owned(),
            actions: content.actions.join(" "),
            resource_type: content.resource_type.clone(),
            resource_id: content.resource_id.clone(),
            risk: content
                .risk
                .map(|level| level.word().to_owned())
                .unwrap_or_default(),
            owner: content
                .owner
                .map(|owner| owner.to_string())
                .unwrap_or_default(),
            requestable: content.requestable,
        };
        match change {
            GrantChange::Describe(text) => (*text).clone_into(&mut draft.description),
            GrantChange::Risk(word) => (*word).clone_into(&mut draft.risk),
            GrantChange::Requestable(may) => draft.requestable = *may,
        }
        entitlements::edit(
            &self.service,
            cx,
            id,
            present.entitlement.recorded_from,
            &draft,
        )
        .await
        .map(drop)
    }

    pub(super) fn application(&self, which: Which) -> Result<ApplicationId> {
        self.applications.get(&which).copied().ok_or_else(|| {
            Error::Internal("the story speaks of an application that is not there yet".to_owned())
        })
    }

    pub(super) fn grant(&self, name: &str) -> Result<EntitlementId> {
        self.grants.get(name).copied().ok_or_else(|| {
            Error::Internal(format!(
                "the story speaks of {name}, which is not there yet"
            ))
        })
    }
}
