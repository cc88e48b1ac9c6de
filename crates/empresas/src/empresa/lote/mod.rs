//! Many empresas changed in one go: another situação, another responsável, an etiqueta on or off, into the lixeira; and the way
//! back.
//!
//! The rules it protects: what is written is as many empresas as the person confirmed, or none; nobody reaches more by changing
//! many at once than one by one; each empresa's trail tells its own change; undoing leaves alone what was changed since.

mod desfazer;

use std::collections::HashSet;

use kernel::{Actor, Cnpj, Denied, Entity, ErrorKind, Fault, FieldError, Id, Invalid, Kind, PageRequest, Permission};
use serde_json::{Value, json};
use tenancy::{Change, TenantTx};
use uuid::Uuid;

use super::{
    ALTERAR, Campo, EXCLUIR, EmpresaId, Reach, Situacao, VER,
    lista::{self, Filtro, Ordem},
    sql,
};

use crate::etiqueta::{self, EtiquetaId};
use sql::lote::Target;

pub use desfazer::desfazer;
pub use sql::lote::Registro;
pub(crate) use sql::lote::forget;

/// At once: what one transaction writes while a person waits.
pub const MAX: i64 = 10_000;

#[derive(Debug)]
pub enum LoteEntity {}
impl Entity for LoteEntity {
    const NAME: &'static str = "lote";
}
pub type LoteId = Id<LoteEntity>;

/// Which empresas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    These(Vec<EmpresaId>),
    /// All that the list shows by this filter.
    All(Filtro),
}

/// What becomes of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Situacao(Situacao),
    /// A usuario who is active; `None`: nobody any more.
    Responsavel(Option<Uuid>),
    Etiquetar(EtiquetaId),
    Desetiquetar(EtiquetaId),
    Excluir,
}

/// The kind of change, without its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Situacao,
    Responsavel,
    Etiquetar,
    Desetiquetar,
    Excluir,
}

impl Action {
    pub const ALL: [Self; 5] = [Self::Situacao, Self::Responsavel, Self::Etiquetar, Self::Desetiquetar, Self::Excluir];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Situacao => "situacao",
            Self::Responsavel => "responsavel",
            Self::Etiquetar => "etiquetar",
            Self::Desetiquetar => "desetiquetar",
            Self::Excluir => "excluir",
        }
    }

    #[must_use]
    pub const fn permission(self) -> Permission {
        match self {
            Self::Situacao | Self::Responsavel | Self::Etiquetar | Self::Desetiquetar => ALTERAR,
            Self::Excluir => EXCLUIR,
        }
    }

    /// What the trail of each empresa calls it.
    const fn told(self) -> &'static str {
        match self {
            Self::Situacao | Self::Responsavel => "empresa.alterada",
            Self::Etiquetar => "empresa.etiquetada",
            Self::Desetiquetar => "empresa.desetiquetada",
            Self::Excluir => "empresa.excluida",
        }
    }

    /// Whose empresas the actor may treat so: what they see and may change.
    fn reach(self, actor: &Actor) -> Result<Reach, Denied> {
        Reach::of_both(actor, &VER, &self.permission())
    }
}

impl What {
    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::Situacao(_) => Action::Situacao,
            Self::Responsavel(_) => Action::Responsavel,
            Self::Etiquetar(_) => Action::Etiquetar,
            Self::Desetiquetar(_) => Action::Desetiquetar,
            Self::Excluir => Action::Excluir,
        }
    }

    /// The one that it puts on or takes off.
    pub(in crate::empresa) const fn etiqueta(&self) -> Option<EtiquetaId> {
        match self {
            Self::Etiquetar(id) | Self::Desetiquetar(id) => Some(*id),
            Self::Situacao(_) | Self::Responsavel(_) | Self::Excluir => None,
        }
    }
}

