//! The floors of the house: a crate uses only lower ones, and only the ground floors may hold a database connection.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use proc_macro2::{TokenStream, TokenTree};
use serde::Deserialize;

use crate::{
    finding::Finding,
    repo::{Repo, Source},
};

/// Crate and floor. Crates that are still to come stand here already: the plan is checked from their first day.
const FLOORS: &[(&str, u8)] = &[
    ("kernel", 0),
    ("tenancy", 1),
    ("sheets", 1),
    ("idioma", 1),
    ("assets", 1),
    ("jobs", 2),
    ("files", 2),
    ("messaging", 2),
    ("web", 3),
    ("acesso", 4),
    ("documentos", 4),
    ("empresas", 5),
    ("relacionamento", 6),
    ("agendamentos", 6),
    ("bi", 6),
    ("pendencias", 6),
    ("rpa", 6),
    ("agenda", 7),
    ("painel", 7),
    ("plataforma", 7),
    ("privacidade", 7),
    ("server", 8),
    // Runs on the customer's machines: nothing of the server comes along.
    ("agente", 1),
];

/// Stand beside the house: they may use every floor, and nobody may ship with them.
const BESIDE: &[&str] = &["bench", "testkit", "xtask"];

/// The only uses within one floor, each with its reason.
const SAME_FLOOR: &[(&str, &str, &str)] = &[("messaging", "jobs", "a message is delivered by a job")];

/// Crates of the world that start at a floor: below it they would drag the edge into the mechanics.
const STARTS_AT: &[(&str, u8)] = &[("axum", 3), ("axum-extra", 3), ("tower-http", 3), ("utoipa-axum", 3)];

/// What of sqlx lets a holder run any SQL as anybody.
const CONNECTIONS: &[&str] = &[
    "Acquire",
    "AnyPool",
    "AssertSqlSafe",
    "Connection",
    "PgConnectOptions",
    "PgConnection",
    "PgListener",
    "PgPool",
    "PgPoolOptions",
    "PgTransaction",
    "Pool",
    "PoolConnection",
    "QueryBuilder",
    "Transaction",
    "raw_sql",
];

/// Who may name [`CONNECTIONS`], and why; so may every folder of tests.
const MAY_NAME: &[(&str, &str)] = &[("tenancy", "owns every connection"), ("testkit", "makes and drops databases")];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `None`: a normal one; else `dev` or `build`.
    kind: Option<String>,
    path: Option<String>,
}

pub(crate) fn check(repo: &Repo) -> Result<Vec<Finding>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(repo.root())
        .output()
        .context("running cargo metadata")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata = serde_json::from_slice(&output.stdout).context("reading cargo metadata")?;

    let mut findings = floors(&metadata);
    for source in repo.sources("crates", &[".rs"])? {
        findings.extend(connections(&source)?);
        findings.extend(edges(&source)?);
    }
    Ok(findings)
}

fn floor(name: &str) -> Option<u8> {
    FLOORS.iter().find(|(known, _)| *known == name).map(|(_, floor)| *floor)
}

fn floors(metadata: &Metadata) -> Vec<Finding> {
    metadata.packages.iter().filter(|package| !BESIDE.contains(&package.name.as_str())).flat_map(floors_of).collect()
}

fn floors_of(package: &Package) -> Vec<Finding> {
    let manifest = format!("crates/{}/Cargo.toml", package.name);
    let refuse = |message: String| Finding::error(&manifest, 0, message);
    let Some(own) = floor(&package.name) else {
        return vec![refuse(format!("the crate {} has no floor; give it one in xtask/src/levels.rs", package.name))];
    };
    let mut findings = Vec::new();
    for dependency in &package.dependencies {
        let name = dependency.name.as_str();
        if dependency.path.is_none() {
            if let Some((_, from)) = STARTS_AT.iter().find(|(start, from)| *start == name && own < *from) {
                findings.push(refuse(format!("{name} starts at floor {from}; {} is on floor {own}", package.name)));
            }
        } else if BESIDE.contains(&name) {
            if dependency.kind.as_deref() != Some("dev") {
                findings.push(refuse(format!("{name} may only be a dev-dependency")));
            }
        } else {
            let allowed = SAME_FLOOR.iter().any(|(user, used, _)| *user == package.name && *used == name);
            match floor(name) {
                Some(other) if other < own || allowed => {}
                Some(other) => {
                    findings.push(refuse(format!(
                        "{} (floor {own}) uses {name} (floor {other}); only lower floors may be used",
                        package.name
                    )));
                }
                None => findings.push(refuse(format!("{name} has no floor; give it one in xtask/src/levels.rs"))),
            }
        }
    }
    findings
}

