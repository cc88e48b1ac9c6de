//! All SQL on etapas of demandas.

use empresas::etiqueta::Cor;
use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Etapa, EtapaId, Situacao};

struct Linha {
    id: Uuid,
    nome: String,
    situacao: String,
    cor: String,
    posicao: i32,
    padrao: bool,
}

/// All, as a demanda passes through them.
pub(crate) async fn list(tx: &mut TenantTx) -> Result<Vec<Etapa>, Fault> {
    let rows = sqlx::query_as!(Linha, "SELECT id, nome, situacao, cor, posicao, padrao FROM demanda_etapa");
    let etapa = |linha: Linha| {
        Ok(Etapa {
            id: EtapaId::new(linha.id),
            nome: linha.nome,
            situacao: Situacao::from_code(&linha.situacao)
                .ok_or_else(|| Fault::because("an etapa of a situação that is none"))?,
            cor: Cor::from_code(&linha.cor).unwrap_or(Cor::Cinza),
            posicao: linha.posicao,
            padrao: linha.padrao,
        })
    };
    let mut etapas = rows.fetch_all(tx.db()).await?.into_iter().map(etapa).collect::<Result<Vec<_>, Fault>>()?;
    etapas.sort_by_key(|etapa| (etapa.situacao, etapa.posicao, etapa.id.uuid()));
    Ok(etapas)
}
