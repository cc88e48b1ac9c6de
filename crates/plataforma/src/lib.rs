//! The platform admins' console: a site of its own, on a host of its own, with people, sessions and a trail of its own.
//!
//! The rule it protects: nothing here reads a unidade's schema. A console session opens no unidade, a unidade's session or
//! token opens nothing here, and a page is shown only after the second factor.

mod admin;
mod auditoria;
mod ctx;
mod migracoes;
mod provisionar;
mod suporte;
mod unidade;
mod uso;

use std::path::Path;

use axum::{Router, middleware::from_fn_with_state};
use kernel::Fault;
use web::{App, Route};

pub use admin::{ConviteAdmin, convidar_admin, first_way_in};
pub use ctx::ConsoleCtx;
pub use provisionar::{ProvisionUnidade, provisionar, provisionar_de_novo};
pub use unidade::{Resumo, backup::make_backup, municipio, resumo, resumos};

/// Every route of the console, for the router and for the matrices.
#[must_use]
pub fn routes() -> Vec<Route> {
    let mut routes = admin::pages::routes();
    routes.extend(unidade::pages::routes());
    routes.extend(suporte::routes());
    routes.extend(migracoes::routes());
    routes.extend(auditoria::routes());
    routes
}

/// The console's site.
pub fn router(app: &App) -> Router {
    let mut router = Router::new();
    for route in routes() {
        router = route.mount_behind(router, "plataforma", |handler| {
            handler.layer::<_, std::convert::Infallible>(from_fn_with_state(app.clone(), ctx::enter))
        });
    }
    router.with_state(app.clone())
}

/// Jobs of the platform itself.
#[must_use]
pub fn handlers(app: &App, backup_dir: &Path) -> Vec<jobs::Handler> {
    let mut handlers = provisionar::handlers(app);
    handlers.extend(suporte::handlers());
    handlers.extend(uso::handlers());
    handlers.extend(unidade::backup::handlers(backup_dir));
    handlers
}

/// # Errors
/// A fault for a schedule that cannot be read.
pub fn schedules() -> Result<Vec<jobs::Schedule>, Fault> {
    Ok(vec![
        jobs::Schedule::platform("spares", "* * * * *", &provisionar::KeepSpares {})?,
        jobs::Schedule::platform("suporte", "* * * * *", &suporte::EndSuporte {})?,
        jobs::Schedule::platform("usage", "17 * * * *", &uso::MeasureUso {})?,
        jobs::Schedule::platform("backups", "20 3 * * *", &unidade::backup::BackupAll {})?,
    ])
}
