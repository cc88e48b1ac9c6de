//! Making a unidade: a row in the register, then a schema in its placement, then its first administrador, then it is
//! opened. Each step is one transaction and may be repeated; a killed process leaves a whole step or none.
//!
//! The steps are driven by a job of `plataforma`, because the first administrador is made by `acesso`.

use kernel::{Actor, Email, Fault, Texto};
use serde::{Deserialize, Serialize};
use sqlx::{Connection, PgConnection, Row};

use crate::{
    Migrations, Names, Platform, PlatformTx, Sealed, Slug, Status, Unidade, UnidadeId,
    config::{LoginRole, Placement, PlacementConfig},
    crash_point,
    migrate::{applied_version, migrate_unidade, pending_message},
    registry::{self, SIGNAL_UNIDADE},
    seal::{random_password, scram_verifier},
    session::simple,
};

/// What a platform admin fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUnidade {
    pub slug: Slug,
    pub codigo: Texto<20>,
    pub nome: Texto<120>,
    /// `None` is the central one.
    pub placement: Option<Placement>,
    /// IBGE code; decides the time zone.
    pub municipio_id: Option<i32>,
    pub modules: Vec<String>,
    pub admin_nome: Texto<120>,
    pub admin_email: Email,
}

#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    #[error("the slug is taken, or was once")]
    SlugTaken,
    #[error("the codigo is taken")]
    CodigoTaken,
    #[error("no such placement")]
    UnknownPlacement,
    #[error("no such município")]
    UnknownMunicipio,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<sqlx::Error> for ProvisionError {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error().and_then(sqlx::error::DatabaseError::constraint) {
            Some("unidade_slug_key") => Self::SlugTaken,
            Some("unidade_codigo_key") => Self::CodigoTaken,
            _ => Self::Fault(error.into()),
        }
    }
}

/// How far a provisioning has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// The register has the row.
    Requested,
    /// Roles, schema, tables, grants and seeds are there.
    Schema,
    /// The first administrador is invited.
    Admin,
    /// Open.
    Done,
    /// Given up; the console offers to try again or to cancel.
    Failed,
}

impl Step {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Schema => "schema",
            Self::Admin => "admin",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn parse(code: &str) -> Result<Self, Fault> {
        [Self::Requested, Self::Schema, Self::Admin, Self::Done, Self::Failed]
            .into_iter()
            .find(|step| step.code() == code)
            .ok_or_else(|| Fault::because("unknown provisioning step in the register"))
    }
}

/// A provisioning as the job and the console see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provisioning {
    pub unidade_id: UnidadeId,
    pub step: Step,
    pub admin_nome: String,
    pub admin_email: String,
    pub attempts: i32,
    pub error: Option<String>,
}

