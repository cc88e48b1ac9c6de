//! The HTML pages of visitas.

pub mod desatendidas;
pub mod empresa;
pub mod export;
pub mod form;
pub mod list;
pub mod passo;
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
    ALTERAR, EXCLUIR, REGISTRAR, VER, Visita, VisitaId,
    lista::{self, Filtro, Ordem},
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas")]
pub struct Visitas;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas/nova")]
pub struct VisitaNew;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas/{id}", rejection(web::BadPath))]
pub struct VisitaShow {
    pub id: VisitaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas/{id}/editar", rejection(web::BadPath))]
pub struct VisitaEdit {
    pub id: VisitaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas/{id}/remarcar", rejection(web::BadPath))]
pub struct VisitaRemarcar {
    pub id: VisitaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas/{id}/realizar", rejection(web::BadPath))]
pub struct VisitaRealizar {
    pub id: VisitaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas/{id}/cancelar", rejection(web::BadPath))]
pub struct VisitaCancelar {
    pub id: VisitaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas/{id}/reabrir", rejection(web::BadPath))]
pub struct VisitaReabrir {
    pub id: VisitaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas/{id}/chegar", rejection(web::BadPath))]
pub struct VisitaChegar {
    pub id: VisitaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas/{id}/relatorios", rejection(web::BadPath))]
pub struct VisitaRelatorios {
    pub id: VisitaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas/{id}/relatorio.pdf", rejection(web::BadPath))]
pub struct VisitaRelatorio {
    pub id: VisitaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas/{id}/excluir", rejection(web::BadPath))]
pub struct VisitaDelete {
    pub id: VisitaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/visitas/{id}/restaurar", rejection(web::BadPath))]
pub struct VisitaRestore {
    pub id: VisitaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/visitas", rejection(web::BadPath))]
pub struct EmpresaVisitas {
    pub id: EmpresaId,
}

pub(crate) fn routes() -> Vec<Route> {
    const PLANO: &str =
        "empresa={empresa}&responsavel={usuario.outro}&data_visita=2026-12-01&hora_inicio=09:00&hora_fim=11:00&objetivo=Conhecer";
    const EDIT: &str = "version=1&responsavel={usuario.outro}&data_visita=2026-12-01&hora_inicio=09:00&hora_fim=11:00&objetivo=Conhecer&contato={contato}";
    const ONE: &[&str] = &["visita"];
    let needs = |permission: &Permission| Access::Needs(permission.clone());
    vec![
        Route::get(list::list, needs(&VER)).sample("/visitas?situacao=planejada&de=2026-11-01", ""),
        Route::get(desatendidas::show, needs(&VER)).sample("/visitas/desatendidas?meses=12", ""),
        Route::get(form::new, needs(&REGISTRAR)),
        Route::post(form::create, needs(&REGISTRAR)).ids(&["empresa"]).sample("/visitas", PLANO),
        Route::get(show::show, needs(&VER)).ids(ONE).sample("/visitas/{visita}", ""),
        Route::get(form::edit, needs(&ALTERAR)).ids(ONE).sample("/visitas/{visita}/editar", ""),
        Route::post(form::save, needs(&ALTERAR)).ids(ONE).sample("/visitas/{visita}/editar", EDIT),
        Route::get(passo::remarcar, needs(&ALTERAR)).ids(ONE).sample("/visitas/{visita}/remarcar", ""),
        Route::post(passo::save_remarcar, needs(&ALTERAR))
            .ids(ONE)
            .sample("/visitas/{visita}/remarcar", "version=1&data_visita=2026-12-02&hora_inicio=09:00&hora_fim=11:00"),
        Route::get(passo::realizar, needs(&ALTERAR)).ids(ONE).sample("/visitas/{visita.passada}/realizar", ""),
        Route::post(passo::save_realizar, needs(&ALTERAR))
            .ids(ONE)
            .sample("/visitas/{visita.passada}/realizar", "version=1&resumo=Conversa&proximos_passos=Proposta"),
        Route::get(passo::cancelar, needs(&ALTERAR)).ids(ONE).sample("/visitas/{visita}/cancelar", ""),
        Route::post(passo::save_cancelar, needs(&ALTERAR))
            .ids(ONE)
            .sample("/visitas/{visita}/cancelar", "version=1&motivo=A+empresa+pediu"),
        Route::post(passo::reabrir, needs(&ALTERAR)).ids(ONE).sample("/visitas/{visita.cancelada}/reabrir", "version=1"),
        Route::post(show::chegar, needs(&ALTERAR))
            .ids(ONE)
            .sample("/visitas/{visita}/chegar", "latitude=-26.3&longitude=-48.84&precisao=12"),
        Route::post(show::anexar, needs(&ALTERAR))
            .ids(ONE)
            .streams(empresas::documento::pages::upload::BODY_LIMIT)
            .sample("/visitas/{visita}/relatorios", "multipart arquivo=@relatorio.pdf"),
        Route::post(show::delete, needs(&EXCLUIR)).ids(ONE).sample("/visitas/{visita}/excluir", "version=1"),
        Route::post(show::restore, needs(&EXCLUIR))
            .ids(&["visita_excluida"])
            .sample("/visitas/{visita_excluida}/restaurar", "x=1"),
        Route::get(empresa::list, needs(&VER)).ids(&["empresa"]).sample("/empresas/{empresa}/visitas", ""),
    ]
}

/// What the reader may do with this very visita.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Here {
    pub alterar: bool,
    pub excluir: bool,
}

impl Here {
    pub(super) async fn load(ctx: &mut CtxInner, visita: &Visita) -> Result<Self, Error> {
        Ok(Self {
            alterar: lista::may(&mut ctx.tx, &ctx.actor, visita.id, &ALTERAR).await?,
            excluir: lista::may(&mut ctx.tx, &ctx.actor, visita.id, &EXCLUIR).await?,
        })
    }
}

/// The visitas that the global search finds, the latest first.
pub(crate) async fn search(tx: &mut TenantTx, actor: &Actor, text: &str, limit: usize) -> web::Result<Found> {
    let filtro = Filtro { busca: text.to_owned(), ..Filtro::default() };
    let pagina = lista::list(tx, actor, &filtro, Ordem::Latest, PageRequest::default()).await?;
    let (lang, zone) = (tx.unidade().lang(None), tx.unidade().fuso);
    let hit = |resumo: lista::Resumo| Hit {
        label: resumo.objetivo.chars().take(120).collect(),
        sub: format!("{} · {} · {}", resumo.empresa, idioma::datetime(lang, zone, resumo.inicio_at), resumo.responsavel),
        href: VisitaShow { id: resumo.id }.to_string(),
    };
    Ok(Found { hits: pagina.linhas.into_iter().take(limit).map(hit).collect(), total: pagina.total })
}
