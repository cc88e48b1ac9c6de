//! The console's second factor: the codes of `acesso`, under the console's own name.

use acesso::totp::Totp;
use kernel::Fault;

pub(super) use acesso::totp::{check, draw, picture, text};

pub(super) fn build(secret: &[u8], email: &str) -> Result<Totp, Fault> {
    acesso::totp::build(secret, "SRI console", email)
}
