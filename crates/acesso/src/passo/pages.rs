//! `/entrar/confirmar`: the second factor, and `/entrar/cadastrar`, where somebody who must have one gets it.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, FormBody, Page, Query, Route, coming_back, cookies, filters,
    forms::FormState,
    frame::{Frame, Tone},
    local_path,
    pecas::Tab,
    redirect,
};

use super::{Confirmar, ConfirmarError, Passo, Via, confirmar, confirmar::take};
use crate::{
    aparelho::Aparelhos,
    entrar::pages::{EntrarPath, InicioPath, add_cookies, signed_in},
    fator::{self, Due, Fatores, Metodo, Setup},
    regra,
    segredo::Segredo,
    sessao::SessaoId,
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/entrar/confirmar")]
pub struct ConfirmarPath;

/// Mails a code.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/entrar/confirmar/email")]
pub struct EnviarCodigoPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/entrar/cadastrar")]
pub struct CadastrarPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/entrar/cadastrar/codigo")]
pub struct CadastrarCodigoPath;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/entrar/desistir")]
pub struct DesistirPath;

const BODY_LIMIT: usize = 16 * 1024;

pub(crate) fn routes() -> Vec<Route> {
    // Without a passo each leads back to the door.
    vec![
        Route::get(show, Access::Public),
        Route::post(confirm, Access::Public).body_limit(BODY_LIMIT).sample("/entrar/confirmar", "via=totp&codigo=000000"),
        Route::post(mail, Access::Public).body_limit(BODY_LIMIT).sample("/entrar/confirmar/email", "voltar=/conta"),
        Route::get(enrol, Access::Public),
        Route::post(begin, Access::Public).body_limit(BODY_LIMIT).sample("/entrar/cadastrar", "via=totp"),
        Route::post(enrolled, Access::Public).body_limit(BODY_LIMIT).sample("/entrar/cadastrar/codigo", "via=totp&codigo=000000"),
        Route::post(give_up, Access::Public).body_limit(BODY_LIMIT).sample("/entrar/desistir", "x=1"),
    ]
}

/// What a page is asked for.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    via: String,
    #[serde(default)]
    voltar: String,
}

impl Asked {
    fn of(form: &FormState) -> Self {
        Self { via: form.raw("via").to_owned(), voltar: form.raw("voltar").to_owned() }
    }

    fn back(&self) -> &str {
        local_path(&self.voltar).unwrap_or(InicioPath::PATH)
    }
}

/// The browser's passo and what its person can prove.
pub(crate) struct Waiting {
    cookie: Segredo,
    passo: Passo,
    fatores: Fatores,
}

impl Waiting {
    pub(crate) async fn load(ctx: &mut CtxInner, headers: &HeaderMap) -> web::Result<Option<Self>> {
        let Some(cookie) = super::cookie(headers) else { return Ok(None) };
        let Some(passo) = super::find(&mut ctx.tx, &cookie).await? else { return Ok(None) };
        let fatores = fator::of_usuario(&mut ctx.tx, passo.conta.id).await?;
        Ok(Some(Self { cookie, passo, fatores }))
    }
}

/// Nothing to confirm any more: begin anew.
fn over(toast: Option<&'static str>) -> Response {
    let mut response = redirect(EntrarPath::PATH, toast.map(|key| (Tone::Warning, key)));
    response.headers_mut().append(header::SET_COOKIE, cookies::no_passo());
    response
}

/// How far a mailed code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mail {
    sent: bool,
    /// The mail server does not take it.
    stuck: bool,
    may_send: bool,
}

impl Mail {
    fn of(passo: &Passo) -> Self {
        Self {
            sent: passo.codigo.is_some(),
            stuck: passo.codigo.as_ref().is_some_and(|mailed| mailed.stuck),
            may_send: passo.may_mail(),
        }
    }
}

#[derive(Template)]
#[template(path = "acesso/confirmar.html")]
pub(crate) struct ConfirmarPage {
    frame: Frame,
    form: FormState,
    voltar: String,
    /// `totp`, `email`, `chave` or `reserva`.
    via: &'static str,
    ways: Vec<Tab>,
    mail: Mail,
    trust: Option<String>,
}

