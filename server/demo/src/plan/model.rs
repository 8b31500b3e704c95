//! Roles, rules and what single people are given: made in the second year, out of the entitlements of the first.
//!
//! Without chance of its own, so that the rest of the story is the same with and without it.

use std::collections::BTreeSet;

use domain::role::RoleDraft;
use domain::time::{DAY, Instant, MINUTE};

use super::act::{Act, By, Change, Who};
use super::calendar::Pen;
use super::{Cast, Planner, workday};
use crate::catalogue::given::{EXCLUDED, GIVEN, Holder, Later};
use crate::catalogue::model::Filling;
use crate::catalogue::roles::{REFILLS, ROLES};
use crate::catalogue::rules::RULES;
use crate::company::departments;

/// The first role is made so many days before the end of the history.
pub(super) const BEGINS: i32 = 354;
/// Longest hand-over of a rule, in days.
const HAND_OVER: i64 = 14;
/// Who moves to another team of Finance so many days before the end, and is still handing over.
const MOVED: i32 = 9;

impl Planner {
    pub(super) fn model(&mut self, cast: Cast) {
        self.roles();
        self.rules();
        self.mover(cast);
        let settled = self.settled();
        self.grants(cast, &settled);
        self.exclusions(cast, &settled);
        self.hand_overs();
    }

    pub(super) fn before(&self, days: i32) -> i32 {
        workday(self.calendar.last - days)
    }

    /// Five a day, with their owners.
    fn roles(&mut self) {
        let mut pen = Pen {
            day: self.before(BEGINS),
            minute: 9 * 60 + 20,
        };
        for role in ROLES {
            let draft = RoleDraft {
                name: role.name.to_owned(),
                display_name: role.display_name.to_owned(),
                description: role.description.to_owned(),
                owner: self.username_of(role.owner, pen.day),
            };
            let (day, minute) = (pen.day, pen.minute);
            self.act(
                day,
                minute,
                By::AccessManager,
                Act::AddRole(Box::new(draft)),
            );
            let filling = Filling {
                adds: role.parts,
                drops: &[],
                reason: "As agreed in the workshops on roles.",
            };
            let fill = Act::FillRole(role.name, filling);
            self.act(day, minute + 6, By::AccessManager, fill);
            pen.advance(95);
        }
        for (name, before, filling) in REFILLS {
            let day = self.before(*before);
            let fill = Act::FillRole(name, *filling);
            self.act(day, 15 * 60 + 12, By::AccessManager, fill);
        }
    }

    fn rules(&mut self) {
        for (nth, rule) in (0..).zip(RULES) {
            let day = self.before(rule.written);
            let owner = self.username_of(rule.owner, day);
            let minute = 10 * 60 + 5 + 12 * nth;
            self.act(day, minute, By::AccessManager, Act::AddRule(rule, owner));
            for (state, before, reason) in rule.steps {
                let day = self.before(*before);
                let step = Act::StepRule(rule.name, *state, reason);
                self.act(day, minute + 5, By::AccessManager, step);
            }
        }
    }

    fn grants(&mut self, cast: Cast, settled: &BTreeSet<Who>) {
        let today = self.calendar.today;
        for (nth, given) in GIVEN.iter().enumerate() {
            let day = self.before(given.before);
            let Some(who) = self.holder(given.holder, day, cast, settled) else {
                continue;
            };
            // Nobody gives anything to themselves.
            let by = if who == cast.access_manager {
                By::Administrator
            } else {
                By::AccessManager
            };
            let minute = 13 * 60 + 30 + 4 * i32::try_from(nth).unwrap_or_default();
            let date = |day: Option<i32>| {
                day.map(|day| self.calendar.date(today + day).to_string())
                    .unwrap_or_default()
            };
            let mut until = given.until;
            let give = Act::Give(nth, who, date(given.from), date(until));
            let later = given.later.map(|(before, later, reason)| {
                let act = match later {
                    Later::Step(step) => Act::StepGiven(nth, step, reason),
                    Later::Until(day) => {
                        until = Some(day);
                        Act::Extend(nth, date(until), reason)
                    }
                };
                (self.before(before), act)
            });
            self.act(day, minute, by, give);
            if let Some((day, act)) = later {
                self.act(day, minute, by, act);
            }
            if let Some(over) = until.map(|until| today + until + 1)
                && over < today
            {
                self.act(over, 8, By::System, Act::EndAccessDue);
            }
        }
    }

