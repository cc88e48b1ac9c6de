use std::{fmt, net::IpAddr, path::PathBuf};

use kernel::Email;
use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use url::Url;

/// How mail leaves the house: the section `mail` of the configuration.
#[derive(Clone)]
pub struct MailConfig {
    pub(crate) transport: Transport,
    pub(crate) from: Email,
}

#[derive(Clone)]
pub(crate) enum Transport {
    Smtp(Smtp),
    /// A folder that takes one file per mail, for development and tests.
    Folder(PathBuf),
}

#[derive(Clone)]
pub(crate) struct Smtp {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub credentials: Option<(String, SecretString)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tls {
    None,
    /// STARTTLS: begins in the clear and must turn to TLS before anything is said.
    Upgraded,
    /// TLS from the first byte.
    Immediate,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailConfigError {
    #[error("the mail URL cannot be read; use smtps://user:password@host, smtp+starttls://…, smtp://host or file:///folder")]
    Url,
    #[error("the mail URL's scheme {0:?} is unknown; use smtps, smtp+starttls, smtp or file")]
    Scheme(String),
    #[error("the mail URL names no server")]
    Host,
    #[error("the mail URL carries a password over a connection without TLS; use smtps or smtp+starttls")]
    ClearPassword,
    #[error("the sender's address is not a valid e-mail address")]
    From,
}

impl MailConfig {
    /// `url` is `smtps://`, `smtp+starttls://`, `smtp://` (without TLS) with `[user:password@]host[:port]`, or `file:///folder`;
    /// user and password are percent-encoded. `from` is the address of the sender; the name beside it is the unidade's.
    ///
    /// # Errors
    /// What is wrong with the two; never the password.
    pub fn new(url: &str, from: &str) -> Result<Self, MailConfigError> {
        let from = from.parse().map_err(|_| MailConfigError::From)?;
        let url = Url::parse(url).map_err(|_| MailConfigError::Url)?;
        let (tls, default_port) = match url.scheme() {
            "smtps" => (Tls::Immediate, 465),
            "smtp+starttls" => (Tls::Upgraded, 587),
            "smtp" => (Tls::None, 25),
            "file" => {
                let folder = url.to_file_path().map_err(|()| MailConfigError::Url)?;
                return Ok(Self { transport: Transport::Folder(folder), from });
            }
            other => return Err(MailConfigError::Scheme(other.to_owned())),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(MailConfigError::Host)?;
        let decode = |text: &str| percent_decode_str(text).decode_utf8().map(String::from).map_err(|_| MailConfigError::Url);
        let credentials = match (url.username(), url.password()) {
            ("", _) => None,
            (user, password) => Some((decode(user)?, SecretString::from(decode(password.unwrap_or_default())?))),
        };
        let host = host.trim_matches(['[', ']']).to_owned();
        if tls == Tls::None && credentials.is_some() && !is_loopback(&host) {
            return Err(MailConfigError::ClearPassword);
        }
        let port = url.port().unwrap_or(default_port);
        Ok(Self { transport: Transport::Smtp(Smtp { host, port, tls, credentials }), from })
    }

    /// The folder of a `file:` URL.
    #[must_use]
    pub fn folder(&self) -> Option<&std::path::Path> {
        match &self.transport {
            Transport::Folder(folder) => Some(folder),
            Transport::Smtp(_) => None,
        }
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl fmt::Debug for MailConfig {
    /// Where mail goes, without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.transport {
            Transport::Folder(folder) => write!(f, "files in {}", folder.display()),
            Transport::Smtp(smtp) => write!(f, "{}:{} ({:?})", smtp.host, smtp.port, smtp.tls),
        }
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn smtp(url: &str) -> Smtp {
        match MailConfig::new(url, "sri@senai.example").unwrap().transport {
            Transport::Smtp(smtp) => smtp,
            Transport::Folder(_) => panic!("{url} is a folder"),
        }
    }

    #[test]
    fn each_scheme_has_its_port_and_its_tls() {
        for (url, port, tls) in [
            ("smtps://mail.senai.example", 465, Tls::Immediate),
            ("smtp+starttls://mail.senai.example", 587, Tls::Upgraded),
            ("smtp://mail.senai.example:2525", 2525, Tls::None),
        ] {
            let smtp = smtp(url);
            assert_eq!((smtp.host.as_str(), smtp.port, smtp.tls), ("mail.senai.example", port, tls));
        }
        let credentials = smtp("smtps://sri%40senai:p%3As%2Fs@[::1]:1").credentials.unwrap();
        assert_eq!((credentials.0.as_str(), credentials.1.expose_secret()), ("sri@senai", "p:s/s"));
        assert_eq!(
            MailConfig::new("file:///var/lib/sri/mail", "a@b.example").unwrap().folder().unwrap().to_str(),
            Some("/var/lib/sri/mail")
        );
    }

    #[test]
    fn what_cannot_work_is_refused_and_passwords_are_not_shown() {
        for (url, from, error) in [
            ("mail.example", "a@b.example", MailConfigError::Url),
            ("http://mail.example", "a@b.example", MailConfigError::Scheme("http".to_owned())),
            ("smtp://", "a@b.example", MailConfigError::Host),
            ("smtp://u:p@mail.example", "a@b.example", MailConfigError::ClearPassword),
            ("smtps://mail.example", "a@b", MailConfigError::From),
            ("smtps://mail.example", "a@b.example\r\nBcc: c@d.example", MailConfigError::From),
        ] {
            assert_eq!(MailConfig::new(url, from).err(), Some(error), "{url}");
        }
        let shown = format!("{:?}", MailConfig::new("smtps://u:geheim@mail.example", "a@b.example").unwrap());
        assert!(!shown.contains("geheim"), "{shown}");
    }
}
