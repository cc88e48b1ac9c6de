//! Asking again where many empresas stand with the Receita Federal: those that somebody picked, and every night some of those
//! that were asked longest ago.
//!
//! The rules it protects: nobody who waits for an answer waits longer because of it; nobody hears of more empresas than they
//! reach, when it is asked for and when it is done; what was answered is not asked again, however often a worker dies; each
//! empresa has one result.

pub mod pages;
mod rodar;
mod sql;

use chrono::{DateTime, TimeDelta, Utc};
use jobs::{Enqueue, Handler, Payload, Schedule};
use kernel::{Actor, Denied, Entity, ErrorKind, Fault, Id, Kind};
use messaging::{NoticeKind, NoticeRule};
use serde::{Deserialize, Serialize};
use tenancy::{Change, Entry, TenantTx};
use uuid::Uuid;

use crate::{
    consulta::{Consultas, SituacaoCadastral},
    empresa::{
        ADMINISTRAR, CONSULTAR, EmpresaId, Reach, VER,
        lote::{self, Which},
    },
};

/// How asking the register anew ended, to whoever asked for it.
pub static NOTICE: NoticeKind = NoticeKind {
    code: "empresas.reconsulta",
    label: "notice-reconsulta",
    help: "notice-reconsulta-help",
    needs: Some(CONSULTAR),
    panel: NoticeRule::On,
    email: NoticeRule::Off,
};

/// What the register says otherwise now of empresas, to who is responsável for them.
pub static CHANGED: NoticeKind = NoticeKind {
    code: "empresas.mudanca",
    label: "notice-mudanca",
    help: "notice-mudanca-help",
    needs: Some(VER),
    panel: NoticeRule::On,
    email: NoticeRule::Off,
};

#[derive(Debug)]
pub enum ReconsultaEntity {}
impl Entity for ReconsultaEntity {
    const NAME: &'static str = "reconsulta";
}
pub type ReconsultaId = Id<ReconsultaEntity>;

/// At once: some days of work for the provider that allows the least.
pub const MAX: i64 = lote::MAX;
/// Of those that were asked longest ago, in one go.
pub const OLDEST: i64 = 100;
/// What was asked less long ago is not old.
pub const OLD: TimeDelta = TimeDelta::days(90);
/// What came to nothing is tried again by the product itself after so long.
const TRIED: TimeDelta = TimeDelta::days(30);
/// One of the product itself that is on its way for so long has lost its job.
const STUCK: TimeDelta = TimeDelta::days(7);
/// How long one is kept.
const KEPT: TimeDelta = TimeDelta::days(90);
/// An answer that was given so long before somebody asked for all of them is not asked for again.
const RECENT: TimeDelta = TimeDelta::days(1);
/// Told to the open pages when one has come further.
pub(crate) const TOPIC: &str = "reconsulta";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Fila,
    Andamento,
    Concluida,
    Cancelada,
    Falhou,
}

impl State {
    const ALL: [Self; 5] = [Self::Fila, Self::Andamento, Self::Concluida, Self::Cancelada, Self::Falhou];

    const fn code(self) -> &'static str {
        match self {
            Self::Fila => "fila",
            Self::Andamento => "andamento",
            Self::Concluida => "concluida",
            Self::Cancelada => "cancelada",
            Self::Falhou => "falhou",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether there is something left to ask.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Fila | Self::Andamento)
    }
}

/// What one empresa came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resultado {
    /// It stands otherwise than before.
    Alterada,
    /// It was never known before.
    Nova,
    Inalterada,
    /// There is no such CNPJ.
    Ausente,
    /// Nobody answered.
    Falhou,
    /// It was not within reach any more, or had another CNPJ by then.
    Fora,
}

impl Resultado {
    /// In the order in which a person wants to see them.
    pub const ALL: [Self; 6] = [Self::Alterada, Self::Nova, Self::Ausente, Self::Falhou, Self::Inalterada, Self::Fora];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Alterada => "alterada",
            Self::Nova => "nova",
            Self::Inalterada => "inalterada",
            Self::Ausente => "ausente",
            Self::Falhou => "falhou",
            Self::Fora => "fora",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resultado| resultado.code() == code)
    }
}

/// Many empresas on their way to the Receita Federal and back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconsulta {
    pub id: ReconsultaId,
    /// `None`: the product itself.
    pub usuario_id: Option<Uuid>,
    pub consulta: String,
    pub state: State,
    pub total: i32,
    pub inalteradas: i32,
    pub alteradas: i32,
    pub novas: i32,
    pub ausentes: i32,
    pub falhas: i32,
    pub fora: i32,
    /// Questions in a row to which nobody answered.
    pub silencios: i16,
    pub reason: Option<String>,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

