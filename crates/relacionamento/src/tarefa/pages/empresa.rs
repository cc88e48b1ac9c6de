//! The tab of tarefas on the page of an empresa: its own and those of its visitas.

use askama::Template;
use empresas::empresa::pages::header::{self, Header};
use web::{Ctx, Error, Page, filters, frame::Frame};

use super::{Cartao, EmpresaTarefas};
use crate::tarefa::Sobre;

#[derive(Template)]
#[template(path = "relacionamento/tarefa/empresa.html")]
pub struct EmpresaTarefasPage {
    frame: Frame,
    header: Header,
    cartao: Cartao,
}

pub(crate) async fn list(path: EmpresaTarefas, mut ctx: Ctx) -> Result<Page<EmpresaTarefasPage>, Error> {
    let ctx = &mut *ctx;
    let (_, frame, header) = header::open(ctx, path.id, Some("tarefas-title")).await?;
    let cartao = Cartao::load(ctx, &frame, Sobre { entity: "empresa", id: path.id.uuid() }, true).await?;
    Ok(Page(EmpresaTarefasPage { frame, header, cartao }))
}

impl EmpresaTarefasPage {
    /// For the test that renders every page.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |n: usize| Self {
            header: Header::sample(frame, n > 0, false),
            cartao: Cartao::sample(frame, n),
            frame: frame.clone().titled("tarefas-title"),
        };
        vec![("none", page(0)), ("many", page(20))]
    }
}
