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
    own(reach, actor, &mut cadastro)?;
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

/// Within a narrow reach the responsável is the actor, and stays so.
pub(super) fn own(reach: Reach, actor: &Actor, cadastro: &mut Cadastro) -> Result<(), Denied> {
    let Some(own) = reach.responsavel() else { return Ok(()) };
    match &cadastro.responsavel {
        None => {
            cadastro.responsavel = Some(Responsavel::Usuario { id: own, nome: actor.nome.clone() });
            Ok(())
        }
        Some(responsavel) if responsavel.id() == Some(own) => Ok(()),
        Some(_) => Err(Denied { permission: REGISTRAR }),
    }
}
