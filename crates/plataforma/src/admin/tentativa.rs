//! Failed attempts on the console, counted in the database over all processes, by account and by address.

use std::net::IpAddr;

use chrono::TimeDelta;
use kernel::Fault;
use sha2::{Digest, Sha256};
use tenancy::PlatformTx;

const WINDOW: TimeDelta = TimeDelta::minutes(15);
const LIMIT: i32 = 5;

/// The counters of one attempt: this account from this address, and this address with whatever account.
pub(super) fn keys(email: &str, ip: Option<IpAddr>) -> [(String, i32); 2] {
    let address = ip.map_or_else(|| "unknown".to_owned(), |ip| ip.to_canonical().to_string());
    // Hashed: it may be a password typed into the wrong field.
    let pair = hex::encode(Sha256::digest(format!("{} {address}", email.trim().to_lowercase())));
    [(format!("par:{pair}"), LIMIT), (format!("endereco:{address}"), LIMIT * 6)]
}

pub(super) async fn is_blocked(tx: &mut PlatformTx, keys: &[(String, i32)]) -> Result<bool, Fault> {
    let since = tx.clock().now() - WINDOW;
    for (key, limit) in keys {
        let failures = sqlx::query_scalar!("SELECT failures FROM platform.admin_tentativa WHERE key = $1 AND since > $2", key, since)
            .fetch_optional(tx.db())
            .await?;
        if failures.is_some_and(|failures| failures >= *limit) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) async fn count(tx: &mut PlatformTx, keys: &[(String, i32)]) -> Result<(), Fault> {
    let now = tx.clock().now();
    for (key, _) in keys {
        sqlx::query!(
            "INSERT INTO platform.admin_tentativa AS t (key, failures, since) VALUES ($1, 1, $2)
             ON CONFLICT (key) DO UPDATE SET
                 failures = CASE WHEN t.since > $3 THEN t.failures + 1 ELSE 1 END,
                 since = CASE WHEN t.since > $3 THEN t.since ELSE $2 END",
            key,
            now,
            now - WINDOW,
        )
        .execute(tx.db())
        .await?;
    }
    Ok(())
}

pub(super) async fn forget(tx: &mut PlatformTx, keys: &[(String, i32)]) -> Result<(), Fault> {
    for (key, _) in keys.iter().filter(|(key, _)| key.starts_with("par:")) {
        sqlx::query!("DELETE FROM platform.admin_tentativa WHERE key = $1", key).execute(tx.db()).await?;
    }
    Ok(())
}
