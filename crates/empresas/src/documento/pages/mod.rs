//! The Documentos of an empresa, one of them with its versões, and the files themselves.

pub(super) mod content;
mod list;
#[cfg(test)]
mod samples;
mod show;
pub mod upload;

use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use documentos::documento::{Documento, DocumentoId};
use files::FileKind;
use kernel::Actor;
use serde::Deserialize;
use web::{Access, Route, frame::Frame};

use super::{ENVIAR, EXCLUIR, VER};
use crate::empresa::{EmpresaId, pages::EmpresaShow};

pub use list::DocumentosPage;
pub use show::DocumentoPage;

use content::{content, download, thumbnail};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/documentos", rejection(web::BadPath))]
pub struct Documentos {
    pub id: EmpresaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/documentos/lixeira", rejection(web::BadPath))]
pub struct DocumentosTrash {
    pub id: EmpresaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/documentos/{documento}", rejection(web::BadPath))]
pub struct DocumentoShow {
    pub id: EmpresaId,
    pub documento: DocumentoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/documentos/{documento}/versoes/{number}", rejection(web::BadPath))]
pub struct DocumentoContent {
    pub id: EmpresaId,
    pub documento: DocumentoId,
    pub number: i32,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/documentos/{documento}/versoes/{number}/baixar", rejection(web::BadPath))]
pub struct DocumentoDownload {
    pub id: EmpresaId,
    pub documento: DocumentoId,
    pub number: i32,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/documentos/{documento}/versoes/{number}/miniatura", rejection(web::BadPath))]
pub struct DocumentoThumbnail {
    pub id: EmpresaId,
    pub documento: DocumentoId,
    pub number: i32,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/documentos/{documento}/editar", rejection(web::BadPath))]
pub struct DocumentoEdit {
    pub id: EmpresaId,
    pub documento: DocumentoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/documentos/{documento}/substituir", rejection(web::BadPath))]
pub struct DocumentoReplace {
    pub id: EmpresaId,
    pub documento: DocumentoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/documentos/{documento}/excluir", rejection(web::BadPath))]
pub struct DocumentoDelete {
    pub id: EmpresaId,
    pub documento: DocumentoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/documentos/{documento}/restaurar", rejection(web::BadPath))]
pub struct DocumentoRestore {
    pub id: EmpresaId,
    pub documento: DocumentoId,
}

pub(crate) fn routes() -> Vec<Route> {
    const ONE: &[&str] = &["empresa", "documento"];
    const TRASHED: &[&str] = &["empresa", "documento_excluido"];
    vec![
        Route::get(list::list, Access::Needs(VER)).ids(&["empresa"]).sample("/empresas/{empresa}/documentos", ""),
        Route::post(list::send, Access::Needs(ENVIAR))
            .ids(&["empresa"])
            .streams(upload::BODY_LIMIT)
            .sample("/empresas/{empresa}/documentos", "multipart pasta=Contratos&arquivo=@contrato.csv"),
        Route::get(list::trash, Access::Needs(EXCLUIR)).ids(&["empresa"]).sample("/empresas/{empresa}/documentos/lixeira", ""),
        Route::get(show::show, Access::Needs(VER)).ids(ONE).sample("/empresas/{empresa}/documentos/{documento}", ""),
        Route::get(content, Access::Needs(VER)).ids(ONE).sample("/empresas/{empresa}/documentos/{documento}/versoes/1", ""),
        Route::get(download, Access::Needs(VER))
            .ids(ONE)
            .sample("/empresas/{empresa}/documentos/{documento}/versoes/1/baixar", ""),
        Route::get(thumbnail, Access::Needs(VER))
            .ids(ONE)
            .sample("/empresas/{empresa}/documentos/{documento}/versoes/1/miniatura", ""),
        Route::post(show::edit, Access::Needs(ENVIAR))
            .ids(ONE)
            .sample("/empresas/{empresa}/documentos/{documento}/editar", "version=1&nome=Fachada&pasta=Fotos"),
        Route::post(show::replace, Access::Needs(ENVIAR))
            .ids(ONE)
            .streams(upload::BODY_LIMIT)
            .sample("/empresas/{empresa}/documentos/{documento}/substituir", "multipart version=1&arquivo=@contrato.csv"),
        Route::post(show::delete, Access::Needs(EXCLUIR))
            .ids(ONE)
            .sample("/empresas/{empresa}/documentos/{documento}/excluir", "x=1"),
        Route::post(show::restore, Access::Needs(EXCLUIR))
            .ids(TRASHED)
            .sample("/empresas/{empresa}/documentos/{documento_excluido}/restaurar", "x=1"),
    ]
}

/// What the reader may do here.
#[derive(Debug, Clone, Copy, Default)]
struct May {
    enviar: bool,
    excluir: bool,
}

impl May {
    fn of(actor: &Actor) -> Self {
        Self { enviar: actor.may(&ENVIAR), excluir: actor.may(&EXCLUIR) }
    }
}

/// A documento as a row.
#[derive(Debug)]
struct Row {
    path: String,
    nome: String,
    icon: &'static str,
    size: String,
    by: String,
    at: DateTime<Utc>,
    versoes: i32,
    inside: Option<String>,
    download: String,
    thumbnail: Option<String>,
}

const fn icon(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Pdf => "file-earmark-pdf",
        FileKind::Xlsx => "file-earmark-spreadsheet",
        FileKind::Csv => "filetype-csv",
        FileKind::Docx | FileKind::Txt => "file-earmark-text",
        FileKind::Pptx => "file-earmark-bar-graph",
        FileKind::Png | FileKind::Jpeg | FileKind::Webp => "file-earmark",
    }
}

fn megabytes(bytes: u64) -> i64 {
    i64::try_from(bytes >> 20).unwrap_or(i64::MAX)
}

/// `1,4 MB`, as the reader's language writes numbers.
pub(crate) fn size(frame: &Frame, bytes: i64) -> String {
    let tenths = |unit: i64| rust_decimal::Decimal::new((bytes * 10 + unit / 2) / unit, 1).normalize();
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", frame.decimal(tenths(1024))),
        _ => format!("{} MB", frame.decimal(tenths(1_048_576))),
    }
}

impl Row {
    fn new(frame: &Frame, empresa: EmpresaId, documento: &Documento) -> Self {
        let (id, versao) = (documento.id, &documento.versao);
        let number = versao.number;
        let content = DocumentoContent { id: empresa, documento: id, number };
        Self {
            path: DocumentoShow { id: empresa, documento: id }.to_string(),
            nome: documento.nome.to_string(),
            icon: icon(versao.kind),
            size: size(frame, versao.bytes),
            by: versao.actor_nome.clone(),
            at: documento.deleted_at.unwrap_or(versao.created_at),
            versoes: number,
            inside: versao.kind.opens_inside().then(|| content.to_string()),
            download: DocumentoDownload { id: empresa, documento: id, number }.to_string(),
            thumbnail: versao.miniatura.then(|| DocumentoThumbnail { id: empresa, documento: id, number }.to_string()),
        }
    }
}

fn framed(frame: Frame, id: EmpresaId, nome: &str) -> Frame {
    let empresas = frame.t("empresas-title");
    frame.crumb(empresas, "/empresas").crumb(nome.to_owned(), EmpresaShow { id }.to_string())
}