impl Provisioning {
    /// Enters a unidade into the register, taking a ready-made schema when there is one. The caller enqueues the job in
    /// the same transaction.
    ///
    /// # Errors
    /// What is taken or unknown; nothing is kept then.
    pub async fn request(
        tx: &mut PlatformTx,
        platform: &Platform,
        actor: &Actor,
        new: NewUnidade,
    ) -> Result<UnidadeId, ProvisionError> {
        let placement = new.placement.unwrap_or_else(|| platform.central().clone());
        if platform.config().placement(&placement).is_none() {
            return Err(ProvisionError::UnknownPlacement);
        }
        let fuso = match new.municipio_id {
            None => "America/Sao_Paulo".to_owned(),
            Some(codigo) => sqlx::query_scalar!("SELECT fuso FROM ref.municipio WHERE codigo = $1", codigo)
                .fetch_optional(tx.db())
                .await?
                .ok_or(ProvisionError::UnknownMunicipio)?,
        };
        let spare = sqlx::query!(
            r#"DELETE FROM platform.spare
               WHERE id = (SELECT id FROM platform.spare WHERE placement = $1 AND schema_version = $2
                           ORDER BY ready_at LIMIT 1 FOR UPDATE SKIP LOCKED)
               RETURNING id AS "id: UnidadeId", login_secret"#,
            placement.as_str(),
            Migrations::tenant().newest(),
        )
        .fetch_optional(tx.db())
        .await?;
        let now = tx.clock().now();
        let (id, secret, version, step) = match spare {
            Some(spare) => (spare.id, Some(spare.login_secret), Migrations::tenant().newest(), Step::Schema),
            None => (UnidadeId::new(tx.clock().uuid()), None, 0, Step::Requested),
        };
        sqlx::query!(
            "INSERT INTO platform.unidade
                 (id, slug, codigo, nome, placement, status, schema_version, modules, municipio_id, fuso, login_secret, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, 'provisioning', $6, $7, $8, $9, $10, $11, $11)",
            id as _,
            new.slug.as_str(),
            new.codigo.as_str(),
            new.nome.as_str(),
            placement.as_str(),
            version,
            &new.modules,
            new.municipio_id,
            fuso,
            secret,
            now,
        )
        .execute(tx.db())
        .await?;
        sqlx::query!(
            "INSERT INTO platform.provisioning (unidade_id, step, admin_nome, admin_email, requested_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $5)",
            id as _,
            step.code(),
            new.admin_nome.as_str(),
            new.admin_email.as_str(),
            now,
        )
        .execute(tx.db())
        .await?;
        let detail = serde_json::json!({ "slug": new.slug, "codigo": new.codigo, "placement": placement });
        tx.audit(actor, "unidade.provisionar", Some(id), detail).await?;
        tx.notify(SIGNAL_UNIDADE, &id.to_string()).await?;
        Ok(id)
    }

    /// # Errors
    /// A fault of the database.
    pub async fn find(tx: &mut PlatformTx, id: UnidadeId) -> Result<Option<Self>, Fault> {
        let row = sqlx::query!(
            "SELECT step, admin_nome, admin_email, attempts, error FROM platform.provisioning WHERE unidade_id = $1",
            id as _
        )
        .fetch_optional(tx.db())
        .await?;
        row.map(|row| {
            Ok(Self {
                unidade_id: id,
                step: Step::parse(&row.step)?,
                admin_nome: row.admin_nome,
                admin_email: row.admin_email,
                attempts: row.attempts,
                error: row.error,
            })
        })
        .transpose()
    }

