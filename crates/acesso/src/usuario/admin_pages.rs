//! `/configuracoes/usuarios`: who may enter, who was invited, and shutting somebody out.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::Email;
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, FormBody, Page, Route, filters,
    forms::{Choice, FormState},
    frame::{Action, Frame, Tone},
    list::{Direction, ListState, Pager, Sort},
    redirect,
};

use super::{
    AlterarUsuarioError, Filtro, GERIR, Nome, SituacaoError, Usuario, UsuarioId, VER, administradores,
    alterar::FEW_ADMINISTRADORES,
    desativar,
    exportar::{ExportarCsvPath, ExportarXlsxPath},
    ficha::{UsuarioEditarPath, UsuarioPath},
    permissao::pages::UsuarioPermissoesPath,
    reativar,
};
use crate::{
    configuracoes,
    convite::{
        self, Convidar, ConvidarError, Convite,
        admin_pages::{EntregarConvitePath, ReenviarConvitePath, RevogarConvitePath},
    },
    foto,
    perfil::{self, PerfilId},
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios")]
pub struct UsuariosPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/convidar")]
pub struct ConvidarPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/{id}/desativar")]
pub struct DesativarPath {
    pub id: UsuarioId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/usuarios/{id}/reativar")]
pub struct ReativarPath {
    pub id: UsuarioId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(list, Access::Needs(VER)),
        Route::get(invite_form, Access::Needs(GERIR)),
        Route::post(invite, Access::Needs(GERIR))
            .sample("/configuracoes/usuarios/convidar", "nome=Rafael+Nunes&email=rafael.nunes%40senai.example&perfil={perfil}"),
        Route::post(deactivate, Access::Needs(GERIR))
            .ids(&["usuario"])
            .sample("/configuracoes/usuarios/{usuario.outro}/desativar", ""),
        Route::post(reactivate, Access::Needs(GERIR))
            .ids(&["usuario"])
            .sample("/configuracoes/usuarios/{usuario.inativo}/reativar", ""),
    ]
}

const SORTS: &[&str] = &["nome", "acesso"];

/// A usuario as its row is printed.
struct Row {
    href: String,
    nome: String,
    email: String,
    perfil: String,
    setor: Option<String>,
    ativo: bool,
    servico: bool,
    last_seen_at: Option<DateTime<Utc>>,
    iniciais: String,
    /// Address of their picture; empty for none.
    foto: String,
    actions: Vec<Action>,
    menu: String,
}

impl Row {
    fn new(frame: &Frame, usuario: Usuario, manages: bool, own: Option<UsuarioId>) -> Self {
        let nome = usuario.nome.as_str();
        let href = UsuarioPath { id: usuario.id }.to_string();
        let mut actions = vec![
            Action::link(frame.t("usuario-open"), href.clone(), "person-circle"),
            Action::link(frame.t("usuario-permissoes"), UsuarioPermissoesPath { id: usuario.id }.to_string(), "shield-check"),
        ];
        if manages {
            // That of a program leads on to its own.
            actions.push(Action::link(frame.t("usuario-edit"), UsuarioEditarPath { id: usuario.id }.to_string(), "pencil"));
        }
        if manages && usuario.ativo && own != Some(usuario.id) {
            let question = if usuario.servico { "servico-deactivate-question" } else { "usuario-deactivate-question" };
            let question = frame.t_with(question, &[("nome", nome.into())]);
            let path = DesativarPath { id: usuario.id }.to_string();
            actions.push(Action::post(frame.t("usuario-deactivate"), path, "pause-circle-fill").confirm(question));
        }
        if manages && !usuario.ativo {
            actions.push(Action::post(frame.t("usuario-reactivate"), ReativarPath { id: usuario.id }.to_string(), "play-circle"));
        }
        Self {
            menu: frame.t_with("list-actions-of", &[("nome", nome.into())]),
            iniciais: web::frame::iniciais(nome),
            foto: foto::pages::address(usuario.foto).unwrap_or_default(),
            nome: usuario.nome,
            email: if usuario.servico { usuario.descricao.unwrap_or_default() } else { usuario.email },
            href,
            perfil: usuario.perfil,
            setor: usuario.setor,
            ativo: usuario.ativo,
            servico: usuario.servico,
            last_seen_at: usuario.last_seen_at,
            actions,
        }
    }
}

/// A convite that waits.
struct Waiting {
    nome: String,
    email: String,
    perfil: String,
    expires_at: DateTime<Utc>,
    over: bool,
    again: String,
    link: String,
    revoke: String,
}

#[derive(Template)]
#[template(path = "acesso/usuarios.html")]
pub(crate) struct UsuariosPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    perfis: Vec<Choice>,
    situacoes: Vec<Choice>,
    tipos: Vec<Choice>,
    setores: Vec<Choice>,
    rows: Vec<Row>,
    waiting: Vec<Waiting>,
    manages: bool,
    total: String,
    /// The same rows as files: label and path.
    exports: [(&'static str, String); 2],
}

/// What the page shows besides its frame.
struct Found {
    usuarios: Vec<Usuario>,
    total: i64,
    convites: Vec<Convite>,
    perfis: Vec<perfil::Perfil>,
    setores: Vec<String>,
    manages: bool,
    own: Option<UsuarioId>,
}

impl UsuariosPage {
    fn new(frame: Frame, list: ListState, found: Found) -> Self {
        let frame = configuracoes::below(frame).titled("usuarios-title");
        let situacoes =
            vec![Choice::new("ativo", frame.t("usuario-active")), Choice::new("inativo", frame.t("usuario-inactive"))];
        let perfis: Vec<Choice> = found.perfis.into_iter().map(|p| Choice::new(p.id.to_string(), p.nome)).collect();
        let now = frame.now;
        let waiting = found.convites.into_iter().map(|c| Waiting {
            again: ReenviarConvitePath { id: c.id }.to_string(),
            link: EntregarConvitePath { id: c.id }.to_string(),
            revoke: RevogarConvitePath { id: c.id }.to_string(),
            over: c.expires_at <= now,
            nome: c.nome,
            email: c.email,
            perfil: c.perfil,
            expires_at: c.expires_at,
        });
        Self {
            pager: Pager::new(list.page, found.total),
            rows: found.usuarios.into_iter().map(|u| Row::new(&frame, u, found.manages, found.own)).collect(),
            waiting: waiting.collect(),
            perfis,
            situacoes,
            tipos: vec![Choice::new("pessoa", frame.t("usuario-pessoa")), Choice::new("servico", frame.t("servico"))],
            setores: found.setores.into_iter().map(|setor| Choice::new(setor.clone(), setor)).collect(),
            manages: found.manages,
            total: frame.t_n("usuarios-count", found.total),
            exports: [("XLSX", list.link_at(ExportarXlsxPath::PATH)), ("CSV", list.link_at(ExportarCsvPath::PATH))],
            list,
            frame,
        }
    }
}

/// What the address of the list asks for.
pub(super) struct Asked {
    pub list: ListState,
    perfis: Vec<PerfilId>,
    setores: Vec<String>,
}

impl Asked {
    pub(super) fn read(ctx: &CtxInner) -> Self {
        let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query).to_owned();
        let list = ListState::read(UsuariosPath::PATH, &query, SORTS, Sort::up("nome"));
        Self {
            perfis: list.all("perfil").filter_map(|id| id.parse().ok()).collect(),
            setores: list.all("setor").map(str::to_owned).collect(),
            list,
        }
    }

    /// The one value of a filter; with several, or none, it narrows nothing.
    fn one(&self, name: &str) -> Option<&str> {
        (self.list.all(name).count() == 1).then(|| self.list.filter(name)).flatten()
    }

    pub(super) fn filtro(&self) -> Filtro<'_> {
        Filtro {
            busca: self.list.search(),
            ativo: self.one("situacao").map(|code| code == "ativo"),
            perfis: &self.perfis,
            setores: &self.setores,
            servico: self.one("tipo").map(|code| code == "servico"),
            ordem: self.list.sort.key,
            descendente: self.list.sort.direction == Direction::Down,
        }
    }

    /// The filters in force, each with its label.
    pub(super) async fn in_words(
        &self,
        tx: &mut tenancy::TenantTx,
        frame: &Frame,
    ) -> Result<Vec<(String, String)>, kernel::Fault> {
        let mut words = Vec::new();
        let mut say = |label: &str, value: String| words.push((frame.t(label).to_owned(), value));
        if !self.list.search().is_empty() {
            say("usuarios-search", self.list.search().to_owned());
        }
        if !self.perfis.is_empty() {
            let perfis = perfil::list(tx).await?.into_iter().filter(|perfil| self.perfis.contains(&perfil.id));
            say("usuario-perfil", perfis.map(|perfil| perfil.nome).collect::<Vec<_>>().join(", "));
        }
        if let Some(code) = self.one("situacao") {
            say("usuario-situacao", frame.t(if code == "ativo" { "usuario-active" } else { "usuario-inactive" }).to_owned());
        }
        if let Some(code) = self.one("tipo") {
            say("usuario-tipo", frame.t(if code == "servico" { "servico" } else { "usuario-pessoa" }).to_owned());
        }
        if !self.setores.is_empty() {
            say("usuario-setor", self.setores.join(", "));
        }
        Ok(words)
    }
}

