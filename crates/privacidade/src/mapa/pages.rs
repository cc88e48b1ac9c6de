//! `/configuracoes/privacidade/mapa`: the map in words, as it is asked for by whoever controls the unidade.

use askama::Template;
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{Access, Ctx, Page, Route, filters, frame::Frame, pecas::Tab};

use super::{Operacao, Tabela, of_platform, of_unidade};
use crate::{Aba, VER, below};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/mapa")]
pub(crate) struct MapaPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(show, Access::Needs(VER))]
}

/// One operação de tratamento with its tables.
pub(super) struct Entry {
    pub nome: &'static str,
    pub fim: &'static str,
    pub titulares: &'static str,
    pub base: &'static str,
    pub tabelas: Vec<Row>,
}

/// A table in words.
pub(super) struct Row {
    pub nome: &'static str,
    pub classes: Vec<&'static str>,
    pub guarda: String,
    /// Columns under the name of their class.
    colunas: Vec<(&'static str, String)>,
}

impl Row {
    fn new(frame: &Frame, tabela: &'static Tabela) -> Self {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(", ");
        Self {
            nome: tabela.nome,
            classes: tabela.classes().into_iter().map(|classe| frame.t(classe.label())).collect(),
            guarda: tabela.guarda.said(frame.lang),
            colunas: tabela.colunas.iter().map(|(classe, nomes)| (frame.t(classe.label()), words(nomes))).collect(),
        }
    }
}

/// The whole map, by what the tables are for.
pub(super) fn entries(frame: &Frame) -> Vec<Entry> {
    let entry = |operacao: Operacao| {
        let [nome, fim, titulares, base] = operacao.words().map(|key| frame.t(key));
        let tabelas = of_unidade().chain(of_platform()).filter(|tabela| tabela.operacao == operacao);
        Entry { nome, fim, titulares, base, tabelas: tabelas.map(|tabela| Row::new(frame, tabela)).collect() }
    };
    Operacao::ALL.into_iter().map(entry).filter(|entry| !entry.tabelas.is_empty()).collect()
}

#[derive(Template)]
#[template(path = "privacidade/mapa.html")]
pub(crate) struct MapaPage {
    frame: Frame,
    tabs: Vec<Tab>,
    entries: Vec<Entry>,
}

impl MapaPage {
    pub(crate) fn new(frame: Frame) -> Self {
        let frame = below(frame).titled("mapa-title");
        Self { tabs: Aba::Mapa.tabs(&frame), entries: entries(&frame), frame }
    }
}

async fn show(_: MapaPath, ctx: Ctx) -> Page<MapaPage> {
    Page(MapaPage::new(ctx.frame()))
}
