//! The query that was probably meant.

use std::ops::Range;

/// The query with the words that were probably meant in the place of those that were typed.
pub(super) fn did_you_mean(query: &str, meant: &[(Range<usize>, String)]) -> Option<String> {
    let mut better = String::new();
    let mut done = 0;
    let mut meant: Vec<&(Range<usize>, String)> = meant.iter().collect();
    meant.sort_by_key(|(span, _)| span.start);
    for (span, word) in meant {
        better.push_str(query.get(done..span.start)?);
        better.push_str(word);
        done = span.end;
    }
    better.push_str(query.get(done..)?);
    (done > 0).then_some(better)
}
