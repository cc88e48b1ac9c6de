//! A list on its way out of the house as a file: what every export has besides its rows.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use kernel::Actor;
use sheets::{Format, Table, Words};
use tokio_util::io::ReaderStream;

use crate::frame::Frame;

/// The texts a writer needs of its own; `empty` is the key of what stands there instead of rows.
#[must_use]
pub fn words(frame: &Frame, empty: &str) -> Words {
    Words {
        // The writer fills in the numbers.
        page: frame.t_with("export-page", &[("page", "{page}".into()), ("pages", "{pages}".into())]),
        total: frame.t("export-total").to_owned(),
        summary: frame.t("export-summary").to_owned(),
        empty: frame.t(empty).to_owned(),
        yes: frame.t("export-yes").to_owned(),
        no: frame.t("export-no").to_owned(),
    }
}

/// Whose the file is, and when and for whom it was made.
pub fn sign<T>(table: &mut Table<'_, T>, frame: &Frame, unidade: &tenancy::Unidade, actor: &Actor) {
    table.issuer = format!("{} · {}", unidade.nome, unidade.codigo);
    table.generated =
        frame.t_with("export-generated", &[("at", frame.datetime(frame.now).into()), ("nome", actor.nome.as_str().into())]);
}

/// Sends `file` from its beginning. `name` needs no quoting.
#[must_use]
pub fn send(file: std::fs::File, bytes: u64, format: Format, name: &str) -> Response {
    let body = Body::from_stream(ReaderStream::with_capacity(tokio::fs::File::from_std(file), 256 << 10));
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
