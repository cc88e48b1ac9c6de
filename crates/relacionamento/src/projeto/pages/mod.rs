//! The HTML pages of projetos.

pub mod empresa;
pub mod form;
pub mod list;
pub mod show;

use axum_extra::routing::TypedPath;
use empresas::empresa::EmpresaId;
use kernel::{Actor, PageRequest, Permission};
use serde::Deserialize;
use tenancy::TenantTx;
use web::{
    Access, Route,
    busca::{Found, Hit},
};

use super::{
    ALTERAR, EXCLUIR, Projeto, ProjetoId, VER,
    lista::{self, Filtro},
};
use crate::demanda::DemandaId;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/projetos")]
pub struct Projetos;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/projetos/{id}", rejection(web::BadPath))]
pub struct ProjetoShow {
    pub id: ProjetoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/projetos/{id}/editar", rejection(web::BadPath))]
pub struct ProjetoEdit {
    pub id: ProjetoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/projetos/{id}/concluir", rejection(web::BadPath))]
pub struct ProjetoConcluir {
    pub id: ProjetoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/projetos/{id}/cancelar", rejection(web::BadPath))]
pub struct ProjetoCancelar {
    pub id: ProjetoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/projetos/{id}/reabrir", rejection(web::BadPath))]
pub struct ProjetoReabrir {
    pub id: ProjetoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/projetos/{id}/excluir", rejection(web::BadPath))]
pub struct ProjetoDelete {
    pub id: ProjetoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/demandas/{id}/converter", rejection(web::BadPath))]
pub struct DemandaConverter {
    pub id: DemandaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/projetos", rejection(web::BadPath))]
pub struct EmpresaProjetos {
    pub id: EmpresaId,
}

pub(crate) fn routes() -> Vec<Route> {
    const DADOS: &str =
        "version=1&titulo=Curso+de+solda&valor=1.234,50&data_inicio=2026-12-01&data_fim=2027-02-01&responsavel={usuario.outro}";
    const ONE: &[&str] = &["projeto"];
    let needs = |permission: &Permission| Access::Needs(permission.clone());
    vec![
        Route::get(list::list, needs(&VER)).sample("/projetos?situacao=em_execucao&q=x", ""),
        Route::get(show::show, needs(&VER)).ids(ONE).sample("/projetos/{projeto}", ""),
        Route::get(form::converter, needs(&ALTERAR)).ids(&["demanda"]).sample("/demandas/{demanda}/converter", ""),
        Route::post(form::save_converter, needs(&ALTERAR)).ids(&["demanda"]).sample("/demandas/{demanda}/converter", DADOS),
        Route::get(form::edit, needs(&ALTERAR)).ids(ONE).sample("/projetos/{projeto}/editar", ""),
        Route::post(form::save, needs(&ALTERAR)).ids(ONE).sample("/projetos/{projeto}/editar", DADOS),
        Route::post(show::concluir, needs(&ALTERAR)).ids(ONE).sample("/projetos/{projeto}/concluir", "version=1"),
        Route::get(show::cancelar, needs(&ALTERAR)).ids(ONE).sample("/projetos/{projeto}/cancelar", ""),
        Route::post(show::save_cancelar, needs(&ALTERAR))
            .ids(ONE)
            .sample("/projetos/{projeto}/cancelar", "version=1&motivo=Pediram"),
        Route::post(show::reabrir, needs(&ALTERAR)).ids(ONE).sample("/projetos/{projeto.encerrado}/reabrir", "version=1"),
        Route::post(show::delete, needs(&EXCLUIR)).ids(ONE).sample("/projetos/{projeto}/excluir", "x=1"),
        Route::get(empresa::list, needs(&VER)).ids(&["empresa"]).sample("/empresas/{empresa}/projetos", ""),
    ]
}

/// The projetos that the global search finds, the latest first.
pub(crate) async fn search(tx: &mut TenantTx, actor: &Actor, text: &str, limit: usize) -> web::Result<Found> {
    let filtro = Filtro { busca: text.to_owned(), ..Filtro::default() };
    let (rows, total) = lista::list(tx, actor, &filtro, PageRequest::default()).await?;
    let hit = |projeto: Projeto| Hit {
        sub: [Some(projeto.empresa_nome), projeto.responsavel_nome].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        label: projeto.titulo,
        href: ProjetoShow { id: projeto.id }.to_string(),
    };
    Ok(Found { hits: rows.into_iter().take(limit).map(hit).collect(), total })
}

/// A made-up one, for samples of pages.
pub(super) fn sample(i: usize, long: bool, now: chrono::DateTime<chrono::Utc>) -> Projeto {
    use super::Situacao;
    let text = |text: &str, max: usize| if long { text.chars().cycle().take(max).collect() } else { text.trim().to_owned() };
    let situacao = Situacao::ALL[i % 3];
    Projeto {
        id: ProjetoId::new(uuid::Uuid::from_u128(i as u128)),
        demanda_id: DemandaId::new(uuid::Uuid::nil()),
        demanda: text("Calibração \"><script> ", 200),
        empresa_id: EmpresaId::new(uuid::Uuid::nil()),
        empresa_nome: text("Metalúrgica <b>Aurora</b> ", 200),
        titulo: text("Calibração <b>Aurora</b> ", 200),
        valor: (!i.is_multiple_of(2)).then(|| "1.234.567,89".parse().unwrap_or_default()),
        data_inicio: now.date_naive(),
        data_fim: (!i.is_multiple_of(2)).then(|| now.date_naive()),
        responsavel_id: None,
        responsavel_nome: (!i.is_multiple_of(2)).then(|| "Marina <b>Costa</b>".to_owned()),
        situacao,
        concluido_at: (situacao == Situacao::Concluido).then_some(now),
        motivo: (situacao == Situacao::Cancelado).then(|| text("Pediram. ", 1000)),
        version: 3,
        created_at: now,
        updated_at: now,
    }
}
