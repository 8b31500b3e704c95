//! What the paths are filled with: one of everything, made through the use cases.

use crate::ROLES;
use domain::application::ApplicationDraft;
use domain::approval::Vote;
use domain::entitlement::EntitlementDraft;
use domain::id::{ApplicationId, DiscoveryId, EntitlementId, IdentityId};
use domain::identity::IdentityDraft;
use domain::permission::{Actor, ConsoleRight, Rights};
use domain::review::ReviewContent;
use domain::role::RoleDraft;
use domain::source::{ImportMode, SourceDraft};
use service::assignments::{ExclusionDraft, GiveDraft};
use service::exports::{self, ExportAsk, ExportList};
use service::flows::{FlowForm, StepForm};
use service::passwords::set_by_link;
use service::requests::{self, Ask, Line, Verdict};
use service::reviews::inspect;
use service::roles::DiscoverDraft;
use service::rules::RuleDraft;
use service::{
    Cx, Service, applications, assignments, entitlements, flows, imports, jobs, people, reviews,
    roles, rules, sources,
};
use std::sync::Arc;
use testkit::{PASSWORD, TestApp, an_item, an_open_campaign};

/// Ids of what the paths are filled with.
pub(crate) struct Fixture {
    pub(crate) model: Model,
    pub(crate) person: String,
    pub(crate) application: String,
    pub(crate) entitlement: String,
    pub(crate) source: String,
    pub(crate) run: String,
    pub(crate) job: String,
    pub(crate) discovery: String,
    pub(crate) campaign: String,
    /// A link for an auditor from outside, and another one by its token.
    pub(crate) links: (String, String),
    pub(crate) asked: Asked,
}

/// A request that waits, and a task that somebody has to do.
pub(crate) struct Asked {
    pub(crate) request: String,
    pub(crate) item: String,
    pub(crate) task: String,
}

/// The employee asks for something; the manager asked before and got it, so that somebody has to set it up.
async fn asked(service: &Service, operator: &Cx) -> Asked {
    let draft = EntitlementDraft {
        application: "crm".into(),
        name: "write".into(),
        display_name: "Write".into(),
        kind: "permission".into(),
        requestable: true,
        ..EntitlementDraft::default()
    };
    entitlements::create(service, operator, &draft)
        .await
        .expect("an entitlement");
    let named = async |username: &str| {
        let found = people::by_username(service, operator, username).await;
        found.expect("somebody").expect("is there")
    };
    let (eve, max, kim) = (
        named("eve.employee").await,
        named("max.manager").await,
        named("kim.lee").await,
    );
    let ask = async |id| {
        let by = Cx::of(Actor::Person {
            id,
            rights: Rights::NONE,
        });
        let ask = Ask {
            beneficiary: id,
            lines: vec![Line {
                what: "crm/write".into(),
                days: "30".into(),
                ..Line::default()
            }],
            reason: "Needed".into(),
        };
        let request = requests::submit(service, &by, &ask).await.expect("asked");
        let read = requests::read(service, operator, request).await;
        let item = read.expect("the request").items.remove(0);
        (request, item.item.id)
    };
    let (_, given) = ask(max).await;
    let approver = Cx::of(Actor::Person {
        id: kim,
        rights: Rights::NONE.with(ConsoleRight::Administer),
    });
    let yes = Verdict {
        vote: Vote::Approve,
        note: String::new(),
        shorter: String::new(),
    };
    requests::decide(service, &approver, given, &yes)
        .await
        .expect("decided");
    let read = requests::item(service, operator, given).await;
    let task = read.expect("the item").tasks.remove(0).task.id;
    let (request, item) = ask(eve).await;
    Asked {
        request: request.to_string(),
        item: item.to_string(),
        task: task.to_string(),
    }
}

/// A campaign in which the manager decides on what their report has.
async fn campaign(
    app: &TestApp,
    reviewer: Option<IdentityId>,
    (person, application, entitlement): (IdentityId, ApplicationId, EntitlementId),
) -> String {
    let reviewer = reviewer.expect("the manager");
    let mut terms = ReviewContent::draft(reviewer);
    "Autumn".clone_into(&mut terms.name);
    let item = an_item(1, person, entitlement.into(), reviewer);
    let tx = app.db().write().await;
    let id = an_open_campaign(tx, terms, application, &[], vec![item]).await;
    id.to_string()
}

/// A sample with a link that can be called back, and one that is opened.
async fn links(service: &Service, operator: &Cx, campaign: &str) -> (String, String) {
    let id = campaign.parse().expect("a campaign");
    inspect::draw(service, operator, id, "1", "7")
        .await
        .expect("a sample");
    let whom = ("Iris", "SOX");
    let opened = inspect::make_link(service, operator, id, whom, ("5", "")).await;
    let opened = opened.expect("a link").url;
    inspect::make_link(service, operator, id, whom, ("5", "7-1"))
        .await
        .expect("a link");
    let links = inspect::links(service, operator, id).await.expect("links");
    let token = opened.rsplit('/').next().expect("a token");
    (links.rows[0].link.id.to_string(), token.to_owned())
}

