//! Made-up demandas for the tests that render pages.

use chrono::{DateTime, Days, Utc};
use empresas::{empresa::EmpresaId, etiqueta::Cor};
use uuid::Uuid;

use super::{Demanda, DemandaId, Pessoa, Situacao, lista::Resumo};
use crate::{
    etapa::{Etapa, EtapaId},
    setor::SetorId,
    tipo::TipoId,
};

/// Barely filled or full; `long` fills each text to its limit.
pub(crate) fn demanda(situacao: Situacao, full: bool, long: bool, now: DateTime<Utc>) -> Demanda {
    let text = |text: &str, max: usize| {
        if long { text.chars().cycle().take(max).collect::<String>().trim().to_owned() } else { text.trim().to_owned() }
    };
    let today = now.date_naive();
    Demanda {
        id: DemandaId::new(Uuid::nil()),
        empresa_id: EmpresaId::new(Uuid::nil()),
        empresa_nome: text("Metalúrgica <b>Aurora</b> Ltda ", 200),
        empresa_responsavel: None,
        titulo: text("Calibração de paquímetros \"><script> ", 200),
        descricao: text("Quarenta paquímetros por ano\ne <b>Aurora</b> ", 5000),
        tipo_id: TipoId::new(Uuid::nil()),
        tipo: text("Consultoria ", 80),
        tipo_cor: "roxo".to_owned(),
        setor_id: full.then(|| SetorId::new(Uuid::nil())),
        setor: full.then(|| text("Metrologia ", 80)),
        etapa_id: EtapaId::new(Uuid::from_u128(situacao as u128)),
        etapa: text("Proposta enviada ", 40),
        etapa_cor: "ambar".to_owned(),
        situacao,
        valor_estimado: if full { "1.234.567,89".parse().ok() } else { None },
        responsavel_id: full.then(Uuid::nil),
        responsavel_nome: full.then(|| "Marina <b>Costa</b>".to_owned()),
        contato: full.then(|| Pessoa { id: Uuid::nil(), nome: "Rui Alves".to_owned() }),
        data_prazo: if full { today.checked_add_days(Days::new(2)) } else { None },
        iniciada_at: (situacao != Situacao::Nova).then_some(now),
        concluida_at: (situacao == Situacao::Concluida).then_some(now),
        motivo: (situacao == Situacao::Cancelada).then(|| text("Sem orçamento. ", 1000)),
        projeto: (full && situacao == Situacao::Concluida).then(Uuid::nil),
        version: 3,
        created_at: now,
        updated_at: now,
        deleted_at: None,
    }
}

pub(crate) fn resumo(i: usize, long: bool, now: DateTime<Utc>) -> Resumo {
    let demanda = demanda(Situacao::ALL[i % 4], !i.is_multiple_of(3), long, now);
    Resumo {
        id: DemandaId::new(Uuid::from_u128(i as u128)),
        empresa_id: demanda.empresa_id,
        empresa: demanda.empresa_nome,
        titulo: demanda.titulo,
        tipo: demanda.tipo,
        tipo_cor: demanda.tipo_cor,
        etapa: demanda.etapa,
        etapa_cor: demanda.etapa_cor,
        situacao: demanda.situacao.code().to_owned(),
        responsavel: demanda.responsavel_nome,
        valor_estimado: demanda.valor_estimado.map(kernel::Reais::decimal),
        data_prazo: demanda.data_prazo,
        created_at: demanda.created_at,
        version: demanda.version,
    }
}

/// One for each situação.
pub(crate) fn etapas() -> Vec<Etapa> {
    Situacao::ALL
        .into_iter()
        .map(|situacao| Etapa {
            id: EtapaId::new(Uuid::from_u128(situacao as u128)),
            nome: "Proposta <b>Aurora</b>".to_owned(),
            situacao,
            cor: Cor::Ambar,
            posicao: 0,
            padrao: true,
        })
        .collect()
}
