use kernel::Fault;
use tenancy::{Sealed, TenantTx};

use super::{Correio, Servidor};

/// How the unidade sends e-mail; through the installation's server where it never said.
///
/// # Errors
/// A fault of the database, or of a row that no release wrote.
pub async fn find(tx: &mut TenantTx) -> Result<Correio, Fault> {
    let row = sqlx::query!("SELECT id, ativo, host, port, tls, conta, senha, remetente, version FROM correio")
        .fetch_optional(tx.db())
        .await?;
    let Some(row) = row else {
        return Ok(Correio { id: tx.clock().uuid(), ativo: true, servidor: None, version: 0 });
    };
    let broken = |e: kernel::Invalid| Fault::new("mail server of a unidade", e);
    let servidor = match (row.host, row.port, row.tls, row.remetente) {
        (Some(host), Some(port), Some(tls), Some(remetente)) => Some(Servidor {
            host: host.parse().map_err(broken)?,
            port: u16::try_from(port).map_err(|e| Fault::new("port of a mail server", e))?,
            protecao: tls.parse().map_err(broken)?,
            conta: row.conta,
            senha: row.senha.map(Sealed),
            remetente: remetente.parse().map_err(broken)?,
        }),
        _ => None,
    };
    Ok(Correio { id: row.id, ativo: row.ativo, servidor, version: row.version })
}

/// Keeps it; `false` when somebody else did so since `correio.version` was read.
///
/// # Errors
/// A fault of the database.
pub async fn save(tx: &mut TenantTx, correio: &Correio) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let servidor = correio.servidor.as_ref();
    let done = sqlx::query!(
        "INSERT INTO correio (id, ativo, host, port, tls, conta, senha, remetente, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT ON CONSTRAINT correio_one_key DO UPDATE
             SET ativo = excluded.ativo, host = excluded.host, port = excluded.port, tls = excluded.tls, conta = excluded.conta,
                 senha = excluded.senha, remetente = excluded.remetente, updated_at = excluded.updated_at,
                 version = correio.version + 1
             WHERE correio.version = $10 AND correio.id = $1",
        correio.id,
        correio.ativo,
        servidor.map(|servidor| servidor.host.as_str()),
        servidor.map(|servidor| i32::from(servidor.port)),
        servidor.map(|servidor| servidor.protecao.code()),
        servidor.and_then(|servidor| servidor.conta.as_deref()),
        servidor.and_then(|servidor| servidor.senha.as_ref()).map(|senha| senha.0.as_slice()),
        servidor.map(|servidor| servidor.remetente.as_str()),
        now,
        correio.version,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// As it comes: on, through the installation's server. `false` when it is of another version.
///
/// # Errors
/// A fault of the database.
pub async fn remove(tx: &mut TenantTx, version: i32) -> Result<bool, Fault> {
    let done = sqlx::query!("DELETE FROM correio WHERE version = $1", version).execute(tx.db()).await?;
    Ok(done.rows_affected() == 1)
}
