//! The third layer: what a unidade's role can do when everything above it has failed (security.md 2.3).

use std::{collections::BTreeMap, sync::Arc};

use kernel::Fault;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use tenancy::{Mode, Tenants, TxLimits, Unidade};

use crate::support::{World, sample_rows, sample_stream};

/// Everything that PostgreSQL can let a role do to a relation.
const RIGHTS: [&str; 7] = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"];

// T-DB1
#[tokio::test]
async fn no_role_of_a_unidade_has_any_right_outside_its_own_schema() {
    let world = World::new().await;
    let mut unidades = Vec::new();
    for slug in ["alfa", "beta", "gama"] {
        unidades.push(world.unidade(slug).await);
    }
    let mut conn = world.admin(0).await;
    let mut asked = 0;
    for one in &unidades {
        let names = one.names();
        for role in [names.dml_role(), names.login_role(), names.owner_role(), "sri_runtime".to_owned(), "sri_backup".to_owned()]
        {
            for right in RIGHTS {
                // NOINHERIT roles have nothing by themselves: what they could take on is looked at below.
                let sql = format!(
                    "SELECT n.nspname || '.' || c.relname, has_table_privilege('{role}', c.oid, '{right}')
                     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE c.relkind IN ('r', 'v', 'p') AND n.nspname !~ '^(pg_|information_schema)'"
                );
                for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut conn).await.unwrap() {
                    let (table, may): (String, bool) = (row.get(0), row.get(1));
                    let own = table.starts_with(&names.schema()) && !role.starts_with("sri_");
                    let reference = table.starts_with("ref.") && (right == "SELECT" || right == "REFERENCES");
                    assert!(!may || own || reference, "{role} may {right} {table}");
                    asked += 1;
                }
            }
        }
        for other in &unidades {
            for target in [other.names().dml_role(), other.names().owner_role(), other.names().login_role()] {
                for role in [names.dml_role(), names.login_role()] {
                    let may: bool = world.ask(format!("SELECT pg_has_role('{role}', '{target}', 'MEMBER')")).await;
                    let own =
                        other.id == one.id && (role == target || (role == names.login_role() && target == names.dml_role()));
                    assert_eq!(may, own, "{role} takes on {target}");
                }
            }
        }
    }
    assert!(asked > 500, "the question was asked of {asked} pairs only");
    for schema in ["platform", "ref", "ext", "public"] {
        for right in ["CREATE", "USAGE"] {
            let may: bool = world
                .ask(format!("SELECT has_schema_privilege('{}', '{schema}', '{right}')", unidades[0].names().dml_role()))
                .await;
            assert_eq!(may, right == "USAGE" && schema != "public", "{right} on {schema}");
        }
    }
}

#[tokio::test]
async fn the_login_of_a_unidade_opens_that_unidade_alone() {
    let world = World::new().await;
    let (alfa, beta) = (world.unidade("alfa").await, world.unidade("beta").await);
    world.sudo(format!("ALTER ROLE {} PASSWORD 'aberta'", alfa.names().login_role())).await;
    let options: sqlx::postgres::PgConnectOptions = world.urls[0].parse().unwrap();
    let mut conn = PgConnection::connect_with(&options.username(&alfa.names().login_role()).password("aberta")).await.unwrap();
    let rows: i64 = sqlx::query("SELECT count(*) FROM auditoria").fetch_one(&mut conn).await.unwrap().get(0);
    assert_eq!(rows, 0);
    for attack in [
        format!("SELECT count(*) FROM {}.auditoria", beta.names().schema()),
        format!("SET ROLE {}", beta.names().dml_role()),
        format!("SET ROLE {}", alfa.names().owner_role()),
        "SET ROLE sri_runtime".to_owned(),
        "SELECT count(*) FROM platform.unidade".to_owned(),
    ] {
        sqlx::query(AssertSqlSafe(attack.clone())).execute(&mut conn).await.expect_err(&attack);
    }
}

