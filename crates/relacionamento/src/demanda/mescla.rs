use web::attached::Attached;

use super::{ENTITY, sql};

/// Demandas go along when their empresa is made one with another.
pub(crate) const ANEXO: Attached = Attached {
    to: "empresa",
    name: ENTITY,
    label: "mescla-demandas",
    count: |tx, way| Box::pin(sql::count_of(tx, way.from)),
    bring: |tx, _, way| Box::pin(sql::bring(tx, way)),
    give_back: |tx, _, way, ids| Box::pin(sql::back(tx, way, ids)),
};
