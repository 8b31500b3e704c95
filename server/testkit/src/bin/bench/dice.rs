//! Dice for large data: the same throws in every run, millions of them a second (`SplitMix64`).

/// A sequence of numbers.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The sequence of a seed and a number.
    pub(crate) const fn new(seed: u64, number: usize) -> Self {
        Self(seed ^ (number as u64).wrapping_mul(0xD134_2543_DE82_EF95))
    }

    const fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound, each as likely as the others.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        scaled(u128::from(self.throw()), 64, bound)
    }

    /// A number below a bound, the small ones by far the most likely: half of all throws lie in the first eighth.
    pub(crate) fn skewed(&mut self, bound: usize) -> usize {
        let throw = u128::from(self.throw() >> 44);
        scaled(throw.pow(3), 60, bound)
    }
}

fn scaled(throw: u128, bits: u32, bound: usize) -> usize {
    usize::try_from((throw * bound as u128) >> bits).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throws_repeat_and_fall_as_said() {
        let throws = |seed| {
            let mut dice = Dice::new(seed, 3);
            (0..1_000).map(|_| dice.skewed(80)).collect::<Vec<_>>()
        };
        assert_eq!(throws(1), throws(1));
        assert_ne!(throws(1), throws(2));
        let low = throws(1).iter().filter(|throw| **throw < 10).count();
        assert!(
            (450..550).contains(&low),
            "{low} of 1000 in the first eighth"
        );
        let mut dice = Dice::new(1, 0);
        assert!((0..1_000).all(|_| dice.below(7) < 7));
    }
}
