use acesso::{Imagem, foto, usuario};
use kernel::Actor;
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{ANA, actor, audited, behind, count, id_of, person};

async fn choose(base: &Base, who: &Actor) -> Imagem {
    let imagem = Imagem::foto(&crate::identidade::point()).unwrap();
    base.alfa(async |tx: &mut TenantTx| foto::trocar(tx, who, &imagem).await.unwrap()).await;
    imagem
}

async fn remove(base: &Base, who: &Actor, of: &Actor) -> Result<(), usuario::SituacaoError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| foto::remover(tx, who, id_of(of)).await).await
}

#[tokio::test]
async fn each_person_is_shown_by_their_own_picture() {
    let base = Base::new().await;
    let (ana, leo) = (person(&base, "Administrador", ANA).await, person(&base, "Leitor", "leo@senai.example").await);
    let who = actor(&base, &leo).await;
    let imagem = choose(&base, &who).await;
    // The same again changes nothing.
    choose(&base, &who).await;
    assert_eq!((count(&base, "usuario_foto").await, audited(&base, "usuario.foto_trocada").await), (1, 1));
    let shown = behind(&base, &base.alfa, &leo.cookie.reveal()).await.unwrap().foto;
    assert_eq!(shown, Some(format!("/fotos/{}", imagem.hash)));
    assert_eq!(behind(&base, &base.alfa, &ana.cookie.reveal()).await.unwrap().foto, None);

    remove(&base, &who, &who).await.unwrap();
    remove(&base, &who, &who).await.unwrap();
    assert_eq!((count(&base, "usuario_foto").await, audited(&base, "usuario.foto_removida").await), (0, 1));
    assert_eq!(behind(&base, &base.alfa, &leo.cookie.reveal()).await.unwrap().foto, None);
}

#[tokio::test]
async fn whoever_manages_people_takes_one_away_and_nobody_else() {
    let base = Base::new().await;
    let (ana, leo) = (person(&base, "Administrador", ANA).await, person(&base, "Leitor", "leo@senai.example").await);
    let (ana, leo) = (actor(&base, &ana).await, actor(&base, &leo).await);
    choose(&base, &ana).await;
    choose(&base, &leo).await;
    assert!(matches!(remove(&base, &leo, &ana).await, Err(usuario::SituacaoError::Denied(_))));
    assert_eq!(count(&base, "usuario WHERE foto IS NOT NULL").await, 2);
    remove(&base, &ana, &leo).await.unwrap();
    assert_eq!(count(&base, "usuario WHERE foto IS NOT NULL").await, 1);
    let nobody = Actor { id: Some(uuid::Uuid::from_u128(7)), ..leo };
    assert!(matches!(remove(&base, &ana, &nobody).await, Err(usuario::SituacaoError::NotFound)));
}

#[tokio::test]
async fn the_picture_goes_with_its_account() {
    let base = Base::new().await;
    let (ana, leo) = (person(&base, "Administrador", ANA).await, person(&base, "Leitor", "leo@senai.example").await);
    let (ana, leo) = (actor(&base, &ana).await, actor(&base, &leo).await);
    choose(&base, &leo).await;
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| usuario::excluir(tx, &ana, id_of(&leo)).await).await.unwrap();
    assert_eq!((count(&base, "usuario_foto").await, count(&base, "usuario WHERE foto IS NOT NULL").await), (0, 0));
}
