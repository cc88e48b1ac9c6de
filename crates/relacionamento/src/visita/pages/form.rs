//! Planning a visita and changing what is planned.

use std::str::FromStr;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use empresas::{
    contato::{self, ContatoId},
    empresa::{self, Empresa, EmpresaId},
};
use kernel::{Invalid, Rule};
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Ctx, CtxInner, Error, FormBody, Page, Query, filters,
    forms::{Choice, Dia, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{EmpresaVisitas, VisitaEdit, VisitaRealizar, VisitaShow, Visitas};
use crate::escolher::{self, What};
use crate::visita::{
    Horario, Pessoa, Plano, REGISTRAR, Reach, Visita, VisitaError, VisitaRule, alterar::alterar, lista, planejar::planejar,
};

/// An hour as `<input type="time">` sends it.
#[derive(Debug, Clone, Copy)]
struct Hora(NaiveTime);

impl FromStr for Hora {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let seconds = || NaiveTime::parse_from_str(text, "%H:%M:%S");
        NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| seconds()).map(Self).map_err(|_| Invalid::new("hora"))
    }
}

/// From when until when, as the clock on the reader's wall shows it.
pub(super) fn horario(form: &mut FormState, zone: Tz) -> Option<Horario> {
    let (day, from, until) =
        (form.required::<Dia>("data_visita"), form.required::<Hora>("hora_inicio"), form.required::<Hora>("hora_fim"));
    let ((day, from), until) = day.zip(from).zip(until)?;
    let at = |form: &mut FormState, hora: Hora, field: &str| {
        let at = idioma::instant(zone, day.0.and_time(hora.0));
        if at.is_none() {
            // The clocks leapt over it.
            form.fail(field, Invalid::new("hora-none"));
        }
        at
    };
    let (from, until) = at(form, from, "hora_inicio").zip(at(form, until, "hora_fim"))?;
    match Horario::new(from, until) {
        Ok(horario) => Some(horario),
        Err(rule) => {
            for field in rule.fields() {
                form.fail("hora_fim", field.invalid);
            }
            None
        }
    }
}

/// What [`horario`] reads back.
pub(super) fn with_horario(form: FormState, horario: Horario, zone: Tz) -> FormState {
    let (from, until) = (horario.inicio_at.with_timezone(&zone), horario.fim_at.with_timezone(&zone));
    form.with("data_visita", from.date_naive()).with("hora_inicio", from.format("%H:%M")).with("hora_fim", until.format("%H:%M"))
}

/// What was typed, when all of it is valid.
fn plano(form: &mut FormState, zone: Tz) -> Option<Plano> {
    fn ids<T: FromStr>(form: &mut FormState, field: &str) -> Option<Vec<T>> {
        let read: Result<Vec<T>, _> = form.all(field).iter().filter(|id| !id.is_empty()).map(|id| id.parse()).collect();
        if read.is_err() {
            form.fail(field, Invalid::new("choice"));
        }
        read.ok()
    }
    let horario = horario(form, zone);
    let responsavel = form.choice("responsavel", |id| id.parse::<Uuid>().ok());
    let objetivo = form.required("objetivo");
    let local = form.optional("local");
    let colegas = ids::<Uuid>(form, "colega");
    let contatos = ids::<ContatoId>(form, "contato");
    Some(Plano {
        responsavel: responsavel?,
        horario: horario?,
        objetivo: objetivo?,
        local: local?,
        colegas: colegas?,
        contatos: contatos?,
    })
}

/// As a visita is planned: the form filled in.
fn filled(visita: &Visita, zone: Tz) -> FormState {
    let form = with_horario(FormState::new(), visita.horario, zone)
        .with_some("responsavel", visita.responsavel_id)
        .with("objetivo", &visita.objetivo)
        .with_some("local", visita.local.as_ref());
    let form = visita.colegas.iter().fold(form, |form, pessoa| form.with("colega", pessoa.id));
    visita.contatos.iter().fold(form, |form, pessoa| form.with("contato", pessoa.id))
}

