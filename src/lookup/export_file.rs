//! An export into a file of its own: readable by its owner alone, whole or not there, never over another one.

use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::export::{ExportError, ExportRequest, Exported, Progress, export};
use crate::model::MergePolicy;
use crate::store::{View, private};

/// Writes the profiles that are wanted into a new file; where none is, there is no file.
pub fn export_into(
    path: &Path,
    view: View<'_>,
    request: &ExportRequest,
    policy: &MergePolicy,
    progress: Progress<'_>,
) -> Result<Exported, ExportError> {
    let file = private(OpenOptions::new().write(true).create_new(true)).open(path);
    let mut file = file
        .map(BufWriter::new)
        .map_err(|source| unopened(path, source))?;
    let written = export(view, request, policy, &mut file, progress);
    let flushed = file.flush();
    let is_kept = matches!(&written, Ok(exported) if exported.profiles > 0) && flushed.is_ok();
    if !is_kept {
        // What is left of it is of no use; that it cannot be removed is said by the next attempt.
        let _ = fs::remove_file(path);
    }
    let exported = written?;
    flushed?;
    Ok(exported)
}

fn unopened(path: &Path, source: io::Error) -> ExportError {
    let path = path.display().to_string();
    if source.kind() == io::ErrorKind::AlreadyExists {
        return ExportError::Exists(path);
    }
    ExportError::File { path, source }
}
