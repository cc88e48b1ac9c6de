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
    let address = acesso::entrar::address_class(ip);
    // Hashed: it may be a password typed into the wrong field.
    let pair = hex::encode(Sha256::digest(format!("{} {address}", email.trim().to_lowercase())));
    [(format!("par:{pair}"), LIMIT), (format!("endereco:{address}"), LIMIT * 6)]
}

/// The counter of an admin's second factor.
pub(super) fn code_key(admin: AdminId) -> (String, i32) {
    (format!("codigo:{admin}"), LIMIT)
}

/// What the counters say to an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Allowed,
    /// A limit is passed; `first`, by this very attempt.
    Spent {
        first: bool,
    },
}

/// Counts an attempt before anything is looked at: many at once, and those whose client hangs up, count too.
pub(super) async fn count(tx: &mut PlatformTx, keys: &[(String, i32)]) -> Result<Verdict, Fault> {
    let since = tx.clock().now() - WINDOW;
    sql::drop_windows(tx, since).await?;
    let mut beyond = 0;
    for (key, limit) in keys {
        beyond = beyond.max(sql::count_attempt(tx, key, since).await? - limit);
    }
    Ok(if beyond <= 0 { Verdict::Allowed } else { Verdict::Spent { first: beyond == 1 } })
}

/// The attempt was no failure: the narrow counters begin anew, the address takes this one back.
pub(super) async fn forgive(tx: &mut PlatformTx, keys: &[(String, i32)]) -> Result<(), Fault> {
    for (key, _) in keys {
        sql::forgive(tx, key, key.starts_with("endereco:")).await?;
    }
    Ok(())
}
