use kernel::Fault;
use serde::Deserialize;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;
use web::list::Layout;

#[derive(Debug, Deserialize)]
pub(super) struct Visao {
    pub id: Uuid,
    pub nome: String,
    pub consulta: String,
    pub compartilhada: bool,
    pub own: bool,
    pub padrao: bool,
}

#[derive(Debug, Deserialize)]
struct Aparencia {
    ocultas: Vec<String>,
    compacta: bool,
}

pub(super) async fn of(tx: &mut TenantTx, usuario: Uuid, lista: &str) -> Result<(Vec<Visao>, Layout), Fault> {
    let found = sqlx::query!(
        r#"SELECT (SELECT jsonb_build_object('ocultas', a.ocultas, 'compacta', a.compacta)
                   FROM aparencia a WHERE a.usuario_id = $1 AND a.lista = $2) AS "aparencia: Json<Aparencia>",
                  (SELECT jsonb_agg(v) FROM (
                       SELECT v.id, v.nome, v.consulta, v.compartilhada, v.usuario_id = $1 AS own, p.visao_id IS NOT NULL AS padrao
                       FROM visao v
                       LEFT JOIN visao_padrao p ON p.visao_id = v.id AND p.usuario_id = $1
                       WHERE v.lista = $2 AND (v.usuario_id = $1 OR v.compartilhada)
                       ORDER BY p.visao_id IS NULL, v.usuario_id <> $1, ext.sem_acento(v.nome), v.id LIMIT 100) v
                  ) AS "visoes: Json<Vec<Visao>>""#,
        usuario,
        lista
    )
    .fetch_one(tx.db())
    .await?;
    let layout = found.aparencia.map(|Json(a)| Layout { hidden: a.ocultas, compact: a.compacta }).unwrap_or_default();
    Ok((found.visoes.map(|Json(visoes)| visoes).unwrap_or_default(), layout))
}
