//! What happens in a unidade while it is replaced from a backup: a write is kept or refused, never lost (R8).

use std::{future::Future, sync::Arc, time::Duration};

use futures::{FutureExt, future::BoxFuture};
use kernel::{Actor, Fault};
use serde_json::{Value, json};
use tenancy::{
    Mode, Restoration, RestoreError, RestoreInto, RestoreOptions, RestoreParticipant, Status, TenantTx, TxLimits, backups,
    lifecycle::{self, LifecycleError, Step},
    restore,
};
use tokio::{runtime::Handle, task::block_in_place};

use crate::{
    backup::{Stage, new, stage},
    support::until,
};

/// Waits from inside a progress report, which holds the restore up where it is.
fn meanwhile<T>(work: impl Future<Output = T>) -> T {
    block_in_place(|| Handle::current().block_on(work))
}

impl Stage {
    /// A transaction of somebody who works in alfa.
    async fn somebody(&self) -> TenantTx {
        self.world.tenants.begin(&self.alfa, Mode::Write, TxLimits::REQUEST).await.unwrap()
    }

    /// How many transactions wait for a lock on a table.
    async fn waiting(&self) -> i64 {
        let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'
                       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        self.world.ask(waiting).await
    }

    /// How many oficinas of that name a unidade has.
    async fn oficinas(&self, id: tenancy::UnidadeId, nome: &str) -> i64 {
        let schema = tenancy::Names::of(id).schema();
        self.world.ask(format!("SELECT count(*) FROM {schema}.oficina WHERE nome = '{nome}'")).await
    }
}

/// Whether what `tx` writes is acknowledged.
async fn writes(mut tx: TenantTx) -> bool {
    let written = sqlx::query("INSERT INTO oficina (nome) VALUES ('tarde')").execute(tx.db()).await;
    written.is_ok() && tx.commit().await.is_ok()
}

