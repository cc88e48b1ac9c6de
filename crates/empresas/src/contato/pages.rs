//! The contatos of an empresa as a tab of its page, and the form of one.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{
    Access, Ctx, Error, FormBody, Page, Query, Result, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Toast, Tone},
    redirect,
};

use super::{Contato, ContatoError, ContatoId, ContatoRule, Dados, FIELDS, Papel, alterar, excluir, registrar, restaurar, sql};
use crate::empresa::{
    ALTERAR, Empresa, EmpresaId, VER, lista,
    pages::{
        EmpresaShow,
        header::{self, Header},
    },
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/empresas/{id}/contatos", rejection(web::BadPath))]
pub struct Contatos {
    pub id: EmpresaId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/empresas/{id}/contatos/novo", rejection(web::BadPath))]
pub struct ContatoNew {
    pub id: EmpresaId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/empresas/{id}/contatos/{contato}", rejection(web::BadPath))]
pub struct ContatoEdit {
    pub id: EmpresaId,
    pub contato: ContatoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/empresas/{id}/contatos/{contato}/excluir", rejection(web::BadPath))]
pub struct ContatoExcluir {
    pub id: EmpresaId,
    pub contato: ContatoId,
}

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/empresas/{id}/contatos/{contato}/restaurar", rejection(web::BadPath))]
pub struct ContatoRestaurar {
    pub id: EmpresaId,
    pub contato: ContatoId,
}

pub(crate) fn routes() -> Vec<Route> {
    const FORM: &str = "version=1&nome=Sueli+Ramos&papel=rh";
    let needs = || Access::Needs(ALTERAR);
    let both: &'static [&'static str] = &["empresa", "contato"];
    vec![
        Route::get(list, Access::Needs(VER)).ids(&["empresa"]).sample("/empresas/{empresa}/contatos", ""),
        Route::get(new, needs()).ids(&["empresa"]).sample("/empresas/{empresa}/contatos/novo", ""),
        Route::post(create, needs()).ids(&["empresa"]).sample("/empresas/{empresa}/contatos", FORM),
        Route::get(edit, needs()).ids(both).sample("/empresas/{empresa}/contatos/{contato}", ""),
        Route::post(save, needs()).ids(both).sample("/empresas/{empresa}/contatos/{contato}", FORM),
        Route::post(delete, needs()).ids(both).sample("/empresas/{empresa}/contatos/{contato}/excluir", ""),
        Route::post(restore, needs()).ids(both).sample("/empresas/{empresa}/contatos/{contato.excluido}/restaurar", ""),
    ]
}

/// A contato as printed.
#[derive(Debug)]
pub(crate) struct Pessoa {
    pub nome: String,
    /// Cargo and papel.
    pub sub: String,
    pub observacoes: String,
    pub email: Option<String>,
    pub telefone: Option<(String, String)>,
    /// Its form, for whoever may change it.
    pub edit: Option<String>,
}

impl Pessoa {
    pub(crate) fn new(frame: &Frame, contato: &Contato, alterar: bool) -> Self {
        let dados = &contato.dados;
        let about = [dados.cargo.as_ref().map(ToString::to_string), dados.papel.map(|papel| frame.t(papel.label()).to_owned())];
        Self {
            nome: dados.nome.to_string(),
            sub: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            observacoes: dados.observacoes.as_ref().map(ToString::to_string).unwrap_or_default(),
            email: dados.email.as_ref().map(ToString::to_string),
            telefone: dados.telefone.as_ref().map(|telefone| (telefone.as_str().to_owned(), telefone.to_string())),
            edit: alterar.then(|| ContatoEdit { id: contato.empresa_id, contato: contato.id }.to_string()),
        }
    }
}

/// The tab.
#[derive(Template)]
#[template(path = "empresas/contato/list.html")]
pub struct ContatosPage {
    frame: Frame,
    header: Header,
    path: String,
    pessoas: Vec<Pessoa>,
}

impl ContatosPage {
    fn new(frame: Frame, header: Header, id: EmpresaId, contatos: &[Contato]) -> Self {
        let alterar = header.here.alterar;
        let pessoas = contatos.iter().map(|contato| Pessoa::new(&frame, contato, alterar)).collect();
        Self { path: Contatos { id }.to_string(), pessoas, header, frame }
    }

    /// For the test that renders every page: nobody, and as many as there may be.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let made = |full: bool, n: usize| {
            let empresa = crate::empresa::samples::empresa(full, full, frame.now);
            let frame = header::framed(frame.clone(), &empresa, Some("contatos-title"));
            let header = Header::sample(&frame, full, full);
            Self::new(frame, header, empresa.id, &super::samples(empresa.id, n))
        };
        vec![("nobody", made(false, 0)), ("many", made(true, 100))]
    }
}

#[derive(Debug, Deserialize)]
struct Asked {
    /// Just taken off: the page offers the way back.
    contato_excluido: Option<ContatoId>,
}

async fn list(path: Contatos, mut ctx: Ctx, Query(asked): Query<Asked>) -> Result<Page<ContatosPage>> {
    let ctx = &mut *ctx;
    let (empresa, mut frame, header) = header::open(ctx, path.id, Some("contatos-title")).await?;
    let contatos = sql::list(&mut ctx.tx, empresa.id).await?;
    if let Some(contato) = asked.contato_excluido.filter(|_| header.here.alterar)
        && let Some(gone) = sql::find_trashed(&mut ctx.tx, path.id, contato).await?
    {
        let text = frame.t_with("contato-gone", &[("nome", gone.dados.nome.as_str().into())]);
        let undo = Some(ContatoRestaurar { id: path.id, contato }.to_string());
        frame = frame.toast(Some(Toast { tone: Tone::Success, text, undo }));
    }
    Ok(Page(ContatosPage::new(frame, header, path.id, &contatos)))
}

#[derive(Template)]
#[template(path = "empresas/contato/form.html")]
pub struct ContatoFormPage {
    frame: Frame,
    form: FormState,
    action: String,
    cancel: String,
    papeis: Vec<Choice>,
    /// The version that was seen, and what deletes it; `None` for a new one.
    existing: Option<(i32, String)>,
    question: String,
}

impl ContatoFormPage {
    fn new(frame: Frame, form: FormState, empresa: &Empresa, contato: Option<(ContatoId, i32)>) -> Self {
        let id = empresa.id;
        let cancel = Contatos { id }.to_string();
        let (empresas, contatos) = (frame.t("empresas-title"), frame.t("contatos-title"));
        let frame = frame.titled(if contato.is_some() { "contato-edit" } else { "contato-new" });
        let frame = frame.crumb(empresas, "/empresas").crumb(empresa.cadastro.nome.to_string(), EmpresaShow { id }.to_string());
        let frame = frame.crumb(contatos, cancel.clone());
        Self {
            papeis: Papel::ALL.iter().map(|papel| Choice::new(papel.code(), frame.t(papel.label()))).collect(),
            question: frame.t_with("contato-delete-question", &[("nome", form.value("nome").into())]),
            action: contato.map_or_else(|| Contatos { id }.to_string(), |(contato, _)| ContatoEdit { id, contato }.to_string()),
            existing: contato.map(|(contato, version)| (version, ContatoExcluir { id, contato }.to_string())),
            cancel,
            form,
            frame,
        }
    }
}

/// What was typed, when all of it is valid.
fn dados(form: &mut FormState) -> Option<Dados> {
    let nome = form.required("nome");
    let cargo = form.optional("cargo");
    let papel = if form.raw("papel").is_empty() { Some(None) } else { form.choice("papel", Papel::from_code).map(Some) };
    let email = form.optional("email");
    let telefone = form.optional("telefone");
    let observacoes = form.optional("observacoes");
    Some(Dados { nome: nome?, cargo: cargo?, papel: papel?, email: email?, telefone: telefone?, observacoes: observacoes? })
}

fn filled(dados: &Dados) -> FormState {
    FormState::new()
        .with("nome", &dados.nome)
        .with_some("cargo", dados.cargo.as_ref())
        .with_some("papel", dados.papel.map(Papel::code))
        .with_some("email", dados.email.as_ref())
        .with_some("telefone", dados.telefone.as_ref())
        .with_some("observacoes", dados.observacoes.as_ref())
}

async fn empresa(ctx: &mut web::CtxInner, id: EmpresaId) -> Result<Empresa> {
    lista::find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)
}

