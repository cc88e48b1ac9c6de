//! What belongs to no unidade: the built front end, and the cookies of the frame.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use kernel::Lang;

use crate::{
    Error, cookies,
    forms::FormState,
    frame::Theme,
    page::{local_path, redirect},
};

pub(crate) async fn file(headers: HeaderMap, request: Request) -> Response {
    let name = request.uri().path().strip_prefix("/assets/").unwrap_or_default();
    let Some(asset) = assets::get(name) else {
        return Error::not_found().into_response();
    };
    let accepts_br = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.split(',').any(|e| e.split(';').next().unwrap_or_default().trim() == "br"));
    let common = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.mime)),
        (header::CACHE_CONTROL, HeaderValue::from_static(assets::Asset::CACHE)),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    match asset.br {
        Some(br) if accepts_br => (common, [(header::CONTENT_ENCODING, HeaderValue::from_static("br"))], br).into_response(),
        _ => (common, asset.bytes).into_response(),
    }
}

/// Language and theme of this browser, from the forms of the frame: cookies without any secret, holding known words only.
pub(crate) async fn preferences(request: Request) -> Result<Response, Error> {
    let body =
        axum::body::to_bytes(request.into_body(), 4096).await.map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    let form = FormState::from_body(&body);
    let mut response = redirect(local_path(form.value("volta")).unwrap_or("/"), None);
    let lang = form.value("idioma").parse::<Lang>().ok().map(cookies::idioma);
    let theme = Theme::parse(form.value("tema")).map(|theme| cookies::preference("tema", theme.code()));
    for cookie in lang.into_iter().chain(theme) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
