//! Spreadsheets on their way out of the house and into it: what every export has besides its rows, and every import besides its
//! fields.

use axum::{
    body::{Body, Bytes},
    extract::{Multipart, multipart::MultipartError},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::Actor;
use sheets::{Format, Table, Words};
use tokio_util::io::ReaderStream;

use crate::{Error, frame::Frame};

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

/// Name and bytes of the next file that a form brings as `arquivo`; `None` after the last. One at a time is in memory.
///
/// # Errors
/// 413 for more than the route takes, 400 for a body that is no form.
pub async fn next_file(body: &mut Multipart) -> Result<Option<(String, Bytes)>, Error> {
    let bad = |error: MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Error::status(StatusCode::PAYLOAD_TOO_LARGE, "too-large")
        } else {
            Error::status(StatusCode::BAD_REQUEST, "body")
        }
    };
    while let Some(field) = body.next_field().await.map_err(bad)? {
        if field.name() == Some("arquivo") {
            let name = field.file_name().unwrap_or_default().to_owned();
            let content = field.bytes().await.map_err(bad)?;
            if !name.is_empty() {
                return Ok(Some((name, content)));
            }
        }
    }
    Ok(None)
}

/// A column of a file that came, with some of its cells and the field that it is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileColumn {
    /// As the spreadsheet program counts: `A`, `AB`.
    pub letter: String,
    pub header: String,
    pub sample: String,
    /// Empty: it is left out.
    pub campo: String,
}

/// The columns of a file from its header and some of its rows; `campo` says what each is taken for.
pub fn file_columns<'a>(
    headers: &[String],
    rows: impl Iterator<Item = &'a [String]> + Clone,
    campo: impl Fn(usize) -> String,
) -> Vec<FileColumn> {
    let width = rows.clone().map(<[String]>::len).chain([headers.len()]).max().unwrap_or(0);
    let column = |i: usize| {
        let samples = rows.clone().filter_map(|row| row.get(i)).filter(|cell| !cell.trim().is_empty());
        FileColumn {
            letter: sheets::read::column_name(i),
            header: headers.get(i).cloned().unwrap_or_default(),
            sample: samples.take(3).map(|cell| cell.chars().take(40).collect::<String>()).collect::<Vec<_>>().join(" · "),
            campo: campo(i),
        }
    };
    (0..width).map(column).collect()
}

/// What a person said of each column (`coluna`, in their order) as fields of `campos`. A field comes from one column: the first
/// that says so.
#[must_use]
pub fn said_columns(said: &[String], campos: &[&str]) -> Vec<String> {
    let mut mapping: Vec<String> = Vec::new();
    for campo in said.iter().take(MAX_COLUMNS) {
        let known = campos.contains(&campo.as_str()) && !mapping.contains(campo);
        mapping.push(if known { campo.clone() } else { String::new() });
    }
    mapping
}

/// Columns of a file that a person is asked about.
pub const MAX_COLUMNS: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(all: &[&str]) -> Vec<String> {
        all.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn columns_are_as_wide_as_the_widest_row_and_show_what_stands_in_them() {
        let rows = [texts(&["Ana", " "]), texts(&["", "x", &"y".repeat(99)]), texts(&["Rui"])];
        let columns = file_columns(&texts(&["Nome"]), rows.iter().map(Vec::as_slice), |i| i.to_string());
        assert_eq!(columns.len(), 3);
        assert_eq!((columns[0].header.as_str(), columns[0].sample.as_str()), ("Nome", "Ana · Rui"));
        assert_eq!((columns[1].letter.as_str(), columns[1].sample.as_str(), columns[1].campo.as_str()), ("B", "x", "1"));
        assert_eq!(columns[2].sample.len(), 40);
    }

    #[test]
    fn a_field_comes_from_the_first_column_that_says_so() {
        let said = said_columns(&texts(&["nome", "", "nome", "senha"]), &["nome", "email"]);
        assert_eq!(said, ["nome", "", "", ""]);
        assert_eq!(said_columns(&vec!["x".to_owned(); 500], &[]).len(), MAX_COLUMNS);
    }
}
