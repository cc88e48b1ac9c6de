//! Every wall is missed when it is gone, and nothing else is (T-DB6).

use std::collections::BTreeSet;

use tenancy::{Depth, Finding, StartError, Wall, check_walls, inspect};

use crate::support::World;

async fn look(world: &World) -> Vec<Finding> {
    inspect(&world.platform, &world.placement(0), Depth::Everything).await.unwrap()
}

/// One wall taken down: the statements, the finding they must cause, and how they are undone when the finding's own
/// remedy is not SQL.
struct Breach {
    wall: Wall,
    subject: String,
    down: String,
    up: Option<&'static str>,
}

fn breach(wall: Wall, subject: impl Into<String>, down: impl Into<String>) -> Breach {
    Breach { wall, subject: subject.into(), down: down.into(), up: None }
}

fn breaches(t: &str, i: &str, o: &str, other: &str, database: &str) -> Vec<Breach> {
    use Wall as W;
    let mut all = vec![
        breach(W::LoginMembership, "sri_runtime in pg_read_all_data", "GRANT pg_read_all_data TO sri_runtime"),
        breach(W::LoginMembership, format!("sri_platform in {t}"), "").with(format!("GRANT {t} TO sri_platform")),
        breach(W::LoginMembership, format!("sri_runtime in {o}"), "").with(format!("GRANT {o} TO sri_runtime")),
        breach(W::LoginMembership, format!("sri_backup in {o}"), "").with(format!("GRANT {o} TO sri_backup")),
        breach(W::LoginMembership, "sri_runtime in sri_migrator", "GRANT sri_migrator TO sri_runtime"),
        breach(W::DatabasePublic, "TEMPORARY", format!("GRANT TEMP ON DATABASE {database} TO PUBLIC")),
        breach(W::DatabasePublic, "CONNECT", format!("GRANT CONNECT ON DATABASE {database} TO PUBLIC")),
        breach(W::DatabasePublic, "CREATE", format!("GRANT CREATE ON DATABASE {database} TO PUBLIC")),
        breach(W::DatabaseGrant, "sri_runtime TEMPORARY", format!("GRANT TEMP ON DATABASE {database} TO sri_runtime")),
        breach(W::DatabaseGrant, format!("{i} TEMPORARY"), format!("GRANT TEMP ON DATABASE {database} TO {i}")),
        breach(W::DatabaseGrant, "sri_backup CREATE", format!("GRANT CREATE ON DATABASE {database} TO sri_backup")),
        breach(W::PublicSchema, "public PUBLIC USAGE", "GRANT USAGE ON SCHEMA public TO PUBLIC"),
        breach(W::PublicSchema, "public sri_runtime CREATE", "GRANT CREATE ON SCHEMA public TO sri_runtime"),
        Breach {
            up: Some("DROP TABLE public.empresa"),
            ..breach(W::PublicNotEmpty, "empresa", "CREATE TABLE public.empresa (id int)")
        },
        breach(W::SchemaCreate, "ext PUBLIC CREATE", "GRANT CREATE ON SCHEMA ext TO PUBLIC"),
        breach(W::SchemaCreate, format!("ref {t} CREATE"), format!("GRANT CREATE ON SCHEMA ref TO {t}")),
        breach(W::SchemaOwner, "ref", "ALTER SCHEMA ref OWNER TO postgres"),
        breach(W::TableGrant, format!("platform.unidade {t} SELECT"), format!("GRANT SELECT ON platform.unidade TO {t}")),
        breach(W::TableGrant, "platform.job PUBLIC SELECT", "GRANT SELECT ON platform.job TO PUBLIC"),
        breach(W::TableGrant, "platform.job sri_runtime DELETE", "GRANT DELETE ON platform.job TO sri_runtime"),
        breach(W::TableGrant, "ref.municipio PUBLIC UPDATE", "GRANT UPDATE ON ref.municipio TO PUBLIC"),
        Breach {
            up: Some("REVOKE SELECT (login_secret) ON platform.unidade FROM PUBLIC"),
            ..breach(W::TableGrant, "platform.unidade PUBLIC SELECT", "GRANT SELECT (login_secret) ON platform.unidade TO PUBLIC")
        },
        breach(
            W::FunctionGrant,
            "platform.unidade_in_force()",
            "GRANT EXECUTE ON FUNCTION platform.unidade_in_force() TO PUBLIC",
        ),
        Breach {
            up: Some("DROP FUNCTION ext.alheia()"),
            ..breach(
                W::DefinerPath,
                "ext.alheia()",
                "CREATE FUNCTION ext.alheia() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
            )
        },
        Breach {
            up: Some("CREATE EXTENSION btree_gist SCHEMA ext"),
            ..breach(W::ExtensionMissing, "btree_gist", "DROP EXTENSION btree_gist")
        },
        breach(W::ExtensionElsewhere, "pg_trgm", "CREATE SCHEMA IF NOT EXISTS outro; ALTER EXTENSION pg_trgm SET SCHEMA outro"),
        breach(W::ExtensionDangerous, "postgres_fdw", "CREATE EXTENSION postgres_fdw SCHEMA ext"),
        breach(W::UnidadeRole, format!("{i} LOGIN"), format!("ALTER ROLE {i} NOLOGIN")),
        breach(W::UnidadeRole, format!("{t} NOLOGIN"), format!("ALTER ROLE {t} LOGIN")),
        breach(W::UnidadeRole, o, format!("ALTER ROLE {o} CREATEROLE")),
        breach(W::UnidadeRole, t, format!("ALTER ROLE {t} BYPASSRLS")),
        breach(W::UnidadeMembership, format!("{i} in {other}"), format!("GRANT {other} TO {i}")),
        breach(W::UnidadeMembership, format!("{t} in {other}"), format!("GRANT {other} TO {t}")),
        breach(W::UnidadeMembership, format!("sri_backup not in {t}"), format!("REVOKE {t} FROM sri_backup")),
        breach(W::UnidadeMembership, format!("sri_migrator not in {o}"), format!("REVOKE {o} FROM sri_migrator")),
        breach(W::UnidadeOwner, t, format!("ALTER SCHEMA {t} OWNER TO postgres; GRANT USAGE ON SCHEMA {t} TO {t}")),
        breach(W::UnidadeOwner, format!("{t}.auditoria"), format!("ALTER TABLE {t}.auditoria OWNER TO postgres")),
        breach(W::UnidadeSchema, format!("{t} {other} USAGE"), format!("GRANT USAGE ON SCHEMA {t} TO {other}")),
        breach(W::UnidadeSchema, format!("{t} {t} CREATE"), format!("GRANT CREATE ON SCHEMA {t} TO {t}")),
        breach(W::UnidadeSchema, format!("{t} USAGE"), format!("REVOKE USAGE ON SCHEMA {t} FROM {t}")),
        breach(
            W::UnidadeGrantExtra,
            format!("{t}.auditoria {other} SELECT"),
            format!("GRANT SELECT ON {t}.auditoria TO {other}"),
        ),
        breach(W::UnidadeGrantExtra, format!("{t}.auditoria {t} DELETE"), format!("GRANT DELETE ON {t}.auditoria TO {t}")),
        breach(W::UnidadeGrantExtra, format!("{t}.auditoria {t} UPDATE"), format!("GRANT UPDATE ON {t}.auditoria TO {t}")),
        breach(W::UnidadeGrantExtra, format!("{t}._migration {t} INSERT"), format!("GRANT INSERT ON {t}._migration TO {t}")),
        breach(W::UnidadeGrantMissing, format!("{t}.auditoria {t} INSERT"), format!("REVOKE INSERT ON {t}.auditoria FROM {t}")),
    ];
    for power in ["SUPERUSER", "INHERIT", "CREATEDB", "REPLICATION", "BYPASSRLS", "CREATEROLE"] {
        all.push(breach(W::LoginRole, format!("sri_runtime {power}"), format!("ALTER ROLE sri_runtime {power}")));
    }
    Breach { up: Some("ALTER ROLE sri_backup LOGIN"), ..breach(W::LoginRole, "sri_backup", "ALTER ROLE sri_backup NOLOGIN") }
        .push_to(&mut all);
    all
}

