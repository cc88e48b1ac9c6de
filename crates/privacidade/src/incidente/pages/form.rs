//! Writing an incidente down, and its details.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::Invalid;
use web::{
    Ctx, FormBody, Page, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{EditarPath, IncidentePath, IncidentesPath, NovoPath, again, choices, found, instant};
use crate::{
    below,
    incidente::{DADOS, Dados, Incidente, IncidenteId, RISCOS, alterar, registrar},
    instante::Local,
};

#[derive(Template)]
#[template(path = "privacidade/incidente_form.html")]
pub(crate) struct IncidenteFormPage {
    frame: Frame,
    form: FormState,
    action: String,
    cancel: String,
    version: Option<i32>,
    dados: Vec<Choice>,
    riscos: Vec<Choice>,
}

impl IncidenteFormPage {
    pub(crate) fn new(frame: Frame, form: FormState, existing: Option<(IncidenteId, i32)>) -> Self {
        let label = frame.t("incidentes-title");
        let frame = below(frame).crumb(label, IncidentesPath::PATH);
        let frame = frame.titled(if existing.is_some() { "incidente-edit" } else { "incidente-new" });
        let list = IncidentesPath::PATH.to_owned();
        let path = existing.map_or_else(|| list.clone(), |(incidente, _)| IncidentePath { incidente }.to_string());
        Self {
            action: path.clone(),
            cancel: path,
            version: existing.map(|(_, version)| version),
            dados: choices(&frame, &DADOS),
            riscos: choices(&frame, &RISCOS),
            form,
            frame,
        }
    }
}

/// Chosen codes, those that exist.
fn codes(form: &FormState, field: &str, all: &[(&str, &str)]) -> Vec<String> {
    all.iter().filter(|(code, _)| form.has(field, code)).map(|(code, _)| (*code).to_owned()).collect()
}

fn dados(form: &mut FormState, zone: chrono_tz::Tz) -> Option<Dados> {
    let titulo = form.required("titulo");
    let descricao = form.required("descricao");
    let conhecido_at = instant(form, "conhecido_at", zone);
    let inicio_at = if form.raw("inicio_at").is_empty() { None } else { instant(form, "inicio_at", zone) };
    let touched = codes(form, "dados", &DADOS);
    if touched.is_empty() {
        form.fail("dados", Invalid::new("required"));
    }
    let afetados = match form.raw("afetados").parse::<i32>() {
        Ok(n) if n >= 0 => Some(Some(n)),
        _ if form.raw("afetados").is_empty() => Some(None),
        _ => {
            form.fail("afetados", Invalid::new("inteiro"));
            None
        }
    };
    let consequencias = form.optional("consequencias");
    let medidas_antes = form.optional("medidas_antes");
    let contencao = form.optional("contencao");
    let medidas_depois = form.optional("medidas_depois");
    let riscos = codes(form, "riscos", &RISCOS);
    if !form.is_ok() {
        return None;
    }
    Some(Dados {
        titulo: titulo?,
        descricao: descricao?,
        inicio_at,
        conhecido_at: conhecido_at?,
        dados: touched,
        riscos,
        afetados: afetados?,
        consequencias: consequencias?,
        medidas_antes: medidas_antes?,
        contencao: contencao?,
        medidas_depois: medidas_depois?,
    })
}

fn filled(one: &Incidente, zone: chrono_tz::Tz) -> FormState {
    let mut pairs: Vec<(&str, String)> = vec![
        ("titulo", one.titulo.clone()),
        ("descricao", one.descricao.clone()),
        ("conhecido_at", Local::typed(one.conhecido_at, zone)),
    ];
    pairs.extend(one.inicio_at.map(|at| ("inicio_at", Local::typed(at, zone))));
    pairs.extend(one.afetados.map(|n| ("afetados", n.to_string())));
    let texts = [
        ("consequencias", &one.consequencias),
        ("medidas_antes", &one.medidas_antes),
        ("contencao", &one.contencao),
        ("medidas_depois", &one.medidas_depois),
    ];
    pairs.extend(texts.into_iter().filter_map(|(field, text)| text.clone().map(|text| (field, text))));
    pairs.extend(one.dados.iter().map(|code| ("dados", code.clone())));
    pairs.extend(one.riscos.iter().map(|code| ("riscos", code.clone())));
    FormState::typed(pairs)
}

pub(super) async fn new(_: NovoPath, ctx: Ctx) -> Page<IncidenteFormPage> {
    let form = FormState::new().with("conhecido_at", Local::typed(ctx.now, ctx.fuso()));
    Page(IncidenteFormPage::new(ctx.frame(), form, None))
}

pub(super) async fn create(_: IncidentesPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(dados) = dados(&mut form, ctx.fuso()) {
        match registrar(&mut ctx.tx, &ctx.actor, &dados).await {
            Ok(incidente) => {
                return Ok(redirect(
                    &IncidentePath { incidente }.to_string(),
                    Some((Tone::Success, "toast-incidente-registrado")),
                ));
            }
            Err(error) => status = again(&mut form, ctx.lang, error)?,
        }
    }
    Ok((status, Page(IncidenteFormPage::new(ctx.frame(), form, None))).into_response())
}

pub(super) async fn edit(path: EditarPath, mut ctx: Ctx) -> web::Result<Page<IncidenteFormPage>> {
    let one = found(&mut ctx, path.incidente).await?;
    let form = filled(&one, ctx.fuso());
    Ok(Page(IncidenteFormPage::new(ctx.frame(), form, Some((one.id, one.version)))))
}

pub(super) async fn save(path: IncidentePath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let one = found(ctx, path.incidente).await?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let seen = form.raw("version").parse().unwrap_or_default();
    if let Some(dados) = dados(&mut form, ctx.fuso()) {
        match alterar(&mut ctx.tx, &ctx.actor, path.incidente, seen, &dados).await {
            Ok(()) => return Ok(redirect(&path.to_string(), Some((Tone::Success, "toast-incidente-alterado")))),
            Err(error) => status = again(&mut form, ctx.lang, error)?,
        }
    }
    // What was typed stays; saving again means it.
    Ok((status, Page(IncidenteFormPage::new(ctx.frame(), form, Some((path.incidente, one.version))))).into_response())
}