/// A change of many empresas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lote {
    pub which: Which,
    pub what: What,
    /// How many the person was told it will be.
    pub seen: i64,
    /// Query string of the list, to come back to.
    pub consulta: String,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    pub id: LoteId,
    pub changed: usize,
    /// Those that were so already; nothing was written about them.
    pub unchanged: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum LoteError {
    /// Nothing was picked, or nothing of it is within reach any more.
    #[error("no empresa to change")]
    Empty,
    /// How many there are.
    #[error("{0} empresas are more than {MAX}")]
    TooMany(i64),
    /// It would be this many now, not as many as were confirmed.
    #[error("there are {0} empresas now")]
    Moved(i64),
    /// Nobody active here.
    #[error("the responsável is no active usuario")]
    ResponsavelUnknown,
    /// Not on the list any more.
    #[error("the etiqueta is not on the list")]
    EtiquetaUnknown,
    /// No lote of the actor's, or one too old to be undone.
    #[error("lote not found")]
    NotFound,
    /// A CNPJ was registered again while the lote was being undone.
    #[error("a CNPJ is registered already")]
    CnpjTaken,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for LoteError {
    fn kind(&self) -> Kind {
        match self {
            Self::Empty | Self::TooMany(_) | Self::ResponsavelUnknown | Self::EtiquetaUnknown => Kind::Invalid,
            Self::Moved(_) | Self::CnpjTaken => Kind::Conflict,
            Self::NotFound => Kind::NotFound,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "lote-empty",
            Self::TooMany(_) => "lote-too-many",
            Self::Moved(_) => "lote-moved",
            Self::ResponsavelUnknown | Self::EtiquetaUnknown => "invalid",
            Self::NotFound => "not-found",
            Self::CnpjTaken => "cnpj-taken-restore",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::ResponsavelUnknown => vec![Invalid::new("responsavel-unknown").at(Campo::Responsavel.key())],
            Self::EtiquetaUnknown => vec![Invalid::new("etiqueta-unknown").at("etiqueta")],
            _ => Vec::new(),
        }
    }

    fn missing(&self) -> Option<&Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// What a lote would touch: how many, and the names of the first few.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    pub total: i64,
    pub nomes: Vec<String>,
}

/// Names in a [`Preview`].
const NAMED: usize = 5;

/// Looks before anything is written.
pub async fn preview(tx: &mut TenantTx, actor: &Actor, action: Action, which: &Which) -> Result<Preview, LoteError> {
    Ok(preview_within(tx, action.reach(actor)?, which).await?)
}

/// As [`preview`], within a reach.
pub(crate) async fn preview_within(tx: &mut TenantTx, reach: Reach, which: &Which) -> Result<Preview, Fault> {
    let nomes = match which {
        Which::These(ids) => sql::lote::names(tx, &uuids(ids), reach, NAMED).await?,
        Which::All(filtro) => {
            let narrowed = lista::narrow(tx, reach, filtro).await?;
            let first = sql::lista::page(tx, &narrowed, Ordem::Nome, PageRequest::default()).await?;
            first.into_iter().map(|linha| linha.nome).take(NAMED).collect()
        }
    };
    Ok(Preview { total: count(tx, reach, which).await?, nomes })
}

/// Those within a reach, at most `limit`.
pub(crate) async fn pick(tx: &mut TenantTx, reach: Reach, which: &Which, limit: i64) -> Result<Vec<Uuid>, Fault> {
    match which {
        Which::These(ids) => sql::lote::pick(tx, &uuids(ids), reach, limit).await,
        Which::All(filtro) => {
            let narrowed = lista::narrow(tx, reach, filtro).await?;
            sql::lista::ids(tx, &narrowed, limit).await
        }
    }
}

async fn count(tx: &mut TenantTx, reach: Reach, which: &Which) -> Result<i64, Fault> {
    match which {
        Which::These(ids) => sql::lote::count(tx, &uuids(ids), reach).await,
        Which::All(filtro) => {
            let narrowed = lista::narrow(tx, reach, filtro).await?;
            sql::lista::count(tx, &narrowed).await
        }
    }
}

fn uuids(ids: &[EmpresaId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

/// Changes as many empresas as the person confirmed, in one go. Those that are so already stay as they are.
pub async fn apply(tx: &mut TenantTx, actor: &Actor, cmd: &Lote) -> Result<Done, LoteError> {
    let reach = cmd.what.action().reach(actor)?;
    // Counted before they are locked: a hundred thousand rows are not locked only to be refused.
    let total = count(tx, reach, &cmd.which).await?;
    if total > MAX {
        return Err(LoteError::TooMany(total));
    }
    let targets = match &cmd.which {
        Which::These(ids) => sql::lote::lock(tx, &uuids(ids), reach).await?,
        Which::All(filtro) => {
            let narrowed = lista::narrow(tx, reach, filtro).await?;
            sql::lista::lock(tx, &narrowed, MAX + 1).await?
        }
    };
    // What counts is what is locked: somebody may have been quicker.
    match i64::try_from(targets.len()).unwrap_or(i64::MAX) {
        0 => return Err(LoteError::Empty),
        found if found > MAX => return Err(LoteError::TooMany(found)),
        found if found != cmd.seen => return Err(LoteError::Moved(found)),
        _ => {}
    }
    // The empresas before the etiqueta, as everybody does it.
    let mut new = new_value(tx, reach, &cmd.what).await?;
    if let New::Etiqueta { id, has, .. } = &mut new {
        let ids: Vec<Uuid> = targets.iter().map(|target| target.id).collect();
        *has = sql::lote::with_etiqueta(tx, &ids, *id).await?;
    }
    let (touched, same): (Vec<Target>, Vec<Target>) = targets.into_iter().partition(|target| new.changes(target));
    let id = LoteId::new(tx.clock().uuid());
    sql::lote::insert(tx, actor, id, cmd, [touched.len(), same.len()]).await?;
    if !touched.is_empty() {
        let ids: Vec<Uuid> = touched.iter().map(|target| target.id).collect();
        sql::lote::keep(tx, id, &ids, cmd.what.etiqueta().is_none()).await?;
        match &cmd.what {
            What::Situacao(situacao) => sql::lote::set_situacao(tx, &ids, *situacao).await?,
            What::Responsavel(responsavel) => sql::lote::set_responsavel(tx, &ids, *responsavel).await?,
            What::Etiquetar(etiqueta) => sql::lote::put_etiqueta(tx, &ids, *etiqueta).await?,
            What::Desetiquetar(etiqueta) => sql::lote::take_etiqueta(tx, &ids, *etiqueta).await?,
            What::Excluir => sql::lote::trash(tx, &ids).await?,
        }
        let changes = touched.iter().map(|target| (target.id, together(new.change(target), touched.len()))).collect();
        tx.audit_all(actor, cmd.what.action().told(), "empresa", changes).await?;
    }
    Ok(Done { id, changed: touched.len(), unchanged: same.len() })
}

/// What is to be written, with the words the trail tells it in.
enum New {
    Situacao(Situacao),
    Responsavel(Option<(Uuid, String)>),
    /// Put on or taken off; those that have it.
    Etiqueta {
        id: EtiquetaId,
        nome: String,
        put: bool,
        has: HashSet<Uuid>,
    },
    Excluir,
}

/// Within a narrow reach the responsável is the actor, and stays so: nobody gives an empresa away.
async fn new_value(tx: &mut TenantTx, reach: Reach, what: &What) -> Result<New, LoteError> {
    Ok(match what {
        What::Situacao(situacao) => New::Situacao(*situacao),
        What::Excluir => New::Excluir,
        What::Etiquetar(id) | What::Desetiquetar(id) => {
            // Locked: it does not leave the list meanwhile.
            let etiqueta = etiqueta::sql::hold(tx, *id).await?.ok_or(LoteError::EtiquetaUnknown)?;
            New::Etiqueta { id: *id, nome: etiqueta.nome, put: matches!(what, What::Etiquetar(_)), has: HashSet::new() }
        }
        What::Responsavel(responsavel) => {
            let narrow = reach.responsavel().is_some();
            if narrow && (reach.is_linked() || reach.responsavel() != *responsavel) {
                return Err(Denied { permission: ALTERAR }.into());
            }
            New::Responsavel(match responsavel {
                None => None,
                Some(id) => {
                    let nome = sql::pessoa(tx, *id).await?.ok_or(LoteError::ResponsavelUnknown)?;
                    Some((*id, nome))
                }
            })
        }
    })
}

impl New {
    fn changes(&self, target: &Target) -> bool {
        match self {
            Self::Situacao(situacao) => target.situacao != situacao.code(),
            Self::Responsavel(Some((id, _))) => target.responsavel_id != Some(*id),
            Self::Responsavel(None) => target.responsavel().is_some(),
            Self::Etiqueta { put, has, .. } => has.contains(&target.id) != *put,
            Self::Excluir => true,
        }
    }

    fn change(&self, target: &Target) -> Change {
        match self {
            Self::Situacao(situacao) => both(Campo::Situacao, Some(&target.situacao), Some(situacao.code())),
            Self::Responsavel(new) => both(Campo::Responsavel, target.responsavel(), new.as_ref().map(|(_, nome)| nome.as_str())),
            Self::Etiqueta { nome, .. } => Change { before: None, after: Some(json!({ "nome": nome })) },
            Self::Excluir => Change { before: Some(named(target)), after: None },
        }
    }
}

/// The trail of each says that it was one of many.
fn together(mut change: Change, lote: usize) -> Change {
    let after = change.after.get_or_insert_with(|| json!({}));
    if let Some(fields) = after.as_object_mut() {
        fields.insert("lote".to_owned(), lote.into());
    }
    change
}

/// One field, before and after; an open one is not named, as in the trail of a single change.
fn both(campo: Campo, before: Option<&str>, after: Option<&str>) -> Change {
    let side = |text: Option<&str>| text.map(|text| json!({ (campo.key()): text }));
    Change { before: side(before), after: side(after) }
}

/// Enough to know an empresa by; the rest lies in the lixeira with it.
fn named(target: &Target) -> Value {
    let cnpj = target.cnpj.parse().map_or_else(|_| target.cnpj.clone(), |cnpj: Cnpj| cnpj.to_string());
    json!({ (Campo::Cnpj.key()): cnpj, (Campo::Nome.key()): target.nome })
}

/// A lote of the actor's own, to tell what came of it.
pub async fn find(tx: &mut TenantTx, actor: &Actor, id: LoteId) -> Result<Option<Registro>, Fault> {
    sql::lote::find(tx, actor, id).await
}
