//! Which files the datasets of a manifest name, and which rows of them they take.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::discover::matching;
use super::planner::{Planner, shown_below};
use crate::ingest::IngestError;
use crate::ingest::manifest::DatasetDeclaration;
use crate::ingest::shapes::Share;

/// A file of a dataset, with the rows of it that belong there.
pub struct Claim {
    pub path: PathBuf,
    pub share: Share,
}

/// The datasets that name a file.
type Owners<'d> = HashMap<PathBuf, Vec<&'d DatasetDeclaration>>;

impl Planner<'_> {
    /// The files of each dataset; none may belong to two, unless these take its records and its events.
    pub(super) fn claims(
        &mut self,
        base: &Path,
        datasets: &[DatasetDeclaration],
        files: &[PathBuf],
    ) -> Result<Vec<Vec<Claim>>, IngestError> {
        let mut owners = Owners::new();
        let mut named = Vec::new();
        for declaration in datasets {
            let mut own: Vec<PathBuf> = Vec::new();
            for file in self.files_of(base, declaration, files)? {
                if !own.contains(&file) {
                    take(&file, declaration, base, &mut owners)?;
                    own.push(file);
                }
            }
            named.push(own);
        }
        let claim = |path: PathBuf| Claim {
            share: match owners.get(&path).map_or(0, Vec::len) {
                0 | 1 => Share::Whole,
                _ => Share::OfItsKind,
            },
            path,
        };
        let claims = named.into_iter();
        Ok(claims
            .map(|own| own.into_iter().map(claim).collect())
            .collect())
    }

    /// The files that a dataset's patterns mean, pattern by pattern; a pattern without any is noted.
    fn files_of(
        &mut self,
        base: &Path,
        declaration: &DatasetDeclaration,
        files: &[PathBuf],
    ) -> Result<Vec<PathBuf>, IngestError> {
        let place = &declaration.place;
        let name = declaration.name.as_deref().unwrap_or_default();
        let mut all = Vec::new();
        for pattern in &declaration.files {
            let found = matching(base, pattern, files, self.options.folder.as_ref())
                .map_err(|why| IngestError::Options(format!("{place}: {why}")))?;
            if found.is_empty() {
                let note = format!("{place}: `{pattern}` of `{name}` matches no file");
                self.plan.notes.push(note);
            }
            all.extend(found);
        }
        Ok(all)
    }
}

/// Gives a file to a dataset, where that goes beside those that have it already.
fn take<'d>(
    file: &Path,
    declaration: &'d DatasetDeclaration,
    base: &Path,
    owners: &mut Owners<'d>,
) -> Result<(), IngestError> {
    let others = owners.entry(file.to_owned()).or_default();
    if let Some(other) = others.iter().find(|other| !divides(other, declaration)) {
        let name = |of: &DatasetDeclaration| of.name.clone().unwrap_or_default();
        return Err(IngestError::Options(format!(
            "{}: `{}` and `{}` both name {}; a file belongs to one dataset",
            declaration.place,
            name(declaration),
            name(other),
            shown_below(file, base)
        )));
    }
    others.push(declaration);
    Ok(())
}

/// Whether two datasets divide the rows of a file: one takes its records, the other its events.
fn divides(a: &DatasetDeclaration, b: &DatasetDeclaration) -> bool {
    a.shape.is_some() && a.shape == b.shape && a.kind != b.kind
}
