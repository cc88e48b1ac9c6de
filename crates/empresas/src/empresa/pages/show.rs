//! The first tab of an empresa's page: what the register says, each field changed where it stands, and what happened lately.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kernel::Reais;
use web::{
    Ctx, Error, Page, filters,
    frame::Frame,
    timeline::{self, Day, Told},
};

use super::{
    EmpresaCampo, EmpresaShow,
    header::{self, ENTITY, Header},
    timeline::EmpresaTimeline,
};
use crate::{
    cnae::Atividades,
    contato::{
        self, Contato,
        pages::{Contatos, Pessoa},
    },
    empresa::{Campo, Empresa, Porte, Situacao},
    mescla,
};

#[derive(Template)]
#[template(path = "empresas/empresa/show.html")]
pub struct EmpresaShowPage {
    frame: Frame,
    header: Header,
    cadastro: Vec<Fact>,
    contato: Vec<Fact>,
    endereco: Vec<Fact>,
    observacoes: Fact,
    /// The first few, and where all of them are.
    contatos: Vec<Pessoa>,
    contatos_total: usize,
    contatos_path: String,
    /// What happened last, and where all of it is told.
    recent: Vec<Day>,
    timeline: String,
    /// Mesclas into it that can still be undone.
    mesclas: Vec<mescla::pages::Note>,
}

/// A field as printed.
#[derive(Debug)]
struct Fact {
    key: &'static str,
    label: &'static str,
    text: String,
    /// Where it leads: a telephone, an address.
    href: Option<String>,
    outside: bool,
    /// The page that changes it alone.
    edit: Option<String>,
}

/// A field as a person reads it; the form and the audit trail hold codes and ISO days.
pub(crate) fn shown(frame: &Frame, campo: Campo, text: &str) -> String {
    match campo {
        Campo::Porte => text.parse::<Porte>().map_or_else(|_| text.to_owned(), |porte| frame.t(porte.label()).to_owned()),
        Campo::Situacao => {
            text.parse::<Situacao>().map_or_else(|_| text.to_owned(), |situacao| frame.t(situacao.label()).to_owned())
        }
        Campo::DataFundacao | Campo::DataCadastro => text.parse().map_or_else(|_| text.to_owned(), |day| frame.date(day)),
        Campo::Faturamento => Reais::try_from(text.to_owned()).map_or_else(|_| text.to_owned(), |reais| reais.to_string()),
        _ => text.to_owned(),
    }
}

impl Fact {
    fn new(frame: &Frame, empresa: &Empresa, campo: Campo, header: &Header) -> Self {
        let c = &empresa.cadastro;
        let mut text = shown(frame, campo, &c.text(campo));
        if campo == Campo::Municipio {
            let place = [text, c.text(Campo::Uf)];
            text = place.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        }
        let href = match campo {
            Campo::Telefone => c.telefone.as_ref().map(|telefone| format!("tel:{}", telefone.as_str())),
            Campo::Email => c.email.as_ref().map(|email| format!("mailto:{email}")),
            Campo::Site => c.site.as_ref().map(ToString::to_string),
            _ => None,
        };
        let here = header.here;
        let may = here.alterar && (campo != Campo::DataCadastro || here.administrar);
        Self {
            key: campo.key(),
            label: campo.label(),
            text,
            href,
            outside: campo == Campo::Site,
            edit: may.then(|| EmpresaCampo { id: empresa.id, campo: campo.key().to_owned() }.to_string()),
        }
    }
}

const CADASTRO: [Campo; 13] = [
    Campo::Situacao,
    Campo::Responsavel,
    Campo::Nome,
    Campo::NomeFantasia,
    Campo::Cnpj,
    Campo::InscricaoEstadual,
    Campo::Cnae,
    Campo::Segmento,
    Campo::Porte,
    Campo::DataFundacao,
    Campo::Faturamento,
    Campo::Funcionarios,
    Campo::DataCadastro,
];
const CONTATO: [Campo; 5] = [Campo::ContatoNome, Campo::ContatoCargo, Campo::Telefone, Campo::Email, Campo::Site];
const ENDERECO: [Campo; 6] = [Campo::Cep, Campo::Logradouro, Campo::Numero, Campo::Complemento, Campo::Bairro, Campo::Municipio];

/// Contatos and moments shown here; their own tabs have the rest.
const CONTATOS: usize = 4;
const MOMENTS: usize = 5;

pub(crate) async fn show(path: EmpresaShow, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let (empresa, frame, header) = match header::open(ctx, path.id, None).await {
        Ok(open) => open,
        // It may be part of another one by now.
        Err(error) => return mescla::pages::elsewhere(ctx, path.id, error).await,
    };
    let contatos = contato::sql::list(&mut ctx.tx, path.id).await?;
    let recent = timeline::newest(ctx, &frame, ENTITY, path.id.uuid(), MOMENTS).await?;
    let mesclas = mescla::pages::notes(ctx, &frame, path.id).await?;
    let page = EmpresaShowPage::new(frame, &empresa, header, &contatos, recent);
    let page = page.explaining(&*Atividades::load(&mut ctx.tx).await?);
    Ok(Page(EmpresaShowPage { mesclas, ..page }).into_response())
}

impl EmpresaShowPage {
    fn new(frame: Frame, empresa: &Empresa, header: Header, contatos: &[Contato], recent: Vec<Day>) -> Self {
        let fact = |campo: Campo| Fact::new(&frame, empresa, campo, &header);
        let alterar = header.here.alterar;
        Self {
            cadastro: CADASTRO.into_iter().map(fact).collect(),
            contato: CONTATO.into_iter().map(fact).collect(),
            endereco: ENDERECO.into_iter().map(fact).collect(),
            observacoes: fact(Campo::Observacoes),
            contatos: contatos.iter().take(CONTATOS).map(|contato| Pessoa::new(&frame, contato, alterar)).collect(),
            contatos_total: contatos.len(),
            contatos_path: Contatos { id: empresa.id }.to_string(),
            recent,
            timeline: EmpresaTimeline { id: empresa.id }.to_string(),
            mesclas: Vec::new(),
            header,
            frame,
        }
    }

    /// Says what the CNAE means.
    fn explaining(mut self, atividades: &Atividades) -> Self {
        for fact in self.cadastro.iter_mut().filter(|fact| fact.key == Campo::Cnae.key()) {
            if let Some(atividade) = atividades.read(&fact.text) {
                fact.text = format!("{} {}", fact.text, atividade.nome);
            }
        }
        self
    }

    /// For the test that renders every page: barely filled, full with a history, the longest.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let made = |full: bool, long: bool, contatos: usize, days: Vec<Day>| {
            let empresa = crate::empresa::samples::empresa(full, long, frame.now);
            let contatos = contato::samples(empresa.id, contatos);
            let frame = header::framed(frame.clone(), &empresa, None);
            let header = Header::sample(&frame, full, long);
            Self::new(frame, &empresa, header, &contatos, days)
        };
        vec![
            ("bare", made(false, false, 0, Vec::new())),
            ("full", made(true, false, 2, Told::sample(frame).days)),
            ("longest", made(true, true, 100, Told::sample(frame).days)),
        ]
    }
}
