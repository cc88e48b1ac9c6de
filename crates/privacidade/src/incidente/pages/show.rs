//! One incidente: what is known, what was done about it, and each next step.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::Texto;
use sheets::Format;
use web::{
    Ctx, CtxInner, FormBody, Page, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{IncidentePath, IncidentesPath, PassosPath, PdfPath, Situacao, again, found, instant};
use crate::{
    below,
    incidente::{
        Comunicacao, Decisao, Incidente, IncidenteError, IncidenteId, IncidenteRule, Passo, anotar, comunicado, decidir,
        encerrar, file, passos, prazo,
        sql::{self, CartaRow},
    },
    instante::Local,
};

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

pub(super) async fn show(path: IncidentePath, mut ctx: Ctx) -> web::Result<Page<IncidentePage>> {
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

pub(super) async fn step(path: PassosPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
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

pub(super) async fn pdf(path: PdfPath, mut ctx: Ctx) -> web::Result<Response> {
    let one = found(&mut ctx, path.incidente).await?;
    let history = passos(&mut ctx.tx, path.incidente).await?;
    file::one(&mut ctx, &one, &history, Format::Pdf).await
}
