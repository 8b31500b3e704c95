//! Leads who leave: a member of the team follows and takes the reports over, except where nobody is found.

use super::Planner;
use super::act::{Act, By, Change, Who};
use crate::company::departments;

/// Leads who leave: title, title of who follows (empty: nobody), days before the end of the history.
const LEAVE: &[(&str, &str, i32)] = &[
    ("Warehouse Manager Porto", "Shift Supervisor", 560),
    ("Sales Manager Spain", "Key Account Manager", 400),
    // The web shop keeps its owner who has left.
    (
        "Digital Commerce Manager",
        "Digital Marketing Specialist",
        190,
    ),
    // The reports keep their manager who has left.
    ("Category Planning Manager", "", 26),
];

impl Planner {
    pub(super) fn successions(&mut self) {
        for (lead_title, successor_title, before) in LEAVE {
            let team = departments::find(lead_title).expect("invariant: the lead has a team");
            let day = super::workday(self.calendar.last - before);
            let Some(lead) = self.lead_at(team, day) else {
                continue;
            };
            if let Some(successor) = self.successor(team, successor_title, day) {
                self.hand_over(team, successor, lead_title, day);
            }
            self.act(
                day,
                17 * 60 + 10,
                By::IdentityManager,
                Act::End(
                    lead,
                    "Resigned; last working day agreed with the manager.",
                    None,
                ),
            );
            self.members[lead].left = Some(day);
        }
    }

    /// Is in a team whose lead leaves.
    pub(super) fn is_unsettled(team: (usize, usize)) -> bool {
        LEAVE
            .iter()
            .any(|(lead, _, _)| departments::find(lead) == Some(team))
    }

    fn successor(&self, team: (usize, usize), title: &str, day: i32) -> Option<Who> {
        self.members.iter().position(|member| {
            member.team == Some(team)
                && member.draft.title == title
                && !member.spared
                && member.joined < day - 30
        })
    }

    fn hand_over(&mut self, team: (usize, usize), successor: Who, title: &str, day: i32) {
        let head = self.heads[team.0];
        self.members[successor].spared = true;
        self.act(
            day,
            10 * 60,
            By::IdentityManager,
            Act::Edit(successor, Change::Manager(head)),
        );
        self.act(
            day,
            10 * 60 + 2,
            By::IdentityManager,
            Act::Edit(successor, Change::Title(title.to_owned())),
        );
        let reports: Vec<Who> = (0..self.members.len())
            .filter(|who| {
                let member = &self.members[*who];
                let there = member.joined <= day && member.left.is_none_or(|left| left > day);
                *who != successor
                    && there
                    && member.team == Some(team)
                    && !self.leads[&team].iter().any(|(_, lead)| lead == who)
            })
            .collect();
        for (minute, report) in (10 * 60 + 5..).zip(reports.clone()) {
            // Whoever is added on this very day is added to the successor's team.
            if self.members[report].joined < day {
                self.act(
                    day,
                    minute,
                    By::IdentityManager,
                    Act::Edit(report, Change::Manager(successor)),
                );
            }
        }
        self.leads.entry(team).or_default().push((day, successor));
        self.follow_up(team, successor, day);
    }

    /// People who were planned to join later join the successor.
    fn follow_up(&mut self, team: (usize, usize), successor: Who, day: i32) {
        for member in self
            .members
            .iter_mut()
            .filter(|member| member.team == Some(team) && member.joined >= day)
        {
            member.manager = Some(successor);
        }
    }
}
