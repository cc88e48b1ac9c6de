use std::{fmt, str::FromStr};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// What a cookie or a one-time link carries: 256 random bits, written as 43 characters of base64url. Only
/// [`Segredo::hash`] is ever stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Segredo([u8; 32]);

/// Not a secret of ours: wrong length or alphabet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 43 characters of base64url")]
pub struct InvalidSegredo;

impl Segredo {
    /// A new one from the operating system's generator.
    #[must_use]
    pub fn draw() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the one place of this crate that draws secrets")]
        Self(rand::random())
    }

    /// SHA-256: the bits are random, so no slow hash is needed to keep them from being guessed.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// The text for the cookie or link.
    #[must_use]
    pub fn reveal(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl FromStr for Segredo {
    type Err = InvalidSegredo;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let bytes = (s.len() == 43).then(|| BASE64_URL_SAFE_NO_PAD.decode(s).ok()).flatten().ok_or(InvalidSegredo)?;
        bytes.try_into().map(Self).map_err(|_| InvalidSegredo)
    }
}

impl fmt::Debug for Segredo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Segredo(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_back_as_it_left() {
        let secret = Segredo::draw();
        assert_eq!(secret.reveal().parse(), Ok(secret.clone()));
        assert_ne!(secret, Segredo::draw());
        assert!(!format!("{secret:?}").contains(&secret.reveal()));
    }

    #[test]
    fn anything_else_is_refused() {
        let good = Segredo::draw().reveal();
        for bad in [
            "",
            "x",
            &good[1..],
            &format!("{good}A"),
            &good.replace(&good[..1], "+"),
            &"ç".repeat(22),
            &format!("{}=", &good[1..]),
        ] {
            assert_eq!(bad.parse::<Segredo>(), Err(InvalidSegredo), "{bad}");
        }
    }
}
