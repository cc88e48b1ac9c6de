//! Where the CNPJ of an empresa stands with the Receita Federal, as it was last said.
//!
//! The rule it protects: it is what somebody outside said about this very CNPJ, never what a form sent, and the newest of it.

pub(crate) mod pages;
mod sql;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use jobs::{Enqueue, Outcome, Payload, TenantJob};
use kernel::{Actor, Cnpj, Fault};
use serde::{Deserialize, Serialize};
use tenancy::{Change, Entry, TenantTx};

use super::{Consultado, Consultas, Resposta, SituacaoCadastral, Urgency};
use crate::empresa::EmpresaId;

/// What is written beside an empresa.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anotada {
    pub situacao: SituacaoCadastral,
    /// Since when it stands so.
    pub desde: Option<NaiveDate>,
    /// When somebody was asked.
    pub asked_at: DateTime<Utc>,
}

/// Of an empresa, if it was ever said.
///
/// # Errors
/// A fault of the database.
pub async fn find(tx: &mut TenantTx, id: EmpresaId) -> Result<Option<Anotada>, Fault> {
    sql::find(tx, id).await
}

/// Writes what was said about the CNPJ of an empresa beside it. Nothing happens when the empresa has another CNPJ by now, when
/// something newer is known, or when nothing was said; the trail tells of a situação that is another one than before. Answers
/// whether it is written.
///
/// # Errors
/// A fault of the database.
pub async fn anotar(tx: &mut TenantTx, actor: &Actor, id: EmpresaId, cnpj: Cnpj, said: &Consultado) -> Result<bool, Fault> {
    let Some((situacao, desde)) = said.dados.as_ref().and_then(|dados| Some((dados.situacao?, dados.data_situacao))) else {
        return Ok(false);
    };
    let Some(before) = sql::lock(tx, id, cnpj).await? else { return Ok(false) };
    if before.is_some_and(|before| before.asked_at > said.asked_at) {
        return Ok(false);
    }
    sql::set(tx, id, &Anotada { situacao, desde, asked_at: said.asked_at }).await?;
    let before = before.map(|before| before.situacao);
    if before != Some(situacao) {
        let text = |situacao: Option<SituacaoCadastral>| -> BTreeMap<&str, &str> {
            situacao.map(|situacao| ("situacao_cadastral", situacao.code())).into_iter().collect()
        };
        let change = Change::between(&text(before), &text(Some(situacao)));
        tx.audit(actor, Entry { action: "empresa.consultada", entity: "empresa", entity_id: Some(id.uuid()), change }).await?;
    }
    Ok(true)
}

/// Writes the situação of one empresa when its question was answered: for whoever asked and went on.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct AnotarSituacao {
    empresa: EmpresaId,
    /// Answers from then on will do.
    since: DateTime<Utc>,
}

impl Payload for AnotarSituacao {
    const NAME: &'static str = "empresas.anotar-situacao";
}

impl AnotarSituacao {
    /// To be run at `at`, once for an empresa.
    async fn enqueue(tx: &mut TenantTx, empresa: EmpresaId, at: DateTime<Utc>) -> Result<(), Fault> {
        let how = Enqueue {
            run_at: Some(at + TimeDelta::seconds(5)),
            max_attempts: Some(10),
            ..Enqueue::keyed(format!("{}.{empresa}", Self::NAME))
        };
        let since = tx.clock().now();
        jobs::enqueue(tx, &Self { empresa, since }, how).await?;
        Ok(())
    }
}

pub(super) async fn anotar_later(consultas: Consultas, job: TenantJob, wish: AnotarSituacao) -> Result<Outcome, Fault> {
    let Some(cnpj) = job.read(async |tx| sql::cnpj(tx, wish.empresa).await).await? else { return Ok(Outcome::Done) };
    let now = job.now();
    match consultas.cnpj(job.unidade.id, cnpj, now - wish.since, Urgency::Person).await? {
        Resposta::Known(said) => {
            let actor = job.actor.clone();
            job.write(async |tx| anotar(tx, &actor, wish.empresa, cnpj, &said).await).await?;
            Ok(Outcome::Done)
        }
        Resposta::Waiting(lugar) => {
            let after = (lugar.at - now).max(TimeDelta::zero()) + TimeDelta::seconds(5);
            Ok(Outcome::Retry(after.to_std().unwrap_or_default()))
        }
        Resposta::Unavailable(_) => Ok(Outcome::Retry(job.attempt.backoff())),
    }
}
