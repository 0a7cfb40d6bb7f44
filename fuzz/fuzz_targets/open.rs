//! Opening a folder whose description file, and perhaps the list of segments, is anything at all: an error or an index, no panic.

#![no_main]

use std::fs;

use arbitrary::Arbitrary;
use dau::{Index, Search};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, Arbitrary)]
struct Folder<'a> {
    description: &'a [u8],
    segments: Option<&'a [u8]>,
}

fuzz_target!(|folder: Folder<'_>| {
    let dir = tempfile::tempdir().expect("a temporary folder: the fuzzer's own need");
    fs::write(dir.path().join("dau.json"), folder.description).expect("the temporary folder is writable");
    if let Some(segments) = folder.segments {
        fs::write(dir.path().join("meta.json"), segments).expect("the temporary folder is writable");
    }
    if let Ok(index) = Index::open(dir.path()) {
        let _ = index.search(&Search::new("hà nội"));
    }
});
