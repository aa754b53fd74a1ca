//! Sorting texts eight bytes at a time: most are told apart by their first eight, which lie beside what is sorted, and only those
//! that are alike so far are read again.

use std::cmp::Ordering;

/// Where texts that agree for so long are compared as a whole: no text can make the sorting deep.
const DEEP: usize = 64;

/// The texts of what is sorted.
pub(super) trait Texts {
    /// What stands for a text.
    type Item: Copy;

    /// Eight bytes of it from here, as a number that sorts as they do; zeros stand for those behind its end.
    fn eight(&self, item: Self::Item, from: usize) -> u64;

    /// How two compare as a whole.
    fn compare(&self, a: Self::Item, b: Self::Item) -> Ordering;

    /// How two compare that agree up to a byte below four, with which texts end.
    fn compare_ended(&self, a: Self::Item, b: Self::Item) -> Ordering {
        self.compare(a, b)
    }
}

/// Sorts items by their texts; beside each stand its first eight bytes.
pub(super) fn sort<T: Texts>(items: &mut [(u64, T::Item)], texts: &T) {
    sort_from(items, texts, 0);
}

fn sort_from<T: Texts>(items: &mut [(u64, T::Item)], texts: &T, from: usize) {
    items.sort_unstable_by_key(|(eight, _)| *eight);
    let groups = items.chunk_by_mut(|a, b| a.0 == b.0);
    for group in groups.filter(|group| group.len() > 1) {
        let is_over = group.first().is_some_and(|(eight, _)| has_end(*eight));
        let next = from + 8;
        if is_over {
            group.sort_unstable_by(|a, b| texts.compare_ended(a.1, b.1));
        } else if next >= DEEP {
            group.sort_unstable_by(|a, b| texts.compare(a.1, b.1));
        } else {
            for (eight, item) in group.iter_mut() {
                *eight = texts.eight(*item, next);
            }
            sort_from(group, texts, next);
        }
    }
}

/// The first eight bytes as a number that sorts as they do, with zeros for those that are missing.
pub(super) fn first_eight(text: &[u8]) -> u64 {
    if let Some(eight) = text.first_chunk::<8>() {
        return u64::from_be_bytes(*eight);
    }
    let bytes = text.iter().zip([56, 48, 40, 32, 24, 16, 8]);
    bytes.fold(0, |key, (byte, shift)| key | u64::from(*byte) << shift)
}

/// Whether a byte below four is among the eight.
fn has_end(eight: u64) -> bool {
    const ONES: u64 = u64::MAX / 255;
    eight.wrapping_sub(ONES * 4) & !eight & (ONES * 128) != 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    impl Texts for Vec<Vec<u8>> {
        type Item = usize;

        fn eight(&self, item: usize, from: usize) -> u64 {
            first_eight(self[item].get(from..).unwrap_or_default())
        }

        fn compare(&self, a: usize, b: usize) -> Ordering {
            self[a].cmp(&self[b]).then(a.cmp(&b))
        }
    }

    fn sorted(texts: &Vec<Vec<u8>>) -> Vec<usize> {
        let of = |item| (texts.eight(item, 0), item);
        let mut items: Vec<_> = (0..texts.len()).map(of).collect();
        sort(&mut items, texts);
        items.into_iter().map(|(_, item)| item).collect()
    }

    fn plainly(texts: &Vec<Vec<u8>>) -> Vec<usize> {
        let mut items: Vec<usize> = (0..texts.len()).collect();
        items.sort_by(|a, b| texts.compare(*a, *b));
        items
    }

    #[test]
    fn an_end_is_seen_at_every_place_and_nothing_else_is_one() {
        for place in 0..8 {
            for byte in 0..=255_u8 {
                let mut eight = [b'a'; 8];
                eight[place] = byte;
                assert_eq!(has_end(u64::from_be_bytes(eight)), byte < 4, "{eight:?}");
            }
        }
        assert!(!has_end(u64::MAX));
        assert!(!has_end(u64::from_be_bytes([4; 8])));
    }

    #[test]
    fn texts_that_agree_for_long_are_sorted_too() {
        let long = |end: &str| format!("{}{end}", "x".repeat(1_000_000)).into_bytes();
        let texts = vec![long("b"), long("a"), long(""), long("b"), b"x".to_vec()];
        assert_eq!(sorted(&texts), [4, 2, 1, 0, 3]);
    }

    proptest! {
        #[test]
        fn they_are_sorted_as_they_compare(
            texts in prop::collection::vec(
                (0_usize..3, prop::collection::vec(prop::sample::select(vec![0_u8, 1, 3, 4, 97, 128, 255]), 0..12)),
                0..40,
            )
        ) {
            let before = |count: usize| b"the same in front of it ".repeat(count);
            let texts = texts.into_iter().map(|(same, text)| [before(same), text].concat());
            let texts: Vec<Vec<u8>> = texts.collect();
            prop_assert_eq!(sorted(&texts), plainly(&texts));
        }
    }
}
