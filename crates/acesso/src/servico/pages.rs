//! `/configuracoes/servicos/…`: making a conta de serviço and changing it; it is shown as every usuário is.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{AlterarServico, CriarServico, Descricao, Pessoa, ServicoError, alterar_servico, criar_servico};
use crate::{
    perfil::{self, PerfilId},
    usuario::{
        self, GERIR, Nome, Usuario, UsuarioId,
        admin_pages::UsuariosPath,
        ficha::{UsuarioPath, below},
    },
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/servicos/novo")]
pub struct ServicoNovoPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/servicos/{id}/editar", rejection(web::BadPath))]
pub struct ServicoEditarPath {
    pub id: UsuarioId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(new_form, Access::Needs(GERIR)),
        Route::post(create, Access::Needs(GERIR)).sample(
            "/configuracoes/servicos/novo",
            "nome=Carga+noturna&descricao=L%C3%AA+as+empresas&perfil={perfil}&responsaveis={usuario.outro}",
        ),
        Route::get(edit_form, Access::Needs(GERIR)).ids(&["servico"]).sample("/configuracoes/servicos/{servico}/editar", ""),
        Route::post(save, Access::Needs(GERIR)).ids(&["servico"]).sample(
            "/configuracoes/servicos/{servico}/editar",
            "nome=Carga+noturna&descricao=&perfil={perfil}&responsaveis={usuario.outro}&version=1",
        ),
    ]
}

#[derive(Template)]
#[template(path = "acesso/servico_form.html")]
pub(crate) struct ServicoFormPage {
    frame: Frame,
    form: FormState,
    action: String,
    cancel: String,
    perfis: Vec<Choice>,
    people: Vec<Choice>,
    /// It is there already.
    exists: bool,
}

impl ServicoFormPage {
    fn new(frame: Frame, servico: Option<&Usuario>, form: FormState, perfis: Vec<Choice>, people: Vec<Pessoa>) -> Self {
        let frame = below(frame);
        let (frame, action, cancel) = match servico {
            Some(servico) => {
                let path = UsuarioPath { id: servico.id }.to_string();
                let frame = frame.crumb(servico.nome.clone(), path.clone()).titled("servico-edit");
                (frame, ServicoEditarPath { id: servico.id }.to_string(), path)
            }
            None => (frame.titled("servico-new"), ServicoNovoPath::PATH.to_owned(), UsuariosPath::PATH.to_owned()),
        };
        Self {
            frame,
            form,
            action,
            cancel,
            perfis,
            people: people.into_iter().map(|person| Choice::new(person.id.to_string(), person.nome)).collect(),
            exists: servico.is_some(),
        }
    }

    async fn load(ctx: &mut CtxInner, servico: Option<&Usuario>, form: FormState) -> web::Result<Self> {
        let mut perfis = perfil::list(&mut ctx.tx).await?;
        // Only what the actor could give away, and what it has.
        perfis.retain(|perfil| {
            !perfil.administrador
                && (servico.is_some_and(|servico| servico.perfil_id == perfil.id) || ctx.actor.grants.covers(&perfil.grants()))
        });
        let perfis = perfis.into_iter().map(|perfil| Choice::new(perfil.id.to_string(), perfil.nome)).collect();
        let people = super::people(&mut ctx.tx).await?;
        Ok(Self::new(ctx.frame(), servico, form, perfis, people))
    }
}

/// What was sent, as far as it says something.
struct Sent {
    nome: Nome,
    descricao: Option<Descricao>,
    perfil: PerfilId,
    responsaveis: Vec<UsuarioId>,
}

fn sent(form: &mut FormState) -> Option<Sent> {
    let (nome, descricao) = (form.required::<Nome>("nome"), form.optional::<Descricao>("descricao"));
    let perfil = form.choice("perfil", |id| id.parse::<PerfilId>().ok());
    // One that is none answers for nothing: the command says so.
    let mut responsaveis: Vec<UsuarioId> = form.all("responsaveis").iter().filter_map(|id| id.parse().ok()).collect();
    responsaveis.sort_unstable();
    responsaveis.dedup();
    Some(Sent { nome: nome?, descricao: descricao?, perfil: perfil?, responsaveis })
}

