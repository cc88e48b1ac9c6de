//! `/empresas/{id}/mesclar`: which other one, both side by side, and one of the two; `/empresas/mesclas/{id}`: what was done and
//! the way back.

use std::hash::{DefaultHasher, Hash, Hasher};

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use kernel::{Cnpj, PageRequest};
use serde::Deserialize;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Query, Result, Route,
    attached::Attached,
    filters,
    forms::FormState,
    frame::{Frame, Tone},
    redirect,
};

use super::{
    CAMPOS, Desfeita, Escolhas, KEPT, Lado, Mescla, MesclaId, Mesclar, MesclarError, Quem, default_lado, desfazer,
    fazer::keeps_responsavel, find, mesclar, preview, text, together,
};
use crate::empresa::{
    ALTERAR, Campo, EXCLUIR, Empresa, EmpresaId, Known, VER,
    lista::{self, Filtro, Ordem},
    pages::{EmpresaShow, shown},
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/mesclar", rejection(web::BadPath))]
pub struct EmpresaMesclar {
    pub id: EmpresaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/mesclas/{id}", rejection(web::BadPath))]
pub struct MesclaShow {
    pub id: MesclaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/mesclas/{id}/desfazer", rejection(web::BadPath))]
pub struct MesclaDesfazer {
    pub id: MesclaId,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get(ask, Access::Needs(EXCLUIR)).ids(&["empresa"]).sample("/empresas/{empresa}/mesclar?com={empresa.outra}", ""),
        Route::post(act, Access::Needs(EXCLUIR))
            .ids(&["empresa"])
            .sample("/empresas/{empresa}/mesclar", "com={empresa.outra}&version=1&versao_outra=1"),
        Route::get(show, Access::Needs(VER)).ids(&["mescla"]).sample("/empresas/mesclas/{mescla}", ""),
        Route::post(undo, Access::Needs(EXCLUIR)).ids(&["mescla"]).sample("/empresas/mesclas/{mescla}/desfazer", ""),
    ]
}

/// What of any module hangs on empresas.
pub(super) fn attached(ctx: &CtxInner) -> Vec<&'static Attached> {
    ctx.app.modules.iter().flat_map(|module| module.attached).filter(|kind| kind.to == "empresa").collect()
}

#[derive(Template)]
#[template(path = "empresas/mescla/escolher.html")]
pub struct MesclaEscolherPage {
    frame: Frame,
    path: String,
    nome: String,
    busca: String,
    hits: Vec<Hit>,
}

#[derive(Debug)]
struct Hit {
    href: String,
    nome: String,
    sub: String,
}

#[derive(Template)]
#[template(path = "empresas/mescla/form.html")]
pub struct MesclaFormPage {
    frame: Frame,
    form: FormState,
    path: String,
    cancel: String,
    /// The same two the other way round.
    swap: String,
    fica: Card,
    sai: Card,
    /// In which the two differ; then those in which they agree, as label and text.
    linhas: Vec<Linha>,
    same: Vec<(&'static str, String)>,
    /// What hangs on the other, counted in words.
    hangs: Vec<String>,
}

#[derive(Debug)]
struct Card {
    id: EmpresaId,
    href: String,
    nome: String,
    cnpj: String,
    version: i32,
}

impl Card {
    fn new(empresa: &Empresa) -> Self {
        Self {
            id: empresa.id,
            href: EmpresaShow { id: empresa.id }.to_string(),
            nome: empresa.cadastro.nome.to_string(),
            cnpj: empresa.cadastro.cnpj.to_string(),
            version: empresa.version,
        }
    }
}

/// A field with both values.
#[derive(Debug)]
struct Linha {
    key: &'static str,
    label: &'static str,
    fica: String,
    sai: String,
    lado: &'static str,
    /// Whether both can be had.
    ambas: bool,
    /// Changed since the person saw it.
    moved: bool,
    /// What both say, told again when the form is sent: then it shows whether they still say it.
    seen: String,
}

impl Linha {
    fn new(frame: &Frame, form: &FormState, campo: Campo, [fica, sai]: [&Empresa; 2]) -> Self {
        let (one, other) = (&fica.cadastro, &sai.cadastro);
        let (fica_text, sai_text) = (text(one, campo), text(other, campo));
        let key = campo.key();
        let mut hasher = DefaultHasher::new();
        (&fica_text, &sai_text).hash(&mut hasher);
        let seen = format!("{:016x}", hasher.finish());
        let told = form.raw(&format!("visto_{key}"));
        let chosen = Lado::from_code(form.raw(&format!("campo_{key}")));
        Self {
            key,
            label: campo.label(),
            fica: shown(frame, campo, &fica_text),
            sai: shown(frame, campo, &sai_text),
            lado: chosen.unwrap_or_else(|| default_lado(one, other, campo)).code(),
            ambas: campo == Campo::Observacoes && together(one, other).is_some(),
            moved: !told.is_empty() && told != seen,
            seen,
        }
    }
}

impl MesclaFormPage {
    fn new(frame: Frame, form: FormState, [fica, sai]: [&Empresa; 2], counts: &[(&'static str, i64)]) -> Self {
        let differ = |campo: Campo| text(&fica.cadastro, campo) != text(&sai.cadastro, campo);
        let moved = |campo: Campo| Linha::new(&frame, &form, campo, [fica, sai]).moved;
        let (linhas, same): (Vec<Campo>, Vec<Campo>) =
            CAMPOS.iter().map(|(campo, _)| *campo).partition(|campo| differ(*campo) || moved(*campo));
        let empresas = frame.t("empresas-title");
        let cancel = EmpresaShow { id: fica.id }.to_string();
        let frame =
            frame.titled("mescla-title").crumb(empresas, "/empresas").crumb(fica.cadastro.nome.to_string(), cancel.clone());
        Self {
            path: EmpresaMesclar { id: fica.id }.to_string(),
            swap: format!("{}?com={}", EmpresaMesclar { id: sai.id }, fica.id),
            linhas: linhas.into_iter().map(|campo| Linha::new(&frame, &form, campo, [fica, sai])).collect(),
            same: same
                .into_iter()
                .map(|campo| (campo.label(), shown(&frame, campo, &text(&fica.cadastro, campo))))
                .filter(|(_, text)| !text.is_empty())
                .collect(),
            hangs: counts.iter().filter(|(_, n)| *n > 0).map(|(key, n)| frame.t_n(key, *n)).collect(),
            fica: Card::new(fica),
            sai: Card::new(sai),
            cancel,
            form,
            frame,
        }
    }

    /// For the test that renders every page: fresh, in conflict, the longest.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let made = |full: bool, long: bool| crate::empresa::samples::empresa(full, long, frame.now);
        let counts = [("mescla-contatos", 3), ("mescla-documentos", 0), ("mescla-etiquetas", 1)];
        let mut clash = FormState::new().with("visto_nome", "x").with("campo_nome", "sai");
        clash.fail_form(frame.t("mescla-conflict"));
        vec![
            ("fresh", Self::new(frame.clone(), FormState::new(), [&made(false, false), &made(true, false)], &counts)),
            ("conflict", Self::new(frame.clone(), clash, [&made(true, false), &made(true, true)], &counts)),
            ("same", Self::new(frame.clone(), FormState::new(), [&made(true, false), &made(true, false)], &[])),
        ]
    }
}

impl MesclaEscolherPage {
    /// For the test that renders every page.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let hit = || Hit { href: "/".into(), nome: "Metalúrgica <b>Aurora</b>".into(), sub: "12.ABC.345/01DE-35".into() };
        let page = |busca: &str, n: usize| Self {
            frame: frame.clone().titled("mescla-title"),
            path: "/empresas/1/mesclar".to_owned(),
            nome: "Metalúrgica <b>Aurora</b>".to_owned(),
            busca: busca.to_owned(),
            hits: (0..n).map(|_| hit()).collect(),
        };
        vec![("fresh", page("", 0)), ("nothing", page("\"><script>", 0)), ("many", page("aurora", 10))]
    }
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    com: Option<EmpresaId>,
    q: Option<String>,
}

async fn ask(path: EmpresaMesclar, mut ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response> {
    let ctx = &mut *ctx;
    let Some(com) = asked.com else { return choose(ctx, path.id, asked.q.unwrap_or_default()).await };
    let attached = attached(ctx);
    let (both, counts) = preview(&mut ctx.tx, &ctx.actor, &attached, path.id, com).await?;
    let [fica, sai] = &*both;
    let mut form = FormState::new();
    if keeps_responsavel(&ctx.actor)? {
        form = form.with(&format!("campo_{}", Campo::Responsavel.key()), Lado::Fica.code());
    }
    Ok(Page(MesclaFormPage::new(ctx.frame(), form, [fica, sai], &counts)).into_response())
}

/// Offered to choose from.
const HITS: usize = 10;

async fn choose(ctx: &mut CtxInner, id: EmpresaId, busca: String) -> Result<Response> {
    let empresa = lista::find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)?;
    let busca: String = busca.trim().chars().take(200).collect();
    let mut hits = Vec::new();
    if !busca.is_empty() {
        let filtro = Filtro { busca: busca.clone(), ..Filtro::default() };
        let known = Known::load(&mut ctx.tx).await?;
        let pagina = lista::list(&mut ctx.tx, &ctx.actor, &known, &filtro, Ordem::Nome, PageRequest::default()).await?;
        let others = pagina.linhas.into_iter().filter(|resumo| resumo.id != id).take(HITS);
        hits.extend(others.map(|resumo| {
            let cnpj = resumo.cnpj.parse().map_or(resumo.cnpj, |cnpj: Cnpj| cnpj.to_string());
            Hit {
                href: format!("{}?com={}", EmpresaMesclar { id }, resumo.id),
                nome: resumo.nome,
                sub: [Some(cnpj), resumo.cidade, resumo.uf].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            }
        }));
    }
    let (nome, frame) = (empresa.cadastro.nome.to_string(), ctx.frame().titled("mescla-title"));
    let empresas = frame.t("empresas-title");
    let frame = frame.crumb(empresas, "/empresas").crumb(nome.clone(), EmpresaShow { id }.to_string());
    Ok(Page(MesclaEscolherPage { frame, path: EmpresaMesclar { id }.to_string(), nome, busca, hits }).into_response())
}

async fn act(path: EmpresaMesclar, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let bad = || Error::status(StatusCode::BAD_REQUEST, "body");
    let sai: EmpresaId = form.raw("com").parse().map_err(|_| bad())?;
    let version = |field: &str| form.raw(field).parse::<i32>().map_err(|_| bad());
    let versions = [version("version")?, version("versao_outra")?];
    let escolha = |campo: Campo| Some((campo, Lado::from_code(form.raw(&format!("campo_{}", campo.key())))?));
    let escolhas: Escolhas = CAMPOS.iter().filter_map(|(campo, _)| escolha(*campo)).collect();
    let attached = attached(ctx);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    match mesclar(&mut ctx.tx, &ctx.actor, &attached, &Mesclar { fica: path.id, sai, versions, escolhas }).await {
        Ok(id) => return Ok(redirect(&MesclaShow { id }.to_string(), Some((Tone::Success, "toast-mescla-feita")))),
        Err(MesclarError::Conflict(_)) => {
            status = StatusCode::CONFLICT;
            form.fail_form(idioma::t(ctx.lang, "mescla-conflict"));
        }
        Err(refused @ MesclarError::TooLong) => form.refuse(ctx.lang, &refused),
        Err(error) => return Err(error.into()),
    }
    let (both, counts) = preview(&mut ctx.tx, &ctx.actor, &attached, path.id, sai).await?;
    let [fica, sai] = &*both;
    Ok((status, Page(MesclaFormPage::new(ctx.frame(), form, [fica, sai], &counts))).into_response())
}

#[derive(Template)]
#[template(path = "empresas/mescla/show.html")]
pub struct MesclaPage {
    frame: Frame,
    /// Which one went into which, who did it and when.
    told: String,
    href: String,
    done: String,
    /// What of the one that stayed was changed by it, and what came along.
    campos: Vec<&'static str>,
    moved: Vec<String>,
    /// The way back, until when.
    undo: Option<(String, String)>,
    undone: Option<Undone>,
}

/// What came of the undo.
#[derive(Debug)]
struct Undone {
    text: String,
    other: String,
    nome: String,
    campos: Vec<&'static str>,
    stayed: Vec<String>,
}

impl MesclaPage {
    fn new(frame: Frame, mescla: &Mescla, quem: &[Quem; 2], attached: &[&Attached], may_undo: bool) -> Self {
        let counted = |name: &str, n: u64| {
            let kind = attached.iter().find(|kind| kind.name == name);
            kind.map_or_else(|| format!("{name}: {n}"), |kind| frame.t_n(kind.label, n))
        };
        let said = |key: &str, nome: &str, at| {
            let at = frame.datetime(at);
            frame.t_with(key, &[("nome", nome.into()), ("at", at.as_str().into())])
        };
        let undone = mescla.undone_at.map(|at| {
            let kept = mescla.kept.clone().unwrap_or_default();
            Undone {
                text: said("mescla-undone-by", mescla.undone_actor_nome.as_deref().unwrap_or_default(), at),
                other: EmpresaShow { id: mescla.mesclada_id }.to_string(),
                nome: quem[1].to_string(),
                campos: kept.campos.iter().filter_map(|key| Campo::by_key(key)).map(Campo::label).collect(),
                stayed: kept.stayed.iter().map(|(name, n)| counted(name, *n)).collect(),
            }
        });
        let open = undone.is_none() && mescla.until() >= frame.now && may_undo;
        let undo = open.then(|| (MesclaDesfazer { id: mescla.id }.to_string(), frame.datetime(mescla.until())));
        let [fica, sai] = [quem[0].to_string(), quem[1].to_string()];
        let told = frame.t_with("mescla-told", &[("sai", sai.as_str().into()), ("fica", fica.as_str().into())]);
        let href = EmpresaShow { id: mescla.empresa_id }.to_string();
        let empresas = frame.t("empresas-title");
        Self {
            done: said("mescla-done-by", &mescla.actor_nome, mescla.created_at),
            campos: mescla.campos().into_iter().map(Campo::label).collect(),
            moved: mescla.moved.iter().map(|(name, ids)| counted(name, ids.len() as u64)).collect(),
            undo,
            undone,
            frame: frame.titled("mescla-show-title").crumb(empresas, "/empresas").crumb(quem[0].nome.clone(), href.clone()),
            told,
            href,
        }
    }

    /// For the test that renders every page: to be undone, too old, undone with what stayed.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let id = |n: u128| uuid::Uuid::from_u128(n);
        let columns = || ["nome", "email"].map(|key| (key.to_owned(), serde_json::Value::Null)).into_iter().collect();
        let fresh = Mescla {
            id: MesclaId::new(id(1)),
            empresa_id: EmpresaId::new(id(2)),
            mesclada_id: EmpresaId::new(id(3)),
            actor_nome: "Marina <Costa>".to_owned(),
            created_at: frame.now,
            before: columns(),
            after: columns(),
            moved: [("contato".to_owned(), vec![id(4)]), ("de outro <b>Aurora</b>".to_owned(), vec![id(5)])].into(),
            undone_at: None,
            undone_actor_nome: None,
            kept: None,
        };
        let old = Mescla { created_at: frame.now - KEPT - KEPT, ..fresh.clone() };
        let kept =
            Desfeita { campos: vec!["nome".to_owned()], stayed: [("contato".to_owned(), 2)].into(), ..Desfeita::default() };
        let undone = Mescla { undone_at: Some(frame.now), kept: Some(kept), ..fresh.clone() };
        let quem = ["Metalúrgica <b>Aurora</b>".to_owned(), "<b>Aurora</b> ".repeat(20)];
        let quem = quem.map(|nome| Quem::new(nome, "12ABC34501DE35"));
        let kinds: Vec<&Attached> = super::ANEXOS.iter().collect();
        let page = |mescla: &Mescla| Self::new(frame.clone(), mescla, &quem, &kinds, true);
        vec![("fresh", page(&fresh)), ("old", page(&old)), ("undone", page(&undone))]
    }
}

async fn show(path: MesclaShow, mut ctx: Ctx) -> Result<Page<MesclaPage>> {
    let ctx = &mut *ctx;
    let (mescla, quem) = find(&mut ctx.tx, &ctx.actor, path.id).await?.ok_or_else(Error::not_found)?;
    let may_undo = ctx.actor.may(&ALTERAR) && ctx.actor.may(&EXCLUIR);
    Ok(Page(MesclaPage::new(ctx.frame(), &mescla, &quem, &attached(ctx), may_undo)))
}

async fn undo(path: MesclaDesfazer, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    let attached = attached(ctx);
    let mescla = desfazer(&mut ctx.tx, &ctx.actor, &attached, path.id).await?;
    Ok(redirect(&MesclaShow { id: mescla.id }.to_string(), Some((Tone::Success, "toast-mescla-desfeita"))))
}

/// A mescla that can still be undone, as the empresa's page tells it.
#[derive(Debug)]
pub(crate) struct Note {
    pub text: String,
    pub href: String,
}

pub(crate) async fn notes(ctx: &mut CtxInner, frame: &Frame, id: EmpresaId) -> Result<Vec<Note>> {
    if !(ctx.actor.may(&ALTERAR) && ctx.actor.may(&EXCLUIR)) {
        return Ok(Vec::new());
    }
    let note = |(id, quem): (MesclaId, Quem)| Note {
        text: frame.t_with("mescla-recent", &[("nome", quem.to_string().into())]),
        href: MesclaShow { id }.to_string(),
    };
    Ok(super::undoable(&mut ctx.tx, id).await?.into_iter().map(note).collect())
}

/// The page of an empresa that is not there: where it is part of another one, that one's page.
pub(crate) async fn elsewhere(ctx: &mut CtxInner, id: EmpresaId, error: Error) -> Result<Response> {
    match super::leads_to(&mut ctx.tx, &ctx.actor, id).await? {
        Some(id) if error.status_code() == StatusCode::NOT_FOUND => {
            Ok(redirect(&EmpresaShow { id }.to_string(), Some((Tone::Info, "toast-empresa-mesclada"))))
        }
        _ => Err(error),
    }
}
