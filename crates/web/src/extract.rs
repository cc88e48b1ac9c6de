//! Extractors that answer bad input with our own error instead of axum's text.

use axum::{
    body::{Body, HttpBody as _},
    extract::{FromRequest, FromRequestParts, Request, rejection::PathRejection},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use crate::{App, Error};

/// The request with its whole body in memory. Guards ask for it before they take a connection of the database, so that a slow
/// line holds none.
///
/// # Errors
/// 413 for more than `limit` bytes, 400 for a body that broke off or paused too long.
pub async fn whole(request: Request, limit: usize) -> Result<Request, Error> {
    if request.body().is_end_stream() {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let too_large = || Error::status(StatusCode::PAYLOAD_TOO_LARGE, "too-large");
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large());
    }
    match Limited::new(body, limit).collect().await {
        Ok(whole) => Ok(Request::from_parts(parts, Body::from(whole.to_bytes()))),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(_) => Err(Error::status(StatusCode::BAD_REQUEST, "body")),
    }
}

/// Query string; keys may repeat.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        axum_extra::extract::Query::<T>::from_request_parts(parts, state)
            .await
            .map(|axum_extra::extract::Query(value)| Self(value))
            .map_err(|_| Error::status(StatusCode::BAD_REQUEST, "query"))
    }
}

/// A posted form as it came: [`crate::forms::FormState::from_body`] reads it, so that every field's mistake is told.
#[derive(Debug, Clone, Default)]
pub struct FormBody(pub Bytes);

impl FromRequest<App> for FormBody {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let is_form = content_type(&request).is_some_and(|t| t.eq_ignore_ascii_case("application/x-www-form-urlencoded"));
        if !is_form {
            return Err(Error::status(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type"));
        }
        read(request, app).await.map(Self)
    }
}

/// A JSON body of a closed type.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let is_json = content_type(&request)
            .is_some_and(|t| t.eq_ignore_ascii_case("application/json") || t.to_ascii_lowercase().ends_with("+json"));
        if !is_json {
            return Err(Error::status(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type"));
        }
        let body = read(request, app).await?;
        serde_json::from_slice(&body).map(Self).map_err(|e| {
            if e.is_data() {
                Error::status(StatusCode::UNPROCESSABLE_ENTITY, "json-shape")
            } else {
                Error::status(StatusCode::BAD_REQUEST, "json-syntax")
            }
        })
    }
}

/// A path whose id is none: not found, as an unknown id is. For `#[typed_path("…", rejection(web::BadPath))]`.
#[derive(Debug)]
pub struct BadPath;

impl From<PathRejection> for BadPath {
    fn from(_: PathRejection) -> Self {
        Self
    }
}

impl IntoResponse for BadPath {
    fn into_response(self) -> Response {
        Error::not_found().into_response()
    }
}

fn content_type(request: &Request) -> Option<&str> {
    let value = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim())
}

async fn read(request: Request, app: &App) -> Result<Bytes, Error> {
    Bytes::from_request(request, app).await.map_err(|rejection| match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::status(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        _ => Error::status(StatusCode::BAD_REQUEST, "body"),
    })
}
