//! `/configuracoes/email/devolvidas`.

use askama::Template;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use messaging::{
    MensagemId, NoticeKind,
    devolvida::{self, Devolvida, Motivo},
};
use serde::Deserialize;
use web::{
    Access, Ctx, Page, Result, Route, filters,
    frame::{Frame, Tone},
    list::{ListState, Pager, Sort},
    redirect,
};

use super::{descartar, reenviar};
use crate::{
    configuracoes,
    correio::{GERIR, pages::CorreioPath},
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/email/devolvidas")]
pub struct DevolvidasPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/email/devolvidas/reenviar")]
struct TodasPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/email/devolvidas/{id}/reenviar", rejection(web::BadPath))]
struct ReenviarPath {
    id: MensagemId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/email/devolvidas/{id}/descartar", rejection(web::BadPath))]
struct DescartarPath {
    id: MensagemId,
}

pub(crate) fn routes() -> Vec<Route> {
    let ids: &'static [&'static str] = &["devolvida"];
    vec![
        Route::get(list, Access::Needs(GERIR)),
        Route::post(all, Access::Needs(GERIR)).sample("/configuracoes/email/devolvidas/reenviar", ""),
        Route::post(one, Access::Needs(GERIR)).ids(ids).sample("/configuracoes/email/devolvidas/{devolvida}/reenviar", ""),
        Route::post(discard, Access::Needs(GERIR))
            .ids(&["devolvida.outra"])
            .sample("/configuracoes/email/devolvidas/{devolvida.outra}/descartar", ""),
    ]
}

struct Linha {
    to: String,
    subject: String,
    kind: Option<&'static str>,
    at: DateTime<Utc>,
    why: &'static str,
    answer: String,
    resend: Option<String>,
    discard: String,
}

const fn words(motivo: Motivo) -> &'static str {
    match motivo {
        Motivo::Desligado => "devolvida-desligado",
        Motivo::Saiu => "devolvida-saiu",
        Motivo::SemGateway => "devolvida-sem-gateway",
        Motivo::Endereco => "devolvida-endereco",
        Motivo::Cheia => "devolvida-cheia",
        Motivo::Recusada => "devolvida-recusada",
        Motivo::Inalcancavel => "devolvida-inalcancavel",
    }
}

#[derive(Template)]
#[template(path = "acesso/devolvidas.html")]
pub(crate) struct DevolvidasPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    rows: Vec<Linha>,
    /// How many can be sent again.
    good: i64,
}

impl DevolvidasPage {
    fn new(frame: Frame, list: ListState, kinds: &[&NoticeKind], (total, good): (i64, i64), found: Vec<Devolvida>) -> Self {
        let label = frame.t("correio-title");
        let frame = configuracoes::below(frame).crumb(label, CorreioPath::PATH).titled("devolvidas-title");
        let row = |one: Devolvida| Linha {
            why: frame.t(words(one.motivo())),
            kind: kinds.iter().find(|kind| one.kind.as_deref() == Some(kind.code)).map(|kind| frame.t(kind.label)),
            resend: one.can_resend.then(|| ReenviarPath { id: one.id }.to_string()),
            discard: DescartarPath { id: one.id }.to_string(),
            to: one.recipient,
            subject: one.subject,
            at: one.created_at,
            answer: one.answer,
        };
        Self { pager: Pager::new(list.page, total), rows: found.into_iter().map(row).collect(), good, list, frame }
    }
}

async fn list(_: DevolvidasPath, mut ctx: Ctx) -> Result<Page<DevolvidasPage>> {
    let ctx = &mut *ctx;
    let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query).to_owned();
    let list = ListState::read(DevolvidasPath::PATH, &query, &[], Sort::down("at"));
    let counts = devolvida::count(&mut ctx.tx).await?;
    let found = devolvida::list(&mut ctx.tx, list.page.limit(), list.page.offset()).await?;
    let kinds: Vec<&NoticeKind> = ctx.app.modules.iter().flat_map(|module| module.notices).copied().collect();
    Ok(Page(DevolvidasPage::new(ctx.frame(), list, &kinds, counts, found)))
}

async fn all(_: TodasPath, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    reenviar(&mut ctx.tx, &ctx.actor, None).await?;
    Ok(redirect(DevolvidasPath::PATH, Some((Tone::Success, "toast-devolvida-reenviada"))))
}

async fn one(path: ReenviarPath, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    reenviar(&mut ctx.tx, &ctx.actor, Some(path.id)).await?;
    Ok(redirect(DevolvidasPath::PATH, Some((Tone::Success, "toast-devolvida-reenviada"))))
}

async fn discard(path: DescartarPath, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    descartar(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(DevolvidasPath::PATH, Some((Tone::Success, "toast-devolvida-descartada"))))
}

#[cfg(test)]
impl DevolvidasPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let one = |answer: &str, can_resend: bool| Devolvida {
            id: MensagemId::new(uuid::Uuid::nil()),
            channel: "email".to_owned(),
            recipient: "\"ana\"@<b>senai</b>.example".to_owned(),
            subject: "longo ".repeat(30),
            kind: can_resend.then(|| "acesso.comunicado".to_owned()),
            answer: answer.to_owned(),
            created_at: frame.now,
            can_resend,
        };
        let list = |query: &str| ListState::read(DevolvidasPath::PATH, query, &[], Sort::down("at"));
        let answers = ["permanent error (550): <script>alert(1)</script>", "5.2.2", "permanent error (554)", "refused", ""];
        let rows = answers.into_iter().map(|answer| one(answer, !answer.is_empty())).collect();
        vec![
            Self::new(frame.clone(), list(""), &[], (0, 0), Vec::new()),
            Self::new(frame.clone(), list("por=25"), crate::NOTICES, (60, 4), rows),
        ]
    }
}
