//! Asks an engine all commands for all queries, compares what it counts, and takes the time of each answer.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::{Accents, COMMANDS, Query, line};
use crate::latency::Latency;

/// Something that answers a line of the protocol with a line.
pub type Answer<'a> = dyn FnMut(&str) -> Result<String> + 'a;

/// An answer that is not what it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What was asked: a command, a tab, a query.
    pub line: String,
    /// What the answer must be.
    pub expected: u64,
    /// What it was.
    pub answer: String,
}

/// What came of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The wrong answers, each line once.
    pub wrong: Vec<Wrong>,
    /// The times for each kind of query, one for each of [`COMMANDS`], with the documents that its queries must find together.
    pub times: BTreeMap<String, [Latency; COMMANDS.len()]>,
}

/// Asks each command for each query `repeat` times; the best time counts, the first answer is compared.
///
/// # Errors
/// The engine does not answer.
pub fn run(queries: &[Query], counts: &[u64], repeat: usize, answer: &mut Answer<'_>) -> Result<Outcome> {
    let mut wrong = Vec::new();
    let mut best: BTreeMap<&str, ([Vec<u64>; COMMANDS.len()], u64)> = BTreeMap::new();
    for (query, &count) in queries.iter().zip(counts) {
        let (times, found) = best.entry(&query.kind).or_default();
        *found += count;
        for (command, times) in COMMANDS.into_iter().zip(times) {
            let line = line(command, query);
            // TOP_10 alone counts nothing: the protocol has it answer 1.
            let expected = if command.ends_with("COUNT") { count } else { 1 };
            let mut least = u64::MAX;
            for round in 0..repeat.max(1) {
                let start = Instant::now();
                let answer = answer(&line)?;
                least = least.min(u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX));
                if round == 0 && answer.trim() != expected.to_string() {
                    wrong.push(Wrong { line: line.clone(), expected, answer });
                }
            }
            times.push(least);
        }
    }
    let times = best.into_iter().map(|(kind, (times, found))| {
        let found = usize::try_from(found).unwrap_or(usize::MAX);
        (kind.to_owned(), times.map(|times| Latency::of(times, found)))
    });
    Ok(Outcome { wrong, times: times.collect() })
}

/// `dau bench --protocol game` as a process of its own.
#[derive(Debug)]
pub struct Process {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Process {
    /// Starts the program on an index.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(program: &Path, index: &Path, accents: Accents) -> Result<Self> {
        let mut command = Command::new(program);
        command.arg("--index").arg(index).args(["bench", "--protocol", "game", "--accents", accents.as_str()]);
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = started.with_context(|| format!("cannot start {}", program.display()))?;
        let to = child.stdin.take().context("the program has no standard input")?;
        let from = child.stdout.take().context("the program has no standard output")?;
        Ok(Self { child, to, from: BufReader::new(from) })
    }

    /// Asks a line and waits for its answer.
    ///
    /// # Errors
    /// The program has ended.
    pub fn ask(&mut self, line: &str) -> Result<String> {
        self.to.write_all(format!("{line}\n").as_bytes()).with_context(|| format!("cannot ask {line:?}"))?;
        let mut answer = String::new();
        let read = self.from.read_line(&mut answer).with_context(|| format!("no answer to {line:?}"))?;
        ensure!(read > 0, "the program ended instead of answering {line:?}");
        Ok(answer.trim_end().to_owned())
    }

    /// Closes the program's input and waits for its end.
    ///
    /// # Errors
    /// It ends with an error.
    pub fn finish(self) -> Result<()> {
        let Self { mut child, to, from } = self;
        drop((to, from));
        let status = child.wait()?;
        ensure!(status.success(), "dau bench --protocol game ended with {status}");
        Ok(())
    }
}
