//! Lists by several columns, one after the other. The three columns come as parameters, negative for the way down and 0 for
//! none, and the text stays one: each execution is planned for its values, so that of the branches below only the one of each
//! column is left, and an index that begins with the first column is used where there is one (decision 0011).

use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use kernel::{Fault, PageRequest};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Achada, Exportada, Params};
use crate::{
    empresa::{EmpresaId, Reach, lista::Ordens},
    segmento::SegmentoId,
};

pub(super) async fn page(tx: &mut TenantTx, p: &Params, ordens: Ordens, page: PageRequest) -> Result<Vec<Achada>, Fault> {
    let [a, b, c] = ordens.keys();
    Ok(if p.is_search() {
        searched!(
            page r#"CASE $25::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C",
            CASE -$25::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C" DESC NULLS LAST,
            CASE $26::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C",
            CASE -$26::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C" DESC NULLS LAST,
            CASE $27::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C",
            CASE -$27::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C" DESC NULLS LAST,
            e.id"#,
            " LIMIT $23 OFFSET $24", p, page.limit(), page.offset(), a, b, c
        )
        .fetch_all(tx.db())
        .await?
    } else {
        filtered!(
            page r#"CASE $13::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C",
            CASE -$13::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C" DESC NULLS LAST,
            CASE $14::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C",
            CASE -$14::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C" DESC NULLS LAST,
            CASE $15::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C",
            CASE -$15::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C" DESC NULLS LAST,
            e.id"#,
            " LIMIT $11 OFFSET $12", p, page.limit(), page.offset(), a, b, c
        )
        .fetch_all(tx.db())
        .await?
    })
}

pub(super) fn all<'a>(tx: &'a mut TenantTx, p: &Params, ordens: Ordens) -> BoxStream<'a, Result<Exportada, Fault>> {
    let [a, b, c] = ordens.keys();
    let linhas = if p.is_search() {
        searched!(
            file,
            r#"ORDER BY CASE $23::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C",
            CASE -$23::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C" DESC NULLS LAST,
            CASE $24::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C",
            CASE -$24::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C" DESC NULLS LAST,
            CASE $25::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C",
            CASE -$25::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C" DESC NULLS LAST,
            e.id"#,
            p, a, b, c
        )
        .fetch(tx.db())
    } else {
        filtered!(
            file,
            r#"ORDER BY CASE $11::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C",
            CASE -$11::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C" DESC NULLS LAST,
            CASE $12::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C",
            CASE -$12::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C" DESC NULLS LAST,
            CASE $13::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C",
            CASE -$13::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C" DESC NULLS LAST,
            e.id"#,
            p, a, b, c
        )
        .fetch(tx.db())
    };
    linhas.map_err(Fault::from).boxed()
}

pub(super) fn these<'a>(
    tx: &'a mut TenantTx,
    ids: &'a [Uuid],
    reach: Reach,
    ordens: Ordens,
) -> BoxStream<'a, Result<Exportada, Fault>> {
    let [a, b, c] = ordens.keys();
    let linhas = statement!(
        file,
        "WHERE e.id = ANY($1) AND e.deleted_at IS NULL AND ($2::uuid[] IS NULL OR e.responsavel_id = $2[1] OR e.id = ANY(ARRAY(SELECT v.empresa_id FROM usuario_empresa v WHERE v.usuario_id = $2[2]))) ",
        r#"ORDER BY CASE $3::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C",
            CASE -$3::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C" DESC NULLS LAST,
            CASE $4::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C",
            CASE -$4::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C" DESC NULLS LAST,
            CASE $5::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C",
            CASE -$5::integer WHEN 1 THEN e.ordem WHEN 2 THEN e.cidade WHEN 3 THEN e.id::text WHEN 4 THEN e.uf WHEN 5 THEN array_position('{mei,me,epp,medio,grande}'::text[], e.porte)::text WHEN 6 THEN e.situacao END COLLATE "C" DESC NULLS LAST,
            e.id"#,
        ids,
        reach.keys(),
        a,
        b,
        c
    );
    linhas.fetch(tx.db()).map_err(Fault::from).boxed()
}
