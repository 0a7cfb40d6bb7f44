//! What a run was: machine, versions, date, command; and the files that keep it.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::Value;

/// Circumstances of a run.
#[derive(Debug, Clone, Serialize)]
pub struct Circumstances {
    /// Date and time in UTC, to the second.
    pub date: String,
    /// The command line, without the folder of the program.
    pub command: String,
    /// Model name of the processor.
    pub processor: String,
    /// Processors that this process may use.
    pub cores: usize,
    /// Main memory, bytes; 0 where it cannot be told.
    pub memory: u64,
    /// Operating system and architecture.
    pub system: String,
    /// Output of `rustc --version`.
    pub rustc: String,
    /// Version of the measured `dau`.
    pub dau: String,
    /// Version of tantivy, of both sides.
    pub tantivy: String,
    /// Commit of the working tree; `+` marks changes that are not committed.
    pub commit: String,
    /// Mean number of processes that wanted to run during the last minute, before the run: above 0.5, times are doubtful.
    pub load: String,
}

impl Circumstances {
    /// Finds out what can be found out; what cannot is called "unknown".
    #[must_use]
    pub fn now() -> Self {
        let arguments = std::env::args().enumerate().map(|(index, argument)| {
            if index == 0 {
                Path::new(&argument).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
            } else {
                argument
            }
        });
        let changed = !output("git", &["status", "--porcelain"]).is_empty();
        Self {
            date: jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            command: arguments.collect::<Vec<_>>().join(" "),
            processor: line_of("/proc/cpuinfo", "model name"),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory: line_of("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1024,
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            rustc: known(output("rustc", &["--version"])),
            dau: env!("CARGO_PKG_VERSION").to_owned(),
            tantivy: tantivy::version_string().to_owned(),
            commit: known(output("git", &["rev-parse", "--short=12", "--verify", "--quiet", "HEAD"]))
                + if changed { "+" } else { "" },
            load: std::fs::read_to_string("/proc/loadavg")
                .ok()
                .and_then(|text| text.split(' ').next().map(str::to_owned))
                .unwrap_or_else(|| "unknown".to_owned()),
        }
    }

    /// Returns a Markdown list.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        let memory = format!("{:.0} GB", self.memory as f64 / 1e9);
        for (name, value) in [
            ("date", &self.date),
            ("command", &format!("`{}`", self.command)),
            ("machine", &format!("{}, {} cores, {memory}, {}", self.processor, self.cores, self.system)),
            ("load before the run", &self.load),
            ("versions", &format!("dau {}, {}, {}", self.dau, self.tantivy, self.rustc)),
            ("commit", &self.commit),
        ] {
            writeln!(text, "- {name}: {value}").expect("writing to a string cannot fail");
        }
        text
    }
}

/// Writes a record beside each other: `FILE` in Markdown, and with the ending `.json` the figures.
///
/// # Errors
/// A file cannot be written.
pub fn write(file: &Path, title: &str, tables: &str, figures: &Value) -> Result<()> {
    let circumstances = Circumstances::now();
    let text = format!("# {title}\n\n{}\n{tables}", circumstances.markdown());
    let json = serde_json::json!({ "circumstances": circumstances, "figures": figures });
    for (path, content) in [(file.with_extension("md"), text), (file.with_extension("json"), format!("{json:#}\n"))] {
        std::fs::write(&path, content).with_context(|| format!("cannot write the record {}", path.display()))?;
    }
    Ok(())
}

fn output(program: &str, arguments: &[&str]) -> String {
    Command::new(program)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .ok()
        .filter(|output| output.status.success())
        .map_or_else(String::new, |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn known(text: String) -> String {
    if text.is_empty() { "unknown".to_owned() } else { text }
}

fn line_of(file: &str, name: &str) -> String {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let value = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(key, _)| key.trim() == name)
        .map_or("", |(_, value)| value.trim());
    known(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_are_written() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("2026-01-01-quality.md");
        write(&file, "Quality", "| a |\n", &serde_json::json!({"a": 1})).expect("a record");
        let text = std::fs::read_to_string(&file).expect("the Markdown file");
        assert!(text.starts_with("# Quality\n\n- date: 2"), "{text}");
        assert!(text.contains("tantivy v0.27"), "{text}");
        let json = std::fs::read_to_string(file.with_extension("json")).expect("the JSON file");
        let json: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json["figures"]["a"], 1);
    }
}
