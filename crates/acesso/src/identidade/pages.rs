use std::sync::Arc;

use askama::Template;
use axum::{
    extract::Multipart,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::{Fault, Lang, Texto};
use rust_decimal::Decimal;
use serde::Deserialize;
use tenancy::Unidade;
use web::{
    Access, Ctx, Error, Page, Query, Route, filters,
    forms::{Choice, FormState},
    frame::{Cor, Frame, Tema, Theme, Tone},
    redirect,
};

use super::{ALTERAR, AlterarIdentidade, AlterarIdentidadeError, MudancaLogo, alterar, sql};
use crate::{
    configuracoes::{self, ConfiguracoesPath},
    imagem::{self, Imagem, Uso},
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/identidade")]
pub struct IdentidadePath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/identidade/contraste")]
pub struct ContrastePath;

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/logo/{hash}")]
pub struct LogoPath {
    pub hash: String,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::Needs(ALTERAR)),
        Route::post(save, Access::Needs(ALTERAR)).body_limit(Uso::LOGO.max_upload + imagem::ROUND).sample(
            "/configuracoes/identidade",
            "multipart nome=SENAI+Amostra&cores=padrao&aparencia=sistema&idioma=&version={unidade.version}",
        ),
        Route::get(contrast, Access::Needs(ALTERAR))
            .sample("/configuracoes/identidade/contraste?primaria=%23164194&destaque=%23e84910", ""),
        Route::get(picture, Access::Public).ids(&["logo"]).sample("/logo/{logo}", ""),
    ]
}

/// How well a colour is read, in the words of the page.
struct Contraste {
    label: &'static str,
    cor: String,
    on_white: String,
    tone: &'static str,
    icon: &'static str,
    verdict: &'static str,
}

/// What the two colours of a form come to.
#[derive(Template)]
#[template(path = "acesso/contraste.html")]
pub(crate) struct ContrastePart {
    frame: Frame,
    contrastes: Vec<Contraste>,
}

impl ContrastePart {
    fn new(frame: Frame, primaria: &str, destaque: &str) -> Self {
        let contrastes = [("identidade-primaria", primaria, 4.5), ("identidade-destaque", destaque, 3.0)]
            .into_iter()
            .filter_map(|(label, text, enough)| {
                let cor: Cor = text.parse().ok()?;
                let contrast = cor.contrast(Cor::new(255, 255, 255));
                let good = contrast >= enough;
                Some(Contraste {
                    label: frame.t(label),
                    cor: cor.to_string(),
                    // At most 21.0; one decimal is what WCAG's tables show.
                    on_white: frame.decimal(Decimal::try_from((contrast * 10.0).floor() / 10.0).unwrap_or_default().round_dp(1)),
                    tone: if good { "ok" } else { "warn" },
                    icon: if good { "check-circle-fill" } else { "exclamation-triangle-fill" },
                    verdict: frame.t(if good { "identidade-contrast-good" } else { "identidade-contrast-low" }),
                })
            })
            .collect();
        Self { frame, contrastes }
    }
}

#[derive(Template)]
#[template(path = "acesso/identidade.html")]
pub(crate) struct IdentidadePage {
    frame: Frame,
    form: FormState,
    logo: Option<String>,
    contraste: ContrastePart,
    aparencias: Vec<Choice>,
    idiomas: Vec<Choice>,
}

impl IdentidadePage {
    fn new(frame: Frame, form: FormState) -> Self {
        let frame = configuracoes::below(frame).titled("identidade-title");
        let logo = frame.unidade().and_then(|unidade| unidade.logo.clone());
        let contraste = ContrastePart::new(frame.clone(), form.value("primaria"), form.value("destaque"));
        let aparencias = Theme::ALL.map(|theme| Choice::new(theme.code(), frame.t(theme.key()))).into();
        let idiomas = Lang::ALL.map(|lang| Choice::new(lang.tag(), idioma::t(lang, "lang-name"))).into();
        Self { frame, form, logo, contraste, aparencias, idiomas }
    }

    fn filled(unidade: &Unidade) -> FormState {
        let default = Tema::default();
        let own = unidade.tema.primaria.is_some() || unidade.tema.destaque.is_some();
        let cor = |own: &Option<String>, or: Cor| own.clone().unwrap_or_else(|| or.to_string());
        FormState::new()
            .with("nome", &unidade.nome)
            .with("version", unidade.version)
            .with("cores", if own { "proprias" } else { "padrao" })
            .with("primaria", cor(&unidade.tema.primaria, default.primaria))
            .with("destaque", cor(&unidade.tema.destaque, default.destaque))
            .with("aparencia", unidade.tema.aparencia.as_deref().and_then(Theme::parse).unwrap_or_default().code())
            .with_some("idioma", unidade.tema.lang().map(Lang::tag))
    }
}

