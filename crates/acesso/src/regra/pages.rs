//! `/configuracoes/entrada`.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, FormBody, Page, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{
    ATTEMPTS, AlterarRegra, AlterarRegraError, Caminhos, DoPerfil, GERIR, NovaDoPerfil, Regra, SegundoFator, alterar, sql,
};
use crate::{
    configuracoes::{self, ConfiguracoesPath},
    provedor,
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/entrada")]
pub struct RegraPath;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::Needs(GERIR)),
        Route::post(save, Access::Needs(GERIR))
            .sample("/configuracoes/entrada", "version=1&attempts=4&trust_days=30&fator-{perfil}=exigido"),
    ]
}

/// What can be asked of one perfil, as its field is printed.
struct Row {
    field: String,
    nome: String,
    chosen: &'static str,
    /// `None`: always.
    by_senha: Option<String>,
    senha: bool,
    by_telefone: String,
    telefone: bool,
    by_provedor: String,
    provedor: bool,
}

#[derive(Template)]
#[template(path = "acesso/regra.html")]
pub(crate) struct RegraPage {
    frame: Frame,
    form: FormState,
    attempts: Vec<Choice>,
    days: Vec<Choice>,
    rows: Vec<Row>,
    rules: Vec<Choice>,
    /// There is a provedor whose word could be taken.
    provedores: bool,
}

fn field(perfil: &DoPerfil) -> String {
    format!("fator-{}", perfil.id)
}

/// `None` for whoever enters by senha whatever is ticked.
fn by_senha(perfil: &DoPerfil) -> Option<String> {
    (!perfil.administrador).then(|| format!("senha-{}", perfil.id))
}

/// A box that is not ticked is not sent: it counts where the perfil's other field came.
fn by_telefone(perfil: &DoPerfil) -> String {
    format!("telefone-{}", perfil.id)
}

/// As [`by_telefone`].
fn by_provedor(perfil: &DoPerfil) -> String {
    format!("provedor-{}", perfil.id)
}

/// Whether the form asked about that at all: what it did not ask stays as it is.
fn asked(form: &FormState, what: &str) -> bool {
    form.has(what, "sim")
}

const PROVEDORES: &str = "provedores";
const SENHAS: &str = "senhas";

/// What the form says of the senha of a perfil.
fn senha_of(form: &FormState, perfil: &DoPerfil) -> bool {
    match by_senha(perfil) {
        Some(field) if asked(form, SENHAS) => form.has(&field, "sim"),
        _ => perfil.caminhos.senha,
    }
}

/// What it says of provedores.
fn provedor_of(form: &FormState, perfil: &DoPerfil) -> bool {
    if asked(form, PROVEDORES) { form.has(&by_provedor(perfil), "sim") } else { perfil.caminhos.provedor }
}

impl RegraPage {
    fn new(frame: Frame, form: FormState, perfis: &[DoPerfil], provedores: bool) -> Self {
        let frame = configuracoes::below(frame).titled("regra-title");
        let words = |rule| match rule {
            SegundoFator::Desligado => "regra-desligado",
            SegundoFator::Oferecido => "regra-oferecido",
            SegundoFator::Exigido => "regra-exigido",
        };
        // What was sent comes back when something else is wrong.
        let chosen = |perfil: &DoPerfil| form.value(&field(perfil)).parse().unwrap_or(perfil.segundo_fator).code();
        let telefone = |perfil: &DoPerfil| match form.value(&field(perfil)) {
            "" => perfil.caminhos.telefone,
            _ => form.has(&by_telefone(perfil), "sim"),
        };
        Self {
            provedores,
            attempts: ATTEMPTS.map(|n| Choice::new(n.to_string(), frame.t_n("regra-attempts-n", n))).collect(),
            days: [0, 7, 15, 30, 60, 90]
                .map(|n| {
                    let label = if n == 0 { frame.t("regra-trust-never").to_owned() } else { frame.t_n("regra-trust-n", n) };
                    Choice::new(n.to_string(), label)
                })
                .into(),
            rows: perfis
                .iter()
                .map(|perfil| Row {
                    field: field(perfil),
                    nome: perfil.nome.clone(),
                    chosen: chosen(perfil),
                    by_senha: by_senha(perfil),
                    senha: senha_of(&form, perfil),
                    by_telefone: by_telefone(perfil),
                    telefone: telefone(perfil),
                    by_provedor: by_provedor(perfil),
                    provedor: provedor_of(&form, perfil),
                })
                .collect(),
            rules: SegundoFator::ALL.map(|rule| Choice::new(rule.code(), frame.t(words(rule)))).into(),
            form,
            frame,
        }
    }

