//! Writing a demanda down and changing what is written down.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use empresas::{
    contato,
    empresa::{self, Empresa, EmpresaId, Responsavel},
};
use kernel::{Invalid, Reais};
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Ctx, CtxInner, Error, FormBody, Page, Query, filters,
    forms::{Choice, Dia, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{
    DemandaEdit, DemandaShow, Demandas, EmpresaDemandas,
    list::{Known, Row, known},
};
use crate::{
    demanda::{
        Dados, Demanda, DemandaError, DemandaId, DemandaRule, Pessoa, REGISTRAR, Reach, alterar::alterar, lista,
        registrar::registrar,
    },
    distribuicao,
    escolher::{self, What},
};

/// What was typed, when all of it is valid.
fn dados(form: &mut FormState) -> Option<Dados> {
    let (titulo, descricao) = (form.required("titulo"), form.required("descricao"));
    let tipo = form.choice("tipo", |id| id.parse().ok());
    let (setor, responsavel, contato) = (
        form.choice_or_none("setor", |id| id.parse().ok()),
        form.choice_or_none("responsavel", |id| id.parse().ok()),
        form.choice_or_none("contato", |id| id.parse().ok()),
    );
    let valor_estimado = form.optional::<Reais>("valor_estimado");
    if valor_estimado.flatten().is_some_and(|valor| valor < Reais::default()) {
        form.fail("valor_estimado", Invalid::new("reais-negative"));
    }
    let data_prazo = form.optional::<Dia>("data_prazo");
    Some(Dados {
        titulo: titulo?,
        descricao: descricao?,
        tipo: tipo?,
        setor: setor?,
        responsavel: responsavel?,
        contato: contato?,
        valor_estimado: valor_estimado?,
        data_prazo: data_prazo?.map(|dia| dia.0),
    })
    .filter(|_| form.is_ok())
}

/// As what is written down of it: the form filled in.
fn filled(demanda: &Demanda) -> FormState {
    FormState::new()
        .with("titulo", &demanda.titulo)
        .with("descricao", &demanda.descricao)
        .with("tipo", demanda.tipo_id)
        .with_some("setor", demanda.setor_id)
        .with_some("responsavel", demanda.responsavel_id)
        .with_some("contato", demanda.contato.as_ref().map(|pessoa| pessoa.id))
        .with_some("valor_estimado", demanda.valor_estimado)
        .with_some("data_prazo", demanda.data_prazo)
}

#[derive(Template)]
#[template(path = "relacionamento/demanda/form.html")]
pub struct DemandaFormPage {
    frame: Frame,
    form: FormState,
    empresa: EmpresaId,
    empresa_nome: String,
    action: String,
    cancel: String,
    tipos: Vec<Choice>,
    setores: Vec<Choice>,
    pessoas: Vec<Choice>,
    contatos: Vec<Choice>,
    /// Others of the empresa that are open: perhaps this is one of them.
    abertas: Vec<Row>,
    /// The unidade has rules that choose where nobody is named.
    chooses: bool,
    /// The version that was seen; `None` for a new one.
    version: Option<i32>,
}

/// What the form offers.
struct Offer {
    empresa: EmpresaId,
    nome: String,
    known: Known,
    contatos: Vec<Pessoa>,
    abertas: Vec<lista::Resumo>,
    /// The unidade has rules that choose where nobody is named.
    chooses: bool,
}

impl Offer {
    async fn load(ctx: &mut CtxInner, empresa: &Empresa, demanda: Option<&Demanda>) -> Result<Self, Error> {
        let mut known = Known::load(ctx).await?;
        let mut contatos: Vec<Pessoa> = Vec::new();
        // Whoever answers for it need not see the empresa's record, and so not its people.
        if Reach::of(&ctx.actor, &empresa::VER).is_ok_and(|reach| reach.covers(empresa)) {
            let all = contato::list(&mut ctx.tx, empresa.id).await?;
            contatos.extend(all.into_iter().map(|one| Pessoa { id: one.id.uuid(), nome: one.dados.nome.to_string() }));
        }
        if let Some(demanda) = demanda {
            // Whoever answers for it may stay, though no longer active, and so may whoever asked.
            let stays = demanda.responsavel_id.zip(demanda.responsavel_nome.clone()).map(|(id, nome)| Pessoa { id, nome });
            for (all, one) in [(&mut known.pessoas, stays), (&mut contatos, demanda.contato.clone())] {
                all.extend(one.filter(|one| all.iter().all(|known| known.id != one.id)));
            }
        }
        let abertas = match demanda {
            Some(_) => Vec::new(),
            None if ctx.actor.may(&crate::demanda::VER) => lista::abertas(&mut ctx.tx, &ctx.actor, empresa.id, None).await?,
            None => Vec::new(),
        };
        let chooses = demanda.is_none() && distribuicao::sql::any(&mut ctx.tx).await?;
        Ok(Self { empresa: empresa.id, nome: empresa.cadastro.nome.to_string(), known, contatos, abertas, chooses })
    }
}

impl DemandaFormPage {
    fn new(frame: Frame, form: FormState, offer: Offer, demanda: Option<(&Demanda, i32)>) -> Self {
        let people = |all: Vec<Pessoa>| all.into_iter().map(|one| Choice::new(one.id.to_string(), one.nome)).collect();
        let demandas = frame.t("demandas-title");
        let mut frame = frame.titled(if demanda.is_some() { "demanda-edit" } else { "demanda-new" }).crumb(demandas, "/demandas");
        let (action, cancel) = match demanda {
            Some((demanda, _)) => {
                let show = DemandaShow { id: demanda.id }.to_string();
                frame = frame.crumb(demanda.titulo.clone(), show.clone());
                (DemandaEdit { id: demanda.id }.to_string(), show)
            }
            None => (Demandas.to_string(), EmpresaDemandas { id: offer.empresa }.to_string()),
        };
        let known = offer.known;
        let tipo = |tipo: crate::tipo::Tipo| {
            let label = match tipo.prazo_dias {
                Some(n) => format!("{} ({})", tipo.nome, frame.t_n("dias-uteis", n)),
                None => tipo.nome,
            };
            Choice::new(tipo.id.to_string(), label)
        };
        Self {
            form,
            empresa: offer.empresa,
            empresa_nome: offer.nome,
            action,
            cancel,
            tipos: known.tipos.into_iter().map(tipo).collect(),
            setores: known.setores.into_iter().map(|setor| Choice::new(setor.id.to_string(), setor.nome)).collect(),
            pessoas: people(known.pessoas),
            contatos: people(offer.contatos),
            abertas: offer.abertas.into_iter().map(|resumo| Row::new(&frame, resumo)).collect(),
            chooses: offer.chooses,
            version: demanda.map(|(_, version)| version),
            frame,
        }
    }

    /// For the test that renders every page: fresh, refused, in conflict.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let offer = |n: usize| Offer {
            empresa: EmpresaId::new(Uuid::nil()),
            nome: "Metalúrgica <b>Aurora</b>".to_owned(),
            known: known(),
            contatos: vec![Pessoa { id: Uuid::nil(), nome: "Rui <b>Aurora</b>".to_owned() }],
            abertas: (0..n).map(|i| crate::demanda::samples::resumo(i, false, frame.now)).collect(),
            chooses: n > 0,
        };
        let mut refused = FormState::typed([("titulo", "\"><script>"), ("valor_estimado", "-1"), ("descricao", "")]);
        dados(&mut refused);
        let demanda = crate::demanda::samples::demanda(crate::demanda::Situacao::Nova, true, false, frame.now);
        let mut changed = filled(&demanda);
        changed.fail("titulo", Invalid::new("field-changed").with("current", "<b>Aurora</b>").with("wanted", "x"));
        vec![
            ("fresh", Self::new(frame.clone(), FormState::new(), offer(0), None)),
            ("refused", Self::new(frame.clone(), refused, offer(12), None)),
            ("conflict", Self::new(frame.clone(), changed, offer(0), Some((&demanda, 4)))),
        ]
    }
}

