use kernel::{Actor, ActorKind, Denied};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{Descricao, ServicoError, ServicoRule, answering, names, perfil_for, sql};
use crate::{
    perfil::{self, PerfilId},
    usuario::{GERIR, Nome, SituacaoError, UsuarioId, reachable},
};

/// What somebody who manages people says about a program.
#[derive(Debug, Clone)]
pub struct AlterarServico {
    pub nome: Nome,
    pub descricao: Option<Descricao>,
    pub perfil: PerfilId,
    pub responsaveis: Vec<UsuarioId>,
    /// Of the row the form was filled from.
    pub version: i32,
}

impl From<SituacaoError> for ServicoError {
    fn from(error: SituacaoError) -> Self {
        match error {
            SituacaoError::Denied(denied) => Self::Denied(denied),
            SituacaoError::Fault(fault) => Self::Fault(fault),
            _ => Self::NotFound,
        }
    }
}

/// Changes a conta de serviço. What its tokens may do changes with its perfil, at their next request.
pub async fn alterar_servico(tx: &mut TenantTx, actor: &Actor, id: UsuarioId, cmd: AlterarServico) -> Result<(), ServicoError> {
    actor.require(&GERIR)?;
    if actor.kind == ActorKind::Token {
        return Err(Denied { permission: GERIR }.into());
    }
    let before = reachable(tx, actor, id).await?;
    if !before.servico {
        return Err(ServicoError::NotFound);
    }
    if before.version != cmd.version {
        return Err(ServicoRule::Changed.into());
    }
    let perfil = perfil_for(tx, cmd.perfil).await?;
    let answered = sql::responsaveis(tx, id).await?;
    let people = answering(tx, &cmd.responsaveis).await?;
    let descricao = cmd.descricao.as_ref().map(Descricao::as_str);
    if !sql::update(tx, id, cmd.nome.as_str(), descricao, cmd.perfil, cmd.version).await? {
        return Err(ServicoRule::Changed.into());
    }
    sql::set_responsaveis(tx, id, &cmd.responsaveis).await?;
    // With what was decided for it alone; nobody gives away more than they hold.
    if perfil.id != before.perfil_id && !perfil::lasting(tx, actor).await?.covers(&perfil::most_of(tx, id).await?) {
        return Err(Denied { permission: GERIR }.into());
    }
    let change = Change::between(
        &json!({ "nome": before.nome, "descricao": before.descricao, "perfil": before.perfil, "responsaveis": names(&answered) }),
        &json!({ "nome": cmd.nome, "descricao": cmd.descricao, "perfil": perfil.nome, "responsaveis": names(&people) }),
    );
    if !change.is_empty() {
        tx.audit(actor, Entry { action: "usuario.alterado", entity: "usuario", entity_id: Some(id.uuid()), change }).await?;
    }
    Ok(())
}
