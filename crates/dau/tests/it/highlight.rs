//! Fragments and spans: what is marked, where text is cut, and what holds for every text.

use std::ops::Range;

use dau::highlight::{Fragment, FragmentOptions, Highlighter, Term};
use dau_text::{Scanner, fold};
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

const LONG: &str = "Sáng 2/9, lễ kỷ niệm diễn ra tại quảng trường Ba Đình. Hàng vạn người dân đã có mặt từ rất sớm để chờ xem diễu binh. \
    Theo Nghị định 15/2020/NĐ-CP, việc tổ chức lễ hội phải bảo đảm an toàn. Thủ đô Hà Nội rực rỡ cờ hoa, đường phố đông vui suốt cả ngày. \
    Ban tổ chức cho biết chương trình nghệ thuật sẽ kéo dài đến 22h. Du khách nước ngoài tỏ ra thích thú với không khí ở Hà Nội \
    và nhiều người nói sẽ quay lại. Trong khi đó, tại Đà Nẵng, lễ hội pháo hoa thu hút hơn 10.000 người xem.";

fn term(folded: &str) -> Term {
    Term { folded: folded.to_owned(), marked: None, prefix: false, weight: 1.0 }
}

fn options(max_chars: usize, max_fragments: usize) -> FragmentOptions {
    FragmentOptions { max_chars, max_fragments }
}

/// A highlighter of the words of `query`, marks ignored.
fn words(query: &str, options: FragmentOptions) -> Highlighter {
    let mut highlighter = Highlighter::new(options);
    query.split_whitespace().for_each(|word| highlighter.add_term(term(&fold(word))));
    highlighter
}

/// `text` with what is marked in brackets.
fn bracketed(text: &str, spans: &[Range<usize>]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for span in spans {
        out += &text[at..span.start];
        out += "[";
        out += &text[span.clone()];
        out += "]";
        at = span.end;
    }
    out + &text[at..]
}

fn show(fragment: &Fragment) -> String {
    bracketed(&fragment.text, &fragment.spans)
}

fn check_spans(highlighter: &Highlighter, text: &str, expected: &str) {
    assert_eq!(bracketed(text, &highlighter.spans(text)), expected);
}

#[test]
fn words_are_marked_each_for_itself() {
    check_spans(&words("ha noi", options(9, 1)), "Hà Nội, hà  nội; HANOI", "[Hà] [Nội], [hà]  [nội]; HANOI");
}

#[test]
fn decomposed_text_is_marked_with_its_marks() {
    let text = "Ha\u{300} No\u{323}\u{302}i mu\u{300}a";
    check_spans(&words("noi", options(9, 1)), text, "Ha\u{300} [No\u{323}\u{302}i] mu\u{300}a");
}

#[test]
fn a_mark_covers_the_whole_grapheme() {
    // A zero-width joiner belongs to the letter before it.
    check_spans(&words("noi", options(9, 1)), "nội\u{200d} nôi", "[nội\u{200d}] [nôi]");
}

#[test]
fn only_the_marked_form_when_asked_for() {
    let mut highlighter = Highlighter::new(options(99, 1));
    highlighter.add_term(Term { marked: Some("bán".to_owned()), ..term("ban") });
    check_spans(&highlighter, "Bán bàn, ban", "[Bán] bàn, ban");
}

#[test]
fn prefixes() {
    let mut highlighter = Highlighter::new(options(99, 1));
    highlighter.add_term(Term { prefix: true, ..term("ng") });
    highlighter.add_term(Term { prefix: true, marked: Some("đườ".to_owned()), ..term("duo") });
    check_spans(&highlighter, "Nguyễn Ngọc ở đường Dương, đng", "[Nguyễn] [Ngọc] ở [đường] Dương, đng");
}

#[test]
fn a_phrase_is_marked_only_where_all_of_it_stands() {
    let mut highlighter = Highlighter::new(options(99, 1));
    highlighter.add_phrase(vec![term("ha"), term("noi")]);
    check_spans(&highlighter, "hà hà nội, nội hà; hà. Nội", "hà [hà] [nội], nội hà; [hà]. [Nội]");
    highlighter.add_term(term("hue"));
    highlighter.add_phrase(vec![term("xanh"), term("xanh"), term("xanh")]);
    check_spans(&highlighter, "hà xanh xanh Huế xanh xanh xanh", "hà xanh xanh [Huế] [xanh] [xanh] [xanh]");
}

