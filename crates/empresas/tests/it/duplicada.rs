//! Empresas that may be one: what is said while one is typed, the pairs that are found, and those that are two.

use empresas::{
    duplicada::{Dois, DuplicadaError, Perfil, Semelhante, busca, dispensar, pedir, retomar, semelhantes},
    empresa::{ALTERAR, Campo, EmpresaId, VER},
};
use kernel::{Actor, Cnpj, Scope};
use tenancy::TenantTx;
use testkit::{Base, sistema};

use crate::support::{pessoa, registered};

const JOINVILLE: i32 = 4_209_102;

fn cnpj(base: &str) -> String {
    Cnpj::from_base(base).unwrap().to_string()
}

async fn like(base: &Base, actor: &Actor, perfil: Perfil<'_>, own: Option<EmpresaId>) -> Vec<Semelhante> {
    base.alfa(async |tx: &mut TenantTx| semelhantes(tx, actor, perfil, own).await.unwrap()).await
}

async fn pairs(base: &Base) -> i64 {
    base.number(&format!("SELECT count(*) FROM {}.empresa_par", base.alfa.names().schema())).await
}

#[tokio::test]
async fn while_it_is_typed_the_same_root_and_a_like_name_in_the_city_are_said() {
    let base = Base::new().await;
    let place = [(Campo::Municipio, "Joinville"), (Campo::Uf, "SC")];
    let aurora = registered(&base, 1, &[&[(Campo::Nome, "Metalúrgica Aurora Ltda")][..], &place].concat()).await;
    let branch = cnpj("500000010002");
    let filial =
        registered(&base, 2, &[(Campo::Nome, "Outro nome"), (Campo::Cnpj, branch.as_str()), (Campo::Municipio, "Blumenau")])
            .await;
    let ids = |found: Vec<Semelhante>| found.into_iter().map(|one| one.id).collect::<Vec<_>>();

    let named = Perfil { nome: "METALURGICA ARORA ME", municipio: Some(JOINVILLE), ..Perfil::default() };
    assert_eq!(ids(like(&base, &sistema(), named, None).await), [aurora]);
    let elsewhere = Perfil { municipio: Some(4_202_404), ..named };
    assert!(like(&base, &sistema(), elsewhere, None).await.is_empty(), "in another city it is somebody else");
    let head = Perfil { cnpj: Some(Cnpj::from_base("500000010001").unwrap()), nome: "X", ..Perfil::default() };
    let found = like(&base, &sistema(), head, None).await;
    assert!(found[0].id == filial && found[0].raiz && !found[0].igual, "{found:?}");
    let same = Perfil { cnpj: Some(branch.parse().unwrap()), ..head };
    assert!(like(&base, &sistema(), same, None).await[0].igual);
    assert!(like(&base, &sistema(), same, Some(filial)).await.is_empty(), "not itself");

    // Whoever may not see it does not hear of it.
    let ana = pessoa(&base, "Ana", Scope::Proprias, &[VER]).await;
    assert!(like(&base, &ana, named, None).await.is_empty() && like(&base, &ana, same, None).await.is_empty());
    // Five thousand letters, signs of LIKE, nothing at all.
    for odd in ["a".repeat(5_000).as_str(), "%_\\%", "", "   ", "é"] {
        like(&base, &sistema(), Perfil { nome: odd, ..named }, None).await;
    }
}

#[tokio::test]
async fn pairs_are_found_dispensed_for_good_and_taken_up_again() {
    let base = Base::new().await;
    base.alfa(async |tx: &mut TenantTx| pedir(tx, &sistema()).await.unwrap()).await;
    assert_eq!(pairs(&base).await, 0, "of nothing there is nothing");
    let mail = [(Campo::Email, "compras@aurora.example")];
    let one = registered(&base, 1, &[&[(Campo::Nome, "Aurora")][..], &mail].concat()).await;
    let other = registered(&base, 2, &[&[(Campo::Nome, "Têxtil Vale")][..], &mail].concat()).await;
    registered(&base, 3, &[(Campo::Nome, "Padaria Sol")]).await;
    base.alfa(async |tx: &mut TenantTx| pedir(tx, &sistema()).await.unwrap()).await;
    assert_eq!(pairs(&base).await, 1);
    let looked = base.alfa(async |tx: &mut TenantTx| busca(tx).await.unwrap()).await;
    assert!(looked.finished_at.is_some() && looked.due_at.is_none() && looked.rows == 3);

    let dois = Dois::new(other, one).unwrap();
    assert_eq!(Dois::new(one, other), Some(dois), "one pair whichever way it is named");
    assert_eq!(Dois::new(one, one), None);
    let schema = base.alfa.names().schema();
    let kept = format!("SELECT count(*) FROM {schema}.empresa_par_dispensado");
    let told = format!("SELECT count(*) FROM {schema}.auditoria WHERE action = 'empresa.dispensada'");
    for _ in 0..2 {
        base.alfa(async |tx: &mut TenantTx| dispensar(tx, &sistema(), dois).await.unwrap()).await;
        assert_eq!((base.number(&kept).await, base.number(&told).await), (1, 2), "said once, in the trail of both");
    }
    base.alfa(async |tx: &mut TenantTx| pedir(tx, &sistema()).await.unwrap()).await;
    assert_eq!(base.number(&kept).await, 1, "kept, whatever is found again");
    base.alfa(async |tx: &mut TenantTx| retomar(tx, &sistema(), dois).await.unwrap()).await;
    assert_eq!(base.number(&kept).await, 0);

    let ana = pessoa(&base, "Ana", Scope::Proprias, &[VER, ALTERAR]).await;
    let refused = base.alfa(async |tx: &mut TenantTx| dispensar(tx, &ana, dois).await).await;
    assert!(matches!(refused, Err(DuplicadaError::NotFound)), "neither is hers");
}