async fn show(_: IdentidadePath, ctx: Ctx) -> Page<IdentidadePage> {
    Page(IdentidadePage::new(ctx.frame(), IdentidadePage::filled(&ctx.unidade)))
}

#[derive(Debug, Default, Deserialize)]
struct Cores {
    #[serde(default)]
    primaria: String,
    #[serde(default)]
    destaque: String,
}

async fn contrast(_: ContrastePath, ctx: Ctx, Query(cores): Query<Cores>) -> Page<ContrastePart> {
    Page(ContrastePart::new(ctx.frame(), &cores.primaria, &cores.destaque))
}

async fn save(_: IdentidadePath, ctx: Ctx, body: Multipart) -> web::Result<Response> {
    let frame = ctx.frame();
    let (app, unidade, actor) = (ctx.app.clone(), Arc::clone(&ctx.unidade), ctx.actor.clone());
    // Reading a file and drawing it anew takes its time.
    ctx.release().await?;
    let (mut form, file) = imagem::form(body, "logo").await?;
    let nome = form.required::<Texto<120>>("nome");
    let cores = form.choice("cores", |code| matches!(code, "padrao" | "proprias").then_some(code == "proprias"));
    let cores = match cores {
        Some(true) => form.required::<Cor>("primaria").zip(form.required::<Cor>("destaque")).map(Some),
        Some(false) => Some(None),
        None => None,
    };
    let logo = match file {
        None if form.has("sem_logo", "sim") => Some(MudancaLogo::Remove),
        None => Some(MudancaLogo::Keep),
        Some(file) => {
            let drawn = imagem::draw(Imagem::logo, file).await?;
            drawn.map(MudancaLogo::Replace).map_err(|invalid| form.fail("logo", invalid)).ok()
        }
    };
    let (aparencia, idioma) = (form.choice("aparencia", Theme::parse), form.optional::<Lang>("idioma"));
    let version = form.raw("version").parse().unwrap_or_default();
    if let (Some(nome), Some(cores), Some(logo), Some(aparencia), Some(idioma)) = (nome, cores, logo, aparencia, idioma) {
        let cmd = AlterarIdentidade { nome, cores, logo, aparencia, idioma, version };
        match alterar(&app.tenants, &app.platform, &unidade, &actor, cmd).await {
            Ok(()) => {
                // The signal to every process comes a moment later; whoever saved sees the new face at once.
                app.registry.forget(unidade.id);
                return Ok(redirect(IdentidadePath::PATH, Some((Tone::Success, "toast-saved"))));
            }
            Err(error @ AlterarIdentidadeError::Stale) => form.refuse(frame.lang, &error),
            Err(other) => return Err(other.into()),
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(IdentidadePage::new(frame, form))).into_response())
}

/// A picture by the hash of its bytes: the address never changes its meaning, so every cache may keep it.
async fn picture(path: LogoPath, mut ctx: Ctx) -> web::Result<Response> {
    let (mime, bytes) = sql::find(&mut ctx.tx, &path.hash).await?.ok_or_else(Error::not_found)?;
    let mime = HeaderValue::from_str(&mime).map_err(|e| Fault::new("media type of a logo", e))?;
    let headers = [
        (header::CONTENT_TYPE, mime),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
impl IdentidadePage {
    pub(crate) fn samples(frame: Frame) -> Vec<Self> {
        use kernel::Invalid;

        let filled = FormState::new()
            .with("nome", "SENAI <b>Costa</b>")
            .with("version", 3)
            .with("cores", "proprias")
            .with("primaria", "#ffe000")
            .with("destaque", "#001010")
            .with("aparencia", "escuro")
            .with("idioma", "en");
        let mut refused = FormState::new().with("nome", "").with("cores", "padrao").with("primaria", "red;}");
        refused.fail("nome", Invalid::new("required"));
        refused.fail("logo", Invalid::new("imagem-format"));
        refused.refuse(frame.lang, &AlterarIdentidadeError::Stale);
        [filled, refused].map(|form| Self::new(frame.clone(), form)).into()
    }
}
