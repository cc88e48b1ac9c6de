//! Lists of names that a unidade keeps for itself and puts records in order by: segmentos, etiquetas, later categorias and
//! motivos. A module declares one ([`Vocabulary`]) with its SQL and its words; its pages, its commands and what they refuse are
//! here, once for all of them.
//!
//! The rules it protects: a name stands on a list once, whatever its case and accents; one that is in use is merged into
//! another, or goes only where the list says so, and the page says first what uses it; one that stays never goes; every change is
//! in the trail.
//!
//! A list may have headings, under which its names stand and within which they are merged, and an order that people give it.

mod commands;
mod pages;
mod paths;

use futures::future::BoxFuture;
use kernel::{Entity, Fault, Id, Permission, Refusal, Rule, Told};
use serde::Serialize;
use serde_json::Value;
use tenancy::TenantTx;

use crate::{
    forms::{Choice, FormState},
    frame::Frame,
};

pub use commands::{Place, alterar, excluir, mesclar, mover, registrar};
pub use pages::{TermPage, TermsPage, routes};
pub use paths::{One, Terms};

/// What a query answers.
pub type Asked<'a, T> = BoxFuture<'a, Result<T, Fault>>;

/// The id of a term.
pub type TermId<V> = Id<<V as Vocabulary>::Entity>;

/// A list of names as a module declares it.
pub trait Vocabulary: Sized + Send + Sync + 'static {
    /// Its name is the entity of the trail and the kind of the ids in its paths.
    type Entity: Entity;
    /// What a person may say of a term, all of it valid.
    type Dados: Serialize + Send + Sync;

    /// Who keeps the list.
    const GERIR: Permission;
    /// Who takes terms off the list, for good or into another.
    const EXCLUIR: Permission = Self::GERIR;
    const ROUTES: Routes;
    const EVENTS: Events;
    const WORDS: &'static Words;
    /// In the order of the form, the name first.
    const FIELDS: &'static [Field];
    /// Whether one that is in use may be taken off the list, and so off everything that has it.
    const COMES_OFF: bool;
    /// What one that stays is called, and why it does.
    const STAYS: Stays = Stays { badge: "", why: "" };
    /// Where people give the list an order.
    const ORDER: Option<Order> = None;

    /// The frame of the page above.
    fn below(frame: Frame) -> Frame;

    /// What was typed, or its mistakes by their fields.
    fn read<'a>(tx: &'a mut TenantTx, form: &'a mut FormState) -> Asked<'a, Option<Self::Dados>>;

    /// The form as it stands for a term that is there, from its facts.
    fn fill<'a>(tx: &'a mut TenantTx, facts: &'a Value) -> Asked<'a, FormState>;

    /// Key of the heading under which one stands, from its facts; empty on a list without headings.
    fn heading(facts: &Value) -> &'static str {
        let _ = facts;
        ""
    }

    /// All in the order of the page: by name, or by heading and then as people put them.
    fn all(tx: &mut TenantTx) -> Asked<'_, Vec<Term<Self>>>;

    fn one(tx: &mut TenantTx, id: TermId<Self>) -> Asked<'_, Option<Term<Self>>>;

    /// Locks those of `ids` that are there, in an order of their own, so that two who lock the same ones never wait for each
    /// other. Answers their facts.
    fn lock<'a>(tx: &'a mut TenantTx, ids: &'a [TermId<Self>]) -> Asked<'a, Vec<(TermId<Self>, Value)>>;

    /// Locks what must be locked before one that is to leave the list, by a merge or for good.
    fn before(tx: &mut TenantTx, id: TermId<Self>) -> Asked<'_, ()> {
        let _ = (tx, id);
        Box::pin(async { Ok(()) })
    }

    /// `None` when the name is taken.
    fn insert<'a>(tx: &'a mut TenantTx, dados: &'a Self::Dados) -> Asked<'a, Option<TermId<Self>>>;

    /// Answers false when the name is another's; nothing of the transaction can be kept then.
    fn update<'a>(tx: &'a mut TenantTx, id: TermId<Self>, dados: &'a Self::Dados) -> Asked<'a, bool>;

    /// Gives everything that has one to another. Answers how many records had it.
    fn give(tx: &mut TenantTx, from: TermId<Self>, into: TermId<Self>) -> Asked<'_, u64>;

    fn delete(tx: &mut TenantTx, id: TermId<Self>) -> Asked<'_, ()>;

    /// Locks all that stand under its heading, in their order, so that nobody else moves them; nothing when it is not there.
    fn peers(tx: &mut TenantTx, id: TermId<Self>) -> Asked<'_, Vec<TermId<Self>>> {
        let _ = (tx, id);
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Writes the order of one heading.
    fn arrange<'a>(tx: &'a mut TenantTx, ids: &'a [TermId<Self>]) -> Asked<'a, ()> {
        let _ = (tx, ids);
        Box::pin(async { Ok(()) })
    }

    /// One for the test that renders every page; that of 0 is not in use.
    fn sample(n: u8) -> Term<Self>;
}

