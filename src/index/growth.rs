//! How much longer lists will get.

/// Lists that hold what some entries say will hold what more of them say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Growth {
    /// So many entries are in.
    pub from: usize,
    /// So many will be, about.
    pub to: usize,
}

impl Growth {
    /// Makes room in a list; what is not filled takes no memory.
    pub fn of<T>(self, list: &mut Vec<T>) {
        list.reserve(self.more(list.len()));
    }

    /// By how much something of this length will grow.
    pub fn more(self, len: usize) -> usize {
        (len * self.to / self.from.max(1)).saturating_sub(len)
    }
}
