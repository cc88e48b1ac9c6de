use acesso::{
    aparencia::{AparenciaError, alterar},
    lista,
};
use kernel::{Actor, ActorKind, Grants, RequestMeta};
use tenancy::TenantTx;
use testkit::{Base, sistema};
use uuid::Uuid;
use web::list::Layout;

async fn somebody(base: &Base, nome: &str) -> Actor {
    let schema = base.alfa.names().schema();
    let id = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0900 + nome.len() as u128);
    base.execute(&format!(
        "INSERT INTO {schema}.usuario (id, nome, email, perfil_id, created_at, updated_at)
         SELECT '{id}', '{nome}', '{nome}@senai.example', id, now(), now() FROM {schema}.perfil WHERE key = 'atendente'"
    ))
    .await;
    let (grants, meta) = (Grants::default(), RequestMeta::default());
    Actor { kind: ActorKind::Usuario, id: Some(id), nome: nome.to_owned(), grants, meta }
}

fn layout(hidden: &[&str], compact: bool) -> Layout {
    Layout { hidden: hidden.iter().map(|name| (*name).to_owned()).collect(), compact }
}

#[tokio::test]
async fn each_person_has_each_list_as_they_like_it() {
    let base = Base::new().await;
    let (ana, bruno) = (somebody(&base, "ana").await, somebody(&base, "bruno").await);
    let rows = format!("SELECT count(*) FROM {}.aparencia", base.alfa.names().schema());
    base.alfa(async |tx: &mut TenantTx| {
        alterar(tx, &ana, "/empresas", &layout(&["porte", "cnpj"], true)).await.unwrap();
        alterar(tx, &bruno, "/empresas", &layout(&["porte"], false)).await.unwrap();
        alterar(tx, &ana, "/empresas", &layout(&["cnpj"], true)).await.unwrap();
        assert_eq!(lista::of(tx, &ana, "/empresas").await.unwrap().layout, layout(&["cnpj"], true));
        assert_eq!(lista::of(tx, &bruno, "/empresas").await.unwrap().layout, layout(&["porte"], false));
        assert_eq!(lista::of(tx, &ana, "/visitas").await.unwrap().layout, Layout::default());
        assert_eq!(lista::of(tx, &sistema(), "/empresas").await.unwrap().layout, Layout::default());
    })
    .await;
    assert_eq!(base.number(&rows).await, 2);
    let told = format!("SELECT count(*) FROM {}.auditoria WHERE action = 'aparencia.alterada'", base.alfa.names().schema());
    assert_eq!(base.number(&told).await, 3);
    // The same again leaves no trace; the default is kept by forgetting.
    base.alfa(async |tx: &mut TenantTx| {
        alterar(tx, &ana, "/empresas", &layout(&["cnpj"], true)).await.unwrap();
        alterar(tx, &ana, "/empresas", &Layout::default()).await.unwrap();
    })
    .await;
    assert_eq!((base.number(&rows).await, base.number(&told).await), (1, 4));
}

#[tokio::test]
async fn what_is_no_column_is_not_kept() {
    let base = Base::new().await;
    let ana = somebody(&base, "ana").await;
    let many: Vec<String> = (0..51).map(|_| "coluna".to_owned()).collect();
    for hidden in [vec![String::new()], vec!["a".repeat(41)], vec!["<b>".to_owned()], many] {
        let wanted = Layout { hidden, compact: false };
        let refused = base.alfa(async |tx: &mut TenantTx| alterar(tx, &ana, "/empresas", &wanted).await).await;
        assert!(matches!(refused, Err(AparenciaError::Columns)), "{refused:?}");
    }
    let token = base.alfa(async |tx: &mut TenantTx| alterar(tx, &sistema(), "/empresas", &layout(&["porte"], false)).await).await;
    assert!(matches!(token, Err(AparenciaError::NotFound)), "{token:?}");
}
