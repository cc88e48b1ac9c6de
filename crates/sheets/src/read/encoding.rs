//! Which characters the bytes of a CSV mean.

use std::{
    fs::File,
    io::{Read, Seek},
};

use encoding_rs::{CoderResult, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::{Deserialize, Serialize};

use super::ReadError;

/// The encodings Brazilian spreadsheets come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    /// Latin-1 is read as this too: it differs only in characters nobody writes.
    Windows1252,
}

const CHUNK: usize = 64 << 10;

impl Encoding {
    const fn table(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Windows1252 => WINDOWS_1252,
        }
    }

    /// A byte order mark decides; else UTF-16 shows by its zero bytes; else it is UTF-8 if nearly everything beyond ASCII
    /// reads as such, and Windows-1252 if not. Looks at the whole file: one `ç` at its end must not be garbled.
    pub(super) fn detect(file: &mut File) -> Result<Self, ReadError> {
        let mut buffer = vec![0; CHUNK];
        let (mut kept, mut first) = (0, true);
        let (mut good, mut bad) = (0usize, 0usize);
        loop {
            let read = file.read(&mut buffer[kept..])?;
            let chunk = &buffer[..kept + read];
            if std::mem::take(&mut first)
                && let Some(known) = Self::of_start(chunk)
            {
                file.rewind()?;
                return Ok(known);
            }
            let mut tail = 0;
            for piece in chunk.utf8_chunks() {
                good += piece.valid().chars().filter(|c| !c.is_ascii()).count();
                let invalid = piece.invalid();
                if invalid.is_empty() {
                    continue;
                }
                // A character cut by the end of the chunk is finished by the next one.
                let ends = piece.invalid().as_ptr_range().end == chunk.as_ptr_range().end;
                let unfinished = matches!(std::str::from_utf8(invalid), Err(error) if error.error_len().is_none());
                if ends && unfinished && read > 0 {
                    tail = invalid.len();
                } else {
                    bad += 1;
                }
            }
            let len = chunk.len();
            buffer.copy_within(len - tail..len, 0);
            kept = tail;
            if read == 0 {
                break;
            }
        }
        file.rewind()?;
        // A stray byte in a long UTF-8 file is an accident; in Windows-1252 hardly any accent reads as UTF-8.
        Ok(if bad * 4 <= good { Self::Utf8 } else { Self::Windows1252 })
    }

    fn of_start(start: &[u8]) -> Option<Self> {
        match start {
            [0xEF, 0xBB, 0xBF, ..] => return Some(Self::Utf8),
            [0xFF, 0xFE, ..] => return Some(Self::Utf16Le),
            [0xFE, 0xFF, ..] => return Some(Self::Utf16Be),
            _ => {}
        }
        let zeros = |from: usize| start.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
        let (even, odd, half) = (zeros(0), zeros(1), start.len() / 2);
        match () {
            () if half > 0 && odd * 10 > half * 7 && even * 20 < half => Some(Self::Utf16Le),
            () if half > 0 && even * 10 > half * 7 && odd * 20 < half => Some(Self::Utf16Be),
            () => None,
        }
    }

    /// Decodes the file piece by piece; what cannot be decoded becomes `U+FFFD`.
    pub(super) fn decode(
        self,
        mut file: &File,
        each: &mut dyn FnMut(&str) -> Result<std::ops::ControlFlow<()>, ReadError>,
    ) -> Result<(), ReadError> {
        let mut decoder = self.table().new_decoder_with_bom_removal();
        let mut bytes = vec![0; CHUNK];
        let mut text = String::with_capacity(decoder.max_utf8_buffer_length(CHUNK).unwrap_or(CHUNK * 3));
        loop {
            let read = file.read(&mut bytes)?;
            let mut rest = &bytes[..read];
            loop {
                text.clear();
                let (result, used, _) = decoder.decode_to_string(rest, &mut text, read == 0);
                rest = &rest[used..];
                if each(&text)?.is_break() {
                    return Ok(());
                }
                if result == CoderResult::InputEmpty {
                    break;
                }
            }
            if read == 0 {
                return Ok(());
            }
        }
    }
}

/// Whether these first bytes of a file could be a CSV: text, and none of the texts that are something else.
pub(super) fn is_text(start: &[u8]) -> bool {
    let encoding = Encoding::of_start(start);
    if matches!(encoding, Some(Encoding::Utf16Le | Encoding::Utf16Be)) {
        return true;
    }
    let body = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
    let foreign: [&[u8]; 4] = [b"%PDF", b"{\\rtf", b"<", b"%!PS"];
    if foreign.iter().any(|mark| body.starts_with(mark)) {
        return false;
    }
    let control = start.iter().filter(|byte| matches!(byte, 0..=8 | 11 | 14..=25 | 27..=31 | 127)).count();
    // One or two are an accident in any file.
    control <= 2 + start.len() / 50
}

#[cfg(test)]
mod tests {
    use std::{io::Write, ops::ControlFlow};

    use super::*;

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        file
    }

    fn read(bytes: &[u8]) -> (Encoding, String) {
        let mut file = file(bytes);
        let encoding = Encoding::detect(&mut file).unwrap();
        let mut text = String::new();
        encoding
            .decode(&file, &mut |piece| {
                text.push_str(piece);
                Ok(ControlFlow::Continue(()))
            })
            .unwrap();
        (encoding, text)
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn every_encoding_is_told_by_its_bytes() {
        let text = "CNPJ;Razão Social\r\n1;Açúcar União S.A. – filial\r\n";
        let latin = WINDOWS_1252.encode(text).0.into_owned();
        let marked = format!("\u{feff}{text}");
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            (marked.as_bytes().to_vec(), Encoding::Utf8),
            (latin, Encoding::Windows1252),
            (utf16(&marked, u16::to_le_bytes), Encoding::Utf16Le),
            (utf16(&marked, u16::to_be_bytes), Encoding::Utf16Be),
            (utf16(text, u16::to_le_bytes), Encoding::Utf16Le),
            (utf16(text, u16::to_be_bytes), Encoding::Utf16Be),
        ] {
            assert_eq!(read(&bytes), (encoding, text.to_owned()));
        }
    }

    #[test]
    fn an_accent_across_or_behind_the_first_chunk_is_seen() {
        for at in CHUNK - 3..CHUNK + 3 {
            let text = format!("{}ção", "a".repeat(at));
            assert_eq!(read(text.as_bytes()), (Encoding::Utf8, text.clone()));
            let latin = WINDOWS_1252.encode(&text).0.into_owned();
            assert_eq!(read(&latin), (Encoding::Windows1252, text));
        }
    }

    #[test]
    fn one_stray_byte_does_not_garble_a_utf8_file() {
        let mut bytes = "ação indústria têxtil".as_bytes().to_vec();
        bytes.insert(3, 0xE7);
        assert_eq!(read(&bytes).0, Encoding::Utf8);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert!(is_text(b"a;b\n1;2"));
        assert!(is_text(&[b"nome;cidade\n".repeat(9), vec![0]].concat()), "a NUL or two is an accident");
        for other in [
            &b"%PDF-1.7"[..],
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            b"<html><table>",
            b"<?xml version='1.0'?>",
            b"{\\rtf1",
            b"\x7fELF\x02\x01\x01\0\0\0",
        ] {
            assert!(!is_text(other), "{other:?}");
        }
    }
}
