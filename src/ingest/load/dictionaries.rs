//! The dictionaries that the bodies of an import are packed with: they are trained while the next dataset is read.

use std::io;
use std::thread::{Builder, JoinHandle};

use super::Result;
use crate::model::BatchId;
use crate::store::{Writer, train};

/// The dictionary of a dataset.
pub(super) enum Dictionary {
    /// The store has it.
    Known(Vec<u8>),
    /// It is being trained.
    Training(Training),
}

/// A dictionary that is being trained on a thread of its own, for batches of one dataset.
pub(super) struct Training {
    thread: JoinHandle<Vec<u8>>,
    batches: Vec<BatchId>,
}

impl Training {
    /// Begins to train a dictionary for these batches, the one that it is first known by in front.
    pub(super) fn begin(samples: Vec<Vec<u8>>, batches: Vec<BatchId>) -> io::Result<Training> {
        let thread = Builder::new().name("train".into()).spawn(move || {
            let samples: Vec<&[u8]> = samples.iter().map(Vec::as_slice).collect();
            train(&samples).unwrap_or_default()
        })?;
        Ok(Training { thread, batches })
    }

    /// The dictionary, kept in the store for its batches; empty where nothing could be learnt.
    fn end(self, writer: &Writer) -> Result<Vec<u8>> {
        let stopped = |_| io::Error::other("the thread that trains a dictionary has stopped");
        let trained = self.thread.join().map_err(stopped)?;
        if trained.is_empty() {
            return Ok(trained);
        }
        if let Some((first, others)) = self.batches.split_first() {
            writer.set_dictionary(*first, &trained)?;
            writer.share_dictionary_with(*first, others)?;
        }
        Ok(trained)
    }
}

/// The bytes of all of them, once they are in the store; those in training are waited for.
pub(super) fn settled(dictionaries: Vec<Dictionary>, writer: &Writer) -> Result<Vec<Vec<u8>>> {
    let settle = |dictionary| match dictionary {
        Dictionary::Known(bytes) => Ok(bytes),
        Dictionary::Training(training) => training.end(writer),
    };
    dictionaries.into_iter().map(settle).collect()
}