/// An hour from what was chosen in the calendar: on a day alone at nine; where nothing was, from the next whole hour of a day's work.
fn suggested(now: DateTime<Utc>, zone: Tz, em: Option<&str>) -> FormState {
    let local = now.with_timezone(&zone);
    let today = local.date_naive();
    let at = |day: NaiveDate, hour: u32| day.and_hms_opt(hour, 0, 0);
    let chosen = em.and_then(|em| {
        let hour = NaiveDateTime::parse_from_str(em, "%Y-%m-%dT%H:%M");
        hour.ok().or_else(|| at(em.parse().ok()?, 9))
    });
    let next = || if local.hour() < 17 { at(today, (local.hour() + 1).max(8)) } else { at(today.succ_opt()?, 9) };
    let begin = chosen.or_else(next).unwrap_or_else(|| local.naive_local());
    // What begins in the last hour of a day ends with it.
    let end = begin.checked_add_signed(TimeDelta::hours(1)).filter(|end| end.date() == begin.date());
    FormState::new()
        .with("data_visita", begin.date())
        .with("hora_inicio", begin.format("%H:%M"))
        .with("hora_fim", end.map_or_else(|| "23:59".to_owned(), |end| end.format("%H:%M").to_string()))
}

#[derive(Template)]
#[template(path = "relacionamento/visita/form.html")]
pub struct VisitaFormPage {
    frame: Frame,
    form: FormState,
    empresa: EmpresaId,
    empresa_nome: String,
    /// Where it is unless the form says otherwise.
    endereco: String,
    action: String,
    cancel: String,
    pessoas: Vec<Choice>,
    contatos: Vec<Choice>,
    /// The version that was seen; `None` for a new one.
    version: Option<i32>,
}

/// Whom the form offers.
struct Offer {
    empresa: EmpresaId,
    nome: String,
    endereco: String,
    pessoas: Vec<Pessoa>,
    contatos: Vec<Pessoa>,
}

impl Offer {
    async fn load(ctx: &mut CtxInner, empresa: &Empresa, visita: Option<&Visita>) -> Result<Self, Error> {
        let mut pessoas = lista::pessoas(&mut ctx.tx).await?;
        let mut contatos: Vec<Pessoa> = Vec::new();
        // Whoever goes need not see the empresa's record, and so not its people: they see where they go.
        if Reach::of(&ctx.actor, &empresa::VER).is_ok_and(|reach| reach.covers(empresa)) {
            let all = contato::list(&mut ctx.tx, empresa.id).await?;
            contatos.extend(all.into_iter().map(|one| Pessoa { id: one.id.uuid(), nome: one.dados.nome.to_string() }));
        }
        if let Some(visita) = visita {
            // Who goes may stay, though no longer active or at the empresa.
            let stays = visita.responsavel_id.map(|id| Pessoa { id, nome: visita.responsavel_nome.clone() });
            add(&mut pessoas, stays.into_iter().chain(visita.colegas.iter().cloned()));
            add(&mut contatos, visita.contatos.iter().cloned());
        }
        let endereco = empresa::pages::mapa::Address::new(&empresa.cadastro).line();
        Ok(Self { empresa: empresa.id, nome: empresa.cadastro.nome.to_string(), endereco, pessoas, contatos })
    }
}

fn add(all: &mut Vec<Pessoa>, more: impl Iterator<Item = Pessoa>) {
    for pessoa in more {
        if !all.iter().any(|one| one.id == pessoa.id) {
            all.push(pessoa);
        }
    }
}

impl VisitaFormPage {
    fn new(frame: Frame, form: FormState, offer: Offer, visita: Option<(&Visita, i32)>) -> Self {
        let choices = |all: Vec<Pessoa>| all.into_iter().map(|one| Choice::new(one.id.to_string(), one.nome)).collect();
        let visitas = frame.t("visitas-title");
        let frame = frame.titled(if visita.is_some() { "visita-edit" } else { "visita-new" }).crumb(visitas, "/visitas");
        let (action, cancel) = match visita {
            Some((visita, _)) => (VisitaEdit { id: visita.id }.to_string(), VisitaShow { id: visita.id }.to_string()),
            None => (Visitas.to_string(), EmpresaVisitas { id: offer.empresa }.to_string()),
        };
        Self {
            form,
            empresa: offer.empresa,
            empresa_nome: offer.nome,
            endereco: offer.endereco,
            action,
            cancel,
            pessoas: choices(offer.pessoas),
            contatos: choices(offer.contatos),
            version: visita.map(|(_, version)| version),
            frame,
        }
    }

