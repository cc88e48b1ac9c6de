use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, NaiveDate, Utc};
use futures::stream;
use kernel::{Actor, Cep, Clock, Denied, Email, ErrorKind, Fault, Kind, Reais, Telefone, Texto, Uf, fold};
use sheets::{child::Parser, read::ReadError};
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;

use super::{Counts, ImportacaoId, Judge, Mode, State, UNDO, Verdict, analisar::allowed, permitted, receber::on_disk, sql};
use crate::{
    empresa::{Cadastro, Cnae, Known, Porte, Responsavel, SegmentoRef, Site, Situacao},
    segmento::{self, SegmentoId},
};

#[derive(Debug, thiserror::Error)]
pub enum ConfirmarError {
    #[error("importação not found")]
    NotFound,
    /// It was confirmed or discarded already, or never judged: nothing is done a second time.
    #[error("the importação is not waiting to be confirmed")]
    NotWaiting,
    /// A segmento it needs has gone since it was judged.
    #[error("what the preview was based on has changed")]
    Outdated,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<ReadError> for ConfirmarError {
    fn from(error: ReadError) -> Self {
        // It could be read when it was judged.
        Self::Fault(super::read_fault(error))
    }
}

impl ErrorKind for ConfirmarError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::NotWaiting | Self::Outdated => Kind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::NotWaiting => "importacao-ended",
            Self::Outdated => "importacao-outdated",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn missing(&self) -> Option<&kernel::Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// Writes what was previewed into the register, all of it or nothing. The rows are judged once more, since the register went
/// on meanwhile: what somebody registered in between is found to exist. Other writers wait until it is done.
pub async fn confirmar(tx: &mut TenantTx, actor: &Actor, parser: &Parser, id: ImportacaoId) -> Result<Counts, ConfirmarError> {
    permitted(actor)?;
    let importacao = sql::lock(tx, id).await?.ok_or(ConfirmarError::NotFound)?;
    if importacao.state != State::Previa {
        return Err(ConfirmarError::NotWaiting);
    }
    let choice = importacao.inspection.choice(importacao.sheet).ok_or(ConfirmarError::NotWaiting)?;
    let content = sql::content(tx, id).await?.ok_or(ConfirmarError::NotWaiting)?;
    let file = on_disk(&content)?;
    drop(content);

    let too_old = tx.clock().now() - UNDO;
    sql::undo::forget_older(tx, too_old).await?;
    sql::hold_register(tx).await?;
    let new: Vec<Texto<80>> = importacao.counts.segmentos.iter().filter_map(|nome| nome.parse().ok()).collect();
    let made: Vec<Uuid> =
        segmento::ensure(tx, &new).await?.iter().filter(|segmento| segmento.made).map(|segmento| segmento.id.uuid()).collect();
    let known = Known::load(tx).await?.open();
    let registered = sql::registered(tx).await?;
    let mapping = allowed(actor, importacao.mapping.clone());

    let rows = parser.rows(file.path(), choice).await?;
    let writing = Writing {
        rows,
        judge: Judge::new(&known, &mapping, &registered),
        line: Line::new(tx, id),
        mode: importacao.mode,
        segmentos: known.segmentos.iter().map(|segmento| (fold(&segmento.nome), segmento.id)).collect(),
    };
    let (outcome, to_update) = copy(tx, writing).await?;
    let mut counts = outcome.counts;
    counts.created = outcome.created;
    counts.updated = sql::update(tx, id, &to_update).await?;
    // What was made is no longer to be made.
    counts.segmentos = importacao.counts.segmentos;

    sql::finish(tx, id, State::Concluida, &counts, Some(&made)).await?;
    let said = serde_json::json!({
        "file": importacao.file_name,
        "hash": importacao.hash,
        "mode": importacao.mode.code(),
        "counts": counts,
    });
    let entry = Entry {
        action: "empresa.importada",
        entity: "importacao",
        entity_id: Some(id.uuid()),
        change: Change { before: None, after: Some(said) },
    };
    tx.audit(actor, entry).await?;
    Ok(counts)
}

/// The way of the rows from the child to the table.
struct Writing<'a> {
    rows: sheets::child::Rows,
    judge: Judge<'a>,
    line: Line,
    mode: Mode,
    segmentos: HashMap<String, SegmentoId>,
}

#[derive(Default)]
struct Outcome {
    counts: Counts,
    created: u64,
}

/// What COPY cannot carry: how it went so far.
#[derive(Default)]
struct Aside {
    failed: Option<ConfirmarError>,
    counts: Option<Counts>,
    to_update: Vec<Cadastro>,
}

/// Judges and copies row by row; of those in the register it keeps what is to be updated.
async fn copy(tx: &mut TenantTx, writing: Writing<'_>) -> Result<(Outcome, Vec<Cadastro>), ConfirmarError> {
    let aside = Arc::new(Mutex::new(Aside::default()));
    let noted = Arc::clone(&aside);
    let chunks = stream::unfold(Some(writing), move |writing| {
        let noted = Arc::clone(&noted);
        async move {
            let mut writing = writing?;
            let mut chunk = String::new();
            let next = step(&mut writing, &mut chunk, &noted).await;
            let mut aside = noted.lock().unwrap_or_else(PoisonError::into_inner);
            match next {
                Ok(true) => Some((chunk.into_bytes(), Some(writing))),
                Ok(false) => {
                    aside.counts = Some(writing.judge.finish());
                    None
                }
                Err(error) => {
                    aside.failed = Some(error);
                    None
                }
            }
        }
    });
    let created = tx.copy_in(sql::COPY, Box::pin(chunks)).await.map_err(Fault::from)?;
    let aside = std::mem::take(&mut *aside.lock().unwrap_or_else(PoisonError::into_inner));
    // The rows before the failure are copied, but never committed.
    if let Some(error) = aside.failed {
        return Err(error);
    }
    let counts = aside.counts.ok_or_else(|| Fault::because("an import ended before its file did"))?;
    Ok((Outcome { counts, created }, aside.to_update))
}

