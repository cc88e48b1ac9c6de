//! `/configuracoes/privacidade/finalidades`: what the unidade asks people to allow, who did, and one consentimento with its proof.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::{ErrorKind, Fault, Kind, Lang};
use messaging::Links;
use serde::Deserialize;
use sheets::Format;
use web::{
    Access, Ctx, CtxInner, FormBody, Page, Query, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    pecas::Tab,
    redirect,
    titular::Titular,
};

use super::{
    Anotar, Consentimento, ConsentimentoError, ConsentimentoId, Evidencia, Finalidade, FinalidadeId, GERIR, Palavras, Situacao,
    Versao, anotar, criar, encerrar, file, find, find_finalidade, nova_versao, pedir, pedir_de_novo,
    publico::paragraphs,
    reabrir, retirar_um,
    sql::{self, Contagem, Which},
};
use crate::{
    Aba, VER, below,
    instante::Local,
    titular::{self, TitularRef, pages::DossiePath},
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades")]
pub(crate) struct FinalidadesPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades/nova")]
struct NovaPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades/{finalidade}", rejection(web::BadPath))]
pub(crate) struct FinalidadePath {
    pub finalidade: FinalidadeId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades/{finalidade}/texto", rejection(web::BadPath))]
struct TextoPath {
    finalidade: FinalidadeId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades/{finalidade}/anotar", rejection(web::BadPath))]
struct AnotarPath {
    finalidade: FinalidadeId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades/{finalidade}/pedir", rejection(web::BadPath))]
struct PedirPath {
    finalidade: FinalidadeId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades/{finalidade}/exportar.xlsx", rejection(web::BadPath))]
struct XlsxPath {
    finalidade: FinalidadeId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades/{finalidade}/exportar.csv", rejection(web::BadPath))]
struct CsvPath {
    finalidade: FinalidadeId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/finalidades/{finalidade}/exportar.pdf", rejection(web::BadPath))]
struct PdfPath {
    finalidade: FinalidadeId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/consentimentos/{consentimento}", rejection(web::BadPath))]
pub(crate) struct ConsentimentoPath {
    pub consentimento: ConsentimentoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/consentimentos/{consentimento}/prova.pdf", rejection(web::BadPath))]
struct ProvaPath {
    consentimento: ConsentimentoId,
}

/// Longest texts of a form, with room for what a browser makes of them.
const BODY_LIMIT: usize = 64 * 1024;

pub(crate) fn routes() -> Vec<Route> {
    const ONE: &str = "/configuracoes/privacidade/finalidades/{finalidade}";
    const CONSENTIMENTO: &str = "/configuracoes/privacidade/consentimentos/{consentimento}";
    const NOTED: &str = "nome=Rita+Reis&email=rita%40fora.example&dado_at=2026-11-20T09%3A00&evidencia=Ficha+assinada";
    let needs = || Access::Needs(GERIR);
    let ids: &'static [&'static str] = &["finalidade"];
    let consentimento: &'static [&'static str] = &["consentimento"];
    vec![
        Route::get(list, needs()),
        Route::get(new, needs()),
        Route::post(create, needs())
            .body_limit(BODY_LIMIT)
            .sample("/configuracoes/privacidade/finalidades", "titulo=Eventos&texto=Convidar+para+eventos."),
        Route::get(show, needs()).ids(ids).sample(ONE, ""),
        Route::post(step, needs()).ids(ids).sample(ONE, "passo=encerrar"),
        Route::get(rewrite, needs()).ids(ids).sample("/configuracoes/privacidade/finalidades/{finalidade}/texto", ""),
        Route::post(save, needs()).ids(ids).body_limit(BODY_LIMIT).sample(
            "/configuracoes/privacidade/finalidades/{finalidade}/texto",
            "versao=1&titulo=Boletim&texto=Outras+palavras.&renovar=sim",
        ),
        Route::get(note_form, needs()).ids(ids).sample("/configuracoes/privacidade/finalidades/{finalidade}/anotar", ""),
        Route::post(note, needs()).ids(ids).sample("/configuracoes/privacidade/finalidades/{finalidade}/anotar", NOTED),
        Route::get(ask_form, needs()).ids(ids).sample("/configuracoes/privacidade/finalidades/{finalidade}/pedir", ""),
        Route::post(ask, needs())
            .ids(ids)
            .sample("/configuracoes/privacidade/finalidades/{finalidade}/pedir", "nome=Rita+Reis&email=rita%40fora.example"),
        Route::get(as_xlsx, needs())
            .audited()
            .ids(ids)
            .sample("/configuracoes/privacidade/finalidades/{finalidade}/exportar.xlsx", ""),
        Route::get(as_csv, needs())
            .audited()
            .ids(ids)
            .sample("/configuracoes/privacidade/finalidades/{finalidade}/exportar.csv", ""),
        Route::get(as_pdf, needs())
            .audited()
            .ids(ids)
            .sample("/configuracoes/privacidade/finalidades/{finalidade}/exportar.pdf", ""),
        Route::get(one, needs()).ids(consentimento).sample(CONSENTIMENTO, ""),
        Route::post(take_back, needs()).ids(consentimento).sample(CONSENTIMENTO, "evidencia=Pediu+por+telefone"),
        Route::get(proof, needs())
            .audited()
            .ids(consentimento)
            .sample("/configuracoes/privacidade/consentimentos/{consentimento}/prova.pdf", ""),
    ]
}

/// Word, tone and icon of how one stands.
pub(crate) fn status(frame: &Frame, situacao: Situacao) -> (&'static str, &'static str, &'static str) {
    let (tone, icon) = match situacao {
        Situacao::Vale => ("ok", "check-circle-fill"),
        Situacao::Anterior => ("info", "clock-history"),
        Situacao::Superado => ("warn", "exclamation-triangle-fill"),
        Situacao::Substituido => ("quiet", "layers"),
        Situacao::Retirado => ("quiet", "x-circle-fill"),
    };
    (frame.t(situacao.label()), tone, icon)
}

/// A path that remembers for whom it is followed.
fn with_titular(path: &str, titular: Option<&TitularRef>) -> String {
    titular.map_or_else(|| path.to_owned(), |titular| format!("{path}?titular={titular}"))
}

/// Where the register begins for one person.
pub(crate) fn of_titular(titular: &TitularRef) -> String {
    with_titular(FinalidadesPath::PATH, Some(titular))
}

struct Linha {
    href: String,
    titulo: String,
    counts: String,
    encerrado: bool,
}

#[derive(Template)]
#[template(path = "privacidade/finalidades.html")]
pub(crate) struct FinalidadesPage {
    frame: Frame,
    tabs: Vec<Tab>,
    rows: Vec<Linha>,
    /// For whom something is to be noted or asked.
    titular: Option<Titular>,
}

impl FinalidadesPage {
    pub(crate) fn new(frame: Frame, all: &[(Finalidade, Contagem)], titular: Option<Titular>) -> Self {
        let frame = below(frame).titled("finalidades-title");
        let which = titular.as_ref().map(TitularRef::from);
        let row = |(one, counts): &(Finalidade, Contagem)| Linha {
            href: with_titular(&FinalidadePath { finalidade: one.id }.to_string(), which.as_ref()),
            titulo: one.titulo.clone(),
            counts: frame.t_with(
                "finalidade-counts",
                &[("vale", counts.vale.into()), ("anterior", counts.anterior.into()), ("retirado", counts.retirado.into())],
            ),
            encerrado: one.encerrado_at.is_some(),
        };
        Self { tabs: Aba::Consentimentos.tabs(&frame), rows: all.iter().map(row).collect(), titular, frame }
    }
}

#[derive(Debug, Deserialize)]
struct Asked {
    titular: Option<TitularRef>,
    #[serde(default)]
    quais: String,
    #[serde(default)]
    q: String,
}

/// Whom an address names; nothing for one who is not there.
async fn known(ctx: &mut CtxInner, which: Option<&TitularRef>) -> web::Result<Option<Titular>> {
    match which {
        Some(which) => Ok(titular::get(&mut ctx.tx, &ctx.app.modules, which).await?),
        None => Ok(None),
    }
}

async fn list(_: FinalidadesPath, mut ctx: Ctx, Query(asked): Query<Asked>) -> web::Result<Page<FinalidadesPage>> {
    let ctx = &mut *ctx;
    let titular = known(ctx, asked.titular.as_ref()).await?;
    let all = sql::list(&mut ctx.tx).await?;
    Ok(Page(FinalidadesPage::new(ctx.frame(), &all, titular)))
}

#[derive(Template)]
#[template(path = "privacidade/finalidade_form.html")]
pub(crate) struct FinalidadeFormPage {
    frame: Frame,
    form: FormState,
    action: String,
    cancel: String,
    /// The text that is shown now, where another is written.
    versao: Option<i32>,
}

impl FinalidadeFormPage {
    pub(crate) fn new(frame: Frame, form: FormState, of: Option<(FinalidadeId, i32)>) -> Self {
        let label = frame.t("finalidades-title");
        let frame = below(frame).crumb(label, FinalidadesPath::PATH);
        let (action, cancel, key) = match of {
            Some((finalidade, _)) => {
                (TextoPath { finalidade }.to_string(), FinalidadePath { finalidade }.to_string(), "finalidade-nova-versao")
            }
            None => (FinalidadesPath::PATH.to_owned(), FinalidadesPath::PATH.to_owned(), "finalidade-new"),
        };
        Self { frame: frame.titled(key), form, action, cancel, versao: of.map(|(_, versao)| versao) }
    }
}

async fn new(_: NovaPath, ctx: Ctx) -> Page<FinalidadeFormPage> {
    Page(FinalidadeFormPage::new(ctx.frame(), FormState::new(), None))
}

fn palavras(form: &mut FormState) -> Option<Palavras> {
    let (titulo, texto) = (form.required("titulo"), form.required("texto"));
    Some(Palavras { titulo: titulo?, texto: texto?, renovar: form.has("renovar", "sim") })
}

/// The form again where a rule was broken; everything else is an error of the request.
fn again(form: &mut FormState, lang: Lang, error: ConsentimentoError) -> web::Result<StatusCode> {
    match error {
        ConsentimentoError::Rule(_) => {
            form.refuse(lang, &error);
            Ok(if error.kind() == Kind::Conflict { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY })
        }
        other => Err(other.into()),
    }
}

fn back(path: &impl ToString, toast: &'static str) -> Response {
    redirect(&path.to_string(), Some((Tone::Success, toast)))
}

async fn create(_: FinalidadesPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    if let Some(palavras) = palavras(&mut form) {
        let finalidade = criar(&mut ctx.tx, &ctx.actor, &palavras).await?;
        return Ok(back(&FinalidadePath { finalidade }, "toast-finalidade-criada"));
    }
    let page = FinalidadeFormPage::new(ctx.frame(), form, None);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

async fn found(ctx: &mut CtxInner, id: FinalidadeId) -> web::Result<Finalidade> {
    find_finalidade(&mut ctx.tx, id).await?.ok_or_else(web::Error::not_found)
}

async fn rewrite(path: TextoPath, mut ctx: Ctx) -> web::Result<Page<FinalidadeFormPage>> {
    let one = found(&mut ctx, path.finalidade).await?;
    let form = FormState::new().with("titulo", &one.titulo).with("texto", &one.texto);
    Ok(Page(FinalidadeFormPage::new(ctx.frame(), form, Some((one.id, one.versao)))))
}

async fn save(path: TextoPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let one = found(ctx, path.finalidade).await?;
    let seen = form.raw("versao").parse().unwrap_or_default();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(palavras) = palavras(&mut form) {
        match nova_versao(&mut ctx.tx, &ctx.actor, one.id, seen, &palavras).await {
            Ok(_) => return Ok(back(&FinalidadePath { finalidade: one.id }, "toast-finalidade-versao")),
            Err(error) => status = again(&mut form, ctx.lang, error)?,
        }
    }
    Ok((status, Page(FinalidadeFormPage::new(ctx.frame(), form, Some((one.id, one.versao))))).into_response())
}

/// A consentimento in a list.
struct Registro {
    href: String,
    nome: String,
    email: String,
    versao: i32,
    meio: &'static str,
    dado_at: DateTime<Utc>,
    status: (&'static str, &'static str, &'static str),
}

impl Registro {
    fn new(frame: &Frame, one: &Consentimento) -> Self {
        Self {
            href: ConsentimentoPath { consentimento: one.id }.to_string(),
            nome: one.nome.clone(),
            email: one.email.clone().unwrap_or_default(),
            versao: one.versao,
            meio: frame.t(one.meio.label()),
            dado_at: one.dado_at,
            status: status(frame, one.situacao),
        }
    }
}

const QUAIS: [(Which, &str, &str); 4] = [
    (Which::All, "todos", "consentimentos-todos"),
    (Which::Current, "atuais", "consentimentos-atuais"),
    (Which::Earlier, "anteriores", "consentimentos-anteriores"),
    (Which::TakenBack, "retirados", "consentimentos-retirados"),
];

/// What a page of a finalidade shows.
pub(crate) struct Visto {
    pub finalidade: Finalidade,
    pub versoes: Vec<Versao>,
    pub registros: Vec<Consentimento>,
    pub counts: Contagem,
    pub which: Which,
    pub asked: String,
    pub titular: Option<Titular>,
    /// How many agreed to an earlier text and can be written to.
    pub de_antes: usize,
}

#[derive(Template)]
#[template(path = "privacidade/finalidade.html")]
pub(crate) struct FinalidadePage {
    frame: Frame,
    form: FormState,
    path: String,
    anotar: String,
    pedir: String,
    quais: Vec<Tab>,
    rows: Vec<Registro>,
    visto: Visto,
    /// Texts with their paragraphs, the latest first.
    textos: Vec<(Versao, Vec<String>)>,
    /// Which of them are shown, as the address says it.
    quais_code: &'static str,
    de_novo: String,
    never: bool,
}

impl FinalidadePage {
    pub(crate) fn new(frame: Frame, form: FormState, mut visto: Visto) -> Self {
        let label = frame.t("finalidades-title");
        let frame = below(frame).crumb(label, FinalidadesPath::PATH).title(visto.finalidade.titulo.clone());
        let finalidade = visto.finalidade.id;
        let path = FinalidadePath { finalidade }.to_string();
        let which = visto.titular.as_ref().map(TitularRef::from);
        let counts = visto.counts;
        let tab = |(one, code, key): (Which, &str, &'static str)| {
            let tab = Tab::new(frame.t(key), format!("{path}?quais={code}")).active(one == visto.which);
            match one {
                Which::Current => tab.count(counts.vale),
                Which::Earlier => tab.count(counts.anterior),
                Which::TakenBack => tab.count(counts.retirado),
                Which::All => tab,
            }
        };
        let quais_code = QUAIS.iter().find(|(one, _, _)| *one == visto.which).map_or("", |(_, code, _)| *code);
        Self {
            quais: QUAIS.map(tab).into(),
            quais_code,
            rows: visto.registros.iter().map(|one| Registro::new(&frame, one)).collect(),
            anotar: with_titular(&AnotarPath { finalidade }.to_string(), which.as_ref()),
            pedir: with_titular(&PedirPath { finalidade }.to_string(), which.as_ref()),
            textos: visto.versoes.drain(..).map(|one| (paragraphs(&one.texto), one)).map(|(text, one)| (one, text)).collect(),
            de_novo: frame.t_n("finalidade-pedir-de-novo", visto.de_antes),
            never: counts == Contagem::default(),
            path,
            form,
            visto,
            frame,
        }
    }
}

/// On the page; the rest is found by a narrower question, or in the files.
const SHOWN: i64 = 200;
/// Nobody types more.
const LONGEST: usize = 200;

async fn load(ctx: &mut CtxInner, id: FinalidadeId, asked: Asked, form: FormState) -> web::Result<FinalidadePage> {
    let finalidade = found(ctx, id).await?;
    let which = QUAIS.iter().find(|(_, code, _)| *code == asked.quais).map_or(Which::All, |(which, _, _)| *which);
    let text: String = asked.q.trim().chars().take(LONGEST).collect();
    let visto = Visto {
        versoes: sql::versoes(&mut ctx.tx, id).await?,
        registros: sql::of_finalidade(&mut ctx.tx, id, which, &text, SHOWN).await?,
        counts: sql::count(&mut ctx.tx, id).await?,
        de_antes: sql::de_antes(&mut ctx.tx, id, i64::MAX).await?.len(),
        titular: known(ctx, asked.titular.as_ref()).await?,
        finalidade,
        which,
        asked: text,
    };
    Ok(FinalidadePage::new(ctx.frame(), form, visto))
}

async fn show(path: FinalidadePath, mut ctx: Ctx, Query(asked): Query<Asked>) -> web::Result<Page<FinalidadePage>> {
    Ok(Page(load(&mut ctx, path.finalidade, asked, FormState::new()).await?))
}

async fn step(path: FinalidadePath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let (tx, actor, id) = (&mut ctx.tx, &ctx.actor, path.finalidade);
    let done = match form.raw("passo") {
        "encerrar" => encerrar(tx, actor, id).await.map(|()| "toast-finalidade-encerrada"),
        "reabrir" => reabrir(tx, actor, id).await.map(|()| "toast-finalidade-reaberta"),
        "pedir-de-novo" => {
            let shown = form.raw("n").parse().unwrap_or_default();
            pedir_de_novo(tx, actor, ctx.app.config.base.as_str(), id, shown).await.map(|()| "toast-consentimento-pedidos")
        }
        _ => return Err(web::Error::not_found()),
    };
    match done {
        Ok(toast) => Ok(back(&path, toast)),
        Err(error) => {
            let status = again(&mut form, ctx.lang, error)?;
            let asked = Asked { titular: None, quais: String::new(), q: String::new() };
            Ok((status, Page(load(ctx, id, asked, form).await?)).into_response())
        }
    }
}

/// A form about one person: to note what they gave, or to ask them.
#[derive(Template)]
#[template(path = "privacidade/consentimento_form.html")]
pub(crate) struct ConsentimentoFormPage {
    frame: Frame,
    form: FormState,
    action: String,
    cancel: String,
    texto: Vec<String>,
    /// Of whom there is a record; name and e-mail are typed otherwise.
    titular: Option<Titular>,
    /// It was given in another way and is noted.
    noted: bool,
    sub: &'static str,
}

impl ConsentimentoFormPage {
    pub(crate) fn new(frame: Frame, form: FormState, of: &Finalidade, titular: Option<Titular>, noted: bool) -> Self {
        let label = frame.t("finalidades-title");
        let cancel = FinalidadePath { finalidade: of.id }.to_string();
        let frame = below(frame).crumb(label, FinalidadesPath::PATH).crumb(of.titulo.clone(), cancel.clone());
        let (action, key, sub) = if noted {
            (AnotarPath { finalidade: of.id }.to_string(), "consentimento-anotar", "consentimento-anotar-sub")
        } else {
            (PedirPath { finalidade: of.id }.to_string(), "consentimento-pedir", "consentimento-pedir-sub")
        };
        let sub = frame.t(sub);
        Self { frame: frame.titled(key), form, action, cancel, texto: paragraphs(&of.texto), titular, noted, sub }
    }
}

async fn note_form(path: AnotarPath, mut ctx: Ctx, Query(asked): Query<Asked>) -> web::Result<Page<ConsentimentoFormPage>> {
    let ctx = &mut *ctx;
    let (of, titular) = (found(ctx, path.finalidade).await?, known(ctx, asked.titular.as_ref()).await?);
    let form = FormState::new().with("dado_at", Local::typed(ctx.now, ctx.fuso()));
    Ok(Page(ConsentimentoFormPage::new(ctx.frame(), form, &of, titular, true)))
}

async fn ask_form(path: PedirPath, mut ctx: Ctx, Query(asked): Query<Asked>) -> web::Result<Page<ConsentimentoFormPage>> {
    let ctx = &mut *ctx;
    let (of, titular) = (found(ctx, path.finalidade).await?, known(ctx, asked.titular.as_ref()).await?);
    Ok(Page(ConsentimentoFormPage::new(ctx.frame(), FormState::new(), &of, titular, false)))
}

/// Whom a form means: a record, or name and e-mail.
#[derive(Debug, Clone)]
struct Pessoa {
    titular: Option<TitularRef>,
    nome: Option<kernel::Texto<120>>,
    email: Option<kernel::Email>,
}

fn pessoa(form: &mut FormState) -> Option<Pessoa> {
    if let Ok(titular) = form.raw("titular").parse::<TitularRef>() {
        return Some(Pessoa { titular: Some(titular), nome: None, email: None });
    }
    let (nome, email) = (form.required("nome"), form.required("email"));
    Some(Pessoa { titular: None, nome: Some(nome?), email: Some(email?) })
}

async fn note(path: AnotarPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let of = found(ctx, path.finalidade).await?;
    let (pessoa, evidencia) = (pessoa(&mut form), form.required::<Evidencia>("evidencia"));
    let dado_at = form.required::<Local>("dado_at").and_then(|local| local.at(ctx.fuso()));
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let titular = pessoa.as_ref().and_then(|one| one.titular.clone());
    if let (Some(Pessoa { titular, nome, email }), Some(evidencia), Some(dado_at)) = (pessoa, evidencia, dado_at) {
        let cmd = Anotar { titular, nome, email, dado_at, evidencia };
        match anotar(&mut ctx.tx, &ctx.actor, &ctx.app.modules, of.id, &cmd).await {
            Ok(consentimento) => return Ok(back(&ConsentimentoPath { consentimento }, "toast-consentimento-anotado")),
            Err(error) => status = again(&mut form, ctx.lang, error)?,
        }
    } else if form.is_ok() {
        form.fail("dado_at", kernel::Invalid::new("instante"));
    }
    let titular = known(ctx, titular.as_ref()).await?;
    Ok((status, Page(ConsentimentoFormPage::new(ctx.frame(), form, &of, titular, true))).into_response())
}

async fn ask(path: PedirPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let of = found(ctx, path.finalidade).await?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let pessoa = pessoa(&mut form);
    if let Some(Pessoa { titular, nome, email }) = &pessoa {
        let links = Links::new(ctx.app.config.base.as_str(), "console").map_err(|e| Fault::new("base address", e))?;
        let house = (&*ctx.app.modules, &links);
        match pedir(&mut ctx.tx, &ctx.actor, house, of.id, titular.as_ref(), (nome.as_ref(), email.as_ref())).await {
            Ok(()) => return Ok(back(&FinalidadePath { finalidade: of.id }, "toast-consentimento-pedido")),
            Err(error) => status = again(&mut form, ctx.lang, error)?,
        }
    }
    let titular = known(ctx, pessoa.and_then(|one| one.titular).as_ref()).await?;
    Ok((status, Page(ConsentimentoFormPage::new(ctx.frame(), form, &of, titular, false))).into_response())
}

#[derive(Template)]
#[template(path = "privacidade/consentimento.html")]
pub(crate) struct ConsentimentoPage {
    frame: Frame,
    form: FormState,
    path: String,
    protocolo: String,
    status: (&'static str, &'static str, &'static str),
    fatos: Vec<(&'static str, String)>,
    texto: Vec<String>,
    /// Nothing was taken back yet.
    standing: bool,
    /// Where everything of the person stands, for whoever may see it.
    dossie: Option<String>,
}

impl ConsentimentoPage {
    pub(crate) fn new(frame: Frame, form: FormState, one: &Consentimento, texto: &str, ver: bool) -> Self {
        let label = frame.t("finalidades-title");
        let of = FinalidadePath { finalidade: one.finalidade }.to_string();
        let frame = below(frame).crumb(label, FinalidadesPath::PATH).crumb(one.titulo.clone(), of).title(one.nome.clone());
        Self {
            path: ConsentimentoPath { consentimento: one.id }.to_string(),
            protocolo: one.protocolo.clone(),
            status: status(&frame, one.situacao),
            fatos: file::fatos(&frame, one),
            texto: paragraphs(texto),
            standing: one.retirado.is_none(),
            dossie: one.titular.clone().filter(|_| ver).map(|titular| DossiePath { titular }.to_string()),
            form,
            frame,
        }
    }
}

async fn load_one(ctx: &mut CtxInner, id: ConsentimentoId, form: FormState) -> web::Result<ConsentimentoPage> {
    let one = find(&mut ctx.tx, id).await?.ok_or_else(web::Error::not_found)?;
    let texto = sql::texto(&mut ctx.tx, one.finalidade, one.versao).await?;
    Ok(ConsentimentoPage::new(ctx.frame(), form, &one, &texto, ctx.actor.may(&VER)))
}

async fn one(path: ConsentimentoPath, mut ctx: Ctx) -> web::Result<Page<ConsentimentoPage>> {
    Ok(Page(load_one(&mut ctx, path.consentimento, FormState::new()).await?))
}

async fn take_back(path: ConsentimentoPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(evidencia) = form.required::<Evidencia>("evidencia") {
        match retirar_um(&mut ctx.tx, &ctx.actor, path.consentimento, &evidencia).await {
            Ok(()) => return Ok(back(&path, "toast-consentimento-retirado")),
            Err(error) => status = again(&mut form, ctx.lang, error)?,
        }
    }
    Ok((status, Page(load_one(ctx, path.consentimento, form).await?)).into_response())
}

async fn proof(path: ProvaPath, mut ctx: Ctx) -> web::Result<Response> {
    let one = find(&mut ctx.tx, path.consentimento).await?.ok_or_else(web::Error::not_found)?;
    let texto = sql::texto(&mut ctx.tx, one.finalidade, one.versao).await?;
    file::proof(&mut ctx, &one, &texto).await
}

async fn export(mut ctx: Ctx, id: FinalidadeId, format: Format) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let of = found(ctx, id).await?;
    let all = sql::of_finalidade(&mut ctx.tx, id, Which::All, "", i64::MAX).await?;
    file::register(ctx, &of, &all, format).await
}

async fn as_xlsx(path: XlsxPath, ctx: Ctx) -> web::Result<Response> {
    export(ctx, path.finalidade, Format::Xlsx).await
}

async fn as_csv(path: CsvPath, ctx: Ctx) -> web::Result<Response> {
    export(ctx, path.finalidade, Format::Csv).await
}

async fn as_pdf(path: PdfPath, ctx: Ctx) -> web::Result<Response> {
    export(ctx, path.finalidade, Format::Pdf).await
}
