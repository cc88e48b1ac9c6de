//! What may come in, and whether a file is what its name says.

use std::io::{self, Read, Seek, SeekFrom};

use kernel::Invalid;
use memchr::memmem;
use zip::ZipArchive;

/// A kind of file that is taken. What a browser could run as part of a page (HTML, SVG, XML) is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    Pdf,
    Docx,
    Xlsx,
    Pptx,
    Csv,
    Txt,
    Png,
    Jpeg,
    Webp,
}

/// Bytes at the front in which readers of other formats look for their own beginning.
const HEAD: usize = 4096;
/// The record that ends a ZIP archive lies in so many bytes at the end.
const TAIL: u64 = 66 << 10;
/// Members of an Office file, bytes of its list of parts, and bytes of everything in it when unpacked.
const MAX_MEMBERS: usize = 20_000;
const MAX_CONTENT_TYPES: u64 = 2 << 20;
const MAX_UNPACKED: u64 = 1 << 30;
/// Pixels of a picture: four times what telephones take today.
pub(crate) const MAX_PIXELS: u64 = 200_000_000;

impl FileKind {
    pub const ALL: [Self; 9] =
        [Self::Pdf, Self::Docx, Self::Xlsx, Self::Pptx, Self::Csv, Self::Txt, Self::Png, Self::Jpeg, Self::Webp];

    /// Stable; as it stands in the tables.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pptx => "pptx",
            Self::Csv => "csv",
            Self::Txt => "txt",
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Webp => "webp",
        }
    }

    #[must_use]
    pub fn by_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    pub(crate) fn by_extension(extension: &str) -> Option<Self> {
        if extension == "jpg" { Some(Self::Jpeg) } else { Self::by_code(extension) }
    }

    /// All extensions that are taken, for people.
    #[must_use]
    pub fn extensions() -> String {
        Self::ALL.map(Self::code).join(", ").replace("jpeg", "jpg")
    }

    /// For `<input accept>`.
    #[must_use]
    pub fn accept() -> String {
        format!(".jpg,{}", Self::ALL.map(|kind| format!(".{}", kind.code())).join(","))
    }

    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            // Without a charset a browser guesses; these come in more than one encoding.
            Self::Csv => "text/csv",
            Self::Txt => "text/plain",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }

    #[must_use]
    pub const fn is_image(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Webp)
    }

    /// Whether browsers show it themselves, without a program of their user's.
    #[must_use]
    pub const fn opens_inside(self) -> bool {
        self.is_image() || matches!(self, Self::Pdf | Self::Txt)
    }

    /// The part that makes a package this kind, and its type in the list of parts.
    const fn main_part(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Docx => Some(("word/", "wordprocessingml.document.main+xml")),
            Self::Xlsx => Some(("xl/", "spreadsheetml.sheet.main+xml")),
            Self::Pptx => Some(("ppt/", "presentationml.presentation.main+xml")),
            _ => None,
        }
    }
}

/// Looks whether `file`, of `bytes` bytes, is of `kind` and of nothing else. Reads texts whole, of others the two ends.
///
/// # Errors
/// Why it is refused, or what the disk said.
pub(crate) fn check(file: &mut (impl Read + Seek), bytes: u64, kind: FileKind) -> io::Result<Result<(), Invalid>> {
    let head = part(file, 0, HEAD as u64)?;
    let tail = part(file, bytes.saturating_sub(TAIL), TAIL)?;
    let otherwise = || Invalid::new("file-content").with("extension", kind.code());
    let genuine = match kind {
        FileKind::Pdf => head.starts_with(b"%PDF-") && memmem::rfind(&tail, b"%%EOF").is_some(),
        FileKind::Png => head.starts_with(b"\x89PNG\r\n\x1a\n") && png_ends(file, bytes)?,
        FileKind::Jpeg => head.starts_with(b"\xff\xd8\xff") && memmem::rfind(&tail, b"\xff\xd9").is_some(),
        FileKind::Webp => is_webp(&head, bytes),
        FileKind::Csv | FileKind::Txt => !is_markup(&head) && is_text(file)?,
        FileKind::Docx | FileKind::Xlsx | FileKind::Pptx => {
            return Ok(if head.starts_with(b"PK\x03\x04") { package(file, kind) } else { Err(otherwise()) });
        }
    };
    if !genuine {
        return Ok(Err(otherwise()));
    }
    let second = (kind != FileKind::Pdf && memmem::find(&head[..head.len().min(1024)], b"%PDF-").is_some())
        || is_zip(&tail)
        || (!matches!(kind, FileKind::Csv | FileKind::Txt) && hides_script(&head, &tail));
    if second {
        return Ok(Err(Invalid::new("file-polyglot")));
    }
    Ok(Ok(()))
}

