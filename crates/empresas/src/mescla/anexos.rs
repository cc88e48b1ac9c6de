//! What of this crate hangs on an empresa.

use documentos::documento::{Dono, mover};
use tenancy::TenantTx;
use uuid::Uuid;
use web::attached::{Attached, Move};

use super::sql;
use crate::vinculo;

const EMPRESA: &str = "empresa";

pub const ANEXOS: &[Attached] = &[
    Attached {
        to: EMPRESA,
        name: "contato",
        label: "mescla-contatos",
        count: |tx, way| Box::pin(sql::count_contatos(tx, way.from)),
        bring: |tx, _, way| Box::pin(sql::bring_contatos(tx, way)),
        give_back: |tx, _, way, ids| Box::pin(sql::give_back_contatos(tx, way, ids)),
    },
    Attached {
        to: EMPRESA,
        name: "documento",
        label: "mescla-documentos",
        count: |tx, way| Box::pin(async move { mover::count(tx, dono(way.from)).await }),
        bring: |tx, _, way| Box::pin(async move { mover::mover(tx, dono(way.from), dono(way.to)).await }),
        give_back: |tx, _, way, ids| Box::pin(documentos_back(tx, way, ids)),
    },
    // The other keeps its own, for they are not of one empresa only: what comes back is what was added to the one that stays.
    Attached {
        to: EMPRESA,
        name: "etiqueta",
        label: "mescla-etiquetas",
        count: |tx, way| Box::pin(sql::count_etiquetas(tx, way)),
        bring: |tx, _, way| Box::pin(sql::bring_etiquetas(tx, way)),
        give_back: |tx, _, way, ids| Box::pin(sql::give_back_etiquetas(tx, way, ids)),
    },
    Attached {
        to: EMPRESA,
        name: "vinculo",
        label: "mescla-vinculos",
        count: |tx, way| Box::pin(vinculo::sql::count_beyond(tx, way.from, way.to)),
        bring: |tx, _, way| Box::pin(vinculo::sql::bring(tx, way.from, way.to)),
        give_back: |tx, _, way, ids| Box::pin(vinculo::sql::give_back(tx, way.to, ids)),
    },
];

/// The caller has checked both empresas.
const fn dono(id: Uuid) -> Dono {
    Dono { entity: EMPRESA, id }
}

async fn documentos_back(tx: &mut TenantTx, way: Move, ids: &[Uuid]) -> Result<u64, kernel::Fault> {
    mover::devolver(tx, ids, dono(way.to), dono(way.from)).await
}
