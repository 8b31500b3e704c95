//! What these tests have in common.

use std::collections::BTreeSet;

use domain::application::ApplicationDraft;
use domain::entitlement::EntitlementDraft;
use domain::id::{EntitlementId, IdentityId, RoleId};
use domain::role::RoleDraft;
use domain::time::{Instant, SECOND};
use service::assignments::{GiveDraft, give};
use service::effective::{AccessLine, access_of, every_holder};
use service::plan::Applied;
use service::roles::{ContentsDraft, change_contents, plan_contents, read};
use service::{Cx, applications, entitlements, roles};
use testkit::TestApp;

/// An organisation with an application `sap` and entitlements in it.
pub(crate) struct Kit<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) cx: Cx,
    pub(crate) entitlements: Vec<EntitlementId>,
}

impl<'a> Kit<'a> {
    pub(crate) async fn new(app: &'a TestApp, names: &[&str]) -> Self {
        let cx = app.welcome().await;
        let draft = ApplicationDraft {
            name: "sap".to_owned(),
            display_name: "SAP".to_owned(),
            ..ApplicationDraft::default()
        };
        applications::create(app.service(), &cx, &draft)
            .await
            .expect("an application");
        let mut ids = Vec::new();
        for name in names {
            let draft = EntitlementDraft {
                application: "sap".to_owned(),
                name: (*name).to_owned(),
                display_name: format!("The {name}"),
                kind: "permission".to_owned(),
                ..EntitlementDraft::default()
            };
            let id = entitlements::create(app.service(), &cx, &draft).await;
            ids.push(id.expect("an entitlement"));
        }
        Self {
            app,
            cx,
            entitlements: ids,
        }
    }

    /// A moment later.
    pub(crate) fn later(&self) -> Instant {
        self.app.clock().advance(SECOND);
        let now = self.app.service().now();
        self.app.clock().advance(SECOND);
        now
    }

    pub(crate) async fn person(&self, name: &str) -> IdentityId {
        let cx = self.app.someone(name, &[]).await;
        cx.me().expect("a person acts")
    }

    pub(crate) async fn role(&self, name: &str, parts: &str) -> RoleId {
        let draft = RoleDraft {
            name: name.to_owned(),
            display_name: name.to_uppercase(),
            ..RoleDraft::default()
        };
        let id = roles::create(self.app.service(), &self.cx, &draft)
            .await
            .expect("a role");
        self.later();
        self.contents(id, &[], parts).await;
        id
    }

    /// Takes parts out of a role and puts others in, as planned.
    pub(crate) async fn contents(&self, id: RoleId, out: &[&str], add: &str) {
        let (service, cx) = (self.app.service(), &self.cx);
        let detail = read(service, cx, id, None).await.expect("the role");
        let draft = ContentsDraft {
            keep: detail
                .parts
                .iter()
                .map(|part| match part.what() {
                    domain::role::Grantable::Entitlement(id) => id.to_string(),
                    domain::role::Grantable::Role(id) => id.to_string(),
                })
                .filter(|id| !out.contains(&id.as_str()))
                .collect(),
            add: add.to_owned(),
            reason: "For a test".to_owned(),
            ..ContentsDraft::default()
        };
        let planned = plan_contents(service, cx, id, &draft)
            .await
            .expect("a plan");
        let version = detail.role.recorded_from;
        let hash = &planned.plan.hash;
        let done = change_contents(service, cx, id, version, &draft, hash)
            .await
            .expect("the change");
        assert!(matches!(done, Applied::Done | Applied::Same), "{done:?}");
        self.later();
    }

    pub(crate) async fn give(&self, person: IdentityId, what: &str) -> domain::id::AssignmentId {
        let draft = GiveDraft {
            what: what.to_owned(),
            reason: "Needed for the job".to_owned(),
            ..GiveDraft::default()
        };
        let given = give(self.app.service(), &self.cx, person, &draft)
            .await
            .expect("access is given");
        self.later();
        given
    }

    /// Technical names of what a person has at a moment, with how.
    pub(crate) async fn has(
        &self,
        person: IdentityId,
        at: Option<Instant>,
    ) -> BTreeSet<(String, &'static str)> {
        let (_, access) = access_of(self.app.service(), &self.cx, person, at)
            .await
            .expect("the access");
        let line = |line: &AccessLine| line.how().word();
        let lines = access.lines.iter();
        lines
            .map(|found| (found.entitlement.name.clone(), line(&found.line)))
            .collect()
    }

    /// Who has an entitlement at a moment.
    pub(crate) async fn holders(
        &self,
        entitlement: EntitlementId,
        at: Option<Instant>,
    ) -> BTreeSet<IdentityId> {
        let mut all = BTreeSet::new();
        let mut each = |holder: service::effective::Holder| {
            all.insert(holder.id);
        };
        every_holder(self.app.service(), &self.cx, entitlement, at, &mut each)
            .await
            .expect("the holders");
        all
    }
}

/// A set of names and ways.
pub(crate) fn set(lines: &[(&str, &'static str)]) -> BTreeSet<(String, &'static str)> {
    let lines = lines.iter();
    lines
        .map(|(name, how)| ((*name).to_owned(), *how))
        .collect()
}