/// The crate a file below `crates/` belongs to, and the rest of its path.
fn crate_of(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix("crates/")?.split_once('/')
}

fn connections(source: &Source) -> Result<Vec<Finding>> {
    let Some((owner, rest)) = crate_of(&source.path) else { return Ok(Vec::new()) };
    if rest.starts_with("tests/") || MAY_NAME.iter().any(|(name, _)| *name == owner) {
        return Ok(Vec::new());
    }
    let mut named = Vec::new();
    sqlx_names(tokens(source)?, false, &mut named);
    Ok(named
        .into_iter()
        .map(|(name, line)| {
            let message = format!("only tenancy may name sqlx's {name}: run SQL through TenantTx or PlatformTx");
            Finding::error(&source.path, line, message)
        })
        .collect())
}

/// Commands and queries of a module know no HTTP: REST, jobs, import and the command line call them too.
fn edges(source: &Source) -> Result<Vec<Finding>> {
    let Some((owner, rest)) = crate_of(&source.path) else { return Ok(Vec::new()) };
    if !floor(owner).is_some_and(|floor| floor == 5 || floor == 6) || !rest.starts_with("src/") {
        return Ok(Vec::new());
    }
    let knows_http = rest.split('/').any(|part| matches!(part, "lib.rs" | "pages.rs" | "pages" | "api.rs" | "api"));
    if knows_http {
        return Ok(Vec::new());
    }
    let mut lines = Vec::new();
    axum_lines(tokens(source)?, &mut lines);
    Ok(lines
        .into_iter()
        .map(|line| Finding::error(&source.path, line, "only pages, api and lib.rs of a module may name axum"))
        .collect())
}

fn tokens(source: &Source) -> Result<TokenStream> {
    source.text.parse().map_err(|error| anyhow::anyhow!("{}: {error}", source.path))
}

/// Names out of [`CONNECTIONS`] that are taken from sqlx: in a path that starts with `sqlx`, in the braces of such a `use`,
/// or anywhere when no other crate has such a name.
fn sqlx_names(stream: TokenStream, mut in_path: bool, found: &mut Vec<(String, usize)>) {
    let in_braces = in_path;
    let mut ends_with_colons = false;
    for token in stream {
        match token {
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                in_path = in_braces || name == "sqlx" || (in_path && ends_with_colons);
                let unmistakable = name.starts_with("Pg") || name == "AssertSqlSafe" || name == "raw_sql";
                if (in_path || unmistakable) && CONNECTIONS.contains(&name.as_str()) {
                    found.push((name, ident.span().start().line));
                }
                ends_with_colons = false;
            }
            TokenTree::Punct(punct) => {
                ends_with_colons = punct.as_char() == ':';
                in_path = in_braces || (in_path && ends_with_colons);
            }
            TokenTree::Group(group) => {
                sqlx_names(group.stream(), in_path && ends_with_colons, found);
                (in_path, ends_with_colons) = (in_braces, false);
            }
            TokenTree::Literal(_) => (in_path, ends_with_colons) = (in_braces, false),
        }
    }
}

