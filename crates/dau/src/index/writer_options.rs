//! How a writer uses the machine: threads and memory.

use crate::error::{Error, ErrorKind, Result};

/// The storage layer refuses less than this for each thread.
const LEAST_BYTES_A_THREAD: usize = 15_000_000;
/// The storage layer refuses this much or more for each thread.
const MOST_BYTES_A_THREAD: usize = 4_000_000_000;
const MOST_THREADS: usize = 8;
/// More threads seldom help: documents come from one caller.
const DEFAULT_THREADS: usize = 4;
const DEFAULT_MEMORY: usize = 256 << 20;

/// How a [`Writer`](super::Writer) uses the machine.
#[derive(Clone, Debug)]
pub struct WriterOptions {
    threads: Option<usize>,
    memory: usize,
}

impl Default for WriterOptions {
    fn default() -> WriterOptions {
        WriterOptions { threads: None, memory: DEFAULT_MEMORY }
    }
}

impl WriterOptions {
    /// Returns the default options: as many threads as the machine has cores but 4 at most, and 256 MiB.
    pub fn new() -> WriterOptions {
        WriterOptions::default()
    }

    /// Sets the number of indexing threads, 1 to 8.
    pub fn threads(mut self, threads: usize) -> WriterOptions {
        self.threads = Some(threads);
        self
    }

    /// Sets the memory that documents may take before they are written out, in bytes, for all threads together.
    pub fn memory(mut self, bytes: usize) -> WriterOptions {
        self.memory = bytes;
        self
    }

    /// Returns threads and bytes a thread.
    pub(super) fn resolve(&self) -> Result<(usize, usize)> {
        let fits = (self.memory / LEAST_BYTES_A_THREAD).max(1);
        let threads = match self.threads {
            Some(threads) => threads,
            None => std::thread::available_parallelism().map_or(1, usize::from).min(DEFAULT_THREADS).min(fits),
        };
        if !(1..=MOST_THREADS).contains(&threads) {
            let message = format!("{threads} indexing threads: expected 1 to {MOST_THREADS}");
            return Err(Error::new(ErrorKind::Argument, message));
        }
        if self.memory / threads < LEAST_BYTES_A_THREAD {
            let least = LEAST_BYTES_A_THREAD * threads;
            let message =
                format!("{} bytes of memory for {threads} indexing threads: expected {least} or more", self.memory);
            return Err(Error::new(ErrorKind::Argument, message));
        }
        Ok((threads, (self.memory / threads).min(MOST_BYTES_A_THREAD - 1)))
    }
}
