//! Reading a file that an argument names, or standard input.

use std::io::Read;
use std::path::Path;

use super::error::CliError;

/// The text of a file; `-` is standard input.
pub fn text(path: &Path) -> Result<String, CliError> {
    let failed = |source| CliError::File {
        what: "read",
        path: path.display().to_string(),
        source,
    };
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(failed)?;
        return Ok(text);
    }
    std::fs::read_to_string(path).map_err(failed)
}
