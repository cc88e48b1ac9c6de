//! All SQL on the rules.

use empresas::{empresa::EmpresaId, segmento::SegmentoId};
use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{
    Dados, Distribuicao, DistribuicaoId, Modo,
    escolher::{Cabivel, Candidata, Caso},
};
use crate::{demanda::Pessoa, setor::SetorId, tipo::TipoId};

fn modo(code: &str) -> Result<Modo, Fault> {
    Modo::from_code(code).ok_or_else(|| Fault::because("a rule that chooses in no way"))
}

/// Rules that are on and fit, in their order.
pub(super) async fn fitting(tx: &mut TenantTx, caso: Caso) -> Result<Vec<Cabivel>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT r.id AS "id: DistribuicaoId", r.nome, r.modo FROM distribuicao r JOIN empresa e ON e.id = $1
           WHERE r.ativa AND (r.tipos = '{}' OR $2 = ANY(r.tipos)) AND (r.setores = '{}' OR $3 = ANY(r.setores))
             AND (r.segmentos = '{}' OR e.segmento_id = ANY(r.segmentos)) AND (r.municipios = '{}' OR e.municipio_id = ANY(r.municipios))
           ORDER BY r.posicao, r.id"#,
        caso.empresa.uuid(),
        caso.tipo.uuid(),
        caso.setor.map(SetorId::uuid)
    );
    let fit = |id, nome, code: &str| Ok(Cabivel { id, nome, modo: modo(code)? });
    rows.fetch_all(tx.db()).await?.into_iter().map(|row| fit(row.id, row.nome, &row.modo)).collect()
}

/// Nobody else chooses by it before this transaction ends; `false` when it is gone or off.
pub(super) async fn lock(tx: &mut TenantTx, id: DistribuicaoId) -> Result<bool, Fault> {
    let found = sqlx::query!("SELECT id FROM distribuicao WHERE id = $1 AND ativa FOR NO KEY UPDATE", id.uuid());
    Ok(found.fetch_optional(tx.db()).await?.is_some())
}

/// Those of a rule who may enter, by name.
pub(super) async fn candidatas(tx: &mut TenantTx, id: DistribuicaoId) -> Result<Vec<Candidata>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT u.id, u.nome, p.vez,
                  (SELECT count(*) FROM demanda d WHERE d.responsavel_id = u.id AND d.situacao IN ('nova', 'em_andamento') AND d.deleted_at IS NULL)
                      AS "abertas!"
           FROM distribuicao_pessoa p JOIN usuario u ON u.id = p.usuario_id
           WHERE p.distribuicao_id = $1 AND u.ativo AND u.kind = 'pessoa' ORDER BY ext.sem_acento(u.nome), u.id"#,
        id.uuid()
    );
    let candidata = |id, nome, vez, abertas| Candidata { pessoa: Pessoa { id, nome }, vez, abertas };
    Ok(rows.fetch_all(tx.db()).await?.into_iter().map(|row| candidata(row.id, row.nome, row.vez, row.abertas)).collect())
}

/// The responsável of an empresa, if they may enter.
pub(super) async fn of_empresa(tx: &mut TenantTx, empresa: EmpresaId) -> Result<Vec<Candidata>, Fault> {
    let row = sqlx::query!(
        "SELECT u.id, u.nome FROM empresa e JOIN usuario u ON u.id = e.responsavel_id WHERE e.id = $1 AND u.ativo AND u.kind = 'pessoa'",
        empresa.uuid()
    );
    let row = row.fetch_optional(tx.db()).await?;
    Ok(row.into_iter().map(|row| Candidata { pessoa: Pessoa { id: row.id, nome: row.nome }, vez: 0, abertas: 0 }).collect())
}

