//! What stands above every tab of an empresa's page: who it is, where it stands, and the ways to the other tabs.

use chrono::{DateTime, Utc};
use kernel::{Actor, Permission};
use tenancy::{TenantTx, Unidade};
use web::{
    App, CtxInner, Error,
    frame::{Frame, iniciais},
    pecas::Tab,
    record,
};

use super::{EmpresaShow, shown};
use crate::{
    consulta::{
        SituacaoCadastral,
        situacao::{self, Anotada},
    },
    empresa::{ADMINISTRAR, ALTERAR, CONSULTAR, Campo, EXCLUIR, Empresa, EmpresaId, Reach, Situacao, lista, sql},
    etiqueta::pages::Chips,
};

/// The kind of record, as in the audit trail.
pub const ENTITY: &str = "empresa";

/// Whose eyes a page is for.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub app: &'a App,
    pub unidade: &'a Unidade,
    pub actor: &'a Actor,
}

/// What the reader may do with this very empresa.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for one permission")]
pub struct Here {
    pub alterar: bool,
    pub excluir: bool,
    pub consultar: bool,
    pub administrar: bool,
}

impl Here {
    fn of(actor: &Actor, empresa: &Empresa) -> Self {
        let may = |permission: &Permission| within(actor, permission, empresa);
        Self {
            alterar: may(&ALTERAR),
            excluir: may(&EXCLUIR),
            consultar: actor.may(&CONSULTAR),
            administrar: actor.may(&ADMINISTRAR),
        }
    }
}

/// Whether the actor holds a permission in a scope that has this empresa in it.
fn within(actor: &Actor, permission: &Permission, empresa: &Empresa) -> bool {
    Reach::of(actor, permission).is_ok_and(|reach| reach.covers(empresa))
}

/// An empresa's header as `empresas/empresa/header.html` prints it.
#[derive(Debug)]
pub struct Header {
    pub path: String,
    pub nome: String,
    pub iniciais: String,
    /// CNPJ, segmento, porte and place on one line.
    pub line: String,
    pub situacao: Situacao,
    /// Where the CNPJ stands, with a sentence.
    pub receita: Option<(SituacaoCadastral, String)>,
    pub responsavel: String,
    pub telefone: Option<(String, String)>,
    pub email: Option<String>,
    pub updated_at: DateTime<Utc>,
    pub version: i32,
    pub tabs: Vec<Tab>,
    pub here: Here,
    pub etiquetas: Chips,
}

impl Header {
    pub async fn load(tx: &mut TenantTx, reader: Reader<'_>, frame: &Frame, empresa: &Empresa) -> Result<Self, Error> {
        let anotada = situacao::find(tx, empresa.id).await?;
        let counts = sql::counts(tx, empresa.id).await?;
        let counts = [("contatos-title", counts.contatos), ("documentos-title", counts.documentos)];
        let house = (reader.app.modules.as_slice(), reader.unidade);
        let may = |permission: &Permission| within(reader.actor, permission, empresa);
        let tabs = record::tabs(house, frame, ENTITY, empresa.id, may, &counts);
        let here = Here::of(reader.actor, empresa);
        let etiquetas = Chips::load(tx, reader.actor, empresa.id, here.alterar).await?;
        Ok(Self { etiquetas, ..Self::new(frame, empresa, anotada, tabs, here) })
    }

    fn new(frame: &Frame, empresa: &Empresa, anotada: Option<Anotada>, tabs: Vec<Tab>, here: Here) -> Self {
        let c = &empresa.cadastro;
        let text = |campo: Campo| shown(frame, campo, &c.text(campo));
        let line = [text(Campo::Cnpj), text(Campo::Segmento), text(Campo::Porte), text(Campo::Municipio), text(Campo::Uf)];
        Self {
            path: EmpresaShow { id: empresa.id }.to_string(),
            nome: c.nome.to_string(),
            iniciais: iniciais(c.nome_fantasia.as_ref().unwrap_or(&c.nome).as_str()),
            line: line.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            situacao: c.situacao.unwrap_or(Situacao::Ativo),
            receita: anotada.map(|anotada| (anotada.situacao, receita(frame, &anotada))),
            responsavel: text(Campo::Responsavel),
            telefone: c.telefone.as_ref().map(|telefone| (telefone.as_str().to_owned(), telefone.to_string())),
            email: c.email.as_ref().map(ToString::to_string),
            updated_at: empresa.updated_at,
            version: empresa.version,
            tabs,
            here,
            etiquetas: Chips::default(),
        }
    }

    /// For samples of pages: everything that may be, or as little as can be.
    pub fn sample(frame: &Frame, full: bool, long: bool) -> Self {
        let empresa = crate::empresa::samples::empresa(full, long, frame.now);
        let anotada = Anotada { situacao: SituacaoCadastral::Baixada, desde: Some(frame.now.date_naive()), asked_at: frame.now };
        let tabs = [("empresa-tab-geral", None), ("contatos-title", Some(2)), ("auditoria-title", None)].map(|(label, count)| {
            Tab { label: frame.t(label).to_owned(), href: "/empresas".to_owned(), count, active: count.is_some() }
        });
        let here = Here { alterar: full, excluir: full, consultar: full, administrar: full };
        let header = Self::new(frame, &empresa, full.then_some(anotada), if full { tabs.into() } else { Vec::new() }, here);
        Self { etiquetas: Chips::sample(full), ..header }
    }
}

/// An empresa that the actor sees, with the frame and the header of one of its tabs: the first, or the one of this label.
pub async fn open(ctx: &mut CtxInner, id: EmpresaId, tab: Option<&'static str>) -> Result<(Empresa, Frame, Header), Error> {
    let empresa = lista::find(&mut ctx.tx, &ctx.actor, id).await?.ok_or_else(Error::not_found)?;
    let frame = framed(ctx.frame(), &empresa, tab);
    let reader = Reader { app: &ctx.app, unidade: &ctx.unidade, actor: &ctx.actor };
    let header = Header::load(&mut ctx.tx, reader, &frame, &empresa).await?;
    Ok((empresa, frame, header))
}

/// The way here: the list, the empresa, and the tab unless it is the first.
pub fn framed(frame: Frame, empresa: &Empresa, tab: Option<&'static str>) -> Frame {
    let (empresas, nome) = (frame.t("empresas-title"), empresa.cadastro.nome.to_string());
    let frame = frame.crumb(empresas, "/empresas");
    match tab {
        None => frame.title(nome),
        Some(key) => frame.titled(key).crumb(nome, EmpresaShow { id: empresa.id }.to_string()),
    }
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
