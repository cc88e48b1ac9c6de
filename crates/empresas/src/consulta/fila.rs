//! The queue of questions in the central database: one for all processes and unidades.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use jobs::{Enqueue, Payload};
use kernel::{Cnpj, Fault};
use serde::{Deserialize, Serialize};
use tenancy::{PlatformTx, UnidadeId};
use web::live;

use super::{
    config::Site,
    dados::Consultado,
    sql,
    vez::{self, Next, Vez},
};

/// What streams of waiting forms listen to.
pub(super) const TOPIC: &str = "consulta";
/// Longer than any question takes: whose asker died is asked for again after it.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// Questions that may wait: of one unidade, and of all. More are refused at once.
const OWN_MAX: i64 = 30;
const ALL_MAX: i64 = 1000;
/// A failed question is remembered so long, for the form that waits for it.
const REMEMBERED: TimeDelta = TimeDelta::minutes(10);

/// Whether somebody sits in front of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    Person,
    Background,
}

impl Urgency {
    /// Lower is asked first.
    const fn priority(self) -> i16 {
        match self {
            Self::Person => 0,
            Self::Background => 1,
        }
    }
}

/// Requests of every minute that a question leaves to people: whoever sits down in front of a form finds one free.
const fn spare(priority: i16) -> usize {
    if priority > 0 { 1 } else { 0 }
}

/// Where a question stands in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lugar {
    /// 1 for the next; 0 when it is being asked just now.
    pub place: i64,
    /// When its turn is expected.
    pub at: DateTime<Utc>,
}

/// What whoever came to the queue may do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Ask the provider of this number; the question is the caller's for a while.
    Ask {
        id: i64,
        provedor: usize,
    },
    Wait(Lugar),
    /// Nobody answers, or too many wait.
    Nobody,
}

/// What a provider said, as far as the queue is concerned.
#[derive(Debug)]
pub(super) enum Heard {
    Answer(Box<Consultado>),
    Limited(Duration),
    Failed,
}

/// What follows from it.
#[derive(Debug)]
pub(super) enum Booked {
    Answered,
    /// Ask the provider of this number instead.
    Instead(usize),
    Wait(Lugar),
    Nobody,
}

/// Asks those who wait, when their turn comes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct AtenderFila {}

impl Payload for AtenderFila {
    const NAME: &'static str = "empresas.atender-fila";
}

/// The queue as one transaction sees it; nobody else moves it meanwhile.
pub(super) struct Fila<'a> {
    tx: &'a mut PlatformTx,
    sites: &'a [Site],
    vezes: Vec<Vez>,
    turn: uuid::Uuid,
    now: DateTime<Utc>,
}

impl<'a> Fila<'a> {
    pub(super) async fn lock(tx: &'a mut PlatformTx, sites: &'a [Site]) -> Result<Self, Fault> {
        let turn = sql::gate(tx).await?;
        let mut vezes = Vec::with_capacity(sites.len());
        for site in sites {
            vezes.push(sql::vez(tx, site.provedor.code(), site.limit).await?);
        }
        let now = tx.clock().now();
        Ok(Self { tx, sites, vezes, turn, now })
    }

    /// A unidade asks about a CNPJ: at once when nobody is before it, otherwise it waits its turn.
    pub(super) async fn request(mut self, unidade: UnidadeId, cnpj: Cnpj, urgency: Urgency) -> Result<Turn, Fault> {
        sql::forget(self.tx, self.now - REMEMBERED).await?;
        let priority = urgency.priority();
        let known = sql::find(self.tx, unidade, cnpj).await?;
        if known.is_none_or(|(_, failed)| failed) {
            let (own, all) = sql::waiting(self.tx, unidade, priority).await?;
            if own >= OWN_MAX || all >= ALL_MAX || vez::next(&self.vezes, self.now, 0, 0) == Next::Nobody {
                return Ok(Turn::Nobody);
            }
        }
        let (id, running) = sql::put(self.tx, unidade, cnpj, priority).await?;
        if running {
            return Ok(Turn::Wait(Lugar { place: 0, at: self.now }));
        }
        let line = sql::line(self.tx, self.turn, id).await?;
        match vez::next(&self.vezes, self.now, 0, spare(priority)) {
            Next::Ask(provedor) if line.first().is_some_and(|first| first.id == id) => {
                self.start(id, unidade, provedor).await?;
                Ok(Turn::Ask { id, provedor })
            }
            Next::Nobody => {
                sql::fail(self.tx, Some(id)).await?;
                Ok(Turn::Nobody)
            }
            _ => Ok(Turn::Wait(self.wait(&line).await?)),
        }
    }

