//! Time-based codes (RFC 6238: SHA-1, 6 digits, 30 seconds), as every authenticator app reads them.

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use kernel::Fault;
use totp_rs::Builder;

pub use totp_rs::Totp;

/// Steps before and after the present one that are accepted: clocks of phones differ.
const SKEW: u16 = 1;

/// A new shared secret of 160 bits.
#[must_use]
pub fn draw() -> Vec<u8> {
    #[expect(clippy::disallowed_methods, reason = "a secret, from the operating system's generator")]
    rand::random::<[u8; 20]>().to_vec()
}

/// The codes of `secret`. `issuer` and `email` are what the app calls the entry.
///
/// # Errors
/// A fault for a secret that is none.
pub fn build(secret: &[u8], issuer: &str, email: &str) -> Result<Totp, Fault> {
    // The app's address has `issuer:account`.
    let plain = |text: &str| text.replace(':', " ");
    Builder::new()
        .with_secret(secret.to_vec())
        .with_skew(SKEW)
        .with_account_name(plain(email))
        .with_issuer(Some(plain(issuer)))
        .build()
        .map_err(|e| Fault::new("time-based code", e.to_string()))
}

/// The picture that an app scans: a PNG in base64.
///
/// # Errors
/// A fault when it cannot be drawn.
pub fn picture(totp: &Totp) -> Result<String, Fault> {
    let png = totp.to_qr_png().map_err(|e| Fault::new("drawing a QR code", e.to_string()))?;
    Ok(BASE64_STANDARD.encode(png))
}

/// The secret as people type it into an app: base32 in groups of four.
#[must_use]
pub fn text(secret: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut text, mut bits, mut held) = (String::new(), 0_u32, 0_u32);
    for byte in secret {
        bits = bits << 8 | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            if text.len() % 5 == 4 {
                text.push(' ');
            }
            text.push(char::from(ALPHABET[(bits >> held & 31) as usize]));
        }
        bits &= (1 << held) - 1;
    }
    text
}

/// The step that `code` belongs to, when it is of now and later than `last`: a code works once.
#[must_use]
pub fn check(totp: &Totp, code: &str, now: DateTime<Utc>, last: i64) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let time = u64::try_from(now.timestamp()).ok()?;
    let step = i64::try_from(totp.check(&code, time)?).ok()?;
    (step > last).then_some(step)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn the_secret_is_base32() {
        // RFC 4648 section 10, padded length aside: five bytes are eight letters.
        assert_eq!(text(b"fooba"), "MZXW 6YTB");
    }

    #[test]
    fn a_code_is_accepted_once_and_only_around_its_time() {
        let totp = build(&[7; 20], "SRI: um", "ana@senai.example").unwrap();
        let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        let code = totp.generate(1_795_000_000).to_string();
        let step = check(&totp, &code, now, 0).expect("the present code");
        assert_eq!(check(&totp, &code, now, step), None, "used before");
        assert_eq!(check(&totp, &code, now + TimeDelta::seconds(30), 0), Some(step), "one step late");
        assert_eq!(check(&totp, &code, now + TimeDelta::seconds(90), 0), None, "too late");
        assert_eq!(check(&totp, &format!(" {} {}", &code[..3], &code[3..]), now, 0), Some(step), "as apps show it");
        assert_eq!(check(&totp, "000000", now, 0).filter(|_| code != "000000"), None);
    }
}
