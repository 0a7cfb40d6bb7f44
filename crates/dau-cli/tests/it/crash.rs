//! Killed at any moment, the index opens at its last commit and nothing committed is lost.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::Stdio;

use crate::program::Folder;

/// Records a commit.
const EVERY: usize = 3;

#[test]
fn killed_during_commits() {
    let rounds = if std::env::var_os("DAU_LONG_TESTS").is_some_and(|value| value == "1") { 50 } else { 5 };
    let folder = Folder::new();
    folder.run_with(["index"], b"{\"id\":\"r0-0\",\"title\":\"first\"}\n").ends(0);
    let mut kept = export(&folder);
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    for round in 1..=rounds {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let seen = killed(&folder, round, (seed % 40) as usize, (seed >> 32) as usize % 5000);
        folder.run(["check"]).ends(0);
        let now = export(&folder);
        assert!(now.is_superset(&kept), "round {round}: committed documents are gone");
        let new: BTreeSet<String> = now.difference(&kept).cloned().collect();
        assert!(new.len() >= seen, "round {round}: {seen} were visible before the kill, {} are left", new.len());
        assert_eq!(new.len() % EVERY, 0, "round {round}: part of a commit: {new:?}");
        let expected: BTreeSet<String> = (0..new.len()).map(|at| format!("r{round}-{at}")).collect();
        assert_eq!(new, expected, "round {round}: not the first records");
        kept = now;
    }
    // And writing goes on.
    folder.run_with(["index"], b"{\"id\":\"last\",\"title\":\"last\"}\n").ends(0);
    assert_eq!(folder.documents(), kept.len() as u64 + 1);
}

/// Lets the program commit a few times and kills it. The moment is random twice over: so many documents have been seen, and
/// then so many turns of an empty loop pass. Gives the number of documents of this round that were seen.
fn killed(folder: &Folder, round: usize, wait_for: usize, turns: usize) -> usize {
    let every = EVERY.to_string();
    let mut child = folder
        .command(["index", "--commit-every", &every, "--threads", "1", "--memory", "16M"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("a pipe");
    let feeder = std::thread::spawn(move || {
        for at in 0..100_000 {
            // The kill breaks the pipe.
            if writeln!(input, "{{\"id\":\"r{round}-{at}\",\"title\":\"vòng {round} số {at}\"}}").is_err() {
                break;
            }
        }
    });
    let mut seen = 0;
    while seen < wait_for {
        let now = (seen..).take_while(|at| folder.run(["get", &format!("r{round}-{at}")]).code == Some(0)).count();
        seen += now;
    }
    for turn in 0..turns {
        std::hint::black_box(turn);
        std::thread::yield_now();
    }
    child.kill().expect("the program runs");
    child.wait().expect("the program ends");
    feeder.join().expect("the feeder ends");
    seen
}

fn export(folder: &Folder) -> BTreeSet<String> {
    let documents = folder.run(["export"]).ends(0).json_lines();
    documents.iter().map(|document| document["id"].as_str().expect("an id").to_owned()).collect()
}
