//! Two systems send files every quarter of a year: the HR system says who works here, the directory what people have.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::lifecycle::Step;

use super::act::{Act, By};
use super::holdings::Login;
use super::{Planner, workday};
use crate::catalogue::users::ORPHANS;

/// Days between two deliveries.
const EVERY: i32 = 91;
/// The first one.
const FIRST: i32 = 21;
/// The HR system was last heard of so many days before the end: since then somebody's manager has left.
const HR_SILENT: i32 = 28;
/// Why a snapshot may end much: an application was switched off.
const SWITCHED_OFF: &str = "An application was switched off; its accounts and groups are gone.";

/// What a system sends at once.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    /// People with a login, by place: the target knows them, too.
    pub(crate) people: String,
    pub(crate) accounts: String,
    pub(crate) access: String,
    /// Why it may end more than a tenth, when it may.
    pub(crate) allow_shrink: Option<&'static str>,
    /// It was cut off on its way, and must be refused.
    pub(crate) cut: bool,
}

/// When something is recorded: from a day, until a day.
type Span = (i32, i32);

impl Planner {
    /// Adds the sources and their deliveries.
    pub(super) fn feeds(&mut self) {
        let last = self.calendar.last;
        let first = workday(20);
        self.act(first, 15 * 60, By::Administrator, Act::AddPeopleFeed);
        self.act(first, 15 * 60 + 9, By::Administrator, Act::AddDirectory);
        let logins = self.logins();
        let spans = self.spans();
        let silent = last - HR_SILENT;
        let mut days: Vec<i32> = std::iter::successors(Some(FIRST), |day| Some(day + EVERY))
            .take_while(|day| day + EVERY / 2 < silent)
            .collect();
        days.push(silent);
        let mut before = 0;
        for (n, day) in days.into_iter().map(workday).enumerate() {
            self.act(day, 7 * 60 + 31, By::Administrator, Act::ImportPeople(n));
            self.deliver(&logins, &spans, (before, day), n == 5);
            before = day;
        }
        self.deliver(&logins, &spans, (before, last), false);
    }

    /// The directory's files of a day; sometimes they are cut off at first.
    fn deliver(
        &mut self,
        logins: &[Login],
        spans: &BTreeMap<&'static str, Span>,
        (before, day): (i32, i32),
        cut_first: bool,
    ) {
        let whole = self.delivery(logins, spans, before, day);
        if cut_first {
            let rows = whole.access.lines().count() / 2;
            let half = whole
                .access
                .lines()
                .take(rows)
                .fold(String::new(), |mut text, line| {
                    let _ = writeln!(text, "{line}");
                    text
                });
            let cut = Delivery {
                access: half,
                allow_shrink: None,
                cut: true,
                ..whole.clone()
            };
            self.act(
                day,
                8 * 60 + 2,
                By::IdentityManager,
                Act::ImportDirectory(Box::new(cut)),
            );
        }
        self.act(
            day,
            9 * 60 + 14,
            By::IdentityManager,
            Act::ImportDirectory(Box::new(whole)),
        );
    }