impl Reconsulta {
    #[must_use]
    pub const fn count(&self, resultado: Resultado) -> i32 {
        match resultado {
            Resultado::Alterada => self.alteradas,
            Resultado::Nova => self.novas,
            Resultado::Inalterada => self.inalteradas,
            Resultado::Ausente => self.ausentes,
            Resultado::Falhou => self.falhas,
            Resultado::Fora => self.fora,
        }
    }

    /// How many have their result.
    #[must_use]
    pub fn done(&self) -> i32 {
        Resultado::ALL.into_iter().map(|resultado| self.count(resultado)).sum()
    }
}

/// One empresa of a reconsulta, within the reader's reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linha {
    pub empresa: EmpresaId,
    pub nome: String,
    pub cnpj: String,
    pub resultado: Resultado,
    pub antes: Option<SituacaoCadastral>,
    pub depois: Option<SituacaoCadastral>,
}

#[derive(Debug, thiserror::Error)]
pub enum ReconsultaError {
    /// There is none, or it is somebody else's.
    #[error("reconsulta not found")]
    NotFound,
    /// Nothing was picked, or nothing of it is within reach.
    #[error("no empresa to ask about")]
    Empty,
    /// How many there are.
    #[error("{0} empresas are more than {MAX}")]
    TooMany(i64),
    /// It would be this many now, not as many as were confirmed.
    #[error("there are {0} empresas now")]
    Moved(i64),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for ReconsultaError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Empty | Self::TooMany(_) => Kind::Invalid,
            Self::Moved(_) => Kind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Empty => "lote-empty",
            Self::TooMany(_) => "lote-too-many",
            Self::Moved(_) => "lote-moved",
            Self::Denied(denied) => denied.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn missing(&self) -> Option<&kernel::Permission> {
        match self {
            Self::Denied(denied) => denied.missing(),
            _ => None,
        }
    }
}

/// Asks about the next ones.
#[derive(Debug, Serialize, Deserialize)]
struct RodarReconsulta {
    reconsulta: ReconsultaId,
}

impl Payload for RodarReconsulta {
    const NAME: &'static str = "empresas.rodar-reconsulta";
}

/// Begins with those that were asked longest ago, and forgets old reconsultas.
#[derive(Debug, Serialize, Deserialize)]
struct ReconsultarAntigas {}

impl Payload for ReconsultarAntigas {
    const NAME: &'static str = "empresas.reconsultar-antigas";
}

/// Of this crate, for the worker.
pub(crate) fn handlers(consultas: &Consultas) -> Vec<Handler> {
    let (one, other, last) = (consultas.clone(), consultas.clone(), consultas.clone());
    vec![
        Handler::tenant(move |job, wish: RodarReconsulta| rodar::rodar(one.clone(), job, wish.reconsulta))
            .gave_up(move |job, wish: RodarReconsulta| rodar::gave_up(other.clone(), job, wish.reconsulta)),
        Handler::tenant(move |job, _: ReconsultarAntigas| rodar::antigas(last.clone(), job)),
    ]
}

/// # Errors
/// None but a defect: an expression of our own that cannot be read.
pub(crate) fn schedules() -> Result<Vec<Schedule>, Fault> {
    Ok(vec![Schedule::each_unidade("empresas.reconsultar-antigas", "40 2 * * *", &ReconsultarAntigas {})?])
}

/// To be gone on with at `at`. One that waits already is moved there.
async fn later(tx: &mut TenantTx, id: ReconsultaId, at: DateTime<Utc>) -> Result<(), Fault> {
    // Behind everything else of the unidade.
    let how = Enqueue {
        run_at: Some(at),
        priority: Some(50),
        max_attempts: Some(12),
        ..Enqueue::keyed(format!("{}.{id}", RodarReconsulta::NAME))
    };
    jobs::enqueue(tx, &RodarReconsulta { reconsulta: id }, how).await?;
    Ok(())
}

/// Whose empresas an actor may have asked about.
fn reach(actor: &Actor) -> Result<Reach, Denied> {
    actor.require(&CONSULTAR)?;
    Reach::of(actor, &VER)
}

/// The person a reconsulta belongs to.
fn owner(actor: &Actor) -> Result<Uuid, Denied> {
    actor.require(&CONSULTAR)?;
    // A program with a token has no pages and no notificações.
    actor.usuario().ok_or(Denied { permission: CONSULTAR })
}

