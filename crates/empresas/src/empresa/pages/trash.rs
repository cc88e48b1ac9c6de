use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Utc};
use web::{
    Ctx, Error, FormBody, Page, filters,
    forms::FormState,
    frame::{Frame, Tone},
    list::{ListState, Pager, Sort},
    redirect,
};

use super::{EmpresaDelete, EmpresaRestore, EmpresaShow, EmpresaTrash, list::query};
use crate::empresa::{Campo, Empresa, excluir::excluir, lista, restaurar::restaurar};

/// Asks before a deletion, where no script does.
#[derive(Template)]
#[template(path = "empresas/empresa/delete.html")]
pub struct EmpresaDeletePage {
    frame: Frame,
    nome: String,
    cnpj: String,
    action: String,
    cancel: String,
    version: i32,
}

pub(crate) async fn confirm(path: EmpresaDelete, mut ctx: Ctx) -> Result<Page<EmpresaDeletePage>, Error> {
    let ctx = &mut *ctx;
    let empresa = lista::find(&mut ctx.tx, &ctx.actor, path.id).await?.ok_or_else(Error::not_found)?;
    Ok(Page(EmpresaDeletePage::new(ctx.frame(), &empresa)))
}

impl EmpresaDeletePage {
    fn new(frame: Frame, empresa: &Empresa) -> Self {
        let show = EmpresaShow { id: empresa.id }.to_string();
        let frame = frame.titled("empresa-delete-title");
        let empresas = frame.t("empresas-title");
        Self {
            frame: frame.crumb(empresas, "/empresas").crumb(empresa.cadastro.nome.to_string(), show.clone()),
            nome: empresa.cadastro.nome.to_string(),
            cnpj: empresa.cadastro.cnpj.to_string(),
            action: EmpresaDelete { id: empresa.id }.to_string(),
            cancel: show,
            version: empresa.version,
        }
    }

    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        vec![
            ("one", Self::new(frame.clone(), &crate::empresa::samples::empresa(true, false, frame.now))),
            ("longest", Self::new(frame.clone(), &crate::empresa::samples::empresa(true, true, frame.now))),
        ]
    }
}

pub(crate) async fn delete(path: EmpresaDelete, mut ctx: Ctx, body: FormBody) -> Result<Response, Error> {
    let form = FormState::from_body(&body.0);
    let ctx = &mut *ctx;
    // Asked for from a list, where no version is at hand, the deletion is of whatever is there.
    let seen = form.raw("version").parse().ok();
    excluir(&mut ctx.tx, &ctx.actor, path.id, seen).await?;
    Ok(redirect(&format!("/empresas?excluida={}", path.id), None))
}

#[derive(Template)]
#[template(path = "empresas/empresa/trash.html")]
pub struct EmpresaTrashPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    nome: String,
    cnpj: String,
    place: String,
    deleted_at: DateTime<Utc>,
    restore: String,
}

impl Row {
    fn new(empresa: &Empresa) -> Self {
        let c = &empresa.cadastro;
        let place = [c.text(Campo::Municipio), c.text(Campo::Uf)];
        Self {
            nome: c.nome.to_string(),
            cnpj: c.cnpj.to_string(),
            place: place.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            deleted_at: empresa.deleted_at.unwrap_or(empresa.updated_at),
            restore: EmpresaRestore { id: empresa.id }.to_string(),
        }
    }
}

impl EmpresaTrashPage {
    fn new(frame: Frame, list: ListState, empresas: &[Empresa], total: i64) -> Self {
        let frame = frame.titled("lixeira-title");
        let title = frame.t("empresas-title");
        Self {
            frame: frame.crumb(title, "/empresas"),
            pager: Pager::new(list.page, total),
            list,
            rows: empresas.iter().map(Row::new).collect(),
        }
    }

    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let list = |query: &str| ListState::read("/empresas/lixeira", query, &[], Sort::down("deleted_at"));
        let empresa = |long: bool| crate::empresa::samples::empresa(true, long, frame.now);
        vec![
            ("empty", Self::new(frame.clone(), list(""), &[], 0)),
            ("one", Self::new(frame.clone(), list(""), &[empresa(false)], 1)),
            ("many", Self::new(frame.clone(), list(""), &vec![empresa(true); 25], 300)),
        ]
    }
}

pub(crate) async fn list(_: EmpresaTrash, mut ctx: Ctx) -> Result<Page<EmpresaTrashPage>, Error> {
    let list = ListState::read("/empresas/lixeira", query(&ctx), &[], Sort::down("deleted_at"));
    let ctx = &mut *ctx;
    let (empresas, total) = lista::trashed(&mut ctx.tx, &ctx.actor, list.page).await?;
    Ok(Page(EmpresaTrashPage::new(ctx.frame(), list, &empresas, total)))
}

pub(crate) async fn restore(path: EmpresaRestore, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    restaurar(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&EmpresaShow { id: path.id }.to_string(), Some((Tone::Success, "toast-empresa-restaurada"))))
}
