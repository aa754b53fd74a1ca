//! The text of a file: raw bytes that are counted and hashed, unpacked, and brought to UTF-8.

use std::fmt;
use std::io::{self, BufReader, Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};

use encoding_rs::{CoderResult, Decoder, Encoding};
use flate2::read::MultiGzDecoder;
use xxhash_rust::xxh3::Xxh3;

use super::folder::Bytes;

const BLOCK: usize = 64 << 10;

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, also several members in a row.
    Gzip,
    /// zstd.
    Zstd,
}

impl Compression {
    /// How a file that begins with these bytes is packed.
    pub fn of(head: &[u8]) -> Compression {
        match head {
            [0x1f, 0x8b, ..] => Compression::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Compression::Zstd,
            _ => Compression::None,
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Compression::None => "plain",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        })
    }
}

/// How a file becomes text: unpacked, then decoded.
#[derive(Clone, Copy, Debug)]
pub struct Unpacking {
    /// How it is packed.
    pub compression: Compression,
    /// Its encoding, where the mapping names one; a byte order mark wins.
    pub encoding: Option<&'static Encoding>,
}

/// The raw bytes of a file with their count and hash, shared between the reader and who asks.
#[derive(Clone)]
pub struct Tally(Arc<Mutex<Counted>>);

struct Counted {
    bytes: Bytes,
    count: u64,
    hash: Xxh3,
}

impl Tally {
    /// A tally over these bytes.
    pub fn over(bytes: Bytes) -> Tally {
        Tally(Arc::new(Mutex::new(Counted {
            bytes,
            count: 0,
            hash: Xxh3::new(),
        })))
    }

    /// Bytes read so far.
    pub fn count(&self) -> u64 {
        self.lock().count
    }

    /// The hash of the whole file; what nobody read is read now.
    pub fn finish(&mut self) -> io::Result<u128> {
        let mut block = vec![0; BLOCK];
        while self.read(&mut block)? > 0 {}
        Ok(self.lock().hash.digest128())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Read for Tally {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut counted = self.lock();
        let count = loop {
            match counted.bytes.read(into) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        counted.count += count as u64;
        counted.hash.update(into.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// The text of a file.
pub struct Text {
    /// Its bytes after a byte order mark; where they are no UTF-8 they stay as they are.
    pub bytes: Bytes,
    /// Bytes of the unpacked file that stand before them.
    pub skipped: u64,
}

/// The text behind raw bytes.
pub fn text(raw: impl Read + Send + 'static, unpacking: Unpacking) -> io::Result<Text> {
    let unpacked: Bytes = match unpacking.compression {
        Compression::None => Box::new(raw),
        Compression::Gzip => Box::new(MultiGzDecoder::new(BufReader::with_capacity(BLOCK, raw))),
        Compression::Zstd => Box::new(zstd::Decoder::new(raw)?),
    };
    let (head, mut rest) = match peek(unpacked, 4) {
        Ok(peeked) => peeked,
        // What breaks off before its first byte breaks off on its first line.
        Err(error) => (Vec::new(), Box::new(Failing(Some(error))) as Bytes),
    };
    let mark = Encoding::for_bom(&head);
    let encoding = mark.map(|(encoding, _)| encoding).or(unpacking.encoding);
    if let Some(encoding) = encoding.filter(|encoding| *encoding != encoding_rs::UTF_8) {
        return Ok(Text {
            bytes: Box::new(Transcoder::new(rest, encoding.new_decoder())),
            skipped: 0,
        });
    }
    let skipped = mark.map_or(0, |(_, length)| length);
    rest.read_exact(&mut vec![0; skipped])?;
    Ok(Text {
        bytes: rest,
        skipped: skipped as u64,
    })
}

/// The first bytes, up to `length`, and a reader that begins with them again.
pub fn peek(mut bytes: Bytes, length: usize) -> io::Result<(Vec<u8>, Bytes)> {
    let mut head = Vec::new();
    let error = bytes
        .by_ref()
        .take(length as u64)
        .read_to_end(&mut head)
        .err();
    match error {
        Some(error) if head.is_empty() => Err(error),
        // The error comes again where the reading gets there.
        Some(error) => {
            let failing = Failing(Some(error));
            Ok((head.clone(), Box::new(Cursor::new(head).chain(failing))))
        }
        None => Ok((head.clone(), Box::new(Cursor::new(head).chain(bytes)))),
    }
}

/// As much of the text as can be had, up to `length`; a file that breaks off has its text until then.
pub fn head_of(text: &mut dyn Read, length: usize) -> Vec<u8> {
    let mut head = vec![0; length];
    let mut filled = 0;
    while let Some(rest) = head.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match text.read(rest) {
            Ok(count) if count > 0 => filled += count,
            _ => break,
        }
    }
    head.truncate(filled);
    head
}

struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        match self.0.take() {
            Some(error) => Err(error),
            None => Ok(0),
        }
    }
}

/// Text of another encoding as UTF-8; what the encoding does not know becomes U+FFFD.
struct Transcoder {
    from: Bytes,
    decoder: Decoder,
    raw: Vec<u8>,
    pending: std::ops::Range<usize>,
    is_over: bool,
    ready: Vec<u8>,
    given: usize,
}

impl Transcoder {
    fn new(from: Bytes, decoder: Decoder) -> Transcoder {
        Transcoder {
            from,
            decoder,
            raw: vec![0; BLOCK],
            pending: 0..0,
            is_over: false,
            ready: Vec::new(),
            given: 0,
        }
    }

    /// Decodes the next block; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        self.ready.resize(2 * BLOCK, 0);
        self.given = 0;
        loop {
            if self.pending.is_empty() && !self.is_over {
                let count = self.from.read(&mut self.raw)?;
                self.pending = 0..count;
                self.is_over = count == 0;
            }
            let raw = self.raw.get(self.pending.clone()).unwrap_or_default();
            let (result, read, written, _) =
                self.decoder
                    .decode_to_utf8(raw, &mut self.ready, self.is_over);
            self.pending.start += read;
            let is_flushed = self.is_over && result == CoderResult::InputEmpty;
            if written > 0 || is_flushed {
                self.ready.truncate(written);
                return Ok(written > 0);
            }
        }
    }
}

impl Read for Transcoder {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len()
            && (into.is_empty() || self.is_finished() || !self.fill()?)
        {
            return Ok(0);
        }
        let rest = self.ready.get(self.given..).unwrap_or_default();
        let count = rest.len().min(into.len());
        into.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        self.given += count;
        Ok(count)
    }
}