    /// For the test that renders every page: fresh, refused, in conflict.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let pessoa = |i: u128| Pessoa { id: Uuid::from_u128(i), nome: "Marina <b>Aurora</b>".to_owned() };
        let offer = |n: u128| Offer {
            empresa: EmpresaId::new(Uuid::nil()),
            nome: "Metalúrgica <b>Aurora</b>".to_owned(),
            endereco: "Rua \"><script> 1".to_owned(),
            pessoas: (0..n).map(pessoa).collect(),
            contatos: (0..n).map(pessoa).collect(),
        };
        let mut refused = FormState::typed([("data_visita", "\"><script>"), ("hora_inicio", "25:00"), ("objetivo", "")]);
        plano(&mut refused, frame.zone);
        let visita = crate::visita::samples::visita(crate::visita::Situacao::Planejada, true, false, frame.now);
        let mut changed = filled(&visita, frame.zone);
        changed.fail("objetivo", Invalid::new("field-changed").with("current", "<b>Aurora</b>").with("wanted", "x"));
        vec![
            ("fresh", Self::new(frame.clone(), suggested(frame.now, frame.zone, None), offer(0), None)),
            ("refused", Self::new(frame.clone(), refused, offer(60), None)),
            ("conflict", Self::new(frame.clone(), changed, offer(3), Some((&visita, 4)))),
        ]
    }
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    empresa: Option<EmpresaId>,
    q: Option<String>,
    /// A day, or an hour on it, that somebody chose in the calendar.
    em: Option<String>,
}

/// An empresa where the actor may plan a visita.
async fn visitable(ctx: &mut CtxInner, id: EmpresaId) -> Result<Empresa, Error> {
    let found = empresa::lista::find(&mut ctx.tx, &ctx.actor, id).await?;
    let reach = Reach::of(&ctx.actor, &REGISTRAR)?;
    found.filter(|empresa| reach.covers(empresa)).ok_or_else(Error::not_found)
}

pub(crate) async fn new(_: super::VisitaNew, mut ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let Some(id) = asked.empresa else {
        let what = What { path: "/visitas/nova", title: "visita-new", list: ("visitas-title", "/visitas"), em: asked.em };
        return Ok(Page(escolher::choose(ctx, what, asked.q.unwrap_or_default()).await?).into_response());
    };
    let empresa = visitable(ctx, id).await?;
    let offer = Offer::load(ctx, &empresa, None).await?;
    let form = suggested(ctx.now, ctx.fuso(), asked.em.as_deref()).with_some("responsavel", ctx.actor.usuario());
    Ok(Page(VisitaFormPage::new(ctx.frame(), form, offer, None)).into_response())
}

pub(crate) async fn create(_: Visitas, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let id = form.raw("empresa").parse::<EmpresaId>().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    let empresa = visitable(ctx, id).await?;
    if let Some(plano) = plano(&mut form, ctx.fuso()) {
        match planejar(&mut ctx.tx, &ctx.actor, id, &plano).await {
            Ok(id) if plano.horario.fim_at < ctx.now => {
                // It is over: what came of it is what is still to be told.
                return Ok(redirect(&VisitaRealizar { id }.to_string(), Some((Tone::Success, "toast-visita-planejada"))));
            }
            Ok(id) => return Ok(redirect(&VisitaShow { id }.to_string(), Some((Tone::Success, "toast-visita-planejada")))),
            Err(error) => refused(&mut form, ctx, error)?,
        }
    }
    let offer = Offer::load(ctx, &empresa, None).await?;
    let page = VisitaFormPage::new(ctx.frame(), form, offer, None);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// A rule about what was typed goes to its field; anything else is an answer of its own.
fn refused(form: &mut FormState, ctx: &CtxInner, error: VisitaError) -> Result<(), Error> {
    match &error {
        VisitaError::Rule(VisitaRule::Responsavel | VisitaRule::Participante) => {
            form.refuse(ctx.lang, &error);
            Ok(())
        }
        _ => Err(error.into()),
    }
}

async fn found(ctx: &mut CtxInner, id: crate::visita::VisitaId) -> Result<(Visita, Offer), Error> {
    let visita = lista::find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)?;
    let empresa = empresa::find(&mut ctx.tx, visita.empresa_id, Reach::all()).await?.ok_or_else(Error::not_found)?;
    let offer = Offer::load(ctx, &empresa, Some(&visita)).await?;
    Ok((visita, offer))
}

pub(crate) async fn edit(path: VisitaEdit, mut ctx: Ctx) -> Result<Page<VisitaFormPage>, Error> {
    let ctx = &mut *ctx;
    let (visita, offer) = found(ctx, path.id).await?;
    Ok(Page(VisitaFormPage::new(ctx.frame(), filled(&visita, ctx.fuso()), offer, Some((&visita, visita.version)))))
}

