//! What stands in an empresa's own trail, and a segmento that goes while somebody chooses it.

use empresas::{
    empresa::{
        Campo,
        alterar::{AlterarError, alterar},
        registrar::{RegistrarError, registrar},
    },
    importacao::{Mode, analisar, confirmar, guess, receber},
    segmento::{self, Segmentos},
};
use kernel::{Cnpj, ErrorKind};
use tenancy::{Mode as TxMode, TenantTx, TxLimits};
use testkit::{Base, sistema};
use web::vocabulary::mesclar;

use crate::support::{cadastro, known, parser, registered};

fn cnpj(n: u32) -> String {
    Cnpj::from_base(&format!("{:08}0001", 10_000_000 + n)).unwrap().to_string()
}

/// An importação leaves its marks like a person: in the trail of each empresa that it changed, and of no other.
#[tokio::test]
async fn what_an_importacao_changed_stands_in_each_trail() {
    let base = Base::new().await;
    let changed = registered(&base, 1, &[(Campo::Porte, "me"), (Campo::Telefone, "(47) 3433-0000"), (Campo::Uf, "SC")]).await;
    registered(&base, 2, &[(Campo::Porte, "epp")]).await;
    let csv = format!(
        "CNPJ;Nome;Porte;Município;UF\n{};Empresa 1;EPP;Joinville;SC\n{};Empresa 2;EPP;;\n{};Empresa 3;ME;;\n",
        cnpj(1),
        cnpj(2),
        cnpj(3)
    );
    let mut tx = base.tenants.begin(&base.alfa, TxMode::Write, TxLimits::JOB).await.unwrap();
    let id = receber(&mut tx, &sistema(), &parser(), "maio.csv", csv.as_bytes()).await.unwrap();
    let headers: Vec<String> = csv.lines().next().unwrap().split(';').map(str::to_owned).collect();
    analisar(&mut tx, &sistema(), &parser(), id, 0, guess(&headers), Mode::Ambos).await.unwrap();
    confirmar(&mut tx, &sistema(), id, None).await.unwrap();
    tx.commit().await.unwrap();
    let told = async |condition: &str| {
        let schema = base.alfa.names().schema();
        base.number(&format!("SELECT count(*) FROM {schema}.auditoria WHERE action = 'empresa.alterada' AND {condition}")).await
    };
    assert_eq!(told("true").await, 1, "one that said so already, and one that is new, have nothing to tell");
    let exact = format!(
        "entity_id = '{changed}' AND before = '{{\"porte\": \"me\"}}'
         AND after = '{{\"porte\": \"epp\", \"municipio\": \"Joinville\", \"importacao\": \"maio.csv\"}}'"
    );
    assert_eq!(told(&exact).await, 1);
}

/// Somebody merges a segmento away while another saves an empresa with it: the field says so, and nothing is kept.
#[tokio::test]
async fn a_segmento_that_went_meanwhile_is_a_mistake_of_its_field() {
    let base = Base::new().await;
    let id = registered(&base, 1, &[]).await;
    let known = known(&base).await;
    let [naval, moveleiro] = ["Naval", "Moveleiro"].map(|nome| known.segmentos.iter().find(|one| one.nome == nome).unwrap().id);
    let chosen = |n: u32| cadastro(&known, n, &[(Campo::Segmento, "Naval")]);
    let (new, changed) = (chosen(2), chosen(1));
    base.alfa(async |tx: &mut TenantTx| mesclar::<Segmentos>(tx, &sistema(), naval, moveleiro).await).await.unwrap();
    assert!(base.alfa(async |tx: &mut TenantTx| segmento::list(tx).await).await.unwrap().iter().all(|one| one.id != naval));
    let before = base.fingerprint(&base.alfa).await;

    let refused = base.tenants.write(&base.alfa, async |tx: &mut TenantTx| registrar(tx, &sistema(), new).await).await;
    let Err(error @ RegistrarError::SegmentoGone) = refused else { panic!("{refused:?}") };
    assert_eq!(error.fields()[0].field, "segmento");
    let refused = base.tenants.write(&base.alfa, async |tx: &mut TenantTx| alterar(tx, &sistema(), id, 1, changed).await).await;
    assert!(matches!(refused, Err(AlterarError::SegmentoGone)), "{refused:?}");
    assert_eq!(base.fingerprint(&base.alfa).await, before);
}
