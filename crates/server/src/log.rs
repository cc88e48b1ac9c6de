use anyhow::Context;
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

use crate::settings::LogSettings;

/// Structured logs on standard error: JSON for machines, text for people. Each line of a request carries its id and its
/// unidade.
///
/// # Errors
/// When the filter cannot be read, or logging was set up before.
pub(crate) fn start(settings: &LogSettings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.filter).with_context(|| format!("SRI_LOG: {:?}", settings.filter))?;
    let registry = tracing_subscriber::registry().with(filter);
    if settings.json {
        let layer = tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .with_writer(std::io::stderr);
        registry.with(layer).try_init()?;
    } else {
        registry.with(tracing_subscriber::fmt::layer().compact().with_target(false).with_writer(std::io::stderr)).try_init()?;
    }
    Ok(())
}
