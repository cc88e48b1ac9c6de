//! O incidente: something happened to data of people, and within three dias úteis the ANPD and the titulares are to hear of it
//! where it can harm them (LGPD art. 48; Regulamento de Comunicação de Incidente de Segurança, Resolução CD/ANPD 15/2024).
//!
//! The rules it protects: the time runs from when it was known that personal data were touched (arts. 6 and 9), in the zone of the
//! unidade; whether to tell is decided by somebody, with a reason, and neither decision nor step is taken back silently; nothing of
//! the register is deleted, also of what was not told (art. 10: five years at least).

pub(crate) mod carta;
pub(crate) mod file;
mod gravar;
pub(crate) mod pages;
pub(crate) mod prazo;
pub(crate) mod sql;

use chrono::{DateTime, Utc};
use kernel::{Entity, Id, Permission, Refusal, Rule, Texto, Told};
use messaging::{NoticeKind, NoticeRule};

pub use carta::{Carta, Publico, enviar, prever};
pub use gravar::{Comunicacao, alterar, anotar, comunicado, decidir, encerrar, registrar};
pub use prazo::{Prazo, prazo};
pub use sql::{find, passos};

/// May see and keep the register of incidentes, and write to those whom one touched.
pub const GERIR: Permission = Permission::new("privacidade.incidente.gerir");

/// The clock of an incidente. The law names its time, so the panel cannot be silenced.
pub static NOTICE: NoticeKind = NoticeKind {
    code: "privacidade.incidente",
    label: "notice-incidente",
    help: "notice-incidente-help",
    needs: Some(GERIR),
    panel: NoticeRule::Always,
    email: NoticeRule::Now,
};

#[derive(Debug)]
pub enum IncidenteEntity {}
impl Entity for IncidenteEntity {
    const NAME: &'static str = "incidente";
}
pub type IncidenteId = Id<IncidenteEntity>;

/// Kinds of data that may be touched: code and key of what it is called.
pub const DADOS: [(&str, &str); 9] = [
    ("identificacao", "classe-identificacao"),
    ("contato", "classe-contato"),
    ("profissional", "classe-profissional"),
    ("credencial", "incidente-dado-credencial"),
    ("acesso", "classe-acesso"),
    ("financeiro", "incidente-dado-financeiro"),
    ("sensivel", "incidente-dado-sensivel"),
    ("texto", "classe-texto-livre"),
    ("arquivo", "classe-arquivo"),
];

/// What makes the risk a relevant one (art. 5 of the resolution).
pub const RISCOS: [(&str, &str); 6] = [
    ("sensiveis", "incidente-risco-sensiveis"),
    ("vulneraveis", "incidente-risco-vulneraveis"),
    ("financeiros", "incidente-risco-financeiros"),
    ("autenticacao", "incidente-risco-autenticacao"),
    ("sigilo", "incidente-risco-sigilo"),
    ("larga-escala", "incidente-risco-larga-escala"),
];

/// What is told of an incidente.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dados {
    pub titulo: Texto<160>,
    pub descricao: Texto<4000>,
    /// When it began, as far as that is known.
    pub inicio_at: Option<DateTime<Utc>>,
    /// When it was known that data of people were touched.
    pub conhecido_at: DateTime<Utc>,
    /// Codes of [`DADOS`].
    pub dados: Vec<String>,
    /// Codes of [`RISCOS`].
    pub riscos: Vec<String>,
    pub afetados: Option<i32>,
    pub consequencias: Option<Texto<4000>>,
    pub medidas_antes: Option<Texto<4000>>,
    pub contencao: Option<Texto<4000>>,
    pub medidas_depois: Option<Texto<4000>>,
}

/// Whether the ANPD and the titulares are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decisao {
    Comunicar,
    NaoComunicar,
}

impl Decisao {
    pub const ALL: [Self; 2] = [Self::Comunicar, Self::NaoComunicar];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Comunicar => "comunicar",
            Self::NaoComunicar => "nao_comunicar",
        }
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Comunicar => "incidente-comunicar",
            Self::NaoComunicar => "incidente-nao-comunicar",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// An incidente as the register has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incidente {
    pub id: IncidenteId,
    pub protocolo: String,
    pub titulo: String,
    pub descricao: String,
    pub inicio_at: Option<DateTime<Utc>>,
    pub conhecido_at: DateTime<Utc>,
    pub dados: Vec<String>,
    pub riscos: Vec<String>,
    pub afetados: Option<i32>,
    pub consequencias: Option<String>,
    pub medidas_antes: Option<String>,
    pub contencao: Option<String>,
    pub medidas_depois: Option<String>,
    pub decisao: Option<Decisao>,
    pub justificativa: Option<String>,
    pub decidido_at: Option<DateTime<Utc>>,
    pub anpd_at: Option<DateTime<Utc>>,
    pub anpd_protocolo: Option<String>,
    pub titulares_at: Option<DateTime<Utc>>,
    pub titulares_meio: Option<String>,
    pub encerrado_at: Option<DateTime<Utc>>,
    pub registrado_por_nome: String,
    pub created_at: DateTime<Utc>,
    pub lembrete: i16,
    pub version: i32,
}

impl Incidente {
    /// Whether somebody still has to hear of it, or it has to be decided whether.
    #[must_use]
    pub const fn is_pending(&self) -> bool {
        self.encerrado_at.is_none()
            && match self.decisao {
                None => true,
                Some(Decisao::Comunicar) => self.anpd_at.is_none() || self.titulares_at.is_none(),
                Some(Decisao::NaoComunicar) => false,
            }
    }
}

/// A step in its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passo {
    pub kind: String,
    pub texto: Option<String>,
    pub actor_nome: String,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IncidenteRule {
    #[error("it was known in the future")]
    KnownInFuture,
    #[error("it was known before it began")]
    KnownBefore,
    #[error("somebody else has changed it")]
    Changed,
    #[error("it is closed")]
    Closed,
    #[error("it was decided not to tell")]
    NotToTell,
    #[error("told before it was known, or in the future")]
    ToldWhen,
    #[error("not decided, or somebody is still to hear of it")]
    Pending,
    #[error("nobody to write to")]
    Nobody,
    #[error("others would hear of it than were shown")]
    OtherPeople,
}

impl Rule for IncidenteRule {
    fn told(&self) -> Told {
        match self {
            Self::KnownInFuture => Told::invalid("incidente-known-in-future").at("conhecido_at"),
            Self::KnownBefore => Told::invalid("incidente-known-before").at("inicio_at"),
            Self::Changed => Told::conflict("incidente-changed"),
            Self::Closed => Told::conflict("incidente-closed"),
            Self::NotToTell => Told::conflict("incidente-not-to-tell"),
            Self::ToldWhen => Told::invalid("incidente-told-when").at("at"),
            Self::Pending => Told::conflict("incidente-pending"),
            Self::Nobody => Told::invalid("incidente-nobody"),
            Self::OtherPeople => Told::conflict("incidente-other-people"),
        }
    }
}

pub type IncidenteError = Refusal<IncidenteRule>;
