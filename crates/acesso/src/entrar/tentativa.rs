//! Counters of failed attempts, in the unidade's own schema: neither a restart nor a second process forgets them, and one
//! unidade's limit is not another's (T-NS6).
//!
//! Somebody at an aparelho that the account knows is counted by that aparelho alone. Everybody else is counted by the account,
//! by their address and by both together. The account's limit is the one by which strangers could keep a person out; it holds
//! neither at an aparelho nor at an address from which the person entered lately (threat 10).

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::Fault;
use sha2::{Digest, Sha256};
use tenancy::TenantTx;

use super::sql;
pub(crate) use super::sql::forget;
use crate::{aparelho::AparelhoId, regra};

/// How often something may happen until it is refused.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub failures: i32,
    pub window: TimeDelta,
}

const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// Of one address, whatever it types: people behind one router are many.
const ADDRESS: i32 = 50;

/// The counters of one attempt.
#[derive(Debug)]
pub(crate) struct Keys {
    account: String,
    address: String,
    pair: String,
    aparelho: Option<String>,
}

impl Keys {
    /// What was typed is hashed: it may be a password in the wrong field.
    pub(crate) fn of(typed: &str, ip: Option<IpAddr>) -> Self {
        let account = account(typed);
        let address = address_class(ip);
        let pair = hex::encode(Sha256::digest(format!("{account} {address}")));
        Self {
            pair: format!("par:{account}:{pair}"),
            address: format!("endereco:{address}"),
            account: format!("conta:{account}"),
            aparelho: None,
        }
    }

    /// The same attempt at an aparelho that the account knows.
    pub(crate) fn at(mut self, aparelho: Option<AparelhoId>) -> Self {
        self.aparelho = aparelho.map(|id| format!("aparelho:{}:{id}", self.account.trim_start_matches("conta:")));
        self
    }

    /// In the order in which every transaction takes them.
    fn names(&self) -> Vec<String> {
        match &self.aparelho {
            Some(aparelho) => vec![aparelho.clone()],
            None => vec![self.account.clone(), self.address.clone(), self.pair.clone()],
        }
    }
}

fn account(typed: &str) -> String {
    hex::encode(Sha256::digest(typed.trim().to_lowercase()))
}

/// An address as attempts are counted by it. Those that one person can change between at will count as one: a whole /64 of
/// IPv6.
pub fn address_class(ip: Option<IpAddr>) -> String {
    match ip.map(|ip| ip.to_canonical()) {
        Some(IpAddr::V4(ip)) => ip.to_string(),
        Some(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        None => "unknown".to_owned(),
    }
}

/// What the counters say to an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    /// Nothing but the e-mail's own limit is passed: others may have done it.
    AccountSpent(Spent),
    Spent(Spent),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spent {
    /// By this very attempt.
    Now,
    Before,
}

/// Counts an attempt and tells whether its password may be looked at.
pub(crate) async fn count(tx: &mut TenantTx, keys: &Keys) -> Result<Verdict, Fault> {
    let most = regra::find(tx).await?.attempts;
    let names = keys.names();
    let ends = vec![tx.clock().now() + WINDOW; names.len()];
    let counts = sql::count_attempt(tx, &names, &ends).await?;
    let beyond = |name: &str, failures: i32| {
        let count = counts.iter().find(|row| row.key == name).map_or(0, |row| row.count);
        match count - failures {
            ..=0 => None,
            1 => Some(Spent::Now),
            _ => Some(Spent::Before),
        }
    };
    if let Some(aparelho) = &keys.aparelho {
        return Ok(beyond(aparelho, most).map_or(Verdict::Allowed, Verdict::Spent));
    }
    Ok(match (beyond(&keys.account, most), beyond(&keys.address, ADDRESS), beyond(&keys.pair, most)) {
        (None, None, None) => Verdict::Allowed,
        (Some(spent), None, None) => Verdict::AccountSpent(spent),
        (_, Some(Spent::Now), None | Some(Spent::Now)) | (_, None, Some(Spent::Now)) => Verdict::Spent(Spent::Now),
        _ => Verdict::Spent(Spent::Before),
    })
}

/// The attempt was no failure: what was counted of the account here begins anew, its address takes this one back.
pub(crate) async fn forgive(tx: &mut TenantTx, keys: &Keys) -> Result<(), Fault> {
    match &keys.aparelho {
        Some(aparelho) => sql::take_back(tx, std::slice::from_ref(aparelho), &[]).await,
        None => sql::take_back(tx, &[keys.account.clone(), keys.pair.clone()], std::slice::from_ref(&keys.address)).await,
    }
}

/// Nobody looked at the password: the attempt does not count, and those before it do.
pub(crate) async fn uncount(tx: &mut TenantTx, keys: &Keys) -> Result<(), Fault> {
    sql::take_back(tx, &[], &keys.names()).await
}

/// Counts one more of something else than passwords under `name`; `false` beyond the limit.
///
/// # Errors
/// A fault of the database.
pub async fn within(tx: &mut TenantTx, name: &str, limit: Limit) -> Result<bool, Fault> {
    let end: DateTime<Utc> = tx.clock().now() + limit.window;
    let counts = sql::count_attempt(tx, &[name.to_owned()], &[end]).await?;
    Ok(counts.iter().all(|row| row.count <= limit.failures))
}

/// Begins a counter of [`within`] anew.
pub(crate) async fn clear(tx: &mut TenantTx, name: &str) -> Result<(), Fault> {
    sql::take_back(tx, &[name.to_owned()], &[]).await
}

/// Until when the account is closed to places that it does not know; `None` when it is open.
pub(crate) async fn closed_until(tx: &mut TenantTx, email: &str) -> Result<Option<DateTime<Utc>>, Fault> {
    let most = regra::find(tx).await?.attempts;
    sql::spent_until(tx, &format!("conta:{}", account(email)), most).await
}

/// Opens an account that failures closed, everywhere.
pub(crate) async fn reopen(tx: &mut TenantTx, email: &str) -> Result<(), Fault> {
    let account = account(email);
    sql::clear_account(tx, &format!("conta:{account}"), &[format!("par:{account}:%"), format!("aparelho:{account}:%")]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_and_neighbouring_addresses_make_no_new_counter() {
        let names = |typed: &str, ip: &str| Keys::of(typed, ip.parse().ok()).names();
        assert_eq!(names(" Ana@SENAI.example ", "203.0.113.7"), names("ana@senai.example", "::ffff:203.0.113.7"));
        assert_eq!(names("ana@senai.example", "2001:db8:1:2::1"), names("ana@senai.example", "2001:db8:1:2:ffff::9"));
        assert_ne!(names("ana@senai.example", "2001:db8:1:2::1")[1], names("ana@senai.example", "2001:db8:1:3::1")[1]);
        assert!(names("hunter2", "203.0.113.7").iter().all(|name| !name.contains("hunter2")));
    }

    #[test]
    fn every_attempt_takes_its_counters_in_one_order() {
        let names = Keys::of("ana@senai.example", None).names();
        assert!(names.is_sorted(), "{names:?}");
        let at_home = Keys::of("ana@senai.example", None).at(Some(AparelhoId::new(uuid::Uuid::nil()))).names();
        assert!(at_home.len() == 1 && at_home[0].starts_with("aparelho:"), "{at_home:?}");
    }
}
