//! Search inside a program: structs of your own go in, are replaced, deleted and found, and come out again.
//!
//! ```console
//! $ cargo run -p dau-examples --example embed
//! $ cargo run -p dau-examples --example embed -- notes.dau      # kept in that folder; run it twice
//! ```
#![expect(clippy::print_stdout, reason = "an example prints")]

use dau::{Commit, Field, FieldKind, Fragment, Highlight, Index, Result, Schema, Search, Writer};
use serde::{Deserialize, Serialize};

/// Whatever implements serde's traits is a document. Its field names are the schema's.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    id: u32,
    title: String,
    body: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
}

fn main() -> Result<()> {
    let schema = Schema::builder()
        .id("id")
        .field(Field::new("title", FieldKind::Text).with_weight(2.0))
        .text("body")
        .keyword("tags")
        .build()?;
    let index = match std::env::args().nth(1) {
        Some(folder) => Index::open_or_create(folder, schema)?,
        None => Index::in_ram(schema)?,
    };

    // There is one writer at a time; searches never wait for it, and see what was committed.
    let mut writer = index.writer()?;
    for note in notes() {
        writer.add(&note)?;
    }
    report("added three notes", &writer.commit()?);
    show(&index, "thuy dien", "typed without marks")?;
    show(&index, "quả trưng", "typed with one mark wrong")?;

    replace(&mut writer)?;
    show(&index, "sông đà", "the note as it was is gone, the new one is found")?;

    writer.delete("2");
    report("deleted note 2", &writer.commit()?);
    show(&index, "quả trưng", "nothing is left to find")?;

    // What was not committed can be taken back.
    writer.delete_matching(&Search::new("*"))?;
    writer.rollback()?;
    println!("rolled back: {} notes are still there", index.stats()?.documents);
    Ok(())
}

/// A document with the id of an older one replaces it, in one commit: no search sees neither, or both.
fn replace(writer: &mut Writer) -> Result<()> {
    writer.add(&Note {
        id: 1,
        title: "Đi Hoà Bình".to_owned(),
        body: "Đập trên sông Đà mở cửa cho khách từ 8 giờ.".to_owned(),
        tags: vec!["du lịch".to_owned()],
    })?;
    report("replaced note 1", &writer.commit()?);
    Ok(())
}

/// Searches, and makes structs of the hits again.
fn show(index: &Index, query: &str, remark: &str) -> Result<()> {
    let results = index.search(&Search::new(query).highlight(Highlight::new().chars(60)))?;
    println!("> {query}   ({remark})");
    for hit in &results.hits {
        let note: Note = hit.document.to()?;
        println!("  {}. note {}, {:?} {:?}", hit.rank, note.id, note.title, note.tags);
        for (field, fragments) in &hit.highlights {
            for fragment in fragments.iter().filter(|fragment| !fragment.spans.is_empty()) {
                println!("     {field}: {}", bracketed(fragment));
            }
        }
    }
    println!("  {} found\n", results.total);
    Ok(())
}

/// The fragment with the found words in brackets. Spans are bytes of its text, in order and apart.
fn bracketed(fragment: &Fragment) -> String {
    let mut shown = String::new();
    let mut end = 0;
    for span in &fragment.spans {
        shown.push_str(&fragment.text[end..span.start]);
        shown.push('[');
        shown.push_str(&fragment.text[span.clone()]);
        shown.push(']');
        end = span.end;
    }
    shown.push_str(&fragment.text[end..]);
    shown
}

fn report(what: &str, commit: &Commit) {
    println!("{what}: {} in the index\n", commit.documents);
}

fn notes() -> [Note; 3] {
    let note = |id, title: &str, body: &str, tags: &[&str]| Note {
        id,
        title: title.to_owned(),
        body: body.to_owned(),
        tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
    };
    [
        note(1, "Đi Hòa Bình", "Thăm nhà máy thủy điện, ăn cá nướng ven hồ.", &["du lịch"]),
        note(2, "Chợ sáng", "Mua mười quả trứng, một mớ rau muống, hành.", &[]),
        note(3, "Đọc sách", "Trả thư viện quyển về lịch sử chữ quốc ngữ.", &["sách", "thư viện"]),
    ]
}
