use empresas::{
    cnae::Atividades,
    empresa::{Campo, VER, lista},
    segmento::{self, Dados, EXCLUIR, GERIR, SegmentoId, Segmentos},
};
use kernel::{Fault, Scope};
use tenancy::{Mode, TenantTx, TxLimits};
use testkit::{Base, sistema};
use web::vocabulary::{TermError, TermRule, alterar, excluir, mesclar, registrar};

use crate::support::{pessoa, registered};

fn dados(nome: &str, cnaes: &[&str]) -> Dados {
    Dados { nome: nome.parse().unwrap(), cnaes: cnaes.iter().map(|codigo| (*codigo).to_owned()).collect() }
}

async fn id_of(base: &Base, nome: &str) -> Option<SegmentoId> {
    let all = base.alfa(async |tx: &mut TenantTx| segmento::list(tx).await).await.unwrap();
    all.into_iter().find(|segmento| segmento.nome == nome).map(|segmento| segmento.id)
}

/// S0-15.3: a name is one whatever its case and accents, in one unidade.
#[tokio::test]
async fn a_name_stands_on_the_list_once() {
    let base = Base::new().await;
    let added =
        base.alfa(async |tx: &mut TenantTx| registrar::<Segmentos>(tx, &sistema(), &dados("Aeroespacial", &[])).await).await;
    let id = added.unwrap();
    let again =
        base.alfa(async |tx: &mut TenantTx| registrar::<Segmentos>(tx, &sistema(), &dados("AEROESPACIÁL", &[])).await).await;
    assert!(matches!(again, Err(TermError::Rule(TermRule::Taken))));
    let beta =
        base.beta(async |tx: &mut TenantTx| registrar::<Segmentos>(tx, &sistema(), &dados("Aeroespacial", &[])).await).await;
    assert!(beta.is_ok());

    // Its own name in other letters is no one else's.
    let other =
        base.alfa(async |tx: &mut TenantTx| alterar::<Segmentos>(tx, &sistema(), id, &dados("AEROESPACIAL", &[])).await).await;
    assert!(other.is_ok());
    let taken = base
        .tenants
        .write(&base.alfa, async |tx: &mut TenantTx| alterar::<Segmentos>(tx, &sistema(), id, &dados("naval", &[])).await)
        .await;
    assert!(matches!(taken, Err(TermError::Rule(TermRule::Taken))));
    assert!(id_of(&base, "AEROESPACIAL").await.is_some() && id_of(&base, "Naval").await.is_some());
}

#[tokio::test]
async fn one_that_an_empresa_has_is_merged_not_deleted() {
    let base = Base::new().await;
    let empresa = registered(&base, 1, &[(Campo::Segmento, "Naval")]).await;
    let trashed = registered(&base, 2, &[(Campo::Segmento, "Naval")]).await;
    let drop = async |tx: &mut TenantTx| empresas::empresa::excluir::excluir(tx, &sistema(), trashed, None).await;
    base.alfa(drop).await.unwrap();
    let (naval, moveleiro) = (id_of(&base, "Naval").await.unwrap(), id_of(&base, "Moveleiro").await.unwrap());

    let refused = base.alfa(async |tx: &mut TenantTx| excluir::<Segmentos>(tx, &sistema(), naval).await).await;
    assert!(matches!(refused, Err(TermError::Rule(TermRule::InUse { used: 2 }))));
    let same = base.alfa(async |tx: &mut TenantTx| mesclar::<Segmentos>(tx, &sistema(), naval, naval).await).await;
    assert!(matches!(same, Err(TermError::Rule(TermRule::Same))));

    let moved = base.alfa(async |tx: &mut TenantTx| mesclar::<Segmentos>(tx, &sistema(), naval, moveleiro).await).await;
    assert_eq!(moved.unwrap(), 2);
    assert_eq!(id_of(&base, "Naval").await, None);
    let now = base.alfa(async |tx: &mut TenantTx| lista::find(tx, &sistema(), empresa).await).await.unwrap().unwrap();
    assert_eq!(
        (now.cadastro.text(Campo::Segmento).as_str(), now.version),
        ("Moveleiro", 2),
        "a new version: an old one conflicts"
    );
    let gone = base.alfa(async |tx: &mut TenantTx| mesclar::<Segmentos>(tx, &sistema(), naval, moveleiro).await).await;
    assert!(matches!(gone, Err(TermError::NotFound)));

    let livre = id_of(&base, "Siderurgia").await.unwrap();
    base.alfa(async |tx: &mut TenantTx| excluir::<Segmentos>(tx, &sistema(), livre).await).await.unwrap();
    assert_eq!(id_of(&base, "Siderurgia").await, None);
}

