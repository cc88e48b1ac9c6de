//! What people set right and decide in a preview, row by row: judged at once by the rule of the form, kept in the trail.

use std::collections::{BTreeMap, HashMap};

use kernel::{Actor, Cnpj, Denied, ErrorKind, Fault, Kind};
use serde_json::{Map, Value, json};
use tenancy::{Change, Entry, TenantTx};

use super::{
    Escolha, Importacao, ImportacaoId, Judge, State,
    analisar::allowed,
    linha::Linha,
    permitted,
    sql::{self, linha},
};
use crate::{
    empresa::{Campo, Known},
    etiqueta,
};

#[derive(Debug, thiserror::Error)]
pub enum AjustarError {
    /// No such importação, or no such row in it.
    #[error("importação or row not found")]
    NotFound,
    /// It is not waiting to be confirmed.
    #[error("the importação has ended")]
    Ended,
    /// Somebody else was at this row meanwhile.
    #[error("the row is another one than the person saw")]
    Changed,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for AjustarError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Ended | Self::Changed => Kind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Ended => "importacao-ended",
            Self::Changed => "importacao-linha-changed",
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

/// Cells of a row, typed over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Correcao {
    /// As the spreadsheet program counts it.
    pub number: u32,
    /// Of the row, as the person saw it; `None` asks for no such thing.
    pub seen: Option<i32>,
    /// By column of the file, counted from 0. Columns that bring no field are passed over.
    pub cells: BTreeMap<usize, String>,
}

/// The importação with a row of it, nobody else at them.
async fn open(
    tx: &mut TenantTx,
    actor: &Actor,
    id: ImportacaoId,
    number: u32,
    seen: Option<i32>,
) -> Result<(Importacao, Linha), AjustarError> {
    let importacao = waiting(tx, actor, id).await?;
    let linha = linha::find(tx, id, number).await?.ok_or(AjustarError::NotFound)?;
    if seen.is_some_and(|seen| seen != linha.version) {
        return Err(AjustarError::Changed);
    }
    Ok((importacao, linha))
}

async fn waiting(tx: &mut TenantTx, actor: &Actor, id: ImportacaoId) -> Result<Importacao, AjustarError> {
    permitted(actor)?;
    let importacao = sql::lock(tx, id).await?.ok_or(AjustarError::NotFound)?;
    if importacao.state == State::Previa { Ok(importacao) } else { Err(AjustarError::Ended) }
}

/// Types cells of a row over; the row is judged again, and with it those whose CNPJ it had or has now. Answers how it stands
/// ([`super::Verdict::code`]).
pub async fn corrigir(
    tx: &mut TenantTx,
    actor: &Actor,
    id: ImportacaoId,
    correcao: Correcao,
) -> Result<&'static str, AjustarError> {
    let (importacao, mut linha) = open(tx, actor, id, correcao.number, correcao.seen).await?;
    let mapping = allowed(actor, importacao.mapping.clone());
    let (mut before, mut after) = (Map::new(), Map::new());
    for (column, text) in &correcao.cells {
        let Some(brings) = mapping.brings(*column) else { continue };
        let was = linha.text(*column);
        if linha.correct(*column, text) {
            before.insert(brings.key().to_owned(), shortened(&was).into());
            after.insert(brings.key().to_owned(), shortened(&linha.text(*column)).into());
        }
    }
    if after.is_empty() {
        return Ok(code(&linha));
    }
    note(tx, actor, id, linha.number, before, after).await?;
    let number = linha.number;
    let linhas = judge_anew(tx, actor, &importacao, linha).await?;
    Ok(linhas.iter().find(|linha| linha.number == number).map_or("recusada", code))
}

/// Decides about one row: `None` is as with all.
pub async fn escolher(
    tx: &mut TenantTx,
    actor: &Actor,
    id: ImportacaoId,
    number: u32,
    seen: Option<i32>,
    escolha: Option<Escolha>,
) -> Result<(), AjustarError> {
    let (importacao, mut linha) = open(tx, actor, id, number, seen).await?;
    if linha.escolha == escolha {
        return Ok(());
    }
    let said = |escolha: Option<Escolha>| one("escolha", escolha.map_or(Value::Null, |escolha| escolha.code().into()));
    note(tx, actor, id, number, said(linha.escolha), said(escolha)).await?;
    linha.escolha = escolha;
    linha::save(tx, id, &[linha]).await?;
    recount(tx, &importacao, importacao.escolha).await
}

