//! A unidade that comes back from its archive under another id.

use documentos::arquivo::{Herdados, herdar};
use kernel::Actor;
use tenancy::{BackupKind, Migrations, Registry, RestoreInto, RestoreOptions, backup, restore};

use crate::{AURORA, House};

#[tokio::test]
async fn a_restored_unidade_has_the_contents_that_its_documentos_name() {
    let house = House::new().await;
    let (base, folder) = (&house.base, tempfile::tempdir().unwrap());
    let (_, kept) = house.enviado(AURORA, "contrato.txt", "vale até dezembro").await;
    let (_, lost) = house.enviado(AURORA, "foto.txt", "perdida").await;
    let stream = Migrations::tenant();
    let made = backup(&base.platform, stream, &base.alfa, folder.path(), BackupKind::Archive, |_| ()).await.unwrap();
    let into = RestoreInto::New { slug: "copia".parse().unwrap(), codigo: "9.99".parse().unwrap(), placement: None };
    let options = RestoreOptions::new(folder.path().join(made.nome), into, folder.path().to_owned());
    let restored = restore(&base.platform, stream, &Actor::sistema(), &options, |_| ()).await.unwrap();
    let copia = Registry::new(base.platform.clone()).by_id(restored.id).await.unwrap().unwrap();
    assert_eq!(house.content(&copia, kept).await, None);

    house.files.of(base.alfa.id).remove(lost).await.unwrap();
    let herdados = herdar(&house.files, &base.tenants, &copia, base.alfa.id).await.unwrap();
    assert_eq!(herdados, Herdados { present: 1, missing: 1 });
    assert_eq!(house.content(&copia, kept).await.as_deref(), Some("vale até dezembro"));
    assert_eq!(house.content(&base.alfa, kept).await.as_deref(), Some("vale até dezembro"));
    assert_eq!(herdar(&house.files, &base.tenants, &copia, base.alfa.id).await.unwrap(), herdados, "a second time as well");

    // Each has its own: what one removes stays with the other.
    house.files.of(base.alfa.id).remove(kept).await.unwrap();
    assert!(house.files.of(copia.id).has(kept).await.unwrap());
    // In the place of itself a unidade has what it had.
    let herdados = herdar(&house.files, &base.tenants, &base.alfa, base.alfa.id).await.unwrap();
    assert_eq!(herdados, Herdados { present: 0, missing: 2 });
}