impl Breach {
    fn with(mut self, down: String) -> Self {
        self.down = down;
        self
    }

    fn push_to(self, all: &mut Vec<Self>) {
        all.push(self);
    }
}

#[tokio::test]
async fn each_missing_wall_is_found_and_its_remedy_mends_it() {
    let world = World::alone().await;
    let (alfa, beta) = (world.unidade("alfa").await.names(), world.unidade("beta").await.names());
    assert_eq!(look(&world).await, [], "all walls stand after provisioning");

    let database: String = world.ask("SELECT current_database()::text").await;
    let mut breaches = breaches(&alfa.dml_role(), &alfa.login_role(), &alfa.owner_role(), &beta.dml_role(), &database);
    for function in [
        "set_config(text,text,boolean)",
        "query_to_xml(text,boolean,boolean,text)",
        "lo_import(text)",
        "lo_get(oid)",
        "loread(integer,integer)",
    ] {
        breaches.push(breach(Wall::FunctionExecute, function, format!("GRANT EXECUTE ON FUNCTION {function} TO PUBLIC")));
    }
    for Breach { wall, subject, down, up } in &breaches {
        world.sudo(down.as_str()).await;
        let found = look(&world).await;
        let finding = found.iter().find(|f| f.wall == *wall && f.subject == *subject);
        let finding = finding.unwrap_or_else(|| panic!("{down}: {found:#?}"));
        // Another's membership is seen from both sides; nothing else may be reported.
        let same_wall = |f: &&Finding| f.wall == *wall || (*wall == Wall::LoginMembership && f.wall == Wall::UnidadeMembership);
        assert_eq!(found.iter().filter(same_wall).count(), found.len(), "{down}: {found:#?}");
        assert!(found.len() <= 2, "{down}: {found:#?}");
        let up = up.map_or_else(|| finding.mend.clone(), str::to_owned);
        world.sudo(up.as_str()).await;
        assert_eq!(look(&world).await, [], "{up} mends what {down} did");
    }
    let seen: BTreeSet<Wall> = breaches.iter().map(|b| b.wall).collect();
    assert_eq!(seen, Wall::ALL.into_iter().collect(), "every wall was taken down once");
}

#[tokio::test]
async fn a_process_starts_only_with_walls_or_with_the_operators_word() {
    let world = World::alone().await;
    assert_eq!(check_walls(&world.platform, &[]).await.unwrap(), []);

    world.sudo("GRANT EXECUTE ON FUNCTION set_config(text, text, boolean), lo_get(oid) TO PUBLIC").await;
    let StartError::Walls(missing) = check_walls(&world.platform, &[]).await.unwrap_err() else { panic!("a fault") };
    assert_eq!(missing.len(), 2);
    let one = ["function-execute:lo_get(oid)".to_owned()];
    let StartError::Walls(missing) = check_walls(&world.platform, &one).await.unwrap_err() else { panic!("a fault") };
    assert_eq!(missing[0].name(), "function-execute:set_config(text,text,boolean)");
    let known = check_walls(&world.platform, &["function-execute".to_owned()]).await.unwrap();
    assert_eq!(known.len(), 2, "accepted, but told");
}