async fn new_form(_: ServicoNovoPath, mut ctx: Ctx) -> web::Result<Page<ServicoFormPage>> {
    // Whoever makes it answers for it, until they say otherwise.
    let form = FormState::new().with_some("responsaveis", usuario::of(&ctx.actor));
    Ok(Page(ServicoFormPage::load(&mut ctx, None, form).await?))
}

async fn create(_: ServicoNovoPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    if let Some(Sent { nome, descricao, perfil, responsaveis }) = sent(&mut form) {
        match criar_servico(&mut ctx.tx, &ctx.actor, CriarServico { nome, descricao, perfil, responsaveis }).await {
            Ok(id) => return Ok(redirect(&UsuarioPath { id }.to_string(), Some((Tone::Success, "toast-servico-created")))),
            Err(ServicoError::Rule(rule)) => form.refuse(ctx.lang, &ServicoError::Rule(rule)),
            Err(error) => return Err(error.into()),
        }
    }
    let page = ServicoFormPage::load(ctx, None, form).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

async fn servico(ctx: &mut CtxInner, id: UsuarioId) -> web::Result<Usuario> {
    usuario::find(&mut ctx.tx, id).await?.filter(|usuario| usuario.servico).ok_or_else(Error::not_found)
}

async fn edit_form(path: ServicoEditarPath, mut ctx: Ctx) -> web::Result<Page<ServicoFormPage>> {
    let ctx = &mut *ctx;
    let servico = servico(ctx, path.id).await?;
    let answering = super::responsaveis(&mut ctx.tx, path.id).await?;
    let pairs = [
        ("nome", servico.nome.clone()),
        ("descricao", servico.descricao.clone().unwrap_or_default()),
        ("perfil", servico.perfil_id.to_string()),
        ("version", servico.version.to_string()),
    ];
    let all = pairs.into_iter().chain(answering.into_iter().map(|person| ("responsaveis", person.id.to_string())));
    Ok(Page(ServicoFormPage::load(ctx, Some(&servico), FormState::typed(all)).await?))
}

async fn save(path: ServicoEditarPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let before = servico(ctx, path.id).await?;
    let mut form = FormState::from_body(&body);
    let version = form.raw("version").parse().unwrap_or_default();
    if let Some(Sent { nome, descricao, perfil, responsaveis }) = sent(&mut form) {
        let cmd = AlterarServico { nome, descricao, perfil, responsaveis, version };
        match alterar_servico(&mut ctx.tx, &ctx.actor, path.id, cmd).await {
            Ok(()) => return Ok(redirect(&UsuarioPath { id: path.id }.to_string(), Some((Tone::Success, "toast-saved")))),
            Err(ServicoError::Rule(rule)) => form.refuse(ctx.lang, &ServicoError::Rule(rule)),
            Err(error) => return Err(error.into()),
        }
    }
    let page = ServicoFormPage::load(ctx, Some(&before), form).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

#[cfg(test)]
impl ServicoFormPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let usuario = Usuario { servico: true, ..usuario::ficha::samples::usuario(frame, true) };
        let people = |n: usize| vec![Pessoa { id: usuario.id, nome: "<b>Costa</b>".into() }; n];
        let perfis = || vec![Choice::new("1", "Leitor"), Choice::new("2", "<b>Costa</b>")];
        let mut refused = FormState::new().with("nome", "");
        for rule in [super::ServicoRule::Administrador, super::ServicoRule::NoResponsavel, super::ServicoRule::Changed] {
            refused.refuse(frame.lang, &ServicoError::Rule(rule));
        }
        let chosen = FormState::new().with("responsaveis", usuario.id);
        vec![
            Self::new(frame.clone(), None, chosen, perfis(), people(1)),
            Self::new(frame.clone(), Some(&usuario), refused, perfis(), people(60)),
        ]
    }
}