/// Back among the empresa's people.
fn back(id: EmpresaId, toast: &'static str) -> Response {
    redirect(&Contatos { id }.to_string(), Some((Tone::Success, toast)))
}

async fn new(path: ContatoNew, mut ctx: Ctx) -> Result<Page<ContatoFormPage>> {
    let empresa = empresa(&mut ctx, path.id).await?;
    Ok(Page(ContatoFormPage::new(ctx.frame(), FormState::new(), &empresa, None)))
}

async fn create(path: Contatos, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let empresa = empresa(ctx, path.id).await?;
    if let Some(dados) = dados(&mut form) {
        match registrar(&mut ctx.tx, &ctx.actor, path.id, &dados).await {
            Ok(_) => return Ok(back(path.id, "toast-contato-registrado")),
            Err(error @ ContatoError::Rule(ContatoRule::TooMany)) => form.refuse(ctx.lang, &error),
            Err(error) => return Err(error.into()),
        }
    }
    let page = ContatoFormPage::new(ctx.frame(), form, &empresa, None);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

async fn edit(path: ContatoEdit, mut ctx: Ctx) -> Result<Page<ContatoFormPage>> {
    let ctx = &mut *ctx;
    let empresa = empresa(ctx, path.id).await?;
    let contato = sql::find(&mut ctx.tx, path.id, path.contato).await?.ok_or_else(Error::not_found)?;
    Ok(Page(ContatoFormPage::new(ctx.frame(), filled(&contato.dados), &empresa, Some((contato.id, contato.version)))))
}

async fn save(path: ContatoEdit, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let empresa = empresa(ctx, path.id).await?;
    let mut seen = form.raw("version").parse().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(dados) = dados(&mut form) {
        match alterar(&mut ctx.tx, &ctx.actor, (path.id, path.contato), seen, &dados).await {
            Ok(()) => return Ok(back(path.id, "toast-contato-alterado")),
            Err(ContatoError::Rule(ContatoRule::Changed(conflict))) => {
                // What was typed stays; beside each field stands what somebody else wrote. Saving again means it.
                (status, seen) = (StatusCode::CONFLICT, conflict.current.version);
                clash(&mut form, &conflict.current);
                form.fail_form(idioma::t(ctx.lang, "contato-conflict"));
            }
            Err(error) => return Err(error.into()),
        }
    }
    let page = ContatoFormPage::new(ctx.frame(), form, &empresa, Some((path.contato, seen)));
    Ok((status, Page(page)).into_response())
}

fn clash(form: &mut FormState, current: &Contato) {
    let stored = filled(&current.dados);
    for field in FIELDS {
        let (theirs, mine) = (stored.raw(field), form.raw(field).to_owned());
        if theirs != mine {
            form.fail(field, kernel::Invalid::new("field-changed").with("current", theirs).with("wanted", mine));
        }
    }
}

async fn delete(path: ContatoExcluir, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    excluir(&mut ctx.tx, &ctx.actor, path.id, path.contato, None).await?;
    // The page offers the way back.
    Ok(redirect(&format!("{}?contato_excluido={}", Contatos { id: path.id }, path.contato), None))
}

async fn restore(path: ContatoRestaurar, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    restaurar(&mut ctx.tx, &ctx.actor, path.id, path.contato).await?;
    Ok(back(path.id, "toast-contato-restaurado"))
}

impl ContatoFormPage {
    /// For the test that renders every page: fresh, refused, in conflict.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let empresa = crate::empresa::samples::empresa(true, false, frame.now);
        let mut refused = FormState::typed([("nome", ""), ("email", "\"><script>"), ("papel", "rei")]);
        dados(&mut refused);
        let mut changed = FormState::new().with("nome", "<b>Aurora</b>");
        changed.fail("nome", kernel::Invalid::new("field-changed").with("current", "Sueli").with("wanted", "<b>Aurora</b>"));
        let id = ContatoId::new(uuid::Uuid::from_u128(7));
        vec![
            ("fresh", Self::new(frame.clone(), FormState::new(), &empresa, None)),
            ("refused", Self::new(frame.clone(), refused, &empresa, None)),
            ("conflict", Self::new(frame.clone(), changed, &empresa, Some((id, 2)))),
        ]
    }
}
