//! Pictures that people send: the logo of a unidade and the face of a usuario. None is kept as it came.

use std::io::Cursor;

use axum::{extract::Multipart, http::StatusCode};
use bytes::Bytes;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder};
use kernel::{Fault, Invalid};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use web::{Error, forms::FormState};

/// Pixels of a side of what is read.
const MAX_SIDE: u32 = 4096;
/// A picture of [`MAX_SIDE`] squared with four bytes a pixel, and room to work.
const MAX_ALLOC: u64 = 96 * 1024 * 1024;

/// Bytes of a form around its picture.
pub(crate) const ROUND: usize = 64 * 1024;

/// Fields and the picture of a form sent as multipart; an empty field of a file is no file.
pub(crate) async fn form(mut body: Multipart, picture: &str) -> web::Result<(FormState, Option<Bytes>)> {
    let bad = |_| Error::status(StatusCode::BAD_REQUEST, "body");
    let (mut pairs, mut file) = (Vec::new(), None);
    while let Some(field) = body.next_field().await.map_err(bad)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == picture {
            let bytes = field.bytes().await.map_err(|e| match e.status() {
                StatusCode::PAYLOAD_TOO_LARGE => Error::status(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
                _ => Error::status(StatusCode::BAD_REQUEST, "body"),
            })?;
            file = (!bytes.is_empty()).then_some(bytes);
        } else {
            pairs.push((name, field.text().await.map_err(bad)?));
        }
    }
    Ok((FormState::typed(pairs), file))
}

/// Pictures that are drawn at the same time: each takes up to [`MAX_ALLOC`].
static DRAWING: Semaphore = Semaphore::const_new(2);

/// Has `make` draw a picture beside the requests of others.
pub(crate) async fn draw(make: fn(&[u8]) -> Result<Imagem, Invalid>, file: Bytes) -> Result<Result<Imagem, Invalid>, Fault> {
    let turn = DRAWING.acquire().await.map_err(|e| Fault::new("waiting to draw", e))?;
    // The turn goes along: when the request is cancelled the thread still works, and still counts.
    let drawn = tokio::task::spawn_blocking(move || {
        let drawn = make(&file);
        drop(turn);
        drawn
    });
    drawn.await.map_err(|e| Fault::new("drawing a picture", e))
}

/// What a picture is for: the bytes of a file that is looked at, and the pixels and bytes of what is kept, as in the tables.
pub(crate) struct Uso {
    pub max_upload: usize,
    side: u32,
    max_stored: usize,
}

impl Uso {
    /// Drawn 32 to 80 pixels high, on pages, in reports and in mails.
    pub(crate) const LOGO: Self = Self { max_upload: 2 << 20, side: 640, max_stored: 256 * 1024 };
    /// Drawn 26 to 96 pixels wide. A telephone's camera makes files of some megabytes.
    pub(crate) const FOTO: Self = Self { max_upload: 8 << 20, side: 192, max_stored: 64 * 1024 };

    /// Megabytes of [`Self::max_upload`], as the pages say it.
    pub(crate) const fn megabytes(&self) -> usize {
        self.max_upload >> 20
    }
}

/// A picture that was decoded and drawn anew: whatever else the file held is gone, the place where it was taken too.
#[derive(Clone, PartialEq, Eq)]
pub struct Imagem {
    /// First 32 hexadecimal digits of the SHA-256 of the bytes.
    pub hash: String,
    pub mime: &'static str,
    pub bytes: Vec<u8>,
}

impl Imagem {
    /// A logo: as it is, but small enough. Takes up to some hundred milliseconds of a core.
    ///
    /// # Errors
    /// `imagem-format` for anything but a whole PNG or JPEG, `imagem-size` for more than 4096 pixels a side, `imagem-large`
    /// for more bytes than are looked at.
    pub fn logo(file: &[u8]) -> Result<Self, Invalid> {
        let (picture, format) = read(file, &Uso::LOGO)?;
        Self::encode(picture, format, &Uso::LOGO)
    }

