//! The board: each etapa as a column, each demanda as a card. A card is dragged, or moved by the choice on it.

use askama::Template;
use axum_extra::routing::TypedPath;
use chrono::TimeDelta;
use kernel::Reais;
use web::{
    Ctx, Error, Page, filters,
    forms::Choice,
    frame::Frame,
    list::{Chip, ListState},
};

use super::{
    Demandas, Quadro,
    list::{Asked, Choices, Known, May, Row, known},
};
use crate::{
    demanda::{
        ALTERAR, Situacao,
        lista::{self, Coluna},
    },
    etapa::EtapaId,
};

/// Of what is concluída, what was so long ago.
const CONCLUDED: TimeDelta = TimeDelta::days(30);

#[derive(Debug)]
struct Column {
    id: EtapaId,
    nome: String,
    cor: &'static str,
    rows: Vec<Row>,
    total: i64,
    /// None where nothing is worth anything.
    valor: String,
    /// The list of those that are not shown, and how many they are.
    more: Option<(String, i64)>,
    open: bool,
}

#[derive(Template)]
#[template(path = "relacionamento/demanda/quadro.html")]
pub struct QuadroPage {
    frame: Frame,
    list: ListState,
    chips: Vec<Chip>,
    columns: Vec<Column>,
    /// Whether the actor may see any at all, whatever the filters.
    any: bool,
    total: i64,
    choices: Choices,
    /// Where a card may be put.
    etapas: Vec<Choice>,
    may: May,
    alterar: bool,
}

pub(crate) async fn show(_: Quadro, mut ctx: Ctx) -> Result<Page<QuadroPage>, Error> {
    let ctx = &mut *ctx;
    let asked = Asked::of(ctx, Quadro::PATH);
    let since = ctx.now - CONCLUDED;
    let colunas = lista::quadro(&mut ctx.tx, &ctx.actor, &asked.filtro, since).await?;
    let any = colunas.iter().any(|coluna| coluna.total > 0)
        || lista::count(&mut ctx.tx, &ctx.actor, &lista::Filtro::default()).await? > 0;
    let empresa = asked.empresa_nome(ctx).await?;
    let known = Known::load(ctx).await?;
    let page = QuadroPage::new(ctx.frame(), asked.list, colunas, &known, empresa.as_deref());
    Ok(Page(QuadroPage { any, may: May::of(&ctx.actor), alterar: ctx.actor.may(&ALTERAR), ..page }))
}

impl QuadroPage {
    fn new(frame: Frame, list: ListState, colunas: Vec<Coluna>, known: &Known, empresa: Option<&str>) -> Self {
        let demandas = frame.t("demandas-title");
        let frame = frame.titled("demandas-quadro").crumb(demandas, Demandas::PATH);
        let choices = Choices::new(&frame, known);
        let within = list.link_at(Demandas::PATH);
        let sign = if within.contains('?') { '&' } else { '?' };
        let column = |coluna: Coluna| {
            let left = coluna.total - i64::try_from(coluna.cartoes.len()).unwrap_or(i64::MAX);
            Column {
                id: coluna.etapa.id,
                cor: coluna.etapa.cor.code(),
                open: coluna.etapa.situacao.is_open(),
                rows: coluna.cartoes.into_iter().map(|resumo| Row::new(&frame, resumo)).collect(),
                total: coluna.total,
                valor: if coluna.valor == Reais::default() { String::new() } else { coluna.valor.to_string() },
                more: (left > 0).then(|| (format!("{within}{sign}etapa={}", coluna.etapa.id), left)),
                nome: coluna.etapa.nome,
            }
        };
        let columns: Vec<Column> = colunas.into_iter().map(column).collect();
        let etapas = known.etapas.iter().filter(|etapa| etapa.situacao != Situacao::Cancelada);
        Self {
            chips: choices.beside(&frame, &list, empresa),
            total: columns.iter().map(|column| column.total).sum(),
            columns,
            any: true,
            etapas: etapas.map(|etapa| Choice::new(etapa.id.to_string(), &etapa.nome)).collect(),
            may: May::default(),
            alterar: false,
            choices,
            list,
            frame,
        }
    }

    /// For the test that renders every page: nothing yet, full, the longest.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |n: usize, total: i64, long: bool| {
            let coluna = |etapa| Coluna {
                etapa,
                cartoes: (0..n).map(|i| crate::demanda::samples::resumo(i, long, frame.now)).collect(),
                total,
                valor: if n > 0 { "1.234.567,89".parse().unwrap_or_default() } else { Reais::default() },
            };
            let known = known();
            let list = ListState::read(Quadro::PATH, "q=x", &[], web::list::Sort::down("criada"));
            let colunas = known.etapas.iter().cloned().map(coluna).collect();
            let page = Self::new(frame.clone(), list, colunas, &known, None);
            Self { any: total > 0, may: May { registrar: true, exportar: true, excluir: true }, alterar: n > 0, ..page }
        };
        vec![("empty", page(0, 0, false)), ("full", page(50, 420, false)), ("longest", page(2, 2, true))]
    }
}
