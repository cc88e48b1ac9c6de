//! Failed attempts on the console, counted in the database over all processes: passwords by account and by address, codes by account.

use std::net::IpAddr;

use chrono::TimeDelta;
use kernel::Fault;
use sha2::{Digest, Sha256};
use tenancy::PlatformTx;

use super::{AdminId, sql};

const WINDOW: TimeDelta = TimeDelta::minutes(15);
const LIMIT: i32 = 5;

/// The counters of one attempt: this account from this address, and this address with whatever account.
pub(super) fn keys(email: &str, ip: Option<IpAddr>) -> [(String, i32); 2] {
    let address = ip.map_or_else(|| "unknown".to_owned(), |ip| ip.to_canonical().to_string());
    // Hashed: it may be a password typed into the wrong field.
    let pair = hex::encode(Sha256::digest(format!("{} {address}", email.trim().to_lowercase())));
    [(format!("par:{pair}"), LIMIT), (format!("endereco:{address}"), LIMIT * 6)]
}

/// The counter of an admin's second factor.
pub(super) fn code_key(admin: AdminId) -> (String, i32) {
    (format!("codigo:{admin}"), LIMIT)
}

pub(super) async fn is_blocked(tx: &mut PlatformTx, keys: &[(String, i32)]) -> Result<bool, Fault> {
    let since = tx.clock().now() - WINDOW;
    for (key, limit) in keys {
        if sql::failures(tx, key, since).await? >= *limit {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) async fn count(tx: &mut PlatformTx, keys: &[(String, i32)]) -> Result<(), Fault> {
    let since = tx.clock().now() - WINDOW;
    for (key, _) in keys {
        sql::count_failure(tx, key, since).await?;
    }
    Ok(())
}

pub(super) async fn forget(tx: &mut PlatformTx, keys: &[(String, i32)]) -> Result<(), Fault> {
    // An address keeps its count: many accounts are tried from it.
    for (key, _) in keys.iter().filter(|(key, _)| !key.starts_with("endereco:")) {
        sql::forget_failures(tx, key).await?;
    }
    Ok(())
}
