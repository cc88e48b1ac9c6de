//! One demanda: where it stands and the steps from there, what is asked for, its files, its tarefas and its history.

use askama::Template;
use axum::{extract::Multipart, response::Response};
use documentos::{
    arquivo::Arquivo,
    documento::{DocumentoId, Pasta},
};
use empresas::{
    documento::{
        self,
        pages::{
            DocumentoShow,
            upload::{self, Desk, Sent},
        },
    },
    empresa::{self, EmpresaId},
};
use kernel::Invalid;
use serde::Deserialize;
use web::{
    Ctx, CtxInner, Error, FormBody, Page, Query, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone, iniciais},
    redirect,
    timeline::{self, Day},
};

use super::{DemandaAnexos, DemandaDelete, DemandaRestore, DemandaShow, Here, list::Row};
use crate::{
    demanda::{
        self, Anexo, Demanda, ENTITY, Reach, Situacao,
        anexar::anexar as attach,
        excluir::{excluir, restaurar},
        lista,
        sql::{self, Anexado, Passagem},
    },
    etapa::{self, Etapa},
    projeto,
    tarefa::{Sobre, pages::Cartao},
};

/// Moments of its history that are shown.
const MOMENTS: usize = 30;

/// Where it stood, and how long.
#[derive(Debug)]
struct Stood {
    etapa: String,
    cor: String,
    since: String,
    lasted: String,
}

/// A file as a line.
#[derive(Debug)]
struct File {
    /// For whoever may read documentos.
    href: Option<String>,
    nome: String,
    anexo: &'static str,
}

