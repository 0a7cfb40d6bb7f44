//! What was meant by what was typed: marks restored by the neighbours, raw keys of input methods, slips, joined words.

use dau::{Accents, Corrections, Index, Matching, Ranking, Search};

use crate::fixture::{find, ids, index_of_texts, ranked};

/// News in small: names and words often enough for their neighbours to be known.
fn news() -> Index {
    let mut texts = Vec::new();
    for _ in 0..12 {
        texts.extend([
            "tổng bí thư tô lâm làm việc tại hà nội",
            "công ty cổ phần vận tải đường sắt hà nội",
            "chính phủ họp bàn về giá xăng dầu",
            "người dân làm giấy tờ tại thủ đô",
            "tô phở bò nóng hổi",
            "trường học vùng cao đón năm học mới",
        ]);
    }
    texts.extend(["trận bóng đá tại sân thống nhất", "moon là mặt trăng", "boost your access", "phi công trẻ"]);
    index_of_texts(&texts)
}

fn text_of(index: &Index, id: &str) -> String {
    let document = index.searcher().expect("a view").get(id).expect("readable").expect("there");
    document.get("text").and_then(|text| text.as_str()).expect("a text").to_owned()
}

/// The text of the best hit.
fn best(index: &Index, search: &Search) -> String {
    let found = ids(index, search);
    text_of(index, found.first().unwrap_or_else(|| panic!("nothing found for {search:?}")))
}

#[test]
fn neighbours_tell_the_marks() {
    let index = news();
    assert!(best(&index, &Search::new("to lam")).contains("tô lâm"));
    assert!(best(&index, &Search::new("to pho")).contains("tô phở"));
    assert!(best(&index, &Search::new("lam giay to")).contains("làm giấy tờ"));
    let share = |query: &str, meant: &str| {
        let results = find(&index, &Search::new(query).matching(Matching::Any).limit(200));
        let (with, without): (Vec<_>, Vec<_>) = results.hits.iter().partition(|hit| {
            hit.document.get("text").and_then(|text| text.as_str()).is_some_and(|text| text.contains(meant))
        });
        assert!(!with.is_empty() && with.iter().all(|a| without.iter().all(|b| a.score > b.score)), "{query}");
    };
    share("to lam", "tô lâm");
}

#[test]
fn marks_left_out_of_one_word_are_restored_in_a_marked_query() {
    let index = index_of_texts(&[&["sân thông nhất quả đất"][..], &["sân thống nhất quả đất"; 9]].concat());
    assert_eq!(best(&index, &Search::new("sân thong nhất quả đất")), "sân thống nhất quả đất");
    // Where the index has the word without marks, it was meant so: the rest of the query has its marks.
    let index = index_of_texts(&[&["sân thong nhất quả đất"][..], &["sân thống nhất quả đất"; 9]].concat());
    assert_eq!(best(&index, &Search::new("sân thong nhất quả đất")), "sân thong nhất quả đất");
}

#[test]
fn marks_that_were_typed_are_never_overruled() {
    let index = index_of_texts(&[&["tô lâm"; 50][..], &["tờ lăm"]].concat());
    assert_eq!(best(&index, &Search::new("tờ lam")), "tờ lăm");
    assert_eq!(best(&index, &Search::new("tờ lăm")), "tờ lăm");
}

fn check_same_as(index: &Index, typed: &str, meant: &str) {
    for mode in [Matching::Auto, Matching::Any, Matching::All] {
        let search = |query: &str| Search::new(query).matching(mode);
        assert_eq!(ranked(index, &search(typed)), ranked(index, &search(meant)), "{typed} {mode:?}");
    }
    let results = find(index, &Search::new(typed));
    assert_eq!(results.did_you_mean.as_deref(), Some(meant), "{typed}");
}

#[test]
fn raw_keys_are_read_as_the_words_they_make() {
    let index = news();
    check_same_as(&index, "toongr bis thuw", "tổng bí thư");
    check_same_as(&index, "ddwowngf sawts", "đường sắt");
    check_same_as(&index, "d9uong72 sat81", "đường sắt");
    // `too` and `hos` are words elsewhere; beside `ddwowngf` the whole query is read as keys.
    check_same_as(&index, "ddwowngf sawts haf nooij", "đường sắt hà nội");
}

#[test]
fn words_that_the_index_knows_are_no_keys() {
    let index = news();
    for query in ["moon", "boost", "access", "boost your access", "phi công", "nam", "hà nội"] {
        assert_eq!(find(&index, &Search::new(query)).did_you_mean, None, "{query}");
    }
    assert_eq!(best(&index, &Search::new("moon")), "moon là mặt trăng");
    assert_eq!(best(&index, &Search::new("boost")), "boost your access");
}

#[test]
fn slips_are_corrected_where_the_index_does_not_know_the_word() {
    let index = news();
    for (typed, meant, restored) in [
        ("đườg sắt", "đường sắt", "đường sắt"),
        ("duog sat", "đường sat", "đường sắt"),
        ("trườn học", "trường học", "trường học"),
        ("tưrờng học", "trường học", "trường học"),
        ("truowngf hocj", "trường học", "trường học"),
        ("vậm tải", "vận tải", "vận tải"),
    ] {
        let results = find(&index, &Search::new(typed));
        assert_eq!(results.did_you_mean.as_deref(), Some(meant), "{typed}");
        assert!(best(&index, &Search::new(typed)).contains(restored), "{typed}");
    }
}

