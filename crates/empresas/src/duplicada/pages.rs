//! `/empresas/duplicadas`: pairs that may be one; and the notice that the form of an empresa asks for while it is filled in.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use kernel::{Cnpj, Telefone};
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Access, Ctx, Error, FormBody, Page, Result, Route, filters,
    forms::FormState,
    frame::{Frame, Toast, Tone},
    list::{ListState, Pager, Sort},
    pecas::Tab,
    redirect,
};

use super::{
    Busca, Dispensado, Dois, Motivo, Par, Perfil, Semelhante, dispensar, job, retomar, semelhantes,
    sql::{self, Lado},
};
use crate::{
    empresa::{
        ALTERAR, Campo, EXCLUIR, EmpresaId, Reach, VER, lista,
        pages::{
            EmpresaShow,
            campo::laid_over,
            form::{filled, tells_otherwise},
            list::query,
        },
    },
    municipio::Municipios,
};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/duplicadas")]
pub struct Duplicadas;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/duplicadas/procurar")]
pub struct DuplicadasProcurar;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/duplicadas/{id}/{outra}/dispensar", rejection(web::BadPath))]
pub struct DuplicadasDispensar {
    pub id: EmpresaId,
    pub outra: EmpresaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/duplicadas/{id}/{outra}/retomar", rejection(web::BadPath))]
pub struct DuplicadasRetomar {
    pub id: EmpresaId,
    pub outra: EmpresaId,
}

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/semelhantes")]
pub struct Semelhantes;

pub(crate) fn routes() -> Vec<Route> {
    let both: &'static [&'static str] = &["empresa", "empresa.outra"];
    vec![
        Route::get(list, Access::Needs(VER)),
        Route::post(search, Access::Needs(ALTERAR)).sample("/empresas/duplicadas/procurar", ""),
        Route::post(dismiss, Access::Needs(ALTERAR))
            .ids(both)
            .sample("/empresas/duplicadas/{empresa}/{empresa.outra}/dispensar", ""),
        Route::post(resume, Access::Needs(ALTERAR))
            .ids(both)
            .sample("/empresas/duplicadas/{empresa}/{empresa.outra}/retomar", ""),
        Route::post(notice, Access::Needs(VER)).sample("/empresas/semelhantes", "nome=Metal%C3%BArgica+Aurora"),
    ]
}

/// What the form says of empresas that may be the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Aviso {
    pub linhas: Vec<Linha>,
    /// What the box to tick holds: whose ids were shown.
    pub ids: String,
    /// Whether one of them has the very CNPJ.
    pub igual: bool,
    pub ciente: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Linha {
    pub href: String,
    pub nome: String,
    pub sub: String,
    /// Key of what speaks for it.
    pub why: &'static str,
}

impl Aviso {
    pub(crate) fn new(found: Vec<Semelhante>, form: &FormState) -> Self {
        let ids = found.iter().map(|one| one.id.to_string()).collect::<Vec<_>>().join(" ");
        let igual = found.iter().any(|one| one.igual);
        let line = |one: Semelhante| Linha {
            href: EmpresaShow { id: one.id }.to_string(),
            sub: about(&one.cnpj, one.cidade, one.uf),
            why: match (one.igual, one.raiz) {
                (true, _) => "semelhantes-igual",
                (_, true) => "semelhantes-raiz",
                _ => "semelhantes-nome",
            },
            nome: one.nome,
        };
        let seen = form.raw(CIENTE);
        let ciente = !ids.is_empty() && ids.split(' ').all(|id| seen.split(' ').any(|seen| seen == id));
        Self { linhas: found.into_iter().map(line).collect(), ids, igual, ciente }
    }

    /// Whether the person has to say first that it is none of these. One with the very CNPJ is refused by itself.
    pub(crate) const fn asks(&self) -> bool {
        !self.linhas.is_empty() && !self.ciente && !self.igual
    }

    /// For samples of the form.
    pub(crate) fn sample() -> Self {
        let one = |n: u128, igual, raiz| Semelhante {
            id: EmpresaId::new(Uuid::from_u128(n)),
            nome: "Metalúrgica <b>Aurora</b> ".repeat(7),
            cnpj: "12ABC34501DE35".to_owned(),
            cidade: Some("Joinville".to_owned()),
            uf: Some("SC".to_owned()),
            igual,
            raiz,
        };
        Self::new(vec![one(1, true, true), one(2, false, true), one(3, false, false)], &FormState::new())
    }
}

/// Field of the form in which the person says that they have seen them.
pub(crate) const CIENTE: &str = "ciente";

