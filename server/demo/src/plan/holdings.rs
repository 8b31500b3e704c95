//! Who really has what in the applications, day by day: accounts that stay when people go, access nobody uses any more.
//!
//! Chance of its own, so that the rest of the story is the same with and without it.

use super::act::Who;
use super::{Member, Planner};
use crate::catalogue::users::{OTHERS, USERS};
use crate::catalogue::{App, Grant};
use crate::company::departments::{DEPARTMENTS, find};
use crate::dice::Dice;

/// A day that never comes.
const NEVER: i32 = i32::MAX;
/// Seed of the chance.
const SEED: u64 = 0x6163_6365_7373;

/// Somebody's login in an application.
#[derive(Debug)]
pub(crate) struct Login {
    pub(crate) who: Who,
    pub(crate) app: &'static App,
    pub(crate) name: String,
    /// The day from which on the target has it.
    from: i32,
    /// The day from which on it is gone.
    until: i32,
    /// The day from which on it cannot be used.
    disabled: i32,
    pub(crate) grants: Vec<Held>,
}

/// Something a login holds.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) grant: &'static Grant,
    pub(crate) granted: i32,
    until: i32,
    /// The day from which on it is not used any more.
    stopped: i32,
    /// How many days lie between two uses; 0 for what was never used.
    every: i32,
}

impl Login {
    /// Whether the target has it on a day.
    pub(crate) fn is_there(&self, day: i32) -> bool {
        (self.from..self.until).contains(&day)
    }

    /// Whether it can be used on a day.
    pub(crate) const fn is_enabled(&self, day: i32) -> bool {
        day < self.disabled
    }

    /// The last use of anything it holds, as a day.
    pub(crate) fn last_used(&self, day: i32) -> Option<i32> {
        self.grants
            .iter()
            .filter_map(|held| held.last_used(day))
            .max()
    }
}

impl Held {
    /// Whether the target shows it on a day.
    pub(crate) fn is_there(&self, day: i32) -> bool {
        (self.granted..self.until).contains(&day)
    }

    /// The last use before a day.
    pub(crate) fn last_used(&self, day: i32) -> Option<i32> {
        let day = day.min(self.stopped);
        let uses = (day - self.granted).checked_div(self.every)?;
        (uses > 0).then(|| self.granted + uses * self.every)
    }
}

impl Planner {
    /// Everybody's logins, of all days.
    pub(super) fn logins(&self) -> Vec<Login> {
        let mut dice = Dice::new(SEED);
        let mut logins = Vec::new();
        for (who, member) in self.members.iter().enumerate() {
            for app in super::access::applications() {
                if dice.chance(share(app, member)) {
                    logins.push(self.login(&mut dice, who, app));
                }
            }
        }
        logins
    }

    fn login(&self, dice: &mut Dice, who: Who, app: &'static App) -> Login {
        let member = &self.members[who];
        let from = if member.joined > 0 {
            member.joined + dice.between(0, 3)
        } else if dice.chance(88) {
            -dice.between(30, 1_800)
        } else {
            dice.between(5, self.calendar.last - 10)
        };
        // Most logins go with their people; some are only switched off, and some are forgotten.
        let (until, disabled) = match member.left {
            Some(left) if dice.chance(66) => (left, left),
            Some(left) if dice.chance(55) => (left + dice.between(60, 220), left + 2),
            _ if dice.chance(3) => (NEVER, dice.between(60, self.calendar.last)),
            _ => (NEVER, NEVER),
        };
        let grants = app
            .grants
            .iter()
            .filter_map(|grant| self.held(dice, member, grant, from))
            .collect();
        let name = if app.name == "erp" {
            format!("U{}", 10_000 + 7 * who)
        } else {
            member.draft.username.clone()
        };
        Login {
            who,
            app,
            name,
            from,
            until,
            disabled,
            grants,
        }
    }

    fn held(
        &self,
        dice: &mut Dice,
        member: &Member,
        grant: &'static Grant,
        from: i32,
    ) -> Option<Held> {
        let last = self.calendar.last;
        if !dice.chance(chance(member, grant)) {
            return None;
        }
        let granted = if grant.kind == "account" || dice.chance(62) {
            from
        } else {
            dice.between(from.max(3), last.max(from + 4))
        };
        let until = if grant.kind != "account" && dice.chance(9) {
            dice.between(granted.max(25), last) + 1
        } else {
            NEVER
        };
        let stopped = match member.left {
            Some(left) if !dice.chance(20) => left,
            _ if dice.chance(13) => dice.between((last - 600).max(granted), last - 95),
            _ => NEVER,
        };
        let every = match dice.below(20) {
            0 => 0,
            1..=2 => 67,
            3..=6 => 19,
            _ => 3,
        };
        Some(Held {
            grant,
            granted,
            until,
            stopped,
            every,
        })
    }
}

/// How many of a hundred people like this one have an account.
fn share(app: &App, member: &Member) -> usize {
    let department = member.draft.department.as_str();
    let shares = USERS
        .iter()
        .find(|(name, _)| *name == app.name)
        .map(|(_, shares)| *shares)
        .unwrap_or_default();
    let of = |name: &str| {
        shares
            .iter()
            .find(|(department, _)| *department == name)
            .map(|(_, percent)| *percent)
    };
    let percent = of(department).or_else(|| of(OTHERS)).unwrap_or(0);
    match member.draft.kind.as_str() {
        "employee" => percent,
        "contractor" => percent * 2 / 3,
        "external" => percent / 3,
        // Programs sign in to what they move data from and to.
        _ => percent / 6,
    }
}

/// In how many of a hundred cases somebody with an account holds this.
fn chance(member: &Member, grant: &Grant) -> usize {
    let own = find(grant.owner)
        .is_some_and(|(d, t)| member.team == Some((d, t)) || is_head(member, grant.owner));
    match (grant.kind, grant.risk) {
        ("account", _) => 100,
        _ if grant.name.ends_with("administrators") => {
            if member.draft.department == "Information Technology" {
                7
            } else {
                0
            }
        }
        _ if own => 70,
        (_, "low") => 40,
        (_, "medium") => 20,
        (_, "high") => 6,
        (_, "critical") => 2,
        _ => 25,
    }
}

fn is_head(member: &Member, owner: &str) -> bool {
    DEPARTMENTS
        .iter()
        .any(|department| department.head == owner && member.draft.department == department.name)
}
