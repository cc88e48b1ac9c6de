//! The Documentos of an empresa, one of them with its versões, and the files themselves.

pub(super) mod content;
#[cfg(test)]
mod samples;
pub(super) mod upload;

use askama::Template;
use axum::{
    extract::Multipart,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use documentos::documento::{
    Documento, DocumentoId, Pasta, Versao, alterar::alterar, excluir::excluir, lista, restaurar::restaurar,
};
use files::FileKind;
use kernel::{Actor, ErrorKind, Invalid};
use serde::Deserialize;
use tenancy::TenantTx;
use web::{
    Access, Ctx, Error, FormBody, Page, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::{ENVIAR, EXCLUIR, VER, dono};
use crate::empresa::{
    self, EmpresaId, lista as empresas,
    pages::{
        EmpresaShow,
        header::{Header, Reader},
    },
};

use content::{content, download, thumbnail};
use upload::{Desk, Sent};

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
        Route::get(list, Access::Needs(VER)).ids(&["empresa"]).sample("/empresas/{empresa}/documentos", ""),
        Route::post(send, Access::Needs(ENVIAR))
            .ids(&["empresa"])
            .streams(upload::BODY_LIMIT)
            .sample("/empresas/{empresa}/documentos", "multipart pasta=Contratos&arquivo=@contrato.csv"),
        Route::get(trash, Access::Needs(EXCLUIR)).ids(&["empresa"]).sample("/empresas/{empresa}/documentos/lixeira", ""),
        Route::get(show, Access::Needs(VER)).ids(ONE).sample("/empresas/{empresa}/documentos/{documento}", ""),
        Route::get(content, Access::Needs(VER)).ids(ONE).sample("/empresas/{empresa}/documentos/{documento}/versoes/1", ""),
        Route::get(download, Access::Needs(VER))
            .ids(ONE)
            .sample("/empresas/{empresa}/documentos/{documento}/versoes/1/baixar", ""),
        Route::get(thumbnail, Access::Needs(VER))
            .ids(ONE)
            .sample("/empresas/{empresa}/documentos/{documento}/versoes/1/miniatura", ""),
        Route::post(edit, Access::Needs(ENVIAR))
            .ids(ONE)
            .sample("/empresas/{empresa}/documentos/{documento}/editar", "version=1&nome=Fachada&pasta=Fotos"),
        Route::post(replace, Access::Needs(ENVIAR))
            .ids(ONE)
            .streams(upload::BODY_LIMIT)
            .sample("/empresas/{empresa}/documentos/{documento}/substituir", "multipart version=1&arquivo=@contrato.csv"),
        Route::post(delete, Access::Needs(EXCLUIR)).ids(ONE).sample("/empresas/{empresa}/documentos/{documento}/excluir", "x=1"),
        Route::post(restore, Access::Needs(EXCLUIR))
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

/// One pasta with its rows.
#[derive(Debug)]
struct Group {
    /// Empty for the top.
    pasta: String,
    rows: Vec<Row>,
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

#[derive(Template)]
#[template(path = "empresas/documento/list.html")]
pub struct DocumentosPage {
    frame: Frame,
    /// As a tab of the empresa's page; none for whoever sees its documentos but not the empresa, and in the lixeira.
    header: Option<Header>,
    form: FormState,
    path: String,
    groups: Vec<Group>,
    /// Pastas to choose from: those in use and the usual ones.
    pastas: Vec<String>,
    accept: String,
    max_mb: i64,
    total: i64,
    trashed: bool,
    may: May,
}

/// Pastas that are offered in every empresa (S0-11.7).
const USUAL: [&str; 4] = ["pasta-contratos", "pasta-demandas", "pasta-relatorios", "pasta-visitas"];

fn framed(frame: Frame, id: EmpresaId, nome: &str) -> Frame {
    let empresas = frame.t("empresas-title");
    frame.crumb(empresas, "/empresas").crumb(nome.to_owned(), EmpresaShow { id }.to_string())
}

impl DocumentosPage {
    fn new(
        frame: Frame,
        form: FormState,
        (id, nome): (EmpresaId, &str),
        documentos: &[Documento],
        max_bytes: u64,
        trashed: bool,
        may: May,
    ) -> Self {
        let frame = framed(frame.titled(if trashed { "documentos-trash" } else { "documentos-title" }), id, nome);
        let mut groups: Vec<Group> = Vec::new();
        for documento in documentos {
            let row = Row::new(&frame, id, documento);
            // In the lixeira the latest comes first, whatever its pasta was.
            let pasta = if trashed { "" } else { documento.pasta.as_str() };
            match groups.last_mut() {
                Some(group) if group.pasta == pasta => group.rows.push(row),
                _ => groups.push(Group { pasta: pasta.to_owned(), rows: vec![row] }),
            }
        }
        let mut pastas: Vec<String> = groups.iter().map(|group| group.pasta.clone()).filter(|pasta| !pasta.is_empty()).collect();
        pastas.extend(USUAL.map(|key| frame.t(key).to_owned()));
        pastas.sort();
        pastas.dedup();
        Self {
            header: None,
            form,
            path: Documentos { id }.to_string(),
            groups,
            pastas,
            accept: FileKind::accept(),
            max_mb: megabytes(max_bytes),
            total: i64::try_from(documentos.len()).unwrap_or(i64::MAX),
            trashed,
            may,
            frame,
        }
    }
}

/// The page of an empresa that the actor reaches with `VER`.
async fn page(
    tx: &mut TenantTx,
    reader: Reader<'_>,
    frame: Frame,
    id: EmpresaId,
    form: FormState,
    max_bytes: u64,
) -> Result<DocumentosPage, Error> {
    let dono = dono(tx, reader.actor, id, &VER).await?;
    let nome = empresa::sql::nome(tx, id).await?.ok_or_else(Error::not_found)?;
    let documentos = lista::list(tx, dono).await?;
    let empresa = if reader.actor.may(&empresa::VER) { empresas::find(tx, reader.actor, id).await? } else { None };
    let page = DocumentosPage::new(frame, form, (id, &nome), &documentos, max_bytes, false, May::of(reader.actor));
    let header = match &empresa {
        Some(empresa) => Some(Header::load(tx, reader, &page.frame, empresa).await?),
        None => None,
    };
    Ok(DocumentosPage { header, ..page })
}

async fn list(path: Documentos, mut ctx: Ctx) -> Result<Page<DocumentosPage>, Error> {
    let (frame, max) = (ctx.frame(), ctx.app.files.config().max_bytes);
    let ctx = &mut *ctx;
    let reader = Reader { app: &ctx.app, unidade: &ctx.unidade, actor: &ctx.actor };
    Ok(Page(page(&mut ctx.tx, reader, frame, path.id, FormState::new(), max).await?))
}

async fn trash(path: DocumentosTrash, mut ctx: Ctx) -> Result<Page<DocumentosPage>, Error> {
    let (frame, max) = (ctx.frame(), ctx.app.files.config().max_bytes);
    let ctx = &mut *ctx;
    let dono = dono(&mut ctx.tx, &ctx.actor, path.id, &EXCLUIR).await?;
    let nome = empresa::sql::nome(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
    let trashed = lista::trashed(&mut ctx.tx, dono).await?;
    Ok(Page(DocumentosPage::new(frame, FormState::new(), (path.id, &nome), &trashed, max, true, May::of(&ctx.actor))))
}

async fn send(path: Documentos, ctx: Ctx, body: Multipart) -> Result<Response, Error> {
    let (frame, wants_page) = (ctx.frame(), ctx.visit().wants_page);
    let desk = Desk::open(ctx, path.id).await?;
    let sent = Sent::read(&desk, body).await?;
    let mut form = FormState::new().with("pasta", &sent.pasta);
    if sent.files.is_empty() {
        form.fail("arquivo", Invalid::new("required"));
    }
    let pasta = match sent.pasta.parse::<Pasta>() {
        Ok(pasta) => pasta,
        // The files are there and good; where they lie can be changed.
        Err(invalid) => {
            form.fail("pasta", invalid);
            Pasta::default()
        }
    };
    for (raw, kept) in sent.files {
        match kept {
            Ok(arquivo) => drop(upload::keep(&desk, path.id, &pasta, &arquivo).await?),
            Err(error) if !wants_page => return Err(upload::refusal(error)),
            Err(error) if error.kind() == kernel::Kind::Fault => return Err(error.into()),
            Err(error) => form.fail_form(format!("{raw}: {}", reason(&desk, &error))),
        }
    }
    if !wants_page {
        return if form.is_ok() { Ok(StatusCode::NO_CONTENT.into_response()) } else { Err(upload_invalid(&form)) };
    }
    if form.is_ok() {
        return Ok(redirect(&path.to_string(), Some((Tone::Success, "toast-documentos-enviados"))));
    }
    let max = desk.app.files.config().max_bytes;
    let shown = desk
        .app
        .tenants
        .read(&desk.unidade, async |tx: &mut TenantTx| {
            let reader = Reader { app: &desk.app, unidade: &desk.unidade, actor: &desk.actor };
            page(tx, reader, frame, path.id, form, max).await
        })
        .await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(shown)).into_response())
}

fn upload_invalid(form: &FormState) -> Error {
    let field =
        if form.failed("arquivo") { Invalid::new("required").at("arquivo") } else { Invalid::new("pasta-level").at("pasta") };
    Error::invalid(vec![field])
}

/// Why a file was refused, in the reader's words.
fn reason(desk: &Desk, error: &documentos::arquivo::GuardarError) -> String {
    let fields = error.fields();
    match fields.first() {
        Some(field) => idioma::invalid(desk.lang, &field.invalid).into_owned(),
        None => Error::status(StatusCode::SERVICE_UNAVAILABLE, error.code()).title(desk.lang),
    }
}

#[derive(Template)]
#[template(path = "empresas/documento/show.html")]
pub struct DocumentoPage {
    frame: Frame,
    form: FormState,
    back: String,
    row: Row,
    image: bool,
    pasta: String,
    version: i32,
    versoes: Vec<VersaoView>,
    accept: String,
    max_mb: i64,
    may: May,
}

#[derive(Debug)]
struct VersaoView {
    number: i32,
    nome: String,
    size: String,
    sub: String,
    hash: String,
    inside: Option<String>,
    download: String,
}

impl DocumentoPage {
    fn new(
        frame: Frame,
        form: Option<FormState>,
        (id, nome): (EmpresaId, &str),
        documento: &Documento,
        versoes: &[Versao],
        max_bytes: u64,
        may: May,
    ) -> Self {
        let frame = framed(frame.title(documento.nome.as_str()), id, nome);
        let frame = {
            let title = frame.t("documentos-title");
            frame.crumb(title, Documentos { id }.to_string())
        };
        let filled = || {
            let stem = documento.nome.as_str().rsplit_once('.').map_or(documento.nome.as_str(), |(stem, _)| stem);
            FormState::new().with("nome", stem).with("pasta", &documento.pasta)
        };
        let view = |versao: &Versao| {
            let content = DocumentoContent { id, documento: documento.id, number: versao.number };
            VersaoView {
                number: versao.number,
                nome: versao.nome.to_string(),
                size: size(&frame, versao.bytes),
                sub: format!("{} · {}", versao.actor_nome, frame.datetime(versao.created_at)),
                hash: hex::encode(&versao.sha256),
                inside: versao.kind.opens_inside().then(|| content.to_string()),
                download: DocumentoDownload { id, documento: documento.id, number: versao.number }.to_string(),
            }
        };
        Self {
            form: form.unwrap_or_else(filled),
            back: Documentos { id }.to_string(),
            row: Row::new(&frame, id, documento),
            image: documento.versao.kind.is_image(),
            pasta: documento.pasta.to_string(),
            version: documento.version,
            versoes: versoes.iter().map(view).collect(),
            accept: FileKind::accept(),
            max_mb: megabytes(max_bytes),
            may,
            frame,
        }
    }
}

async fn one(
    tx: &mut TenantTx,
    actor: &Actor,
    frame: Frame,
    path: DocumentoShow,
    form: Option<FormState>,
    max: u64,
) -> Result<DocumentoPage, Error> {
    let dono = dono(tx, actor, path.id, &VER).await?;
    let nome = empresa::sql::nome(tx, path.id).await?.ok_or_else(Error::not_found)?;
    let documento = lista::find(tx, dono, path.documento).await?.ok_or_else(Error::not_found)?;
    let versoes = lista::versoes(tx, documento.id).await?;
    Ok(DocumentoPage::new(frame, form, (path.id, &nome), &documento, &versoes, max, May::of(actor)))
}

async fn show(path: DocumentoShow, mut ctx: Ctx) -> Result<Page<DocumentoPage>, Error> {
    let (frame, max) = (ctx.frame(), ctx.app.files.config().max_bytes);
    let ctx = &mut *ctx;
    Ok(Page(one(&mut ctx.tx, &ctx.actor, frame, path, None, max).await?))
}

async fn edit(path: DocumentoEdit, mut ctx: Ctx, body: FormBody) -> Result<Response, Error> {
    let mut form = FormState::from_body(&body.0);
    let (frame, max) = (ctx.frame(), ctx.app.files.config().max_bytes);
    let show = DocumentoShow { id: path.id, documento: path.documento };
    let version = form.raw("version").parse().unwrap_or_default();
    let pasta = form.raw("pasta").parse::<Pasta>().map_err(|invalid| form.fail("pasta", invalid));
    let ctx = &mut *ctx;
    let dono = dono(&mut ctx.tx, &ctx.actor, path.id, &ENVIAR).await?;
    if let Ok(pasta) = pasta {
        let nome = form.raw("nome").to_owned();
        match alterar(&mut ctx.tx, &ctx.actor, dono, path.documento, version, &nome, &pasta).await {
            Ok(_) => return Ok(redirect(&show.to_string(), Some((Tone::Success, "toast-saved")))),
            Err(error) if matches!(error.kind(), kernel::Kind::Invalid | kernel::Kind::Conflict) => form.refuse(ctx.lang, &error),
            Err(error) => return Err(error.into()),
        }
    }
    let page = one(&mut ctx.tx, &ctx.actor, frame, show, Some(form), max).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

async fn replace(path: DocumentoReplace, ctx: Ctx, body: Multipart) -> Result<Response, Error> {
    let desk = Desk::open(ctx, path.id).await?;
    let (sent, arquivo) = Sent::read(&desk, body).await?.single(&desk).await?;
    upload::replace(&desk, path.id, path.documento, sent.version, &arquivo).await?;
    let show = DocumentoShow { id: path.id, documento: path.documento };
    Ok(redirect(&show.to_string(), Some((Tone::Success, "toast-documento-substituido"))))
}

async fn delete(path: DocumentoDelete, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let dono = dono(&mut ctx.tx, &ctx.actor, path.id, &EXCLUIR).await?;
    excluir(&mut ctx.tx, &ctx.actor, dono, path.documento).await?;
    Ok(redirect(&Documentos { id: path.id }.to_string(), Some((Tone::Success, "toast-documento-excluido"))))
}

async fn restore(path: DocumentoRestore, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let dono = dono(&mut ctx.tx, &ctx.actor, path.id, &EXCLUIR).await?;
    restaurar(&mut ctx.tx, &ctx.actor, dono, path.documento).await?;
    Ok(redirect(&Documentos { id: path.id }.to_string(), Some((Tone::Success, "toast-documento-restaurado"))))
}
