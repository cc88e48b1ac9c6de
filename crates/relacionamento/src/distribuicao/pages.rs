//! The rules in their order, one of them, and trying out what they would do.

use acesso::configuracoes::below;
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use empresas::{
    empresa::{self, EmpresaId},
    segmento::{self, SegmentoId},
};
use kernel::{ErrorKind, Kind, PageRequest};
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Query, Result, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{
    Dados, Distribuicao, DistribuicaoError, DistribuicaoId, DistribuicaoRule, Escolhida, GERIR, Modo,
    escolher::{Caso, quem_seria},
    gravar::{alterar, excluir, mover, registrar},
    sql,
};
use crate::{
    demanda::Pessoa,
    setor::{self, Setor, SetorId},
    tipo::{self, Tipo, TipoId},
    visita,
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/configuracoes/distribuicao")]
pub struct Distribuicoes;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/configuracoes/distribuicao/nova")]
pub struct DistribuicaoNova;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/configuracoes/distribuicao/{id}", rejection(web::BadPath))]
pub struct DistribuicaoEdit {
    pub id: DistribuicaoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/configuracoes/distribuicao/{id}/mover", rejection(web::BadPath))]
pub struct DistribuicaoMover {
    pub id: DistribuicaoId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/configuracoes/distribuicao/{id}/excluir", rejection(web::BadPath))]
pub struct DistribuicaoExcluir {
    pub id: DistribuicaoId,
}

pub(crate) fn routes() -> Vec<Route> {
    let needs = || Access::Needs(GERIR);
    let (one, ids) = ("/configuracoes/distribuicao/{distribuicao}", &["distribuicao"]);
    vec![
        Route::get(list, needs()).sample("/configuracoes/distribuicao?empresa=aurora&tipo={demanda_tipo}", ""),
        Route::get(new, needs()),
        Route::post(create, needs())
            .sample("/configuracoes/distribuicao", "nome=Cursos&ativa=sim&modo=empresa&tipo={demanda_tipo}"),
        Route::get(edit, needs()).ids(ids).sample(one, ""),
        Route::post(save, needs()).ids(ids).sample(one, "nome=Cursos&ativa=sim&modo=empresa&version=1"),
        Route::post(shift, needs()).ids(ids).sample("/configuracoes/distribuicao/{distribuicao}/mover", "sentido=acima"),
        Route::post(remove, needs()).ids(ids).sample("/configuracoes/distribuicao/{distribuicao.outra}/excluir", ""),
    ]
}

/// What conditions are chosen from.
#[derive(Debug, Clone, Default)]
struct Known {
    tipos: Vec<Tipo>,
    setores: Vec<Setor>,
    segmentos: Vec<(SegmentoId, String)>,
    municipios: Vec<(i32, String)>,
    pessoas: Vec<Pessoa>,
}

impl Known {
    async fn load(ctx: &mut CtxInner) -> Result<Self> {
        let tx = &mut ctx.tx;
        Ok(Self {
            tipos: tipo::sql::list(tx).await?,
            setores: setor::sql::list(tx).await?,
            segmentos: segmento::list(tx).await?.into_iter().map(|one| (one.id, one.nome)).collect(),
            municipios: sql::municipios(tx).await?,
            pessoas: visita::lista::pessoas(tx).await?,
        })
    }

    /// The conditions of a rule in words, and whether one of them is of something that is gone.
    fn words(&self, frame: &Frame, dados: &Dados) -> (Vec<(&'static str, String)>, bool) {
        let tipo = |id: &TipoId| self.tipos.iter().find(|one| one.id == *id).map(|one| one.nome.clone());
        let setor = |id: &SetorId| self.setores.iter().find(|one| one.id == *id).map(|one| one.nome.clone());
        let segmento = |id: &SegmentoId| self.segmentos.iter().find(|one| one.0 == *id).map(|one| one.1.clone());
        let municipio = |code: &i32| self.municipios.iter().find(|one| one.0 == *code).map(|one| one.1.clone());
        let all: [(&'static str, Vec<Option<String>>); 4] = [
            ("demanda-tipo", dados.tipos.iter().map(tipo).collect()),
            ("demanda-setor", dados.setores.iter().map(setor).collect()),
            ("empresa-segmento", dados.segmentos.iter().map(segmento).collect()),
            ("empresa-municipio", dados.municipios.iter().map(municipio).collect()),
        ];
        let gone = all.iter().any(|(_, names)| names.iter().any(Option::is_none));
        let some = all.into_iter().filter(|(_, names)| !names.is_empty());
        let words = some.map(|(label, names)| (frame.t(label), names.into_iter().flatten().collect::<Vec<_>>().join(", ")));
        (words.collect(), gone)
    }
}

/// A rule as its row shows it.
struct Row {
    id: DistribuicaoId,
    href: String,
    mover: String,
    nome: String,
    ativa: bool,
    conditions: Vec<(&'static str, String)>,
    gone: bool,
    modo: &'static str,
    pessoas: Vec<(String, bool)>,
}

/// What was tried out.
struct Tried {
    empresa: String,
    /// `None`: nobody.
    escolhida: Option<Escolhida>,
}

#[derive(Template)]
#[template(path = "relacionamento/distribuicao/list.html")]
pub struct DistribuicoesPage {
    frame: Frame,
    rows: Vec<Row>,
    form: FormState,
    tipos: Vec<Choice>,
    setores: Vec<Choice>,
    tried: Option<Tried>,
    /// Nothing of that name was found to try it with.
    unknown: bool,
}

impl DistribuicoesPage {
    fn new(frame: Frame, known: &Known, rules: Vec<Distribuicao>, form: FormState, tried: Option<Tried>) -> Self {
        let frame = below(frame).titled("distribuicao-title");
        let row = |one: Distribuicao| {
            let (conditions, gone) = known.words(&frame, &one.dados);
            Row {
                id: one.id,
                href: DistribuicaoEdit { id: one.id }.to_string(),
                mover: DistribuicaoMover { id: one.id }.to_string(),
                nome: one.dados.nome.to_string(),
                ativa: one.dados.ativa,
                conditions,
                gone,
                modo: frame.t(one.dados.modo.label()),
                pessoas: one.pessoas.into_iter().map(|(pessoa, ativo)| (pessoa.nome, ativo)).collect(),
            }
        };
        Self {
            rows: rules.into_iter().map(row).collect(),
            unknown: tried.is_none() && !form.value("empresa").is_empty(),
            tipos: tipos(known),
            setores: setores(known),
            form,
            tried,
            frame,
        }
    }

    /// For the test that renders every page: none, many, tried out.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let known = Known::default();
        let rule = |modo, ativa| Distribuicao { dados: Dados { ativa, modo, ..sample() }, ..stands() };
        let pessoa = Pessoa { id: Uuid::nil(), nome: "<b>Aurora</b>".into() };
        let escolhida = Some(Escolhida { regra: "<b>Aurora</b>".into(), pessoa });
        let tried = |escolhida| Some(Tried { empresa: "<b>Aurora</b>".into(), escolhida });
        let asked = || FormState::new().with("empresa", "\"><script>");
        vec![
            ("none", Self::new(frame.clone(), &known, Vec::new(), FormState::new(), None)),
            ("many", Self::new(frame.clone(), &known, Modo::ALL.map(|modo| rule(modo, true)).into(), asked(), tried(escolhida))),
            ("nobody", Self::new(frame.clone(), &known, vec![rule(Modo::Carga, false)], asked(), tried(None))),
            ("unknown", Self::new(frame.clone(), &known, vec![rule(Modo::Carga, false)], asked(), None)),
        ]
    }
}

fn sample() -> Dados {
    Dados {
        nome: "\"><script> norte".parse().unwrap_or_else(|_| unreachable!("a name")),
        ativa: true,
        tipos: vec![TipoId::new(Uuid::nil())],
        setores: Vec::new(),
        segmentos: Vec::new(),
        municipios: vec![4_209_102],
        modo: Modo::Revezamento,
        pessoas: vec![Uuid::nil()],
    }
}

fn stands() -> Distribuicao {
    let pessoa = Pessoa { id: Uuid::nil(), nome: "<b>Aurora</b>".into() };
    Distribuicao { id: DistribuicaoId::new(Uuid::nil()), dados: sample(), pessoas: vec![(pessoa, false)], version: 3 }
}

fn tipos(known: &Known) -> Vec<Choice> {
    known.tipos.iter().map(|one| Choice::new(one.id.to_string(), &one.nome)).collect()
}

fn setores(known: &Known) -> Vec<Choice> {
    known.setores.iter().map(|one| Choice::new(one.id.to_string(), &one.nome)).collect()
}

#[derive(Template)]
#[template(path = "relacionamento/distribuicao/form.html")]
pub struct DistribuicaoFormPage {
    frame: Frame,
    form: FormState,
    action: String,
    cancel: String,
    remove: Option<String>,
    tipos: Vec<Choice>,
    setores: Vec<Choice>,
    segmentos: Vec<Choice>,
    municipios: Vec<Choice>,
    modos: Vec<Choice>,
    pessoas: Vec<Choice>,
}

impl DistribuicaoFormPage {
    fn new(frame: Frame, form: FormState, known: &Known, rule: Option<&Distribuicao>) -> Self {
        let list = frame.t("distribuicao-title");
        let title = if rule.is_some() { "distribuicao-edit" } else { "distribuicao-new" };
        let frame = below(frame).titled(title).crumb(list, Distribuicoes::PATH);
        let mut pessoas: Vec<Choice> = known.pessoas.iter().map(|one| Choice::new(one.id.to_string(), &one.nome)).collect();
        // Whoever is in it stays, though they may not enter any more.
        let stay = rule.into_iter().flat_map(|rule| &rule.pessoas).filter(|(_, ativo)| !ativo);
        pessoas.extend(
            stay.map(|(one, _)| Choice::new(one.id.to_string(), format!("{} ({})", one.nome, frame.t("usuario-inactive")))),
        );
        Self {
            action: rule.map_or_else(|| Distribuicoes.to_string(), |rule| DistribuicaoEdit { id: rule.id }.to_string()),
            remove: rule.map(|rule| DistribuicaoExcluir { id: rule.id }.to_string()),
            cancel: Distribuicoes.to_string(),
            tipos: tipos(known),
            setores: setores(known),
            segmentos: known.segmentos.iter().map(|(id, nome)| Choice::new(id.to_string(), nome)).collect(),
            municipios: known.municipios.iter().map(|(code, nome)| Choice::new(code.to_string(), nome)).collect(),
            modos: Modo::ALL.map(|modo| Choice::new(modo.code(), frame.t(modo.label()))).into(),
            pessoas,
            form,
            frame,
        }
    }

    /// For the test that renders every page: fresh, refused, in conflict.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let known = Known::default();
        let mut refused = FormState::typed([("nome", "\"><script>")]);
        for rule in [DistribuicaoRule::Pessoas, DistribuicaoRule::Condicao, DistribuicaoRule::Many, DistribuicaoRule::Changed] {
            refused.refuse(frame.lang, &DistribuicaoError::from(rule));
        }
        vec![
            ("fresh", Self::new(frame.clone(), FormState::new(), &known, None)),
            ("refused", Self::new(frame.clone(), refused, &known, None)),
            ("edit", Self::new(frame.clone(), filled(&stands()), &known, Some(&stands()))),
        ]
    }
}

fn filled(rule: &Distribuicao) -> FormState {
    let dados = &rule.dados;
    let texts = |name: &'static str, all: Vec<String>| all.into_iter().map(move |value| (name.to_owned(), value));
    let pairs = texts("tipo", dados.tipos.iter().map(ToString::to_string).collect())
        .chain(texts("setor", dados.setores.iter().map(ToString::to_string).collect()))
        .chain(texts("segmento", dados.segmentos.iter().map(ToString::to_string).collect()))
        .chain(texts("municipio", dados.municipios.iter().map(ToString::to_string).collect()))
        .chain(texts("pessoa", dados.pessoas.iter().map(ToString::to_string).collect()))
        .chain([
            ("nome".to_owned(), dados.nome.to_string()),
            ("modo".to_owned(), dados.modo.code().to_owned()),
            ("ativa".to_owned(), if dados.ativa { "sim" } else { "" }.to_owned()),
            ("version".to_owned(), rule.version.to_string()),
        ]);
    FormState::typed(pairs)
}

/// What was typed, when all of it is valid.
fn dados(form: &mut FormState) -> Option<Dados> {
    fn ids<T: std::str::FromStr>(form: &FormState, name: &str) -> Vec<T> {
        form.all(name).iter().filter_map(|id| id.parse().ok()).collect()
    }
    let nome = form.required("nome");
    let modo = form.choice("modo", Modo::from_code);
    let modo = modo?;
    let pessoas = if modo == Modo::Empresa { Vec::new() } else { ids(form, "pessoa") };
    Some(Dados {
        nome: nome?,
        ativa: form.has("ativa", "sim"),
        tipos: ids(form, "tipo"),
        setores: ids(form, "setor"),
        segmentos: ids(form, "segmento"),
        municipios: ids(form, "municipio"),
        modo,
        pessoas,
    })
}

/// What somebody tries the rules out with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    empresa: String,
    tipo: String,
    setor: String,
}

async fn list(_: Distribuicoes, mut ctx: Ctx, Query(asked): Query<Asked>) -> Result<Page<DistribuicoesPage>> {
    let ctx = &mut *ctx;
    let known = Known::load(ctx).await?;
    let busca: String = asked.empresa.trim().chars().take(200).collect();
    let mut tried = None;
    if let (false, Ok(tipo)) = (busca.is_empty(), asked.tipo.parse::<TipoId>())
        && let Some((empresa, nome)) = first(ctx, &busca).await?
    {
        let caso = Caso { empresa, tipo, setor: asked.setor.parse().ok() };
        tried = Some(Tried { empresa: nome, escolhida: quem_seria(&mut ctx.tx, caso).await? });
    }
    let form = FormState::new().with("empresa", busca).with("tipo", asked.tipo).with("setor", asked.setor);
    let rules = sql::list(&mut ctx.tx).await?;
    Ok(Page(DistribuicoesPage::new(ctx.frame(), &known, rules, form, tried)))
}

/// The first empresa that words find.
async fn first(ctx: &mut CtxInner, busca: &str) -> Result<Option<(EmpresaId, String)>> {
    if !ctx.actor.may(&empresa::VER) {
        return Ok(None);
    }
    let filtro = empresa::lista::Filtro { busca: busca.to_owned(), ..empresa::lista::Filtro::default() };
    let known = empresa::Known::load(&mut ctx.tx).await?;
    let page = PageRequest::default();
    let found = empresa::lista::list(&mut ctx.tx, &ctx.actor, &known, &filtro, empresa::lista::Ordem::Nome, page).await?;
    Ok(found.linhas.into_iter().next().map(|one| (one.id, one.nome)))
}

async fn new(_: DistribuicaoNova, mut ctx: Ctx) -> Result<Page<DistribuicaoFormPage>> {
    let ctx = &mut *ctx;
    let known = Known::load(ctx).await?;
    let form = FormState::new().with("modo", Modo::Revezamento.code()).with("ativa", "sim");
    Ok(Page(DistribuicaoFormPage::new(ctx.frame(), form, &known, None)))
}

fn done(toast: &'static str) -> Response {
    redirect(Distribuicoes::PATH, Some((Tone::Success, toast)))
}

async fn create(_: Distribuicoes, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    if let Some(dados) = dados(&mut form) {
        match registrar(&mut ctx.tx, &ctx.actor, &dados).await {
            Ok(_) => return Ok(done("toast-distribuicao-registrada")),
            Err(error) => refused(&mut form, ctx, error)?,
        }
    }
    let known = Known::load(ctx).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(DistribuicaoFormPage::new(ctx.frame(), form, &known, None))).into_response())
}

/// A rule about what was typed stays on the page; anything else is an answer of its own.
fn refused(form: &mut FormState, ctx: &CtxInner, error: DistribuicaoError) -> Result<()> {
    match error.kind() {
        Kind::Invalid | Kind::Conflict => {
            form.refuse(ctx.lang, &error);
            Ok(())
        }
        _ => Err(error.into()),
    }
}

async fn edit(path: DistribuicaoEdit, mut ctx: Ctx) -> Result<Page<DistribuicaoFormPage>> {
    let ctx = &mut *ctx;
    let rule = sql::find(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
    let known = Known::load(ctx).await?;
    Ok(Page(DistribuicaoFormPage::new(ctx.frame(), filled(&rule), &known, Some(&rule))))
}

async fn save(path: DistribuicaoEdit, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let rule = sql::find(&mut ctx.tx, path.id).await?.ok_or_else(Error::not_found)?;
    let seen = form.raw("version").parse().unwrap_or_default();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(dados) = dados(&mut form) {
        match alterar(&mut ctx.tx, &ctx.actor, path.id, seen, &dados).await {
            Ok(()) => return Ok(done("toast-distribuicao-alterada")),
            Err(error) => {
                if error.kind() == Kind::Conflict {
                    // What was typed stays; saved once more it counts.
                    status = StatusCode::CONFLICT;
                    form = form.with("version", rule.version);
                }
                refused(&mut form, ctx, error)?;
            }
        }
    }
    let known = Known::load(ctx).await?;
    Ok((status, Page(DistribuicaoFormPage::new(ctx.frame(), form, &known, Some(&rule)))).into_response())
}

async fn shift(path: DistribuicaoMover, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let form = FormState::from_body(&body);
    mover(&mut ctx.tx, &ctx.actor, path.id, form.raw("sentido") == "acima").await?;
    Ok(redirect(Distribuicoes::PATH, None))
}

async fn remove(path: DistribuicaoExcluir, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    excluir(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(done("toast-distribuicao-excluida"))
}
