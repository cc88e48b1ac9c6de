use acesso::{
    lista,
    visao::{Guardar, Preferida, VisaoError, excluir, guardar, preferir},
};
use kernel::{Actor, ActorKind, Grants, RequestMeta};
use tenancy::TenantTx;
use testkit::{Base, sistema};
use uuid::Uuid;

const LISTA: &str = "/empresas";

async fn somebody(base: &Base, nome: &str) -> Actor {
    let schema = base.alfa.names().schema();
    let id = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0900 + nome.len() as u128);
    base.execute(&format!(
        "INSERT INTO {schema}.usuario (id, nome, email, perfil_id, created_at, updated_at)
         SELECT '{id}', '{nome}', '{nome}@senai.example', id, now(), now() FROM {schema}.perfil WHERE key = 'atendente'"
    ))
    .await;
    Actor {
        kind: ActorKind::Usuario,
        id: Some(id),
        nome: nome.to_owned(),
        grants: Grants::default(),
        meta: RequestMeta::default(),
    }
}

fn cmd(nome: &str, consulta: &str, compartilhada: bool) -> Guardar {
    Guardar { lista: LISTA.to_owned(), nome: nome.parse().unwrap(), consulta: consulta.to_owned(), compartilhada }
}

async fn labels(base: &Base, actor: &Actor) -> Vec<String> {
    let lista = base.alfa(async |tx: &mut TenantTx| lista::of(tx, actor, LISTA).await).await.unwrap();
    lista
        .views
        .into_iter()
        .map(|view| format!("{} {}{}", view.label, view.href, if view.remove.is_some() { " own" } else { "" }))
        .collect()
}

#[tokio::test]
async fn what_is_shared_is_seen_by_all_and_forgotten_by_its_owner_alone() {
    let base = Base::new().await;
    let (ana, bruno) = (somebody(&base, "ana").await, somebody(&base, "bruno").await);
    let keep = async |actor: &Actor, cmd: Guardar| base.alfa(async |tx: &mut TenantTx| guardar(tx, actor, &cmd).await).await;
    keep(&ana, cmd("Minhas", "uf=SC", false)).await.unwrap();
    let shared = keep(&ana, cmd("Todos", "uf=RS", true)).await.unwrap();
    keep(&bruno, cmd("Aço", "q=aco", false)).await.unwrap();
    assert_eq!(labels(&base, &ana).await, ["Minhas /empresas?uf=SC own", "Todos /empresas?uf=RS own"]);
    assert_eq!(labels(&base, &bruno).await, ["Aço /empresas?q=aco own", "Todos /empresas?uf=RS"]);
    assert!(labels(&base, &sistema()).await.is_empty());

    let foreign = base.alfa(async |tx: &mut TenantTx| excluir(tx, &bruno, shared).await).await;
    assert!(matches!(foreign, Err(VisaoError::NotFound)));
    base.alfa(async |tx: &mut TenantTx| excluir(tx, &ana, shared).await).await.unwrap();
    assert_eq!(labels(&base, &bruno).await, ["Aço /empresas?q=aco own"]);
}

#[tokio::test]
async fn one_name_is_one_visao_and_there_is_an_end_to_them() {
    let base = Base::new().await;
    let ana = somebody(&base, "ana").await;
    base.alfa(async |tx: &mut TenantTx| {
        guardar(tx, &ana, &cmd("Minha", "uf=SC", false)).await?;
        guardar(tx, &ana, &cmd("Minha", "uf=PR", false)).await?;
        assert!(matches!(guardar(tx, &ana, &cmd("Vazia", "", false)).await, Err(VisaoError::Nothing)));
        assert!(matches!(guardar(tx, &ana, &cmd("Longa", &"x".repeat(4001), false)).await, Err(VisaoError::Nothing)));
        for n in 1..50 {
            guardar(tx, &ana, &cmd(&format!("Visão {n}"), "uf=SC", false)).await?;
        }
        assert!(matches!(guardar(tx, &ana, &cmd("Mais uma", "uf=SC", false)).await, Err(VisaoError::TooMany)));
        guardar(tx, &ana, &cmd("Minha", "uf=RS", false)).await?;
        Ok::<(), VisaoError>(())
    })
    .await
    .unwrap();
    let all = labels(&base, &ana).await;
    assert!(all.len() == 50 && all.contains(&"Minha /empresas?uf=RS own".to_owned()));
    let trail = format!("SELECT count(*) FROM {}.auditoria WHERE action = 'visao.guardada'", base.alfa.names().schema());
    assert_eq!(base.number(&trail).await, 52);
}

/// A list opens with one visão for each person: their own or a shared one, as long as they may use it.
#[tokio::test]
async fn a_list_opens_with_one_visao_for_each_person() {
    let base = Base::new().await;
    let (ana, bruno) = (somebody(&base, "ana").await, somebody(&base, "bruno").await);
    let keep = async |actor: &Actor, cmd: Guardar| base.alfa(async |tx: &mut TenantTx| guardar(tx, actor, &cmd).await).await;
    let prefer = async |actor: &Actor, id| base.alfa(async |tx: &mut TenantTx| preferir(tx, actor, id).await).await;
    let opens = async |actor: &Actor, query: &str| {
        let lista = base.alfa(async |tx: &mut TenantTx| lista::of(tx, actor, LISTA).await).await.unwrap();
        lista.opening(query).map(str::to_owned)
    };
    let own = keep(&ana, cmd("Minhas", "uf=SC", false)).await.unwrap();
    let shared = keep(&ana, cmd("Todos", "uf=RS", true)).await.unwrap();
    assert_eq!(opens(&ana, "").await, None);
    assert!(matches!(prefer(&bruno, own).await, Err(VisaoError::NotFound)), "another's own");
    assert!(matches!(prefer(&sistema(), shared).await, Err(VisaoError::NotFound)));
    assert_eq!(prefer(&ana, own).await.unwrap(), Preferida { lista: LISTA.to_owned(), padrao: true });
    prefer(&bruno, shared).await.unwrap();
    assert_eq!(opens(&ana, "").await.as_deref(), Some("/empresas?uf=SC"));
    assert_eq!(opens(&ana, "uf=PR").await, None, "only the plain address");
    assert_eq!(opens(&bruno, "").await.as_deref(), Some("/empresas?uf=RS"));
    prefer(&ana, shared).await.unwrap();
    assert_eq!(opens(&ana, "").await.as_deref(), Some("/empresas?uf=RS"), "instead of the other, not besides");
    assert!(!prefer(&ana, shared).await.unwrap().padrao, "and not any more");
    assert_eq!(opens(&ana, "").await, None);
    // What is shared no longer opens for nobody else.
    keep(&ana, cmd("Todos", "uf=RS", false)).await.unwrap();
    assert_eq!(opens(&bruno, "").await, None);
    base.alfa(async |tx: &mut TenantTx| excluir(tx, &ana, shared).await).await.unwrap();
    assert_eq!(opens(&bruno, "").await, None);
}