impl ConfirmarPage {
    fn new(frame: Frame, form: FormState, asked: &Asked, fatores: &Fatores, mail: Mail, trust_days: i32) -> Self {
        let frame = frame.titled("passo-title");
        let ways: Vec<(&'static str, &'static str)> = [
            (fatores.totp, "totp", "passo-way-totp"),
            (fatores.chaves > 0, "chave", "passo-way-chave"),
            (fatores.takes_email(), "email", "passo-way-email"),
            (fatores.reserva > 0, "reserva", "passo-way-reserva"),
        ]
        .into_iter()
        .filter_map(|(has, via, label)| has.then_some((via, label)))
        .collect();
        let first = ways.first().map_or("totp", |(via, _)| via);
        let via = ways.iter().find(|(via, _)| *via == asked.via).map_or(first, |(via, _)| via);
        let back = asked.back().to_owned();
        Self {
            ways: ways
                .iter()
                .map(|(way, label)| Tab {
                    label: frame.t(label).to_owned(),
                    href: coming_back(&format!("{}?via={way}", ConfirmarPath::PATH), &back),
                    active: *way == via,
                    count: None,
                })
                .collect(),
            trust: (trust_days > 0).then(|| frame.t_n("passo-trust", trust_days)),
            voltar: back,
            via,
            mail,
            form,
            frame,
        }
    }
}

async fn show(_: ConfirmarPath, mut ctx: Ctx, headers: HeaderMap, Query(asked): Query<Asked>) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let Some(waiting) = Waiting::load(ctx, &headers).await? else { return Ok(over(None)) };
    if waiting.fatores.due() == Due::Enrol {
        return Ok(redirect(&coming_back(CadastrarPath::PATH, asked.back()), None));
    }
    let days = regra::find(&mut ctx.tx).await?.trust_days;
    let mail = Mail::of(&waiting.passo);
    Ok(Page(ConfirmarPage::new(ctx.frame(), FormState::new(), &asked, &waiting.fatores, mail, days)).into_response())
}

/// What was typed, as the command takes it.
fn typed(form: &FormState, headers: &HeaderMap, previous: Option<uuid::Uuid>) -> Confirmar {
    Confirmar {
        via: Via::of(form.raw("via")).unwrap_or(Via::Totp),
        codigo: form.raw("codigo").to_owned(),
        confiar: form.has("confiar", "sim"),
        previous: previous.map(SessaoId::new),
        aparelhos: Aparelhos::of(headers),
    }
}

