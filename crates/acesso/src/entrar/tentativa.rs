//! Counters of failed attempts, in the unidade's own schema: neither a restart nor a second process forgets them, and one
//! unidade's limit is not another's (T-NS6).
//!
//! Three windows: few failures for one e-mail from one address, more for one address, and many for one e-mail from
//! anywhere. The last is the only one that strangers could use to keep a person out; it does not hold at an address from
//! which the person entered lately.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::Fault;
use sha2::{Digest, Sha256};
use tenancy::TenantTx;

use super::sql;
pub(crate) use super::sql::forget;

struct Limit {
    failures: i32,
    window: TimeDelta,
}

/// S0-1.3: five, as every unidade begins with (D-18).
const PAIR: Limit = Limit { failures: 5, window: TimeDelta::minutes(15) };
const ADDRESS: Limit = Limit { failures: 50, window: TimeDelta::minutes(15) };
/// NIST SP 800-63B 5.2.2: at most 100 failures of one account.
const ACCOUNT: Limit = Limit { failures: 100, window: TimeDelta::hours(1) };

/// The counters of one attempt, in the order in which every transaction takes them.
pub(crate) struct Keys([(String, Limit); 3]);

impl Keys {
    /// What was typed is hashed: it may be a password in the wrong field.
    pub(crate) fn of(typed: &str, ip: Option<IpAddr>) -> Self {
        let account = hex::encode(Sha256::digest(typed.trim().to_lowercase()));
        let address = address_class(ip);
        let pair = hex::encode(Sha256::digest(format!("{account} {address}")));
        Self([(format!("conta:{account}"), ACCOUNT), (format!("endereco:{address}"), ADDRESS), (format!("par:{pair}"), PAIR)])
    }

    fn names(&self) -> Vec<String> {
        self.0.iter().map(|(name, _)| name.clone()).collect()
    }
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
    let now = tx.clock().now();
    let expires_at: Vec<DateTime<Utc>> = keys.0.iter().map(|(_, limit)| now + limit.window).collect();
    let counts = sql::count_attempt(tx, &keys.names(), &expires_at).await?;
    let beyond = |(name, limit): &(String, Limit)| {
        let count = counts.iter().find(|row| row.key == *name).map_or(0, |row| row.count);
        match count - limit.failures {
            ..=0 => None,
            1 => Some(Spent::Now),
            _ => Some(Spent::Before),
        }
    };
    let [account, address, pair] = &keys.0;
    Ok(match (beyond(account), beyond(address), beyond(pair)) {
        (None, None, None) => Verdict::Allowed,
        (Some(spent), None, None) => Verdict::AccountSpent(spent),
        (_, Some(Spent::Now), None | Some(Spent::Now)) | (_, None, Some(Spent::Now)) => Verdict::Spent(Spent::Now),
        _ => Verdict::Spent(Spent::Before),
    })
}

/// The attempt was no failure: the pair begins anew, the wider counters take this one back.
pub(crate) async fn forgive(tx: &mut TenantTx, keys: &Keys) -> Result<(), Fault> {
    let [account, address, pair] = &keys.0;
    sql::take_back(tx, &pair.0, &[account.0.clone(), address.0.clone()]).await
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
    }
}