async fn list(_: UsuariosPath, mut ctx: Ctx) -> web::Result<Page<UsuariosPage>> {
    let ctx = &mut *ctx;
    let asked = Asked::read(ctx);
    let (usuarios, total) = super::list(&mut ctx.tx, &asked.filtro(), asked.list.page).await?;
    let manages = ctx.actor.may(&GERIR);
    let convites = if manages { convite::list_open(&mut ctx.tx).await? } else { Vec::new() };
    let (perfis, setores) = (perfil::list(&mut ctx.tx).await?, super::setores(&mut ctx.tx).await?);
    let found = Found { usuarios, total, convites, perfis, setores, manages, own: super::of(&ctx.actor) };
    Ok(Page(UsuariosPage::new(ctx.frame(), asked.list, found)))
}

#[derive(Template)]
#[template(path = "acesso/convidar.html")]
pub(crate) struct ConvidarPage {
    frame: Frame,
    form: FormState,
    perfis: Vec<Choice>,
    many: bool,
}

impl ConvidarPage {
    fn new(frame: Frame, form: FormState, perfis: Vec<Choice>) -> Self {
        let title = frame.t("usuarios-title");
        let frame = configuracoes::below(frame).crumb(title, UsuariosPath::PATH).titled("convidar-title");
        Self { frame, form, perfis, many: false }
    }

