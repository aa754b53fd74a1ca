//! The planner: walks through the paths in their order and puts files into datasets.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::claims::Claim;
use super::discover::{expand, files_below, is_pattern};
use super::inspect::{Expected, give_shape, inspect, kind_of, misfits, nothing_there, stem};
use super::split::{Part, parts};
use super::understand::Open;
use super::{DatasetPlan, Known, Plan, PlanOptions, PlannedFile};
use crate::config::alternatives;
use crate::ingest::IngestError;
use crate::ingest::folder::{Folder, Kind};
use crate::ingest::manifest::{DatasetDeclaration, MANIFEST, Manifest, parse_mapping};
use crate::model::DatasetKind;

/// Finds out what the paths hold and how it is going to be read.
pub fn plan(paths: &[PathBuf], options: &PlanOptions, known: &Known) -> Result<Plan, IngestError> {
    let mut planner = Planner {
        options,
        known,
        map: read_map(options, known)?,
        plan: Plan {
            at: options.at,
            ..Plan::default()
        },
        loose: Vec::new(),
        open: Vec::new(),
    };
    for path in paths {
        planner.path(path)?;
    }
    planner.understand()?;
    Ok(planner.plan)
}

/// As many files as the lines of a batch can tell apart.
const MOST_FILES: usize = u16::MAX as usize;

pub(super) struct Planner<'p> {
    pub(super) options: &'p PlanOptions,
    pub(super) known: &'p Known,
    map: Option<DatasetDeclaration>,
    pub(super) plan: Plan,
    /// Files that were named one by one, to see repetitions.
    loose: Vec<PathBuf>,
    /// Datasets that nobody describes and that are still to be understood.
    pub(super) open: Vec<Open>,
}

