//! What becomes of a text: its tokens with their two forms and their places, and the parts of its syllables.
//!
//! ```console
//! $ cargo run -p dau-examples --example analyze
//! $ cargo run -p dau-examples --example analyze -- 'HOÀ BÌNH, ngày 2/9/1945'
//! ```
#![expect(clippy::print_stdout, reason = "an example prints")]

use dau_text::{Part, Placement, Scanner, Syllable, TokenKind};

fn main() {
    let typed: Vec<String> = std::env::args().skip(1).collect();
    let text = if typed.is_empty() {
        "Theo Nghị định 15/2020/NĐ-CP, TOÁN học là khoá mở".to_owned()
    } else {
        typed.join(" ")
    };
    print_tokens(&text);
    print_syllables(&text);
}

/// One line a token. Pieces of a compound are set in; two tokens never share a position unless one is a piece of the
/// other.
fn print_tokens(text: &str) {
    println!("{:>4}  {:<8}  {:<7}  {:<18}  {:<18}  text", "at", "bytes", "kind", "marked", "folded");
    // The scanner's buffers serve text after text: a token costs no allocation, and is borrowed until the next.
    let mut scanner = Scanner::new();
    let mut tokens = scanner.scan(text);
    while let Some(token) = tokens.next() {
        println!(
            "{:>4}  {:<8}  {:<7}  {:<18}  {:<18}  {}{}",
            token.position,
            format!("{}..{}", token.start, token.end),
            token.kind.as_str(),
            token.marked,
            token.folded,
            if token.part == Part::Piece { "  " } else { "" },
            &text[token.start..token.end],
        );
    }
}

/// One line a word that can be a Vietnamese syllable.
fn print_syllables(text: &str) {
    println!(
        "\n{:<10} {:<6} {:<6} {:<8} {:<5} {:<6}  spelled",
        "syllable", "onset", "glide", "nucleus", "coda", "tone"
    );
    let mut scanner = Scanner::new();
    let mut tokens = scanner.scan(text);
    while let Some(token) = tokens.next() {
        if token.kind != TokenKind::Word || token.is_compound() {
            continue;
        }
        let word = &text[token.start..token.end];
        let Some(syllable) = Syllable::parse(word) else { continue };
        let (old, new) = (syllable.spelled(Placement::Old), syllable.spelled(Placement::New));
        let spelled = if old == new { old } else { format!("{old} or {new}") };
        println!(
            "{word:<10} {:<6} {:<6} {:<8} {:<5} {:<6}  {spelled}",
            syllable.onset,
            syllable.glide,
            syllable.nucleus,
            syllable.coda,
            format!("{:?}", syllable.tone).to_lowercase(),
        );
    }
}