    /// Notes that `step` is reached and tells the pages that watch. Reaching [`Step::Done`] opens the unidade.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn reach(tx: &mut PlatformTx, id: UnidadeId, step: Step, error: Option<&str>) -> Result<(), Fault> {
        let now = tx.clock().now();
        sqlx::query!(
            "UPDATE platform.provisioning SET step = $2, error = $3, updated_at = $4,
                    attempts = attempts + CASE WHEN $3::text IS NULL THEN 0 ELSE 1 END
             WHERE unidade_id = $1",
            id as _,
            step.code(),
            error,
            now,
        )
        .execute(tx.db())
        .await?;
        if step == Step::Done {
            return registry::release_status(tx, id, (Status::Provisioning, None), (Status::Active, None)).await;
        }
        tx.notify(SIGNAL_UNIDADE, &id.to_string()).await
    }

    /// Takes a provisioning that was given up back to its beginning; steps that are done are found done. The caller enqueues
    /// the job in the same transaction.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn retry(tx: &mut PlatformTx, id: UnidadeId) -> Result<(), Fault> {
        let now = tx.clock().now();
        sqlx::query!(
            "UPDATE platform.provisioning SET step = 'requested', attempts = 0, error = NULL, updated_at = $2
             WHERE unidade_id = $1 AND step = 'failed'",
            id as _,
            now
        )
        .execute(tx.db())
        .await?;
        tx.notify(SIGNAL_UNIDADE, &id.to_string()).await
    }

    /// Makes the schema of a registered unidade and mirrors its version. Does nothing to a schema that is already whole.
    ///
    /// # Errors
    /// A fault when the placement cannot be reached or refuses; no half schema is left.
    pub async fn make_schema(platform: &Platform, unidade: &Unidade) -> Result<(), Fault> {
        let config = platform.config();
        let placement = config
            .placement(&unidade.placement)
            .ok_or_else(|| Fault::because("the unidade lives in a placement that is not configured here"))?;
        let password = random_password();
        let made = make_schema(platform, placement, unidade.id, Migrations::tenant(), &password).await?;
        crash_point("provision.schema");
        let sealed = config.master_key.seal(&login_purpose(unidade.id), password.as_bytes())?;
        let mut tx = platform.begin().await?;
        let now = tx.clock().now();
        sqlx::query!(
            "UPDATE platform.unidade SET schema_version = $2, updated_at = $3,
                    login_secret = CASE WHEN $4 OR login_secret IS NULL THEN $5 ELSE login_secret END
             WHERE id = $1",
            unidade.id as _,
            Migrations::tenant().newest(),
            now,
            made,
            sealed.0,
        )
        .execute(tx.db())
        .await?;
        tx.commit().await?;
        crash_point("provision.mirrored");
        if !made {
            // The schema stood already, perhaps from a try that was killed before its password was kept.
            set_login_password(platform, placement, unidade.id).await?;
        }
        Ok(())
    }

    /// Makes one spare schema in `placement`.
    ///
    /// # Errors
    /// As [`Provisioning::make_schema`].
    pub async fn make_spare(platform: &Platform, placement: &Placement) -> Result<UnidadeId, Fault> {
        let config =
            platform.config().placement(placement).ok_or_else(|| Fault::because("this placement is not configured here"))?;
        let id = UnidadeId::new(platform.clock().uuid());
        let password = random_password();
        note_scratch(platform, placement, id, "spare").await?;
        make_schema(platform, config, id, Migrations::tenant(), &password).await?;
        crash_point("spare.made");
        let sealed = platform.config().master_key.seal(&login_purpose(id), password.as_bytes())?;
        let mut tx = platform.begin().await?;
        let now = tx.clock().now();
        sqlx::query!(
            "INSERT INTO platform.spare (id, placement, schema_version, login_secret, ready_at) VALUES ($1, $2, $3, $4, $5)",
            id as _,
            placement.as_str(),
            Migrations::tenant().newest(),
            sealed.0,
            now,
        )
        .execute(tx.db())
        .await?;
        forget_scratch(&mut tx, id).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// How many spare schemas of the newest version `placement` has.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn spares(tx: &mut PlatformTx, placement: &Placement) -> Result<i64, Fault> {
        Ok(sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM platform.spare WHERE placement = $1 AND schema_version = $2"#,
            placement.as_str(),
            Migrations::tenant().newest(),
        )
        .fetch_one(tx.db())
        .await?)
    }
}

pub(crate) fn login_purpose(id: UnidadeId) -> String {
    format!("unidade:{id}:login")
}

/// Roles, schema, tables and grants in one message and one transaction. `false` when the schema is there already.
pub(crate) async fn make_schema(
    platform: &Platform,
    placement: &PlacementConfig,
    id: UnidadeId,
    stream: &Migrations,
    login_password: &str,
) -> Result<bool, Fault> {
    let mut conn = migrator(platform, placement).await?;
    let names = Names::of(id);
    if schema_exists(&mut conn, &names).await? {
        migrate_unidade(&mut conn, &names, stream, 5_000).await?;
        conn.close().await?;
        return Ok(false);
    }
    let message = schema_message(placement, &names, stream, login_password);
    if let Err(error) = simple(&mut conn, message).await {
        simple(&mut conn, "ROLLBACK".to_owned()).await?;
        // Another worker may have made it in this very moment: then it is whole.
        if schema_exists(&mut conn, &names).await? {
            return Ok(false);
        }
        return Err(Fault::new("making a schema", error));
    }
    conn.close().await?;
    Ok(true)
}

fn schema_message(placement: &PlacementConfig, names: &Names, stream: &Migrations, login_password: &str) -> String {
    format!(
        // The right to connect comes last: others wait for the end of the transaction that gives it.
        "BEGIN; {} {} {} RESET ROLE; {} COMMIT",
        roles_message(names, login_password),
        empty_schema_message(names),
        pending_message(names, stream, 0),
        connect_message(placement, names)
    )
}

