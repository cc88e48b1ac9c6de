use std::fmt::Write;

use kernel::Fault;
use sqlx::{Connection, PgConnection, Row};

use super::Migrations;
use crate::{
    Platform,
    bootstrap::SETUP_LOCK,
    config::{LoginRole, Placement, PlacementConfig},
    seal::MasterKey,
    session::simple,
};

/// Brings the platform's schemas of one placement to the newest version and fills `ref`. May be repeated; several
/// processes wait for each other. Returns how many migrations were applied.
///
/// # Errors
/// A fault when the database cannot be reached, was not prepared ([`crate::bootstrap`]), or a migration fails; that
/// migration leaves nothing behind.
pub async fn migrate_platform(placement: &PlacementConfig, key: &MasterKey) -> Result<usize, Fault> {
    let mut conn = PgConnection::connect_with(&placement.login(LoginRole::Platform, key)).await?;
    simple(&mut conn, format!("SELECT pg_advisory_lock({SETUP_LOCK})")).await?;
    simple(
        &mut conn,
        "CREATE TABLE IF NOT EXISTS platform._migration (version bigint PRIMARY KEY, name text NOT NULL, checksum bytea NOT NULL, \
         applied_at timestamptz NOT NULL DEFAULT now())"
            .to_owned(),
    )
    .await?;
    let version: i64 = text_query(&mut conn, "SELECT coalesce(max(version), 0) FROM platform._migration").await?;
    let mut applied = 0;
    for migration in Migrations::platform().after(version) {
        let mut message = format!("BEGIN; SET LOCAL search_path = pg_temp;\n{}\n;", migration.sql);
        // Writing to a String cannot fail.
        let _ = write!(
            message,
            "INSERT INTO platform._migration (version, name, checksum) VALUES ({}, '{}', '\\x{}'); COMMIT",
            migration.version,
            migration.name.replace('\'', "''"),
            hex::encode(&migration.checksum)
        );
        if let Err(error) = simple(&mut conn, message).await {
            return Err(Fault::new("platform migration", format!("{} {}: {error}", migration.version, migration.name)));
        }
        applied += 1;
    }
    for list in &REFERENCES {
        fill(&mut conn, list).await?;
    }
    conn.close().await?;
    Ok(applied)
}

/// How many migrations of the platform's stream a placement lacks.
///
/// # Errors
/// A fault when the placement is not configured, was never prepared, or cannot be reached.
pub async fn pending_platform_migrations(platform: &Platform, placement: &Placement) -> Result<usize, Fault> {
    let config = platform.config();
    let place = config.placement(placement).ok_or_else(|| Fault::because("this placement is not configured here"))?;
    let mut conn = PgConnection::connect_with(&place.login(LoginRole::Platform, &config.master_key)).await?;
    let version = text_query(&mut conn, "SELECT coalesce(max(version), 0) FROM platform._migration").await?;
    conn.close().await?;
    Ok(Migrations::platform().after(version).count())
}

/// A list of the IBGE's that travels in the program.
struct Reference {
    csv: &'static str,
    count: &'static str,
    clear: &'static str,
    copy: &'static str,
}

const REFERENCES: [Reference; 2] = [
    Reference {
        csv: include_str!("../../../../fixtures/municipios.csv"),
        count: "SELECT count(*) FROM ref.municipio",
        clear: "DELETE FROM ref.municipio",
        copy: "COPY ref.municipio (codigo, nome, uf, latitude, longitude, fuso) FROM STDIN (FORMAT csv, HEADER)",
    },
    Reference {
        csv: include_str!("../../../../fixtures/cnae.csv"),
        count: "SELECT count(*) FROM ref.cnae",
        clear: "DELETE FROM ref.cnae",
        copy: "COPY ref.cnae (codigo, pai, nome) FROM STDIN (FORMAT csv, HEADER)",
    },
];

/// A placement without the list, or with another number of rows, gets it whole.
async fn fill(conn: &mut PgConnection, list: &Reference) -> Result<(), Fault> {
    let present: i64 = text_query(conn, list.count).await?;
    if usize::try_from(present).ok() == Some(list.csv.lines().count() - 1) {
        return Ok(());
    }
    simple(conn, format!("BEGIN; {}", list.clear)).await?;
    let mut copy = conn.copy_in_raw(list.copy).await?;
    copy.send(list.csv.as_bytes()).await?;
    copy.finish().await?;
    simple(conn, "COMMIT".to_owned()).await?;
    Ok(())
}

/// One number from a statement of our own.
pub(crate) async fn text_query(conn: &mut PgConnection, sql: &'static str) -> Result<i64, Fault> {
    #[expect(clippy::disallowed_methods, reason = "before the tables exist there is nothing to check against")]
    let row = sqlx::query(sql).fetch_one(conn).await?;
    Ok(row.try_get(0)?)
}
