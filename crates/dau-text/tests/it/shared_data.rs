//! Finds the shared data of the project's developers, real text that is not part of the repository.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

/// Returns the path of a file of the shared data, or says that a test goes without it.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("DAU_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let path = root.join(name);
    if path.exists() {
        return Some(path);
    }
    println!("shared data not present: skipped {name}");
    None
}

/// Returns the lines of a text file of the shared data.
pub(crate) fn lines(name: &str) -> Option<Vec<String>> {
    let text = fs::read_to_string(find(name)?).expect("shared text is readable UTF-8");
    Some(text.lines().map(str::to_owned).collect())
}

/// Returns the strings of about the first `bytes` of a compressed JSON-lines file of the shared data.
pub(crate) fn strings(name: &str, bytes: usize) -> Option<Vec<String>> {
    let file = File::open(find(name)?).expect("shared data can be opened");
    let reader = BufReader::new(zstd::Decoder::new(file).expect("shared data is compressed"));
    let (mut texts, mut size) = (Vec::new(), 0);
    for line in reader.lines() {
        let line = line.expect("shared data is UTF-8");
        let Ok(serde_json::Value::Object(document)) = serde_json::from_str(&line) else {
            continue;
        };
        for value in document.into_iter().map(|(_, value)| value) {
            if let serde_json::Value::String(text) = value {
                size += text.len();
                texts.push(text);
            }
        }
        if size > bytes {
            break;
        }
    }
    Some(texts)
}
