//! `/meu-dia`: what waits for somebody today: where they go, what they have not told of, what they are to do.

use askama::Template;
use chrono::{Days, TimeDelta};
use kernel::PageRequest;
use web::{Ctx, CtxInner, Error, Page, filters, frame::Frame};

use super::{Cartao, Linha, MeuDia};
use crate::{
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
    grupos: Vec<Grupo>,
    /// The form for one more.
    novo: Cartao,
    /// Whether the reader may see visitas, and tarefas.
    ver_visitas: bool,
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
    let tarefas = lista::open_of(&mut ctx.tx, &ctx.actor, eu, SHOWN).await?;
    let pessoas = super::offered(&mut ctx.tx, &ctx.actor).await?;
    let gerir = ctx.actor.may(&tarefa::GERIR);
    let novo = Cartao::new(&frame, Some(eu), &[], None, pessoas, gerir, true);
    Ok(Page(MeuDiaPage::new(frame, novo, &tarefas, (hoje, atrasadas), ver_visitas)))
}

impl MeuDiaPage {
    fn new(
        frame: Frame,
        novo: Cartao,
        tarefas: &[Tarefa],
        (hoje, atrasadas): (Vec<Resumo>, Vec<Resumo>),
        ver_visitas: bool,
    ) -> Self {
        let frame = frame.titled("meu-dia-title");
        let today = frame.now.with_timezone(&frame.zone).date_naive();
        let grupo = |urgencia: Urgencia| {
            let of = tarefas.iter().filter(|tarefa| Urgencia::of(tarefa.data_prazo, today) == urgencia);
            let linhas: Vec<Linha> = of.map(|tarefa| Linha::new(&frame, today, tarefa, true)).collect();
            Grupo { label: frame.t(urgencia.label()), cartao: Cartao { linhas, ..novo.clone() } }
        };
        let row = |resumo: Resumo| Row::new(&frame, resumo);
        Self {
            day: idioma::date_long(frame.lang, today),
            visitas: hoje.into_iter().map(row).collect(),
            atrasadas: atrasadas.into_iter().map(row).collect(),
            grupos: Urgencia::ALL.into_iter().map(grupo).filter(|grupo| !grupo.cartao.linhas.is_empty()).collect(),
            novo,
            ver_visitas,
            ver_tarefas: true,
            frame,
        }
    }

    /// For the test that renders every page: nothing to do, and too much.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |n: usize| {
            let tarefas: Vec<_> = (0..n).map(|i| super::sample(i, frame)).collect();
            let visitas = || (0..n / 4).map(|i| visita::samples::resumo(i, i == 1, frame.now)).collect::<Vec<_>>();
            Self::new(frame.clone(), Cartao::sample(frame, n), &tarefas, (visitas(), visitas()), true)
        };
        vec![("nothing", page(0)), ("much", page(24))]
    }
}
