use kernel::{Actor, Denied, ErrorKind, Fault, Kind, Permission};
use tenancy::{Change, Entry, TenantTx};
use web::attached::{Attached, Move};

use super::{CAMPOS, Desfeita, KEPT, Mescla, MesclaId, fazer::tell, sql};
use crate::empresa::{ALTERAR, Campo, EXCLUIR, Reach, VER};

#[derive(Debug, thiserror::Error)]
pub enum DesfazerError {
    /// No such mescla, or one of its empresas is out of reach.
    #[error("mescla not found")]
    NotFound,
    #[error("the mescla is too old to be undone")]
    TooOld,
    /// The one that stayed lies in the lixeira itself, perhaps merged into a third.
    #[error("the empresa that stayed is in the lixeira")]
    Gone,
    /// One of the two CNPJs was registered again meanwhile.
    #[error("a CNPJ is registered already")]
    CnpjTaken,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for DesfazerError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::TooOld | Self::Gone | Self::CnpjTaken => Kind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::TooOld => "mescla-too-old",
            Self::Gone => "mescla-gone",
            Self::CnpjTaken => "mescla-cnpj-taken",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn missing(&self) -> Option<&Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// Makes two of one again: each field as it was unless it was changed since, what hung on the other back on it, the other out of
/// the lixeira. Undone already, it answers what came of that. Unless it is `Ok`, nothing of the transaction can be kept.
pub async fn desfazer(tx: &mut TenantTx, actor: &Actor, attached: &[&Attached], id: MesclaId) -> Result<Mescla, DesfazerError> {
    let stays = Reach::of_both(actor, &VER, &ALTERAR)?;
    let comes = Reach::of_both(actor, &VER, &EXCLUIR)?;
    let seen = sql::find(tx, id).await?.ok_or(DesfazerError::NotFound)?;
    // As a mescla does, and only then the row itself: of two at once the second finds it undone.
    sql::hold(tx, [seen.empresa_id, seen.mesclada_id]).await?;
    let mut mescla = sql::lock(tx, id).await?.ok_or(DesfazerError::NotFound)?;
    let (fica, sai) = (mescla.empresa_id, mescla.mesclada_id);
    if mescla.undone_at.is_some() {
        sql::empresa(tx, fica, stays, false).await?.ok_or(DesfazerError::NotFound)?;
        return Ok(mescla);
    }
    let Some(one) = sql::empresa(tx, fica, stays, false).await? else {
        let lies_there = sql::empresa(tx, fica, stays, true).await?.is_some();
        return Err(if lies_there { DesfazerError::Gone } else { DesfazerError::NotFound });
    };
    let other = sql::empresa(tx, sai, comes, true).await?.ok_or(DesfazerError::NotFound)?;
    if mescla.created_at + KEPT < tx.clock().now() {
        return Err(DesfazerError::TooOld);
    }

    let now = sql::columns(tx, fica).await?;
    let (mut back, mut done) = (Vec::new(), Desfeita::default());
    for (campo, columns) in CAMPOS.iter().filter(|(campo, _)| mescla.campos().contains(campo)) {
        let same = |column: &&str| now.get(*column) == mescla.after.get(*column);
        // What the Receita says of a CNPJ goes with the CNPJ: it is asked again now and then, and that is no change of the empresa.
        let unchanged = if *campo == Campo::Cnpj { columns.first().is_some_and(same) } else { columns.iter().all(same) };
        if unchanged {
            back.push(campo.key().to_owned());
        } else {
            done.campos.push(campo.key().to_owned());
        }
    }
    // First the one that stayed: it may have the CNPJ of the other.
    if !sql::put_back(tx, id, &back).await? || !sql::restore(tx, sai).await? {
        return Err(DesfazerError::CnpjTaken);
    }
    for kind in attached.iter().rev() {
        let Some(ids) = mescla.moved.get(kind.name) else { continue };
        let went = (kind.give_back)(tx, actor, Move { from: sai.uuid(), to: fica.uuid() }, ids).await?;
        done.back.insert(kind.name.to_owned(), went);
        let stayed = u64::try_from(ids.len()).unwrap_or(u64::MAX).saturating_sub(went);
        if stayed > 0 {
            done.stayed.insert(kind.name.to_owned(), stayed);
        }
    }
    sql::set_undone(tx, actor, id, &done).await?;

    let result = sql::empresa(tx, fica, Reach::all(), false).await?.ok_or(DesfazerError::NotFound)?;
    let change = Change::between(&one.cadastro.texts(), &result.cadastro.texts());
    if !change.is_empty() {
        tx.audit(actor, Entry { action: "empresa.alterada", entity: "empresa", entity_id: Some(fica.uuid()), change }).await?;
    }
    tell(tx, actor, ["empresa.desmesclada", "empresa.desmesclada_de"], [&one, &other], id).await?;
    mescla.undone_at = Some(tx.clock().now());
    mescla.undone_actor_nome = Some(actor.nome.clone());
    mescla.kept = Some(done);
    Ok(mescla)
}
