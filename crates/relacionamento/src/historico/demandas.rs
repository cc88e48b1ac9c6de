//! Demandas of the past: what a line says of one, and writing them.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use empresas::empresa::EmpresaId;
use kernel::{Actor, Fault, Invalid, Reais, fold};
use tenancy::{Change, TenantTx};
use uuid::Uuid;

use super::{
    ImportacaoId,
    judge::{Chave, Known, Lugar, called},
    sql,
    texto::{Leitura, noon},
    visitas::named,
};
use crate::{
    demanda::{self, Descricao, Facts, Motivo, Titulo},
    etapa::{Etapa, EtapaId, Situacao},
    setor::SetorId,
    tipo::{Tipo, TipoId},
};

/// Characters of a description that make a title where there is none.
const TITULO: usize = 100;

/// A demanda that came once; it may be open still.
#[derive(Debug, Clone, PartialEq)]
pub struct Registrada {
    pub empresa: EmpresaId,
    pub titulo: Titulo,
    pub descricao: Descricao,
    pub tipo: TipoId,
    pub tipo_nome: String,
    pub setor: Option<SetorId>,
    pub setor_nome: Option<String>,
    pub etapa: EtapaId,
    pub etapa_nome: String,
    pub situacao: Situacao,
    pub valor: Option<Reais>,
    pub responsavel_id: Option<Uuid>,
    pub responsavel_nome: Option<String>,
    pub data_prazo: Option<NaiveDate>,
    pub created_at: DateTime<Utc>,
    /// Of one that has ended, and of no other.
    pub encerrada_at: Option<DateTime<Utc>>,
    pub motivo: Option<Motivo>,
}

impl Registrada {
    /// `None` where something is wrong, which is among the problems then.
    pub(super) fn read(line: &mut Leitura<'_>, known: &Known, padrao: Option<TipoId>, empresa: Option<&Lugar>) -> Option<Self> {
        let said = said(line);
        let tipo = line.words("tipo");
        let tipo = line.take("tipo", tipo_of(known, &tipo, padrao));
        let setor = line.words("setor");
        let setor = line.take("setor", setor_of(known, &setor));
        let valor = line.reais("valor");
        let quem = line.words("responsavel");
        let quem = if quem.is_empty() { Some(None) } else { line.take("responsavel", named(&quem).map(Some)) };
        let data_prazo = line.day("prazo");
        let dates = dates(line, known);
        let motivo = line.optional::<Motivo>("motivo");
        let (created_at, encerrada, ended) = dates?;
        let etapa = line.words("situacao");
        let etapa = line.take("situacao", etapa_of(known, &etapa, ended))?;
        let encerrada_at = match (etapa.situacao.is_open(), encerrada) {
            (true, None) => None,
            (true, Some(_)) => {
                line.fail("encerrada", Invalid::new("historico-aberta"));
                return None;
            }
            (false, None) => {
                line.fail("encerrada", Invalid::new("historico-encerrada-required"));
                return None;
            }
            (false, Some(at)) => Some(at),
        };
        let mut motivo = motivo?;
        if etapa.situacao == Situacao::Cancelada {
            motivo = motivo.or_else(|| known.no_motivo().parse().ok());
        }
        let (titulo, descricao) = said?;
        let (tipo, setor) = (tipo?, setor?);
        let (responsavel_id, responsavel_nome) = match quem? {
            Some(quem) => {
                let (id, nome) = known.pessoa(&quem);
                (id, Some(nome))
            }
            None => (None, None),
        };
        Some(Self {
            empresa: empresa?.id,
            titulo,
            descricao,
            tipo: tipo.id,
            tipo_nome: tipo.nome.clone(),
            setor: setor.as_ref().map(|setor| setor.0),
            setor_nome: setor.map(|setor| setor.1),
            etapa: etapa.id,
            etapa_nome: etapa.nome.clone(),
            situacao: etapa.situacao,
            valor: valor?,
            responsavel_id,
            responsavel_nome,
            data_prazo: data_prazo?,
            created_at,
            encerrada_at,
            motivo,
        })
    }

    /// Two of one empresa that came on the same day and are called the same are the same.
    pub(super) fn chave(&self, zone: Tz) -> Chave {
        chave(self.empresa.uuid(), self.created_at, self.titulo.as_str(), zone)
    }

    fn facts(&self) -> Facts {
        Facts {
            empresa: self.empresa,
            titulo: self.titulo.to_string(),
            descricao: self.descricao.to_string(),
            tipo: self.tipo_nome.clone(),
            setor: self.setor_nome.clone(),
            etapa: self.etapa_nome.clone(),
            situacao: self.situacao,
            valor_estimado: self.valor,
            responsavel_id: self.responsavel_id,
            responsavel: self.responsavel_nome.clone(),
            contato: None,
            data_prazo: self.data_prazo,
            concluida_at: self.concluida_at(),
            motivo: self.motivo.as_ref().map(ToString::to_string),
        }
    }

    pub(super) fn concluida_at(&self) -> Option<DateTime<Utc>> {
        self.encerrada_at.filter(|_| self.situacao == Situacao::Concluida)
    }
}

