//! One file or standard input: opened, unpacked, its format and encoding told. Knows nothing of single records.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use dau::text::encoding::{Encoding, EncodingChoice};

use super::decode::{self, Charset, Sureness};
use super::format::{self, Format};
use super::json::JsonObjects;
use super::jsonl::JsonLines;
use super::page::Page;
use super::table::Table;
use super::{Options, Place, Problem, Records};

/// How many bytes are looked at to tell format and encoding.
const HEAD: u64 = 16 * 1024;
/// Bytes read at a time.
const BUFFER: usize = 128 * 1024;

/// Counts what has been read. All in bytes.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    expected: AtomicU64,
    raw: AtomicU64,
    unpacked: AtomicU64,
}

impl Meter {
    /// Notes how many bytes all files have together, as they lie on disk.
    pub(crate) fn plan(&self, bytes: u64) {
        self.expected.store(bytes, Ordering::Relaxed);
    }

    /// Gives what was noted; 0 when nothing is known, as with standard input.
    pub(crate) fn expected(&self) -> u64 {
        self.expected.load(Ordering::Relaxed)
    }

    /// Gives the bytes read, as they lie on disk.
    pub(crate) fn raw(&self) -> u64 {
        self.raw.load(Ordering::Relaxed)
    }

    /// Gives the bytes read, after unpacking.
    pub(crate) fn unpacked(&self) -> u64 {
        self.unpacked.load(Ordering::Relaxed)
    }
}

/// Where records come from.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    origin: Origin,
    name: Arc<str>,
    size: Option<u64>,
}

#[derive(Clone, Debug)]
enum Origin {
    Stdin,
    /// A file; `asked` when the user named it, rather than a folder above it.
    File {
        path: PathBuf,
        asked: bool,
    },
}

impl Source {
    /// Standard input.
    pub(crate) fn stdin() -> Source {
        Source { origin: Origin::Stdin, name: Arc::from("-"), size: None }
    }

    /// A file that the user named (`asked`), or that was found in a folder.
    pub(crate) fn file(path: PathBuf, asked: bool, size: Option<u64>) -> Source {
        let name = Arc::from(shown(&path));
        Source { origin: Origin::File { path, asked }, name, size }
    }

    /// The file's size on disk in bytes.
    pub(crate) fn size(&self) -> Option<u64> {
        self.size
    }

    /// Opens it and gives its records.
    pub(crate) fn records(self, options: &Options, meter: &Arc<Meter>) -> Result<Records, Problem> {
        let name = Arc::clone(&self.name);
        self.open(options, meter).map_err(|error| Problem { place: Place::file(&name), reason: error.to_string() })
    }

    fn open(self, options: &Options, meter: &Arc<Meter>) -> io::Result<Records> {
        let named = options.format.or_else(|| self.named_format());
        let (head, reader) = look_at(self.unpacked(meter)?)?;
        let encoding = unicode(options.encoding, named, &head);
        let (head, reader) = look_at(decode::unwrap_unicode(encoding, &head, reader)?)?;
        let format = match named {
            // The name says JSON; whether it is an object a line shows in the file.
            Some(Format::Json) if options.format.is_none() => Format::json(&head),
            Some(format) => format,
            None => match Format::of_content(&head) {
                Some(format) => format,
                // Pictures and programs lie in every folder; they are no errors there.
                None if self.was_found() => return Ok(Box::new(std::iter::empty())),
                None => {
                    return Err(invalid("not text, and no other format that can be read; --format says what it is"));
                }
            },
        };
        let sureness = if format.is_page() { Sureness::Likely } else { Sureness::Proven };
        let charset = Charset::of(options.encoding, &head, sureness);
        let max = options.max_record;
        Ok(match format {
            Format::Jsonl => Box::new(JsonLines::new(reader, self.name, charset, max)),
            Format::Json => Box::new(JsonObjects::new(reader, self.name, charset, max)),
            Format::Csv => Box::new(Table::new(reader, self.name, charset, max, table_separator(&head))),
            Format::Tsv => Box::new(Table::new(reader, self.name, charset, max, b'\t')),
            Format::Markdown | Format::Html | Format::Text => {
                let modified = self.modified();
                Box::new(Page::new(reader, self.name, charset, max, format, modified))
            }
        })
    }

    fn named_format(&self) -> Option<Format> {
        match &self.origin {
            Origin::Stdin => None,
            Origin::File { path, .. } => Format::of_name(path),
        }
    }

    /// True for a file that the user did not name, but a folder above it.
    fn was_found(&self) -> bool {
        matches!(self.origin, Origin::File { asked: false, .. })
    }

