//! `/ausencias`: who is away, and the form that says when one is.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::{ErrorKind, Kind};
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Result, Route, filters,
    forms::{Choice, Dia, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{Ausencia, AusenciaId, Dados, GERIR, Motivo, coming, decides, excluir, registrar};
use crate::usuario::{self, UsuarioId};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/ausencias")]
pub struct Ausencias;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/ausencias/{id}/excluir", rejection(web::BadPath))]
pub struct AusenciaExcluir {
    pub id: AusenciaId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(list, Access::SignedIn),
        Route::post(create, Access::SignedIn)
            .sample("/ausencias", "usuario={usuario.outro}&motivo=ferias&data_inicio=2027-02-01&data_fim=2027-02-12"),
        Route::post(remove, Access::SignedIn).ids(&["ausencia"]).sample("/ausencias/{ausencia}/excluir", ""),
    ]
}

struct Row {
    nome: String,
    motivo: &'static str,
    days: String,
    now: bool,
    excluir: Option<String>,
}

#[derive(Template)]
#[template(path = "acesso/ausencias.html")]
pub(crate) struct AusenciasPage {
    frame: Frame,
    form: FormState,
    motivos: Vec<Choice>,
    /// Whom the actor writes down absences of; nobody to choose where that is the actor alone.
    pessoas: Vec<Choice>,
    rows: Vec<Row>,
}

impl AusenciasPage {
    fn new(frame: Frame, form: FormState, pessoas: Vec<(Uuid, String)>, all: Vec<(Ausencia, bool)>) -> Self {
        let frame = frame.titled("ausencias-title");
        let today = frame.now.with_timezone(&frame.zone).date_naive();
        let row = |(one, mine): (Ausencia, bool)| Row {
            nome: one.nome,
            motivo: frame.t(one.dados.motivo.label()),
            days: if one.dados.data_inicio == one.dados.data_fim {
                frame.date(one.dados.data_inicio)
            } else {
                format!("{} – {}", frame.date(one.dados.data_inicio), frame.date(one.dados.data_fim))
            },
            now: (one.dados.data_inicio..=one.dados.data_fim).contains(&today),
            excluir: mine.then(|| AusenciaExcluir { id: one.id }.to_string()),
        };
        Self {
            rows: all.into_iter().map(row).collect(),
            motivos: Motivo::ALL.map(|one| Choice::new(one.code(), frame.t(one.label()))).into(),
            pessoas: pessoas.into_iter().map(|(id, nome)| Choice::new(id.to_string(), nome)).collect(),
            form,
            frame,
        }
    }

    async fn load(ctx: &mut CtxInner, form: FormState) -> Result<Self> {
        // Who is nobody of the unidade's is never away.
        if ctx.actor.usuario().is_none() {
            return Err(Error::not_found());
        }
        let today = ctx.now.with_timezone(&ctx.fuso()).date_naive();
        let all = coming(&mut ctx.tx, &ctx.actor, today).await?;
        let all =
            all.into_iter().map(|one| (decides(&ctx.actor, one.dados.usuario), one)).map(|(mine, one)| (one, mine)).collect();
        let pessoas = if ctx.actor.may(&GERIR) { usuario::ativas(&mut ctx.tx).await? } else { Vec::new() };
        Ok(Self::new(ctx.frame(), form, pessoas, all))
    }

    /// For the test that renders every page: nobody, one's own, everybody.
    #[cfg(test)]
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let today = frame.now.with_timezone(&frame.zone).date_naive();
        let one = |i: u64| {
            let usuario = UsuarioId::new(Uuid::from_u128(u128::from(i)));
            let data_inicio = today + chrono::Days::new(i);
            let dados = Dados { usuario, motivo: Motivo::Ferias, data_inicio, data_fim: data_inicio + chrono::Days::new(i * 7) };
            (Ausencia { id: AusenciaId::new(Uuid::nil()), nome: "Marina <b>Aurora</b>".to_owned(), dados }, i.is_multiple_of(2))
        };
        let page = |n: u64, pessoas: usize| {
            let mut form = FormState::new().with("data_inicio", "\"><script>");
            if n > 2 {
                form.fail("data_fim", kernel::Invalid::new("ausencia-fim"));
            }
            let pessoas = vec![(Uuid::nil(), "Marina <b>Aurora</b>".to_owned()); pessoas];
            Self::new(frame.clone(), form, pessoas, (0..n).map(one).collect())
        };
        vec![page(0, 0), page(1, 0), page(12, 3)]
    }
}

async fn list(_: Ausencias, mut ctx: Ctx) -> Result<Page<AusenciasPage>> {
    let eu = ctx.actor.usuario();
    Ok(Page(AusenciasPage::load(&mut ctx, FormState::new().with_some("usuario", eu)).await?))
}

async fn create(_: Ausencias, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let eu = ctx.actor.usuario().ok_or_else(Error::not_found)?;
    let usuario = match form.raw("usuario") {
        "" => Some(UsuarioId::new(eu)),
        _ => form.choice("usuario", |id| id.parse().ok()),
    };
    let motivo = form.choice("motivo", Motivo::from_code);
    let (from, to) = (form.required::<Dia>("data_inicio"), form.required::<Dia>("data_fim"));
    if let (Some(usuario), Some(motivo), Some(Dia(data_inicio)), Some(Dia(data_fim))) = (usuario, motivo, from, to) {
        match registrar(&mut ctx.tx, &ctx.actor, &Dados { usuario, motivo, data_inicio, data_fim }).await {
            Ok(_) => return Ok(redirect(Ausencias::PATH, Some((Tone::Success, "toast-ausencia-registrada")))),
            Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict) => form.refuse(ctx.lang, &error),
            Err(error) => return Err(error.into()),
        }
    }
    let page = AusenciasPage::load(ctx, form).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

async fn remove(path: AusenciaExcluir, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    excluir(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(Ausencias::PATH, Some((Tone::Success, "toast-ausencia-excluida"))))
}
