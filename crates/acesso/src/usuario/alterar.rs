use kernel::{Actor, ActorKind, Denied, Email, ErrorKind, Fault, FieldError, Invalid, Kind, Lang, Permission, Telefone};
use serde_json::json;
use tenancy::{Change, Entry, TenantTx};

use super::{
    GERIR, Nome, Setor, SituacaoError, UsuarioId,
    desativar::reachable,
    of,
    sql::{self, Dados, Unwritten},
};
use crate::{
    aparelho,
    aviso::{self, Aviso},
    fator, passo,
    perfil::{self, PerfilId},
    pessoa, recuperacao,
    sessao::{self, Method},
};

/// What somebody who manages people says about one.
#[derive(Debug, Clone)]
pub struct DadosUsuario {
    pub nome: Nome,
    pub email: Email,
    pub perfil: PerfilId,
    pub setor: Option<Setor>,
    pub idioma: Option<Lang>,
    /// By which they may enter, where the perfil allows it.
    pub telefone: Option<Telefone>,
    /// Of the row the form was filled from.
    pub version: i32,
    /// The person knows that there are two administradores already (S3-12.9).
    pub confirmed: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum AlterarUsuarioError {
    #[error("usuario not found")]
    NotFound,
    #[error("the usuario was changed meanwhile")]
    Changed,
    #[error("another usuario has this e-mail")]
    EmailTaken,
    #[error("another usuario has this telephone")]
    TelefoneTaken,
    #[error("perfil not found")]
    UnknownPerfil,
    #[error("nobody changes their own perfil, e-mail or telephone here")]
    Own,
    #[error("the last active administrador stays one")]
    LastAdministrador,
    #[error("there are two administradores already")]
    ManyAdministradores,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for AlterarUsuarioError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Changed | Self::EmailTaken | Self::TelefoneTaken | Self::Own | Self::LastAdministrador => Kind::Conflict,
            Self::UnknownPerfil | Self::ManyAdministradores => Kind::Invalid,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Changed => "conflict",
            Self::EmailTaken => "email-taken",
            Self::TelefoneTaken => "telefone-taken",
            Self::UnknownPerfil => "invalid",
            Self::Own => "usuario-own-perfil",
            Self::LastAdministrador => "usuario-last-administrador",
            Self::ManyAdministradores => "usuario-many-administradores",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::EmailTaken => vec![Invalid::new("email-taken").at("email")],
            Self::TelefoneTaken => vec![Invalid::new("telefone-taken").at("telefone")],
            Self::UnknownPerfil => vec![Invalid::new("choice").at("perfil")],
            _ => Vec::new(),
        }
    }

    fn missing(&self) -> Option<&Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

