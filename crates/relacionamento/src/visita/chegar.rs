use kernel::Actor;
use serde_json::json;
use tenancy::{Change, TenantTx};

use super::{ALTERAR, Chegada, Posicao, Reach, Situacao, VER, VisitaError, VisitaId, planejar::note, sql};

/// Metres beyond which a position says nothing.
pub const PRECISAO_MAX: i32 = 100_000;

/// Notes that somebody is there now, and where if they say so. Done twice, the first one stays; the position is not told to the
/// trail, for it is not anybody's who may read that.
pub async fn chegar(tx: &mut TenantTx, actor: &Actor, id: VisitaId, posicao: Option<Posicao>) -> Result<(), VisitaError> {
    let reach = Reach::of_both(actor, &VER, &ALTERAR)?;
    let visita = sql::lock(tx, id, reach).await?.ok_or(VisitaError::NotFound)?;
    visita.in_situacao(&[Situacao::Planejada])?;
    if visita.chegada.is_some() {
        return Ok(());
    }
    let chegada = Chegada { at: tx.clock().now(), posicao };
    sql::keep_chegada(tx, id, &chegada).await?;
    let change = Change::created(&json!({ "chegada_at": chegada.at, "com_posicao": posicao.is_some() }));
    Ok(note(tx, actor, "visita.chegada", &visita, change).await?)
}
