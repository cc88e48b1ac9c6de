use askama::Template;
use chrono::{DateTime, Utc};
use kernel::Reais;
use serde::Deserialize;
use serde_json::Value;
use web::{
    Ctx, Error, Page, Query, filters,
    frame::{Frame, Toast, Tone, iniciais},
};

use super::{EmpresaShow, list::May};
use crate::{
    consulta::{
        SituacaoCadastral,
        situacao::{self, Anotada},
    },
    contato::{
        self, Contato, ContatoId,
        pages::{ContatoEdit, ContatoNew, ContatoRestaurar},
    },
    empresa::{CONSULTAR, Campo, Empresa, Porte, lista, sql},
};

#[derive(Template)]
#[template(path = "empresas/empresa/show.html")]
pub struct EmpresaShowPage {
    frame: Frame,
    empresa: View,
    contatos: Vec<Pessoa>,
    /// The form of a new one.
    contato_new: String,
    history: Vec<Change>,
    may: May,
    /// Where the CNPJ stands, with a sentence; and whether it may be asked again.
    receita: Option<(SituacaoCadastral, String)>,
    consultar: bool,
}

/// An empresa as printed.
#[derive(Debug)]
struct View {
    path: String,
    iniciais: String,
    /// CNPJ, segmento, porte and place on one line.
    line: String,
    situacao: crate::empresa::Situacao,
    cadastro: Vec<(&'static str, String)>,
    contato: Vec<(&'static str, String)>,
    endereco: Vec<(&'static str, String)>,
    email: Option<String>,
    telefone: Option<(String, String)>,
    site: Option<String>,
    observacoes: String,
    updated_at: DateTime<Utc>,
    /// The spreadsheet it came with.
    origin: Option<String>,
    version: i32,
}

/// A contato as printed.
#[derive(Debug)]
struct Pessoa {
    nome: String,
    /// Cargo and papel.
    sub: String,
    observacoes: String,
    email: Option<String>,
    telefone: Option<(String, String)>,
    edit: String,
}

impl Pessoa {
    fn new(frame: &Frame, contato: &Contato) -> Self {
        let dados = &contato.dados;
        let about = [dados.cargo.as_ref().map(ToString::to_string), dados.papel.map(|papel| frame.t(papel.label()).to_owned())];
        Self {
            nome: dados.nome.to_string(),
            sub: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            observacoes: dados.observacoes.as_ref().map(ToString::to_string).unwrap_or_default(),
            email: dados.email.as_ref().map(ToString::to_string),
            telefone: dados.telefone.as_ref().map(|telefone| (telefone.as_str().to_owned(), telefone.to_string())),
            edit: ContatoEdit { id: contato.empresa_id, contato: contato.id }.to_string(),
        }
    }
}

/// A change as the history tells it.
#[derive(Debug)]
struct Change {
    title: String,
    sub: String,
    /// Field, before, after.
    fields: Vec<(&'static str, String, String)>,
}

/// A field as a person reads it; the form and the audit trail hold codes and ISO days.
pub(crate) fn shown(frame: &Frame, campo: Campo, text: &str) -> String {
    match campo {
        Campo::Porte => text.parse::<Porte>().map_or_else(|_| text.to_owned(), |porte| frame.t(porte.label()).to_owned()),
        Campo::Situacao => text
            .parse::<crate::empresa::Situacao>()
            .map_or_else(|_| text.to_owned(), |situacao| frame.t(situacao.label()).to_owned()),
        Campo::DataFundacao | Campo::DataCadastro => text.parse().map_or_else(|_| text.to_owned(), |day| frame.date(day)),
        Campo::Faturamento => Reais::try_from(text.to_owned()).map_or_else(|_| text.to_owned(), |reais| reais.to_string()),
        _ => text.to_owned(),
    }
}

impl View {
    fn new(frame: &Frame, empresa: &Empresa, origin: Option<(String, String)>) -> Self {
        let c = &empresa.cadastro;
        let text = |campo: Campo| shown(frame, campo, &c.text(campo));
        let facts = |campos: &[Campo]| campos.iter().map(|campo| (campo.label(), text(*campo))).collect();
        let line = [text(Campo::Cnpj), text(Campo::Segmento), text(Campo::Porte), text(Campo::Municipio), text(Campo::Uf)];
        Self {
            path: EmpresaShow { id: empresa.id }.to_string(),
            iniciais: iniciais(c.nome_fantasia.as_ref().unwrap_or(&c.nome).as_str()),
            line: line.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            situacao: c.situacao.unwrap_or(crate::empresa::Situacao::Ativo),
            cadastro: facts(&[
                Campo::Responsavel,
                Campo::NomeFantasia,
                Campo::InscricaoEstadual,
                Campo::Cnae,
                Campo::Segmento,
                Campo::Porte,
                Campo::DataFundacao,
                Campo::Faturamento,
                Campo::Funcionarios,
                Campo::DataCadastro,
            ]),
            contato: facts(&[Campo::ContatoNome, Campo::ContatoCargo]),
            endereco: facts(&[Campo::Logradouro, Campo::Numero, Campo::Bairro, Campo::Municipio, Campo::Uf, Campo::Cep]),
            email: c.email.as_ref().map(ToString::to_string),
            telefone: c.telefone.as_ref().map(|telefone| (telefone.as_str().to_owned(), telefone.to_string())),
            site: c.site.as_ref().map(ToString::to_string),
            observacoes: text(Campo::Observacoes),
            updated_at: empresa.updated_at,
            origin: origin.map(|(file, nome)| {
                frame.t_with("empresa-origin", &[("file", file.as_str().into()), ("nome", nome.as_str().into())])
            }),
            version: empresa.version,
        }
    }
}

impl Change {
    fn new(frame: &Frame, moment: &sql::Moment) -> Self {
        let title = match moment.action.as_str() {
            "empresa.registrada" => frame.t("empresa-registrada").to_owned(),
            "empresa.alterada" => frame.t("empresa-alterada").to_owned(),
            "empresa.excluida" => frame.t("empresa-excluida").to_owned(),
            "empresa.restaurada" => frame.t("empresa-restaurada").to_owned(),
            "empresa.consultada" => consultada(frame, moment.after.as_ref()),
            "empresa.desfeita" => undone(frame, "empresa-desfeita", moment.after.as_ref()),
            "empresa.revertida" => undone(frame, "empresa-revertida", moment.after.as_ref()),
            // Of a contato or documento: which one.
            other => {
                let side = moment.after.as_ref().or(moment.before.as_ref());
                let nome = side.and_then(|fields| fields.get("nome")).and_then(Value::as_str).unwrap_or_default();
                let told = TOLD.iter().find(|(action, _)| *action == other);
                told.map_or_else(|| other.to_owned(), |(_, key)| frame.t_with(key, &[("nome", nome.into())]))
            }
        };
        let text = |side: &Option<Value>, campo: Campo| {
            let text = side.as_ref().and_then(|fields| fields.get(campo.key())).and_then(Value::as_str).unwrap_or_default();
            shown(frame, campo, text)
        };
        // What was new or went away as a whole needs no list of its fields.
        let fields = if matches!(moment.action.as_str(), "empresa.alterada" | "empresa.revertida") {
            let both =
                Campo::ALL.into_iter().map(|campo| (campo.label(), text(&moment.before, campo), text(&moment.after, campo)));
            both.filter(|(_, before, after)| before != after).collect()
        } else {
            Vec::new()
        };
        Self { title, sub: format!("{} · {}", moment.actor_nome, frame.datetime(moment.at)), fields }
    }
}

/// What happened to something of the empresa's, and the sentence that tells it with its `nome`.
const TOLD: [(&str, &str); 9] = [
    ("contato.registrado", "contato-registrado"),
    ("contato.alterado", "contato-alterado"),
    ("contato.excluido", "contato-excluido"),
    ("contato.restaurado", "contato-restaurado"),
    ("documento.enviado", "documento-enviado"),
    ("documento.substituido", "documento-substituido"),
    ("documento.alterado", "documento-alterado"),
    ("documento.excluido", "documento-excluido"),
    ("documento.restaurado", "documento-restaurado"),
];

/// What the undo of an importação did to it.
fn undone(frame: &Frame, key: &str, after: Option<&Value>) -> String {
    let file = after.and_then(|fields| fields.get("importacao")).and_then(Value::as_str).unwrap_or_default();
    frame.t_with(key, &[("file", file.into())])
}

fn consultada(frame: &Frame, after: Option<&Value>) -> String {
    let situacao = after.and_then(|fields| fields.get("situacao_cadastral")).and_then(Value::as_str);
    let situacao = situacao.and_then(|code| code.parse::<SituacaoCadastral>().ok()).map_or("", |code| frame.t(code.label()));
    format!("{}: {situacao}", frame.t("empresa-receita"))
}

/// "Ativa desde 03/10/2013, consultada em 22/11/2026 10:00".
fn receita(frame: &Frame, anotada: &Anotada) -> String {
    let at = frame.datetime(anotada.asked_at);
    let args = [("at", at.as_str().into())];
    match anotada.desde.map(|day| frame.date(day)) {
        None => frame.t_with("empresa-receita-at", &args),
        Some(day) => {
            let [at] = args;
            frame.t_with("empresa-receita-since", &[at, ("day", day.as_str().into())])
        }
    }
}

/// Changes shown on the page.
const HISTORY: i64 = 50;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    /// Just taken off: the page offers the way back.
    contato_excluido: Option<ContatoId>,
}

pub(crate) async fn show(path: EmpresaShow, mut ctx: Ctx, Query(asked): Query<Asked>) -> Result<Page<EmpresaShowPage>, Error> {
    let ctx = &mut *ctx;
    let empresa = lista::find(&mut ctx.tx, &ctx.actor, path.id).await?.ok_or_else(Error::not_found)?;
    let history = sql::history(&mut ctx.tx, path.id, HISTORY).await?;
    let origin = sql::origin(&mut ctx.tx, path.id).await?;
    let contatos = contato::sql::list(&mut ctx.tx, path.id).await?;
    let may = May::of(&ctx.actor);
    let mut frame = ctx.frame();
    if let Some(contato) = asked.contato_excluido.filter(|_| may.alterar)
        && let Some(gone) = contato::sql::find_trashed(&mut ctx.tx, path.id, contato).await?
    {
        let text = frame.t_with("contato-gone", &[("nome", gone.dados.nome.as_str().into())]);
        let undo = Some(ContatoRestaurar { id: path.id, contato }.to_string());
        frame = frame.toast(Some(Toast { tone: Tone::Success, text, undo }));
    }
    let anotada = situacao::find(&mut ctx.tx, path.id).await?;
    let page = page(frame, &empresa, &contatos, &history, origin, may);
    Ok(Page(EmpresaShowPage { consultar: ctx.actor.may(&CONSULTAR), ..page.standing(anotada) }))
}

fn page(
    frame: Frame,
    empresa: &Empresa,
    contatos: &[Contato],
    history: &[sql::Moment],
    origin: Option<(String, String)>,
    may: May,
) -> EmpresaShowPage {
    let frame = frame.title(empresa.cadastro.nome.as_str());
    let empresas = frame.t("empresas-title");
    let frame = frame.crumb(empresas, "/empresas");
    EmpresaShowPage {
        empresa: View::new(&frame, empresa, origin),
        contatos: contatos.iter().map(|contato| Pessoa::new(&frame, contato)).collect(),
        contato_new: ContatoNew { id: empresa.id }.to_string(),
        history: history.iter().map(|moment| Change::new(&frame, moment)).collect(),
        may,
        receita: None,
        consultar: false,
        frame,
    }
}

impl EmpresaShowPage {
    fn standing(mut self, anotada: Option<Anotada>) -> Self {
        self.receita = anotada.map(|anotada| (anotada.situacao, receita(&self.frame, &anotada)));
        self
    }

    /// For the test that renders every page: barely filled, full with a history, the longest.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let may = May::ALL;
        let history = |n: usize| -> Vec<sql::Moment> {
            (0..n)
                .map(|i| sql::Moment {
                    at: frame.now,
                    actor_nome: "Marina <Costa>".to_owned(),
                    action: [
                        "empresa.alterada",
                        "empresa.registrada",
                        "empresa.excluida",
                        "empresa.restaurada",
                        "empresa.consultada",
                        "contato.registrado",
                        "empresa.revertida",
                        "de.outro",
                    ][i % 8]
                        .to_owned(),
                    before: Some(serde_json::json!({ "porte": "me", "telefone": "(47) 3433-0000" })),
                    after: Some(serde_json::json!({ "porte": "medio", "data_fundacao": "2001-02-03", "faturamento": "1234.50" })),
                })
                .collect()
        };
        let contatos = |n: usize| contato::samples(crate::empresa::samples::empresa(true, false, frame.now).id, n);
        let made = |full: bool, long: bool| crate::empresa::samples::empresa(full, long, frame.now);
        vec![
            ("bare", page(frame.clone(), &made(false, false), &[], &[], None, May::default())),
            ("full", {
                let origin = Some(("empresas.xlsx".into(), "Marina".into()));
                let anotada =
                    Anotada { situacao: SituacaoCadastral::Baixada, desde: Some(frame.now.date_naive()), asked_at: frame.now };
                let page = page(frame.clone(), &made(true, false), &contatos(2), &history(7), origin, may);
                Self { consultar: true, ..page.standing(Some(anotada)) }
            }),
            ("longest", page(frame.clone(), &made(true, true), &contatos(100), &history(50), None, may)),
        ]
    }
}
