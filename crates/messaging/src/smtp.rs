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

use crate::{
    config::{Smtp, Tls},
    mailer::{SendError, Timeouts},
};

/// Hands a mail to the server.
pub(crate) async fn deliver(smtp: &Smtp, timeouts: Timeouts, envelope: &Envelope, mail: &[u8]) -> Result<(), SendError> {
    let dialogue = async {
        let mut connection = connect(smtp, timeouts.connect).await?;
        let accepted = connection.send(envelope, mail).await.map_err(|error| {
            // Only what the server says about this very mail is final; a wrong password or a closed port is ours to mend.
            if error.is_permanent() { SendError::Refused(error.to_string()) } else { SendError::Later(told(&error)) }
        })?;
        tracing::debug!(code = %accepted.code(), "The mail server accepted a mail.");
        Ok(connection)
    };
    let mut connection = tokio::time::timeout(timeouts.total, dialogue)
        .await
        .map_err(|_| SendError::Later("the mail server is too slow".to_owned()))??;
    // Accepted is accepted, however the farewell goes.
    let _ = tokio::time::timeout(Duration::from_secs(1), connection.quit()).await;
    Ok(())
}

async fn connect(smtp: &Smtp, timeout: Duration) -> Result<AsyncSmtpConnection, SendError> {
    let hello = ClientId::default();
    let parameters = || TlsParameters::new(smtp.host.clone()).map_err(|e| later(&e));
    let implicit = if smtp.tls == Tls::Immediate { Some(parameters()?) } else { None };
    let connecting = AsyncSmtpConnection::connect_tokio1((smtp.host.as_str(), smtp.port), Some(timeout), &hello, implicit, None);
    let mut connection = connecting.await.map_err(|e| later(&e))?;
    if smtp.tls == Tls::Upgraded {
        if !connection.can_starttls() {
            return Err(SendError::Later("the mail server offers no STARTTLS".to_owned()));
        }
        connection.starttls(parameters()?, &hello).await.map_err(|e| later(&e))?;
    }
    if let Some((user, password)) = &smtp.credentials {
        let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
        connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await.map_err(|e| later(&e))?;
    }
    Ok(connection)
}

fn later(error: &lettre::transport::smtp::Error) -> SendError {
    SendError::Later(told(error))
}

/// The error with its causes: "connection error" alone helps nobody.
fn told(error: &lettre::transport::smtp::Error) -> String {
    kernel::Fault::new("mail server", error.to_string()).to_string()
}