fn part(file: &mut (impl Read + Seek), from: u64, length: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.by_ref().take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether the chunks of a PNG end where the file ends: what hangs behind is somebody else's.
fn png_ends(file: &mut (impl Read + Seek), bytes: u64) -> io::Result<bool> {
    let (mut at, mut head) = (8, [0; 8]);
    while at + 12 <= bytes {
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut head)?;
        let length = u64::from(u32::from_be_bytes([head[0], head[1], head[2], head[3]]));
        if at == 8 && &head[4..] != b"IHDR" {
            return Ok(false);
        }
        at += 12 + length;
        if &head[4..] == b"IEND" {
            return Ok(at == bytes);
        }
    }
    Ok(false)
}

fn is_webp(head: &[u8], bytes: u64) -> bool {
    let Some(length) = head.get(4..8).and_then(|length| length.try_into().ok()).map(u32::from_le_bytes) else { return false };
    head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") && u64::from(length) + 8 == bytes
}

/// What a browser that guesses would take for a page.
fn is_markup(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let starts = |tag: &[u8]| head.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
    [
        &b"<!doctype"[..],
        b"<html",
        b"<head",
        b"<body",
        b"<script",
        b"<svg",
        b"<?xml",
        b"<?php",
        b"<iframe",
        b"<!--",
        b"%PDF-",
        b"#!",
        b"{\\rtf",
        b"MZ",
    ]
    .into_iter()
    .any(starts)
}

/// UTF-8 or a one-byte encoding: no NUL and no control character but those of layout.
fn is_text(file: &mut (impl Read + Seek)) -> io::Result<bool> {
    file.seek(SeekFrom::Start(0))?;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(true);
        }
        if buffer[..read].iter().any(|b| matches!(b, 0..=8 | 11 | 14..=31 | 127)) {
            return Ok(false);
        }
    }
}

/// Whether a reader of ZIP archives, which begins at the end, would find one.
fn is_zip(tail: &[u8]) -> bool {
    memmem::rfind(tail, b"PK\x05\x06").is_some_and(|end| memmem::find(&tail[..end], b"PK\x01\x02").is_some() || end == 0)
}

/// Code in the places where it is hidden: before the picture's data or behind their end.
fn hides_script(head: &[u8], tail: &[u8]) -> bool {
    let lower = |bytes: &[u8]| bytes.to_ascii_lowercase();
    let (head, tail) = (lower(head), lower(&tail[tail.len().saturating_sub(8 << 10)..]));
    [&b"<script"[..], b"<html", b"<?php", b"<svg", b"<iframe", b"<!doctype html"]
        .into_iter()
        .any(|code| memmem::find(&head, code).is_some() || memmem::find(&tail, code).is_some())
}