#[test]
fn a_near_phrase_is_marked_where_its_words_are_near() {
    let near = |slop| {
        let mut highlighter = Highlighter::new(options(99, 1));
        highlighter.add_near_phrase(vec![term("le"), term("hoi"), term("hoa")], slop);
        highlighter
    };
    let text = "lễ hội hoa; lễ hội pháo hoa; hoa của lễ hội; lễ của hội và hoa";
    check_spans(&near(0), text, "[lễ] [hội] [hoa]; lễ hội pháo hoa; hoa của lễ hội; lễ của hội và hoa");
    let far = "hội x x x x lễ hội pháo hoa x x x hoa x x lễ x x hội";
    check_spans(&near(1), far, "hội x x x x [lễ] [hội] pháo [hoa] x x x hoa x x lễ x x hội");
    check_spans(&near(4), far, "hội x x x x [lễ] [hội] pháo [hoa] x x x [hoa] x x [lễ] x x [hội]");
    let mut twice = Highlighter::new(options(99, 1));
    twice.add_near_phrase(vec![term("x"), term("y"), term("x")], 1);
    check_spans(&twice, "x y z, x y z x, y y y y y", "[x] [y] z, [x] [y] z [x], y y y y y");
}

#[test]
fn a_phrase_may_end_in_a_prefix() {
    let mut highlighter = Highlighter::new(options(99, 1));
    highlighter.add_phrase(vec![term("ha"), Term { prefix: true, ..term("n") }]);
    check_spans(&highlighter, "hà nội, hà nam, hà tĩnh, nam", "[hà] [nội], [hà] [nam], hà tĩnh, nam");
}

#[test]
fn compounds_and_their_pieces() {
    let text = "Nghị định 15/2020/NĐ-CP.";
    check_spans(&words("2020", options(99, 1)), text, "Nghị định 15/[2020]/NĐ-CP.");
    check_spans(&words("15 2020", options(99, 1)), text, "Nghị định [15]/[2020]/NĐ-CP.");
    let mut whole = words("2020", options(99, 1));
    let mut scanner = Scanner::new();
    let mut tokens = scanner.scan("15/2020/NĐ-CP");
    let code = tokens.next().expect("a code is a token").folded.to_owned();
    whole.add_term(term(&code));
    check_spans(&whole, text, "Nghị định [15/2020/NĐ-CP].");
    let mut phrase = Highlighter::new(options(99, 1));
    phrase.add_phrase(vec![term("dinh"), term(&code)]);
    check_spans(&phrase, text, "Nghị [định] [15/2020/NĐ-CP].");
    let mut pieces = Highlighter::new(options(99, 1));
    pieces.add_phrase(vec![term("dinh"), term("15"), term("2020")]);
    check_spans(&pieces, text, "Nghị [định] [15]/[2020]/NĐ-CP.");
}

#[test]
fn short_text_is_one_fragment() {
    let fragments = words("ha noi", options(150, 3)).fragments("  Mùa thu Hà Nội \n");
    assert_eq!(fragments.len(), 1);
    assert_eq!((show(&fragments[0]).as_str(), fragments[0].start), ("Mùa thu [Hà] [Nội]", 2));
}

#[test]
fn the_beginning_stands_in_for_nothing_found() {
    for highlighter in [Highlighter::new(options(60, 2)), words("không_có", options(60, 2))] {
        let fragments = highlighter.fragments(LONG);
        let shown: Vec<_> = fragments.iter().map(show).collect();
        assert_eq!(shown, ["Sáng 2/9, lễ kỷ niệm diễn ra tại quảng trường Ba Đình."]);
    }
}

#[test]
fn nothing_comes_of_nothing() {
    for text in ["", " \n\t "] {
        assert_eq!(words("a", options(150, 3)).fragments(text), []);
        assert_eq!(Highlighter::default().fragments(text), []);
    }
    assert_eq!(words("a", options(0, 3)).fragments("a"), []);
    assert_eq!(words("a", options(150, 0)).fragments("a"), []);
}