/// Somebody's turn has passed.
pub(super) async fn turn(tx: &mut TenantTx, id: DistribuicaoId, pessoa: Uuid) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE distribuicao_pessoa SET vez = (SELECT max(o.vez) + 1 FROM distribuicao_pessoa o WHERE o.distribuicao_id = $1)
         WHERE distribuicao_id = $1 AND usuario_id = $2",
        id.uuid(),
        pessoa
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Holds all rules; their ids in their order.
pub(super) async fn hold(tx: &mut TenantTx) -> Result<Vec<DistribuicaoId>, Fault> {
    let ids = sqlx::query_scalar!(r#"SELECT id AS "id: DistribuicaoId" FROM distribuicao ORDER BY posicao, id FOR UPDATE"#);
    Ok(ids.fetch_all(tx.db()).await?)
}

/// Every rule in its order.
pub(super) async fn list(tx: &mut TenantTx) -> Result<Vec<Distribuicao>, Fault> {
    let people = sqlx::query!(
        "SELECT p.distribuicao_id, u.id, u.nome, u.ativo FROM distribuicao_pessoa p JOIN usuario u ON u.id = p.usuario_id
         ORDER BY ext.sem_acento(u.nome), u.id"
    )
    .fetch_all(tx.db())
    .await?;
    let rows = sqlx::query!(
        r#"SELECT id, nome, ativa, tipos AS "tipos: Vec<TipoId>", setores AS "setores: Vec<SetorId>",
                  segmentos AS "segmentos: Vec<SegmentoId>", municipios, modo, version
           FROM distribuicao ORDER BY posicao, id"#
    );
    let rows = rows.fetch_all(tx.db()).await?.into_iter().map(|row| {
        let pessoas: Vec<(Pessoa, bool)> = people
            .iter()
            .filter(|one| one.distribuicao_id == row.id)
            .map(|one| (Pessoa { id: one.id, nome: one.nome.clone() }, one.ativo))
            .collect();
        let dados = Dados {
            nome: row.nome.parse().map_err(|_| Fault::because("a rule without a name"))?,
            ativa: row.ativa,
            tipos: row.tipos,
            setores: row.setores,
            segmentos: row.segmentos,
            municipios: row.municipios,
            modo: modo(&row.modo)?,
            pessoas: pessoas.iter().map(|(pessoa, _)| pessoa.id).collect(),
        };
        Ok(Distribuicao { id: DistribuicaoId::new(row.id), dados, pessoas, version: row.version })
    });
    rows.collect()
}

pub(super) async fn find(tx: &mut TenantTx, id: DistribuicaoId) -> Result<Option<Distribuicao>, Fault> {
    Ok(list(tx).await?.into_iter().find(|one| one.id == id))
}

/// Whether there is a rule that is on.
pub(crate) async fn any(tx: &mut TenantTx) -> Result<bool, Fault> {
    let found = sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM distribuicao WHERE ativa) AS "any!""#);
    Ok(found.fetch_one(tx.db()).await?)
}

pub(super) async fn insert(tx: &mut TenantTx, dados: &Dados) -> Result<DistribuicaoId, Fault> {
    let (id, now) = (DistribuicaoId::new(tx.clock().uuid()), tx.clock().now());
    sqlx::query!(
        "INSERT INTO distribuicao (id, nome, posicao, ativa, tipos, setores, segmentos, municipios, modo, created_at, updated_at)
         SELECT $1, $2, coalesce(max(posicao), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $9 FROM distribuicao",
        id.uuid(),
        dados.nome.as_str(),
        dados.ativa,
        &uuids(&dados.tipos, TipoId::uuid),
        &uuids(&dados.setores, SetorId::uuid),
        &uuids(&dados.segmentos, SegmentoId::uuid),
        &dados.municipios,
        dados.modo.code(),
        now
    )
    .execute(tx.db())
    .await?;
    keep_pessoas(tx, id, &dados.pessoas).await?;
    Ok(id)
}

pub(super) async fn update(tx: &mut TenantTx, id: DistribuicaoId, dados: &Dados) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE distribuicao SET nome = $2, ativa = $3, tipos = $4, setores = $5, segmentos = $6, municipios = $7, modo = $8,
                version = version + 1, updated_at = $9
         WHERE id = $1",
        id.uuid(),
        dados.nome.as_str(),
        dados.ativa,
        &uuids(&dados.tipos, TipoId::uuid),
        &uuids(&dados.setores, SetorId::uuid),
        &uuids(&dados.segmentos, SegmentoId::uuid),
        &dados.municipios,
        dados.modo.code(),
        now
    )
    .execute(tx.db())
    .await?;
    keep_pessoas(tx, id, &dados.pessoas).await
}

