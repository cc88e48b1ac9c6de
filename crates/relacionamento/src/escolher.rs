//! Which empresa something is to be written down of, for whoever did not come from one.

use askama::Template;
use empresas::empresa::{
    Known,
    lista::{self, Filtro, Ordem},
};
use kernel::{Cnpj, PageRequest};
use web::{CtxInner, Error, filters, frame::Frame};

/// Offered to choose from.
const HITS: usize = 10;

/// What is to be written down: the form's path, the key of its title, the list it goes into, and when it is to be, if that was said.
#[derive(Debug, Clone, Default)]
pub(crate) struct What {
    pub path: &'static str,
    pub title: &'static str,
    pub list: (&'static str, &'static str),
    pub em: Option<String>,
}

#[derive(Debug)]
struct Hit {
    href: String,
    nome: String,
    sub: String,
}

#[derive(Template)]
#[template(path = "relacionamento/escolher.html")]
pub(crate) struct EscolherPage {
    frame: Frame,
    path: &'static str,
    busca: String,
    em: String,
    hits: Vec<Hit>,
}

pub(crate) async fn choose(ctx: &mut CtxInner, what: What, busca: String) -> Result<EscolherPage, Error> {
    let busca: String = busca.trim().chars().take(200).collect();
    let mut hits = Vec::new();
    if ctx.actor.may(&empresas::empresa::VER) {
        let filtro = Filtro { busca: busca.clone(), ..Filtro::default() };
        let known = Known::load(&mut ctx.tx).await?;
        let pagina = lista::list(&mut ctx.tx, &ctx.actor, &known, &filtro, Ordem::Nome, PageRequest::default()).await?;
        let when =
            what.em.iter().map(|em| format!("&em={}", url::form_urlencoded::byte_serialize(em.as_bytes()).collect::<String>()));
        let when: String = when.collect();
        let hit = |resumo: lista::Resumo| {
            let cnpj = resumo.cnpj.parse().map_or(resumo.cnpj, |cnpj: Cnpj| cnpj.to_string());
            Hit {
                href: format!("{}?empresa={}{when}", what.path, resumo.id),
                nome: resumo.nome,
                sub: [resumo.nome_fantasia, Some(cnpj), resumo.cidade].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            }
        };
        hits = pagina.linhas.into_iter().take(HITS).map(hit).collect();
    }
    Ok(EscolherPage::new(ctx.frame(), what, busca, hits))
}

impl EscolherPage {
    fn new(frame: Frame, what: What, busca: String, hits: Vec<Hit>) -> Self {
        let (list, href) = what.list;
        let list = frame.t(list);
        Self { frame: frame.titled(what.title).crumb(list, href), path: what.path, busca, em: what.em.unwrap_or_default(), hits }
    }

    /// For the test that renders every page.
    #[cfg(test)]
    pub(crate) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let list = ("visitas-title", "/visitas");
        let what = What { path: "/visitas/nova", title: "visita-new", list, em: Some("\"><script>".to_owned()) };
        let hit = || Hit { href: "/".into(), nome: "Metalúrgica <b>Aurora</b>".into(), sub: "12.ABC.345/01DE-35".into() };
        let page =
            |busca: &str, n: usize| Self::new(frame.clone(), what.clone(), busca.to_owned(), (0..n).map(|_| hit()).collect());
        vec![("fresh", page("", 10)), ("nothing", page("\"><script>", 0))]
    }
}
