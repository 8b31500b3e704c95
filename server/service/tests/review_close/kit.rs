//! What these tests have in common: a small company, a campaign over what people have, and readings of the application.

use std::sync::Arc;

use domain::application::ApplicationDraft;
use domain::approval::Approver;
use domain::audit::AuditAction;
use domain::entitlement::EntitlementDraft;
use domain::id::{CampaignId, EntitlementId, IdentityId, RoleId, SourceRunId};
use domain::identity::IdentityDraft;
use domain::permission::{Actor, Rights};
use domain::review::{
    Choice, Decision, Facts, RemedyState, ReviewContent, Scope, Stage, Staged, Standing,
};
use domain::role::{Grantable, RoleDraft};
use domain::source::{FileKind, ImportMode};
use domain::time::{DAY, HOUR, SECOND};
use service::assignments::GiveDraft;
use service::imports::{self, Outcome, Progress, Upload, Worker};
use service::jobs::{self, Work, handlers};
use service::notifications::{self, NoticeKind};
use service::roles::ContentsDraft;
use service::{
    Cx, applications, assignments, effective, entitlements, people, reviews, roles, sources,
};
use storage::reviews::{ActRecord, RemedyRow, ReviewItem};
use testkit::TestApp;

pub(crate) const HEAD: &str = "username,application,entitlement\n";

/// Ana, Ben and Cy report to Bo. Ana was given to post by hand and was found to pay; Ben posts by a role; Cy was found to pay.
pub(crate) struct Kit<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) admin: Cx,
    pub(crate) olga: Cx,
    pub(crate) bo: IdentityId,
    pub(crate) ana: IdentityId,
    pub(crate) ben: IdentityId,
    pub(crate) cy: IdentityId,
    pub(crate) post: EntitlementId,
    pub(crate) pay: EntitlementId,
}

/// Somebody without rights of their own in the console.
pub(crate) fn of(id: IdentityId) -> Cx {
    Cx::of(Actor::Person {
        id,
        rights: Rights::NONE,
    })
}

/// Who acts.
pub(crate) fn me(cx: &Cx) -> IdentityId {
    cx.me().expect("a person acts")
}

/// Stages that these decide, one after the other.
pub(crate) fn stages(
    reviewers: impl IntoIterator<Item = Approver>,
) -> impl FnOnce(&mut ReviewContent) {
    let stages: Vec<Stage> = reviewers.into_iter().map(Stage::by).collect();
    move |content| content.stages = stages
}

async fn person(app: &TestApp, name: &str, manager: &str) -> IdentityId {
    let draft = IdentityDraft {
        username: name.to_lowercase(),
        display_name: name.to_owned(),
        manager: manager.to_owned(),
        kind: "employee".to_owned(),
        ..IdentityDraft::default()
    };
    let id = people::create(app.service(), &Cx::of(Actor::CommandLine), &draft).await;
    app.clock().advance(SECOND);
    id.expect("a person")
}

impl<'a> Kit<'a> {
    pub(crate) async fn new(app: &'a TestApp) -> Self {
        let admin = app.welcome().await;
        let bo = person(app, "Bo", "").await;
        let olga = person(app, "Olga", "").await;
        let ana = person(app, "Ana", "bo").await;
        let ben = person(app, "Ben", "bo").await;
        let cy = person(app, "Cy", "bo").await;
        let sap = ApplicationDraft {
            name: "sap".to_owned(),
            display_name: "SAP".to_owned(),
            owner: "olga".to_owned(),
            ..ApplicationDraft::default()
        };
        applications::create(app.service(), &admin, &sap)
            .await
            .expect("an application");
        let mut ids = Vec::new();
        for name in ["post", "pay"] {
            let draft = EntitlementDraft {
                application: "sap".to_owned(),
                name: name.to_owned(),
                display_name: format!("The {name}"),
                kind: "permission".to_owned(),
                ..EntitlementDraft::default()
            };
            let id = entitlements::create(app.service(), &admin, &draft).await;
            ids.push(id.expect("an entitlement"));
        }
        let kit = Self {
            app,
            olga: of(olga),
            admin,
            bo,
            ana,
            ben,
            cy,
            post: ids[0],
            pay: ids[1],
        };
        let draft = RoleDraft {
            name: "clerk".to_owned(),
            display_name: "Clerk".to_owned(),
            ..RoleDraft::default()
        };
        let role = roles::create(app.service(), &kit.admin, &draft)
            .await
            .expect("a role");
        app.clock().advance(SECOND);
        kit.fill(role).await;
        kit.give(ana, "sap/post").await;
        kit.give(ben, "role:clerk").await;
        kit.read(
            ImportMode::Snapshot,
            "ana,sap,pay\nana,sap,post\ncy,sap,pay\n",
        )
        .await;
        kit
    }

