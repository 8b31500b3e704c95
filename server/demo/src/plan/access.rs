//! The access model: applications and entitlements are recorded in the second week, then corrected and added to.

use domain::application::ApplicationDraft;
use domain::entitlement::EntitlementDraft;
use domain::lifecycle::Step;

use super::Planner;
use super::act::{Act, AppChange, By, GrantChange, Which};
use super::calendar::Pen;
use crate::catalogue::model::needs;
use crate::catalogue::requests::{WRITTEN, asked_for};
use crate::catalogue::{App, Grant, LIVE, RETIRED};

/// All applications, in the order in which they are recorded.
pub(crate) fn applications() -> impl Iterator<Item = &'static App> {
    LIVE.iter().chain(RETIRED).copied()
}

/// Entitlements that are paused or over: name, step, days before the end of the history, reason.
const STEPS: &[(&str, Step, i32, &str)] = &[
    (
        "desk.remote",
        Step::Suspend,
        420,
        "The remote help tool has a security hole; waiting for the update.",
    ),
    ("desk.remote", Step::Resume, 411, "Updated and tested."),
    (
        "data.notebook",
        Step::End,
        250,
        "Licence contract ended; queries replace notebooks.",
    ),
    (
        "src.scanner",
        Step::End,
        95,
        "Replaced by the scanner of the build server.",
    ),
    (
        "shop.customer.impersonate",
        Step::Suspend,
        12,
        "Suspended until the supplier records who ordered for whom.",
    ),
];

impl Planner {
    pub(super) fn access(&mut self) {
        let mut pen = Pen {
            day: 7,
            minute: 9 * 60 + 10,
        };
        for (which, app) in applications().enumerate() {
            self.record(&mut pen, which, app);
        }
        for (name, step, before, reason) in STEPS {
            self.sometime(
                self.calendar.last - before,
                By::AccessManager,
                Act::StepGrant(name, *step, reason),
            );
        }
        let budgets = "Read balance sheet, profit and loss, cost centres and budgets.";
        self.act(
            self.calendar.last,
            11 * 60 + 20,
            By::AccessManager,
            Act::EditGrant("erp.report.read", GrantChange::Describe(budgets)),
        );
        let names = |wanted: &str| {
            applications()
                .position(|app| app.name == wanted)
                .expect("invariant: the catalogue has it")
        };
        let (contacts, drives, planner) = (
            names("contact-base"),
            names("shared-drives"),
            names("transport-planner"),
        );
        self.retire(
            contacts,
            330,
            "All customers are in the Customer Hub.",
            true,
        );
        self.retire(drives, 150, "All files have moved.", false);
        let last = self.calendar.last;
        self.sometime(
            last - 300,
            By::AccessManager,
            Act::StepApplication(
                planner,
                Step::Suspend,
                "Moves to another data centre this week.",
            ),
        );
        self.sometime(
            last - 294,
            By::AccessManager,
            Act::StepApplication(planner, Step::Resume, "The move is done."),
        );
    }

