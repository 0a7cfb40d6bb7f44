//! Bytes to text: UTF-8, UTF-16 and the encodings Vietnamese was written in before Unicode.
//!
//! UTF-16 is turned into UTF-8 as the file is read. The others are supersets of ASCII whose line ends, quotes and
//! separators are ASCII's, so a file is cut into records first and each record is decoded by itself.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead, Read};

use dau::text::Syllable;
use dau::text::encoding::{Encoding, EncodingChoice, detect};

/// What one file is written in, once it has been turned into a superset of ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    /// UTF-8.
    Utf8,
    /// An encoding of the time before Unicode.
    Legacy(Encoding),
}

/// Bytes that mean nothing in their encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadBytes {
    /// Where the first such byte stands, from 0; 0 where that is not known.
    pub(crate) offset: usize,
    reason: String,
}

impl fmt::Display for BadBytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.reason)
    }
}

/// A guess from a few bytes is right for a file that is one document, and it would be wrong for a file of records of which
/// one is damaged: how sure a guess has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sureness {
    /// The best guess will do.
    Likely,
    /// There must be Vietnamese words that prove it.
    Proven,
}

impl Charset {
    /// Settles the encoding of a file by what the user said, else by its first bytes.
    pub(crate) fn of(choice: EncodingChoice, head: &[u8], sureness: Sureness) -> Charset {
        match choice {
            EncodingChoice::Auto => Charset::guess(head, sureness),
            // UTF-16 has become UTF-8 by now.
            EncodingChoice::Fixed(Encoding::Utf8 | Encoding::Utf16) => Charset::Utf8,
            EncodingChoice::Fixed(encoding) => Charset::Legacy(encoding),
        }
    }

    /// UTF-8, unless the bytes are more surely something else.
    fn guess(head: &[u8], sureness: Sureness) -> Charset {
        let mut valid = 0;
        let mut broken = 0;
        for chunk in head.utf8_chunks() {
            valid += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
            broken += chunk.invalid().len();
        }
        // A few bad bytes do not make a UTF-8 file something else; and the head may end inside a letter.
        if broken <= valid {
            return Charset::Utf8;
        }
        match detect(head) {
            Encoding::Utf8 | Encoding::Utf16 => Charset::Utf8,
            encoding if sureness == Sureness::Proven && !is_vietnamese(&encoding.decode(head).text) => Charset::Utf8,
            encoding => Charset::Legacy(encoding),
        }
    }

    /// Decodes one record or cell.
    pub(crate) fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, BadBytes> {
        match self {
            Charset::Utf8 => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
                let offset = error.valid_up_to();
                let byte = bytes[offset];
                let reason = format!("not valid UTF-8 (byte 0x{byte:02x}); --encoding says what else it is");
                BadBytes { offset, reason }
            }),
            Charset::Legacy(encoding) => {
                let decoded = encoding.decode(bytes);
                if decoded.replaced > 0 {
                    let reason =
                        format!("{} bytes mean nothing in {encoding}; --encoding names another", decoded.replaced);
                    return Err(BadBytes { offset: 0, reason });
                }
                Ok(decoded.text)
            }
        }
    }
}

/// Says whether there are words with marks, two at least, and most of them can be Vietnamese.
fn is_vietnamese(text: &str) -> bool {
    let words = text.split(|letter: char| !letter.is_alphabetic());
    let (mut possible, mut impossible) = (0, 0);
    for word in words.filter(|word| !word.is_ascii()) {
        if Syllable::parse(word).is_some() {
            possible += 1;
        } else {
            impossible += 1;
        }
    }
    possible >= 2 && possible > 2 * impossible
}

/// The byte orders of UTF-16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

/// Takes off the byte order mark and turns UTF-16 into UTF-8. `head` is what `reader` gives first.
pub(crate) fn unwrap_unicode<'a>(
    choice: EncodingChoice,
    head: &[u8],
    mut reader: Box<dyn BufRead + Send + 'a>,
) -> io::Result<Box<dyn BufRead + Send + 'a>> {
    let utf16 = match choice {
        EncodingChoice::Auto => detect(head) == Encoding::Utf16,
        EncodingChoice::Fixed(encoding) => encoding == Encoding::Utf16,
    };
    let order = match head {
        _ if !utf16 => None,
        [0xFF, 0xFE, ..] => Some((Order::Little, 2)),
        [0xFE, 0xFF, ..] => Some((Order::Big, 2)),
        _ => Some((order_by_content(head), 0)),
    };
    let mark = match order {
        Some((_, mark)) => mark,
        None if head.starts_with(b"\xEF\xBB\xBF") => 3,
        None => 0,
    };
    io::copy(&mut (&mut reader).take(mark), &mut io::sink())?;
    Ok(match order {
        None => reader,
        Some((order, _)) => Box::new(Utf16::new(reader, order)),
    })
}

