//! The map of data against the schemas as the migrations make them (V14.1.1).

use privacidade::mapa::{compare, of_platform, of_unidade};
use sqlx::Row;
use testkit::Base;

/// Every column of the tables of `schemas`; those of the first stand without its name.
#[expect(clippy::disallowed_methods, reason = "tests look from outside")]
async fn columns(base: &Base, schemas: &[&str], bare: &str) -> Vec<(String, String)> {
    let rows = sqlx::query(
        "SELECT CASE WHEN n.nspname = $2 THEN '' ELSE n.nspname || '.' END || c.relname, a.attname::text
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND c.relname NOT LIKE '\\_%'",
    )
    .bind(schemas)
    .bind(bare)
    .fetch_all(&mut base.admin().await)
    .await
    .unwrap();
    rows.into_iter().map(|row| (row.get(0), row.get(1))).collect()
}

#[tokio::test]
async fn every_column_of_a_unidade_is_classified() {
    let base = Base::new().await;
    let schema = base.alfa.names().schema();
    let problems = compare(of_unidade(), &columns(&base, &[&schema], &schema).await);
    assert!(problems.is_empty(), "{problems:#?}");

    // A column that nobody thought about, and one that is gone.
    base.execute(&format!(
        "ALTER TABLE {schema}.contato ADD COLUMN apelido text; ALTER TABLE {schema}.contato DROP COLUMN cargo"
    ))
    .await;
    let problems = compare(of_unidade(), &columns(&base, &[&schema], &schema).await);
    assert_eq!(
        problems,
        [
            "contato.apelido is not classified: name it in crates/privacidade/src/mapa",
            "contato.cargo is in the map of data and in no table"
        ]
    );
}

#[tokio::test]
async fn every_column_of_the_platform_is_classified() {
    let base = Base::new().await;
    let problems = compare(of_platform(), &columns(&base, &["platform", "ref"], "").await);
    assert!(problems.is_empty(), "{problems:#?}");
}
