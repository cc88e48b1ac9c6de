//! Passwords: which ones may be chosen, and hashing them without letting it take the whole machine.

use std::sync::{Arc, LazyLock};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use kernel::{Fault, Invalid, fold};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Characters of a password that is being chosen (ASVS V6.2.1, V6.2.9).
const MIN: usize = 12;
const MAX: usize = 1024;

/// Bytes of a password that is worth hashing: [`MAX`] characters of UTF-8.
const MAX_BYTES: usize = MAX * 4;

/// A password as it was typed: never trimmed, cut or normalised (ASVS V6.2.8).
#[derive(Debug, Clone)]
pub struct Senha(SecretString);

impl Senha {
    #[must_use]
    pub fn typed(text: &str) -> Self {
        Self(text.into())
    }

    fn bytes(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }
}

/// A password that may be chosen.
#[derive(Debug, Clone)]
pub struct NovaSenha(Senha);

impl NovaSenha {
    /// `about` is what an attacker knows of the person: their name, e-mail, unidade.
    ///
    /// # Errors
    /// `senha-short`, `senha-long`, and `senha-weak` for one that a program finds within 10^8 guesses.
    pub fn choose(senha: Senha, about: &[&str]) -> Result<Self, Invalid> {
        let text = senha.0.expose_secret();
        let length = text.chars().take(MAX + 1).count();
        if length < MIN {
            return Err(Invalid::new("senha-short").with("min", MIN));
        }
        if length > MAX {
            return Err(Invalid::new("senha-long").with("max", MAX));
        }
        if zxcvbn::zxcvbn(text, about).score() < zxcvbn::Score::Three || is_about(text, about) {
            return Err(Invalid::new("senha-weak"));
        }
        Ok(Self(senha))
    }
}

/// Whether hardly anything is left of a password without the words that everybody knows of the person (ASVS V6.2.11).
fn is_about(text: &str, about: &[&str]) -> bool {
    let about: Vec<String> = about.iter().map(|known| fold(known)).collect();
    let words = about.iter().flat_map(|known| known.split(|c: char| !c.is_alphanumeric())).filter(|word| word.len() > 2);
    let rest = words.fold(fold(text), |rest, word| rest.replace(word, ""));
    rest.chars().filter(|c| c.is_alphanumeric()).count() < MIN / 2
}

/// Passwords that are hashed at the same time, and that may wait for it: on two cores the last of them for some ten seconds,
/// which people at eight in the morning rather do than come again.
static HASHING: LazyLock<Hashing> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Hashing::new(cores.saturating_sub(1).max(1), 256)
});

/// The console's own, so that nobody who floods a unidade's door keeps the platform's admins out.
static CONSOLE: LazyLock<Hashing> = LazyLock::new(|| Hashing::new(1, 8));

/// Stands in for the password of an account that does not exist: same algorithm and cost as every other, the hash of
/// nothing that anybody knows.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$cHJveHkgb2Ygbm9ib2R5$9CvmVVUOq4fG0yO1h1cFhqQb2h6mV8mO5m2s3vG4cXs";

/// A hash takes 19 MiB and some 50 ms of one core (OWASP's Argon2id m=19456, t=2, p=1). One core stays free for the rest
/// of the house, and whoever comes when the queue is full is sent away at once.
struct Hashing {
    running: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Hashing {
    fn new(running: usize, waiting: usize) -> Self {
        Self { running: Arc::new(Semaphore::new(running)), places: Arc::new(Semaphore::new(running + waiting)) }
    }

    fn place(&self) -> Result<Place, Fault> {
        let held = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Fault::because("too many passwords wait to be hashed").unavailable())?;
        Ok(Place { running: Arc::clone(&self.running), _held: held })
    }
}

/// A place in the queue of passwords to hash. Taken before anything else is done for somebody, given back when dropped.
pub struct Place {
    running: Arc<Semaphore>,
    _held: OwnedSemaphorePermit,
}

impl Place {
    /// # Errors
    /// Unavailable when the queue is full.
    pub fn take() -> Result<Self, Fault> {
        HASHING.place()
    }

    /// In the queue of the console.
    ///
    /// # Errors
    /// As [`Place::take`].
    pub fn take_for_console() -> Result<Self, Fault> {
        CONSOLE.place()
    }

    /// The password in PHC form, with a salt of its own.
    ///
    /// # Errors
    /// A fault when hashing fails, which it does without memory.
    pub async fn hash(self, senha: NovaSenha) -> Result<String, Fault> {
        self.blocking(move || Argon2::default().hash_password(senha.0.bytes()).map(|phc: PasswordHash| phc.to_string()))
            .await?
            .map_err(|e| Fault::new("hashing a password", e.to_string()))
    }

