//! `/comunicados`: for whoever writes them.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::{ErrorKind, Kind, Lang};
use serde::Deserialize;
use web::{
    Access, Ctx, FormBody, Page, Result, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    list::{ListState, Pager, Sort},
    redirect,
};

#[cfg(test)]
use super::ComunicadoId;
use super::{
    Alcance, Alvos, Comunicado, ComunicadoError, Destino, Dias, GERIR, Publicar, Situacao, gerir_pages::LeitoresPath, prever,
    publicar, publicar::today, sql,
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/comunicados")]
pub struct ComunicadosPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/comunicados/novo")]
pub struct NovoPath;

/// Longest texts of a form and many people, with room for what a browser makes of them.
pub(super) const BODY_LIMIT: usize = 256 * 1024;
/// For how long one is shown unless its writer says otherwise.
const USUAL: Days = Days::new(7);
/// Values of `para`.
const TODOS: &str = "todos";
const ESCOLHIDOS: &str = "escolhidos";

pub(crate) fn routes() -> Vec<Route> {
    const FORM: &str =
        "passo=publicar&id=01900000-0000-7000-8000-0000000009f0&titulo=Obra&texto=Amanh%C3%A3&para=todos&avisar=sim";
    let needs = || Access::Needs(GERIR);
    vec![
        Route::get(list, needs()),
        Route::get(new, needs()),
        Route::post(publish, needs()).body_limit(BODY_LIMIT).sample("/comunicados", FORM),
    ]
}

pub(super) fn situacao(frame: &Frame, one: Situacao) -> (&'static str, &'static str, &'static str) {
    let (key, tone, icon) = match one {
        Situacao::Avisado => ("comunicado-avisado", "quiet", "bell"),
        Situacao::Agendado => ("comunicado-agendado", "info", "clock-history"),
        Situacao::Mostrado => ("comunicado-mostrado", "ok", "check-circle-fill"),
        Situacao::Encerrado => ("comunicado-encerrado", "quiet", "archive"),
    };
    (frame.t(key), tone, icon)
}

/// To whom it went, in words.
pub(super) fn para(frame: &Frame, one: &Comunicado) -> String {
    if one.todos {
        return frame.t("comunicado-todos").to_owned();
    }
    let people = (one.usuarios > 0).then(|| frame.t_n("comunicado-pessoas", one.usuarios));
    one.perfis.iter().cloned().chain(people).collect::<Vec<_>>().join(", ")
}

pub(super) fn dias(frame: &Frame, one: &Comunicado) -> Option<String> {
    let Dias { inicio, fim } = one.dias?;
    let (inicio, fim) = (frame.date(inicio), frame.date(fim));
    Some(frame.t_with("comunicado-dias", &[("inicio", inicio.as_str().into()), ("fim", fim.as_str().into())]))
}

struct Linha {
    href: String,
    titulo: String,
    autor: String,
    at: DateTime<Utc>,
    para: String,
    dias: Option<String>,
    situacao: (&'static str, &'static str, &'static str),
    lidos: String,
}

#[derive(Template)]
#[template(path = "acesso/comunicados.html")]
struct ComunicadosPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    rows: Vec<Linha>,
}

impl ComunicadosPage {
    fn new(frame: Frame, list: ListState, total: i64, found: &[Comunicado], today: NaiveDate) -> Self {
        let frame = frame.titled("comunicados-title");
        let lidos = |one: &Comunicado| {
            if one.told {
                let of = [("n", one.lidos.into()), ("total", one.avisados.into())];
                frame.t_with("comunicado-lidos-de", &of)
            } else {
                frame.t_n("comunicado-lidos", one.lidos)
            }
        };
        let row = |one: &Comunicado| Linha {
            href: LeitoresPath { id: one.id }.to_string(),
            titulo: one.titulo.clone(),
            autor: one.autor_nome.clone(),
            at: one.created_at,
            para: para(&frame, one),
            dias: dias(&frame, one),
            situacao: situacao(&frame, one.situacao(today)),
            lidos: lidos(one),
        };
        Self { pager: Pager::new(list.page, total), rows: found.iter().map(row).collect(), list, frame }
    }
}

pub(super) fn state(path: String, ctx: &web::CtxInner) -> ListState {
    let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query);
    ListState::read(path, query, &[], Sort::down("at"))
}

async fn list(path: ComunicadosPath, mut ctx: Ctx) -> Result<Page<ComunicadosPage>> {
    let ctx = &mut *ctx;
    let list = state(path.to_string(), ctx);
    let total = sql::count(&mut ctx.tx).await?;
    let found = sql::list(&mut ctx.tx, list.page.limit(), list.page.offset()).await?;
    let today = today(&ctx.tx);
    Ok(Page(ComunicadosPage::new(ctx.frame(), list, total, &found, today)))
}

/// Whom it would reach, and how.
struct Previa {
    alcance: String,
    para: String,
    email: Option<String>,
    dias: Option<String>,
    /// The form once more, as fields that nobody sees.
    hidden: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "acesso/comunicado_new.html")]
