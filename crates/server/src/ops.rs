//! What an operator's tools ask, on a listener of its own: alive, ready, metrics.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Context;
use axum::{Router, extract::State, http::StatusCode, routing::get};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tenancy::{Platform, Registry, Tenants};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Whether this process should be given work.
#[derive(Clone)]
pub struct Health {
    platform: Platform,
    registry: Registry,
    /// False from the moment the stop was asked for.
    accepting: Arc<AtomicBool>,
    /// Processes that serve pages must hear about changes of the register.
    needs_listening: bool,
}

impl Health {
    #[must_use]
    pub fn new(platform: Platform, registry: Registry, needs_listening: bool) -> Self {
        Self { platform, registry, accepting: Arc::new(AtomicBool::new(true)), needs_listening }
    }

    pub fn stop_accepting(&self) {
        self.accepting.store(false, Ordering::Release);
    }

    async fn is_ready(&self) -> bool {
        if !self.accepting.load(Ordering::Acquire) || (self.needs_listening && !self.registry.is_listening()) {
            return false;
        }
        let reach = async { self.platform.begin().await?.rollback().await };
        matches!(tokio::time::timeout(Duration::from_secs(2), reach).await, Ok(Ok(())))
    }
}

#[derive(Clone)]
struct Ops {
    health: Health,
    metrics: PrometheusHandle,
    tenants: Tenants,
}

/// Starts recording metrics for this process.
///
/// # Errors
/// When a recorder was installed before.
pub fn record_metrics() -> anyhow::Result<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(
            Matcher::Suffix("_seconds".to_owned()),
            &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0],
        )?
        .install_recorder()
        .context("metrics recorder")
}

/// `/vivo`: the process runs. `/pronto`: it should be given requests. `/metrics`: Prometheus.
pub fn router(health: Health, metrics: PrometheusHandle, tenants: Tenants) -> Router {
    Router::new()
        .route("/vivo", get(|| async { "vivo" }))
        .route("/pronto", get(ready))
        .route("/metrics", get(scrape))
        .with_state(Ops { health, metrics, tenants })
}

async fn ready(State(ops): State<Ops>) -> (StatusCode, &'static str) {
    if ops.health.is_ready().await { (StatusCode::OK, "pronto") } else { (StatusCode::SERVICE_UNAVAILABLE, "ainda não") }
}

async fn scrape(State(ops): State<Ops>) -> String {
    for (placement, size) in ops.tenants.sizes() {
        let placement = placement.to_string();
        metrics::gauge!("db_connections_open", "placement" => placement.clone()).set(f64::from(size.open));
        metrics::gauge!("db_connections_idle", "placement" => placement).set(f64::from(size.idle));
    }
    ops.metrics.run_upkeep();
    ops.metrics.render()
}

/// Serves until `stopping` fires.
///
/// # Errors
/// When the listener breaks.
pub async fn serve(listener: TcpListener, router: Router, stopping: CancellationToken) -> anyhow::Result<()> {
    axum::serve(listener, router).with_graceful_shutdown(stopping.cancelled_owned()).await?;
    Ok(())
}