    /// Security says who must not have what together with what.
    fn exclusions(&mut self, cast: Cast, settled: &BTreeSet<Who>) {
        for (nth, excluded) in EXCLUDED.iter().enumerate() {
            let day = self.before(excluded.before);
            if let Some(who) = self.holder(excluded.holder, day, cast, settled) {
                let minute = 16 * 60 + 4 * i32::try_from(nth).unwrap_or_default();
                self.act(day, minute, By::Administrator, Act::Exclude(nth, who));
                if let Some((before, reason)) = excluded.ended {
                    let end = Act::EndExclusion(nth, reason);
                    self.act(self.before(before), minute, By::Administrator, end);
                }
            }
        }
    }

    /// A clerk becomes an analyst: what the rule gave ends after the hand-over, which is not over yet.
    fn mover(&mut self, cast: Cast) {
        let day = self.before(MOVED);
        let to = departments::find("Treasury and Planning Manager");
        let Some(manager) = to.and_then(|team| self.lead_at(team, day)) else {
            return;
        };
        let touched: BTreeSet<Who> = self.acts.iter().filter_map(whom).collect();
        let clerk = (0..self.members.len()).find(|who| {
            let member = &self.members[*who];
            member.draft.title.starts_with("Accounts Payable")
                && member.manager.is_some()
                && !member.spared
                && *who != cast.employee
                && member.joined < day - 60
                && !touched.contains(who)
        });
        if let Some(who) = clerk {
            let change = Change::Transfer {
                department: "Finance",
                title: "Financial Analyst".to_owned(),
                location: "Lisbon",
                manager,
            };
            let edit = Act::Edit(who, change);
            self.act(day, 11 * 60 + 25, By::IdentityManager, edit);
        }
    }

    /// Those who stay what they are.
    pub(super) fn settled(&self) -> BTreeSet<Who> {
        let another_post = |act: &Act| match act {
            Act::Edit(who, Change::Transfer { .. } | Change::Title(_)) | Act::End(who, ..) => {
                Some(*who)
            }
            _ => None,
        };
        let moved: BTreeSet<Who> = self
            .acts
            .iter()
            .filter_map(|dated| another_post(&dated.act))
            .collect();
        (0..self.members.len())
            .filter(|who| self.members[*who].left.is_none() && !moved.contains(who))
            .collect()
    }

    fn holder(&self, holder: Holder, day: i32, cast: Cast, settled: &BTreeSet<Who>) -> Option<Who> {
        match holder {
            Holder::Employee => Some(cast.employee),
            Holder::Lead(title) => self.titled(title, day),
            Holder::Post(title, nth) => {
                let of = |who: &&Who| {
                    let member = &self.members[**who];
                    member.draft.title == title && member.joined < day
                };
                settled.iter().filter(of).nth(nth).copied()
            }
        }
    }

    /// Whoever moves hands over, and the timer ends what they had; most times there is nothing to end.
    fn hand_overs(&mut self) {
        let begins = self.calendar.at(self.before(BEGINS), 0);
        let present = self.calendar.at(self.calendar.today, 0);
        let ends: Vec<Instant> = self
            .acts
            .iter()
            .filter(|dated| dated.at > begins && matches!(dated.act, Act::Edit(..)))
            .map(|dated| dated.at.plus(HAND_OVER * DAY + MINUTE))
            .filter(|at| *at < present)
            .collect();
        for at in ends {
            self.acts.push(super::Dated {
                at,
                by: By::System,
                act: Act::EndAccessDue,
            });
        }
    }
}

/// Whose record an act changes.
fn whom(dated: &super::Dated) -> Option<Who> {
    match &dated.act {
        Act::Edit(who, _) | Act::Suspend(who, _) | Act::Resume(who, _) | Act::End(who, ..) => {
            Some(*who)
        }
        _ => None,
    }
}