struct ComunicadoNewPage {
    frame: Frame,
    form: FormState,
    paras: Vec<Choice>,
    perfis: Vec<Choice>,
    pessoas: Vec<(Choice, String)>,
    previa: Option<Previa>,
}

impl ComunicadoNewPage {
    fn new(frame: Frame, form: FormState, (perfis, pessoas): &Alvos, found: Option<(&Publicar, Alcance)>) -> Self {
        let label = frame.t("comunicados-title");
        let frame = frame.crumb(label, ComunicadosPath::PATH).titled("comunicado-new");
        let previa = found.map(|(cmd, alcance)| previa(&frame, &form, (perfis.as_slice(), pessoas.as_slice()), cmd, alcance));
        Self {
            paras: [(TODOS, "comunicado-todos"), (ESCOLHIDOS, "comunicado-escolhidos")]
                .map(|(value, key)| Choice::new(value, frame.t(key)))
                .into(),
            perfis: perfis
                .iter()
                .map(|perfil| Choice::new(perfil.id.to_string(), format!("{} ({})", perfil.nome, perfil.sub)))
                .collect(),
            pessoas: pessoas.iter().map(|one| (Choice::new(one.id.to_string(), one.nome.clone()), one.sub.clone())).collect(),
            previa,
            form,
            frame,
        }
    }
}

/// Every field of the form.
const FIELDS: [&str; 11] =
    ["id", "titulo", "texto", "para", "perfil", "pessoa", "avisar", "email", "mostrar", "data_inicio", "data_fim"];

fn previa(
    frame: &Frame,
    form: &FormState,
    (perfis, pessoas): (&[super::Alvo<crate::perfil::PerfilId>], &[super::Alvo<crate::usuario::UsuarioId>]),
    cmd: &Publicar,
    alcance: Alcance,
) -> Previa {
    let para = match &cmd.destino {
        Destino::Todos => frame.t("comunicado-todos").to_owned(),
        Destino::Escolhidos { perfis: some, usuarios } => {
            let perfis = perfis.iter().filter(|perfil| some.contains(&perfil.id)).map(|perfil| perfil.nome.as_str());
            let pessoas = pessoas.iter().filter(|one| usuarios.contains(&one.id)).map(|one| one.nome.as_str());
            perfis.chain(pessoas).collect::<Vec<_>>().join(", ")
        }
    };
    let hidden = FIELDS.into_iter().flat_map(|field| form.all(field).iter().map(move |value| (field, value.clone())));
    let date = |day| frame.date(day);
    Previa {
        alcance: frame.t_n("comunicado-alcance", i64::try_from(alcance.pessoas).unwrap_or(i64::MAX)),
        para,
        email: (cmd.avisar && cmd.email)
            .then(|| frame.t_n("comunicado-emails", i64::try_from(alcance.emails).unwrap_or(i64::MAX))),
        dias: cmd.dias.map(|Dias { inicio, fim }| {
            let (inicio, fim) = (date(inicio), date(fim));
            frame.t_with("comunicado-dias", &[("inicio", inicio.as_str().into()), ("fim", fim.as_str().into())])
        }),
        hidden: hidden.collect(),
    }
}

async fn new(_: NovoPath, mut ctx: Ctx) -> Result<Page<ComunicadoNewPage>> {
    let ctx = &mut *ctx;
    let today = today(&ctx.tx);
    let form = FormState::new()
        .with("id", ctx.tx.clock().uuid())
        .with("para", TODOS)
        .with("avisar", "sim")
        .with("data_inicio", today)
        .with_some("data_fim", today.checked_add_days(USUAL));
    let alvos = sql::alvos(&mut ctx.tx).await?;
    Ok(Page(ComunicadoNewPage::new(ctx.frame(), form, &alvos, None)))
}

/// Days on which it is shown, as they were typed.
pub(super) fn days(form: &mut FormState) -> Option<Dias> {
    let (inicio, fim) = (form.required::<NaiveDay>("data_inicio"), form.required::<NaiveDay>("data_fim"));
    match Dias::new(inicio?.0, fim?.0) {
        Ok(dias) => Some(dias),
        Err(invalid) => {
            form.fail("data_fim", invalid);
            None
        }
    }
}

/// A day as a browser sends it.
struct NaiveDay(NaiveDate);

impl std::str::FromStr for NaiveDay {
    type Err = kernel::Invalid;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        text.parse().map(Self).map_err(|_| kernel::Invalid::new("comunicado-dia"))
    }
}

