//! What these tests have in common: a small company with an application, its owner, and people with managers.

use domain::application::ApplicationDraft;
use domain::approval::{Approver, Covers, FlowContent, Step, Vote};
use domain::audit::{AuditAction, Event, Outcome};
use domain::entitlement::EntitlementDraft;
use domain::id::{EntitlementId, IdentityId, RequestId, RequestItemId};
use domain::identity::IdentityDraft;
use domain::permission::Actor;
use domain::request::ItemState;
use domain::time::SECOND;
use service::requests::{Ask, Decided, ItemDetail, Line, Verdict};
use service::{Cx, Error, applications, entitlements, people, requests};
use testkit::TestApp;

/// Ana reports to Bo, Bo to Cy; Kim administers; Olga owns SAP.
pub(crate) struct Kit<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) admin: Cx,
    pub(crate) ana: Cx,
    pub(crate) bo: Cx,
    pub(crate) cy: Cx,
    pub(crate) olga: Cx,
    pub(crate) post: EntitlementId,
    pub(crate) pay: EntitlementId,
}

impl<'a> Kit<'a> {
    pub(crate) async fn new(app: &'a TestApp) -> Self {
        let admin = app.welcome().await;
        let cy = person(app, "Cy Tran", "").await;
        let bo = person(app, "Bo Lind", "cy.tran").await;
        let ana = person(app, "Ana Silva", "bo.lind").await;
        let olga = person(app, "Olga Berg", "").await;
        let draft = ApplicationDraft {
            name: "sap".to_owned(),
            display_name: "SAP".to_owned(),
            owner: "olga.berg".to_owned(),
            ..ApplicationDraft::default()
        };
        applications::create(app.service(), &admin, &draft)
            .await
            .expect("an application");
        let post = entitlement(app, &admin, "post", true).await;
        let pay = entitlement(app, &admin, "pay", true).await;
        app.clock().advance(SECOND);
        Self {
            app,
            admin,
            ana,
            bo,
            cy,
            olga,
            post,
            pay,
        }
    }

    /// A request by somebody for themselves, for 30 days.
    pub(crate) async fn ask(&self, cx: &Cx, whats: &[&str]) -> RequestId {
        self.try_ask(cx, whats, "30").await.expect("a request")
    }

    pub(crate) async fn try_ask(
        &self,
        cx: &Cx,
        whats: &[&str],
        days: &str,
    ) -> Result<RequestId, Error> {
        let ask = Ask {
            beneficiary: me(cx),
            lines: whats
                .iter()
                .map(|what| Line {
                    what: (*what).to_owned(),
                    days: days.to_owned(),
                    reason: String::new(),
                })
                .collect(),
            reason: "The close of the quarter".to_owned(),
        };
        let asked = requests::submit(self.app.service(), cx, &ask).await;
        self.app.clock().advance(SECOND);
        asked
    }

    /// The items of a request.
    pub(crate) async fn items(&self, id: RequestId) -> Vec<ItemDetail> {
        requests::read(self.app.service(), &self.admin, id)
            .await
            .expect("the request")
            .items
    }

    pub(crate) async fn first(&self, id: RequestId) -> RequestItemId {
        self.items(id).await[0].item.id
    }

    pub(crate) async fn state(&self, id: RequestItemId) -> ItemState {
        let found = requests::item(self.app.service(), &self.admin, id).await;
        found.expect("the item").item.content.state
    }

    pub(crate) async fn decide(
        &self,
        cx: &Cx,
        id: RequestItemId,
        vote: Vote,
    ) -> Result<Decided, Error> {
        let decided = requests::decide(self.app.service(), cx, id, &says(vote)).await;
        self.app.clock().advance(SECOND);
        decided
    }

    pub(crate) async fn approve(&self, cx: &Cx, id: RequestItemId) -> Decided {
        self.decide(cx, id, Vote::Approve)
            .await
            .expect("a decision")
    }

    /// Who finds something in their inbox.
    pub(crate) async fn waits_for(&self, cx: &Cx) -> usize {
        let page = requests::inbox(self.app.service(), cx, None, 50).await;
        page.expect("the inbox").rows.len()
    }

    /// Whether somebody has something now.
    pub(crate) async fn has(&self, cx: &Cx, what: EntitlementId) -> bool {
        let (_, access) =
            service::effective::access_of(self.app.service(), &self.admin, me(cx), None)
                .await
                .expect("the access");
        access.lines.iter().any(|line| line.entitlement.id == what)
    }

    /// A flow that covers one entitlement, written as a person would have.
    pub(crate) async fn flow(&self, what: EntitlementId, change: impl FnOnce(&mut FlowContent)) {
        let mut content = FlowContent {
            name: format!("Flow of {what}"),
            covers: Covers {
                entitlements: vec![what],
                ..Covers::default()
            },
            stages: vec![vec![Step::by(Approver::Manager)]],
            ..FlowContent::standard()
        };
        change(&mut content);
        let mut tx = self.app.db().write().await;
        let (_, target) = tx.insert_flow(&content).await.expect("a flow");
        let event = Event {
            actor: Actor::System,
            on_behalf_of: None,
            action: AuditAction::FlowCreated,
            outcome: Outcome::Done,
            request: None,
            targets: vec![target],
            details: Vec::new(),
            bulk: None,
        };
        tx.commit(event, Vec::new()).await.expect("a commit");
        self.app.clock().advance(SECOND);
    }

    /// What housekeeping does every minute.
    pub(crate) async fn round(&self) {
        service::housekeeping::round(self.app.service()).await;
        self.app.clock().advance(SECOND);
    }
}

pub(crate) fn me(cx: &Cx) -> IdentityId {
    cx.me().expect("a person acts")
}

pub(crate) fn says(vote: Vote) -> Verdict {
    Verdict {
        vote,
        note: "Seen".to_owned(),
        shorter: String::new(),
    }
}

pub(crate) async fn person(app: &TestApp, name: &str, manager: &str) -> Cx {
    let operator = Cx::of(Actor::CommandLine);
    let draft = IdentityDraft {
        username: domain::text::fold(name).replace(' ', "."),
        display_name: name.to_owned(),
        kind: "employee".to_owned(),
        manager: manager.to_owned(),
        ..IdentityDraft::default()
    };
    let id = people::create(app.service(), &operator, &draft)
        .await
        .expect("a person");
    app.clock().advance(SECOND);
    Cx::of(Actor::Person {
        id,
        rights: domain::permission::Rights::NONE,
    })
}

pub(crate) async fn entitlement(
    app: &TestApp,
    cx: &Cx,
    name: &str,
    requestable: bool,
) -> EntitlementId {
    let draft = EntitlementDraft {
        application: "sap".to_owned(),
        name: name.to_owned(),
        display_name: format!("The {name}"),
        kind: "permission".to_owned(),
        requestable,
        ..EntitlementDraft::default()
    };
    entitlements::create(app.service(), cx, &draft)
        .await
        .expect("an entitlement")
}
