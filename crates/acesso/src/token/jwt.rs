use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use kernel::Fault;
use serde::{Deserialize, Serialize};
use tenancy::{MasterKey, UnidadeId};

use super::{Chave, TokenId};

/// The one algorithm; a token that names another is refused before its signature is looked at (ASVS V9.1.2).
const ALGORITHM: Algorithm = Algorithm::HS256;
const ISSUER: &str = "sri";
/// Keeps a token from passing for any other signed thing of the house (ASVS V9.2.2).
const TYPE: &str = "api";
/// Between the clocks of two machines.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// Claims of a token. All are required and of exactly these types: an `exp` in quotes or an `aud` in a list is no token.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: UnidadeId,
    typ: String,
    jti: TokenId,
    iat: i64,
    exp: i64,
}

/// A token whose signature, claims and time are right. Whether it still counts says its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Genuine {
    pub id: TokenId,
    /// Signed it.
    pub chave: Chave,
}

/// Key of one unidade: a token of another does not even verify.
fn key(master: &MasterKey, unidade: UnidadeId, chave: Chave) -> [u8; 32] {
    master.derive(&format!("token:{unidade}:{chave}"))
}

/// The text of a token.
pub(super) fn sign(
    master: &MasterKey,
    unidade: UnidadeId,
    Genuine { id: jti, chave }: Genuine,
    iat: DateTime<Utc>,
    exp: DateTime<Utc>,
) -> Result<String, Fault> {
    let header = Header { kid: Some(chave.to_string()), ..Header::new(ALGORITHM) };
    let claims =
        Claims { iss: ISSUER.to_owned(), aud: unidade, typ: TYPE.to_owned(), jti, iat: iat.timestamp(), exp: exp.timestamp() };
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&key(master, unidade, chave)))
        .map_err(|e| Fault::new("signing a token", e))
}

/// A token that is genuine, for `unidade`, and not expired at `now`.
pub(crate) fn verify(master: &MasterKey, unidade: UnidadeId, text: &str, now: DateTime<Utc>) -> Option<Genuine> {
    let header = jsonwebtoken::decode_header(text).ok()?;
    // Keys come from the configuration alone: `jwk`, `jku` and `x5u` are not read (ASVS V9.1.3). The number chooses among our
    // own, and the row of the token must name the same.
    let chave = header.kid?.parse::<Chave>().ok()?;
    let mut validation = Validation::new(ALGORITHM);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[unidade.to_string()]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    // By our own clock, below.
    validation.validate_exp = false;
    let claims =
        jsonwebtoken::decode::<Claims>(text, &DecodingKey::from_secret(&key(master, unidade, chave)), &validation).ok()?.claims;
    let expires = DateTime::from_timestamp(claims.exp, 0)?;
    let issued = DateTime::from_timestamp(claims.iat, 0)?;
    let genuine = claims.iss == ISSUER && claims.aud == unidade && claims.typ == TYPE;
    (genuine && now < expires + LEEWAY && issued <= now + LEEWAY).then_some(Genuine { id: claims.jti, chave })
}

