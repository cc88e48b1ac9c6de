//! `/configuracoes/usuarios/{id}`: one usuário, and what somebody who manages people can do with them.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::{Email, Lang, Telefone};
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    pecas::Tab,
    record::{RecordTab, tabs},
    redirect,
};

use super::{
    AlterarUsuarioError, DadosUsuario, Fuso, GERIR, Nome, Setor, Usuario, UsuarioId, VER,
    admin_pages::{DesativarPath, ReativarPath, UsuariosPath},
    alterar_usuario, excluir,
};
use crate::{
    auditoria::{self, AuditoriaPath},
    configuracoes,
    excluir::ExcluirPage,
    foto::{self, pages::RemoverFotoPath},
    perfil::{self, Perfil, PerfilId},
    recuperacao::entregar_pages::EntregarPath,
    servico::{self, Pessoa, pages::ServicoEditarPath},
    token::{self, Token},
};

/// Its tabs, its rows of the trail.
pub const ENTITY: &str = "usuario";

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/{id}", rejection(web::BadPath))]
pub struct UsuarioPath {
    pub id: UsuarioId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/{id}/editar", rejection(web::BadPath))]
pub struct UsuarioEditarPath {
    pub id: UsuarioId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/{id}/excluir", rejection(web::BadPath))]
pub struct UsuarioExcluirPath {
    pub id: UsuarioId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(show, Access::Needs(VER)).ids(&["usuario"]).sample("/configuracoes/usuarios/{usuario.outro}", ""),
        Route::get(edit, Access::Needs(GERIR)).ids(&["usuario"]).sample("/configuracoes/usuarios/{usuario.outro}/editar", ""),
        Route::post(save, Access::Needs(GERIR)).ids(&["usuario"]).sample(
            "/configuracoes/usuarios/{usuario.outro}/editar",
            "nome=Outro&email=outro.novo%40senai.example&perfil={perfil}&setor=Automa%C3%A7%C3%A3o&telefone=47999990001&version=1",
        ),
        Route::get(ask, Access::Needs(GERIR)).ids(&["usuario"]).sample("/configuracoes/usuarios/{usuario.outro}/excluir", ""),
        Route::post(delete, Access::Needs(GERIR)).ids(&["usuario"]).sample("/configuracoes/usuarios/{usuario.outro}/excluir", ""),
    ]
}

pub(crate) static TABS: &[RecordTab] = &[
    RecordTab { entity: ENTITY, label: "usuario-tab-ficha", path: "/configuracoes/usuarios/{id}", permission: VER },
    RecordTab {
        entity: ENTITY,
        label: "usuario-tab-permissoes",
        path: "/configuracoes/usuarios/{id}/permissoes",
        permission: VER,
    },
    RecordTab { entity: ENTITY, label: "usuario-tab-sessoes", path: "/configuracoes/usuarios/{id}/sessoes", permission: GERIR },
];

/// What stands above every tab of a usuário.
#[derive(Debug)]
pub struct Header {
    pub nome: String,
    pub iniciais: String,
    /// Address of their picture; empty for none.
    pub foto: String,
    pub email: String,
    pub perfil: String,
    pub setor: Option<String>,
    pub telefone: Option<String>,
    pub ativo: bool,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub tabs: Vec<Tab>,
    /// Paths of what can be done by whoever looks; `None` for what cannot.
    pub edit: Option<String>,
    pub deactivate: Option<String>,
    pub reactivate: Option<String>,
    pub delete: Option<String>,
    pub link: Option<String>,
    pub remove_foto: Option<String>,
    /// What they did, in the trail.
    pub trail: Option<String>,
    pub servico: bool,
    pub deactivate_question: String,
}

impl Header {
    /// Of the usuário with this id, for a page whose access is checked.
    ///
    /// # Errors
    /// 404 for one that is unknown or gone.
    pub async fn load(ctx: &mut CtxInner, frame: &Frame, id: UsuarioId) -> web::Result<Self> {
        let usuario = super::find(&mut ctx.tx, id).await?.ok_or_else(Error::not_found)?;
        // Who holds more than the actor is not theirs to change: nothing is offered that would be refused.
        let manages = ctx.actor.may(&GERIR) && ctx.actor.grants.covers(&perfil::most_of(&mut ctx.tx, id).await?);
        let may = |permission: &kernel::Permission| ctx.actor.may(permission);
        let mut tabs = tabs((&ctx.app.modules, &ctx.unidade), frame, ENTITY, id, may, &[]);
        if usuario.servico {
            // It enters by its tokens alone.
            tabs.retain(|tab| !tab.href.ends_with("/sessoes"));
        }
        let trail = ctx.actor.may(&auditoria::VER).then(|| format!("{}?pessoa={id}", AuditoriaPath::PATH));
        Ok(Self { trail, ..Self::new(frame, usuario, tabs, manages, super::of(&ctx.actor) == Some(id)) })
    }