/// As the register tells them apart: see [`Registrada::chave`].
pub(super) fn chave(empresa: Uuid, registrada_at: DateTime<Utc>, titulo: &str, zone: Tz) -> Chave {
    let day = registrada_at.with_timezone(&zone).date_naive();
    (empresa, noon(zone, day).unwrap_or(registrada_at), called(titulo))
}

/// What it is called and what it says: where one of the two is missing, the other says it.
fn said(line: &mut Leitura<'_>) -> Option<(Titulo, Descricao)> {
    let (titulo, descricao) = (line.words("titulo"), line.cell("descricao"));
    let read_descricao = |text: &str| text.parse::<Descricao>();
    match (titulo.as_str(), descricao) {
        ("", "") => {
            line.fail("titulo", Invalid::new("required"));
            None
        }
        ("", text) => {
            let descricao = line.take("descricao", read_descricao(text))?;
            let first = text.lines().next().unwrap_or_default().trim();
            let short: String = first.chars().take(TITULO).collect();
            Some((line.take("descricao", short.trim().parse())?, descricao))
        }
        (titulo, text) => {
            let descricao = line.take("descricao", read_descricao(if text.is_empty() { titulo } else { text }));
            Some((line.take("titulo", titulo.parse())?, descricao?))
        }
    }
}

fn tipo_of<'a>(known: &'a Known, text: &str, padrao: Option<TipoId>) -> Result<&'a Tipo, Invalid> {
    let found = match text {
        "" => return known.tipos.iter().find(|tipo| Some(tipo.id) == padrao).ok_or(Invalid::new("historico-tipo-required")),
        text => known.tipos.iter().find(|tipo| called(&tipo.nome) == called(text)),
    };
    let all = || known.tipos.iter().map(|tipo| tipo.nome.as_str()).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| Invalid::new("historico-tipo").with("list", all()))
}

fn setor_of(known: &Known, text: &str) -> Result<Option<(SetorId, String)>, Invalid> {
    if text.is_empty() {
        return Ok(None);
    }
    let found = known.setores.iter().find(|setor| called(&setor.nome) == called(text));
    let all = || known.setores.iter().map(|setor| setor.nome.as_str()).collect::<Vec<_>>().join(", ");
    found.map(|setor| Some((setor.id, setor.nome.clone()))).ok_or_else(|| Invalid::new("historico-setor").with("list", all()))
}

/// When it came and when it ended, and whether an end is told of at all; `None` with a problem.
type Dates = (DateTime<Utc>, Option<DateTime<Utc>>, bool);

fn dates(line: &mut Leitura<'_>, known: &Known) -> Option<Dates> {
    let today = known.today();
    let registrada = line.past("registrada", today);
    let encerrada = if line.cell("encerrada").is_empty() { Some(None) } else { line.past("encerrada", today).map(Some) };
    let (registrada, encerrada) = (registrada?, encerrada?);
    if encerrada.is_some_and(|day| day < registrada) {
        line.fail("encerrada", Invalid::new("historico-encerrada"));
        return None;
    }
    // What came today came before now.
    let at = |day| noon(known.zone, day).map(|at| at.min(known.now));
    let encerrada_at = encerrada.and_then(at);
    Some((at(registrada)?, encerrada_at, encerrada_at.is_some()))
}

/// An etapa of the unidade by its name, or the one into which what has that situação comes.
fn etapa_of<'a>(known: &'a Known, text: &str, ended: bool) -> Result<&'a Etapa, Invalid> {
    let folded = called(text);
    if let Some(etapa) = known.etapas.iter().find(|etapa| called(&etapa.nome) == folded) {
        return Ok(etapa);
    }
    let situacao = match fold(&folded).as_str() {
        "" if ended => Situacao::Concluida,
        "" | "nova" | "novo" | "aberta" | "aberto" | "pendente" | "open" | "new" => Situacao::Nova,
        "em andamento" | "andamento" | "em atendimento" | "em execucao" | "iniciada" | "iniciado" | "in progress" => {
            Situacao::EmAndamento
        }
        "concluida" | "concluido" | "finalizada" | "finalizado" | "encerrada" | "encerrado" | "fechada" | "fechado"
        | "atendida" | "atendido" | "resolvida" | "done" | "closed" => Situacao::Concluida,
        "cancelada" | "cancelado" | "perdida" | "desistencia" | "cancelled" | "canceled" | "lost" => Situacao::Cancelada,
        _ => {
            let all = known.etapas.iter().map(|etapa| etapa.nome.as_str()).collect::<Vec<_>>().join(", ");
            return Err(Invalid::new("historico-etapa").with("list", all));
        }
    };
    let padrao = known.etapas.iter().find(|etapa| etapa.padrao && etapa.situacao == situacao);
    padrao.ok_or(Invalid::new("choice"))
}

/// Writes them with where they stood, and each into the trail; nobody is told.
pub(super) async fn write(tx: &mut TenantTx, actor: &Actor, id: ImportacaoId, all: &[&Registrada]) -> Result<(), Fault> {
    let ids: Vec<Uuid> = all.iter().map(|_| tx.clock().uuid()).collect();
    sql::insert_demandas(tx, id, &ids, all).await?;
    let trail = ids.into_iter().zip(all).map(|(id, one)| (id, Change::created(&one.facts())));
    tx.audit_all(actor, "demanda.importada", demanda::ENTITY, trail.collect()).await
}
