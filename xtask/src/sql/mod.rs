//! The rules for SQL: what keeps one text valid in every unidade's schema, on every release in between, and on Citus should
//! somebody need it. `docs/decisions/0001-schema-per-unidade.md` says why there is a schema per unidade at all.

mod files;
pub(crate) mod lexer;
mod migration;
mod rust;
mod table;

use anyhow::Result;

pub(crate) use table::definitions;

use crate::{finding::Finding, repo::Repo};

/// Whose objects a migration makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Run in each unidade's schema, which the `search_path` names: nothing is qualified.
    Tenant,
    /// Run once per placement database: everything is qualified.
    Platform,
}

pub(crate) const TENANT: &str = "tenant-migrations";
const PLATFORM: &str = "platform-migrations";

pub(crate) fn check(repo: &Repo) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (folder, stream) in [(PLATFORM, Stream::Platform), (TENANT, Stream::Tenant)] {
        let (samples, migrations): (Vec<_>, Vec<_>) =
            repo.sources(folder, &[""])?.into_iter().partition(|source| source.path.contains("/samples/"));
        findings.extend(files::check(folder, &migrations, &samples));
        for migration in &migrations {
            findings.extend(migration::check(stream, &migration.path, &migration.text));
        }
        for sample in &samples {
            findings.extend(migration::check_sample(stream, &sample.path, &sample.text));
        }
    }
    for source in repo.sources("crates", &[".rs"])? {
        findings.extend(rust::check(&source)?);
    }
    Ok(findings)
}
