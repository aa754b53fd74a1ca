//! Chance from a seed: the same keys give the same draws on every machine, in any order of asking.

#![expect(
    clippy::indexing_slicing,
    reason = "a draw is always below the length it was drawn for"
)]

/// A stream of draws (`SplitMix64`, Steele, Lea and Flood 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The stream that belongs to these keys.
    pub fn new(keys: [u64; 3]) -> Random {
        let state = keys.into_iter().fold(0x6F6E_6566_6F6C_6421, |state, key| {
            mix(state ^ mix(key.wrapping_add(GAMMA)))
        });
        Random(state)
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        mix(self.0)
    }

    /// A number below `end`; 0 where `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.number()) * u128::from(end)) >> 64) as u64
    }

    /// A number below `end` that is small more often than not.
    pub fn skewed(&mut self, end: u64) -> u64 {
        let reach = self.below(end) + 1;
        self.below(reach.min(end))
    }

    /// Yes, so many times in a thousand.
    pub fn is_within(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// One of the items, which must not be none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }
}

const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_keys_give_the_same_draws() {
        let draws = |keys| {
            let mut random = Random::new(keys);
            [(); 4].map(|()| random.number())
        };
        assert_eq!(draws([1, 2, 3]), draws([1, 2, 3]));
        assert_ne!(draws([1, 2, 3]), draws([1, 3, 2]));
        assert_ne!(draws([1, 2, 3]), draws([2, 2, 3]));
    }

    #[test]
    fn a_draw_stays_below_its_end() {
        let mut random = Random::new([0, 0, 0]);
        for end in [1, 2, 10, u64::MAX] {
            for _ in 0..200 {
                assert!(random.below(end) < end);
                assert!(random.skewed(end) < end);
            }
        }
        assert_eq!(random.below(0), 0);
        assert_eq!(random.skewed(0), 0);
    }

    #[test]
    fn a_share_of_a_thousand_is_about_that() {
        let mut random = Random::new([9, 9, 9]);
        let hits = (0..100_000).filter(|_| random.is_within(160)).count();
        assert!((15_500..16_500).contains(&hits), "{hits}");
    }
}
