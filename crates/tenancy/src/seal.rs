//! Secrets: everything follows from one master key, so that a process needs one secret and a rotation has one place.

use std::{fmt, str::FromStr};

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac};
use kernel::Fault;
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};

use crate::config::ConfigError;

/// 32 bytes from which passwords of login roles and sealing keys are derived. Never stored by the product.
#[derive(Clone)]
pub struct MasterKey(std::sync::Arc<SecretBox<[u8; 32]>>);

impl FromStr for MasterKey {
    type Err = ConfigError;

    /// 64 hexadecimal digits.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let bytes: [u8; 32] = hex::decode(s.trim()).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(ConfigError::SecretKey)?;
        Ok(Self(std::sync::Arc::new(SecretBox::new(Box::new(bytes)))))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(hidden)")
    }
}

/// Ciphertext bound to a purpose: nonce (12 bytes), then AES-256-GCM output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);

impl MasterKey {
    /// A new key as text, for a first start.
    #[must_use]
    pub fn draw_text() -> String {
        hex::encode(random::<32>())
    }

    /// A key of its own for each `purpose` (HMAC-SHA-256 of the purpose).
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(self.0.expose_secret())
            .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Password of one of the product's login roles, the same in every process and placement.
    pub(crate) fn login_password(&self, role: &str) -> String {
        hex::encode(self.derive(&format!("login:{role}")))
    }

    /// Seals `plain` for `purpose` (e.g. `unidade:<id>:login`); opening it for another purpose fails.
    ///
    /// # Errors
    /// A fault only when the cipher refuses, which it does for inputs beyond 64 GB.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Sealed, Fault> {
        let nonce: [u8; 12] = random();
        let cipher = Aes256Gcm::new(&self.derive("seal").into());
        let text = cipher
            .encrypt(&nonce.into(), Payload { msg: plain, aad: purpose.as_bytes() })
            .map_err(|_| Fault::because("sealing a secret"))?;
        Ok(Sealed([nonce.as_slice(), &text].concat()))
    }

    /// # Errors
    /// A fault when `sealed` was made for another purpose, with another key, or was altered.
    pub fn open(&self, purpose: &str, sealed: &Sealed) -> Result<Vec<u8>, Fault> {
        let altered = || Fault::because("opening a sealed secret: wrong key or altered");
        let (nonce, text) = sealed.0.split_at_checked(12).ok_or_else(altered)?;
        let nonce: [u8; 12] = nonce.try_into().map_err(|_| altered())?;
        Aes256Gcm::new(&self.derive("seal").into())
            .decrypt(&nonce.into(), Payload { msg: text, aad: purpose.as_bytes() })
            .map_err(|_| altered())
    }
}

#[expect(clippy::disallowed_methods, reason = "nonces, salts and passwords must never repeat, not even under a test's clock")]
pub(crate) fn random<const N: usize>() -> [u8; N] {
    rand::random()
}

/// 192 random bits as text, for passwords nobody types.
pub(crate) fn random_password() -> String {
    hex::encode(random::<24>())
}

/// What PostgreSQL stores for a SCRAM-SHA-256 password (RFC 5802), so that the password itself never stands in a
/// statement that a server may log.
pub(crate) fn scram_verifier(password: &str) -> String {
    const ITERATIONS: u32 = 4096;
    let salt: [u8; 16] = random();
    let salted = pbkdf2(password.as_bytes(), &salt, ITERATIONS);
    let client_key = hmac(&salted, b"Client Key");
    let stored_key: [u8; 32] = Sha256::digest(client_key).into();
    let server_key = hmac(&salted, b"Server Key");
    format!(
        "SCRAM-SHA-256${ITERATIONS}:{}${}:{}",
        BASE64_STANDARD.encode(salt),
        BASE64_STANDARD.encode(stored_key),
        BASE64_STANDARD.encode(server_key)
    )
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac =
        <Hmac<Sha256> as KeyInit>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// First block of PBKDF2-HMAC-SHA-256, which is all that SCRAM takes.
fn pbkdf2(password: &[u8], salt: &[u8], iterations: u32) -> [u8; 32] {
    let mut block = hmac(password, &[salt, &1u32.to_be_bytes()].concat());
    let mut out = block;
    for _ in 1..iterations {
        block = hmac(password, &block);
        for (o, b) in out.iter_mut().zip(block) {
            *o ^= b;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: &str) -> MasterKey {
        byte.repeat(32).parse().unwrap()
    }

    #[test]
    fn a_sealed_secret_opens_for_its_purpose_and_key_only() {
        let sealed = key("ab").seal("unidade:a", b"segredo").unwrap();
        assert_eq!(key("ab").open("unidade:a", &sealed).unwrap(), b"segredo");
        assert!(key("ab").open("unidade:b", &sealed).is_err());
        assert!(key("ac").open("unidade:a", &sealed).is_err());
        let mut altered = sealed;
        altered.0[20] ^= 1;
        assert!(key("ab").open("unidade:a", &altered).is_err());
        assert!(key("ab").open("unidade:a", &Sealed(vec![0; 5])).is_err());
    }

    #[test]
    fn pbkdf2_matches_its_published_vector() {
        // RFC 7914, section 11: PBKDF2-HMAC-SHA-256 ("passwd", "salt", 1), first 32 bytes.
        assert_eq!(
            hex::encode(pbkdf2(b"passwd", b"salt", 1)),
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
        );
    }

    #[test]
    fn debug_hides_the_key() {
        assert!(!format!("{:?}", key("ab")).contains("ab"));
    }
}