/// Decides about all rows whose CNPJ is in the register and that say nothing of their own. `seen` is the preview's version.
pub async fn escolher_todas(
    tx: &mut TenantTx,
    actor: &Actor,
    id: ImportacaoId,
    seen: Option<i32>,
    escolha: Escolha,
) -> Result<(), AjustarError> {
    let importacao = waiting(tx, actor, id).await?;
    if seen.is_some_and(|seen| seen != importacao.version) {
        return Err(AjustarError::Changed);
    }
    if importacao.escolha == escolha {
        return Ok(());
    }
    let said = |escolha: Escolha| one("escolha", escolha.code().into());
    note(tx, actor, id, 0, said(importacao.escolha), said(escolha)).await?;
    recount(tx, &importacao, escolha).await
}

/// Of the rows with its CNPJ, this one counts.
pub async fn preferir(
    tx: &mut TenantTx,
    actor: &Actor,
    id: ImportacaoId,
    number: u32,
    seen: Option<i32>,
) -> Result<&'static str, AjustarError> {
    let (importacao, mut linha) = open(tx, actor, id, number, seen).await?;
    if linha.cnpj.is_none() || linha.situacao != "repetida" {
        return Ok(code(&linha));
    }
    note(tx, actor, id, number, Map::new(), one("preferida", true.into())).await?;
    linha.preferida = true;
    let linhas = judge_anew(tx, actor, &importacao, linha).await?;
    Ok(linhas.iter().find(|linha| linha.number == number).map_or("recusada", code))
}

fn code(linha: &Linha) -> &'static str {
    match linha.situacao.as_str() {
        "nova" => "nova",
        "existente" => "existente",
        "repetida" => "repetida",
        _ => "recusada",
    }
}

/// Judges a row that changed, and those whose CNPJ it had and has. Answers all that are other ones than before.
async fn judge_anew(
    tx: &mut TenantTx,
    actor: &Actor,
    importacao: &Importacao,
    mut changed: Linha,
) -> Result<Vec<Linha>, AjustarError> {
    let mapping = allowed(actor, importacao.mapping.clone());
    let before = changed.cnpj;
    let says = mapping.column(Campo::Cnpj).map(|column| {
        let row = changed.row();
        sheets::import::cnpj_text(row.cell(column)).into_owned()
    });
    let now: Option<Cnpj> = says.and_then(|text| text.parse().ok());
    if now != before {
        // It was said of the rows it was one of.
        changed.preferida = false;
    }
    let cnpjs: Vec<String> = [before, now].iter().flatten().map(|cnpj| cnpj.as_str().to_owned()).collect();
    let mut linhas = linha::of_cnpjs(tx, importacao.id, &cnpjs).await?;
    linhas.retain(|linha| linha.number != changed.number);
    let number = changed.number;
    if changed.preferida {
        for other in linhas.iter_mut().filter(|other| other.cnpj == now) {
            other.preferida = false;
        }
    }
    linhas.push(changed);
    linhas.sort_by_key(|linha| linha.number);

    let known = Known::load(tx).await?.open();
    let registered = sql::registered_of(tx, &cnpjs).await?;
    let preferred: HashMap<Cnpj, u32> = linhas
        .iter()
        .filter(|linha| linha.preferida)
        .filter_map(|linha| Some((if linha.number == number { now } else { linha.cnpj }?, linha.number)))
        .collect();
    let mut judge = Judge::new(&known, &mapping, &registered).preferring(preferred).making_etiquetas(actor.may(&etiqueta::GERIR));
    let mut others = Vec::new();
    for mut linha in linhas {
        let was_preferred = linha.preferida;
        let other = linha.take(judge.judge(&linha.row()));
        if other || linha.number == number || was_preferred {
            others.push(linha);
        }
    }
    linha::save(tx, importacao.id, &others).await?;
    recount(tx, importacao, importacao.escolha).await?;
    Ok(others)
}

/// Counts anew what a confirmation would do; whoever looks at the preview from before is told when they confirm.
async fn recount(tx: &mut TenantTx, importacao: &Importacao, escolha: Escolha) -> Result<(), AjustarError> {
    let mode = importacao.mode.choosing(escolha);
    let counts = linha::tally(tx, importacao.id, mode, escolha).await?;
    sql::set_judged(tx, importacao.id, importacao.sheet, &importacao.mapping, (mode, escolha), &counts).await?;
    Ok(())
}

fn one(key: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(key.to_owned(), value)])
}

/// Keeps in the trail who said what of a row; row 0 is all of them.
async fn note(
    tx: &mut TenantTx,
    actor: &Actor,
    id: ImportacaoId,
    number: u32,
    before: Map<String, Value>,
    mut after: Map<String, Value>,
) -> Result<(), Fault> {
    if number > 0 {
        after.insert("linha".to_owned(), json!(number));
    }
    let change = Change { before: Some(before.into()), after: Some(after.into()) };
    tx.audit(actor, Entry { action: "importacao.ajustada", entity: "importacao", entity_id: Some(id.uuid()), change }).await
}

/// A trail tells what happened; it keeps no second copy of a long text.
fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}
