use std::{fmt, fmt::Write as _, str::FromStr};

use kernel::Invalid;

/// A colour `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cor {
    r: u8,
    g: u8,
    b: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a colour of the form #rrggbb")]
pub struct InvalidCor;

impl From<InvalidCor> for Invalid {
    fn from(_: InvalidCor) -> Self {
        Self::new("cor-invalid")
    }
}

const WHITE: Cor = Cor::new(255, 255, 255);
const BLACK: Cor = Cor::new(0, 0, 0);
/// Cards of the light and of the dark theme, on which the unidade's colours must be read (`assets/src/styles/_tokens.scss`).
const CARD_LIGHT: Cor = WHITE;
const CARD_DARK: Cor = Cor::new(0x15, 0x1d, 0x2f);
/// WCAG 2.2 AA for text and for parts of the interface.
const TEXT: f64 = 4.5;
const GRAPHIC: f64 = 3.0;

impl Cor {
    #[must_use]
    pub const fn new(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b }
    }

    /// WCAG contrast, 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.r) + 0.7152 * linear(self.g) + 0.0722 * linear(self.b)
    }

    /// `percent` of the way to `other`.
    fn towards(self, other: Self, percent: u16) -> Self {
        let mix = |from: u8, to: u8| {
            let sum = u16::from(from) * (100 - percent) + u16::from(to) * percent;
            u8::try_from(sum / 100).unwrap_or(u8::MAX)
        };
        Self::new(mix(self.r, other.r), mix(self.g, other.g), mix(self.b, other.b))
    }

    /// This colour, moved towards `end` just until it stands out from `ground`.
    fn legible(self, ground: Self, end: Self, contrast: f64) -> Self {
        (0..=100).map(|percent| self.towards(end, percent)).find(|cor| cor.contrast(ground) >= contrast).unwrap_or(end)
    }

    /// Black or white, whichever is read better on this colour.
    #[must_use]
    pub fn ink(self) -> Self {
        if self.contrast(WHITE) >= self.contrast(BLACK) { WHITE } else { BLACK }
    }
}

impl FromStr for Cor {
    type Err = InvalidCor;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let hex =
            s.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit())).ok_or(InvalidCor)?;
        let channel = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).map_err(|_| InvalidCor);
        Ok(Self::new(channel(0)?, channel(2)?, channel(4)?))
    }
}

impl fmt::Display for Cor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.r, self.g, self.b)
    }
}

/// The two colours of a unidade: `primaria` fills buttons and lights links, `destaque` marks where one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tema {
    pub primaria: Cor,
    pub destaque: Cor,
}

impl Default for Tema {
    /// SENAI's own.
    fn default() -> Self {
        Self { primaria: Cor::new(0x16, 0x41, 0x94), destaque: Cor::new(0xe8, 0x49, 0x10) }
    }
}

impl Tema {
    /// Variables for both themes, derived so that every pair the style sheet makes of them reaches AA whatever was chosen:
    /// `fundo` is filled and `sobre` written on it, `tinta` is written on cards. `None` for the default, which is in the sheet.
    #[must_use]
    pub fn css(&self) -> Option<String> {
        if *self == Self::default() {
            return None;
        }
        let light = Variables::derive(*self, CARD_LIGHT, BLACK);
        let dark = Variables::derive(*self, CARD_DARK, WHITE);
        let mut css = String::with_capacity(512);
        // Twice the dark half: chosen by the person, or left to the device.
        let written = write!(
            css,
            ":root,[data-bs-theme=light]{{{light}}}[data-bs-theme=dark]{{{dark}}}\
             @media(prefers-color-scheme:dark){{[data-bs-theme=auto]{{{dark}}}}}"
        );
        written.ok().map(|()| css)
    }
}

struct Variables {
    fundo: Cor,
    sobre: Cor,
    tinta: Cor,
    destaque: Cor,
}

impl Variables {
    fn derive(tema: Tema, card: Cor, away: Cor) -> Self {
        let fundo = tema.primaria.legible(card, away, GRAPHIC);
        // Text is also written on the tinted rows and chips, a shade off the card: a little more than AA asks for.
        let tinta = tema.primaria.legible(card, away, TEXT * 1.25);
        Self { fundo, sobre: fundo.ink(), tinta, destaque: tema.destaque.legible(card, away, GRAPHIC) }
    }
}

impl fmt::Display for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fundo, sobre, tinta, destaque } = self;
        write!(f, "--marca-fundo:{fundo};--marca-sobre:{sobre};--marca-tinta:{tinta};--marca-destaque:{destaque};")?;
        f.write_str("--tint:color-mix(in srgb,var(--marca-tinta) 9%,var(--card));")?;
        f.write_str("--hover:color-mix(in srgb,var(--marca-tinta) 5%,var(--card))")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_house_colours_measure_as_published() {
        let Tema { primaria, destaque } = Tema::default();
        assert!((primaria.contrast(WHITE) - 9.5).abs() < 0.1, "{}", primaria.contrast(WHITE));
        assert!((destaque.contrast(WHITE) - 3.9).abs() < 0.2, "{}", destaque.contrast(WHITE));
        assert_eq!(Tema::default().css(), None);
    }

    #[test]
    fn only_a_colour_is_a_colour() {
        assert_eq!("#16A0fF".parse::<Cor>().unwrap().to_string(), "#16a0ff");
        for wrong in ["", "16a0ff", "#fff", "#12345g", "#1234567", "red;}", "#é123"] {
            assert_eq!(wrong.parse::<Cor>(), Err(InvalidCor), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_pair_of_colours_can_be_read_in_both_themes(p: [u8; 3], d: [u8; 3]) {
            let tema = Tema { primaria: Cor::new(p[0], p[1], p[2]), destaque: Cor::new(d[0], d[1], d[2]) };
            for (card, away) in [(CARD_LIGHT, BLACK), (CARD_DARK, WHITE)] {
                let v = Variables::derive(tema, card, away);
                prop_assert!(v.sobre.contrast(v.fundo) >= TEXT);
                prop_assert!(v.tinta.contrast(card) >= TEXT);
                prop_assert!(v.fundo.contrast(card) >= GRAPHIC);
                prop_assert!(v.destaque.contrast(card) >= GRAPHIC);
            }
        }
    }
}
