//! The first steps of a new unidade: whoever can take them is shown them, until they are done or dismissed.

use axum::http::StatusCode;

use crate::support::{Who, World, host};

#[tokio::test]
async fn an_administrador_sees_the_first_steps_until_they_are_done_or_dismissed() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (host, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let page = world.get(&host, who, "/").await;
    assert_eq!(page.status, StatusCode::OK);
    // There is an empresa and there are colleagues; nobody has chosen colours.
    assert!(page.body.contains("Primeiros passos") && page.body.contains("Fazer agora: Dê a cara da sua unidade"), "{page:?}");
    assert!(!page.body.contains("Fazer agora: Convide quem trabalha com você"), "{page:?}");

    // Somebody who cannot take them goes straight to work.
    let leitora = world.person(&side.unidade, "Leitor", "leitora@alfa.example").await;
    assert_eq!(world.get(&host, Who::Cookie(&leitora), "/").await.header("location"), "/empresas");

    let gone = world.post(&host, who, "/primeiros-passos/dispensar", "").await;
    assert_eq!(gone.header("location"), "/");
    assert_eq!(world.get(&host, who, "/").await.header("location"), "/empresas");
    assert_eq!(world.get(&host, who, "/primeiros-passos").await.status, StatusCode::OK, "on demand it is still there");
    // Another administrador decides alone.
    let outra = world.person(&side.unidade, "Administrador", "outra@alfa.example").await;
    assert_eq!(world.get(&host, Who::Cookie(&outra), "/").await.status, StatusCode::OK);
}
