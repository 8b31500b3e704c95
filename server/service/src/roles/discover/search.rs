//! The search itself, away from the threads that answer requests; what it finds is checked by other code than that which
//! found it.

use std::ops::ControlFlow;

use domain::discovery::{self, Effort, Grants, Progress, Proposal};

use crate::{Error, Result};

/// What was found.
#[derive(Debug)]
pub(super) struct Found {
    /// The roles, those that give the most first.
    pub(super) proposal: Proposal,
    /// Grants that they give together.
    pub(super) grants: u64,
    /// Fewer roles are impossible.
    pub(super) bound: u64,
    /// By role: the grants that it and those before it give together.
    pub(super) covered: Vec<u64>,
}

/// Searches for as long as a job may; none when `watch` broke it off.
pub(super) async fn search(
    pairs: Vec<(u32, u32)>,
    watch: impl FnMut(Progress) -> ControlFlow<()> + Send + 'static,
) -> Result<Option<Found>> {
    tokio::task::spawn_blocking(move || look(pairs, watch))
        .await
        .map_err(|error| Error::Internal(format!("the search for roles broke off: {error}")))?
}

fn look(
    pairs: Vec<(u32, u32)>,
    mut watch: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Option<Found>> {
    let grants: Grants = pairs.into_iter().collect();
    let mut bound = 0;
    let mut told = |progress: Progress| {
        bound = progress.bound;
        watch(progress)
    };
    let Some(proposal) = discovery::discover(&grants, Effort::THOROUGH, &mut told) else {
        return Ok(None);
    };
    discovery::check(&grants, &proposal).map_err(|wrong| {
        Error::Internal(format!("the roles that were found are not exact: {wrong}"))
    })?;
    Ok(Some(Found {
        grants: grants.len() as u64,
        bound: bound as u64,
        covered: covered(&grants, &proposal),
        proposal,
    }))
}

/// Grants that each role gives together with those before it: what two give counts once.
fn covered(grants: &Grants, proposal: &Proposal) -> Vec<u64> {
    let pairs = grants.pairs();
    let mut given = vec![false; pairs.len()];
    let mut sum = 0;
    let mut each = Vec::with_capacity(proposal.roles.len());
    for role in &proposal.roles {
        for user in &role.users {
            let start = pairs.partition_point(|pair| pair.0 < *user);
            let end = pairs.partition_point(|pair| pair.0 <= *user);
            let own = pairs.get(start..end).unwrap_or_default();
            for permission in &role.permissions {
                let place = own.binary_search_by_key(permission, |pair| pair.1);
                if let Ok(at) = place
                    && let Some(given) = given.get_mut(start + at)
                    && !*given
                {
                    *given = true;
                    sum += 1;
                }
            }
        }
        each.push(sum);
    }
    each
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_roles_give_counts_once() {
        // The first two people share 1 and 2, the last two share 2 and 3.
        let pairs = [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2), (3, 3)];
        let found = look(pairs.to_vec(), |_| ControlFlow::Continue(()))
            .expect("a search")
            .expect("that came to its end");
        assert_eq!((found.grants, found.bound), (7, 2));
        assert_eq!(found.covered, [4, 7]);
    }

    #[test]
    fn nothing_needs_no_roles() {
        let found = look(Vec::new(), |_| ControlFlow::Continue(()))
            .expect("a search")
            .expect("that came to its end");
        assert_eq!((found.grants, found.proposal.roles.len()), (0, 0));
    }

    #[test]
    fn who_watches_breaks_it_off() {
        let found = look(vec![(1, 1), (2, 1)], |_| ControlFlow::Break(()));
        assert!(found.expect("an answer").is_none());
    }
}