    /// Puts posting into the role.
    async fn fill(&self, role: domain::id::RoleId) {
        let (service, cx) = (self.app.service(), &self.admin);
        let detail = roles::read(service, cx, role, None)
            .await
            .expect("the role");
        let draft = ContentsDraft {
            add: "sap/post".to_owned(),
            reason: "For a test".to_owned(),
            ..ContentsDraft::default()
        };
        let planned = roles::plan_contents(service, cx, role, &draft)
            .await
            .expect("a plan");
        let version = detail.role.recorded_from;
        roles::change_contents(service, cx, role, version, &draft, &planned.plan.hash)
            .await
            .expect("the change");
        self.app.clock().advance(SECOND);
    }

    pub(crate) async fn give(&self, id: IdentityId, what: &str) {
        let draft = GiveDraft {
            what: what.to_owned(),
            reason: "For the close".to_owned(),
            ..GiveDraft::default()
        };
        // Nobody gives themselves anything.
        let operator = Cx::of(Actor::CommandLine);
        let by = if self.admin.me() == Some(id) {
            &operator
        } else {
            &self.admin
        };
        assignments::give(self.app.service(), by, id, &draft)
            .await
            .expect("it is given");
        self.app.clock().advance(SECOND);
    }

    /// Reads who has access, as the application says it.
    pub(crate) async fn read(&self, mode: ImportMode, access: &str) {
        let run = self.staged(mode, access).await;
        self.apply(run).await;
    }

    /// Takes the files of a reading, and does not apply them.
    pub(crate) async fn staged(&self, mode: ImportMode, access: &str) -> SourceRunId {
        let access = format!("{HEAD}{access}");
        self.sent("sap", mode, &[(FileKind::Access, &access)]).await
    }

    /// Takes files of a source, and does not apply them.
    pub(crate) async fn sent(
        &self,
        source: &str,
        mode: ImportMode,
        files: &[(FileKind, &str)],
    ) -> SourceRunId {
        let (service, cx) = (self.app.service(), &self.admin);
        let source = sources::or_create(service, cx, source)
            .await
            .expect("a source");
        let run = imports::begin(service, cx, source, mode)
            .await
            .expect("a run");
        for (kind, text) in files {
            let mut upload = Upload::begin(service, cx, run, *kind, &kind.file_name())
                .await
                .expect("an upload");
            upload
                .push(service, text.as_bytes())
                .await
                .expect("a piece");
            upload.finish(service).await.expect("a file");
        }
        self.app.clock().advance(SECOND);
        run
    }

    /// Puts things into a role, beside what it has.
    pub(crate) async fn put(&self, id: RoleId, what: &str) {
        let (service, cx) = (self.app.service(), &self.admin);
        let detail = roles::read(service, cx, id, None).await.expect("the role");
        let keep = detail.role.content.parts.iter();
        let draft = ContentsDraft {
            keep: keep
                .map(|part| match part.what {
                    Grantable::Entitlement(id) => id.to_string(),
                    Grantable::Role(id) => id.to_string(),
                })
                .collect(),
            add: what.to_owned(),
            reason: "For a test".to_owned(),
            ..ContentsDraft::default()
        };
        let planned = roles::plan_contents(service, cx, id, &draft).await;
        let hash = planned.expect("a plan").plan.hash;
        roles::change_contents(service, cx, id, detail.role.recorded_from, &draft, &hash)
            .await
            .expect("the change");
        self.app.clock().advance(HOUR);
    }