#[derive(Template)]
#[template(path = "relacionamento/demanda/show.html")]
pub struct DemandaShowPage {
    frame: Frame,
    demanda: Demanda,
    path: String,
    /// The empresa's record, for whoever sees it.
    empresa: Option<String>,
    iniciais: String,
    facts: Vec<(&'static str, String)>,
    /// Its prazo, and how it is coloured.
    prazo: Option<(String, &'static str)>,
    /// Where it may be put.
    etapas: Vec<Choice>,
    /// The etapa that concludes it.
    concluir: Option<String>,
    abertas: Vec<Row>,
    stood: Vec<Stood>,
    files: Vec<File>,
    anexos: Vec<Choice>,
    enviar: bool,
    form: FormState,
    projeto: Option<String>,
    recent: Vec<Day>,
    here: Here,
    may_convert: bool,
    cartao: Cartao,
}

/// What a page of a demanda shows beside it.
struct Beside {
    /// Whether the reader sees the empresa's record, its documentos, and may send more.
    empresa: bool,
    ver: bool,
    enviar: bool,
    etapas: Vec<Etapa>,
    passagens: Vec<Passagem>,
    anexos: Vec<Anexado>,
    abertas: Vec<lista::Resumo>,
    recent: Vec<Day>,
    here: Here,
    /// What it became, for whoever sees projetos.
    projeto: Option<String>,
    cartao: Cartao,
}

impl Beside {
    async fn load(ctx: &mut CtxInner, frame: &Frame, demanda: &Demanda) -> Result<Self, Error> {
        let empresa = empresa::find(&mut ctx.tx, demanda.empresa_id, Reach::all()).await?.ok_or_else(Error::not_found)?;
        let may = |permission| Reach::of(&ctx.actor, permission).is_ok_and(|reach| reach.covers(&empresa));
        let (sees, ver, enviar) = (may(&empresa::VER), may(&documento::VER), may(&documento::ENVIAR));
        let abertas = if demanda.situacao == Situacao::Nova {
            lista::abertas(&mut ctx.tx, &ctx.actor, demanda.empresa_id, Some(demanda.id)).await?
        } else {
            Vec::new()
        };
        Ok(Self {
            empresa: sees,
            ver,
            enviar,
            etapas: etapa::sql::list(&mut ctx.tx).await?,
            passagens: sql::passagens(&mut ctx.tx, demanda.id).await?,
            anexos: sql::anexos(&mut ctx.tx, demanda.id).await?,
            // One of the same kind may be the same one.
            abertas: abertas.into_iter().filter(|one| one.tipo == demanda.tipo).collect(),
            recent: timeline::newest(ctx, frame, ENTITY, demanda.id.uuid(), MOMENTS).await?,
            here: Here::load(ctx, demanda).await?,
            projeto: demanda
                .projeto
                .filter(|_| ctx.actor.may(&projeto::VER))
                .map(|id| projeto::pages::ProjetoShow { id: projeto::ProjetoId::new(id) }.to_string()),
            cartao: Cartao::load(ctx, frame, Sobre { entity: ENTITY, id: demanda.id.uuid() }, false).await?,
        })
    }
}

impl DemandaShowPage {
    fn new(frame: Frame, form: FormState, demanda: Demanda, beside: Beside) -> Self {
        let demandas = frame.t("demandas-title");
        let frame = frame.title(demanda.titulo.clone()).crumb(demandas, "/demandas");
        let today = frame.now.with_timezone(&frame.zone).date_naive();
        let datetime = |at: Option<_>| at.map(|at| frame.datetime(at)).unwrap_or_default();
        let facts = vec![
            (frame.t("demanda-setor"), demanda.setor.clone().unwrap_or_default()),
            (frame.t("demanda-responsavel"), demanda.responsavel_nome.clone().unwrap_or_default()),
            (frame.t("demanda-contato"), demanda.contato.as_ref().map(|pessoa| pessoa.nome.clone()).unwrap_or_default()),
            (frame.t("demanda-valor"), demanda.valor_estimado.map(|valor| valor.to_string()).unwrap_or_default()),
            (frame.t("demanda-criada"), frame.datetime(demanda.created_at)),
            (frame.t("demanda-iniciada-at"), datetime(demanda.iniciada_at)),
            (frame.t("demanda-concluida-at"), datetime(demanda.concluida_at)),
        ];
        let prazo_tone = if demanda.is_late(today) { "danger" } else { "quiet" };
        let stood = |one: Passagem| {
            let lasted = (one.fim_at.unwrap_or(frame.now) - one.inicio_at).num_days();
            let lasted = frame.t_n("dias-inteiros", lasted);
            Stood { etapa: one.etapa, cor: one.cor, since: frame.datetime(one.inicio_at), lasted }
        };
        let file = |one: Anexado| {
            let shown = DocumentoShow { id: demanda.empresa_id, documento: DocumentoId::new(one.id) };
            let anexo = frame.t(one.anexo.unwrap_or(Anexo::Outro).label());
            File { href: beside.ver.then(|| shown.to_string()), nome: one.nome, anexo }
        };
        let open = demanda.situacao.is_open();
        let elsewhere = |etapa: &&Etapa| open && etapa.situacao != Situacao::Cancelada && etapa.id != demanda.etapa_id;
        let concluir = beside.etapas.iter().find(|etapa| etapa.padrao && etapa.situacao == Situacao::Concluida);
        Self {
            path: DemandaShow { id: demanda.id }.to_string(),
            empresa: beside.empresa.then(|| empresa::pages::EmpresaShow { id: demanda.empresa_id }.to_string()),
            iniciais: iniciais(&demanda.empresa_nome),
            facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
            prazo: demanda.data_prazo.map(|prazo| (frame.date(prazo), prazo_tone)),
            concluir: concluir.filter(|_| open).map(|etapa| etapa.id.to_string()),
            etapas: beside.etapas.iter().filter(elsewhere).map(|etapa| Choice::new(etapa.id.to_string(), &etapa.nome)).collect(),
            abertas: beside.abertas.into_iter().map(|resumo| Row::new(&frame, resumo)).collect(),
            stood: beside.passagens.into_iter().map(stood).collect(),
            files: beside.anexos.into_iter().map(file).collect(),
            anexos: Anexo::ALL.iter().map(|anexo| Choice::new(anexo.code(), frame.t(anexo.label()))).collect(),
            enviar: beside.enviar && beside.here.alterar,
            projeto: beside.projeto,
            may_convert: beside.here.alterar && demanda.projeto.is_none() && demanda.situacao != Situacao::Cancelada,
            recent: beside.recent,
            here: beside.here,
            cartao: beside.cartao,
            form,
            demanda,
            frame,
        }
    }

    /// For the test that renders every page: each state, barely filled, full and the longest.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |situacao: Situacao, full: bool, long: bool| {
            let demanda = demanda::samples::demanda(situacao, full, long, frame.now);
            let anexado = |anexo| Anexado { id: uuid::Uuid::nil(), nome: "Proposta <b>Aurora</b>.pdf".to_owned(), anexo };
            let passagem = |fim_at| Passagem {
                etapa: demanda.etapa.clone(),
                cor: "azul".to_owned(),
                inicio_at: frame.now - chrono::TimeDelta::days(9),
                fim_at,
            };
            let beside = Beside {
                empresa: full,
                ver: long,
                enviar: full,
                etapas: demanda::samples::etapas(),
                passagens: vec![passagem(Some(frame.now)), passagem(None)],
                anexos: if full { vec![anexado(Some(Anexo::Proposta)), anexado(None)] } else { Vec::new() },
                abertas: (0..usize::from(long) * 3).map(|i| demanda::samples::resumo(i, false, frame.now)).collect(),
                recent: if full { timeline::Told::sample(frame).days } else { Vec::new() },
                here: Here { alterar: full, excluir: full },
                projeto: demanda.projeto.map(|_| "/".to_owned()),
                cartao: Cartao::sample(frame, if long { 12 } else { 0 }),
            };
            let mut form = FormState::new();
            if long {
                form.fail("arquivo", Invalid::new("demanda-anexos"));
            }
            Self::new(frame.clone(), form, demanda, beside)
        };
        vec![
            ("bare", page(Situacao::Nova, false, false)),
            ("nova", page(Situacao::Nova, true, false)),
            ("longest", page(Situacao::EmAndamento, true, true)),
            ("concluida", page(Situacao::Concluida, true, true)),
            ("cancelada", page(Situacao::Cancelada, true, false)),
        ]
    }
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// Code of why a file was not kept just now.
    recusado: Option<String>,
}

