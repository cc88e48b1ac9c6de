//! The tab of an empresa that shows what it contracted.

use askama::Template;
use empresas::empresa::pages::header::{self, Header};
use kernel::PageRequest;
use web::{Ctx, Error, Page, filters, frame::Frame};

use super::{EmpresaProjetos, Projetos, list::Row};
use crate::projeto::{
    Projeto,
    lista::{self, Filtro},
};

#[derive(Template)]
#[template(path = "relacionamento/projeto/empresa.html")]
pub struct EmpresaProjetosPage {
    frame: Frame,
    header: Header,
    rows: Vec<Row>,
    total: i64,
    /// The list of all, where they are more than are shown.
    all: Option<String>,
}

pub(crate) async fn list(path: EmpresaProjetos, mut ctx: Ctx) -> Result<Page<EmpresaProjetosPage>, Error> {
    let ctx = &mut *ctx;
    let (_, frame, header) = header::open(ctx, path.id, Some("projetos-title")).await?;
    let filtro = Filtro { empresa: Some(path.id), ..Filtro::default() };
    let (rows, total) = lista::list(&mut ctx.tx, &ctx.actor, &filtro, PageRequest::default()).await?;
    Ok(Page(EmpresaProjetosPage::new(frame, header, path, rows, total)))
}

impl EmpresaProjetosPage {
    fn new(frame: Frame, header: Header, path: EmpresaProjetos, rows: Vec<Projeto>, total: i64) -> Self {
        let shown = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        Self {
            rows: rows.into_iter().map(|projeto| Row::new(&frame, projeto)).collect(),
            all: (total > shown).then(|| format!("{Projetos}?empresa={}", path.id)),
            total,
            header,
            frame,
        }
    }

    /// For the test that renders every page: none yet, and more than are shown.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let path = EmpresaProjetos { id: empresas::empresa::EmpresaId::new(uuid::Uuid::nil()) };
        let page = |n: usize, total: i64| {
            let rows = (0..n).map(|i| super::sample(i, i == 1, frame.now)).collect();
            Self::new(frame.clone(), Header::sample(frame, n > 0, false), path, rows, total)
        };
        vec![("none", page(0, 0)), ("more", page(25, 40))]
    }
}
