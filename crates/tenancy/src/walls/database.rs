//! Walls of the database as a whole: login roles, rights of PUBLIC, schemas of the platform, functions, extensions.

use kernel::Fault;

use super::{Finding, Wall};
use crate::{PlatformTx, config::Placement};

/// Functions of `platform` that every role may call: they take the unidade from the role in force.
const CALLABLE: [&str; 2] = ["enqueue", "hold_job"];
const EXTENSIONS: [&str; 3] = ["btree_gist", "pg_trgm", "unaccent"];
/// They reach files or other servers.
const DANGEROUS: [&str; 5] = ["adminpack", "dblink", "file_fdw", "lo", "postgres_fdw"];

pub(super) async fn inspect(tx: &mut PlatformTx, placement: &Placement) -> Result<Vec<Finding>, Fault> {
    let finding = |wall, subject: String, mend: String| Finding { placement: placement.clone(), wall, subject, mend };
    let mut found = Vec::new();
    login_roles(tx, &mut |subject, mend| found.push(finding(Wall::LoginRole, subject, mend))).await?;
    memberships(tx, &mut |subject, mend| found.push(finding(Wall::LoginMembership, subject, mend))).await?;
    database_rights(tx, &mut |wall, subject, mend| found.push(finding(wall, subject, mend))).await?;
    schemas(tx, &mut |wall, subject, mend| found.push(finding(wall, subject, mend))).await?;
    tables(tx, &mut |subject, mend| found.push(finding(Wall::TableGrant, subject, mend))).await?;
    functions(tx, &mut |wall, subject, mend| found.push(finding(wall, subject, mend))).await?;
    extensions(tx, &mut |wall, subject, mend| found.push(finding(wall, subject, mend))).await?;
    Ok(found)
}

async fn login_roles(tx: &mut PlatformTx, found: &mut impl FnMut(String, String)) -> Result<(), Fault> {
    let rows = sqlx::query!(
        r#"SELECT w.name AS "name!", r.oid IS NOT NULL AS "exists!", coalesce(r.rolcanlogin, false) AS "login!",
                  array_remove(ARRAY[
                      CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN r.rolinherit THEN 'INHERIT' END,
                      CASE WHEN r.rolcreaterole AND w.name <> 'sri_migrator' THEN 'CREATEROLE' END,
                      CASE WHEN r.rolcreatedb THEN 'CREATEDB' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END,
                      CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END], NULL) AS "powers!"
           FROM unnest(ARRAY['sri_runtime', 'sri_platform', 'sri_migrator', 'sri_backup']) AS w (name)
           LEFT JOIN pg_catalog.pg_roles r ON r.rolname = w.name"#
    )
    .fetch_all(tx.db())
    .await?;
    for row in rows {
        if !row.exists || !row.login {
            found(row.name, "run `sri migrate`, which makes the login roles".to_owned());
            continue;
        }
        for power in row.powers {
            found(format!("{} {power}", row.name), format!("ALTER ROLE {} NO{power}", row.name));
        }
    }
    Ok(())
}

async fn memberships(tx: &mut PlatformTx, found: &mut impl FnMut(String, String)) -> Result<(), Fault> {
    // A role of a unidade may be taken on by whom the provisioning granted it to; whether it is, `unidades` looks at.
    let rows = sqlx::query!(
        r#"SELECT role.rolname AS "role!", member.rolname AS "member!"
           FROM pg_catalog.pg_auth_members m
           JOIN pg_catalog.pg_roles role ON role.oid = m.roleid JOIN pg_catalog.pg_roles member ON member.oid = m.member
           WHERE (member.rolname IN ('sri_runtime', 'sri_backup') AND role.rolname !~ '^t_[0-9a-f]{32}$')
              OR (member.rolname = 'sri_migrator' AND role.rolname !~ '^[oti]_[0-9a-f]{32}$')
              OR member.rolname = 'sri_platform'
              OR (role.rolname ~ '^sri_(runtime|platform|migrator|backup)$' AND member.rolname ~ '^([oti]_[0-9a-f]{32}|sri_.*)$')"#
    )
    .fetch_all(tx.db())
    .await?;
    for row in rows {
        found(format!("{} in {}", row.member, row.role), format!("REVOKE \"{}\" FROM \"{}\"", row.role, row.member));
    }
    Ok(())
}

