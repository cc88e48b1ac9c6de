use chrono::{DateTime, TimeDelta, Utc};
use kernel::Fault;
use tenancy::{MasterKey, Sealed, TenantTx};

use super::{FatorId, Fatores, Metodo, codigo::Reserva};
use crate::{regra::SegundoFator, usuario::UsuarioId};

/// What a usuario can prove.
///
/// # Errors
/// A fault of the database; a usuario who is gone is one.
pub(crate) async fn of_usuario(tx: &mut TenantTx, usuario: UsuarioId) -> Result<Fatores, Fault> {
    let row = sqlx::query!(
        r#"SELECT p.segundo_fator,
                  EXISTS (SELECT FROM fator f WHERE f.usuario_id = u.id AND f.method = 'totp' AND f.confirmed_at IS NOT NULL)
                      AS "totp!",
                  EXISTS (SELECT FROM fator f WHERE f.usuario_id = u.id AND f.method = 'email' AND f.confirmed_at IS NOT NULL)
                      AS "email!",
                  (SELECT count(*) FROM chave c WHERE c.usuario_id = u.id) AS "chaves!",
                  (SELECT count(*) FROM codigo_reserva r WHERE r.usuario_id = u.id AND r.used_at IS NULL) AS "reserva!"
           FROM usuario u JOIN perfil p ON p.id = u.perfil_id
           WHERE u.id = $1"#,
        usuario as _,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(Fatores {
        // A word that this release does not know asks for the most.
        regra: row.segundo_fator.parse().unwrap_or(SegundoFator::Exigido),
        totp: row.totp,
        email: row.email,
        chaves: row.chaves,
        reserva: row.reserva,
    })
}

/// How long what was begun waits for its proof.
const BEGUN: TimeDelta = TimeDelta::minutes(15);

/// An app, begun lately or confirmed.
pub(super) struct TotpRow {
    pub id: FatorId,
    pub secret: Sealed,
    pub last_step: i64,
    pub confirmed: bool,
    pub email: String,
}

/// `lock`: nobody else takes a code of it until the transaction ends.
pub(super) async fn find_totp(tx: &mut TenantTx, usuario: UsuarioId, lock: bool) -> Result<Option<TotpRow>, Fault> {
    if lock {
        sqlx::query!("SELECT id FROM fator WHERE usuario_id = $1 AND method = 'totp' FOR UPDATE", usuario as _)
            .fetch_optional(tx.db())
            .await?;
    }
    let since = tx.clock().now() - BEGUN;
    let row = sqlx::query!(
        r#"SELECT f.id AS "id: FatorId", f.secret AS "secret!", f.last_step, f.confirmed_at IS NOT NULL AS "confirmed!", u.email
           FROM fator f JOIN usuario u ON u.id = f.usuario_id
           WHERE f.usuario_id = $1 AND f.method = 'totp' AND f.secret IS NOT NULL
             AND (f.confirmed_at IS NOT NULL OR f.created_at > $2)"#,
        usuario as _,
        since,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|row| TotpRow {
        id: row.id,
        secret: Sealed(row.secret),
        last_step: row.last_step,
        confirmed: row.confirmed,
        email: row.email,
    }))
}

/// Notes an accepted code; of an app that was only begun it is the proof.
pub(super) async fn use_totp(tx: &mut TenantTx, id: FatorId, step: i64) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE fator SET last_step = $2, last_used_at = $3, confirmed_at = coalesce(confirmed_at, $3) WHERE id = $1",
        id as _,
        step,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Begins a fator anew; `false` when there is a confirmed one of that method.
pub(super) async fn begin(
    tx: &mut TenantTx,
    id: FatorId,
    usuario: UsuarioId,
    metodo: Metodo,
    secret: Option<&Sealed>,
) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "INSERT INTO fator AS f (id, usuario_id, method, secret, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (usuario_id, method) DO UPDATE SET id = excluded.id, secret = excluded.secret, created_at = excluded.created_at
         WHERE f.confirmed_at IS NULL",
        id as _,
        usuario as _,
        metodo.code(),
        secret.map(|sealed| sealed.0.as_slice()),
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// `false` when it was not begun lately, or is confirmed already.
pub(crate) async fn confirm(tx: &mut TenantTx, usuario: UsuarioId, metodo: Metodo) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE fator SET confirmed_at = $3, last_used_at = $3
         WHERE usuario_id = $1 AND method = $2 AND confirmed_at IS NULL AND created_at > $4",
        usuario as _,
        metodo.code(),
        now,
        now - BEGUN,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether a fator was begun at that instant or after it, and not confirmed.
pub(crate) async fn is_begun(tx: &mut TenantTx, usuario: UsuarioId, metodo: Metodo, since: DateTime<Utc>) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT FROM fator WHERE usuario_id = $1 AND method = $2 AND confirmed_at IS NULL AND created_at >= $3
           ) AS "begun!""#,
        usuario as _,
        metodo.code(),
        since,
    )
    .fetch_one(tx.db())
    .await?)
}

/// What was begun and not proved is nothing any more.
pub(crate) async fn end_begun(tx: &mut TenantTx, usuario: UsuarioId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM fator WHERE usuario_id = $1 AND confirmed_at IS NULL", usuario as _).execute(tx.db()).await?;
    Ok(())
}

/// `false` when there was none.
pub(super) async fn remove(tx: &mut TenantTx, usuario: UsuarioId, metodo: Metodo) -> Result<bool, Fault> {
    let done = sqlx::query!("DELETE FROM fator WHERE usuario_id = $1 AND method = $2", usuario as _, metodo.code())
        .execute(tx.db())
        .await?;
    Ok(done.rows_affected() > 0)
}

/// All that a usuario could prove besides the senha. Returns whether there was anything.
pub(super) async fn remove_all(tx: &mut TenantTx, usuario: UsuarioId) -> Result<bool, Fault> {
    let fatores = sqlx::query!("DELETE FROM fator WHERE usuario_id = $1", usuario as _).execute(tx.db()).await?;
    let chaves = sqlx::query!("DELETE FROM chave WHERE usuario_id = $1", usuario as _).execute(tx.db()).await?;
    sqlx::query!("DELETE FROM codigo_reserva WHERE usuario_id = $1", usuario as _).execute(tx.db()).await?;
    Ok(fatores.rows_affected() + chaves.rows_affected() > 0)
}

/// Códigos de reserva in place of all earlier ones.
pub(crate) async fn set_reserva(tx: &mut TenantTx, key: &MasterKey, usuario: UsuarioId, codes: &[Reserva]) -> Result<(), Fault> {
    let now = tx.clock().now();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| Reserva::hash(code.reveal(), key, usuario).to_vec()).collect();
    sqlx::query!("DELETE FROM codigo_reserva WHERE usuario_id = $1", usuario as _).execute(tx.db()).await?;
    sqlx::query!(
        "INSERT INTO codigo_reserva (usuario_id, hash, created_at) SELECT $1, hash, $3 FROM unnest($2::bytea[]) AS code (hash)",
        usuario as _,
        &hashes,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Uses one up; of two at once the second finds it used.
pub(crate) async fn take_reserva(tx: &mut TenantTx, usuario: UsuarioId, hash: [u8; 32]) -> Result<bool, Fault> {
    let now = tx.clock().now();
    let done = sqlx::query!(
        "UPDATE codigo_reserva SET used_at = $3 WHERE usuario_id = $1 AND hash = $2 AND used_at IS NULL",
        usuario as _,
        &hash,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() > 0)
}
