//! The register as files: one incidente with what the form of the ANPD asks for, and the list.

use axum::response::Response;
use futures::{StreamExt, stream};
use kernel::Fault;
use serde_json::json;
use sheets::{Cell, Column, ColumnKind, Filter, Format, Table};
use tenancy::{Change, Entry};
use web::{CtxInner, frame::Frame, sheet};

use super::{
    DADOS, Decisao, Incidente, Passo, RISCOS,
    pages::{Situacao, names},
    prazo,
};
use crate::{encarregado, file};

/// What is known of it, by label: as the form of the ANPD asks.
pub(super) fn fatos(frame: &Frame, one: &Incidente) -> Vec<(&'static str, String)> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let at = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| frame.datetime(at)).unwrap_or_default();
    let afetados = one.afetados.map_or_else(|| frame.t("incidente-afetados-unknown").to_owned(), |n| frame.number(i64::from(n)));
    let riscos = match names(frame, &RISCOS, &one.riscos) {
        none if none.is_empty() => frame.t("incidente-risco-nenhum").to_owned(),
        some => some,
    };
    vec![
        (frame.t("incidente-protocolo"), one.protocolo.clone()),
        (frame.t("incidente-conhecido-at"), frame.datetime(one.conhecido_at)),
        (frame.t("incidente-inicio-at"), at(one.inicio_at)),
        (frame.t("incidente-descricao"), one.descricao.clone()),
        (frame.t("incidente-dados"), names(frame, &DADOS, &one.dados)),
        (frame.t("incidente-afetados"), afetados),
        (frame.t("incidente-riscos"), riscos),
        (frame.t("incidente-consequencias"), text(&one.consequencias)),
        (frame.t("incidente-medidas-antes"), text(&one.medidas_antes)),
        (frame.t("incidente-contencao"), text(&one.contencao)),
        (frame.t("incidente-medidas-depois"), text(&one.medidas_depois)),
        (frame.t("incidente-registrado-por"), one.registrado_por_nome.clone()),
    ]
}

/// What was decided and told.
fn decidido(frame: &Frame, one: &Incidente) -> Vec<(&'static str, String)> {
    let at = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| frame.datetime(at)).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let decisao = one.decisao.map_or("incidente-sem-decisao", Decisao::label);
    vec![
        (frame.t("incidente-decisao"), frame.t(decisao).to_owned()),
        (frame.t("incidente-justificativa"), text(&one.justificativa)),
        (frame.t("incidente-anpd-at"), at(one.anpd_at)),
        (frame.t("incidente-anpd-protocolo"), text(&one.anpd_protocolo)),
        (frame.t("incidente-titulares-at"), at(one.titulares_at)),
        (frame.t("incidente-titulares-meio"), text(&one.titulares_meio)),
        (frame.t("incidente-encerrado-at"), at(one.encerrado_at)),
    ]
}

pub(super) async fn one(ctx: &mut CtxInner, one: &Incidente, history: &[Passo], format: Format) -> web::Result<Response> {
    let frame = ctx.frame();
    let zone = ctx.unidade.fuso;
    let mut lines = fatos(&frame, one);
    lines.push((frame.t("incidente-prazo"), frame.date(prazo(one.conhecido_at, zone).last)));
    lines.extend(decidido(&frame, one));
    lines.push((frame.t("incidente-controlador"), ctx.unidade.nome.clone()));
    if let Some(reach) = encarregado::find(&mut ctx.tx).await? {
        lines.push((frame.t("encarregado-title"), reach.reach()));
    }
    // Oldest first: as it is read.
    for passo in history.iter().rev() {
        let texto = passo.texto.as_deref().unwrap_or("—");
        lines
            .push((frame.t("incidente-passo"), format!("{} · {} · {texto}", frame.datetime(passo.created_at), passo.actor_nome)));
    }
    let columns = vec![
        Column::new("campo", frame.t("dossie-campo"), ColumnKind::Text),
        Column::new("valor", frame.t("dossie-valor"), ColumnKind::Text),
    ];
    let rows: Vec<Result<Vec<Cell>, Fault>> = lines
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| Ok(vec![label.into(), value.into()]))
        .collect();
    let mut table =
        Table::new(one.titulo.clone(), columns, stream::iter(rows).boxed(), frame.lang, sheet::words(&frame, "export-empty"));
    sheet::sign(&mut table, &frame, &ctx.unidade, &ctx.actor);
    table.filters = vec![Filter { label: frame.t("incidente-protocolo").to_owned(), value: one.protocolo.clone() }];
    told(ctx, Some(one.id.uuid()), format).await?;
    let name = format!("incidente-{}.{}", one.protocolo, format.extension());
    file::send(table, format, &name).await
}

