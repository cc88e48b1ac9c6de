//! Choosing.

use acesso::ausencia;
use empresas::empresa::EmpresaId;
use kernel::Fault;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{DistribuicaoId, Modo, sql};
use crate::{demanda::Pessoa, setor::SetorId, tipo::TipoId};

/// What a demanda is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caso {
    pub empresa: EmpresaId,
    pub tipo: TipoId,
    pub setor: Option<SetorId>,
}

/// Who was chosen, and by which rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escolhida {
    pub regra: String,
    pub pessoa: Pessoa,
}

/// Somebody who could be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidata {
    pub pessoa: Pessoa,
    /// Of their last turn; 0: never.
    pub vez: i64,
    /// Open demandas that they answer for.
    pub abertas: i64,
}

/// A rule that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cabivel {
    pub id: DistribuicaoId,
    pub nome: String,
    pub modo: Modo,
}

/// Chooses who answers for a demanda that comes now; `None` where no rule fits, or none has somebody who is there. Of two that come at
/// once, the second waits for the first one's transaction.
///
/// # Errors
/// A fault of the database.
pub async fn escolher(tx: &mut TenantTx, caso: Caso) -> Result<Option<Escolhida>, Fault> {
    for regra in sql::fitting(tx, caso).await? {
        // Whoever took it away meanwhile was faster.
        if !sql::lock(tx, regra.id).await? {
            continue;
        }
        if let Some(pessoa) = one_of(tx, &regra, caso).await? {
            sql::turn(tx, regra.id, pessoa.id).await?;
            return Ok(Some(Escolhida { regra: regra.nome, pessoa }));
        }
    }
    Ok(None)
}

/// Who would be chosen now: nobody's turn passes.
///
/// # Errors
/// A fault of the database.
pub async fn quem_seria(tx: &mut TenantTx, caso: Caso) -> Result<Option<Escolhida>, Fault> {
    for regra in sql::fitting(tx, caso).await? {
        if let Some(pessoa) = one_of(tx, &regra, caso).await? {
            return Ok(Some(Escolhida { regra: regra.nome, pessoa }));
        }
    }
    Ok(None)
}

async fn one_of(tx: &mut TenantTx, regra: &Cabivel, caso: Caso) -> Result<Option<Pessoa>, Fault> {
    let candidatas = match regra.modo {
        Modo::Empresa => sql::of_empresa(tx, caso.empresa).await?,
        Modo::Revezamento | Modo::Carga => sql::candidatas(tx, regra.id).await?,
    };
    let ids: Vec<Uuid> = candidatas.iter().map(|one| one.pessoa.id).collect();
    let today = tx.clock().now().with_timezone(&tx.unidade().fuso).date_naive();
    let away = ausencia::during(tx, &ids, today, today).await?;
    let there = candidatas.into_iter().filter(|one| away.iter().all(|gone| gone.dados.usuario.uuid() != one.pessoa.id));
    Ok(next(regra.modo, there.collect()))
}

/// Whose turn it is; they come by name.
fn next(modo: Modo, candidatas: Vec<Candidata>) -> Option<Pessoa> {
    let key = |one: &Candidata| match modo {
        Modo::Revezamento | Modo::Empresa => (0, one.vez),
        Modo::Carga => (one.abertas, one.vez),
    };
    candidatas.into_iter().min_by_key(key).map(|one| one.pessoa)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidata(nome: &str, vez: i64, abertas: i64) -> Candidata {
        Candidata { pessoa: Pessoa { id: Uuid::from_u128(nome.len() as u128), nome: nome.to_owned() }, vez, abertas }
    }

    #[test]
    fn whose_turn_it_is() {
        let all = || vec![candidata("Ana", 3, 0), candidata("Bruno", 1, 9), candidata("Caio", 2, 0), candidata("Davi", 1, 9)];
        let name = |modo, all| next(modo, all).map(|pessoa| pessoa.nome);
        assert_eq!(name(Modo::Revezamento, all()).as_deref(), Some("Bruno"), "the longest ago, then by name");
        assert_eq!(name(Modo::Carga, all()).as_deref(), Some("Caio"), "the fewest, then the longest ago");
        assert_eq!(name(Modo::Carga, Vec::new()), None);
    }
}