/// The next rows of the file as lines of COPY; false after the last.
async fn step(writing: &mut Writing<'_>, chunk: &mut String, noted: &Mutex<Aside>) -> Result<bool, ConfirmarError> {
    let Some(rows) = writing.rows.next().await? else { return Ok(false) };
    for row in rows {
        match writing.judge.judge(row).verdict {
            Verdict::Nova(cadastro) if writing.mode.creates() => {
                let segmento = known_segmento(&writing.segmentos, &cadastro)?;
                writing.line.write(chunk, &cadastro, segmento);
            }
            Verdict::Existente(mut cadastro) if writing.mode.updates() => {
                if let Some(id) = known_segmento(&writing.segmentos, &cadastro)? {
                    let nome = cadastro.segmento.as_ref().map(|segmento| segmento.nome().to_owned()).unwrap_or_default();
                    cadastro.segmento = Some(SegmentoRef::Known { id, nome });
                }
                noted.lock().unwrap_or_else(PoisonError::into_inner).to_update.push(*cadastro);
            }
            _ => {}
        }
    }
    Ok(true)
}

fn known_segmento(segmentos: &HashMap<String, SegmentoId>, cadastro: &Cadastro) -> Result<Option<SegmentoId>, ConfirmarError> {
    match &cadastro.segmento {
        None => Ok(None),
        Some(SegmentoRef::Known { id, .. }) => Ok(Some(*id)),
        Some(SegmentoRef::New(nome)) => segmentos.get(&fold(nome.as_str())).copied().map(Some).ok_or(ConfirmarError::Outdated),
    }
}

/// Writes a cadastro as a line of PostgreSQL's text format, in the order of [`sql::COPY`].
struct Line {
    clock: Clock,
    now: DateTime<Utc>,
    today: NaiveDate,
    importacao: Uuid,
}

impl Line {
    fn new(tx: &TenantTx, importacao: ImportacaoId) -> Self {
        let now = tx.clock().now();
        Self {
            clock: tx.clock().clone(),
            now,
            today: now.with_timezone(&tx.unidade().fuso).date_naive(),
            importacao: importacao.uuid(),
        }
    }

    fn write(&self, out: &mut String, c: &Cadastro, segmento: Option<SegmentoId>) {
        // Writing to a String cannot fail.
        let _ = write!(out, "{}", self.clock.uuid());
        text(out, Some(c.cnpj.as_str()));
        text(out, Some(c.nome.as_str()));
        text(out, c.nome_fantasia.as_ref().map(Texto::as_str));
        text(out, c.inscricao_estadual.as_ref().map(Texto::as_str));
        text(out, c.cnae.as_ref().map(Cnae::as_str));
        plain(out, segmento);
        text(out, c.porte.map(Porte::code));
        text(out, Some(c.situacao.unwrap_or(Situacao::Ativo).code()));
        text(out, c.email.as_ref().map(Email::as_str));
        text(out, c.telefone.as_ref().map(Telefone::as_str));
        text(out, c.site.as_ref().map(Site::as_str));
        text(out, c.cep.as_ref().map(Cep::as_str));
        text(out, c.logradouro.as_ref().map(Texto::as_str));
        text(out, c.numero.as_ref().map(Texto::as_str));
        text(out, c.bairro.as_ref().map(Texto::as_str));
        plain(out, c.municipio.as_ref().map(|v| v.codigo));
        text(out, c.municipio.as_ref().map(|v| v.nome.as_ref()));
        text(out, c.uf.map(Uf::as_str));
        text(out, c.contato_nome.as_ref().map(Texto::as_str));
        text(out, c.contato_cargo.as_ref().map(Texto::as_str));
        plain(out, c.responsavel.as_ref().and_then(Responsavel::id));
        text(out, c.responsavel.as_ref().filter(|v| v.id().is_none()).map(Responsavel::nome));
        plain(out, c.data_fundacao);
        plain(out, c.faturamento.map(Reais::decimal));
        plain(out, c.funcionarios);
        text(out, c.observacoes.as_ref().map(Texto::as_str));
        plain(out, Some(c.data_cadastro.unwrap_or(self.today)));
        plain(out, Some(self.importacao));
        let now = self.now.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        let _ = writeln!(out, "\t{now}\t{now}");
    }
}

/// A value whose text holds nothing that COPY would take for more than itself.
fn plain(out: &mut String, value: Option<impl std::fmt::Display>) {
    let _ = match value {
        Some(value) => write!(out, "\t{value}"),
        None => write!(out, "\t\\N"),
    };
}

fn text(out: &mut String, value: Option<&str>) {
    out.push('\t');
    let Some(value) = value else {
        out.push_str("\\N");
        return;
    };
    for c in value.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn signs_of_copy_mean_themselves() {
        let mut out = String::new();
        text(&mut out, Some("a\tb\\N\nc\r"));
        text(&mut out, None);
        plain(&mut out, Some(7));
        assert_eq!(out, "\ta\\tb\\\\N\\nc\\r\t\\N\t7");
    }

    proptest! {
        #[test]
        fn a_text_stays_within_its_column(said in "\\PC{0,20}|[\\\\\t\n\rN]{0,8}") {
            let mut out = String::new();
            text(&mut out, Some(&said));
            prop_assert!(!out[1..].contains(['\t', '\n', '\r']));
            let back = out[1..].replace("\\\\", "\u{0}").replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r").replace('\u{0}', "\\");
            prop_assert_eq!(back, said);
        }
    }
}