    async fn load(ctx: &mut CtxInner, form: Option<FormState>) -> web::Result<Self> {
        let Regra { attempts, trust_days, version } = super::find(&mut ctx.tx).await?;
        let perfis = sql::perfis(&mut ctx.tx).await?;
        let provedores = provedor::any(&mut ctx.tx).await?;
        let filled = || FormState::new().with("version", version).with("attempts", attempts).with("trust_days", trust_days);
        Ok(Self::new(ctx.frame(), form.unwrap_or_else(filled), &perfis, provedores))
    }
}

async fn show(_: RegraPath, mut ctx: Ctx) -> web::Result<Page<RegraPage>> {
    Ok(Page(RegraPage::load(&mut ctx, None).await?))
}

async fn save(_: RegraPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let attempts = form.choice("attempts", |n| n.parse::<i32>().ok());
    let trust_days = form.choice("trust_days", |n| n.parse::<i32>().ok());
    let mut perfis = Vec::new();
    for perfil in sql::perfis(&mut ctx.tx).await? {
        if !form.raw(&field(&perfil)).is_empty()
            && let Ok(segundo_fator) = form.raw(&field(&perfil)).parse()
        {
            let telefone = form.has(&by_telefone(&perfil), "sim");
            let caminhos = Caminhos { senha: senha_of(&form, &perfil), telefone, provedor: provedor_of(&form, &perfil) };
            perfis.push(NovaDoPerfil { perfil: perfil.id, segundo_fator, caminhos });
        }
    }
    if let (Some(attempts), Some(trust_days)) = (attempts, trust_days) {
        let version = form.raw("version").parse().unwrap_or_default();
        match alterar(&mut ctx.tx, &ctx.actor, AlterarRegra { attempts, trust_days, perfis, version }).await {
            Ok(()) => return Ok(redirect(ConfiguracoesPath::PATH, Some((Tone::Success, "toast-saved")))),
            Err(refused @ AlterarRegraError::Rule(_)) => form.refuse(ctx.lang, &refused),
            Err(error) => return Err(error.into()),
        }
    }
    let page = RegraPage::load(ctx, Some(form)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

#[cfg(test)]
impl RegraPage {
    pub(crate) fn samples(frame: Frame) -> Vec<Self> {
        use super::RegraRule;

        let clock = kernel::Clock::system();
        let perfil = |nome: &str, segundo_fator| DoPerfil {
            id: crate::perfil::PerfilId::new(clock.uuid()),
            nome: nome.into(),
            administrador: segundo_fator == SegundoFator::Exigido,
            segundo_fator,
            caminhos: Caminhos {
                senha: segundo_fator != SegundoFator::Desligado,
                telefone: segundo_fator == SegundoFator::Exigido,
                provedor: segundo_fator != SegundoFator::Exigido,
            },
        };
        let many = [
            perfil("Administrador", SegundoFator::Exigido),
            perfil("<b>Costa</b>", SegundoFator::Oferecido),
            perfil(&"Maximiliano ".repeat(10), SegundoFator::Desligado),
        ];
        let mut refused = FormState::new();
        refused.refuse(frame.lang, &AlterarRegraError::Rule(RegraRule::OutOfBounds("attempts")));
        refused.refuse(frame.lang, &AlterarRegraError::Rule(RegraRule::Changed));
        vec![Self::new(frame.clone(), FormState::new().with("attempts", 5), &many, true), Self::new(frame, refused, &[], false)]
    }
}
