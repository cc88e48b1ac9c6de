//! The board: each etapa as a column.

use chrono::{DateTime, Utc};
use kernel::{Fault, PageRequest, PageSize, Reais};
use tenancy::TenantTx;

use super::lista::{self, Narrowed, Resumo};
use crate::{
    demanda::{
        Reach, Situacao,
        lista::{Filtro, Ordem},
    },
    etapa::{self, Etapa},
};

/// An etapa with what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coluna {
    pub etapa: Etapa,
    /// The first of them: what is due first, of what is concluída what came last.
    pub cartoes: Vec<Resumo>,
    pub total: i64,
    /// Of all of them.
    pub valor: Reais,
}

/// Every etapa but those of what was called off; of what is concluída what was since `since`.
pub(in crate::demanda) async fn columns(
    tx: &mut TenantTx,
    reach: Reach,
    filtro: &Filtro,
    since: DateTime<Utc>,
) -> Result<Vec<Coluna>, Fault> {
    let shown = Filtro { concluded_since: Some(since), ..filtro.clone() };
    let mut narrowed = Narrowed::read(tx, reach, &shown).await?;
    let somas = lista::somas(tx, &narrowed).await?;
    let mut columns = Vec::new();
    for etapa in etapa::sql::list(tx).await? {
        if etapa.situacao == Situacao::Cancelada {
            continue;
        }
        let soma = somas.iter().find(|soma| soma.etapa_id == etapa.id);
        let ordem = if etapa.situacao.is_open() { Ordem::Prazo } else { Ordem::Latest };
        narrowed = narrowed.of_etapa(etapa.id);
        let cartoes = match soma {
            Some(_) => lista::page(tx, &narrowed, ordem, PageRequest { number: 1, size: PageSize::P50 }).await?,
            None => Vec::new(),
        };
        columns.push(Coluna {
            cartoes,
            total: soma.map_or(0, |soma| soma.total),
            valor: soma.and_then(|soma| Reais::try_from(soma.valor).ok()).unwrap_or_default(),
            etapa,
        });
    }
    Ok(columns)
}