    fn new(frame: &Frame, usuario: Usuario, tabs: Vec<Tab>, manages: bool, own: bool) -> Self {
        let (id, nome) = (usuario.id, usuario.nome.as_str());
        let others = manages && !own;
        let edit = if usuario.servico { ServicoEditarPath { id }.to_string() } else { UsuarioEditarPath { id }.to_string() };
        let deactivate_question = if usuario.servico { "servico-deactivate-question" } else { "usuario-deactivate-question" };
        Self {
            edit: manages.then_some(edit),
            deactivate: (others && usuario.ativo).then(|| DesativarPath { id }.to_string()),
            reactivate: (others && !usuario.ativo).then(|| ReativarPath { id }.to_string()),
            link: (others && usuario.ativo && !usuario.servico).then(|| EntregarPath { id }.to_string()),
            delete: others.then(|| UsuarioExcluirPath { id }.to_string()),
            trail: None,
            deactivate_question: frame.t_with(deactivate_question, &[("nome", nome.into())]),
            servico: usuario.servico,
            iniciais: web::frame::iniciais(nome),
            remove_foto: (others && usuario.foto.is_some()).then(|| RemoverFotoPath { id }.to_string()),
            foto: foto::pages::address(usuario.foto).unwrap_or_default(),
            nome: usuario.nome,
            email: if usuario.servico { frame.t("servico").to_owned() } else { usuario.email },
            perfil: usuario.perfil,
            setor: usuario.setor,
            telefone: usuario.telefone.map(|text| shown(&text)),
            ativo: usuario.ativo,
            last_seen_at: usuario.last_seen_at,
            tabs,
        }
    }
}

/// A stored telephone as people write it.
fn shown(text: &str) -> String {
    text.parse::<Telefone>().map_or_else(|_| text.to_owned(), |telefone| telefone.to_string())
}

/// A frame one step below the list.
#[must_use]
pub fn below(frame: Frame) -> Frame {
    let title = frame.t("usuarios-title");
    configuracoes::below(frame).crumb(title, UsuariosPath::PATH)
}

#[derive(Template)]
#[template(path = "acesso/usuario.html")]
pub(crate) struct UsuarioPage {
    frame: Frame,
    header: Header,
    created_at: DateTime<Utc>,
    idioma: &'static str,
    fuso: String,
    /// Of a program.
    servico: Option<Servico>,
}

/// What is told of a program.
pub(crate) struct Servico {
    descricao: Option<String>,
    responsaveis: Vec<Pessoa>,
    tokens: Vec<Token>,
    /// Where a token for it is made.
    new: Option<String>,
}

async fn show(path: UsuarioPath, mut ctx: Ctx) -> web::Result<Page<UsuarioPage>> {
    let ctx = &mut *ctx;
    let frame = ctx.frame();
    let header = Header::load(ctx, &frame, path.id).await?;
    let usuario = super::find(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
    let mut servico = None;
    if usuario.servico {
        let may = usuario.ativo && ctx.actor.may(&token::GERIR);
        servico = Some(Servico {
            descricao: usuario.descricao.clone(),
            responsaveis: servico::responsaveis(&mut ctx.tx, path.id).await?,
            tokens: token::of_servico(&mut ctx.tx, path.id).await?,
            new: may.then(|| format!("{}?servico={}", token::pages::TokensPath::PATH, path.id)),
        });
    }
    Ok(Page(UsuarioPage::new(frame, header, &usuario, servico)))
}

impl UsuarioPage {
    fn new(frame: Frame, header: Header, usuario: &Usuario, servico: Option<Servico>) -> Self {
        let idioma = usuario.idioma.map_or_else(|| frame.t("conta-idioma-none"), |lang| idioma::t(lang, "lang-name"));
        let fuso = usuario.fuso.map_or_else(|| frame.t("conta-fuso-unidade").to_owned(), |zone| Fuso::label(zone, frame.now));
        Self { frame: below(frame).title(header.nome.clone()), header, created_at: usuario.created_at, idioma, fuso, servico }
    }
}

#[derive(Template)]
#[template(path = "acesso/usuario_form.html")]
pub(crate) struct UsuarioFormPage {
    frame: Frame,
    form: FormState,
    action: String,
    cancel: String,
    perfis: Vec<Choice>,
    idiomas: Vec<Choice>,
    setores: Vec<String>,
    /// One's own perfil is changed by somebody else.
    own: bool,
    /// There would be a third administrador: a second thought is asked for.
    many: bool,
}

/// What the form offers.
struct Offered {
    perfis: Vec<Perfil>,
    setores: Vec<String>,
}

impl Offered {
    /// Only what the actor could give away, and what the person has.
    async fn load(ctx: &mut CtxInner, has: PerfilId) -> web::Result<Self> {
        let mut perfis = perfil::list(&mut ctx.tx).await?;
        perfis.retain(|perfil| perfil.id == has || ctx.actor.grants.covers(&perfil.grants()));
        Ok(Self { perfis, setores: super::setores(&mut ctx.tx).await? })
    }
}

impl UsuarioFormPage {
    fn new(frame: Frame, usuario: &Usuario, offered: Offered, form: Option<FormState>, own: bool, many: bool) -> Self {
        let path = UsuarioPath { id: usuario.id }.to_string();
        let filled = || {
            FormState::new()
                .with("nome", &usuario.nome)
                .with("email", &usuario.email)
                .with("perfil", usuario.perfil_id)
                .with_some("setor", usuario.setor.as_ref())
                .with_some("telefone", usuario.telefone.as_deref().map(shown))
                .with_some("idioma", usuario.idioma.map(Lang::tag))
                .with("version", usuario.version)
        };
        Self {
            form: form.unwrap_or_else(filled),
            action: UsuarioEditarPath { id: usuario.id }.to_string(),
            perfis: offered.perfis.into_iter().map(|p| Choice::new(p.id.to_string(), p.nome)).collect(),
            idiomas: Lang::ALL.map(|lang| Choice::new(lang.tag(), idioma::t(lang, "lang-name"))).into(),
            setores: offered.setores,
            own,
            many,
            frame: below(frame).crumb(usuario.nome.clone(), path.clone()).titled("usuario-edit"),
            cancel: path,
        }
    }

    async fn load(ctx: &mut CtxInner, id: UsuarioId, form: Option<FormState>, many: bool) -> web::Result<Self> {
        let usuario = super::find(&mut ctx.tx, id).await?.ok_or_else(Error::not_found)?;
        let offered = Offered::load(ctx, usuario.perfil_id).await?;
        let own = super::of(&ctx.actor) == Some(id);
        Ok(Self::new(ctx.frame(), &usuario, offered, form, own, many))
    }
}

async fn edit(path: UsuarioEditarPath, mut ctx: Ctx) -> web::Result<Response> {
    let usuario = super::find(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
    if usuario.servico {
        return Ok(redirect(&ServicoEditarPath { id: path.id }.to_string(), None));
    }
    Ok(Page(UsuarioFormPage::load(&mut ctx, path.id, None, false).await?).into_response())
}

async fn save(path: UsuarioEditarPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let (nome, email) = (form.required::<Nome>("nome"), form.required::<Email>("email"));
    let perfil = form.choice("perfil", |id| id.parse::<PerfilId>().ok());
    let (setor, idioma) = (form.optional::<Setor>("setor"), form.optional::<Lang>("idioma"));
    let telefone = form.optional::<Telefone>("telefone");
    let version = form.raw("version").parse().unwrap_or_default();
    let confirmed = form.has("confirmo", "sim");
    let mut many = false;
    if let (Some(nome), Some(email), Some(perfil), Some(setor), Some(idioma), Some(telefone)) =
        (nome, email, perfil, setor, idioma, telefone)
    {
        let cmd = DadosUsuario { nome, email, perfil, setor, idioma, telefone, version, confirmed };
        match alterar_usuario(&mut ctx.tx, &ctx.actor, path.id, cmd).await {
            Ok(()) => return Ok(redirect(&UsuarioPath { id: path.id }.to_string(), Some((Tone::Success, "toast-saved")))),
            Err(error @ (AlterarUsuarioError::NotFound | AlterarUsuarioError::Denied(_) | AlterarUsuarioError::Fault(_))) => {
                return Err(error.into());
            }
            Err(refused) => {
                many = matches!(refused, AlterarUsuarioError::ManyAdministradores);
                form.refuse(ctx.lang, &refused);
            }
        }
    }
    let page = UsuarioFormPage::load(ctx, path.id, Some(form), many).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// Asks first.
async fn ask(path: UsuarioExcluirPath, mut ctx: Ctx) -> web::Result<Page<ExcluirPage>> {
    let ctx = &mut *ctx;
    let frame = ctx.frame();
    let Header { nome, email, delete, servico, .. } = Header::load(ctx, &frame, path.id).await?;
    // One's own, or of somebody who holds more: there is nothing to ask.
    let action = delete.ok_or_else(Error::not_found)?;
    let question = if servico { "servico-delete-question" } else { "usuario-delete-question" };
    let cancel = UsuarioPath { id: path.id }.to_string();
    Ok(Page(ExcluirPage::new(below(frame), nome, email, [question, "usuario-delete"], action, cancel)))
}

async fn delete(path: UsuarioExcluirPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    excluir(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(UsuariosPath::PATH, Some((Tone::Success, "toast-usuario-deleted"))))
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;
    use crate::perfil::admin_pages::samples::perfil;

    pub(crate) fn usuario(frame: &Frame, ativo: bool) -> Usuario {
        let clock = kernel::Clock::system();
        Usuario {
            id: UsuarioId::new(clock.uuid()),
            nome: "Marina <b>Costa</b>".into(),
            email: "marina.costa@senai.example".into(),
            idioma: ativo.then_some(Lang::En),
            fuso: ativo.then_some(chrono_tz::Tz::America__Manaus),
            foto: None,
            perfil_id: PerfilId::new(clock.uuid()),
            perfil: "Leitor".into(),
            setor: ativo.then(|| "Automação".to_owned()),
            telefone: ativo.then(|| "+5547999990000".to_owned()),
            administrador: false,
            ativo,
            servico: false,
            descricao: None,
            last_seen_at: ativo.then_some(frame.now),
            created_at: frame.now,
            version: 3,
        }
    }

    pub(crate) fn header(frame: &Frame, ativo: bool, manages: bool) -> Header {
        let tab = Tab { label: "Ficha".into(), href: "/configuracoes/usuarios/1".into(), count: None, active: true };
        Header::new(frame, usuario(frame, ativo), vec![tab], manages, false)
    }

    impl UsuarioPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let program = |full: bool| Servico {
                descricao: full.then(|| "Lê as <b>Costa</b>".to_owned()),
                responsaveis: if full {
                    vec![Pessoa { id: usuario(frame, true).id, nome: "<b>Costa</b>".into() }]
                } else {
                    Vec::new()
                },
                tokens: if full { vec![token::pages::sample(frame, false, false)] } else { Vec::new() },
                new: full.then(|| "/configuracoes/tokens".to_owned()),
            };
            [
                (true, true, None),
                (false, true, None),
                (true, false, None),
                (true, true, Some(program(true))),
                (true, true, Some(program(false))),
            ]
            .into_iter()
            .map(|(ativo, manages, servico)| {
                let usuario = Usuario { servico: servico.is_some(), ..usuario(frame, ativo) };
                Self::new(frame.clone(), header(frame, ativo, manages), &usuario, servico)
            })
            .collect()
        }
    }

    impl UsuarioFormPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let offered = || Offered { perfis: vec![perfil("<b>Costa</b>", None)], setores: vec!["<b>Costa</b>".into()] };
            let mut many = FormState::new().with("nome", "");
            many.refuse(frame.lang, &AlterarUsuarioError::ManyAdministradores);
            many.refuse(frame.lang, &AlterarUsuarioError::EmailTaken);
            vec![
                Self::new(frame.clone(), &usuario(frame, true), offered(), None, false, false),
                Self::new(frame.clone(), &usuario(frame, false), offered(), Some(many), false, true),
                Self::new(frame.clone(), &usuario(frame, true), offered(), None, true, false),
            ]
        }
    }
}
