//! Comunicados: what whoever may writes to people of the unidade. One is told at once by the bell and, if asked, by e-mail; or it is
//! shown to whom it concerns on the page they come in by, on its days; or both.
//!
//! The rules it protects: it goes to people of this unidade who come here, to each of them once, however often its form is sent; whom
//! it does not concern does not read it; who has put it away does not find it again, on no device; after its last day it is gone.

mod gerir;
pub mod gerir_pages;
pub mod leitor_pages;
pub mod pages;
mod publicar;
mod sql;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Entity, Id, Invalid, Permission, Refusal, Rule, Texto, Told};
use messaging::{NoticeKind, NoticeRule};

pub use gerir::{Alterar, alterar, encerrar};
pub use publicar::{Alcance, Destino, Publicar, prever, publicar};
pub use sql::{dispensar, mostrados, opened};
pub(crate) use sql::{erase, of};

use crate::{perfil::PerfilId, usuario::UsuarioId};

/// May write comunicados, and see who read them.
pub const GERIR: Permission = Permission::new("acesso.comunicado.gerir");

/// That somebody wrote one. On the panel it is never silenced: a person wrote it to people.
pub static NOTICE: NoticeKind = NoticeKind {
    code: "acesso.comunicado",
    label: "notice-comunicado",
    help: "notice-comunicado-help",
    needs: None,
    panel: NoticeRule::Always,
    email: NoticeRule::On,
};

#[derive(Debug)]
pub enum ComunicadoEntity {}
impl Entity for ComunicadoEntity {
    const NAME: &'static str = "comunicado";
}
pub type ComunicadoId = Id<ComunicadoEntity>;

pub type Titulo = Texto<120>;
pub type Corpo = Texto<4000>;

/// Days of the unidade on which one is shown, the first and the last of them included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dias {
    inicio: NaiveDate,
    fim: NaiveDate,
}

impl Dias {
    /// # Errors
    /// A last day before the first.
    pub fn new(inicio: NaiveDate, fim: NaiveDate) -> Result<Self, Invalid> {
        if fim < inicio { Err(Invalid::new("comunicado-dias")) } else { Ok(Self { inicio, fim }) }
    }

    #[must_use]
    pub const fn inicio(self) -> NaiveDate {
        self.inicio
    }

    #[must_use]
    pub const fn fim(self) -> NaiveDate {
        self.fim
    }
}

/// As whoever wrote it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comunicado {
    pub id: ComunicadoId,
    pub titulo: String,
    pub texto: String,
    pub todos: bool,
    /// Names of the perfis it went to.
    pub perfis: Vec<String>,
    /// How many people were named.
    pub usuarios: i64,
    pub told: bool,
    pub mailed: bool,
    pub dias: Option<Dias>,
    pub autor_nome: String,
    pub encerrado_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub version: i32,
    /// How many it rang for.
    pub avisados: i64,
    pub lidos: i64,
}

/// Where one stands, on a day of the unidade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Situacao {
    /// Told, and never meant to be shown.
    Avisado,
    Agendado,
    Mostrado,
    Encerrado,
}

impl Comunicado {
    #[must_use]
    pub fn situacao(&self, today: NaiveDate) -> Situacao {
        match self.dias {
            None => Situacao::Avisado,
            Some(dias) if self.encerrado_at.is_some() || dias.fim < today => Situacao::Encerrado,
            Some(dias) if today < dias.inicio => Situacao::Agendado,
            Some(_) => Situacao::Mostrado,
        }
    }
}

/// As it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recebido {
    pub id: ComunicadoId,
    pub titulo: String,
    pub texto: String,
    pub autor_nome: String,
    pub created_at: DateTime<Utc>,
    /// Nothing is left to do about it.
    pub done: bool,
}

/// Somebody it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leitor {
    pub id: UsuarioId,
    pub nome: String,
    pub perfil: String,
    pub read_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ComunicadoRule {
    #[error("it would reach nobody")]
    Ninguem,
    #[error("it is neither told nor shown")]
    Meio,
    #[error("its last day is over")]
    Passado,
    /// Its form was sent before, with other words.
    #[error("it was sent already")]
    Enviado,
    #[error("it is not shown any more")]
    Encerrado,
    #[error("it was changed meanwhile")]
    Changed,
}

impl Rule for ComunicadoRule {
    fn told(&self) -> Told {
        match self {
            Self::Ninguem => Told::invalid("comunicado-ninguem").at("para"),
            Self::Meio => Told::invalid("comunicado-meio").at("avisar"),
            Self::Passado => Told::invalid("comunicado-passado").at("data_fim"),
            Self::Enviado => Told::conflict("comunicado-enviado"),
            Self::Encerrado => Told::conflict("comunicado-encerrado"),
            Self::Changed => Told::conflict("conflict"),
        }
    }
}

pub type ComunicadoError = Refusal<ComunicadoRule>;

/// A perfil or a person that one can be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alvo<Of> {
    pub id: Of,
    pub nome: String,
    pub sub: String,
}

pub(crate) type Alvos = (Vec<Alvo<PerfilId>>, Vec<Alvo<UsuarioId>>);

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, n).unwrap()
    }

    #[test]
    fn it_is_shown_from_its_first_day_to_its_last() {
        let one = |dias, encerrado_at| Comunicado {
            id: ComunicadoId::new(uuid::Uuid::nil()),
            titulo: String::new(),
            texto: String::new(),
            todos: true,
            perfis: Vec::new(),
            usuarios: 0,
            told: true,
            mailed: false,
            dias,
            autor_nome: String::new(),
            encerrado_at,
            created_at: DateTime::UNIX_EPOCH,
            version: 1,
            avisados: 0,
            lidos: 0,
        };
        let dias = Dias::new(day(24), day(26)).ok();
        for (today, situacao) in
            [(23, Situacao::Agendado), (24, Situacao::Mostrado), (26, Situacao::Mostrado), (27, Situacao::Encerrado)]
        {
            assert_eq!(one(dias, None).situacao(day(today)), situacao, "on the {today}th");
        }
        assert_eq!(one(dias, Some(DateTime::UNIX_EPOCH)).situacao(day(24)), Situacao::Encerrado);
        assert_eq!(one(None, None).situacao(day(24)), Situacao::Avisado);
        assert!(Dias::new(day(24), day(23)).is_err() && Dias::new(day(24), day(24)).is_ok());
    }
}
