//! Backups that can be restored, and those that must be refused (R8, R9, P-11).

use std::{path::Path, sync::Arc};

use kernel::{Actor, Clock};
use sqlx::{AssertSqlSafe, Row};
use tenancy::{
    ArchiveError, Backup, BackupKind, Migrations, Platform, RestoreError, RestoreInto, RestoreOptions, Restored, Status,
    TenancyConfig, Unidade, UnidadeId, backup, backups, rehearse, restore, sweep_partial, sweep_scratch, verify, verify_archive,
};

use crate::support::{World, key, sample_rows, sample_stream};

pub(crate) struct Stage {
    pub world: World,
    pub stream: Migrations,
    pub alfa: Arc<Unidade>,
    beta: Arc<Unidade>,
    pub folder: tempfile::TempDir,
}

pub(crate) async fn stage() -> Stage {
    let world = World::new().await;
    let stream = sample_stream();
    let alfa = world.unidade_of("alfa", &stream).await;
    let beta = world.unidade_of("beta", &stream).await;
    for (unidade, rows) in [(&alfa, 200), (&beta, 30)] {
        world.sudo(format!("SET search_path = {}; {}", unidade.names().schema(), sample_rows(rows))).await;
    }
    Stage { world, stream, alfa, beta, folder: tempfile::tempdir().unwrap() }
}

impl Stage {
    pub(crate) async fn archive(&self) -> Backup {
        self.keep(&self.alfa, BackupKind::Archive).await
    }

    async fn keep(&self, unidade: &Unidade, kind: BackupKind) -> Backup {
        backup(&self.world.platform, &self.stream, unidade, self.folder.path(), kind, |_| {}).await.unwrap()
    }

    fn path(&self, backup: &Backup) -> std::path::PathBuf {
        self.folder.path().join(&backup.nome)
    }

    pub(crate) async fn restore(&self, backup: &Backup, into: RestoreInto) -> Result<Restored, RestoreError> {
        self.restore_with(&self.stream, backup, into, false).await
    }

    async fn restore_with(
        &self,
        stream: &Migrations,
        backup: &Backup,
        into: RestoreInto,
        allow_other: bool,
    ) -> Result<Restored, RestoreError> {
        let options = RestoreOptions { allow_other, ..self.options(backup, into) };
        restore(&self.world.platform, stream, &Actor::sistema(), &options, |_| {}).await
    }

    pub(crate) fn options(&self, backup: &Backup, into: RestoreInto) -> RestoreOptions {
        RestoreOptions::new(self.path(backup), into, self.folder.path().to_owned())
    }

    /// Every table but the migrations: rows as text, hashed. Independent of the product's own way of doing it.
    pub(crate) async fn print(&self, id: UnidadeId) -> String {
        print(&self.world, 0, id).await
    }
}

/// Rows of every table of a schema as text, hashed by the database, but what a restore or a move writes about itself and numbers of
/// transactions, which mean something only where they were drawn.
pub(crate) async fn print(world: &World, placement: usize, id: UnidadeId) -> String {
    let schema = tenancy::Names::of(id).schema();
    let mut conn = world.admin(placement).await;
    let tables =
        sqlx::query("SELECT tablename::text FROM pg_tables WHERE schemaname = $1 AND tablename <> '_migration' ORDER BY 1")
            .bind(&schema)
            .fetch_all(&mut conn)
            .await
            .unwrap();
    assert!(!tables.is_empty(), "{schema} is there");
    let mut print = String::new();
    for row in tables {
        let table: String = row.get(0);
        let sql = format!(
            "SELECT count(*) || ' ' || md5(coalesce(string_agg(j::text, '|' ORDER BY j::text), ''))
             FROM {schema}.{table} t CROSS JOIN LATERAL (SELECT to_jsonb(t) - 'tx' AS j) x
             WHERE j ->> 'action' IS DISTINCT FROM 'unidade.restaurada' AND j ->> 'kind' IS DISTINCT FROM 'retomada'"
        );
        print.push_str(&format!(
            "{table}: {}\n",
            sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut conn).await.unwrap().get::<String, _>(0)
        ));
    }
    print
}

