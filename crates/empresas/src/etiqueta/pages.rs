//! Putting etiquetas on an empresa and taking them off, and how they stand there.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{
    Access, Ctx, FormBody, Result, Route,
    forms::{Choice, FormState},
    frame::Tone,
    redirect,
};

use super::{Cor, Etiqueta, EtiquetaId, EtiquetaNome, GERIR, Posta, por, sql, tirar};
use crate::empresa::{ALTERAR, EmpresaId, pages::EmpresaShow};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/empresas/{id}/etiquetas", rejection(web::BadPath))]
pub struct EmpresaEtiquetas {
    pub id: EmpresaId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/empresas/{id}/etiquetas/{etiqueta}/tirar", rejection(web::BadPath))]
pub struct EmpresaEtiquetaTirar {
    pub id: EmpresaId,
    pub etiqueta: EtiquetaId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post(put, Access::Needs(ALTERAR))
            .ids(&["empresa"])
            .sample("/empresas/{empresa}/etiquetas", "etiqueta={etiqueta.outra}"),
        Route::post(take, Access::Needs(ALTERAR))
            .ids(&["empresa", "etiqueta"])
            .sample("/empresas/{empresa}/etiquetas/{etiqueta}/tirar", ""),
    ]
}

/// An etiqueta as it stands on an empresa.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    pub nome: String,
    pub cor: String,
    /// The list of all that have it.
    pub href: String,
    /// What takes it off.
    pub remove: String,
}

/// Those of an empresa, and what may be put on it.
#[derive(Debug, Clone, Default)]
pub struct Chips {
    pub own: Vec<Chip>,
    pub action: String,
    pub offer: Vec<Choice>,
    pub alterar: bool,
    /// May add to the list.
    pub gerir: bool,
}

impl Chip {
    pub(crate) fn new(empresa: EmpresaId, etiqueta: &Etiqueta) -> Self {
        Self {
            nome: etiqueta.nome.clone(),
            cor: etiqueta.cor.clone(),
            href: format!("/empresas?etiqueta={}", etiqueta.id),
            remove: EmpresaEtiquetaTirar { id: empresa, etiqueta: etiqueta.id }.to_string(),
        }
    }

    pub(crate) fn sample() -> Vec<Self> {
        let one = |cor: Cor| Etiqueta {
            id: EtiquetaId::new(uuid::Uuid::nil()),
            nome: "Feira <b>Aurora</b> ".repeat(2),
            cor: cor.code().to_owned(),
        };
        Cor::ALL.iter().map(|cor| Self::new(EmpresaId::new(uuid::Uuid::nil()), &one(*cor))).collect()
    }
}

impl Chips {
    pub(crate) async fn load(
        tx: &mut tenancy::TenantTx,
        actor: &kernel::Actor,
        id: EmpresaId,
        alterar: bool,
    ) -> Result<Self, kernel::Fault> {
        let own = sql::of_empresa(tx, id).await?;
        let all = if alterar { sql::list(tx).await? } else { Vec::new() };
        let offer = all.into_iter().filter(|etiqueta| !own.contains(etiqueta));
        Ok(Self {
            own: own.iter().map(|etiqueta| Chip::new(id, etiqueta)).collect(),
            action: EmpresaEtiquetas { id }.to_string(),
            offer: offer.map(|etiqueta| Choice::new(etiqueta.id.to_string(), etiqueta.nome)).collect(),
            alterar,
            gerir: actor.may(&GERIR),
        })
    }

    pub(crate) fn sample(full: bool) -> Self {
        if !full {
            return Self::default();
        }
        Self {
            own: Chip::sample(),
            action: "/empresas/1/etiquetas".to_owned(),
            offer: vec![Choice::new("1", "Inovação <b>Aurora</b>")],
            alterar: true,
            gerir: true,
        }
    }
}

fn back(id: EmpresaId, toast: &'static str) -> Response {
    redirect(&EmpresaShow { id }.to_string(), Some((Tone::Success, toast)))
}

async fn put(path: EmpresaEtiquetas, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let nothing = || redirect(&EmpresaShow { id: path.id }.to_string(), Some((Tone::Warning, "toast-etiqueta-empty")));
    let posta = if let Ok(id) = form.raw("etiqueta").parse::<EtiquetaId>() {
        Posta::Known(id)
    } else {
        match form.required::<EtiquetaNome>("nome") {
            Some(nome) => Posta::Named(nome),
            None => return Ok(nothing()),
        }
    };
    por(&mut ctx.tx, &ctx.actor, path.id, &posta).await?;
    Ok(back(path.id, "toast-etiqueta-posta"))
}

async fn take(path: EmpresaEtiquetaTirar, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    tirar(&mut ctx.tx, &ctx.actor, path.id, path.etiqueta).await?;
    Ok(back(path.id, "toast-etiqueta-tirada"))
}
