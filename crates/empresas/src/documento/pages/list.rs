//! All Documentos of an empresa, those in its lixeira, and more of them.

use askama::Template;
use axum::{
    extract::Multipart,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use documentos::{
    arquivo::Limits,
    documento::{Documento, Pasta, lista},
};
use files::FileKind;
use kernel::{ErrorKind, Invalid};
use tenancy::TenantTx;
use web::{
    Ctx, Error, Page, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::{
    Documentos, DocumentosTrash, May, Row, framed, megabytes,
    upload::{self, Desk, Sent},
};
use crate::{
    documento::{EXCLUIR, VER, dono},
    empresa::{
        self, EmpresaId, lista as empresas,
        pages::header::{Header, Reader},
    },
};

/// One pasta with its rows.
#[derive(Debug)]
struct Group {
    /// Empty for the top.
    pasta: String,
    rows: Vec<Row>,
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

impl DocumentosPage {
    pub(super) fn new(
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

    pub(super) fn headed(self, header: Option<Header>) -> Self {
        Self { header, ..self }
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
    Ok(page.headed(header))
}

pub(super) async fn list(path: Documentos, mut ctx: Ctx) -> Result<Page<DocumentosPage>, Error> {
    let frame = ctx.frame();
    let ctx = &mut *ctx;
    let max = Limits::of(&mut ctx.tx, &ctx.app.files).await?.max_bytes;
    let reader = Reader { app: &ctx.app, unidade: &ctx.unidade, actor: &ctx.actor };
    Ok(Page(page(&mut ctx.tx, reader, frame, path.id, FormState::new(), max).await?))
}

pub(super) async fn trash(path: DocumentosTrash, mut ctx: Ctx) -> Result<Page<DocumentosPage>, Error> {
    let frame = ctx.frame();
    let ctx = &mut *ctx;
    let max = Limits::of(&mut ctx.tx, &ctx.app.files).await?.max_bytes;
    let dono = dono(&mut ctx.tx, &ctx.actor, path.id, &EXCLUIR).await?;
    let nome = empresa::sql::nome(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
    let trashed = lista::trashed(&mut ctx.tx, dono).await?;
    Ok(Page(DocumentosPage::new(frame, FormState::new(), (path.id, &nome), &trashed, max, true, May::of(&ctx.actor))))
}

pub(super) async fn send(path: Documentos, ctx: Ctx, body: Multipart) -> Result<Response, Error> {
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
    let shown = desk
        .app
        .tenants
        .read(&desk.unidade, async |tx: &mut TenantTx| {
            let max = Limits::of(tx, &desk.app.files).await?.max_bytes;
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
