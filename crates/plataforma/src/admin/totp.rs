//! Time-based codes (RFC 6238: SHA-1, 6 digits, 30 seconds), as every authenticator app reads them.

use chrono::{DateTime, Utc};
use kernel::Fault;
use totp_rs::{Builder, Totp};

/// Steps before and after the present one that are accepted: clocks of phones differ.
const SKEW: u16 = 1;

pub(super) fn draw() -> Vec<u8> {
    #[expect(clippy::disallowed_methods, reason = "a secret, from the operating system's generator")]
    rand::random::<[u8; 20]>().to_vec()
}

pub(super) fn build(secret: &[u8], email: &str) -> Result<Totp, Fault> {
    Builder::new()
        .with_secret(secret.to_vec())
        .with_skew(SKEW)
        .with_account_name(email)
        .with_issuer(Some("SRI console"))
        .build()
        .map_err(|e| Fault::new("time-based code", e.to_string()))
}

/// The secret as people type it into an app: base32 in groups of four.
pub(super) fn text(secret: &[u8]) -> String {
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
pub(super) fn check(totp: &Totp, code: &str, now: DateTime<Utc>, last: i64) -> Option<i64> {
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
        let totp = build(&[7; 20], "ana@senai.example").unwrap();
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
