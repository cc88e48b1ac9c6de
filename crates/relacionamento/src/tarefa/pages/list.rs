//! All tarefas that somebody may see.

use askama::Template;
use axum_extra::routing::TypedPath;
use kernel::PageRequest;
use uuid::Uuid;
use web::{
    Ctx, Error, Page, filters,
    forms::Choice,
    frame::Frame,
    list::{ListState, Pager, Sort},
};

use super::{Cartao, Linha, Tarefas, offered};
use crate::tarefa::{
    GERIR, Tarefa,
    lista::{self, Filtro},
};

#[derive(Template)]
#[template(path = "relacionamento/tarefa/list.html")]
pub struct TarefaListPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    cartao: Cartao,
    quais: Vec<Choice>,
    pessoas: Vec<Choice>,
}

fn filtro(list: &ListState, frame: &Frame) -> Filtro {
    let today = frame.now.with_timezone(&frame.zone).date_naive();
    let (concluidas, before) = match list.filter("quais") {
        Some("concluidas") => (Some(true), None),
        Some("atrasadas") => (Some(false), Some(today)),
        Some("todas") => (None, None),
        _ => (Some(false), None),
    };
    Filtro {
        busca: list.search().chars().take(200).collect(),
        concluidas,
        before,
        responsaveis: list.all("responsavel").filter_map(|id| id.parse::<Uuid>().ok()).take(100).collect(),
        ..Filtro::default()
    }
}

impl TarefaListPage {
    fn new(frame: Frame, list: ListState, rows: &[Tarefa], total: i64, pessoas: Vec<Choice>, gerir: bool) -> Self {
        let frame = frame.titled("tarefas-title");
        let today = frame.now.with_timezone(&frame.zone).date_naive();
        let quais = [
            ("abertas", "tarefas-abertas"),
            ("atrasadas", "tarefas-atrasadas"),
            ("concluidas", "tarefas-concluidas"),
            ("todas", "tarefas-todas"),
        ];
        Self {
            quais: quais.map(|(code, label)| Choice::new(code, frame.t(label))).into(),
            pager: Pager::new(list.page, total),
            cartao: Cartao {
                linhas: rows.iter().map(|tarefa| Linha::new(&frame, today, tarefa, true)).collect(),
                volta: frame.path.clone(),
                pessoas: pessoas.clone(),
                gerir,
                ver: true,
                ..Cartao::default()
            },
            list,
            pessoas,
            frame,
        }
    }

    /// For the test that renders every page: nothing, and many.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |query: &str, n: usize, total: i64| {
            let list = ListState::read(Tarefas::PATH, query, &[], Sort::up("prazo"));
            let rows: Vec<_> = (0..n).map(|i| super::sample(i, frame)).collect();
            Self::new(frame.clone(), list, &rows, total, vec![Choice::new(Uuid::nil().to_string(), "<b>Aurora</b>")], n > 0)
        };
        vec![("nothing", page("q=x", 0, 0)), ("many", page("quais=todas", 25, 90))]
    }
}

pub(crate) async fn list(_: Tarefas, mut ctx: Ctx) -> Result<Page<TarefaListPage>, Error> {
    let ctx = &mut *ctx;
    let frame = ctx.frame();
    let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query);
    let list = ListState::read(Tarefas::PATH, query, &[], Sort::up("prazo"));
    let page: PageRequest = list.page;
    let (rows, total) = lista::list(&mut ctx.tx, &ctx.actor, &filtro(&list, &frame), page).await?;
    let pessoas = offered(&mut ctx.tx, &ctx.actor).await?;
    let pessoas = pessoas.into_iter().map(|pessoa| Choice::new(pessoa.id.to_string(), pessoa.nome)).collect();
    Ok(Page(TarefaListPage::new(frame, list, &rows, total, pessoas, ctx.actor.may(&GERIR))))
}