#[test]
fn the_neighbours_choose_among_corrections() {
    let index = news();
    // `phi` is a word of the index, but never beside `chính`.
    assert!(best(&index, &Search::new("chính phr họp").matching(Matching::Any)).contains("chính phủ"));
    assert!(best(&index, &Search::new("chính phi họp bàn").matching(Matching::Any)).contains("chính phủ"));
    assert_eq!(best(&index, &Search::new("phi công")), "phi công trẻ");
}

#[test]
fn what_was_typed_comes_before_what_was_probably_meant() {
    let index = index_of_texts(&["trườn", "trường", "trường", "trường", "lợi"]);
    assert_eq!(ids(&index, &Search::new("trườn"))[0], "0");
    // Unknown to the index, and one slip away from both.
    assert_eq!(ids(&index, &Search::new("trườnh")).len(), 4);
}

#[test]
fn a_slip_is_judged_by_its_own_marks_whatever_was_asked_before() {
    // The same letters; but where another tone was typed, more than one slip is needed.
    let found = [("trườnh", 4), ("trướnh", 0)];
    for order in [[0, 1], [1, 0]] {
        let index = index_of_texts(&["trườn", "trường", "trường", "trường", "lợi"]);
        for (typed, count) in order.map(|place| found[place]) {
            assert_eq!(ids(&index, &Search::new(typed)).len(), count, "{typed}, {order:?}");
        }
    }
}

#[test]
fn corrections_can_be_kept_off() {
    let index = news();
    let count = |search: Search| find(&index, &search).total;
    assert!(count(Search::new("đườngg")) > 0);
    assert_eq!(count(Search::new("đườngg").corrections(Corrections::Off)), 0);
    assert_eq!(count(Search::new("đườngg").accents(Accents::Strict)), 0);
    assert_eq!(count(Search::new("đườngg").accents(Accents::Ignore)), 0);
    for query in ["=đườngg", "+đườngg hà", "\"đườngg sắt\""] {
        assert_eq!(count(Search::new(query)), 0, "{query}");
    }
    assert_eq!(count(Search::new("đườngg").ranking(Ranking::new().typo(0.0))), 0);
    assert_eq!(count(Search::new("hà nội").filter("đườngg")), 0);
    assert_eq!(count(Search::new("ddwowngf").corrections(Corrections::Off)), 0);
}

#[test]
fn names_that_are_no_syllables_are_corrected_too() {
    let index = index_of_texts(&["wikipedia là bách khoa toàn thư", "facebook và google", "đọc báo"]);
    for (typed, meant) in [("wikpedia", "wikipedia"), ("gooogle", "google"), ("faceboko", "facebook")] {
        let results = find(&index, &Search::new(typed));
        assert_eq!(results.did_you_mean.as_deref(), Some(meant));
        assert!(best(&index, &Search::new(typed)).contains(meant));
    }
    assert_eq!(find(&index, &Search::new("wkpedia")).total, 0, "two slips");
}

#[test]
fn joined_words_are_parted() {
    let index = news();
    for query in ["hanoi", "HàNội", "hànội", "duongsat"] {
        assert!(find(&index, &Search::new(query)).total > 0, "{query}");
    }
    assert!(best(&index, &Search::new("hanoi")).contains("hà nội"));
    assert_eq!(find(&index, &Search::new("hanoi")).did_you_mean.as_deref(), Some("ha noi"));
    // Where the joined word is known it comes first.
    let index = index_of_texts(&[&["hà nội"; 9][..], &["hanoi"]].concat());
    assert_eq!(best(&index, &Search::new("hanoi")), "hanoi");
    assert_eq!(find(&index, &Search::new("hanoi")).total, 10);
    assert_eq!(find(&index, &Search::new("hanoi").corrections(Corrections::Off)).total, 1);
}

#[test]
fn halves_of_a_known_joined_word_count_only_side_by_side() {
    let texts = [&["may an"; 4][..], &["lịch mayan"], &["máy nổ"; 5], &["ăn cơm"; 5]].concat();
    let index = index_of_texts(&texts);
    for matching in [Matching::Auto, Matching::Any, Matching::All] {
        let search = Search::new("mayan").matching(matching);
        assert_eq!(find(&index, &search).total, 5, "{matching:?}");
        assert_eq!(best(&index, &search), "lịch mayan");
    }
    assert_eq!(find(&index, &Search::new("lịch mayan").matching(Matching::Any)).total, 5);
}

#[test]
fn corrected_words_are_marked_in_snippets() {
    let index = news();
    for query in ["đườg sắt", "ddwowngf sawts", "duongsat"] {
        let search = Search::new(query).highlight(dau::Highlight::new());
        let results = find(&index, &search);
        let fragment = &results.hits[0].highlights["text"][0];
        let marked: Vec<&str> = fragment.spans.iter().map(|span| &fragment.text[span.clone()]).collect();
        assert!(marked.concat().contains("đường"), "{query}: {marked:?}");
    }
}

#[test]
fn explanations_say_how_the_query_was_read() {
    let index = news();
    let told = |query: &str| {
        let results = find(&index, &Search::new(query).explain(true));
        results.hits[0].explanation.as_ref().expect("asked for").to_string()
    };
    let restored = told("to lam^2");
    assert!(restored.contains("word \"to\", read as \"tô\"") && restored.contains(", weight 2"), "{restored}");
    assert!(told("đườg sắt").contains("word \"đườg\", read as \"đường\""));
    assert!(!told("đường sắt").contains("read as"));
}