#[tokio::test]
async fn other_bounds_hold_for_the_rest_of_one_transaction() {
    let world = World::new().await;
    let alfa = world.unidade("alfa").await;
    let bounds = async |tx: &mut tenancy::TenantTx| -> Result<(String, String), Fault> {
        let row = sqlx::query("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
            .fetch_one(tx.db())
            .await?;
        Ok((row.get(0), row.get(1)))
    };
    let read = async |longer: bool| {
        world
            .tenants
            .read(&alfa, async |tx| {
                if longer {
                    tx.bound(TxLimits::JOB).await?;
                }
                bounds(tx).await
            })
            .await
            .unwrap()
    };
    assert_eq!(read(true).await, ("5min".to_owned(), "10s".to_owned()));
    assert_eq!(read(false).await, ("10s".to_owned(), "3s".to_owned()), "the next transaction of the connection has its own");
}

// T-DB4
#[tokio::test]
async fn parts_undone_alone_keep_role_path_and_limits() {
    let world = World::new().await;
    let alfa = world.unidade("alfa").await;
    let state = async |tx: &mut tenancy::TenantTx| -> (String, String, String) {
        let row = sqlx::query("SELECT current_user::text, current_setting('search_path'), current_setting('statement_timeout')")
            .fetch_one(tx.db())
            .await
            .unwrap();
        (row.get(0), row.get(1), row.get(2))
    };
    let insert = "INSERT INTO auditoria (id, at, actor_kind, actor_nome, action, entity)
                  VALUES (gen_random_uuid(), now(), 'sistema', 'SRI', 'x', 'x')";
    world
        .tenants
        .write(&alfa, async |tx| {
            let before = state(tx).await;
            assert_eq!(before.0, alfa.names().dml_role());
            sqlx::query(insert).execute(tx.db()).await?;
            for _ in 0..3 {
                let undone: Result<(), Fault> = tx
                    .nested(async |tx| {
                        sqlx::query(insert).execute(tx.db()).await?;
                        let inner: Result<(), Fault> = tx
                            .nested(async |tx| {
                                sqlx::query("SET LOCAL statement_timeout = 1").execute(tx.db()).await?;
                                sqlx::query("SELECT 1 / 0").execute(tx.db()).await?;
                                Ok(())
                            })
                            .await;
                        inner.unwrap_err();
                        assert_eq!(state(tx).await, before, "after the inner part was undone");
                        Err(Fault::because("undo this too"))
                    })
                    .await;
                undone.unwrap_err();
                assert_eq!(state(tx).await, before, "after the outer part was undone");
            }
            tx.nested(async |tx| {
                sqlx::query(insert).execute(tx.db()).await?;
                Ok::<(), Fault>(())
            })
            .await?;
            // Savepoints by hand do no harm either.
            sqlx::query("SAVEPOINT mao").execute(tx.db()).await?;
            sqlx::query("ROLLBACK TO SAVEPOINT mao").execute(tx.db()).await?;
            assert_eq!(state(tx).await, before);
            Ok::<(), Fault>(())
        })
        .await
        .unwrap();
    let rows: i64 = world.ask(format!("SELECT count(*) FROM {}.auditoria", alfa.names().schema())).await;
    assert_eq!(rows, 2, "what was kept and nothing else");

    let silent = world
        .tenants
        .write(&alfa, async |tx| {
            tx.nested(async |tx| {
                // A failure nobody mentions must not count as a success.
                let _ = sqlx::query("SELECT 1 / 0").execute(tx.db()).await;
                Ok::<(), Fault>(())
            })
            .await
        })
        .await;
    silent.unwrap_err();
}

const CANARY: &str = "CANARIO-DE-BETA";

/// What the attacker hopes for: one statement each, because the extended protocol takes no more. `{b}` is beta's schema,
/// `{ob}` its owner.
const ATTACKS: &[&str] = &[
    "SELECT set_config('role', '{b}', true), (SELECT string_agg(nome, ',') FROM {b}.pessoa)",
    "SELECT set_config('search_path', '{b}', false)",
    "SELECT set_config('session_authorization', 'postgres', false)",
    "SELECT query_to_xml('SELECT nome FROM {b}.pessoa', true, false, '')",
    "SELECT query_to_xml_and_xmlschema('SELECT nome FROM {b}.pessoa', true, false, '')",
    "SELECT table_to_xml('{b}.pessoa'::regclass, true, false, '')",
    "SELECT schema_to_xml('{b}', true, false, '')",
    "SELECT database_to_xml(true, false, '')",
    "SELECT cursor_to_xml('c', 1, true, false, '')",
    "UPDATE pg_settings SET setting = '{b}' WHERE name = 'role'",
    "SELECT nome FROM {b}.pessoa",
    "SELECT (SELECT nome FROM {b}.pessoa LIMIT 1) FROM pessoa",
    "INSERT INTO {b}.pessoa (id, nome) VALUES (gen_random_uuid(), 'x')",
    "UPDATE {b}.pessoa SET nome = 'x'",
    "DELETE FROM {b}.pessoa",
    "TRUNCATE {b}.pessoa",
    "LOCK TABLE {b}.pessoa",
    "WITH gone AS (DELETE FROM {b}.pessoa RETURNING nome) SELECT * FROM gone",
    "MERGE INTO pessoa p USING {b}.pessoa b ON p.id = b.id WHEN MATCHED THEN DO NOTHING",
    "DROP SCHEMA {b} CASCADE",
    "ALTER TABLE {b}.pessoa ADD COLUMN x int",
    "CREATE TABLE {b}.x (id int)",
    "CREATE VIEW v AS SELECT * FROM {b}.pessoa",
    "CREATE TABLE public.pessoa (id uuid, nome text)",
    "CREATE TEMP TABLE pessoa (id uuid, nome text)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "DO $$BEGIN SET LOCAL ROLE {b}; PERFORM nome FROM {b}.pessoa; END$$",
    "DO $$BEGIN EXECUTE 'RESET ROLE'; EXECUTE 'SELECT nome FROM {b}.pessoa'; END$$",
    "DO $$BEGIN EXECUTE 'SET ROLE sri_migrator'; EXECUTE 'DROP SCHEMA {b} CASCADE'; END$$",
    "COPY {b}.pessoa TO STDOUT",
    "COPY pessoa TO PROGRAM 'cat > /tmp/roubado'",
    "COPY pessoa TO '/tmp/roubado'",
    "COPY pessoa FROM '/etc/passwd'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_server_files FROM pg_read_file('postgresql.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT lo_creat(-1)",
    "SELECT loread(0, 1)",
    "SELECT * FROM dblink('dbname=postgres', 'SELECT 1') AS t (x int)",
    "CREATE EXTENSION dblink",
    "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw",
    "SELECT * FROM platform.unidade",
    "SELECT login_secret FROM platform.unidade",
    "SELECT payload FROM platform.job",
    "DELETE FROM platform.job",
    "SELECT platform.unidade_in_force()",
    "UPDATE ref.municipio SET nome = 'x'",
    "ALTER ROLE {b} LOGIN PASSWORD 'x'",
    "GRANT {b} TO {a}",
    "CREATE ROLE mine",
    "SET SESSION AUTHORIZATION postgres",
    "SELECT rolpassword FROM pg_authid",
    "SELECT usename, passwd FROM pg_shadow",
    "SELECT query FROM pg_stat_activity WHERE query LIKE '%CANARIO%' AND pid <> pg_backend_pid() AND query NOT LIKE '%insufficient%'",
    "SELECT most_common_vals::text FROM pg_stats WHERE schemaname = '{b}'",
    "SELECT * FROM pg_largeobject",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
    "SELECT pg_reload_conf()",
    "ALTER SYSTEM SET fsync = off",
    "UPDATE auditoria SET action = 'outra'",
    "DELETE FROM auditoria",
    "TRUNCATE auditoria",
    "ALTER TABLE auditoria DISABLE TRIGGER ALL",
    "UPDATE _migration SET version = 1",
    "PREPARE TRANSACTION 'preso'",
    "CREATE STATISTICS s ON id, nome FROM {b}.pessoa",
    "SELECT nextval('{b}.oficina_id_seq')",
    "COMMENT ON TABLE {b}.pessoa IS 'x'",
    "REFRESH MATERIALIZED VIEW {b}.pessoa",
    "VACUUM {b}.pessoa",
];

/// Statements that PostgreSQL lets anybody run. They must answer nothing of beta's and change nothing.
const HARMLESS: &[&str] = &[
    "RESET ROLE",
    "RESET ALL",
    "SET LOCAL search_path = {b}",
    "LISTEN sri_unidade",
    "NOTIFY sri_unidade, 'lixo'",
    "SELECT relname::text FROM pg_class WHERE relnamespace = '{b}'::regnamespace AND relname = 'CANARIO'",
    "SELECT pg_advisory_xact_lock(1)",
    "SELECT reltuples::text FROM pg_class WHERE oid = '{b}.pessoa'::regclass",
    "ROLLBACK",
    "COMMIT",
];

/// One statement over the extended protocol, as an injection or a test route would run it. Answers what it read.
async fn shell(tenants: &Tenants, unidade: &Arc<Unidade>, sql: &str) -> Result<String, sqlx::Error> {
    let mut tx = tenants.begin(unidade, Mode::Write, TxLimits::REQUEST).await.unwrap();
    let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).persistent(false).fetch_all(tx.db()).await?;
    let mut read = String::new();
    for row in rows {
        for column in 0..row.len() {
            read.push_str(&row.try_get_unchecked::<String, _>(column).unwrap_or_default());
        }
    }
    tx.commit().await.map_err(|e| sqlx::Error::Protocol(e.to_string()))?;
    Ok(read)
}

