//! Everyone who is ever added: the people of the first week, those hired later, and those who leave.

use domain::identity::IdentityDraft;

use super::act::{Act, By, Change, Who};
use super::calendar::Pen;
use super::naming::Name;
use super::{Cast, Member, Planner};
use crate::company::departments::{
    ACCESS_MANAGER, ADMINISTRATOR, AUDITOR, CHIEF, CHIEFS_DEPARTMENT, DEPARTMENTS, IDENTITY_MANAGER, MANAGER, POLICY_MANAGER,
};
use crate::company::others::{AGENTS, CONTRACTORS, Machine, PARTNERS, REASONS, SERVICES};
use crate::company::{MAIL, departments};

/// Titles whose holders have a part in the console.
const PARTS: &[&str] = &[IDENTITY_MANAGER, ACCESS_MANAGER, POLICY_MANAGER, AUDITOR];
/// How many of a hundred posts are new ones, filled in the course of the history.
const NEW_POSTS: usize = 9;
/// How many of a hundred holders of other posts leave.
const LEAVE: usize = 12;

/// Where and as what somebody works.
#[derive(Debug, Clone, Copy)]
struct Post<'a> {
    department: &'a str,
    title: &'a str,
    city: &'a str,
    kind: &'a str,
}

impl Planner {
    /// Plans everyone; the first week is written in the order of the hierarchy.
    pub(super) fn people(&mut self) -> Cast {
        let mut pen = Pen { day: 0, minute: 9 * 60 + 2 };
        let administrator = self.hierarchy(&mut pen);
        let mut first_week = Vec::new();
        self.staff(&mut first_week);
        let titled = |title: &str| self.members.iter().position(|member| member.draft.title == title);
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
        for who in first_week.into_iter().filter(|who| ![cast.identity_manager, cast.access_manager, cast.auditor].contains(who)) {
            self.hire_at(&mut pen, By::IdentityManager, who);
        }
        cast
    }

