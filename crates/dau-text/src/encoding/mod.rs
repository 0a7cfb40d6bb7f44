//! Old Vietnamese encodings, and the Unicode ones, to text. Must not know: files, markup, what a document says of itself.
//!
//! Before Unicode every maker of fonts had a code of its own, and state offices kept theirs for decades. Here are the four
//! that matter: TCVN3 (ABC fonts, the north and the state), VNI-Windows (the south and publishers), VISCII (the net) and
//! windows-1258 (Microsoft). What they decode to is NFC.

mod detect;
mod tcvn3;
mod viscii;
mod vni;
mod windows1258;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::str::FromStr;

pub use self::detect::detect;

/// How the bytes of a text stand for its characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8; a byte order mark at the start is dropped.
    Utf8,
    /// UTF-16; the byte order mark says in which order, without one the order is guessed from where the zero bytes are.
    Utf16,
    /// TCVN3, the code of the ABC fonts (`.VnTime`). See [`Encoding::decode`] for its capitals.
    Tcvn3,
    /// VNI-Windows, the code of the `VNI-Times` fonts: one or two bytes a letter.
    Vni,
    /// VISCII 1.1 (RFC 1456).
    Viscii,
    /// Microsoft's windows-1258: letters with vowel marks, tones as combining characters.
    Windows1258,
}

/// A text decoded, and how much of it was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decoded<'b> {
    /// The text; borrowed when the bytes were valid UTF-8.
    pub text: Cow<'b, str>,
    /// How many replacement characters (U+FFFD) stand for bytes that mean nothing in this encoding.
    pub replaced: usize,
}

impl Encoding {
    /// All encodings, in the order of their documentation.
    pub const ALL: [Encoding; 6] =
        [Encoding::Utf8, Encoding::Tcvn3, Encoding::Vni, Encoding::Viscii, Encoding::Windows1258, Encoding::Utf16];

    /// Returns the name that [`FromStr`] reads: `utf-8`, `tcvn3`, `vni`, `viscii`, `windows-1258`, `utf-16`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16 => "utf-16",
            Encoding::Tcvn3 => "tcvn3",
            Encoding::Vni => "vni",
            Encoding::Viscii => "viscii",
            Encoding::Windows1258 => "windows-1258",
        }
    }

    /// Decodes bytes. Never fails: what means nothing becomes U+FFFD and is counted.
    ///
    /// TCVN3 has no codes for capital vowels with a tone: a second font (`.VnTimeH`) draws the small letters as capitals, and
    /// the bytes don't say which font was used. So `à` is decoded small, except in a word that has at least two ASCII letters
    /// which are all capitals (`THµNH` is *THÀNH*), and except where the code of the older standard TCVN 5712, of which TCVN3 is
    /// a part, has a capital at a place that TCVN3 leaves free, or the tone after a capital vowel as a combining character.
    /// Search is blind to case, so nothing is lost for it.
    ///
    /// # Example
    ///
    /// ```
    /// use dau_text::encoding::Encoding;
    ///
    /// assert_eq!(Encoding::Tcvn3.decode(b"Vi\xD6t Nam").text, "Việt Nam");
    /// assert_eq!(Encoding::Vni.decode(b"Vie\xE4t Nam").text, "Việt Nam");
    /// assert_eq!(Encoding::Viscii.decode(b"Vi\xAEt Nam").text, "Việt Nam");
    /// assert_eq!(Encoding::Windows1258.decode(b"Vi\xEA\xF2t Nam").text, "Việt Nam");
    /// assert_eq!(Encoding::Utf8.decode(b"Vi\xEA\xF2t Nam").replaced, 2);
    /// ```
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> Decoded<'_> {
        match self {
            Encoding::Utf8 => decode_utf8(bytes),
            Encoding::Utf16 => decode_utf16(bytes),
            Encoding::Tcvn3 => counted(tcvn3::decode(bytes)),
            Encoding::Vni => counted(vni::decode(bytes)),
            Encoding::Viscii => counted(viscii::decode(bytes)),
            Encoding::Windows1258 => counted(windows1258::decode(bytes)),
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Reads a name, blind to case and to `-` and `_`; `utf8`, `abc`, `vni-windows` and `cp1258` are known too.
impl FromStr for Encoding {
    type Err = UnknownEncoding;

    fn from_str(name: &str) -> Result<Encoding, UnknownEncoding> {
        let plain: String = name.chars().filter(|c| !matches!(c, '-' | '_')).map(|c| c.to_ascii_lowercase()).collect();
        match plain.as_str() {
            "utf8" => Ok(Encoding::Utf8),
            "utf16" => Ok(Encoding::Utf16),
            "tcvn3" | "tcvn" | "abc" => Ok(Encoding::Tcvn3),
            "vni" | "vniwindows" => Ok(Encoding::Vni),
            "viscii" => Ok(Encoding::Viscii),
            "windows1258" | "cp1258" => Ok(Encoding::Windows1258),
            _ => Err(UnknownEncoding { name: name.to_owned() }),
        }
    }
}

/// An encoding asked for by name, or left to [`detect`].
///
/// # Example
///
/// ```
/// use dau_text::encoding::{Encoding, EncodingChoice};
///
/// assert_eq!("auto".parse(), Ok(EncodingChoice::Auto));
/// assert_eq!("tcvn3".parse(), Ok(EncodingChoice::Fixed(Encoding::Tcvn3)));
/// assert_eq!(EncodingChoice::Auto.of(b"Vi\xD6t Nam"), Encoding::Tcvn3);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum EncodingChoice {
    /// Guess from the bytes.
    #[default]
    Auto,
    /// This one, whatever the bytes look like.
    Fixed(Encoding),
}

