use kernel::{Actor, Refusal};
use serde_json::{Value, json};
use tenancy::{Change, Entry, TenantTx};

use super::{
    Comunicado, ComunicadoError, ComunicadoId, ComunicadoRule, Corpo, Dias, GERIR, Situacao, Titulo, publicar::today, sql,
};

/// Other words for one, and other days where it is shown. Whoever was told of it reads the new ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alterar {
    pub titulo: Titulo,
    pub texto: Corpo,
    /// Counts where it is shown at all.
    pub dias: Option<Dias>,
    pub version: i32,
}

/// Changes one.
///
/// # Errors
/// Its rules; not found; denied; a fault.
pub async fn alterar(tx: &mut TenantTx, actor: &Actor, id: ComunicadoId, cmd: Alterar) -> Result<(), ComunicadoError> {
    actor.require(&GERIR)?;
    let before = sql::find(tx, id).await?.ok_or(Refusal::NotFound)?;
    if before.version != cmd.version {
        return Err(ComunicadoRule::Changed.into());
    }
    let today = today(tx);
    if before.situacao(today) == Situacao::Encerrado {
        return Err(ComunicadoRule::Encerrado.into());
    }
    let dias = before.dias.map(|kept| cmd.dias.unwrap_or(kept));
    if dias.is_some_and(|dias| dias.fim() < today) {
        return Err(ComunicadoRule::Passado.into());
    }
    let after = Comunicado { titulo: cmd.titulo.to_string(), texto: cmd.texto.to_string(), dias, ..before.clone() };
    let same_words = before.texto == after.texto;
    let change = Change::between(&told(&before, false), &told(&after, !same_words));
    if change.is_empty() {
        return Ok(());
    }
    if !sql::save(tx, &after).await? {
        return Err(ComunicadoRule::Changed.into());
    }
    tx.audit(actor, Entry { action: "comunicado.alterado", entity: "comunicado", entity_id: Some(id.uuid()), change }).await?;
    Ok(())
}

/// Takes one off the page that people come in by. Once more changes nothing.
///
/// # Errors
/// Not found; denied; a fault.
pub async fn encerrar(tx: &mut TenantTx, actor: &Actor, id: ComunicadoId) -> Result<(), ComunicadoError> {
    actor.require(&GERIR)?;
    let one = sql::find(tx, id).await?.ok_or(Refusal::NotFound)?;
    if sql::end(tx, id).await? {
        let change = Change::created(&json!({ "titulo": one.titulo, "encerrado": true }));
        tx.audit(actor, Entry { action: "comunicado.encerrado", entity: "comunicado", entity_id: Some(id.uuid()), change })
            .await?;
    }
    Ok(())
}

/// What the trail says of one: that its text is another, never the text.
fn told(one: &Comunicado, other_text: bool) -> Value {
    json!({
        "titulo": one.titulo,
        "texto_trocado": other_text,
        "data_inicio": one.dias.map(Dias::inicio),
        "data_fim": one.dias.map(Dias::fim),
    })
}
