//! A look into the ZIP before anything parses it: what is it, and does it stay within bounds when really unpacked?

use std::{
    fs::File,
    io::{BufReader, Read},
};

use zip::{ZipArchive, result::ZipError};

use super::{Deadline, Limits, ReadError};

/// Below this, the ratio says nothing: a sheet of blanks packs very well.
const RATIO_FLOOR: u64 = 1 << 20;
const DOCTYPE: &[u8] = b"<!DOCTYPE";
const MERGED: &[u8] = b"mergeCell ";
/// The parser reserves memory for as many strings as this attribute claims.
const CLAIM: &[u8] = b"uniqueCount";
/// Bytes of the shortest shared string, `<si/>`.
const SHORTEST_STRING: u64 = 5;

/// What the scan found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Scan {
    /// Merged regions in all sheets.
    pub(super) merged: usize,
}

/// Inflates every part and throws it away. The directory's own sizes are not believed.
///
/// # Errors
/// The limit that is exceeded, or what the file is instead of an XLSX.
pub(super) fn scan(file: &File, file_bytes: u64, limits: &Limits, deadline: Deadline) -> Result<Scan, ReadError> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    if archive.len() > limits.members {
        return Err(ReadError::TooManyMembers { limit: limits.members });
    }
    kind(&mut archive)?;
    let ratio_bytes = file_bytes.saturating_mul(limits.ratio).max(RATIO_FLOOR);
    let mut found = Scan::default();
    let mut total = 0u64;
    let mut window = Window::default();
    for i in 0..archive.len() {
        let mut part = archive.by_index(i).map_err(damaged)?;
        let name = part.name_raw().to_ascii_lowercase();
        let is_xml = [&b".xml"[..], b".rels", b".vml"].iter().any(|end| name.ends_with(end));
        let has_strings = name.ends_with(b"sharedstrings.xml");
        let (mut bytes, mut claimed) = (0u64, 0u64);
        window.reset();
        loop {
            let read = window.fill(&mut part).map_err(|error| ReadError::Damaged { detail: error.to_string() })?;
            if read == 0 {
                break;
            }
            total += read as u64;
            bytes += read as u64;
            if total > limits.unpacked_bytes {
                return Err(ReadError::UnpackedTooLarge { limit: limits.unpacked_bytes });
            }
            if total > ratio_bytes {
                return Err(ReadError::RatioTooHigh { limit: limits.ratio });
            }
            deadline.check()?;
            if is_xml {
                if window.count(DOCTYPE) > 0 {
                    return Err(ReadError::DocumentType);
                }
                if has_strings {
                    claimed = claimed.max(window.claim());
                }
                found.merged += window.count(MERGED);
                if found.merged > limits.merged {
                    return Err(ReadError::TooManyMerged { limit: limits.merged });
                }
            }
        }
        if claimed > bytes / SHORTEST_STRING {
            return Err(ReadError::Damaged { detail: format!("{claimed} shared strings in {bytes} bytes") });
        }
    }
    Ok(found)
}

/// Refuses the relatives of an XLSX by their own names.
fn kind(archive: &mut ZipArchive<BufReader<&File>>) -> Result<(), ReadError> {
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("xl/workbook.bin") {
        return Err(ReadError::BinaryExcel);
    }
    // Some programs write the path the Windows way.
    let sheet = archive.file_names().any(|name| name.is_ok_and(|name| name.starts_with("xl/") || name.starts_with("xl\\")));
    if sheet && has("[Content_Types].xml") {
        return Ok(());
    }
    if let Ok(mut mimetype) = archive.by_name("mimetype") {
        let mut text = String::new();
        // Forty characters say it; a longer one lies.
        let _ = mimetype.by_ref().take(100).read_to_string(&mut text);
        if text.contains("opendocument") {
            return Err(ReadError::OpenDocument);
        }
    }
    Err(ReadError::NotASheet)
}

pub(super) fn damaged(error: ZipError) -> ReadError {
    match error {
        ZipError::UnsupportedArchive(detail) if detail == ZipError::PASSWORD_REQUIRED => ReadError::Encrypted,
        ZipError::Io(error) => ReadError::Damaged { detail: error.to_string() },
        other => ReadError::Damaged { detail: other.to_string() },
    }
}

/// A stretch of a part, with the end of the one before it, so that a needle on the seam is found.
struct Window {
    buffer: Vec<u8>,
    /// Bytes carried over, and bytes in all.
    kept: usize,
    len: usize,
}

impl Default for Window {
    fn default() -> Self {
        Self { buffer: vec![0; 64 << 10], kept: 0, len: 0 }
    }
}

impl Window {
    /// Room for the longest needle and a number behind it.
    const SEAM: usize = 64;

    fn reset(&mut self) {
        (self.kept, self.len) = (0, 0);
    }

    /// Reads on; returns the number of new bytes, 0 at the end.
    fn fill(&mut self, from: &mut impl Read) -> std::io::Result<usize> {
        let seam = self.len.min(Self::SEAM);
        self.buffer.copy_within(self.len - seam..self.len, 0);
        let read = from.read(&mut self.buffer[seam..])?;
        (self.kept, self.len) = (seam, seam + read);
        Ok(read)
    }

    /// Hits that end in the new bytes.
    fn count(&self, needle: &[u8]) -> usize {
        let start = self.kept.saturating_sub(needle.len() - 1);
        memchr::memmem::find_iter(&self.buffer[start..self.len], needle).count()
    }

    /// The largest number of strings claimed in the window; one cut by its end is seen whole by the next.
    fn claim(&self) -> u64 {
        let window = &self.buffer[..self.len];
        let claims = memchr::memmem::find_iter(window, CLAIM).map(|at| {
            let value = window[at + CLAIM.len()..].trim_ascii_start();
            let value = value.strip_prefix(b"=").unwrap_or_default().trim_ascii_start();
            let digits = value.iter().skip(1).take_while(|byte| byte.is_ascii_digit());
            digits.fold(0u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
        });
        claims.max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_seen_wherever_the_seam_falls() {
        let text = br#"<?xml version="1.0"?><sst count="9" uniqueCount = "4294967295"><si>"#;
        for step in 1..text.len() {
            let mut window = Window::default();
            let mut claimed = 0;
            for mut piece in text.chunks(step) {
                window.fill(&mut piece).unwrap();
                claimed = claimed.max(window.claim());
            }
            assert_eq!(claimed, 4_294_967_295, "step {step}");
        }
    }

    #[test]
    fn a_needle_is_counted_once_wherever_the_seam_falls() {
        let text = b"......<mergeCell ref><!DOCTYPE x><mergeCell ";
        for step in 1..text.len() {
            let mut window = Window::default();
            let (mut merged, mut doctype) = (0, 0);
            for mut piece in text.chunks(step) {
                window.fill(&mut piece).unwrap();
                merged += window.count(MERGED);
                doctype += window.count(DOCTYPE);
            }
            assert_eq!((merged, doctype), (2, 1), "step {step}");
        }
    }
}
