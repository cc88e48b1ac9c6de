//! What an importação changed in each empresa, in that empresa's own trail: a spreadsheet leaves its marks there like a person.

use std::collections::{BTreeMap, HashMap};

use kernel::{Actor, Fault};
use tenancy::{Change, TenantTx};
use uuid::Uuid;

use super::{Importacao, desfazer::told, sql};
use crate::empresa::Empresa;

/// Empresas in memory at a time.
const SOME: usize = 1_000;

/// Tells the trail of every empresa that the importação has just updated what it changed there.
pub(super) async fn mark(tx: &mut TenantTx, actor: &Actor, importacao: &Importacao) -> Result<(), Fault> {
    let ids = sql::trail::updated(tx, importacao.id).await?;
    for some in ids.chunks(SOME) {
        let before = texts(sql::trail::before(tx, importacao.id, some).await?);
        let after = texts(sql::undo::empresas_of(tx, some).await?);
        let changes = some.iter().filter_map(|id| {
            let change = Change::between(before.get(id)?, after.get(id)?);
            // The spreadsheet said what was there already.
            (!change.is_empty()).then(|| (*id, told(change, importacao)))
        });
        tx.audit_all(actor, "empresa.alterada", "empresa", changes.collect()).await?;
    }
    Ok(())
}

fn texts(empresas: Vec<Empresa>) -> HashMap<Uuid, BTreeMap<&'static str, String>> {
    empresas.into_iter().map(|empresa| (empresa.id.uuid(), empresa.cadastro.texts())).collect()
}