    /// The first that waits, when somebody may be asked now: its id, its CNPJ and the provider's number. Otherwise the queue is
    /// looked after again when somebody may be.
    pub(super) async fn take(mut self) -> Result<Option<(i64, Cnpj, usize)>, Fault> {
        // No question has the number zero.
        let line = sql::line(self.tx, self.turn, 0).await?;
        let Some(first) = line.first() else { return Ok(None) };
        match vez::next(&self.vezes, self.now, 0, spare(first.priority)) {
            Next::Ask(provedor) => {
                let cnpj = first.cnpj.parse().map_err(|e| Fault::new("CNPJ in the queue", e))?;
                self.start(first.id, first.unidade, provedor).await?;
                Ok(Some((first.id, cnpj, provedor)))
            }
            Next::Wait(_) => {
                self.wait(&line).await?;
                Ok(None)
            }
            Next::Nobody => {
                let failed = sql::fail(self.tx, None).await?;
                self.tell(&failed).await?;
                Ok(None)
            }
        }
    }

    /// Notes what the provider of number `asked` said to the question `id`.
    pub(super) async fn book(mut self, id: i64, cnpj: Cnpj, asked: usize, heard: &Heard) -> Result<Booked, Fault> {
        match heard {
            Heard::Answer(consultado) => {
                self.vezes[asked].answered();
                self.keep(asked).await?;
                sql::store(self.tx, cnpj, consultado).await?;
                let done = sql::answered(self.tx, cnpj).await?;
                self.tell(&done).await?;
                return Ok(Booked::Answered);
            }
            Heard::Limited(after) => {
                let after = TimeDelta::from_std(*after).unwrap_or(TimeDelta::MAX);
                self.vezes[asked].limited(self.now + after);
            }
            Heard::Failed => self.vezes[asked].failed(self.now),
        }
        self.keep(asked).await?;
        if let Some(instead) = vez::instead(&self.vezes, asked, self.now) {
            self.vezes[instead].ask(self.now);
            self.keep(instead).await?;
            return Ok(Booked::Instead(instead));
        }
        // It was our turn and would have been answered a little later: the question keeps its place.
        if let (Heard::Limited(_), Next::Wait(_)) = (heard, vez::next(&self.vezes, self.now, 0, 0)) {
            sql::back(self.tx, id).await?;
            let line = sql::line(self.tx, self.turn, id).await?;
            return Ok(Booked::Wait(self.wait(&line).await?));
        }
        let failed = sql::fail(self.tx, Some(id)).await?;
        self.tell(&failed).await?;
        Ok(Booked::Nobody)
    }

    /// Where a unidade's question stands now; `None` when it does not wait any more.
    pub(super) async fn place(self, unidade: UnidadeId, cnpj: Cnpj) -> Result<Option<Lugar>, Fault> {
        let Some((id, false)) = sql::find(self.tx, unidade, cnpj).await? else { return Ok(None) };
        let line = sql::line(self.tx, self.turn, id).await?;
        let mine = line.iter().find(|pergunta| pergunta.id == id);
        Ok(Some(self.lugar(mine.map_or(0, |pergunta| pergunta.place), mine.map_or(0, |pergunta| pergunta.priority))))
    }

    fn lugar(&self, place: i64, priority: i16) -> Lugar {
        let ahead = usize::try_from(place - 1).unwrap_or_default();
        let at = match vez::next(&self.vezes, self.now, ahead, spare(priority)) {
            Next::Wait(at) => at,
            Next::Ask(_) | Next::Nobody => self.now,
        };
        Lugar { place, at }
    }

    async fn start(&mut self, id: i64, unidade: UnidadeId, provedor: usize) -> Result<(), Fault> {
        self.vezes[provedor].ask(self.now);
        self.keep(provedor).await?;
        sql::start(self.tx, id, unidade, self.now + LEASE).await?;
        // Everybody behind has moved up.
        live::tell(self.tx, None, TOPIC, id).await
    }

    async fn keep(&mut self, provedor: usize) -> Result<(), Fault> {
        sql::keep_vez(self.tx, self.sites[provedor].provedor.code(), &self.vezes[provedor]).await
    }

    /// Sees to it that the queue is looked after as soon as the first of `line` may be asked. Answers where its last stands.
    async fn wait(&mut self, line: &[sql::Pergunta]) -> Result<Lugar, Fault> {
        let first = self.lugar(1, line.first().map_or(0, |first| first.priority));
        let how = Enqueue { run_at: Some(first.at), ..Enqueue::keyed(AtenderFila::NAME) };
        jobs::enqueue_platform(self.tx, &AtenderFila {}, how).await?;
        Ok(line.last().map_or(first, |last| self.lugar(last.place, last.priority)))
    }

    async fn tell(&mut self, questions: &[(i64, UnidadeId)]) -> Result<(), Fault> {
        for (id, unidade) in questions {
            live::tell(self.tx, Some(*unidade), TOPIC, *id).await?;
        }
        Ok(())
    }
}