impl Planner<'_> {
    fn path(&mut self, path: &Path) -> Result<(), IngestError> {
        let folder = Arc::clone(&self.options.folder);
        match folder.kind(path) {
            Kind::File if path.file_name().is_some_and(|name| name == MANIFEST) => {
                self.manifest(path.parent().unwrap_or(Path::new("")))
            }
            Kind::File => self.loose_file(path, Expected::ToBeImported).map(|_| ()),
            Kind::Folder if folder.kind(&path.join(MANIFEST)) == Kind::File => self.manifest(path),
            Kind::Folder => self.plain_folder(path),
            Kind::Nothing if is_pattern(path) => {
                let paths = expand(folder.as_ref(), path).map_err(|e| unreadable(path, e))?;
                if paths.is_empty() {
                    return Err(nothing_there(path));
                }
                paths.iter().try_for_each(|path| self.path(path))
            }
            Kind::Nothing => {
                let nothing =
                    io::Error::new(io::ErrorKind::NotFound, "there is no such file or folder");
                Err(unreadable(path, nothing))
            }
        }
    }

    /// A folder without a manifest: every file of a known format.
    fn plain_folder(&mut self, path: &Path) -> Result<(), IngestError> {
        let folder = Arc::clone(&self.options.folder);
        let files = files_below(folder.as_ref(), path).map_err(|e| unreadable(path, e))?;
        let mut taken = 0;
        let mut left = Vec::new();
        for file in &files {
            match self.loose_file(file, Expected::ToBeSeen)? {
                Taken::Yes => taken += 1,
                Taken::No => left.push(shown_below(file, path)),
            }
        }
        if taken == 0 {
            return Err(nothing_there(path));
        }
        self.note_left_alone(path, "of no known format", &left);
        Ok(())
    }

    fn note_left_alone(&mut self, path: &Path, why: &str, files: &[String]) {
        const SHOWN: usize = 5;
        if files.is_empty() {
            return;
        }
        let shown: Vec<_> = files.iter().take(SHOWN).map(String::as_str).collect();
        let more = match files.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let path = path.to_string_lossy();
        let list = shown.join(", ");
        self.plan
            .notes
            .push(format!("{path}: left alone, as {why}: {list}{more}"));
    }

    fn loose_file(&mut self, path: &Path, expected: Expected) -> Result<Taken, IngestError> {
        let name = path.to_string_lossy();
        if self.loose.iter().any(|other| other == path) {
            self.plan
                .notes
                .push(format!("{name} is named twice and read once"));
            return Ok(Taken::Yes);
        }
        let declaration = self.map.clone().unwrap_or_default();
        let Some(file) = inspect(self.options, path, (declaration.mapping.encoding, expected))?
        else {
            return Ok(Taken::No);
        };
        let dataset = self.options.dataset.clone().or(declaration.name.clone());
        let Some(dataset) = dataset.or_else(|| stem(path)) else {
            let message = format!("say with --dataset into which dataset `{name}` goes");
            return Err(IngestError::Options(message));
        };
        self.loose.push(path.to_owned());
        if self.map.is_some() {
            self.add(dataset, declaration, vec![file])?;
            return Ok(Taken::Yes);
        }
        if file.verdict.is_none() {
            return self.add_open(dataset, file, expected).map(|()| Taken::Yes);
        }
        let known = self.known.datasets.get(&dataset).copied();
        let parts = parts(dataset, (self.options.kind, known), file)?;
        self.note_parts(path, &parts);
        for (name, declaration, file) in parts {
            self.add(name, declaration, vec![file])?;
        }
        Ok(Taken::Yes)
    }

    /// Says where the rows of a file with both records and events go.
    fn note_parts(&mut self, path: &Path, parts: &[Part]) {
        if let [(events, ..), (records, ..)] = parts {
            self.plan.notes.push(format!(
                "{} has records and events: events go into `{events}`, records into `{records}`; --kind takes all rows as one kind",
                path.to_string_lossy()
            ));
        }
    }

    fn manifest(&mut self, base: &Path) -> Result<(), IngestError> {
        if self.map.is_some() {
            let message = "--map can't be used with a folder that has an onefold.toml; name its files instead";
            return Err(IngestError::Options(message.into()));
        }
        let folder = Arc::clone(&self.options.folder);
        let place = base.join(MANIFEST);
        let text = read_text(folder.as_ref(), &place)?;
        let file = place.to_string_lossy();
        let manifest = Manifest::parse(&file, &text, &self.known.namespaces)?;
        let files = files_below(folder.as_ref(), base).map_err(|e| unreadable(base, e))?;
        let claims = self.claims(base, &manifest.datasets, &files)?;
        let is_left = |file: &&PathBuf| {
            **file != place && !claims.iter().flatten().any(|claim| claim.path == **file)
        };
        let left: Vec<_> = files
            .iter()
            .filter(is_left)
            .map(|f| shown_below(f, base))
            .collect();
        self.note_left_alone(base, "named by no dataset", &left);
        self.check_only(&manifest.datasets, &file)?;
        self.plan.store = manifest.store.or(self.plan.store.take());
        self.plan.namespaces.extend(manifest.namespaces);
        self.plan.policies.extend(manifest.policies);
        for (declaration, claimed) in manifest.datasets.into_iter().zip(&claims) {
            self.declared(declaration, claimed)?;
        }
        Ok(())
    }

    /// With `--dataset`, the manifest must have that dataset.
    fn check_only(&self, datasets: &[DatasetDeclaration], file: &str) -> Result<(), IngestError> {
        let Some(only) = &self.options.dataset else {
            return Ok(());
        };
        let names: Vec<_> = datasets.iter().filter_map(|d| d.name.as_deref()).collect();
        if names.contains(&only.as_str()) {
            return Ok(());
        }
        let hint = alternatives(only, names.iter().copied());
        let message = format!("{file} has no dataset `{only}`; {hint}");
        Err(IngestError::Options(message))
    }

    fn declared(
        &mut self,
        declaration: DatasetDeclaration,
        claimed: &[Claim],
    ) -> Result<(), IngestError> {
        let name = declaration.name.clone().unwrap_or_default();
        if self
            .options
            .dataset
            .as_ref()
            .is_some_and(|only| *only != name)
        {
            return Ok(());
        }
        if self
            .plan
            .datasets
            .iter()
            .any(|dataset| dataset.name == name)
        {
            let message = format!(
                "{}: the dataset `{name}` is declared twice",
                declaration.place
            );
            return Err(IngestError::Options(message));
        }
        let mut files = Vec::new();
        for Claim { path, share } in claimed {
            let expected = (declaration.mapping.encoding, Expected::ToBeImported);
            let file = inspect(self.options, path, expected)?;
            files.extend(file.map(|file| PlannedFile {
                share: *share,
                ..file
            }));
        }
        self.add(name, declaration, files)
    }

    /// The kind that somebody says or that the dataset has already; they may not differ.
    pub(super) fn kind_said(
        &self,
        name: &str,
        said: Option<DatasetKind>,
    ) -> Result<Option<DatasetKind>, IngestError> {
        let known = self.known.datasets.get(name).copied();
        match (said, known) {
            (Some(said), Some(known)) if said != known => {
                let message = format!(
                    "the dataset `{name}` holds {known}s already; give the {said}s another with --dataset"
                );
                Err(IngestError::Options(message))
            }
            _ => Ok(said.or(known)),
        }
    }

    /// Puts files into a dataset of the plan.
    fn add(
        &mut self,
        name: String,
        declaration: DatasetDeclaration,
        mut files: Vec<PlannedFile>,
    ) -> Result<(), IngestError> {
        if let Some(shape) = declaration.shape {
            give_shape(&mut files, shape)?;
        }
        let mut mapping = declaration.mapping;
        if let Some(unidentified) = self.options.unidentified {
            mapping.unidentified = unidentified;
        }
        let said = self.options.kind.or(declaration.kind);
        let kind = self.kind_said(&name, said)?;
        let kind = kind.unwrap_or_else(|| kind_of(&files));
        misfits(&files, &mapping, (&name, kind), &mut self.plan.notes)?;
        if files.len() > MOST_FILES {
            let message =
                format!("`{name}` has more than {MOST_FILES} files; import them in several steps");
            return Err(IngestError::Options(message));
        }
        if let Some(dataset) = self
            .plan
            .datasets
            .iter_mut()
            .find(|other| other.name == name)
        {
            if dataset.mapping != mapping || dataset.kind != kind {
                let message = format!(
                    "two files go into the dataset `{name}`, but not alike; give one another with --dataset"
                );
                return Err(IngestError::Options(message));
            }
            dataset.files.extend(files);
            return Ok(());
        }
        self.plan.datasets.push(DatasetPlan {
            name,
            kind,
            channel: declaration.channel,
            keeps_versions: declaration.keeps_versions,
            mapping,
            files,
            partial: self.options.partial,
            understood: None,
        });
        Ok(())
    }
}

/// Whether a file belongs to the import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    Yes,
    No,
}

pub(super) fn shown_below(file: &Path, base: &Path) -> String {
    let below = file.strip_prefix(base).unwrap_or(file);
    below.to_string_lossy().into_owned()
}

fn read_map(
    options: &PlanOptions,
    known: &Known,
) -> Result<Option<DatasetDeclaration>, IngestError> {
    let Some(path) = &options.map else {
        return Ok(None);
    };
    let text = read_text(options.folder.as_ref(), path)?;
    let file = path.to_string_lossy();
    Ok(Some(parse_mapping(&file, &text, &known.namespaces)?))
}

fn read_text(folder: &dyn Folder, path: &Path) -> Result<String, IngestError> {
    let mut text = String::new();
    let read = folder
        .open(path)
        .and_then(|mut bytes| bytes.read_to_string(&mut text));
    match read {
        Ok(_) => Ok(text),
        Err(source) => Err(unreadable(path, source)),
    }
}

fn unreadable(path: &Path, source: io::Error) -> IngestError {
    IngestError::Unreadable {
        path: path.to_string_lossy().into_owned(),
        source,
    }
}
