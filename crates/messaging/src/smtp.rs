//! One mail over one connection of its own. A connection is never used again: after a deadline it may stand in the middle
//! of a dialogue, and the answer to one mail would be read as the answer to the next.

use std::time::Duration;

use lettre::{
    address::Envelope,
    transport::smtp::{
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, TlsParameters},
        extension::ClientId,
    },
};
use secrecy::ExposeSecret as _;
use tokio::net::ToSocketAddrs;

use crate::{
    config::{Smtp, Tls},
    mailer::Timeouts,
};

/// What a dialogue with a server failed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Its name leads nowhere.
    Unresolved,
    /// It stands where a unidade's own server may not.
    Internal,
    Unreachable,
    /// Not protected as it should be, or by a certificate that does not hold.
    Tls,
    /// User or password.
    Login,
    /// This mail, its sender or its reader; for good.
    Refused,
    /// This mail, for the time being.
    Deferred,
    Slow,
    /// The installation cannot send as it is set up.
    Broken,
}

/// Why a mail did not go out, and what the server itself said, if it said anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub why: Why,
    pub answer: String,
}

/// Hands a mail to the server, dialled at `place`.
pub(crate) async fn deliver(
    smtp: &Smtp,
    place: impl ToSocketAddrs,
    timeouts: Timeouts,
    envelope: &Envelope,
    mail: &[u8],
) -> Result<(), Failure> {
    let dialogue = async {
        let mut connection = connect(smtp, place, timeouts.connect).await?;
        let accepted = connection.send(envelope, mail).await.map_err(|error| {
            // Only what the server says about this very mail is final; a wrong password or a closed port is ours to mend.
            if error.is_permanent() {
                Failure { why: Why::Refused, answer: error.to_string() }
            } else {
                failure(Why::Deferred, &error)
            }
        })?;
        tracing::debug!(code = %accepted.code(), "The mail server accepted a mail.");
        Ok(connection)
    };
    let mut connection = tokio::time::timeout(timeouts.total, dialogue)
        .await
        .map_err(|_| Failure { why: Why::Slow, answer: "the mail server is too slow".to_owned() })??;
    // Accepted is accepted, however the farewell goes.
    let _ = tokio::time::timeout(Duration::from_secs(1), connection.quit()).await;
    Ok(())
}

async fn connect(smtp: &Smtp, place: impl ToSocketAddrs, timeout: Duration) -> Result<AsyncSmtpConnection, Failure> {
    let hello = ClientId::default();
    // The certificate is for the name, wherever that was found to lead.
    let parameters = || TlsParameters::new(smtp.host.clone()).map_err(|e| failure(Why::Tls, &e));
    let implicit = if smtp.tls == Tls::Immediate { Some(parameters()?) } else { None };
    let connecting = AsyncSmtpConnection::connect_tokio1(place, Some(timeout), &hello, implicit, None);
    let mut connection = connecting.await.map_err(|e| {
        let why = match e.status() {
            // It answered, and not well.
            Some(_) => Why::Deferred,
            None if e.is_tls() => Why::Tls,
            None => Why::Unreachable,
        };
        failure(why, &e)
    })?;
    if smtp.tls == Tls::Upgraded {
        if !connection.can_starttls() {
            return Err(Failure { why: Why::Tls, answer: "the mail server offers no STARTTLS".to_owned() });
        }
        connection.starttls(parameters()?, &hello).await.map_err(|e| failure(Why::Tls, &e))?;
    }
    if let Some((user, password)) = &smtp.credentials {
        let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
        connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await.map_err(|e| failure(Why::Login, &e))?;
    }
    Ok(connection)
}

/// The error with its causes: "connection error" alone helps nobody.
fn failure(why: Why, error: &lettre::transport::smtp::Error) -> Failure {
    Failure { why, answer: kernel::Fault::new("mail server", error.to_string()).to_string() }
}