impl EncodingChoice {
    /// Returns the encoding to use for these bytes.
    #[must_use]
    pub fn of(self, bytes: &[u8]) -> Encoding {
        match self {
            EncodingChoice::Auto => detect(bytes),
            EncodingChoice::Fixed(encoding) => encoding,
        }
    }
}

impl fmt::Display for EncodingChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EncodingChoice::Auto => f.pad("auto"),
            EncodingChoice::Fixed(encoding) => encoding.fmt(f),
        }
    }
}

/// Reads `auto`, or a name of an [`Encoding`].
impl FromStr for EncodingChoice {
    type Err = UnknownEncoding;

    fn from_str(name: &str) -> Result<EncodingChoice, UnknownEncoding> {
        if name.eq_ignore_ascii_case("auto") {
            return Ok(EncodingChoice::Auto);
        }
        name.parse().map(EncodingChoice::Fixed)
    }
}

/// A name that is none of an encoding known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownEncoding {
    name: String,
}

impl fmt::Display for UnknownEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown encoding {:?}: expected auto", self.name)?;
        Encoding::ALL.iter().try_for_each(|encoding| write!(f, ", {encoding}"))
    }
}

impl Error for UnknownEncoding {}

fn counted(text: String) -> Decoded<'static> {
    let replaced = text.matches(char::REPLACEMENT_CHARACTER).count();
    Decoded { text: Cow::Owned(text), replaced }
}

fn decode_utf8(bytes: &[u8]) -> Decoded<'_> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: Cow::Borrowed(text), replaced: 0 };
    }
    let mut text = String::with_capacity(bytes.len());
    let mut replaced = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            replaced += 1;
        }
    }
    Decoded { text: Cow::Owned(text), replaced }
}

fn decode_utf16(bytes: &[u8]) -> Decoded<'static> {
    let (bytes, big) = match bytes {
        [0xFE, 0xFF, rest @ ..] => (rest, true),
        [0xFF, 0xFE, rest @ ..] => (rest, false),
        _ => (bytes, detect::zeros(bytes).high_byte_first()),
    };
    let pairs = bytes.chunks_exact(2);
    // Half a unit at the end is a loss too.
    let cut = !pairs.remainder().is_empty();
    let units = pairs
        .map(|pair| if big { u16::from_be_bytes([pair[0], pair[1]]) } else { u16::from_le_bytes([pair[0], pair[1]]) });
    let mut text = String::with_capacity(bytes.len());
    let mut replaced = 0;
    for unit in char::decode_utf16(units) {
        replaced += usize::from(unit.is_err());
        text.push(unit.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    if cut {
        text.push(char::REPLACEMENT_CHARACTER);
        replaced += 1;
    }
    Decoded { text: Cow::Owned(text), replaced }
}
