//! The envelope of the REST API: lists with a cursor, versions as ETags.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::Error;

/// A page of a list. `next_cursor` is absent on the last page; `total` counts all rows of the filter.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct List<T> {
    pub items: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    pub total: i64,
}

/// Rows per answer when none are asked for, and at most.
pub const DEFAULT_LIMIT: u32 = 50;
pub const MAX_LIMIT: u32 = 200;

/// A record with its version as a strong ETag.
pub fn versioned<T: Serialize>(status: StatusCode, version: i32, body: &T) -> Response {
    let mut response = (status, axum::Json(body)).into_response();
    if let Ok(etag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

/// The version a change is based on, from `If-Match: "3"`.
///
/// # Errors
/// 428 when the header is missing, 400 when it is not one strong ETag of ours.
pub fn if_match(headers: &HeaderMap) -> Result<i32, Error> {
    let value = headers
        .get(header::IF_MATCH)
        .ok_or_else(|| Error::status(StatusCode::PRECONDITION_REQUIRED, "if-match-missing"))?;
    value
        .to_str()
        .ok()
        .and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok())
        .ok_or_else(|| Error::status(StatusCode::BAD_REQUEST, "if-match"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_travels_as_etag() {
        let mut headers = HeaderMap::new();
        assert_eq!(if_match(&headers).unwrap_err().status_code(), StatusCode::PRECONDITION_REQUIRED);
        for (text, version) in [("\"3\"", Some(3)), ("3", None), ("W/\"3\"", None), ("\"x\"", None), ("\"1\", \"2\"", None)] {
            headers.insert(header::IF_MATCH, HeaderValue::from_static(text));
            assert_eq!(if_match(&headers).ok(), version, "{text}");
        }
    }
}
