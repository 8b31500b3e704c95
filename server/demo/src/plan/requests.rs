//! Approval flows, and what people ask for lately: planned so that it can be carried out whatever day it is.
//!
//! Chance has no part in it; who asks, and for what, follows from who is there and what they have.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use domain::time::Date;

use super::act::{Act, By, Change, Nth, Who};
use super::holdings::Login;
use super::{Cast, Dated, Planner};
use crate::catalogue::LIVE;
use crate::catalogue::requests::{
    ASKED, AWAY, Asked, Asker, FLOWS, Length, STANDS_IN, Voice, WRITTEN,
};
use crate::company::departments::{self, MANAGER};

/// A link to set a password is made so many days before the end of the history.
const INVITED: i32 = 62;
/// So many of a hundred must have what is given because others have it; the flow is content with less.
const COMMON: usize = 60;

/// Who asks for what.
type Found = (Who, &'static str);

impl Planner {
    pub(super) fn requests(&mut self, cast: Cast) {
        for (nth, _) in FLOWS.iter().enumerate() {
            let minute = 11 * 60 + 14 * i32::try_from(nth).unwrap_or_default();
            let day = self.before(WRITTEN);
            self.act(day, minute, By::AccessManager, Act::AddFlow(nth));
        }
        let begins = self.acts.len();
        self.away();
        let logins = self.logins();
        let colleagues = self.colleagues(cast);
        let mut taken = BTreeSet::new();
        let mut shown = Vec::new();
        for (nth, asked) in ASKED.iter().enumerate() {
            let found = self.found(asked, (cast, &colleagues), &logins, &taken);
            if let Some((who, what)) = found {
                taken.insert((who, what));
                self.course(nth, (who, what), cast);
                shown.extend(self.set_up(nth, (who, what), cast));
            }
        }
        self.show(&shown, &logins);
        self.invite(begins);
        for day in self.before(WRITTEN - 4)..=self.calendar.last {
            if day.rem_euclid(7) < 5 {
                self.act(day, 8 * 60 + 5, By::System, Act::SweepRequests);
            }
        }
    }

    /// The manager is away for a week, and somebody else decides.
    fn away(&mut self) {
        let (monday, friday) = self.week_away();
        let Some(delegate) = self.titled(STANDS_IN, monday) else {
            return;
        };
        let dates = [monday, friday].map(|day| self.calendar.date(day));
        let [from, until]: [Date; 2] = dates;
        let delegate = Act::Delegate(
            self.members[delegate].draft.username.clone(),
            from.to_string(),
            until.to_string(),
        );
        self.act(monday - 4, 16 * 60 + 40, By::Manager, delegate);
    }

    fn week_away(&self) -> (i32, i32) {
        let day = self.before(AWAY);
        let monday = day - day.rem_euclid(7);
        (monday, monday + 4)
    }

    /// The manager's reports who are there all the time, and stay.
    fn colleagues(&self, cast: Cast) -> Vec<Who> {
        let team = departments::find(MANAGER);
        self.steady()
            .into_iter()
            .filter(|who| {
                let member = &self.members[*who];
                member.team == team
                    && member.manager == Some(cast.manager)
                    && *who != cast.manager
                    && *who != cast.employee
            })
            .collect()
    }

    /// Those who work here all the time, without a leave or a suspension.
    fn steady(&self) -> BTreeSet<Who> {
        let mut steady = self.settled();
        for dated in &self.acts {
            if let Act::Suspend(who, _) | Act::Edit(who, Change::OnLeave) = &dated.act {
                steady.remove(who);
            }
        }
        let since = self.calendar.last - WRITTEN - 20;
        steady.retain(|who| {
            let member = &self.members[*who];
            member.joined < since && member.draft.kind == "employee"
        });
        steady
    }

    /// Who asks, and for the first thing that they never had.
    fn found(
        &self,
        asked: &Asked,
        (cast, colleagues): (Cast, &[Who]),
        logins: &[Login],
        taken: &BTreeSet<Found>,
    ) -> Option<Found> {
        let candidates: Vec<Who> = match asked.asker {
            Asker::Employee => vec![cast.employee],
            Asker::Auditor => vec![cast.auditor],
            // In turns, so that a team of few has enough of them.
            Asker::Colleague(nth) => {
                let turned = colleagues.iter().cycle().skip(nth).copied();
                turned.take(colleagues.len()).collect()
            }
            Asker::LikeOthers(titles) => {
                let with_title =
                    |who: &Who| titles.contains(&self.members[*who].draft.title.as_str());
                self.steady().into_iter().filter(with_title).collect()
            }
        };
        let like_others = matches!(asked.asker, Asker::LikeOthers(_));
        candidates
            .iter()
            .flat_map(|who| asked.what.iter().map(move |what| (*who, *what)))
            .find(|(who, what)| {
                let common = !like_others || self.share(*who, what, logins) >= COMMON;
                common && !taken.contains(&(*who, *what)) && !holds(*who, what, logins)
            })
    }

    /// How many of a hundred others with the same title have something.
    fn share(&self, me: Who, what: &str, logins: &[Login]) -> usize {
        let day = self.before(WRITTEN);
        let others: Vec<Who> = (0..self.members.len())
            .filter(|who| {
                let (mine, theirs) = (&self.members[me], &self.members[*who]);
                *who != me
                    && theirs.left.is_none()
                    && theirs.joined < self.calendar.last
                    && (&mine.draft.title, mine.team) == (&theirs.draft.title, theirs.team)
            })
            .collect();
        let has = |who: &&Who| {
            let mut own = logins.iter().filter(|login| login.who == **who);
            own.any(|login| {
                let mut held = login.grants.iter();
                login.is_there(day)
                    && held.any(|held| is(login, held.grant.name, what) && held.is_there(day))
            })
        };
        others.iter().filter(has).count() * 100 / others.len().max(1)
    }

    /// A request with everything that follows from it.
    fn course(&mut self, nth: Nth, (who, what): Found, cast: Cast) {
        let asked = &ASKED[nth];
        let offset = 11 * i32::try_from(nth).unwrap_or_default();
        let day = self.asked_on(asked);
        let ask = Act::Ask(nth, who, what, self.days(asked));
        let requester = part(who, cast);
        self.act(day, 9 * 60 + 20 + offset, requester, ask);
        for (place, (before, voice, turn)) in (0..).zip(asked.turns) {
            let day = match voice {
                Voice::Delegate => self.week_away().0 + 2,
                _ => self.before(*before),
            };
            let by = match voice {
                Voice::Requester => requester,
                Voice::Manager => By::Manager,
                Voice::Delegate => self.by_title(STANDS_IN, day, cast),
                Voice::Titled(title) => self.by_title(title, day, cast),
            };
            let minute = 13 * 60 + 5 + offset + 2 * place;
            self.act(day, minute, by, Act::Turn(nth, *turn));
        }
    }

    fn asked_on(&self, asked: &Asked) -> i32 {
        let in_the_week_away = asked
            .turns
            .iter()
            .any(|(_, voice, _)| matches!(voice, Voice::Delegate));
        if in_the_week_away {
            self.week_away().0 + 1
        } else {
            self.before(asked.before)
        }
    }

    /// The number of days to type.
    fn days(&self, asked: &Asked) -> String {
        match asked.length {
            Length::NoEnd => String::new(),
            Length::Days(days) => days.to_string(),
            Length::EndsIn(days) => {
                let approved = asked.turns.last().map_or(asked.before, |turn| turn.0);
                let days = self.calendar.today + days - self.before(approved);
                days.to_string()
            }
        }
    }

    /// The owner of the application sets up what was approved; what was done before the last delivery is in it.
    fn set_up(&mut self, nth: Nth, (who, what): Found, cast: Cast) -> Option<Found> {
        let asked = &ASKED[nth];
        let approved = asked.turns.last().map_or(asked.before, |turn| turn.0);
        let approved = match asked.turns.last() {
            Some((_, Voice::Delegate, _)) => self.week_away().0 + 2,
            _ => self.before(approved),
        };
        let (app, _) = what.split_once('/')?;
        let app = LIVE.iter().find(|one| one.name == app)?;
        if asked.done.is_empty() || approved >= self.calendar.last {
            return None;
        }
        let mut day = approved + 1;
        while day.rem_euclid(7) > 4 {
            day += 1;
        }
        let owner = self.by_title(app.owner, day, cast);
        if owner == By::System {
            return None;
        }
        let minute = 10 * 60 + 31 + 3 * i32::try_from(nth).unwrap_or_default();
        self.act(day, minute, owner, Act::DoTask(nth, asked.done));
        (day < self.calendar.last).then_some((who, what))
    }

    /// What was set up by hand is in the directory's last files.
    fn show(&mut self, found: &[Found], logins: &[Login]) {
        let last = self.calendar.last;
        let since = self.calendar.date(self.before(AWAY)).to_string();
        let (mut accounts, mut access) = (String::new(), String::new());
        for (who, what) in found {
            let Some((app, grant)) = what.split_once('/') else {
                continue;
            };
            let username = &self.members[*who].draft.username;
            let mut own = logins.iter().filter(|login| login.who == *who);
            let login = own.find(|login| login.app.name == app && login.is_there(last));
            let account = login.map_or(username, |login| &login.name);
            if login.is_none() {
                let _ = writeln!(accounts, "{app},{account},{username},enabled,{since}");
            }
            let _ = writeln!(access, "{username},{app},{grant},{account},{since},{since}");
        }
        let delivery = self.acts.iter_mut().rev().find_map(|dated| {
            if let Act::ImportDirectory(delivery) = &mut dated.act {
                Some(delivery)
            } else {
                None
            }
        });
        if let Some(delivery) = delivery {
            delivery.accounts.push_str(&accounts);
            delivery.access.push_str(&access);
        }
    }

    /// Whoever does something here has a password.
    fn invite(&mut self, begins: usize) {
        let people: BTreeSet<Who> = self.acts[begins..]
            .iter()
            .filter_map(|Dated { by, .. }| match by {
                By::Person(who) => Some(*who),
                _ => None,
            })
            .collect();
        let day = self.before(INVITED);
        for (minute, who) in (10 * 60 + 20..).step_by(3).zip(people) {
            self.act(day, minute, By::Administrator, Act::Invite(who));
        }
    }

    /// The same by title; nobody of the company when nobody has it.
    fn by_title(&self, title: &str, day: i32, cast: Cast) -> By {
        self.titled(title, day)
            .map_or(By::System, |who| part(who, cast))
    }
}

/// The part somebody has in the story.
fn part(who: Who, cast: Cast) -> By {
    match who {
        _ if who == cast.administrator => By::Administrator,
        _ if who == cast.identity_manager => By::IdentityManager,
        _ if who == cast.access_manager => By::AccessManager,
        _ if who == cast.auditor => By::Auditor,
        _ if who == cast.manager => By::Manager,
        _ if who == cast.employee => By::Employee,
        _ => By::Person(who),
    }
}

/// Whether a login's grant is what somebody asks for.
fn is(login: &Login, grant: &str, what: &str) -> bool {
    what.split_once('/') == Some((login.app.name, grant))
}

/// Whether somebody has it at any time, without asking for it.
fn holds(who: Who, what: &str, logins: &[Login]) -> bool {
    let mut own = logins.iter().filter(|login| login.who == who);
    own.any(|login| {
        let mut held = login.grants.iter();
        held.any(|held| is(login, held.grant.name, what))
    })
}
