use std::{collections::HashMap, fmt, time::Duration};

use secrecy::SecretString;
use url::Url;

use super::provedor::Provedor;

/// Whom the house asks about CNPJs and CEPs, and how. Empty lists: nobody, and every question is answered with "unavailable".
#[derive(Debug, Clone)]
pub struct ConsultaConfig {
    /// In the order in which they are asked.
    pub cnpj: Vec<Site>,
    pub cep: Vec<Site>,
    /// For a whole question, over all providers.
    pub timeout: Duration,
}

/// A provider as the operator configured it.
#[derive(Clone)]
pub struct Site {
    pub provedor: Provedor,
    /// Paths are joined to it; ends with a slash.
    pub base: Url,
    /// Sent as `Authorization: Bearer`, to this provider only.
    pub token: Option<SecretString>,
    /// Requests a minute, over all processes and unidades.
    pub limit: u16,
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").field("provedor", &self.provedor).field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

impl ConsultaConfig {
    /// Nobody is asked.
    #[must_use]
    pub const fn off() -> Self {
        Self { cnpj: Vec::new(), cep: Vec::new(), timeout: Duration::from_secs(3) }
    }

    /// Reads `name=url` pairs for CNPJs and for CEPs, and `name=value` pairs of tokens and of limits, separated by spaces;
    /// `off` stands for an empty list.
    ///
    /// # Errors
    /// The first pair that cannot be used, and which of the four lists it is in.
    pub fn read(cnpj: &str, cep: &str, tokens: &str, limits: &str, timeout: Duration) -> Result<Self, (List, String)> {
        let tokens: HashMap<Provedor, &str> = pairs(tokens).map_err(|e| (List::Tokens, e))?.into_iter().collect();
        let mut parsed = HashMap::new();
        for (provedor, text) in pairs(limits).map_err(|e| (List::Limits, e))? {
            let limit = text.parse().ok().filter(|limit| (1..=600).contains(limit));
            parsed.insert(provedor, limit.ok_or_else(|| (List::Limits, format!("1 to 600 a minute, not {text:?}")))?);
        }
        let sites = |list: List, text: &str, knows: fn(Provedor) -> bool| {
            let mut sites: Vec<Site> = Vec::new();
            for (provedor, address) in pairs(text).map_err(|e| (list, e))? {
                if !knows(provedor) || sites.iter().any(|site| site.provedor == provedor) {
                    return Err((list, format!("{} cannot be asked here, or stands here twice", provedor.code())));
                }
                let base = base(address).map_err(|e| (list, e))?;
                let token = tokens.get(&provedor).map(|token| SecretString::from(*token));
                let limit = parsed.get(&provedor).copied().unwrap_or_else(|| provedor.default_limit());
                sites.push(Site { provedor, base, token, limit });
            }
            Ok(sites)
        };
        Ok(Self {
            cnpj: sites(List::Cnpj, cnpj, Provedor::knows_cnpj)?,
            cep: sites(List::Cep, cep, Provedor::knows_cep)?,
            timeout,
        })
    }
}

/// Which of the lists of [`ConsultaConfig::read`] is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    Cnpj,
    Cep,
    Tokens,
    Limits,
}

fn pairs(text: &str) -> Result<Vec<(Provedor, &str)>, String> {
    if text.trim() == "off" {
        return Ok(Vec::new());
    }
    let pair = |pair: &'_ str| -> Result<(Provedor, usize), String> {
        let (name, _) = pair.split_once('=').ok_or("write name=value, separated by spaces")?;
        Ok((name.parse()?, name.len() + 1))
    };
    text.split_whitespace().map(|text| pair(text).map(|(provedor, at)| (provedor, &text[at..]))).collect()
}

/// Nobody on the way may read or change what is asked and answered, so it is https; plain http only within the machine.
fn base(text: &str) -> Result<Url, String> {
    let mut url: Url = text.parse().map_err(|e| format!("{e}: {text:?}"))?;
    let local = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    let safe = url.scheme() == "https" || (url.scheme() == "http" && local);
    let plain = url.host().is_some() && url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if !safe || !plain || url.fragment().is_some() {
        return Err(format!("give an https address without user, query or fragment, not {text:?}"));
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(3);

    #[test]
    fn order_limits_and_tokens_are_the_operators() {
        let text = "brasilapi=https://a.example/api receitaws=https://b.example/v1/";
        let config = ConsultaConfig::read(text, "off", "receitaws=s3", "receitaws=60", TIMEOUT).unwrap();
        let read: Vec<_> = config.cnpj.iter().map(|s| (s.provedor, s.base.as_str(), s.limit, s.token.is_some())).collect();
        assert_eq!(
            read,
            [
                (Provedor::BrasilApi, "https://a.example/api/", 30, false),
                (Provedor::ReceitaWs, "https://b.example/v1/", 60, true)
            ]
        );
        assert!(config.cep.is_empty());
        assert!(!format!("{config:?}").contains("s3"));
    }

    #[test]
    fn wrong_ones_are_named() {
        for (cnpj, cep, tokens, limits, list) in [
            ("receitaws", "", "", "", List::Cnpj),
            ("outra=https://a.example", "", "", "", List::Cnpj),
            ("viacep=https://a.example", "", "", "", List::Cnpj),
            ("receitaws=http://a.example", "", "", "", List::Cnpj),
            ("receitaws=https://u:p@a.example", "", "", "", List::Cnpj),
            ("receitaws=https://a.example receitaws=https://b.example", "", "", "", List::Cnpj),
            ("", "receitaws=https://a.example", "", "", List::Cep),
            ("", "", "x=y", "", List::Tokens),
            ("", "", "", "receitaws=0", List::Limits),
            ("", "", "", "receitaws=x", List::Limits),
        ] {
            assert_eq!(
                ConsultaConfig::read(cnpj, cep, tokens, limits, TIMEOUT).unwrap_err().0,
                list,
                "{cnpj} {cep} {tokens} {limits}"
            );
        }
        assert!(ConsultaConfig::read("receitaws=http://127.0.0.1:8/v1", "", "", "", TIMEOUT).is_ok());
    }
}
