//! Who has which right in the console, and what is done there besides changing things: looking, exporting, mistakes.

use domain::permission::ConsoleRight;

use super::act::{Act, By, Who};
use super::calendar::Pen;
use super::{Cast, Planner, workday};
use crate::company::departments::{POLICY_MANAGER, REVIEW_MANAGER, SECOND_ADMINISTRATOR};

impl Planner {
    /// On the first day: whoever is to do the rest gets the right and a link to set a password.
    pub(super) fn first_rights(&mut self, pen: &mut Pen, cast: Cast) {
        let second = self
            .titled(SECOND_ADMINISTRATOR, 0)
            .expect("invariant: the second administrator leads a team");
        for (who, right, reason) in [
            (
                second,
                ConsoleRight::Administer,
                "Second administrator, so that one can be away.",
            ),
            (
                cast.identity_manager,
                ConsoleRight::ManageIdentities,
                "Administers identities.",
            ),
            (
                cast.access_manager,
                ConsoleRight::ManageAccessModel,
                "Records applications and what they grant.",
            ),
            (
                cast.auditor,
                ConsoleRight::Audit,
                "Internal audit reads everything.",
            ),
        ] {
            self.act(
                pen.day,
                pen.minute,
                By::Administrator,
                Act::Grant(who, right, reason),
            );
            pen.advance(1);
            self.act(pen.day, pen.minute, By::Administrator, Act::Invite(who));
            pen.advance(2);
        }
        pen.advance(25);
    }

    pub(super) fn console(&mut self, cast: Cast) {
        let last = self.calendar.last;
        let policy = self.titled_member(POLICY_MANAGER);
        let review = self.titled(REVIEW_MANAGER, 0);
        let chief = self.titled("Chief Information Officer", 0);
        for (who, right, day, reason) in [
            (
                review,
                ConsoleRight::RunReviews,
                33,
                "Compliance prepares the yearly access review.",
            ),
            (
                policy,
                ConsoleRight::ManagePolicies,
                61,
                "Writes the access policies.",
            ),
            (
                chief,
                ConsoleRight::Administer,
                243,
                "Stands in during the administrators' holidays, until the end of the month.",
            ),
        ] {
            if let Some(who) = who {
                self.sometime(day, By::Administrator, Act::Grant(who, right, reason));
            }
        }
        if let Some(chief) = chief {
            self.sometime(
                269,
                By::Administrator,
                Act::Withdraw(chief, ConsoleRight::Administer, "The holidays are over."),
            );
        }
        for who in [cast.manager, cast.employee] {
            self.act(
                workday(last - 62),
                10 * 60 + 15,
                By::Administrator,
                Act::Invite(who),
            );
        }
        self.audits(cast);
        self.act(
            last,
            9 * 60 + 50,
            By::Administrator,
            Act::LookAt(cast.manager),
        );
        for (by, before) in [
            (By::Manager, 60),
            (By::Employee, 60),
            (By::Manager, 31),
            (By::Manager, 4),
            (By::Employee, 9),
        ] {
            let who = if by == By::Manager {
                cast.manager
            } else {
                cast.employee
            };
            self.sometime(last - before, by, Act::LookAt(who));
        }
        for (by, before) in [
            (By::Employee, 59),
            (By::Auditor, 47),
            (By::IdentityManager, 22),
            (By::Employee, 8),
            (By::Manager, 3),
        ] {
            let day = workday(last - before);
            self.act(day, 8 * 60 + 11, by, Act::Mistype);
            self.act(day, 8 * 60 + 13, By::System, Act::SumUpDenials);
        }
        for before in [310, 19] {
            self.act(
                workday(last - before),
                15 * 60 + 41,
                By::IdentityManager,
                Act::Overreach(cast.administrator),
            );
        }
    }

    /// Every quarter of a year, and lately once more, internal audit looks at some people and takes a list along.
    fn audits(&mut self, cast: Cast) {
        let last = self.calendar.last;
        for day in (60..last - 30).step_by(91).chain([last - 6]) {
            let day = workday(day);
            for minute in 0..self.dice.between(3, 6) {
                let who = self.dice.below(self.members.len());
                if self.members[who].joined < day {
                    self.act(day, 14 * 60 + 4 * minute, By::Auditor, Act::LookAt(who));
                }
            }
            self.act(
                day,
                14 * 60 + 40,
                By::Auditor,
                Act::LookAt(cast.administrator),
            );
            self.act(day, 14 * 60 + 50, By::Auditor, Act::ExportPeople);
        }
    }

    fn titled_member(&self, title: &str) -> Option<Who> {
        self.members
            .iter()
            .position(|member| member.draft.title == title)
    }
}
