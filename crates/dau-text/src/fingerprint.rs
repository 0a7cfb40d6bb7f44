//! A number that stands for all rules and tables together, so that an index can refuse text analysed by others.

use crate::tables;

/// Raised by hand whenever a rule changes the tokens or forms of any text. Tables are hashed and need no help.
const RULES_VERSION: u64 = 3;

/// Texts that between them use every rule; their tokens are part of the fingerprint, so that forgetting to raise
/// `RULES_VERSION` is mostly harmless.
const PROBES: &str = "Hoà thuý qúy gìa vịêt tóan nứơc KĨ sỹ Ðà No\u{302}\u{323}i Straße ﬁ Ｈà 中文 ไทย 한국 й \
    15/2020/NĐ-CP 1.000.000đ 3,14 02/09/1945 1.2.3 +84912345678 0912.345.678 a.b@c.vn https://x.vn/a?b=c vnexpress.net \
    TP.HCM v.v e-mail QĐ-TTg và/hoặc HIV/AIDS covid19 don’t x_y 10:30 so\u{AD}ft ze\u{200B}ro m² ½ 2–3 8／2020";

/// Returns a number that changes whenever rules or tables change the tokens or forms of any text.
///
/// It is the same on every machine. Two indexes with different fingerprints must not be searched with one analyzer.
pub fn fingerprint() -> u64 {
    let mut hash = Fnv::default();
    hash.write(&RULES_VERSION.to_le_bytes());
    for entry in tables::ENTRIES {
        hash.write(&entry.to_le_bytes());
    }
    for (letter, folded) in tables::LATIN {
        hash.write(&u32::from(*letter).to_le_bytes());
        hash.write(folded.as_bytes());
    }
    let (major, minor, update) = unicode_normalization::UNICODE_VERSION;
    hash.write(&[major, minor, update]);
    let mut scanner = crate::Scanner::new();
    let mut tokens = scanner.scan(PROBES);
    while let Some(token) = tokens.next() {
        hash.write(token.kind.as_str().as_bytes());
        hash.write(&(token.start as u64).to_le_bytes());
        hash.write(&(token.end as u64).to_le_bytes());
        hash.write(&token.position.to_le_bytes());
        hash.write(token.marked.as_bytes());
        hash.write(&[0]);
        hash.write(token.folded.as_bytes());
    }
    hash.0
}

/// FNV-1a, 64 bits: fixed for ever, unlike the standard library's hasher.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xCBF2_9CE4_8422_2325)
    }
}

impl Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
}
