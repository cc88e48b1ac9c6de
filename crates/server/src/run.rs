//! The kinds of process, and how they stop.

use std::time::Duration;

use anyhow::Context;
use kernel::{Clock, Fault};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;
use web::ServeLimits;

use crate::{house::House, log, ops, settings::Settings};

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Web,
    Worker,
    /// Both in one process: small installations and development.
    Both,
}

/// Runs until SIGTERM or SIGINT, then stops gracefully: not ready any more, drain, end.
///
/// # Errors
/// When an address is taken, the database cannot be reached at the start, or a part ends unasked.
pub(crate) async fn run(settings: &Settings, role: Role) -> anyhow::Result<()> {
    log::start(&settings.log)?;
    let house = House::new(settings, Clock::system());
    check_walls(settings, &house).await?;
    house
        .app
        .files
        .probe()
        .await
        .context("the place of the documents cannot be used; see SRI_FILES_DIR and SRI_FILES_S3_BUCKET")?;
    if role != Role::Web {
        tidy(&house).await;
    }
    until_signal(settings, &house, role).await
}

/// Nobody is served past a missing wall that the operator has not accepted by name.
async fn check_walls(settings: &Settings, house: &House) -> anyhow::Result<()> {
    let known = tenancy::check_walls(&house.gates.platform, &settings.accepted_walls)
        .await
        .context("looking at the walls before the start")?;
    if !known.is_empty() {
        let names: Vec<String> = known.iter().map(|finding| format!("{} ({})", finding.name(), finding.placement)).collect();
        tracing::warn!(count = known.len(), walls = names.join(", "), "missing walls are accepted");
    }
    Ok(())
}

/// Schemas that nobody lives in are noted when they are made; what is noted longer than this was left by a killed process.
const SCRATCH_AGE: Duration = Duration::from_secs(24 * 3600);

/// Finishes what killed processes have left behind. The next start tries again, so nothing of it keeps a worker from its work.
async fn tidy(house: &House) {
    let platform = &house.gates.platform;
    if let Err(fault) = tenancy::lifecycle::finish_deletions(platform).await {
        tracing::error!(%fault, "a deleted unidade still has its schema");
    }
    if let Err(fault) = tenancy::sweep_scratch(platform, SCRATCH_AGE).await {
        tracing::error!(%fault, "schemas that nobody lives in are still there");
    }
}

/// As [`run`], with a house of the caller's.
///
/// # Errors
/// As [`run`].
pub(crate) async fn until_signal(settings: &Settings, house: &House, role: Role) -> anyhow::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stopping = house.stopping.clone();
    let asked = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("asked to stop");
        stopping.cancel();
        // The parts see the stop and end by themselves.
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = asked => Ok(()),
        ended = serve(settings, house, role) => ended,
    }
}

/// Serves with a house of the caller's until its `stopping` fires.
///
/// # Errors
/// As [`run`].
pub(crate) async fn serve(settings: &Settings, house: &House, role: Role) -> anyhow::Result<()> {
    let (web, works) = (role != Role::Worker, role != Role::Web);
    let health = ops::Health::new(house.gates.platform.clone(), house.gates.registry.clone(), web);
    let ops_listener = bind(settings.ops_listen, "SRI_OPS_LISTEN").await?;
    tracing::info!(address = %ops_listener.local_addr().unwrap_or(settings.ops_listen), "answering operators");
    let ops_router = ops::router(health.clone(), ops::record_metrics()?, house.gates.tenants.clone());
    let listener = if web { Some(bind(settings.listen, "SRI_LISTEN").await?) } else { None };
    let worker = if works { Some(house.worker(settings)?) } else { None };

    // Ends last: whoever asks during the drain must hear "not ready".
    let ended = CancellationToken::new();
    let working = async {
        let pages = async {
            if let Some(listener) = listener {
                tracing::info!(address = %listener.local_addr().unwrap_or(settings.listen), "serving");
                web::serve(
                    listener,
                    house.router(),
                    settings.web.trusted_proxies.clone(),
                    ServeLimits::default(),
                    house.stopping.clone(),
                )
                .await;
            }
        };
        let jobs = async {
            if let Some(worker) = worker {
                tracing::info!("working");
                worker.run(house.stopping.clone()).await;
            }
        };
        let goodbye = async {
            house.stopping.cancelled().await;
            health.stop_accepting();
        };
        tokio::join!(pages, jobs, goodbye);
        ended.cancel();
        Ok::<_, anyhow::Error>(())
    };
    // Only pages have streams; without any nothing is ever over.
    let live = async {
        if web {
            house.app.live.listen(&house.gates.platform).await;
        }
        std::future::pending::<()>().await;
    };
    // The register is heard until the last request is answered; it is dropped with the select.
    let hearing = async {
        tokio::select! {
            () = ended.cancelled() => Ok::<_, Fault>(()),
            heard = house.gates.registry.listen() => heard,
            () = live => Ok(()),
        }
    };
    let asked = ops::serve(ops_listener, ops_router, ended.clone());
    let ((), (), ()) = tokio::try_join!(working, async { hearing.await.context("listening to the register") }, asked)?;
    tracing::info!("stopped");
    Ok(())
}

async fn bind(address: std::net::SocketAddr, variable: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("the address {address} cannot be used: another program may hold it; choose another in {variable}")
    })
}
