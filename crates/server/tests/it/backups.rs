//! Backups as the worker makes them.

use std::{sync::Arc, time::Duration};

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
    tokio::time::timeout(Duration::from_millis(500), writing).await.expect_err("it waits for the table");
    until("the thread has let go of the unidade", async || Arc::strong_count(&base.alfa) == others).await;
    assert_eq!(tenancy::backups(&base.platform, base.alfa.id).await.unwrap(), []);
}