    fn delivery(
        &self,
        logins: &[Login],
        spans: &BTreeMap<&'static str, Span>,
        before: i32,
        day: i32,
    ) -> Delivery {
        let live = |name: &str| {
            spans
                .get(name)
                .is_some_and(|(from, until)| (*from..*until).contains(&day))
        };
        // Whom the HR system has not told of yet, the directory must not be the first to tell of.
        let told = day.min(self.calendar.last - HR_SILENT);
        let mut people = String::from("sid,login,name,mail\n");
        let mut accounts = String::from("application,account,login,status,last_used_at\n");
        let mut access =
            String::from("login,application,entitlement,account,granted_at,last_used_at\n");
        for (who, member) in self.members.iter().enumerate() {
            let machine = matches!(member.draft.kind.as_str(), "service" | "agent");
            if !machine && self.is_here(who, day) && member.joined < told {
                let draft = &member.draft;
                let _ = writeln!(
                    people,
                    "S-{:06},{},{},{}",
                    4_000 + who,
                    draft.username,
                    draft.display_name,
                    draft.email
                );
            }
        }
        let date = |at: Option<i32>| {
            at.map(|at| self.calendar.date(at).to_string())
                .unwrap_or_default()
        };
        for login in logins
            .iter()
            .filter(|login| login.is_there(day) && live(login.app.name))
        {
            if !self.is_known(login.who, before, day) {
                continue;
            }
            let username = &self.members[login.who].draft.username;
            let (app, name) = (login.app.name, &login.name);
            let status = if login.is_enabled(day) {
                "enabled"
            } else {
                "disabled"
            };
            let _ = writeln!(
                accounts,
                "{app},{name},{username},{status},{}",
                date(login.last_used(day))
            );
            for held in login
                .grants
                .iter()
                .filter(|held| held.is_there(day) && live(held.grant.name))
            {
                let _ = writeln!(
                    access,
                    "{username},{app},{},{name},{},{}",
                    held.grant.name,
                    date(Some(held.granted)),
                    date(held.last_used(day))
                );
            }
        }
        for (app, name, used) in ORPHANS.iter().filter(|(app, ..)| live(app)) {
            let last = if *used { day - 2 } else { -400 };
            let _ = writeln!(accounts, "{app},{name},,enabled,{}", date(Some(last)));
        }
        // Some lines of such files are always wrong.
        accounts.push_str("fax-gateway,fax-01,,enabled,\n");
        let _ = writeln!(
            access,
            "scan-lisbon-2,directory,dir.vpn,scan-lisbon-2,2025-02-30,"
        );
        let ended = spans
            .values()
            .any(|(_, until)| (before..day).contains(until));
        Delivery {
            people,
            accounts,
            access,
            allow_shrink: ended.then_some(SWITCHED_OFF),
            cut: false,
        }
    }

    /// Whether somebody works here on a day.
    fn is_here(&self, who: usize, day: i32) -> bool {
        let member = &self.members[who];
        member.joined < day && member.left.is_none_or(|left| left > day)
    }

    /// Whether the console can say who it is: programs while they are recorded, people also after they left, if a
    /// delivery named them before.
    fn is_known(&self, who: usize, before: i32, day: i32) -> bool {
        let member = &self.members[who];
        self.is_here(who, day)
            || (member.joined < before.min(day)
                && member
                    .left
                    .is_some_and(|left| left > FIRST.max(member.joined + EVERY)))
    }

    /// From when until when each application and entitlement is recorded.
    fn spans(&self) -> BTreeMap<&'static str, Span> {
        let mut spans = BTreeMap::new();
        let apps: Vec<_> = super::access::applications().collect();
        let known: BTreeMap<&str, &'static str> = apps
            .iter()
            .flat_map(|app| app.grants.iter().map(|grant| (grant.name, grant.name)))
            .collect();
        for dated in &self.acts {
            let day = self.day_of(dated.at);
            match &dated.act {
                Act::AddApplication(which, _) => {
                    spans.insert(apps[*which].name, (day + 1, i32::MAX));
                }
                Act::StepApplication(which, Step::End, _) => {
                    if let Some(span) = spans.get_mut(apps[*which].name) {
                        span.1 = day;
                    }
                }
                _ => {}
            }
        }
        for dated in &self.acts {
            let day = self.day_of(dated.at);
            match &dated.act {
                Act::AddGrant(draft) => {
                    if let Some(name) = known.get(draft.name.as_str()) {
                        spans.entry(name).or_insert((0, i32::MAX)).0 = day + 1;
                    }
                }
                Act::StepGrant(name, Step::End, _) => {
                    spans.entry(name).or_insert((0, i32::MAX)).1 = day;
                }
                _ => {}
            }
        }
        spans
    }
}