fn written(form: &mut FormState) -> Option<Publicar> {
    let id = form.raw("id").parse().ok();
    let (titulo, texto) = (form.required("titulo"), form.required("texto"));
    let dias = if form.has("mostrar", "sim") { days(form) } else { None };
    let destino = if form.has("para", ESCOLHIDOS) {
        // What nobody could have chosen is not there.
        let perfis = form.all("perfil").iter().filter_map(|id| id.parse().ok()).collect();
        Destino::Escolhidos { perfis, usuarios: form.all("pessoa").iter().filter_map(|id| id.parse().ok()).collect() }
    } else {
        Destino::Todos
    };
    if !form.is_ok() {
        return None;
    }
    let (avisar, email) = (form.has("avisar", "sim"), form.has("email", "sim"));
    Some(Publicar { id: id?, titulo: titulo?, texto: texto?, destino, avisar, email, dias })
}

/// The form again where a rule was broken; everything else is an error of the request.
pub(super) fn again(form: &mut FormState, lang: Lang, error: ComunicadoError) -> Result<StatusCode> {
    let ComunicadoError::Rule(_) = error else { return Err(error.into()) };
    form.refuse(lang, &error);
    Ok(if error.kind() == Kind::Conflict { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY })
}

/// First how far it would go; then it goes.
async fn publish(_: ComunicadosPath, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let mut found = None;
    if let Some(cmd) = written(&mut form) {
        if form.raw("passo") == "publicar" {
            match publicar(&mut ctx.tx, &ctx.actor, cmd).await {
                Ok(id) => return Ok(redirect(&LeitoresPath { id }.to_string(), Some((Tone::Success, "toast-comunicado")))),
                Err(error) => status = again(&mut form, ctx.lang, error)?,
            }
        } else {
            match prever(&mut ctx.tx, &ctx.actor, &cmd).await {
                Ok(alcance) => {
                    status = StatusCode::OK;
                    found = Some((cmd, alcance));
                }
                Err(error) => status = again(&mut form, ctx.lang, error)?,
            }
        }
    }
    let alvos = sql::alvos(&mut ctx.tx).await?;
    let found = found.as_ref().map(|(cmd, alcance)| (cmd, *alcance));
    Ok((status, Page(ComunicadoNewPage::new(ctx.frame(), form, &alvos, found))).into_response())
}

/// One as the pages are tried with.
#[cfg(test)]
pub(super) fn sample(frame: &Frame, dias: Option<Dias>, todos: bool) -> Comunicado {
    Comunicado {
        id: ComunicadoId::new(uuid::Uuid::nil()),
        titulo: "Manutenção <script>alert(1)</script>".to_owned(),
        texto: "Às 18 h.\n<b>senai</b>".to_owned(),
        todos,
        perfis: vec!["Leitor".to_owned()],
        usuarios: 2,
        told: todos,
        mailed: todos,
        dias,
        autor_nome: "Lia <b>Costa</b>".to_owned(),
        encerrado_at: None,
        created_at: frame.now,
        version: 1,
        avisados: 12,
        lidos: 3,
    }
}

#[cfg(test)]
pub(crate) fn samples(frame: &Frame) -> Vec<Box<dyn askama::DynTemplate>> {
    use super::{Alvo, ComunicadoRule};

    let (today, id) = (frame.now.date_naive(), uuid::Uuid::nil());
    let (shown, told) = (sample(frame, Dias::new(today, today).ok(), false), sample(frame, None, true));
    let list = |query: &str| ListState::read(ComunicadosPath::PATH, query, &[], Sort::down("at"));
    let alvos: Alvos = (
        vec![Alvo { id: crate::perfil::PerfilId::new(id), nome: "Leitor".to_owned(), sub: "4".to_owned() }],
        vec![Alvo { id: crate::usuario::UsuarioId::new(id), nome: "Ana <b>Costa</b>".to_owned(), sub: "Leitor".to_owned() }],
    );
    let typed = format!(
        "id={id}&titulo=%3Cscript%3Ealert&texto=a&para=escolhidos&perfil={id}&pessoa={id}&avisar=sim&email=sim&mostrar=sim\
         &data_inicio={today}&data_fim={today}"
    );
    let mut form = FormState::from_body(typed.as_bytes());
    let cmd = written(&mut form);
    assert!(cmd.is_some(), "it is whole");
    let mut refused = FormState::from_body(b"titulo=&texto=&para=todos&mostrar=sim&data_inicio=x");
    assert!(written(&mut refused).is_none());
    for rule in [ComunicadoRule::Ninguem, ComunicadoRule::Meio, ComunicadoRule::Passado, ComunicadoRule::Enviado] {
        refused.refuse(frame.lang, &ComunicadoError::Rule(rule));
    }
    let alcance = Alcance { pessoas: 1200, emails: 0 };
    vec![
        Box::new(ComunicadosPage::new(frame.clone(), list(""), 0, &[], today)),
        Box::new(ComunicadosPage::new(frame.clone(), list("por=25"), 60, &[shown, told], today)),
        Box::new(ComunicadoNewPage::new(frame.clone(), refused, &(Vec::new(), Vec::new()), None)),
        Box::new(ComunicadoNewPage::new(frame.clone(), form, &alvos, cmd.as_ref().map(|cmd| (cmd, alcance)))),
    ]
}
