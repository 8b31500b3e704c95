//! Telling the story to the services: every act is carried out by whoever does it, at its moment, signed in.
//!
//! Nothing here writes to the database; what is refused by a use case is an error of the story.

mod access;
mod console;
mod feeds;
mod model;
mod people;
mod requests;
mod reviews;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::context::Entropy;
use domain::id::{ApplicationId, CampaignId, EntitlementId, IdentityId, SourceId};
use domain::permission::Actor;
use domain::time::Instant;
use service::{Cx, Error, Origin, Result, Service, assignments, audit, people as use_cases};

use crate::clock::StoryClock;
use crate::dice::Dice;
use crate::plan::act::{Act, By, Who};
use crate::plan::{Dated, Plan};
use model::Model;
use requests::Asked;

/// Somebody's open session.
#[derive(Debug)]
struct Session {
    hash: [u8; 32],
    actor: Actor,
}

/// Carries a plan out.
#[derive(Debug)]
pub(crate) struct Player<'p> {
    plan: &'p Plan,
    service: Arc<Service>,
    clock: Arc<StoryClock>,
    entropy: Arc<dyn Entropy>,
    /// For ids of requests only.
    dice: Dice,
    people: Vec<Option<IdentityId>>,
    applications: BTreeMap<usize, ApplicationId>,
    grants: BTreeMap<String, EntitlementId>,
    model: Model,
    asked: Asked,
    campaigns: Vec<CampaignId>,
    sessions: BTreeMap<By, Session>,
    passwords: BTreeMap<Who, String>,
    people_feed: Option<SourceId>,
    directory: Option<SourceId>,
    /// The console remembers how the directory calls its columns.
    directory_mapped: bool,
}

impl<'p> Player<'p> {
    pub(crate) fn new(
        plan: &'p Plan,
        service: Service,
        clock: Arc<StoryClock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self {
            plan,
            service: Arc::new(service),
            clock,
            entropy,
            dice: Dice::new(0x7265_7175_6573),
            people: vec![None; plan.members.len()],
            applications: BTreeMap::new(),
            grants: BTreeMap::new(),
            model: Model::default(),
            asked: Asked::default(),
            campaigns: Vec::new(),
            sessions: BTreeMap::new(),
            passwords: BTreeMap::new(),
            people_feed: None,
            directory: None,
            directory_mapped: false,
        }
    }

    /// Carries everything out up to `now`, and signs the log at the end. `progress` hears of every quarter.
    pub(crate) async fn play(&mut self, now: Instant, progress: &impl Fn(&str)) -> Result<()> {
        let mut told = String::new();
        for dated in &self.plan.acts {
            let quarter = quarter(dated.at);
            if quarter != told {
                progress(&quarter);
                told = quarter;
            }
            self.clock.move_to(dated.at);
            self.carry_out(dated).await?;
        }
        self.clock.move_to(now);
        audit::checkpoint(&self.service).await.map(drop)
    }

    /// The password that was set for somebody; they are forgotten with the player.
    pub(crate) fn password(&self, who: Who) -> Result<String> {
        self.passwords
            .get(&who)
            .cloned()
            .ok_or_else(|| Error::Internal("the story gives somebody no password".to_owned()))
    }