#[test]
fn the_best_place_wins_wherever_it_is() {
    let shown = |query: &str, chars| {
        let fragments = words(query, options(chars, 1)).fragments(LONG);
        fragments.iter().map(show).collect::<Vec<_>>()
    };
    assert_eq!(
        shown("lễ hội pháo hoa", 80),
        ["Trong khi đó, tại Đà Nẵng, [lễ] [hội] [pháo] [hoa] thu hút hơn 10.000 người xem."]
    );
    assert_eq!(
        shown("nghị định 2020", 75),
        ["Theo [Nghị] [định] 15/[2020]/NĐ-CP, việc tổ chức lễ hội phải bảo đảm an toàn."]
    );
    assert_eq!(shown("thích thú", 30), ["tỏ ra [thích] [thú] với không khí"]);
}

#[test]
fn a_rare_word_outweighs_common_ones() {
    let mut highlighter = words("người", options(70, 1));
    highlighter.add_term(Term { weight: 5.0, ..term("thuat") });
    let fragments = highlighter.fragments(LONG);
    assert!(show(&fragments[0]).contains("nghệ [thuật]"), "{fragments:?}");
}

#[test]
fn width_is_counted_in_characters() {
    // 150 bytes would be about 105 characters of this text.
    let fragments = words("thủ đô", options(150, 1)).fragments(LONG);
    let width = fragments[0].text.chars().count();
    assert!((120..=150).contains(&width), "{width}: {fragments:?}");
    assert!(fragments[0].text.len() > 150);
}

#[test]
fn several_fragments_in_the_order_of_the_text() {
    let mut highlighter = words("hà nội đà nẵng ba đình", options(60, 3));
    // What was typed is worth more than what folds alike (`nói`, `đã`).
    for typed in ["hà", "nội", "đà", "nẵng", "ba", "đình"] {
        highlighter.add_term(Term { marked: Some(typed.to_owned()), weight: 4.0, ..term(&fold(typed)) });
    }
    let fragments = highlighter.fragments(LONG);
    let shown: Vec<_> = fragments.iter().map(show).collect();
    assert_eq!(
        shown,
        [
            "quảng trường [Ba] [Đình]. Hàng vạn người dân [đã] có mặt từ rất",
            "Thủ đô [Hà] [Nội] rực rỡ cờ hoa, đường phố đông vui suốt cả",
            "Trong khi đó, tại [Đà] [Nẵng], lễ hội pháo hoa thu hút hơn",
        ]
    );
}

/// The widths at which tantivy's generator panics on stacked tokens.
#[test]
fn every_width_on_a_short_sentence() {
    for max_chars in 0..20 {
        let text = "các em học sinh, các em học sinh";
        let highlighter = words("em học sinh", options(max_chars, 3));
        check(&highlighter, text, max_chars, 3);
    }
}

#[test]
fn text_without_spaces_is_cut_between_graphemes() {
    let text = "e\u{301}".repeat(100) + "👩‍👩‍👧" + &"漢字".repeat(100);
    for max_chars in 1..60 {
        let highlighter = words("漢", options(max_chars, 3));
        check(&highlighter, &text, max_chars, 3);
        check(&Highlighter::new(options(max_chars, 1)), &text, max_chars, 1);
    }
}

#[test]
fn long_text_and_long_queries_take_linear_time() {
    let text = LONG.repeat(2_000);
    let started = std::time::Instant::now();
    let mut highlighter = words(&text[..LONG.len() * 100], options(150, 3));
    for length in 1..200 {
        highlighter.add_term(Term { prefix: true, ..term(&"x".repeat(length)) });
    }
    highlighter.add_phrase(vec![term("ha"), term("noi")]);
    assert_eq!(highlighter.fragments(&text).len(), 3);
    // A quadratic step would need hours: the bound only has to tell these apart on a slow, busy machine.
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_cut_well(
        text in any::<String>(),
        query in prop::collection::vec("\\PC{1,3}", 0..4),
        max_chars in 0_usize..40,
        max_fragments in 0_usize..4,
    ) {
        check(&words(&query.join(" "), options(max_chars, max_fragments)), &text, max_chars, max_fragments);
    }

    #[test]
    fn text_like_ours_is_marked_as_the_slow_way_does(
        text in text_like_ours(),
        query in text_like_ours(),
        max_chars in 0_usize..60,
        max_fragments in 0_usize..4,
    ) {
        let mut highlighter = Highlighter::new(options(max_chars, max_fragments));
        let sought = folded_tokens(&query);
        sought.iter().for_each(|folded| highlighter.add_term(term(folded)));
        check(&highlighter, &text, max_chars, max_fragments);
        check_against_oracle(&highlighter, &text, &sought);
    }
}