/// Whether an actor sees those of the product itself: they tell of everybody's empresas.
fn sees_all(actor: &Actor) -> bool {
    Reach::of(actor, &VER).is_ok_and(|reach| reach.responsavel().is_none())
}

/// What it would be about: how many, and the names of the first few.
pub async fn preview(tx: &mut TenantTx, actor: &Actor, which: &Which) -> Result<lote::Preview, ReconsultaError> {
    Ok(lote::preview_within(tx, reach(actor)?, which).await?)
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nova {
    pub which: Which,
    /// How many the person was told it will be.
    pub seen: i64,
    /// Query string of the list, to come back to.
    pub consulta: String,
}

/// Asks for as many as the person confirmed. Of the same that is on its way already, no second one is made.
pub async fn pedir(tx: &mut TenantTx, actor: &Actor, nova: &Nova) -> Result<ReconsultaId, ReconsultaError> {
    let usuario = owner(actor)?;
    let ids = lote::pick(tx, reach(actor)?, &nova.which, MAX + 1).await?;
    match i64::try_from(ids.len()).unwrap_or(i64::MAX) {
        0 => return Err(ReconsultaError::Empty),
        found if found > MAX => return Err(ReconsultaError::TooMany(found)),
        found if found != nova.seen => return Err(ReconsultaError::Moved(found)),
        _ => {}
    }
    begin(tx, actor, Some(usuario), &nova.consulta, &ids).await
}

/// Asks for those within the actor's reach that were asked longest ago.
pub async fn pedir_antigas(tx: &mut TenantTx, actor: &Actor) -> Result<ReconsultaId, ReconsultaError> {
    let usuario = owner(actor)?;
    let ids = sql::oldest(tx, reach(actor)?, None, None, OLDEST).await?;
    if ids.is_empty() {
        return Err(ReconsultaError::Empty);
    }
    begin(tx, actor, Some(usuario), "", &ids).await
}

/// Asks again for those of one that has ended which nobody answered, or which it did not come to.
pub async fn repetir(tx: &mut TenantTx, actor: &Actor, id: ReconsultaId) -> Result<ReconsultaId, ReconsultaError> {
    let usuario = owner(actor)?;
    let before = find(tx, actor, id).await?;
    if before.state.is_open() {
        return Ok(id);
    }
    let ids = sql::unanswered(tx, id, reach(actor)?).await?;
    if ids.is_empty() {
        return Err(ReconsultaError::Empty);
    }
    begin(tx, actor, Some(usuario), &before.consulta, &ids).await
}

async fn begin(
    tx: &mut TenantTx,
    actor: &Actor,
    usuario: Option<Uuid>,
    consulta: &str,
    ids: &[Uuid],
) -> Result<ReconsultaId, ReconsultaError> {
    // Of two clicks the second finds what the first has made.
    if let Some(usuario) = usuario {
        sql::hold_owner(tx, usuario).await?;
    }
    if let Some(id) = sql::same(tx, usuario, ids).await? {
        return Ok(id);
    }
    let id = sql::insert(tx, usuario, consulta, ids).await?;
    let change = Change { before: None, after: Some(serde_json::json!({ "empresas": ids.len() })) };
    let entry = Entry { action: "reconsulta.pedida", entity: "reconsulta", entity_id: Some(id.uuid()), change };
    tx.audit(actor, entry).await?;
    let now = tx.clock().now();
    later(tx, id, now).await?;
    Ok(id)
}

/// One of the actor's own, or of the product itself for who sees everybody's empresas.
pub async fn find(tx: &mut TenantTx, actor: &Actor, id: ReconsultaId) -> Result<Reconsulta, ReconsultaError> {
    let usuario = owner(actor)?;
    let seen = |found: &Reconsulta| found.usuario_id.map_or_else(|| sees_all(actor), |owner| owner == usuario);
    sql::find(tx, id).await?.filter(seen).ok_or(ReconsultaError::NotFound)
}

/// Gives up one that is still on its way: one's own, or one of the product itself by who administers. What was answered until
/// then stays. Answers whether it was.
pub async fn cancelar(tx: &mut TenantTx, actor: &Actor, id: ReconsultaId) -> Result<bool, ReconsultaError> {
    if find(tx, actor, id).await?.usuario_id.is_none() {
        actor.require(&ADMINISTRAR)?;
    }
    let cancelled = sql::end(tx, id, State::Cancelada, None).await?;
    if cancelled {
        let entry =
            Entry { action: "reconsulta.cancelada", entity: "reconsulta", entity_id: Some(id.uuid()), change: Change::default() };
        tx.audit(actor, entry).await?;
        tx.tell(TOPIC, id).await?;
    }
    Ok(cancelled)
}
