//! Synonyms of an index's owner: what they find, where they rank, what they leave alone, where they are kept.

use dau::{Accents, Corrections, ErrorKind, Highlight, Index, Matching, Ranking, Schema, Search, Synonyms};
use serde_json::json;

use crate::fixture::{add_all, find, ids, index_of_texts, matching, ranked, writer};

const TEXTS: [&str; 8] = [
    "UBND quận 1 họp",
    "Ủy ban nhân dân quận 3 họp",
    "nhân dân quận 5 lập một ủy ban",
    "nước Việt Nam có chủ quyền ở Biển Đông",
    "disputes in the South China Sea",
    "biến động giá vàng ở chợ lớn",
    "TP.HCM mưa lớn",
    "thành phố Hồ Chí Minh mưa lớn",
];

fn synonyms(text: &str) -> Synonyms {
    Synonyms::parse(text).expect("synonyms")
}

fn index_with(text: &str) -> Index {
    let index = index_of_texts(&TEXTS);
    index.set_synonyms(&synonyms(text)).expect("set");
    index
}

fn index() -> Index {
    index_with("UBND = Ủy ban nhân dân\nBiển Đông = South China Sea\nTP.HCM = TPHCM = Thành phố Hồ Chí Minh\n")
}

#[track_caller]
fn check(index: &Index, query: &str, expected: &[&str]) {
    assert_eq!(ids(index, &Search::new(query)), expected, "{query}");
}

#[test]
fn a_wording_finds_the_others_and_ranks_them_below() {
    let index = index();
    for query in ["UBND", "ubnd"] {
        check(&index, query, &["0", "1"]);
    }
    for query in ["ủy ban nhân dân", "uỷ ban nhân dân", "uy ban nhan dan", "ủy ban nhan dan", "uyr ban nhaan daan"]
    {
        // A query of four words asks for any of them.
        check(&index, query, &["1", "2", "0"]);
        assert_eq!(ids(&index, &Search::new(query).matching(Matching::All)), ["1", "2", "0"], "{query}");
    }
    check(&index, "Biển Đông", &["3", "4", "5"]);
    for query in ["biển dong", "bien dong"] {
        assert_eq!(matching(&index, &Search::new(query)), [3, 4, 5], "{query}");
    }
    check(&index, "tphcm", &["7", "6"]);
    assert_eq!(matching(&index, &Search::new("TP.HCM")), [6, 7]);
    assert_eq!(matching(&index, &Search::new("tp hcm mưa")), [6, 7]);
}

#[test]
fn without_synonyms_nothing_changes() {
    let (with, without) = (index(), index_of_texts(&TEXTS));
    assert!(without.synonyms().expect("none").is_empty());
    for query in ["quận 3", "mưa lớn", "nhân dân họp", "biến động", "chủ quyền", "\"ủy ban nhân dân\""]
    {
        assert_eq!(ranked(&with, &Search::new(query)), ranked(&without, &Search::new(query)), "{query}");
    }
    for query in ["ubnd", "tphcm", "uy ban nhan dan", "bien dong"] {
        let off = ranked(&with, &Search::new(query).synonyms(false));
        assert_eq!(off, ranked(&without, &Search::new(query)), "{query}");
        assert_ne!(off, ranked(&with, &Search::new(query)), "{query}");
    }
    with.set_synonyms(&Synonyms::new()).expect("cleared");
    check(&with, "ubnd", &["0"]);
}

#[test]
fn one_direction_only() {
    let index = index_with("UBND => Ủy ban nhân dân");
    check(&index, "ubnd", &["0", "1"]);
    assert_eq!(matching(&index, &Search::new("ủy ban nhân dân")), [1, 2]);
}

#[test]
fn the_longest_wording_is_taken_and_none_overlaps() {
    let index = index_with("quận 1 họp = phiên họp\nUBND quận 1 = mưa\nhọp = giá vàng\n");
    // `UBND quận 1` comes first, and what is left is `họp`.
    assert_eq!(matching(&index, &Search::new("UBND quận 1 họp").matching(Matching::All)), [0]);
    assert_eq!(matching(&index, &Search::new("UBND quận 1 lớn").matching(Matching::All)), [6, 7]);
    assert_eq!(matching(&index, &Search::new("quận 1 họp").matching(Matching::All)), [0]);
    assert_eq!(matching(&index, &Search::new("họp động").matching(Matching::All)), [5]);
}

#[test]
fn every_other_wording_is_a_phrase() {
    let index = index();
    assert_eq!(matching(&index, &Search::new("ubnd quận").matching(Matching::All)), [0, 1]);
    assert_eq!(matching(&index, &Search::new("ubnd họp").matching(Matching::All)), [0, 1]);
    assert_eq!(matching(&index, &Search::new("ubnd 3")), [1]);
    // Of a wording that was typed the words are enough, as always.
    assert_eq!(matching(&index, &Search::new("ủy ban nhân dân quận 5").matching(Matching::All)), [2]);
}

