use kernel::Fault;
use sqlx::{Connection, PgConnection};

use crate::{
    config::{LoginRole, PlacementConfig},
    seal::{MasterKey, scram_verifier},
    session::simple,
};

/// Key of the advisory lock under which one process at a time prepares a database ("SRI" in ASCII).
pub(crate) const SETUP_LOCK: i64 = 0x53_5249;

/// What a hosted PostgreSQL refused; `sri doctor` lists the same walls until the operator accepts them by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refused(pub Vec<String>);

/// Prepares a placement database as its administrator: login roles with their passwords, `ext`, `ref` and `platform`,
/// revocations. May be repeated at any time, by several processes at once.
///
/// # Errors
/// A fault when the database cannot be reached or the administrator may not create roles, schemas or extensions.
pub async fn bootstrap(placement: &PlacementConfig, key: &MasterKey) -> Result<Refused, Fault> {
    let mut conn = PgConnection::connect_with(&placement.admin()).await?;
    // Roles belong to the cluster: two databases of one cluster may be prepared at the same time, so the lock of this
    // database alone is not enough; bootstrap.sql bears a role that appears meanwhile.
    simple(&mut conn, format!("SELECT pg_advisory_lock({SETUP_LOCK})")).await?;
    let mut message = String::from("BEGIN;\n");
    message.push_str(include_str!("../sql/bootstrap.sql"));
    message.push_str(include_str!("../sql/database.sql"));
    for role in LoginRole::ALL {
        let verifier = scram_verifier(&key.login_password(role.name()));
        message.push_str(&format!("ALTER ROLE {} PASSWORD '{verifier}';\n", role.name()));
    }
    message.push_str("COMMIT;");
    let mut attempts = 0;
    loop {
        match simple(&mut conn, message.clone()).await {
            Ok(()) => break,
            // Two databases of one cluster prepared at the same moment update the same role rows.
            Err(error) if attempts < 5 && error.as_database_error().is_some_and(|e| e.code().as_deref() == Some("XX000")) => {
                attempts += 1;
                simple(&mut conn, "ROLLBACK".to_owned()).await?;
            }
            Err(error) => return Err(Fault::new("preparing the placement database", error)),
        }
    }
    let walls = simple(&mut conn, include_str!("../sql/walls.sql").to_owned()).await;
    let refused = match walls {
        Ok(()) => Refused::default(),
        Err(error) => Refused(vec![error.to_string()]),
    };
    conn.close().await?;
    Ok(refused)
}

/// Sets the rights on the database itself, which a clone of a template lacks (architecture 8.7).
///
/// # Errors
/// A fault when the database cannot be reached or the administrator does not own it.
pub async fn wall_database(placement: &PlacementConfig) -> Result<(), Fault> {
    let mut conn = PgConnection::connect_with(&placement.admin()).await?;
    simple(&mut conn, include_str!("../sql/database.sql").to_owned()).await?;
    conn.close().await?;
    Ok(())
}
