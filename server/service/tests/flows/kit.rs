//! What these tests have in common: Ana, her manager Bo, his manager Cy, and something to ask for.

use domain::application::ApplicationDraft;
use domain::entitlement::EntitlementDraft;
use domain::id::{ApprovalFlowId, IdentityId};
use domain::identity::IdentityDraft;
use domain::permission::ConsoleRight;
use domain::time::SECOND;
use service::flows::{FlowForm, Preview, PreviewDraft, StepForm, create, preview};
use service::people::{create as create_person, edit, read};
use service::{Cx, applications, entitlements};
use testkit::TestApp;

/// An organisation with people and an application.
pub(crate) struct Kit<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) cx: Cx,
    pub(crate) ana: IdentityId,
    pub(crate) bo: IdentityId,
    pub(crate) cy: IdentityId,
    pub(crate) olga: IdentityId,
}

impl<'a> Kit<'a> {
    pub(crate) async fn new(app: &'a TestApp) -> Self {
        let cx = app.welcome().await;
        let cy = person(app, &cx, "cy", "").await;
        let bo = person(app, &cx, "bo", "cy").await;
        let ana = person(app, &cx, "ana", "bo").await;
        let olga = person(app, &cx, "olga", "").await;
        let draft = ApplicationDraft {
            name: "sap".to_owned(),
            display_name: "SAP".to_owned(),
            owner: "cy".to_owned(),
            ..ApplicationDraft::default()
        };
        applications::create(app.service(), &cx, &draft)
            .await
            .expect("an application");
        let draft = EntitlementDraft {
            application: "sap".to_owned(),
            name: "post".to_owned(),
            display_name: "Post invoice".to_owned(),
            kind: "permission".to_owned(),
            risk: "low".to_owned(),
            owner: "olga".to_owned(),
            requestable: true,
            ..EntitlementDraft::default()
        };
        // `sap/post`, owned by Olga, of low risk.
        entitlements::create(app.service(), &cx, &draft)
            .await
            .expect("an entitlement");
        let kit = Self {
            app,
            cx,
            ana,
            bo,
            cy,
            olga,
        };
        kit.later();
        kit
    }

    /// A moment later.
    pub(crate) fn later(&self) {
        self.app.clock().advance(SECOND);
    }

    /// Changes what is recorded about a person.
    pub(crate) async fn change(&self, id: IdentityId, change: impl FnOnce(&mut IdentityDraft)) {
        let service = self.app.service();
        let known = read(service, &self.cx, id).await.expect("the person");
        let content = &known.identity.content;
        let mut draft = IdentityDraft {
            username: content.username.clone(),
            display_name: content.display_name.clone(),
            department: content.department.clone(),
            title: content.title.clone(),
            manager: content.manager.map(|id| id.to_string()).unwrap_or_default(),
            kind: "employee".to_owned(),
            ..IdentityDraft::default()
        };
        change(&mut draft);
        edit(service, &self.cx, id, known.identity.recorded_from, &draft)
            .await
            .expect("an edit");
        self.later();
    }

    pub(crate) async fn flow(&self, form: &FlowForm) -> ApprovalFlowId {
        let id = create(self.app.service(), &self.cx, form).await;
        self.later();
        id.expect("a flow")
    }

    /// Where a request of Ana for something would go.
    pub(crate) async fn would_go(&self, what: &str) -> Preview {
        let draft = PreviewDraft {
            person: "ana".to_owned(),
            what: what.to_owned(),
        };
        preview(self.app.service(), &self.cx, &draft)
            .await
            .expect("a preview")
    }

    /// The first step of that: who, and why.
    pub(crate) async fn first(&self) -> (Vec<String>, String) {
        let preview = self.would_go("sap/post").await;
        let step = &preview.stages[0][0];
        let people = step.people.iter().map(|one| one.username.clone());
        (people.collect(), step.because.clone())
    }
}

/// A flow for everything in SAP with these steps.
pub(crate) fn for_sap(steps: Vec<StepForm>) -> FlowForm {
    FlowForm {
        name: "For SAP".to_owned(),
        applications: vec!["sap".to_owned()],
        steps,
        ..FlowForm::default()
    }
}

/// A step by an approver in a stage.
pub(crate) fn by(approver: &str, who: &str) -> StepForm {
    StepForm {
        approver: approver.to_owned(),
        who: who.to_owned(),
        ..StepForm::usual(1)
    }
}

pub(crate) async fn person(app: &TestApp, cx: &Cx, name: &str, manager: &str) -> IdentityId {
    let draft = IdentityDraft {
        username: name.to_owned(),
        display_name: format!("{}{}", name[..1].to_uppercase(), &name[1..]),
        manager: manager.to_owned(),
        kind: "employee".to_owned(),
        ..IdentityDraft::default()
    };
    create_person(app.service(), cx, &draft)
        .await
        .expect("a person")
}

/// Everybody with a right that makes them an administrator of the access model.
pub(crate) async fn modeller(app: &TestApp) -> Cx {
    app.someone("Mo Deller", &[ConsoleRight::ManageAccessModel])
        .await
}
