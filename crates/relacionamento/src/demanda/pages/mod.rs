//! The HTML pages of demandas.

pub mod empresa;
pub mod export;
pub mod form;
pub mod list;
pub mod passo;
pub mod quadro;
pub mod show;

use axum_extra::routing::TypedPath;
use empresas::empresa::EmpresaId;
use kernel::{Actor, PageRequest, Permission};
use serde::Deserialize;
use tenancy::TenantTx;
use web::{
    Access, CtxInner, Error, Route,
    busca::{Found, Hit},
};

use super::{
    ALTERAR, Demanda, DemandaId, EXCLUIR, REGISTRAR, VER,
    lista::{self, Filtro, Ordem},
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/demandas")]
pub struct Demandas;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/demandas/quadro")]
pub struct Quadro;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/demandas/nova")]
pub struct DemandaNew;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/demandas/{id}", rejection(web::BadPath))]
pub struct DemandaShow {
    pub id: DemandaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/demandas/{id}/editar", rejection(web::BadPath))]
pub struct DemandaEdit {
    pub id: DemandaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/demandas/{id}/mover", rejection(web::BadPath))]
pub struct DemandaMover {
    pub id: DemandaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/demandas/{id}/cancelar", rejection(web::BadPath))]
pub struct DemandaCancelar {
    pub id: DemandaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/demandas/{id}/reabrir", rejection(web::BadPath))]
pub struct DemandaReabrir {
    pub id: DemandaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/demandas/{id}/anexos", rejection(web::BadPath))]
pub struct DemandaAnexos {
    pub id: DemandaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/demandas/{id}/excluir", rejection(web::BadPath))]
pub struct DemandaDelete {
    pub id: DemandaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/demandas/{id}/restaurar", rejection(web::BadPath))]
pub struct DemandaRestore {
    pub id: DemandaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/demandas", rejection(web::BadPath))]
pub struct EmpresaDemandas {
    pub id: EmpresaId,
}

pub(crate) fn routes() -> Vec<Route> {
    const NEW: &str =
        "empresa={empresa}&titulo=Curso+de+solda&descricao=Para+doze&tipo={demanda_tipo}&setor={setor}&contato={contato}";
    const EDIT: &str =
        "version=1&titulo=Curso&descricao=Para+doze&tipo={demanda_tipo}&responsavel={usuario.outro}&valor_estimado=1.234,50";
    const ONE: &[&str] = &["demanda"];
    let needs = |permission: &Permission| Access::Needs(permission.clone());
    vec![
        Route::get(list::list, needs(&VER)).sample("/demandas?situacao=nova&de=2026-11-01&vencidas=sim", ""),
        Route::get(quadro::show, needs(&VER)).sample("/demandas/quadro?q=x", ""),
        Route::get(form::new, needs(&REGISTRAR)),
        Route::post(form::create, needs(&REGISTRAR)).ids(&["empresa", "contato"]).sample("/demandas", NEW),
        Route::get(show::show, needs(&VER)).ids(ONE).sample("/demandas/{demanda}", ""),
        Route::get(form::edit, needs(&ALTERAR)).ids(ONE).sample("/demandas/{demanda}/editar", ""),
        Route::post(form::save, needs(&ALTERAR)).ids(ONE).sample("/demandas/{demanda}/editar", EDIT),
        Route::post(passo::mover, needs(&ALTERAR))
            .ids(ONE)
            .sample("/demandas/{demanda}/mover", "version=1&etapa={etapa.andamento}"),
        Route::get(passo::cancelar, needs(&ALTERAR)).ids(ONE).sample("/demandas/{demanda}/cancelar", ""),
        Route::post(passo::save_cancelar, needs(&ALTERAR))
            .ids(ONE)
            .sample("/demandas/{demanda}/cancelar", "version=1&motivo=Sem+or%C3%A7amento"),
        Route::post(passo::reabrir, needs(&ALTERAR)).ids(ONE).sample("/demandas/{demanda.cancelada}/reabrir", "version=1"),
        Route::post(show::anexar, needs(&ALTERAR))
            .ids(ONE)
            .streams(empresas::documento::pages::upload::BODY_LIMIT)
            .sample("/demandas/{demanda}/anexos", "multipart anexo=proposta&arquivo=@proposta.pdf"),
        Route::post(show::delete, needs(&EXCLUIR)).ids(ONE).sample("/demandas/{demanda}/excluir", "version=1"),
        Route::post(show::restore, needs(&EXCLUIR))
            .ids(&["demanda_excluida"])
            .sample("/demandas/{demanda_excluida}/restaurar", "x=1"),
        Route::get(empresa::list, needs(&VER)).ids(&["empresa"]).sample("/empresas/{empresa}/demandas", ""),
    ]
}

/// What the reader may do with this very demanda.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Here {
    pub alterar: bool,
    pub excluir: bool,
}

impl Here {
    pub(super) async fn load(ctx: &mut CtxInner, demanda: &Demanda) -> Result<Self, Error> {
        Ok(Self {
            alterar: lista::may(&mut ctx.tx, &ctx.actor, demanda.id, &ALTERAR).await?,
            excluir: lista::may(&mut ctx.tx, &ctx.actor, demanda.id, &EXCLUIR).await?,
        })
    }
}

/// The demandas that the global search finds, the latest first.
pub(crate) async fn search(tx: &mut TenantTx, actor: &Actor, text: &str, limit: usize) -> web::Result<Found> {
    let filtro = Filtro { busca: text.to_owned(), ..Filtro::default() };
    let pagina = lista::list(tx, actor, &filtro, Ordem::Latest, PageRequest::default()).await?;
    let hit = |resumo: lista::Resumo| Hit {
        label: resumo.titulo,
        sub: format!("{} · {} · {}", resumo.empresa, resumo.tipo, resumo.etapa),
        href: DemandaShow { id: resumo.id }.to_string(),
    };
    Ok(Found { hits: pagina.linhas.into_iter().take(limit).map(hit).collect(), total: pagina.total })
}
