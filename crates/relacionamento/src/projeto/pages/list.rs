use askama::Template;
use axum_extra::routing::TypedPath;
use uuid::Uuid;
use web::{
    Ctx, Error, Page, filters,
    forms::Choice,
    frame::Frame,
    list::{ListState, Pager, Sort},
};

use super::{ProjetoShow, Projetos};
use crate::{
    projeto::{
        Projeto, Situacao,
        lista::{self, Filtro},
    },
    visita,
};

/// A row as printed.
#[derive(Debug)]
pub(crate) struct Row {
    pub href: String,
    pub titulo: String,
    pub empresa: String,
    pub responsavel: String,
    pub valor: String,
    pub inicio: String,
    pub fim: String,
    pub situacao: Situacao,
    /// Em execução, and over by the calendar.
    pub late: bool,
}

impl Row {
    pub(crate) fn new(frame: &Frame, projeto: Projeto) -> Self {
        let today = frame.now.with_timezone(&frame.zone).date_naive();
        Self {
            href: ProjetoShow { id: projeto.id }.to_string(),
            titulo: projeto.titulo,
            empresa: projeto.empresa_nome,
            responsavel: projeto.responsavel_nome.unwrap_or_default(),
            valor: projeto.valor.map(|valor| valor.to_string()).unwrap_or_default(),
            inicio: frame.date(projeto.data_inicio),
            fim: projeto.data_fim.map(|day| frame.date(day)).unwrap_or_default(),
            late: projeto.situacao == Situacao::EmExecucao && projeto.data_fim.is_some_and(|fim| fim < today),
            situacao: projeto.situacao,
        }
    }
}

#[derive(Template)]
#[template(path = "relacionamento/projeto/list.html")]
pub struct ProjetoListPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    rows: Vec<Row>,
    situacoes: Vec<Choice>,
    responsaveis: Vec<Choice>,
    /// Whether the actor may see any at all, whatever the filters.
    any: bool,
}

fn filtro(list: &ListState) -> Filtro {
    Filtro {
        busca: list.search().chars().take(200).collect(),
        situacoes: list.all("situacao").filter_map(Situacao::from_code).collect(),
        responsaveis: list.all("responsavel").filter_map(|id| id.parse::<Uuid>().ok()).take(100).collect(),
        empresa: list.filter("empresa").and_then(|id| id.parse().ok()),
    }
}

pub(crate) async fn list(_: Projetos, mut ctx: Ctx) -> Result<Page<ProjetoListPage>, Error> {
    let ctx = &mut *ctx;
    let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query);
    let list = ListState::read(Projetos::PATH, query, &[], Sort::down("inicio"));
    let (rows, total) = lista::list(&mut ctx.tx, &ctx.actor, &filtro(&list), list.page).await?;
    let any = total > 0 || lista::list(&mut ctx.tx, &ctx.actor, &Filtro::default(), list.page).await?.1 > 0;
    let pessoas = visita::lista::pessoas(&mut ctx.tx).await?;
    let pessoas = pessoas.into_iter().map(|pessoa| Choice::new(pessoa.id.to_string(), pessoa.nome)).collect();
    Ok(Page(ProjetoListPage::new(ctx.frame(), list, rows, total, pessoas, any)))
}

impl ProjetoListPage {
    fn new(frame: Frame, list: ListState, rows: Vec<Projeto>, total: i64, responsaveis: Vec<Choice>, any: bool) -> Self {
        let frame = frame.titled("projetos-title");
        Self {
            pager: Pager::new(list.page, total),
            rows: rows.into_iter().map(|projeto| Row::new(&frame, projeto)).collect(),
            situacoes: Situacao::ALL.iter().map(|one| Choice::new(one.code(), frame.t(one.label()))).collect(),
            responsaveis,
            any,
            list,
            frame,
        }
    }

    /// For the test that renders every page: nothing yet, nothing found, many, the longest.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |query: &str, n: u8, long: bool| {
            let list = ListState::read(Projetos::PATH, query, &[], Sort::down("inicio"));
            let rows = (0..n).map(|i| super::sample(i.into(), long, frame.now)).collect();
            let pessoas = vec![Choice::new(Uuid::nil().to_string(), "<b>Aurora</b>")];
            Self::new(frame.clone(), list, rows, i64::from(n) * 10, pessoas, !query.is_empty() || n > 0)
        };
        vec![
            ("empty", page("", 0, false)),
            ("nothing", page("q=x", 0, false)),
            ("many", page("", 25, false)),
            ("longest", page("", 3, true)),
        ]
    }
}
