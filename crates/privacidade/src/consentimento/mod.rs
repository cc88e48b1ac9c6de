//! O consentimento: what somebody agreed to, for which finalidade and in which words (LGPD arts. 7, I, and 8).
//!
//! The rules it protects: words that somebody may have agreed to are never changed, others are another versao; that it was given is
//! proved and never deleted by being taken back (art. 8, § 2); taking it back is as easy as giving it, free, and at once (§ 5); a no is
//! believed wherever it may be meant, a yes only where it was said ([`Quem`]); whoever refused a text is not asked for it again.
//!
//! Other modules ask [`vale`] before they do what a finalidade is for.

mod carta;
pub(crate) mod conta;
pub(crate) mod file;
mod finalidade;
mod gravar;
pub(crate) mod pages;
pub(crate) mod publico;
pub(crate) mod sql;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Email, Entity, Id, Permission, Refusal, Rule, Texto, Told};
use uuid::Uuid;

pub(crate) use carta::handlers;
pub use carta::{CARTA_KEPT, Convidado, ESCOLHA_WITHIN, Resposta, convidado, pedir, pedir_de_novo, responder_por_link};
pub use finalidade::{Palavras, criar, encerrar, nova_versao, reabrir};
pub use gravar::{Anotar, anotar, dar_da_conta, retirar_da_conta, retirar_do_pedido, retirar_um};
pub(crate) use gravar::{of_pedido, own};
pub use sql::{find, find_finalidade, posicoes, vale};

use crate::{coded::coded, pedido, titular::TitularRef};

/// May see and keep the register of consentimentos, and ask people for theirs.
pub const GERIR: Permission = Permission::new("privacidade.consentimento.gerir");

/// How long one is kept after it was taken back: as long as it may have to be proved that there was one.
pub const KEPT: TimeDelta = pedido::KEPT;

#[derive(Debug)]
pub enum FinalidadeEntity {}
impl Entity for FinalidadeEntity {
    const NAME: &'static str = "finalidade";
}
pub type FinalidadeId = Id<FinalidadeEntity>;

#[derive(Debug)]
pub enum ConsentimentoEntity {}
impl Entity for ConsentimentoEntity {
    const NAME: &'static str = "consentimento";
}
pub type ConsentimentoId = Id<ConsentimentoEntity>;

/// What a finalidade is called, and what people agree to.
pub type Titulo = Texto<120>;
pub type Redacao = Texto<4000>;
/// By what a consentimento can be proved, or how it was taken back.
pub type Evidencia = Texto<1000>;

/// Why something is done with people's data that only they can allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finalidade {
    pub id: FinalidadeId,
    pub versao: i32,
    pub titulo: String,
    pub texto: String,
    pub encerrado_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// A text of a finalidade as it was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versao {
    pub versao: i32,
    pub titulo: String,
    pub texto: String,
    /// Whoever agreed to an earlier one is asked anew.
    pub renovar: bool,
    pub created_at: DateTime<Utc>,
    pub created_by_nome: String,
}

/// Whose consentimento it is: of whom the unidade has a record, or whoever reads a mailbox.
///
/// Given, it is that person's alone. Taken back, it is taken back everywhere it may be theirs: by their record and by their e-mail,
/// also where the latter is shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quem {
    titular: Option<TitularRef>,
    email: Option<String>,
}

impl Quem {
    #[must_use]
    pub fn titular(titular: TitularRef, email: Option<&str>) -> Self {
        Self { titular: Some(titular), email: email.map(str::to_lowercase) }
    }

    #[must_use]
    pub fn email(email: &Email) -> Self {
        Self { titular: None, email: Some(email.as_str().to_owned()) }
    }

    pub(crate) fn parts(&self) -> (Option<&str>, Option<Uuid>, Option<&str>) {
        let titular = self.titular.as_ref();
        (titular.map(|one| one.kind.as_str()), titular.map(|one| one.id), self.email.as_deref())
    }
}

coded! {
    /// How it was given.
    Meio {
        Conta: "conta", "consentimento-meio-conta";
        Link: "link", "consentimento-meio-link";
        Anotado: "anotado", "consentimento-meio-anotado";
    }
}

coded! {
    /// How it was taken back.
    Retirada {
        Conta: "conta", "consentimento-meio-conta";
        Link: "link", "consentimento-meio-link";
        Pedido: "pedido", "consentimento-retirada-pedido";
        Anotado: "anotado", "consentimento-meio-anotado";
        Apagamento: "apagamento", "consentimento-retirada-apagamento";
    }
}

