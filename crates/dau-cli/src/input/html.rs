//! HTML to plain text: what a reader sees, without scripts, styles and navigation. Title: `<title>`, else the first heading.

use scraper::{Html, Node};

use super::page::{self, Contents};

/// Elements whose text is not part of what the page says.
const SILENT: [&str; 14] = [
    "script", "style", "noscript", "template", "nav", "svg", "iframe", "object", "button", "select", "textarea",
    "title", "head", "dialog",
];

/// Elements that flow within a line; every other element begins and ends a line.
const INLINE: [&str; 33] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
    "u", "var",
];

/// Gives title and text of an HTML document or fragment.
pub(crate) fn contents(text: &str) -> Contents {
    let document = Html::parse_document(text);
    let root = document.tree.root();
    let mut mains = root.descendants().filter(|node| name(node.value()) == Some("main"));
    // A page that says which part is its own needs no guess about menus and footers.
    let top = match (mains.next(), mains.next()) {
        (Some(main), None) => main,
        _ => root,
    };
    let mut writer = Writer::default();
    let mut node = top;
    'walk: loop {
        let enter = writer.open(node.value());
        if enter && let Some(child) = node.first_child() {
            node = child;
            continue;
        }
        loop {
            writer.close(node.value());
            if node == top {
                break 'walk;
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            match node.parent() {
                Some(parent) => node = parent,
                None => break 'walk,
            }
        }
    }
    let title = root
        .descendants()
        .find(|node| name(node.value()) == Some("title"))
        .map(|node| {
            let texts = node.children().filter_map(|child| child.value().as_text());
            page::title(&texts.map(|text| &*text.text).collect::<String>())
        })
        .filter(|title| !title.is_empty());
    writer.finish(title)
}

fn name(node: &Node) -> Option<&str> {
    node.as_element().map(scraper::node::Element::name)
}

#[derive(Debug, Default)]
struct Writer {
    body: String,
    /// White space was seen and not yet written.
    space: bool,
    /// How many `<pre>` are open.
    verbatim: usize,
    heading_start: Option<usize>,
    heading: Option<String>,
}

impl Writer {
    /// Begins a node; says whether to go into it.
    fn open(&mut self, node: &Node) -> bool {
        match node {
            Node::Text(text) => self.text(&text.text),
            Node::Element(element) => {
                let name = element.name();
                if SILENT.contains(&name) {
                    return false;
                }
                match name {
                    "td" | "th" => self.cell(),
                    _ if INLINE.contains(&name) => {}
                    _ => self.line(),
                }
                match name {
                    "pre" => self.verbatim += 1,
                    "h1" | "h2" | "h3" => self.heading_start = Some(self.body.len()),
                    _ => {}
                }
            }
            _ => {}
        }
        true
    }

    fn close(&mut self, node: &Node) {
        let Some(name) = name(node) else { return };
        if SILENT.contains(&name) || INLINE.contains(&name) {
            return;
        }
        match name {
            "td" | "th" => return,
            "pre" => self.verbatim = self.verbatim.saturating_sub(1),
            "h1" | "h2" | "h3" => {
                let start = self.heading_start.take().unwrap_or(self.body.len());
                let heading = page::title(&self.body[start.min(self.body.len())..]);
                if self.heading.is_none() && !heading.is_empty() {
                    self.heading = Some(heading);
                }
            }
            _ => {}
        }
        self.line();
    }

    fn text(&mut self, text: &str) {
        if self.verbatim > 0 {
            self.body.push_str(text);
            return;
        }
        for (at, word) in text.split(|letter: char| letter.is_ascii_whitespace()).enumerate() {
            self.space |= at > 0;
            if word.is_empty() {
                continue;
            }
            if self.space && !self.body.is_empty() && !self.body.ends_with(['\n', '\t']) {
                self.body.push(' ');
            }
            self.space = false;
            self.body.push_str(word);
        }
    }

    fn line(&mut self) {
        self.space = false;
        if !self.body.is_empty() && !self.body.ends_with('\n') {
            self.body.push('\n');
        }
    }

    fn cell(&mut self) {
        self.space = false;
        if !self.body.is_empty() && !self.body.ends_with(['\n', '\t']) {
            self.body.push('\t');
        }
    }

    fn finish(self, title: Option<String>) -> Contents {
        let body = self.body.trim().to_owned();
        let title = title
            .or(self.heading)
            .or_else(|| body.lines().map(str::trim).find(|line| !line.is_empty()).map(page::title));
        Contents { title, body }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, title: Option<&str>, body: &str) {
        let contents = contents(html);
        assert_eq!(contents.title.as_deref(), title, "{html}");
        assert_eq!(contents.body, body, "{html}");
    }

    #[test]
    fn what_a_reader_sees() {
        check(
            "<!doctype html><html><head><title> Hà\n Nội </title><style>p{}</style></head><body>\
             <nav>Trang chủ</nav><h1>Phố <em>cổ</em></h1><p>Một<b>hai</b>\n ba</p><script>x</script>\
             <ul><li>a<li>b</ul><table><tr><td>1<td>2</table></body></html>",
            Some("Hà Nội"),
            "Phố cổ\nMộthai ba\na\nb\n1\t2",
        );
    }

    #[test]
    fn main_alone_when_there_is_one() {
        check(
            "<header>Báo</header><main><h2>Tin</h2><p>Nội dung</p></main><footer>Hết</footer>",
            Some("Tin"),
            "Tin\nNội dung",
        );
    }

    #[test]
    fn deep_nesting_and_fragments() {
        let deep = "<div>".repeat(20_000) + "sâu";
        assert_eq!(contents(&deep).body, "sâu");
        check("a &amp; b<br>c", Some("a & b"), "a & b\nc");
        check("", None, "");
    }
}
