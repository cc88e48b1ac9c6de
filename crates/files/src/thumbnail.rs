use std::{
    fs::File,
    io::{BufReader, Cursor, Seek, SeekFrom},
};

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder};
use kernel::Invalid;

use crate::{FileKind, kind::MAX_PIXELS};

/// Pixels of the longer side.
const SIDE: u32 = 320;
/// Larger pictures are kept but not drawn small: with four bytes a pixel they would take more memory than is given to it.
const MAX_DRAWN: u64 = 50_000_000;
const MAX_ALLOC: u64 = 256 << 20;

/// A picture drawn small, as JPEG on white; `None` for one that is too large or cannot be read to its end.
///
/// # Errors
/// `file-content` when it has no size, `file-pixels` for more of them than are taken in. Takes up to a second of a core.
pub(crate) fn draw(file: &mut File, kind: FileKind) -> Result<Option<Vec<u8>>, Invalid> {
    let format = match kind {
        FileKind::Png => ImageFormat::Png,
        FileKind::Jpeg => ImageFormat::Jpeg,
        FileKind::Webp => ImageFormat::WebP,
        _ => return Ok(None),
    };
    let otherwise = || Invalid::new("file-content").with("extension", kind.code());
    let mut reader = |limits: Option<Limits>| {
        file.seek(SeekFrom::Start(0)).ok()?;
        let mut reader = ImageReader::with_format(BufReader::new(file.try_clone().ok()?), format);
        if let Some(limits) = limits {
            reader.limits(limits);
        }
        Some(reader)
    };
    let (width, height) = reader(None).and_then(|reader| reader.into_dimensions().ok()).ok_or_else(otherwise)?;
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > MAX_PIXELS {
        return Err(Invalid::new("file-pixels").with("max", MAX_PIXELS / 1_000_000));
    }
    if pixels > MAX_DRAWN {
        return Ok(None);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOC);
    Ok(reader(Some(limits)).and_then(small))
}

fn small(reader: ImageReader<BufReader<File>>) -> Option<Vec<u8>> {
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture = picture.thumbnail(SIDE, SIDE);
    picture.apply_orientation(orientation);
    let mut paper = image::RgbaImage::from_pixel(picture.width(), picture.height(), image::Rgba([255; 4]));
    image::imageops::overlay(&mut paper, &picture.to_rgba8(), 0, 0);
    let mut bytes = Cursor::new(Vec::new());
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 80);
    DynamicImage::from(paper).to_rgb8().write_with_encoder(encoder).ok()?;
    Some(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::kind::tests::picture;

    fn drawn(content: &[u8], kind: FileKind) -> Result<Option<Vec<u8>>, &'static str> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content).unwrap();
        draw(&mut file, kind).map_err(|invalid| invalid.code)
    }

    #[test]
    fn pictures_are_drawn_small() {
        for (kind, format) in
            [(FileKind::Png, ImageFormat::Png), (FileKind::Jpeg, ImageFormat::Jpeg), (FileKind::Webp, ImageFormat::WebP)]
        {
            let small = drawn(&picture(format, 900, 300), kind).unwrap().unwrap();
            let small = image::load_from_memory_with_format(&small, ImageFormat::Jpeg).unwrap();
            assert_eq!((small.width(), small.height()), (SIDE, 107), "{kind:?}");
        }
        assert_eq!(drawn(b"%PDF-", FileKind::Pdf), Ok(None));
    }

    #[test]
    fn a_bomb_is_refused_by_its_header() {
        let mut bomb = picture(ImageFormat::Png, 1, 1);
        bomb[16..24].copy_from_slice(&[0, 0, 0x7f, 0xff, 0, 0, 0x7f, 0xff]);
        // The checksum of the header, as the maker of a bomb would write it.
        let sum = bomb[12..29].iter().fold(!0_u32, |mut crc, byte| {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
            }
            crc
        });
        bomb[29..33].copy_from_slice(&(!sum).to_be_bytes());
        assert_eq!(drawn(&bomb, FileKind::Png), Err("file-pixels"));
        assert_eq!(drawn(b"\x89PNG\r\n\x1a\n", FileKind::Png), Err("file-content"));
    }
}
