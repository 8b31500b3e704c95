//! What these tests have in common: a company with somebody who reviews the access of two people.

use std::sync::Arc;

use domain::application::ApplicationDraft;
use domain::audit::AuditAction;
use domain::entitlement::EntitlementDraft;
use domain::id::{ApplicationId, CampaignId, EntitlementId, IdentityId};
use domain::page::ListQuery;
use domain::permission::ConsoleRight;
use domain::review::{Facts, Flag, Outcome, ReviewContent, Stage};
use domain::search::Search;
use domain::time::{DAY, SECOND};
use service::jobs::{self, handlers};
use service::reviews::{self, Draft, Submitted, Went};
use service::{Cx, Error, Service, applications, audit, delegations, entitlements};
use storage::reviews::{ReviewItem, Subject};
use testkit::{TestApp, an_item, an_open_campaign};

/// Bo reviews what Ana and Cy have; Kim administers.
pub(crate) struct Kit<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) admin: Cx,
    pub(crate) ana: Cx,
    pub(crate) bo: Cx,
    pub(crate) cy: Cx,
    pub(crate) application: ApplicationId,
    pub(crate) what: EntitlementId,
}

impl<'a> Kit<'a> {
    pub(crate) async fn new(app: &'a TestApp) -> Self {
        let admin = app.welcome().await;
        let ana = app.someone("Ana Silva", &[]).await;
        let bo = app.someone("Bo Lind", &[]).await;
        let cy = app.someone("Cy Tran", &[]).await;
        let draft = ApplicationDraft {
            name: "sap".to_owned(),
            display_name: "SAP".to_owned(),
            ..ApplicationDraft::default()
        };
        let application = applications::create(app.service(), &admin, &draft)
            .await
            .expect("an application");
        let draft = EntitlementDraft {
            application: "sap".to_owned(),
            name: "post".to_owned(),
            display_name: "Post invoice".to_owned(),
            kind: "permission".to_owned(),
            ..EntitlementDraft::default()
        };
        let what = entitlements::create(app.service(), &admin, &draft)
            .await
            .expect("an entitlement");
        app.clock().advance(SECOND);
        Self {
            app,
            admin,
            ana,
            bo,
            cy,
            application,
            what,
        }
    }

    pub(crate) fn service(&self) -> &Service {
        self.app.service()
    }

    /// Ana has 1 to 3, Cy 4 and 5; 3 and 5 are flagged. All are Bo's to decide.
    pub(crate) fn five(&self) -> Vec<Facts> {
        let (ana, cy) = (me(&self.ana), me(&self.cy));
        [(1, ana), (2, ana), (3, ana), (4, cy), (5, cy)]
            .into_iter()
            .map(|(number, holder)| Facts {
                flags: if number == 3 || number == 5 {
                    vec![Flag::Unused]
                } else {
                    Vec::new()
                },
                ..an_item(number, holder, self.what.into(), me(&self.bo))
            })
            .collect()
    }

    /// The five, each of a thing of its own, as it is in a population.
    pub(crate) async fn apart(&self) -> Vec<Facts> {
        let mut all = self.five();
        for facts in &mut all {
            let name = format!("thing-{}", facts.number);
            let draft = EntitlementDraft {
                application: "sap".to_owned(),
                display_name: name.clone(),
                name,
                kind: "permission".to_owned(),
                ..EntitlementDraft::default()
            };
            let what = entitlements::create(self.service(), &self.admin, &draft).await;
            facts.what = what.expect("an entitlement").into();
            self.app.clock().advance(SECOND);
        }
        all
    }

    pub(crate) async fn campaign(&self, items: Vec<Facts>) -> CampaignId {
        self.campaign_of(1, items).await
    }

    pub(crate) async fn campaign_of(&self, stages: usize, items: Vec<Facts>) -> CampaignId {
        let mut terms = ReviewContent::draft(me(&self.admin));
        "Autumn".clone_into(&mut terms.name);
        terms.stages = vec![Stage::by(domain::approval::Approver::Manager); stages];
        let subjects: Vec<Subject> = [(&self.ana, "Ana Silva"), (&self.cy, "Cy Tran")]
            .map(|(cx, name)| Subject {
                id: me(cx).into(),
                name: name.to_owned(),
                technical: String::new(),
                detail: "Finance".to_owned(),
                application: None,
            })
            .into();
        let tx = self.app.db().write().await;
        let id = an_open_campaign(tx, terms, self.application, &subjects, items).await;
        self.app.clock().advance(SECOND);
        id
    }

