use kernel::{Email, Fault, Telefone, Texto};
use tenancy::TenantTx;

use super::{Contato, ContatoId, Dados, Papel};
use crate::empresa::EmpresaId;

struct Linha {
    id: ContatoId,
    empresa_id: EmpresaId,
    nome: String,
    cargo: Option<String>,
    papel: Option<String>,
    email: Option<String>,
    telefone: Option<String>,
    observacoes: Option<String>,
    version: i32,
}

impl TryFrom<Linha> for Contato {
    type Error = Fault;

    fn try_from(linha: Linha) -> Result<Self, Fault> {
        let broken = |_| Fault::because("a stored value of a contato is not valid");
        let dados = Dados {
            nome: linha.nome.parse().map_err(broken)?,
            cargo: linha.cargo.map(Texto::try_from).transpose().map_err(broken)?,
            papel: linha.papel.as_deref().and_then(Papel::from_code),
            email: linha.email.map(Email::try_from).transpose().map_err(broken)?,
            telefone: linha.telefone.map(Telefone::try_from).transpose().map_err(broken)?,
            observacoes: linha.observacoes.map(Texto::try_from).transpose().map_err(broken)?,
        };
        Ok(Self { id: linha.id, empresa_id: linha.empresa_id, dados, version: linha.version })
    }
}

macro_rules! contatos {
    ($where:literal, $($arg:expr),*) => {
        sqlx::query_as!(
            Linha,
            r#"SELECT id AS "id: ContatoId", empresa_id AS "empresa_id: EmpresaId", nome, cargo, papel, email, telefone, observacoes, version
               FROM contato WHERE "# + $where,
            $($arg),*
        )
    };
}

/// Those of an empresa by name, for whoever was proved to see it.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx, empresa: EmpresaId) -> Result<Vec<Contato>, Fault> {
    let found = contatos!("empresa_id = $1 AND deleted_at IS NULL ORDER BY ext.sem_acento(nome), id", empresa as _);
    found.fetch_all(tx.db()).await?.into_iter().map(Contato::try_from).collect()
}

pub(super) async fn find(tx: &mut TenantTx, empresa: EmpresaId, id: ContatoId) -> Result<Option<Contato>, Fault> {
    let found = contatos!("id = $1 AND empresa_id = $2 AND deleted_at IS NULL", id as _, empresa as _);
    found.fetch_optional(tx.db()).await?.map(Contato::try_from).transpose()
}

pub(crate) async fn find_trashed(tx: &mut TenantTx, empresa: EmpresaId, id: ContatoId) -> Result<Option<Contato>, Fault> {
    let found = contatos!("id = $1 AND empresa_id = $2 AND deleted_at IS NOT NULL", id as _, empresa as _);
    found.fetch_optional(tx.db()).await?.map(Contato::try_from).transpose()
}

pub(super) async fn count(tx: &mut TenantTx, empresa: EmpresaId) -> Result<i64, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "total!" FROM contato WHERE empresa_id = $1 AND deleted_at IS NULL"#,
        empresa as _
    )
    .fetch_one(tx.db())
    .await?)
}

pub(super) async fn insert(tx: &mut TenantTx, id: ContatoId, empresa: EmpresaId, dados: &Dados) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO contato (id, empresa_id, nome, cargo, papel, email, telefone, observacoes, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
        id as _,
        empresa as _,
        dados.nome.as_str(),
        dados.cargo.as_ref().map(Texto::as_str),
        dados.papel.map(Papel::code),
        dados.email.as_ref().map(Email::as_str),
        dados.telefone.as_ref().map(Telefone::as_str),
        dados.observacoes.as_ref().map(Texto::as_str),
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn update(tx: &mut TenantTx, id: ContatoId, dados: &Dados) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE contato SET nome = $2, cargo = $3, papel = $4, email = $5, telefone = $6, observacoes = $7, version = version + 1,
                updated_at = $8
         WHERE id = $1",
        id as _,
        dados.nome.as_str(),
        dados.cargo.as_ref().map(Texto::as_str),
        dados.papel.map(Papel::code),
        dados.email.as_ref().map(Email::as_str),
        dados.telefone.as_ref().map(Telefone::as_str),
        dados.observacoes.as_ref().map(Texto::as_str),
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(super) async fn trash(tx: &mut TenantTx, id: ContatoId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE contato SET deleted_at = $2, version = version + 1, updated_at = $2 WHERE id = $1", id as _, now)
        .execute(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn restore(tx: &mut TenantTx, id: ContatoId) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!("UPDATE contato SET deleted_at = NULL, version = version + 1, updated_at = $2 WHERE id = $1", id as _, now)
        .execute(tx.db())
        .await?;
    Ok(())
}
