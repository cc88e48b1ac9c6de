//! `/privacidade/consentimentos/{token}`: whom a letter asks answers here, and takes it back here.

use acesso::{Segredo, convite::pages::LinkOverPage};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, FormBody, Page, Route, filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::{
    ConsentimentoError, ConsentimentoRule, Convidado, Dado, Posicao, Resposta, convidado, posicoes, responder_por_link, sql,
};
use crate::{
    encarregado::{self, Encarregado},
    pedido::publico::private,
};

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/privacidade/consentimentos/{token}", rejection(web::BadPath))]
pub(crate) struct EscolhaPath {
    pub token: String,
}

pub(crate) fn routes() -> Vec<Route> {
    const ONE: &str = "/privacidade/consentimentos/{consentimento_carta}";
    let ids: &'static [&'static str] = &["consentimento_carta"];
    vec![
        Route::get(show, Access::Public).ids(ids).sample(ONE, ""),
        Route::post(answer, Access::Public).ids(ids).sample(ONE, "resposta=dado&versao=1"),
    ]
}

#[derive(Template)]
#[template(path = "privacidade/escolha.html")]
pub(crate) struct EscolhaPage {
    frame: Frame,
    form: FormState,
    action: String,
    unidade: String,
    nome: String,
    /// What is agreed to now, by paragraphs.
    texto: Vec<String>,
    versao: i32,
    dado: Option<Dado>,
    /// Other words than those of now, to which they agreed.
    antes: Option<Vec<String>>,
    recusado: bool,
    /// A yes is possible; a no always is.
    open: bool,
    encerrado: bool,
    encarregado: Option<Encarregado>,
}

impl EscolhaPage {
    pub(crate) fn new(
        frame: Frame,
        form: FormState,
        action: String,
        found: &Convidado,
        posicao: Posicao,
        encarregado: Option<Encarregado>,
    ) -> Self {
        let Posicao { finalidade, dado, retirado_at } = posicao;
        let encerrado = finalidade.encerrado_at.is_some();
        Self {
            unidade: frame.brand().to_owned(),
            nome: found.nome.clone(),
            texto: paragraphs(&finalidade.texto),
            versao: finalidade.versao,
            antes: dado.as_ref().filter(|one| one.versao < finalidade.versao).map(|one| paragraphs(&one.texto)),
            recusado: dado.is_none() && (retirado_at.is_some() || found.resposta == Some(Resposta::Recusado)),
            open: found.open && !encerrado,
            encerrado,
            dado,
            form,
            action,
            encarregado,
            frame: frame.title(finalidade.titulo),
        }
    }
}

/// A text as it is read: a blank line parts paragraphs.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(str::to_owned).collect()
}

async fn show(path: EscolhaPath, mut ctx: Ctx) -> web::Result<Response> {
    let page = load(&mut ctx, &path, FormState::new()).await?;
    Ok(page.map_or_else(|| LinkOverPage::answer(ctx.frame()), |page| private(Page(page))))
}

/// Nothing for a link that leads nowhere (any more), whatever it looks like.
async fn load(ctx: &mut CtxInner, path: &EscolhaPath, form: FormState) -> web::Result<Option<EscolhaPage>> {
    let Ok(token) = path.token.parse::<Segredo>() else { return Ok(None) };
    let Some(found) = convidado(&mut ctx.tx, &token).await? else { return Ok(None) };
    let mut all = posicoes(&mut ctx.tx, &found.quem).await?.into_iter();
    let posicao = match all.find(|one| one.finalidade.id == found.finalidade) {
        Some(posicao) => posicao,
        // It is over, and nothing of theirs stands.
        None => match sql::find_finalidade(&mut ctx.tx, found.finalidade).await? {
            Some(finalidade) => Posicao { finalidade, dado: None, retirado_at: None },
            None => return Ok(None),
        },
    };
    let reach = encarregado::find(&mut ctx.tx).await?;
    Ok(Some(EscolhaPage::new(ctx.frame(), form, path.to_string(), &found, posicao, reach)))
}

async fn answer(path: EscolhaPath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let Ok(token) = path.token.parse::<Segredo>() else { return Ok(LinkOverPage::answer(ctx.frame())) };
    let mut form = FormState::from_body(&body);
    let resposta = form.choice("resposta", Resposta::from_code);
    let shown = form.raw("versao").parse().unwrap_or_default();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(resposta) = resposta {
        let meta = ctx.meta().clone();
        match responder_por_link(&mut ctx.tx, &meta, &token, resposta, shown).await {
            Ok(()) => {
                let toast = if resposta == Resposta::Dado { "toast-escolha-sim" } else { "toast-escolha-nao" };
                return Ok(redirect(&path.to_string(), Some((Tone::Success, toast))));
            }
            Err(ConsentimentoError::NotFound) => return Ok(LinkOverPage::answer(ctx.frame())),
            Err(error @ ConsentimentoError::Rule(rule)) => {
                let many = rule == ConsentimentoRule::TooMany;
                status = if many { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::CONFLICT };
                form.refuse(ctx.lang, &error);
            }
            Err(error) => return Err(error.into()),
        }
    }
    let page = load(ctx, &path, form).await?;
    Ok(page.map_or_else(|| LinkOverPage::answer(ctx.frame()), |page| (status, private(Page(page))).into_response()))
}
