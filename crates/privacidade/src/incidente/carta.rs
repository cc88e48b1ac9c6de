//! The letter to those whose data an incidente touched (art. 9 of the resolution): shown before, confirmed once, written by a job
//! to each once.

use jobs::{Enqueue, Handler, Outcome, Payload, TenantJob};
use kernel::{Actor, Email, Fault, Texto};
use messaging::{Brand, Letter, Line};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{
    IncidenteError, IncidenteId, IncidenteRule,
    gravar::{open, to_be_told, trail},
    sql::{self, Destinatario},
};
use crate::encarregado;

/// Who is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publico {
    Usuarios,
    Contatos,
    Todos,
    /// Those of them with one of these addresses, in small letters.
    Lista(Vec<String>),
}

impl Publico {
    /// Codes and keys of what they are called.
    pub const ALL: [(&'static str, &'static str); 4] =
        [("usuarios", "carta-usuarios"), ("contatos", "carta-contatos"), ("todos", "carta-todos"), ("lista", "carta-lista")];

    /// From what a form sent: the code, and addresses parted by anything that is in none.
    #[must_use]
    pub fn from_form(code: &str, emails: &str) -> Option<Self> {
        Some(match code {
            "usuarios" => Self::Usuarios,
            "contatos" => Self::Contatos,
            "todos" => Self::Todos,
            "lista" => {
                let parted = emails.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
                Self::Lista(parted.filter(|one| !one.is_empty()).map(str::to_lowercase).collect())
            }
            _ => return None,
        })
    }
}

/// What is written to whom.
#[derive(Debug, Clone)]
pub struct Carta {
    pub assunto: Texto<120>,
    pub texto: Texto<4000>,
    pub publico: Publico,
}

/// To whom it would go, and addresses of the list that nobody here has.
///
/// # Errors
/// [`IncidenteError`].
pub async fn prever(
    tx: &mut TenantTx,
    actor: &Actor,
    id: IncidenteId,
    publico: &Publico,
) -> Result<(Vec<Destinatario>, Vec<String>), IncidenteError> {
    let found = open(tx, actor, id).await?;
    to_be_told(&found)?;
    let (usuarios, contatos, emails) = match publico {
        Publico::Usuarios => (true, false, None),
        Publico::Contatos => (false, true, None),
        Publico::Todos => (true, true, None),
        Publico::Lista(emails) => (true, true, Some(emails.as_slice())),
    };
    let people = sql::people(tx, usuarios, contatos, emails).await?;
    let known = |email: &&String| people.iter().any(|one| one.email.to_lowercase() == **email);
    let unknown = emails.unwrap_or_default().iter().filter(|email| !known(email)).cloned().collect();
    Ok((people, unknown))
}

/// Sends it, to as many as were shown.
///
/// # Errors
/// [`IncidenteError`].
pub async fn enviar(
    tx: &mut TenantTx,
    actor: &Actor,
    id: IncidenteId,
    carta: &Carta,
    shown: usize,
) -> Result<(), IncidenteError> {
    let (people, _) = prever(tx, actor, id, &carta.publico).await?;
    if people.is_empty() {
        return Err(IncidenteRule::Nobody.into());
    }
    if people.len() != shown {
        return Err(IncidenteRule::OtherPeople.into());
    }
    let sent = sql::insert_carta(tx, id, (carta.assunto.as_str(), carta.texto.as_str()), &people).await?;
    let now = tx.clock().now();
    sql::told_titulares(tx, id, now, &format!("E-mail ({})", people.len())).await?;
    sql::add_passo(tx, id, "carta", Some(carta.assunto.as_str()), &actor.nome).await?;
    jobs::enqueue(tx, &EscreverCarta { carta: sent }, Enqueue::default()).await?;
    trail(tx, actor, "privacidade.incidente_carta", id, json!({ "carta": sent, "n": people.len() })).await
}

#[derive(Debug, Serialize, Deserialize)]
struct EscreverCarta {
    carta: Uuid,
}

impl Payload for EscreverCarta {
    const NAME: &'static str = "privacidade.escrever-carta";
}

pub(crate) fn handlers() -> Vec<Handler> {
    vec![Handler::tenant(write)]
}

/// Letters of one transaction.
const AT_ONCE: i64 = 100;

/// A worker that dies between two transactions leaves the rest to the next; nobody gets it twice.
async fn write(job: TenantJob, wanted: EscreverCarta) -> Result<Outcome, Fault> {
    while job.write(async |tx: &mut TenantTx| some(tx, wanted.carta).await).await? > 0 {}
    Ok(Outcome::Done)
}

async fn some(tx: &mut TenantTx, carta: Uuid) -> Result<usize, Fault> {
    let Some((assunto, texto)) = sql::carta(tx, carta).await? else { return Ok(0) };
    let people = sql::waiting(tx, carta, AT_ONCE).await?;
    let brand = Brand::of(tx.unidade());
    let reach = encarregado::find(tx).await?;
    for who in &people {
        let email = who.email.as_deref().and_then(|email| email.parse::<Email>().ok());
        if let Some(to) = &email {
            let lang = tx.unidade().lang(who.idioma.as_deref());
            let nome = who.nome.as_deref().unwrap_or_default();
            let letter = Letter {
                lang,
                subject: Line::of(&assunto),
                heading: idioma::t_args(lang, "aviso-heading", [("nome", nome.into())]),
                paragraphs: texto.split("\n\n").map(str::to_owned).collect(),
                action: None,
                note: reach.as_ref().map(|one| one.said(lang)),
            };
            let nome = nome.parse().ok();
            messaging::send_email(tx, messaging::Email { to: to.clone(), nome, secret: false }, letter.render(&brand)?).await?;
        }
        sql::written(tx, carta, who, email.is_none()).await?;
    }
    Ok(people.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_parted_by_whatever_people_part_them_with() {
        let lista = Publico::from_form("lista", " Ana@x.example;\n b@x.example, c@x.example ").unwrap();
        assert_eq!(lista, Publico::Lista(["ana@x.example", "b@x.example", "c@x.example"].map(str::to_owned).into()));
        assert_eq!(Publico::from_form("outros", ""), None);
    }
}
