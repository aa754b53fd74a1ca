//! How much room there is on the disk of a store.

use std::path::Path;

/// Bytes that can still be written where this path lies; `None` where the system does not say.
#[cfg(unix)]
pub fn free_space(path: &Path) -> Option<u64> {
    // The folder may not be made yet: then its first ancestor that is there lies on the same disk.
    let there = path.ancestors().find(|ancestor| ancestor.exists());
    let there = there.unwrap_or(Path::new("."));
    let disk = rustix::fs::statvfs(there).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

/// Other systems are not asked: a full disk is met when it is full.
#[cfg(not(unix))]
pub fn free_space(_: &Path) -> Option<u64> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_yet_lies_where_it_will_be_made() {
        let folder = tempfile::tempdir().unwrap();
        let here = free_space(folder.path()).unwrap();
        assert!(here > 0);
        assert!(free_space(&folder.path().join("not/yet/store.db")).unwrap() > 0);
        assert!(free_space(Path::new("store.db")).is_some());
    }
}
