//! Which files a path, a folder or a pattern means, in byte order of their names.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

use crate::ingest::folder::{Folder, Kind};

/// How deep folders are searched.
const DEEPEST_FOLDER: usize = 16;

const MATCHING: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// Whether the path has signs of a pattern in it.
pub fn is_pattern(path: &Path) -> bool {
    has_signs(&path.to_string_lossy())
}

fn has_signs(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// What names of files end in that stores make: themselves, their companions, and the rows that they refused.
const OF_STORES: [&str; 9] = [
    ".db",
    ".db.lock",
    ".db.new",
    ".db-wal",
    ".db-shm",
    ".rejects.jsonl",
    ".rejects.jsonl.new",
    ".searches.toml",
    ".searches.toml.new",
];

/// Every file below a folder; left out are hidden ones, whose names begin with a dot, what stores put there, and
/// pipes and devices, which nobody can look at without taking something out of them.
pub fn files_below(folder: &dyn Folder, base: &Path) -> io::Result<Vec<PathBuf>> {
    let mut walk = Walk {
        folder,
        entered: HashSet::new(),
        files: Vec::new(),
    };
    walk.enter(base, DEEPEST_FOLDER)?;
    walk.files.sort_by(|a, b| bytes(a).cmp(bytes(b)));
    Ok(walk.files)
}

/// A walk through folders, each of which is entered once, whatever links lead into it.
struct Walk<'w> {
    folder: &'w dyn Folder,
    entered: HashSet<PathBuf>,
    files: Vec<PathBuf>,
}

impl Walk<'_> {
    fn enter(&mut self, base: &Path, depth: usize) -> io::Result<()> {
        if !self.entered.insert(self.folder.real(base)) {
            return Ok(());
        }
        for path in self.folder.list(base)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_hidden = name.starts_with('.');
            let is_of_store = OF_STORES.iter().any(|ending| name.ends_with(ending));
            match self.folder.kind(&path) {
                _ if is_hidden => {}
                Kind::File if is_of_store || self.folder.size(&path).is_none() => {}
                Kind::Folder if depth > 0 => self.enter(&path, depth - 1)?,
                Kind::File => self.files.push(path),
                Kind::Folder | Kind::Nothing => {}
            }
        }
        Ok(())
    }
}

/// The files that a pattern of the command line means.
pub fn expand(folder: &dyn Folder, pattern: &Path) -> io::Result<Vec<PathBuf>> {
    let is_plain =
        |part: &&std::path::Component<'_>| !has_signs(&part.as_os_str().to_string_lossy());
    let parts: Vec<_> = pattern.components().collect();
    let base: PathBuf = parts.iter().take_while(is_plain).collect();
    let rest: PathBuf = parts.iter().skip_while(|part| is_plain(part)).collect();
    let listed = if base.as_os_str().is_empty() {
        Path::new(".")
    } else {
        base.as_path()
    };
    if folder.kind(listed) != Kind::Folder {
        return Ok(Vec::new());
    }
    let files = files_below(folder, listed)?;
    let found = matching(listed, &rest.to_string_lossy(), &files, folder);
    found.map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, why))
}

/// The files of a list that a pattern means, relative to a folder; a plain name means its file wherever it lies.
pub fn matching(
    base: &Path,
    pattern: &str,
    files: &[PathBuf],
    folder: &dyn Folder,
) -> Result<Vec<PathBuf>, String> {
    let path = base.join(pattern);
    if !has_signs(pattern) || folder.kind(&path) == Kind::File {
        let is_there = folder.kind(&path) == Kind::File;
        return Ok(is_there.then_some(path).into_iter().collect());
    }
    let wanted = pattern.trim_start_matches("./");
    let compiled =
        Pattern::new(wanted).map_err(|why| format!("`{pattern}` is no pattern: {}", why.msg))?;
    let is_match = |file: &&PathBuf| {
        let below = file.strip_prefix(base).unwrap_or(file);
        compiled.matches_path_with(below, MATCHING)
    };
    Ok(files.iter().filter(is_match).cloned().collect())
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}
