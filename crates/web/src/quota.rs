//! How often a program may ask, and what its answers tell it of that.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::Error;

/// Of draft-ietf-httpapi-ratelimit-headers: what is allowed, and what is left of it.
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// What the row of a program knows of its pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Requests a minute.
    pub limit: u32,
    /// Minutes since 1970: the one that `count` counts.
    pub minute: i64,
    pub count: u32,
}

/// What is left to a program of this minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    pub limit: u32,
    pub remaining: u32,
    /// Seconds until the next minute begins.
    pub resets_in: u32,
    /// This request is one too many.
    pub over: bool,
    /// What was counted here is to be told to the others, by `Identity::touch`.
    pub tell: bool,
}

impl Quota {
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let texts = [
            (POLICY, format!("\"token\";q={};w=60", self.limit)),
            (STATE, format!("\"token\";r={};t={}", self.remaining, self.resets_in)),
        ];
        for (name, text) in texts {
            if let Ok(value) = HeaderValue::try_from(text) {
                headers.insert(name, value);
            }
        }
    }

    /// 429, and when to come back.
    pub(crate) fn refusal(&self) -> Response {
        let mut response = Error::status(StatusCode::TOO_MANY_REQUESTS, "rate").into_response();
        self.write(response.headers_mut());
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(self.resets_in));
        response
    }
}
