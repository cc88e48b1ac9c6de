//! The files themselves, and small pictures of them.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use documentos::documento::{DocumentoId, Versao, lista};
use files::{FileKind, FileName};
use kernel::Fault;
use tenancy::TenantTx;
use web::{Ctx, Error};

use super::{DocumentoContent, DocumentoDownload, DocumentoThumbnail};
use crate::{
    documento::{VER, dono},
    empresa::EmpresaId,
};

/// A versão of a documento that the actor may see.
pub(in crate::documento) async fn versao(
    ctx: &mut Ctx,
    id: EmpresaId,
    documento: DocumentoId,
    number: i32,
    note: bool,
) -> Result<(FileName, Versao), Error> {
    let ctx = &mut **ctx;
    let dono = dono(&mut ctx.tx, &ctx.actor, id, &VER).await?;
    let documento = lista::find(&mut ctx.tx, dono, documento).await?.ok_or_else(Error::not_found)?;
    let versoes = lista::versoes(&mut ctx.tx, documento.id).await?;
    let versao = versoes.into_iter().find(|versao| versao.number == number).ok_or_else(Error::not_found)?;
    if note {
        let (actor, unidade, tenants) = (ctx.actor.clone(), std::sync::Arc::clone(&ctx.unidade), ctx.app.tenants.clone());
        tenants
            .record(&unidade, async |tx: &mut TenantTx| lista::note_opened(tx, &actor, dono, &documento, number).await)
            .await?;
    }
    // The one that is shown goes by the documento's name, an earlier one by its own.
    let nome = if documento.versao.number == number { documento.nome } else { versao.nome.clone() };
    Ok((nome, versao))
}

pub(super) async fn content(path: DocumentoContent, mut ctx: Ctx) -> Result<Response, Error> {
    let (nome, file) = versao(&mut ctx, path.id, path.documento, path.number, true).await?;
    let inside = file.kind.opens_inside();
    answer(ctx, &nome, &file, inside).await
}

pub(super) async fn download(path: DocumentoDownload, mut ctx: Ctx) -> Result<Response, Error> {
    let (nome, file) = versao(&mut ctx, path.id, path.documento, path.number, true).await?;
    answer(ctx, &nome, &file, false).await
}

/// A file as it is, in a room of its own: no script, no origin, no guessing what it is (threat 16).
pub(in crate::documento) async fn answer(ctx: Ctx, nome: &FileName, versao: &Versao, inside: bool) -> Result<Response, Error> {
    let shelf = ctx.app.files.of(ctx.unidade.id);
    // The store may be slow; nothing of the database waits for it.
    ctx.release().await?;
    let content = shelf.open(versao.arquivo).await?.ok_or_else(|| Fault::because("a documento has lost its content"))?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(versao.kind.mime()));
    headers.insert(header::CONTENT_LENGTH, content.bytes.into());
    let disposition = HeaderValue::try_from(nome.disposition(inside)).map_err(|e| Fault::new("name of a documento", e))?;
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy(versao.kind)));
    Ok((headers, Body::from_stream(content.stream)).into_response())
}

/// Chromium's viewer of PDFs is a plug-in, which a sandbox forbids; it runs apart from the page's origin by itself.
const fn policy(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Pdf => "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        _ => "default-src 'none'; sandbox; frame-ancestors 'none'",
    }
}

pub(super) async fn thumbnail(path: DocumentoThumbnail, mut ctx: Ctx) -> Result<Response, Error> {
    let (_, file) = versao(&mut ctx, path.id, path.documento, path.number, false).await?;
    let shelf = ctx.app.files.of(ctx.unidade.id);
    ctx.release().await?;
    let small = shelf.thumbnail(file.arquivo).await?.ok_or_else(Error::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'")),
    ];
    Ok((headers, small).into_response())
}
