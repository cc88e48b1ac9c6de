//! The page that says what an undo would do, with the names of those it leaves alone; afterwards, what it did.

use askama::Template;
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use kernel::PageRequest;
use serde::Deserialize;
use tenancy::TxLimits;
use web::{
    Access, Ctx, Error, Page, Route, filters,
    frame::{Frame, Tone},
    list::{ListState, Pager, Sort},
    redirect,
};

use super::ImportacaoShow;
use crate::{
    empresa::{
        VER,
        pages::{EmpresaShow, list::query},
    },
    importacao::{
        DesfazerError, Desfeita, IMPORTAR, ImportacaoId, Kept, Outlook, Reason, Undone,
        desfazer::{desfazer, may_undo, outlook},
    },
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/importacoes/{id}/desfazer", rejection(web::BadPath))]
pub struct ImportacaoUndo {
    pub id: ImportacaoId,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(ask, Access::Needs(IMPORTAR))
            .ids(&["importacao"])
            .sample("/empresas/importacoes/{importacao.concluida}/desfazer", ""),
        Route::post(undo, Access::Needs(IMPORTAR))
            .ids(&["importacao"])
            .sample("/empresas/importacoes/{importacao.concluida}/desfazer", "x=1"),
    ]
}

/// "Desfeita por Marina em 22/11/2026 10:00.", with what came of it.
pub(super) fn sentence(frame: &Frame, undone: &Undone) -> String {
    let at = frame.datetime(undone.at);
    let by = frame.t_with("importacao-undone-by", &[("nome", undone.actor_nome.as_str().into()), ("at", at.as_str().into())]);
    let counts = &undone.counts;
    [
        by,
        frame.t_n("importacao-undone-removed", counts.removed),
        frame.t_n("importacao-undone-reverted", counts.reverted),
        frame.t_n("importacao-undone-kept", counts.kept),
    ]
    .join(" ")
}

#[derive(Template)]
#[template(path = "empresas/importacao/undo.html")]
pub struct ImportacaoUndoPage {
    frame: Frame,
    /// Of the importação.
    path: String,
    file_name: String,
    counts: Desfeita,
    /// It made some.
    segmentos: bool,
    /// What was done; `None` as long as it is asked.
    undone: Option<String>,
    may: bool,
    list: ListState,
    pager: Pager,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    nome: String,
    cnpj: String,
    /// The record, where it can be opened.
    href: Option<String>,
    label: &'static str,
    tone: &'static str,
    icon: &'static str,
}

impl Row {
    fn new(frame: &Frame, kept: Kept, ver: bool) -> Self {
        let (tone, icon) = match kept.reason {
            Reason::Alterada => ("info", "pencil"),
            Reason::Excluida => ("quiet", "trash3"),
            Reason::Usada => ("ok", "check-circle-fill"),
        };
        Self {
            nome: kept.nome,
            cnpj: kept.cnpj.to_string(),
            href: (ver && !kept.in_lixeira).then(|| EmpresaShow { id: kept.id }.to_string()),
            label: frame.t(kept.reason.label()),
            tone,
            icon,
        }
    }
}

impl ImportacaoUndoPage {
    fn new(frame: Frame, outlook: Outlook, list: ListState, may: bool, ver: bool) -> Self {
        let Outlook { importacao, counts, kept } = outlook;
        let path = ImportacaoShow { id: importacao.id }.to_string();
        let frame = frame.titled(if importacao.undone.is_some() { "importacao-undone" } else { "importacao-undo" });
        let (empresas, importacoes) = (frame.t("empresas-title"), frame.t("importacoes-title"));
        let frame = frame
            .crumb(empresas, "/empresas")
            .crumb(importacoes, "/empresas/importacoes")
            .crumb(importacao.file_name.clone(), path.clone());
        Self {
            pager: Pager::new(list.page, i64::try_from(counts.kept).unwrap_or(i64::MAX)),
            undone: importacao.undone.as_ref().map(|undone| sentence(&frame, undone)),
            segmentos: importacao.segmentos.is_some_and(|made| !made.is_empty()),
            file_name: importacao.file_name,
            rows: kept.into_iter().map(|kept| Row::new(&frame, kept, ver)).collect(),
            path,
            counts,
            may,
            list,
            frame,
        }
    }

    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        use uuid::Uuid;

        let page = |kept: usize, long: bool, undone: bool, may: bool| {
            let empresa = crate::empresa::samples::empresa(true, long, frame.now);
            let row = |i: usize| Kept {
                id: empresa.id,
                nome: empresa.cadastro.nome.to_string(),
                cnpj: empresa.cadastro.cnpj,
                in_lixeira: i % 3 == 1,
                reason: Reason::ALL[i % 3],
            };
            let counts =
                Desfeita { removed: 12, reverted: 1, kept: kept as u64, segmentos: vec!["Couro & <calçados>".to_owned()] };
            let path = ImportacaoUndo { id: ImportacaoId::new(Uuid::nil()) }.to_string();
            let file_name = if long { "empresas <b>".repeat(16) } else { "empresas.xlsx".to_owned() };
            Self {
                path: ImportacaoShow { id: ImportacaoId::new(Uuid::nil()) }.to_string(),
                undone: undone.then(|| {
                    sentence(frame, &Undone { at: frame.now, actor_nome: "Marina <Costa>".into(), counts: counts.clone() })
                }),
                list: ListState::read(path, "", &[], Sort::up("nome")),
                pager: Pager::new(PageRequest::default(), i64::try_from(kept).unwrap_or_default()),
                rows: (0..kept.min(25)).map(|i| Row::new(frame, row(i), true)).collect(),
                frame: frame.clone().titled("importacao-undo"),
                segmentos: true,
                file_name,
                counts,
                may,
            }
        };
        vec![
            ("none kept", page(0, false, false, true)),
            ("many kept", page(300, false, false, true)),
            ("may not", page(3, false, false, false)),
            ("undone", page(3, true, true, true)),
        ]
    }
}

async fn ask(path: ImportacaoUndo, mut ctx: Ctx) -> Result<Response, Error> {
    let list = ListState::read(path.to_string(), query(&ctx), &[], Sort::up("nome"));
    let ctx = &mut *ctx;
    let outlook = match outlook(&mut ctx.tx, &ctx.actor, path.id, list.page).await {
        // Its own page says how far it is.
        Err(DesfazerError::NotDone | DesfazerError::TooOld) => {
            return Ok(redirect(&ImportacaoShow { id: path.id }.to_string(), None));
        }
        outlook => outlook?,
    };
    let may = may_undo(&ctx.actor, &outlook.importacao).is_ok();
    let ver = ctx.actor.may(&VER);
    Ok(Page(ImportacaoUndoPage::new(ctx.frame(), outlook, list, may, ver)).into_response())
}

async fn undo(path: ImportacaoUndo, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    // As much as was imported, by statements that each write all of it.
    ctx.tx.bound(TxLimits::JOB).await?;
    desfazer(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&path.to_string(), Some((Tone::Success, "toast-importacao-desfeita"))))
}