const WHAT: What = What { path: "/demandas/nova", title: "demanda-new", list: ("demandas-title", "/demandas"), em: None };

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    empresa: Option<EmpresaId>,
    q: Option<String>,
}

/// An empresa of which the actor may write a demanda down.
async fn asking(ctx: &mut CtxInner, id: EmpresaId) -> Result<Empresa, Error> {
    let found = empresa::lista::find(&mut ctx.tx, &ctx.actor, id).await?;
    let reach = Reach::of(&ctx.actor, &REGISTRAR)?;
    found.filter(|empresa| reach.covers(empresa)).ok_or_else(Error::not_found)
}

pub(crate) async fn new(_: super::DemandaNew, mut ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let Some(id) = asked.empresa else {
        return Ok(Page(escolher::choose(ctx, WHAT, asked.q.unwrap_or_default()).await?).into_response());
    };
    let empresa = asking(ctx, id).await?;
    let offer = Offer::load(ctx, &empresa, None).await?;
    // Whoever is responsável for the empresa answers for it unless somebody says otherwise, or the unidade has rules for it.
    let usual = empresa.cadastro.responsavel.as_ref().and_then(Responsavel::id);
    let usual = usual.filter(|id| offer.known.pessoas.iter().any(|pessoa| pessoa.id == *id));
    let usual = usual.or(ctx.actor.usuario()).filter(|_| !offer.chooses);
    let form = FormState::new().with_some("responsavel", usual);
    Ok(Page(DemandaFormPage::new(ctx.frame(), form, offer, None)).into_response())
}

