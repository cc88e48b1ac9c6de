//! `/configuracoes/cnaes`: the classification with the empresas of each part; and what the form asks while somebody types.

use std::collections::HashMap;

use acesso::configuracoes::below;
use askama::Template;
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use serde::{Deserialize, Serialize};
use web::{Access, Ctx, Error, Page, Query, Result, Route, filters, frame::Frame};

use super::{Atividade, Atividades, sql};
use crate::{
    empresa::{Reach, VER},
    segmento,
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/cnaes")]
pub struct Cnaes;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/empresas/cnaes")]
pub struct CnaeBusca;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(list, Access::Needs(VER)).sample("/configuracoes/cnaes?em=C", ""),
        Route::get(search, Access::Needs(VER)).sample("/empresas/cnaes?q=metal", ""),
    ]
}

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    /// Code of the atividade whose parts are shown.
    #[serde(default)]
    em: String,
    #[serde(default)]
    q: String,
}

/// An atividade as its row is printed.
#[derive(Debug)]
struct Row {
    codigo: String,
    nome: String,
    /// Its parts, when it has some.
    href: Option<String>,
    /// What it is a part of; told of what was searched for.
    sub: String,
    empresas: i64,
    empresas_href: String,
}

#[derive(Template)]
#[template(path = "empresas/cnae/list.html")]
pub struct CnaesPage {
    frame: Frame,
    q: String,
    rows: Vec<Row>,
    /// More than are shown have the words.
    cut: bool,
}

/// Found ones shown at most.
const FOUND: usize = 100;

fn href(codigo: &str) -> String {
    format!("{}?em={codigo}", Cnaes::PATH)
}

impl CnaesPage {
    fn new(frame: Frame, all: &Atividades, usos: &[(String, i64)], asked: &Asked) -> Option<Self> {
        let counts = counted(all, usos);
        let row = |atividade: &Atividade, sub: String| Row {
            codigo: atividade.written(),
            nome: atividade.nome.to_string(),
            href: all.parts(Some(&atividade.codigo)).next().map(|_| href(&atividade.codigo)),
            sub,
            empresas: counts.get(&*atividade.codigo).copied().unwrap_or_default(),
            empresas_href: format!("/empresas?cnae={}", atividade.codigo),
        };
        let frame = below(frame).titled("cnaes-title");
        let q = asked.q.trim().to_owned();
        if !q.is_empty() {
            let found = all.find(&q, FOUND + 1);
            let rows = found.iter().take(FOUND).map(|atividade| {
                let path = all.path(&atividade.codigo);
                let [.., pai, _] = path.as_slice() else { return row(atividade, String::new()) };
                row(atividade, pai.nome.to_string())
            });
            return Some(Self { rows: rows.collect(), cut: found.len() > FOUND, q, frame });
        }
        if asked.em.is_empty() {
            let rows = all.parts(None).map(|atividade| row(atividade, String::new())).collect();
            return Some(Self { rows, cut: false, q, frame });
        }
        let path = all.path(all.read(&asked.em)?.codigo.as_ref());
        let (last, above) = path.split_last()?;
        let title = frame.t("cnaes-title");
        let frame = frame.crumb(title, Cnaes::PATH);
        let frame = above.iter().fold(frame, |frame, atividade| frame.crumb(atividade.written(), href(&atividade.codigo)));
        let frame = frame.title(format!("{} {}", last.written(), last.nome));
        let rows = all.parts(Some(&last.codigo)).map(|atividade| row(atividade, String::new())).collect();
        Some(Self { rows, cut: false, q, frame })
    }

    /// For the test that renders every page.
    #[cfg(test)]
    pub(crate) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let usos = [("2511000".to_owned(), 12_000), ("2599399".to_owned(), 1)];
        let page = |em: &str, q: &str| {
            Self::new(frame.clone(), &super::samples(), &usos, &Asked { em: em.to_owned(), q: q.to_owned() }).unwrap()
        };
        vec![("all", page("", "")), ("part", page("25", "")), ("found", page("", "metal")), ("none", page("", "\"><script>"))]
    }
}

/// How many empresas each atividade has, those of its parts counted in.
fn counted<'a>(all: &'a Atividades, usos: &[(String, i64)]) -> HashMap<&'a str, i64> {
    let mut counts = HashMap::new();
    for (codigo, empresas) in usos {
        for atividade in all.path(codigo) {
            *counts.entry(&*atividade.codigo).or_default() += empresas;
        }
    }
    counts
}

async fn list(_: Cnaes, mut ctx: Ctx, Query(asked): Query<Asked>) -> Result<Page<CnaesPage>> {
    let ctx = &mut *ctx;
    let all = Atividades::load(&mut ctx.tx).await?;
    let usos = sql::usos(&mut ctx.tx, Reach::of(&ctx.actor, &VER)?).await?;
    CnaesPage::new(ctx.frame(), &all, &usos, &asked).map(Page).ok_or_else(Error::not_found)
}

/// One that the form may take, with the segmento that it proposes.
#[derive(Debug, Serialize)]
struct Found {
    codigo: String,
    nome: String,
    segmento: Option<String>,
}

/// Shown below the field at most.
const OFFERED: usize = 20;

async fn search(_: CnaeBusca, mut ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response> {
    let all = Atividades::load(&mut ctx.tx).await?;
    let segmentos = segmento::list(&mut ctx.tx).await?;
    let found = all.find(&asked.q, OFFERED).into_iter().map(|atividade| Found {
        codigo: atividade.written(),
        nome: atividade.nome.to_string(),
        segmento: segmento::proposed(&segmentos, &atividade.codigo).map(|segmento| segmento.id.to_string()),
    });
    Ok(axum::Json(found.collect::<Vec<_>>()).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empresas_of_a_part_count_for_the_whole() {
        let all = super::super::samples();
        let usos = [("2511000", 3), ("2599399", 4), ("9999999", 9)].map(|(codigo, n)| (codigo.to_owned(), n));
        let counts = counted(&all, &usos);
        let of = |codigo: &str| counts.get(codigo).copied().unwrap_or_default();
        assert_eq!([of("C"), of("25"), of("251"), of("2511000"), of("9999999")], [7, 7, 3, 3, 0]);
    }
}
