//! All SQL on the tables of visitas: one in and out here, lists in [`lista`], its history in [`historia`], what the law asks in
//! [`pessoas`].
//!
//! Every statement that reads for somebody begins with the same words: within their reach (`$1`, as [`Reach::keys`] has it) are
//! the visitas to which they go, and those of the empresas within it; those of an empresa in the lixeira are nobody's.

pub(super) mod agenda;
pub(super) mod desatendidas;
mod gravar;
pub(super) mod historia;
pub(super) mod lista;
pub(super) mod pessoas;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use empresas::empresa::EmpresaId;
use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

pub(super) use gravar::{attach, back, bring, count_of, insert, keep_chegada, remind, restore, trash, update};

use super::{Chegada, Horario, Pessoa, Posicao, Reach, Situacao, Visita, VisitaId};

/// `select`, and what stands behind the reach in its WHERE. The compiler checks the whole.
macro_rules! reached {
    ($kind:ident!($($row:ty,)? $select:literal $(+ $rest:literal)+), $reach:expr $(, $arg:expr)* $(,)?) => {
        sqlx::$kind!(
            $($row,)?
            $select
                + r#" WHERE ($1::uuid[] IS NULL OR v.responsavel_id = $1[1]
                      OR v.id IN (SELECT p.visita_id FROM visita_participante p WHERE p.usuario_id = $1[1])
                      OR v.empresa_id IN (SELECT e1.id FROM empresa e1 WHERE e1.responsavel_id = $1[1])
                      OR v.empresa_id IN (SELECT l.empresa_id FROM usuario_empresa l WHERE l.usuario_id = $1[2]))
                  AND v.empresa_id NOT IN (SELECT e2.id FROM empresa e2 WHERE e2.deleted_at IS NOT NULL) "#
                $(+ $rest)+,
            $reach.keys()
            $(, $arg)*
        )
    };
}
pub(super) use reached;

#[derive(Debug)]
struct Linha {
    id: VisitaId,
    empresa_id: EmpresaId,
    empresa_nome: String,
    empresa_responsavel: Option<Uuid>,
    responsavel_id: Option<Uuid>,
    responsavel_nome: String,
    inicio_at: DateTime<Utc>,
    fim_at: DateTime<Utc>,
    objetivo: String,
    local: Option<String>,
    situacao: String,
    resumo: Option<String>,
    proximos_passos: Option<String>,
    motivo: Option<String>,
    chegada_at: Option<DateTime<Utc>>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    precisao: Option<i32>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    deleted_at: Option<DateTime<Utc>>,
}

impl Linha {
    fn visita(self, colegas: Vec<Pessoa>, contatos: Vec<Pessoa>) -> Result<Visita, Fault> {
        let posicao = self.latitude.zip(self.longitude);
        let posicao =
            posicao.map(|(latitude, longitude)| Posicao { latitude, longitude, precisao: self.precisao.unwrap_or_default() });
        Ok(Visita {
            id: self.id,
            empresa_id: self.empresa_id,
            empresa_nome: self.empresa_nome,
            empresa_responsavel: self.empresa_responsavel,
            responsavel_id: self.responsavel_id,
            responsavel_nome: self.responsavel_nome,
            horario: Horario { inicio_at: self.inicio_at, fim_at: self.fim_at },
            objetivo: self.objetivo,
            local: self.local,
            situacao: Situacao::from_code(&self.situacao).ok_or_else(|| Fault::because("a visita in a state that is none"))?,
            resumo: self.resumo,
            proximos_passos: self.proximos_passos,
            motivo: self.motivo,
            chegada: self.chegada_at.map(|at| Chegada { at, posicao }),
            colegas,
            contatos,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            deleted_at: self.deleted_at,
        })
    }
}

/// Every whole visita is read by this one column list.
macro_rules! visitas {
    ($rest:literal, $reach:expr $(, $arg:expr)*) => {
        reached!(
            query_as!(
                Linha,
                r#"SELECT v.id AS "id: VisitaId", v.empresa_id AS "empresa_id: EmpresaId", e.nome AS empresa_nome,
                          e.responsavel_id AS empresa_responsavel, v.responsavel_id, coalesce(u.nome, v.responsavel_nome) AS "responsavel_nome!",
                          v.inicio_at, v.fim_at, v.objetivo, v.local, v.situacao, v.resumo, v.proximos_passos, v.motivo, v.chegada_at,
                          v.latitude, v.longitude, v.precisao, v.version, v.created_at, v.updated_at, v.deleted_at
                   FROM visita v JOIN empresa e ON e.id = v.empresa_id LEFT JOIN usuario u ON u.id = v.responsavel_id"#
                    + $rest
            ),
            $reach
            $(, $arg)*
        )
    };
}

/// One that is not in the lixeira.
pub(super) async fn find(tx: &mut TenantTx, id: VisitaId, reach: Reach) -> Result<Option<Visita>, Fault> {
    let linha = visitas!("AND v.id = $2 AND v.deleted_at IS NULL", reach, id.uuid()).fetch_optional(tx.db()).await?;
    whole(tx, linha).await
}

/// As [`find`], and nobody else changes it before this transaction ends.
pub(super) async fn lock(tx: &mut TenantTx, id: VisitaId, reach: Reach) -> Result<Option<Visita>, Fault> {
    let linha = visitas!("AND v.id = $2 AND v.deleted_at IS NULL FOR UPDATE OF v", reach, id.uuid());
    let linha = linha.fetch_optional(tx.db()).await?;
    whole(tx, linha).await
}