pub(crate) async fn create(_: Demandas, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let id = form.raw("empresa").parse::<EmpresaId>().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    let empresa = asking(ctx, id).await?;
    if let Some(dados) = dados(&mut form) {
        match registrar(&mut ctx.tx, &ctx.actor, id, &dados).await {
            Ok(id) => return Ok(redirect(&DemandaShow { id }.to_string(), Some((Tone::Success, "toast-demanda-registrada")))),
            Err(error) => refused(&mut form, ctx, error)?,
        }
    }
    let offer = Offer::load(ctx, &empresa, None).await?;
    let page = DemandaFormPage::new(ctx.frame(), form, offer, None);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// A rule about what was typed goes to its field; anything else is an answer of its own.
fn refused(form: &mut FormState, ctx: &CtxInner, error: DemandaError) -> Result<(), Error> {
    use DemandaRule::{Contato, Responsavel, Setor, Tipo, Valor};
    match &error {
        DemandaError::Rule(Tipo | Setor | Responsavel | Contato | Valor) => {
            form.refuse(ctx.lang, &error);
            Ok(())
        }
        _ => Err(error.into()),
    }
}

async fn found(ctx: &mut CtxInner, id: DemandaId) -> Result<(Demanda, Offer), Error> {
    let demanda = lista::find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)?;
    demanda.open().map_err(DemandaError::Rule)?;
    let empresa = empresa::find(&mut ctx.tx, demanda.empresa_id, Reach::all()).await?.ok_or_else(Error::not_found)?;
    let offer = Offer::load(ctx, &empresa, Some(&demanda)).await?;
    Ok((demanda, offer))
}

pub(crate) async fn edit(path: DemandaEdit, mut ctx: Ctx) -> Result<Page<DemandaFormPage>, Error> {
    let ctx = &mut *ctx;
    let (demanda, offer) = found(ctx, path.id).await?;
    Ok(Page(DemandaFormPage::new(ctx.frame(), filled(&demanda), offer, Some((&demanda, demanda.version)))))
}

pub(crate) async fn save(path: DemandaEdit, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let mut seen = form.raw("version").parse().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    let (demanda, offer) = found(ctx, path.id).await?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(dados) = dados(&mut form) {
        match alterar(&mut ctx.tx, &ctx.actor, path.id, seen, &dados).await {
            Ok(_) => {
                let to = DemandaShow { id: path.id }.to_string();
                return Ok(redirect(&to, Some((Tone::Success, "toast-demanda-alterada"))));
            }
            Err(DemandaError::Rule(DemandaRule::Changed(conflict))) => {
                // What was typed stays; beside each field stands what somebody else wrote. Saving again means it.
                (status, seen) = (StatusCode::CONFLICT, conflict.current.version);
                clash(&mut form, &filled(&conflict.current));
                form.fail_form(idioma::t(ctx.lang, "demanda-conflict"));
            }
            Err(error) => refused(&mut form, ctx, error)?,
        }
    }
    Ok((status, Page(DemandaFormPage::new(ctx.frame(), form, offer, Some((&demanda, seen))))).into_response())
}

fn clash(form: &mut FormState, stored: &FormState) {
    for field in ["titulo", "descricao", "valor_estimado", "data_prazo"] {
        let (theirs, mine) = (stored.raw(field).to_owned(), form.raw(field).to_owned());
        if theirs != mine {
            form.fail(field, Invalid::new("field-changed").with("current", theirs).with("wanted", mine));
        }
    }
}

/// Whether the actor may write demandas of an empresa down, for the buttons that lead here.
pub(super) fn may_register(ctx: &CtxInner, empresa: &Empresa) -> bool {
    Reach::of_both(&ctx.actor, &REGISTRAR, &empresa::VER).is_ok_and(|reach| reach.covers(empresa))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_what_is_read() {
        let now = "2026-11-22T20:30:00Z".parse().unwrap();
        let demanda = crate::demanda::samples::demanda(crate::demanda::Situacao::Nova, true, false, now);
        let dados = dados(&mut filled(&demanda)).unwrap();
        assert_eq!((dados.titulo.as_str(), dados.descricao.as_str()), (demanda.titulo.as_str(), demanda.descricao.as_str()));
        assert_eq!((dados.valor_estimado, dados.data_prazo), (demanda.valor_estimado, demanda.data_prazo));
        assert_eq!((dados.setor, dados.responsavel), (demanda.setor_id, demanda.responsavel_id));
    }

    #[test]
    fn each_wrong_field_is_told_of() {
        let nil = Uuid::nil().to_string();
        let typed = |pairs: &[(&str, &str)]| {
            let mut form = FormState::typed([("titulo", "a"), ("descricao", "b"), ("tipo", nil.as_str())]);
            for (field, value) in pairs {
                form = form.without(field).with(field, value);
            }
            let whole = dados(&mut form).is_some();
            let fields = ["titulo", "descricao", "tipo", "setor", "responsavel", "valor_estimado", "data_prazo"];
            (whole, fields.into_iter().filter(|field| form.failed(field)).collect::<Vec<_>>())
        };
        assert_eq!(typed(&[]), (true, vec![]));
        assert_eq!(typed(&[("valor_estimado", "1.234.567,89")]), (true, vec![]));
        assert_eq!(typed(&[("valor_estimado", "-1")]), (false, vec!["valor_estimado"]));
        assert_eq!(typed(&[("titulo", ""), ("tipo", "x")]), (false, vec!["titulo", "tipo"]));
        assert_eq!(typed(&[("setor", "x"), ("data_prazo", "2026-02-30")]), (false, vec!["setor", "data_prazo"]));
    }
}
