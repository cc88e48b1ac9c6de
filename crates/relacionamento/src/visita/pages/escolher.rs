//! Which empresa is to be visited, for whoever did not come from one.

use askama::Template;
use empresas::empresa::{
    Known,
    lista::{self, Filtro, Ordem},
};
use kernel::{Cnpj, PageRequest};
use web::{CtxInner, Error, filters, frame::Frame};

use super::VisitaNew;

/// Offered to choose from.
const HITS: usize = 10;

#[derive(Debug)]
struct Hit {
    href: String,
    nome: String,
    sub: String,
}

#[derive(Template)]
#[template(path = "relacionamento/visita/escolher.html")]
pub struct VisitaEscolherPage {
    frame: Frame,
    path: String,
    busca: String,
    hits: Vec<Hit>,
}

pub(super) async fn choose(ctx: &mut CtxInner, busca: String) -> Result<VisitaEscolherPage, Error> {
    let busca: String = busca.trim().chars().take(200).collect();
    let mut hits = Vec::new();
    if ctx.actor.may(&empresas::empresa::VER) {
        let filtro = Filtro { busca: busca.clone(), ..Filtro::default() };
        let known = Known::load(&mut ctx.tx).await?;
        let pagina = lista::list(&mut ctx.tx, &ctx.actor, &known, &filtro, Ordem::Nome, PageRequest::default()).await?;
        let hit = |resumo: lista::Resumo| {
            let cnpj = resumo.cnpj.parse().map_or(resumo.cnpj, |cnpj: Cnpj| cnpj.to_string());
            Hit {
                href: format!("{VisitaNew}?empresa={}", resumo.id),
                nome: resumo.nome,
                sub: [resumo.nome_fantasia, Some(cnpj), resumo.cidade].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            }
        };
        hits = pagina.linhas.into_iter().take(HITS).map(hit).collect();
    }
    Ok(VisitaEscolherPage::new(ctx.frame(), busca, hits))
}

impl VisitaEscolherPage {
    fn new(frame: Frame, busca: String, hits: Vec<Hit>) -> Self {
        let visitas = frame.t("visitas-title");
        Self { frame: frame.titled("visita-new").crumb(visitas, "/visitas"), path: VisitaNew.to_string(), busca, hits }
    }

    /// For the test that renders every page.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let hit = || Hit { href: "/".into(), nome: "Metalúrgica <b>Aurora</b>".into(), sub: "12.ABC.345/01DE-35".into() };
        let page = |busca: &str, n: usize| Self::new(frame.clone(), busca.to_owned(), (0..n).map(|_| hit()).collect());
        vec![("fresh", page("", 10)), ("nothing", page("\"><script>", 0))]
    }
}
