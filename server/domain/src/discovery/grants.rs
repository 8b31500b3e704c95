//! What people have today: the relation in which roles are looked for.
//!
//! Only numbers; whoever calls knows which person and which entitlement they stand for.

/// Pairs of a user and a permission, each once, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    pairs: Vec<(u32, u32)>,
}

impl Grants {
    /// How many grants there are.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Nobody has anything.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Whether this user has this permission.
    pub fn contains(&self, user: u32, permission: u32) -> bool {
        self.pairs.binary_search(&(user, permission)).is_ok()
    }

    /// All grants, by user and then by permission.
    pub fn pairs(&self) -> &[(u32, u32)] {
        &self.pairs
    }
}

impl FromIterator<(u32, u32)> for Grants {
    fn from_iter<I: IntoIterator<Item = (u32, u32)>>(pairs: I) -> Self {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_unstable();
        pairs.dedup();
        Self { pairs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_grant_counts_once() {
        let grants: Grants = [(2, 1), (1, 7), (2, 1)].into_iter().collect();
        assert_eq!(grants.pairs(), [(1, 7), (2, 1)]);
        assert_eq!(grants.len(), 2);
        assert!(grants.contains(2, 1));
        assert!(!grants.contains(1, 1));
        assert!(!grants.is_empty());
    }
}
