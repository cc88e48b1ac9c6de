//! Asking by letter, and the link in it: for people who have no account. Opening it changes nothing (mail scanners open links too); by
//! the same link they take back what they gave, for as long as it stands.

use acesso::{
    Segredo,
    entrar::{Limit, address_class, within},
};
use chrono::TimeDelta;
use jobs::{Enqueue, Handler, Outcome, Payload, TenantJob};
use kernel::{Actor, Email, Fault, Lang, RequestMeta, Texto};
use messaging::{Action, Brand, Letter, Line, Links};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tenancy::TenantTx;
use uuid::Uuid;
use web::Module;

use super::{
    ConsentimentoError, ConsentimentoRule, Finalidade, FinalidadeId, Meio, Quem, Retirada, finalidade,
    gravar::{Given, Taken, give, may_be_given, take_back, whom},
    publico::EscolhaPath,
    sql::{self, NovaCarta},
};
use crate::{coded::coded, pedido::sql::mailbox, titular::TitularRef};

/// How long a letter can be answered.
pub const ESCOLHA_WITHIN: TimeDelta = TimeDelta::days(30);
/// How long a link shows what was taken back by it.
const SHOWN_FOR: TimeDelta = TimeDelta::days(90);
/// How long it is known that somebody was asked, after their time to answer: so that they are not asked again and again.
pub const CARTA_KEPT: TimeDelta = TimeDelta::days(365);
/// To one mailbox, whoever asks.
const TO_MAILBOX: Limit = Limit { failures: 3, window: TimeDelta::hours(24) };
/// Of one address: people behind one router are many.
const OF_ADDRESS: Limit = Limit { failures: 60, window: TimeDelta::hours(1) };
/// By one link: each change of mind is a record that stays.
const BY_LINK: Limit = Limit { failures: 20, window: TimeDelta::hours(24) };

coded! {
    /// What a letter was answered.
    Resposta {
        Dado: "dado", "escolha-sim";
        Recusado: "recusado", "escolha-nao";
    }
}

/// Whom a link was written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Convidado {
    pub carta: Uuid,
    pub finalidade: FinalidadeId,
    pub quem: Quem,
    pub nome: String,
    /// It can still be answered with a yes.
    pub open: bool,
    pub resposta: Option<Resposta>,
}

/// Writes to one person, unless they agreed to this text already or refused it.
///
/// # Errors
/// [`ConsentimentoError`].
pub async fn pedir(
    tx: &mut TenantTx,
    actor: &Actor,
    (modules, links): (&[Module], &Links),
    id: FinalidadeId,
    titular: Option<&TitularRef>,
    (nome, email): (Option<&Texto<120>>, Option<&Email>),
) -> Result<(), ConsentimentoError> {
    let to = finalidade::open(tx, actor, id).await?;
    let (quem, nome, email) = whom(tx, modules, titular, nome, email).await?;
    let email = email.ok_or(ConsentimentoRule::NoAddress)?;
    if sql::standing_same(tx, &to, &quem).await?.is_some() {
        return Err(ConsentimentoRule::GivenAlready.into());
    }
    if sql::refused(tx, &to, email.as_str()).await? {
        return Err(ConsentimentoRule::Refused.into());
    }
    if !within(tx, &format!("consentimento-para:{}", mailbox(email.as_str())), TO_MAILBOX).await? {
        return Err(ConsentimentoRule::MailboxFull.into());
    }
    let lang = tx.unidade().lang(None);
    let reader = Reader { quem: &quem, nome: &nome, email: &email, lang, por_nome: &actor.nome };
    write(tx, actor, links, &to, &reader).await
}

struct Reader<'a> {
    quem: &'a Quem,
    nome: &'a str,
    email: &'a Email,
    lang: Lang,
    /// Who wanted it written.
    por_nome: &'a str,
}

async fn write(
    tx: &mut TenantTx,
    actor: &Actor,
    links: &Links,
    to: &Finalidade,
    reader: &Reader<'_>,
) -> Result<(), ConsentimentoError> {
    let (lang, token, unidade) = (reader.lang, Segredo::draw(), tx.unidade().clone());
    let until = tx.clock().now() + ESCOLHA_WITHIN;
    let email = reader.email.as_str();
    let carta = NovaCarta {
        finalidade: to,
        quem: reader.quem,
        nome: reader.nome,
        email,
        token: &token,
        until,
        actor_nome: reader.por_nome,
    };
    let carta = sql::insert_carta(tx, &carta).await?;
    let named = || [("unidade", unidade.nome.as_str().into()), ("finalidade", to.titulo.as_str().into())];
    let letter = Letter {
        lang,
        subject: Line::of(&idioma::t_args(lang, "escolha-mail-subject", named())),
        heading: idioma::t_args(lang, "aviso-heading", [("nome", reader.nome.into())]),
        paragraphs: vec![idioma::t_args(lang, "escolha-mail-what", named()), idioma::t(lang, "escolha-mail-free").to_owned()],
        action: Some(Action {
            label: idioma::t(lang, "escolha-mail-action").to_owned(),
            link: links.unidade(&unidade, &EscolhaPath { token: token.reveal() }.to_string()),
        }),
        note: Some(idioma::t_args(lang, "escolha-mail-note", [("n", ESCOLHA_WITHIN.num_days().into())])),
    };
    let mail = letter.render(&Brand::of(&unidade))?;
    let nome = reader.nome.parse::<Texto<120>>().ok();
    // Whoever has the link answers for the person.
    messaging::send_email(tx, messaging::Email { to: reader.email.clone(), nome, secret: true }, mail).await?;
    let after = json!({ "carta": carta, "versao": to.versao });
    finalidade::trail(tx, actor, "privacidade.consentimento_pedido", to.id, after).await
}