pub(super) async fn xlsx(ctx: &mut CtxInner, all: &[Incidente]) -> web::Result<Response> {
    let frame = ctx.frame();
    let zone = ctx.unidade.fuso;
    let column = |key: &'static str, kind| Column::new(key, frame.t(key), kind);
    let columns = vec![
        column("incidente-protocolo", ColumnKind::Text),
        column("incidente-titulo", ColumnKind::Text),
        column("incidente-conhecido-at", ColumnKind::DateTime),
        column("incidente-prazo", ColumnKind::Date),
        column("incidente-situacao", ColumnKind::Text),
        column("incidente-dados", ColumnKind::Text),
        column("incidente-riscos", ColumnKind::Text),
        column("incidente-afetados", ColumnKind::Integer),
        column("incidente-decisao", ColumnKind::Text),
        column("incidente-anpd-at", ColumnKind::DateTime),
        column("incidente-anpd-protocolo", ColumnKind::Text),
        column("incidente-titulares-at", ColumnKind::DateTime),
        column("incidente-encerrado-at", ColumnKind::DateTime),
    ];
    let at =
        |at: Option<chrono::DateTime<chrono::Utc>>| at.map_or(Cell::Empty, |at| at.with_timezone(&zone).naive_local().into());
    let row = |one: &Incidente| -> Result<Vec<Cell>, Fault> {
        let until = prazo(one.conhecido_at, zone);
        Ok(vec![
            one.protocolo.clone().into(),
            one.titulo.clone().into(),
            at(Some(one.conhecido_at)),
            until.last.into(),
            Situacao::new(&frame, one, &until).text.into(),
            names(&frame, &DADOS, &one.dados).into(),
            names(&frame, &RISCOS, &one.riscos).into(),
            one.afetados.map_or(Cell::Empty, |n| i64::from(n).into()),
            frame.t(one.decisao.map_or("incidente-sem-decisao", Decisao::label)).into(),
            at(one.anpd_at),
            one.anpd_protocolo.clone().unwrap_or_default().into(),
            at(one.titulares_at),
            at(one.encerrado_at),
        ])
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    let words = sheet::words(&frame, "export-empty");
    let mut table = Table::new(frame.t("incidentes-title"), columns, stream::iter(rows).boxed(), frame.lang, words);
    sheet::sign(&mut table, &frame, &ctx.unidade, &ctx.actor);
    told(ctx, None, Format::Xlsx).await?;
    let day = ctx.now.with_timezone(&zone).format("%Y-%m-%d");
    file::send(table, Format::Xlsx, &format!("incidentes-{}-{day}.xlsx", ctx.unidade.slug)).await
}

async fn told(ctx: &mut CtxInner, id: Option<uuid::Uuid>, format: Format) -> Result<(), Fault> {
    let change = Change::created(&json!({ "format": format.extension() }));
    let entry = Entry { action: "privacidade.incidente_exportado", entity: "incidente", entity_id: id, change };
    ctx.tx.audit(&ctx.actor, entry).await?;
    Ok(())
}
