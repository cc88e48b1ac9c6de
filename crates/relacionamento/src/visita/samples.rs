//! Made-up visitas for the tests that render pages.

use chrono::{DateTime, TimeDelta, Utc};
use empresas::empresa::EmpresaId;
use uuid::Uuid;

use super::{Chegada, Horario, Pessoa, Posicao, Situacao, Visita, VisitaId, lista::Resumo};

/// Barely filled or full; `long` fills each text to its limit.
pub(crate) fn visita(situacao: Situacao, full: bool, long: bool, now: DateTime<Utc>) -> Visita {
    let text = |text: &str, max: usize| {
        if long { text.chars().cycle().take(max).collect::<String>().trim().to_owned() } else { text.trim().to_owned() }
    };
    let some = |value: String| full.then_some(value);
    let pessoa = |i: u128| Pessoa { id: Uuid::from_u128(i), nome: "Rui \"><script> Alves".to_owned() };
    let inicio_at = if situacao == Situacao::Planejada { now + TimeDelta::days(2) } else { now - TimeDelta::days(2) };
    Visita {
        id: VisitaId::new(Uuid::nil()),
        empresa_id: EmpresaId::new(Uuid::nil()),
        empresa_nome: text("Metalúrgica <b>Aurora</b> Ltda ", 200),
        responsavel_id: full.then(Uuid::nil),
        responsavel_nome: "Marina Costa".to_owned(),
        empresa_responsavel: None,
        horario: Horario { inicio_at, fim_at: inicio_at + TimeDelta::hours(2) },
        objetivo: text("Levantar as necessidades de <b>Aurora</b>\nem treinamento ", 5000),
        local: some(text("Portaria 2 ", 300)),
        situacao,
        resumo: some(text("Falamos com a direção. ", 5000)).filter(|_| situacao == Situacao::Realizada),
        proximos_passos: some(text("Enviar proposta. ", 5000)).filter(|_| situacao == Situacao::Realizada),
        motivo: (situacao == Situacao::Cancelada).then(|| text("A empresa pediu. ", 1000)),
        chegada: full
            .then_some(Chegada { at: inicio_at, posicao: Some(Posicao { latitude: -26.3, longitude: -48.84, precisao: 12 }) }),
        colegas: if full { (1..=if long { 25 } else { 1 }).map(pessoa).collect() } else { Vec::new() },
        contatos: if full { (1..=if long { 25 } else { 2 }).map(pessoa).collect() } else { Vec::new() },
        version: 3,
        created_at: now,
        updated_at: now,
        deleted_at: None,
    }
}

pub(crate) fn resumo(i: usize, long: bool, now: DateTime<Utc>) -> Resumo {
    let visita = visita(Situacao::ALL[i % 3], true, long, now);
    Resumo {
        id: VisitaId::new(Uuid::from_u128(i as u128)),
        empresa_id: visita.empresa_id,
        empresa: visita.empresa_nome,
        cidade: (!i.is_multiple_of(4)).then(|| "Joinville".to_owned()),
        uf: Some("SC".to_owned()),
        responsavel: visita.responsavel_nome,
        inicio_at: visita.horario.inicio_at,
        fim_at: visita.horario.fim_at,
        objetivo: visita.objetivo,
        situacao: visita.situacao.code().to_owned(),
    }
}