    /// Whether `senha` is the one that `phc` was made of. Takes as long without a `phc`, and is false then.
    ///
    /// # Errors
    /// A fault when `phc` is none.
    pub async fn verify(self, senha: Senha, phc: Option<String>) -> Result<bool, Fault> {
        if senha.bytes().len() > MAX_BYTES {
            return Ok(false);
        }
        self.blocking(move || {
            let known = phc.is_some();
            let phc = phc.unwrap_or_else(|| NOBODY.to_owned());
            let parsed = PasswordHash::new(&phc).map_err(|e| Fault::new("a stored password", e.to_string()))?;
            Ok(Argon2::default().verify_password(senha.bytes(), &parsed).is_ok() && known)
        })
        .await?
    }

    async fn blocking<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
        let turn = Arc::clone(&self.running).acquire_owned().await.map_err(|e| Fault::new("waiting to hash", e))?;
        // The turn goes along: when the request is cancelled the thread still works, and still counts.
        let work = tokio::task::spawn_blocking(move || {
            let answer = work();
            drop((turn, self));
            answer
        });
        work.await.map_err(|e| Fault::new("hashing", e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "cavalo-bateria-grampo";

    fn choose(text: &str) -> Result<NovaSenha, &'static str> {
        NovaSenha::choose(Senha::typed(text), &["Marina Costa", "marina.costa@senai.example"]).map_err(|invalid| invalid.code)
    }

    #[test]
    fn short_long_and_guessable_passwords_are_refused() {
        assert!(choose(GOOD).is_ok());
        assert!(choose("  três espaços contam  ").is_ok());
        assert_eq!(choose("Tr0ub4d&rXy").err(), Some("senha-short"));
        assert_eq!(choose("ç".repeat(11).as_str()).err(), Some("senha-short"));
        assert_eq!(choose(&"a1".repeat(513)).err(), Some("senha-long"));
        for weak in [
            "123456789012",
            "passwordpassword",
            "marinacosta1",
            "aaaaaaaaaaaaaaaa",
            "qwertyuiop12",
            "marina.costa@senai",
            "Märina!Costa2026",
        ] {
            assert_eq!(choose(weak).err(), Some("senha-weak"), "{weak}");
        }
    }

    /// Guessing takes longer the longer a password is: the longest that may be chosen is judged all the same.
    #[test]
    fn the_longest_password_is_judged() {
        let longest: String = (0..1024_u32).filter_map(|i| char::from_u32(97 + i * 7 % 26)).collect();
        assert!(choose(&longest).is_ok());
        assert_eq!(choose(&format!("{longest}x")).err(), Some("senha-long"));
    }

    #[tokio::test]
    async fn a_password_is_known_again_and_two_equal_ones_differ() {
        let hash = async || Place::take().unwrap().hash(choose(GOOD).unwrap()).await.unwrap();
        let (one, two) = (hash().await, hash().await);
        assert_ne!(one, two, "each has its own salt");
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        let verify = async |text: &str, phc: Option<&String>| {
            Place::take().unwrap().verify(Senha::typed(text), phc.cloned()).await.unwrap()
        };
        assert!(verify(GOOD, Some(&one)).await && verify(GOOD, Some(&two)).await);
        for wrong in ["", "cavalo-bateria-gramp", " cavalo-bateria-grampo", "Cavalo-bateria-grampo"] {
            assert!(!verify(wrong, Some(&one)).await, "{wrong}");
        }
        assert!(!verify(GOOD, None).await);
    }

    #[test]
    fn nobody_costs_as_much_as_somebody() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let somebody: PasswordHash = Argon2::default().hash_password(b"x").unwrap();
        assert_eq!((nobody.algorithm, nobody.version, nobody.params), (somebody.algorithm, somebody.version, somebody.params));
        assert_eq!(nobody.hash.map(|h| h.len()), somebody.hash.map(|h| h.len()));
    }

    #[tokio::test]
    async fn a_huge_password_is_refused_without_hashing() {
        let phc = Place::take().unwrap().hash(choose(GOOD).unwrap()).await.unwrap();
        let one_turn = Hashing::new(1, 0);
        // Nobody can hash while this turn is held.
        let _turn = Arc::clone(&one_turn.running).acquire_owned().await.unwrap();
        let place = one_turn.place().unwrap();
        assert!(!place.verify(Senha::typed(&"x".repeat(1 << 20)), Some(phc)).await.unwrap());
    }

    #[tokio::test]
    async fn a_full_queue_sends_away() {
        let hashing = Hashing::new(1, 1);
        let (one, _two) = (hashing.place().unwrap(), hashing.place().unwrap());
        assert!(hashing.place().err().unwrap().is_unavailable());
        drop(one);
        assert!(hashing.place().is_ok());
    }

    #[tokio::test]
    async fn a_flooded_unidade_keeps_no_admin_out() {
        let _flood: Vec<_> = std::iter::from_fn(|| Place::take().ok()).take(10_000).collect();
        assert!(Place::take().is_err() && Place::take_for_console().is_ok());
    }
}
