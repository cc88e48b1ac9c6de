//! One Documento of an empresa with its versões, and what can be done to it.

use askama::Template;
use axum::{
    extract::Multipart,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use documentos::{
    arquivo::Limits,
    documento::{Documento, Pasta, Versao, alterar::alterar, excluir::excluir, lista, restaurar::restaurar},
};
use files::FileKind;
use kernel::{Actor, ErrorKind, Kind};
use tenancy::TenantTx;
use web::{
    Ctx, Error, FormBody, Page, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::{
    DocumentoContent, DocumentoDelete, DocumentoDownload, DocumentoEdit, DocumentoReplace, DocumentoRestore, DocumentoShow,
    Documentos, May, Row, framed, megabytes, size,
    upload::{self, Desk, Sent},
};
use crate::{
    documento::{ENVIAR, EXCLUIR, VER, dono},
    empresa::{self, EmpresaId},
};

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
    pub(super) fn new(
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

pub(super) async fn show(path: DocumentoShow, mut ctx: Ctx) -> Result<Page<DocumentoPage>, Error> {
    let frame = ctx.frame();
    let ctx = &mut *ctx;
    let max = Limits::of(&mut ctx.tx, &ctx.app.files).await?.max_bytes;
    Ok(Page(one(&mut ctx.tx, &ctx.actor, frame, path, None, max).await?))
}

pub(super) async fn edit(path: DocumentoEdit, mut ctx: Ctx, body: FormBody) -> Result<Response, Error> {
    let mut form = FormState::from_body(&body.0);
    let frame = ctx.frame();
    let show = DocumentoShow { id: path.id, documento: path.documento };
    let version = form.raw("version").parse().unwrap_or_default();
    let pasta = form.raw("pasta").parse::<Pasta>().map_err(|invalid| form.fail("pasta", invalid));
    let ctx = &mut *ctx;
    let dono = dono(&mut ctx.tx, &ctx.actor, path.id, &ENVIAR).await?;
    if let Ok(pasta) = pasta {
        let nome = form.raw("nome").to_owned();
        match alterar(&mut ctx.tx, &ctx.actor, dono, path.documento, version, &nome, &pasta).await {
            Ok(_) => return Ok(redirect(&show.to_string(), Some((Tone::Success, "toast-saved")))),
            Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict) => form.refuse(ctx.lang, &error),
            Err(error) => return Err(error.into()),
        }
    }
    let max = Limits::of(&mut ctx.tx, &ctx.app.files).await?.max_bytes;
    let page = one(&mut ctx.tx, &ctx.actor, frame, show, Some(form), max).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

pub(super) async fn replace(path: DocumentoReplace, ctx: Ctx, body: Multipart) -> Result<Response, Error> {
    let desk = Desk::open(ctx, path.id).await?;
    let (sent, arquivo) = Sent::read(&desk, body).await?.single(&desk).await?;
    upload::replace(&desk, path.id, path.documento, sent.version, &arquivo).await?;
    let show = DocumentoShow { id: path.id, documento: path.documento };
    Ok(redirect(&show.to_string(), Some((Tone::Success, "toast-documento-substituido"))))
}

pub(super) async fn delete(path: DocumentoDelete, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let dono = dono(&mut ctx.tx, &ctx.actor, path.id, &EXCLUIR).await?;
    excluir(&mut ctx.tx, &ctx.actor, dono, path.documento).await?;
    Ok(redirect(&Documentos { id: path.id }.to_string(), Some((Tone::Success, "toast-documento-excluido"))))
}

pub(super) async fn restore(path: DocumentoRestore, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let dono = dono(&mut ctx.tx, &ctx.actor, path.id, &EXCLUIR).await?;
    restaurar(&mut ctx.tx, &ctx.actor, dono, path.documento).await?;
    Ok(redirect(&Documentos { id: path.id }.to_string(), Some((Tone::Success, "toast-documento-restaurado"))))
}
