//! What the form asks while somebody fills it in.

use std::str::FromStr;

use axum::response::{IntoResponse, Response, sse::Event};
use axum_extra::routing::TypedPath;
use futures::stream;
use kernel::{Cep, Cnpj, Invalid, Lang};
use serde::{Deserialize, Serialize};
use tenancy::UnidadeId;
use web::{
    Access, Ctx, Error, FormBody, Query, Route,
    forms::FormState,
    frame::Frame,
    live::{self, News, Subscription},
};

use super::{Consultas, FRESH, Lugar, Resposta, TOPIC, Urgency, preencher::Preenchimento, waiting};
use crate::{
    empresa::{CONSULTAR, Campo, pages::shown},
    municipio::Municipios,
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/consultas/cnpj")]
pub(crate) struct ConsultaCnpj;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/consultas/cep")]
pub(crate) struct ConsultaCep;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/consultas/events")]
pub(crate) struct ConsultaEvents;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post(cnpj, Access::Needs(CONSULTAR)).sample("/empresas/consultas/cnpj", "cnpj=11.222.333%2F0001-81"),
        Route::post(cep, Access::Needs(CONSULTAR)).sample("/empresas/consultas/cep", "cep=89219-600"),
        Route::get(events, Access::Needs(CONSULTAR)).sample("/empresas/consultas/events?cnpj=11222333000181", ""),
    ]
    .into_iter()
    .chain(super::situacao::pages::routes())
    .collect()
}

/// The answer to the form's script.
#[derive(Debug, Serialize)]
struct Answer {
    /// Whether the question waits: the script listens then, and asks again when it is told.
    fila: bool,
    text: String,
    fields: Vec<Field>,
}

#[derive(Debug, Serialize)]
struct Field {
    name: &'static str,
    /// What the field would hold, and how people read it.
    value: String,
    text: String,
}

impl Answer {
    fn new(frame: &Frame, fila: bool, preenchimento: Preenchimento) -> Self {
        let field = |(campo, value): (Campo, String)| Field { name: campo.key(), text: shown(frame, campo, &value), value };
        Self { fila, text: preenchimento.text, fields: preenchimento.fields.into_iter().map(field).collect() }
    }
}

/// What was typed; a sentence when it is none. The form asks while somebody types: a slip is no refused request.
fn typed<T: FromStr>(body: &FormBody, campo: Campo, lang: Lang) -> Result<T, String>
where
    T::Err: Into<Invalid>,
{
    let form = FormState::from_body(&body.0);
    form.raw(campo.key()).parse().map_err(|e: T::Err| idioma::invalid(lang, &e.into()).into_owned())
}

async fn cnpj(_: ConsultaCnpj, mut ctx: Ctx, body: FormBody) -> Result<Response, Error> {
    let cnpj: Cnpj = match typed(&body, Campo::Cnpj, ctx.lang) {
        Ok(cnpj) => cnpj,
        Err(text) => return Ok(axum::Json(Answer { fila: false, text, fields: Vec::new() }).into_response()),
    };
    let municipios = Municipios::load(&mut ctx.tx).await?;
    let (consultas, unidade, frame) = (ctx.app.value::<Consultas>()?.clone(), ctx.unidade.id, ctx.frame());
    // Somebody outside may take seconds: nothing of ours is held meanwhile.
    ctx.release().await?;
    let resposta = consultas.cnpj(unidade, cnpj, FRESH, Urgency::Person).await?;
    let preenchimento = Preenchimento::of_cnpj(&frame, &resposta, &municipios);
    Ok(axum::Json(Answer::new(&frame, matches!(resposta, Resposta::Waiting(_)), preenchimento)).into_response())
}

async fn cep(_: ConsultaCep, mut ctx: Ctx, body: FormBody) -> Result<Response, Error> {
    let cep: Cep = match typed(&body, Campo::Cep, ctx.lang) {
        Ok(cep) => cep,
        Err(text) => return Ok(axum::Json(Answer { fila: false, text, fields: Vec::new() }).into_response()),
    };
    let municipios = Municipios::load(&mut ctx.tx).await?;
    let (consultas, frame) = (ctx.app.value::<Consultas>()?.clone(), ctx.frame());
    ctx.release().await?;
    let preenchimento = Preenchimento::of_cep(&frame, &consultas.cep(cep).await, &municipios);
    Ok(axum::Json(Answer::new(&frame, false, preenchimento)).into_response())
}

#[derive(Debug, Deserialize)]
struct Which {
    cnpj: String,
}

/// Where the question stands, until it stands nowhere any more: events `lugar` with a sentence, then one `pronta`.
async fn events(_: ConsultaEvents, Query(which): Query<Which>, ctx: Ctx) -> Result<Response, Error> {
    let cnpj = which.cnpj.parse().map_err(|_| Error::not_found())?;
    // Before the place is read, so that no news fall between.
    let news = ctx.app.live.subscribe(&ctx)?;
    let waiter = Waiter {
        consultas: ctx.app.value::<Consultas>()?.clone(),
        unidade: ctx.unidade.id,
        cnpj,
        lang: ctx.lang,
        news,
        told: None,
        over: false,
    };
    ctx.release().await?;
    Ok(live::stream(stream::unfold(waiter, |mut waiter| async { waiter.next().await.map(|event| (event, waiter)) })))
}

struct Waiter {
    consultas: Consultas,
    unidade: UnidadeId,
    cnpj: Cnpj,
    lang: Lang,
    news: Subscription,
    told: Option<Lugar>,
    over: bool,
}

impl Waiter {
    async fn next(&mut self) -> Option<Event> {
        if self.over {
            return None;
        }
        loop {
            let place = match self.consultas.place(self.unidade, self.cnpj).await {
                Ok(place) => place,
                Err(fault) => {
                    // The browser comes back and tries again.
                    tracing::warn!(%fault, "The place of a question could not be read.");
                    return None;
                }
            };
            match place {
                None => {
                    self.over = true;
                    // A browser passes over an event without data.
                    return Some(Event::default().event("pronta").data("-"));
                }
                place if place != self.told => {
                    self.told = place;
                    let now = self.consultas.now();
                    return place.map(|lugar| Event::default().event("lugar").data(waiting(self.lang, lugar, now)));
                }
                _ => {}
            }
            while let News::Told(told) = self.news.next().await? {
                if told.topic == TOPIC {
                    break;
                }
            }
        }
    }
}
