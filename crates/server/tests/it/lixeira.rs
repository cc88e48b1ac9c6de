//! Everything that was deleted on one page, from what the modules declare, within each person's reach.

use axum::http::StatusCode;

use crate::support::{Side, Who, World, host};

/// Somebody with a perfil of their own, reaching only what is theirs.
async fn narrow(world: &World, side: &Side) -> String {
    let schema = side.unidade.names().schema();
    let cookie = world.person(&side.unidade, "Atendente", "estreita@alfa.example").await;
    world
        .base
        .execute(&format!(
            "INSERT INTO {schema}.perfil_permissao (perfil_id, permissao, escopo)
             SELECT u.perfil_id, 'empresas.empresa.excluir', 'proprias' FROM {schema}.usuario u WHERE u.email = 'estreita@alfa.example'
             ON CONFLICT DO NOTHING"
        ))
        .await;
    cookie
}

#[tokio::test]
async fn every_kind_is_seen_and_comes_back_by_itself() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (host, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let all = world.get(&host, who, "/lixeira").await;
    assert_eq!(all.status, StatusCode::OK);
    let items = [
        format!("empresa:{}", side.ids["empresa_excluida"]),
        format!("contato:{}", side.ids["contato.excluido"]),
        format!("documento:{}", side.ids["documento_excluido"]),
        format!("visita:{}", side.ids["visita_excluida"]),
        format!("tarefa:{}", side.ids["tarefa_excluida"]),
        format!("demanda:{}", side.ids["demanda_excluida"]),
        format!("projeto:{}", side.ids["projeto_excluido"]),
    ];
    for item in &items {
        assert!(all.body.contains(&format!("name=\"item\" value=\"{item}\"")), "{item}: {all:?}");
    }
    // Deleted through the door a moment ago, so the trail knows by whom.
    assert!(all.body.contains("antigo.csv") && all.body.contains("Ana Lima"), "{all:?}");
    let one = world.get(&host, who, "/lixeira?tipo=documento").await.body;
    assert!(one.contains(&items[2]) && !one.contains(&items[0]), "only documentos");
    assert_eq!(world.get(&host, who, "/empresas/lixeira").await.header("location"), "/lixeira?tipo=empresa");

    let body = items.iter().map(|item| format!("item={item}")).collect::<Vec<_>>().join("&").replace(':', "%3A");
    let back = world.post(&host, who, "/lixeira/restaurar", &body).await;
    assert_eq!((back.status, back.header("location")), (StatusCode::SEE_OTHER, "/lixeira"), "{back:?}");
    assert!(world.get(&host, who, "/lixeira").await.body.contains("A lixeira está vazia"));

    // Nothing is there any more: told by name, and nothing else goes wrong.
    let again = world.post(&host, who, "/lixeira/restaurar", &format!("{body}&item=x&item=unidade%3A1")).await;
    assert!(again.status == StatusCode::OK && again.body.contains("9 não puderam voltar"), "{again:?}");
}

#[tokio::test]
async fn one_that_cannot_come_back_takes_no_other_along() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (host, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let schema = side.unidade.names().schema();
    world
        .base
        .execute(&format!(
            "INSERT INTO {schema}.empresa (id, nome, cnpj, situacao, data_cadastro, created_at, updated_at)
             SELECT gen_random_uuid(), 'Outra', cnpj, 'ativo', '2026-11-22', now(), now() FROM {schema}.empresa WHERE id = '{}'",
            side.ids["empresa_excluida"]
        ))
        .await;
    let body = format!("item=empresa%3A{}&item=documento%3A{}", side.ids["empresa_excluida"], side.ids["documento_excluido"]);
    let answer = world.post(&host, who, "/lixeira/restaurar", &body).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("1 item foi restaurado.") && answer.body.contains("Um não pôde voltar"), "{answer:?}");
    let lies =
        |table: &str, id: &str| format!("SELECT count(*) FROM {schema}.{table} WHERE id = '{id}' AND deleted_at IS NOT NULL");
    assert_eq!(world.base.number(&lies("empresa", &side.ids["empresa_excluida"])).await, 1);
    assert_eq!(world.base.number(&lies("documento", &side.ids["documento_excluido"])).await, 0);
}

#[tokio::test]
async fn nobody_restores_beyond_their_reach() {
    let world = World::new().await;
    let (alfa, beta) = (world.side(&world.base.alfa).await, world.side(&world.base.beta).await);
    let host = host(&alfa.unidade);
    let cookie = narrow(&world, &alfa).await;
    let page = world.get(&host, Who::Cookie(&cookie), "/lixeira").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains(&alfa.ids["empresa_excluida"]), "it is nobody's of theirs");
    let here = world.base.fingerprint(&alfa.unidade).await;
    for (who, id) in [(&cookie, &alfa.ids["empresa_excluida"]), (&alfa.cookie, &beta.ids["empresa_excluida"])] {
        let answer = world.post(&host, Who::Cookie(who), "/lixeira/restaurar", &format!("item=empresa%3A{id}")).await;
        assert!(answer.body.contains("Um não pôde voltar"), "{answer:?}");
    }
    assert_eq!(world.base.fingerprint(&alfa.unidade).await, here);
}

/// "Por que não posso?": which permission, and whom to ask.
#[tokio::test]
async fn a_refusal_names_the_permission_and_who_can_grant_it() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let host = host(&side.unidade);
    let cookie = world.person(&side.unidade, "Leitor", "leitora@alfa.example").await;
    let refused = world.get(&host, Who::Cookie(&cookie), "/empresas/nova").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("Permissão necessária") && refused.body.contains("Quem pode conceder"), "{refused:?}");
    let list = world.get(&host, Who::Cookie(&cookie), "/empresas").await.body;
    assert!(list.contains("/permissoes?codigo=empresas.empresa.registrar") && list.contains("Por que não posso?"));
    let why = world.get(&host, Who::Cookie(&cookie), "/permissoes?codigo=empresas.empresa.registrar").await;
    assert!(why.body.contains("Quem pode conceder") && why.body.contains("Não."), "{why:?}");
    assert_eq!(world.get(&host, Who::Cookie(&cookie), "/permissoes?codigo=x").await.status, StatusCode::NOT_FOUND);
    // A program hears which permission, and nobody's name.
    let token = world.get(&host, Who::Bearer(&side.bearer), "/configuracoes/usuarios").await;
    assert!(!token.body.contains("Quem pode conceder"), "{token:?}");
}