pub(crate) async fn fixture(app: &TestApp) -> Fixture {
    let service = app.service();
    app.welcome().await;
    for (_, role) in ROLES {
        let Some((username, rights)) = role else {
            continue;
        };
        if *username == "kim.lee" {
            continue;
        }
        let cx = app.someone(&username.replace('.', " "), rights).await;
        let link = people::link(
            service,
            &Cx::of(Actor::CommandLine),
            cx.me().expect("a person"),
        )
        .await
        .expect("a link");
        let token = link.url.rsplit('/').next().expect("a token");
        set_by_link(
            service,
            &Cx::of(Actor::Anonymous),
            token,
            PASSWORD,
            PASSWORD,
        )
        .await
        .expect("a password");
    }
    let operator = Cx::of(Actor::CommandLine);
    let report = IdentityDraft {
        username: "rob.report".into(),
        display_name: "Rob Report".into(),
        manager: "max.manager".into(),
        kind: "employee".into(),
        ..IdentityDraft::default()
    };
    let person = people::create(service, &operator, &report)
        .await
        .expect("a report");
    let draft = ApplicationDraft {
        name: "crm".into(),
        display_name: "CRM".into(),
        ..ApplicationDraft::default()
    };
    let application = applications::create(service, &operator, &draft)
        .await
        .expect("an application");
    let draft = EntitlementDraft {
        application: "crm".into(),
        name: "read".into(),
        display_name: "Read".into(),
        kind: "permission".into(),
        ..EntitlementDraft::default()
    };
    let entitlement = entitlements::create(service, &operator, &draft)
        .await
        .expect("an entitlement");
    let draft = SourceDraft {
        name: "HR".into(),
        mode: "snapshot".into(),
        ..SourceDraft::default()
    };
    let source = sources::create(service, &operator, &draft)
        .await
        .expect("a source");
    let run = imports::begin(service, &operator, source, ImportMode::Snapshot)
        .await
        .expect("a run");
    let discovery = discovery(app, &operator).await;
    // The manager asked for it.
    let max = Actor::Person {
        id: people::by_username(service, &operator, "max.manager")
            .await
            .expect("the manager")
            .expect("is there"),
        rights: Rights::NONE,
    };
    let ask = ExportAsk {
        list: ExportList::People.word().to_owned(),
        ..ExportAsk::default()
    };
    let job = exports::ask(service, &Cx::of(max), &ask)
        .await
        .expect("a job");
    let model = model(service, &operator, person).await;
    let campaign = campaign(app, max.identity(), (person, application, entitlement)).await;
    Fixture {
        links: links(service, &operator, &campaign).await,
        campaign,
        asked: asked(service, &operator).await,
        model,
        job: job.to_string(),
        discovery: discovery.to_string(),
        source: source.to_string(),
        run: run.to_string(),
        person: person.to_string(),
        application: application.to_string(),
        entitlement: entitlement.to_string(),
    }
}

/// The access model of the fixture.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) role: String,
    pub(crate) rule: String,
    pub(crate) flow: String,
    pub(crate) review: String,
    pub(crate) campaign: String,
    pub(crate) assignment: String,
    pub(crate) exclusion: String,
}

async fn model(service: &Service, operator: &Cx, person: IdentityId) -> Model {
    let clerk = RoleDraft {
        name: "clerk".into(),
        display_name: "Clerk".into(),
        ..RoleDraft::default()
    };
    let role = roles::create(service, operator, &clerk)
        .await
        .expect("a role");
    let finance = RuleDraft {
        name: "Finance".into(),
        condition: "principal.department == \"Finance\"".into(),
        what: "role:clerk".into(),
        ..RuleDraft::default()
    };
    let by_condition = rules::create(service, operator, &finance)
        .await
        .expect("a rule");
    let give = GiveDraft {
        what: "role:clerk".into(),
        reason: "Needed".into(),
        ..GiveDraft::default()
    };
    let assignment = assignments::give(service, operator, person, &give)
        .await
        .expect("given");
    let exclusion = ExclusionDraft {
        what: "crm/read".into(),
        reason: "Not needed".into(),
        ..ExclusionDraft::default()
    };
    let exclusion = assignments::exclude(service, operator, person, &exclusion)
        .await
        .expect("excluded");
    let flow = FlowForm {
        name: "Everything".into(),
        everything: true,
        steps: vec![StepForm::usual(1)],
        ..FlowForm::default()
    };
    let flow = flows::create(service, operator, &flow).await;
    // Somebody else's, so that its owner is none of those who call.
    let review = ReviewContent {
        name: "Yearly".into(),
        ..ReviewContent::draft(person)
    };
    let review = reviews::create(service, operator, review)
        .await
        .expect("a review");
    let launched = reviews::launch(service, operator, review)
        .await
        .expect("a campaign");
    Model {
        review: review.to_string(),
        campaign: launched.campaign.to_string(),
        flow: flow.expect("a flow").to_string(),
        role: role.to_string(),
        rule: by_condition.to_string(),
        assignment: assignment.to_string(),
        exclusion: exclusion.to_string(),
    }
}

/// A search for roles that found one. No other job may wait.
async fn discovery(app: &TestApp, operator: &Cx) -> DiscoveryId {
    let service = app.service();
    let person = app.someone("Gil Given", &[]).await;
    let give = GiveDraft {
        what: "crm/read".into(),
        reason: "Needed".into(),
        ..GiveDraft::default()
    };
    let person = person.me().expect("a person");
    assignments::give(service, operator, person, &give)
        .await
        .expect("given");
    let draft = DiscoverDraft {
        scope: "everybody".into(),
        ..DiscoverDraft::default()
    };
    let id = roles::ask(service, operator, &draft)
        .await
        .expect("a search");
    let claimed = jobs::claim(service, &jobs::handlers()).await;
    let work = claimed.expect("the queue").expect("a job waits");
    let ended = jobs::handlers()
        .run(Arc::clone(service), Arc::clone(&work))
        .await;
    jobs::settle(service, &work, ended).await.expect("settled");
    id
}