    /// The chief, the heads and the leads, added by the administrator on the first day.
    fn hierarchy(&mut self, pen: &mut Pen) -> Who {
        let lisbon = "Lisbon";
        let security = departments::find(ADMINISTRATOR).expect("invariant: somebody administers");
        let chief = self.employee(Post { department: CHIEFS_DEPARTMENT, title: CHIEF, city: lisbon, kind: "employee" }, None, None, 0);
        self.members[chief].spared = true;
        let mut leads = Vec::new();
        for (d, department) in DEPARTMENTS.iter().enumerate() {
            let post = Post { department: department.name, title: department.head, city: department.city, kind: "employee" };
            let head = self.employee(post, Some(chief), None, 0);
            self.heads.push(head);
            for (t, team) in department.teams.iter().enumerate() {
                let lead = self.employee(Post { title: team.lead, city: team.city, ..post }, Some(head), Some((d, t)), 0);
                self.leads.insert((d, t), vec![(0, lead)]);
                leads.push(lead);
            }
        }
        let administrator = self.leads[&security][0].1;
        self.act(pen.day, pen.minute, By::Administrator, Act::Found(administrator));
        pen.advance(12);
        let heads = self.heads.clone();
        for who in std::iter::once(chief).chain(heads).chain(leads) {
            self.members[who].spared = true;
            if who == administrator {
                let at = *pen;
                self.act(at.day, at.minute, By::Administrator, Act::Edit(administrator, Change::Complete));
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
                let posts = team.posts.iter().flat_map(|(title, count)| std::iter::repeat_n(*title, *count)).enumerate();
                for (n, title) in posts {
                    let post = Post { department: department.name, title, city: team.city, kind: "employee" };
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
            self.sometime(told, By::IdentityManager, Act::End(who, reason, Some(last_day)));
            self.act(day + 1, 7, By::System, Act::EndDue);
            self.members[who].left = Some(day + 1);
        } else {
            self.act(day, 17 * 60 + 5, By::IdentityManager, Act::End(who, reason, None));
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
        let post = Post { department: department.name, title, city: department.teams[team.1].city, kind: "employee" };
        let begins = super::workday(day + self.dice.between(9, 25));
        let who = self.person(post, self.lead_at(team, day), (Some(team), day), begins);
        self.members[who].spared = true;
        let minute = self.dice.between(10 * 60, 16 * 60);
        self.act(day, minute, By::IdentityManager, Act::Hire(who));
    }

    fn contractors(&mut self, first_week: &mut Vec<Who>) {
        let last = self.calendar.last;
        let posts: Vec<(&str, &str)> = CONTRACTORS.iter().flat_map(|(lead, title, count)| std::iter::repeat_n((*lead, *title), *count)).collect();
        for (lead, title) in posts {
            let (d, t) = departments::find(lead).expect("invariant: contractors have a team");
            let department = &DEPARTMENTS[d];
            let post = Post { department: department.name, title, city: department.teams[t].city, kind: "contractor" };
            let initial = self.dice.chance(45);
            let day = if initial { 0 } else { self.a_day(20, last - 10) };
            let begins = if initial { -self.dice.between(5, 120) } else { day + 5 };
            let mut ends = begins + self.dice.between(170, 340);
            let manager = self.lead_at((d, t), day);
            let who = self.person(post, manager, (Some((d, t)), day), begins);
            let draft = &mut self.members[who].draft;
            draft.email = format!("{}@ext.{MAIL}", draft.username);
            draft.username.push_str(".ext");
            draft.end_date = self.calendar.date(ends).to_string();
            if initial { first_week.push(who) } else { self.sometime(day, By::IdentityManager, Act::Hire(who)) }
            while ends <= self.calendar.today {
                if ends < last && !self.dice.chance(72) {
                    self.act(ends + 1, 7, By::System, Act::EndDue);
                    self.members[who].left = Some(ends + 1);
                    break;
                }
                let longer = ends + self.dice.between(150, 330);
                let told = self.a_day(ends - 24, ends - 5);
                self.sometime(told, By::IdentityManager, Act::Edit(who, Change::LastDay(self.calendar.date(longer))));
                ends = longer;
            }
        }
    }

    fn partners(&mut self, first_week: &mut Vec<Who>) {
        for partner in PARTNERS {
            let (d, t) = departments::find(partner.host).expect("invariant: partners have a host");
            for n in 0..partner.people {
                let title = format!("{}, {}", partner.title, partner.name);
                let post = Post { department: DEPARTMENTS[d].name, title: &title, city: DEPARTMENTS[d].teams[t].city, kind: "external" };
                let day = if n > 1 { self.a_day(40, self.calendar.last - 20) } else { 0 };
                let who = self.person(post, self.lead_at((d, t), day), (Some((d, t)), day), day);
                let draft = &mut self.members[who].draft;
                draft.email = format!("{}@{}", draft.username, partner.domain);
                if day == 0 { first_week.push(who) } else { self.sometime(day, By::IdentityManager, Act::Hire(who)) }
                if n == 2 && day < self.calendar.last - 120 {
                    let day = self.a_day(day + 60, self.calendar.last - 10);
                    self.act(day, 16 * 60 + 31, By::IdentityManager, Act::End(who, "No longer works for the partner.", None));
                    self.members[who].left = Some(day);
                }
            }
        }
    }

    fn machines(&mut self, first_week: &mut Vec<Who>) {
        let last = self.calendar.last;
        for (kind, list) in [("service", SERVICES), ("agent", AGENTS)] {
            for (n, Machine(username, name, what, owner)) in list.iter().enumerate() {
                let later = kind == "agent" || n % 6 == 3;
                let day = if kind == "agent" { self.a_day(last - 320, last - 120) } else if later { self.a_day(60, last - 60) } else { 0 };
                let team = departments::find(owner);
                let draft = IdentityDraft {
                    username: (*username).to_owned(),
                    display_name: (*name).to_owned(),
                    title: (*what).to_owned(),
                    department: team.map_or_else(String::new, |(d, _)| DEPARTMENTS[d].name.to_owned()),
                    kind: kind.to_owned(),
                    start_date: self.calendar.date(day).to_string(),
                    ..IdentityDraft::default()
                };
                let manager = team.and_then(|team| self.lead_at(team, day));
                let who = self.add(Member { draft, manager, team, joined: day, left: None, spared: true });
                if later { self.sometime(day, By::IdentityManager, Act::Hire(who)) } else { first_week.push(who) }
                if *username == "svc-fax-archive" {
                    let reason = "Not used for months and nobody answers for it; to be switched off.";
                    self.sometime(last - 75, By::IdentityManager, Act::Suspend(who, reason));
                }
            }
        }
    }

    /// Somebody on the payroll. Those of the first week have worked here for up to 15 years.
    fn employee(&mut self, post: Post<'_>, manager: Option<Who>, team: Option<(usize, usize)>, day: i32) -> Who {
        let begins = if day > 0 { day + self.dice.between(4, 14) } else { -self.dice.between(40, 5_200) };
        self.person(post, manager, (team, day), super::workday(begins))
    }

    fn person(&mut self, post: Post<'_>, manager: Option<Who>, (team, joined): (Option<(usize, usize)>, i32), begins: i32) -> Who {
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
        self.add(Member { draft, manager, team, joined, left: None, spared: post.kind != "employee" })
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
