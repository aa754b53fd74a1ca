//! Keeping the search index beside a store: made once, then told what has changed.

mod all_events;
mod entries;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::slice::Chunks;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::error::{LookupError, Result};
use crate::index::{Index, IndexError, NewIndex, Part, Stand, Turn};
use crate::model::{ClusterId, MergePolicy, Stitching};
use crate::store::{Changed, Reader, StoreError, StoreState, View};
use all_events::AllEvents;

/// A change of more than this part of all clusters makes the whole index anew.
const WORN: u64 = 8;

/// Clusters that a thread takes at a time.
const SHARE: usize = 1_000;

/// So many clusters tell how much room a segment takes.
const SAMPLE: usize = 10_000;

/// Clusters of a segment at most: each lies in memory until it is written.
const MOST_TOGETHER: usize = 400_000;

/// What is less than this part of a segment is none of its own.
const LEFTOVER: usize = 4;

/// Where the search index of a store lies: `onefold.db` has `onefold.index`.
pub fn index_path(store: &Path) -> PathBuf {
    store.with_extension("index")
}

/// Takes the search index of a store away, every file that says something: it is made anew when it is next needed.
pub fn remove_index(store: &Path) -> std::io::Result<()> {
    let index = index_path(store);
    let name = index.file_name().unwrap_or_default().to_owned();
    let folder = index
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    for entry in std::fs::read_dir(folder.unwrap_or(Path::new(".")))? {
        let entry = entry?;
        let found = entry.file_name();
        let rest = found.to_string_lossy();
        let rest = rest.strip_prefix(&*name.to_string_lossy());
        // The lock is empty, and somebody may hold it.
        let is_of_index =
            |rest: &str| rest.is_empty() || (rest.starts_with('.') && rest != ".lock");
        if rest.is_some_and(is_of_index) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// The index of the store that is read, where it says what the store says now.
pub fn index_of(view: View<'_>) -> Option<Index> {
    let path = index_path(&view.path()?);
    let index = Index::open(&path).ok()?;
    is_current(view, &index).then_some(index)
}

/// What an index said; `None` where it is damaged and so not trusted: it goes, and is made again.
pub(super) fn trusted<T>(view: View<'_>, said: Result<T>) -> Result<Option<T>> {
    match said {
        Err(LookupError::Index(_)) => {
            if let Some(store) = view.path() {
                let _ = fs::remove_file(index_path(&store));
            }
            Ok(None)
        }
        said => said.map(Some),
    }
}

/// Whether an index says what the store says now.
pub fn is_current(view: View<'_>, index: &Index) -> bool {
    matches!(view.changed_since(&state(index.stand())), Ok(Changed::Clusters(list)) if list.is_empty())
}

fn state(stand: &Stand) -> StoreState {
    StoreState {
        generation: stand.generation,
        token: stand.token.clone(),
    }
}

/// Hears how many clusters of how many are in, and may end it; the index stays as it was then.
pub type Progress<'a> = dyn Fn(u64, u64) -> ControlFlow<()> + Sync + 'a;

/// Progress that nobody follows.
pub fn unwatched(_: u64, _: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// What became of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// It was current already.
    Current,
    /// What has changed was added.
    Added,
    /// It was made anew.
    Made,
}

/// Brings the index beside a store up to date; where somebody else is at it, that is waited for.
pub fn refresh_index(store: &Path, progress: &Progress<'_>) -> Result<Refreshed> {
    let _turn = Turn::take(&index_path(store), || progress(0, 0))?;
    let reader = Reader::open(store)?;
    let work = reader.snapshot(|view| Work::find(view, store))?;
    let Some(work) = work else {
        return Ok(Refreshed::Current);
    };
    let path = index_path(store);
    let made = match &work.before {
        None => {
            write(&path, &work, Part::Whole, progress)?;
            Refreshed::Made
        }
        Some(index) => {
            let part = Part::Added(index, &work.clusters);
            write(&path, &work, part, progress)?;
            Refreshed::Added
        }
    };
    Ok(made)
}

/// What is to be done to an index.
struct Work<'a> {
    store: &'a Path,
    /// The index to add to; `None` makes one anew.
    before: Option<Index>,
    clusters: Vec<ClusterId>,
    state: StoreState,
    policy: MergePolicy,
}

impl<'a> Work<'a> {
    fn find(view: View<'_>, store: &'a Path) -> Result<Option<Work<'a>>> {
        let Some(now) = view.state()? else {
            return Ok(None);
        };
        let before = Index::open(&index_path(store)).ok();
        if let Some(index) = before {
            match view.changed_since(&state(index.stand()))? {
                Changed::Clusters(clusters) if clusters.is_empty() => return Ok(None),
                Changed::Clusters(clusters) if fits(&index, clusters.len() as u64) => {
                    return Ok(Some(Work {
                        store,
                        policy: index.policy().clone(),
                        before: Some(index),
                        clusters,
                        state: now,
                    }));
                }
                _ => {}
            }
        }
        Ok(Some(Work {
            store,
            before: None,
            clusters: view.clusters()?,
            state: now,
            policy: policy_of_index(view)?,
        }))
    }

    /// Reads the store over a connection of its own, as it is at the state that the index is to speak of.
    fn read<T>(&self, question: impl FnOnce(View<'_>) -> Result<T>) -> Result<T> {
        let reader = Reader::open(self.store)?;
        reader.snapshot(|view| {
            self.check(view)?;
            question(view)
        })
    }

    /// An error where the store has moved on.
    fn check(&self, view: View<'_>) -> Result<()> {
        match view.state()? {
            Some(state) if state == self.state => Ok(()),
            _ => Err(StoreError::Interrupted.into()),
        }
    }

    /// Tells how many clusters are in; an error once nobody wants the index any more.
    fn tell(&self, progress: &Progress<'_>, done: u64) -> Result<()> {
        match progress(done, self.clusters.len() as u64) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(StoreError::Interrupted.into()),
        }
    }
}

