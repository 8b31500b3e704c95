//! Whether a proposal keeps what it promises, found out without any of the code that made it.

use std::collections::BTreeMap;

use super::grants::Grants;
use super::proposal::Proposal;

/// Whether the proposal gives every user exactly what the user has: nothing is missing, nothing is added, no role is
/// without users or without permissions. The error says where it is wrong.
pub fn check(grants: &Grants, proposal: &Proposal) -> Result<(), String> {
    for (number, role) in proposal.roles.iter().enumerate() {
        if role.users.is_empty() || role.permissions.is_empty() {
            return Err(format!(
                "Role {number} has {} users and {} permissions; it needs at least one of each.",
                role.users.len(),
                role.permissions.len()
            ));
        }
        let ascends = |list: &[u32]| list.is_sorted_by(|a, b| a < b);
        if !ascends(&role.users) || !ascends(&role.permissions) {
            return Err(format!(
                "The users and permissions of role {number} must be in ascending order, each once."
            ));
        }
    }
    let mut given = given(proposal);
    for granted in grants.pairs().chunk_by(|a, b| a.0 == b.0) {
        let user = granted[0].0;
        let given = given.remove(&user).unwrap_or_default();
        if let Some(&(_, missing)) = granted
            .iter()
            .find(|pair| given.binary_search(&pair.1).is_err())
        {
            return Err(format!(
                "User {user} has permission {missing}, but none of the user's roles gives it."
            ));
        }
        let has = |permission: &u32| granted.binary_search(&(user, *permission)).is_ok();
        if let Some(added) = given.iter().find(|permission| !has(permission)) {
            return Err(format!(
                "User {user} has not permission {added}, but a role gives it to the user."
            ));
        }
    }
    match given.pop_first() {
        Some((user, _)) => Err(format!("User {user} has no grants, but holds a role.")),
        None => Ok(()),
    }
}

/// How many of the grants the roles of a proposal give, and how many grants there are. For proposals of which only a part
/// is wanted; what a role gives beyond the grants does not count.
pub fn coverage(grants: &Grants, proposal: &Proposal) -> (usize, usize) {
    let given = given(proposal);
    let covered = grants.pairs().chunk_by(|a, b| a.0 == b.0).map(|granted| {
        let given = given.get(&granted[0].0).map_or(&[][..], Vec::as_slice);
        granted
            .iter()
            .filter(|pair| given.binary_search(&pair.1).is_ok())
            .count()
    });
    (covered.sum(), grants.len())
}

/// What the roles give to each user, ascending.
fn given(proposal: &Proposal) -> BTreeMap<u32, Vec<u32>> {
    let mut held: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (number, role) in proposal.roles.iter().enumerate() {
        for &user in &role.users {
            held.entry(user).or_default().push(number);
        }
    }
    let union = |(user, roles): (u32, Vec<usize>)| {
        let permissions = roles
            .iter()
            .flat_map(|&role| &proposal.roles[role].permissions);
        let mut permissions: Vec<u32> = permissions.copied().collect();
        permissions.sort_unstable();
        permissions.dedup();
        (user, permissions)
    };
    held.into_iter().map(union).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Proposed;
    use super::*;

    fn grants() -> Grants {
        [(1, 10), (1, 11), (2, 10), (2, 11), (3, 12)]
            .into_iter()
            .collect()
    }

    /// Users and permissions of a role.
    type Role<'a> = (&'a [u32], &'a [u32]);

    fn proposal(roles: &[Role]) -> Proposal {
        let role = |&(users, permissions): &Role| Proposed {
            permissions: permissions.to_vec(),
            users: users.to_vec(),
        };
        Proposal {
            roles: roles.iter().map(role).collect(),
        }
    }

    #[test]
    fn an_exact_cover_passes_and_covers_everything() {
        let proposal = proposal(&[(&[1, 2], &[10, 11]), (&[3], &[12])]);
        assert_eq!(check(&grants(), &proposal), Ok(()));
        assert_eq!(coverage(&grants(), &proposal), (5, 5));
    }

    #[test]
    fn each_fault_is_named() {
        let faults: [(&[Role], &str); 6] = [
            (
                &[(&[1, 2], &[10, 11])],
                "User 3 has permission 12, but none",
            ),
            (
                &[(&[1, 2], &[10, 11]), (&[3], &[11, 12])],
                "User 3 has not permission 11",
            ),
            (
                &[(&[1, 2], &[10, 11]), (&[3, 4], &[12])],
                "User 4 has no grants",
            ),
            (&[(&[], &[10, 11])], "Role 0 has 0 users"),
            (&[(&[1], &[])], "Role 0 has 1 users and 0 permissions"),
            (&[(&[2, 1], &[10, 11]), (&[3], &[12])], "ascending order"),
        ];
        for (roles, says) in faults {
            let fault = check(&grants(), &proposal(roles)).unwrap_err();
            assert!(fault.contains(says), "{fault}");
        }
    }

    #[test]
    fn a_part_of_a_proposal_covers_a_part_of_the_grants() {
        let part = proposal(&[(&[1, 4], &[10, 99])]);
        assert_eq!(coverage(&grants(), &part), (1, 5));
        assert_eq!(coverage(&grants(), &Proposal::default()), (0, 5));
    }
}
