//! Walls around each unidade: its three roles, who may take them on, who owns its objects and who has rights on them.

use kernel::Fault;

use super::{Finding, Wall};
use crate::{PlatformTx, config::Placement, migrate::APPEND_ONLY};

/// `fenced` names schemas that a move has closed on purpose.
pub(super) async fn inspect(tx: &mut PlatformTx, placement: &Placement, fenced: &[String]) -> Result<Vec<Finding>, Fault> {
    let mut found = Vec::new();
    let mut push =
        |wall, subject: String, mend: String| found.push(Finding { placement: placement.clone(), wall, subject, mend });
    roles(tx, &mut push).await?;
    memberships(tx, fenced, &mut push).await?;
    owners(tx, &mut push).await?;
    schemas(tx, &mut push).await?;
    grants(tx, fenced, &mut push).await?;
    Ok(found)
}

async fn roles(tx: &mut PlatformTx, found: &mut impl FnMut(Wall, String, String)) -> Result<(), Fault> {
    let rows = sqlx::query!(
        r#"SELECT w.name AS "name!", r.oid IS NOT NULL AS "exists!", w.kind = 'i' AS "may_login!", coalesce(r.rolcanlogin, false) AS "login!",
                  coalesce(r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls, false) AS "power!"
           FROM pg_catalog.pg_namespace n
           CROSS JOIN LATERAL (SELECT kind, kind || substr(n.nspname, 2) AS name FROM unnest(ARRAY['o', 't', 'i']) AS kind) w
           LEFT JOIN pg_catalog.pg_roles r ON r.rolname = w.name
           WHERE n.nspname ~ '^t_[0-9a-f]{32}$'"#
    )
    .fetch_all(tx.db())
    .await?;
    for row in rows {
        if !row.exists {
            found(Wall::UnidadeRole, row.name, "restore the unidade from its backup: its roles were dropped".to_owned());
        } else if row.power {
            let mend = format!("ALTER ROLE {} NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS", row.name);
            found(Wall::UnidadeRole, row.name, mend);
        } else if row.login != row.may_login {
            let word = if row.may_login { "LOGIN" } else { "NOLOGIN" };
            found(Wall::UnidadeRole, format!("{} {word}", row.name), format!("ALTER ROLE {} {word}", row.name));
        }
    }
    Ok(())
}

async fn memberships(tx: &mut PlatformTx, fenced: &[String], found: &mut impl FnMut(Wall, String, String)) -> Result<(), Fault> {
    let rows = sqlx::query!(
        r#"WITH wanted AS (
               SELECT 't' || substr(n.nspname, 2) AS role, m.member FROM pg_catalog.pg_namespace n
               CROSS JOIN LATERAL (VALUES ('sri_runtime'), ('sri_backup'), ('i' || substr(n.nspname, 2))) AS m (member)
               WHERE n.nspname ~ '^t_[0-9a-f]{32}$'
               UNION ALL
               SELECT 'o' || substr(n.nspname, 2), 'sri_migrator' FROM pg_catalog.pg_namespace n WHERE n.nspname ~ '^t_[0-9a-f]{32}$'),
           real AS (
               SELECT role.rolname AS role, member.rolname AS member
               FROM pg_catalog.pg_auth_members m
               JOIN pg_catalog.pg_roles role ON role.oid = m.roleid JOIN pg_catalog.pg_roles member ON member.oid = m.member
               WHERE (role.rolname ~ '^[oti]_[0-9a-f]{32}$' OR member.rolname ~ '^[oti]_[0-9a-f]{32}$')
                 AND (to_regnamespace('t' || substr(role.rolname, 2)) IS NOT NULL OR to_regnamespace('t' || substr(member.rolname, 2)) IS NOT NULL))
           SELECT coalesce(w.role, r.role) AS "role!", coalesce(w.member, r.member) AS "member!", w.role IS NULL AS "extra!"
           FROM wanted w FULL JOIN real r ON r.role = w.role AND r.member = w.member
           WHERE (w.role IS NULL OR r.role IS NULL)
             -- From version 16 on, whoever makes a role is its administrator.
             AND NOT (w.role IS NULL AND r.member = 'sri_migrator' AND current_setting('server_version_num')::int >= 160000)
             AND 't' || substr(coalesce(w.role, r.role), 2) <> ALL ($1)"#,
        fenced,
    )
    .fetch_all(tx.db())
    .await?;
    for row in rows {
        let (word, mend) = if row.extra {
            ("in", format!("REVOKE \"{}\" FROM \"{}\"", row.role, row.member))
        } else {
            ("not in", format!("GRANT \"{}\" TO \"{}\"", row.role, row.member))
        };
        found(Wall::UnidadeMembership, format!("{} {word} {}", row.member, row.role), mend);
    }
    Ok(())
}

async fn owners(tx: &mut PlatformTx, found: &mut impl FnMut(Wall, String, String)) -> Result<(), Fault> {
    let rows = sqlx::query!(
        r#"SELECT o.kind AS "kind!", o.name AS "name!", 'o' || substr(o.nspname, 2) AS "owner!"
           FROM (SELECT 'SCHEMA' AS kind, n.nspname AS name, n.nspname, n.nspowner AS owner FROM pg_catalog.pg_namespace n
                 UNION ALL
                 SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, n.nspname || '.' || quote_ident(c.relname), n.nspname, c.relowner
                 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S')
                 UNION ALL
                 SELECT 'FUNCTION', p.oid::pg_catalog.regprocedure::text, n.nspname, p.proowner
                 FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace) o
           WHERE o.nspname ~ '^t_[0-9a-f]{32}$' AND o.owner IS DISTINCT FROM to_regrole('o' || substr(o.nspname, 2))"#
    )
    .fetch_all(tx.db())
    .await?;
    for row in rows {
        found(Wall::UnidadeOwner, row.name.clone(), format!("ALTER {} {} OWNER TO {}", row.kind, row.name, row.owner));
    }
    Ok(())
}