/// Lets the unidade's own login role into the database. All these rights stand in one row of the catalogue, and PostgreSQL
/// answers two who change it at once with an error ("tuple concurrently updated"): so they queue.
pub(crate) fn connect_message(placement: &PlacementConfig, names: &Names) -> String {
    format!("{DATABASE_RIGHTS} GRANT CONNECT ON DATABASE {} TO {};", placement.database_identifier(), names.login_role())
}

/// Takes the turn at the database's own rights until the transaction ends ("SRI" and "D" in ASCII).
const DATABASE_RIGHTS: &str = "SELECT pg_advisory_xact_lock(1397901636);";

/// The three roles of a unidade and who may take them on.
pub(crate) fn roles_message(names: &Names, login_password: &str) -> String {
    let (owner, login, schema) = (names.owner_role(), names.login_role(), names.schema());
    let verifier = scram_verifier(login_password);
    format!(
        "CREATE ROLE {owner} NOLOGIN;
         CREATE ROLE {login} LOGIN PASSWORD '{verifier}';
         ALTER ROLE {login} SET search_path = {schema}, pg_temp;
         GRANT {owner} TO sri_migrator;
         {}",
        dml_role_message(names)
    )
}

fn dml_role_message(names: &Names) -> String {
    let (dml, login) = (names.dml_role(), names.login_role());
    format!("CREATE ROLE {dml} NOLOGIN; GRANT {dml} TO sri_runtime, sri_backup, {login};")
}

/// Drops the schema, and puts a role of the same name in the place of the one that its people work under: whoever began a
/// transaction before and wakes up after is still the old one, and is refused where what they read is gone.
pub(crate) fn replaced_message(names: &Names) -> String {
    let (owner, dml, schema) = (names.owner_role(), names.dml_role(), names.schema());
    format!(
        // A copy of this database on the same server has rights of that role too, or another made it; then it stays.
        "SET LOCAL ROLE {owner}; DROP SCHEMA {schema} CASCADE; RESET ROLE;
         DO $$BEGIN DROP ROLE {dml}; {} EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege THEN NULL; END$$;",
        dml_role_message(names)
    )
}

/// The schema, and from here on its owner in force.
pub(crate) fn empty_schema_message(names: &Names) -> String {
    let (owner, dml, schema) = (names.owner_role(), names.dml_role(), names.schema());
    format!(
        "CREATE SCHEMA {schema} AUTHORIZATION {owner};
         SET LOCAL ROLE {owner};
         SET LOCAL search_path = {schema}, pg_temp;
         GRANT USAGE ON SCHEMA {schema} TO {dml};"
    )
}

/// Drops a schema with everything in it and its roles. Does nothing when they are gone.
pub(crate) async fn drop_schema(platform: &Platform, placement: &PlacementConfig, id: UnidadeId) -> Result<(), Fault> {
    let mut conn = migrator(platform, placement).await?;
    let names = Names::of(id);
    let mut message = String::from("BEGIN; SET LOCAL lock_timeout = 10000;");
    if schema_exists(&mut conn, &names).await? {
        message.push_str(&format!("SET LOCAL ROLE {}; DROP SCHEMA {} CASCADE; RESET ROLE;", names.owner_role(), names.schema()));
    }
    if role_exists(&mut conn, &names.login_role()).await? {
        message.push_str(&format!(
            "{DATABASE_RIGHTS} REVOKE ALL ON DATABASE {} FROM {login}; DROP ROLE {login}, {}, {};",
            placement.database_identifier(),
            names.dml_role(),
            names.owner_role(),
            login = names.login_role(),
        ));
    }
    message.push_str("COMMIT");
    simple(&mut conn, message).await.map_err(|e| Fault::new("dropping a schema", e))?;
    conn.close().await?;
    Ok(())
}

async fn set_login_password(platform: &Platform, placement: &PlacementConfig, id: UnidadeId) -> Result<(), Fault> {
    let password = login_password(platform, id).await?;
    let mut conn = migrator(platform, placement).await?;
    let verifier = scram_verifier(&password);
    simple(&mut conn, format!("ALTER ROLE {} PASSWORD '{verifier}'", Names::of(id).login_role())).await?;
    conn.close().await?;
    Ok(())
}