fn text_like_ours() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "hà",
        "Nội",
        "no\u{323}\u{302}i",
        "đường",
        "15/2020/NĐ-CP",
        "2020",
        "1.000.000",
        "02/09/1945",
        "a@b.vn",
        "http://a.vn/b",
        "TP.HCM",
        "0912 345 678",
        "漢字",
        "👩‍👩‍👧",
        ".",
        ",",
        "!",
        "\n",
        "\r\n",
        "  ",
        "“",
        "”",
        "e\u{301}\u{301}",
        "\u{200d}",
        "\u{200b}",
        "\u{301}",
        "x",
        "ไทย",
        "हिन्दी",
        "\u{600}",
    ]);
    let spaced = (pieces, prop::bool::weighted(0.6))
        .prop_map(|(piece, space)| format!("{piece}{}", if space { " " } else { "" }));
    prop::collection::vec(spaced, 0..40).prop_map(|pieces| pieces.concat())
}

fn folded_tokens(text: &str) -> Vec<String> {
    let mut scanner = Scanner::new();
    let mut tokens = scanner.scan(text);
    let mut folded = Vec::new();
    while let Some(token) = tokens.next() {
        folded.push(token.folded.to_owned());
    }
    folded
}

/// The slow and obvious way: every byte of a token that is sought is marked, to whole graphemes.
fn check_against_oracle(highlighter: &Highlighter, text: &str, sought: &[String]) {
    let mut marked = vec![false; text.len()];
    let mut scanner = Scanner::new();
    let mut tokens = scanner.scan(text);
    while let Some(token) = tokens.next() {
        if sought.iter().any(|folded| folded == token.folded) {
            marked[token.start..token.end].fill(true);
        }
    }
    for (at, grapheme) in text.grapheme_indices(true) {
        let bytes = at..at + grapheme.len();
        if marked[bytes.clone()].contains(&true) {
            marked[bytes].fill(true);
        }
    }
    let mut found = vec![false; text.len()];
    highlighter.spans(text).into_iter().for_each(|span| found[span].fill(true));
    assert_eq!(found, marked, "{text:?} for {sought:?}");
}

/// What holds for every text.
fn check(highlighter: &Highlighter, text: &str, max_chars: usize, max_fragments: usize) {
    let all = highlighter.spans(text);
    check_in_order(text, &all);
    let fragments = highlighter.fragments(text);
    assert!(fragments.len() <= max_fragments, "{text:?}: {fragments:?}");
    let found_and_asked_for = !all.is_empty() && max_fragments > 0 && max_chars > 20;
    assert!(
        !found_and_asked_for || fragments.iter().any(|fragment| !fragment.spans.is_empty()),
        "{text:?} shows nothing of {all:?}"
    );
    let mut end = 0;
    for fragment in &fragments {
        let bytes = fragment.start..fragment.start + fragment.text.len();
        assert!(bytes.start >= end, "{text:?}: {fragments:?}");
        end = bytes.end;
        assert_eq!(text.get(bytes.clone()), Some(fragment.text.as_str()));
        assert!(fragment.text.chars().count() <= max_chars, "{text:?}: {fragment:?}");
        assert!(!fragment.text.is_empty());
        check_in_order(text, std::slice::from_ref(&bytes));
        let global: Vec<_> =
            fragment.spans.iter().map(|span| span.start + bytes.start..span.end + bytes.start).collect();
        check_in_order(text, &global);
        for span in global {
            // Whole, or cut because it is wider than the fragment may be.
            let wide = all.iter().any(|whole| {
                whole.start <= span.start && span.end <= whole.end && text[whole.clone()].chars().count() > max_chars
            });
            assert!(all.contains(&span) || wide, "{text:?}: {span:?} of {fragment:?}");
        }
        let within = all.iter().filter(|span| bytes.start <= span.start && span.end <= bytes.end).count();
        assert!(fragment.spans.len() >= within, "{text:?}: {fragment:?}");
    }
}

fn check_in_order(text: &str, spans: &[Range<usize>]) {
    let mut boundaries: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).collect();
    boundaries.push(text.len());
    let mut end = 0;
    for span in spans {
        assert!(span.start >= end && span.start < span.end, "{text:?}: {spans:?}");
        end = span.end;
        for at in [span.start, span.end] {
            assert!(boundaries.binary_search(&at).is_ok(), "{text:?}: {at} splits a grapheme");
        }
    }
}