/// An empresa that gets the segmento while it is being deleted either keeps it or is told; it never points at nothing.
#[tokio::test]
async fn a_deletion_waits_for_an_empresa_that_is_just_getting_it() {
    let base = Base::new().await;
    let naval = id_of(&base, "Naval").await.unwrap();
    let mut tx = base.tenants.begin(&base.alfa, Mode::Write, TxLimits::REQUEST).await.unwrap();
    let known = empresas::empresa::Known::load(&mut tx).await.unwrap();
    let cadastro = crate::support::cadastro(&known, 1, &[(Campo::Segmento, "Naval")]);
    empresas::empresa::registrar::registrar(&mut tx, &sistema(), cadastro).await.unwrap();
    let deletion = base.tenants.write(&base.alfa, async |tx: &mut TenantTx| excluir::<Segmentos>(tx, &sistema(), naval).await);
    let (deleted, ()) = tokio::join!(deletion, async {
        let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while base.number(waits).await == 0 {
            tokio::task::yield_now().await;
        }
        tx.commit().await.unwrap();
    });
    assert!(matches!(deleted, Err(TermError::Rule(TermRule::InUse { used: 1 }))));
}

#[tokio::test]
async fn only_who_keeps_the_list_changes_it() {
    let base = Base::new().await;
    let ana = pessoa(&base, "Ana", Scope::Todas, &[VER]).await;
    let naval = id_of(&base, "Naval").await.unwrap();
    base.alfa(async |tx: &mut TenantTx| {
        assert!(matches!(registrar::<Segmentos>(tx, &ana, &dados("X", &[])).await, Err(TermError::Denied(_))));
        assert!(matches!(alterar::<Segmentos>(tx, &ana, naval, &dados("X", &[])).await, Err(TermError::Denied(_))));
        assert!(matches!(excluir::<Segmentos>(tx, &ana, naval).await, Err(TermError::Denied(_))));
        assert!(matches!(mesclar::<Segmentos>(tx, &ana, naval, naval).await, Err(TermError::Denied(_))));
        Ok::<(), Fault>(())
    })
    .await
    .unwrap();
    // S3-9.5: to keep the list is one thing, to delete from it another.
    let bia = pessoa(&base, "Beatriz", Scope::Todas, &[GERIR]).await;
    let kept = base.alfa(async |tx: &mut TenantTx| excluir::<Segmentos>(tx, &bia, naval).await).await;
    assert!(matches!(kept, Err(TermError::Denied(_))));
    let caio = pessoa(&base, "Caio", Scope::Todas, &[EXCLUIR]).await;
    base.alfa(async |tx: &mut TenantTx| excluir::<Segmentos>(tx, &caio, naval).await).await.unwrap();
}

/// The list of the IBGE is whole, and what a segmento's codes propose follows them.
#[tokio::test]
async fn the_cnae_of_an_empresa_proposes_its_segmento() {
    let base = Base::new().await;
    let proposed = async |cnae: &str| {
        let all = base.alfa(async |tx: &mut TenantTx| segmento::list(tx).await).await.unwrap();
        segmento::proposed(&all, cnae).map(|segmento| segmento.nome.clone())
    };
    assert_eq!(proposed("2342701").await.as_deref(), Some("Cerâmica"), "a longer code than that of Minerais não metálicos");
    assert_eq!(proposed("3041500").await, None);

    let naval = id_of(&base, "Naval").await.unwrap();
    let changed = base
        .alfa(async |tx: &mut TenantTx| alterar::<Segmentos>(tx, &sistema(), naval, &dados("Naval", &["301", "304"])).await)
        .await;
    changed.unwrap();
    assert_eq!(proposed("3041500").await.as_deref(), Some("Naval"));
    let moveleiro = id_of(&base, "Moveleiro").await.unwrap();
    base.alfa(async |tx: &mut TenantTx| mesclar::<Segmentos>(tx, &sistema(), naval, moveleiro).await).await.unwrap();
    assert_eq!(proposed("3041500").await.as_deref(), Some("Moveleiro"), "merged, its codes go along");

    let all = base.alfa(async |tx: &mut TenantTx| Atividades::load(tx).await).await.unwrap();
    let path: Vec<_> =
        all.path("2511000").into_iter().map(|atividade| (atividade.written(), atividade.nome.to_string())).collect();
    assert_eq!(path.len(), 5);
    assert_eq!(path[0], ("C".to_owned(), "Indústrias de transformação".to_owned()));
    assert_eq!(path[4], ("2511-0/00".to_owned(), "Fabricação de estruturas metálicas".to_owned()));
    assert_eq!(all.parts(None).count(), 21);
    assert!(all.find("METALICAS estruturas", 10).iter().any(|atividade| &*atividade.codigo == "2511000"));
}