    /// Records an application with what it grants.
    fn record(&mut self, pen: &mut Pen, which: Which, app: &'static App) {
        let late = self.dice.chance(25) && !app.criticality.is_empty();
        let draft = ApplicationDraft {
            name: app.name.to_owned(),
            display_name: app.display_name.to_owned(),
            description: if late {
                String::new()
            } else {
                app.description.to_owned()
            },
            owner: self.username_of(app.owner, pen.day),
            criticality: if late {
                String::new()
            } else {
                app.criticality.to_owned()
            },
        };
        self.act(
            pen.day,
            pen.minute,
            By::AccessManager,
            Act::AddApplication(which, Box::new(draft)),
        );
        pen.advance(self.dice.between(4, 8));
        if late {
            let day = self.a_day(30, 200);
            self.act(
                day,
                11 * 60 + 3,
                By::AccessManager,
                Act::EditApplication(which, AppChange::Describe(app.description)),
            );
            self.act(
                day,
                11 * 60 + 4,
                By::AccessManager,
                Act::EditApplication(which, AppChange::Criticality(app.criticality)),
            );
        }
        for grant in app.grants {
            let settled = grant.name == "erp.report.read"
                || STEPS.iter().any(|(name, ..)| *name == grant.name)
                || RETIRED.iter().any(|retired| retired.name == app.name);
            if !settled && self.dice.chance(14) {
                let mut day = self.a_day(40, self.calendar.last - 15);
                if needs(app.name, grant.name) {
                    // Roles and rules are made of what is recorded.
                    day = day.min(super::workday(
                        self.calendar.last - super::model::BEGINS - 2,
                    ));
                }
                let draft = self.draft(app, grant, day);
                self.sometime(day, By::AccessManager, Act::AddGrant(Box::new(draft)));
                continue;
            }
            let mut draft = self.draft(app, grant, pen.day);
            if !settled {
                self.begin_differently(grant, &mut draft);
            }
            self.act(
                pen.day,
                pen.minute,
                By::AccessManager,
                Act::AddGrant(Box::new(draft)),
            );
            pen.advance(self.dice.between(2, 6));
        }
    }

    fn draft(&self, app: &App, grant: &Grant, day: i32) -> EntitlementDraft {
        EntitlementDraft {
            application: app.name.to_owned(),
            name: grant.name.to_owned(),
            display_name: grant.display_name.to_owned(),
            description: grant.description.to_owned(),
            kind: grant.kind.to_owned(),
            actions: grant.actions.to_owned(),
            resource_type: grant.resource_type.to_owned(),
            resource_id: String::new(),
            risk: grant.risk.to_owned(),
            owner: self.username_of(grant.owner, day),
            requestable: grant.requestable,
        }
    }

    /// Some records are put right later: until then they say less, or something else.
    fn begin_differently(&mut self, grant: &'static Grant, draft: &mut EntitlementDraft) {
        let mut day = self.a_day(25, self.calendar.last - 5);
        if asked_for().any(|what| what.ends_with(&format!("/{}", grant.name))) {
            // Whoever asks for it asks for what it is.
            day = day.min(super::workday(self.calendar.last - WRITTEN - 2));
        }
        let change = match self.dice.below(11) {
            0 | 1 if !grant.description.is_empty() => {
                draft.description.clear();
                GrantChange::Describe(grant.description)
            }
            2 if !grant.risk.is_empty() => {
                let at_first = if grant.risk == "medium" {
                    "low"
                } else {
                    "medium"
                };
                at_first.clone_into(&mut draft.risk);
                GrantChange::Risk(grant.risk)
            }
            3 => {
                draft.requestable = !grant.requestable;
                GrantChange::Requestable(grant.requestable)
            }
            _ => return,
        };
        self.sometime(day, By::AccessManager, Act::EditGrant(grant.name, change));
    }

    /// Ends what an application grants, and then the application.
    fn retire(&mut self, which: Which, before: i32, reason: &'static str, paused: bool) {
        let day = super::workday(self.calendar.last - before);
        if paused {
            let reason = "Read only while data is moved to the Customer Hub.";
            self.sometime(
                day - 40,
                By::AccessManager,
                Act::StepApplication(which, Step::Suspend, reason),
            );
        }
        let grants = applications()
            .nth(which)
            .map(|app| app.grants)
            .unwrap_or_default();
        for (minute, grant) in (14 * 60..).zip(grants) {
            self.act(
                day,
                minute,
                By::AccessManager,
                Act::StepGrant(grant.name, Step::End, reason),
            );
        }
        self.act(
            day,
            15 * 60,
            By::AccessManager,
            Act::StepApplication(which, Step::End, reason),
        );
    }

    pub(super) fn username_of(&self, title: &str, day: i32) -> String {
        self.titled(title, day)
            .map(|who| self.members[who].draft.username.clone())
            .unwrap_or_default()
    }
}
