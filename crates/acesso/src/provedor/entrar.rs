use std::sync::Arc;

use chrono::TimeDelta;
use kernel::{Actor, Fault, Refusal, RequestMeta, Rule, Told};
use messaging::Failure;
use secrecy::SecretString;
use serde_json::json;
use tenancy::{Change, Entry, MasterKey, TenantTx, Tenants, Unidade};

use super::{
    Provedor, ProvedorId, gerir,
    protocolo::{Conversa, Quem, derived},
    sql::{self, Begun},
};
use crate::{
    aparelho::Aparelhos,
    aviso::{self, Aviso},
    entrar::{
        address_class,
        tentativa::{self, Limit},
    },
    passo::{self, Chegada, Entrou},
    segredo::Segredo,
    sessao::{Conta, Method, SessaoId},
    usuario::{self, UsuarioId},
};

/// How long somebody may take to sign in at the provedor.
const VALID: TimeDelta = TimeDelta::minutes(10);
/// Ways begun from one address.
const OF_ADDRESS: Limit = Limit { failures: 60, window: TimeDelta::minutes(15) };

/// A way to begin.
#[derive(Debug)]
pub struct Comecar<'a> {
    pub provedor: ProvedorId,
    /// The page they want.
    pub path: &'a str,
    /// Who wants to be known by it from now on; `None`: somebody who wants to come in.
    pub usuario: Option<UsuarioId>,
}

/// A way just begun; the cookie leaves the house once, here.
#[derive(Debug)]
pub struct Comecada {
    pub cookie: Segredo,
    pub provedor: Provedor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ComecarRule {
    #[error("nobody enters by it")]
    NotOffered,
    #[error("too many ways were begun from this address")]
    TooMany,
}

impl Rule for ComecarRule {
    fn told(&self) -> Told {
        match self {
            Self::NotOffered => Told::conflict("provedor-not-offered"),
            Self::TooMany => Told::unavailable("login-wait"),
        }
    }
}

pub type ComecarError = Refusal<ComecarRule>;

/// Sends somebody on their way.
pub async fn comecar(tx: &mut TenantTx, meta: &RequestMeta, cmd: Comecar<'_>) -> Result<Comecada, ComecarError> {
    let found = sql::find(tx, cmd.provedor).await?;
    let provedor = found.filter(|provedor| provedor.ativo).ok_or(ComecarRule::NotOffered)?;
    if !tentativa::within(tx, &format!("provedor-de:{}", address_class(meta.ip)), OF_ADDRESS).await? {
        return Err(ComecarRule::TooMany.into());
    }
    let cookie = Segredo::draw();
    sql::begin(tx, &cookie, provedor.id, (cmd.usuario, cmd.path), tx.clock().now() + VALID).await?;
    Ok(Comecada { cookie, provedor })
}

impl Provedor {
    fn conversa<'a>(&'a self, key: &MasterKey, volta: &'a str, internal: bool) -> Result<Conversa<'a>, Fault> {
        let segredo = match &self.segredo {
            Some(sealed) => {
                let opened = key.open(&Self::purpose(self.id), sealed)?;
                Some(SecretString::from(String::from_utf8(opened).map_err(|e| Fault::new("a stored segredo", e))?))
            }
            None => None,
        };
        Ok(Conversa { provedor: self, segredo, volta, internal })
    }

    /// Where the browser is to go to; it is to come back to `volta`.
    pub async fn ida(
        &self,
        key: &MasterKey,
        volta: &str,
        internal: bool,
        cookie: &Segredo,
    ) -> Result<Result<String, Failure>, Fault> {
        Ok(self.conversa(key, volta, internal)?.ida(cookie).await)
    }