/// Looks for empresas that may be what the form says.
pub(crate) async fn about_form(
    ctx: &mut web::CtxInner,
    form: &FormState,
    municipios: &Municipios,
    own: Option<EmpresaId>,
) -> Result<Aviso> {
    let uf = form.raw(Campo::Uf.key()).parse().ok();
    let codigo = form.raw(Campo::MunicipioId.key()).parse().ok();
    let by_nome = || municipios.by_nome(form.raw(Campo::Municipio.key()), uf).map(|municipio| municipio.codigo);
    let perfil = Perfil {
        cnpj: form.raw(Campo::Cnpj.key()).parse::<Cnpj>().ok(),
        nome: form.raw(Campo::Nome.key()),
        nome_fantasia: form.raw(Campo::NomeFantasia.key()),
        municipio: codigo.or_else(by_nome),
    };
    Ok(Aviso::new(semelhantes(&mut ctx.tx, &ctx.actor, perfil, own).await?, form))
}

/// The box alone, for a form that is being filled in.
#[derive(Template)]
#[template(path = "empresas/duplicada/aviso.html")]
pub struct AvisoPage {
    frame: Frame,
    aviso: Aviso,
}

async fn notice(_: Semelhantes, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Page<AvisoPage>> {
    let mut form = FormState::from_body(&body);
    let municipios = Municipios::load(&mut ctx.tx).await?;
    // Of one that is being changed: its own id.
    let own = form.raw("id").parse().ok();
    let ctx = &mut *ctx;
    // Of one field that is changed by itself, the register says the others.
    let campo = Campo::by_key(form.raw("campo"));
    if let (Some(id), Some(campo)) = (own, campo)
        && let Some(empresa) = lista::find(&mut ctx.tx, &ctx.actor, id).await?
    {
        let ciente = form.raw(CIENTE).to_owned();
        form = laid_over(filled(&empresa), &form, &[campo, Campo::Uf]).with(CIENTE, ciente);
        if campo != Campo::Municipio && campo != Campo::Uf {
            form = form.without(Campo::Uf.key()).with(Campo::Uf.key(), empresa.cadastro.text(Campo::Uf));
        }
        if !tells_otherwise(&empresa, &form) {
            return Ok(Page(AvisoPage { frame: ctx.frame(), aviso: Aviso::default() }));
        }
    }
    let aviso = about_form(ctx, &form, &municipios, own).await?;
    Ok(Page(AvisoPage { frame: ctx.frame(), aviso }))
}

fn about(cnpj: &str, cidade: Option<String>, uf: Option<String>) -> String {
    let cnpj = cnpj.parse().map_or_else(|_| cnpj.to_owned(), |cnpj: Cnpj| cnpj.to_string());
    [Some(cnpj), cidade, uf].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[derive(Template)]
#[template(path = "empresas/duplicada/list.html")]
pub struct DuplicadasPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    /// Whether these are the pairs that somebody said are two.
    dispensed: bool,
    /// When it was looked last, in words; and whether it is being looked right now.
    searched: String,
    due: bool,
    /// May have them looked for.
    alterar: bool,
}

struct Row {
    sides: [Side; 2],
    /// What speaks for it, in words.
    why: Vec<String>,
    /// In words.
    score: String,
    merge: String,
    dismiss: String,
    resume: String,
    /// Who said that they are two.
    by: String,
    /// May say that they are two; may make one of them.
    alterar: bool,
    mesclar: bool,
}

struct Side {
    href: String,
    nome: String,
    sub: String,
    responsavel: String,
    contato: String,
    created_at: DateTime<Utc>,
}

impl Side {
    fn new(lado: &Lado) -> Self {
        let telefone = lado.telefone.as_deref().and_then(|telefone| telefone.parse::<Telefone>().ok());
        let contato = [telefone.map(|telefone| telefone.to_string()), lado.email.clone()];
        Self {
            href: EmpresaShow { id: lado.id }.to_string(),
            nome: lado.nome.clone(),
            sub: about(&lado.cnpj, lado.cidade.clone(), lado.uf.clone()),
            responsavel: lado.responsavel.clone().unwrap_or_default(),
            contato: contato.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            created_at: lado.created_at,
        }
    }
}

impl Row {
    fn new([one, other]: [&Lado; 2], why: Vec<String>, score: String, by: String) -> Self {
        let (id, outra) = (one.id, other.id);
        Self {
            sides: [Side::new(one), Side::new(other)],
            why,
            score,
            merge: format!("/empresas/{id}/mesclar?com={outra}"),
            dismiss: DuplicadasDispensar { id, outra }.to_string(),
            resume: DuplicadasRetomar { id, outra }.to_string(),
            by,
            alterar: true,
            mesclar: true,
        }
    }
}

fn why(frame: &Frame, par: &Par) -> Vec<String> {
    let nome = (par.nome > 0).then(|| frame.t_with("duplicadas-why-nome", &[("n", i64::from(par.nome).into())]));
    let said = |yes: bool, key: &str| yes.then(|| frame.t(key).to_owned());
    [
        said(par.raiz, "duplicadas-why-raiz"),
        nome,
        said(par.email, "duplicadas-why-email"),
        said(par.telefone, "duplicadas-why-telefone"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn score(frame: &Frame, score: i16) -> String {
    frame.t_with("duplicadas-score", &[("n", i64::from(score).into())])
}

/// A pair on its way to its row.
struct Shown {
    one: EmpresaId,
    other: EmpresaId,
    why: Vec<String>,
    score: String,
    by: String,
}

impl Shown {
    const fn new(one: EmpresaId, other: EmpresaId) -> Self {
        Self { one, other, why: Vec::new(), score: String::new(), by: String::new() }
    }
}

/// The list of pairs, or of those that are none.
const SEEN: &str = "dispensadas";

impl DuplicadasPage {
    fn new(frame: Frame, list: ListState, rows: Vec<Row>, total: i64, busca: Busca, alterar: bool) -> Self {
        let dispensed = list.filter("ver") == Some(SEEN);
        let motivo = list.filter("motivo").map(str::to_owned);
        let tab = |label: &str, query: String, active: bool| Tab {
            label: frame.t(label).into(),
            href: format!("{}{query}", Duplicadas::PATH),
            active,
            count: active.then_some(total),
        };
        let mut tabs = vec![tab("duplicadas-all", String::new(), !dispensed && motivo.is_none())];
        tabs.extend(
            Motivo::ALL.iter().map(|one| {
                tab(one.label(), format!("?motivo={}", one.code()), !dispensed && motivo.as_deref() == Some(one.code()))
            }),
        );
        tabs.push(tab("duplicadas-dispensed", format!("?ver={SEEN}"), dispensed));
        let searched = busca.finished_at.map_or_else(
            || frame.t("duplicadas-never").to_owned(),
            |at| {
                let at = frame.datetime(at);
                frame.t_with("duplicadas-searched", &[("at", at.as_str().into()), ("n", busca.rows.into())])
            },
        );
        let empresas = frame.t("empresas-title");
        Self {
            frame: frame.titled("duplicadas-title").crumb(empresas, "/empresas"),
            pager: Pager::new(list.page, total),
            list,
            tabs,
            rows,
            dispensed,
            searched,
            due: busca.due_at.is_some(),
            alterar,
        }
    }

    /// For the test that renders every page: never looked, nothing found, pairs, those that are two.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let list = |query: &str| ListState::read(Duplicadas::PATH, query, &[], Sort::up("score"));
        let lado = |n: u128| Lado {
            id: EmpresaId::new(Uuid::from_u128(n)),
            nome: "Metalúrgica <b>Aurora</b> ".repeat(7),
            cnpj: "12ABC34501DE35".to_owned(),
            cidade: Some("Joinville".to_owned()),
            uf: Some("SC".to_owned()),
            responsavel: Some("Marina <Costa>".to_owned()),
            responsavel_id: None,
            vinculados: Vec::new(),
            email: Some("contato@aurora.example".to_owned()),
            telefone: Some("+554734330000".to_owned()),
            created_at: frame.now,
        };
        let ids = [EmpresaId::new(Uuid::from_u128(1)), EmpresaId::new(Uuid::from_u128(2))];
        let par = Par { first: ids[0], last: ids[1], raiz: true, nome: 90, email: true, telefone: true, score: 100 };
        let rows = |n: usize| {
            (0..n).map(|_| Row::new([&lado(1), &lado(2)], why(frame, &par), score(frame, 100), "Marina".into())).collect()
        };
        let never = Busca { due_at: None, finished_at: None, rows: 0 };
        let done = Busca { due_at: Some(frame.now), finished_at: Some(frame.now), rows: 100_000 };
        let page = |query: &str, n: usize, busca| {
            let total = i64::try_from(n).unwrap_or_default();
            Self::new(frame.clone(), list(query), rows(n), total, busca, true)
        };
        vec![
            ("never", page("", 0, never)),
            ("nothing", page("motivo=raiz", 0, done)),
            ("many", page("", 30, done)),
            ("dispensed", page("ver=dispensadas", 2, done)),
        ]
    }
}

async fn list(_: Duplicadas, mut ctx: Ctx) -> Result<Page<DuplicadasPage>> {
    let (kept, gone): (Vec<&str>, Vec<&str>) = query(&ctx).split('&').partition(|pair| !pair.starts_with("dispensada="));
    let gone = gone.first().and_then(|pair| pair.strip_prefix("dispensada=")?.split_once('.'));
    let gone = gone.and_then(|(one, other)| Dois::new(one.parse().ok()?, other.parse().ok()?));
    let list = ListState::read(Duplicadas::PATH, &kept.join("&"), &[], Sort::up("score"));
    let motivo = list.filter("motivo").and_then(|code| Motivo::ALL.into_iter().find(|motivo| motivo.code() == code));
    let inner = &mut *ctx;
    let reach = Reach::of(&inner.actor, &VER)?;
    let mut frame = inner.frame();
    let busca = job::busca(&mut inner.tx).await?;
    let (pairs, total): (Vec<Shown>, i64) = if list.filter("ver") == Some(SEEN) {
        let (pairs, total) = sql::dispensed(&mut inner.tx, reach, list.page).await?;
        let by = |par: &Dispensado| {
            let at = frame.datetime(par.created_at);
            frame.t_with("duplicadas-dispensed-by", &[("nome", par.actor_nome.as_str().into()), ("at", at.as_str().into())])
        };
        let shown = |par: Dispensado| Shown { by: by(&par), ..Shown::new(par.first, par.last) };
        (pairs.into_iter().map(shown).collect(), total)
    } else {
        let (pairs, total) = sql::pairs(&mut inner.tx, reach, motivo, list.page).await?;
        let shown =
            |par: &Par| Shown { why: why(&frame, par), score: score(&frame, par.score), ..Shown::new(par.first, par.last) };
        (pairs.iter().map(shown).collect(), total)
    };
    let ids: Vec<Uuid> = pairs.iter().flat_map(|pair| [pair.one.uuid(), pair.other.uuid()]).collect();
    let sides: HashMap<EmpresaId, Lado> =
        sql::sides(&mut inner.tx, &ids).await?.into_iter().map(|lado| (lado.id, lado)).collect();
    let within = |permission| Reach::of_both(&inner.actor, &VER, permission).ok();
    let (alterar, excluir) = (within(&ALTERAR), within(&EXCLUIR));
    // Only what the actor may do with both is offered.
    let may = |reach: Option<Reach>, both: [&Lado; 2]| {
        reach.is_some_and(|reach| both.iter().all(|lado| reach.has(lado.responsavel_id, &lado.vinculados)))
    };
    let row = |pair: Shown| {
        let both = [sides.get(&pair.one)?, sides.get(&pair.other)?];
        let mesclar = may(alterar, both) && may(excluir, both);
        Some(Row { alterar: may(alterar, both), mesclar, ..Row::new(both, pair.why, pair.score, pair.by) })
    };
    let rows = pairs.into_iter().filter_map(row).collect();
    if let Some(dois) = gone {
        let undo = DuplicadasRetomar { id: dois.first, outra: dois.last }.to_string();
        let text = frame.t("duplicadas-gone").to_owned();
        frame = frame.toast(Some(Toast { tone: Tone::Success, text, undo: Some(undo) }));
    }
    Ok(Page(DuplicadasPage::new(frame, list, rows, total, busca, alterar.is_some())))
}

async fn search(_: DuplicadasProcurar, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    job::pedir(&mut ctx.tx, &ctx.actor).await?;
    Ok(redirect(Duplicadas::PATH, None))
}

fn dois(one: EmpresaId, other: EmpresaId) -> Result<Dois> {
    Dois::new(one, other).ok_or_else(Error::not_found)
}

async fn dismiss(path: DuplicadasDispensar, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    let dois = dois(path.id, path.outra)?;
    dispensar(&mut ctx.tx, &ctx.actor, dois).await?;
    Ok(redirect(&format!("{}?dispensada={}.{}", Duplicadas::PATH, dois.first, dois.last), None))
}

async fn resume(path: DuplicadasRetomar, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    retomar(&mut ctx.tx, &ctx.actor, dois(path.id, path.outra)?).await?;
    Ok(redirect(Duplicadas::PATH, Some((Tone::Success, "toast-duplicadas-retomada"))))
}
