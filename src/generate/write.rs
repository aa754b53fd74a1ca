//! Writes the sources of a world, file by file, on as many threads as the machine has.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::person::Population;
use super::row::Row;
use super::slot::Sightings;
use super::sources::{Extent, SOURCES, Shape, Source, rows};
use super::{GenerateError, Progress, Written, refused};

/// What the rows of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Attributes.
    Records,
    /// What happened.
    Events,
}

/// A file that was written.
#[derive(Debug)]
pub struct SourceFile {
    /// What its rows are.
    pub kind: Kind,
    /// Its name and size.
    pub written: Written,
}

/// A file to write: a stretch of one source.
struct Job {
    source: Source,
    file: String,
    places: Range<u64>,
}

/// Where the work stands, for all threads.
struct Work<'a> {
    population: &'a Population,
    sightings: &'a Sightings,
    out: &'a Path,
    jobs: Vec<Job>,
    next: AtomicUsize,
    done: AtomicU64,
    progress: &'a (dyn Fn(Progress) + Sync),
}

/// Rows of an event source that go into one file.
const FILE_EVENTS: u64 = 250_000;
/// Rows between two reports of progress.
const STRETCH: u64 = 4_096;

/// Writes every source into a directory; the files come back in the order of the manifest.
pub fn sources(
    population: &Population,
    sightings: &Sightings,
    out: &Path,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Vec<SourceFile>, GenerateError> {
    let work = Work {
        population,
        sightings,
        out,
        jobs: jobs(population),
        next: AtomicUsize::new(0),
        done: AtomicU64::new(0),
        progress,
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut results = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(|| work.run())).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect::<Vec<_>>()
    });
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

fn jobs(population: &Population) -> Vec<Job> {
    let mut jobs = Vec::new();
    for source in SOURCES {
        let all = rows(&source, &population.world);
        let name = source.name;
        match source.extent {
            Extent::People => jobs.push(Job {
                source,
                file: format!("{name}{}", source.ending),
                places: 0..all,
            }),
            Extent::Events { .. } => {
                jobs.extend((0..all.div_ceil(FILE_EVENTS).max(1)).map(|part| Job {
                    source,
                    file: format!("{name}-{:05}{}", part + 1, source.ending),
                    places: part * FILE_EVENTS..all.min((part + 1) * FILE_EVENTS),
                }));
            }
        }
    }
    jobs
}

type Done = (usize, Result<SourceFile, GenerateError>);

impl Work<'_> {
    /// Takes one file after the other until none is left or one fails.
    fn run(&self) -> Vec<Done> {
        let mut done = Vec::new();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = self.jobs.get(number) else {
                return done;
            };
            let path = self.out.join(&job.file);
            let result = self.write(job, &path).map_err(refused(&path));
            if result.is_err() {
                self.next.store(self.jobs.len(), Ordering::Relaxed);
            }
            done.push((number, result));
        }
    }

    fn write(&self, job: &Job, path: &Path) -> io::Result<SourceFile> {
        let file = BufWriter::with_capacity(1 << 18, File::create(path)?);
        let (rows, file) = if job.source.shape == Shape::GzippedLines {
            let mut file = GzEncoder::new(file, Compression::fast());
            (self.rows(job, &mut file)?, file.finish()?)
        } else {
            let mut file = file;
            (self.rows(job, &mut file)?, file)
        };
        let bytes = file.into_inner()?.metadata()?.len();
        Ok(SourceFile {
            kind: match job.source.extent {
                Extent::People => Kind::Records,
                Extent::Events { .. } => Kind::Events,
            },
            written: Written {
                file: job.file.clone(),
                rows,
                bytes,
            },
        })
    }

    fn rows(&self, job: &Job, file: &mut dyn Write) -> io::Result<u64> {
        let (head, between, tail) = match job.source.shape {
            Shape::Csv(header) => (format!("{header}\n"), "\n", "\n"),
            Shape::Array => ("[\n".to_owned(), ",\n", "\n]\n"),
            Shape::Lines | Shape::GzippedLines => (String::new(), "\n", "\n"),
        };
        file.write_all(head.as_bytes())?;
        let (mut row, mut rows) = (Row::default(), 0);
        for place in job.places.clone() {
            row.clear();
            (job.source.write)(self.population, place, &mut row);
            if (place + 1) % STRETCH == 0 {
                self.report(STRETCH);
            }
            if row.text.is_empty() {
                continue;
            }
            if rows > 0 {
                file.write_all(between.as_bytes())?;
            }
            file.write_all(row.text.as_bytes())?;
            self.sightings.mark(row.person, &row.slots);
            rows += 1;
        }
        if rows > 0 || job.source.shape == Shape::Array {
            file.write_all(tail.as_bytes())?;
        }
        Ok(rows)
    }

    fn report(&self, rows: u64) {
        let done = self.done.fetch_add(rows, Ordering::Relaxed) + rows;
        let all = self
            .jobs
            .iter()
            .map(|job| job.places.end - job.places.start)
            .sum();
        (self.progress)(Progress { done, all });
    }
}