/// Whether adding is less work, now and for every search, than making the index anew.
fn fits(index: &Index, changed: u64) -> bool {
    let (all, dead) = index.wear();
    index.takes_more() && (changed + dead) * WORN <= all
}

/// The default policy, where it makes one profile of a cluster.
fn policy_of_index(view: View<'_>) -> Result<MergePolicy> {
    let policies = view.policies()?;
    let default = policies.into_iter().find(|policy| policy.is_default);
    Ok(default
        .filter(|policy| policy.stitching == Stitching::Pdg)
        .unwrap_or_else(MergePolicy::latest_wins))
}

fn write(path: &Path, work: &Work<'_>, part: Part<'_>, progress: &Progress<'_>) -> Result<()> {
    let stand = Stand {
        generation: work.state.generation,
        token: work.state.token.clone(),
    };
    let new = NewIndex::new(path, part, stand, &work.policy)?;
    let threads = match work.clusters.len() {
        0..10_000 => 1,
        _ => thread::available_parallelism()
            .map_or(1, usize::from)
            .min(8),
    };
    let events = match work.before {
        None => AllEvents::gather(work, progress)?,
        Some(_) => AllEvents::default(),
    };
    let making = Making {
        work,
        events,
        new: &new,
        progress,
        shares: Mutex::new((work.clusters.chunks(SHARE), End::First)),
        most: together(work.clusters.len(), threads),
        done: AtomicU64::new(0),
    };
    let made: Vec<Result<()>> = thread::scope(|scope| {
        let making = &making;
        let running: Vec<_> = (0..threads)
            .map(|_| scope.spawn(move || making.segments()))
            .collect();
        let ended = running.into_iter().map(|thread| {
            let lost = |_| {
                Err(LookupError::Unknown(
                    "making the search index failed".into(),
                ))
            };
            thread.join().unwrap_or_else(lost)
        });
        ended.collect()
    });
    made.into_iter().collect::<Result<()>>()?;
    Ok(new.finish()?)
}

/// How many clusters a segment takes, so that every thread makes as many segments as the others, though a quick one has more clusters.
fn together(clusters: usize, threads: usize) -> usize {
    let own = clusters.div_ceil(threads).max(1);
    let own = own + own / 16;
    own.div_ceil(own.div_ceil(MOST_TOGETHER))
}

/// An end of a list.
#[derive(Clone, Copy)]
enum End {
    First,
    Last,
}

/// An index that several threads make: each takes the next share of the clusters when it is done with one.
struct Making<'a> {
    work: &'a Work<'a>,
    events: AllEvents,
    new: &'a NewIndex<'a>,
    progress: &'a Progress<'a>,
    /// What is left, and from which end the next share comes.
    shares: Mutex<(Chunks<'a, ClusterId>, End)>,
    /// How many clusters a segment takes.
    most: usize,
    done: AtomicU64,
}

impl Making<'_> {
    /// Writes segments as long as there are clusters, as the store has them at the state that the index is to speak of.
    fn segments(&self) -> Result<()> {
        self.work.read(|view| {
            let (mut segment, mut taken) = (self.new.segment()?, 0);
            while let Some(share) = self.share() {
                for (id, members) in share.iter().zip(view.members_of_each(share)?) {
                    let (events, policy) = (&self.events, &self.work.policy);
                    let entry = entries::entry(view, (*id, &members), events, policy, &mut segment);
                    entry?.map_or(Ok(()), |entry| segment.add(entry))?;
                    taken += 1;
                    if taken == SAMPLE {
                        segment.make_room(self.most);
                    }
                    if segment.is_full() || (taken >= self.most && self.has_more()) {
                        let full = std::mem::replace(&mut segment, self.new.segment()?);
                        self.new.add(full)?;
                        taken = 0;
                    }
                }
                let own = share.len() as u64;
                let done = self.done.fetch_add(own, Ordering::Relaxed) + own;
                self.work.tell(self.progress, done)?;
            }
            Ok(self.new.add(segment)?)
        })
    }

    /// Whether so much is left that it is worth a segment: a small one would be written while the other threads have nothing to do.
    fn has_more(&self) -> bool {
        let shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        shares.0.len() * SHARE > self.most / LEFTOVER
    }

    /// Those who came first have most to say, so that the shares come from both ends by turns: segments are alike then.
    fn share(&self) -> Option<&[ClusterId]> {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, end) = &mut *shares;
        match end {
            End::First => {
                *end = End::Last;
                left.next()
            }
            End::Last => {
                *end = End::First;
                left.next_back()
            }
        }
    }
}

impl From<IndexError> for LookupError {
    fn from(error: IndexError) -> LookupError {
        match error {
            IndexError::Stopped => LookupError::Store(StoreError::Interrupted),
            other => LookupError::Index(other),
        }
    }
}