    pub(crate) async fn apply(&self, run: SourceRunId) {
        let (service, cx) = (self.app.service(), &self.admin);
        imports::check(service, cx, run, &Progress::silent())
            .await
            .expect("a check");
        let (worker, agreed) = (Worker::named("a test"), Some("The review ended it."));
        let applied = imports::apply(service, cx, run, agreed, worker, &Progress::silent()).await;
        let Outcome::Done(run) = applied.expect("an apply") else {
            panic!("the import was stopped");
        };
        assert_eq!(run.message, "");
        self.app.clock().advance(SECOND);
    }

    /// A campaign over everything in SAP, launched for real.
    pub(crate) async fn launched(&self, change: impl FnOnce(&mut ReviewContent)) -> CampaignId {
        let owner = me(&self.admin);
        let mut content = ReviewContent {
            name: "Autumn".to_owned(),
            scope: Scope {
                things: "application:sap".to_owned(),
                ..Scope::everything()
            },
            ..ReviewContent::draft(owner)
        };
        change(&mut content);
        let review = reviews::create(self.app.service(), &self.admin, content)
            .await
            .expect("a review");
        let launched = reviews::launch(self.app.service(), &self.admin, review)
            .await
            .expect("a campaign");
        self.work().await;
        self.app.clock().advance(SECOND);
        launched.campaign
    }

    /// Carries the next job out to its end; false when none waits.
    pub(crate) async fn work(&self) -> bool {
        let Some(work) = self.claimed().await else {
            return false;
        };
        let ended = handlers()
            .run(Arc::clone(self.app.service()), Arc::clone(&work))
            .await;
        assert!(ended.is_ok(), "{ended:?}");
        jobs::settle(self.app.service(), &work, ended)
            .await
            .expect("it is written down");
        self.app.clock().advance(SECOND);
        true
    }

    /// Carries out all that waits.
    pub(crate) async fn work_off(&self) {
        while self.work().await {}
    }

    /// Lets days pass, with the work before and after them.
    pub(crate) async fn settled(&self, days: i64) {
        self.work_off().await;
        self.app.clock().advance(days * DAY);
        self.work_off().await;
    }

    pub(crate) async fn claimed(&self) -> Option<Arc<Work>> {
        jobs::claim(self.app.service(), &handlers())
            .await
            .expect("the queue")
    }

    pub(crate) async fn items(&self, id: CampaignId) -> Vec<ReviewItem> {
        let numbers: Vec<u64> = (1..=99).collect();
        let mut tx = self.app.db().read().await;
        tx.review_items(id, &numbers).await.expect("items")
    }

    /// The number of the item of somebody on something.
    pub(crate) async fn item(&self, id: CampaignId, who: IdentityId, what: EntitlementId) -> u64 {
        let items = self.items(id).await;
        let is = |facts: &Facts| facts.holder == who.into() && facts.what == what.into();
        let found = items.iter().find(|one| is(&one.facts));
        found.expect("an item").facts.number
    }

    /// Decides an item, as its reviewer does.
    pub(crate) async fn decide(&self, id: CampaignId, item: u64, staged: Staged) {
        let mut tx = self.app.db().write().await;
        let (now, choice) = (tx.recorded(), staged.choice);
        let by = (Some(self.bo), None);
        let record = ActRecord::Decision(Decision::submitted(item, 0, staged, by, now));
        let bulk = tx
            .append_act(id, AuditAction::CampaignSubmitted.word(), &[record])
            .await
            .expect("an act");
        let known = tx.review_items(id, &[item]).await.expect("the item");
        let standing = Standing {
            open: false,
            choice: Some(choice),
            ..known[0].standing()
        };
        tx.take_items(id, &[(item, standing)])
            .await
            .expect("it is decided");
        let event = domain::audit::Event {
            actor: Actor::System,
            on_behalf_of: None,
            action: AuditAction::CampaignSubmitted,
            outcome: domain::audit::Outcome::Done,
            request: None,
            targets: Vec::new(),
            details: Vec::new(),
            bulk: Some(bulk),
        };
        tx.commit(event, Vec::new()).await.expect("a commit");
        self.app.clock().advance(SECOND);
    }

