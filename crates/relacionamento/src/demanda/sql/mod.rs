//! All SQL on the tables of demandas: one in and out here, lists in [`lista`], the board in [`quadro`], its history in [`historia`],
//! what the law asks in [`pessoas`].
//!
//! Every statement that reads for somebody begins with the same words: within their reach (`$1`, as [`Reach::keys`] has it) are
//! the demandas that they answer for, and those of the empresas within it; those of an empresa in the lixeira are nobody's.

pub(super) mod agenda;
mod gravar;
pub(super) mod historia;
pub(super) mod lista;
pub(super) mod pessoas;
pub(super) mod quadro;

use chrono::{DateTime, NaiveDate, Utc};
use empresas::empresa::EmpresaId;
use kernel::{Fault, Reais};
use rust_decimal::Decimal;
use tenancy::TenantTx;
use uuid::Uuid;

pub(super) use gravar::{Stored, attach, back, bring, count_of, insert, remind, restore, stand, trash, update};

use super::{Anexo, Demanda, DemandaId, Pessoa, Reach, Situacao};
use crate::{
    etapa::{self, Etapa, EtapaId},
    setor::{self, Setor, SetorId},
    tipo::{self, Tipo, TipoId},
};

/// `select`, and what stands behind the reach in its WHERE. The compiler checks the whole.
macro_rules! reached {
    ($kind:ident!($($row:ty,)? $select:literal $(+ $rest:literal)+), $reach:expr $(, $arg:expr)* $(,)?) => {
        sqlx::$kind!(
            $($row,)?
            $select
                + r#" WHERE ($1::uuid[] IS NULL OR d.responsavel_id = $1[1]
                      OR d.empresa_id IN (SELECT e1.id FROM empresa e1 WHERE e1.responsavel_id = $1[1])
                      OR d.empresa_id IN (SELECT l.empresa_id FROM usuario_empresa l WHERE l.usuario_id = $1[2]))
                  AND d.empresa_id NOT IN (SELECT e2.id FROM empresa e2 WHERE e2.deleted_at IS NOT NULL) "#
                $(+ $rest)+,
            $reach.keys()
            $(, $arg)*
        )
    };
}
pub(super) use reached;

#[derive(Debug)]
struct Linha {
    id: DemandaId,
    empresa_id: EmpresaId,
    empresa_nome: String,
    empresa_responsavel: Option<Uuid>,
    titulo: String,
    descricao: String,
    tipo_id: TipoId,
    tipo: String,
    tipo_cor: String,
    setor_id: Option<SetorId>,
    setor: Option<String>,
    etapa_id: EtapaId,
    etapa: String,
    etapa_cor: String,
    situacao: String,
    valor_estimado: Option<Decimal>,
    responsavel_id: Option<Uuid>,
    responsavel_nome: Option<String>,
    contato_id: Option<Uuid>,
    contato_nome: Option<String>,
    data_prazo: Option<NaiveDate>,
    iniciada_at: Option<DateTime<Utc>>,
    concluida_at: Option<DateTime<Utc>>,
    motivo: Option<String>,
    projeto: Option<Uuid>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    deleted_at: Option<DateTime<Utc>>,
}

impl Linha {
    fn demanda(self) -> Result<Demanda, Fault> {
        Ok(Demanda {
            id: self.id,
            empresa_id: self.empresa_id,
            empresa_nome: self.empresa_nome,
            empresa_responsavel: self.empresa_responsavel,
            titulo: self.titulo,
            descricao: self.descricao,
            tipo_id: self.tipo_id,
            tipo: self.tipo,
            tipo_cor: self.tipo_cor,
            setor_id: self.setor_id,
            setor: self.setor,
            etapa_id: self.etapa_id,
            etapa: self.etapa,
            etapa_cor: self.etapa_cor,
            situacao: Situacao::from_code(&self.situacao).ok_or_else(|| Fault::because("a demanda in a state that is none"))?,
            valor_estimado: self.valor_estimado.and_then(|valor| Reais::try_from(valor).ok()),
            responsavel_id: self.responsavel_id,
            responsavel_nome: self.responsavel_nome,
            contato: self.contato_id.zip(self.contato_nome).map(|(id, nome)| Pessoa { id, nome }),
            data_prazo: self.data_prazo,
            iniciada_at: self.iniciada_at,
            concluida_at: self.concluida_at,
            motivo: self.motivo,
            projeto: self.projeto,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            deleted_at: self.deleted_at,
        })
    }
}

/// Every whole demanda is read by this one column list.
macro_rules! demandas {
    ($rest:literal, $reach:expr $(, $arg:expr)*) => {
        reached!(
            query_as!(
                Linha,
                r#"SELECT d.id AS "id: DemandaId", d.empresa_id AS "empresa_id: EmpresaId", e.nome AS empresa_nome,
                          e.responsavel_id AS empresa_responsavel, d.titulo, d.descricao, d.tipo_id AS "tipo_id: TipoId", t.nome AS tipo,
                          t.cor AS tipo_cor, d.setor_id AS "setor_id: SetorId", s.nome AS "setor?", d.etapa_id AS "etapa_id: EtapaId",
                          a.nome AS etapa, a.cor AS etapa_cor, d.situacao, d.valor_estimado, d.responsavel_id,
                          coalesce(u.nome, d.responsavel_nome) AS responsavel_nome, d.contato_id, c.nome AS "contato_nome?", d.data_prazo,
                          d.iniciada_at, d.concluida_at, d.motivo,
                          (SELECT p.id FROM projeto p WHERE p.demanda_id = d.id AND p.deleted_at IS NULL) AS projeto,
                          d.version, d.created_at, d.updated_at, d.deleted_at
                   FROM demanda d JOIN empresa e ON e.id = d.empresa_id JOIN demanda_tipo t ON t.id = d.tipo_id
                   JOIN demanda_etapa a ON a.id = d.etapa_id LEFT JOIN setor s ON s.id = d.setor_id
                   LEFT JOIN usuario u ON u.id = d.responsavel_id LEFT JOIN contato c ON c.id = d.contato_id"#
                    + $rest
            ),
            $reach
            $(, $arg)*
        )
    };
}

