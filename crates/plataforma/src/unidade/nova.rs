use kernel::{Email, ErrorKind, FieldError, Invalid, Kind, Texto, Uf};
use tenancy::{NewUnidade, PlatformTx, ProvisionError, Slug};
use web::{Module, Result, forms::FormState};

use super::sql;

/// Reads the form of a new unidade; every field's mistake is told at once.
pub(super) async fn read(form: &mut FormState, tx: &mut PlatformTx, modules: &[Module]) -> Result<Option<NewUnidade>> {
    let codigo = form.required::<Texto<20>>("codigo");
    let nome = form.required::<Texto<120>>("nome");
    let slug = form.required::<Slug>("slug");
    let cidade = form.required::<Texto<80>>("cidade");
    let uf = form.required::<Uf>("uf");
    let admin_nome = form.required::<Texto<120>>("admin_nome");
    let admin_email = form.required::<Email>("admin_email");
    let municipio_id = match (&cidade, uf) {
        (Some(cidade), Some(uf)) => {
            let found = sql::municipio(tx, cidade.as_str(), uf.as_str()).await?;
            if found.is_none() {
                form.fail("cidade", Invalid::new("municipio-unknown"));
            }
            found
        }
        _ => None,
    };
    let modules = modules.iter().filter(|m| !m.core && form.has("modules", m.name)).map(|m| m.name.to_owned()).collect();
    let (Some(codigo), Some(nome), Some(slug), Some(municipio_id), Some(admin_nome), Some(admin_email)) =
        (codigo, nome, slug, municipio_id, admin_nome, admin_email)
    else {
        return Ok(None);
    };
    Ok(Some(NewUnidade {
        slug,
        codigo,
        nome,
        placement: None,
        municipio_id: Some(municipio_id),
        modules,
        admin_nome,
        admin_email,
    }))
}

/// What stands in the way of a provisioning, at the field it concerns.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) struct Refused(pub ProvisionError);

impl ErrorKind for Refused {
    fn kind(&self) -> Kind {
        match &self.0 {
            ProvisionError::Fault(fault) => fault.kind(),
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match &self.0 {
            ProvisionError::Fault(fault) => fault.code(),
            _ => "invalid",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match &self.0 {
            ProvisionError::SlugTaken => vec![Invalid::new("slug-taken").at("slug")],
            ProvisionError::CodigoTaken => vec![Invalid::new("codigo-taken").at("codigo")],
            ProvisionError::UnknownMunicipio => vec![Invalid::new("municipio-unknown").at("cidade")],
            ProvisionError::UnknownPlacement | ProvisionError::Fault(_) => Vec::new(),
        }
    }
}
