use kernel::{Actor, Denied, ErrorKind, Fault, FieldError, Invalid, Kind};
use tenancy::{Change, Entry, TenantTx};

use super::{
    ADMINISTRAR, ALTERAR, Cadastro, Campo, Empresa, EmpresaId, Reach, VER,
    registrar::own,
    sql::{self, Written},
};

#[derive(Debug, thiserror::Error)]
pub enum AlterarError {
    #[error("empresa not found")]
    NotFound,
    /// Somebody else changed it since it was read.
    #[error("the empresa was changed meanwhile")]
    Conflict(Box<Conflict>),
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

/// What is in the register now, beside what was to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    pub current: Empresa,
    /// Fields in which the two differ, with the text of each.
    pub fields: Vec<FieldConflict>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldConflict {
    pub campo: Campo,
    pub current: String,
    pub wanted: String,
}

impl ErrorKind for AlterarError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Conflict(_) | Self::CnpjTaken => Kind::Conflict,
            Self::SegmentoGone => Kind::Invalid,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Conflict(_) => "conflict",
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
            Self::Conflict(conflict) => {
                let both = |field: &FieldConflict| {
                    Invalid::new("field-changed")
                        .with("current", &field.current)
                        .with("wanted", &field.wanted)
                        .at(field.campo.key())
                };
                conflict.fields.iter().map(both).collect()
            }
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

/// Replaces what the register says about an empresa, if it is still the version that the actor saw. Answers the new version;
/// a change that changes nothing keeps the old one and leaves no trace.
pub async fn alterar(
    tx: &mut TenantTx,
    actor: &Actor,
    id: EmpresaId,
    seen: i32,
    mut cadastro: Cadastro,
) -> Result<i32, AlterarError> {
    let reach = Reach::of_both(actor, &VER, &ALTERAR)?;
    // Locked: of two who saw the same version, the second must find the first one's.
    let current = sql::lock(tx, id, reach).await?.ok_or(AlterarError::NotFound)?;
    if current.version != seen {
        let fields = differences(&current.cadastro, &cadastro);
        return Err(AlterarError::Conflict(Box::new(Conflict { current, fields })));
    }
    own(reach, current.cadastro.responsavel.clone(), &mut cadastro).map_err(|_| Denied { permission: ALTERAR })?;
    match cadastro.data_cadastro {
        None => cadastro.data_cadastro = current.cadastro.data_cadastro,
        changed if changed == current.cadastro.data_cadastro => {}
        Some(_) => drop(actor.require(&ADMINISTRAR)?),
    }
    let change = Change::between(&current.cadastro.texts(), &cadastro.texts());
    if change.is_empty() {
        return Ok(current.version);
    }
    let version = current.version + 1;
    match sql::update(tx, id, version, &cadastro).await? {
        Written::Done => {}
        Written::CnpjTaken => return Err(AlterarError::CnpjTaken),
        Written::SegmentoGone => return Err(AlterarError::SegmentoGone),
    }
    tx.audit(actor, Entry { action: "empresa.alterada", entity: "empresa", entity_id: Some(id.uuid()), change }).await?;
    Ok(version)
}

fn differences(current: &Cadastro, wanted: &Cadastro) -> Vec<FieldConflict> {
    let shown = Campo::ALL.into_iter().filter(|campo| *campo != Campo::MunicipioId);
    // Left to the system: no opinion about it.
    let shown = shown.filter(|campo| *campo != Campo::DataCadastro || wanted.data_cadastro.is_some());
    let both = shown.map(|campo| FieldConflict { campo, current: current.text(campo), wanted: wanted.text(campo) });
    both.filter(|field| field.current != field.wanted).collect()
}