/// An Office file: a ZIP archive that begins and ends with the file, with the parts of its kind and no macros.
fn package(file: &mut (impl Read + Seek), kind: FileKind) -> Result<(), Invalid> {
    let otherwise = || Invalid::new("file-content").with("extension", kind.code());
    let (folder, main) = kind.main_part().ok_or_else(otherwise)?;
    let mut archive = ZipArchive::new(file).map_err(|_| otherwise())?;
    if archive.offset() != 0 || !archive.comment().is_empty() {
        return Err(Invalid::new("file-polyglot"));
    }
    if archive.len() > MAX_MEMBERS || archive.decompressed_size().is_some_and(|bytes| bytes > u128::from(MAX_UNPACKED)) {
        return Err(Invalid::new("file-unpacked"));
    }
    let mut of_its_kind = false;
    for name in archive.file_names() {
        let name = name.map_err(|_| otherwise())?;
        let lower = name.to_lowercase();
        if lower.contains("vbaproject") || lower.contains("/activex/") {
            return Err(Invalid::new("file-macro"));
        }
        if name.starts_with(['/', '\\']) || name.split(['/', '\\']).any(|part| part == "..") {
            return Err(otherwise());
        }
        of_its_kind |= name.starts_with(folder);
    }
    let mut types = String::new();
    let list = archive.by_name("[Content_Types].xml").map_err(|_| otherwise())?;
    list.take(MAX_CONTENT_TYPES).read_to_string(&mut types).map_err(|_| otherwise())?;
    if types.contains("macroEnabled") {
        return Err(Invalid::new("file-macro"));
    }
    if of_its_kind && types.contains(main) { Ok(()) } else { Err(otherwise()) }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::{Cursor, Write};

    use image::{ImageFormat, RgbImage};
    use zip::write::SimpleFileOptions;

    use super::*;

    fn judged(content: &[u8], kind: FileKind) -> Result<(), &'static str> {
        check(&mut Cursor::new(content), content.len() as u64, kind).unwrap().map_err(|invalid| invalid.code)
    }

    pub(crate) fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        RgbImage::from_fn(width, height, |x, y| image::Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 99]))
            .write_to(&mut bytes, format)
            .unwrap();
        bytes.into_inner()
    }

    fn archive(members: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in members {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    const TYPES: &str = "<Types><Override ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n";

    fn docx() -> Vec<u8> {
        archive(&[("[Content_Types].xml", TYPES), ("word/document.xml", "<w/>")])
    }

    fn samples() -> Vec<(FileKind, Vec<u8>)> {
        let office = |kind: FileKind| {
            let (folder, main) = kind.main_part().unwrap();
            archive(&[("[Content_Types].xml", main), (&format!("{folder}x.xml"), "<x/>")])
        };
        vec![
            (FileKind::Pdf, PDF.to_vec()),
            (FileKind::Docx, office(FileKind::Docx)),
            (FileKind::Xlsx, office(FileKind::Xlsx)),
            (FileKind::Pptx, office(FileKind::Pptx)),
            (FileKind::Csv, "CNPJ;Nome\n1;Fiação\n".into()),
            (FileKind::Txt, b"A\xe7\xe3o em Latin-1\r\n".to_vec()),
            (FileKind::Png, picture(ImageFormat::Png, 4, 3)),
            (FileKind::Jpeg, picture(ImageFormat::Jpeg, 4, 3)),
            (FileKind::Webp, picture(ImageFormat::WebP, 4, 3)),
        ]
    }

    /// S0-11.4a to e: the real file passes, any other dressed as it does not.
    #[test]
    fn a_file_is_what_its_name_says_or_refused() {
        let text = |kind: FileKind| matches!(kind, FileKind::Csv | FileKind::Txt);
        for (kind, content) in samples() {
            for claimed in FileKind::ALL {
                let verdict = judged(&content, claimed);
                if claimed == kind || (text(kind) && text(claimed)) {
                    assert_eq!(verdict, Ok(()), "{kind:?}");
                } else {
                    assert_eq!(verdict, Err("file-content"), "{kind:?} as {claimed:?}");
                }
            }
        }
        for program in
            [&b"MZ\x90\0\x03\0\0\0"[..], b"\x7fELF\x02\x01\x01\0", b"<!DOCTYPE html><script>alert(1)</script>", b"#!/bin/sh\n"]
        {
            for claimed in FileKind::ALL {
                assert_eq!(judged(program, claimed), Err("file-content"), "{claimed:?}");
            }
        }
    }

    #[test]
    fn cut_files_are_refused() {
        for (kind, content) in samples().into_iter().filter(|(kind, _)| !matches!(kind, FileKind::Csv | FileKind::Txt)) {
            assert_eq!(judged(&content[..content.len() - 8], kind), Err("file-content"), "{kind:?}");
            assert_eq!(judged(&content[..6], kind), Err("file-content"), "{kind:?}");
        }
    }

    #[test]
    fn two_files_in_one_are_refused() {
        let with = |front: &[u8], back: &[u8]| [front, back].concat();
        let jpeg = picture(ImageFormat::Jpeg, 4, 3);
        let (png, zip) = (picture(ImageFormat::Png, 4, 3), archive(&[("virus.js", "alert(1)")]));
        for (kind, content) in [
            (FileKind::Jpeg, with(&jpeg, &zip)),
            (FileKind::Pdf, with(PDF, &zip)),
            (FileKind::Pdf, with(PDF, b"<script>alert(1)</script>%%EOF")),
            (FileKind::Jpeg, with(&jpeg, b"<?php system($_GET[0]); ?>\xff\xd9")),
            (FileKind::Jpeg, with(&with(&jpeg[..2], b"\xff\xfe\0\x20%PDF-1.7 and more of a comment"), &jpeg[2..])),
        ] {
            assert_eq!(judged(&content, kind), Err("file-polyglot"), "{kind:?} {:?}", content.len());
        }
        assert_eq!(judged(&with(&png, b"tail"), FileKind::Png), Err("file-content"));
        assert_eq!(judged(&with(b"#!/bin/sh\nexit\n", &docx()), FileKind::Docx), Err("file-content"), "a script before it");
        assert_eq!(judged(&with(b"PK\x03\x04 other ", &docx()), FileKind::Docx), Err("file-polyglot"), "an archive before it");
    }

    #[test]
    fn office_files_bring_no_macros_and_no_bombs() {
        let word = ("word/document.xml", "<w/>");
        for (members, code) in [
            (vec![("[Content_Types].xml", TYPES), word, ("word/vbaProject.bin", "x")], "file-macro"),
            (vec![("[Content_Types].xml", "macroEnabled.main+xml"), word], "file-macro"),
            (vec![("[Content_Types].xml", TYPES), word, ("../../etc/passwd", "x")], "file-content"),
            (vec![("[Content_Types].xml", TYPES)], "file-content"),
            (vec![word], "file-content"),
        ] {
            assert_eq!(judged(&archive(&members), FileKind::Docx), Err(code), "{members:?}");
        }
    }
}