fn uuids<T: Copy>(all: &[T], uuid: fn(T) -> Uuid) -> Vec<Uuid> {
    all.iter().copied().map(uuid).collect()
}

/// Whoever comes in new comes last: those who are there had their turns.
async fn keep_pessoas(tx: &mut TenantTx, id: DistribuicaoId, pessoas: &[Uuid]) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM distribuicao_pessoa WHERE distribuicao_id = $1 AND usuario_id <> ALL($2)", id.uuid(), pessoas)
        .execute(tx.db())
        .await?;
    sqlx::query!(
        "INSERT INTO distribuicao_pessoa (distribuicao_id, usuario_id, vez)
         SELECT $1, p.usuario_id, (SELECT coalesce(max(o.vez), 0) FROM distribuicao_pessoa o WHERE o.distribuicao_id = $1)
         FROM unnest($2::uuid[]) AS p (usuario_id)
         ON CONFLICT ON CONSTRAINT distribuicao_pessoa_pkey DO NOTHING",
        id.uuid(),
        pessoas
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn order(tx: &mut TenantTx, ids: &[DistribuicaoId]) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE distribuicao r SET posicao = o.posicao FROM unnest($1::uuid[]) WITH ORDINALITY AS o (id, posicao)
         WHERE r.id = o.id AND r.posicao <> o.posicao",
        &uuids(ids, DistribuicaoId::uuid)
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn delete(tx: &mut TenantTx, id: DistribuicaoId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM distribuicao WHERE id = $1", id.uuid()).execute(tx.db()).await?;
    Ok(())
}

/// Whether each of these is the unidade's, or a município.
pub(super) async fn are_known(
    tx: &mut TenantTx,
    tipos: &[TipoId],
    setores: &[SetorId],
    segmentos: &[SegmentoId],
    municipios: &[i32],
) -> Result<bool, Fault> {
    let known = sqlx::query_scalar!(
        r#"SELECT NOT EXISTS (SELECT FROM unnest($1::uuid[]) AS i (id) WHERE i.id NOT IN (SELECT t.id FROM demanda_tipo t))
              AND NOT EXISTS (SELECT FROM unnest($2::uuid[]) AS i (id) WHERE i.id NOT IN (SELECT s.id FROM setor s))
              AND NOT EXISTS (SELECT FROM unnest($3::uuid[]) AS i (id) WHERE i.id NOT IN (SELECT g.id FROM segmento g))
              AND NOT EXISTS (SELECT FROM unnest($4::integer[]) AS i (codigo) WHERE i.codigo NOT IN (SELECT m.codigo FROM ref.municipio m))
              AS "known!""#,
        &uuids(tipos, TipoId::uuid),
        &uuids(setores, SetorId::uuid),
        &uuids(segmentos, SegmentoId::uuid),
        municipios
    );
    Ok(known.fetch_one(tx.db()).await?)
}

/// Municípios in which there are empresas, or of which a rule speaks, by name: code, name and UF.
pub(super) async fn municipios(tx: &mut TenantTx) -> Result<Vec<(i32, String)>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT m.codigo, m.nome || ' · ' || m.uf AS "nome!" FROM ref.municipio m
           WHERE m.codigo IN (SELECT e.municipio_id FROM empresa e WHERE e.deleted_at IS NULL)
              OR m.codigo IN (SELECT unnest(r.municipios) FROM distribuicao r)
           ORDER BY m.busca, m.codigo"#
    );
    Ok(rows.fetch_all(tx.db()).await?.into_iter().map(|row| (row.codigo, row.nome)).collect())
}

/// What becomes of a tipo when it is merged into another: the rules follow it.
pub(crate) async fn follow_tipo(tx: &mut TenantTx, from: TipoId, into: TipoId) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE distribuicao SET tipos = array_replace(tipos, $1, $2), version = version + 1 WHERE $1 = ANY(tipos)",
        from.uuid(),
        into.uuid()
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// As [`follow_tipo`].
pub(crate) async fn follow_setor(tx: &mut TenantTx, from: SetorId, into: SetorId) -> Result<(), Fault> {
    sqlx::query!(
        "UPDATE distribuicao SET setores = array_replace(setores, $1, $2), version = version + 1 WHERE $1 = ANY(setores)",
        from.uuid(),
        into.uuid()
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
