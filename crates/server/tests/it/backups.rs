//! Backups as the worker makes them.

use std::sync::Arc;

use sqlx::Connection;
use testkit::Base;

use crate::process::until;

/// A worker that stops must not be held up by a thread that nobody waits for.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "tests look from outside")]
async fn a_backup_that_nobody_waits_for_ends() {
    let base = Base::new().await;
    let folder = tempfile::tempdir().unwrap();
    // The backup waits at this table until the test is over.
    let mut admin = base.admin().await;
    let mut holder = admin.begin().await.unwrap();
    let lock = format!("LOCK TABLE {}.empresa IN ACCESS EXCLUSIVE MODE", base.alfa.names().schema());
    sqlx::raw_sql(sqlx::AssertSqlSafe(lock)).execute(&mut *holder).await.unwrap();

    let others = Arc::strong_count(&base.alfa);
    let writing = plataforma::make_backup(base.platform.clone(), Arc::clone(&base.alfa), folder.path());
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation IS NOT NULL
                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    tokio::select! {
        made = writing => panic!("it should wait for the table: {made:?}"),
        () = until("it waits for the table", async || base.number(waiting).await > 0) => {}
    }
    until("the thread has let go of the unidade", async || Arc::strong_count(&base.alfa) == others).await;
    assert_eq!(tenancy::backups(&base.platform, base.alfa.id).await.unwrap(), []);
}
