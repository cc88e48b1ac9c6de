use std::fmt::Write;

use super::Migrations;
use crate::Names;

/// Tables whose rows may be added and read but never changed: the trail of who did what.
pub(crate) const APPEND_ONLY: [&str; 2] = ["auditoria", "auditoria_selo"];

/// The rights of the DML role on the tables of `stream`, as one message for the owner to run. Computed anew after every
/// migration; a table named here and not created is an error, so a forgotten one cannot happen.
pub(crate) fn grants(names: &Names, stream: &Migrations) -> String {
    let role = names.dml_role();
    let (append_only, ordinary): (Vec<&str>, Vec<&str>) =
        stream.tables().into_iter().partition(|table| APPEND_ONLY.contains(table));
    let mut message = String::new();
    // Writing to a String cannot fail.
    if !ordinary.is_empty() {
        let _ = writeln!(message, "GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {role};", ordinary.join(", "));
    }
    if !append_only.is_empty() {
        let _ = writeln!(message, "GRANT SELECT, INSERT ON {} TO {role};", append_only.join(", "));
    }
    let _ = writeln!(message, "GRANT SELECT ON _migration TO {role};");
    message
}
