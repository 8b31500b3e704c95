//! Everyone who is ever added: the people of the first week, those hired later, and those who leave.

use domain::identity::IdentityDraft;

use super::act::{Act, By, Change, Who};
use super::calendar::Pen;
use super::naming::Name;
use super::{Cast, Member, Planner};
use crate::company::departments::{
    ACCESS_MANAGER, ADMINISTRATOR, AUDITOR, CHIEF, CHIEFS_DEPARTMENT, DEPARTMENTS,
    IDENTITY_MANAGER, MANAGER, POLICY_MANAGER,
};
use crate::company::others::REASONS;
use crate::company::{MAIL, departments};

/// Titles whose holders have a part in the console.
const PARTS: &[&str] = &[IDENTITY_MANAGER, ACCESS_MANAGER, POLICY_MANAGER, AUDITOR];
/// How many of a hundred posts are new ones, filled in the course of the history.
const NEW_POSTS: usize = 9;
/// How many of a hundred holders of other posts leave.
const LEAVE: usize = 12;

/// Where and as what somebody works.
#[derive(Debug, Clone, Copy)]
pub(super) struct Post<'a> {
    pub(super) department: &'a str,
    pub(super) title: &'a str,
    pub(super) city: &'a str,
    pub(super) kind: &'a str,
}

impl Planner {
    /// Plans everyone; the first week is written in the order of the hierarchy.
    pub(super) fn people(&mut self) -> Cast {
        let mut pen = Pen {
            day: 0,
            minute: 9 * 60 + 2,
        };
        let administrator = self.hierarchy(&mut pen);
        let mut first_week = Vec::new();
        self.staff(&mut first_week);
        let titled = |title: &str| {
            self.members
                .iter()
                .position(|member| member.draft.title == title)
        };
        let find = |title: &str| titled(title).expect("invariant: the departments have this post");
        let cast = Cast {
            administrator,
            identity_manager: find(IDENTITY_MANAGER),
            access_manager: find(ACCESS_MANAGER),
            auditor: find(AUDITOR),
            manager: find(MANAGER),
            employee: find("Accounts Payable Clerk"),
        };
        self.members[cast.employee].spared = true;
        for who in [cast.identity_manager, cast.access_manager, cast.auditor] {
            self.hire_at(&mut pen, By::Administrator, who);
        }
        self.first_rights(&mut pen, cast);
        self.contractors(&mut first_week);
        self.partners(&mut first_week);
        self.machines(&mut first_week);
        for who in first_week
            .into_iter()
            .filter(|who| ![cast.identity_manager, cast.access_manager, cast.auditor].contains(who))
        {
            self.hire_at(&mut pen, By::IdentityManager, who);
        }
        cast
    }

    /// The chief, the heads and the leads, added by the administrator on the first day.
    fn hierarchy(&mut self, pen: &mut Pen) -> Who {
        let lisbon = "Lisbon";
        let security = departments::find(ADMINISTRATOR).expect("invariant: somebody administers");
        let chief = self.employee(
            Post {
                department: CHIEFS_DEPARTMENT,
                title: CHIEF,
                city: lisbon,
                kind: "employee",
            },
            None,
            None,
            0,
        );
        self.members[chief].spared = true;
        let mut leads = Vec::new();
        for (d, department) in DEPARTMENTS.iter().enumerate() {
            let post = Post {
                department: department.name,
                title: department.head,
                city: department.city,
                kind: "employee",
            };
            let head = self.employee(post, Some(chief), None, 0);
            self.heads.push(head);
            for (t, team) in department.teams.iter().enumerate() {
                let lead = self.employee(
                    Post {
                        title: team.lead,
                        city: team.city,
                        ..post
                    },
                    Some(head),
                    Some((d, t)),
                    0,
                );
                self.leads.insert((d, t), vec![(0, lead)]);
                leads.push(lead);
            }
        }
        let administrator = self.leads[&security][0].1;
        self.act(
            pen.day,
            pen.minute,
            By::Administrator,
            Act::Found(administrator),
        );
        pen.advance(12);
        let heads = self.heads.clone();
        for who in std::iter::once(chief).chain(heads).chain(leads) {
            self.members[who].spared = true;
            if who == administrator {
                let at = *pen;
                self.act(
                    at.day,
                    at.minute,
                    By::Administrator,
                    Act::Edit(administrator, Change::Complete),
                );
                pen.advance(3);
            } else {
                self.hire_at(pen, By::Administrator, who);
            }
        }
        administrator
    }

