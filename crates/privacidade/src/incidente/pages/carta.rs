//! A letter to those whose data it is about, seen before it goes out.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use web::{
    Ctx, FormBody, Page, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{CartaPath, IncidentePath, IncidentesPath, again, choices, found};
use crate::{
    below,
    incidente::{Carta, IncidenteId, Publico, enviar, prever, sql::Destinatario},
};

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

pub(super) async fn letter(path: CartaPath, mut ctx: Ctx) -> web::Result<Page<CartaPage>> {
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

pub(super) async fn send(path: CartaPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
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
