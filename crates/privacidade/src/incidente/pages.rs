//! `/configuracoes/privacidade/incidentes`.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Datelike, Utc};
use kernel::{ErrorKind, Invalid, Texto};
use serde::Deserialize;
use sheets::Format;
use web::{
    Access, Ctx, CtxInner, FormBody, Page, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    pecas::Tab,
    redirect,
};

use super::{
    Carta, Comunicacao, DADOS, Dados, Decisao, GERIR, Incidente, IncidenteError, IncidenteId, IncidenteRule, Passo, Prazo,
    Publico, RISCOS, alterar, anotar, comunicado, decidir, encerrar, enviar, file, find, passos, prazo, prever, registrar,
    sql::{self, CartaRow, Destinatario},
};
use crate::{Aba, below, incidente::prazo::Resta, instante::Local};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/incidentes")]
pub(crate) struct IncidentesPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/incidentes/novo")]
struct NovoPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/incidentes/exportar.xlsx")]
struct ExportPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/incidentes/{incidente}", rejection(web::BadPath))]
pub(crate) struct IncidentePath {
    pub incidente: IncidenteId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/incidentes/{incidente}/editar", rejection(web::BadPath))]
struct EditarPath {
    incidente: IncidenteId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/incidentes/{incidente}/passos", rejection(web::BadPath))]
struct PassosPath {
    incidente: IncidenteId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/incidentes/{incidente}/carta", rejection(web::BadPath))]
struct CartaPath {
    incidente: IncidenteId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/incidentes/{incidente}/incidente.pdf", rejection(web::BadPath))]
struct PdfPath {
    incidente: IncidenteId,
}

/// Longest texts of a form, with room for what a browser makes of them.
const BODY_LIMIT: usize = 256 * 1024;

pub(crate) fn routes() -> Vec<Route> {
    const FORM: &str = "titulo=Notebook&descricao=Furtado&conhecido_at=2026-11-20T09%3A00&dados=contato";
    const SAVE: &str = "version=1&titulo=Notebook&descricao=Furtado&conhecido_at=2026-11-20T09%3A00&dados=contato";
    const ONE: &str = "/configuracoes/privacidade/incidentes/{incidente}";
    let needs = || Access::Needs(GERIR);
    let ids: &'static [&'static str] = &["incidente"];
    vec![
        Route::get(list, needs()),
        Route::get(export, needs()).audited(),
        Route::get(new, needs()),
        Route::post(create, needs()).body_limit(BODY_LIMIT).sample("/configuracoes/privacidade/incidentes", FORM),
        Route::get(show, needs()).ids(ids).sample(ONE, ""),
        Route::get(edit, needs()).ids(ids).sample("/configuracoes/privacidade/incidentes/{incidente}/editar", ""),
        Route::post(save, needs()).ids(ids).body_limit(BODY_LIMIT).sample(ONE, SAVE),
        Route::post(step, needs())
            .ids(ids)
            .sample("/configuracoes/privacidade/incidentes/{incidente}/passos", "passo=nota&texto=Senhas+trocadas"),
        Route::get(letter, needs()).ids(ids).sample("/configuracoes/privacidade/incidentes/{incidente}/carta", ""),
        Route::post(send, needs()).ids(ids).body_limit(BODY_LIMIT).sample(
            "/configuracoes/privacidade/incidentes/{incidente}/carta",
            "passo=prever&assunto=Aviso&texto=Houve+um+erro&publico=contatos",
        ),
        Route::get(pdf, needs()).audited().ids(ids).sample("/configuracoes/privacidade/incidentes/{incidente}/incidente.pdf", ""),
    ]
}

/// How an incidente stands, in words: key or text, tone and icon.
pub(super) struct Situacao {
    pub text: String,
    pub tone: &'static str,
    pub icon: &'static str,
    /// Until when, where that still matters.
    pub until: Option<String>,
}

impl Situacao {
    pub(super) fn new(frame: &Frame, incidente: &Incidente, prazo: &Prazo) -> Self {
        let quiet = |key: &str, icon| Self { text: frame.t(key).to_owned(), tone: "quiet", icon, until: None };
        if incidente.encerrado_at.is_some() {
            return quiet("incidente-encerrado", "archive");
        }
        if incidente.decisao == Some(Decisao::NaoComunicar) {
            return quiet("incidente-nao-comunicado", "check-circle-fill");
        }
        if !incidente.is_pending() {
            let late = [incidente.anpd_at, incidente.titulares_at].into_iter().flatten().any(|at| !prazo.holds(at));
            let key = if late { "incidente-comunicado-tarde" } else { "incidente-comunicado" };
            let tone = if late { "warn" } else { "ok" };
            return Self { text: frame.t(key).to_owned(), tone, icon: "check-circle-fill", until: None };
        }
        let until = frame.t_with(
            "incidente-until",
            &[("dia", dia_da_semana(frame, prazo.last).into()), ("data", frame.date(prazo.last).as_str().into())],
        );
        let (text, tone, icon) = match prazo.resta(frame.now) {
            Resta::Dias(n) => (frame.t_n("incidente-faltam-dias", n), "warn", "hourglass-split"),
            Resta::Horas(0) => (frame.t("incidente-falta-pouco").to_owned(), "danger", "exclamation-triangle-fill"),
            Resta::Horas(n) => (frame.t_n("incidente-faltam-horas", n), "danger", "exclamation-triangle-fill"),
            Resta::Venceu(n) => (frame.t_n("incidente-venceu", n), "danger", "x-octagon-fill"),
        };
        Self { text, tone, icon, until: Some(until) }
    }
}

fn dia_da_semana(frame: &Frame, day: chrono::NaiveDate) -> &'static str {
    const DIAS: [&str; 7] = ["dia-segunda", "dia-terca", "dia-quarta", "dia-quinta", "dia-sexta", "dia-sabado", "dia-domingo"];
    frame.t(DIAS[day.weekday().num_days_from_monday() as usize])
}

/// Names of codes, those that this version knows.
pub(super) fn names(frame: &Frame, all: &[(&str, &'static str)], codes: &[String]) -> String {
    let known = all.iter().filter(|(code, _)| codes.iter().any(|one| one == code));
    known.map(|(_, key)| frame.t(key)).collect::<Vec<_>>().join("; ")
}

struct Linha {
    href: String,
    titulo: String,
    protocolo: String,
    conhecido_at: DateTime<Utc>,
    situacao: Situacao,
}

#[derive(Template)]
#[template(path = "privacidade/incidentes.html")]
pub(crate) struct IncidentesPage {
    frame: Frame,
    tabs: Vec<Tab>,
    rows: Vec<Linha>,
}

impl IncidentesPage {
    pub(crate) fn new(frame: Frame, all: &[Incidente], zone: chrono_tz::Tz) -> Self {
        let frame = below(frame).titled("incidentes-title");
        let row = |one: &Incidente| Linha {
            href: IncidentePath { incidente: one.id }.to_string(),
            titulo: one.titulo.clone(),
            protocolo: one.protocolo.clone(),
            conhecido_at: one.conhecido_at,
            situacao: Situacao::new(&frame, one, &prazo(one.conhecido_at, zone)),
        };
        Self { tabs: Aba::Incidentes.tabs(&frame), rows: all.iter().map(row).collect(), frame }
    }
}

/// Of which nobody has had more.
const SHOWN: i64 = 500;

async fn list(_: IncidentesPath, mut ctx: Ctx) -> web::Result<Page<IncidentesPage>> {
    let ctx = &mut *ctx;
    let all = sql::list(&mut ctx.tx, SHOWN).await?;
    Ok(Page(IncidentesPage::new(ctx.frame(), &all, ctx.unidade.fuso)))
}

async fn export(_: ExportPath, mut ctx: Ctx) -> web::Result<Response> {
    let all = sql::list(&mut ctx.tx, i64::MAX).await?;
    file::xlsx(&mut ctx, &all).await
}

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

fn choices(frame: &Frame, all: &[(&'static str, &'static str)]) -> Vec<Choice> {
    all.iter().map(|(code, key)| Choice::new(*code, frame.t(key))).collect()
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

/// An instant that was typed.
fn instant(form: &mut FormState, field: &str, zone: chrono_tz::Tz) -> Option<DateTime<Utc>> {
    let typed: Local = form.required(field)?;
    let at = typed.at(zone);
    if at.is_none() {
        form.fail(field, Invalid::new("instante"));
    }
    at
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

async fn new(_: NovoPath, ctx: Ctx) -> Page<IncidenteFormPage> {
    let form = FormState::new().with("conhecido_at", Local::typed(ctx.now, ctx.fuso()));
    Page(IncidenteFormPage::new(ctx.frame(), form, None))
}

/// The form again where a rule was broken; everything else is an error of the request.
fn again(form: &mut FormState, lang: kernel::Lang, error: IncidenteError) -> web::Result<StatusCode> {
    match error {
        IncidenteError::Rule(_) => {
            form.refuse(lang, &error);
            let changed = matches!(error.kind(), kernel::Kind::Conflict);
            Ok(if changed { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY })
        }
        other => Err(other.into()),
    }
}

async fn create(_: IncidentesPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
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

async fn edit(path: EditarPath, mut ctx: Ctx) -> web::Result<Page<IncidenteFormPage>> {
    let one = found(&mut ctx, path.incidente).await?;
    let form = filled(&one, ctx.fuso());
    Ok(Page(IncidenteFormPage::new(ctx.frame(), form, Some((one.id, one.version)))))
}

async fn found(ctx: &mut CtxInner, id: IncidenteId) -> web::Result<Incidente> {
    find(&mut ctx.tx, id).await?.ok_or_else(web::Error::not_found)
}

async fn save(path: IncidentePath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
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

/// A step as printed.
struct Momento {
    title: &'static str,
    texto: String,
    actor: String,
    at: DateTime<Utc>,
}

impl Momento {
    fn new(frame: &Frame, passo: &Passo) -> Self {
        let key = match passo.kind.as_str() {
            "registro" => "passo-registro",
            "alteracao" => "passo-alteracao",
            "comunicar" => "passo-comunicar",
            "nao_comunicar" => "passo-nao-comunicar",
            "anpd" => "passo-anpd",
            "titulares" => "passo-titulares",
            "carta" => "passo-carta",
            "encerramento" => "passo-encerramento",
            _ => "passo-nota",
        };
        Self {
            title: frame.t(key),
            texto: passo.texto.clone().unwrap_or_default(),
            actor: passo.actor_nome.clone(),
            at: passo.created_at,
        }
    }
}

/// A letter as printed.
struct CartaLinha {
    assunto: String,
    at: DateTime<Utc>,
    counts: String,
}

#[derive(Template)]
#[template(path = "privacidade/incidente.html")]
pub(crate) struct IncidentePage {
    frame: Frame,
    form: FormState,
    one: Incidente,
    path: String,
    situacao: Situacao,
    /// Label and value of what is known.
    fatos: Vec<(&'static str, String)>,
    decisoes: Vec<Choice>,
    /// There is something that makes the risk a relevant one.
    relevante: bool,
    passos: Vec<Momento>,
    cartas: Vec<CartaLinha>,
}

impl IncidentePage {
    pub(crate) fn new(
        frame: Frame,
        form: FormState,
        one: Incidente,
        zone: chrono_tz::Tz,
        passos: &[Passo],
        cartas: Vec<(String, DateTime<Utc>, [i64; 3])>,
    ) -> Self {
        let label = frame.t("incidentes-title");
        let frame = below(frame).crumb(label, IncidentesPath::PATH).title(one.titulo.clone());
        let carta = |(assunto, at, [written, waiting, skipped]): (String, DateTime<Utc>, [i64; 3])| CartaLinha {
            assunto,
            at,
            counts: frame
                .t_with("carta-counts", &[("written", written.into()), ("waiting", waiting.into()), ("skipped", skipped.into())]),
        };
        Self {
            situacao: Situacao::new(&frame, &one, &prazo(one.conhecido_at, zone)),
            fatos: file::fatos(&frame, &one),
            decisoes: Decisao::ALL.map(|one| Choice::new(one.code(), frame.t(one.label()))).into(),
            relevante: !one.riscos.is_empty(),
            passos: passos.iter().map(|passo| Momento::new(&frame, passo)).collect(),
            cartas: cartas.into_iter().map(carta).collect(),
            path: IncidentePath { incidente: one.id }.to_string(),
            form,
            one,
            frame,
        }
    }
}

async fn load(ctx: &mut CtxInner, id: IncidenteId, form: FormState) -> web::Result<IncidentePage> {
    let one = found(ctx, id).await?;
    let history = passos(&mut ctx.tx, id).await?;
    let cartas = sql::cartas(&mut ctx.tx, id).await?;
    let counted = |one: CartaRow| (one.assunto, one.created_at, [one.written, one.waiting, one.skipped]);
    let cartas = cartas.into_iter().map(counted).collect();
    Ok(IncidentePage::new(ctx.frame(), form, one, ctx.unidade.fuso, &history, cartas))
}

async fn show(path: IncidentePath, mut ctx: Ctx) -> web::Result<Page<IncidentePage>> {
    let now = Local::typed(ctx.now, ctx.fuso());
    let form = FormState::new().with("anpd_at", &now).with("titulares_at", now);
    Ok(Page(load(&mut ctx, path.incidente, form).await?))
}

/// One of the steps that the page offers. `None`: something typed is wrong, and the form says what.
async fn took(ctx: &mut CtxInner, id: IncidenteId, form: &mut FormState) -> Result<Option<&'static str>, IncidenteError> {
    let zone = ctx.fuso();
    let (tx, actor) = (&mut ctx.tx, &ctx.actor);
    match form.raw("passo") {
        "decidir" => {
            let decisao = form.choice("decisao", Decisao::from_code);
            let justificativa = form.required::<Texto<2000>>("justificativa");
            let (Some(decisao), Some(justificativa)) = (decisao, justificativa) else { return Ok(None) };
            decidir(tx, actor, id, decisao, &justificativa).await?;
            Ok(Some("toast-incidente-decidido"))
        }
        "anpd" => {
            let (at, protocolo) = (instant(form, "anpd_at", zone), form.required("anpd_protocolo"));
            let (Some(at), Some(protocolo)) = (at, protocolo) else { return Ok(None) };
            comunicado(tx, actor, id, at, Comunicacao::Anpd(&protocolo)).await?;
            Ok(Some("toast-incidente-comunicado"))
        }
        "titulares" => {
            let (at, meio) = (instant(form, "titulares_at", zone), form.required("titulares_meio"));
            let (Some(at), Some(meio)) = (at, meio) else { return Ok(None) };
            comunicado(tx, actor, id, at, Comunicacao::Titulares(&meio)).await?;
            Ok(Some("toast-incidente-comunicado"))
        }
        "encerrar" => {
            let Some(texto) = form.required("encerramento") else { return Ok(None) };
            encerrar(tx, actor, id, &texto).await?;
            Ok(Some("toast-incidente-encerrado"))
        }
        _ => {
            let Some(texto) = form.required("texto") else { return Ok(None) };
            anotar(tx, actor, id, &texto).await?;
            Ok(Some("toast-incidente-anotado"))
        }
    }
}

async fn step(path: PassosPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    match took(ctx, path.incidente, &mut form).await {
        Ok(Some(toast)) => {
            return Ok(redirect(&IncidentePath { incidente: path.incidente }.to_string(), Some((Tone::Success, toast))));
        }
        Ok(None) => {}
        Err(IncidenteError::Rule(rule @ IncidenteRule::ToldWhen)) => {
            let field = if form.raw("passo") == "anpd" { "anpd_at" } else { "titulares_at" };
            for told in kernel::Rule::fields(&rule) {
                form.fail(field, told.invalid);
            }
        }
        Err(error) => status = again(&mut form, ctx.lang, error)?,
    }
    let page = load(ctx, path.incidente, form).await?;
    Ok((status, Page(page)).into_response())
}

/// Who is shown of those that a letter goes to.
const PREVIEWED: usize = 12;

#[derive(Template)]
#[template(path = "privacidade/carta.html")]
pub(crate) struct CartaPage {
    frame: Frame,
    form: FormState,
    path: String,
    back: String,
    publicos: Vec<Choice>,
    previa: Option<Previa>,
}

/// What would go out.
struct Previa {
    n: usize,
    total: String,
    people: Vec<(String, String)>,
    more: Option<String>,
    unknown: Vec<String>,
    paragraphs: Vec<String>,
}

impl CartaPage {
    pub(crate) fn new(
        frame: Frame,
        form: FormState,
        (incidente, titulo): (IncidenteId, String),
        shown: Option<(Vec<Destinatario>, Vec<String>)>,
    ) -> Self {
        let back = IncidentePath { incidente }.to_string();
        let label = frame.t("incidentes-title");
        let frame = below(frame).crumb(label, IncidentesPath::PATH).crumb(titulo, back.clone()).titled("carta-title");
        let previa = shown.map(|(people, unknown)| Previa {
            n: people.len(),
            total: frame.t_n("carta-total", people.len()),
            more: (people.len() > PREVIEWED).then(|| frame.t_n("carta-more", people.len() - PREVIEWED)),
            people: people.into_iter().take(PREVIEWED).map(|one| (one.nome, one.email)).collect(),
            unknown,
            paragraphs: form.value("texto").replace("\r\n", "\n").split("\n\n").map(str::to_owned).collect(),
        });
        Self { publicos: choices(&frame, &Publico::ALL), path: CartaPath { incidente }.to_string(), back, form, previa, frame }
    }
}

async fn letter(path: CartaPath, mut ctx: Ctx) -> web::Result<Page<CartaPage>> {
    let one = found(&mut ctx, path.incidente).await?;
    let frame = ctx.frame();
    let text = frame.t_with(
        "carta-model",
        &[("unidade", ctx.unidade.nome.as_str().into()), ("dia", frame.datetime(one.conhecido_at).as_str().into())],
    );
    let text = [text.as_str(), frame.t("carta-model-dados"), frame.t("carta-model-medidas"), frame.t("carta-model-contato")]
        .join("\n\n");
    let form = FormState::new().with("assunto", frame.t("carta-model-assunto")).with("texto", text);
    Ok(Page(CartaPage::new(frame, form, (one.id, one.titulo), None)))
}

async fn send(path: CartaPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let one = found(ctx, path.incidente).await?;
    let (assunto, texto) = (form.required("assunto"), form.required("texto"));
    let emails = form.raw("emails").to_owned();
    let publico = form.choice("publico", |code| Publico::from_form(code, &emails));
    let (mut status, mut shown) = (StatusCode::UNPROCESSABLE_ENTITY, None);
    if let (Some(assunto), Some(texto), Some(publico)) = (assunto, texto, publico) {
        let carta = Carta { assunto, texto, publico };
        if form.has("passo", "enviar") {
            let seen = form.raw("n").parse().unwrap_or_default();
            match enviar(&mut ctx.tx, &ctx.actor, path.incidente, &carta, seen).await {
                Ok(()) => {
                    let back = IncidentePath { incidente: path.incidente }.to_string();
                    return Ok(redirect(&back, Some((Tone::Success, "toast-carta-enviada"))));
                }
                Err(error) => status = again(&mut form, ctx.lang, error)?,
            }
        }
        match prever(&mut ctx.tx, &ctx.actor, path.incidente, &carta.publico).await {
            Ok((people, unknown)) if people.is_empty() => {
                let key = if unknown.is_empty() { "carta-ninguem" } else { "carta-ninguem-da-lista" };
                form.fail_form(idioma::t(ctx.lang, key));
            }
            Ok(people) => {
                if form.is_ok() {
                    status = StatusCode::OK;
                }
                shown = Some(people);
            }
            Err(error) if form.is_ok() => status = again(&mut form, ctx.lang, error)?,
            Err(_) => {}
        }
    }
    let page = CartaPage::new(ctx.frame(), form, (one.id, one.titulo), shown);
    Ok((status, Page(page)).into_response())
}

async fn pdf(path: PdfPath, mut ctx: Ctx) -> web::Result<Response> {
    let one = found(&mut ctx, path.incidente).await?;
    let history = passos(&mut ctx.tx, path.incidente).await?;
    file::one(&mut ctx, &one, &history, Format::Pdf).await
}
