//! Errors of the loading on their way through the reading, and out of it again.

use super::{ImportError, IngestError};

/// An error of our own goes through the reading as it is.
pub(super) fn wrapped(error: ImportError) -> IngestError {
    IngestError::Sink(Box::new(error))
}

/// An error of our own comes back from the reading as it was.
pub(super) fn unwrapped(error: IngestError) -> ImportError {
    match error {
        IngestError::Sink(inner) => match inner.downcast::<ImportError>() {
            Ok(own) => *own,
            Err(inner) => ImportError::Ingest(IngestError::Sink(inner)),
        },
        error => ImportError::Ingest(error),
    }
}