/// Rows of all tables by a print.
fn rows_in(print: &str) -> i64 {
    print.lines().map(|line| line.split(' ').nth(1).unwrap().parse::<i64>().unwrap()).sum()
}

pub(crate) fn new(slug: &str) -> RestoreInto {
    RestoreInto::New { slug: slug.parse().unwrap(), codigo: format!("r-{slug}").parse().unwrap(), placement: None }
}

#[tokio::test]
async fn what_is_restored_as_a_new_unidade_is_what_was_backed_up() {
    let stage = stage().await;
    let before = stage.print(stage.alfa.id).await;
    let kept = stage.archive().await;
    assert_eq!((kept.rows, usize::try_from(kept.tables).unwrap()), (rows_in(&before), before.lines().count()));
    assert!(kept.rows >= 205, "the sample is in it");
    assert!(kept.verified_at.is_some());
    assert_eq!(std::fs::metadata(stage.path(&kept)).unwrap().len(), u64::try_from(kept.bytes).unwrap());

    let restored = stage.restore(&kept, new("alfa-copia")).await.unwrap();
    assert_eq!(stage.print(restored.id).await, before);
    let copy = stage.world.find(restored.id).await;
    assert_eq!((copy.status, copy.nome.as_str()), (Status::Maintenance, "SENAI alfa"), "somebody looks before it works");
    let scratch: i64 = stage.world.ask("SELECT count(*) FROM platform.scratch").await;
    assert_eq!(scratch, 0);
    // It works as a unidade: rights, references, counters.
    stage.world.run(&copy, "INSERT INTO oficina (nome) VALUES ('Novo')").await.unwrap();
    let id: i64 = stage.world.ask(format!("SELECT max(id) FROM {}.oficina", copy.names().schema())).await;
    let highest: i64 = stage.world.ask(format!("SELECT max(id) FROM {}.oficina", stage.alfa.names().schema())).await;
    assert_eq!(id, highest + 1);
    stage.world.run(&copy, "INSERT INTO pessoa (id, nome, oficina_id) VALUES (gen_random_uuid(), 'x', 9999)").await.unwrap_err();
    assert_eq!(
        tenancy::inspect(&stage.world.platform, &stage.world.placement(0), tenancy::Depth::Everything).await.unwrap(),
        [],
        "its walls stand"
    );
}

// P-11
#[tokio::test]
async fn restoring_one_unidade_leaves_the_others_as_they_are() {
    let stage = stage().await;
    let (alfa, beta) = (stage.print(stage.alfa.id).await, stage.print(stage.beta.id).await);
    let kept = stage.archive().await;
    stage.world.run(&stage.alfa, "UPDATE pessoa SET nome = 'estragado'").await.unwrap();
    stage.world.run(&stage.alfa, "DELETE FROM pessoa WHERE gestor_id IS NOT NULL AND id <> gestor_id").await.unwrap();
    let spoilt = stage.print(stage.alfa.id).await;
    assert_ne!(spoilt, alfa);

    let restored = stage.restore(&kept, RestoreInto::Replace(stage.alfa.id)).await.unwrap();
    assert_eq!(stage.print(stage.alfa.id).await, alfa);
    assert_eq!(stage.print(stage.beta.id).await, beta);
    assert_eq!(stage.world.find(stage.alfa.id).await.status, Status::Active);
    stage.world.run(&stage.alfa, "SELECT nome FROM pessoa").await.unwrap();

    // And back again: what was replaced had been backed up.
    let before = restored.before.unwrap();
    stage.restore(&before, RestoreInto::Replace(stage.alfa.id)).await.unwrap();
    assert_eq!(stage.print(stage.alfa.id).await, spoilt);
}

