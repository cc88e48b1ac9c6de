//! O correio of the unidade, as its administrador sets it up (S0-15.6): on or off, through the installation's server or one of its
//! own. What is sent and how is `messaging`'s; here is who may say so, and what the trail tells of it.

pub mod pages;
mod sql;
mod testar;

use kernel::{Actor, Email, Permission, Refusal, Rule, Told};
use messaging::correio::{self, Correio, Host, PORTS, Protecao, Servidor};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tenancy::{Change, Entry, MasterKey, TenantTx};

/// May set up how the unidade sends e-mail.
pub const GERIR: Permission = Permission::new("acesso.correio.gerir");

/// All of it anew.
#[derive(Debug, Clone)]
pub struct AlterarCorreio {
    pub ativo: bool,
    /// `None`: the installation's.
    pub servidor: Option<NovoServidor>,
    pub version: i32,
}

#[derive(Debug, Clone)]
pub struct NovoServidor {
    pub host: Host,
    pub port: u16,
    pub protecao: Protecao,
    pub conta: Option<String>,
    /// `None`: the one that is kept already.
    pub senha: Option<SecretString>,
    pub remetente: Email,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CorreioRule {
    #[error("mail servers do not listen there")]
    Port,
    #[error("a password would go out in the clear")]
    ClearPassword,
    /// The one that is kept was given for another server, or there is none.
    #[error("the password of this server is not known")]
    NoPassword,
    #[error("the conta cannot be used")]
    Login,
    #[error("the correio was changed meanwhile")]
    Changed,
}

impl Rule for CorreioRule {
    fn told(&self) -> Told {
        match self {
            Self::Port => Told::invalid("choice").at("port"),
            Self::ClearPassword => Told::invalid("correio-clear").at("protecao"),
            Self::NoPassword => Told::invalid("correio-senha").at("senha"),
            Self::Login => Told::invalid("correio-conta").at("conta"),
            Self::Changed => Told::conflict("conflict"),
        }
    }
}

pub type AlterarCorreioError = Refusal<CorreioRule>;

/// Changes how the unidade sends e-mail; letters that wait go as it says now.
pub async fn alterar(tx: &mut TenantTx, key: &MasterKey, actor: &Actor, cmd: AlterarCorreio) -> Result<(), AlterarCorreioError> {
    actor.require(&GERIR)?;
    let before = correio::find(tx).await?;
    if before.version != cmd.version {
        return Err(CorreioRule::Changed.into());
    }
    let changes_senha = cmd.servidor.as_ref().is_some_and(|servidor| servidor.senha.is_some());
    let servidor = match cmd.servidor {
        None => None,
        Some(novo) => Some(checked(&before, key, novo)?),
    };
    let after = Correio { ativo: cmd.ativo, servidor, ..before.clone() };
    let change = Change::between(&told(&before, false), &told(&after, changes_senha));
    if change.is_empty() {
        return Ok(());
    }
    if !correio::save(tx, &after).await? {
        return Err(CorreioRule::Changed.into());
    }
    tx.audit(actor, Entry { action: "correio.alterado", entity: "correio", entity_id: None, change }).await?;
    Ok(())
}

/// As it comes: on, through the installation's server; what was kept is gone, its password too.
pub async fn restaurar_padrao(tx: &mut TenantTx, actor: &Actor) -> Result<(), AlterarCorreioError> {
    actor.require(&GERIR)?;
    let before = correio::find(tx).await?;
    if before.version == 0 {
        return Ok(());
    }
    if !correio::remove(tx, before.version).await? {
        return Err(CorreioRule::Changed.into());
    }
    let after = Correio { ativo: true, servidor: None, version: 0, id: before.id };
    let change = Change::between(&told(&before, false), &told(&after, false));
    tx.audit(actor, Entry { action: "correio.alterado", entity: "correio", entity_id: None, change }).await?;
    Ok(())
}

/// A server with its password sealed. One that is kept goes on only to where it was given for: whoever may name another server
/// must not have it sent there.
fn checked(before: &Correio, key: &MasterKey, novo: NovoServidor) -> Result<Servidor, AlterarCorreioError> {
    let NovoServidor { host, port, protecao, conta, senha, remetente } = novo;
    if !PORTS.contains(&port) {
        return Err(CorreioRule::Port.into());
    }
    if conta.as_ref().is_some_and(|conta| conta.len() > 254 || conta.chars().any(char::is_control)) {
        return Err(CorreioRule::Login.into());
    }
    if conta.is_some() && protecao == Protecao::Nenhum {
        return Err(CorreioRule::ClearPassword.into());
    }
    let mut servidor = Servidor { host, port, protecao, conta, senha: None, remetente };
    if servidor.conta.is_some() {
        servidor.senha = match senha {
            Some(senha) => Some(key.seal(&Correio::purpose(before.id), senha.expose_secret().as_bytes())?),
            None => before.servidor.as_ref().filter(|old| old.is_same_place(&servidor)).and_then(|old| old.senha.clone()),
        };
        if servidor.senha.is_none() {
            return Err(CorreioRule::NoPassword.into());
        }
    }
    Ok(servidor)
}

/// What the trail says of it: everything but the password, of which it says only that there is another.
fn told(correio: &Correio, other_senha: bool) -> Value {
    let mut said = json!({ "ativo": correio.ativo, "senha_trocada": other_senha });
    if let Some(servidor) = &correio.servidor {
        said["servidor"] = format!("{}:{}", servidor.host.as_str(), servidor.port).into();
        said["protecao"] = servidor.protecao.code().into();
        said["conta"] = servidor.conta.clone().into();
        said["remetente"] = servidor.remetente.as_str().into();
    }
    said
}
