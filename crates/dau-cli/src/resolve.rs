//! From what was typed and what the environment says to settings. The only place that reads environment variables.

use std::env;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use crate::args::{Global, When};

/// The folder of an index when nothing else is said.
const FOLDER: &str = ".dau";
/// Columns when there is no terminal to ask.
const WIDTH: usize = 80;

/// What is read from outside.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    /// `DAU_INDEX`, unless empty.
    pub(crate) index: Option<PathBuf>,
    /// `NO_COLOR` is set and not empty.
    pub(crate) no_color: bool,
    /// The folder the program was started in.
    pub(crate) folder: PathBuf,
    /// Standard input is a terminal.
    pub(crate) stdin: bool,
    /// Standard output is a terminal that understands styles.
    pub(crate) stdout: bool,
    /// Standard error is a terminal that understands styles.
    pub(crate) stderr: bool,
    /// Columns of the terminal.
    pub(crate) width: Option<usize>,
}

impl Environment {
    /// Asks the system.
    pub(crate) fn read() -> Environment {
        let set = |name| env::var_os(name).filter(|value| !value.is_empty());
        Environment {
            index: set("DAU_INDEX").map(PathBuf::from),
            no_color: set("NO_COLOR").is_some(),
            folder: env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
            stdin: io::stdin().is_terminal(),
            stdout: io::stdout().is_terminal(),
            stderr: io::stderr().is_terminal(),
            width: terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)),
        }
    }
}

/// Settings of every command.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The folder of the index, whether it exists or not.
    pub(crate) index: PathBuf,
    /// Standard input is a terminal: whoever is to type must know.
    pub(crate) stdin_terminal: bool,
    /// How standard output is written.
    pub(crate) out: Stream,
    /// How standard error is written.
    pub(crate) err: Stream,
    /// Columns to wrap text to.
    pub(crate) width: usize,
}

/// How one of the standard streams is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stream {
    /// It is a terminal: what is not ours is escaped.
    pub(crate) terminal: bool,
    /// Styles may be used.
    pub(crate) styled: bool,
}

impl Settings {
    /// Joins what was typed with what the environment says; what was typed wins.
    pub(crate) fn new(global: &Global, environment: &Environment) -> Settings {
        let stream = |terminal| Stream {
            terminal,
            styled: match global.color {
                When::Always => true,
                When::Never => false,
                When::Auto => terminal && !environment.no_color,
            },
        };
        Settings {
            index: index_folder(global.index.as_ref(), environment),
            stdin_terminal: environment.stdin,
            out: stream(environment.stdout),
            err: stream(environment.stderr),
            width: environment.width.unwrap_or(WIDTH).clamp(20, 120),
        }
    }
}

fn index_folder(typed: Option<&PathBuf>, environment: &Environment) -> PathBuf {
    typed
        .or(environment.index.as_ref())
        .cloned()
        .or_else(|| nearest(&environment.folder))
        .unwrap_or_else(|| PathBuf::from(FOLDER))
}

/// Finds the index's folder here or in the nearest folder above.
fn nearest(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(FOLDER)).find(|path| path.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn global(index: Option<&str>, color: When) -> Global {
        Global { index: index.map(PathBuf::from), color }
    }

    #[test]
    fn option_before_variable_before_nearest_folder() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let inner = root.path().join("a/b");
        std::fs::create_dir_all(&inner).expect("folders");
        let environment = |index: Option<&str>| Environment {
            index: index.map(PathBuf::from),
            folder: inner.clone(),
            ..Environment::default()
        };
        let folder = |typed, variable| Settings::new(&global(typed, When::Auto), &environment(variable)).index;
        assert_eq!(folder(Some("x"), Some("y")), PathBuf::from("x"));
        assert_eq!(folder(None, Some("y")), PathBuf::from("y"));
        assert_eq!(folder(None, None), PathBuf::from(".dau"));
        std::fs::create_dir(root.path().join(".dau")).expect("a folder");
        assert_eq!(folder(None, None), root.path().join(".dau"));
        std::fs::create_dir(inner.join(".dau")).expect("a folder");
        assert_eq!(folder(None, None), inner.join(".dau"));
    }

    #[test]
    fn colour() {
        let styled = |color, stdout, no_color| {
            let environment = Environment { stdout, no_color, ..Environment::default() };
            Settings::new(&global(None, color), &environment).out.styled
        };
        assert!(styled(When::Auto, true, false));
        assert!(!styled(When::Auto, true, true));
        assert!(!styled(When::Auto, false, false));
        assert!(styled(When::Always, false, true));
        assert!(!styled(When::Never, true, false));
    }
}
