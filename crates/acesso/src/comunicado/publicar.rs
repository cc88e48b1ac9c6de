use chrono::NaiveDate;
use kernel::{Actor, Fault};
use messaging::{Mailing, Notice, notificacao};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{
    ComunicadoError, ComunicadoId, ComunicadoRule, Corpo, Dias, GERIR, NOTICE, Titulo, leitor_pages::ComunicadoPath, sql,
};
use crate::{perfil::PerfilId, usuario::UsuarioId};

/// To whom one goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destino {
    /// Everybody of the unidade; while it is shown, also whoever comes later.
    Todos,
    Escolhidos {
        perfis: Vec<PerfilId>,
        usuarios: Vec<UsuarioId>,
    },
}

/// One comunicado, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publicar {
    /// Drawn when the form was opened: sent twice, it is one.
    pub id: ComunicadoId,
    pub titulo: Titulo,
    pub texto: Corpo,
    pub destino: Destino,
    /// By the bell, now.
    pub avisar: bool,
    /// By e-mail too, to whoever wants such.
    pub email: bool,
    /// When it stands on the page that people come in by.
    pub dias: Option<Dias>,
}

/// How far one would go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alcance {
    pub pessoas: usize,
    /// Of them, those who get a letter.
    pub emails: usize,
}

/// The day that it is in the unidade.
pub(super) fn today(tx: &TenantTx) -> NaiveDate {
    tx.clock().now().with_timezone(&tx.unidade().fuso).date_naive()
}

fn checked(tx: &TenantTx, cmd: &Publicar) -> Result<(), ComunicadoError> {
    if !cmd.avisar && cmd.dias.is_none() {
        return Err(ComunicadoRule::Meio.into());
    }
    if cmd.dias.is_some_and(|dias| dias.fim() < today(tx)) {
        return Err(ComunicadoRule::Passado.into());
    }
    Ok(())
}

/// Whom one would reach, without sending it.
///
/// # Errors
/// Every rule that [`publicar`] would refuse by.
pub async fn prever(tx: &mut TenantTx, actor: &Actor, cmd: &Publicar) -> Result<Alcance, ComunicadoError> {
    actor.require(&GERIR)?;
    checked(tx, cmd)?;
    let pessoas = sql::audience(tx, &cmd.destino).await?;
    if pessoas.is_empty() {
        return Err(ComunicadoRule::Ninguem.into());
    }
    let emails = if cmd.avisar && cmd.email { notificacao::mailed(tx, &pessoas, &NOTICE).await? } else { 0 };
    Ok(Alcance { pessoas: pessoas.len(), emails })
}

/// Writes one and tells whom it is for. The same form once more changes nothing and answers as it did.
///
/// # Errors
/// Its rules; denied; a fault.
pub async fn publicar(tx: &mut TenantTx, actor: &Actor, cmd: Publicar) -> Result<ComunicadoId, ComunicadoError> {
    actor.require(&GERIR)?;
    checked(tx, &cmd)?;
    let id = cmd.id;
    // Whoever is second waits here for the first, and finds it written.
    if !sql::insert(tx, actor, &cmd).await? {
        let same =
            sql::find(tx, id).await?.is_some_and(|one| one.titulo == cmd.titulo.as_str() && one.texto == cmd.texto.as_str());
        return if same { Ok(id) } else { Err(ComunicadoRule::Enviado.into()) };
    }
    let pessoas = sql::audience(tx, &cmd.destino).await?;
    if pessoas.is_empty() {
        return Err(ComunicadoRule::Ninguem.into());
    }
    if cmd.avisar {
        sql::insert_told(tx, id, &pessoas).await?;
        let (href, args) = (ComunicadoPath { id }.to_string(), [("nome", actor.nome.as_str()), ("titulo", cmd.titulo.as_str())]);
        let notice = Notice { kind: &NOTICE, key: "comunicado-notice", args: &args, href: &href };
        let mailing = if cmd.email { Mailing::Text(cmd.texto.as_str()) } else { Mailing::None };
        messaging::notify_all(tx, &pessoas, &notice, mailing).await?;
    }
    audit(tx, actor, &cmd, pessoas.len()).await?;
    Ok(id)
}

async fn audit(tx: &mut TenantTx, actor: &Actor, cmd: &Publicar, pessoas: usize) -> Result<(), Fault> {
    let told = json!({
        "titulo": cmd.titulo,
        "todos": cmd.destino == Destino::Todos,
        "pessoas": pessoas,
        "avisado": cmd.avisar,
        "email": cmd.email,
        "data_inicio": cmd.dias.map(Dias::inicio),
        "data_fim": cmd.dias.map(Dias::fim),
    });
    let change = Change::created(&told);
    tx.audit(actor, Entry { action: "comunicado.publicado", entity: "comunicado", entity_id: Some(cmd.id.uuid()), change }).await
}