    /// A face: its middle, square, as JPEG on white. Takes as long, and fails in the same ways.
    ///
    /// # Errors
    /// As [`Self::logo`].
    pub fn foto(file: &[u8]) -> Result<Self, Invalid> {
        let (picture, _) = read(file, &Uso::FOTO)?;
        let side = picture.width().min(picture.height());
        let (x, y) = ((picture.width() - side) / 2, (picture.height() - side) / 2);
        let face = picture.crop_imm(x, y, side, side).thumbnail(Uso::FOTO.side, Uso::FOTO.side);
        let mut paper = image::RgbaImage::from_pixel(face.width(), face.height(), image::Rgba([255; 4]));
        image::imageops::overlay(&mut paper, &face.to_rgba8(), 0, 0);
        Self::encode(paper.into(), ImageFormat::Jpeg, &Uso::FOTO)
    }

    /// Halves the picture until it fits; a JPEG stays one, everything else keeps its transparency as PNG.
    fn encode(mut picture: DynamicImage, format: ImageFormat, uso: &Uso) -> Result<Self, Invalid> {
        let broken = |_| Invalid::new("imagem-format");
        let mut side = uso.side;
        while side >= 16 {
            if picture.width().max(picture.height()) > side {
                picture = picture.thumbnail(side, side);
            }
            let mut bytes = Cursor::new(Vec::new());
            let mime = if format == ImageFormat::Jpeg {
                picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 88)).map_err(broken)?;
                "image/jpeg"
            } else {
                picture.to_rgba8().write_to(&mut bytes, ImageFormat::Png).map_err(broken)?;
                "image/png"
            };
            let bytes = bytes.into_inner();
            if bytes.len() <= uso.max_stored {
                let hash = hex::encode(Sha256::digest(&bytes))[..32].to_owned();
                return Ok(Self { hash, mime, bytes });
            }
            side /= 2;
        }
        Err(Invalid::new("imagem-format"))
    }
}

/// A PNG or JPEG, the way up that its camera noted.
fn read(file: &[u8], uso: &Uso) -> Result<(DynamicImage, ImageFormat), Invalid> {
    let broken = || Invalid::new("imagem-format");
    if file.len() > uso.max_upload {
        return Err(Invalid::new("imagem-large").with("max", uso.megabytes()));
    }
    let mut reader = ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|_| broken())?;
    let format = reader.format().filter(|f| matches!(f, ImageFormat::Png | ImageFormat::Jpeg)).ok_or_else(broken)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| broken())?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > MAX_SIDE || width.min(height) == 0 {
        return Err(Invalid::new("imagem-size").with("max", MAX_SIDE));
    }
    let orientation = decoder.orientation().map_err(|_| broken())?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| broken())?;
    picture.apply_orientation(orientation);
    Ok((picture, format))
}

