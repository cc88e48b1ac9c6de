//! Changing many empresas at once: a page asks what is needed and names the exact number, and the list tells what came of it.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::{Actor, Invalid};
use serde::Deserialize;
use tenancy::TenantTx;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Result, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Toast, Tone},
    list::{Chip, ListState},
    redirect,
    selection::Selection,
};

use super::{
    Empresas,
    list::{Asked, NOBODY, in_words, query},
};
use crate::empresa::{
    ALTERAR, Campo, EXCLUIR, EmpresaId, Known, Reach, Situacao, VER,
    lote::{self, Action, Lote, LoteError, LoteId, MAX, Preview, Registro, What, Which},
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/lote/situacao")]
pub struct LoteSituacao;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/lote/responsavel")]
pub struct LoteResponsavel;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/lote/etiquetar")]
pub struct LoteEtiquetar;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/lote/desetiquetar")]
pub struct LoteDesetiquetar;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/lote/excluir")]
pub struct LoteExcluir;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/lote/{id}/desfazer", rejection(web::BadPath))]
pub struct LoteDesfazer {
    pub id: LoteId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(ask_situacao, Access::Needs(ALTERAR)).sample("/empresas/lote/situacao?id={empresa}", ""),
        Route::post(set_situacao, Access::Needs(ALTERAR))
            .sample("/empresas/lote/situacao", "id={empresa}&visto=1&situacao=prospect"),
        Route::get(ask_responsavel, Access::Needs(ALTERAR)).sample("/empresas/lote/responsavel?id={empresa}", ""),
        Route::post(set_responsavel, Access::Needs(ALTERAR))
            .sample("/empresas/lote/responsavel", "id={empresa}&visto=1&responsavel={usuario.outro}"),
        Route::get(ask_etiquetar, Access::Needs(ALTERAR)).sample("/empresas/lote/etiquetar?id={empresa}", ""),
        Route::post(etiquetar, Access::Needs(ALTERAR))
            .sample("/empresas/lote/etiquetar", "id={empresa}&visto=1&etiqueta={etiqueta.outra}"),
        Route::get(ask_desetiquetar, Access::Needs(ALTERAR)).sample("/empresas/lote/desetiquetar?id={empresa}", ""),
        Route::post(desetiquetar, Access::Needs(ALTERAR))
            .sample("/empresas/lote/desetiquetar", "id={empresa}&visto=1&etiqueta={etiqueta}"),
        Route::get(ask_excluir, Access::Needs(EXCLUIR)).sample("/empresas/lote/excluir?id={empresa}", ""),
        Route::post(excluir, Access::Needs(EXCLUIR)).sample("/empresas/lote/excluir", "id={empresa}&visto=1"),
        // Which permission it takes depends on what was done.
        Route::post(undo, Access::Needs(VER)).ids(&["lote"]).sample("/empresas/lote/{lote}/desfazer", ""),
    ]
}

/// The field of the form that names the etiqueta.
const ETIQUETA: &str = "etiqueta";

/// What the page calls each kind of change.
#[derive(Debug, Clone, Copy)]
struct Words {
    path: &'static str,
    title: &'static str,
    /// The button, with the number.
    confirm: &'static str,
}

const fn words(action: Action) -> Words {
    match action {
        Action::Situacao => Words { path: LoteSituacao::PATH, title: "lote-situacao-title", confirm: "lote-situacao-confirm" },
        Action::Responsavel => {
            Words { path: LoteResponsavel::PATH, title: "lote-responsavel-title", confirm: "lote-responsavel-confirm" }
        }
        Action::Etiquetar => {
            Words { path: LoteEtiquetar::PATH, title: "lote-etiquetar-title", confirm: "lote-etiquetar-confirm" }
        }
        Action::Desetiquetar => {
            Words { path: LoteDesetiquetar::PATH, title: "lote-desetiquetar-title", confirm: "lote-desetiquetar-confirm" }
        }
        Action::Excluir => Words { path: LoteExcluir::PATH, title: "lote-excluir-title", confirm: "lote-excluir-confirm" },
    }
}

