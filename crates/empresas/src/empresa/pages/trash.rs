use askama::Template;
use axum::response::{Redirect, Response};
use web::{
    Ctx, Error, FormBody, Page, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::{EmpresaDelete, EmpresaRestore, EmpresaShow, EmpresaTrash};
use crate::empresa::{Empresa, excluir::excluir, lista, restaurar::restaurar};

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

/// The lixeira of everything, at the empresas.
pub(crate) async fn list(_: EmpresaTrash, _: Ctx) -> Redirect {
    Redirect::to("/lixeira?tipo=empresa")
}

pub(crate) async fn restore(path: EmpresaRestore, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    restaurar(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&EmpresaShow { id: path.id }.to_string(), Some((Tone::Success, "toast-empresa-restaurada"))))
}
