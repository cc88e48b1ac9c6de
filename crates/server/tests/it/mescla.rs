//! One empresa of two through the door: compared, merged, led to by its old address, parted again; and the notice of a form.

use axum::http::StatusCode;

use crate::support::{Side, Who, World, host};

async fn world() -> (World, Side) {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    (world, side)
}

#[tokio::test]
async fn two_become_one_and_the_old_address_leads_there() {
    let (world, side) = world().await;
    let (host, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let (fica, sai) = (&side.ids["empresa"], &side.ids["empresa.outra"]);
    let compares = world.get(&host, who, &format!("/empresas/{fica}/mesclar?com={sai}")).await;
    assert_eq!(compares.status, StatusCode::OK);
    assert!(
        compares.body.contains("Vai para a lixeira") && compares.body.contains(r#"name="campo_nome" value="sai""#),
        "{compares:?}"
    );
    let sent = |version: i32| format!("com={sai}&version={version}&versao_outra=1&campo_nome=sai&visto_nome=x");
    let stale = world.post(&host, who, &format!("/empresas/{fica}/mesclar"), &sent(7)).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("mudou agora"), "the field that changed is marked: {stale:?}");

    let done = world.post(&host, who, &format!("/empresas/{fica}/mesclar"), &sent(1)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{done:?}");
    let mescla = done.header("location").to_owned();
    assert!(world.get(&host, who, &mescla).await.body.contains("Desfazer a mescla"));
    let old = world.get(&host, who, &format!("/empresas/{sai}")).await;
    assert_eq!((old.status, old.header("location")), (StatusCode::SEE_OTHER, format!("/empresas/{fica}").as_str()));
    assert!(old.cookie("__Host-aviso").unwrap_or_default().contains("toast-empresa-mesclada"), "with a word about it: {old:?}");
    let page = world.get(&host, who, &format!("/empresas/{fica}")).await.body;
    assert!(page.contains("foi mesclada nesta empresa") && page.contains(&mescla), "{page}");
    let api = world.get(&host, Who::Bearer(&side.bearer), &format!("/api/v1/empresas/{sai}")).await;
    assert_eq!(
        (api.status, api.header("location")),
        (StatusCode::TEMPORARY_REDIRECT, format!("/api/v1/empresas/{fica}").as_str())
    );
    let restored = world.post(&host, who, &format!("/empresas/{sai}/restaurar"), "").await;
    assert_eq!(restored.status, StatusCode::CONFLICT, "it comes back by undoing");

    let undone = world.post(&host, who, &format!("{mescla}/desfazer"), "").await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{undone:?}");
    assert!(world.get(&host, who, &mescla).await.body.contains("Desfeita por"));
    assert_eq!(world.get(&host, who, &format!("/empresas/{sai}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_form_is_asked_once_about_those_that_look_alike() {
    let (world, side) = world().await;
    let (host, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let new = "cnpj=11.222.333%2F0001-81&nome=METALURGICA+AURORA+ME&situacao=prospect";
    let notice = world.post(&host, who, "/empresas/semelhantes", new).await;
    assert!(notice.body.contains(&side.ids["empresa"]) && !notice.body.contains("</html>"), "{notice:?}");
    let asked = world.post(&host, who, "/empresas", new).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.body.contains("Não é nenhuma destas"), "{asked:?}");
    let (_, ids) = asked.body.split_once(r#"name="ciente" value=""#).expect("the box to tick");
    let ids = ids.split('"').next().unwrap().replace(' ', "+");
    let other = world.post(&host, who, "/empresas", &format!("{new}&ciente={}", side.ids["documento"])).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "another one was seen");
    let saved = world.post(&host, who, "/empresas", &format!("{new}&ciente={ids}")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{saved:?}");

    // Changed otherwise, it is not asked about again; made like another one, it is.
    let path = format!("{}/editar", saved.header("location"));
    let same = format!("{new}&version=1&porte=me");
    assert_eq!(world.post(&host, who, &path, &same).await.status, StatusCode::SEE_OTHER);
    let renamed = "cnpj=11.222.333%2F0001-81&nome=Metalurgica+Aurora+S.A.&situacao=prospect&version=2";
    assert_eq!(world.post(&host, who, &path, renamed).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}
