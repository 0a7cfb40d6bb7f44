//! Decoding any bytes as each encoding, and guessing which it is: no panic, and nothing that is no Unicode.

#![no_main]

use dau_text::encoding::{Encoding, detect};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for encoding in Encoding::ALL {
        let decoded = encoding.decode(bytes);
        // The text itself may hold replacement characters, so there can be more of them than were counted.
        let replaced = decoded.text.matches(char::REPLACEMENT_CHARACTER).count();
        assert!(decoded.replaced <= replaced, "{encoding}: {} counted, {replaced} found", decoded.replaced);
    }
    // Zeros speak for UTF-16, as some byte order marks do.
    let plain = |text: &str| !text.contains(['\0', '\u{feff}']);
    if std::str::from_utf8(bytes).is_ok_and(plain) {
        let guessed = detect(bytes);
        assert_eq!(guessed, Encoding::Utf8, "valid UTF-8 taken for {guessed}");
    }
});