#[tokio::test]
async fn a_lost_schema_comes_back_with_its_roles() {
    let stage = stage().await;
    let before = stage.print(stage.alfa.id).await;
    let kept = stage.archive().await;
    let names = stage.alfa.names();
    stage
        .world
        .sudo(format!(
            "DROP SCHEMA {0} CASCADE; SET ROLE sri_migrator; REVOKE ALL ON DATABASE {3} FROM {2}; RESET ROLE; DROP ROLE {1}, {0}, {2}",
            names.schema(),
            names.owner_role(),
            names.login_role(),
            stage.world.ask::<String>("SELECT current_database()::text").await
        ))
        .await;
    let restored = stage.restore(&kept, RestoreInto::Replace(stage.alfa.id)).await.unwrap();
    assert!(restored.before.is_none());
    assert_eq!(stage.print(stage.alfa.id).await, before);
    stage.world.run(&stage.alfa, "SELECT nome FROM pessoa").await.unwrap();
}

#[tokio::test]
async fn an_older_archive_is_migrated_and_a_newer_one_refused() {
    let stage = stage().await;
    let kept = stage.archive().await;
    let later =
        stage.stream.with(29_990_102_000_000, "mais", "ALTER TABLE pessoa ADD COLUMN apelido text NOT NULL DEFAULT 'nenhum'");
    let restored = stage.restore_with(&later, &kept, new("alfa-nova"), false).await.unwrap();
    let schema = tenancy::Names::of(restored.id).schema();
    let named: i64 = stage.world.ask(format!("SELECT count(*) FROM {schema}.pessoa WHERE apelido = 'nenhum'")).await;
    assert_eq!(named, 200);
    assert_eq!(stage.world.find(restored.id).await.schema_version, later.newest());

    let refused = stage.restore_with(Migrations::tenant(), &kept, new("alfa-velha"), false).await.unwrap_err();
    assert!(matches!(refused, RestoreError::TooNew { .. }), "{refused}");
    let other =
        Migrations::tenant().with(29_990_101_000_000, "amostra", "CREATE TABLE outra (id int CONSTRAINT outra_pkey PRIMARY KEY)");
    let refused = stage.restore_with(&other, &kept, new("alfa-outra"), false).await.unwrap_err();
    assert!(matches!(refused, RestoreError::OtherMigrations(29_990_101_000_000)), "{refused}");
}

#[tokio::test]
async fn the_archive_of_another_unidade_is_refused_unless_it_is_asked_for() {
    let stage = stage().await;
    let kept = stage.archive().await;
    let before = stage.print(stage.beta.id).await;
    let refused = stage.restore(&kept, RestoreInto::Replace(stage.beta.id)).await.unwrap_err();
    assert!(matches!(refused, RestoreError::OtherUnidade { .. }), "{refused}");
    assert_eq!(stage.print(stage.beta.id).await, before);
    stage.restore_with(&stage.stream, &kept, RestoreInto::Replace(stage.beta.id), true).await.unwrap();
    assert_eq!(stage.print(stage.beta.id).await, stage.print(stage.alfa.id).await);
    assert!(matches!(stage.restore(&kept, new("beta")).await, Err(RestoreError::SlugTaken)));
    assert_eq!(
        sweep_scratch(&stage.world.platform, std::time::Duration::ZERO).await.unwrap(),
        1,
        "what the refusal left is swept"
    );
}

#[tokio::test]
async fn no_altered_cut_or_foreign_archive_is_believed() {
    let stage = stage().await;
    let kept = stage.archive().await;
    let bytes = std::fs::read(stage.path(&kept)).unwrap();
    let forged = stage.folder.path().join("falsa.sri");
    let check = async |bytes: &[u8]| {
        std::fs::write(&forged, bytes).unwrap();
        verify_archive(&forged, &key()).await
    };
    assert_eq!(i64::try_from(check(&bytes).await.unwrap().rows()).unwrap(), kept.rows);
    // Every part of the file: magic, lengths, header, each piece, each tag.
    for place in (0..bytes.len()).step_by(bytes.len() / 150 + 1).chain(0..16).chain(bytes.len() - 20..bytes.len()) {
        let mut altered = bytes.clone();
        altered[place] ^= 0x01;
        check(&altered).await.expect_err(&format!("byte {place} of {} was altered", bytes.len()));
    }
    for length in [0, 5, 12, 100, bytes.len() / 2, bytes.len() - 1] {
        check(&bytes[..length]).await.expect_err(&format!("cut at {length}"));
    }
    check(&[bytes.as_slice(), b"mais"].concat()).await.expect_err("something was added");
    let other = "77".repeat(32).parse().unwrap();
    assert!(matches!(verify_archive(&stage.path(&kept), &other).await, Err(ArchiveError::WrongKey)));

    let mut altered = bytes.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    std::fs::write(stage.path(&kept), &altered).unwrap();
    let before = stage.print(stage.alfa.id).await;
    let refused = stage.restore(&kept, RestoreInto::Replace(stage.alfa.id)).await.unwrap_err();
    assert!(matches!(refused, RestoreError::Archive(ArchiveError::Altered)), "{refused}");
    assert_eq!(stage.print(stage.alfa.id).await, before);
    assert_eq!(stage.world.find(stage.alfa.id).await.status, Status::Active, "nothing was closed for it");
}

