//! Tipos and setores as the unidade keeps them.

use empresas::etiqueta::Cor;
use kernel::Actor;
use relacionamento::{
    demanda::{Dados as Demanda, registrar::registrar},
    setor::{self, Setores},
    tipo::{Dados, TipoId, Tipos},
};
use tenancy::TenantTx;
use testkit::{Base, sistema};
use web::vocabulary::{self, TermError, TermRule};

use crate::support::empresa;

fn tipo(nome: &str, prazo_dias: Option<i32>) -> Dados {
    Dados { nome: nome.parse().unwrap(), cor: Cor::Verde, prazo_dias }
}

async fn add(base: &Base, actor: &Actor, dados: &Dados) -> Result<TipoId, TermError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| vocabulary::registrar::<Tipos>(tx, actor, dados).await).await
}

/// S0-15.2: one whatever its case and accents; one that is used stays, or goes into another with all its demandas.
#[tokio::test]
async fn a_tipo_that_is_used_is_merged_and_not_erased() {
    let base = Base::new().await;
    let id = add(&base, &sistema(), &tipo("Ensaio", Some(7))).await.unwrap();
    let twice = add(&base, &sistema(), &tipo("ENSAIO", None)).await;
    assert!(matches!(twice, Err(TermError::Rule(TermRule::Taken))), "{twice:?}");
    let nobody = crate::support::pessoa(&base, "Ana", kernel::Scope::Todas, &crate::support::ALL).await;
    assert!(matches!(add(&base, &nobody, &tipo("Outra", None)).await, Err(TermError::Denied(_))));

    let other = add(&base, &sistema(), &tipo("Calibração", None)).await.unwrap();
    let setor = setor::Dados { nome: "Metrologia".parse().unwrap() };
    let setor =
        base.alfa(async |tx: &mut TenantTx| vocabulary::registrar::<Setores>(tx, &sistema(), &setor).await).await.unwrap();
    let empresa = empresa(&base, 1, None).await;
    let asked = Demanda {
        titulo: "Calibrar".parse().unwrap(),
        descricao: "Dez".parse().unwrap(),
        tipo: id,
        setor: Some(setor),
        responsavel: None,
        contato: None,
        valor_estimado: None,
        data_prazo: None,
    };
    base.alfa(async |tx: &mut TenantTx| registrar(tx, &sistema(), empresa, &asked).await).await.unwrap();
    let erase = async |id| {
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| vocabulary::excluir::<Tipos>(tx, &sistema(), id).await).await
    };
    assert!(matches!(erase(id).await, Err(TermError::Rule(TermRule::InUse { used: 1 }))));
    let gone = base
        .tenants
        .write(&base.alfa, async |tx: &mut TenantTx| vocabulary::excluir::<Setores>(tx, &sistema(), setor).await)
        .await;
    assert!(matches!(gone, Err(TermError::Rule(TermRule::InUse { used: 1 }))), "{gone:?}");
    let given = base.alfa(async |tx: &mut TenantTx| vocabulary::mesclar::<Tipos>(tx, &sistema(), id, other).await).await;
    assert_eq!(given.unwrap(), 1);
    let schema = base.alfa.names().schema();
    assert_eq!(base.number(&format!("SELECT count(*) FROM {schema}.demanda WHERE tipo_id = '{other}' AND version = 2")).await, 1);
    assert!(matches!(erase(id).await, Err(TermError::NotFound)), "it left the list");
    let there =
        base.tenants.write(&base.beta, async |tx: &mut TenantTx| vocabulary::excluir::<Tipos>(tx, &sistema(), other).await).await;
    assert!(matches!(there, Err(TermError::NotFound)), "another unidade has none of it: {there:?}");
}
