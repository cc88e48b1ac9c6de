//! The HTML pages of the register.

pub mod auditoria;
pub mod campo;
pub mod export;
pub mod exportar;
pub mod form;
pub mod header;
pub mod list;
pub mod lote;
pub mod mapa;
mod resumo;
pub mod show;
pub mod timeline;
pub mod trash;

use axum_extra::routing::TypedPath;
use kernel::{Actor, Cnpj, Invalid, PageRequest};
use serde::Deserialize;
use tenancy::TenantTx;
use web::{
    Access, Route,
    busca::{Found, Hit},
};

pub use campo::EmpresaCampo;
pub(crate) use show::shown;

use super::{
    ALTERAR, Campo, EXCLUIR, EmpresaId, Input, Known, REGISTRAR, VER,
    lista::{self, Filtro, Ordem, Resumo},
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas")]
pub struct Empresas;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/nova")]
pub struct EmpresaNew;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}", rejection(web::BadPath))]
pub struct EmpresaShow {
    pub id: EmpresaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/editar", rejection(web::BadPath))]
pub struct EmpresaEdit {
    pub id: EmpresaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/excluir", rejection(web::BadPath))]
pub struct EmpresaDelete {
    pub id: EmpresaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/restaurar", rejection(web::BadPath))]
pub struct EmpresaRestore {
    pub id: EmpresaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/lixeira")]
pub struct EmpresaTrash;

pub(crate) fn routes() -> Vec<Route> {
    const NEW: &str = "cnpj=11.222.333%2F0001-81&nome=Tecelagem+Serra&situacao=prospect&uf=SC&municipio=Joinville";
    const EDIT: &str = "version=1&cnpj=12.ABC.345%2F01DE-35&nome=Metal%C3%BArgica+Aurora&situacao=ativo";
    vec![
        Route::get(list::list, Access::Needs(VER)),
        Route::get(form::new, Access::Needs(REGISTRAR)),
        Route::post(form::create, Access::Needs(REGISTRAR)).sample("/empresas", NEW),
        Route::get(show::show, Access::Needs(VER)).ids(&["empresa"]).sample("/empresas/{empresa}", ""),
        Route::get(timeline::show, Access::Needs(VER))
            .ids(&["empresa"])
            .sample("/empresas/{empresa}/linha-do-tempo?tipo=cadastro", ""),
        Route::get(mapa::show, Access::Needs(VER)).ids(&["empresa"]).sample("/empresas/{empresa}/mapa", ""),
        Route::get(auditoria::show, Access::Needs(acesso::auditoria::VER))
            .ids(&["empresa"])
            .sample("/empresas/{empresa}/auditoria", ""),
        Route::get(campo::edit, Access::Needs(ALTERAR)).ids(&["empresa"]).sample("/empresas/{empresa}/editar/telefone", ""),
        Route::post(campo::save, Access::Needs(ALTERAR))
            .ids(&["empresa"])
            .sample("/empresas/{empresa}/editar/bairro", "version=1&visto_bairro=&bairro=Centro"),
        Route::get(form::edit, Access::Needs(ALTERAR)).ids(&["empresa"]).sample("/empresas/{empresa}/editar", ""),
        Route::post(form::save, Access::Needs(ALTERAR)).ids(&["empresa"]).sample("/empresas/{empresa}/editar", EDIT),
        Route::get(trash::confirm, Access::Needs(EXCLUIR)).ids(&["empresa"]).sample("/empresas/{empresa}/excluir", ""),
        Route::post(trash::delete, Access::Needs(EXCLUIR)).ids(&["empresa"]).sample("/empresas/{empresa}/excluir", "version=1"),
        Route::get(trash::list, Access::Needs(EXCLUIR)),
        Route::post(trash::restore, Access::Needs(EXCLUIR))
            .ids(&["empresa_excluida"])
            .sample("/empresas/{empresa_excluida}/restaurar", "x=1"),
    ]
}

/// The empresas that the global search finds, the best first as in the list.
pub(crate) async fn search(tx: &mut TenantTx, actor: &Actor, text: &str, limit: usize) -> web::Result<Found> {
    let filtro = Filtro { busca: text.to_owned(), ..Filtro::default() };
    let known = Known::load(tx).await?;
    let pagina = lista::list(tx, actor, &known, &filtro, Ordem::Nome, PageRequest::default()).await?;
    let hit = |resumo: Resumo| {
        let cnpj = resumo.cnpj.parse().map_or(resumo.cnpj, |cnpj: Cnpj| cnpj.to_string());
        let about = [resumo.nome_fantasia, Some(cnpj), resumo.cidade, resumo.uf];
        Hit {
            label: resumo.nome,
            sub: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            href: EmpresaShow { id: resumo.id }.to_string(),
        }
    };
    Ok(Found { hits: pagina.linhas.into_iter().take(limit).map(hit).collect(), total: pagina.total })
}

/// What a form said about a field.
fn typed(form: &web::forms::FormState, campo: Campo) -> Input<'_> {
    match (campo, form.raw(campo.key())) {
        (_, "") => Input::Empty,
        // An `<input type="date">` sends the ISO form; what somebody typed without one comes the Brazilian way.
        (Campo::DataFundacao | Campo::DataCadastro, text) => match sheets::import::date(sheets::read::Raw::Text(text)) {
            Ok(Some(day)) => Input::Day(day),
            Ok(None) => Input::Empty,
            Err(invalid) => Input::Wrong(invalid),
        },
        (Campo::Faturamento, text) => match text.parse() {
            Ok(reais) => Input::Reais(reais),
            Err(invalid) => Input::Wrong(invalid),
        },
        (_, text) if text.len() > 20_000 => Input::Wrong(Invalid::new("texto-too-long").with("max", 4000)),
        (_, text) => Input::text(text),
    }
}
