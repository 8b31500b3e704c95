//! The story makes sense whatever day it is.

use std::collections::{BTreeMap, BTreeSet};

use domain::time::{DAY, Instant};
use jiff::tz::TimeZone;

use super::act::{Act, By, Change};
use super::{Plan, make};
use crate::catalogue::given::{EXCLUDED, GIVEN};
use crate::catalogue::roles::ROLES;
use crate::catalogue::rules::RULES;

fn plans() -> impl Iterator<Item = (Instant, Plan)> {
    let zone = TimeZone::get(crate::company::ZONE).expect("bundled zone");
    let first: Instant = "2026-03-25T00:00:20Z".parse().expect("instant");
    (0..16).map(move |n| {
        let now = first.plus(n * 23 * DAY / 2);
        (now, make(now, zone.clone()))
    })
}

#[test]
fn everything_happens_in_office_life_order() {
    for (now, plan) in plans() {
        let mut there = BTreeSet::new();
        let mut usernames = BTreeMap::new();
        let mut inside: BTreeSet<By> = BTreeSet::new();
        for dated in &plan.acts {
            assert!(dated.at < now, "{dated:?} at {now}");
            let signed_in = dated.by == By::System || inside.contains(&dated.by);
            match &dated.act {
                Act::Found(who) => assert!(there.insert(*who)),
                Act::SignIn => assert!(inside.insert(dated.by)),
                Act::SignOut => assert!(inside.remove(&dated.by)),
                Act::Hire(who) => {
                    let member = &plan.members[*who];
                    assert!(signed_in && there.insert(*who), "{dated:?}");
                    assert!(
                        member
                            .manager
                            .is_none_or(|manager| there.contains(&manager)),
                        "{dated:?}"
                    );
                    usernames.insert(&member.draft.username, *who);
                }
                Act::Edit(who, _)
                | Act::Suspend(who, _)
                | Act::Resume(who, _)
                | Act::Invite(who)
                | Act::LookAt(who) => {
                    assert!(
                        signed_in && there.contains(who),
                        "{dated:?} {now} {:?}",
                        plan.members[*who]
                    );
                }
                _ => assert!(signed_in, "{dated:?}"),
            }
        }
        assert_eq!(there.len(), plan.members.len());
        assert!(usernames.len() >= plan.members.len() - 2);
    }
}

#[test]
fn nothing_happens_to_people_who_have_left() {
    for (_, plan) in plans() {
        let mut left = BTreeSet::new();
        for dated in &plan.acts {
            match &dated.act {
                Act::End(who, _, None) => assert!(left.insert(*who), "{dated:?}"),
                Act::Edit(who, _)
                | Act::Suspend(who, _)
                | Act::Resume(who, _)
                | Act::End(who, ..) => {
                    assert!(!left.contains(who), "{dated:?}");
                }
                Act::Hire(who) => {
                    let manager = plan.members[*who].manager;
                    assert!(
                        manager.is_none_or(|manager| !left.contains(&manager)),
                        "{dated:?} {:?}",
                        plan.members[*who]
                    );
                }
                _ => {}
            }
        }
        let leavers = plan
            .members
            .iter()
            .filter(|member| member.left.is_some())
            .count();
        assert!((38..=52).contains(&leavers), "{leavers}");
        assert!(
            (390..=420).contains(&plan.members.len()),
            "{}",
            plan.members.len()
        );
    }
}

#[test]
fn roles_and_rules_are_made_of_what_is_there_and_everything_is_given() {
    for (now, plan) in plans() {
        let mut there: BTreeSet<String> = BTreeSet::new();
        let mut people = BTreeSet::new();
        let (mut rules, mut given, mut excluded) = (0, 0, BTreeSet::new());
        for dated in &plan.acts {
            match &dated.act {
                Act::Found(who) | Act::Hire(who) => assert!(people.insert(*who)),
                Act::End(who, _, None) => assert!(people.remove(who)),
                Act::AddGrant(draft) => {
                    there.insert(format!("{}/{}", draft.application, draft.name));
                }
                Act::AddRole(draft) => assert!(there.insert(format!("role:{}", draft.name))),
                Act::FillRole(name, filling) => {
                    let mut all = filling.adds.iter().chain(filling.drops);
                    assert!(all.all(|what| there.contains(*what)), "{dated:?} at {now}");
                    assert!(there.contains(&format!("role:{name}")));
                }
                Act::AddRule(rule, _) => {
                    assert!(there.contains(rule.what), "{dated:?}");
                    rules += 1;
                }
                Act::Give(nth, who, ..) => {
                    let what = GIVEN[*nth].what;
                    assert!(people.contains(who) && there.contains(what), "{dated:?}");
                    given += 1;
                }
                Act::Exclude(nth, who) => {
                    assert!(people.contains(who) && excluded.insert(*nth), "{dated:?}");
                }
                Act::EndExclusion(nth, _) => assert!(excluded.contains(nth), "{dated:?}"),
                _ => {}
            }
        }
        let made = there.iter().filter(|name| name.starts_with("role:"));
        assert_eq!((made.count(), rules), (ROLES.len(), RULES.len()));
        // A post that nobody holds at the time is given nothing.
        assert!(given + 1 >= GIVEN.len(), "{given} at {now}");
        assert_eq!(excluded.len(), EXCLUDED.len(), "at {now}");
        let moved = |act: &Act| matches!(act, Act::Edit(_, Change::Transfer { department: "Finance", title, .. }) if title == "Financial Analyst");
        assert!(plan.acts.iter().any(|dated| moved(&dated.act)), "at {now}");
    }
}

#[test]
fn the_same_day_tells_the_same_story() {
    let zone = TimeZone::get(crate::company::ZONE).expect("bundled zone");
    let now: Instant = "2026-11-22T10:00:00Z".parse().expect("instant");
    let (one, same) = (make(now, zone.clone()), make(now.plus(DAY / 4), zone));
    assert_eq!(format!("{:?}", one.acts), format!("{:?}", same.acts));
}
