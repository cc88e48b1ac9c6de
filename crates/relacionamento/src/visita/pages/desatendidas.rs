//! Empresas where nobody was for some months and nobody is going to be: whom to visit next.

use askama::Template;
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Months, Utc};
use empresas::empresa::{Situacao, pages::EmpresaShow};
use serde::Deserialize;
use web::{
    Ctx, Error, Page, filters,
    forms::Choice,
    frame::Frame,
    list::{ListState, Pager, Sort},
};

use super::{REGISTRAR, VisitaNew};
use crate::visita::lista::{self, Desatendida};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas/desatendidas")]
pub struct Desatendidas;

/// Offered to choose from; the second unless another is asked for.
const MONTHS: [u32; 4] = [3, 6, 12, 24];

#[derive(Debug)]
struct Row {
    href: String,
    plan: String,
    nome: String,
    place: String,
    situacao: Option<Situacao>,
    responsavel: String,
    ultima_at: Option<DateTime<Utc>>,
}

#[derive(Template)]
#[template(path = "relacionamento/visita/desatendidas.html")]
pub struct DesatendidasPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    months: Vec<Choice>,
    chosen: String,
    rows: Vec<Row>,
    registrar: bool,
}

impl DesatendidasPage {
    fn new(frame: Frame, list: ListState, chosen: u32, rows: Vec<Desatendida>, total: i64, registrar: bool) -> Self {
        let visitas = frame.t("visitas-title");
        let frame = frame.titled("desatendidas-title").crumb(visitas, "/visitas");
        let row = |one: Desatendida| Row {
            href: EmpresaShow { id: one.id }.to_string(),
            plan: format!("{VisitaNew}?empresa={}", one.id),
            nome: one.nome,
            place: [one.cidade, one.uf].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            situacao: one.situacao.parse().ok(),
            responsavel: one.responsavel.unwrap_or_default(),
            ultima_at: one.ultima_at,
        };
        Self {
            months: MONTHS.map(|n| Choice::new(n.to_string(), frame.t_n("desatendidas-months", i64::from(n)))).into(),
            chosen: chosen.to_string(),
            pager: Pager::new(list.page, total),
            rows: rows.into_iter().map(row).collect(),
            registrar,
            list,
            frame,
        }
    }

    /// For the test that renders every page: nothing left to do, and many.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |n: usize, total: i64| {
            let one = |i: usize| Desatendida {
                id: empresas::empresa::EmpresaId::new(uuid::Uuid::nil()),
                nome: "Metalúrgica <b>Aurora</b>".to_owned(),
                cidade: Some("Joinville".to_owned()),
                uf: Some("SC".to_owned()),
                situacao: Situacao::ALL[i % 4].code().to_owned(),
                responsavel: i.is_multiple_of(2).then(|| "Marina \"><script>".to_owned()),
                ultima_at: i.is_multiple_of(3).then_some(frame.now),
            };
            let list = ListState::read(Desatendidas::PATH, "", &[], Sort::up("ultima"));
            Self::new(frame.clone(), list, 6, (0..n).map(one).collect(), total, n > 0)
        };
        vec![("nothing", page(0, 0)), ("many", page(25, 400))]
    }
}

pub(crate) async fn show(_: Desatendidas, mut ctx: Ctx) -> Result<Page<DesatendidasPage>, Error> {
    let ctx = &mut *ctx;
    let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query);
    let list = ListState::read(Desatendidas::PATH, query, &[], Sort::up("ultima"));
    let asked = list.filter("meses").and_then(|text| text.parse().ok());
    let months = asked.filter(|months| MONTHS.contains(months)).unwrap_or(MONTHS[1]);
    let since = ctx.now.checked_sub_months(Months::new(months)).unwrap_or(ctx.now);
    let (rows, total) = lista::desatendidas(&mut ctx.tx, &ctx.actor, since, list.page).await?;
    let registrar = ctx.actor.may(&REGISTRAR);
    Ok(Page(DesatendidasPage::new(ctx.frame(), list, months, rows, total, registrar)))
}
