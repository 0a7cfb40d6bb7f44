//! Writing a document down as it is stored: as JSON, byte for byte what `serde_json` writes.
//!
//! Nearly all of a document is text, and nearly all of a text stands in JSON as it is. `serde_json` looks at it byte by byte; here
//! whole runs are looked at together, and copied.

use serde_json::{Map, Value};

/// Bytes that are looked at together.
const RUN: usize = 32;

/// What a name or a text takes beside its bytes: two quotation marks, a colon or comma.
const AROUND: usize = 3;

/// The JSON of a document. It has no room to grow left: it may wait for long.
pub(super) fn to_json(map: &Map<String, Value>) -> String {
    let bytes = map.iter().map(|(name, value)| name.len() + value.as_str().map_or(RUN, str::len) + 2 * AROUND).sum();
    let mut json = String::with_capacity(bytes);
    json.push('{');
    for (place, (name, value)) in map.iter().enumerate() {
        if place > 0 {
            json.push(',');
        }
        write_text(&mut json, name);
        json.push(':');
        write_value(&mut json, value);
    }
    json.push('}');
    json.shrink_to_fit();
    json
}

fn write_value(json: &mut String, value: &Value) {
    match value {
        Value::String(text) => write_text(json, text),
        value => json.push_str(&value.to_string()),
    }
}

fn write_text(json: &mut String, text: &str) {
    json.push('"');
    let mut rest = text;
    loop {
        let (as_it_is, after) = rest.split_at(clean(rest.as_bytes()));
        json.push_str(as_it_is);
        let Some(&byte) = after.as_bytes().first() else { break };
        write_escaped(json, byte);
        rest = &after[1..];
    }
    json.push('"');
}

/// The number of bytes before the first that must not stand in JSON as it is.
fn clean(bytes: &[u8]) -> usize {
    // No branch within a run: so it becomes a few comparisons of many bytes.
    let is_clean = |run: &&[u8]| !run.iter().fold(false, |found, &byte| found | is_escaped(byte));
    let before = bytes.chunks_exact(RUN).take_while(is_clean).count() * RUN;
    let rest = &bytes[before..];
    before + rest.iter().position(|&byte| is_escaped(byte)).unwrap_or(rest.len())
}

fn is_escaped(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

fn write_escaped(json: &mut String, byte: u8) {
    let letter = match byte {
        b'\n' => 'n',
        b'\r' => 'r',
        b'\t' => 't',
        0x08 => 'b',
        0x0c => 'f',
        b'"' | b'\\' => char::from(byte),
        _ => return json.push_str(&format!("\\u{byte:04x}")),
    };
    json.push('\\');
    json.push(letter);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(document: Value) {
        let Value::Object(map) = document else { panic!("a document is a map") };
        let json = to_json(&map);
        assert_eq!(json, serde_json::to_string(&map).expect("a map"));
        assert_eq!(json.capacity(), json.len());
    }

    #[test]
    fn documents_are_written_as_serde_json_writes_them() {
        check(json!({}));
        check(json!({"id": 7, "title": "Đường sắt", "price": 1.5, "new": true, "none": null}));
        check(json!({"tags": ["một", "h\"ai", 3], "more": {"x": "\n", "y": [[]]}, "": ""}));
    }

    #[test]
    fn every_character_is_escaped_as_it_must_be_wherever_it_stands() {
        let everything: String = (0..0x250).filter_map(char::from_u32).collect();
        for cut in 0..2 * RUN {
            let (before, after) = ("ă".repeat(cut), "x".repeat(cut));
            check(json!({ everything.as_str(): format!("{before}{everything}{after}\n\n{after}\"") }));
        }
    }
}
