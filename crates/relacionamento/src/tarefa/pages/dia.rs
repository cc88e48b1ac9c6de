//! `/meu-dia`: what waits for somebody today: where they go, what they have not told of, what they are to do.

use askama::Template;
use chrono::{Days, TimeDelta};
use kernel::PageRequest;
use uuid::Uuid;
use web::{Ctx, CtxInner, Error, Page, filters, frame::Frame};

use super::{Cartao, Linha, MeuDia};
use crate::{
    demanda,
    tarefa::{self, Tarefa, Urgencia, lista},
    visita::{
        self, Situacao,
        lista::{Filtro, Ordem, Resumo},
        pages::list::Row,
    },
};

/// Tarefas of one urgency.
struct Grupo {
    label: &'static str,
    cartao: Cartao,
}

#[derive(Template)]
#[template(path = "relacionamento/tarefa/dia.html")]
pub struct MeuDiaPage {
    frame: Frame,
    day: String,
    /// Today's, and those that are over and not told of.
    visitas: Vec<Row>,
    atrasadas: Vec<Row>,
    /// Open ones that they answer for, what is due first; how many more there are, and all of them.
    demandas: Vec<demanda::pages::list::Row>,
    demandas_more: i64,
    demandas_all: String,
    grupos: Vec<Grupo>,
    /// The form for one more.
    novo: Cartao,
    /// Whether the reader may see visitas, demandas and tarefas.
    ver_visitas: bool,
    ver_demandas: bool,
    ver_tarefas: bool,
}

/// More than anybody gets done.
const SHOWN: i64 = 200;
/// What is older was forgotten long ago, and stands in the list.
const UNTOLD: TimeDelta = TimeDelta::days(90);

async fn visitas(ctx: &mut CtxInner, filtro: Filtro) -> Result<Vec<Resumo>, Error> {
    let page = PageRequest::default();
    Ok(visita::lista::list(&mut ctx.tx, &ctx.actor, &filtro, Ordem::Earliest, page).await?.linhas)
}

pub(crate) async fn show(_: MeuDia, mut ctx: Ctx) -> Result<Page<MeuDiaPage>, Error> {
    let ctx = &mut *ctx;
    let frame = ctx.frame();
    // Nobody in particular has no day.
    let Some(eu) = ctx.actor.usuario() else { return Err(Error::not_found()) };
    let today = frame.now.with_timezone(&frame.zone).date_naive();
    let begin = idioma::day_begins(frame.zone, today);
    let end = idioma::day_begins(frame.zone, today.checked_add_days(Days::new(1)).unwrap_or(today));
    let mine = Filtro { responsaveis: vec![eu], situacoes: vec![Situacao::Planejada], ..Filtro::default() };
    let (mut hoje, mut atrasadas) = (Vec::new(), Vec::new());
    let ver_visitas = ctx.actor.may(&visita::VER);
    if ver_visitas {
        hoje = visitas(ctx, Filtro { from: Some(begin), until: Some(end), ..mine.clone() }).await?;
        atrasadas = visitas(ctx, Filtro { from: Some(begin - UNTOLD), until: Some(begin), ..mine }).await?;
    }
    let demandas = demandas(ctx, eu).await?;
    let tarefas = lista::open_of(&mut ctx.tx, &ctx.actor, eu, SHOWN).await?;
    let pessoas = super::offered(&mut ctx.tx, &ctx.actor).await?;
    let gerir = ctx.actor.may(&tarefa::GERIR);
    let novo = Cartao::new(&frame, Some(eu), &[], None, pessoas, gerir, true);
    let demandas_all = format!("/demandas?responsavel={eu}&situacao=nova&situacao=em_andamento&ordem=prazo");
    Ok(Page(MeuDiaPage { demandas_all, ver_visitas, ..MeuDiaPage::new(frame, novo, &tarefas, (hoje, atrasadas), demandas) }))
}

/// Open ones that somebody answers for, what is due first, and how many there are; `None` for whoever sees none.
async fn demandas(ctx: &mut CtxInner, eu: Uuid) -> Result<Option<demanda::lista::Pagina>, Error> {
    if !ctx.actor.may(&demanda::VER) {
        return Ok(None);
    }
    let open = vec![demanda::Situacao::Nova, demanda::Situacao::EmAndamento];
    let filtro = demanda::lista::Filtro { responsaveis: vec![eu], situacoes: open, ..demanda::lista::Filtro::default() };
    let page = PageRequest::default();
    Ok(Some(demanda::lista::list(&mut ctx.tx, &ctx.actor, &filtro, demanda::lista::Ordem::Prazo, page).await?))
}

impl MeuDiaPage {
    fn new(
        frame: Frame,
        novo: Cartao,
        tarefas: &[Tarefa],
        (hoje, atrasadas): (Vec<Resumo>, Vec<Resumo>),
        demandas: Option<demanda::lista::Pagina>,
    ) -> Self {
        let frame = frame.titled("meu-dia-title");
        let today = frame.now.with_timezone(&frame.zone).date_naive();
        let grupo = |urgencia: Urgencia| {
            let of = tarefas.iter().filter(|tarefa| Urgencia::of(tarefa.data_prazo, today) == urgencia);
            let linhas: Vec<Linha> = of.map(|tarefa| Linha::new(&frame, today, tarefa, true)).collect();
            Grupo { label: frame.t(urgencia.label()), cartao: Cartao { linhas, ..novo.clone() } }
        };
        let row = |resumo: Resumo| Row::new(&frame, resumo);
        let ver_demandas = demandas.is_some();
        let demandas = demandas.unwrap_or(demanda::lista::Pagina { linhas: Vec::new(), total: 0 });
        let more = demandas.total - i64::try_from(demandas.linhas.len()).unwrap_or(i64::MAX);
        Self {
            day: idioma::date_long(frame.lang, today),
            visitas: hoje.into_iter().map(row).collect(),
            atrasadas: atrasadas.into_iter().map(row).collect(),
            demandas: demandas.linhas.into_iter().map(|resumo| demanda::pages::list::Row::new(&frame, resumo)).collect(),
            demandas_more: more,
            demandas_all: String::new(),
            grupos: Urgencia::ALL.into_iter().map(grupo).filter(|grupo| !grupo.cartao.linhas.is_empty()).collect(),
            novo,
            ver_visitas: true,
            ver_demandas,
            ver_tarefas: true,
            frame,
        }
    }

    /// For the test that renders every page: nothing to do, and too much.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |n: usize| {
            let tarefas: Vec<_> = (0..n).map(|i| super::sample(i, frame)).collect();
            let linhas = (0..n / 3).map(|i| demanda::samples::resumo(i, i == 1, frame.now)).collect();
            let demandas = demanda::lista::Pagina { linhas, total: if n > 0 { 420 } else { 0 } };
            let visitas = || (0..n / 4).map(|i| visita::samples::resumo(i, i == 1, frame.now)).collect::<Vec<_>>();
            Self::new(frame.clone(), Cartao::sample(frame, n), &tarefas, (visitas(), visitas()), Some(demandas))
        };
        vec![("nothing", page(0)), ("much", page(24))]
    }
}