async fn confirm(_: ConfirmarPath, mut ctx: Ctx, headers: HeaderMap, FormBody(body): FormBody) -> web::Result<Response> {
    let mut form = FormState::from_body(&body).secret("codigo");
    let asked = Asked::of(&form);
    let Some(waiting) = Waiting::load(&mut ctx, &headers).await? else { return Ok(over(Some("toast-passo-over"))) };
    if waiting.fatores.due() == Due::Enrol {
        return Ok(redirect(&coming_back(CadastrarPath::PATH, asked.back()), None));
    }
    let days = regra::find(&mut ctx.tx).await?.trust_days;
    let (frame, meta, cmd) = (ctx.frame(), ctx.meta().clone(), typed(&form, &headers, ctx.session));
    let (tenants, unidade, key) =
        (ctx.app.tenants.clone(), Arc::clone(&ctx.unidade), ctx.app.platform.config().master_key.clone());
    ctx.release().await?;
    match confirmar(&tenants, &unidade, &key, &meta, &waiting.cookie, cmd).await {
        Ok(nova) => Ok(signed_in(asked.back(), nova)),
        Err(ConfirmarError::Fault(fault)) => Err(fault.into()),
        Err(ConfirmarError::Over) => Ok(over(Some("toast-passo-over"))),
        Err(ConfirmarError::TooMany) => Ok(over(Some("toast-passo-wait"))),
        Err(refused) => {
            form.refuse(frame.lang, &refused);
            let mail = Mail::of(&waiting.passo);
            let page = ConfirmarPage::new(frame, form, &asked, &waiting.fatores, mail, days);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

async fn mail(_: EnviarCodigoPath, mut ctx: Ctx, headers: HeaderMap, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let asked = Asked::of(&FormState::from_body(&body));
    let Some(waiting) = Waiting::load(ctx, &headers).await? else { return Ok(over(Some("toast-passo-over"))) };
    let usuario = waiting.passo.conta.id;
    let enrols = waiting.fatores.due() == Due::Enrol;
    let may = if enrols {
        fator::sql::is_begun(&mut ctx.tx, usuario, Metodo::Email, waiting.passo.created_at).await?
    } else {
        waiting.fatores.takes_email()
    };
    let sent =
        may && waiting.passo.may_mail() && super::send_code(&mut ctx.tx, waiting.passo.id, usuario, &waiting.cookie).await?;
    let path = if enrols { CadastrarPath::PATH } else { ConfirmarPath::PATH };
    let toast = if sent { (Tone::Success, "toast-codigo-sent") } else { (Tone::Warning, "toast-codigo-enough") };
    Ok(redirect(&coming_back(&format!("{path}?via=email"), asked.back()), Some(toast)))
}

async fn give_up(_: DesistirPath, mut ctx: Ctx, headers: HeaderMap) -> web::Result<Response> {
    let ctx = &mut *ctx;
    if let Some(waiting) = Waiting::load(ctx, &headers).await? {
        super::sql::end(&mut ctx.tx, waiting.passo.id).await?;
    }
    Ok(over(None))
}

#[derive(Template)]
#[template(path = "acesso/cadastrar.html")]
pub(crate) struct CadastrarPage {
    frame: Frame,
    form: FormState,
    voltar: String,
    /// `totp`, `email` or nothing chosen yet.
    via: &'static str,
    setup: Option<Setup>,
    mail: Mail,
    other: String,
}

impl CadastrarPage {
    fn new(frame: Frame, form: FormState, asked: &Asked, setup: Option<Setup>, mail: Mail) -> Self {
        let via = match asked.via.as_str() {
            "totp" if setup.is_some() => "totp",
            "email" if mail.sent => "email",
            _ => "",
        };
        let back = asked.back().to_owned();
        let other = coming_back(CadastrarPath::PATH, &back);
        Self { frame: frame.titled("cadastrar-title"), form, voltar: back, via, setup, mail, other }
    }

    async fn load(ctx: &mut CtxInner, form: FormState, asked: &Asked, waiting: &Waiting) -> web::Result<Self> {
        let key = ctx.app.platform.config().master_key.clone();
        let setup = fator::setup(&mut ctx.tx, &key, waiting.passo.conta.id).await?;
        Ok(Self::new(ctx.frame(), form, asked, setup, Mail::of(&waiting.passo)))
    }
}

/// The way on for a browser that has nothing to set up here.
fn elsewhere(waiting: Option<&Waiting>, asked: &Asked) -> Option<Response> {
    match waiting {
        None => Some(over(None)),
        Some(waiting) if waiting.fatores.due() == Due::Enrol => None,
        Some(_) => Some(redirect(&coming_back(ConfirmarPath::PATH, asked.back()), None)),
    }
}

async fn enrol(_: CadastrarPath, mut ctx: Ctx, headers: HeaderMap, Query(asked): Query<Asked>) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let waiting = Waiting::load(ctx, &headers).await?;
    if let Some(response) = elsewhere(waiting.as_ref(), &asked) {
        return Ok(response);
    }
    let Some(waiting) = waiting else { return Ok(over(None)) };
    Ok(Page(CadastrarPage::load(ctx, FormState::new(), &asked, &waiting).await?).into_response())
}

async fn begin(_: CadastrarPath, mut ctx: Ctx, headers: HeaderMap, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let asked = Asked::of(&FormState::from_body(&body));
    let waiting = Waiting::load(ctx, &headers).await?;
    if let Some(response) = elsewhere(waiting.as_ref(), &asked) {
        return Ok(response);
    }
    let Some(waiting) = waiting else { return Ok(over(None)) };
    let key = ctx.app.platform.config().master_key.clone();
    let metodo = if asked.via == "email" { Metodo::Email } else { Metodo::Totp };
    let begun = super::comecar(&mut ctx.tx, &key, &waiting.cookie, metodo).await?;
    let toast = (!begun).then_some((Tone::Warning, "toast-codigo-enough"));
    let via = metodo.code();
    Ok(redirect(&coming_back(&format!("{}?via={via}", CadastrarPath::PATH), asked.back()), toast))
}

async fn enrolled(_: CadastrarCodigoPath, mut ctx: Ctx, headers: HeaderMap, FormBody(body): FormBody) -> web::Result<Response> {
    let mut form = FormState::from_body(&body).secret("codigo");
    let asked = Asked::of(&form);
    let waiting = Waiting::load(&mut ctx, &headers).await?;
    if let Some(response) = elsewhere(waiting.as_ref(), &asked) {
        return Ok(response);
    }
    let Some(waiting) = waiting else { return Ok(over(None)) };
    let mut page = CadastrarPage::load(&mut ctx, FormState::new(), &asked, &waiting).await?;
    let (frame, meta, cmd) = (ctx.frame(), ctx.meta().clone(), typed(&form, &headers, ctx.session));
    let (tenants, unidade, key) =
        (ctx.app.tenants.clone(), Arc::clone(&ctx.unidade), ctx.app.platform.config().master_key.clone());
    ctx.release().await?;
    match take(&tenants, &unidade, &key, &meta, &waiting.cookie, cmd).await {
        Ok(confirmed) if confirmed.reserva.is_empty() => Ok(signed_in(asked.back(), confirmed.sessao)),
        Ok(confirmed) => {
            // Shown by this answer and never again: it is kept nowhere.
            let mut response = Page(ReservaPage::new(frame, confirmed.reserva, asked.back())).into_response();
            let headers = response.headers_mut();
            headers.append(header::SET_COOKIE, cookies::session(&confirmed.sessao.cookie.reveal(), confirmed.sessao.kept));
            add_cookies(headers, confirmed.sessao);
            Ok(response)
        }
        Err(ConfirmarError::Fault(fault)) => Err(fault.into()),
        Err(ConfirmarError::Over) => Ok(over(Some("toast-passo-over"))),
        Err(ConfirmarError::TooMany) => Ok(over(Some("toast-passo-wait"))),
        Err(refused) => {
            form.refuse(frame.lang, &refused);
            page.form = form;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

/// Códigos de reserva, shown once.
#[derive(Template)]
#[template(path = "acesso/reserva.html")]
pub(crate) struct ReservaPage {
    frame: Frame,
    codes: Vec<String>,
    all: String,
    onwards: String,
}

impl ReservaPage {
    pub(crate) fn new(frame: Frame, codes: Vec<String>, onwards: &str) -> Self {
        let all = codes.join("\n");
        Self { frame: frame.titled("reserva-title"), codes, all, onwards: onwards.to_owned() }
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use kernel::Invalid;

    use super::*;
    use crate::regra::SegundoFator;

    const NO_MAIL: Mail = Mail { sent: false, stuck: false, may_send: true };
    const STUCK: Mail = Mail { sent: true, stuck: true, may_send: false };

    fn asked(via: &str) -> Asked {
        Asked { via: via.to_owned(), voltar: "/empresas?q=\"<script>alert(1)</script>".to_owned() }
    }

    fn setup() -> Setup {
        Setup { picture: "iVBOR".to_owned(), text: "MZXW 6YTB".repeat(4) }
    }

    pub(crate) fn confirmar(frame: &Frame) -> Vec<ConfirmarPage> {
        let all = Fatores { regra: SegundoFator::Exigido, totp: true, email: true, chaves: 2, reserva: 9 };
        let one = Fatores { email: false, chaves: 0, reserva: 0, ..all };
        let mailbox = Fatores { totp: false, chaves: 0, ..all };
        let mut wrong = FormState::new();
        wrong.fail("codigo", Invalid::new("codigo"));
        let page = |form, via: &str, fatores: &Fatores, mail, days| {
            ConfirmarPage::new(frame.clone(), form, &asked(via), fatores, mail, days)
        };
        vec![
            page(FormState::new(), "", &one, NO_MAIL, 0),
            page(wrong, "totp", &all, NO_MAIL, 30),
            page(FormState::new(), "email", &mailbox, NO_MAIL, 1),
            page(FormState::new(), "email", &mailbox, STUCK, 30),
            page(FormState::new(), "chave", &all, STUCK, 30),
            page(FormState::new(), "reserva", &all, STUCK, 30),
        ]
    }

    pub(crate) fn cadastrar(frame: &Frame) -> Vec<CadastrarPage> {
        let mut wrong = FormState::new();
        wrong.fail("codigo", Invalid::new("codigo"));
        let page = |form, via: &str, setup, mail| CadastrarPage::new(frame.clone(), form, &asked(via), setup, mail);
        vec![
            page(FormState::new(), "", None, NO_MAIL),
            page(wrong, "totp", Some(setup()), NO_MAIL),
            page(FormState::new(), "email", Some(setup()), STUCK),
        ]
    }

    pub(crate) fn reserva(frame: &Frame) -> ReservaPage {
        ReservaPage::new(frame.clone(), vec!["ABCD-1234-EFGH-5678".to_owned(); 10], "/")
    }
}
