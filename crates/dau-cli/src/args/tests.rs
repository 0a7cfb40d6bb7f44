//! Walks the tree of commands: what holds for each of them.

use std::collections::HashSet;

use clap::{Command, CommandFactory};

use super::Cli;

fn check_each(check: impl Fn(&Command)) {
    fn walk(command: &Command, check: &impl Fn(&Command)) {
        check(command);
        for inner in command.get_subcommands() {
            walk(inner, check);
        }
    }
    let mut command = Cli::command();
    command.build();
    walk(&command, &check);
}

#[test]
fn clap_itself_is_content() {
    Cli::command().debug_assert();
}

#[test]
fn everything_has_help() {
    check_each(|command| {
        assert!(command.get_about().is_some(), "{} has no help", command.get_name());
        for argument in command.get_arguments() {
            let has = argument.get_help().is_some_and(|help| !help.to_string().trim().is_empty());
            assert!(has, "{} {} has no help", command.get_name(), argument.get_id());
        }
    });
}

#[test]
fn long_names_are_kebab_case() {
    check_each(|command| {
        for long in command.get_arguments().filter_map(clap::Arg::get_long) {
            let kebab = long.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
            assert!(kebab && !long.starts_with('-'), "--{long}");
        }
    });
}

#[test]
fn no_letter_means_two_things_in_one_command() {
    check_each(|command| {
        let mut seen = HashSet::new();
        for short in command.get_arguments().filter_map(clap::Arg::get_short) {
            assert!(seen.insert(short), "-{short} twice in {}", command.get_name());
        }
    });
}

#[test]
fn short_help_is_a_line_and_ends_without_a_full_stop() {
    check_each(|command| {
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(!help.ends_with('.'), "{help}");
            assert!(help.chars().count() <= 80, "{help}");
            assert!(!help.contains('\n'), "{help}");
        }
    });
}

#[test]
fn short_help_fits_eighty_columns() {
    check_each(|command| {
        let help = command.clone().term_width(80).render_help().to_string();
        for line in help.lines() {
            assert!(line.chars().count() <= 80, "{}: {line}", command.get_name());
        }
    });
}