    /// Whether it speaks as it should.
    pub(super) async fn provar(&self, volta: &str, internal: bool) -> Result<(), Failure> {
        Conversa { provedor: self, segredo: None, volta, internal }.provar().await
    }
}

/// What a browser brings back.
#[derive(Debug, Clone)]
pub struct Resposta {
    pub state: String,
    /// The code, or what the provedor says instead.
    pub code: Result<String, String>,
    /// Who speaks, where it says so (RFC 9207).
    pub iss: Option<String>,
}

/// Somebody who came back.
#[derive(Debug)]
pub struct Concluir {
    pub cookie: Segredo,
    pub resposta: Resposta,
    pub actor: Actor,
    pub previous: Option<SessaoId>,
    pub aparelhos: Aparelhos,
    /// Where they were sent back to.
    pub volta: String,
    pub key: MasterKey,
    pub internal: bool,
}

/// What came of it.
#[derive(Debug)]
pub enum Chegou {
    /// They are in, or asked for their second factor; then to this page.
    Entrou(Entrou, String),
    /// They are known by it from now on.
    Vinculou,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConcluirRule {
    /// Unknown, used, too old, of another browser, of another sessão: one answer.
    #[error("there is nothing to come back from")]
    Over,
    /// By the person, or for a reason of its own.
    #[error("the provedor let nobody through: {0}")]
    Refused(String),
    #[error("the provedor does not answer as it should: {0:?}")]
    Broken(Failure),
    #[error("the provedor's word means nobody here")]
    Nobody,
    #[error("somebody else here is known by it, or the person by another one")]
    Taken,
}

impl Rule for ConcluirRule {
    fn told(&self) -> Told {
        match self {
            Self::Over => Told::conflict("provedor-over"),
            Self::Refused(_) => Told::conflict("provedor-refused"),
            Self::Broken(_) => Told::unavailable("provedor-broken"),
            Self::Nobody => Told::conflict("provedor-nobody"),
            Self::Taken => Told::conflict("provedor-taken"),
        }
    }
}

pub type ConcluirError = Refusal<ConcluirRule>;

/// Takes the word of the provedor for who came back. Holds no connection while it is asked.
pub async fn concluir(tenants: &Tenants, unidade: &Arc<Unidade>, cmd: Concluir) -> Result<Chegou, ConcluirError> {
    let Concluir { cookie, resposta, .. } = &cmd;
    if resposta.state != derived(cookie, "state") {
        return Err(ConcluirRule::Over.into());
    }
    let begun = tenants.record(unidade, async |tx: &mut TenantTx| sql::take(tx, cookie).await).await?;
    let begun = begun.ok_or(ConcluirRule::Over)?;
    if begun.usuario.is_some() && begun.usuario != usuario::of(&cmd.actor) {
        return Err(ConcluirRule::Over.into());
    }
    match word(&begun.provedor, &cmd).await? {
        Ok(quem) => {
            // A refusal is written too, so it is no error of the transaction.
            tenants.write(unidade, async |tx: &mut TenantTx| Ok::<_, Fault>(arrive(tx, &begun, &quem, cmd).await)).await?
        }
        Err(rule) => {
            let why = rule.to_string();
            tenants.record(unidade, async |tx: &mut TenantTx| refused(tx, &cmd.actor, &begun.provedor, &why).await).await?;
            Err(rule.into())
        }
    }
}

async fn word(provedor: &Provedor, cmd: &Concluir) -> Result<Result<Quem, ConcluirRule>, Fault> {
    let code = match &cmd.resposta.code {
        Ok(code) => code,
        Err(said) => return Ok(Err(ConcluirRule::Refused(said.chars().filter(|c| !c.is_control()).take(100).collect()))),
    };
    if cmd.resposta.iss.as_deref().is_some_and(|iss| iss != provedor.emissor.as_str()) {
        return Ok(Err(ConcluirRule::Refused("another issuer".to_owned())));
    }
    let asked = provedor.conversa(&cmd.key, &cmd.volta, cmd.internal)?.quem(&cmd.cookie, code).await;
    Ok(asked.map_err(ConcluirRule::Broken))
}

async fn arrive(tx: &mut TenantTx, begun: &Begun, quem: &Quem, cmd: Concluir) -> Result<Chegou, ConcluirError> {
    let provedor = &begun.provedor;
    if let Some(usuario) = begun.usuario {
        if !known_from_now(tx, provedor, usuario, quem, &cmd.actor).await? {
            return Err(ConcluirRule::Taken.into());
        }
        return Ok(Chegou::Vinculou);
    }
    let conta = match sql::lock_linked(tx, provedor.id, &quem.subject).await? {
        Some(conta) => Some(conta),
        None => by_email(tx, provedor, quem, &cmd.actor.meta).await?,
    };
    let Some(conta) = conta else {
        refused(tx, &cmd.actor, provedor, "nobody").await?;
        return Err(ConcluirRule::Nobody.into());
    };
    let Concluir { actor, previous, aparelhos, .. } = cmd;
    let chegada = Chegada { conta, method: Method::Provedor, meta: &actor.meta, previous, aparelhos };
    Ok(Chegou::Entrou(passo::proceed(tx, chegada).await?, begun.path.clone()))
}

/// Whoever has the verified e-mail of a usuario, where the unidade takes that for proof.
async fn by_email(tx: &mut TenantTx, provedor: &Provedor, quem: &Quem, meta: &RequestMeta) -> Result<Option<Conta>, Fault> {
    let Some(email) = quem.email.as_ref().filter(|_| provedor.confia_email) else { return Ok(None) };
    let Some(conta) = sql::lock_by_email(tx, provedor.id, email.as_str()).await? else { return Ok(None) };
    let known = known_from_now(tx, provedor, conta.id, quem, &conta.actor(meta)).await?;
    Ok(known.then_some(conta))
}

/// Ties the two, in the trail too, and tells the person by a letter. `false` when one of them is tied already.
async fn known_from_now(
    tx: &mut TenantTx,
    provedor: &Provedor,
    usuario: UsuarioId,
    quem: &Quem,
    actor: &Actor,
) -> Result<bool, Fault> {
    let email = quem.email.as_ref().map(kernel::Email::as_str);
    if !sql::link(tx, provedor.id, usuario, (&quem.subject, email)).await? {
        return Ok(false);
    }
    let change = Change::created(&json!({ "provedor": provedor.nome, "email": email }));
    gerir::audit_usuario(tx, actor, "acesso.provedor_vinculado", usuario, change).await?;
    aviso::send(tx, usuario, Aviso::ProvedorVinculado, &actor.meta).await?;
    Ok(true)
}

async fn refused(tx: &mut TenantTx, actor: &Actor, provedor: &Provedor, why: &str) -> Result<(), Fault> {
    let change = Change::created(&json!({ "provedor": provedor.nome, "motivo": why }));
    let entry = Entry { action: "acesso.provedor_recusado", entity: "provedor", entity_id: Some(provedor.id.uuid()), change };
    tx.audit(actor, entry).await
}
