//! The log of importações.

use askama::Template;
use chrono::{DateTime, Utc};
use web::{
    Ctx, Error, Page, filters,
    frame::Frame,
    list::{ListState, Pager, Sort},
};

use super::{ImportacaoShow, Importacoes, desfazer::ImportacaoUndo};
use crate::importacao::{Counts, Importacao, State, permitted, sql};

#[derive(Template)]
#[template(path = "empresas/importacao/list.html")]
pub struct ImportacaoListPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    rows: Vec<LogView>,
}

#[derive(Debug)]
struct LogView {
    href: String,
    file_name: String,
    hash: String,
    state: &'static str,
    tone: &'static str,
    icon: &'static str,
    actor_nome: String,
    created_at: DateTime<Utc>,
    counts: Counts,
    /// The page that undoes it.
    undo: Option<String>,
}

impl LogView {
    fn new(frame: &Frame, importacao: Importacao) -> Self {
        let (state, tone, icon) = match importacao.state {
            State::Colunas => ("importacao-state-colunas", "info", "info-circle-fill"),
            State::Previa => ("importacao-state-previa", "info", "eye-fill"),
            State::Concluida => ("importacao-state-concluida", "ok", "check-circle-fill"),
            State::Descartada => ("importacao-state-descartada", "quiet", "x-circle-fill"),
            State::Desfeita => ("importacao-state-desfeita", "warn", "arrow-counterclockwise"),
        };
        let can_be_undone = importacao.can_be_undone(frame.now);
        Self {
            undo: can_be_undone.then(|| ImportacaoUndo { id: importacao.id }.to_string()),
            href: ImportacaoShow { id: importacao.id }.to_string(),
            file_name: importacao.file_name,
            hash: importacao.hash.chars().take(12).collect(),
            state: frame.t(state),
            tone,
            icon,
            actor_nome: importacao.actor_nome,
            created_at: importacao.created_at,
            counts: importacao.counts,
        }
    }
}

pub(super) async fn list(_: Importacoes, mut ctx: Ctx) -> Result<Page<ImportacaoListPage>, Error> {
    permitted(&ctx.actor)?;
    let list = ListState::read("/empresas/importacoes", crate::empresa::pages::list::query(&ctx), &[], Sort::down("created_at"));
    let (importacoes, total) = sql::list(&mut ctx.tx, list.page).await?;
    let frame = ctx.frame().titled("importacoes-title");
    let empresas = frame.t("empresas-title");
    let frame = frame.crumb(empresas, "/empresas");
    Ok(Page(ImportacaoListPage {
        pager: Pager::new(list.page, total),
        list,
        rows: importacoes.into_iter().map(|importacao| LogView::new(&frame, importacao)).collect(),
        frame,
    }))
}
