//! The story makes sense whatever day it is.

use std::collections::{BTreeMap, BTreeSet};

use domain::time::{DAY, Instant};
use jiff::tz::TimeZone;

use super::act::{Act, By};
use super::{Plan, make};

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
fn the_same_day_tells_the_same_story() {
    let zone = TimeZone::get(crate::company::ZONE).expect("bundled zone");
    let now: Instant = "2026-11-22T10:00:00Z".parse().expect("instant");
    let (one, same) = (make(now, zone.clone()), make(now.plus(DAY / 4), zone));
    assert_eq!(format!("{:?}", one.acts), format!("{:?}", same.acts));
}
