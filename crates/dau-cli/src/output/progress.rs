//! The progress of long work, on standard error, and only on a terminal.

use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{complain, note};
use crate::input::Meter;
use crate::resolve::Settings;

/// Work that ends before this shows no bar.
const PATIENCE: Duration = Duration::from_millis(800);
/// Between two looks at the clock, in records.
const STEP: u64 = 64;

/// A bar that appears when work takes long; and the way to say something while it is there.
#[derive(Debug)]
pub(crate) struct Progress<'a> {
    settings: &'a Settings,
    meter: Arc<Meter>,
    start: Instant,
    records: u64,
    bar: Option<ProgressBar>,
}

impl<'a> Progress<'a> {
    /// Starts the clock.
    pub(crate) fn new(settings: &'a Settings, meter: Arc<Meter>) -> Progress<'a> {
        Progress { settings, meter, start: Instant::now(), records: 0, bar: None }
    }

    /// Notes that one more record is done.
    pub(crate) fn record(&mut self) {
        self.records += 1;
        if self.settings.err.terminal && self.records.is_multiple_of(STEP) {
            self.draw();
        }
    }

    fn draw(&mut self) {
        if self.bar.is_none() {
            if self.start.elapsed() < PATIENCE {
                return;
            }
            self.bar = Some(bar(self.meter.expected()));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.meter.raw());
            bar.set_message(format!("{} records", super::human::grouped(self.records)));
        }
    }

    /// Says what is being done now that reading has ended.
    pub(crate) fn stage(&self, name: &'static str) {
        if let Some(bar) = &self.bar {
            bar.set_message(name);
            bar.tick();
        }
    }

    /// Tells of a problem with one record, past the bar.
    pub(crate) fn problem(&self, text: &str) {
        let line = format!("{}\n", super::escape::text(text));
        match &self.bar {
            Some(bar) => bar.suspend(|| note(self.settings, &line)),
            None => note(self.settings, &line),
        }
    }

    /// Warns, past the bar.
    pub(crate) fn warn(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| complain(self.settings, "warning", text)),
            None => complain(self.settings, "warning", text),
        }
    }

    /// Takes the bar away and gives the time since the start.
    pub(crate) fn finish(&self) -> Duration {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.start.elapsed()
    }
}

fn bar(expected: u64) -> ProgressBar {
    let (bar, template) = if expected > 0 {
        let template = "{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta} {msg}";
        (ProgressBar::new(expected), template)
    } else {
        (ProgressBar::no_length(), "{spinner} {bytes} {bytes_per_sec} {msg}")
    };
    bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(8));
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