/// One that is not in the lixeira.
pub(super) async fn find(tx: &mut TenantTx, id: DemandaId, reach: Reach) -> Result<Option<Demanda>, Fault> {
    let linha = demandas!("AND d.id = $2 AND d.deleted_at IS NULL", reach, id.uuid()).fetch_optional(tx.db()).await?;
    linha.map(Linha::demanda).transpose()
}

/// As [`find`], and nobody else changes it before this transaction ends.
pub(super) async fn lock(tx: &mut TenantTx, id: DemandaId, reach: Reach) -> Result<Option<Demanda>, Fault> {
    let linha = demandas!("AND d.id = $2 AND d.deleted_at IS NULL FOR UPDATE OF d", reach, id.uuid());
    linha.fetch_optional(tx.db()).await?.map(Linha::demanda).transpose()
}

pub(super) async fn find_trashed(tx: &mut TenantTx, id: DemandaId, reach: Reach) -> Result<Option<Demanda>, Fault> {
    let linha = demandas!("AND d.id = $2 AND d.deleted_at IS NOT NULL FOR UPDATE OF d", reach, id.uuid());
    linha.fetch_optional(tx.db()).await?.map(Linha::demanda).transpose()
}

/// Those of `ids` that are within reach and not in the lixeira, in their order.
pub(super) async fn these(tx: &mut TenantTx, ids: &[DemandaId], reach: Reach) -> Result<Vec<Demanda>, Fault> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let linhas = demandas!("AND d.id = ANY($2) AND d.deleted_at IS NULL ORDER BY array_position($2, d.id)", reach, &ids);
    linhas.fetch_all(tx.db()).await?.into_iter().map(Linha::demanda).collect()
}

/// The tipo, held: nobody takes it off the list before this transaction ends.
pub(super) async fn tipo(tx: &mut TenantTx, id: TipoId) -> Result<Option<Tipo>, Fault> {
    sqlx::query!("SELECT id FROM demanda_tipo WHERE id = $1 FOR KEY SHARE", id.uuid()).fetch_optional(tx.db()).await?;
    Ok(tipo::sql::list(tx).await?.into_iter().find(|tipo| tipo.id == id))
}

/// As [`tipo`].
pub(super) async fn setor(tx: &mut TenantTx, id: SetorId) -> Result<Option<Setor>, Fault> {
    sqlx::query!("SELECT id FROM setor WHERE id = $1 FOR KEY SHARE", id.uuid()).fetch_optional(tx.db()).await?;
    Ok(setor::sql::list(tx).await?.into_iter().find(|setor| setor.id == id))
}

/// As [`tipo`].
pub(super) async fn etapa(tx: &mut TenantTx, id: EtapaId) -> Result<Option<Etapa>, Fault> {
    sqlx::query!("SELECT id FROM demanda_etapa WHERE id = $1 FOR KEY SHARE", id.uuid()).fetch_optional(tx.db()).await?;
    Ok(etapa::sql::list(tx).await?.into_iter().find(|etapa| etapa.id == id))
}

/// Into which a demanda of that situação comes when nothing else is said; it is never taken off the list.
pub(super) async fn padrao(tx: &mut TenantTx, situacao: Situacao) -> Result<Etapa, Fault> {
    let mut etapas = etapa::sql::list(tx).await?.into_iter();
    etapas
        .find(|etapa| etapa.padrao && etapa.situacao == situacao)
        .ok_or_else(|| Fault::because("a situação of demandas without its etapa"))
}

/// A file of a demanda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Anexado {
    pub id: Uuid,
    pub nome: String,
    pub anexo: Option<Anexo>,
}

/// The documentos of a demanda that are not in the lixeira, the first sent first.
pub(super) async fn anexos(tx: &mut TenantTx, id: DemandaId) -> Result<Vec<Anexado>, Fault> {
    let rows = sqlx::query!(
        "SELECT o.id, o.nome, r.anexo FROM demanda_documento r JOIN documento o ON o.id = r.documento_id
         WHERE r.demanda_id = $1 AND o.deleted_at IS NULL ORDER BY o.created_at, o.id",
        id.uuid()
    );
    let anexado = |id, nome, anexo: &str| Anexado { id, nome, anexo: Anexo::from_code(anexo) };
    Ok(rows.fetch_all(tx.db()).await?.into_iter().map(|row| anexado(row.id, row.nome, &row.anexo)).collect())
}

/// How long it stood somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Passagem {
    pub etapa: String,
    pub cor: String,
    pub inicio_at: DateTime<Utc>,
    pub fim_at: Option<DateTime<Utc>>,
}

/// Where a demanda stood, the first first.
pub(super) async fn passagens(tx: &mut TenantTx, id: DemandaId) -> Result<Vec<Passagem>, Fault> {
    let rows = sqlx::query_as!(
        Passagem,
        "SELECT a.nome AS etapa, a.cor, p.inicio_at, p.fim_at FROM demanda_passagem p JOIN demanda_etapa a ON a.id = p.etapa_id
         WHERE p.demanda_id = $1 ORDER BY p.inicio_at, p.id",
        id.uuid()
    );
    Ok(rows.fetch_all(tx.db()).await?)
}
