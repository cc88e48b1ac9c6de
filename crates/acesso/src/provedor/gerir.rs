use kernel::{Actor, Fault, Refusal, Rule, Told};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tenancy::{Change, Entry, MasterKey, Sealed, TenantTx};

use super::{ClientId, Emissor, GERIR, MOST, NomeProvedor, Provedor, ProvedorId, Tipo, sql};
use crate::{
    sessao::{self, Method},
    usuario::{self, UsuarioId},
};

/// Longer than any that a provedor gives out.
const SEGREDO_MAX: usize = 500;

#[derive(Debug, Clone)]
pub struct CriarProvedor {
    pub tipo: Tipo,
    pub nome: NomeProvedor,
    pub emissor: Emissor,
    pub client_id: ClientId,
    pub segredo: Option<SecretString>,
    pub confia_email: bool,
    /// Whether it may stand in the inner network, from the configuration.
    pub internal: bool,
}

/// All of it anew but who it is: whoever a subject means depends on that.
#[derive(Debug, Clone)]
pub struct AlterarProvedor {
    pub id: ProvedorId,
    pub nome: NomeProvedor,
    pub client_id: ClientId,
    /// `None`: the one that is kept.
    pub segredo: Option<SecretString>,
    pub confia_email: bool,
    pub ativo: bool,
    pub version: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProvedorRule {
    #[error("there are as many as there may be")]
    TooMany,
    #[error("another one has this name")]
    NomeTaken,
    #[error("the address is none of the public Internet")]
    Internal,
    #[error("this kind gives every client a segredo")]
    NoSegredo,
    #[error("the segredo is not one that a provedor gives out")]
    Segredo,
    #[error("the provedor was changed meanwhile")]
    Changed,
}

impl Rule for ProvedorRule {
    fn told(&self) -> Told {
        match self {
            Self::TooMany => Told::conflict("provedor-too-many"),
            Self::NomeTaken => Told::invalid("provedor-nome-taken").at("nome"),
            Self::Internal => Told::invalid("gateway-internal").at("emissor"),
            Self::NoSegredo => Told::invalid("required").at("segredo"),
            Self::Segredo => Told::invalid("gateway-segredo").at("segredo"),
            Self::Changed => Told::conflict("conflict"),
        }
    }
}

pub type ProvedorError = Refusal<ProvedorRule>;

/// Takes the word of one more.
pub async fn criar(tx: &mut TenantTx, key: &MasterKey, actor: &Actor, cmd: CriarProvedor) -> Result<ProvedorId, ProvedorError> {
    actor.require(&GERIR)?;
    if !cmd.internal && !cmd.emissor.is_public() {
        return Err(ProvedorRule::Internal.into());
    }
    if cmd.tipo.asks_segredo() && cmd.segredo.is_none() {
        return Err(ProvedorRule::NoSegredo.into());
    }
    if sql::count_locked(tx).await? >= MOST {
        return Err(ProvedorRule::TooMany.into());
    }
    let id = ProvedorId::new(tx.clock().uuid());
    let provedor = Provedor {
        id,
        tipo: cmd.tipo,
        nome: cmd.nome.as_str().to_owned(),
        emissor: cmd.emissor,
        client_id: cmd.client_id.as_str().to_owned(),
        segredo: sealed(key, id, cmd.segredo)?,
        confia_email: cmd.confia_email,
        ativo: true,
        version: 1,
    };
    if !sql::insert(tx, &provedor).await? {
        return Err(ProvedorRule::NomeTaken.into());
    }
    audit(tx, actor, "provedor.criado", id, Change::created(&told(&provedor, false))).await?;
    Ok(id)
}

pub async fn alterar(tx: &mut TenantTx, key: &MasterKey, actor: &Actor, cmd: AlterarProvedor) -> Result<(), ProvedorError> {
    actor.require(&GERIR)?;
    let before = sql::lock(tx, cmd.id).await?.ok_or(ProvedorError::NotFound)?;
    if before.version != cmd.version {
        return Err(ProvedorRule::Changed.into());
    }
    let other_segredo = cmd.segredo.is_some();
    let after = Provedor {
        nome: cmd.nome.as_str().to_owned(),
        client_id: cmd.client_id.as_str().to_owned(),
        segredo: if other_segredo { sealed(key, cmd.id, cmd.segredo)? } else { before.segredo.clone() },
        confia_email: cmd.confia_email,
        ativo: cmd.ativo,
        ..before.clone()
    };
    let change = Change::between(&told(&before, false), &told(&after, other_segredo));
    if change.is_empty() {
        return Ok(());
    }
    if !sql::update(tx, &after).await? {
        return Err(ProvedorRule::NomeTaken.into());
    }
    audit(tx, actor, "provedor.alterado", cmd.id, change).await?;
    Ok(())
}

/// Takes its word no more; who came in by it is out, and nobody is known by it any more.
pub async fn excluir(tx: &mut TenantTx, actor: &Actor, id: ProvedorId) -> Result<(), ProvedorError> {
    actor.require(&GERIR)?;
    let before = sql::lock(tx, id).await?.ok_or(ProvedorError::NotFound)?;
    for usuario in sql::linked(tx, id).await? {
        sessao::end_by(tx, usuario, Method::Provedor).await?;
    }
    sql::delete(tx, id).await?;
    audit(tx, actor, "provedor.excluido", id, Change::between(&told(&before, false), &json!({}))).await?;
    Ok(())
}

/// A person is no longer known by a provedor; what they opened by its word ends.
pub async fn desvincular(tx: &mut TenantTx, actor: &Actor, id: ProvedorId) -> Result<(), ProvedorError> {
    let own = usuario::of(actor).ok_or(ProvedorError::NotFound)?;
    let nome = sql::unlink(tx, id, own).await?.ok_or(ProvedorError::NotFound)?;
    sessao::end_by(tx, own, Method::Provedor).await?;
    let change = Change::between(&json!({ "provedor": nome }), &json!({ "provedor": null }));
    audit_usuario(tx, actor, "acesso.provedor_desvinculado", own, change).await?;
    Ok(())
}

fn sealed(key: &MasterKey, id: ProvedorId, segredo: Option<SecretString>) -> Result<Option<Sealed>, ProvedorError> {
    let Some(segredo) = segredo else { return Ok(None) };
    let text = segredo.expose_secret();
    if text.is_empty() || text.len() > SEGREDO_MAX || !text.chars().all(|c| c.is_ascii_graphic()) {
        return Err(ProvedorRule::Segredo.into());
    }
    Ok(Some(key.seal(&Provedor::purpose(id), text.as_bytes())?))
}

/// What the trail says of one.
fn told(provedor: &Provedor, other_segredo: bool) -> Value {
    json!({
        "nome": provedor.nome,
        "tipo": provedor.tipo.code(),
        "emissor": provedor.emissor.as_str(),
        "client_id": provedor.client_id,
        "segredo": provedor.segredo.is_some(),
        "segredo_trocado": other_segredo,
        "confia_email": provedor.confia_email,
        "ativo": provedor.ativo,
    })
}

async fn audit(tx: &mut TenantTx, actor: &Actor, action: &'static str, id: ProvedorId, change: Change) -> Result<(), Fault> {
    tx.audit(actor, Entry { action, entity: "provedor", entity_id: Some(id.uuid()), change }).await
}

pub(super) async fn audit_usuario(
    tx: &mut TenantTx,
    actor: &Actor,
    action: &'static str,
    usuario: UsuarioId,
    change: Change,
) -> Result<(), Fault> {
    tx.audit(actor, Entry { action, entity: "usuario", entity_id: Some(usuario.uuid()), change }).await
}
