//! Markdown to plain text. Title: that of the front matter, else the first heading, else the first line.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::page::{self, Contents};

/// Gives title and text of a Markdown document.
pub(crate) fn contents(text: &str) -> Contents {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let mut writer = Writer::default();
    for event in Parser::new_ext(text, options) {
        writer.take(event);
    }
    writer.finish()
}

#[derive(Debug, Default)]
struct Writer {
    body: String,
    /// The first heading, once it is complete.
    heading: Option<String>,
    /// Where in `body` the heading being read begins.
    heading_start: Option<usize>,
    metadata: Option<String>,
    in_metadata: bool,
}

impl Writer {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.in_metadata => {
                self.metadata.get_or_insert_default().push_str(&text);
            }
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.body.push_str(&text);
            }
            Event::SoftBreak | Event::HardBreak => self.body.push('\n'),
            Event::Rule => self.block(),
            // Tags are no text; what stands between them arrives as text, or inside a block of HTML.
            Event::Html(html) => {
                let inner = super::html::contents(&html).body;
                self.body.push_str(&inner);
                self.block();
            }
            Event::InlineHtml(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::MetadataBlock(_) => self.in_metadata = true,
            Tag::Heading { .. } => {
                self.block();
                self.heading_start = Some(self.body.len());
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. } => {}
            Tag::TableCell => {
                if !self.body.is_empty() && !self.body.ends_with('\n') {
                    self.body.push('\t');
                }
            }
            _ => self.line(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::MetadataBlock(_) => self.in_metadata = false,
            TagEnd::Heading(_) => {
                if let Some(start) = self.heading_start.take() {
                    let heading = page::title(&self.body[start..]);
                    if self.heading.is_none() && !heading.is_empty() {
                        self.heading = Some(heading);
                    }
                }
                self.block();
            }
            TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::Table | TagEnd::BlockQuote(_) | TagEnd::List(_) => {
                self.block();
            }
            TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead => self.line(),
            _ => {}
        }
    }

    /// Begins a new line, unless one has just begun.
    fn line(&mut self) {
        if !self.body.is_empty() && !self.body.ends_with('\n') {
            self.body.push('\n');
        }
    }

    /// Begins a new paragraph, unless one has just begun.
    fn block(&mut self) {
        self.line();
        if !self.body.is_empty() && !self.body.ends_with("\n\n") {
            self.body.push('\n');
        }
    }

    fn finish(self) -> Contents {
        let body = self.body.trim().to_owned();
        let title = self
            .metadata
            .as_deref()
            .and_then(metadata_title)
            .or(self.heading)
            .or_else(|| body.lines().find(|line| !line.trim().is_empty()).map(page::title));
        Contents { title, body }
    }
}

/// Finds `title: …` (YAML) or `title = …` (TOML) in front matter.
fn metadata_title(metadata: &str) -> Option<String> {
    metadata.lines().find_map(|line| {
        let rest = line.strip_prefix("title")?.trim_start();
        let value = rest.strip_prefix([':', '='])?.trim();
        let bare =
            ['"', '\''].iter().find_map(|&quote| value.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(value);
        (!bare.is_empty()).then(|| page::title(bare))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(markdown: &str, title: Option<&str>, body: &str) {
        let contents = contents(markdown);
        assert_eq!(contents.title.as_deref(), title, "{markdown}");
        assert_eq!(contents.body, body, "{markdown}");
    }

    #[test]
    fn headings_links_lists_and_code() {
        check(
            "Mở đầu\n\n# Luật *Đất đai*\n\nXem [điều 5](x.md) và `mã`.\n\n- một\n- hai\n\n```\nfn x\n```\n",
            Some("Luật Đất đai"),
            "Mở đầu\n\nLuật Đất đai\n\nXem điều 5 và mã.\n\nmột\nhai\n\nfn x",
        );
    }

    #[test]
    fn front_matter_is_not_body() {
        check("---\ntitle: \"Hà Nội\"\ntags: x\n---\n## Phố cổ\n", Some("Hà Nội"), "Phố cổ");
    }

    #[test]
    fn without_headings_the_first_line_is_the_title() {
        check("**Chào** bạn\nkhoẻ không", Some("Chào bạn"), "Chào bạn\nkhoẻ không");
    }

    #[test]
    fn tables_keep_their_cells_apart() {
        check("| a | b |\n|---|---|\n| 1 | 2 |\n", Some("a b"), "a\tb\n1\t2");
    }
}
