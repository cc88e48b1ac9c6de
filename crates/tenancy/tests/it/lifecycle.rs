//! What a platform admin does with a unidade, and what they are kept from (P-7, P-8, P-12).

use std::sync::Arc;

use kernel::Actor;
use tenancy::{
    BackupKind, Migrations, NewUnidade, ProvisionError, Provisioning, Status, Unidade, backup,
    lifecycle::{self, LifecycleError, Step, UnidadePatch},
};

use crate::support::World;

async fn step(world: &World, unidade: &Unidade, step: Step) -> Result<(), LifecycleError> {
    world.platform.write(async |tx| lifecycle::change_status(tx, &Actor::sistema(), unidade.id, &step).await).await
}

fn why(text: &str) -> lifecycle::Reason {
    text.parse().unwrap()
}

async fn audited(world: &World, unidade: &Unidade, action: &str) -> i64 {
    world
        .ask(format!("SELECT count(*) FROM platform.auditoria WHERE action = '{action}' AND unidade_id = '{}'", unidade.id))
        .await
}

#[tokio::test]
async fn a_unidade_is_suspended_reactivated_closed_and_archived() {
    let world = World::new().await;
    let alfa = world.unidade("alfa").await;
    let now = async || world.find(alfa.id).await;
    step(&world, &alfa, Step::Suspend(why("Falta de pagamento"))).await.unwrap();
    assert_eq!((now().await.status, now().await.status_reason.as_deref()), (Status::Suspended, Some("Falta de pagamento")));
    let refused = step(&world, &alfa, Step::Suspend(why("de novo"))).await.unwrap_err();
    assert!(matches!(refused, LifecycleError::Transition { from: Status::Suspended, to: Status::Suspended }));
    step(&world, &alfa, Step::Reactivate).await.unwrap();
    assert_eq!((now().await.status, now().await.status_reason.as_deref()), (Status::Active, None));
    step(&world, &alfa, Step::Maintenance(why("Troca de servidor"))).await.unwrap();
    step(&world, &alfa, Step::Archive).await.unwrap();
    assert!(!now().await.status.is_visible());
    for (action, times) in [("unidade.suspender", 1), ("unidade.reativar", 1), ("unidade.manutencao", 1), ("unidade.arquivar", 1)]
    {
        assert_eq!(audited(&world, &alfa, action).await, times, "{action}");
    }
    let ghost = Arc::new(Unidade { id: tenancy::UnidadeId::new(world.platform.clock().uuid()), ..Unidade::clone(&alfa) });
    assert!(matches!(step(&world, &ghost, Step::Reactivate).await, Err(LifecycleError::NotFound)));
}

#[tokio::test]
async fn a_suspension_outlives_what_held_the_unidade_meanwhile() {
    let world = World::new().await;
    let alfa = world.unidade("alfa").await;
    step(&world, &alfa, Step::Suspend(why("Incidente"))).await.unwrap();
    world.reach(alfa.id, tenancy::Step::Done).await;
    assert_eq!(world.find(alfa.id).await.status, Status::Suspended, "a provisioning that ends late opens nothing");
}

#[tokio::test]
async fn nobody_opens_a_unidade_in_the_middle_of_its_restore() {
    let world = World::new().await;
    let alfa = world.unidade("alfa").await;
    world
        .sudo(format!("UPDATE platform.unidade SET status = 'maintenance', status_reason = 'restore' WHERE id = '{}'", alfa.id))
        .await;
    let refused = step(&world, &alfa, Step::Reactivate).await.unwrap_err();
    assert!(matches!(refused, LifecycleError::Transition { from: Status::Maintenance, to: Status::Active }));
    step(&world, &alfa, Step::Suspend(why("Incidente"))).await.unwrap();
    step(&world, &alfa, Step::Reactivate).await.unwrap();
}

