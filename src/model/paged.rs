//! A list that grows without moving what is in it: doubling would copy it all, and take twice the memory meanwhile.
#![expect(
    clippy::indexing_slicing,
    reason = "an index beyond the end is a fault of the caller, as it is with a slice"
)]

use std::ops::{Index, IndexMut};

/// Items of a page.
const PAGE: usize = 1 << PAGE_BITS;
const PAGE_BITS: u32 = 14;

/// A list in pages.
#[derive(Debug)]
pub struct Paged<T> {
    pages: Vec<Vec<T>>,
    length: usize,
}

impl<T> Default for Paged<T> {
    fn default() -> Paged<T> {
        Paged {
            pages: Vec::new(),
            length: 0,
        }
    }
}

impl<T> Paged<T> {
    /// How many items are in.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether none is in.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Puts an item at the end.
    pub fn push(&mut self, item: T) {
        let page = self.length >> PAGE_BITS;
        if page == self.pages.len() {
            // The first page grows as any list does: most lists never come to a second.
            let room = if page == 0 { 0 } else { PAGE };
            self.pages.push(Vec::with_capacity(room));
        }
        self.pages[page].push(item);
        self.length += 1;
    }

    /// The item at a place.
    pub fn get(&self, place: usize) -> Option<&T> {
        self.pages.get(place >> PAGE_BITS)?.get(place & (PAGE - 1))
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        let page = self.pages.get_mut(place >> PAGE_BITS)?;
        page.get_mut(place & (PAGE - 1))
    }

    /// The items in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pages.iter().flatten()
    }

    /// The same, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.pages.iter_mut().flatten()
    }

    /// Takes out all items in order; each page is given back when its last item is.
    pub fn drain(&mut self) -> impl Iterator<Item = T> + use<T> {
        self.length = 0;
        std::mem::take(&mut self.pages).into_iter().flatten()
    }
}

impl<T> Index<usize> for Paged<T> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        &self.pages[place >> PAGE_BITS][place & (PAGE - 1)]
    }
}

impl<T> IndexMut<usize> for Paged<T> {
    fn index_mut(&mut self, place: usize) -> &mut T {
        &mut self.pages[place >> PAGE_BITS][place & (PAGE - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stay_where_they_were_put() {
        for count in [0, 1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE + 5] {
            let mut list = Paged::default();
            (0..count).for_each(|item| list.push(item));
            assert_eq!((list.len(), list.is_empty()), (count, count == 0));
            assert!(list.iter().copied().eq(0..count), "{count}");
            assert_eq!(list.get(count), None);
            for place in [0, count / 2, count.saturating_sub(1)] {
                assert_eq!(list.get(place).copied(), (place < count).then_some(place));
            }
            list.iter_mut().for_each(|item| *item += 1);
            if let Some(last) = list.len().checked_sub(1) {
                list[last] += 10;
                assert_eq!(list[last], count + 10);
                *list.get_mut(0).unwrap() = 7;
                assert_eq!(list[0], 7);
            }
            let before: Vec<usize> = list.iter().copied().collect();
            assert!(list.drain().eq(before), "{count}");
            list.push(5);
            assert_eq!((list.len(), list[0]), (1, 5));
        }
    }
}
