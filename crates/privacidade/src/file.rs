//! A table on its way out of the house.

use axum::response::Response;
use kernel::Fault;
use sheets::{Format, Table};
use web::sheet;

/// Writes `table` and sends it. `name` needs no quoting.
pub(crate) async fn send(table: Table<'_>, format: Format, name: &str) -> web::Result<Response> {
    let broken = |error| Fault::new("a file of privacidade", error);
    let file = tempfile::NamedTempFile::new().map_err(broken)?;
    let written = sheets::write(table, format, file.path()).await?;
    Ok(sheet::send(file.reopen().map_err(broken)?, written.bytes, format, name))
}
