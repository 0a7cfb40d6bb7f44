//! Answers for reading: titles, snippets with what was found in them, wrapped to the terminal.

use std::io::{self, Write};
use std::ops::Range;

use dau::{Facet, Fragment, Hit, Results};

use super::lines::plain;
use super::{BOLD, DIM, MATCH, Out, escape, wrap};

/// Names that a field with a title is likely to have, best first.
const TITLES: [&str; 9] = ["title", "tiêu đề", "tieu_de", "tieude", "name", "tên", "ten", "headline", "subject"];
/// What stands on both sides of what was found where there are no styles.
const SIGN: &str = "**";
/// Columns before a snippet.
const INDENT: usize = 4;

/// What to print of each hit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout<'a> {
    /// Fields to print; empty: title and snippets.
    pub(crate) show: &'a [String],
}

/// Writes all hits of a query, then the facets. `heading`: the query, in a batch.
pub(crate) fn answer(out: &mut Out, heading: Option<&str>, results: &Results, layout: Layout<'_>) -> io::Result<()> {
    if let Some(heading) = heading {
        let heading = escape::line(heading).into_owned();
        out.styled(BOLD, &heading)?;
        out.write_all(b"\n")?;
    }
    let count = match results.total {
        0 => "nothing found".to_owned(),
        1 => "1 document".to_owned(),
        total => format!("{} documents", grouped(total)),
    };
    let time = format!("{count} in {:.1} ms", results.took.as_secs_f64() * 1e3);
    out.styled(DIM, &time)?;
    out.write_all(b"\n")?;
    if let Some(better) = &results.did_you_mean {
        writeln!(out, "did you mean: {}", escape::line(better))?;
    }
    for hit in &results.hits {
        out.write_all(b"\n")?;
        one(out, hit, layout)?;
    }
    for facet in &results.facets {
        out.write_all(b"\n")?;
        one_facet(out, facet)?;
    }
    if heading.is_some() {
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn one(out: &mut Out, hit: &Hit, layout: Layout<'_>) -> io::Result<()> {
    let title = title(hit);
    write!(out, "{:>3} ", hit.rank)?;
    match &title {
        Some((name, text)) => {
            let spans = spans_in_whole(hit, name, text);
            marked(out, text, &spans, INDENT, BOLD)?;
        }
        None => {
            let id = escape::line(hit.id.as_deref().unwrap_or("(no id)")).into_owned();
            out.styled(BOLD, &id)?;
            out.write_all(b"\n")?;
        }
    }
    if let (Some(_), Some(id)) = (&title, &hit.id) {
        // Sorted hits, and those of a query without words, have no score.
        let score = if hit.score == 0.0 { String::new() } else { format!("   {:.3}", hit.score) };
        let line = format!("{}{}{score}", " ".repeat(INDENT), escape::line(id));
        out.styled(DIM, &line)?;
        out.write_all(b"\n")?;
    }
    let shown = title.as_ref().map(|(name, _)| *name);
    for name in layout.show.iter().filter(|name| Some(name.as_str()) != shown) {
        let value = plain(hit.document.get(name));
        if !value.is_empty() {
            let text = format!("{name}: {value}");
            write!(out, "{}", " ".repeat(INDENT))?;
            marked(out, &text, &[], INDENT, anstyle::Style::new())?;
        }
    }
    snippets(out, hit, shown)?;
    if let Some(explanation) = &hit.explanation {
        for line in explanation.to_string().lines() {
            writeln!(out, "{}{}", " ".repeat(INDENT), escape::line(line))?;
        }
    }
    Ok(())
}

/// Writes the fragments in which something was found; where that is the title alone, how the longest text begins.
fn snippets(out: &mut Out, hit: &Hit, title: Option<&str>) -> io::Result<()> {
    let all = || {
        let fields = hit.highlights.iter().filter(|(name, _)| Some(name.as_str()) != title);
        fields.flat_map(|(name, fragments)| fragments.iter().map(move |fragment| (name, fragment)))
    };
    let mut found = all().filter(|(_, fragment)| !fragment.spans.is_empty()).peekable();
    if found.peek().is_none() {
        let longest = all().max_by_key(|(_, fragment)| fragment.text.len());
        return longest.map_or(Ok(()), |(name, fragment)| snippet(out, hit, name, fragment));
    }
    found.try_for_each(|(name, fragment)| snippet(out, hit, name, fragment))
}

/// Writes a fragment; dots where the field's text goes on.
fn snippet(out: &mut Out, hit: &Hit, name: &str, fragment: &Fragment) -> io::Result<()> {
    let whole = plain(hit.document.get(name));
    let before = if fragment.start > 0 { "… " } else { "" };
    let goes_on = fragment.start + fragment.text.trim_end().len() < whole.trim_end().len();
    let after = if goes_on { " …" } else { "" };
    let text = format!("{before}{}{after}", fragment.text.trim_end());
    let shift = |span: &Range<usize>| span.start + before.len()..span.end + before.len();
    let spans: Vec<_> = fragment.spans.iter().map(shift).collect();
    write!(out, "{}", " ".repeat(INDENT))?;
    marked(out, &text, &spans, INDENT, anstyle::Style::new())
}

/// The first field that is a title by its name and has a text.
fn title(hit: &Hit) -> Option<(&'static str, String)> {
    TITLES.iter().find_map(|&name| {
        let text = plain(hit.document.get(name));
        (!text.trim().is_empty()).then_some((name, text))
    })
}

/// What was found in a field that is shown whole: the spans of its fragments, as offsets into all of its text.
fn spans_in_whole(hit: &Hit, name: &str, text: &str) -> Vec<Range<usize>> {
    let fragments = hit.highlights.get(name).into_iter().flatten();
    let stands = |fragment: &&Fragment| text.get(fragment.start..).is_some_and(|rest| rest.starts_with(&fragment.text));
    fragments
        .filter(stands)
        .flat_map(|fragment| {
            let shift = |span: &Range<usize>| span.start + fragment.start..span.end + fragment.start;
            fragment.spans.iter().map(shift)
        })
        .collect()
}

/// Writes text with marked spans from column `indent` on. Without styles the marks are asterisks.
fn marked(out: &mut Out, text: &str, spans: &[Range<usize>], indent: usize, style: anstyle::Style) -> io::Result<()> {
    let width = out.width.saturating_sub(indent);
    let signs = if out.stream.styled { 0 } else { 2 * SIGN.len() };
    let lines = wrap::lines(text, &joined(text, spans), width, signs);
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            write!(out, "{}", " ".repeat(indent))?;
        }
        for piece in line {
            match (piece.marked, out.stream.styled) {
                (true, true) => out.styled(MATCH, &piece.text)?,
                (true, false) => write!(out, "{SIGN}{}{SIGN}", piece.text)?,
                (false, _) => out.styled(style, &piece.text)?,
            }
        }
        out.write_all(b"\n")?;
    }
    if lines.is_empty() {
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Makes one span of those with nothing but white space between them: found words that stand together read better so.
fn joined(text: &str, spans: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if text.get(last.end..span.start).is_some_and(|gap| gap.chars().all(char::is_whitespace)) => {
                last.end = span.end;
            }
            _ => joined.push(span.clone()),
        }
    }
    joined
}

fn one_facet(out: &mut Out, facet: &Facet) -> io::Result<()> {
    let name = escape::line(&facet.field).into_owned();
    out.styled(BOLD, &name)?;
    out.write_all(b"\n")?;
    for value in &facet.values {
        writeln!(out, "{:>10}  {}", grouped(value.count), escape::line(&value.value))?;
    }
    Ok(())
}

/// A number with its digits in groups of three: `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_side_by_side_become_one() {
        let text = "ông Tô Lâm, Hà Nội";
        let at = |word: &str| text.find(word).map_or(0..0, |at| at..at + word.len());
        let spans = ["Tô", "Lâm", "Hà", "Nội"].map(at);
        let shown: Vec<&str> = joined(text, &spans).into_iter().map(|span| &text[span]).collect();
        assert_eq!(shown, ["Tô Lâm", "Hà Nội"]);
    }

    #[test]
    fn digits_in_groups() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
