//! The first of many, as far as they are named.

/// The least ones that came, in their order.
#[derive(Debug)]
pub(super) struct Foremost<T, const MOST: usize>(Vec<T>);

impl<T, const MOST: usize> Default for Foremost<T, MOST> {
    fn default() -> Self {
        Foremost(Vec::new())
    }
}

impl<T: Ord, const MOST: usize> Foremost<T, MOST> {
    /// The last of them, where no more are named but in the place of one.
    pub fn last(&self) -> Option<&T> {
        self.0.get(MOST - 1)
    }

    /// Takes one in, where it is among the first.
    pub fn put(&mut self, one: T) {
        let at = self.0.partition_point(|known| *known < one);
        self.0.insert(at, one);
        self.0.truncate(MOST);
    }

    /// Takes others in.
    pub fn join(&mut self, others: Self) {
        for one in others.0 {
            self.put(one);
        }
    }

    /// All of them.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_are_kept_in_their_order() {
        let (mut some, mut others) = (Foremost::<u32, 3>::default(), Foremost::default());
        for one in [7, 3] {
            some.put(one);
        }
        assert_eq!(some.last(), None);
        for one in [5, 1, 9, 4] {
            others.put(one);
        }
        assert_eq!(others.last(), Some(&5));
        some.join(others);
        assert_eq!(some.into_vec(), [1, 3, 4]);
    }
}