#[derive(Template)]
#[template(path = "empresas/empresa/lote.html")]
pub struct LotePage {
    frame: Frame,
    form: FormState,
    /// The field that the change needs, with its label and choices; none for the lixeira.
    field: Option<(&'static str, &'static str)>,
    choices: Vec<Choice>,
    total: i64,
    nomes: Vec<String>,
    /// Those that are not named.
    more: i64,
    /// The filter in words, where the whole list is meant.
    all: bool,
    chips: Vec<Chip>,
    /// The number was another when they were picked.
    moved: Option<String>,
    too_many: Option<String>,
    fields: Vec<(&'static str, String)>,
    /// What it comes to, in a sentence.
    hint: Option<String>,
    danger: bool,
    path: &'static str,
    confirm: String,
    cancel: String,
}

/// What a page asks about many empresas.
pub(crate) struct Asking {
    pub path: &'static str,
    pub title: &'static str,
    /// The button, with the number.
    pub confirm: &'static str,
    /// The field that it needs, with its label and choices.
    pub field: Option<(&'static str, &'static str)>,
    pub choices: Vec<Choice>,
    pub hint: Option<String>,
    pub danger: bool,
}

impl LotePage {
    fn new(frame: Frame, action: Action, selection: &Selection, list: &ListState, known: &Known, preview: Preview) -> Self {
        let words = words(action);
        let choices = match action {
            Action::Situacao => Situacao::ALL.iter().map(|s| Choice::new(s.code(), frame.t(s.label()))).collect(),
            Action::Responsavel => {
                let nobody = Choice::new(NOBODY, frame.t("empresa-sem-responsavel"));
                let pessoas = known.pessoas.iter().map(|pessoa| Choice::new(pessoa.id.to_string(), &pessoa.nome));
                std::iter::once(nobody).chain(pessoas).collect()
            }
            Action::Etiquetar | Action::Desetiquetar => {
                known.etiquetas.iter().map(|etiqueta| Choice::new(etiqueta.id.to_string(), &etiqueta.nome)).collect()
            }
            Action::Excluir => Vec::new(),
        };
        let field = match action {
            Action::Situacao => Some((Campo::Situacao.key(), "lote-situacao-field")),
            Action::Responsavel => Some((Campo::Responsavel.key(), "lote-responsavel-field")),
            Action::Etiquetar => Some((ETIQUETA, "lote-etiquetar-field")),
            Action::Desetiquetar => Some((ETIQUETA, "lote-desetiquetar-field")),
            Action::Excluir => None,
        };
        let danger = action == Action::Excluir;
        let asking = Asking {
            path: words.path,
            title: words.title,
            confirm: words.confirm,
            field,
            choices,
            hint: danger.then(|| frame.t("lote-excluir-hint").to_owned()),
            danger,
        };
        Self::asking(frame, asking, selection, list, known, preview)
    }

    pub(crate) fn asking(
        frame: Frame,
        asking: Asking,
        selection: &Selection,
        list: &ListState,
        known: &Known,
        preview: Preview,
    ) -> Self {
        let empresas = frame.t("empresas-title");
        let total = preview.total;
        let seen = selection.expected().filter(|seen| *seen != total);
        Self {
            form: FormState::new(),
            field: asking.field,
            choices: asking.choices,
            hint: asking.hint,
            danger: asking.danger,
            more: total - i64::try_from(preview.nomes.len()).unwrap_or_default(),
            nomes: preview.nomes,
            all: selection.all,
            chips: if selection.all { in_words(&frame, known, list) } else { Vec::new() },
            moved: seen.map(|seen| frame.t_with("lote-moved", &[("seen", seen.into()), ("n", total.into())])),
            too_many: (total > MAX).then(|| frame.t_with("lote-too-many", &[("n", total.into()), ("max", MAX.into())])),
            fields: selection.fields(total),
            path: asking.path,
            confirm: frame.t_n(asking.confirm, total),
            cancel: list.link(),
            frame: frame.titled(asking.title).crumb(empresas, Empresas::PATH),
            total,
        }
    }

