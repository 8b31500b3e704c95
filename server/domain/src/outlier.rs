//! Outliers: access that somebody has and hardly anybody like them.
//!
//! Like somebody are their peers: people with the same department and title. Who has neither has no peers.

/// With fewer peers nothing is said: among so few anything is rare.
pub const LEAST_PEERS: u64 = 5;

/// Access is an outlier when at most so many of a hundred of the group have it. The group is the peers and the person.
pub const MOST_OF_A_HUNDRED: u64 = 10;

/// How rare access is: of `peers` others, `holders` have it, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rarity {
    /// How many of the peers have it, without the person.
    pub holders: u64,
    /// How many peers there are, without the person.
    pub peers: u64,
}

impl Rarity {
    /// Of a group of so many people, of whom so many have it. None when nobody has it: then it is nobody's.
    pub const fn of(group: u64, having: u64) -> Option<Self> {
        match (group.checked_sub(1), having.checked_sub(1)) {
            (Some(peers), Some(holders)) => Some(Self { holders, peers }),
            _ => None,
        }
    }

    /// Whether somebody should look at it.
    pub const fn is_outlier(self) -> bool {
        let (having, group) = (self.holders + 1, self.peers + 1);
        self.peers >= LEAST_PEERS && having * 100 <= group * MOST_OF_A_HUNDRED
    }

    /// How many of a million of the group have it: the order of the list, the rarest first.
    pub const fn of_a_million(self) -> u64 {
        (self.holders + 1) * 1_000_000 / (self.peers + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_outlier(group: u64, having: u64) -> bool {
        Rarity::of(group, having).is_some_and(Rarity::is_outlier)
    }

    #[test]
    fn rare_is_a_tenth_of_the_group_and_no_more() {
        assert!(is_outlier(10, 1));
        assert!(!is_outlier(9, 1), "one of nine is more than a tenth");
        assert!(is_outlier(20, 2) && !is_outlier(20, 3));
        assert!(is_outlier(35, 3) && !is_outlier(35, 4));
        assert!(!is_outlier(10, 0), "what nobody has is nobody's");
        assert_eq!(Rarity::of(0, 0), None);
        let rarity = Rarity::of(35, 2).expect("two have it");
        assert_eq!((rarity.holders, rarity.peers), (1, 34));
    }

    proptest! {
        #[test]
        fn it_is_the_definition(group in 1_u64..400, having in 1_u64..400) {
            let having = having.min(group);
            let peers = group - 1;
            let few = having * 10 <= group;
            prop_assert_eq!(is_outlier(group, having), peers >= 5 && few);
        }

        #[test]
        fn the_order_is_that_of_the_shares(one in (1_u64..900, 1_u64..900), other in (1_u64..900, 1_u64..900)) {
            let of = |(group, having): (u64, u64)| Rarity::of(group.max(having), having).expect("somebody has it");
            let (one, other) = (of(one), of(other));
            let share = |rarity: Rarity| (rarity.holders + 1, rarity.peers + 1);
            let ((a, b), (c, d)) = (share(one), share(other));
            if a * d < c * b {
                prop_assert!(one.of_a_million() <= other.of_a_million());
            }
        }
    }
}
