//! What every proposal must keep, on grants made at random, and how few roles it has where the fewest are known.
//!
//! The fewest of tiny relations are found here by trying everything, without any of the code under test.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::budget::{Budget, Cancelled};
use super::cells::Cells;
use super::random::Random;
use super::relation::merge;
use super::*;

const LITTLE: Effort = Effort { steps: 200_000 };

fn find(grants: &Grants, effort: Effort) -> Proposal {
    discover(grants, effort, &mut |_| ControlFlow::Continue(())).expect("nobody breaks it off")
}

/// Grants of this many users and permissions at most, from nearly none to nearly all.
fn some_grants(users: u32, permissions: u32) -> impl Strategy<Value = Grants> {
    let all = (users * permissions) as usize;
    (1..=9_u32).prop_flat_map(move |tenths| {
        prop::collection::vec(0..10_u32, all).prop_map(move |dice| {
            let pairs = (0..users)
                .flat_map(|user| (0..permissions).map(move |permission| (user, permission)));
            let granted = pairs.zip(dice).filter(|&(_, dice)| dice < tenths);
            granted.map(|(pair, _)| pair).collect()
        })
    })
}

/// Roles given at random, some users with something of their own: as companies are.
fn company(users: usize, permissions: usize, roles: usize, seed: u64) -> Grants {
    let mut random = Random::new(seed);
    let mut some = |most: usize, of: usize| -> Vec<usize> {
        (0..=random.below(most)).map(|_| random.below(of)).collect()
    };
    let roles: Vec<Vec<usize>> = (0..roles).map(|_| some(9, permissions)).collect();
    let mut pairs = Vec::new();
    for user in 0..users {
        let mut has: Vec<usize> = some(4, roles.len())
            .iter()
            .flat_map(|&role| roles[role].clone())
            .collect();
        if user % 10 == 0 {
            has.extend(some(1, permissions));
        }
        pairs.extend(
            has.into_iter()
                .map(|permission| (relation::narrow(user), relation::narrow(permission))),
        );
    }
    pairs.into_iter().collect()
}

/// Users who hold a role that the others of their roles make superfluous.
fn superfluous(proposal: &Proposal) -> Vec<(u32, usize)> {
    let mut held: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (number, role) in proposal.roles.iter().enumerate() {
        for &user in &role.users {
            held.entry(user).or_default().push(number);
        }
    }
    let mut found = Vec::new();
    for (user, roles) in held {
        for &role in &roles {
            let others = roles.iter().filter(|&&other| other != role);
            let rest: BTreeSet<u32> = others
                .flat_map(|&other| proposal.roles[other].permissions.clone())
                .collect();
            if proposal.roles[role]
                .permissions
                .iter()
                .all(|permission| rest.contains(permission))
            {
                found.push((user, role));
            }
        }
    }
    found
}

/// The fewest roles, by trying every set of permissions some users have in common.
fn fewest(grants: &Grants) -> usize {
    let mut of_user: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for &(user, permission) in grants.pairs() {
        of_user.entry(user).or_default().insert(permission);
    }
    let users: Vec<_> = of_user.into_iter().collect();
    let mut roles: BTreeSet<Vec<(u32, u32)>> = BTreeSet::new();
    for chosen in 1..1_usize << users.len() {
        let those = users
            .iter()
            .enumerate()
            .filter(|(at, _)| chosen >> at & 1 == 1)
            .map(|(_, user)| &user.1);
        let shared = those.cloned().reduce(|a, b| &a & &b).unwrap_or_default();
        let holders = users.iter().filter(|user| user.1.is_superset(&shared));
        roles.insert(
            holders
                .flat_map(|user| shared.iter().map(|&permission| (user.0, permission)))
                .collect(),
        );
    }
    let roles: Vec<_> = roles.into_iter().collect();
    (0..=users.len())
        .find(|&count| covers(grants.pairs(), &roles, count))
        .expect("one role a user is enough")
}

