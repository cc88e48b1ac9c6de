//! The year as the unidade works in it.

use acesso::configuracoes::below;
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{Datelike, NaiveDate, Weekday};
use kernel::{ErrorKind, Fault, Kind};
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Query, Result, Route, filters,
    forms::{Dia, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{
    ANOS, Dados, FeriadoError, FeriadoNome, FeriadoRule, GERIR,
    gravar::{excluir, registrar},
    label, nacionais, sql,
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/configuracoes/feriados")]
pub struct Feriados;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/configuracoes/feriados/{data}/excluir", rejection(web::BadPath))]
pub struct FeriadoExcluir {
    pub data: NaiveDate,
}

/// Which year is looked at; this one unless it is said.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub ano: Option<i32>,
}

pub(crate) fn routes() -> Vec<Route> {
    let needs = || Access::Needs(GERIR);
    vec![
        Route::get(list, needs()).sample("/configuracoes/feriados?ano=2027", ""),
        Route::post(create, needs()).sample("/configuracoes/feriados", "data=2027-03-17&nome=Padroeira"),
        Route::post(remove, needs()).ids(&["feriado"]).sample("/configuracoes/feriados/{feriado}/excluir", ""),
    ]
}

/// A day on which nobody works.
struct Row {
    data: String,
    dia: &'static str,
    /// Nobody would work then anyway.
    weekend: bool,
    nome: String,
    /// Takes it off the list; a national one stays.
    remove: Option<String>,
}

#[derive(Template)]
#[template(path = "relacionamento/feriado/list.html")]
pub struct FeriadosPage {
    frame: Frame,
    ano: i32,
    /// The years beside it.
    before: Option<i32>,
    next: Option<i32>,
    form: FormState,
    rows: Vec<Row>,
    /// How many of them are the unidade's own.
    own: usize,
}

impl FeriadosPage {
    fn new(frame: Frame, ano: i32, form: FormState, own: Vec<(NaiveDate, String)>) -> Self {
        let frame = below(frame).titled("feriados-title");
        let mut days: Vec<(NaiveDate, String, bool)> =
            nacionais(ano).map(|(dia, feriado)| (dia, frame.t(label(feriado)).to_owned(), false)).collect();
        let of_unidade = own.len();
        days.extend(own.into_iter().map(|(dia, nome)| (dia, nome, true)));
        // A day that a law made a national one after the unidade wrote it down stands here twice, and may be taken off.
        days.sort_by_key(|(dia, _, own)| (*dia, *own));
        let row = |(dia, nome, own): (NaiveDate, String, bool)| Row {
            data: frame.date(dia),
            dia: frame.weekday(dia),
            weekend: matches!(dia.weekday(), Weekday::Sat | Weekday::Sun),
            nome,
            remove: own.then(|| FeriadoExcluir { data: dia }.to_string()),
        };
        let beside = |ano: i32| Some(ano).filter(|ano| ANOS.contains(ano));
        Self {
            rows: days.into_iter().map(row).collect(),
            own: of_unidade,
            before: beside(ano - 1),
            next: beside(ano + 1),
            ano,
            form,
            frame,
        }
    }

    async fn load(ctx: &mut CtxInner, ano: i32, form: FormState) -> Result<Self, Fault> {
        let edge = |month, day| NaiveDate::from_ymd_opt(ano, month, day).unwrap_or_default();
        let own = sql::between(&mut ctx.tx, edge(1, 1), edge(12, 31)).await?;
        Ok(Self::new(ctx.frame(), ano, form, own))
    }

    /// For the test that renders every page: a year of none, of many, at the end of what is known.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let day = |n: u32| NaiveDate::from_ymd_opt(2026, 2, n).unwrap_or_default();
        let own = (1..=28).map(|n| (day(n), "Padroeira <b>Aurora</b> \"><script>".repeat(2))).collect();
        let mut refused = FormState::new().with("data", "2026-02-01").with("nome", "x");
        refused.refuse(frame.lang, &FeriadoError::from(FeriadoRule::Taken));
        vec![
            ("none", Self::new(frame.clone(), *ANOS.end(), FormState::new(), Vec::new())),
            ("many", Self::new(frame.clone(), 2026, refused, own)),
        ]
    }
}

/// The year that is asked for, or the one that it is on the unidade's wall.
fn year(ctx: &CtxInner, asked: &Asked) -> i32 {
    let now = ctx.now.with_timezone(&ctx.unidade.fuso).year();
    asked.ano.filter(|ano| ANOS.contains(ano)).unwrap_or(now)
}

fn back(ano: i32, toast: &'static str) -> Response {
    redirect(&format!("{Feriados}?ano={ano}"), Some((Tone::Success, toast)))
}

async fn list(_: Feriados, mut ctx: Ctx, Query(asked): Query<Asked>) -> Result<Page<FeriadosPage>> {
    let ano = year(&ctx, &asked);
    Ok(Page(FeriadosPage::load(&mut ctx, ano, FormState::new()).await?))
}

async fn create(_: Feriados, mut ctx: Ctx, Query(asked): Query<Asked>, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let (dia, nome) = (form.required::<Dia>("data"), form.required::<FeriadoNome>("nome"));
    if let Some((Dia(day), nome)) = dia.zip(nome) {
        match registrar(&mut ctx.tx, &ctx.actor, &Dados { data: day, nome }).await {
            Ok(()) => return Ok(back(day.year(), "toast-feriado-registrado")),
            Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict) => form.refuse(ctx.lang, &error),
            Err(error) => return Err(error.into()),
        }
    }
    // The year in which the day is, so that what it collides with is seen.
    let shown = dia.map_or(asked, |Dia(day)| Asked { ano: Some(day.year()) });
    let ano = year(ctx, &shown);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(FeriadosPage::load(ctx, ano, form).await?)).into_response())
}

/// Where somebody else was faster, the page says so and shows what there is.
async fn remove(path: FeriadoExcluir, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    let ano = path.data.year();
    match excluir(&mut ctx.tx, &ctx.actor, path.data).await {
        Ok(()) => Ok(back(ano, "toast-feriado-excluido")),
        Err(FeriadoError::NotFound) if ANOS.contains(&ano) => {
            let mut form = FormState::new();
            form.fail_form(ctx.frame().t("feriado-gone"));
            Ok((StatusCode::NOT_FOUND, Page(FeriadosPage::load(ctx, ano, form).await?)).into_response())
        }
        Err(error) => Err(Error::from(error)),
    }
}
