//! What happens to people by chance: promotions, moves, leave, suspensions, new names, ends to come.

use super::act::{Act, By, Change, Who};
use super::{Cast, Member, Planner};
use crate::company::departments::DEPARTMENTS;
use crate::company::others::SUSPENSIONS;
use crate::company::{MAIL, departments};
use crate::plan::naming::username;

impl Planner {
    /// Plans all stories. Each person has at most one, and perhaps a promotion.
    pub(super) fn stories(&mut self, cast: Cast) {
        let mut free: Vec<Who> = (0..self.members.len())
            .filter(|who| !self.members[*who].spared)
            .collect();
        free.retain(|who| {
            self.members[*who].joined < self.calendar.last - 150 && *who != cast.employee
        });
        self.dice.shuffle(&mut free);
        let mut promoted = free.clone();
        self.dice.shuffle(&mut promoted);
        let mut next = free.into_iter();
        self.transfers(next.by_ref().take(16).collect());
        self.absences(
            next.by_ref().take(13).collect(),
            next.by_ref().take(9).collect(),
        );
        let stopped: Vec<Who> = next.by_ref().take(3).collect();
        self.suspensions(next.by_ref().take(9).collect(), &stopped);
        self.new_names(next.by_ref().take(5).collect());
        self.ends_to_come(next.by_ref().take(9).collect());
        self.gaps(next.by_ref().take(12).collect());
        self.relocations(next.by_ref().take(7).collect());
        promoted.retain(|who| !stopped.contains(who));
        self.promotions(&promoted[..promoted.len().min(30)]);
        self.latest(&promoted[promoted.len().min(30)..]);
        self.return_of_one();
    }

    fn promotions(&mut self, people: &[Who]) {
        for who in people {
            let day = self.later(*who);
            self.sometime(day, By::IdentityManager, Act::Edit(*who, Change::Promote));
        }
    }

    /// The last days are busy: somebody is promoted on each, and new people are recorded before they begin.
    fn latest(&mut self, people: &[Who]) {
        let last = self.calendar.last;
        for (before, who) in (0..3).zip(people) {
            let minute = self.dice.between(10 * 60, 16 * 60);
            self.act(
                super::workday(last - before),
                minute,
                By::IdentityManager,
                Act::Edit(*who, Change::Promote),
            );
        }
        for (before, lead, title) in [
            (6, "Inside Sales Manager", "Sales Representative"),
            (2, "Infrastructure Manager", "Platform Engineer"),
            (
                1,
                "Customer Service Manager North",
                "Customer Service Agent",
            ),
            (0, "Accounting Manager", "Accountant"),
        ] {
            let team = departments::find(lead).expect("invariant: the lead has a team");
            self.newcomer(team, title, super::workday(last - before));
        }
    }

    fn transfers(&mut self, people: Vec<Who>) {
        let teams: Vec<(usize, usize)> = DEPARTMENTS
            .iter()
            .enumerate()
            .flat_map(|(d, department)| (0..department.teams.len()).map(move |t| (d, t)))
            .collect();
        for who in people {
            let team = *self.dice.pick(&teams);
            let (department, target) = (&DEPARTMENTS[team.0], &DEPARTMENTS[team.0].teams[team.1]);
            let settled = |team| !Self::is_unsettled(team);
            let day = self.later(who);
            let from = self.members[who].team;
            // Posts with a part in the console are held by one person each.
            let posts: Vec<&str> = target
                .posts
                .iter()
                .filter(|(_, count)| *count > 1)
                .map(|(title, _)| *title)
                .collect();
            if from == Some(team)
                || !settled(team)
                || !from.is_some_and(settled)
                || posts.is_empty()
            {
                continue;
            }
            let Some(manager) = self.lead_at(team, day) else {
                continue;
            };
            let title = (*self.dice.pick(&posts)).to_owned();
            let change = Change::Transfer {
                department: department.name,
                title,
                location: target.city,
                manager,
            };
            self.sometime(day, By::IdentityManager, Act::Edit(who, change));
        }
    }

    fn absences(&mut self, over: Vec<Who>, now: Vec<Who>) {
        let last = self.calendar.last;
        for who in over {
            let away = self.later(who).min(last - 140);
            let back = self.a_day(away + 21, away + 130);
            self.sometime(away, By::IdentityManager, Act::Edit(who, Change::OnLeave));
            self.sometime(back, By::IdentityManager, Act::Edit(who, Change::Back));
        }
        for who in now {
            let away = self.a_day(last - 95, last - 2);
            self.sometime(away, By::IdentityManager, Act::Edit(who, Change::OnLeave));
        }
    }