/// A term with what uses it.
pub struct Term<V: Vocabulary> {
    pub id: TermId<V>,
    pub nome: String,
    /// What is known of it: an object with its `nome`, as the trail keeps it.
    pub facts: Value,
    /// Style of the chip it is drawn as; empty for plain words.
    pub chip: String,
    /// It is never taken off the list.
    pub stays: bool,
    /// Where it is used, what counts most first.
    pub uses: Vec<Use>,
}

/// Records that use a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    pub n: i64,
    /// Key of how many they are, of the variable `n`.
    pub text: &'static str,
    /// Their list; empty where there is none.
    pub href: String,
}

impl<V: Vocabulary> Term<V> {
    /// How many records have it.
    #[must_use]
    pub fn used(&self) -> i64 {
        self.uses.iter().map(|place| place.n).sum()
    }
}

/// Addresses, and samples of a request to each for the matrices.
#[derive(Debug, Clone, Copy)]
pub struct Routes {
    /// `/configuracoes/segmentos`; the others lie below it.
    pub list: &'static str,
    pub one: &'static str,
    pub merge: &'static str,
    pub delete: &'static str,
    pub sample_one: &'static str,
    pub sample_merge: &'static str,
    pub sample_delete: &'static str,
    /// Bodies.
    pub adding: &'static str,
    pub changing: &'static str,
    pub merging: &'static str,
}

/// Keys of what one that stays is called, and of why it does.
#[derive(Debug, Clone, Copy)]
pub struct Stays {
    pub badge: &'static str,
    pub why: &'static str,
}

/// How an order is given: an address, a sample of it, and what the trail and the page say then.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    pub path: &'static str,
    pub sample: &'static str,
    pub event: &'static str,
    pub toast: &'static str,
}

/// Which way one is moved in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sentido {
    Acima,
    Abaixo,
}

impl Sentido {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Acima => "acima",
            Self::Abaixo => "abaixo",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Acima, Self::Abaixo].into_iter().find(|sentido| sentido.code() == code)
    }
}

/// Actions of the audit trail, and what it calls the number of records that a merge or a deletion changed.
#[derive(Debug, Clone, Copy)]
pub struct Events {
    pub added: &'static str,
    pub changed: &'static str,
    pub merged: &'static str,
    pub deleted: &'static str,
    pub counted: &'static str,
}

/// Keys of its texts.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    pub icon: &'static str,
    pub title: &'static str,
    pub sub: &'static str,
    /// Of one of them, as the heading of its column.
    pub term: &'static str,
    /// What uses them, in the plural: the heading of the count.
    pub users: &'static str,
    pub none: &'static str,
    pub none_hint: &'static str,
    /// Heading of the form that changes one.
    pub change: &'static str,
    pub merge: &'static str,
    pub merge_help: &'static str,
    /// Of the variable `nome`.
    pub merge_question: &'static str,
    pub into: &'static str,
    pub delete: &'static str,
    /// Of the variables `nome` and `n`.
    pub delete_question: &'static str,
    /// Of the variable `n`.
    pub in_use: &'static str,
    pub toast_added: &'static str,
    pub toast_changed: &'static str,
    pub toast_merged: &'static str,
    pub toast_deleted: &'static str,
}

/// A field of the form.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    /// Keys of its label, of the label in the form that adds one, and of its help.
    pub label: &'static str,
    pub label_new: &'static str,
    pub help: &'static str,
    pub required: bool,
    /// Characters at most.
    pub max: usize,
    pub when: When,
    pub offer: Offer,
    /// Where more is said of it: key and address.
    pub more: Option<(&'static str, &'static str)>,
}

/// When a field is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Always,
    /// Not yet when one is added: the name is enough then.
    Later,
    /// When one is added; it stays as it was said.
    Once,
}

/// What may be said in a field.
#[derive(Debug, Clone, Copy)]
pub enum Offer {
    Typed,
    /// One of these, each drawn as the chip of its value; the first unless another is chosen.
    Chips(fn(&Frame) -> Vec<Choice>),
    /// One of these, to be chosen.
    Words(fn(&Frame) -> Vec<Choice>),
}

impl Field {
    /// The name, with what it is called in the form that adds one.
    #[must_use]
    pub const fn nome(label: &'static str, label_new: &'static str, max: usize) -> Self {
        Self {
            name: "nome",
            label,
            label_new,
            help: "",
            required: true,
            max,
            when: When::Always,
            offer: Offer::Typed,
            more: None,
        }
    }
}

/// Why a list is left as it is, besides what any command refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TermRule {
    /// Another term has this name, perhaps in another case or with other accents.
    #[error("the name is taken")]
    Taken,
    #[error("{used} records use it")]
    InUse { used: i64 },
    #[error("a term cannot be merged into itself")]
    Same,
    #[error("it is never taken off the list")]
    Stays,
    #[error("it stands under another heading")]
    Apart,
}

impl Rule for TermRule {
    fn told(&self) -> Told {
        match self {
            Self::Taken => Told::conflict("term-taken").at("nome"),
            Self::InUse { .. } => Told::conflict("term-in-use"),
            Self::Same => Told::invalid("term-same").at("em"),
            Self::Stays => Told::conflict("term-stays"),
            Self::Apart => Told::invalid("term-apart").at("em"),
        }
    }
}

pub type TermError = Refusal<TermRule>;