    /// The posts of all teams: most are held from the beginning, some holders leave and are followed by others.
    fn staff(&mut self, first_week: &mut Vec<Who>) {
        let last = self.calendar.last;
        for (d, department) in DEPARTMENTS.iter().enumerate() {
            for (t, team) in department.teams.iter().enumerate() {
                let posts = team
                    .posts
                    .iter()
                    .flat_map(|(title, count)| std::iter::repeat_n(*title, *count))
                    .enumerate();
                for (n, title) in posts {
                    let post = Post {
                        department: department.name,
                        title,
                        city: team.city,
                        kind: "employee",
                    };
                    let needed = PARTS.contains(&title) || (team.lead == MANAGER && n == 0);
                    if !needed && self.dice.chance(NEW_POSTS) {
                        let day = self.a_day(30, last - 6);
                        self.hire_later(post, (d, t), day);
                        continue;
                    }
                    let holder = self.employee(post, self.lead_at((d, t), 0), Some((d, t)), 0);
                    first_week.push(holder);
                    self.members[holder].spared = PARTS.contains(&title);
                    if !needed && self.dice.chance(LEAVE) {
                        let day = self.a_day(40, last - 4);
                        self.leave(holder, day);
                        let follows = day + self.dice.between(12, 70);
                        if follows <= last - 3 && self.dice.chance(88) {
                            let follows = self.a_day(follows, follows + 2).min(last);
                            self.hire_later(post, (d, t), follows);
                        }
                    }
                }
            }
        }
    }

    /// Somebody leaves: most after a last day that was agreed before, some at once.
    pub(super) fn leave(&mut self, who: Who, day: i32) {
        let reason = *self.dice.pick(REASONS);
        if self.dice.chance(60) && day > 35 {
            let told = self.a_day(day - 28, day - 3);
            let last_day = self.calendar.date(day);
            self.sometime(
                told,
                By::IdentityManager,
                Act::End(who, reason, Some(last_day)),
            );
            self.act(day + 1, 7, By::System, Act::EndDue);
            self.members[who].left = Some(day + 1);
        } else {
            self.act(
                day,
                17 * 60 + 5,
                By::IdentityManager,
                Act::End(who, reason, None),
            );
            self.members[who].left = Some(day);
        }
        self.members[who].spared = true;
    }

    fn hire_later(&mut self, post: Post<'_>, team: (usize, usize), day: i32) -> Who {
        let who = self.employee(post, self.lead_at(team, day), Some(team), day);
        self.sometime(day, By::IdentityManager, Act::Hire(who));
        who
    }

    /// Somebody who begins in the weeks to come.
    pub(super) fn newcomer(&mut self, team: (usize, usize), title: &str, day: i32) {
        let department = &DEPARTMENTS[team.0];
        let post = Post {
            department: department.name,
            title,
            city: department.teams[team.1].city,
            kind: "employee",
        };
        let begins = super::workday(day + self.dice.between(9, 25));
        let who = self.person(post, self.lead_at(team, day), (Some(team), day), begins);
        self.members[who].spared = true;
        let minute = self.dice.between(10 * 60, 16 * 60);
        self.act(day, minute, By::IdentityManager, Act::Hire(who));
    }

    /// Somebody on the payroll. Those of the first week have worked here for up to 15 years.
    fn employee(
        &mut self,
        post: Post<'_>,
        manager: Option<Who>,
        team: Option<(usize, usize)>,
        day: i32,
    ) -> Who {
        let begins = if day > 0 {
            day + self.dice.between(4, 14)
        } else {
            -self.dice.between(40, 5_200)
        };
        self.person(post, manager, (team, day), super::workday(begins))
    }

    pub(super) fn person(
        &mut self,
        post: Post<'_>,
        manager: Option<Who>,
        (team, joined): (Option<(usize, usize)>, i32),
        begins: i32,
    ) -> Who {
        let Name { display, username } = self.namer.name(&mut self.dice, post.city);
        let draft = IdentityDraft {
            email: format!("{username}@{MAIL}"),
            username,
            display_name: display,
            department: post.department.to_owned(),
            title: post.title.to_owned(),
            location: post.city.to_owned(),
            kind: post.kind.to_owned(),
            start_date: self.calendar.date(begins).to_string(),
            ..IdentityDraft::default()
        };
        self.add(Member {
            draft,
            manager,
            team,
            joined,
            left: None,
            spared: post.kind != "employee",
        })
    }

    pub(super) fn add(&mut self, member: Member) -> Who {
        self.members.push(member);
        self.members.len() - 1
    }

    fn hire_at(&mut self, pen: &mut Pen, by: By, who: Who) {
        self.members[who].joined = pen.day;
        self.act(pen.day, pen.minute, by, Act::Hire(who));
        pen.advance(self.dice.between(2, 5));
    }
}
