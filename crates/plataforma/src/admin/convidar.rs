use acesso::Segredo;
use chrono::TimeDelta;
use kernel::{Actor, Email, Fault};
use serde_json::json;
use tenancy::PlatformTx;

use super::{sql, totp};

/// How long a link may lie before it is used.
const LIFE: TimeDelta = TimeDelta::hours(24);

/// A one-time link to become an admin.
#[derive(Debug)]
pub struct ConviteAdmin {
    /// Path on the console's host.
    pub path: String,
}

/// Makes a one-time link for `email`; earlier links for the same address stop working.
///
/// # Errors
/// A fault of the database.
pub async fn convidar_admin(
    tx: &mut PlatformTx,
    master_key: &tenancy::MasterKey,
    actor: &Actor,
    email: &Email,
) -> Result<ConviteAdmin, Fault> {
    let segredo = Segredo::draw();
    let now = tx.clock().now();
    let sealed = master_key.seal(&convite_purpose(&segredo), &totp::draw())?;
    sql::insert_convite(tx, &segredo, email, &sealed, now + LIFE).await?;
    tx.audit(actor, "admin.convidar", None, json!({ "email": email })).await?;
    Ok(ConviteAdmin { path: format!("/convite/{}", segredo.reveal()) })
}

/// The way in for whoever starts the product on their own machine: a link for the first admin, or the sign-in page once there
/// is one.
///
/// # Errors
/// A fault of the database.
pub async fn first_way_in(
    tx: &mut PlatformTx,
    master_key: &tenancy::MasterKey,
    actor: &Actor,
    email: &Email,
) -> Result<String, Fault> {
    if sql::has_admin(tx).await? {
        return Ok("/entrar".to_owned());
    }
    Ok(convidar_admin(tx, master_key, actor, email).await?.path)
}

pub(super) fn convite_purpose(segredo: &Segredo) -> String {
    format!("admin_convite:{}:totp", hex::encode(segredo.hash()))
}
