//! `/configuracoes/privacidade/pedidos`: what people ask, for those who answer.

pub(crate) mod lista;
pub(crate) mod show;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::NaiveDate;
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, FormBody, Page, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{ATENDER, Novo, Origem, Pedido, PedidoError, PedidoId, Situacao, Tipo, registrar};
use crate::below;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/pedidos")]
pub(crate) struct PedidosPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/pedidos/novo")]
struct NovoPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/pedidos/{pedido}", rejection(web::BadPath))]
pub(crate) struct PedidoPath {
    pub pedido: PedidoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/pedidos/{pedido}/titular", rejection(web::BadPath))]
pub(crate) struct LigarPath {
    pub pedido: PedidoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/pedidos/{pedido}/consentimentos", rejection(web::BadPath))]
struct RetirarPath {
    pedido: PedidoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/pedidos/exportar.xlsx")]
struct XlsxPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/pedidos/exportar.csv")]
struct CsvPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/pedidos/exportar.pdf")]
struct PdfPath;

pub(crate) fn routes() -> Vec<Route> {
    const FORM: &str = "tipo=acesso&origem=telefone&nome=Rita+Reis&telefone=47999990000";
    const ONE: &str = "/configuracoes/privacidade/pedidos/{pedido}";
    let needs = || Access::Needs(ATENDER);
    let ids: &'static [&'static str] = &["pedido"];
    vec![
        Route::get(lista::list, needs())
            .sample("/configuracoes/privacidade/pedidos?quais=todos&situacao=recebido&prazo=vencido&q=rita", ""),
        Route::get(lista::as_xlsx, needs())
            .audited()
            .sample("/configuracoes/privacidade/pedidos/exportar.xlsx?quais=todos&q=rita", ""),
        Route::get(lista::as_csv, needs()).audited(),
        Route::get(lista::as_pdf, needs()).audited(),
        Route::get(new, needs()),
        Route::post(create, needs()).sample("/configuracoes/privacidade/pedidos", FORM),
        Route::get(show::show, needs()).ids(ids).sample(ONE, ""),
        Route::post(show::act, needs()).ids(ids).sample(ONE, "passo=responder&desfecho=atendido&resposta=Segue+a+c%C3%B3pia."),
        Route::post(show::tie, needs())
            .ids(&["pedido"])
            .sample("/configuracoes/privacidade/pedidos/{pedido}/titular", "titular=contato-{contato}"),
        Route::post(show::take_back, needs())
            .ids(ids)
            .sample("/configuracoes/privacidade/pedidos/{pedido.revogacao}/consentimentos", "finalidade={finalidade}"),
    ]
}

/// Word, tone and icon of how one stands.
pub(super) fn status(frame: &Frame, situacao: Situacao) -> (&'static str, &'static str, &'static str) {
    let (tone, icon) = match situacao {
        Situacao::AConfirmar => ("quiet", "envelope"),
        Situacao::Recebido => ("info", "inbox"),
        Situacao::EmAtendimento => ("warn", "hourglass-split"),
        Situacao::Atendido => ("ok", "check-circle-fill"),
        Situacao::Recusado => ("quiet", "x-circle-fill"),
        Situacao::Duplicado => ("quiet", "layers"),
    };
    (frame.t(situacao.label()), tone, icon)
}

/// When one is due, in words and with a tone; nothing once it was answered.
fn due(frame: &Frame, pedido: &Pedido, today: NaiveDate) -> Option<(String, &'static str)> {
    let until = pedido.data_limite.filter(|_| pedido.situacao.is_open())?;
    let left = (until - today).num_days();
    Some(match left {
        ..0 => (frame.t_n("pedido-venceu", -left), "danger"),
        0 => (frame.t("pedido-vence-hoje").to_owned(), "danger"),
        1..=3 => (frame.t_n("pedido-faltam", left), "warn"),
        _ => (frame.t_n("pedido-faltam", left), "info"),
    })
}

fn today(ctx: &CtxInner) -> NaiveDate {
    ctx.now.with_timezone(&ctx.unidade.fuso).date_naive()
}

#[derive(Template)]
#[template(path = "privacidade/pedido_form.html")]
pub(crate) struct PedidoFormPage {
    frame: Frame,
    form: FormState,
    tipos: Vec<Choice>,
    origens: Vec<Choice>,
}

pub(super) fn tipos(frame: &Frame) -> Vec<Choice> {
    Tipo::ALL.iter().map(|tipo| Choice::new(tipo.code(), frame.t(tipo.label()))).collect()
}

impl PedidoFormPage {
    pub(crate) fn new(frame: Frame, form: FormState) -> Self {
        let label = frame.t("pedidos-title");
        let frame = below(frame).crumb(label, PedidosPath::PATH).titled("pedido-new");
        Self {
            tipos: tipos(&frame),
            origens: Origem::NOTED.map(|one| Choice::new(one.code(), frame.t(one.label()))).into(),
            form,
            frame,
        }
    }
}

async fn new(_: NovoPath, ctx: Ctx) -> Page<PedidoFormPage> {
    Page(PedidoFormPage::new(ctx.frame(), FormState::new()))
}

/// What somebody asks, when all of it is valid.
pub(crate) fn novo(form: &mut FormState, with_email: bool) -> Option<Novo> {
    let tipo = form.choice("tipo", Tipo::from_code);
    let nome = form.required("nome");
    let email = if with_email { form.required("email").map(Some) } else { form.optional("email") };
    let telefone = form.optional("telefone");
    let texto = form.optional("texto");
    Some(Novo { tipo: tipo?, nome: nome?, email: email?, telefone: telefone?, texto: texto? })
}

async fn create(_: PedidosPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let origem = form.choice("origem", |code| Origem::from_code(code).filter(|one| Origem::NOTED.contains(one)));
    if let (Some(novo), Some(origem)) = (novo(&mut form, false), origem) {
        match registrar(&mut ctx.tx, &ctx.actor, origem, &novo, ctx.unidade.lang(None)).await {
            Ok(pedido) => {
                return Ok(redirect(&PedidoPath { pedido }.to_string(), Some((Tone::Success, "toast-pedido-registrado"))));
            }
            Err(error @ PedidoError::Rule(_)) => form.refuse(ctx.lang, &error),
            Err(error) => return Err(error.into()),
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(PedidoFormPage::new(ctx.frame(), form))).into_response())
}
