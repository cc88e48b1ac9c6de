//! What of the register lies in the lixeira: empresas, contatos, documentos. Whoever may delete one may take it back, within
//! the same reach; what belongs to an empresa that is itself in the lixeira comes back with it.

mod sql;

use documentos::documento::{DocumentoId, Dono};
use kernel::{Actor, Fault};
use tenancy::TenantTx;
use uuid::Uuid;
use web::{
    Error,
    lixeira::{Trash, Trashed},
};

use crate::{
    contato::{self, ContatoId},
    documento,
    empresa::{ALTERAR, EXCLUIR, EmpresaId, Reach, restaurar::restaurar},
};

pub(crate) const TRASH: &[Trash] = &[
    Trash {
        kind: "empresa",
        label: "empresas-title",
        one: "lixeira-empresa",
        icon: "buildings",
        permission: EXCLUIR,
        list: |tx, actor, limit| Box::pin(empresas(tx, actor, limit)),
        restore: |tx, actor, id| Box::pin(async move { Ok(restaurar(tx, actor, EmpresaId::new(id)).await?) }),
    },
    Trash {
        kind: "contato",
        label: "lixeira-contatos",
        one: "lixeira-contato",
        icon: "people",
        permission: ALTERAR,
        list: |tx, actor, limit| Box::pin(contatos(tx, actor, limit)),
        restore: |tx, actor, id| Box::pin(restore_contato(tx, actor, id)),
    },
    Trash {
        kind: "documento",
        label: "lixeira-documentos",
        one: "lixeira-documento",
        icon: "file-earmark",
        permission: documento::EXCLUIR,
        list: |tx, actor, limit| Box::pin(documentos(tx, actor, limit)),
        restore: |tx, actor, id| Box::pin(restore_documento(tx, actor, id)),
    },
];

/// A list of something that the actor may not delete is empty: the page offers only what they may.
fn reach(actor: &Actor, permission: &kernel::Permission) -> Option<Reach> {
    Reach::of(actor, permission).ok()
}

async fn empresas(tx: &mut TenantTx, actor: &Actor, limit: i64) -> Result<Trashed, Fault> {
    let Some(reach) = reach(actor, &EXCLUIR) else { return Ok(Trashed::default()) };
    let mut found = sql::empresas(tx, reach, limit).await?;
    for item in &mut found.items {
        item.sub = item.sub.parse().map_or_else(|_| item.sub.clone(), |cnpj: kernel::Cnpj| cnpj.to_string());
    }
    Ok(found)
}

async fn contatos(tx: &mut TenantTx, actor: &Actor, limit: i64) -> Result<Trashed, Fault> {
    match reach(actor, &ALTERAR) {
        Some(reach) => sql::contatos(tx, reach, limit).await,
        None => Ok(Trashed::default()),
    }
}

async fn documentos(tx: &mut TenantTx, actor: &Actor, limit: i64) -> Result<Trashed, Fault> {
    match reach(actor, &documento::EXCLUIR) {
        Some(reach) => sql::documentos(tx, reach, limit).await,
        None => Ok(Trashed::default()),
    }
}

async fn restore_contato(tx: &mut TenantTx, actor: &Actor, id: Uuid) -> Result<(), Error> {
    let empresa = sql::empresa_of_contato(tx, id).await?.ok_or_else(Error::not_found)?;
    Ok(contato::restaurar(tx, actor, empresa, ContatoId::new(id)).await?)
}

async fn restore_documento(tx: &mut TenantTx, actor: &Actor, id: Uuid) -> Result<(), Error> {
    let empresa = sql::empresa_of_documento(tx, id).await?.ok_or_else(Error::not_found)?;
    let dono: Dono = documento::dono(tx, actor, empresa, &documento::EXCLUIR).await?;
    Ok(documentos::documento::restaurar::restaurar(tx, actor, dono, DocumentoId::new(id)).await?)
}