fn axum_lines(stream: TokenStream, found: &mut Vec<usize>) {
    for token in stream {
        match token {
            TokenTree::Ident(ident) if ident == "axum" || ident == "axum_extra" => found.push(ident.span().start().line),
            TokenTree::Group(group) => axum_lines(group.stream(), found),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[(&str, Option<&str>, bool)]) -> Metadata {
        let dependencies = dependencies
            .iter()
            .map(|(name, kind, ours)| Dependency {
                name: (*name).to_owned(),
                kind: kind.map(str::to_owned),
                path: ours.then(|| format!("/checkout/crates/{name}")),
            })
            .collect();
        Metadata { packages: vec![Package { name: name.to_owned(), dependencies }] }
    }

    fn messages(metadata: &Metadata) -> Vec<String> {
        floors(metadata).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_crate_may_use_lower_floors_and_testkit_in_tests() {
        let metadata = package(
            "empresas",
            &[("kernel", None, true), ("acesso", None, true), ("testkit", Some("dev"), true), ("axum", None, false)],
        );
        assert_eq!(messages(&metadata), Vec::<String>::new());
    }

    #[test]
    fn a_crate_may_not_use_a_higher_floor_its_own_or_an_unknown_one() {
        assert_eq!(
            messages(&package("web", &[("acesso", None, true)])),
            ["web (floor 3) uses acesso (floor 4); only lower floors may be used"]
        );
        assert_eq!(
            messages(&package("tenancy", &[("idioma", None, true)])),
            ["tenancy (floor 1) uses idioma (floor 1); only lower floors may be used"]
        );
        assert_eq!(
            messages(&package("jobs", &[("web", Some("build"), true)])),
            ["jobs (floor 2) uses web (floor 3); only lower floors may be used"]
        );
        assert_eq!(
            messages(&package("web", &[("utils", None, true)])),
            ["utils has no floor; give it one in xtask/src/levels.rs"]
        );
        assert_eq!(messages(&package("utils", &[])), ["the crate utils has no floor; give it one in xtask/src/levels.rs"]);
    }

    #[test]
    fn the_listed_use_within_a_floor_goes_one_way() {
        assert_eq!(messages(&package("messaging", &[("jobs", None, true)])), Vec::<String>::new());
        assert_eq!(messages(&package("jobs", &[("messaging", None, true)])).len(), 1);
    }

    #[test]
    fn testkit_is_never_shipped_and_axum_starts_at_web() {
        assert_eq!(messages(&package("server", &[("testkit", None, true)])), ["testkit may only be a dev-dependency"]);
        assert_eq!(messages(&package("jobs", &[("axum", None, false)])), ["axum starts at floor 3; jobs is on floor 2"]);
    }

    fn named(path: &str, text: &str) -> Vec<(usize, String)> {
        let source = Source { path: path.to_owned(), text: text.to_owned() };
        connections(&source).unwrap().into_iter().map(|finding| (finding.line, finding.message)).collect()
    }

    #[test]
    fn only_tenancy_names_connections() {
        let text = "use sqlx::{postgres::{PgArguments, PgPool}, Pool};\nfn f(c: &mut sqlx::PgConnection) {}\n";
        let lines: Vec<usize> = named("crates/empresas/src/empresa/sql.rs", text).into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [1, 1, 2]);
        assert_eq!(named("crates/tenancy/src/pool.rs", text), []);
        assert_eq!(named("crates/empresas/tests/empresa.rs", text), []);
        assert_eq!(named("crates/jobs/src/lib.rs", "sqlx::raw_sql(AssertSqlSafe(text))").len(), 2);
    }

    #[test]
    fn other_peoples_pools_and_words_in_comments_are_fine() {
        let text = "//! Not a Pool of sqlx::PgPool.\nuse deadpool::Pool;\nstruct Connection;\nlet a = sqlx::query!(\"SELECT 1\"); let b: Pool = Connection;";
        assert_eq!(named("crates/web/src/lib.rs", text), []);
    }

    #[test]
    fn a_command_may_not_name_axum() {
        let source = |path: &str| Source { path: path.to_owned(), text: "use axum::Router;".to_owned() };
        assert_eq!(edges(&source("crates/empresas/src/empresa/registrar.rs")).unwrap().len(), 1);
        assert_eq!(edges(&source("crates/empresas/src/empresa/pages.rs")).unwrap(), []);
        assert_eq!(edges(&source("crates/empresas/src/empresa/api/list.rs")).unwrap(), []);
        assert_eq!(edges(&source("crates/web/src/session.rs")).unwrap(), []);
    }
}