    fn modified(&self) -> Option<SystemTime> {
        match &self.origin {
            Origin::Stdin => None,
            Origin::File { path, .. } => fs::metadata(path).and_then(|metadata| metadata.modified()).ok(),
        }
    }

    fn unpacked(&self, meter: &Arc<Meter>) -> io::Result<Box<dyn BufRead + Send>> {
        let promised = matches!(&self.origin, Origin::File { path, .. } if format::is_packed_name(path));
        let counting =
            Counting { reader: unpack(self.raw(meter)?, promised)?, meter: Arc::clone(meter), unpacked: true };
        Ok(Box::new(BufReader::with_capacity(BUFFER, counting)))
    }

    fn raw(&self, meter: &Arc<Meter>) -> io::Result<Box<dyn BufRead + Send>> {
        let meter = Arc::clone(meter);
        let unpacked = false;
        Ok(match &self.origin {
            Origin::Stdin => {
                Box::new(BufReader::with_capacity(BUFFER, Counting { reader: io::stdin(), meter, unpacked }))
            }
            Origin::File { path, .. } => {
                Box::new(BufReader::with_capacity(BUFFER, Counting { reader: File::open(path)?, meter, unpacked }))
            }
        })
    }
}

/// The path as it is shown and used as an id: with `/`, whatever the system's separator, and without a leading `./`.
pub(crate) fn shown(path: &std::path::Path) -> String {
    let text = path.to_string_lossy();
    let text =
        if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace(std::path::MAIN_SEPARATOR, "/") };
    match text.strip_prefix("./") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => text,
    }
}

/// The encoding to unwrap: zeros are UTF-16 in a file that is text by its name; in any other they are a picture or a program.
fn unicode(choice: EncodingChoice, named: Option<Format>, head: &[u8]) -> EncodingChoice {
    let has_mark = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF");
    match choice {
        EncodingChoice::Auto if named.is_none() && !has_mark => EncodingChoice::Fixed(Encoding::Utf8),
        choice => choice,
    }
}

fn invalid(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// Reads the first bytes, and gives them with a reader that gives them again. A file that breaks off within them is
/// read as far as it goes before the error is told.
fn look_at<'a>(mut reader: Box<dyn BufRead + Send + 'a>) -> io::Result<(Vec<u8>, Box<dyn BufRead + Send + 'a>)> {
    let mut head = Vec::new();
    let again: Box<dyn BufRead + Send + 'a> = match (&mut reader).take(HEAD).read_to_end(&mut head) {
        Ok(_) => Box::new(Cursor::new(head.clone()).chain(reader)),
        Err(error) if head.is_empty() => return Err(error),
        Err(error) => Box::new(Cursor::new(head.clone()).chain(BufReader::new(Broken(Some(error))))),
    };
    Ok((head, again))
}

/// Gives an error, then nothing.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Unpacks by the first bytes, whatever the name says; `promised`: the name says that there is something to unpack.
fn unpack(mut reader: Box<dyn BufRead + Send>, promised: bool) -> io::Result<Box<dyn Read + Send>> {
    let head = reader.fill_buf()?;
    Ok(if head.starts_with(b"\x1F\x8B") {
        Box::new(flate2::bufread::MultiGzDecoder::new(reader))
    } else if head.starts_with(b"\x28\xB5\x2F\xFD") {
        Box::new(zstd::stream::read::Decoder::with_buffer(reader)?)
    } else if head.starts_with(b"BZh") && head.get(4..10) == Some(b"1AY&SY") {
        Box::new(bzip2::bufread::MultiBzDecoder::new(reader))
    } else if head.starts_with(b"\xFD7zXZ\0") {
        Box::new(liblzma::bufread::XzDecoder::new_multi_decoder(reader))
    } else if promised && !head.is_empty() {
        let reason = "named like a compressed file, but not compressed with gzip, zstd, bzip2 or xz";
        return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
    } else {
        Box::new(reader)
    })
}

/// Spreadsheets set to Vietnamese write `;` where others write `,`.
fn table_separator(head: &[u8]) -> u8 {
    let header = head.split(|&byte| byte == b'\n').next().unwrap_or(head);
    let count = |separator| header.iter().filter(|&&byte| byte == separator).count();
    if count(b';') > count(b',') { b';' } else { b',' }
}

/// Counts the bytes that pass.
struct Counting<R> {
    reader: R,
    meter: Arc<Meter>,
    unpacked: bool,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(out)?;
        let counter = if self.unpacked { &self.meter.unpacked } else { &self.meter.raw };
        counter.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
