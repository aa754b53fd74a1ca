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
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().read_to_end(&mut bytes).map_err(failed)?;
    } else {
        bytes = std::fs::read(path).map_err(failed)?;
    }
    String::from_utf8(bytes).map_err(|error| {
        let sound = error
            .as_bytes()
            .iter()
            .take(error.utf8_error().valid_up_to());
        CliError::NotText {
            path: path.display().to_string(),
            line: 1 + sound.filter(|byte| **byte == b'\n').count(),
        }
    })
}
