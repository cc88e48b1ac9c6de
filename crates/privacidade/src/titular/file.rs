//! The dossier as it is handed to the person: to be read (PDF, XLSX), and for another program (JSON; LGPD art. 18, V).

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use kernel::Fault;
use serde_json::{Map, Value, json};
use sheets::{Cell, Column, ColumnKind, Filter, Format, Table};
use web::{CtxInner, frame::Frame, sheet};

use super::Dossie;
use crate::file;

/// The words for a field of a record, or its name where nobody gave it any.
pub(super) fn field(frame: &Frame, name: &str) -> String {
    idioma::find(frame.lang, &format!("dado-{}", name.replace('_', "-"))).unwrap_or(name).to_owned()
}

/// A value as a person reads it.
pub(super) fn value(frame: &Frame, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => frame.t(if *yes { "export-yes" } else { "export-no" }).to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => {
            chrono::DateTime::parse_from_rfc3339(text).map_or_else(|_| text.clone(), |at| frame.datetime(at.to_utc()))
        }
        Value::Array(all) => all.iter().map(|one| self::value(frame, one)).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let said = |(name, one): (&String, &Value)| format!("{}: {}", field(frame, name), self::value(frame, one));
            fields.iter().map(said).collect::<Vec<_>>().join("; ")
        }
    }
}

/// Fields of a record that say something, in words.
pub(super) fn fields(frame: &Frame, record: &Value) -> Vec<(String, String)> {
    let one = |(name, one): (&String, &Value)| (field(frame, name), value(frame, one));
    record.as_object().map(|fields| fields.iter().map(one).filter(|(_, said)| !said.is_empty()).collect()).unwrap_or_default()
}

pub(super) async fn sheet(ctx: &CtxInner, dossie: &Dossie, format: Format) -> web::Result<Response> {
    let frame = ctx.frame();
    let text = |key: &'static str| Column::new(key, frame.t(key), ColumnKind::Text);
    let columns = vec![
        text("dossie-onde"),
        Column::new("dossie-registro", frame.t("dossie-registro"), ColumnKind::Integer),
        text("dossie-campo"),
        text("dossie-valor"),
    ];
    let mut rows: Vec<Result<Vec<Cell>, Fault>> = Vec::new();
    for parte in &dossie.partes {
        for (record, number) in parte.registros.iter().zip(1_i64..) {
            for (campo, valor) in fields(&frame, record) {
                rows.push(Ok(vec![frame.t(parte.acervo.label).into(), number.into(), campo.into(), valor.into()]));
            }
        }
    }
    let title = frame.t_with("dossie-title", &[("nome", dossie.titular.nome.as_str().into())]);
    let words = sheet::words(&frame, "export-empty");
    let mut table = Table::new(title, columns, stream::iter(rows).boxed(), frame.lang, words);
    sheet::sign(&mut table, &frame, &ctx.unidade, &ctx.actor);
    table.filters = vec![Filter { label: frame.t("dossie-titular").to_owned(), value: dossie.titular.nome.clone() }];
    file::send(table, format, &name(ctx, format.extension())).await
}

pub(super) fn json(ctx: &CtxInner, dossie: &Dossie) -> web::Result<Response> {
    let titular = &dossie.titular;
    let acervos: Map<String, Value> =
        dossie.partes.iter().map(|parte| (parte.acervo.name.to_owned(), Value::Array(parte.registros.clone()))).collect();
    let whole = json!({
        "formato": "sri.dossie.1",
        "unidade": ctx.unidade.nome,
        "gerado_at": ctx.now,
        "titular": {
            "tipo": titular.kind, "id": titular.id, "nome": titular.nome, "email": titular.email, "telefone": titular.telefone,
        },
        "acervos": acervos,
    });
    let bytes = serde_json::to_vec_pretty(&whole).map_err(|error| Fault::new("a dossier as JSON", error))?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", name(ctx, "json"))) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

/// Without the name of the person: names of files end up in lists of others.
fn name(ctx: &CtxInner, extension: &str) -> String {
    let day = ctx.now.with_timezone(&ctx.fuso()).format("%Y-%m-%d");
    format!("dossie-{}-{day}.{extension}", ctx.unidade.slug)
}
