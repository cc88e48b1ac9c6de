//! Erased people stay erased (R8): whatever archive is restored, and as what.

use std::sync::Arc;

use chrono::{Months, TimeDelta};
use jobs::{Gates, Limits, Worker};
use kernel::Actor;
use privacidade::Apagados;
use tenancy::{
    Backup, BackupKind, Migrations, RestoreInto, RestoreOptions, Restored, backup, restore,
    trail::{seal_trail, verify_trail},
};
use testkit::Base;

use crate::house::{NOME, contato, erase, modules, plant, traces, who};

struct Stage {
    base: Base,
    folder: tempfile::TempDir,
}

impl Stage {
    async fn new() -> Self {
        Self { base: Base::new().await, folder: tempfile::tempdir().unwrap() }
    }

    async fn archive(&self) -> Backup {
        let Base { platform, alfa, .. } = &self.base;
        backup(platform, Migrations::tenant(), alfa, self.folder.path(), BackupKind::Archive, |_| {}).await.unwrap()
    }

    async fn restore(&self, backup: &Backup, into: RestoreInto) -> Restored {
        let folder = self.folder.path();
        let apagados = Apagados::load(&self.base.platform, &modules()).await.unwrap();
        let options = RestoreOptions {
            participants: vec![Arc::new(apagados)],
            ..RestoreOptions::new(folder.join(&backup.nome), into, folder.to_owned())
        };
        restore(&self.base.platform, Migrations::tenant(), &Actor::sistema(), &options, |_| {}).await.unwrap()
    }

    fn worker(&self) -> Worker {
        let Base { tenants, registry, platform, .. } = &self.base;
        let gates = Gates { tenants: tenants.clone(), registry: registry.clone(), platform: platform.clone() };
        Worker::new(gates, privacidade::handlers(platform), Vec::new(), Limits::default()).unwrap()
    }

    async fn count(&self, what: &str) -> i64 {
        self.base.number(&format!("SELECT count(*) FROM {}.{what}", self.base.alfa.names().schema())).await
    }
}

#[tokio::test]
async fn a_restore_in_place_erases_again_by_the_receipts_of_the_schema() {
    let stage = Stage::new().await;
    let id = contato(&stage.base).await;
    plant(&stage.base, id).await;
    let older = stage.archive().await;
    let done = erase(&stage.base, &Actor::sistema(), &who("contato", id), NOME).await.unwrap();
    // No job has run: the register knows nothing yet.
    stage.restore(&older, RestoreInto::Replace(stage.base.alfa.id)).await;
    assert_eq!(traces(&stage.base, &stage.base.alfa).await, ["auditoria: 1"]);
    let receipt = format!("apagamento WHERE protocolo = '{}' AND reapplied_at IS NOT NULL", done.protocolo);
    assert_eq!(stage.count(&receipt).await, 1);
    assert_eq!(stage.count("contato").await, 2, "the others came back");
    let verified = verify_trail(&stage.base.platform, &stage.base.tenants, &stage.base.alfa).await.unwrap();
    assert_eq!(verified.broken, None);
}

#[tokio::test]
async fn a_restore_as_another_unidade_erases_again_by_the_register() {
    let stage = Stage::new().await;
    let id = contato(&stage.base).await;
    plant(&stage.base, id).await;
    let older = stage.archive().await;
    erase(&stage.base, &Actor::sistema(), &who("contato", id), NOME).await.unwrap();
    stage.worker().drain().await.unwrap();
    let into = RestoreInto::New { slug: "gama".parse().unwrap(), codigo: "9.99".parse().unwrap(), placement: None };
    let restored = stage.restore(&older, into).await;
    let gama = stage.base.registry.by_id(restored.id).await.unwrap().unwrap();
    assert_eq!(traces(&stage.base, &gama).await, ["auditoria: 1"]);
    let receipts = format!("SELECT count(*) FROM {}.apagamento WHERE titular_id = '{id}'", gama.names().schema());
    assert_eq!(stage.base.number(&receipts).await, 1);
}

/// What the trail says of an erased person goes when its time is over, and the chain holds without it.
#[tokio::test]
async fn the_trail_forgets_an_erased_person_when_its_time_is_over() {
    let stage = Stage::new().await;
    let Base { platform, tenants, alfa, clock, .. } = &stage.base;
    let id = contato(&stage.base).await;
    plant(&stage.base, id).await;
    // As every row is: at the instant that its id says.
    let schema = alfa.names().schema();
    stage.base.execute(&format!("UPDATE {schema}.auditoria SET at = '{}'", testkit::NOW)).await;
    erase(&stage.base, &Actor::sistema(), &who("contato", id), NOME).await.unwrap();
    seal_trail(platform, tenants, alfa).await.unwrap();
    let run = async || {
        let gates = Gates { tenants: tenants.clone(), registry: stage.base.registry.clone(), platform: platform.clone() };
        let schedules = (privacidade::module().schedules)().unwrap();
        let worker = Worker::new(gates, privacidade::handlers(platform), schedules, Limits::default()).unwrap();
        worker.tick().await.unwrap();
        clock.advance(TimeDelta::days(1));
        worker.tick().await.unwrap();
        worker.drain().await.unwrap();
    };
    run().await;
    assert_eq!(traces(&stage.base, alfa).await, ["auditoria: 1"], "not before its time");
    let now = tenants.clock().now();
    clock.advance(now.checked_add_months(Months::new(12)).unwrap() - now);
    run().await;
    assert!(traces(&stage.base, alfa).await.is_empty());
    assert_eq!(stage.count("auditoria WHERE action = 'auditoria.cortada'").await, 1);
    let verified = verify_trail(platform, tenants, alfa).await.unwrap();
    assert_eq!(verified.broken, None);
}