async fn database_rights(tx: &mut PlatformTx, found: &mut impl FnMut(Wall, String, String)) -> Result<(), Fault> {
    let rows = sqlx::query!(
        r#"SELECT pg_catalog.quote_ident(d.datname) AS "database!", coalesce(r.rolname, 'PUBLIC') AS "grantee!", a.privilege_type AS "right!"
           FROM pg_catalog.pg_database d
           CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
           LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
           WHERE d.datname = current_database()
             AND (a.grantee = 0
                  OR (r.rolname ~ '^[oti]_[0-9a-f]{32}$' AND a.privilege_type <> 'CONNECT')
                  OR (r.rolname IN ('sri_runtime', 'sri_backup') AND a.privilege_type <> 'CONNECT')
                  OR (r.rolname IN ('sri_platform', 'sri_migrator') AND a.privilege_type NOT IN ('CONNECT', 'CREATE')))"#
    )
    .fetch_all(tx.db())
    .await?;
    for row in rows {
        let mend = format!("REVOKE {} ON DATABASE {} FROM {}", row.right, row.database, row.grantee);
        if row.grantee == "PUBLIC" {
            found(Wall::DatabasePublic, row.right, mend);
        } else {
            found(Wall::DatabaseGrant, format!("{} {}", row.grantee, row.right), mend);
        }
    }
    Ok(())
}

async fn schemas(tx: &mut PlatformTx, found: &mut impl FnMut(Wall, String, String)) -> Result<(), Fault> {
    let rights = sqlx::query!(
        r#"SELECT n.nspname AS "schema!", coalesce(r.rolname, 'PUBLIC') AS "grantee!", a.privilege_type AS "right!"
           FROM pg_catalog.pg_namespace n
           CROSS JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
           LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
           WHERE n.nspname !~ '^(pg_|t_[0-9a-f]{32}$)' AND n.nspname <> 'information_schema' AND a.grantee <> n.nspowner
             AND (a.grantee = 0 OR r.rolname ~ '^([oti]_[0-9a-f]{32}|sri_.*)$')
             AND (n.nspname = 'public' OR a.privilege_type <> 'USAGE')"#
    )
    .fetch_all(tx.db())
    .await?;
    for row in rights {
        let wall = if row.schema == "public" { Wall::PublicSchema } else { Wall::SchemaCreate };
        let mend = format!("REVOKE {} ON SCHEMA \"{}\" FROM {}", row.right, row.schema, row.grantee);
        found(wall, format!("{} {} {}", row.schema, row.grantee, row.right), mend);
    }
    let strays = sqlx::query_scalar!(
        r#"SELECT c.relname AS "name!" FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
           UNION ALL
           SELECT p.proname FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'public' AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"#
    )
    .fetch_all(tx.db())
    .await?;
    for stray in strays {
        found(Wall::PublicNotEmpty, stray.clone(), format!("move or drop public.\"{stray}\""));
    }
    let owners = sqlx::query!(
        r#"SELECT w.name AS "schema!" FROM unnest(ARRAY['platform', 'ref']) AS w (name)
           LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = w.name
           WHERE n.nspowner IS DISTINCT FROM to_regrole('sri_platform')"#
    )
    .fetch_all(tx.db())
    .await?;
    for row in owners {
        found(Wall::SchemaOwner, row.schema.clone(), format!("ALTER SCHEMA {} OWNER TO sri_platform", row.schema));
    }
    Ok(())
}

/// Tables outside the unidades' schemas: whole tables and single columns alike.
async fn tables(tx: &mut PlatformTx, found: &mut impl FnMut(String, String)) -> Result<(), Fault> {
    let rows = sqlx::query!(
        r#"WITH relation AS (
               SELECT c.oid, n.nspname, c.relname, c.relowner, c.relacl, c.relkind
               FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname !~ '^(pg_|t_[0-9a-f]{32}$)' AND n.nspname <> 'information_schema'
                 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S'))
           SELECT g.nspname AS "schema!", g.relname AS "table!", coalesce(r.rolname, 'PUBLIC') AS "grantee!", g.privilege_type AS "right!"
           FROM (
               SELECT x.nspname, x.relname, x.relowner, a.grantee, a.privilege_type
               FROM relation x
               CROSS JOIN LATERAL aclexplode(coalesce(x.relacl, acldefault((CASE WHEN x.relkind = 'S' THEN 's' ELSE 'r' END)::"char", x.relowner))) a
               UNION ALL
               SELECT x.nspname, x.relname, x.relowner, a.grantee, a.privilege_type
               FROM relation x JOIN pg_catalog.pg_attribute c ON c.attrelid = x.oid AND c.attacl IS NOT NULL
               CROSS JOIN LATERAL aclexplode(c.attacl) a) g
           LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.grantee
           WHERE g.grantee <> g.relowner
             AND (g.grantee = 0 OR r.rolname ~ '^([oti]_[0-9a-f]{32}|sri_.*)$')
             AND NOT (g.nspname = 'ref' AND g.grantee = 0 AND g.privilege_type IN ('SELECT', 'REFERENCES'))"#
    )
    .fetch_all(tx.db())
    .await?;
    for row in rows {
        found(
            format!("{}.{} {} {}", row.schema, row.table, row.grantee, row.right),
            format!("REVOKE {} ON \"{}\".\"{}\" FROM {}", row.right, row.schema, row.table, row.grantee),
        );
    }
    Ok(())
}

