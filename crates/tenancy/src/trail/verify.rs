//! Checking a chain from its first seal to its last, against the rows as they are and against what the register was told.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chrono::{DateTime, Months, Utc};
use kernel::Fault;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Head, LEAST_MONTHS, Last, SealKind, Selo, heads, placement, rows_of, seal_trail, unsealed};
use crate::{Platform, Status, Tenants, Unidade, backup::snapshot};

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub seals: i64,
    /// Rows that are sealed and there.
    pub rows: u64,
    /// Rows that were removed because their time was over.
    pub cut: u64,
    /// Rows of the last moments, which no seal covers yet.
    pub unsealed: usize,
    pub head: Option<Head>,
    /// The first link that does not hold.
    pub broken: Option<Broken>,
}

/// A link that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The seal it was found at; 0 for a row that none names.
    pub numero: i64,
    pub row: Option<Uuid>,
    pub why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    RowChanged,
    RowRemoved,
    RowInserted,
    /// A seal says something else than when it was made: its rows, their order, its date.
    SealAltered,
    SealRemoved,
    /// A seal is not bound to the one before it.
    SealUnbound,
    /// A row was removed as one whose time is over, and it was not.
    CutTooEarly,
    /// The register knows a seal that is not there any more, or is another now.
    HeadLost,
}

impl Why {
    /// A sentence for the operator.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::RowChanged => "a row was changed",
            Self::RowRemoved => "a row was removed",
            Self::RowInserted => "a row was inserted afterwards",
            Self::SealAltered => "the seal itself was altered, or the order of its rows",
            Self::SealRemoved => "a seal was removed",
            Self::SealUnbound => "the seal is not bound to the one before it",
            Self::CutTooEarly => "a row was removed as out of date before its time",
            Self::HeadLost => "the register was told of this seal, and it is not there or is another now",
        }
    }
}

/// Seals at a time in memory.
const PAGE: i64 = 20;

/// Seals what can be sealed, then checks the whole chain of `unidade` on one snapshot.
///
/// # Errors
/// A fault of either database.
pub async fn verify_trail(platform: &Platform, tenants: &Tenants, unidade: &Arc<Unidade>) -> Result<Verified, Fault> {
    if matches!(unidade.status, Status::Active | Status::Suspended | Status::Archived) {
        seal_trail(platform, tenants, unidade).await?;
    }
    // Before the snapshot: what the register knows by now must be in it.
    let told = heads::known(platform, unidade.id).await?;
    let placement = placement(platform, unidade)?;
    let mut conn = snapshot::open(&placement, &platform.config().master_key, &unidade.names()).await?;
    Ok(check(&mut conn, told).await?)
}

/// A row that is not there, by what its seal says of it.
struct Missing {
    numero: i64,
    place: usize,
    hash: Vec<u8>,
}

/// What has been read so far.
struct Check {
    last: Last,
    head: Option<Head>,
    told: BTreeMap<i64, Vec<u8>>,
    missing: HashMap<Uuid, Missing>,
    rows: u64,
    cut: u64,
    /// The earliest, with the place in its seal.
    changed: Option<(i64, usize, Uuid)>,
}

async fn check(conn: &mut PgConnection, told: Vec<(i64, Vec<u8>)>) -> Result<Verified, sqlx::Error> {
    let mut check = Check {
        last: Last::none(),
        head: None,
        told: told.into_iter().collect(),
        missing: HashMap::new(),
        rows: 0,
        cut: 0,
        changed: None,
    };
    let mut torn = None;
    'chain: loop {
        let page = page(&mut *conn, check.last.numero).await?;
        if page.is_empty() {
            break;
        }
        for selo in page {
            torn = check.seal(&mut *conn, selo).await?;
            if torn.is_some() {
                break 'chain;
            }
        }
    }
    // Whether a missing row was removed lawfully is told by the seals behind it, so only a whole chain can say that it was not.
    let removed = check.missing.iter().map(|(id, gone)| (gone.numero, gone.place, *id)).min().filter(|_| torn.is_none());
    let row = |why, (numero, _, id): (i64, usize, Uuid)| Broken { numero, row: Some(id), why };
    let by_row = match (check.changed, removed) {
        (Some(changed), Some(removed)) if removed < changed => Some(row(Why::RowRemoved, removed)),
        (Some(changed), _) => Some(row(Why::RowChanged, changed)),
        (None, removed) => removed.map(|removed| row(Why::RowRemoved, removed)),
    };
    let mut broken = by_row.or(torn);
    if broken.is_none()
        && let Some(numero) = check.told.keys().find(|numero| **numero > check.last.numero)
    {
        broken = Some(Broken { numero: *numero, row: None, why: Why::HeadLost });
    }
    let (inserted, unsealed) = loose(conn, &check.last).await?;
    if broken.is_none() && check.head.is_some() {
        broken = inserted.map(|id| Broken { numero: 0, row: Some(id), why: Why::RowInserted });
    }
    Ok(Verified { seals: check.last.numero, rows: check.rows, cut: check.cut, unsealed, head: check.head, broken })
}

