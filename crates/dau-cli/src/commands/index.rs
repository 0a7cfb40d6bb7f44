//! `dau index`: records from files into the index.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use dau::{ErrorKind, Index, Schema, Writer, WriterOptions};

use super::reading;
use crate::args::index::{Arguments, OnError};
use crate::error::Exit;
use crate::input::{Input, Item, Problem, Record};
use crate::output::progress::Progress;
use crate::output::{self, Out, human, json};
use crate::resolve::Settings;

/// What was done, as `--json` prints it.
#[derive(Debug, Default, serde::Serialize)]
struct Summary {
    /// Documents indexed, those that replaced others included.
    indexed: u64,
    /// Indexed documents that replaced one of the same id.
    replaced: u64,
    /// Records that could not be read or indexed.
    skipped: u64,
    /// Bytes read, unpacked.
    bytes: u64,
    /// Seconds from start to last commit.
    seconds: f64,
}

/// Adds or replaces documents.
pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit> {
    if arguments.on_error == OnError::Stop && arguments.commit_every.is_some() {
        bail!("--commit-every and --on-error stop contradict each other: stop commits nothing when a record is bad");
    }
    if arguments.paths.is_empty() && settings.stdin_terminal {
        output::note(settings, "reading records from standard input; a PATH would name a file or folder\n");
    }
    let mut input = Input::new(&arguments.paths, reading::options(&arguments.reading, settings));
    let meter = input.meter();
    let mut run = Run {
        arguments,
        settings,
        progress: Progress::new(settings, input.meter()),
        summary: Summary::default(),
        uncommitted: 0,
    };
    let was_there = settings.index.exists();
    let outcome = run.go(&mut input);
    let took = run.progress.finish();
    if outcome.is_err() || run.stopped() {
        remove_if_new(&settings.index, was_there);
    }
    outcome?;
    run.summary.bytes = meter.unpacked();
    run.report(took)
}

struct Run<'a> {
    arguments: &'a Arguments,
    settings: &'a Settings,
    progress: Progress<'a>,
    summary: Summary,
    /// Records given to the writer since its last commit.
    uncommitted: usize,
}

impl Run<'_> {
    /// Reads everything and commits it.
    fn go(&mut self, input: &mut Input) -> Result<()> {
        let (index, sample) = match self.existing()? {
            Some(index) => (index, Vec::new()),
            None => match self.schema(input)? {
                Some((schema, sample)) => (Index::create(&self.settings.index, schema)?, sample),
                None => return Ok(()),
            },
        };
        let mut options = WriterOptions::new();
        if let Some(threads) = self.arguments.threads {
            options = options.threads(threads);
        }
        if let Some(memory) = self.arguments.memory {
            options = options.memory(memory);
        }
        let mut writer = index.writer_with(&options)?;
        for item in sample.into_iter().chain(input) {
            self.take(&mut writer, item)?;
            if self.stopped() {
                writer.rollback()?;
                return Ok(());
            }
        }
        self.progress.stage("writing");
        self.commit(&mut writer)?;
        self.progress.stage("merging");
        writer.wait_merges()?;
        Ok(())
    }

    /// Opens the index if there is one, and sees that what was typed does not contradict its schema.
    fn existing(&self) -> Result<Option<Index>> {
        let index = match Index::open(&self.settings.index) {
            Ok(index) => index,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let asked = match self.written_schema()? {
            Some(schema) => schema,
            None => reading::apply(index.schema().clone(), &self.arguments.choice)?,
        };
        if asked != *index.schema() {
            bail!(
                "the index in {} has another schema, which cannot be changed; `dau schema` prints it, and --index DIR \
                 names a new index",
                self.settings.index.display()
            );
        }
        Ok(Some(index))
    }

    fn written_schema(&self) -> Result<Option<Schema>> {
        let Some(path) = &self.arguments.schema else {
            return Ok(None);
        };
        let text = fs::read_to_string(path).with_context(|| format!("cannot read the schema {}", path.display()))?;
        let schema = Schema::from_toml(&text).with_context(|| path.display().to_string())?;
        Ok(Some(schema))
    }

    /// The schema of a new index, and what was read of the input for it; `None` when there is no record to infer one from.
    fn schema(&mut self, input: &mut Input) -> Result<Option<(Schema, Vec<Item>)>> {
        if let Some(schema) = self.written_schema()? {
            return Ok(Some((schema, Vec::new())));
        }
        let sample = reading::sample(input, |problem| {
            self.tell(problem);
            !self.stopped()
        });
        if sample.is_empty() {
            return Ok(None);
        }
        let schema = reading::infer(&sample, &self.arguments.choice)?;
        let toml = schema.to_toml();
        output::note(
            self.settings,
            &format!("# inferred schema; --schema FILE or --kind FIELD=KIND changes it\n{toml}\n"),
        );
        Ok(Some((schema, sample)))
    }

    fn take(&mut self, writer: &mut Writer, item: Item) -> Result<()> {
        match item {
            Err(problem) => self.tell(&problem),
            Ok(Record { fields, place }) => match writer.add_map(fields) {
                Ok(()) => {
                    self.uncommitted += 1;
                    self.progress.record();
                    if self.arguments.commit_every.is_some_and(|every| self.uncommitted >= every) {
                        self.commit(writer)?;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Document => {
                    self.summary.skipped += 1;
                    self.progress.problem(&format!("{place}: {error}"));
                }
                Err(error) => return Err(error.into()),
            },
        }
        Ok(())
    }

    /// Counts and tells a record that could not be read.
    fn tell(&mut self, problem: &Problem) {
        self.summary.skipped += 1;
        self.progress.problem(&problem.to_string());
    }

    fn commit(&mut self, writer: &mut Writer) -> Result<()> {
        let commit = writer.commit()?;
        self.summary.indexed += commit.added;
        self.summary.replaced += commit.replaced;
        self.uncommitted = 0;
        Ok(())
    }

    fn stopped(&self) -> bool {
        self.arguments.on_error == OnError::Stop && self.summary.skipped > 0
    }

    fn report(mut self, took: Duration) -> Result<Exit> {
        self.summary.seconds = took.as_secs_f64();
        if self.stopped() {
            self.progress.warn("stopped at the first bad record: nothing was committed");
        }
        if self.arguments.json {
            json::compact(&mut Out::new(self.settings), &self.summary)?;
        } else {
            output::note(self.settings, &format!("{}\n", self.summary.sentence()));
        }
        Ok(if self.summary.skipped > 0 { Exit::Failed } else { Exit::Done })
    }
}

impl Summary {
    fn sentence(&self) -> String {
        let count = |number, one: &str, many: &str| match number {
            1 => format!("1 {one}"),
            number => format!("{} {many}", human::grouped(number)),
        };
        let mut text = format!("{} indexed", count(self.indexed, "document", "documents"));
        if self.replaced > 0 {
            text += &format!(", {} of them replaced", human::grouped(self.replaced));
        }
        if self.skipped > 0 {
            text += &format!(", {} skipped", count(self.skipped, "record", "records"));
        }
        format!("{text}; {} bytes in {:.1} s", human::grouped(self.bytes), self.seconds)
    }
}

/// Takes an index away that this run has made and to which nothing was committed: the next run shall infer anew.
fn remove_if_new(folder: &Path, was_there: bool) {
    if was_there {
        return;
    }
    let is_empty =
        Index::open(folder).and_then(|index| index.searcher()).is_ok_and(|searcher| searcher.document_count() == 0);
    if is_empty {
        // Whoever keeps the folder busy keeps it; an empty index does no harm.
        let _ = fs::remove_dir_all(folder);
    }
}