impl std::fmt::Debug for Imagem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Imagem({}, {} bytes)", self.hash, self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgba, RgbaImage};

    use super::*;

    fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        match format {
            ImageFormat::Jpeg => picture.to_rgb8().write_to(&mut bytes, format).unwrap(),
            _ => picture.write_to(&mut bytes, format).unwrap(),
        }
        bytes.into_inner()
    }

    fn noise(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let noise = |x: u32, y: u32| (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).to_le_bytes();
        encoded(&RgbaImage::from_fn(width, height, |x, y| Rgba(noise(x, y))).into(), format)
    }

    #[test]
    fn a_logo_is_drawn_anew_and_small() {
        for (format, mime) in [(ImageFormat::Png, "image/png"), (ImageFormat::Jpeg, "image/jpeg")] {
            let mut file = noise(900, 300, format);
            file.extend_from_slice(b"<script>alert(1)</script>");
            let logo = Imagem::logo(&file).unwrap();
            assert_eq!(logo.mime, mime);
            assert!(logo.bytes.len() <= Uso::LOGO.max_stored, "{}", logo.bytes.len());
            assert!(!logo.bytes.windows(7).any(|w| w == b"<script"), "what hangs behind the picture is gone");
            let again = image::load_from_memory(&logo.bytes).unwrap();
            assert!(
                again.width() <= Uso::LOGO.side && again.width().abs_diff(again.height() * 3) <= 2,
                "{}x{}",
                again.width(),
                again.height()
            );
            assert_eq!(Imagem::logo(&file).unwrap().hash, logo.hash);
        }
    }

    /// Red, green and blue beside each other.
    fn stripes(width: u32, height: u32) -> DynamicImage {
        let third = |x: u32| (x * 3 / width) as usize;
        RgbaImage::from_fn(width, height, |x, _| {
            [Rgba([255, 0, 0, 255]), Rgba([0, 255, 0, 255]), Rgba([0, 0, 255, 255])][third(x)]
        })
        .into()
    }

    #[test]
    fn a_face_is_the_square_in_the_middle() {
        for file in [encoded(&stripes(900, 300), ImageFormat::Png), encoded(&stripes(900, 300), ImageFormat::Jpeg)] {
            let foto = Imagem::foto(&file).unwrap();
            assert_eq!(foto.mime, "image/jpeg");
            let drawn = image::load_from_memory(&foto.bytes).unwrap().to_rgb8();
            assert_eq!(drawn.dimensions(), (Uso::FOTO.side, Uso::FOTO.side));
            assert!(drawn.pixels().all(|p| p[1] > 200 && p[0] < 60 && p[2] < 60), "only the green in the middle");
        }
        let clear = encoded(&RgbaImage::new(40, 40).into(), ImageFormat::Png);
        let drawn = image::load_from_memory(&Imagem::foto(&clear).unwrap().bytes).unwrap().to_rgb8();
        assert!(drawn.pixels().all(|p| p.0.iter().all(|c| *c > 250)), "what is transparent is white, not black");
    }

    /// As a telephone held upright writes it: the pixels lie on their side, a note says how to turn them, another where it was.
    #[test]
    fn a_face_stands_upright_and_says_nothing_of_the_place() {
        let flat = encoded(&stripes(300, 300), ImageFormat::Jpeg);
        let mut exif = b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        let length = u16::try_from(exif.len() - 2).unwrap().to_be_bytes();
        exif[2..4].copy_from_slice(&length);
        let file = [&flat[..2], &exif, &flat[2..]].concat();
        let foto = Imagem::foto(&file).unwrap();
        let drawn = image::load_from_memory(&foto.bytes).unwrap().to_rgb8();
        let (top, bottom) = (drawn.get_pixel(96, 10), drawn.get_pixel(96, 182));
        assert!(top[0] > 200 && bottom[2] > 200, "turned by a quarter: {top:?} above, {bottom:?} below");
        assert!(!foto.bytes.windows(4).any(|w| w == b"Exif"));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>"#;
        let gif = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;";
        let cut = &noise(50, 50, ImageFormat::Png)[..60];
        for file in [&b""[..], b"<html>", svg, gif, cut, b"\x89PNG\r\n\x1a\n"] {
            assert_eq!(Imagem::logo(file).unwrap_err().code, "imagem-format");
            assert_eq!(Imagem::foto(file).unwrap_err().code, "imagem-format");
        }
        assert_eq!(Imagem::logo(&vec![0; Uso::LOGO.max_upload + 1]).unwrap_err().code, "imagem-large");
        assert_eq!(Imagem::foto(&vec![0; Uso::FOTO.max_upload + 1]).unwrap_err().code, "imagem-large");
    }

    #[test]
    fn a_bomb_is_refused_by_its_header() {
        let mut bomb = noise(1, 1, ImageFormat::Png);
        // Width and height of the IHDR chunk; its checksum is not even looked at before the size is.
        bomb[16..24].copy_from_slice(&[0, 0, 0x7f, 0xff, 0, 0, 0x7f, 0xff]);
        let code = Imagem::logo(&bomb).unwrap_err().code;
        assert!(matches!(code, "imagem-size" | "imagem-format"), "{code}");
        let wide = noise(4097, 1, ImageFormat::Png);
        assert_eq!(Imagem::foto(&wide).unwrap_err().code, "imagem-size");
    }
}