// T-DB5
#[tokio::test]
async fn sql_run_as_one_unidade_reads_and_changes_nothing_of_another() {
    // Roles belong to the cluster: they are compared before and after.
    let world = World::alone().await;
    let stream = sample_stream();
    let alfa = world.unidade_of("alfa", &stream).await;
    let beta = world.unidade_of("beta", &stream).await;
    for unidade in [&alfa, &beta] {
        world.sudo(format!("SET search_path = {}; {}", unidade.names().schema(), sample_rows(5))).await;
    }
    world
        .sudo(format!("UPDATE {}.pessoa SET nome = '{CANARY}'; ANALYZE {}.pessoa", beta.names().schema(), beta.names().schema()))
        .await;
    let fill = |sql: &str| {
        sql.replace("{a}", &alfa.names().schema())
            .replace("{b}", &beta.names().schema())
            .replace("{ob}", &beta.names().owner_role())
    };
    let before = state(&world).await;

    for attack in ATTACKS {
        let attack = fill(attack);
        match shell(&world.tenants, &alfa, &attack).await {
            Err(_) => {}
            // A view of the catalogue that hides what is not one's own answers nothing instead of refusing.
            Ok(read) => assert_eq!(read, "", "{attack}"),
        }
    }
    for statement in HARMLESS {
        let statement = fill(statement);
        let read = shell(&world.tenants, &alfa, &statement).await.unwrap_or_default();
        assert!(!read.contains(CANARY), "{statement}");
        // Whatever it did to its session, the next transactions are what they say they are.
        for unidade in [&alfa, &beta] {
            let who =
                shell(&world.tenants, unidade, "SELECT current_user || ' ' || current_setting('search_path')").await.unwrap();
            assert_eq!(who, format!("{0} {0}, pg_temp", unidade.names().schema()), "after {statement}");
        }
    }
    assert_eq!(state(&world).await, before, "something was changed");
    let read = shell(&world.tenants, &beta, "SELECT nome FROM pessoa LIMIT 1").await.unwrap();
    assert_eq!(read, CANARY, "the attacks had something to find");
}

