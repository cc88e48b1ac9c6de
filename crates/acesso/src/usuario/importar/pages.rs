//! `/configuracoes/usuarios/importar`: file, preview with its columns, confirmation.

use askama::Template;
use axum::{
    extract::Multipart,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::Invalid;
use serde::Deserialize;
use sheets::Format;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
    sheet::{FileColumn, MAX_COLUMNS, file_columns, next_file, said_columns},
};

use super::{
    CAMPOS, ConfirmarError, ConfirmarRule, Importacao, ImportacaoId, Julgada, MAX_BYTES, ReceberError, State, confirmar,
    descartar, judged, label, modelo, person, receber, seen, set_columns,
};
use crate::{
    perfil::{self, Perfil, PerfilId},
    usuario::{GERIR, admin_pages::UsuariosPath, exportar, ficha::below},
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/importar")]
pub struct ImportarPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/importar/modelo.xlsx")]
pub struct ModeloPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/importar/{id}", rejection(web::BadPath))]
pub struct PreviaPath {
    pub id: ImportacaoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/importar/{id}/confirmar", rejection(web::BadPath))]
pub struct ConfirmarPath {
    pub id: ImportacaoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/importar/{id}/descartar", rejection(web::BadPath))]
pub struct DescartarPath {
    pub id: ImportacaoId,
}

/// The file and the form's own bytes around it.
#[expect(clippy::cast_possible_truncation, reason = "two MiB")]
const UPLOAD: usize = MAX_BYTES as usize + (64 << 10);

pub(crate) fn routes() -> Vec<Route> {
    let path = "/configuracoes/usuarios/importar/{usuario_importacao}";
    vec![
        Route::get(new, Access::Needs(GERIR)),
        Route::post(upload, Access::Needs(GERIR))
            .body_limit(UPLOAD)
            .sample("/configuracoes/usuarios/importar", "multipart arquivo=@empresas.csv"),
        Route::get(template, Access::Needs(GERIR)),
        Route::get(preview, Access::Needs(GERIR)).ids(&["usuario_importacao"]).sample(path, ""),
        Route::post(columns, Access::Needs(GERIR))
            .ids(&["usuario_importacao"])
            .sample(path, "coluna=nome&coluna=email&perfil={perfil}"),
        Route::post(confirm, Access::Needs(GERIR))
            .ids(&["usuario_importacao"])
            .sample("/configuracoes/usuarios/importar/{usuario_importacao.concluida}/confirmar", "visto=x"),
        Route::post(discard, Access::Needs(GERIR))
            .ids(&["usuario_importacao"])
            .sample("/configuracoes/usuarios/importar/{usuario_importacao}/descartar", ""),
    ]
}

fn framed(frame: Frame) -> Frame {
    below(frame).titled("usuarios-import")
}

fn steps(frame: &Frame) -> Vec<&'static str> {
    ["planilha-step-file", "planilha-step-preview", "usuarios-step-done"].map(|step| frame.t(step)).into()
}

#[derive(Template)]
#[template(path = "acesso/usuarios_importar.html")]
pub(crate) struct ImportarPage {
    frame: Frame,
    form: FormState,
    steps: Vec<&'static str>,
}

impl ImportarPage {
    fn new(frame: Frame, form: FormState) -> Self {
        let frame = framed(frame);
        Self { steps: steps(&frame), form, frame }
    }

    fn refused(frame: Frame, form: FormState) -> Response {
        (StatusCode::UNPROCESSABLE_ENTITY, Page(Self::new(frame, form))).into_response()
    }
}

/// A line as it is shown.
struct Row {
    number: u32,
    /// Of each field, what it says and what is wrong with it.
    cells: Vec<(String, Option<String>)>,
    ready: bool,
    again: bool,
}

#[derive(Template)]
#[template(path = "acesso/usuarios_previa.html")]
pub(crate) struct PreviaPage {
    frame: Frame,
    form: FormState,
    steps: Vec<&'static str>,
    path: String,
    file_name: String,
    /// It is over: how many were invited and left out.
    done: Option<(i32, i32)>,
    columns: Vec<FileColumn>,
    campos: Vec<Choice>,
    perfis: Vec<Choice>,
    labels: Vec<&'static str>,
    rows: Vec<Row>,
    ready: usize,
    refused: usize,
    /// What is confirmed.
    seen: String,
    /// There would be a third administrador: a second thought is asked for.
    many: bool,
}

impl PreviaPage {
    fn new(frame: Frame, importacao: &Importacao, lines: &[Julgada], perfis: &[Perfil], form: FormState) -> Self {
        let frame = framed(frame);
        let cells = importacao.linhas.iter().map(|linha| linha.cells.as_slice());
        let mut columns = file_columns(&importacao.headers, cells, |i| importacao.mapping.get(i).cloned().unwrap_or_default());
        columns.truncate(MAX_COLUMNS);
        let row = |line: &Julgada| {
            let texts = [&line.nome, &line.email, &line.perfil, &line.setor];
            let told = |campo: &str| {
                let all = line.problems.iter().filter(|(field, _)| *field == campo);
                let told: Vec<_> = all.map(|(_, invalid)| idioma::invalid(frame.lang, invalid)).collect();
                (!told.is_empty()).then(|| told.join(" "))
            };
            Row {
                number: line.number,
                cells: CAMPOS.iter().zip(texts).map(|(campo, text)| (text.clone(), told(campo))).collect(),
                ready: line.pronta.is_some(),
                again: line.again && line.pronta.is_some(),
            }
        };
        let ready = lines.iter().filter(|line| line.pronta.is_some()).count();
        Self {
            steps: steps(&frame),
            path: PreviaPath { id: importacao.id }.to_string(),
            file_name: importacao.file_name.clone(),
            done: (importacao.state == State::Concluida).then_some((importacao.invited, importacao.refused)),
            columns,
            campos: CAMPOS.map(|campo| Choice::new(campo, frame.t(label(campo)))).into(),
            perfis: perfis.iter().map(|perfil| Choice::new(perfil.id.to_string(), &perfil.nome)).collect(),
            labels: CAMPOS.map(|campo| frame.t(label(campo))).into(),
            // What has to be looked at comes first.
            rows: {
                let mut rows: Vec<Row> = lines.iter().map(row).collect();
                rows.sort_by_key(|row| (row.ready, row.number));
                rows
            },
            ready,
            refused: lines.len() - ready,
            seen: seen(lines),
            many: false,
            form: form.with_some("perfil", importacao.perfil),
            frame,
        }
    }

    async fn load(ctx: &mut CtxInner, id: ImportacaoId, form: FormState) -> web::Result<Self> {
        let own = person(&ctx.actor)?;
        let importacao = super::find(&mut ctx.tx, id, own).await?.ok_or_else(Error::not_found)?;
        if importacao.state == State::Descartada {
            return Err(Error::not_found());
        }
        let lines = judged(&mut ctx.tx, &ctx.actor, &importacao).await?;
        let mut perfis = perfil::list(&mut ctx.tx).await?;
        perfis.retain(|perfil| ctx.actor.grants.covers(&perfil.grants()));
        Ok(Self::new(ctx.frame(), &importacao, &lines, &perfis, form))
    }
}

async fn new(_: ImportarPath, ctx: Ctx) -> Page<ImportarPage> {
    Page(ImportarPage::new(ctx.frame(), FormState::new()))
}

async fn template(_: ModeloPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let bytes = modelo::modelo(&mut ctx.tx, &ctx.actor, ctx.lang).await?;
    Ok(exportar::attachment(bytes, Format::Xlsx, "modelo-usuarios.xlsx"))
}

async fn upload(_: ImportarPath, mut ctx: Ctx, mut multipart: Multipart) -> web::Result<Response> {
    let mut form = FormState::new();
    let Some((name, content)) = next_file(&mut multipart).await? else {
        form.fail("arquivo", Invalid::new("required"));
        return Ok(ImportarPage::refused(ctx.frame(), form));
    };
    let ctx = &mut *ctx;
    match receber(&mut ctx.tx, &ctx.actor, &name, &content).await {
        Ok(id) => Ok(redirect(&PreviaPath { id }.to_string(), None)),
        Err(error @ ReceberError::Rule(_)) => {
            form.refuse(ctx.lang, &error);
            Ok(ImportarPage::refused(ctx.frame(), form))
        }
        Err(error) => Err(error.into()),
    }
}

async fn preview(path: PreviaPath, mut ctx: Ctx) -> web::Result<Page<PreviaPage>> {
    Ok(Page(PreviaPage::load(&mut ctx, path.id, FormState::new()).await?))
}

async fn columns(path: PreviaPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let form = FormState::from_body(&body);
    let own = person(&ctx.actor)?;
    let mapping = said_columns(form.all("coluna"), &CAMPOS);
    let perfil = form.raw("perfil").parse::<PerfilId>().ok();
    if !set_columns(&mut ctx.tx, path.id, own, &mapping, perfil).await? {
        return Err(Error::not_found());
    }
    Ok(redirect(&PreviaPath { id: path.id }.to_string(), None))
}

async fn confirm(path: ConfirmarPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let links = crate::links(&ctx.app)?;
    let (visto, confirmed) = (form.raw("visto").to_owned(), form.has("confirmo", "sim"));
    match confirmar(&mut ctx.tx, &ctx.actor, &links, path.id, &visto, confirmed).await {
        Ok(_) => Ok(redirect(&PreviaPath { id: path.id }.to_string(), Some((Tone::Success, "toast-usuarios-imported")))),
        Err(error @ ConfirmarError::Rule(rule)) => {
            form.refuse(ctx.lang, &error);
            let mut page = PreviaPage::load(ctx, path.id, form).await?;
            page.many = rule == ConfirmarRule::ManyAdministradores;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn discard(path: DescartarPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    descartar(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(UsuariosPath::PATH, Some((Tone::Info, "toast-usuarios-import-discarded"))))
}

#[cfg(test)]
impl ImportarPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let mut refused = FormState::new();
        refused.refuse(frame.lang, &ReceberError::Rule(receber::ReceberRule::NoLines));
        vec![Self::new(frame.clone(), FormState::new()), Self::new(frame.clone(), refused)]
    }
}

#[cfg(test)]
impl PreviaPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        use sheets::import::Line;

        use super::judge::Known;
        use crate::perfil::admin_pages::samples::perfil;

        let leitor = perfil("<b>Costa</b>", None);
        let known = Known { perfis: vec![(leitor.clone(), true)], ..Known::default() };
        let linha = |number, cells: [&str; 4]| Line { number, cells: cells.map(str::to_owned).into() };
        let file = |linhas: Vec<Line>, state| Importacao {
            id: ImportacaoId::new(kernel::Clock::system().uuid()),
            file_name: "<b>senai.csv".into(),
            headers: vec!["Nome".into(), "<b>Costa</b>".into()],
            linhas,
            mapping: CAMPOS.map(str::to_owned).into(),
            perfil: Some(leitor.id),
            state,
            invited: 3,
            refused: 1,
            finished_at: None,
        };
        let page = |file: &Importacao, form, many| {
            let lines = super::judge(file, &known);
            Self { many, ..Self::new(frame.clone(), file, &lines, std::slice::from_ref(&leitor), form) }
        };
        let many = file(
            vec![
                linha(2, ["<b>Costa</b>", "ana@senai.example", "", "TI"]),
                linha(3, ["", "<script>alert(1)</script>", "Chefe", ""]),
            ],
            State::Previa,
        );
        let mut refused = FormState::new();
        for rule in [ConfirmarRule::Changed, ConfirmarRule::Nobody, ConfirmarRule::ManyAdministradores] {
            refused.refuse(frame.lang, &ConfirmarError::Rule(rule));
        }
        vec![
            page(&many, FormState::new(), false),
            page(&many, refused, true),
            page(&file(vec![linha(2, ["", "", "", ""])], State::Previa), FormState::new(), false),
            page(&file(Vec::new(), State::Concluida), FormState::new(), false),
        ]
    }
}
