use kernel::{Actor, ActorKind, Denied};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{Descricao, ServicoError, answering, names, perfil_for, sql};
use crate::{
    perfil::{self, PerfilId},
    usuario::{GERIR, Nome, UsuarioId},
};

/// A program that is to have an account.
#[derive(Debug, Clone)]
pub struct CriarServico {
    pub nome: Nome,
    pub descricao: Option<Descricao>,
    pub perfil: PerfilId,
    pub responsaveis: Vec<UsuarioId>,
}

/// Makes a conta de serviço.
pub async fn criar_servico(tx: &mut TenantTx, actor: &Actor, cmd: CriarServico) -> Result<UsuarioId, ServicoError> {
    actor.require(&GERIR)?;
    // A token would make an account that outlasts it.
    if actor.kind == ActorKind::Token {
        return Err(Denied { permission: GERIR }.into());
    }
    let perfil = perfil_for(tx, cmd.perfil).await?;
    if !perfil::lasting(tx, actor).await?.covers(&perfil.grants()) {
        return Err(Denied { permission: GERIR }.into());
    }
    let people = answering(tx, &cmd.responsaveis).await?;
    let id = UsuarioId::new(tx.clock().uuid());
    let descricao = cmd.descricao.as_ref().map(Descricao::as_str);
    sql::insert(tx, id, cmd.nome.as_str(), descricao, cmd.perfil).await?;
    sql::set_responsaveis(tx, id, &cmd.responsaveis).await?;
    let after = json!({ "nome": cmd.nome, "descricao": cmd.descricao, "perfil": perfil.nome, "responsaveis": names(&people) });
    let entry =
        Entry { action: "servico.criado", entity: "usuario", entity_id: Some(id.uuid()), change: Change::created(&after) };
    tx.audit(actor, entry).await?;
    Ok(id)
}
