use std::fmt;

use kernel::Invalid;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

use crate::FileKind;

/// What a file is called: one path part in NFC without what misleads the eye or a program, at most [`FileName::MAX`] characters,
/// with an extension that may come in. Accents and spaces stay.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(String);

/// Stand for something of their own on Windows, with whatever extension.
const RESERVED: [&str; 22] = [
    "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "LPT1", "LPT2", "LPT3",
    "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
];

/// RFC 5987 `attr-char`, without those that some browsers read otherwise.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl FileName {
    /// Characters of a name at most.
    pub const MAX: usize = 150;

    /// Cleans what a browser, a program or a person calls a file.
    ///
    /// # Errors
    /// `file-name` when nothing is left, `file-extension` for one that is not on the list.
    pub fn clean(raw: &str) -> Result<Self, Invalid> {
        // Some browsers send the whole path of the file on the disk; others are asked to by an attacker.
        let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
        let kept: String = last.nfc().filter(|c| !misleads(*c)).map(|c| if forbidden(c) { '-' } else { c }).collect();
        // Windows drops a trailing dot or space: the extension looked at would not be the one that counts.
        let kept = kept.trim_matches([' ', '.', '\u{a0}', '\u{3000}']);
        let (stem, extension) = kept.rsplit_once('.').unwrap_or((kept, ""));
        let (stem, extension) = (stem.trim(), extension.trim().to_lowercase());
        if stem.is_empty() {
            return Err(Invalid::new("file-name"));
        }
        if FileKind::by_extension(&extension).is_none() {
            return Err(Invalid::new("file-extension").with("accepted", FileKind::extensions()));
        }
        let mut stem: String = stem.chars().take(Self::MAX - 1 - extension.len()).collect();
        let device = stem.split('.').next().unwrap_or_default().trim_end().to_uppercase();
        if RESERVED.contains(&device.as_str()) {
            stem.insert(0, '_');
        }
        Ok(Self(format!("{}.{extension}", stem.trim_end())))
    }

    /// Another name for the same content: without an extension, or with another one, it keeps its own.
    ///
    /// # Errors
    /// `file-name` when nothing is left.
    pub fn renamed(&self, raw: &str) -> Result<Self, Invalid> {
        match Self::clean(raw) {
            Ok(name) if name.kind() == self.kind() => Ok(name),
            Err(invalid) if invalid.code == "file-name" => Err(invalid),
            _ => Self::clean(&format!("{raw}.{}", self.extension())),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In lower case, without the dot.
    #[must_use]
    pub fn extension(&self) -> &str {
        self.0.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    #[must_use]
    pub fn kind(&self) -> Option<FileKind> {
        FileKind::by_extension(self.extension())
    }

    /// Value of `Content-Disposition` (RFC 6266): `filename` in ASCII for old programs, `filename*` as it is.
    #[must_use]
    pub fn disposition(&self, inside: bool) -> String {
        let plain = |c: char| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%' | ';') || c == ' ' { c } else { '_' };
        // An accent becomes the letter under it, where there is one.
        let ascii: String = self.0.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).map(plain).collect();
        let how = if inside { "inline" } else { "attachment" };
        format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(&self.0, VALUE))
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Invisible, or turning the direction of what follows: `fatura\u{202e}fdp.exe` would be read as `faturaexe.pdf`.
fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// What Windows does not take in a name.
const fn forbidden(c: char) -> bool {
    matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_cleaned_and_stay_readable() {
        for (raw, clean) in [
            ("Relatório de Ação 2026.PDF", "Relatório de Ação 2026.pdf"),
            ("Relato\u{301}rio.pdf", "Relatório.pdf"),
            ("../../etc/passwd.txt", "passwd.txt"),
            ("C:\\Users\\ana\\contrato.docx", "contrato.docx"),
            ("fatura\u{202e}fdp.txt", "faturafdp.txt"),
            ("a\0b\r\nc\".pdf", "abc-.pdf"),
            ("plano.php.pdf", "plano.php.pdf"),
            ("con.txt", "_con.txt"),
            ("nul.tar.txt", "_nul.tar.txt"),
            (" . planta.png . ", "planta.png"),
            ("工厂.jpg", "工厂.jpg"),
        ] {
            assert_eq!(FileName::clean(raw).unwrap().as_str(), clean, "{raw:?}");
        }
        let long = FileName::clean(&format!("{}.xlsx", "ç".repeat(400))).unwrap();
        assert_eq!(long.as_str().chars().count(), FileName::MAX);
        assert!(long.as_str().ends_with("ç.xlsx"));
    }

    #[test]
    fn names_that_say_nothing_or_the_wrong_thing_are_refused() {
        for (raw, code) in [
            ("", "file-name"),
            (".pdf", "file-extension"),
            ("..", "file-name"),
            ("/", "file-name"),
            ("\u{202e}.\u{200b}", "file-name"),
            ("virus.exe", "file-extension"),
            ("fatura.pdf\u{202e}.exe", "file-extension"),
            ("pagina.html", "file-extension"),
            ("figura.svg", "file-extension"),
            ("sem-extensao", "file-extension"),
        ] {
            assert_eq!(FileName::clean(raw).unwrap_err().code, code, "{raw:?}");
        }
    }

    #[test]
    fn a_new_name_keeps_the_extension() {
        let name = FileName::clean("a.pdf").unwrap();
        for (raw, new) in [("b", "b.pdf"), ("b.PDF", "b.pdf"), ("b.exe", "b.exe.pdf"), ("b.docx", "b.docx.pdf")] {
            assert_eq!(name.renamed(raw).unwrap().as_str(), new);
        }
        assert_eq!(name.renamed(" ").unwrap_err().code, "file-name");
    }

    #[test]
    fn downloads_have_one_safe_name_in_two_notations() {
        let name = FileName::clean("Relatório \"final\" 100%;x=1.pdf").unwrap();
        assert_eq!(
            name.disposition(false),
            "attachment; filename=\"Relatorio -final- 100__x=1.pdf\"; filename*=UTF-8''Relat%C3%B3rio%20-final-%20100%25%3Bx%3D1.pdf"
        );
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(raw in "\\PC{0,40}[./\\\\\u{202e}\0 ]{0,3}\\PC{0,10}\\.(pdf|PNG|txt)") {
            if let Ok(once) = FileName::clean(&raw) {
                prop_assert_eq!(FileName::clean(once.as_str()).unwrap(), once.clone());
                let misleading = once.as_str().contains(['/', '\\', '\0', '\u{202e}', '\n']);
                prop_assert!(!misleading);
                let header = once.disposition(true);
                prop_assert!(header.bytes().all(|b| (0x20..0x7f).contains(&b)), "{}", header);
                prop_assert_eq!(header.matches('"').count(), 2);
            }
        }
    }
}
