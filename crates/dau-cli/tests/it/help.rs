//! The whole help text is a snapshot: every change of it is seen and meant.

use crate::program::Folder;

const COMMANDS: [&str; 14] = [
    "index",
    "search",
    "get",
    "delete",
    "analyze",
    "stats",
    "schema",
    "synonyms",
    "bench",
    "check",
    "optimize",
    "export",
    "completions",
    "man",
];

#[test]
fn help_of_every_command() {
    let folder = Folder::new();
    let mut all = folder.run(["--help"]).ends(0).out;
    for command in COMMANDS {
        assert!(all.contains(&format!("  {command} ")), "{command} is not listed");
        let help = folder.run([command, "--help"]).ends(0).out;
        all += &format!("\n==== {command}\n\n{help}");
    }
    insta::assert_snapshot!(all);
}