/// The password of the unidade's own login role, opened from the register.
pub(crate) async fn login_password(platform: &Platform, id: UnidadeId) -> Result<String, Fault> {
    let mut tx = platform.begin().await?;
    let sealed = sqlx::query_scalar!("SELECT login_secret FROM platform.unidade WHERE id = $1", id as _)
        .fetch_optional(tx.db())
        .await?
        .flatten()
        .ok_or_else(|| Fault::because("the unidade has no login secret"))?;
    tx.commit().await?;
    let plain = platform.config().master_key.open(&login_purpose(id), &Sealed(sealed))?;
    String::from_utf8(plain).map_err(|e| Fault::new("login secret", e))
}

/// A connection as the migrator, for one piece of work.
pub(crate) async fn migrator(platform: &Platform, placement: &PlacementConfig) -> Result<PgConnection, Fault> {
    let key = &platform.config().master_key;
    Ok(PgConnection::connect_with(&placement.login(LoginRole::Migrator, key)).await?)
}

pub(crate) async fn schema_exists(conn: &mut PgConnection, names: &Names) -> Result<bool, Fault> {
    exists(conn, "SELECT to_regnamespace($1) IS NOT NULL", &names.schema()).await
}

pub(crate) async fn role_exists(conn: &mut PgConnection, role: &str) -> Result<bool, Fault> {
    exists(conn, "SELECT to_regrole($1) IS NOT NULL", role).await
}

async fn exists(conn: &mut PgConnection, sql: &'static str, name: &str) -> Result<bool, Fault> {
    #[expect(clippy::disallowed_methods, reason = "the catalogue, asked as a role the macros do not know")]
    let row = sqlx::query(sql).bind(name).fetch_one(conn).await?;
    Ok(row.try_get(0)?)
}

/// Version of the schema of a unidade as the schema itself tells it.
pub(crate) async fn true_version(platform: &Platform, placement: &PlacementConfig, id: UnidadeId) -> Result<i64, Fault> {
    let mut conn = migrator(platform, placement).await?;
    Ok(applied_version(&mut conn, &Names::of(id)).await?)
}

/// Notes a schema that is about to be made and belongs to no unidade yet.
pub(crate) async fn note_scratch(platform: &Platform, placement: &Placement, id: UnidadeId, purpose: &str) -> Result<(), Fault> {
    let mut tx = platform.begin().await?;
    let now = tx.clock().now();
    sqlx::query!(
        "INSERT INTO platform.scratch (id, placement, purpose, created_at) VALUES ($1, $2, $3, $4)",
        id as _,
        placement.as_str(),
        purpose,
        now,
    )
    .execute(tx.db())
    .await?;
    tx.commit().await
}

/// The schema has found its place in the register, or is gone.
pub(crate) async fn forget_scratch(tx: &mut PlatformTx, id: UnidadeId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM platform.scratch WHERE id = $1", id as _).execute(tx.db()).await?;
    Ok(())
}

/// Drops schemas that killed processes left behind: noted longer ago than `age` and still without a unidade. Answers how
/// many. `age` must be longer than any restore takes.
///
/// # Errors
/// A fault when a placement cannot be reached.
pub async fn sweep_scratch(platform: &Platform, age: std::time::Duration) -> Result<usize, Fault> {
    let before = platform.clock().now() - age;
    let mut tx = platform.begin().await?;
    let rows = sqlx::query!(
        r#"SELECT s.id AS "id: UnidadeId", s.placement FROM platform.scratch s
           WHERE s.created_at <= $1 AND NOT EXISTS (SELECT FROM platform.unidade u WHERE u.id = s.id)
             AND NOT EXISTS (SELECT FROM platform.spare p WHERE p.id = s.id)"#,
        before,
    )
    .fetch_all(tx.db())
    .await?;
    tx.commit().await?;
    for row in &rows {
        let name: Placement = row.placement.parse().map_err(|e| Fault::new("placement of a scratch schema", e))?;
        let config = platform.config().placement(&name).ok_or_else(|| Fault::because("this placement is not configured here"))?;
        drop_schema(platform, config, row.id).await?;
        let mut tx = platform.begin().await?;
        forget_scratch(&mut tx, row.id).await?;
        tx.commit().await?;
    }
    Ok(rows.len())
}
