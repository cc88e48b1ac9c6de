//! One pedido: what is asked, of whom, and each next step up to the answer.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{ErrorKind, Kind, Telefone};
use messaging::Links;
use web::{
    Ctx, CtxInner, FormBody, Page, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{LigarPath, PedidoPath, PedidosPath, RetirarPath, due, status, today};
use crate::{
    APAGAR, VER,
    apagamento::pages::ReciboPath,
    below,
    consentimento::{self, Consentimento, ConsentimentoError, FinalidadeId, retirar_do_pedido},
    pedido::{Desfecho, Pedido, PedidoError, PedidoId, Situacao, Tipo, atender, find, ligar, responder},
    titular::{TitularRef, pages::PrivacidadePath},
};

#[derive(Template)]
#[template(path = "privacidade/pedido.html")]
pub(crate) struct PedidoPage {
    frame: Frame,
    form: FormState,
    one: Pedido,
    path: String,
    status: (&'static str, &'static str, &'static str),
    due: Option<(String, &'static str)>,
    tipo: String,
    fatos: Vec<(&'static str, String)>,
    /// Where the person is looked for, and where the one who was found stands.
    procurar: Option<String>,
    titular: Option<String>,
    recibo: Option<String>,
    /// What the law asks here, in a sentence.
    dica: &'static str,
    desfechos: Vec<Choice>,
    consentimentos: Option<Consentimentos>,
}

/// Of a pedido that takes a consentimento back.
struct Consentimentos {
    action: String,
    /// What stands of the person: finalidade, whose and since when.
    valem: Vec<(String, String, DateTime<Utc>)>,
    retirados: Vec<(String, DateTime<Utc>)>,
}

impl Consentimentos {
    fn new(pedido: PedidoId, standing: &[Consentimento], gone: &[Consentimento]) -> Self {
        let mut valem: Vec<(String, String, DateTime<Utc>)> = Vec::new();
        for one in standing {
            let id = one.finalidade.to_string();
            // One finalidade is one choice, however many texts of it they agreed to.
            if !valem.iter().any(|(known, ..)| *known == id) {
                valem.push((id, one.titulo.clone(), one.dado_at));
            }
        }
        let retirado = |one: &Consentimento| one.retirado.as_ref().map(|gone| (one.titulo.clone(), gone.at));
        Self { action: RetirarPath { pedido }.to_string(), valem, retirados: gone.iter().filter_map(retirado).collect() }
    }

    /// What was done, in words for the answer.
    fn recibo(&self, frame: &Frame) -> Option<String> {
        let line = |(titulo, at): &(String, DateTime<Utc>)| {
            frame.t_with(
                "pedido-retirado-linha",
                &[("finalidade", titulo.as_str().into()), ("at", frame.datetime(*at).as_str().into())],
            )
        };
        let lines: Vec<String> = self.retirados.iter().map(line).collect();
        (!lines.is_empty()).then(|| format!("{}\n\n{}", frame.t("pedido-retirado-recibo"), lines.join("\n\n")))
    }
}

impl PedidoPage {
    pub(crate) fn new(
        frame: Frame,
        form: FormState,
        one: Pedido,
        today: NaiveDate,
        may: (bool, bool),
        (standing, gone): (Vec<Consentimento>, Vec<Consentimento>),
    ) -> Self {
        let label = frame.t("pedidos-title");
        let frame = below(frame).crumb(label, PedidosPath::PATH).title(one.protocolo.clone());
        let (ver, apagar) = may;
        let query = |text: &str| {
            let q: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
            format!("{}?q={q}&pedido={}", PrivacidadePath::PATH, one.id)
        };
        let known = one.email.as_deref().or(one.telefone.as_deref().map(|text| text.trim_start_matches("+55")));
        let here = |(kind, id): &(String, uuid::Uuid)| {
            let titular = TitularRef { kind: kind.clone(), id: *id };
            format!("/configuracoes/privacidade/titulares/{titular}?pedido={}", one.id)
        };
        let telefone =
            one.telefone.as_deref().map(|text| text.parse::<Telefone>().map_or_else(|_| text.to_owned(), |one| one.to_string()));
        let fatos = vec![
            (frame.t("pedido-tipo"), frame.t(one.tipo.label()).to_owned()),
            (frame.t("dado-nome"), one.nome.clone()),
            (frame.t("dado-email"), one.email.clone().unwrap_or_default()),
            (frame.t("dado-telefone"), telefone.unwrap_or_default()),
            (frame.t("pedido-origem"), frame.t(one.origem.label()).to_owned()),
            (frame.t("pedido-recebido-at"), frame.datetime(one.recebido_at.unwrap_or(one.created_at))),
            (frame.t("pedido-data-limite"), one.data_limite.map(|day| frame.date(day)).unwrap_or_default()),
        ];
        let dica = match one.tipo {
            Tipo::Confirmacao => "pedido-dica-confirmacao",
            Tipo::Eliminacao if apagar => "pedido-dica-eliminacao",
            Tipo::Eliminacao => "pedido-dica-eliminacao-sem",
            Tipo::Correcao => "pedido-dica-correcao",
            Tipo::Acesso | Tipo::Portabilidade => "pedido-dica-acesso",
            Tipo::Compartilhamento => "pedido-dica-compartilhamento",
            Tipo::Revogacao => "pedido-dica-revogacao",
            Tipo::Oposicao => "pedido-dica-oposicao",
        };
        let consentimentos =
            (one.tipo == Tipo::Revogacao && one.situacao.is_open()).then(|| Consentimentos::new(one.id, &standing, &gone));
        // The receipt goes with the answer, unless somebody writes their own.
        let form = match consentimentos.as_ref().and_then(|all| all.recibo(&frame)) {
            Some(recibo) if form.value("resposta").is_empty() => form.without("resposta").with("resposta", recibo),
            _ => form,
        };
        Self {
            consentimentos,
            path: PedidoPath { pedido: one.id }.to_string(),
            status: status(&frame, one.situacao),
            due: due(&frame, &one, today),
            procurar: ver.then(|| query(known.unwrap_or(one.nome.as_str()))),
            titular: one.titular.as_ref().filter(|_| ver && one.apagamento_id.is_none()).map(here),
            recibo: one.apagamento_id.filter(|_| ver).map(|apagamento| ReciboPath { apagamento }.to_string()),
            dica: frame.t(dica),
            desfechos: ["atendido", "recusado", "duplicado"]
                .into_iter()
                .zip(["pedido-desfecho-atendido", "pedido-desfecho-recusado", "pedido-desfecho-duplicado"])
                .map(|(code, key)| Choice::new(code, frame.t(key)))
                .collect(),
            tipo: frame.t(one.tipo.label()).to_owned(),
            fatos,
            form,
            one,
            frame,
        }
    }
}

async fn load(ctx: &mut CtxInner, id: PedidoId, form: FormState) -> web::Result<PedidoPage> {
    // Nobody answers what nobody confirmed.
    let one =
        find(&mut ctx.tx, id).await?.filter(|one| one.situacao != Situacao::AConfirmar).ok_or_else(web::Error::not_found)?;
    let may = (ctx.actor.may(&VER), ctx.actor.may(&APAGAR));
    let today = today(ctx);
    let theirs = if one.tipo == Tipo::Revogacao {
        let quem = consentimento::of_pedido(&one);
        (consentimento::sql::standing(&mut ctx.tx, &quem).await?, consentimento::sql::taken_by(&mut ctx.tx, id).await?)
    } else {
        Default::default()
    };
    Ok(PedidoPage::new(ctx.frame(), form, one, today, may, theirs))
}

pub(super) async fn show(path: PedidoPath, mut ctx: Ctx) -> web::Result<Page<PedidoPage>> {
    Ok(Page(load(&mut ctx, path.pedido, FormState::new()).await?))
}

pub(super) async fn act(path: PedidoPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let back = |toast| Ok(redirect(&path.to_string(), Some((Tone::Success, toast))));
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let done = if form.has("passo", "atender") {
        Some(atender(&mut ctx.tx, &ctx.actor, path.pedido).await.map(|()| "toast-pedido-em-atendimento"))
    } else {
        match desfecho(&mut form) {
            Some((desfecho, resposta)) => {
                let links =
                    Links::new(ctx.app.config.base.as_str(), "console").map_err(|e| kernel::Fault::new("base address", e))?;
                let done = responder(&mut ctx.tx, &ctx.actor, &links, path.pedido, &desfecho, &resposta).await;
                Some(done.map(|()| "toast-pedido-respondido"))
            }
            None => None,
        }
    };
    match done {
        Some(Ok(toast)) => return back(toast),
        Some(Err(error @ PedidoError::Rule(_))) => {
            if error.kind() == Kind::Conflict {
                status = StatusCode::CONFLICT;
            }
            form.refuse(ctx.lang, &error);
        }
        Some(Err(error)) => return Err(error.into()),
        None => {}
    }
    let page = load(ctx, path.pedido, form).await?;
    Ok((status, Page(page)).into_response())
}

fn desfecho(form: &mut FormState) -> Option<(Desfecho, kernel::Texto<4000>)> {
    let code = form.choice("desfecho", |code| ["atendido", "recusado", "duplicado"].contains(&code).then(|| code.to_owned()));
    let resposta = form.required("resposta");
    let desfecho = match code?.as_str() {
        "recusado" => Desfecho::Recusado(form.required("fundamento")?),
        "duplicado" => Desfecho::Duplicado,
        _ => Desfecho::Atendido,
    };
    Some((desfecho, resposta?))
}

pub(super) async fn tie(path: LigarPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let form = FormState::from_body(&body);
    let which: TitularRef = form.raw("titular").parse().map_err(|_| web::Error::not_found())?;
    ligar(&mut ctx.tx, &ctx.actor, &ctx.app.modules, path.pedido, &which).await?;
    Ok(redirect(&PedidoPath { pedido: path.pedido }.to_string(), Some((Tone::Success, "toast-pedido-ligado"))))
}

/// Takes back what was chosen of the person's, in one step.
pub(super) async fn take_back(path: RetirarPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let chosen: Option<Vec<FinalidadeId>> = form.all("finalidade").iter().map(|id| id.parse().ok()).collect();
    let chosen = chosen.ok_or_else(web::Error::not_found)?;
    match retirar_do_pedido(&mut ctx.tx, &ctx.actor, path.pedido, &chosen).await {
        Ok(_) => {
            let to = PedidoPath { pedido: path.pedido }.to_string();
            Ok(redirect(&to, Some((Tone::Success, "toast-pedido-retirado"))))
        }
        Err(error @ ConsentimentoError::Rule(_)) => {
            form.refuse(ctx.lang, &error);
            Ok((StatusCode::CONFLICT, Page(load(ctx, path.pedido, form).await?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
