//! The program in a folder of its own, with an empty environment.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// News, law and goods; written for these tests.
pub(crate) const SAMPLE: &str = r#"{"id":"n1","title":"Tô Lâm thăm Bắc Kinh","body":"Tổng Bí thư Tô Lâm đến Bắc Kinh sáng nay.","date":"2024-08-18","category":"thời sự","price":0}
{"id":"n2","title":"Giá vàng tăng","body":"Giá vàng trong nước tăng mạnh.","date":"2024-09-01","category":"kinh tế","price":80}
{"id":"n3","title":"Nghị định mới","body":"Nghị định 15/2020/NĐ-CP quy định xử phạt.","date":"2020-02-03","category":"pháp luật","price":12}
{"id":"n4","title":"Ấm chén Bát Tràng","body":"Bộ ấm chén gốm, men ngọc.","date":"2023-01-05","category":"kinh tế","price":450}
"#;

/// Says in the test's output that a part was skipped, and why.
#[expect(clippy::print_stderr, reason = "a test may tell what it did not test")]
pub(crate) fn note(text: &str) {
    eprintln!("{text}");
}

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    fn new(output: Output) -> Run {
        Run {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        }
    }

    /// Fails with all that was printed unless the exit code is this.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Run {
        assert_eq!(self.code, Some(code), "out:\n{}\nerr:\n{}", self.out, self.err);
        self
    }

    /// Fails unless the messages hold this.
    #[track_caller]
    pub(crate) fn says(self, part: &str) -> Run {
        assert!(self.err.contains(part), "expected {part:?} in:\n{}", self.err);
        self
    }

    /// The output as one JSON value.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in:\n{}", self.out))
    }

    /// Each line of the output as a JSON value.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in:\n{line}"));
        self.out.lines().map(parse).collect()
    }
}

/// A temporary folder that the program runs in.
pub(crate) struct Folder {
    root: TempDir,
}

impl Folder {
    /// An empty folder.
    pub(crate) fn new() -> Folder {
        Folder { root: tempfile::tempdir().expect("a temporary folder") }
    }

    /// A folder with the sample indexed in it.
    pub(crate) fn with_sample() -> Folder {
        let folder = Folder::new();
        folder.write("sample.jsonl", SAMPLE);
        folder.run(["index", "sample.jsonl", "--kind", "category=keyword"]).ends(0);
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.root.path()
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("folders");
        fs::write(&path, bytes).expect("a file");
        path
    }

    /// The program, not yet started.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dau"));
        command.args(arguments).current_dir(self.path()).env_clear().stdin(Stdio::null());
        // Nothing above the temporary folder is to be taken for its index.
        command.env("DAU_INDEX", self.path().join("index"));
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Run {
        Run::new(self.command(arguments).output().expect("the program starts"))
    }

    /// Runs the program with this on its standard input.
    pub(crate) fn run_with<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>, input: &[u8]) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        std::thread::scope(|scope| {
            // A program that stops reading breaks the pipe; what it printed tells why.
            scope.spawn(move || drop(stdin.write_all(input)));
            Run::new(child.wait_with_output().expect("the program ends"))
        })
    }

    /// How many documents the index holds, by its own account.
    #[track_caller]
    pub(crate) fn documents(&self) -> u64 {
        let stats = self.run(["stats", "--format", "json"]).ends(0).json();
        stats["documents"].as_u64().expect("a number")
    }

    /// The ids that a search finds, best first.
    #[track_caller]
    pub(crate) fn found(&self, query: &str) -> Vec<String> {
        let run = self.run(["search", "--format", "json", "--", query]);
        let hits = run.json()["hits"].as_array().expect("hits").clone();
        hits.iter().map(|hit| hit["id"].as_str().expect("an id").to_owned()).collect()
    }
}