async fn functions(tx: &mut PlatformTx, found: &mut impl FnMut(Wall, String, String)) -> Result<(), Fault> {
    // The same set as in walls.sql.
    let open = sqlx::query_scalar!(
        r#"SELECT p.oid::pg_catalog.regprocedure::text AS "signature!"
           FROM pg_catalog.pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
           WHERE p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace AND a.grantee = 0
             AND (p.proname = 'set_config' OR p.proname ~ '^(query|table|schema|database|cursor)_to_xml'
                  OR p.proname ~ '^lo_' OR p.proname IN ('loread', 'lowrite', 'lo_import', 'lo_export'))"#
    )
    .fetch_all(tx.db())
    .await?;
    for signature in open {
        found(Wall::FunctionExecute, signature.clone(), format!("REVOKE EXECUTE ON FUNCTION pg_catalog.{signature} FROM PUBLIC"));
    }
    let callable: Vec<String> = CALLABLE.map(str::to_owned).to_vec();
    let granted = sqlx::query_scalar!(
        r#"SELECT p.oid::pg_catalog.regprocedure::text AS "signature!"
           FROM pg_catalog.pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
           LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
           WHERE p.pronamespace = to_regnamespace('platform') AND p.proname <> ALL ($1)
             AND a.grantee <> p.proowner AND (a.grantee = 0 OR r.rolname ~ '^([oti]_[0-9a-f]{32}|sri_.*)$')"#,
        &callable,
    )
    .fetch_all(tx.db())
    .await?;
    for signature in granted {
        found(Wall::FunctionGrant, signature.clone(), format!("REVOKE EXECUTE ON FUNCTION {signature} FROM PUBLIC"));
    }
    let definers = sqlx::query_scalar!(
        r#"SELECT p.oid::pg_catalog.regprocedure::text AS "signature!"
           FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
           WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')
             AND NOT coalesce(EXISTS (SELECT FROM unnest(p.proconfig) AS setting WHERE setting LIKE 'search_path=%'), false)"#
    )
    .fetch_all(tx.db())
    .await?;
    for signature in definers {
        found(Wall::DefinerPath, signature.clone(), format!("ALTER FUNCTION {signature} SET search_path = pg_catalog, pg_temp"));
    }
    Ok(())
}

async fn extensions(tx: &mut PlatformTx, found: &mut impl FnMut(Wall, String, String)) -> Result<(), Fault> {
    let rows = sqlx::query!(
        r#"SELECT e.extname AS "name!", n.nspname AS "schema!"
           FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'"#
    )
    .fetch_all(tx.db())
    .await?;
    for wanted in EXTENSIONS {
        if !rows.iter().any(|row| row.name == wanted) {
            found(Wall::ExtensionMissing, wanted.to_owned(), format!("CREATE EXTENSION {wanted} SCHEMA ext"));
        }
    }
    for row in rows {
        if DANGEROUS.contains(&row.name.as_str()) {
            found(Wall::ExtensionDangerous, row.name.clone(), format!("DROP EXTENSION {}", row.name));
        } else if row.schema != "ext" && row.schema != "pg_catalog" {
            found(Wall::ExtensionElsewhere, row.name.clone(), format!("ALTER EXTENSION \"{}\" SET SCHEMA ext", row.name));
        }
    }
    let languages = sqlx::query_scalar!(
        r#"SELECT lanname AS "name!" FROM pg_catalog.pg_language WHERE NOT lanpltrusted AND lanname NOT IN ('internal', 'c')"#
    )
    .fetch_all(tx.db())
    .await?;
    for language in languages {
        found(Wall::ExtensionDangerous, language.clone(), format!("DROP LANGUAGE \"{language}\""));
    }
    Ok(())
}
