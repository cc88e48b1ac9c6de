//! All SQL on etapas of demandas.

use empresas::etiqueta::Cor;
use kernel::Fault;
use serde_json::Value;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Dados, Etapa, EtapaId, Situacao, Uso, vocabulary::facts};

struct Linha {
    id: Uuid,
    nome: String,
    situacao: String,
    cor: String,
    posicao: i32,
    padrao: bool,
}

/// All, as a demanda passes through them.
pub(crate) async fn list(tx: &mut TenantTx) -> Result<Vec<Etapa>, Fault> {
    let rows = sqlx::query_as!(Linha, "SELECT id, nome, situacao, cor, posicao, padrao FROM demanda_etapa");
    let etapa = |linha: Linha| {
        Ok(Etapa {
            id: EtapaId::new(linha.id),
            nome: linha.nome,
            situacao: Situacao::from_code(&linha.situacao)
                .ok_or_else(|| Fault::because("an etapa of a situação that is none"))?,
            cor: Cor::from_code(&linha.cor).unwrap_or(Cor::Cinza),
            posicao: linha.posicao,
            padrao: linha.padrao,
        })
    };
    let mut etapas = rows.fetch_all(tx.db()).await?.into_iter().map(etapa).collect::<Result<Vec<_>, Fault>>()?;
    etapas.sort_by_key(|etapa| (etapa.situacao, etapa.posicao, etapa.id.uuid()));
    Ok(etapas)
}

/// Every etapa with how many demandas are or were in it.
pub(super) async fn usos(tx: &mut TenantTx) -> Result<Vec<Uso>, Fault> {
    let usos = sqlx::query_as!(
        Uso,
        r#"SELECT t.id AS "id: EtapaId", t.nome, t.situacao, t.cor, t.padrao, coalesce(u.demandas, 0) AS "demandas!",
                  coalesce(u.excluidas, 0) AS "excluidas!", coalesce(p.passadas, 0) AS "passadas!"
           FROM demanda_etapa t
           LEFT JOIN (SELECT etapa_id, count(*) FILTER (WHERE deleted_at IS NULL) AS demandas,
                             count(*) FILTER (WHERE deleted_at IS NOT NULL) AS excluidas
                      FROM demanda GROUP BY etapa_id) u ON u.etapa_id = t.id
           LEFT JOIN (SELECT a.etapa_id, count(DISTINCT a.demanda_id) AS passadas
                      FROM demanda_passagem a JOIN demanda d ON d.id = a.demanda_id
                      WHERE d.etapa_id <> a.etapa_id GROUP BY a.etapa_id) p ON p.etapa_id = t.id
           ORDER BY array_position(ARRAY['nova', 'em_andamento', 'concluida', 'cancelada'], t.situacao), t.posicao, t.id"#
    );
    Ok(usos.fetch_all(tx.db()).await?)
}

/// Those of `ids` that are there with what is said of them, in an order of their own, so that two who lock the same ones never wait
/// for each other.
pub(super) async fn lock(tx: &mut TenantTx, ids: &[EtapaId]) -> Result<Vec<(EtapaId, Value)>, Fault> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!("SELECT id, nome, situacao, cor FROM demanda_etapa WHERE id = ANY($1) ORDER BY id FOR UPDATE", &ids);
    let rows = rows.fetch_all(tx.db()).await?;
    Ok(rows.into_iter().map(|row| (EtapaId::new(row.id), facts(&row.nome, &row.situacao, &row.cor))).collect())
}

/// Demandas that are or were in one, before it is locked itself: in the order of everybody else.
pub(super) async fn hold_demandas(tx: &mut TenantTx, id: EtapaId) -> Result<(), Fault> {
    sqlx::query!(
        "SELECT id FROM demanda WHERE etapa_id = $1 OR id IN (SELECT demanda_id FROM demanda_passagem WHERE etapa_id = $1)
         ORDER BY id FOR NO KEY UPDATE",
        id.uuid()
    )
    .fetch_all(tx.db())
    .await?;
    Ok(())
}

/// Behind those of its situação. `None` when the name is taken.
pub(super) async fn insert(tx: &mut TenantTx, dados: &Dados) -> Result<Option<EtapaId>, Fault> {
    let (id, now) = (tx.clock().uuid(), tx.clock().now());
    // Of those that share the last place the older one comes first.
    let made = sqlx::query_scalar!(
        r#"INSERT INTO demanda_etapa (id, nome, situacao, cor, posicao, padrao, created_at)
           SELECT $1, $2, $3, $4, least(coalesce(max(posicao) + 1, 0), 99), false, $5 FROM demanda_etapa WHERE situacao = $3
           ON CONFLICT ON CONSTRAINT demanda_etapa_busca_key DO NOTHING RETURNING id AS "id: EtapaId""#,
        id,
        dados.nome.as_str(),
        dados.situacao.code(),
        dados.cor.code(),
        now
    );
    Ok(made.fetch_optional(tx.db()).await?)
}

/// Its name and colour; its situação never changes. Answers false when the name is another's; nothing of the transaction can be
/// kept then.
pub(super) async fn update(tx: &mut TenantTx, id: EtapaId, dados: &Dados) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "UPDATE demanda_etapa SET nome = $2, cor = $3 WHERE id = $1",
        id.uuid(),
        dados.nome.as_str(),
        dados.cor.code()
    );
    match done.execute(tx.db()).await {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some("demanda_etapa_busca_key") => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn delete(tx: &mut TenantTx, id: EtapaId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM demanda_etapa WHERE id = $1", id.uuid()).execute(tx.db()).await?;
    Ok(())
}

/// Those in the lixeira as well, and where they stood before. Answers how many were in the first one.
pub(super) async fn move_demandas(tx: &mut TenantTx, from: EtapaId, into: EtapaId) -> Result<u64, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE demanda SET etapa_id = $2, version = version + 1, updated_at = $3 WHERE etapa_id = $1",
        from.uuid(),
        into.uuid(),
        now
    );
    let moved = done.execute(tx.db()).await?.rows_affected();
    sqlx::query!("UPDATE demanda_passagem SET etapa_id = $2 WHERE etapa_id = $1", from.uuid(), into.uuid())
        .execute(tx.db())
        .await?;
    Ok(moved)
}

/// Those of its situação, in their order and locked: nobody else moves them, and demandas come and go meanwhile.
pub(super) async fn peers(tx: &mut TenantTx, id: EtapaId) -> Result<Vec<EtapaId>, Fault> {
    let rows = sqlx::query!(
        "SELECT id, posicao FROM demanda_etapa WHERE situacao = (SELECT situacao FROM demanda_etapa WHERE id = $1)
         ORDER BY id FOR NO KEY UPDATE",
        id.uuid()
    );
    // Sorted here: who waited for a lock reads the places of now, in the order of before.
    let mut places: Vec<_> = rows.fetch_all(tx.db()).await?.into_iter().map(|row| (row.posicao, row.id)).collect();
    places.sort_unstable();
    Ok(places.into_iter().map(|(_, id)| EtapaId::new(id)).collect())
}

pub(super) async fn arrange(tx: &mut TenantTx, ids: &[EtapaId]) -> Result<(), Fault> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "UPDATE demanda_etapa t SET posicao = least(o.n - 1, 99)::integer
         FROM unnest($1::uuid[]) WITH ORDINALITY AS o (id, n) WHERE t.id = o.id",
        &ids
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