/// Vietnamese text has its zero bytes (spaces, digits, Latin letters) in the higher half.
fn order_by_content(head: &[u8]) -> Order {
    let zeros = |start| head.iter().skip(start).step_by(2).filter(|&&byte| byte == 0).count();
    if zeros(0) > zeros(1) { Order::Big } else { Order::Little }
}

/// Reads UTF-16, gives UTF-8.
struct Utf16<R> {
    reader: R,
    decoder: encoding_rs::Decoder,
    /// What was decoded; from `start` to `end` it has not been given yet.
    decoded: Box<[u8]>,
    start: usize,
    end: usize,
    ended: bool,
}

impl<R: BufRead> Utf16<R> {
    fn new(reader: R, order: Order) -> Utf16<R> {
        let encoding = match order {
            Order::Little => encoding_rs::UTF_16LE,
            Order::Big => encoding_rs::UTF_16BE,
        };
        Utf16 {
            reader,
            decoder: encoding.new_decoder_without_bom_handling(),
            decoded: vec![0; 16 * 1024].into_boxed_slice(),
            start: 0,
            end: 0,
            ended: false,
        }
    }
}

impl<R: BufRead> BufRead for Utf16<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.start == self.end && !self.ended {
            let chunk = self.reader.fill_buf()?;
            let last = chunk.is_empty();
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(chunk, &mut self.decoded, last);
            self.reader.consume(read);
            (self.start, self.end) = (0, written);
            match result {
                encoding_rs::DecoderResult::Malformed(..) => {
                    self.ended = true;
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "not valid UTF-16"));
                }
                encoding_rs::DecoderResult::InputEmpty => self.ended = last,
                encoding_rs::DecoderResult::OutputFull => {}
            }
        }
        Ok(&self.decoded[self.start..self.end])
    }

    fn consume(&mut self, amount: usize) {
        self.start = (self.start + amount).min(self.end);
    }
}

impl<R: BufRead> Read for Utf16<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let read = available.len().min(out.len());
        out[..read].copy_from_slice(&available[..read]);
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    const UTF16: EncodingChoice = EncodingChoice::Fixed(Encoding::Utf16);

    fn unwrapped(choice: EncodingChoice, bytes: &[u8]) -> io::Result<String> {
        let reader: Box<dyn BufRead + Send + '_> = Box::new(BufReader::with_capacity(3, bytes));
        let mut text = String::new();
        unwrap_unicode(choice, bytes, reader)?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn byte_order_marks_and_utf16() {
        let text = "Tiếng Việt 𠀀 và chữ Nôm\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        let check = |choice, bytes: &[u8]| {
            assert_eq!(unwrapped(choice, bytes).expect("valid"), text, "{choice}");
        };
        check(EncodingChoice::Auto, text.as_bytes());
        check(EncodingChoice::Auto, &marked(b"\xEF\xBB\xBF", text.as_bytes()));
        check(EncodingChoice::Auto, &marked(b"\xFF\xFE", &little));
        check(EncodingChoice::Auto, &marked(b"\xFE\xFF", &big));
        check(EncodingChoice::Auto, &little);
        check(UTF16, &little);
        check(UTF16, &big);
        assert!(unwrapped(UTF16, b"a\0\x00\xD8b\0").is_err());
    }

    #[test]
    fn a_few_bad_bytes_leave_a_file_utf8() {
        let mut bytes = "Nguyễn Du viết Truyện Kiều".as_bytes().to_vec();
        bytes.extend_from_slice(b"\xFF\xFE\xFF\xFF");
        let charset = Charset::of(EncodingChoice::Auto, &bytes, Sureness::Likely);
        assert_eq!(charset, Charset::Utf8);
        let bad = charset.decode(&bytes).expect_err("bad bytes");
        assert_eq!(bad.offset, bytes.len() - 4);
    }

    #[test]
    fn old_encodings_are_guessed_and_records_want_proof() {
        let guess = |bytes: &[u8], sureness| Charset::of(EncodingChoice::Auto, bytes, sureness);
        let text = b"Ti\xD5ng Vi\xD6t";
        for sureness in [Sureness::Likely, Sureness::Proven] {
            assert_eq!(guess(text, sureness), Charset::Legacy(Encoding::Tcvn3));
        }
        assert_eq!(guess(b"{\"id\":\"\xFF\xFE\xFA\xF0\"}", Sureness::Proven), Charset::Utf8);
        assert_eq!(guess(text, Sureness::Proven).decode(text).expect("valid"), "Tiếng Việt");
    }
}