    async fn load(ctx: &mut CtxInner, form: FormState) -> web::Result<Self> {
        let perfis = perfil::list(&mut ctx.tx).await?;
        // Only what the actor could give away is offered.
        let offered = perfis.into_iter().filter(|p| ctx.actor.grants.covers(&p.grants()));
        let perfis = offered.map(|p| Choice::new(p.id.to_string(), p.nome)).collect();
        Ok(Self::new(ctx.frame(), form, perfis))
    }
}

async fn invite_form(_: ConvidarPath, mut ctx: Ctx) -> web::Result<Page<ConvidarPage>> {
    Ok(Page(ConvidarPage::load(&mut ctx, FormState::new()).await?))
}

async fn invite(_: ConvidarPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let (nome, email) = (form.required::<Nome>("nome"), form.required::<Email>("email"));
    let perfil = form.choice("perfil", |id| id.parse::<PerfilId>().ok());
    let many = match perfil {
        Some(id) if !form.has("confirmo", "sim") => is_one_too_many(ctx, id).await?,
        _ => false,
    };
    if many {
        form.refuse(ctx.lang, &AlterarUsuarioError::ManyAdministradores);
    } else if let (Some(nome), Some(email), Some(perfil)) = (nome, email, perfil) {
        let links = crate::links(&ctx.app)?;
        match convite::convidar(&mut ctx.tx, &ctx.actor, &links, Convidar { nome, email, perfil }).await {
            Ok(_) => return Ok(redirect(UsuariosPath::PATH, Some((Tone::Success, "toast-invited")))),
            Err(refused @ ConvidarError::Rule(_)) => form.refuse(ctx.lang, &refused),
            Err(error) => return Err(error.into()),
        }
    }
    let mut page = ConvidarPage::load(ctx, form).await?;
    page.many = many;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// Whether this perfil would make a third administrador (S3-12.9).
async fn is_one_too_many(ctx: &mut CtxInner, perfil: PerfilId) -> web::Result<bool> {
    let rises = perfil::find(&mut ctx.tx, perfil).await?.is_some_and(|perfil| perfil.administrador);
    Ok(rises && administradores(&mut ctx.tx).await? >= FEW_ADMINISTRADORES)
}

async fn deactivate(path: DesativarPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    done(desativar(&mut ctx.tx, &ctx.actor, path.id).await, "toast-deactivated")
}

async fn reactivate(path: ReativarPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    done(reativar(&mut ctx.tx, &ctx.actor, path.id).await, "toast-reactivated")
}

/// What the person wanted, when somebody did it already, is no error to them.
fn done(outcome: Result<(), SituacaoError>, toast: &'static str) -> web::Result<Response> {
    match outcome {
        Ok(()) | Err(SituacaoError::Unchanged) => Ok(redirect(UsuariosPath::PATH, Some((Tone::Success, toast)))),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
impl UsuariosPage {
    pub(crate) fn samples(frame: Frame) -> Vec<Self> {
        let clock = kernel::Clock::system();
        let usuario = |nome: &str, ativo: bool| Usuario {
            id: UsuarioId::new(clock.uuid()),
            nome: nome.into(),
            email: "a@senai.example".into(),
            idioma: None,
            fuso: None,
            foto: ativo.then(|| "0".repeat(32)),
            perfil_id: PerfilId::new(clock.uuid()),
            perfil: "Leitor".into(),
            setor: None,
            telefone: None,
            administrador: false,
            ativo,
            servico: !ativo,
            descricao: None,
            last_seen_at: ativo.then_some(frame.now),
            created_at: frame.now,
            version: 1,
        };
        let convite = Convite {
            id: convite::ConviteId::new(clock.uuid()),
            nome: "Diego <b>Costa</b>".into(),
            email: "diego@senai.example".into(),
            perfil_id: PerfilId::new(clock.uuid()),
            perfil: "Atendente".into(),
            created_at: frame.now,
            expires_at: frame.now,
        };
        let many = || vec![usuario("Marina <script>alert(1)</script>", true), usuario("Léo", false)];
        let found = |usuarios: Vec<Usuario>, convites, manages| Found {
            total: i64::try_from(usuarios.len()).unwrap_or_default(),
            usuarios,
            convites,
            perfis: Vec::new(),
            setores: vec!["<b>Costa</b>".into()],
            manages,
            own: None,
        };
        let list = |query| ListState::read(UsuariosPath::PATH, query, SORTS, Sort::up("nome"));
        vec![
            Self::new(frame.clone(), list(""), found(many(), vec![convite], true)),
            Self::new(frame.clone(), list("q=%3Cb%3Ex&situacao=ativo&ordem=-acesso"), found(many(), vec![], false)),
            Self::new(frame, list("q=nada"), found(vec![], vec![], true)),
        ]
    }
}

#[cfg(test)]
impl ConvidarPage {
    pub(crate) fn samples(frame: Frame) -> Vec<Self> {
        let perfis = || vec![Choice::new("1", "Administrador"), Choice::new("2", "<b>Costa</b>")];
        let mut taken = FormState::new().with("nome", "Ana").with("email", "ana@senai.example").with("perfil", "2");
        taken.refuse(frame.lang, &ConvidarError::from(convite::ConvidarRule::EmailTaken));
        vec![Self::new(frame.clone(), FormState::new(), perfis()), Self::new(frame, taken, perfis())]
    }
}
