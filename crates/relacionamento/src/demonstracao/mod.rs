//! Months of what a relationship team does, for demonstrations and measurements: visitas, demandas, projetos and tarefas of people who
//! are nobody, at whatever empresas there are.
//!
//! The rules it protects: what is made up is as the commands would have left it; it is made in a unidade that has nothing of the kind,
//! all of it or none; nobody is told of it.

mod sql;

use std::ops::RangeInclusive;

use chrono::{DateTime, Months, NaiveDate, Utc};
use chrono_tz::Tz;
use kernel::{Actor, Fault, Refusal, Rule, Told};
use serde::Serialize;
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;

/// How much is made up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tamanho {
    pub visitas: u32,
    pub demandas: u32,
    /// Months that it goes back.
    pub meses: u32,
    /// Another one makes up another past; the same one the same.
    pub semente: u32,
}

/// Months that somebody may ask for.
pub const MESES: RangeInclusive<u32> = 1..=120;

/// Days ahead in which visitas are planned.
const AHEAD: chrono::Days = chrono::Days::new(21);

/// What was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Feito {
    pub visitas: u64,
    pub demandas: u64,
    pub projetos: u64,
    pub tarefas: u64,
}

/// Why nothing is made up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DemonstracaoRule {
    #[error("there are visitas, demandas, projetos or tarefas already: a demonstration is made where there are none")]
    NotEmpty,
    #[error("there are no empresas, or nobody who visits them")]
    Nobody,
    #[error("{0} visitas are all that these people can make in these months")]
    TooMany(u32),
    #[error("from {} to {} months", MESES.start(), MESES.end())]
    Meses,
}

impl Rule for DemonstracaoRule {
    fn told(&self) -> Told {
        match self {
            Self::NotEmpty | Self::Nobody => Told::conflict("conflict"),
            Self::TooMany(_) | Self::Meses => Told::invalid("invalid"),
        }
    }
}

pub type DemonstracaoError = Refusal<DemonstracaoRule>;

/// What every statement goes by.
struct Plano<'a> {
    tamanho: &'a Tamanho,
    /// Who visits and answers.
    tecnicos: &'a [Uuid],
    now: DateTime<Utc>,
    zone: Tz,
    first: NaiveDate,
    last: NaiveDate,
}

impl Plano<'_> {
    fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }
}

/// A step that comes to each of `n` places once before it comes to one again, and leaves none of them aside for long.
fn step(n: u32) -> u32 {
    const fn gcd(a: u32, b: u32) -> u32 {
        if b == 0 { a } else { gcd(b, a % b) }
    }
    let golden = u32::try_from(u64::from(n) * 618 / 1000).unwrap_or(n);
    (golden.max(1)..=n).find(|step| gcd(*step, n) == 1).unwrap_or(1)
}

/// Makes up what `tecnicos` did in the months before now, and will do in the weeks after.
///
/// # Errors
/// [`DemonstracaoRule`].
pub async fn encher(
    tx: &mut TenantTx,
    actor: &Actor,
    zone: Tz,
    tecnicos: &[Uuid],
    tamanho: &Tamanho,
) -> Result<Feito, DemonstracaoError> {
    if !MESES.contains(&tamanho.meses) {
        return Err(DemonstracaoRule::Meses.into());
    }
    if sql::any(tx).await? {
        return Err(DemonstracaoRule::NotEmpty.into());
    }
    let now = tx.clock().now();
    let today = now.with_timezone(&zone).date_naive();
    let first = today.checked_sub_months(Months::new(tamanho.meses)).ok_or_else(|| Fault::because("no such month"))?;
    let plano = Plano { tamanho, tecnicos, now, zone, first, last: today + AHEAD };
    if tecnicos.is_empty() || !sql::any_empresa(tx).await? {
        return Err(DemonstracaoRule::Nobody.into());
    }
    let room = sql::room(tx, &plano).await?;
    if tamanho.visitas > room {
        return Err(DemonstracaoRule::TooMany(room).into());
    }
    tx.plan_for_many().await?;
    let visitas = sql::visitas(tx, &plano, step(room)).await?;
    let tarefas = sql::tarefas(tx, &plano).await?;
    let demandas = sql::demandas(tx, &plano).await?;
    sql::passagens(tx, &plano).await?;
    let projetos = sql::projetos(tx, &plano).await?;
    let feito = Feito { visitas, demandas, projetos, tarefas };
    let entry =
        Entry { action: "demonstracao.gravada", entity: "demonstracao", entity_id: None, change: Change::created(&feito) };
    tx.audit(actor, entry).await?;
    Ok(feito)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_comes_everywhere_once() {
        for n in [1, 2, 84, 20_832, 60_480] {
            let (step, n) = (u64::from(step(n)), u64::from(n));
            let mut seen: Vec<u64> = (0..n).map(|i| i * step % n).collect();
            // The first few are far apart already.
            if n > 1000 {
                assert!(seen[1].abs_diff(seen[0]) > n / 4 && seen[2].abs_diff(seen[1]) > n / 4);
            }
            seen.sort_unstable();
            assert!(seen.iter().copied().eq(0..n), "{n} {step}");
        }
    }
}