#[tokio::test]
async fn an_edit_needs_the_version_it_was_made_on() {
    let world = World::new().await;
    let (alfa, beta) = (world.unidade("alfa").await, world.unidade("beta").await);
    let edit = async |unidade: &Unidade, version: i32, patch: UnidadePatch| {
        world.platform.write(async |tx| lifecycle::update(tx, &Actor::sistema(), unidade.id, version, &patch).await).await
    };
    let patch = UnidadePatch {
        nome: Some("SENAI Joinville Norte".parse().unwrap()),
        modules: Some(vec!["agendamentos".to_owned()]),
        custom_domain: Some(Some("sri.senai.example".to_owned())),
        ..UnidadePatch::default()
    };
    let next = edit(&alfa, alfa.version, patch.clone()).await.unwrap();
    let now = world.find(alfa.id).await;
    assert_eq!((now.version, now.nome.as_str()), (next, "SENAI Joinville Norte"));
    assert!(now.has_module("agendamentos") && !now.has_module("relacionamento"));
    assert!(matches!(edit(&alfa, alfa.version, patch.clone()).await, Err(LifecycleError::Stale)));
    assert!(matches!(edit(&beta, beta.version, patch).await, Err(LifecycleError::DomainTaken)));
    let before: String =
        world.ask("SELECT detail->'before'->>'nome' FROM platform.auditoria WHERE action = 'unidade.editar'").await;
    assert_eq!(before, "SENAI alfa", "the trail has changed fields only, as they were");
    edit(&alfa, next, UnidadePatch { custom_domain: Some(None), ..UnidadePatch::default() }).await.unwrap();
    assert_eq!(world.find(alfa.id).await.custom_domain, None);
}

#[tokio::test]
async fn a_deletion_needs_a_backup_of_the_last_state_and_the_typed_slug() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let alfa = world.unidade("alfa").await;
    let delete = async |word: &str| lifecycle::delete(&world.platform, &Actor::sistema(), alfa.id, word).await;
    let keep =
        async || backup(&world.platform, Migrations::tenant(), &alfa, folder.path(), BackupKind::Archive, |_| {}).await.unwrap();

    assert!(matches!(delete("alfa").await, Err(LifecycleError::Transition { .. })), "an open unidade is closed first");
    keep().await;
    step(&world, &alfa, Step::Suspend(why("Encerrada"))).await.unwrap();
    assert!(
        matches!(delete("alfa").await, Err(LifecycleError::NoBackup)),
        "a backup from before it was closed may lack something"
    );
    keep().await;
    world.sudo("UPDATE platform.backup SET verified_at = NULL").await;
    assert!(matches!(delete("alfa").await, Err(LifecycleError::NoBackup)), "an unverified backup does not count");
    world.sudo("UPDATE platform.backup SET verified_at = now()").await;
    assert!(matches!(delete("Alfa").await, Err(LifecycleError::Confirmation)));
    delete("alfa").await.unwrap();

    let left: i64 = world
        .ask(format!(
            "SELECT count(*) FROM pg_roles WHERE rolname LIKE '__{0}' UNION ALL SELECT count(*) FROM pg_namespace WHERE nspname LIKE '__{0}' ORDER BY 1 DESC LIMIT 1",
            alfa.id.uuid().simple()
        ))
        .await;
    assert_eq!(left, 0, "schema and roles are gone");
    world.registry.forget_all();
    assert!(world.registry.by_slug("alfa").await.unwrap().is_none());
    assert!(matches!(delete("alfa").await, Err(LifecycleError::Transition { from: Status::Deleted, .. })));
    assert_eq!(audited(&world, &alfa, "unidade.excluir").await, 1);

    // T-ED3: the slug is never given again, the codigo is.
    let new = |slug: &str, codigo: &str| NewUnidade {
        slug: slug.parse().unwrap(),
        codigo: codigo.parse().unwrap(),
        nome: "Outra".parse().unwrap(),
        placement: None,
        municipio_id: None,
        modules: Vec::new(),
        admin_nome: "Ana".parse().unwrap(),
        admin_email: "ana@senai.example".parse().unwrap(),
    };
    let request = async |new: NewUnidade| {
        world.platform.write(async |tx| Provisioning::request(tx, &world.platform, &Actor::sistema(), new).await).await
    };
    assert!(matches!(request(new("alfa", "9.99")).await, Err(ProvisionError::SlugTaken)));
    request(new("alfa2", "c-alfa")).await.unwrap();
}

#[tokio::test]
async fn a_provisioning_can_be_called_off() {
    let world = World::new().await;
    let id = world.request("alfa").await;
    lifecycle::delete(&world.platform, &Actor::sistema(), id, "alfa").await.unwrap();
    world.registry.forget_all();
    assert!(world.registry.by_id(id).await.unwrap().is_none());
}