// R9
#[tokio::test]
async fn an_archive_hides_its_rows_and_holds_no_other_unidade() {
    let stage = stage().await;
    stage.world.run(&stage.beta, "UPDATE pessoa SET nome = 'CANARIO-DE-BETA'").await.unwrap();
    stage.world.run(&stage.alfa, "UPDATE pessoa SET nome = 'SEGREDO-DE-ALFA'").await.unwrap();
    let contains = |path: &Path, word: &str| {
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(word.len()).any(|w| w == word.as_bytes())
    };
    let archive = stage.path(&stage.archive().await);
    assert!(!contains(&archive, "SEGREDO-DE-ALFA"));
    let sql = stage.path(&stage.keep(&stage.alfa, BackupKind::Sql).await);
    assert!(contains(&sql, "SEGREDO-DE-ALFA"), "plain SQL is plain");
    for path in [&archive, &sql] {
        assert!(!contains(path, "CANARIO-DE-BETA"));
        assert!(!contains(path, &stage.beta.names().schema()));
    }
}

#[tokio::test]
async fn a_backup_is_one_instant_even_while_its_people_write() {
    let stage = stage().await;
    let writer = async {
        for n in 0..60 {
            stage
                .world
                .tenants
                .write(&stage.alfa, async |tx| {
                    // Two tables in one transaction: a snapshot has both rows or none.
                    sqlx::query("INSERT INTO oficina (nome) VALUES ($1)").bind(format!("par {n}")).execute(tx.db()).await?;
                    sqlx::query("INSERT INTO pessoa (id, nome) VALUES (gen_random_uuid(), $1)")
                        .bind(format!("par {n}"))
                        .execute(tx.db())
                        .await?;
                    Ok::<(), kernel::Fault>(())
                })
                .await
                .unwrap();
        }
    };
    let (kept, ()) = futures::join!(stage.archive(), writer);
    let restored = stage.restore(&kept, new("instante")).await.unwrap();
    let schema = tenancy::Names::of(restored.id).schema();
    let odd: i64 = stage
        .world
        .ask(format!(
            "SELECT count(*) FROM (SELECT nome FROM {schema}.oficina WHERE nome LIKE 'par %') s
             FULL JOIN (SELECT nome FROM {schema}.pessoa WHERE nome LIKE 'par %') p USING (nome) WHERE s.nome IS NULL OR p.nome IS NULL"
        ))
        .await;
    assert_eq!(odd, 0);
}

#[tokio::test]
async fn columns_beyond_the_migrations_are_kept() {
    let stage = stage().await;
    let schema = stage.alfa.names().schema();
    stage.world.sudo(format!("SET ROLE {}; ALTER TABLE {schema}.pessoa ADD COLUMN x_sap numeric(10,2), ADD COLUMN \"x_Ímpar\" text; UPDATE {schema}.pessoa SET x_sap = 1.5", stage.alfa.names().owner_role())).await;
    let before = stage.print(stage.alfa.id).await;
    let kept = stage.archive().await;
    let restored = stage.restore(&kept, new("colunas")).await.unwrap();
    assert_eq!(stage.print(restored.id).await, before);
}

