use documentos::{
    arquivo::{GuardarError, descartar},
    documento::{
        DocumentoError, Pasta, alterar::alterar, enviar::enviar, excluir::excluir, lista, restaurar::restaurar,
        substituir::substituir,
    },
};
use kernel::ErrorKind;
use tenancy::{Mode, TenantTx, TxLimits};
use testkit::sistema;

use crate::{AURORA, House, OUTRA};

/// S0-0.9, S0-11.1: what comes out is what went in, under the name it was given.
#[tokio::test]
async fn a_documento_is_kept_renamed_trashed_and_restored() {
    let house = House::new().await;
    let (id, arquivo) = house.enviado(AURORA, "Contrato de Manutenção.txt", "cláusula 1").await;
    assert_eq!(house.content(&house.base.alfa, arquivo).await.as_deref(), Some("cláusula 1"));
    assert_eq!(house.content(&house.base.beta, arquivo).await, None, "another unidade has nothing under that id");

    let actor = sistema();
    house
        .base
        .alfa(async |tx: &mut TenantTx| {
            let found = lista::find(tx, AURORA, id).await.unwrap().unwrap();
            assert_eq!((found.nome.as_str(), found.version, found.versao.number), ("Contrato de Manutenção.txt", 1, 1));
            let contratos: Pasta = "Contratos".parse().unwrap();
            // The extension says what it is: it cannot be typed away.
            let nome = alterar(tx, &actor, AURORA, id, 1, "Contrato 2026.exe", &contratos).await.unwrap();
            assert_eq!(nome.as_str(), "Contrato 2026.exe.txt");
            let stale = alterar(tx, &actor, AURORA, id, 1, "x", &contratos).await.unwrap_err();
            assert!(matches!(stale, DocumentoError::Conflict));
            assert_eq!(lista::list(tx, AURORA).await.unwrap()[0].pasta, contratos);

            excluir(tx, &actor, AURORA, id).await.unwrap();
            assert!(matches!(excluir(tx, &actor, AURORA, id).await, Err(DocumentoError::NotFound)));
            assert_eq!(lista::list(tx, AURORA).await.unwrap(), []);
            assert_eq!(lista::trashed(tx, AURORA).await.unwrap().len(), 1);
            restaurar(tx, &actor, AURORA, id).await.unwrap();
            assert!(matches!(restaurar(tx, &actor, AURORA, id).await, Err(DocumentoError::NotFound)));
            assert!(lista::find(tx, AURORA, id).await.unwrap().is_some());
        })
        .await;
    let trail = format!(
        "SELECT count(*) FROM {}.auditoria WHERE entity = 'empresa' AND entity_id = '{}' AND action LIKE 'documento.%'",
        house.base.alfa.names().schema(),
        AURORA.id
    );
    assert_eq!(house.base.number(&trail).await, 4);
}

/// What belongs to one record cannot be named through another, nor from another unidade.
#[tokio::test]
async fn a_documento_is_reached_only_through_its_record() {
    let house = House::new().await;
    let (id, _) = house.enviado(AURORA, "a.txt", "x").await;
    let arquivo = house.guardar("b.txt", "y").await.unwrap();
    let actor = sistema();
    let tried = async |tx: &mut TenantTx, dono| {
        let top = Pasta::default();
        assert_eq!(lista::find(tx, dono, id).await.unwrap(), None);
        for refused in [
            alterar(tx, &actor, dono, id, 1, "b", &top).await.map(drop),
            substituir(tx, &actor, dono, id, None, &arquivo).await.map(drop),
            excluir(tx, &actor, dono, id).await,
            restaurar(tx, &actor, dono, id).await,
        ] {
            assert!(matches!(refused, Err(DocumentoError::NotFound)), "{refused:?}");
        }
    };
    house.base.alfa(async |tx: &mut TenantTx| tried(tx, OUTRA).await).await;
    house.base.beta(async |tx: &mut TenantTx| tried(tx, AURORA).await).await;
}

#[tokio::test]
async fn of_two_new_files_at_once_both_become_versoes() {
    let house = House::new().await;
    let (id, first) = house.enviado(AURORA, "relatorio.txt", "um").await;
    let (two, three) = (house.guardar("dois.csv", "dois").await.unwrap(), house.guardar("tres.csv", "tres").await.unwrap());
    let replace = async |arquivo| {
        let mut tx = house.base.tenants.begin(&house.base.alfa, Mode::Write, TxLimits::REQUEST).await.unwrap();
        let number = substituir(&mut tx, &sistema(), AURORA, id, None, arquivo).await.unwrap();
        tx.commit().await.unwrap();
        number
    };
    let (a, b) = tokio::join!(replace(&two), replace(&three));
    assert_eq!([a.min(b), a.max(b)], [2, 3]);
    let (shown, versoes) = house
        .base
        .alfa(async |tx: &mut TenantTx| {
            (lista::find(tx, AURORA, id).await.unwrap().unwrap(), lista::versoes(tx, id).await.unwrap())
        })
        .await;
    assert_eq!((shown.versao.number, shown.version), (3, 3));
    assert_eq!(shown.nome.as_str(), "relatorio.csv", "its own name, with the extension of what it is now");
    assert_eq!(versoes.iter().map(|versao| versao.number).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(house.content(&house.base.alfa, first).await.as_deref(), Some("um"), "the first file is still there");
    // Whoever saw an older version is told.
    let stale = house.guardar("x.txt", "x").await.unwrap();
    let refused = house.base.alfa(async |tx: &mut TenantTx| substituir(tx, &sistema(), AURORA, id, Some(1), &stale).await).await;
    assert!(matches!(refused, Err(DocumentoError::Conflict)));
}

/// Two uploads at once cannot both have the last room; what was given up makes room again.
#[tokio::test]
async fn the_quota_is_kept_by_everybody_together() {
    let house = House::with_quota(10).await;
    let (a, b) = tokio::join!(house.guardar("a.txt", "123456"), house.guardar("b.txt", "123456"));
    let (kept, refused) = match (a, b) {
        (Ok(kept), Err(refused)) | (Err(refused), Ok(kept)) => (kept, refused),
        other => panic!("one fits, two do not: {other:?}"),
    };
    assert!(matches!(refused, GuardarError::Quota(_)));
    assert_eq!(refused.code(), "file-quota");
    assert_eq!((house.uso().await, house.on_disk()), ((6, 6), 1));
    let last = house.guardar("c.txt", "1234").await.unwrap();
    assert!(house.guardar("d.txt", "1").await.is_err(), "exactly full");
    for arquivo in [kept, last] {
        descartar(&house.files, &house.base.tenants, &house.base.alfa, &arquivo).await;
        descartar(&house.files, &house.base.tenants, &house.base.alfa, &arquivo).await;
    }
    assert_eq!((house.uso().await, house.on_disk()), ((0, 0), 0));
    // The other unidade has its own.
    let arquivo = house.guardar("e.txt", "1234567890").await.unwrap();
    let taken =
        house.base.alfa(async |tx: &mut TenantTx| enviar(tx, &sistema(), AURORA, &Pasta::default(), &arquivo).await).await;
    taken.unwrap();
    descartar(&house.files, &house.base.tenants, &house.base.alfa, &arquivo).await;
    assert_eq!(house.uso().await, (10, 10), "a row that a documento took stays");
}