    fn suspensions(&mut self, over: Vec<Who>, now: &[Who]) {
        let last = self.calendar.last;
        for who in over {
            let (why, over) = *self.dice.pick(SUSPENSIONS);
            let stopped = self.later(who).min(last - 30);
            let resumed = self.a_day(stopped + 4, stopped + 25);
            self.sometime(stopped, By::IdentityManager, Act::Suspend(who, why));
            self.sometime(resumed, By::IdentityManager, Act::Resume(who, over));
        }
        for (who, (why, _)) in now.iter().zip(SUSPENSIONS) {
            let stopped = self.a_day(last - 18, last - 1);
            self.sometime(stopped, By::IdentityManager, Act::Suspend(*who, why));
        }
    }

    /// People who marry and take another family name; the username stays.
    fn new_names(&mut self, people: Vec<Who>) {
        for who in people {
            let draft = &self.members[who].draft;
            let (city, given) = (
                draft.location.clone(),
                draft
                    .display_name
                    .split(' ')
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            );
            let name = self.namer.name(&mut self.dice, &city).display;
            let family = name.split_once(' ').map_or("", |(_, family)| family);
            let display_name = format!("{given} {family}");
            let email = format!("{}@{MAIL}", username(&display_name));
            let day = self.later(who);
            self.sometime(
                day,
                By::IdentityManager,
                Act::Edit(
                    who,
                    Change::Rename {
                        display_name,
                        email,
                    },
                ),
            );
        }
    }

    fn ends_to_come(&mut self, people: Vec<Who>) {
        let (last, today) = (self.calendar.last, self.calendar.today);
        for who in people {
            let told = self.a_day(last - 24, last);
            let last_day = self
                .calendar
                .date(super::workday(today + self.dice.between(5, 44)));
            let reason = *self.dice.pick(crate::company::others::REASONS);
            self.sometime(
                told,
                By::IdentityManager,
                Act::End(who, reason, Some(last_day)),
            );
        }
    }

    /// Records that begin without a location; most are filled in later.
    fn gaps(&mut self, people: Vec<Who>) {
        for (n, who) in people.into_iter().enumerate() {
            let Some((d, t)) = self.members[who].team else {
                continue;
            };
            self.members[who].draft.location.clear();
            if n % 3 > 0 {
                let day = self.members[who].joined + self.dice.between(6, 60);
                self.sometime(
                    day,
                    By::IdentityManager,
                    Act::Edit(who, Change::Location(DEPARTMENTS[d].teams[t].city)),
                );
            }
        }
    }

    fn relocations(&mut self, people: Vec<Who>) {
        for who in people {
            let here = self.members[who].draft.location.clone();
            let cities: Vec<&str> = ["Lisbon", "Porto", "Madrid", "Hamburg", "Rotterdam"]
                .into_iter()
                .filter(|city| *city != here)
                .collect();
            let (day, city) = (self.later(who), *self.dice.pick(&cities));
            self.sometime(
                day,
                By::IdentityManager,
                Act::Edit(who, Change::Location(city)),
            );
        }
    }

    /// Somebody who left early on comes back: another identity with the same username.
    fn return_of_one(&mut self) {
        let last = self.calendar.last;
        let early = |member: &Member| {
            member.draft.kind == "employee" && member.left.is_some_and(|left| left < last - 200)
        };
        let Some(once) = self.members.iter().find(|member| early(member)) else {
            return;
        };
        let day = self.calendar.last - 45;
        let team = once
            .team
            .unwrap_or_else(|| departments::find(departments::MANAGER).unwrap_or_default());
        let mut draft = once.draft.clone();
        draft.start_date = self.calendar.date(super::workday(day + 10)).to_string();
        let manager = self.lead_at(team, day);
        let who = self.add(Member {
            draft,
            manager,
            team: Some(team),
            joined: day,
            left: None,
            spared: true,
        });
        self.sometime(day, By::IdentityManager, Act::Hire(who));
    }

    /// A day on which something may happen to somebody.
    fn later(&mut self, who: Who) -> i32 {
        let from = self.members[who].joined.max(5) + 20;
        self.a_day(from, self.calendar.last - 2)
    }
}
