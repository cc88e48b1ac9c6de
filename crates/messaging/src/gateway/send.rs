//! One POST over one connection of its own, following nobody elsewhere.

use reqwest::{Client, StatusCode, header};
use serde::Serialize;
use tenancy::MasterKey;

use super::Gateway;
use crate::{
    guard::{client, failed},
    mailer::Timeouts,
    outbox::Text,
    smtp::{Failure, Why},
};

/// As much of an answer as anybody reads.
const ANSWER_MAX: usize = 300;

/// What the other side gets. The names are those of S2-7.3.
#[derive(Serialize)]
struct Body<'a> {
    id: uuid::Uuid,
    telefone: &'a str,
    texto: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    codigo: Option<&'a str>,
}

/// Hands `text` over. Its id goes along as the Idempotency-Key: an attempt whose answer was lost is made again.
pub(crate) async fn deliver(
    gateway: &Gateway,
    key: &MasterKey,
    internal: bool,
    timeouts: Timeouts,
    text: &Text,
) -> Result<(), Failure> {
    let Timeouts { connect, total } = timeouts;
    let slow = || Failure { why: Why::Slow, answer: "the gateway is too slow".to_owned() };
    let client = tokio::time::timeout(connect, client(&gateway.endereco.0, internal, connect)).await.map_err(|_| slow())??;
    tokio::time::timeout(total, post(&client, gateway, key, text)).await.unwrap_or_else(|_| Err(slow()))
}

async fn post(client: &Client, gateway: &Gateway, key: &MasterKey, text: &Text) -> Result<(), Failure> {
    let body = Body { id: text.id, telefone: text.to.as_str(), texto: &text.text, codigo: text.code.as_deref() };
    let mut request = client.post(gateway.endereco.0.clone()).header("idempotency-key", text.id.to_string()).json(&body);
    if let Some(sealed) = &gateway.segredo {
        let broken = |answer: String| Failure { why: Why::Broken, answer };
        let opened = key.open(&Gateway::purpose(gateway.id), sealed).map_err(|fault| broken(fault.to_string()))?;
        let segredo = String::from_utf8(opened).map_err(|e| broken(e.to_string()))?;
        let mut value = header::HeaderValue::from_str(&format!("Bearer {segredo}")).map_err(|e| broken(e.to_string()))?;
        value.set_sensitive(true);
        request = request.header(header::AUTHORIZATION, value);
    }
    let response = request.send().await.map_err(|error| failed(&error))?;
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let why = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Why::Login,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => Why::Deferred,
        status if status.is_server_error() => Why::Deferred,
        _ => Why::Refused,
    };
    Err(Failure { why, answer: format!("{status} {}", said(response).await).trim().to_owned() })
}

/// The beginning of an answer, on one line.
async fn said(mut response: reqwest::Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < ANSWER_MAX
        && let Ok(Some(chunk)) = response.chunk().await
    {
        bytes.extend_from_slice(&chunk);
    }
    let text = String::from_utf8_lossy(&bytes).split_whitespace().collect::<Vec<_>>().join(" ");
    text.chars().filter(|c| !c.is_control()).take(ANSWER_MAX).collect()
}
