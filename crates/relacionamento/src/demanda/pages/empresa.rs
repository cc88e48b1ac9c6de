//! The tab of an empresa that shows what it asked for.

use askama::Template;
use empresas::empresa::pages::header::{self, Header};
use kernel::PageRequest;
use web::{Ctx, Error, Page, filters, frame::Frame};

use super::{DemandaNew, Demandas, EmpresaDemandas, form, list::Row};
use crate::demanda::lista::{self, Filtro, Ordem, Pagina};

#[derive(Template)]
#[template(path = "relacionamento/demanda/empresa.html")]
pub struct EmpresaDemandasPage {
    frame: Frame,
    header: Header,
    rows: Vec<Row>,
    total: i64,
    /// The list of all, where they are more than are shown.
    all: Option<String>,
    /// Where one is written down, for whoever may.
    new: Option<String>,
}

pub(crate) async fn list(path: EmpresaDemandas, mut ctx: Ctx) -> Result<Page<EmpresaDemandasPage>, Error> {
    let ctx = &mut *ctx;
    let (empresa, frame, header) = header::open(ctx, path.id, Some("demandas-title")).await?;
    let filtro = Filtro { empresa: Some(path.id), ..Filtro::default() };
    let pagina = lista::list(&mut ctx.tx, &ctx.actor, &filtro, Ordem::Latest, PageRequest::default()).await?;
    let new = form::may_register(ctx, &empresa).then(|| format!("{DemandaNew}?empresa={}", path.id));
    Ok(Page(EmpresaDemandasPage::new(frame, header, path, pagina, new)))
}

impl EmpresaDemandasPage {
    fn new(frame: Frame, header: Header, path: EmpresaDemandas, pagina: Pagina, new: Option<String>) -> Self {
        let shown = i64::try_from(pagina.linhas.len()).unwrap_or(i64::MAX);
        Self {
            rows: pagina.linhas.into_iter().map(|resumo| Row::new(&frame, resumo)).collect(),
            all: (pagina.total > shown).then(|| format!("{Demandas}?empresa={}", path.id)),
            total: pagina.total,
            new,
            header,
            frame,
        }
    }

    /// For the test that renders every page: none yet, and more than are shown.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let path = EmpresaDemandas { id: empresas::empresa::EmpresaId::new(uuid::Uuid::nil()) };
        let page = |n: usize, total: i64| {
            let linhas = (0..n).map(|i| crate::demanda::samples::resumo(i, i == 1, frame.now)).collect();
            let header = Header::sample(frame, n > 0, false);
            Self::new(frame.clone(), header, path, Pagina { linhas, total }, Some("/demandas/nova".to_owned()))
        };
        vec![("none", page(0, 0)), ("more", page(25, 40))]
    }
}
