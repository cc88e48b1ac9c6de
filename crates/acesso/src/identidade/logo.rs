use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder};
use kernel::Invalid;
use sha2::{Digest, Sha256};

/// Bytes of a file that is looked at.
pub(super) const MAX_UPLOAD: usize = 2 * 1024 * 1024;
/// Bytes of a logo that is kept; as in the table.
const MAX_STORED: usize = 256 * 1024;
/// Pixels of a side: of what is read, and of what is kept (a logo is drawn 32 to 80 pixels high).
const MAX_SIDE: u32 = 4096;
const KEPT_SIDE: u32 = 640;
/// A picture of [`MAX_SIDE`] squared with four bytes a pixel, and room to work.
const MAX_ALLOC: u64 = 96 * 1024 * 1024;

/// A picture that was decoded and drawn anew: whatever else the file held is gone.
#[derive(Clone, PartialEq, Eq)]
pub struct Logo {
    /// First 32 hexadecimal digits of the SHA-256 of the bytes.
    pub hash: String,
    pub mime: &'static str,
    pub bytes: Vec<u8>,
}

impl Logo {
    /// Decodes a PNG or JPEG, makes it small enough and encodes it again. Takes up to some hundred milliseconds of a core.
    ///
    /// # Errors
    /// `logo-format` for anything else or a broken picture, `logo-size` for more than 4096 pixels a side, `logo-large` for
    /// more bytes than are looked at.
    pub fn sanitise(file: &[u8]) -> Result<Self, Invalid> {
        if file.len() > MAX_UPLOAD {
            return Err(Invalid::new("logo-large"));
        }
        let read = || ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|_| Invalid::new("logo-format"));
        let format =
            read()?.format().filter(|f| matches!(f, ImageFormat::Png | ImageFormat::Jpeg)).ok_or(Invalid::new("logo-format"))?;
        let (width, height) = read()?.into_dimensions().map_err(|_| Invalid::new("logo-format"))?;
        if width.max(height) > MAX_SIDE || width.min(height) == 0 {
            return Err(Invalid::new("logo-size").with("max", MAX_SIDE));
        }
        let mut reader = read()?;
        let mut limits = Limits::default();
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        limits.max_alloc = Some(MAX_ALLOC);
        reader.limits(limits);
        let picture = reader.decode().map_err(|_| Invalid::new("logo-format"))?;
        let (mime, bytes) = encode(picture, format).ok_or(Invalid::new("logo-format"))?;
        let hash = hex::encode(Sha256::digest(&bytes))[..32].to_owned();
        Ok(Self { hash, mime, bytes })
    }
}

/// Halves the picture until it fits; a JPEG stays one, everything else keeps its transparency as PNG.
fn encode(mut picture: DynamicImage, format: ImageFormat) -> Option<(&'static str, Vec<u8>)> {
    let mut side = KEPT_SIDE;
    while side >= 16 {
        if picture.width().max(picture.height()) > side {
            picture = picture.thumbnail(side, side);
        }
        let mut bytes = Cursor::new(Vec::new());
        let (mime, written) = match format {
            ImageFormat::Jpeg => {
                ("image/jpeg", picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 88)))
            }
            _ => ("image/png", picture.to_rgba8().write_to(&mut bytes, ImageFormat::Png)),
        };
        written.ok()?;
        let bytes = bytes.into_inner();
        if bytes.len() <= MAX_STORED {
            return Some((mime, bytes));
        }
        side /= 2;
    }
    None
}

impl std::fmt::Debug for Logo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Logo({}, {} bytes)", self.hash, self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgba, RgbaImage};

    use super::*;

    fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let noise = |x: u32, y: u32| (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).to_le_bytes();
        let picture = DynamicImage::from(RgbaImage::from_fn(width, height, |x, y| Rgba(noise(x, y))));
        let mut bytes = Cursor::new(Vec::new());
        match format {
            ImageFormat::Jpeg => picture.to_rgb8().write_to(&mut bytes, format).unwrap(),
            _ => picture.write_to(&mut bytes, format).unwrap(),
        }
        bytes.into_inner()
    }

    #[test]
    fn a_picture_is_drawn_anew_and_small() {
        for (format, mime) in [(ImageFormat::Png, "image/png"), (ImageFormat::Jpeg, "image/jpeg")] {
            let mut file = picture(900, 300, format);
            file.extend_from_slice(b"<script>alert(1)</script>");
            let logo = Logo::sanitise(&file).unwrap();
            assert_eq!(logo.mime, mime);
            assert!(logo.bytes.len() <= MAX_STORED, "{}", logo.bytes.len());
            assert!(!logo.bytes.windows(7).any(|w| w == b"<script"), "what hangs behind the picture is gone");
            let again = image::load_from_memory(&logo.bytes).unwrap();
            assert!(
                again.width() <= KEPT_SIDE && again.width().abs_diff(again.height() * 3) <= 2,
                "{}x{}",
                again.width(),
                again.height()
            );
            assert_eq!(Logo::sanitise(&file).unwrap().hash, logo.hash);
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>"#;
        let gif = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;";
        let cut = &picture(50, 50, ImageFormat::Png)[..60];
        for file in [&b""[..], b"<html>", svg, gif, cut, b"\x89PNG\r\n\x1a\n"] {
            assert_eq!(Logo::sanitise(file).unwrap_err().code, "logo-format");
        }
        assert_eq!(Logo::sanitise(&vec![0; MAX_UPLOAD + 1]).unwrap_err().code, "logo-large");
    }

    #[test]
    fn a_bomb_is_refused_by_its_header() {
        let mut bomb = picture(1, 1, ImageFormat::Png);
        // Width and height of the IHDR chunk; its checksum is not even looked at before the size is.
        bomb[16..24].copy_from_slice(&[0, 0, 0x7f, 0xff, 0, 0, 0x7f, 0xff]);
        let code = Logo::sanitise(&bomb).unwrap_err().code;
        assert!(matches!(code, "logo-size" | "logo-format"), "{code}");
        let wide = picture(4097, 1, ImageFormat::Png);
        assert_eq!(Logo::sanitise(&wide).unwrap_err().code, "logo-size");
    }
}
