//! Work that is due by the clock. `platform.schedule` remembers, per schedule and unidade, the newest due instant that has
//! become a job; whoever moves it on enqueues the job in the same transaction, so several workers make it once. What fell
//! due while nobody was running is made up for once.

use std::{
    collections::{HashMap, HashSet},
    str::FromStr,
    sync::Arc,
};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use croner::Cron;
use kernel::Fault;
use serde_json::Value;
use tenancy::{Placement, Platform, PlatformTx, Unidade, UnidadeId};
use uuid::Uuid;

use crate::{Payload, enqueue::to_json, sql};

/// Zone of the platform's own schedules.
const PLATFORM_ZONE: Tz = chrono_tz::America::Sao_Paulo;

/// Something that is due again and again.
#[derive(Debug, Clone)]
pub struct Schedule {
    name: &'static str,
    cron: Arc<Cron>,
    each_unidade: bool,
    job: &'static str,
    payload: Value,
}

impl Schedule {
    /// Once for the whole product, in the central placement; the clock is that of Brasília.
    ///
    /// `name` is unique in the product; `cron` has five fields: minute, hour, day of month, month, day of week.
    ///
    /// # Errors
    /// A fault for an expression that cannot be read or never falls due.
    pub fn platform<P: Payload>(name: &'static str, cron: &str, payload: &P) -> Result<Self, Fault> {
        Self::new(name, cron, false, payload)
    }

    /// Once for every active unidade, by the clock of its zone.
    ///
    /// # Errors
    /// As [`Schedule::platform`].
    pub fn each_unidade<P: Payload>(name: &'static str, cron: &str, payload: &P) -> Result<Self, Fault> {
        Self::new(name, cron, true, payload)
    }

    fn new<P: Payload>(name: &'static str, cron: &str, each_unidade: bool, payload: &P) -> Result<Self, Fault> {
        let cron = Cron::from_str(cron).map_err(|e| Fault::new("cron expression", e))?;
        let schedule = Self { name, cron: Arc::new(cron), each_unidade, job: P::NAME, payload: to_json(payload)? };
        schedule.after(DateTime::UNIX_EPOCH, PLATFORM_ZONE)?;
        Ok(schedule)
    }

    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Name of the job that it enqueues.
    #[must_use]
    pub const fn job(&self) -> &'static str {
        self.job
    }

    /// The first due instant after `instant`.
    ///
    /// # Errors
    /// A fault when there is none.
    pub fn after(&self, instant: DateTime<Utc>, zone: Tz) -> Result<DateTime<Utc>, Fault> {
        let next = self.cron.find_next_occurrence(&instant.with_timezone(&zone), false).map_err(|e| Fault::new("cron", e))?;
        Ok(next.with_timezone(&Utc))
    }

    /// The last due instant up to `instant`.
    fn until(&self, instant: DateTime<Utc>, zone: Tz) -> Result<DateTime<Utc>, Fault> {
        let last = self.cron.find_previous_occurrence(&instant.with_timezone(&zone), true).map_err(|e| Fault::new("cron", e))?;
        Ok(last.with_timezone(&Utc))
    }
}

/// The clockwork of one process for one placement. Forgetting it costs one reading of `platform.schedule`.
pub(crate) struct Clockwork {
    placement: Placement,
    schedules: Vec<Schedule>,
    /// When each schedule of each share falls due next, as far as is known here.
    next: HashMap<(&'static str, Uuid), DateTime<Utc>>,
}

/// A schedule that has fallen due for one share.
struct Due<'a> {
    schedule: &'a Schedule,
    share: Uuid,
    instant: DateTime<Utc>,
    zone: Tz,
}

impl Clockwork {
    pub(crate) fn new(placement: Placement, schedules: &[Schedule], central: bool) -> Self {
        let schedules = schedules.iter().filter(|s| s.each_unidade || central).cloned().collect();
        Self { placement, schedules, next: HashMap::new() }
    }

    /// Enqueues what has fallen due for `unidades` and the platform. Returns how many jobs this process made.
    pub(crate) async fn tick(&mut self, platform: &Platform, unidades: &[Unidade]) -> Result<usize, Fault> {
        let now = platform.clock().now();
        let shares: Vec<(Uuid, Tz)> = unidades
            .iter()
            .filter(|u| u.status.is_served() && u.placement == self.placement)
            .map(|u| (u.id.uuid(), u.fuso))
            .collect();
        self.learn(platform, &shares, now).await?;
        let mut due = Vec::new();
        for schedule in &self.schedules {
            for (share, zone) in shares_of(schedule, &shares) {
                if self.next.get(&(schedule.name, share)).is_some_and(|next| *next <= now) {
                    due.push(Due { schedule, share, instant: schedule.until(now, zone)?, zone });
                }
            }
        }
        let mut made = 0;
        // Bounded transactions, in one order everywhere.
        due.sort_by_key(|d| (d.schedule.name, d.share));
        for some in due.chunks(200) {
            made += enqueue_due(platform, &self.placement, some).await?;
        }
        let moved = due.iter().map(|d| Ok(((d.schedule.name, d.share), d.schedule.after(d.instant, d.zone)?)));
        let moved = moved.collect::<Result<Vec<_>, Fault>>()?;
        self.next.extend(moved);
        Ok(made)
    }