#[tokio::test]
async fn what_was_written_and_not_committed_is_in_the_backup_of_what_is_replaced() {
    let stage = stage().await;
    let kept = stage.archive().await;
    let mut writer = stage.somebody().await;
    sqlx::query("INSERT INTO oficina (nome) VALUES ('em voo')").execute(writer.db()).await.unwrap();
    let acknowledged = async {
        until("the restore waits", async || stage.waiting().await > 0).await;
        writer.commit().await.unwrap();
    };
    let (restored, ()) = futures::join!(stage.restore(&kept, RestoreInto::Replace(stage.alfa.id)), acknowledged);
    let before = restored.unwrap().before.unwrap();
    assert_eq!(stage.oficinas(stage.alfa.id, "em voo").await, 0);
    let copy = stage.restore(&before, new("antes")).await.unwrap();
    assert_eq!(stage.oficinas(copy.id, "em voo").await, 1, "it was acknowledged");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_writes_from_an_older_transaction_is_refused() {
    let stage = stage().await;
    let kept = stage.archive().await;
    let (idle, sleeper, mut reader) = (stage.somebody().await, stage.somebody().await, stage.somebody().await);
    sqlx::query("SELECT count(*) FROM oficina").execute(reader.db()).await.unwrap();
    let mut arriving = Some([idle, reader]);
    let mut arrived = Vec::new();
    let options = stage.options(&kept, RestoreInto::Replace(stage.alfa.id));
    restore(&stage.world.platform, &stage.stream, &Actor::sistema(), &options, |p| {
        if p.step == "backed-up" {
            arrived.extend(arriving.take().unwrap().map(|tx| tokio::spawn(writes(tx))));
            meanwhile(until("both wait", async || stage.waiting().await == 2));
        }
    })
    .await
    .unwrap();
    for tx in arrived {
        assert!(!tx.await.unwrap(), "it waited while the schema was replaced");
    }
    assert!(!writes(sleeper).await, "it slept through it all");
    assert_eq!(stage.oficinas(stage.alfa.id, "tarde").await, 0);
    assert!(writes(stage.somebody().await).await, "whoever comes after may");
}

#[tokio::test]
async fn nothing_is_replaced_under_somebody_who_does_not_end() {
    let stage = stage().await;
    let kept = stage.archive().await;
    let before = stage.print(stage.alfa.id).await;
    for sql in ["UPDATE oficina SET nome = nome", "SELECT count(*) FROM oficina"] {
        let mut somebody = stage.somebody().await;
        sqlx::query(sql).execute(somebody.db()).await.unwrap();
        let options =
            RestoreOptions { wait: Duration::from_millis(700), ..stage.options(&kept, RestoreInto::Replace(stage.alfa.id)) };
        let refused = restore(&stage.world.platform, &stage.stream, &Actor::sistema(), &options, |_| {}).await.unwrap_err();
        assert!(matches!(refused, RestoreError::InUse), "{sql}: {refused}");
        assert_eq!(stage.world.find(stage.alfa.id).await.status, Status::Active);
        somebody.commit().await.unwrap();
        stage.world.run(&stage.alfa, "UPDATE oficina SET nome = nome").await.expect("no lock is left");
        assert_eq!(stage.print(stage.alfa.id).await, before);
    }
    let archives = backups(&stage.world.platform, stage.alfa.id).await.unwrap().len();
    assert_eq!(archives, 2, "only the reader let the restore come as far as its backup");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_does_not_wait_for_a_restore_and_opening_does() {
    let stage = stage().await;
    let kept = stage.archive().await;
    let step = async |step: Step| {
        let (platform, id) = (&stage.world.platform, stage.alfa.id);
        platform.write(async |tx| lifecycle::change_status(tx, &Actor::sistema(), id, &step).await).await
    };
    let options = stage.options(&kept, RestoreInto::Replace(stage.alfa.id));
    restore(&stage.world.platform, &stage.stream, &Actor::sistema(), &options, |p| {
        if p.step == "backed-up" {
            meanwhile(async {
                step(Step::Suspend("Incidente".parse().unwrap())).await.unwrap();
                assert!(matches!(step(Step::Reactivate).await, Err(LifecycleError::Busy)));
            });
        }
    })
    .await
    .unwrap();
    let now = stage.world.find(stage.alfa.id).await;
    assert_eq!((now.status, now.status_reason.as_deref()), (Status::Suspended, Some("Incidente")), "it outlives the restore");
    step(Step::Reactivate).await.unwrap();
}

/// Moves the names of oficinas into the restored schema, and may fail after that.
struct Setores {
    fails: bool,
}

impl RestoreParticipant for Setores {
    fn name(&self) -> &'static str {
        "oficinas"
    }

    fn remember<'a>(&'a self, present: &'a mut Restoration<'_>) -> BoxFuture<'a, Result<Value, Fault>> {
        async move {
            let sql = "SELECT jsonb_agg(nome ORDER BY nome) FROM oficina";
            Ok(sqlx::query_scalar(sql).fetch_one(present.db()).await?)
        }
        .boxed()
    }

    fn settle<'a>(&'a self, restored: &'a mut Restoration<'_>, remembered: Option<Value>) -> BoxFuture<'a, Result<(), Fault>> {
        async move {
            assert_eq!(remembered, Some(json!(["Agora"])), "as it is now, not as it was then");
            sqlx::query("DELETE FROM pessoa WHERE gestor_id <> id").execute(restored.db()).await?;
            if self.fails { Err(Fault::because("not so")) } else { Ok(()) }
        }
        .boxed()
    }
}

#[tokio::test]
async fn a_participant_has_the_last_word_before_anybody_sees_what_was_restored() {
    let stage = stage().await;
    let kept = stage.archive().await;
    stage.world.run(&stage.alfa, "UPDATE pessoa SET oficina_id = NULL").await.unwrap();
    stage.world.run(&stage.alfa, "DELETE FROM oficina").await.unwrap();
    stage.world.run(&stage.alfa, "INSERT INTO oficina (nome) VALUES ('Agora')").await.unwrap();
    let before = stage.print(stage.alfa.id).await;
    let go = async |fails| {
        let options = RestoreOptions {
            participants: vec![Arc::new(Setores { fails })],
            ..stage.options(&kept, RestoreInto::Replace(stage.alfa.id))
        };
        restore(&stage.world.platform, &stage.stream, &Actor::sistema(), &options, |_| {}).await
    };
    let error = go(true).await.unwrap_err();
    assert!(error.to_string().contains("not so"), "{error}");
    assert_eq!(stage.print(stage.alfa.id).await, before);
    assert_eq!(stage.world.find(stage.alfa.id).await.status, Status::Active);

    assert_eq!(go(false).await.unwrap().forgotten, Vec::<&str>::new());
    let pessoas: i64 = stage.world.ask(format!("SELECT count(*) FROM {}.pessoa", stage.alfa.names().schema())).await;
    assert_eq!((stage.oficinas(stage.alfa.id, "Agora").await, pessoas), (0, 1));
}