pub(crate) async fn show(path: DemandaShow, mut ctx: Ctx, Query(asked): Query<Asked>) -> Result<Page<DemandaShowPage>, Error> {
    let ctx = &mut *ctx;
    let mut form = FormState::new();
    if let Some(code) = asked.recusado {
        form.fail("arquivo", Invalid::new(REFUSED.into_iter().find(|known| *known == code).unwrap_or(REFUSED[0])));
    }
    let demanda = lista::find(&mut ctx.tx, &ctx.actor, path.id).await?.ok_or_else(Error::not_found)?;
    let frame = ctx.frame();
    let beside = Beside::load(ctx, &frame, &demanda).await?;
    Ok(Page(DemandaShowPage::new(frame, form, demanda, beside)))
}

/// Why a file was not kept, of which the page tells; the first of any other.
const REFUSED: [&str; 5] = ["demanda-arquivo", "demanda-anexos", "required", "file-single", "file-quota"];

/// A file of a demanda, into the documentos of the empresa.
pub(crate) async fn anexar(path: DemandaAnexos, mut ctx: Ctx, body: Multipart) -> Result<Response, Error> {
    let show = DemandaShow { id: path.id }.to_string();
    let (empresa, pasta) = {
        let ctx = &mut *ctx;
        let demanda = lista::find(&mut ctx.tx, &ctx.actor, path.id).await?.ok_or_else(Error::not_found)?;
        // One name for all, whoever sends.
        (demanda.empresa_id, idioma::t(ctx.unidade.lang(None), "pasta-demandas").parse::<Pasta>().unwrap_or_default())
    };
    let wants_page = ctx.visit().wants_page;
    let desk = Desk::open(ctx, empresa).await?;
    let sent = match Sent::read(&desk, body).await?.single(&desk).await {
        Ok((fields, arquivo)) => {
            let anexo = Anexo::from_code(&fields.anexo).unwrap_or(Anexo::Outro);
            keep(&desk, empresa, path, anexo, &pasta, &arquivo).await
        }
        Err(error) => Err(error),
    };
    match sent {
        Ok(()) => Ok(redirect(&show, Some((Tone::Success, "toast-demanda-anexo")))),
        Err(error) if wants_page && error.status_code().is_client_error() && !error.fields().is_empty() => {
            let code = error.fields().first().map_or(REFUSED[0], |field| field.invalid.code);
            Ok(redirect(&format!("{show}?recusado={code}#anexos"), None))
        }
        Err(error) => Err(error),
    }
}

async fn keep(
    desk: &Desk,
    empresa: EmpresaId,
    path: DemandaAnexos,
    anexo: Anexo,
    pasta: &Pasta,
    arquivo: &Arquivo,
) -> Result<(), Error> {
    upload::claim(desk, empresa, arquivo, async |tx, dono| {
        attach(tx, &desk.actor, path.id, anexo, dono, pasta, arquivo).await.map(drop).map_err(Error::from)
    })
    .await
}

pub(crate) async fn delete(path: DemandaDelete, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let seen = FormState::from_body(&body).raw("version").parse().ok();
    excluir(&mut ctx.tx, &ctx.actor, path.id, seen).await?;
    Ok(redirect(&format!("/demandas?excluida={}", path.id), None))
}

pub(crate) async fn restore(path: DemandaRestore, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    restaurar(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(&DemandaShow { id: path.id }.to_string(), Some((Tone::Success, "toast-demanda-restaurada"))))
}