#[test]
fn what_was_typed_otherwise_is_taken_at_its_word() {
    let index = index();
    for (query, expected) in [
        ("\"ủy ban nhân dân\"", &[1][..]),
        ("\"UBND\"", &[0]),
        ("=UBND", &[0]),
        ("ubn*", &[0]),
        ("ủy ban nhân =dân", &[1, 2]),
        ("quận -ubnd", &[1, 2]),
        ("NOT ubnd", &[1, 2, 3, 4, 5, 6, 7]),
    ] {
        assert_eq!(matching(&index, &Search::new(query)), expected, "{query}");
    }
    assert_eq!(matching(&index, &Search::new("quận").filter("ubnd")), [0]);
    let mut writer = writer(&index);
    assert_eq!(writer.delete_matching(&Search::new("ubnd")).expect("a query"), 1, "deleted is what was named");
}

#[test]
fn operators_and_fields_take_a_wording_whole() {
    let index = index();
    for (query, expected) in [
        ("+ubnd mưa", &[0, 1][..]),
        ("ubnd AND họp", &[0, 1]),
        ("mưa AND thành phố hồ chí minh", &[6, 7]),
        ("biển đông OR tphcm", &[3, 4, 5, 6, 7]),
        ("text:ubnd", &[0, 1]),
        ("text:(ubnd 3)", &[1]),
        ("(ubnd) họp", &[0, 1]),
        ("ubnd^3 họp", &[0, 1]),
        ("TP.HCM, mưa!", &[6, 7]),
    ] {
        assert_eq!(matching(&index, &Search::new(query)), expected, "{query}");
    }
}

#[test]
fn accents_decide_which_wordings_are_meant() {
    let index = index();
    let found = |query: &str, accents: Accents| matching(&index, &Search::new(query).accents(accents));
    assert_eq!(found("biển đông", Accents::Strict), [3, 4]);
    assert_eq!(found("bien dong", Accents::Strict), [0; 0]);
    assert_eq!(found("biến động", Accents::Smart), [3, 5], "both spellings, and no synonym");
    assert_eq!(found("biến động", Accents::Ignore), [3, 4, 5]);
}

#[test]
fn a_synonym_counts_less_than_what_was_typed() {
    let texts = ["ngân hàng nhà nước", "NHNN", "ngân hàng khác", "nhà khác", "nước khác", "hàng khác", "khác"];
    let index = index_of_texts(&texts);
    index.set_synonyms(&synonyms("NHNN = ngân hàng nhà nước")).expect("set");
    let score = |query: &str, id: &str, synonym: f32| {
        let search = Search::new(query).ranking(Ranking::new().synonym(synonym).nearness(0.0));
        ranked(&index, &search).into_iter().find(|hit| hit.0 == id).expect("a hit").1
    };
    for (query, typed, other) in [("nhnn", "1", "0"), ("ngan hang nha nuoc", "0", "1")] {
        assert!(score(query, typed, 0.6) > score(query, other, 0.6), "{query}");
        assert!((score(query, other, 0.3) * 2.0 - score(query, other, 0.6)).abs() < 1e-4, "{query}");
        assert_eq!(score(query, typed, 0.3), score(query, typed, 0.6));
    }
    // The more other wordings there are, the less each counts.
    let alone = score("nhnn", "0", 0.6);
    index.set_synonyms(&synonyms("NHNN = ngân hàng nhà nước = SBV = State Bank = kho bạc")).expect("set");
    assert!((score("nhnn", "0", 0.6) * 2.0 - alone).abs() < 1e-4);
    // What the index does not have is worth as much as the other wording.
    index.set_synonyms(&synonyms("SBV = ngân hàng nhà nước")).expect("set");
    let phrase = ranked(&index, &Search::new("\"ngân hàng nhà nước\"").ranking(Ranking::new().nearness(0.0)))[0].1;
    assert!((score("SBV", "0", 1.0) - phrase).abs() < 1e-4);
}

#[test]
fn a_word_with_a_synonym_is_no_slip() {
    let index = index_of_texts(&["sách báo", "sách hay", "sách giáo khoa"]);
    let meant = |index: &Index| find(index, &Search::new("sáchh")).did_you_mean;
    assert_eq!(meant(&index).as_deref(), Some("sách"));
    index.set_synonyms(&synonyms("sáchh = giáo khoa")).expect("set");
    assert_eq!(meant(&index), None);
    check(&index, "sáchh", &["2"]);
    let off = Search::new("sáchh").corrections(Corrections::Off);
    assert_eq!(ids(&index, &off), ["2"], "synonyms are no corrections");
}