pub(crate) async fn save(path: VisitaEdit, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let mut seen = form.raw("version").parse().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    let (visita, offer) = found(ctx, path.id).await?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(plano) = plano(&mut form, ctx.fuso()) {
        match alterar(&mut ctx.tx, &ctx.actor, path.id, seen, &plano).await {
            Ok(_) => {
                let to = VisitaShow { id: path.id }.to_string();
                return Ok(redirect(&to, Some((Tone::Success, "toast-visita-alterada"))));
            }
            Err(VisitaError::Rule(VisitaRule::Changed(conflict))) => {
                // What was typed stays; beside each field stands what somebody else wrote. Saving again means it.
                (status, seen) = (StatusCode::CONFLICT, conflict.current.version);
                clash(&mut form, &filled(&conflict.current, ctx.fuso()));
                form.fail_form(idioma::t(ctx.lang, "visita-conflict"));
            }
            Err(error) => refused(&mut form, ctx, error)?,
        }
    }
    Ok((status, Page(VisitaFormPage::new(ctx.frame(), form, offer, Some((&visita, seen))))).into_response())
}

fn clash(form: &mut FormState, stored: &FormState) {
    for field in ["data_visita", "hora_inicio", "hora_fim", "objetivo", "local"] {
        let (theirs, mine) = (stored.raw(field).to_owned(), form.raw(field).to_owned());
        if theirs != mine {
            form.fail(field, Invalid::new("field-changed").with("current", theirs).with("wanted", mine));
        }
    }
}

/// Whether the actor may plan visitas anywhere, for the buttons that lead here.
pub(super) fn may_plan(ctx: &CtxInner, empresa: &Empresa) -> bool {
    Reach::of_both(&ctx.actor, &REGISTRAR, &empresa::VER).is_ok_and(|reach| reach.covers(empresa))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_those_on_the_wall_and_none_where_the_clocks_leapt() {
        let zone = chrono_tz::America::Sao_Paulo;
        let read = |day: &str, from: &str, until: &str| {
            let mut form = FormState::typed([("data_visita", day), ("hora_inicio", from), ("hora_fim", until)]);
            let horario = horario(&mut form, zone);
            let failed = ["data_visita", "hora_inicio", "hora_fim"].into_iter().find(|field| form.failed(field));
            (horario.map(|horario| horario.inicio_at.to_rfc3339()), failed)
        };
        assert_eq!(read("2026-11-25", "10:00", "11:30"), (Some("2026-11-25T13:00:00+00:00".to_owned()), None));
        assert_eq!(read("25/11/2026", "10:00:00", "11:30"), (Some("2026-11-25T13:00:00+00:00".to_owned()), None));
        assert_eq!(read("2026-11-25", "10:00", "10:00"), (None, Some("hora_fim")));
        assert_eq!(read("2026-11-25", "25:00", "26:00"), (None, Some("hora_inicio")));
        assert_eq!(read("2026-02-30", "10:00", "11:00"), (None, Some("data_visita")));
        assert_eq!(read("2018-11-04", "00:30", "02:00"), (None, Some("hora_inicio")));
    }

    #[test]
    fn what_is_shown_is_what_is_read() {
        let now = "2026-11-22T20:30:00Z".parse().unwrap();
        let zone = chrono_tz::America::Sao_Paulo;
        let visita = crate::visita::samples::visita(crate::visita::Situacao::Planejada, true, false, now);
        let mut form = filled(&visita, zone);
        let plano = plano(&mut form, zone).unwrap();
        assert_eq!(plano.horario, visita.horario);
        assert_eq!((plano.colegas.len(), plano.contatos.len()), (1, 2));
        assert_eq!(plano.objetivo.as_str(), visita.objetivo);
    }

    #[test]
    fn an_hour_is_suggested_by_the_calendar_or_by_the_clock() {
        let zone = chrono_tz::America::Sao_Paulo;
        let suggested = |now: &str, em: Option<&str>| {
            let form = suggested(now.parse().unwrap(), zone, em);
            format!("{} {}–{}", form.raw("data_visita"), form.raw("hora_inicio"), form.raw("hora_fim"))
        };
        for (now, em, hour) in [
            ("2026-11-23T17:20:00Z", None, "2026-11-23 15:00–16:00"),
            ("2026-11-23T06:00:00Z", None, "2026-11-23 08:00–09:00"),
            ("2026-11-23T22:00:00Z", None, "2026-11-24 09:00–10:00"),
            ("2026-11-23T17:20:00Z", Some("2026-12-01T10:30"), "2026-12-01 10:30–11:30"),
            ("2026-11-23T17:20:00Z", Some("2026-12-01T23:30"), "2026-12-01 23:30–23:59"),
            ("2026-11-23T17:20:00Z", Some("2026-12-01"), "2026-12-01 09:00–10:00"),
            ("2026-11-23T17:20:00Z", Some("amanhã"), "2026-11-23 15:00–16:00"),
        ] {
            assert_eq!(suggested(now, em), hour, "{now} {em:?}");
        }
    }
}