    /// For the test that renders every page.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let known = Known::new(std::sync::Arc::default(), Vec::new(), Vec::new(), frame.now.date_naive());
        let page = |action: Action, sent: &str, total: i64, named: usize| {
            let nomes = (0..named).map(|i| format!("Metalúrgica <b>Aurora</b> {i}")).collect();
            let selection = Selection::read(sent.as_bytes());
            let list = Asked::read(&selection.query).list;
            Self::new(frame.clone(), action, &selection, &list, &known, Preview { total, nomes })
        };
        let mut refused = page(Action::Situacao, "consulta=uf%3DSC&total=60&tudo=sim", 61, 5);
        refused.form.fail(Campo::Situacao.key(), Invalid::new("required"));
        vec![
            ("one", page(Action::Excluir, "id=1", 1, 1)),
            ("many", page(Action::Responsavel, "id=1&id=2&id=3", 2, 2)),
            ("refused", refused),
            ("too many", page(Action::Excluir, "tudo=sim&total=61234", 61_234, 5)),
        ]
    }
}

/// Which empresas a request means; `None` when nothing is picked.
pub(crate) fn which(selection: &Selection, asked: &Asked) -> Option<Which> {
    if selection.all {
        return Some(Which::All(asked.filtro.clone()));
    }
    let ids = selection.ids::<EmpresaId>();
    (!ids.is_empty()).then_some(Which::These(ids))
}

pub(crate) fn back(list: &ListState, toast: &'static str) -> Response {
    redirect(&list.link(), Some((Tone::Warning, toast)))
}

/// The list again, which tells what came of the lote.
fn told_at(consulta: &str, id: LoteId) -> Response {
    let list = Asked::read(consulta).list.link();
    let joint = if list.contains('?') { '&' } else { '?' };
    redirect(&format!("{list}{joint}lote={id}"), None)
}

/// The page that asks. What was picked and is not within reach any more is not counted.
async fn page(ctx: &mut CtxInner, action: Action, selection: &Selection) -> Result<Result<LotePage, Response>> {
    let asked = Asked::read(&selection.query);
    let Some(which) = which(selection, &asked) else { return Ok(Err(back(&asked.list, "toast-lote-empty"))) };
    let preview = lote::preview(&mut ctx.tx, &ctx.actor, action, &which).await?;
    if preview.total == 0 {
        return Ok(Err(back(&asked.list, "toast-lote-gone")));
    }
    let mut known = Known::load(&mut ctx.tx).await?;
    if let Some(own) = Reach::of(&ctx.actor, &ALTERAR).ok().and_then(Reach::responsavel) {
        known.pessoas.retain(|pessoa| pessoa.id == own);
    }
    Ok(Ok(LotePage::new(ctx.frame(), action, selection, &asked.list, &known, preview)))
}

async fn ask(mut ctx: Ctx, action: Action) -> Result<Response> {
    let selection = Selection::read(query(&ctx).as_bytes());
    Ok(match page(&mut ctx, action, &selection).await? {
        Ok(page) => Page(page).into_response(),
        Err(elsewhere) => elsewhere,
    })
}