#[test]
fn snippets_mark_the_other_wording_as_a_phrase() {
    let index = index();
    let marked = |query: &str, id: &str| {
        let results = find(&index, &Search::new(query).matching(Matching::Any).highlight(Highlight::new()));
        let hit = results.hits.into_iter().find(|hit| hit.id.as_deref() == Some(id)).expect("a hit");
        let fragment = hit.highlights["text"][0].clone();
        fragment.spans.iter().map(|span| fragment.text[span.clone()].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(marked("ubnd họp", "1"), ["Ủy", "ban", "nhân", "dân", "họp"]);
    assert_eq!(marked("ubnd quận", "2"), ["quận"], "its words stand apart");
    assert_eq!(marked("tphcm", "6"), ["TP.HCM"]);
}

#[test]
fn explanations_name_the_synonym() {
    let index = index();
    let results = find(&index, &Search::new("ubnd quận").explain(true));
    let told = |id: &str| {
        let hit = results.hits.iter().find(|hit| hit.id.as_deref() == Some(id)).expect("a hit");
        let explanation = hit.explanation.as_ref().expect("asked for");
        assert!((explanation.value - hit.score).abs() < 1e-4);
        explanation.to_string()
    };
    assert!(told("1").contains("word \"ban\" of the synonym \"Ủy ban nhân dân\" for \"ubnd\""), "{}", told("1"));
    assert!(!told("0").contains("synonym"));
}

#[test]
fn synonyms_live_with_the_index_and_no_commit_touches_them() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let schema = Schema::builder().id("id").text("text").build().expect("a valid schema");
    let index = Index::create(dir.path(), schema).expect("created");
    let add = |text: &str, id: u64| {
        let mut writer = writer(&index);
        add_all(&mut writer, &[json!({"id": id, "text": text})]);
        writer.commit().expect("a commit");
        writer
    };
    drop(add("ủy ban nhân dân", 0));
    let other = Index::open(dir.path()).expect("opened");
    let before = other.searcher().expect("a view");
    let given = "# của tôi\nUBND = Ủy ban nhân dân\n";
    index.set_synonyms(&synonyms(given)).expect("set");
    assert_eq!(before.search(&Search::new("ubnd")).expect("found").total, 0, "a view stays as it is");
    check(&index, "ubnd", &["0"]);
    check(&other, "ubnd", &["0"]);
    let mut writer = add("UBND", 1);
    writer.optimize().expect("one segment");
    writer.wait_merges().expect("merged");
    let reopened = Index::open(dir.path()).expect("opened");
    assert_eq!(reopened.synonyms().expect("read").to_string(), given);
    check(&reopened, "ubnd", &["1", "0"]);
    let report = Index::check(dir.path()).expect("checked");
    assert!(report.is_clean(), "{report:?}");
    other.set_synonyms(&Synonyms::new()).expect("cleared");
    other.set_synonyms(&Synonyms::new()).expect("cleared twice");
    assert!(!dir.path().join("synonyms.txt").exists());
    check(&index, "ubnd", &["1"]);
}

#[test]
fn a_file_that_was_spoiled_by_hand_is_told_and_can_be_replaced() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let schema = Schema::builder().id("id").text("text").build().expect("a valid schema");
    let index = Index::create(dir.path(), schema).expect("created");
    let path = dir.path().join("synonyms.txt");
    for (bytes, why) in [(&b"a = b\nUBND\n"[..], "line 2"), (&b"a = \xff"[..], "UTF-8")] {
        std::fs::write(&path, bytes).expect("written");
        let error = index.search(&Search::new("ubnd")).expect_err("an error");
        assert_eq!(error.kind(), ErrorKind::Corrupt);
        assert!(error.to_string().contains("synonyms.txt") && error.to_string().contains(why), "{error}");
        assert_eq!(index.synonyms().expect_err("an error").to_string(), error.to_string());
        assert_eq!(Index::check(dir.path()).expect("checked").problems, [error.to_string()]);
        // What needs no synonyms goes on.
        index.stats().expect("counted");
        writer(&index).commit().expect("a commit");
    }
    index.set_synonyms(&synonyms("UBND = ủy ban")).expect("set");
    assert_eq!(index.search(&Search::new("ubnd")).expect("found").total, 0);
}

#[test]
fn the_built_in_list_works_as_it_stands() {
    let index = index_of_texts(&TEXTS);
    index.set_synonyms(&Synonyms::administrative()).expect("set");
    let expected = [("UBND", &[0, 1][..]), ("biển đông", &[3, 4, 5]), ("TPHCM", &[6, 7]), ("hcmc", &[6, 7])];
    for (query, expected) in expected {
        assert_eq!(matching(&index, &Search::new(query)), expected, "{query}");
    }
}