#[tokio::test]
async fn plain_sql_reads_back_with_psql() {
    let stage = stage().await;
    let before = stage.print(stage.alfa.id).await;
    let kept = stage.keep(&stage.alfa, BackupKind::Sql).await;
    let elsewhere = World::new().await;
    let psql = std::process::Command::new("psql")
        .args(["-X", "-q", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1", "-f"])
        .arg(stage.path(&kept))
        .arg(&elsewhere.urls[0])
        .output()
        .unwrap();
    assert!(psql.status.success(), "{}", String::from_utf8_lossy(&psql.stderr));
    assert_eq!(print(&elsewhere, 0, stage.alfa.id).await, before);
}

#[tokio::test]
async fn a_rehearsal_restores_compares_and_leaves_nothing() {
    let stage = stage().await;
    let rehearsal = async || rehearse(&stage.world.platform, &stage.stream, &stage.alfa, stage.folder.path(), |_| {}).await;
    assert_eq!(rehearsal().await.unwrap(), None, "nothing to rehearse");
    let kept = stage.archive().await;
    let schemas: i64 = stage.world.ask("SELECT count(*) FROM pg_namespace").await;
    let done = rehearsal().await.unwrap().unwrap();
    assert_eq!((i64::try_from(done.rows).unwrap(), done.nome.as_str()), (kept.rows, kept.nome.as_str()));
    assert!(backups(&stage.world.platform, stage.alfa.id).await.unwrap()[0].rehearsed_at.is_some());
    assert_eq!(stage.world.ask::<i64>("SELECT count(*) FROM pg_namespace").await, schemas);

    // An archive that is whole but no longer fits what the program would make of it is noticed as well.
    stage.world.sudo("UPDATE platform.backup SET rehearsed_at = NULL").await;
    let mut bytes = std::fs::read(stage.path(&kept)).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(stage.path(&kept), bytes).unwrap();
    rehearsal().await.unwrap_err();
    assert!(backups(&stage.world.platform, stage.alfa.id).await.unwrap()[0].rehearsed_at.is_none());
}

#[tokio::test]
async fn the_register_knows_what_there_is() {
    let stage = stage().await;
    let kept = stage.archive().await;
    stage.keep(&stage.alfa, BackupKind::Sql).await;
    stage.world.sudo("UPDATE platform.backup SET verified_at = NULL").await;
    verify(&stage.world.platform, &stage.path(&kept)).await.unwrap();
    let known = backups(&stage.world.platform, stage.alfa.id).await.unwrap();
    assert_eq!(known.iter().map(|b| b.kind).collect::<Vec<_>>(), [BackupKind::Sql, BackupKind::Archive]);
    assert!(known[1].verified_at.is_some() && known[0].verified_at.is_none());

    std::fs::write(stage.folder.path().join("velha.sri.partial"), "x").unwrap();
    assert_eq!(sweep_partial(stage.folder.path(), std::time::Duration::from_secs(3600)).await.unwrap(), 0);
    assert_eq!(sweep_partial(stage.folder.path(), std::time::Duration::ZERO).await.unwrap(), 1);
    assert!(stage.path(&kept).exists());
}

#[tokio::test]
async fn a_large_table_passes_through_in_pieces() {
    let stage = stage().await;
    stage.world.run(&stage.alfa, "INSERT INTO pessoa (id, nome, extra) SELECT gen_random_uuid(), 'n' || n, jsonb_build_object('t', repeat(md5(n::text), 30)) FROM generate_series(1, 20000) n").await.unwrap();
    let kept = stage.archive().await;
    let restored = stage.restore(&kept, new("grande")).await.unwrap();
    assert_eq!(stage.print(restored.id).await, stage.print(stage.alfa.id).await);
}

#[tokio::test]
async fn another_process_with_another_key_restores_nothing() {
    let stage = stage().await;
    let kept = stage.archive().await;
    let config =
        TenancyConfig::new(&stage.world.urls[0], &std::collections::BTreeMap::new(), "77".repeat(32).parse().unwrap()).unwrap();
    let stranger = Platform::new(config, Clock::system());
    let options = RestoreOptions { allow_other: true, ..stage.options(&kept, new("roubada")) };
    let refused = restore(&stranger, &stage.stream, &Actor::sistema(), &options, |_| {}).await.unwrap_err();
    assert!(matches!(refused, RestoreError::Archive(ArchiveError::WrongKey)), "{refused}");
}
