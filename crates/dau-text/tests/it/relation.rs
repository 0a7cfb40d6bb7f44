//! The five relations between the marks of a query word and a document word.

use dau_text::MarkRelation::{Compatible, Conflicting, DocumentBare, QueryBare, Same};
use dau_text::{MarkRelation, mark_relation, marked};

fn check(query: &str, document: &str, expected: Option<MarkRelation>) {
    assert_eq!(mark_relation(&marked(query), &marked(document)), expected, "{query} {document}");
}

#[test]
fn relations_of_real_words() {
    for (query, document, expected) in [
        ("bán", "bán", Same),
        ("ban", "ban", Same),
        ("bán", "bàn", Conflicting),
        ("bán", "ban", DocumentBare),
        ("ban", "bán", QueryBare),
        ("viêt", "việt", Compatible),
        ("việt", "viêt", Compatible),
        ("viẹt", "việt", Compatible),
        ("viẹt", "viêt", Conflicting),
        ("dường", "đường", Compatible),
        ("đuong", "dường", Conflicting),
        ("nguyén", "nguyến", Compatible),
        ("đường", "dương", Compatible),
        // One word in every mode: placement, i/y, the Icelandic letter.
        ("hoà", "hòa", Same),
        ("kĩ", "kỹ", Same),
        ("ky", "kĩ", QueryBare),
        ("Ðà", "đà", Same),
        ("HOÀ", "hoa", DocumentBare),
        // Other languages.
        ("café", "cafe", DocumentBare),
        ("cafe", "café", QueryBare),
        ("naïve", "naive", DocumentBare),
        ("strasse", "straße", QueryBare),
        ("öl", "ól", Conflicting),
        ("nđ-cp", "nd-cp", DocumentBare),
    ] {
        check(query, document, Some(expected));
    }
}

#[test]
fn words_that_fold_apart_have_no_relation() {
    for (query, document) in [("bán", "bạc"), ("bán", "bá"), ("", "a"), ("bán", "banh"), ("ё", "o"), ("a1", "a2")]
    {
        check(query, document, None);
        check(document, query, None);
    }
    check("", "", Some(Same));
}

/// Swapping the two sides swaps the bare ones and leaves the rest.
#[test]
fn relations_mirror() {
    let words = ["an", "án", "ân", "ấn", "ậ", "ăn", "ạn", "ản", "ẩn", "đan", "dan", "dán", "đán", "ñan", "nan"];
    for a in words {
        for b in words {
            let mirrored = mark_relation(b, a).map(|relation| match relation {
                DocumentBare => QueryBare,
                QueryBare => DocumentBare,
                other => other,
            });
            assert_eq!(mark_relation(a, b), mirrored, "{a} {b}");
        }
    }
}
