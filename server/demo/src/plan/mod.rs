//! The story of two years, made in memory before anything is written: who joins, moves, leaves, and what is set up.
//!
//! It depends on the present day alone: the same day tells the same story, and yesterday's is the same shifted by one.

pub(crate) mod access;
pub(crate) mod act;
pub(crate) mod calendar;
mod console;
pub(crate) mod feeds;
mod holdings;
mod model;
mod naming;
mod others;
mod population;
mod requests;
mod reviews;
mod stories;
mod succession;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use domain::identity::IdentityDraft;
use domain::time::{Instant, SECOND};

use crate::company::departments;
use crate::dice::Dice;
use act::{Act, By, Who};
use calendar::{Calendar, workday};
use naming::Namer;

/// Somebody of the company.
#[derive(Debug)]
pub(crate) struct Member {
    /// The record; the manager is named by [`Member::manager`].
    pub(crate) draft: IdentityDraft,
    /// At the time they are added.
    pub(crate) manager: Option<Who>,
    /// Department and team, for those who work in one.
    team: Option<(usize, usize)>,
    /// The day they are added.
    joined: i32,
    /// The day from which on they are gone.
    left: Option<i32>,
    /// Nothing happens to them by chance.
    spared: bool,
}

/// Those who have a part in the console.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cast {
    pub(crate) administrator: Who,
    pub(crate) identity_manager: Who,
    pub(crate) access_manager: Who,
    pub(crate) auditor: Who,
    pub(crate) manager: Who,
    pub(crate) employee: Who,
}

/// An act with its moment and who does it.
#[derive(Debug)]
pub(crate) struct Dated {
    pub(crate) at: Instant,
    pub(crate) by: By,
    pub(crate) act: Act,
}

/// The whole story in the order of time.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) members: Vec<Member>,
    pub(crate) cast: Cast,
    pub(crate) acts: Vec<Dated>,
}

/// Makes the story up to `now`.
pub(crate) fn make(now: Instant, zone: jiff::tz::TimeZone) -> Plan {
    let mut planner = Planner {
        calendar: Calendar::until(now, zone),
        dice: Dice::new(0x6e6f_7274_6877),
        namer: Namer::default(),
        members: Vec::new(),
        heads: Vec::new(),
        leads: BTreeMap::new(),
        acts: Vec::new(),
    };
    let cast = planner.people();
    planner.successions();
    planner.stories(cast);
    planner.access();
    planner.console(cast);
    planner.feeds();
    planner.model(cast);
    planner.requests(cast);
    planner.reviews(cast);
    planner.sign_ins_and_checkpoints();
    let Planner {
        members, mut acts, ..
    } = planner;
    acts.sort_by_key(|dated| dated.at);
    Plan {
        members,
        cast,
        acts,
    }
}

/// The story in the making.
#[derive(Debug)]
struct Planner {
    calendar: Calendar,
    dice: Dice,
    namer: Namer,
    members: Vec<Member>,
    /// The head of each department.
    heads: Vec<Who>,
    /// The leads of each team, and from which day on.
    leads: BTreeMap<(usize, usize), Vec<(i32, Who)>>,
    acts: Vec<Dated>,
}

impl Planner {
    /// Adds an act at a minute of a day; the second is any.
    fn act(&mut self, day: i32, minute: i32, by: By, act: Act) {
        let within = i64::try_from(self.dice.below(59_000_000)).unwrap_or_default();
        let at = self.calendar.at(day, minute).plus(within);
        self.acts.push(Dated { at, by, act });
    }

    /// Adds an act at any time of an office day. Records are kept on Mondays, Wednesdays and Fridays, if need be a day
    /// earlier than asked for.
    fn sometime(&mut self, day: i32, by: By, act: Act) {
        let minute = self.dice.between(9 * 60, 17 * 60);
        let day = workday(day);
        self.act(day - day.rem_euclid(7) % 2, minute, by, act);
    }

    /// A day in the office between two days.
    fn a_day(&mut self, from: i32, to: i32) -> i32 {
        let day = workday(self.dice.between(from, to));
        if day < from { day + 3 } else { day }
    }

    /// Who decides for a team on a day: its lead, or the department's head when the lead has left.
    fn lead_at(&self, team: (usize, usize), day: i32) -> Option<Who> {
        let leads = self.leads.get(&team)?;
        let (_, lead) = leads.iter().rev().find(|(from, _)| *from <= day)?;
        let gone = self.members[*lead].left.is_some_and(|left| left <= day);
        Some(if gone { self.heads[team.0] } else { *lead })
    }

    /// Who has the title of a lead or head on a day.
    fn titled(&self, title: &str, day: i32) -> Option<Who> {
        if let Some(team) = departments::find(title) {
            return self.lead_at(team, day);
        }
        let head = departments::DEPARTMENTS
            .iter()
            .position(|department| department.head == title)?;
        self.heads.get(head).copied()
    }

    /// Everyone signs in before their first act of a day and out after the last; on Fridays the log is signed.
    fn sign_ins_and_checkpoints(&mut self) {
        let mut days: BTreeMap<(i32, By), (Instant, Instant)> = BTreeMap::new();
        for Dated { at, by, act } in &self.acts {
            if *by != By::System {
                // The first administrator has nothing to sign in with before the first page is sent.
                let begins = if matches!(act, Act::Found(_)) {
                    at.plus(40 * SECOND)
                } else {
                    at.plus(-100 * SECOND)
                };
                let span = days.entry((self.day_of(*at), *by)).or_insert((begins, *at));
                *span = (span.0.min(begins), span.1.max(*at));
            }
        }
        for ((_, by), (first, last)) in days {
            let some = i64::try_from(self.dice.below(60)).unwrap_or_default();
            self.acts.push(Dated {
                at: first.plus(-some * SECOND / 2),
                by,
                act: Act::SignIn,
            });
            self.acts.push(Dated {
                at: last.plus((200 + 7 * some) * SECOND),
                by,
                act: Act::SignOut,
            });
        }
        for day in (0..=self.calendar.last).filter(|day| *day < 5 || day % 7 == 4) {
            self.act(day, 18 * 60 + 30, By::System, Act::Checkpoint);
        }
    }

    /// Number of the day of a moment.
    fn day_of(&self, at: Instant) -> i32 {
        let first = self.calendar.at(0, 0);
        // Changes of the clock are an hour; nothing happens within an hour of midnight but the timer's acts.
        i32::try_from(at.since(first).div_euclid(domain::time::DAY)).unwrap_or_default()
    }
}
