//! Everyone who is not on the payroll: contractors whose time is extended or runs out, partners' people, programs.

use domain::identity::IdentityDraft;

use super::act::{Act, By, Change, Who};
use super::population::Post;
use super::{Member, Planner};
use crate::company::departments::DEPARTMENTS;
use crate::company::others::{AGENTS, CONTRACTORS, Machine, PARTNERS, SERVICES};
use crate::company::{MAIL, departments};

impl Planner {
    pub(super) fn contractors(&mut self, first_week: &mut Vec<Who>) {
        let last = self.calendar.last;
        let posts: Vec<(&str, &str)> = CONTRACTORS
            .iter()
            .flat_map(|(lead, title, count)| std::iter::repeat_n((*lead, *title), *count))
            .collect();
        for (lead, title) in posts {
            let (d, t) = departments::find(lead).expect("invariant: contractors have a team");
            let department = &DEPARTMENTS[d];
            let post = Post {
                department: department.name,
                title,
                city: department.teams[t].city,
                kind: "contractor",
            };
            let initial = self.dice.chance(45);
            let day = if initial {
                0
            } else {
                self.a_day(20, last - 10)
            };
            let begins = if initial {
                -self.dice.between(5, 120)
            } else {
                day + 5
            };
            let mut ends = begins + self.dice.between(170, 340);
            let manager = self.lead_at((d, t), day);
            let who = self.person(post, manager, (Some((d, t)), day), begins);
            let draft = &mut self.members[who].draft;
            draft.email = format!("{}@ext.{MAIL}", draft.username);
            draft.username.push_str(".ext");
            draft.end_date = self.calendar.date(ends).to_string();
            if initial {
                first_week.push(who);
            } else {
                self.sometime(day, By::IdentityManager, Act::Hire(who));
            }
            while ends <= self.calendar.today {
                if ends < last && !self.dice.chance(72) {
                    self.act(ends + 1, 7, By::System, Act::EndDue);
                    self.members[who].left = Some(ends + 1);
                    break;
                }
                let longer = ends + self.dice.between(150, 330);
                let told = self.a_day(ends - 24, ends - 5);
                self.sometime(
                    told,
                    By::IdentityManager,
                    Act::Edit(who, Change::LastDay(self.calendar.date(longer))),
                );
                ends = longer;
            }
        }
    }

    pub(super) fn partners(&mut self, first_week: &mut Vec<Who>) {
        for partner in PARTNERS {
            let (d, t) = departments::find(partner.host).expect("invariant: partners have a host");
            for n in 0..partner.people {
                let title = format!("{}, {}", partner.title, partner.name);
                let post = Post {
                    department: DEPARTMENTS[d].name,
                    title: &title,
                    city: DEPARTMENTS[d].teams[t].city,
                    kind: "external",
                };
                let day = if n > 1 {
                    self.a_day(40, self.calendar.last - 20)
                } else {
                    0
                };
                let who = self.person(post, self.lead_at((d, t), day), (Some((d, t)), day), day);
                let draft = &mut self.members[who].draft;
                draft.email = format!("{}@{}", draft.username, partner.domain);
                if day == 0 {
                    first_week.push(who);
                } else {
                    self.sometime(day, By::IdentityManager, Act::Hire(who));
                }
                if n == 2 && day < self.calendar.last - 120 {
                    let day = self.a_day(day + 60, self.calendar.last - 10);
                    self.act(
                        day,
                        16 * 60 + 31,
                        By::IdentityManager,
                        Act::End(who, "No longer works for the partner.", None),
                    );
                    self.members[who].left = Some(day);
                }
            }
        }
    }

    pub(super) fn machines(&mut self, first_week: &mut Vec<Who>) {
        let last = self.calendar.last;
        for (kind, list) in [("service", SERVICES), ("agent", AGENTS)] {
            for (n, Machine(username, name, what, owner)) in list.iter().enumerate() {
                let later = kind == "agent" || n % 6 == 3;
                let day = if kind == "agent" {
                    self.a_day(last - 320, last - 120)
                } else if later {
                    self.a_day(60, last - 60)
                } else {
                    0
                };
                let team = departments::find(owner);
                let draft = IdentityDraft {
                    username: (*username).to_owned(),
                    display_name: (*name).to_owned(),
                    title: (*what).to_owned(),
                    department: team
                        .map_or_else(String::new, |(d, _)| DEPARTMENTS[d].name.to_owned()),
                    kind: kind.to_owned(),
                    start_date: self.calendar.date(day).to_string(),
                    ..IdentityDraft::default()
                };
                let manager = team.and_then(|team| self.lead_at(team, day));
                let who = self.add(Member {
                    draft,
                    manager,
                    team,
                    joined: day,
                    left: None,
                    spared: true,
                });
                if later {
                    self.sometime(day, By::IdentityManager, Act::Hire(who));
                } else {
                    first_week.push(who);
                }
                if *username == "svc-fax-archive" {
                    let reason =
                        "Not used for months and nobody answers for it; to be switched off.";
                    self.sometime(last - 75, By::IdentityManager, Act::Suspend(who, reason));
                }
            }
        }
    }
}