/// What somebody agreed to, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consentimento {
    pub id: ConsentimentoId,
    pub protocolo: String,
    pub finalidade: FinalidadeId,
    pub versao: i32,
    /// As the text was called then.
    pub titulo: String,
    pub titular: Option<TitularRef>,
    pub nome: String,
    pub email: Option<String>,
    pub meio: Meio,
    pub evidencia: Option<String>,
    pub dado_at: DateTime<Utc>,
    pub registrado_por_nome: Option<String>,
    pub retirado: Option<Retirado>,
    pub situacao: Situacao,
}

/// That it was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retirado {
    pub at: DateTime<Utc>,
    pub meio: Retirada,
    pub evidencia: Option<String>,
    pub por_nome: Option<String>,
}

coded! {
    /// How one stands.
    Situacao {
        Vale: "vale", "consentimento-vale";
        Anterior: "anterior", "consentimento-anterior";
        Superado: "superado", "consentimento-superado";
        Substituido: "substituido", "consentimento-substituido";
        Retirado: "retirado", "consentimento-retirado";
    }
}

impl Situacao {
    /// Whether it was taken back, and the same person agreed to a later text; whether its text is that of now, and counts.
    const fn of((retirado, newer): (bool, bool), (current, counts): (bool, bool)) -> Self {
        match (retirado, newer, current, counts) {
            (true, ..) => Self::Retirado,
            (_, true, ..) => Self::Substituido,
            (.., true, _) => Self::Vale,
            (.., true) => Self::Anterior,
            _ => Self::Superado,
        }
    }
}

/// Where somebody stands to a finalidade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posicao {
    pub finalidade: Finalidade,
    /// The latest text that they agreed to and did not take back.
    pub dado: Option<Dado>,
    /// When they took it back last.
    pub retirado_at: Option<DateTime<Utc>>,
}

/// What stands of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dado {
    pub versao: i32,
    pub titulo: String,
    pub texto: String,
    pub at: DateTime<Utc>,
    /// It is enough for what the finalidade is now.
    pub vale: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConsentimentoRule {
    #[error("the finalidade is closed")]
    Closed,
    #[error("the text is another by now")]
    TextChanged,
    #[error("the words are those of now")]
    SameText,
    #[error("it was taken back already")]
    TakenBack,
    #[error("given in the future")]
    GivenInFuture,
    #[error("no such person")]
    NoTitular,
    #[error("nobody to write to")]
    NoAddress,
    #[error("they agreed to this text already")]
    GivenAlready,
    #[error("they refused this text")]
    Refused,
    #[error("too many letters to one mailbox")]
    MailboxFull,
    #[error("the time to answer is over")]
    Over,
    #[error("too many answers by one link or from one address")]
    TooMany,
    #[error("none was chosen that stands")]
    NothingChosen,
    #[error("others would be asked than were shown")]
    OtherPeople,
}

impl Rule for ConsentimentoRule {
    fn told(&self) -> Told {
        match self {
            Self::Closed => Told::conflict("finalidade-closed"),
            Self::TextChanged => Told::conflict("finalidade-text-changed"),
            Self::SameText => Told::invalid("finalidade-same-text").at("texto"),
            Self::TakenBack => Told::conflict("consentimento-taken-back"),
            Self::GivenInFuture => Told::invalid("consentimento-given-in-future").at("dado_at"),
            Self::NoTitular => Told::invalid("consentimento-no-titular"),
            Self::NoAddress => Told::invalid("consentimento-no-address"),
            Self::GivenAlready => Told::conflict("consentimento-given-already"),
            Self::Refused => Told::conflict("consentimento-refused"),
            Self::MailboxFull => Told::conflict("consentimento-mailbox-full"),
            Self::Over => Told::conflict("consentimento-over"),
            Self::TooMany => Told::conflict("consentimento-too-many"),
            Self::NothingChosen => Told::conflict("consentimento-nothing-chosen"),
            Self::OtherPeople => Told::conflict("consentimento-other-people"),
        }
    }
}

pub type ConsentimentoError = Refusal<ConsentimentoRule>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_word_goes_before_an_earlier_one() {
        assert_eq!(Situacao::of((true, true), (true, true)), Situacao::Retirado);
        assert_eq!(Situacao::of((false, true), (false, true)), Situacao::Substituido);
        assert_eq!(Situacao::of((false, false), (true, true)), Situacao::Vale);
        assert_eq!(Situacao::of((false, false), (false, true)), Situacao::Anterior);
        assert_eq!(Situacao::of((false, false), (false, false)), Situacao::Superado);
    }

    #[test]
    fn a_mailbox_is_one_however_it_is_spelled() {
        let titular = TitularRef { kind: "contato".into(), id: Uuid::nil() };
        assert_eq!(Quem::titular(titular, Some("Ana@X.example")).parts().2, Some("ana@x.example"));
    }
}
