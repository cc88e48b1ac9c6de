use std::collections::BTreeMap;

use kernel::{Actor, Denied, ErrorKind, Fault, FieldError, Invalid, Kind, Permission};
use serde_json::{Map, Value, json};
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;
use web::attached::{Attached, Move};

use super::{Both, CAMPOS, Escolhas, Lado, MesclaId, default_lado, sql, text, together};
use crate::empresa::{ALTERAR, Campo, EXCLUIR, Empresa, EmpresaId, Reach, VER};

/// One of two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mesclar {
    pub fica: EmpresaId,
    pub sai: EmpresaId,
    /// Of both, as they were seen.
    pub versions: [i32; 2],
    pub escolhas: Escolhas,
}

#[derive(Debug, thiserror::Error)]
pub enum MesclarError {
    /// One of the two is unknown, not visible or in the lixeira.
    #[error("empresa not found")]
    NotFound,
    #[error("an empresa cannot be merged into itself")]
    Same,
    /// Somebody changed one of them since they were read; both as they are now.
    #[error("an empresa was changed meanwhile")]
    Conflict(Both),
    /// Both observações together have no room.
    #[error("the observações of both are too long")]
    TooLong,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for MesclarError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Same | Self::TooLong => Kind::Invalid,
            Self::Conflict(_) => Kind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Same => "mescla-same",
            Self::Conflict(_) => "conflict",
            Self::TooLong => "invalid",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::TooLong => vec![Invalid::new("texto-too-long").with("max", 4000).at(Campo::Observacoes.key())],
            _ => Vec::new(),
        }
    }

    fn missing(&self) -> Option<&Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// Whose empresas may stay, and whose may go.
fn reaches(actor: &Actor) -> Result<[Reach; 2], Denied> {
    Ok([Reach::of_both(actor, &VER, &ALTERAR)?, Reach::of_both(actor, &VER, &EXCLUIR)?])
}

/// Whether the empresa that stays keeps its responsável whatever the other says: whoever reaches some empresas only gives none
/// away and takes none, here as little as by a change.
pub(super) fn keeps_responsavel(actor: &Actor) -> Result<bool, Denied> {
    Ok(reaches(actor)?[0].responsavel().is_some())
}