/// Whom a link was written to, as long as it works.
///
/// # Errors
/// A fault of the database.
pub async fn convidado(tx: &mut TenantTx, token: &Segredo) -> Result<Option<Convidado>, Fault> {
    let since = tx.clock().now() - SHOWN_FOR;
    sql::convidado(tx, token, since).await
}

/// Whoever has the link says yes to the text that they were shown, or no: then nothing of theirs stands, to whichever text. The same
/// again changes nothing.
///
/// # Errors
/// [`ConsentimentoError`]; not found for a link that does not work.
pub async fn responder_por_link(
    tx: &mut TenantTx,
    meta: &RequestMeta,
    token: &Segredo,
    resposta: Resposta,
    shown: i32,
) -> Result<(), ConsentimentoError> {
    let found = convidado(tx, token).await?.ok_or(ConsentimentoError::NotFound)?;
    let to = sql::lock(tx, found.finalidade).await?.ok_or(ConsentimentoError::NotFound)?;
    let actor = Actor::anonimo(meta.clone());
    match resposta {
        Resposta::Dado => {
            may_be_given(&to, shown)?;
            if !found.open {
                return Err(ConsentimentoRule::Over.into());
            }
            counted(tx, meta, found.carta).await?;
            let at = tx.clock().now();
            let given =
                Given { quem: &found.quem, nome: &found.nome, meio: Meio::Link, evidencia: None, at, carta: Some(found.carta) };
            give(tx, &actor, &to, &given).await?;
        }
        // A no is heard however often somebody changed their mind.
        Resposta::Recusado => {
            let gone = take_back(tx, &actor, to.id, &found.quem, Taken::by_themselves(Retirada::Link)).await?;
            if gone == 0 && found.resposta != Some(Resposta::Recusado) {
                finalidade::trail(tx, &actor, "privacidade.consentimento_recusado", to.id, json!({ "carta": found.carta }))
                    .await?;
            }
        }
    }
    if found.resposta != Some(resposta) {
        sql::answered(tx, found.carta, resposta).await?;
    }
    Ok(())
}

async fn counted(tx: &mut TenantTx, meta: &RequestMeta, carta: Uuid) -> Result<(), ConsentimentoError> {
    let address = format!("consentimento-de:{}", address_class(meta.ip));
    if within(tx, &address, OF_ADDRESS).await? && within(tx, &format!("consentimento-link:{carta}"), BY_LINK).await? {
        Ok(())
    } else {
        Err(ConsentimentoRule::TooMany.into())
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct PedirDeNovo {
    finalidade: Uuid,
    versao: i32,
    /// In whose name.
    actor_nome: String,
    /// Where links lead, from the configuration.
    base: String,
}

impl Payload for PedirDeNovo {
    const NAME: &'static str = "privacidade.pedir-de-novo";
}

/// Writes to everybody who agreed to an earlier text and was not asked for this one: `shown` of them. `base` is the configured
/// address of the house.
///
/// # Errors
/// [`ConsentimentoError`].
pub async fn pedir_de_novo(
    tx: &mut TenantTx,
    actor: &Actor,
    base: &str,
    id: FinalidadeId,
    shown: usize,
) -> Result<(), ConsentimentoError> {
    let to = finalidade::open(tx, actor, id).await?;
    let n = sql::de_antes(tx, id, i64::MAX).await?.len();
    if n == 0 {
        return Err(ConsentimentoRule::NoAddress.into());
    }
    if n != shown {
        return Err(ConsentimentoRule::OtherPeople.into());
    }
    let wanted = PedirDeNovo { finalidade: id.uuid(), versao: to.versao, actor_nome: actor.nome.clone(), base: base.to_owned() };
    jobs::enqueue(tx, &wanted, Enqueue::default()).await?;
    finalidade::trail(tx, actor, "privacidade.consentimento_pedido", id, json!({ "versao": to.versao, "n": n })).await
}

/// Letters of one transaction.
const AT_ONCE: i64 = 100;

pub(crate) fn handlers() -> Vec<Handler> {
    vec![Handler::tenant(again)]
}

/// A worker that dies between two transactions leaves the rest to the next; nobody gets it twice.
async fn again(job: TenantJob, wanted: PedirDeNovo) -> Result<Outcome, Fault> {
    let links = Links::new(&wanted.base, "console").map_err(|e| Fault::new("base address", e))?;
    while job.write(async |tx: &mut TenantTx| some(tx, &links, &wanted).await).await? > 0 {}
    Ok(Outcome::Done)
}

async fn some(tx: &mut TenantTx, links: &Links, wanted: &PedirDeNovo) -> Result<usize, Fault> {
    let id = FinalidadeId::new(wanted.finalidade);
    let Some(to) = sql::lock(tx, id).await?.filter(|to| to.versao == wanted.versao && to.encerrado_at.is_none()) else {
        return Ok(0);
    };
    let actor = Actor::sistema();
    let people = sql::de_antes(tx, id, AT_ONCE).await?;
    let mut written = 0;
    for who in people {
        let Ok(email) = who.email.parse::<Email>() else { continue };
        let lang = tx.unidade().lang(who.idioma.as_deref());
        let quem = match who.titular_kind.zip(who.titular_id) {
            Some((kind, id)) => Quem::titular(TitularRef { kind, id }, Some(email.as_str())),
            None => Quem::email(&email),
        };
        let reader = Reader { quem: &quem, nome: &who.nome, email: &email, lang, por_nome: &wanted.actor_nome };
        match write(tx, &actor, links, &to, &reader).await {
            Ok(()) => written += 1,
            Err(ConsentimentoError::Fault(fault)) => return Err(fault),
            Err(error) => return Err(Fault::new("a letter that asks anew", error)),
        }
    }
    Ok(written)
}