    pub(crate) async fn stage(
        &self,
        cx: &Cx,
        id: CampaignId,
        numbers: &[u64],
        draft: &Draft,
    ) -> Result<Vec<Went>, Error> {
        let went = reviews::stage(self.service(), cx, id, numbers, draft).await;
        self.app.clock().advance(SECOND);
        went
    }

    /// Stages one that must be possible.
    pub(crate) async fn staged(&self, cx: &Cx, id: CampaignId, number: u64, draft: &Draft) {
        let went = self.stage(cx, id, &[number], draft).await.expect("staging");
        assert!(went[0].staged.is_ok(), "{:?}", went[0]);
    }

    pub(crate) async fn submit(&self, cx: &Cx, id: CampaignId) -> Result<Submitted, Error> {
        let done = reviews::submit(self.service(), cx, id, true).await;
        self.app.clock().advance(SECOND);
        done
    }

    /// Bo decided on three of five, and Kim closed it; what was revoked has ended.
    pub(crate) async fn closed(&self) -> CampaignId {
        let id = self.campaign(self.apart().await).await;
        self.staged(&self.bo, id, 1, &keep()).await;
        self.staged(&self.bo, id, 2, &revoke()).await;
        self.staged(&self.bo, id, 4, &keep()).await;
        self.submit(&self.bo, id).await.expect("a receipt");
        reviews::close(self.service(), &self.admin, id, "Its time is over")
            .await
            .expect("it is closed");
        self.app.clock().advance(2 * DAY);
        self.work().await;
        id
    }

    /// Carries out what is due.
    pub(crate) async fn work(&self) {
        let service = self.app.service();
        while let Some(work) = jobs::claim(service, &handlers()).await.expect("the queue") {
            let ended = handlers().run(Arc::clone(service), Arc::clone(&work)).await;
            jobs::settle(service, &work, ended)
                .await
                .expect("it is written down");
        }
        self.app.clock().advance(SECOND);
    }

    /// How often something was done, as the log says.
    pub(crate) async fn entries(&self, action: AuditAction) -> u64 {
        let query = ListQuery {
            search: Search::parse(&format!("action:{}", action.word())),
            ..ListQuery::default()
        };
        let utc = jiff::tz::TimeZone::UTC;
        let found = audit::list(self.service(), &self.admin, &query, &utc).await;
        found.expect("the log").page.total
    }

    pub(crate) async fn item(&self, id: CampaignId, number: u64) -> ReviewItem {
        let mut read = self.app.db().read().await;
        read.review_items(id, &[number])
            .await
            .expect("items")
            .remove(0)
    }

    /// How many decisions are written down on an item.
    pub(crate) async fn spoken(&self, id: CampaignId, number: u64) -> usize {
        let mut read = self.app.db().read().await;
        read.review_records(id, &[number])
            .await
            .expect("records")
            .len()
    }

    /// Somebody stands in for Bo from today on.
    pub(crate) async fn stands_in_for_bo(&self, username: &str) {
        let draft = delegations::DelegationDraft {
            delegate: username.to_owned(),
            from: String::new(),
            until: "2026-06-30".to_owned(),
            reason: "On leave".to_owned(),
        };
        delegations::create(self.service(), &self.bo, me(&self.bo), &draft)
            .await
            .expect("a delegation");
        self.app.clock().advance(SECOND);
    }

    pub(crate) async fn another(&self, name: &str) -> Cx {
        self.app.someone(name, &[] as &[ConsoleRight]).await
    }
}

pub(crate) fn me(cx: &Cx) -> IdentityId {
    cx.me().expect("a person acts")
}

pub(crate) fn keep() -> Draft {
    says("keep")
}

pub(crate) fn revoke() -> Draft {
    says("revoke")
}

pub(crate) fn says(choice: &str) -> Draft {
    Draft {
        choice: choice.to_owned(),
        ..Draft::default()
    }
}

/// Whether what was decided comes to the same as what the item says.
pub(crate) fn open_in(outcome: Outcome) -> Option<u8> {
    match outcome {
        Outcome::Open { stage, .. } => Some(stage),
        Outcome::Decided { .. } => None,
    }
}
