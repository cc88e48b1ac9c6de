//! The page of one record: its tabs come from every module that has something to show of it.

use std::fmt;

use kernel::Permission;
use tenancy::Unidade;

use crate::{Module, frame::Frame, pecas::Tab};

/// A tab on the page of a record; declared in [`crate::Module::tabs`]. Its address is its state.
#[derive(Debug)]
pub struct RecordTab {
    /// Records that have it, as in the audit trail: `empresa`.
    pub entity: &'static str,
    /// Key of its label.
    pub label: &'static str,
    /// Path with `{id}` for the record's.
    pub path: &'static str,
    pub permission: Permission,
}

/// The tabs of the record `id` in the order of the modules: those for which `may` holds, which knows the record and so the
/// scope. `counts` says how much is behind some of them, by label.
#[must_use]
pub fn tabs(
    (modules, unidade): (&[Module], &Unidade),
    frame: &Frame,
    entity: &str,
    id: impl fmt::Display,
    may: impl Fn(&Permission) -> bool,
    counts: &[(&str, i64)],
) -> Vec<Tab> {
    let id = id.to_string();
    let here = frame.path.split(['?', '#']).next().unwrap_or_default();
    let declared = modules.iter().filter(|module| module.core || unidade.has_module(module.name));
    let declared = declared.flat_map(|module| module.tabs).filter(|tab| tab.entity == entity && may(&tab.permission));
    let drawn = declared.map(|tab| {
        let href = tab.path.replace("{id}", &id);
        let active = here == href;
        let count = counts.iter().find(|(label, _)| *label == tab.label).map(|(_, count)| *count);
        Tab { label: frame.t(tab.label).to_owned(), href, count, active }
    });
    drawn.collect()
}