async fn act(mut ctx: Ctx, action: Action, body: &FormBody) -> Result<Response> {
    let selection = Selection::read(&body.0);
    let mut form = FormState::from_body(&body.0);
    let ctx = &mut *ctx;
    let asked = Asked::read(&selection.query);
    let Some(which) = which(&selection, &asked) else { return Ok(back(&asked.list, "toast-lote-empty")) };
    let what = match action {
        Action::Situacao => form.choice(Campo::Situacao.key(), |code| code.parse().ok()).map(What::Situacao),
        Action::Responsavel => form
            .choice(Campo::Responsavel.key(), |value| if value == NOBODY { Some(None) } else { value.parse().ok().map(Some) })
            .map(What::Responsavel),
        Action::Etiquetar => form.choice(ETIQUETA, |id| id.parse().ok()).map(What::Etiquetar),
        Action::Desetiquetar => form.choice(ETIQUETA, |id| id.parse().ok()).map(What::Desetiquetar),
        Action::Excluir => Some(What::Excluir),
    };
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(what) = what {
        // A body that names no number has confirmed none.
        let seen = selection.expected().unwrap_or_default();
        let consulta = asked.list.place().chars().take(4000).collect();
        match lote::apply(&mut ctx.tx, &ctx.actor, &Lote { which, what, seen, consulta }).await {
            Ok(done) => return Ok(told_at(&selection.query, done.id)),
            Err(LoteError::Empty) => return Ok(back(&asked.list, "toast-lote-gone")),
            Err(LoteError::Moved(_)) => status = StatusCode::CONFLICT,
            // The page says both in its own words.
            Err(LoteError::TooMany(_)) => {}
            Err(refused @ (LoteError::ResponsavelUnknown | LoteError::EtiquetaUnknown)) => form.refuse(ctx.lang, &refused),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(match page(ctx, action, &selection).await? {
        Ok(page) => (status, Page(LotePage { form, ..page })).into_response(),
        Err(elsewhere) => elsewhere,
    })
}

async fn ask_situacao(_: LoteSituacao, ctx: Ctx) -> Result<Response> {
    ask(ctx, Action::Situacao).await
}

async fn ask_responsavel(_: LoteResponsavel, ctx: Ctx) -> Result<Response> {
    ask(ctx, Action::Responsavel).await
}

async fn ask_etiquetar(_: LoteEtiquetar, ctx: Ctx) -> Result<Response> {
    ask(ctx, Action::Etiquetar).await
}

async fn ask_desetiquetar(_: LoteDesetiquetar, ctx: Ctx) -> Result<Response> {
    ask(ctx, Action::Desetiquetar).await
}

async fn etiquetar(_: LoteEtiquetar, ctx: Ctx, body: FormBody) -> Result<Response> {
    act(ctx, Action::Etiquetar, &body).await
}

async fn desetiquetar(_: LoteDesetiquetar, ctx: Ctx, body: FormBody) -> Result<Response> {
    act(ctx, Action::Desetiquetar, &body).await
}

async fn ask_excluir(_: LoteExcluir, ctx: Ctx) -> Result<Response> {
    ask(ctx, Action::Excluir).await
}

async fn set_situacao(_: LoteSituacao, ctx: Ctx, body: FormBody) -> Result<Response> {
    act(ctx, Action::Situacao, &body).await
}

async fn set_responsavel(_: LoteResponsavel, ctx: Ctx, body: FormBody) -> Result<Response> {
    act(ctx, Action::Responsavel, &body).await
}

async fn excluir(_: LoteExcluir, ctx: Ctx, body: FormBody) -> Result<Response> {
    act(ctx, Action::Excluir, &body).await
}

async fn undo(path: LoteDesfazer, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    let lote = lote::desfazer(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(told_at(&lote.consulta, lote.id))
}

/// What came of a lote of the actor's own, with its way back while there is one.
pub(super) async fn told(tx: &mut TenantTx, actor: &Actor, frame: &Frame, id: LoteId) -> Result<Option<Toast>, Error> {
    Ok(lote::find(tx, actor, id).await?.map(|lote| toast(frame, &lote)))
}

fn toast(frame: &Frame, lote: &Registro) -> Toast {
    let counted = |key: &str, n: i32| (n > 0).then(|| frame.t_n(key, n));
    let (tone, said) = match (lote.undone, lote.changed) {
        (Some(undone), changed) => {
            let tone = if undone < changed { Tone::Warning } else { Tone::Success };
            (tone, [Some(frame.t_n("lote-undone", undone)), counted("lote-kept", changed - undone)])
        }
        (None, 0) => (Tone::Info, [Some(frame.t("lote-nothing").to_owned()), counted("lote-unchanged", lote.unchanged)]),
        (None, changed) => {
            let key = if lote.action == Action::Excluir.code() { "lote-excluded" } else { "lote-changed" };
            (Tone::Success, [Some(frame.t_n(key, changed)), counted("lote-unchanged", lote.unchanged)])
        }
    };
    let undo = (lote.undone.is_none() && lote.changed > 0).then(|| LoteDesfazer { id: lote.id }.to_string());
    Toast { tone, text: said.into_iter().flatten().collect::<Vec<_>>().join(" "), undo }
}
