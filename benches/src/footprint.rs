//! What a process has used: processor time, memory, bytes on disk. From `/proc`, so Linux only; elsewhere an error.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Returns the processor time that this process has used so far with all its threads, in seconds, to 10 ms.
///
/// # Errors
/// The system has no `/proc/self/stat`.
pub fn processor_seconds() -> Result<f64> {
    // The kernel gives these times to user space in hundredths of a second on every architecture.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").context("cannot read /proc/self/stat")?;
    // The second field is the program's name in parentheses and may hold spaces; user and system time are 14 and 15.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = |index: usize| -> Option<f64> { fields.split_whitespace().nth(index - 3)?.parse().ok() };
    let (user, system) = ticks(14).zip(ticks(15)).context("/proc/self/stat has no processor times")?;
    Ok((user + system) / TICKS_PER_SECOND)
}

/// Returns the most memory that this process has had resident so far, in bytes, mapped files included.
///
/// # Errors
/// The system has no `/proc/self/status`.
pub fn peak_memory() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status").context("cannot read /proc/self/status")?;
    let kilobytes: u64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok())
        .context("/proc/self/status has no VmHWM")?;
    Ok(kilobytes * 1024)
}

/// Returns the bytes of the files of an index folder by their endings: `store`, `pos`, `idx`, `term`; other files by name.
///
/// # Errors
/// The folder cannot be read.
pub fn bytes_by_part(folder: &Path) -> Result<BTreeMap<String, u64>> {
    let mut parts = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            for (part, bytes) in bytes_by_part(&path)? {
                *parts.entry(part).or_default() += bytes;
            }
            continue;
        }
        let part = path.extension().unwrap_or_else(|| path.file_name().unwrap_or_default());
        *parts.entry(part.to_string_lossy().into_owned()).or_default() += entry.metadata()?.len();
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_summed_up_by_ending() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("in")).expect("a folder");
        for (name, bytes) in [("a.pos", 3), ("b.pos", 4), ("in/c.pos", 5), ("meta", 1)] {
            fs::write(folder.path().join(name), vec![0; bytes]).expect("a small file");
        }
        let parts = bytes_by_part(folder.path()).expect("a folder");
        assert_eq!(parts["pos"], 12);
        assert_eq!(parts["meta"], 1);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_used_something() {
        assert!(peak_memory().expect("Linux") > 1 << 20);
        let before = processor_seconds().expect("Linux");
        let start = std::time::Instant::now();
        while start.elapsed().as_millis() < 60 {
            std::hint::black_box(start);
        }
        assert!(processor_seconds().expect("Linux") > before);
    }
}