impl Check {
    /// One seal further; what tears the chain here, if anything does.
    async fn seal(&mut self, conn: &mut PgConnection, selo: Selo) -> Result<Option<Broken>, sqlx::Error> {
        let torn = |numero, why| Ok(Some(Broken { numero, row: None, why }));
        if selo.numero != self.last.numero + 1 {
            return torn(self.last.numero + 1, Why::SealRemoved);
        }
        if selo.hash()[..] != selo.digest[..] || SealKind::ALL.iter().all(|kind| kind.code() != selo.kind) {
            return torn(selo.numero, Why::SealAltered);
        }
        if selo.previous != self.last.digest {
            return torn(selo.numero, Why::SealUnbound);
        }
        if self.told.get(&selo.numero).is_some_and(|digest| *digest != selo.digest) {
            return torn(selo.numero, Why::HeadLost);
        }
        if selo.kind == SealKind::Cut.code() {
            if let Some(id) = self.cut(&selo) {
                return Ok(Some(Broken { numero: selo.numero, row: Some(id), why: Why::CutTooEarly }));
            }
        } else {
            self.compare(conn, &selo).await?;
        }
        self.head = Some(Head { numero: selo.numero, digest: hex::encode(&selo.digest), sealed_at: selo.sealed_at });
        self.last = Last { numero: selo.numero, digest: selo.digest, horizon: selo.horizon, loaded_tx: selo.loaded_tx };
        Ok(None)
    }

    /// Takes the rows of a cut off those that are missing; answers one that may not be in it.
    fn cut(&mut self, selo: &Selo) -> Option<Uuid> {
        let until = selo.sealed_at.checked_sub_months(Months::new(LEAST_MONTHS)).unwrap_or(DateTime::UNIX_EPOCH);
        for (id, hash) in selo.rows() {
            // The id tells when the row was written, whatever its columns said.
            if written_at(id).is_none_or(|at| at >= until) {
                return Some(id);
            }
            // One that was changed before it was removed stays missing.
            if self.missing.get(&id).is_some_and(|gone| gone.hash == hash) {
                self.missing.remove(&id);
            }
            self.cut += 1;
        }
        None
    }

    async fn compare(&mut self, conn: &mut PgConnection, selo: &Selo) -> Result<(), sqlx::Error> {
        let found = rows_of(conn, &selo.ids).await?;
        let found: HashMap<Uuid, super::Hash> = found.iter().map(|row| (row.id, row.hash())).collect();
        for (place, (id, hash)) in selo.rows().enumerate() {
            match found.get(&id) {
                Some(now) if now[..] == *hash => self.rows += 1,
                Some(_) => self.changed = self.changed.or(Some((selo.numero, place, id))),
                None => {
                    self.missing.insert(id, Missing { numero: selo.numero, place, hash: hash.to_vec() });
                }
            }
        }
        Ok(())
    }
}

/// When an id of ours was made.
fn written_at(id: Uuid) -> Option<DateTime<Utc>> {
    let (seconds, nanos) = id.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
}

async fn page(conn: &mut PgConnection, behind: i64) -> Result<Vec<Selo>, sqlx::Error> {
    sqlx::query_as!(
        Selo,
        "SELECT numero, kind, sealed_at, ids, hashes, previous, digest, horizon, loaded_tx
         FROM auditoria_selo WHERE numero > $1 ORDER BY numero LIMIT $2",
        behind,
        PAGE
    )
    .fetch_all(conn)
    .await
}

/// A row without a seal that should have one or never can, and how many have none yet.
async fn loose(conn: &mut PgConnection, last: &Last) -> Result<(Option<Uuid>, usize), sqlx::Error> {
    let rows = unsealed(&mut *conn).await?;
    let end =
        sqlx::query_scalar!(r#"SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS "xmax!""#).fetch_one(conn).await?;
    let strange = |tx: i64| tx < last.horizon || tx >= end || Some(tx) == last.loaded_tx;
    let inserted = rows.iter().find(|(_, tx)| strange(*tx)).map(|(id, _)| *id);
    Ok((inserted, rows.len()))
}
