//! O pedido: what a person asks of the unidade about their own data (LGPD art. 18), from their account, from outside by the public
//! page, or noted by whoever took the call.
//!
//! The rules it protects: nobody asks in another's name (from outside it counts once the link in the letter was followed; the letter
//! holds nothing that a stranger typed); every way in answers the same whoever is known here; the time runs from when it came
//! (art. 19: at once for a confirmation, 15 days for the rest); each answer has its words, a refusal its legal ground.

mod file;
mod fora;
mod gravar;
pub(crate) mod letter;
pub(crate) mod pages;
pub(crate) mod publico;
pub(crate) mod sql;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use kernel::{Email, Entity, Id, Lang, Permission, Refusal, Rule, Telefone, Texto, Told};
use messaging::{NoticeKind, NoticeRule};
use uuid::Uuid;

use crate::coded::coded;

pub use fora::{Confirmado, ForaError, confirmar, pedir_de_fora};
pub use gravar::{Desfecho, atender, ligar, ligar_apagamento, pedir_da_conta, registrar, responder};
pub(crate) use gravar::{open, tell};
pub use sql::{find, find_by_link};

/// May see what people ask, note it and answer.
pub const ATENDER: Permission = Permission::new("privacidade.pedido.atender");

/// What titulares ask, and how near its deadline is. The law names the deadline, so the panel cannot be silenced.
pub static NOTICE: NoticeKind = NoticeKind {
    code: "privacidade.pedido",
    label: "notice-pedido",
    help: "notice-pedido-help",
    needs: Some(ATENDER),
    panel: NoticeRule::Always,
    email: NoticeRule::On,
};

#[derive(Debug)]
pub enum PedidoEntity {}
impl Entity for PedidoEntity {
    const NAME: &'static str = "pedido_titular";
}
pub type PedidoId = Id<PedidoEntity>;

/// How long the link works that confirms one.
pub const CONFIRMED_WITHIN: TimeDelta = TimeDelta::hours(48);
/// How long its asker sees how it stands, after the day on which it is due, and after it was answered.
const SHOWN_FOR: TimeDelta = TimeDelta::days(90);
/// How long an answered one is kept: as long as a claim can be brought (Código Civil, art. 206, § 5).
pub const KEPT: TimeDelta = TimeDelta::days(5 * 365);
/// Whoever answers is reminded so many days before.
pub(crate) const SOON: u64 = 3;

coded! {
    /// What is asked (art. 18, I to IX, and § 2).
    Tipo {
        Confirmacao: "confirmacao", "pedido-confirmacao";
        Acesso: "acesso", "pedido-acesso";
        Correcao: "correcao", "pedido-correcao";
        Eliminacao: "eliminacao", "pedido-eliminacao";
        Portabilidade: "portabilidade", "pedido-portabilidade";
        Compartilhamento: "compartilhamento", "pedido-compartilhamento";
        Revogacao: "revogacao", "pedido-revogacao";
        Oposicao: "oposicao", "pedido-oposicao";
    }
}

coded! {
    /// How it came.
    Origem {
        Conta: "conta", "pedido-origem-conta";
        Formulario: "formulario", "pedido-origem-formulario";
        Telefone: "telefone", "pedido-origem-telefone";
        Carta: "carta", "pedido-origem-carta";
        Pessoalmente: "pessoalmente", "pedido-origem-pessoalmente";
    }
}

impl Origem {
    /// Those that somebody notes for the person.
    pub const NOTED: [Self; 3] = [Self::Telefone, Self::Carta, Self::Pessoalmente];
}

coded! {
    /// How it stands.
    Situacao {
        AConfirmar: "a_confirmar", "pedido-a-confirmar";
        Recebido: "recebido", "pedido-recebido";
        EmAtendimento: "em_atendimento", "pedido-em-atendimento";
        Atendido: "atendido", "pedido-atendido";
        Recusado: "recusado", "pedido-recusado";
        Duplicado: "duplicado", "pedido-duplicado";
    }
}

coded! {
    /// When an open one is due.
    Prazo {
        Vencido: "vencido", "pedidos-prazo-vencido";
        Vencendo: "vencendo", "pedidos-prazo-vencendo";
        Depois: "depois", "pedidos-prazo-depois";
    }
}

impl Situacao {
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Recebido | Self::EmAtendimento)
    }
}

impl Tipo {
    /// The last day to answer (art. 19).
    #[must_use]
    pub fn data_limite(self, received: NaiveDate) -> NaiveDate {
        let days = if self == Self::Confirmacao { 0 } else { 15 };
        received.checked_add_days(Days::new(days)).unwrap_or(received)
    }
}

/// What somebody asks.
#[derive(Debug, Clone)]
pub struct Novo {
    pub tipo: Tipo,
    pub nome: Texto<120>,
    pub email: Option<Email>,
    pub telefone: Option<Telefone>,
    pub texto: Option<Texto<4000>>,
}

/// A pedido as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pedido {
    pub id: PedidoId,
    pub protocolo: String,
    pub tipo: Tipo,
    pub origem: Origem,
    pub situacao: Situacao,
    pub nome: String,
    pub email: Option<String>,
    pub telefone: Option<String>,
    pub texto: Option<String>,
    pub lang: Lang,
    pub usuario_id: Option<Uuid>,
    pub titular: Option<(String, Uuid)>,
    pub apagamento_id: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub recebido_at: Option<DateTime<Utc>>,
    pub data_limite: Option<NaiveDate>,
    pub resposta: Option<String>,
    pub fundamento: Option<String>,
    pub respondido_at: Option<DateTime<Utc>>,
    pub respondido_por_nome: Option<String>,
    pub registrado_por_nome: Option<String>,
    pub apagar_depois: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PedidoRule {
    #[error("it was answered")]
    Answered,
    #[error("no such person")]
    NoTitular,
    #[error("too many are open of this person")]
    TooMany,
    #[error("neither address nor number to answer to")]
    NoAddress,
}

impl Rule for PedidoRule {
    fn told(&self) -> Told {
        match self {
            Self::Answered => Told::conflict("pedido-answered"),
            Self::NoTitular => Told::invalid("pedido-no-titular"),
            Self::TooMany => Told::conflict("pedido-too-many"),
            Self::NoAddress => Told::invalid("pedido-no-address").at("email"),
        }
    }
}

pub type PedidoError = Refusal<PedidoRule>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_law_gives_fifteen_days_and_for_a_confirmation_none() {
        let received = "2026-12-20".parse().unwrap();
        assert_eq!(Tipo::Acesso.data_limite(received), "2027-01-04".parse().unwrap());
        assert_eq!(Tipo::Confirmacao.data_limite(received), received);
    }

    #[test]
    fn codes_are_those_of_the_table() {
        for tipo in Tipo::ALL {
            assert_eq!(Tipo::from_code(tipo.code()), Some(*tipo));
        }
        assert_eq!(Situacao::from_code("a_confirmar"), Some(Situacao::AConfirmar));
        assert_eq!(Origem::from_code("x"), None);
        assert!(!Situacao::AConfirmar.is_open() && Situacao::EmAtendimento.is_open());
    }
}