    async fn carry_out(&mut self, dated: &Dated) -> Result<()> {
        let cx = self.cx(dated.by);
        match &dated.act {
            Act::Found(who) => self.found(*who).await,
            Act::SignIn => self.sign_in(dated.by).await,
            Act::SignOut => self.sign_out(dated.by).await,
            Act::Mistype => self.mistype(dated.by).await,
            Act::SumUpDenials => audit::flush_denials(&self.service).await,
            Act::Hire(who) => self.hire(&cx, *who).await,
            Act::Edit(who, change) => self.edit(&cx, *who, change).await,
            Act::Suspend(who, reason) => {
                use_cases::suspend(&self.service, &cx, self.id(*who)?, reason).await
            }
            Act::Resume(who, reason) => {
                use_cases::resume(&self.service, &cx, self.id(*who)?, reason).await
            }
            Act::End(who, reason, last_day) => self.end(&cx, *who, reason, *last_day).await,
            Act::EndDue => use_cases::end_due(&self.service, &cx).await.map(drop),
            Act::Grant(who, right, reason) => {
                service::rights::grant(&self.service, &cx, self.id(*who)?, *right, reason).await
            }
            Act::Withdraw(who, right, reason) => {
                service::rights::end(&self.service, &cx, self.id(*who)?, *right, reason).await
            }
            Act::Invite(who) => self.invite(&cx, *who).await,
            Act::Overreach(who) => self.overreach(&cx, *who).await,
            Act::LookAt(who) => use_cases::read(&self.service, &cx, self.id(*who)?)
                .await
                .map(drop),
            Act::ExportPeople => self.export_people(&cx).await,
            Act::AddApplication(which, draft) => self.add_application(&cx, *which, draft).await,
            Act::EditApplication(which, change) => self.edit_application(&cx, *which, change).await,
            Act::StepApplication(which, step, reason) => {
                service::applications::step(
                    &self.service,
                    &cx,
                    self.application(*which)?,
                    *step,
                    reason,
                )
                .await
            }
            Act::AddGrant(draft) => self.add_grant(&cx, draft).await,
            Act::EditGrant(name, change) => self.edit_grant(&cx, name, change).await,
            Act::StepGrant(name, step, reason) => {
                service::entitlements::step(&self.service, &cx, self.grant(name)?, *step, reason)
                    .await
            }
            Act::AddRole(draft) => self.add_role(&cx, draft).await,
            Act::FillRole(name, filling) => self.fill_role(&cx, name, filling).await,
            Act::AddRule(rule, owner) => self.add_rule(&cx, rule, owner).await,
            Act::StepRule(name, state, reason) => self.step_rule(&cx, name, *state, reason).await,
            Act::Give(nth, who, from, until) => self.give(&cx, *nth, *who, (from, until)).await,
            Act::Extend(nth, until, reason) => self.extend(&cx, *nth, until, reason).await,
            Act::StepGiven(nth, step, reason) => self.step_given(&cx, *nth, *step, reason).await,
            Act::Exclude(nth, who) => self.exclude(&cx, *nth, *who).await,
            Act::EndExclusion(nth, reason) => self.end_exclusion(&cx, *nth, reason).await,
            Act::EndAccessDue => assignments::end_due(&self.service, &cx).await.map(drop),
            Act::AddFlow(nth) => self.add_flow(&cx, *nth).await,
            Act::Delegate(to, from, until) => self.delegate(&cx, to, (from, until)).await,
            Act::Ask(nth, who, what, days) => self.ask(&cx, *nth, *who, (what, days)).await,
            Act::Turn(nth, turn) => self.turn(&cx, *nth, *turn).await,
            Act::DoTask(nth, note) => self.do_task(&cx, *nth, note).await,
            Act::SweepRequests => self.sweep(&cx).await,
            Act::AddPeopleFeed => self.add_people_feed(&cx).await,
            Act::AddDirectory => self.add_directory(&cx).await,
            Act::ImportPeople(nth) => self.import_people(&cx, *nth).await,
            Act::ImportDirectory(delivery) => self.import_directory(&cx, delivery).await,
            Act::Review(what) => self.review(&cx, what).await,
            Act::Checkpoint => audit::checkpoint(&self.service).await.map(drop),
        }
    }

    /// Who asks, and from where.
    fn cx(&mut self, by: By) -> Cx {
        let actor = match by {
            By::System => return Cx::of(Actor::System),
            by => self
                .sessions
                .get(&by)
                .map_or(Actor::Anonymous, |session| session.actor),
        };
        Cx {
            origin: self.origin(by),
            ..Cx::of(actor)
        }
    }

    fn origin(&mut self, by: By) -> Origin {
        const FIREFOX: &str =
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
        const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15";
        let desk;
        let (address, browser) = match by {
            By::Administrator => ("10.20.4.17", FIREFOX),
            By::IdentityManager => ("10.20.4.23", CHROME),
            By::AccessManager => ("10.20.4.31", FIREFOX),
            By::Auditor => ("10.20.9.12", SAFARI),
            By::Manager => ("10.20.6.40", CHROME),
            By::Employee | By::System => ("10.20.6.58", CHROME),
            By::Person(who) => {
                desk = format!("10.20.7.{}", 10 + who % 240);
                (desk.as_str(), FIREFOX)
            }
        };
        let (high, low) = (self.dice.next(), self.dice.next());
        let request = format!("{high:016x}{:04x}", low & 0xffff);
        Origin {
            request: Some(request),
            address: Some(address.to_owned()),
            user_agent: Some(browser.to_owned()),
        }
    }

    fn id(&self, who: Who) -> Result<IdentityId> {
        self.people.get(who).copied().flatten().ok_or_else(|| {
            Error::Internal("the story speaks of somebody who is not there yet".to_owned())
        })
    }
}

/// Half-open quarters as people write them.
fn quarter(at: Instant) -> String {
    let date = at.day(&jiff::tz::TimeZone::UTC).civil();
    format!("{} Q{}", date.year(), (date.month() - 1) / 3 + 1)
}