impl Transcoder {
    /// The decoder must not be asked again after its end.
    fn is_finished(&self) -> bool {
        self.is_over && self.pending.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn read(bytes: &[u8], encoding: Option<&'static Encoding>) -> io::Result<String> {
        let unpacking = Unpacking {
            compression: Compression::of(bytes),
            encoding,
        };
        let mut out = Vec::new();
        text(Cursor::new(bytes.to_vec()), unpacking)?
            .bytes
            .read_to_end(&mut out)?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    fn gzip(text: &str) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn every_packing_and_encoding_gives_the_same_text() {
        let text = "{\"a\":\"zoë €\"}\n".repeat(20_000);
        let utf_16: Vec<u8> = std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let check = |name: &str, bytes: &[u8], encoding| {
            let read = read(bytes, encoding).unwrap();
            assert!(read == text, "{name}");
        };
        check("plain", text.as_bytes(), None);
        check("gzip", &gzip(&text), None);
        check(
            "two members",
            &[gzip(&text[..32]), gzip(&text[32..])].concat(),
            None,
        );
        check("zstd", &zstd::encode_all(text.as_bytes(), 1).unwrap(), None);
        check("utf-16", &utf_16, None);
        let (bytes, encoding, _) = encoding_rs::WINDOWS_1252.encode(&text);
        check("windows-1252", &bytes, Some(encoding));
    }

    #[test]
    fn what_breaks_off_gives_its_text_and_then_the_error() {
        let whole = gzip(&"row\n".repeat(100_000));
        let mut unpacked = text(
            Cursor::new(whole[..whole.len() - 20].to_vec()),
            Unpacking {
                compression: Compression::Gzip,
                encoding: None,
            },
        )
        .unwrap();
        let mut out = Vec::new();
        assert!(unpacked.bytes.read_to_end(&mut out).is_err());
        assert!(out.starts_with(b"row\nrow\n"));
    }

    #[test]
    fn the_tally_covers_bytes_that_nobody_read() {
        let bytes = vec![7; 300_000];
        let expected = xxhash_rust::xxh3::xxh3_128(&bytes);
        let mut tally = Tally::over(Box::new(Cursor::new(bytes)));
        tally.read_exact(&mut [0; 100]).unwrap();
        assert_eq!(tally.finish().unwrap(), expected);
        assert_eq!(tally.count(), 300_000);
    }
}
