//! Codes that people type, and what is kept of them.

use sha2::{Digest, Sha256};
use tenancy::MasterKey;

use crate::{segredo::Segredo, usuario::UsuarioId};

/// Six digits for a mail.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Digits(u32);

impl Digits {
    pub(crate) fn draw() -> Self {
        #[expect(clippy::disallowed_methods, reason = "a code that lets somebody in, from the operating system's generator")]
        Self(u32::try_from(rand::random::<u64>() % 1_000_000).unwrap_or_default())
    }

    pub(crate) fn reveal(&self) -> String {
        format!("{:06}", self.0)
    }

    /// What is kept: together with the secret that only the browser has, so that neither the table alone nor another attempt's
    /// browser can do anything with it (ASVS V6.5.2, V6.6.2).
    pub(crate) fn hash(typed: &str, passo: &Segredo) -> [u8; 32] {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        Sha256::new().chain_update(passo.hash()).chain_update(passo.reveal()).chain_update(digits).finalize().into()
    }
}

/// A código de reserva: 80 random bits in four groups of letters and digits that nobody takes for one another.
pub(crate) struct Reserva(String);

/// How many of them a person gets.
pub(super) const RESERVAS: usize = 10;
/// Crockford's base32, without I, L, O and U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Reserva {
    pub(crate) fn draw() -> Self {
        #[expect(clippy::disallowed_methods, reason = "a code that lets somebody in, from the operating system's generator")]
        let bits: [u8; 16] = rand::random();
        let letters: Vec<char> = bits.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect();
        Self(letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept: under a key of the house and of its usuario. Case, hyphens and look-alikes do not matter.
    pub(crate) fn hash(typed: &str, key: &MasterKey, usuario: UsuarioId) -> [u8; 32] {
        let plain: String = typed
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| match c.to_ascii_uppercase() {
                'I' | 'L' => '1',
                'O' => '0',
                other => other,
            })
            .collect();
        Sha256::new().chain_update(key.derive(&format!("reserva:{usuario}"))).chain_update(plain).finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailed_code_is_worth_nothing_beside_another_attempt() {
        let (one, other) = (Segredo::draw(), Segredo::draw());
        let code = Digits(7);
        assert_eq!(code.reveal(), "000007");
        assert_eq!(Digits::hash(" 000 007", &one), Digits::hash(&code.reveal(), &one), "as people type it");
        assert_ne!(Digits::hash("000007", &one), Digits::hash("000007", &other));
        assert!((0..200).all(|_| Digits::draw().0 < 1_000_000));
    }

    #[test]
    fn a_codigo_de_reserva_is_read_as_people_write_it() {
        let key = "ab".repeat(32).parse::<MasterKey>().unwrap();
        let ana = UsuarioId::new(uuid::Uuid::from_u128(1));
        let code = Reserva::draw();
        assert_eq!((code.reveal().len(), code.reveal().matches('-').count()), (19, 3));
        assert_ne!(code.reveal(), Reserva::draw().reveal());
        let kept = Reserva::hash(code.reveal(), &key, ana);
        assert_eq!(Reserva::hash(&code.reveal().to_lowercase().replace('-', " "), &key, ana), kept);
        assert_eq!(Reserva::hash("l0oI", &key, ana), Reserva::hash("1001", &key, ana));
        assert_ne!(Reserva::hash(code.reveal(), &key, UsuarioId::new(uuid::Uuid::from_u128(2))), kept, "another's");
    }
}