/// Both as they are now, and how much hangs on the one that would go: by the key of what it is called.
pub async fn preview(
    tx: &mut TenantTx,
    actor: &Actor,
    attached: &[&Attached],
    fica: EmpresaId,
    sai: EmpresaId,
) -> Result<(Both, Vec<(&'static str, i64)>), MesclarError> {
    if fica == sai {
        return Err(MesclarError::Same);
    }
    let both = both(tx, reaches(actor)?, fica, sai).await?;
    let mut counts = Vec::with_capacity(attached.len());
    for kind in attached {
        counts.push((kind.label, (kind.count)(tx, Move { from: sai.uuid(), to: fica.uuid() }).await?));
    }
    Ok((both, counts))
}

async fn both(tx: &mut TenantTx, reaches: [Reach; 2], fica: EmpresaId, sai: EmpresaId) -> Result<Both, MesclarError> {
    let one = sql::empresa(tx, fica, reaches[0], false).await?.ok_or(MesclarError::NotFound)?;
    let other = sql::empresa(tx, sai, reaches[1], false).await?.ok_or(MesclarError::NotFound)?;
    Ok(Box::new([one, other]))
}

/// Makes one empresa of two.
pub async fn mesclar(tx: &mut TenantTx, actor: &Actor, attached: &[&Attached], cmd: &Mesclar) -> Result<MesclaId, MesclarError> {
    let (fica, sai) = (cmd.fica, cmd.sai);
    let reaches = reaches(actor)?;
    if fica == sai {
        return Err(MesclarError::Same);
    }
    // In the order of ids, whichever stays: two people with the same pair the other way round do not wait for each other.
    sql::hold(tx, [fica, sai]).await?;
    let empresas = both(tx, reaches, fica, sai).await?;
    if [empresas[0].version, empresas[1].version] != cmd.versions {
        return Err(MesclarError::Conflict(empresas));
    }
    let [one, other] = &*empresas;
    let (mut taken, observacoes) = chosen(one, other, &cmd.escolhas)?;
    if keeps_responsavel(actor)? && taken.iter().any(|key| key == Campo::Responsavel.key()) {
        if cmd.escolhas.get(&Campo::Responsavel) == Some(&Lado::Sai) {
            return Err(Denied { permission: ALTERAR }.into());
        }
        taken.retain(|key| key != Campo::Responsavel.key());
    }

    let before = sql::columns(tx, fica).await?;
    // First the other: its CNPJ may be the one that stays.
    sql::trash(tx, sai).await?;
    sql::take(tx, fica, sai, &taken, observacoes.as_deref()).await?;
    let after = sql::columns(tx, fica).await?;
    let mut moved: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
    for kind in attached {
        let ids = (kind.bring)(tx, actor, Move { from: sai.uuid(), to: fica.uuid() }).await?;
        if !ids.is_empty() {
            moved.insert(kind.name.to_owned(), ids);
        }
    }
    let id = MesclaId::new(tx.clock().uuid());
    let [before, after] = changed(before, after);
    sql::insert(tx, actor, id, [fica, sai], [before, after], &moved).await?;

    let result = sql::empresa(tx, fica, Reach::all(), false).await?.ok_or(MesclarError::NotFound)?;
    let change = Change::between(&one.cadastro.texts(), &result.cadastro.texts());
    if !change.is_empty() {
        tx.audit(actor, Entry { action: "empresa.alterada", entity: "empresa", entity_id: Some(fica.uuid()), change }).await?;
    }
    tell(tx, actor, ["empresa.mesclada", "empresa.mesclada_em"], [one, other], id).await?;
    Ok(id)
}

/// In the trail of each stands the other.
pub(super) async fn tell(
    tx: &mut TenantTx,
    actor: &Actor,
    actions: [&'static str; 2],
    [fica, sai]: [&Empresa; 2],
    id: MesclaId,
) -> Result<(), Fault> {
    for (action, about, other) in [(actions[0], fica, sai), (actions[1], sai, fica)] {
        let said = json!({
            "nome": other.cadastro.nome.as_str(),
            "cnpj": other.cadastro.cnpj.to_string(),
            "empresa": other.id,
            "mescla": id,
        });
        let change = Change { before: None, after: Some(said) };
        tx.audit(actor, Entry { action, entity: "empresa", entity_id: Some(about.id.uuid()), change }).await?;
    }
    Ok(())
}

/// Keys of the fields that the other gives, and the observações of both where those are wanted.
fn chosen(fica: &Empresa, sai: &Empresa, escolhas: &Escolhas) -> Result<(Vec<String>, Option<String>), MesclarError> {
    let (one, other) = (&fica.cadastro, &sai.cadastro);
    let mut taken = Vec::new();
    let mut joined = None;
    for (campo, _) in CAMPOS {
        if text(one, campo) == text(other, campo) {
            continue;
        }
        match escolhas.get(&campo).copied().unwrap_or_else(|| default_lado(one, other, campo)) {
            Lado::Fica => {}
            Lado::Sai => taken.push(campo.key().to_owned()),
            Lado::Ambas if campo == Campo::Observacoes => {
                joined = Some(together(one, other).ok_or(MesclarError::TooLong)?.as_str().to_owned());
            }
            Lado::Ambas => {}
        }
    }
    Ok((taken, joined))
}

/// Of all columns those of fields in which the two differ.
fn changed(before: Map<String, Value>, after: Map<String, Value>) -> [Map<String, Value>; 2] {
    let differs = |columns: &[&str]| columns.iter().any(|column| before.get(*column) != after.get(*column));
    let columns: Vec<&str> =
        CAMPOS.iter().filter(|(_, columns)| differs(columns)).flat_map(|(_, columns)| columns.iter().copied()).collect();
    let only = |all: &Map<String, Value>| -> Map<String, Value> {
        columns.iter().filter_map(|column| Some(((*column).to_owned(), all.get(*column)?.clone()))).collect()
    };
    [only(&before), only(&after)]
}