pub(super) async fn find_trashed(tx: &mut TenantTx, id: VisitaId, reach: Reach) -> Result<Option<Visita>, Fault> {
    let linha = visitas!("AND v.id = $2 AND v.deleted_at IS NOT NULL FOR UPDATE OF v", reach, id.uuid());
    let linha = linha.fetch_optional(tx.db()).await?;
    whole(tx, linha).await
}

/// Those of `ids` that are within reach and not in the lixeira, in their order.
pub(super) async fn these(tx: &mut TenantTx, ids: &[VisitaId], reach: Reach) -> Result<Vec<Visita>, Fault> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let linhas = visitas!("AND v.id = ANY($2) AND v.deleted_at IS NULL ORDER BY array_position($2, v.id)", reach, &ids);
    let linhas = linhas.fetch_all(tx.db()).await?;
    with_people(tx, linhas).await
}

async fn whole(tx: &mut TenantTx, linha: Option<Linha>) -> Result<Option<Visita>, Fault> {
    Ok(with_people(tx, linha.into_iter().collect()).await?.pop())
}

async fn with_people(tx: &mut TenantTx, linhas: Vec<Linha>) -> Result<Vec<Visita>, Fault> {
    if linhas.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = linhas.iter().map(|linha| linha.id.uuid()).collect();
    let mut people: HashMap<Uuid, (Vec<Pessoa>, Vec<Pessoa>)> = HashMap::new();
    let rows = sqlx::query!(
        r#"SELECT p.visita_id, p.usuario_id IS NOT NULL AS "colega!", coalesce(p.usuario_id, p.contato_id) AS "id!",
                  coalesce(u.nome, c.nome) AS "nome!"
           FROM visita_participante p LEFT JOIN usuario u ON u.id = p.usuario_id LEFT JOIN contato c ON c.id = p.contato_id
           WHERE p.visita_id = ANY($1) ORDER BY ext.sem_acento(coalesce(u.nome, c.nome)), p.id"#,
        &ids
    );
    for row in rows.fetch_all(tx.db()).await? {
        let (colegas, contatos) = people.entry(row.visita_id).or_default();
        if row.colega { colegas } else { contatos }.push(Pessoa { id: row.id, nome: row.nome });
    }
    let whole = |linha: Linha| {
        let (colegas, contatos) = people.remove(&linha.id.uuid()).unwrap_or_default();
        linha.visita(colegas, contatos)
    };
    linhas.into_iter().map(whole).collect()
}

/// The names of those of `ids` who may go: active people of the unidade.
pub(crate) async fn active(tx: &mut TenantTx, ids: &[Uuid]) -> Result<Vec<Pessoa>, Fault> {
    let rows = sqlx::query_as!(Pessoa, "SELECT id, nome FROM usuario WHERE id = ANY($1) AND ativo AND kind = 'pessoa'", ids);
    Ok(rows.fetch_all(tx.db()).await?)
}

/// Those of `ids` who are people of that empresa.
pub(crate) async fn contatos(tx: &mut TenantTx, empresa: EmpresaId, ids: &[Uuid]) -> Result<Vec<Pessoa>, Fault> {
    let rows = sqlx::query_as!(
        Pessoa,
        "SELECT id, nome FROM contato WHERE empresa_id = $1 AND deleted_at IS NULL AND id = ANY($2)",
        empresa.uuid(),
        ids
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// Another visita that the same person is at, at the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Overlap {
    pub id: VisitaId,
    pub empresa: String,
    pub inicio_at: DateTime<Utc>,
    pub fim_at: DateTime<Utc>,
}

/// Planned visitas of the responsável at the time of one, the earliest first.
pub(super) async fn overlaps(tx: &mut TenantTx, visita: &Visita, reach: Reach) -> Result<Vec<Overlap>, Fault> {
    let rows = reached!(
        query_as!(
            Overlap,
            r#"SELECT v.id AS "id: VisitaId", e.nome AS empresa, v.inicio_at, v.fim_at FROM visita v JOIN empresa e ON e.id = v.empresa_id"#
                + "AND v.deleted_at IS NULL AND v.situacao = 'planejada' AND v.id <> $2 AND v.inicio_at < $4 AND v.fim_at > $3
                   AND v.inicio_at > $3 - interval '1 day'
                   AND (v.responsavel_id = $5 OR v.id IN (SELECT o.visita_id FROM visita_participante o WHERE o.usuario_id = $5))
                   ORDER BY v.inicio_at, v.id LIMIT 5"
        ),
        reach,
        visita.id.uuid(),
        visita.horario.inicio_at,
        visita.horario.fim_at,
        visita.responsavel_id
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// The documentos that tell of a visita, of those that are not in the lixeira: id and name, the first sent first.
pub(super) async fn relatorios(tx: &mut TenantTx, id: VisitaId) -> Result<Vec<Pessoa>, Fault> {
    let rows = sqlx::query_as!(
        Pessoa,
        "SELECT d.id, d.nome FROM visita_documento r JOIN documento d ON d.id = r.documento_id
         WHERE r.visita_id = $1 AND d.deleted_at IS NULL ORDER BY d.created_at, d.id",
        id.uuid()
    );
    Ok(rows.fetch_all(tx.db()).await?)
}