    pub(crate) async fn choose(&self, id: CampaignId, item: u64, choice: Choice) {
        self.decide(id, item, Staged::of(choice)).await;
    }

    pub(crate) async fn close(&self, id: CampaignId) {
        let closed = reviews::close(self.app.service(), &self.admin, id, "Its time is over").await;
        assert!(
            matches!(closed, Ok(reviews::Closed::Closed(_))),
            "{closed:?}"
        );
        self.app.clock().advance(SECOND);
    }

    /// Decides open items of a reviewer through the use cases, all alike, and submits them.
    pub(crate) async fn submit(&self, id: CampaignId, who: IdentityId, choice: &str) {
        let draft = reviews::Draft {
            choice: choice.to_owned(),
            reason: "It is so".to_owned(),
            ..reviews::Draft::default()
        };
        for item in self.items(id).await {
            if item.open && item.reviewer == who {
                self.stage(id, who, item.facts.number, &draft).await;
            }
        }
        self.submitted(id, who).await;
    }

    /// Decides one item of a reviewer through the use cases, and submits it.
    pub(crate) async fn decided(
        &self,
        id: CampaignId,
        who: IdentityId,
        item: u64,
        draft: &reviews::Draft,
    ) {
        self.stage(id, who, item, draft).await;
        self.submitted(id, who).await;
    }

    async fn stage(&self, id: CampaignId, who: IdentityId, item: u64, draft: &reviews::Draft) {
        let went = reviews::stage(self.app.service(), &of(who), id, &[item], draft).await;
        let went = went.expect("it is staged");
        assert!(went.iter().all(|one| one.staged.is_ok()), "{went:?}");
    }

    /// Submits what a reviewer staged.
    pub(crate) async fn submitted(&self, id: CampaignId, who: IdentityId) {
        reviews::submit(self.app.service(), &of(who), id, true)
            .await
            .expect("it is submitted");
        self.app.clock().advance(SECOND);
    }

    /// One more person.
    pub(crate) async fn person(&self, name: &str, manager: &str) -> IdentityId {
        person(self.app, name, manager).await
    }

    pub(crate) async fn suspend(&self, who: IdentityId) {
        people::suspend(self.app.service(), &self.admin, who, "Away")
            .await
            .expect("they are suspended");
        self.app.clock().advance(SECOND);
    }

    /// What was done to an item, in its order.
    pub(crate) async fn records(&self, id: CampaignId, item: u64) -> Vec<ActRecord> {
        let mut tx = self.app.db().read().await;
        let all = tx.review_records(id, &[item]).await.expect("records");
        all.into_iter().map(|one| one.record).collect()
    }

    /// How many notices of a kind somebody got.
    pub(crate) async fn told(&self, who: IdentityId, kind: NoticeKind) -> usize {
        let which = notifications::Which::default();
        let start = domain::page::Position::Start;
        let mine = notifications::list(self.app.service(), &of(who), which, &start).await;
        let rows = mine.expect("what they were told").page.rows;
        rows.iter().filter(|one| one.kind == kind).count()
    }

    /// A minute of the program that nobody asked for.
    pub(crate) async fn minute(&self) {
        service::housekeeping::round(self.app.service()).await;
        self.app.clock().advance(SECOND);
    }

    /// Such a minute, with the work that it asks for.
    pub(crate) async fn minute_with_work(&self) {
        self.minute().await;
        self.work_off().await;
    }

    /// What became of items.
    pub(crate) async fn remedies(&self, id: CampaignId) -> Vec<RemedyRow> {
        let numbers: Vec<u64> = (1..=99).collect();
        let mut tx = self.app.db().read().await;
        tx.remedies_of(id, &numbers).await.expect("remedies")
    }

    pub(crate) async fn state(&self, id: CampaignId, item: u64) -> Option<RemedyState> {
        let all = self.remedies(id).await;
        all.iter().find(|one| one.item == item).map(|one| one.state)
    }

    /// Whether somebody has something now.
    pub(crate) async fn has(&self, who: IdentityId, what: EntitlementId) -> bool {
        let (_, access) = effective::access_of(self.app.service(), &self.admin, who, None)
            .await
            .expect("the access");
        access.lines.iter().any(|line| line.entitlement.id == what)
    }
}
