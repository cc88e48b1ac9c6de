//! The button of the record that asks again.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use chrono::TimeDelta;
use serde::Deserialize;
use tenancy::TenantTx;
use web::{Access, Ctx, Error, Route, frame::Tone, redirect};

use super::{AnotarSituacao, anotar};
use crate::{
    consulta::{Consultas, Resposta, Urgency},
    empresa::{CONSULTAR, EmpresaId, lista, pages::EmpresaShow},
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/consultar", rejection(web::BadPath))]
pub(crate) struct EmpresaConsultar {
    pub id: EmpresaId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::post(consultar, Access::Needs(CONSULTAR)).ids(&["empresa"]).sample("/empresas/{empresa}/consultar", "x=1")]
}

/// Whoever presses twice hears the first answer.
const JUST_NOW: TimeDelta = TimeDelta::minutes(5);

async fn consultar(path: EmpresaConsultar, mut ctx: Ctx) -> Result<Response, Error> {
    let inner = &mut *ctx;
    let empresa = lista::find(&mut inner.tx, &inner.actor, path.id).await?.ok_or_else(Error::not_found)?;
    let cnpj = empresa.cadastro.cnpj;
    let (app, unidade, actor) = (ctx.app.clone(), ctx.unidade.clone(), ctx.actor.clone());
    // Somebody outside may take seconds: nothing of ours is held meanwhile.
    ctx.release().await?;
    let resposta = app.value::<Consultas>()?.cnpj(unidade.id, cnpj, JUST_NOW, Urgency::Person).await?;
    let toast = match resposta {
        Resposta::Known(said) if said.dados.is_some() => {
            app.tenants.write(&unidade, async |tx: &mut TenantTx| anotar(tx, &actor, path.id, cnpj, &said).await).await?;
            (Tone::Success, "toast-empresa-consultada")
        }
        Resposta::Known(_) => (Tone::Warning, "toast-empresa-consulta-ausente"),
        Resposta::Waiting(lugar) => {
            let later = async |tx: &mut TenantTx| AnotarSituacao::enqueue(tx, path.id, lugar.at).await;
            app.tenants.write(&unidade, later).await?;
            (Tone::Info, "toast-empresa-consulta-na-fila")
        }
        Resposta::Unavailable(_) => (Tone::Warning, "toast-empresa-consulta-indisponivel"),
    };
    Ok(redirect(&EmpresaShow { id: path.id }.to_string(), Some(toast)))
}
