//! `/configuracoes/parametros`.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::Invalid;
use serde::Deserialize;
use tenancy::Parametro;
use web::{
    Access, Ctx, CtxInner, FormBody, Page, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::{AlterarParametrosError, GERIR, Mudanca, all, alterar};
use crate::configuracoes::{self, ConfiguracoesPath};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/parametros")]
pub struct ParametrosPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/parametros/padrao")]
pub(crate) struct PadraoPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::Needs(GERIR)),
        Route::post(save, Access::Needs(GERIR))
            .sample("/configuracoes/parametros", "sessao_ociosa_minutos=45&visto-sessao_ociosa_minutos=30"),
        Route::post(reset, Access::Needs(GERIR)).sample("/configuracoes/parametros/padrao", ""),
    ]
}

/// A parâmetro, and the keys of its label and of its unit.
type Shown = (&'static str, &'static str, &'static str);

/// Parâmetros that belong together below the key of their heading.
const GROUPS: [(&str, &[Shown]); 3] = [
    (
        "parametros-sessao",
        &[
            ("sessao_ociosa_minutos", "parametro-sessao-ociosa", "parametro-minutos"),
            ("sessao_horas", "parametro-sessao-horas", "parametro-horas"),
        ],
    ),
    (
        "parametros-arquivo",
        &[
            ("arquivo_max_mb", "parametro-arquivo-max", "parametro-mb"),
            ("arquivo_cota_gb", "parametro-arquivo-cota", "parametro-gb"),
        ],
    ),
    ("parametros-guarda", &[("guarda_acessos_meses", "parametro-guarda-acessos", "parametro-meses")]),
];

struct Group {
    title: &'static str,
    items: Vec<Item>,
}

/// One field.
struct Item {
    nome: &'static str,
    label: &'static str,
    /// Default, bounds and unit in one sentence.
    help: String,
    min: i64,
    max: i64,
    seen: i64,
    /// Set by the unidade, and not as it comes.
    own: bool,
}

#[derive(Template)]
#[template(path = "acesso/parametros.html")]
pub(crate) struct ParametrosPage {
    frame: Frame,
    form: FormState,
    groups: Vec<Group>,
    own: bool,
}

impl ParametrosPage {
    fn new(frame: Frame, form: Option<FormState>, known: &[(Parametro, i64)]) -> Self {
        let frame = configuracoes::below(frame).titled("parametros-title");
        let filled = || known.iter().fold(FormState::new(), |form, (parametro, now)| form.with(parametro.nome, now));
        let item = |(nome, label, unit): &Shown| {
            let (parametro, now) = known.iter().find(|(parametro, _)| parametro.nome == *nome)?;
            let number = |n: i64| frame.number(n);
            let help = frame.t_with(
                "parametro-help",
                &[
                    ("unit", frame.t(unit).into()),
                    ("default", number(parametro.default).into()),
                    ("min", number(parametro.min).into()),
                    ("max", number(parametro.max).into()),
                ],
            );
            let own = *now != parametro.default;
            Some(Item { nome, label, help, min: parametro.min, max: parametro.max, seen: *now, own })
        };
        let groups: Vec<Group> = GROUPS
            .iter()
            .map(|(title, items)| Group { title: frame.t(title), items: items.iter().filter_map(item).collect() })
            .collect();
        Self {
            own: known.iter().any(|(parametro, now)| *now != parametro.default),
            form: form.unwrap_or_else(filled),
            groups,
            frame,
        }
    }

    async fn load(ctx: &mut CtxInner, form: Option<FormState>) -> web::Result<Self> {
        let known = known(ctx).await?;
        Ok(Self::new(ctx.frame(), form, &known))
    }
}

/// Every parâmetro and what it is now.
async fn known(ctx: &mut CtxInner) -> web::Result<Vec<(Parametro, i64)>> {
    let mut known = Vec::new();
    for parametro in all(ctx.app.files.config()) {
        known.push((parametro, ctx.tx.parametro(&parametro).await?));
    }
    Ok(known)
}

async fn show(_: ParametrosPath, mut ctx: Ctx) -> web::Result<Page<ParametrosPage>> {
    Ok(Page(ParametrosPage::load(&mut ctx, None).await?))
}

async fn save(_: ParametrosPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let mut mudancas = Vec::new();
    for parametro in all(ctx.app.files.config()) {
        // Fields that were not sent are left as they are.
        let Ok(seen) = form.raw(&format!("visto-{}", parametro.nome)).parse() else { continue };
        match form.raw(parametro.nome).trim() {
            "" => mudancas.push(Mudanca { parametro, valor: None, seen }),
            text => match text.parse() {
                Ok(valor) => mudancas.push(Mudanca { parametro, valor: Some(valor), seen }),
                Err(_) => form.fail(parametro.nome, Invalid::new("parametro-number")),
            },
        }
    }
    if form.is_ok() {
        match alterar(&mut ctx.tx, &ctx.actor, &mudancas).await {
            Ok(()) => return Ok(redirect(ConfiguracoesPath::PATH, Some((Tone::Success, "toast-saved")))),
            Err(refused @ AlterarParametrosError::Rule(_)) => form.refuse(ctx.lang, &refused),
            Err(error) => return Err(error.into()),
        }
    }
    let page = ParametrosPage::load(ctx, Some(form)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// All of them as they come.
async fn reset(_: PadraoPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mudancas: Vec<Mudanca> =
        known(ctx).await?.into_iter().map(|(parametro, seen)| Mudanca { parametro, valor: None, seen }).collect();
    alterar(&mut ctx.tx, &ctx.actor, &mudancas).await?;
    Ok(redirect(ParametrosPath::PATH, Some((Tone::Success, "toast-parametros-padrao"))))
}

#[cfg(test)]
impl ParametrosPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        use super::ParametroRule;

        let files = files::FilesConfig::folder(std::path::PathBuf::from("/tmp"));
        let known: Vec<_> = all(&files).into_iter().map(|parametro| (parametro, parametro.max)).collect();
        let standard: Vec<_> = all(&files).into_iter().map(|parametro| (parametro, parametro.default)).collect();
        let mut refused = FormState::from_body(b"sessao_horas=<script>alert(1)</script>&guarda_acessos_meses=1");
        refused.refuse(frame.lang, &AlterarParametrosError::Rule(ParametroRule::OutOfBounds(all(&files).to_vec())));
        refused.refuse(frame.lang, &AlterarParametrosError::Rule(ParametroRule::Changed));
        vec![
            Self::new(frame.clone(), None, &standard),
            Self::new(frame.clone(), None, &known),
            Self::new(frame.clone(), Some(refused), &known),
        ]
    }

    fn shown() -> Vec<&'static str> {
        GROUPS.iter().flat_map(|(_, items)| items.iter().map(|(nome, _, _)| *nome)).collect()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_parametro_has_its_field() {
        let files = files::FilesConfig::folder(std::path::PathBuf::from("/tmp"));
        assert_eq!(super::ParametrosPage::shown(), super::all(&files).map(|parametro| parametro.nome));
    }
}
