//! The tab of visitas on the page of an empresa.

use askama::Template;
use empresas::empresa::pages::header::{self, Header};
use kernel::PageRequest;
use web::{Ctx, Error, Page, filters, frame::Frame};

use super::{EmpresaVisitas, VisitaNew, Visitas, form, list::Row};
use crate::visita::lista::{self, Filtro, Ordem, Pagina};

#[derive(Template)]
#[template(path = "relacionamento/visita/empresa.html")]
pub struct EmpresaVisitasPage {
    frame: Frame,
    header: Header,
    rows: Vec<Row>,
    total: i64,
    /// Where all of them are, when there are more.
    all: Option<String>,
    /// Where one is planned, for whoever may.
    plan: Option<String>,
}

pub(crate) async fn list(path: EmpresaVisitas, mut ctx: Ctx) -> Result<Page<EmpresaVisitasPage>, Error> {
    let ctx = &mut *ctx;
    let (empresa, frame, header) = header::open(ctx, path.id, Some("visitas-title")).await?;
    let filtro = Filtro { empresa: Some(path.id), ..Filtro::default() };
    let pagina = lista::list(&mut ctx.tx, &ctx.actor, &filtro, Ordem::Latest, PageRequest::default()).await?;
    let plan = form::may_plan(ctx, &empresa).then(|| format!("{VisitaNew}?empresa={}", path.id));
    Ok(Page(EmpresaVisitasPage::new(frame, header, path, pagina, plan)))
}

impl EmpresaVisitasPage {
    fn new(frame: Frame, header: Header, path: EmpresaVisitas, pagina: Pagina, plan: Option<String>) -> Self {
        let shown = i64::try_from(pagina.linhas.len()).unwrap_or(i64::MAX);
        Self {
            rows: pagina.linhas.into_iter().map(|resumo| Row::new(&frame, resumo)).collect(),
            all: (pagina.total > shown).then(|| format!("{Visitas}?empresa={}", path.id)),
            total: pagina.total,
            plan,
            header,
            frame,
        }
    }

    /// For the test that renders every page: none yet, and more than are shown.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let path = EmpresaVisitas { id: empresas::empresa::EmpresaId::new(uuid::Uuid::nil()) };
        let page = |n: usize, total: i64| {
            let linhas = (0..n).map(|i| crate::visita::samples::resumo(i, i == 1, frame.now)).collect();
            let header = Header::sample(frame, n > 0, false);
            Self::new(frame.clone(), header, path, Pagina { linhas, total }, Some("/visitas/nova".to_owned()))
        };
        vec![("none", page(0, 0)), ("more", page(25, 40))]
    }
}
