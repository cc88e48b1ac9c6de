//! Visitas of the past: what a line says of one, and writing them.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use empresas::empresa::EmpresaId;
use kernel::{Actor, Fault, Invalid, Rule, fold};
use tenancy::{Change, TenantTx};
use uuid::Uuid;

use super::{
    ImportacaoId,
    judge::{Chave, Known, Lugar, called},
    sql,
    texto::Leitura,
};
use crate::visita::{self, Facts, Horario, Local, Motivo, Objetivo, Resumo, Situacao};

/// When a visita began of which only the day is known.
const MORNING: NaiveTime = match NaiveTime::from_hms_opt(9, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};
/// How long one lasted of which only the beginning is known.
const LASTED: TimeDelta = TimeDelta::hours(1);
/// Characters of a name.
const NOME: usize = 120;

/// A visita that took place, or was called off.
#[derive(Debug, Clone, PartialEq)]
pub struct Feita {
    pub empresa: EmpresaId,
    pub responsavel_id: Option<Uuid>,
    pub responsavel_nome: String,
    pub horario: Horario,
    pub objetivo: Objetivo,
    pub local: Option<Local>,
    pub situacao: Situacao,
    pub resumo: Option<Resumo>,
    pub proximos_passos: Option<Resumo>,
    pub motivo: Option<Motivo>,
}

impl Feita {
    /// `None` where something is wrong, which is among the problems then.
    pub(super) fn read(line: &mut Leitura<'_>, known: &Known, empresa: Option<&Lugar>) -> Option<Self> {
        let horario = horario(line, known);
        let quem = line.words("responsavel");
        let quem = line.take("responsavel", named(&quem));
        let objetivo = line.required::<Objetivo>("objetivo");
        let local = line.optional::<Local>("local");
        let situacao = situacao(&line.words("situacao"));
        let situacao = line.take("situacao", situacao);
        let resumo = line.optional::<Resumo>("resumo");
        let proximos_passos = line.optional::<Resumo>("proximos_passos");
        let mut motivo = line.optional::<Motivo>("motivo")?;
        let situacao = situacao?;
        if situacao == Situacao::Cancelada {
            motivo = motivo.or_else(|| known.no_motivo().parse().ok());
        }
        let (responsavel_id, responsavel_nome) = known.pessoa(&quem?);
        Some(Self {
            empresa: empresa?.id,
            responsavel_id,
            responsavel_nome,
            horario: horario?,
            objetivo: objetivo?,
            local: local?,
            situacao,
            resumo: resumo?,
            proximos_passos: proximos_passos?,
            motivo,
        })
    }

    /// Two of one empresa that begin at the same time with the same person are the same.
    pub(super) fn chave(&self) -> Chave {
        (self.empresa.uuid(), self.horario.inicio_at, called(&self.responsavel_nome))
    }

    fn facts(&self) -> Facts {
        let text = |text: &Option<Resumo>| text.as_ref().map(ToString::to_string);
        Facts {
            empresa: self.empresa,
            responsavel_id: self.responsavel_id,
            responsavel: self.responsavel_nome.clone(),
            inicio_at: self.horario.inicio_at,
            fim_at: self.horario.fim_at,
            objetivo: self.objetivo.to_string(),
            local: self.local.as_ref().map(ToString::to_string),
            situacao: self.situacao,
            resumo: text(&self.resumo),
            proximos_passos: text(&self.proximos_passos),
            motivo: self.motivo.as_ref().map(ToString::to_string),
            participantes: Vec::new(),
        }
    }
}

/// A name that a cell holds.
pub(super) fn named(nome: &str) -> Result<String, Invalid> {
    if nome.is_empty() {
        return Err(Invalid::new("required"));
    }
    nome.parse::<kernel::Texto<NOME>>().map(|nome| nome.to_string())
}

fn horario(line: &mut Leitura<'_>, known: &Known) -> Option<Horario> {
    let day = line.past("inicio", known.today());
    let alone = line.time("hora")?;
    // A day beside a column of times often has a midnight of its own behind it.
    let begin = match alone {
        Some(time) => time,
        None => line.time("inicio").flatten().unwrap_or(MORNING),
    };
    let end = line.time("fim");
    let last = if line.cell("fim").contains('/') { line.day("fim")? } else { None };
    let day = day?;
    let at = |day: chrono::NaiveDate, time| idioma::instant(known.zone, day.and_time(time));
    let Some(inicio_at) = at(day, begin) else {
        line.fail("hora", Invalid::new("historico-hora"));
        return None;
    };
    if inicio_at > known.now {
        line.fail("inicio", Invalid::new("historico-futuro"));
        return None;
    }
    let fim_at = match end? {
        Some(time) => at(last.unwrap_or(day), time),
        None => Some(inicio_at + LASTED),
    };
    let read = match fim_at {
        Some(fim_at) => Horario::new(inicio_at, fim_at).map_err(|rule| rule.fields().remove(0).invalid),
        None => Err(Invalid::new("historico-hora")),
    };
    line.take("fim", read)
}

/// What is over took place or was called off.
fn situacao(text: &str) -> Result<Situacao, Invalid> {
    match fold(text).as_str() {
        "" | "realizada" | "realizado" | "concluida" | "concluido" | "feita" | "efetuada" | "executada" | "finalizada" | "ok"
        | "done" | "completed" | "held" => Ok(Situacao::Realizada),
        "cancelada" | "cancelado" | "nao realizada" | "nao realizado" | "nao ocorreu" | "desmarcada" | "cancelled"
        | "canceled" => Ok(Situacao::Cancelada),
        "planejada" | "agendada" | "agendado" | "marcada" | "prevista" | "planned" | "scheduled" => {
            Err(Invalid::new("historico-planejada"))
        }
        _ => Err(Invalid::new("historico-situacao-visita")),
    }
}

/// Writes them, and each into the trail; nobody is told.
pub(super) async fn write(tx: &mut TenantTx, actor: &Actor, id: ImportacaoId, all: &[&Feita]) -> Result<(), Fault> {
    let ids: Vec<Uuid> = all.iter().map(|_| tx.clock().uuid()).collect();
    sql::insert_visitas(tx, id, &ids, all).await?;
    let trail = ids.into_iter().zip(all).map(|(id, feita)| (id, Change::created(&feita.facts())));
    tx.audit_all(actor, "visita.importada", visita::ENTITY, trail.collect()).await
}

/// As the register tells them apart: see [`Feita::chave`].
pub(super) fn chave(empresa: Uuid, inicio_at: DateTime<Utc>, responsavel: &str) -> Chave {
    (empresa, inicio_at, called(responsavel))
}
