//! Small texts of our own for micro-benchmarks, one of each kind that costs differently.

use unicode_normalization::UnicodeNormalization;

/// A text for a micro-benchmark.
#[derive(Debug, Clone)]
pub struct Sample {
    /// What kind of text it is.
    pub name: &'static str,
    /// The text, 40 to 130 kB.
    pub text: String,
}

const VIETNAMESE: &str = "Sáng nay, Ủy ban nhân dân tỉnh Quảng Trị họp bàn việc sửa đường liên xã sau mưa lũ. \
Ông Nguyễn Văn Thuý, phó chủ tịch, nói rằng hơn bốn mươi cây số đường đã hỏng, nhiều cầu gỗ bị nước cuốn. \
Người dân thôn Hoà Bình mong được hỗ trợ giống lúa để kịp gieo vụ đông xuân. ";

const MIXED: &str = "Tai nghe Bluetooth 5.3 SoundBuddy X2, pin 30 giờ, chống nước IPX5 – giá chỉ 459.000đ, FREESHIP toàn quốc! \
Liên hệ shop@example.com hoặc 0912 345 678, xem https://example.com/sp/x2?ref=15. Theo Nghị định 15/2020/NĐ-CP ngày 03/02/2020. ";

/// Returns the samples: Vietnamese in NFC, the same without marks, in NFD and in capitals; mixed text; letters under
/// many marks, which real text never has.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let vietnamese = VIETNAMESE.repeat((64 << 10) / VIETNAMESE.len());
    let bare = vietnamese
        .nfd()
        .filter(|&c| !('\u{300}'..='\u{36f}').contains(&c))
        .map(|c| match c {
            'đ' => 'd',
            'Đ' => 'D',
            other => other,
        })
        .collect();
    let many_marks = "e\u{302}\u{323}\u{301}\u{302}\u{323} ".repeat((64 << 10) / 12);
    vec![
        Sample { name: "bare", text: bare },
        Sample { name: "nfd", text: vietnamese.nfd().collect() },
        Sample { name: "capitals", text: vietnamese.to_uppercase() },
        Sample { name: "vietnamese", text: vietnamese },
        Sample { name: "mixed", text: MIXED.repeat((64 << 10) / MIXED.len()) },
        Sample { name: "many marks", text: many_marks },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_what_they_are_called() {
        for Sample { name, text } in samples() {
            assert!((40 << 10..=130 << 10).contains(&text.len()), "{name}: {}", text.len());
            let composed = text.nfc().eq(text.chars());
            let (expected_ascii, expected_nfc) = match name {
                "bare" => (true, true),
                "nfd" | "many marks" => (false, false),
                _ => (false, true),
            };
            assert_eq!((text.is_ascii(), composed), (expected_ascii, expected_nfc), "{name}");
        }
    }
}
