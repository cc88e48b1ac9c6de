use kernel::{Actor, Denied, ErrorKind, Fault, FieldError, Invalid, Kind};
use tenancy::{Change, Entry, TenantTx};

use super::{
    ADMINISTRAR, Cadastro, Campo, EmpresaId, REGISTRAR, Reach, Responsavel,
    sql::{self, Written},
};

#[derive(Debug, thiserror::Error)]
pub enum RegistrarError {
    /// An empresa that is not in the lixeira has this CNPJ.
    #[error("the CNPJ is registered already")]
    CnpjTaken,
    /// Somebody else took it off the list, or merged it into another, meanwhile.
    #[error("the segmento is gone")]
    SegmentoGone,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for RegistrarError {
    fn kind(&self) -> Kind {
        match self {
            Self::CnpjTaken => Kind::Conflict,
            Self::SegmentoGone => Kind::Invalid,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::CnpjTaken => "cnpj-taken",
            Self::SegmentoGone => "invalid",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::CnpjTaken => vec![Invalid::new("cnpj-taken").at(Campo::Cnpj.key())],
            Self::SegmentoGone => vec![Invalid::new("segmento-gone").at(Campo::Segmento.key())],
            _ => Vec::new(),
        }
    }

    fn missing(&self) -> Option<&kernel::Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// Puts a new empresa into the register. Whoever reaches their own empresas only becomes its responsável.
pub async fn registrar(tx: &mut TenantTx, actor: &Actor, mut cadastro: Cadastro) -> Result<EmpresaId, RegistrarError> {
    let reach = Reach::of(actor, &REGISTRAR)?;
    let own_id = reach.responsavel();
    own(reach, own_id.map(|id| Responsavel::Usuario { id, nome: actor.nome.clone() }), &mut cadastro)?;
    if cadastro.data_cadastro.is_some() {
        actor.require(&ADMINISTRAR)?;
    }
    let id = EmpresaId::new(tx.clock().uuid());
    match sql::insert(tx, id, &cadastro).await? {
        Written::Done => {}
        Written::CnpjTaken => return Err(RegistrarError::CnpjTaken),
        Written::SegmentoGone => return Err(RegistrarError::SegmentoGone),
    }
    let change = Change::created(&cadastro.texts());
    tx.audit(actor, Entry { action: "empresa.registrada", entity: "empresa", entity_id: Some(id.uuid()), change }).await?;
    Ok(id)
}

/// Within a narrow reach the responsável stays who it was (`usual`): nobody gives an empresa away or takes one.
pub(super) fn own(reach: Reach, usual: Option<Responsavel>, cadastro: &mut Cadastro) -> Result<(), Denied> {
    if reach.responsavel().is_none() {
        return Ok(());
    }
    let same = |one: &Responsavel, other: &Responsavel| one == other || (one.id().is_some() && one.id() == other.id());
    match (&cadastro.responsavel, &usual) {
        (None, _) => cadastro.responsavel = usual,
        (Some(typed), Some(usual)) if same(typed, usual) => {}
        (Some(_), _) => return Err(Denied { permission: REGISTRAR }),
    }
    Ok(())
}