fn covers(open: &[(u32, u32)], roles: &[Vec<(u32, u32)>], count: usize) -> bool {
    let Some(first) = open.first() else {
        return true;
    };
    count > 0
        && roles
            .iter()
            .filter(|role| role.contains(first))
            .any(|role| {
                let rest: Vec<_> = open
                    .iter()
                    .filter(|pair| !role.contains(pair))
                    .copied()
                    .collect();
                covers(&rest, roles, count - 1)
            })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_proposal_is_exact_and_nobody_holds_a_role_without_need(grants in some_grants(14, 12)) {
        let proposal = find(&grants, LITTLE);
        prop_assert_eq!(check(&grants, &proposal), Ok(()));
        prop_assert_eq!(coverage(&grants, &proposal), (grants.len(), grants.len()));
        prop_assert_eq!(superfluous(&proposal), []);
        prop_assert!(proposal.roles.is_sorted_by(|a, b| a.grants() >= b.grants()));
        prop_assert!(proposal.roles.len() <= 12);
    }

    #[test]
    fn tiny_relations_get_the_fewest_roles_there_are(grants in some_grants(7, 6)) {
        let proposal = find(&grants, Effort::QUICK);
        prop_assert_eq!(check(&grants, &proposal), Ok(()));
        prop_assert_eq!(proposal.roles.len(), fewest(&grants));
    }

    #[test]
    fn the_same_grants_get_the_same_roles(grants in some_grants(12, 12)) {
        let again: Grants = grants.pairs().iter().rev().copied().collect();
        prop_assert_eq!(find(&grants, LITTLE), find(&again, LITTLE));
    }

    #[test]
    fn without_any_effort_there_still_is_an_exact_proposal(grants in some_grants(12, 12)) {
        prop_assert_eq!(check(&grants, &find(&grants, Effort { steps: 0 })), Ok(()));
    }

    #[test]
    fn what_is_too_large_is_covered_exactly_too(grants in some_grants(14, 12)) {
        let merged = merge(&grants);
        let mut watch = |_: Progress| ControlFlow::Continue(());
        let budget = &mut Budget::new(LITTLE, &mut watch);
        let proposal = (|| -> Result<Proposal, Cancelled> {
            let cells = Cells::of(&merged.relation, budget)?;
            let grouping = greedy::cover(&merged.relation, &cells, budget)?;
            finish::finish(&merged, cells.bicliques(&grouping), budget)
        })();
        let proposal = proposal.ok().expect("nobody breaks it off");
        prop_assert_eq!(check(&grants, &proposal), Ok(()));
        prop_assert!(proposal.roles.len() <= merged.users.len().min(merged.permissions.len()));
    }
}

#[test]
fn nothing_needs_no_role_and_one_user_needs_one() {
    assert_eq!(
        find(&Grants::default(), Effort::THOROUGH),
        Proposal::default()
    );
    let grants: Grants = [(u32::MAX, 7), (u32::MAX, u32::MAX), (u32::MAX, 0)]
        .into_iter()
        .collect();
    let only = Proposed {
        permissions: vec![0, 7, u32::MAX],
        users: vec![u32::MAX],
    };
    assert_eq!(find(&grants, Effort::THOROUGH).roles, [only]);
}

#[test]
fn departments_with_a_common_role_are_found_again() {
    let mut pairs = Vec::new();
    for user in 0..200 {
        let department = user % 8;
        pairs.extend([(user, 1000), (user, 1001)]);
        pairs.extend((0..5).map(|permission| (user, 10 * department + permission)));
    }
    let grants: Grants = pairs.into_iter().collect();
    let proposal = find(&grants, Effort::QUICK);
    assert_eq!(check(&grants, &proposal), Ok(()));
    assert_eq!(proposal.roles.len(), 8);
    // Somebody who has only what is common makes it a role by itself.
    let grants: Grants = grants
        .pairs()
        .iter()
        .copied()
        .chain([(900, 1000), (900, 1001)])
        .collect();
    let proposal = find(&grants, Effort::QUICK);
    assert_eq!(check(&grants, &proposal), Ok(()));
    assert_eq!(proposal.roles.len(), 9);
}

#[test]
fn a_company_needs_hardly_more_roles_than_it_was_made_of() {
    let grants = company(600, 150, 40, 3);
    let proposal = find(&grants, Effort { steps: 20_000_000 });
    assert_eq!(check(&grants, &proposal), Ok(()));
    assert_eq!(superfluous(&proposal), []);
    // Forty roles, and sixty people who were given one thing directly.
    assert!(
        proposal.roles.len() <= 100,
        "{} roles",
        proposal.roles.len()
    );
}

#[test]
fn a_hundred_thousand_users_are_not_too_many() {
    let mut random = Random::new(5);
    let pairs = (0..100_000).flat_map(|user| {
        (0..3)
            .map(|_| (user, relation::narrow(random.below(5_000))))
            .collect::<Vec<_>>()
    });
    let grants: Grants = pairs.collect();
    let proposal = find(&grants, Effort::QUICK);
    assert_eq!(check(&grants, &proposal), Ok(()));
    assert!(
        proposal.roles.len() <= 5_000,
        "{} roles",
        proposal.roles.len()
    );
}

#[test]
fn who_watches_may_break_it_off_at_any_time() {
    let grants = company(60, 40, 25, 1);
    let effort = Effort { steps: 40_000_000 };
    let mut told: Vec<Progress> = Vec::new();
    let proposal = discover(&grants, effort, &mut |progress| {
        told.push(progress);
        ControlFlow::Continue(())
    });
    let roles = proposal.expect("nobody breaks it off").roles.len();
    assert!(told.len() > 4, "{} calls", told.len());
    assert!(told.is_sorted_by(|a, b| a.done <= b.done && a.bound <= b.bound));
    let last = told.last().expect("the end is told");
    assert_eq!(last.roles, Some(roles));
    assert!(last.bound <= roles);
    for stop in 0..told.len() {
        let mut calls = 0;
        let proposal = discover(&grants, effort, &mut |_| {
            calls += 1;
            if calls > stop {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        assert_eq!(proposal, None);
    }
}