/// The unidade that a token says it is for. Unverified: it only tells where to look for the key.
pub(crate) fn audience(text: &str) -> Option<UnidadeId> {
    #[derive(Deserialize)]
    struct Aud {
        aud: UnidadeId,
    }
    jsonwebtoken::dangerous::insecure_decode::<Aud>(text).ok().map(|token| token.claims.aud)
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use kernel::Clock;
    use serde_json::{Value, json};

    use super::*;

    struct Scene {
        master: MasterKey,
        alfa: UnidadeId,
        beta: UnidadeId,
        jti: TokenId,
        now: DateTime<Utc>,
    }

    fn scene() -> Scene {
        let clock = Clock::system();
        Scene {
            master: "ab".repeat(32).parse().unwrap(),
            alfa: UnidadeId::new(clock.uuid()),
            beta: UnidadeId::new(clock.uuid()),
            jti: TokenId::new(clock.uuid()),
            now: DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
        }
    }

    impl Scene {
        fn claims(&self) -> Value {
            json!({ "iss": "sri", "aud": self.alfa, "typ": "api", "jti": self.jti, "iat": self.now.timestamp(), "exp": self.now.timestamp() + 600 })
        }

        /// Signed with alfa's own key, whatever it says.
        fn signed(&self, header: &Header, claims: &Value) -> String {
            jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(&key(&self.master, self.alfa, Chave::FIRST))).unwrap()
        }

        fn genuine(&self) -> Genuine {
            Genuine { id: self.jti, chave: Chave::FIRST }
        }

        fn accepts(&self, text: &str) -> bool {
            verify(&self.master, self.alfa, text, self.now) == Some(self.genuine())
        }
    }

    fn header() -> Header {
        Header { kid: Some("1".into()), ..Header::new(Algorithm::HS256) }
    }

    #[test]
    fn a_genuine_token_is_known_until_it_expires() {
        let scene = scene();
        let text = sign(&scene.master, scene.alfa, scene.genuine(), scene.now, scene.now + TimeDelta::minutes(10)).unwrap();
        assert!(scene.accepts(&text));
        assert!(scene.accepts(&scene.signed(&header(), &scene.claims())), "the tests' own tokens are of the same shape");
        assert_eq!(audience(&text), Some(scene.alfa));
        let at = |seconds| verify(&scene.master, scene.alfa, &text, scene.now + TimeDelta::seconds(seconds)).is_some();
        assert!(at(600 + 59) && !at(600 + 60), "the leeway is a minute");
    }

    #[test]
    fn another_unidade_s_token_is_nothing_here() {
        let scene = scene();
        let foreign = sign(&scene.master, scene.beta, scene.genuine(), scene.now, scene.now + TimeDelta::minutes(10)).unwrap();
        assert!(!scene.accepts(&foreign));
        // Signed with beta's key, but saying that it is for alfa.
        let lying = jsonwebtoken::encode(
            &header(),
            &scene.claims(),
            &EncodingKey::from_secret(&key(&scene.master, scene.beta, Chave::FIRST)),
        )
        .unwrap();
        assert!(!scene.accepts(&lying));
        let other_master = "ac".repeat(32).parse().unwrap();
        assert!(verify(&other_master, scene.alfa, &scene.signed(&header(), &scene.claims()), scene.now).is_none());
    }

    #[test]
    fn claims_must_all_be_there_and_of_their_types() {
        let scene = scene();
        for claim in ["iss", "aud", "typ", "jti", "iat", "exp"] {
            let mut claims = scene.claims();
            claims.as_object_mut().unwrap().remove(claim);
            assert!(!scene.accepts(&scene.signed(&header(), &claims)), "without {claim}");
        }
        let exp = scene.now.timestamp() + 600;
        for (claim, wrong) in [
            ("exp", json!(exp.to_string())),
            ("exp", json!(exp as f64 + 0.5)),
            ("exp", json!(null)),
            ("exp", json!(i64::MAX)),
            ("exp", json!(-1)),
            ("iat", json!("0")),
            ("iat", json!(exp)),
            ("aud", json!([scene.alfa])),
            ("aud", json!([scene.alfa, scene.beta])),
            ("aud", json!(scene.beta)),
            ("aud", json!("*")),
            ("iss", json!("sri.example")),
            ("iss", json!(["sri"])),
            ("typ", json!("sessao")),
            ("typ", json!("API")),
            ("jti", json!("1")),
        ] {
            let mut claims = scene.claims();
            claims[claim] = wrong.clone();
            assert!(!scene.accepts(&scene.signed(&header(), &claims)), "{claim} = {wrong}");
        }
    }

    #[test]
    fn algorithms_cannot_be_confused() {
        let scene = scene();
        let good = scene.signed(&header(), &scene.claims());
        let (head, rest) = good.split_once('.').unwrap();
        let body = rest.split_once('.').unwrap().0;
        let of = |header: Value| BASE64_URL_SAFE_NO_PAD.encode(header.to_string());
        for alg in ["none", "None", "NONE", "HS512", "RS256", "ES256", "EdDSA", ""] {
            let header = of(json!({ "alg": alg, "typ": "JWT", "kid": "1" }));
            assert!(!scene.accepts(&format!("{header}.{rest}")), "{alg} with the old signature");
            assert!(!scene.accepts(&format!("{header}.{body}.")), "{alg} without a signature");
        }
        for algorithm in [Algorithm::HS384, Algorithm::HS512] {
            let header = Header { kid: Some("1".into()), ..Header::new(algorithm) };
            assert!(!scene.accepts(&scene.signed(&header, &scene.claims())), "{algorithm:?}");
        }
        assert!(!scene.accepts(&format!("{head}.{body}.")));
    }

    #[test]
    fn the_header_cannot_bring_a_key() {
        let scene = scene();
        for kid in
            [None, Some("2"), Some("01"), Some("+1"), Some("0"), Some("99999"), Some("../../etc/passwd"), Some("1' OR '1'='1")]
        {
            let header = Header { kid: kid.map(str::to_owned), ..Header::new(Algorithm::HS256) };
            assert!(!scene.accepts(&scene.signed(&header, &scene.claims())), "{kid:?}");
        }
        let own = [7; 32];
        let jwk = json!({ "kty": "oct", "k": BASE64_URL_SAFE_NO_PAD.encode(own), "alg": "HS256", "kid": "1" });
        let header =
            Header { jwk: Some(serde_json::from_value(jwk).unwrap()), jku: Some("https://evil.example/k".into()), ..header() };
        let text = jsonwebtoken::encode(&header, &scene.claims(), &EncodingKey::from_secret(&own)).unwrap();
        assert!(!scene.accepts(&text));
    }

    #[test]
    fn each_key_signs_for_itself() {
        let scene = scene();
        let second = Genuine { chave: Chave::FIRST.next().unwrap(), ..scene.genuine() };
        let text = sign(&scene.master, scene.alfa, second, scene.now, scene.now + TimeDelta::minutes(10)).unwrap();
        assert_eq!(verify(&scene.master, scene.alfa, &text, scene.now), Some(second));
        assert!(scene.accepts(&scene.signed(&header(), &scene.claims())), "the older key goes on to");
        let (_, rest) = text.split_once('.').unwrap();
        let (head, _) =
            scene.signed(&header(), &scene.claims()).split_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        assert!(!scene.accepts(&format!("{head}.{rest}")), "its number is signed too");
    }

    #[test]
    fn one_changed_character_is_noticed() {
        let scene = scene();
        let good = scene.signed(&header(), &scene.claims());
        for at in 0..good.len() {
            let mut text = good.clone().into_bytes();
            text[at] = if text[at] == b'A' { b'B' } else { b'A' };
            let text = String::from_utf8(text).unwrap();
            // The last character of base64 may hold bits that say nothing; such a text is the same token.
            let same_bytes = text.rsplit('.').next().map(|s| BASE64_URL_SAFE_NO_PAD.decode(s).ok())
                == good.rsplit('.').next().map(|s| BASE64_URL_SAFE_NO_PAD.decode(s).ok())
                && text.rsplit_once('.').map(|x| x.0) == good.rsplit_once('.').map(|x| x.0);
            assert!(text == good || same_bytes || !scene.accepts(&text), "character {at}");
        }
        for junk in ["", ".", "..", "a.b.c", "ey.ey.ey", &"a".repeat(4096)] {
            assert!(!scene.accepts(junk));
            assert_eq!(audience(junk), None);
        }
    }
}