    /// Asks the database about schedules and unidades seen for the first time; new to it as well, they count from now on.
    async fn learn(&mut self, platform: &Platform, shares: &[(Uuid, Tz)], now: DateTime<Utc>) -> Result<(), Fault> {
        let present: HashSet<Uuid> = shares.iter().map(|(share, _)| *share).chain([Uuid::nil()]).collect();
        self.next.retain(|(_, share), _| present.contains(share));
        for schedule in &self.schedules {
            let unknown: Vec<(Uuid, Tz)> =
                shares_of(schedule, shares).filter(|(share, _)| !self.next.contains_key(&(schedule.name, *share))).collect();
            if unknown.is_empty() {
                continue;
            }
            let ids: Vec<Uuid> = unknown.iter().map(|(share, _)| *share).collect();
            let mut tx = platform.begin_at(&self.placement).await?;
            sqlx::query!(
                "INSERT INTO platform.schedule (name, share, due_at) SELECT $1, share, $3 FROM unnest($2::uuid[]) share
                 ON CONFLICT ON CONSTRAINT schedule_pkey DO NOTHING",
                schedule.name,
                &ids,
                now,
            )
            .execute(tx.db())
            .await?;
            let known = sqlx::query!(
                "SELECT share, due_at FROM platform.schedule WHERE name = $1 AND share = ANY ($2)",
                schedule.name,
                &ids
            )
            .fetch_all(tx.db())
            .await?;
            tx.commit().await?;
            let zones: HashMap<Uuid, Tz> = unknown.into_iter().collect();
            for row in known {
                let zone = zones.get(&row.share).copied().unwrap_or(PLATFORM_ZONE);
                self.next.insert((schedule.name, row.share), schedule.after(row.due_at, zone)?);
            }
        }
        Ok(())
    }
}

fn shares_of<'a>(schedule: &Schedule, unidades: &'a [(Uuid, Tz)]) -> impl Iterator<Item = (Uuid, Tz)> + use<'a> {
    let platform = (!schedule.each_unidade).then_some((Uuid::nil(), PLATFORM_ZONE));
    let unidades = if schedule.each_unidade { unidades } else { &[] };
    unidades.iter().copied().chain(platform)
}

async fn enqueue_due(platform: &Platform, placement: &Placement, due: &[Due<'_>]) -> Result<usize, Fault> {
    let mut tx = platform.begin_at(placement).await?;
    let mut made = 0;
    for one in due {
        if advance(&mut tx, one).await? {
            insert(&mut tx, one).await?;
            made += 1;
        }
    }
    if made > 0 {
        tx.notify(sql::CHANNEL, "").await?;
    }
    tx.commit().await?;
    Ok(made)
}

/// `false` when another process was first.
async fn advance(tx: &mut PlatformTx, due: &Due<'_>) -> Result<bool, Fault> {
    let moved = sqlx::query!(
        "UPDATE platform.schedule SET due_at = $3 WHERE name = $1 AND share = $2 AND due_at < $3",
        due.schedule.name,
        due.share,
        due.instant,
    )
    .execute(tx.db())
    .await?;
    Ok(moved.rows_affected() == 1)
}

async fn insert(tx: &mut PlatformTx, due: &Due<'_>) -> Result<(), Fault> {
    let unidade = (!due.share.is_nil()).then(|| UnidadeId::new(due.share));
    // Keyed, so that runs that wait (a suspended unidade, a long outage) do not pile up.
    let key = format!("schedule:{}", due.schedule.name);
    sqlx::query!(
        "INSERT INTO platform.job (unidade_id, name, payload, key, run_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (share, key) WHERE state = 'ready' AND key IS NOT NULL DO UPDATE
             SET name = excluded.name, payload = excluded.payload, run_at = excluded.run_at, attempts = 0, last_error = NULL",
        unidade as _,
        due.schedule.job,
        due.schedule.payload,
        key,
        due.instant,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Nada;
    impl Payload for Nada {
        const NAME: &'static str = "amostra.nada";
    }

    fn daily() -> Schedule {
        Schedule::each_unidade("diaria", "30 3 * * *", &Nada).unwrap()
    }

    #[test]
    fn the_clock_is_the_unidades() {
        let at = Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).unwrap();
        // UTC-3 and UTC-5.
        assert_eq!(
            daily().until(at, chrono_tz::America::Sao_Paulo).unwrap(),
            Utc.with_ymd_and_hms(2026, 11, 22, 6, 30, 0).unwrap()
        );
        assert_eq!(
            daily().until(at, chrono_tz::America::Rio_Branco).unwrap(),
            Utc.with_ymd_and_hms(2026, 11, 22, 8, 30, 0).unwrap()
        );
    }

    #[test]
    fn a_day_of_23_hours_has_its_run_too() {
        // Havana skips 00:00 to 01:00 on 8 March 2026.
        let skipped = Schedule::each_unidade("meia-noite", "30 0 * * *", &Nada).unwrap();
        let before = Utc.with_ymd_and_hms(2026, 3, 8, 4, 0, 0).unwrap();
        let due = skipped.after(before, chrono_tz::America::Havana).unwrap();
        assert!(due < before + chrono::Duration::hours(2), "{due}");
    }

    #[test]
    fn nonsense_is_refused() {
        for cron in ["", "* * * *", "61 * * * *", "0 0 31 2 *", "a b c d e"] {
            assert!(Schedule::platform("x", cron, &Nada).is_err(), "{cron:?}");
        }
    }

    #[test]
    fn the_last_due_instant_includes_now() {
        let at = Utc.with_ymd_and_hms(2026, 11, 22, 6, 30, 0).unwrap();
        assert_eq!(daily().until(at, chrono_tz::America::Sao_Paulo).unwrap(), at);
        assert!(daily().after(at, chrono_tz::America::Sao_Paulo).unwrap() > at);
    }
}
