use kernel::{Actor, Refusal, Rule, Told};
use messaging::Links;
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{ImportacaoId, State, judge::Pronta, judged, person, seen, sql};
use crate::{
    convite::{self, Convidar},
    usuario::{administradores, alterar::FEW_ADMINISTRADORES},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmarRule {
    /// It would do something else than what was seen.
    #[error("what was seen is not what would be done")]
    Changed,
    #[error("no line can be done")]
    Nobody,
    #[error("there would be more than two administradores")]
    ManyAdministradores,
}

impl Rule for ConfirmarRule {
    fn told(&self) -> Told {
        match self {
            Self::Changed => Told::conflict("usuarios-import-changed"),
            Self::Nobody => Told::conflict("usuarios-import-nobody"),
            Self::ManyAdministradores => Told::invalid("usuario-many-administradores"),
        }
    }

    fn fields(&self) -> Vec<kernel::FieldError> {
        Vec::new()
    }
}

pub type ConfirmarError = Refusal<ConfirmarRule>;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmada {
    pub invited: i32,
    pub refused: i32,
}

/// Invites everybody whose line can be done: all of them or nobody. `before` is the print of what was seen. Asked again, it
/// answers what it did.
pub async fn confirmar(
    tx: &mut TenantTx,
    actor: &Actor,
    links: &Links,
    id: ImportacaoId,
    before: &str,
    confirmed: bool,
) -> Result<Confirmada, ConfirmarError> {
    let own = person(actor)?;
    let importacao = sql::lock(tx, id, own).await?.ok_or(ConfirmarError::NotFound)?;
    match importacao.state {
        State::Previa => {}
        State::Concluida => return Ok(Confirmada { invited: importacao.invited, refused: importacao.refused }),
        State::Descartada => return Err(ConfirmarError::NotFound),
    }
    let lines = judged(tx, actor, &importacao).await?;
    if seen(&lines) != before {
        return Err(ConfirmarRule::Changed.into());
    }
    let prontas: Vec<&Pronta> = lines.iter().filter_map(|line| line.pronta.as_ref()).collect();
    if prontas.is_empty() {
        return Err(ConfirmarRule::Nobody.into());
    }
    let rising = prontas.iter().filter(|pronta| pronta.administrador).count();
    let many = i64::try_from(rising).unwrap_or(i64::MAX) + administradores(tx).await? > FEW_ADMINISTRADORES;
    if rising > 0 && many && !confirmed {
        return Err(ConfirmarRule::ManyAdministradores.into());
    }
    for pronta in &prontas {
        let cmd = Convidar { nome: pronta.nome.clone(), email: pronta.email.clone(), perfil: pronta.perfil };
        // Somebody invites the same address at this moment: then nobody is invited here.
        let convite = convite::send(tx, actor, links, &cmd, Some(&actor.nome)).await?.ok_or(ConfirmarRule::Changed)?;
        if let Some(setor) = &pronta.setor {
            convite::set_setor(tx, convite, setor.as_str()).await?;
        }
    }
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let done = Confirmada { invited: count(prontas.len()), refused: count(lines.len() - prontas.len()) };
    sql::finish(tx, id, State::Concluida, done.invited, done.refused).await?;
    let after = json!({ "arquivo": importacao.file_name, "convidados": done.invited, "recusados": done.refused });
    let change = Change::created(&after);
    let entry = Entry { action: "usuario.importado", entity: "usuario_importacao", entity_id: Some(id.uuid()), change };
    tx.audit(actor, entry).await?;
    Ok(done)
}

/// Gives one up that waits.
pub async fn descartar(tx: &mut TenantTx, actor: &Actor, id: ImportacaoId) -> Result<(), Refusal> {
    let own = person(actor)?;
    let importacao = sql::lock(tx, id, own).await?.ok_or(Refusal::NotFound)?;
    if importacao.state == State::Previa {
        sql::finish(tx, id, State::Descartada, 0, 0).await?;
    }
    Ok(())
}