// The wall that T-DB5 leans on most: seen to fail without it.
#[tokio::test]
async fn without_the_revoked_functions_the_attack_succeeds() {
    let world = World::new().await;
    let stream = sample_stream();
    let (alfa, beta) = (world.unidade_of("alfa", &stream).await, world.unidade_of("beta", &stream).await);
    world
        .sudo(format!("SET search_path = {}; {}; UPDATE pessoa SET nome = '{CANARY}'", beta.names().schema(), sample_rows(1)))
        .await;
    let attack = format!(
        "SELECT set_config('role', '{0}', true) || query_to_xml('SELECT nome FROM {0}.pessoa', true, false, '')::text",
        beta.names().schema()
    );
    shell(&world.tenants, &alfa, &attack).await.unwrap_err();
    world
        .sudo(
            "GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO PUBLIC;
             GRANT EXECUTE ON FUNCTION query_to_xml(text, boolean, boolean, text) TO PUBLIC",
        )
        .await;
    assert!(shell(&world.tenants, &alfa, &attack).await.unwrap().contains(CANARY));
}

/// Rows of every table, roles with their rights, and settings: what no attack may change.
async fn state(world: &World) -> BTreeMap<String, String> {
    let mut conn = world.admin(0).await;
    let mut state = BTreeMap::new();
    let tables = sqlx::query(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind = 'r' AND n.nspname !~ '^(pg_|information_schema)'",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    for row in tables {
        let table: String = row.get(0);
        let sql = format!("SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t");
        let sum: String = sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut conn).await.unwrap().get(0);
        state.insert(table, sum);
    }
    for (what, sql) in [
        ("roles", "SELECT md5(string_agg(r::text, '|' ORDER BY rolname)) FROM pg_authid r WHERE rolname ~ '^(sri_|postgres)'"),
        (
            "schemas",
            "SELECT string_agg(nspname || coalesce(nspacl::text, ''), '|' ORDER BY nspname) FROM pg_namespace WHERE nspname !~ '^pg_t'",
        ),
        ("functions", "SELECT count(*)::text FROM pg_proc"),
        ("objects", "SELECT count(*)::text FROM pg_largeobject_metadata"),
        ("extensions", "SELECT string_agg(extname, '|' ORDER BY extname) FROM pg_extension"),
        ("comments", "SELECT count(*)::text FROM pg_description WHERE objoid >= 16384"),
        (
            "sequences",
            "SELECT string_agg(schemaname || coalesce(last_value::text, ''), '|' ORDER BY schemaname, sequencename) FROM pg_sequences",
        ),
    ] {
        let value: String = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(&mut conn).await.unwrap().get(0);
        state.insert(what.to_owned(), value);
    }
    state
}