impl From<SituacaoError> for AlterarUsuarioError {
    fn from(error: SituacaoError) -> Self {
        match error {
            SituacaoError::NotFound => Self::NotFound,
            SituacaoError::Own => Self::Own,
            SituacaoError::LastAdministrador => Self::LastAdministrador,
            SituacaoError::Unchanged => Self::Changed,
            SituacaoError::Denied(denied) => Self::Denied(denied),
            SituacaoError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// How many administradores there may be before one is asked whether it should be another (S3-12.9).
pub(crate) const FEW_ADMINISTRADORES: i64 = 2;

/// Changes what the unidade says about a usuario. Another perfil counts at their next request.
pub async fn alterar_usuario(
    tx: &mut TenantTx,
    actor: &Actor,
    id: UsuarioId,
    cmd: DadosUsuario,
) -> Result<(), AlterarUsuarioError> {
    actor.require(&GERIR)?;
    // Another e-mail opens the account to whoever reads it: nothing for a program.
    if actor.kind == ActorKind::Token {
        return Err(Denied { permission: GERIR }.into());
    }
    // First of all, in the order in which everybody takes these locks.
    let other_administrador = sql::lock_other_administrador(tx, id).await?;
    let before = reachable(tx, actor, id).await?;
    // A program is no person: it has a form of its own, without an e-mail.
    if before.servico {
        return Err(AlterarUsuarioError::NotFound);
    }
    if before.version != cmd.version {
        return Err(AlterarUsuarioError::Changed);
    }
    let perfil = perfil::find(tx, cmd.perfil).await?.ok_or(AlterarUsuarioError::UnknownPerfil)?;
    let moves = perfil.id != before.perfil_id;
    let readdressed = before.email != cmd.email.as_str();
    let telefone = cmd.telefone.as_ref().map(Telefone::as_str);
    let renumbered = before.telefone.as_deref() != telefone;
    // One's own e-mail and number open the account: a sessão that somebody left open must not take it over.
    if (moves || readdressed || renumbered) && of(actor) == Some(id) {
        return Err(AlterarUsuarioError::Own);
    }
    if before.administrador && before.ativo && !perfil.administrador && !other_administrador {
        return Err(AlterarUsuarioError::LastAdministrador);
    }
    let rises = perfil.administrador && !before.administrador;
    if rises && !cmd.confirmed && sql::administradores(tx).await? >= FEW_ADMINISTRADORES {
        return Err(AlterarUsuarioError::ManyAdministradores);
    }
    let dados = Dados {
        nome: cmd.nome.as_str(),
        email: cmd.email.as_str(),
        perfil: cmd.perfil,
        setor: cmd.setor.as_ref().map(Setor::as_str),
        idioma: cmd.idioma,
        telefone,
        version: cmd.version,
    };
    let reader = aviso::reader(tx, id).await?;
    // In a savepoint: whoever asked may be told on the same page that the e-mail is another's.
    let written = tx.nested(async |tx: &mut TenantTx| sql::update(tx, id, &dados).await).await;
    written.map_err(|why| match why {
        Unwritten::Changed => AlterarUsuarioError::Changed,
        Unwritten::EmailTaken => AlterarUsuarioError::EmailTaken,
        Unwritten::TelefoneTaken => AlterarUsuarioError::TelefoneTaken,
        Unwritten::PerfilGone => AlterarUsuarioError::UnknownPerfil,
        Unwritten::Fault(fault) => AlterarUsuarioError::Fault(fault),
    })?;
    // With what was decided for the person alone; nobody gives away more than they hold.
    if moves && !perfil::lasting(tx, actor).await?.covers(&perfil::most_of(tx, id).await?) {
        return Err(Denied { permission: GERIR }.into());
    }
    let change = Change::between(
        &json!({ "nome": before.nome, "email": before.email, "perfil": before.perfil, "setor": before.setor, "idioma": before.idioma,
                 "telefone": before.telefone }),
        &json!({ "nome": cmd.nome, "email": cmd.email, "perfil": perfil.nome, "setor": cmd.setor, "idioma": cmd.idioma,
                 "telefone": telefone }),
    );
    if !change.is_empty() {
        tx.audit(actor, Entry { action: "usuario.alterado", entity: "usuario", entity_id: Some(id.uuid()), change }).await?;
    }
    if readdressed || renumbered {
        // Whoever can enter here by what was changed must not walk on from here as this person.
        pessoa::soltar(tx, actor, id).await?;
    }
    if readdressed {
        // What was mailed to the old address opens nothing any more.
        recuperacao::end_all(tx, id).await?;
        passo::end_all(tx, id).await?;
        fator::retirar_email(tx, actor, id).await?;
        aparelho::distrust(tx, id).await?;
        aviso::send_to(tx, reader, Aviso::EmailTrocado, &actor.meta).await?;
    }
    if renumbered && before.telefone.is_some() {
        // Whoever has the old telephone is out, and so is what it opened.
        sessao::end_by(tx, id, Method::Telefone).await?;
    }
    if moves {
        tx.tell(web::live::WHO, id).await?;
    }
    Ok(())
}