async fn schemas(tx: &mut PlatformTx, found: &mut impl FnMut(Wall, String, String)) -> Result<(), Fault> {
    let rows = sqlx::query!(
        r#"SELECT n.nspname AS "schema!", coalesce(r.rolname, 'PUBLIC') AS "grantee!", a.privilege_type AS "right!"
           FROM pg_catalog.pg_namespace n
           CROSS JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
           LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
           WHERE n.nspname ~ '^t_[0-9a-f]{32}$' AND a.grantee <> n.nspowner
             AND NOT (r.rolname IS NOT DISTINCT FROM n.nspname AND a.privilege_type = 'USAGE')"#
    )
    .fetch_all(tx.db())
    .await?;
    for row in rows {
        found(
            Wall::UnidadeSchema,
            format!("{} {} {}", row.schema, row.grantee, row.right),
            format!("REVOKE {} ON SCHEMA {} FROM {}", row.right, row.schema, row.grantee),
        );
    }
    let closed = sqlx::query_scalar!(
        r#"SELECT n.nspname AS "schema!" FROM pg_catalog.pg_namespace n
           WHERE n.nspname ~ '^t_[0-9a-f]{32}$' AND to_regrole(n.nspname) IS NOT NULL
             AND NOT has_schema_privilege(n.nspname::text, n.oid, 'USAGE')"#
    )
    .fetch_all(tx.db())
    .await?;
    for schema in closed {
        found(Wall::UnidadeSchema, format!("{schema} USAGE"), format!("GRANT USAGE ON SCHEMA {schema} TO {schema}"));
    }
    Ok(())
}

/// Rights on tables: those that the migrator's list gives, no more and no less.
async fn grants(tx: &mut PlatformTx, fenced: &[String], found: &mut impl FnMut(Wall, String, String)) -> Result<(), Fault> {
    let append_only: Vec<String> = APPEND_ONLY.map(str::to_owned).to_vec();
    let rows = sqlx::query!(
        r#"WITH relation AS (
               SELECT c.oid, n.nspname, c.relname, c.relowner, c.relacl, c.relkind
               FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname ~ '^t_[0-9a-f]{32}$' AND c.relkind IN ('r', 'p', 'v', 'm', 'S')),
           wanted AS (
               SELECT x.oid, x.nspname::text AS grantee, p.privilege
               FROM relation x CROSS JOIN LATERAL unnest(CASE
                   WHEN x.relkind = 'S' THEN ARRAY[]::text[]
                   WHEN x.relname = '_migration' THEN ARRAY['SELECT']
                   WHEN x.relname = ANY ($1) THEN ARRAY['SELECT', 'INSERT']
                   ELSE ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'] END) AS p (privilege)),
           real AS (
               SELECT x.oid, coalesce(r.rolname::text, 'PUBLIC') AS grantee, a.privilege_type AS privilege
               FROM relation x
               CROSS JOIN LATERAL aclexplode(coalesce(x.relacl, acldefault((CASE WHEN x.relkind = 'S' THEN 's' ELSE 'r' END)::"char", x.relowner))) a
               LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
               WHERE a.grantee <> x.relowner
               UNION
               SELECT x.oid, coalesce(r.rolname::text, 'PUBLIC'), a.privilege_type
               FROM relation x JOIN pg_catalog.pg_attribute c ON c.attrelid = x.oid AND c.attacl IS NOT NULL
               CROSS JOIN LATERAL aclexplode(c.attacl) a
               LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee)
           SELECT x.nspname || '.' || quote_ident(x.relname) AS "table!", coalesce(w.grantee, g.grantee) AS "grantee!",
                  coalesce(w.privilege, g.privilege) AS "right!", w.oid IS NULL AS "extra!"
           FROM wanted w FULL JOIN real g ON g.oid = w.oid AND g.grantee = w.grantee AND g.privilege = w.privilege
           JOIN relation x ON x.oid = coalesce(w.oid, g.oid)
           WHERE (w.oid IS NULL OR g.oid IS NULL)
             -- A sequence of an old-style serial column.
             AND NOT (x.relkind = 'S' AND g.grantee IS NOT DISTINCT FROM x.nspname::text AND g.privilege IN ('USAGE', 'SELECT'))
             AND x.nspname <> ALL ($2)"#,
        &append_only,
        fenced,
    )
    .fetch_all(tx.db())
    .await?;
    for row in rows {
        let subject = format!("{} {} {}", row.table, row.grantee, row.right);
        if row.extra {
            found(Wall::UnidadeGrantExtra, subject, format!("REVOKE {} ON {} FROM {}", row.right, row.table, row.grantee));
        } else {
            found(Wall::UnidadeGrantMissing, subject, format!("GRANT {} ON {} TO {}", row.right, row.table, row.grantee));
        }
    }
    Ok(())
}
