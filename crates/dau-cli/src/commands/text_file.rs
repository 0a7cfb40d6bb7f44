//! Small files that belong to a command: read whole.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result};

/// Reads a file of text; `-` is standard input. `what` is in it, for messages.
pub(super) fn read(path: &Path, what: &str) -> Result<String> {
    let shown = path.display();
    let bytes = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    let bytes = bytes.with_context(|| format!("cannot read the {what} {shown}"))?;
    String::from_utf8(bytes).with_context(|| format!("the {what} {shown} are not UTF-8"))
}
