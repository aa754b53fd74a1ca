//! The files of an index: one that stands alone, and those that add to it what has changed since.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::IndexError;
use super::alphabet::Alphabet;
use super::file::{SectionFile, SectionWriter, SharedWriter};
use super::layout::{Directory, SegmentLayout, Stand};
use super::maker::SegmentMaker;
use super::numbers::Column;
use super::segment::Segment;
use crate::model::{ClusterId, MergePolicy};

/// How many files may add to the first.
const MOST_ADDED: usize = 12;

/// An index that was opened; its sections are read when they are needed.
#[derive(Debug)]
pub struct Index {
    segments: Vec<Segment>,
    policy: MergePolicy,
    stand: Stand,
    mark: String,
    added: usize,
}

/// Which file of an index is made.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// One that stands alone.
    Whole,
    /// One that adds to an index; of these clusters it holds what is said now, and earlier files do not count.
    Added(&'a Index, &'a [ClusterId]),
}

impl Index {
    /// Opens the index at a path with everything that adds to it.
    pub fn open(path: &Path) -> Result<Index, IndexError> {
        let (file, directory) = SectionFile::open::<Directory>(path)?;
        let file = Arc::new(file);
        let segments = directory.segments.into_iter();
        let mut index = Index {
            segments: segments
                .map(|layout| Segment::new(Arc::clone(&file), layout))
                .collect(),
            policy: directory.policy,
            stand: directory.stand,
            mark: directory.mark,
            added: 0,
        };
        while index.added < MOST_ADDED && index.add(path)? {}
        Ok(index)
    }

    /// Adds the next file, where there is one that belongs to this index.
    fn add(&mut self, path: &Path) -> Result<bool, IndexError> {
        let opened = SectionFile::open::<Directory>(&added(path, self.added + 1));
        let Ok((file, directory)) = opened else {
            return Ok(false);
        };
        if directory.base.as_ref() != Some(&self.mark) {
            return Ok(false);
        }
        let file = Arc::new(file);
        let gone = Column::of(&file.read(&directory.gone)?);
        let gone: Vec<u32> = gone.range(0, gone.len()).collect();
        for segment in &mut self.segments {
            segment.bury(&gone)?;
        }
        let segments = directory.segments.into_iter();
        let segments = segments.map(|layout| Segment::new(Arc::clone(&file), layout));
        self.segments.extend(segments);
        self.stand = directory.stand;
        self.mark = directory.mark;
        self.added += 1;
        Ok(true)
    }

    /// Its segments, oldest first.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Reads what words and lists need, ahead of the first of them, what most of them need first; what cannot be read is
    /// found out by the one who needs it.
    pub fn warm(&self) {
        for alphabet in [Alphabet::Any, Alphabet::Digits, Alphabet::Hex] {
            for segment in &self.segments {
                let _ = segment.words(alphabet);
            }
            for segment in &self.segments {
                let _ = segment.warm();
            }
        }
    }

    /// The policy whose winners it knows.
    pub fn policy(&self) -> &MergePolicy {
        &self.policy
    }

    /// The state of the store that it speaks of.
    pub fn stand(&self) -> &Stand {
        &self.stand
    }

    /// Whether another file can add to it.
    pub fn takes_more(&self) -> bool {
        self.added < MOST_ADDED
    }

    /// How many documents it has, and how many of them count no more or were added later.
    pub fn wear(&self) -> (u64, u64) {
        let all = self.segments.iter().map(|segment| u64::from(segment.len()));
        let dead = self.segments.iter().map(|segment| segment.dead().count());
        (all.sum(), dead.sum())
    }
}

/// An index under way.
pub struct NewIndex<'a> {
    path: PathBuf,
    part: Part<'a>,
    out: SharedWriter,
    directory: Directory,
    segments: Mutex<Vec<SegmentLayout>>,
}

impl<'a> NewIndex<'a> {
    /// Begins a file of the index at a path.
    pub fn new(
        path: &Path,
        part: Part<'a>,
        stand: Stand,
        policy: &MergePolicy,
    ) -> Result<NewIndex<'a>, IndexError> {
        let target = match part {
            Part::Whole => path.to_owned(),
            Part::Added(index, _) => added(path, index.added + 1),
        };
        let mut filling = target.clone().into_os_string();
        filling.push(".new");
        let filling = PathBuf::from(filling);
        let file = private(
            OpenOptions::new().write(true).create(true).truncate(true),
            &filling,
        );
        let file = file.map_err(|error| IndexError::writing(&filling, error))?;
        let directory = Directory {
            mark: format!("{}-{}-{}", stand.token, stand.generation, mark(&part)),
            base: match part {
                Part::Whole => None,
                Part::Added(index, _) => Some(index.mark.clone()),
            },
            stand,
            policy: policy.clone(),
            segments: Vec::new(),
            gone: super::Section::default(),
        };
        Ok(NewIndex {
            path: path.to_owned(),
            part,
            out: SharedWriter::new(SectionWriter::new(&target, filling, file)?),
            directory,
            segments: Mutex::default(),
        })
    }

    /// Begins a segment; several threads may.
    pub fn segment(&self) -> Result<SegmentMaker<'_>, IndexError> {
        SegmentMaker::new(&self.out)
    }

    /// Writes a segment.
    pub fn add(&self, segment: SegmentMaker<'_>) -> Result<(), IndexError> {
        if !segment.is_empty() {
            let layout = segment.write()?;
            let mut segments = self.segments.lock().unwrap_or_else(PoisonError::into_inner);
            segments.push(layout);
        }
        Ok(())
    }

    /// Gives the file its name; files that added to an index before this one go.
    pub fn finish(mut self) -> Result<(), IndexError> {
        if let Part::Added(_, gone) = self.part {
            let mut gone: Vec<u32> = gone.iter().map(|cluster| cluster.0).collect();
            gone.sort_unstable();
            let bytes: Vec<u8> = gone.iter().flat_map(|id| id.to_le_bytes()).collect();
            self.directory.gone = self.out.add(&bytes)?;
        }
        let segments = self.segments.into_inner();
        let segments = segments.unwrap_or_else(PoisonError::into_inner);
        self.directory.segments = segments;
        self.out.into_inner().finish(&self.directory)?;
        let first = match self.part {
            Part::Whole => 1,
            Part::Added(index, _) => index.added + 2,
        };
        for place in first..=MOST_ADDED {
            let _ = fs::remove_file(added(&self.path, place));
        }
        Ok(())
    }
}

/// What tells a file from another one of the same state of the store.
fn mark(part: &Part<'_>) -> usize {
    match part {
        Part::Whole => 0,
        Part::Added(index, _) => index.added + 1,
    }
}

/// The name of the nth file that adds to an index.
fn added(path: &Path, n: usize) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{n}"));
    PathBuf::from(name)
}

/// A file that its owner alone can read.
pub(super) fn private(options: &mut OpenOptions, path: &Path) -> std::io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}
