//! Taking what the menu above a list says (`templates/pecas/list.html`, `columns`).

use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{
    Access, Ctx, FormBody, Result, Route,
    forms::FormState,
    frame::Tone,
    list::{Layout, ListState},
    redirect,
};

use super::alterar;
use crate::visao::pages::named_list;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/aparencia")]
pub struct Aparencia;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post(save, Access::SignedIn)
            .sample("/aparencia", "lista=%2Fempresas&coluna=cnpj&coluna=porte&mostra=cnpj&compacta=sim"),
    ]
}

async fn save(_: Aparencia, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let form = FormState::from_body(&body);
    let lista = named_list(ctx, &form)?;
    let layout = if form.raw("padrao").is_empty() {
        let hidden = form.all("coluna").iter().filter(|column| !form.has("mostra", column)).cloned().collect();
        Layout { hidden, compact: !form.raw("compacta").is_empty() }
    } else {
        Layout::default()
    };
    alterar(&mut ctx.tx, &ctx.actor, lista, &layout).await?;
    let consulta = ListState::query_of(form.raw("consulta"));
    let address = if consulta.is_empty() { lista.to_owned() } else { format!("{lista}?{consulta}") };
    Ok(redirect(&address, Some((Tone::Success, "toast-aparencia"))))
}
