//! `/configuracoes/usuarios/{id}/empresas`: the empresas that a usuário is linked to, a tab of their page.

use acesso::usuario::{
    UsuarioId,
    ficha::{Header, UsuarioPath, below},
};
use askama::Template;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use kernel::PageRequest;
use serde::Deserialize;
use web::{
    Access, Ctx, Error, FormBody, Page, Query, Result, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::{GERIR, Vinculada, desvincular, list, vincular};
use crate::empresa::{
    EmpresaId, Known, Reach, VER,
    lista::{self, Filtro, Ordem},
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/{id}/empresas", rejection(web::BadPath))]
pub struct UsuarioEmpresasPath {
    pub id: UsuarioId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/{id}/empresas/desvincular", rejection(web::BadPath))]
pub struct UsuarioDesvincularPath {
    pub id: UsuarioId,
}

pub(crate) fn routes() -> Vec<Route> {
    let path = "/configuracoes/usuarios/{usuario.outro}/empresas";
    vec![
        Route::get(show, Access::Needs(GERIR)).ids(&["usuario"]).sample(path, ""),
        Route::post(link, Access::Needs(GERIR)).ids(&["usuario"]).sample(path, "empresa={empresa}"),
        Route::post(unlink, Access::Needs(GERIR))
            .ids(&["usuario"])
            .sample("/configuracoes/usuarios/{usuario.outro}/empresas/desvincular", "empresa={empresa.outra}"),
    ]
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "empresas/vinculo/list.html")]
pub(crate) struct VinculosPage {
    frame: Frame,
    header: Header,
    path: String,
    search: String,
    found: Vec<Vinculada>,
    linked: Vec<Vinculada>,
    /// Somebody else's, so that it can be changed.
    editable: bool,
}

impl VinculosPage {
    fn new(frame: Frame, header: Header, id: UsuarioId, search: String, rows: [Vec<Vinculada>; 2], editable: bool) -> Self {
        let [found, linked] = rows;
        Self {
            path: UsuarioEmpresasPath { id }.to_string(),
            search,
            found,
            linked,
            editable,
            frame: below(frame).crumb(header.nome.clone(), UsuarioPath { id }.to_string()).titled("vinculos-title"),
            header,
        }
    }
}

async fn show(path: UsuarioEmpresasPath, mut ctx: Ctx, Query(asked): Query<Asked>) -> Result<Page<VinculosPage>> {
    let ctx = &mut *ctx;
    let frame = ctx.frame();
    let header = Header::load(ctx, &frame, path.id).await?;
    // Whoever sees only some empresas sees those among them, and is told their number.
    let linked = list(&mut ctx.tx, path.id, Reach::of(&ctx.actor, &VER)?).await?;
    let search = asked.q.trim().to_owned();
    let mut found = Vec::new();
    if !search.is_empty() {
        let filtro = Filtro { busca: search.clone(), ..Filtro::default() };
        let known = Known::load(&mut ctx.tx).await?;
        let page = lista::list(&mut ctx.tx, &ctx.actor, &known, &filtro, Ordem::Nome, PageRequest::default()).await?;
        let rows = page.linhas.into_iter().map(|one| Vinculada { id: one.id, nome: one.nome, cnpj: one.cnpj });
        found = rows.filter(|one| linked.iter().all(|linked| linked.id != one.id)).collect();
    }
    let editable = acesso::usuario::of(&ctx.actor) != Some(path.id);
    Ok(Page(VinculosPage::new(frame, header, path.id, search, [found, linked], editable)))
}

fn ids(form: &FormState) -> Result<Vec<EmpresaId>> {
    form.all("empresa").iter().map(|id| id.parse().map_err(|_| Error::not_found())).collect()
}

async fn link(path: UsuarioEmpresasPath, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let empresas = ids(&FormState::from_body(&body))?;
    vincular(&mut ctx.tx, &ctx.actor, path.id, &empresas).await?;
    Ok(redirect(&path.to_string(), Some((Tone::Success, "toast-vinculada"))))
}

async fn unlink(path: UsuarioDesvincularPath, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let [empresa] = ids(&FormState::from_body(&body))?[..] else { return Err(Error::not_found()) };
    desvincular(&mut ctx.tx, &ctx.actor, path.id, empresa).await?;
    Ok(redirect(&UsuarioEmpresasPath { id: path.id }.to_string(), Some((Tone::Success, "toast-desvinculada"))))
}

#[cfg(test)]
impl VinculosPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let header = || Header {
            nome: "Marina <b>Aurora</b>".into(),
            iniciais: "MA".into(),
            foto: String::new(),
            remove_foto: None,
            email: "marina@senai.example".into(),
            perfil: "Supervisor".into(),
            setor: None,
            telefone: None,
            ativo: true,
            last_seen_at: None,
            tabs: Vec::new(),
            edit: None,
            deactivate: None,
            reactivate: None,
            delete: None,
            deactivate_question: String::new(),
            link: None,
            trail: None,
            servico: false,
        };
        let one = || {
            let (id, cnpj) = (EmpresaId::new(uuid::Uuid::nil()), "12ABC34501DE35".to_owned());
            vec![Vinculada { id, nome: "Metalúrgica Aurora <Ltda>".into(), cnpj }]
        };
        let id = UsuarioId::new(uuid::Uuid::nil());
        let page = |search: &str, rows, editable| Self::new(frame.clone(), header(), id, search.to_owned(), rows, editable);
        vec![
            ("empty", page("", [vec![], vec![]], true)),
            ("found", page("<b>Aurora</b>", [one(), one()], true)),
            ("nothing", page("x", [vec![], one()], true)),
            ("own", page("", [vec![], one()], false)),
        ]
    }
}
