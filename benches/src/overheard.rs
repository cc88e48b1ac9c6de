//! What the product says to the database, taken from the server's log: so the floors replay the very statements, whatever
//! the product becomes.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::pg::{Server, Superuser};

/// One statement as the server took it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// Process of the connection.
    pub pid: u64,
    pub user: String,
    pub sql: String,
    /// `None` is NULL; empty for a message of the simple protocol.
    pub parameters: Vec<Option<String>>,
}

/// The server's log of statements, while it is kept.
pub(crate) struct Listening {
    superuser: Superuser,
    file: File,
}

impl Listening {
    /// Has the server log every statement from now on. Needs the settings of [`SETTINGS`].
    pub(crate) async fn start(server: &Server) -> Result<Self> {
        let mut superuser = server.connect().await?;
        superuser.run("ALTER SYSTEM SET log_statement = 'all'".to_owned()).await?;
        superuser.run("SELECT pg_reload_conf()".to_owned()).await?;
        // The reload is under way when it is answered; what is said before it arrives is not logged.
        while superuser.text("SHOW log_statement".to_owned()).await? != "all" {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let folder = superuser.text("SHOW data_directory".to_owned()).await?;
        let name = superuser.text("SELECT pg_current_logfile('jsonlog')".to_owned()).await?;
        let path = PathBuf::from(folder).join(name);
        let mut file = File::open(&path).with_context(|| format!("reading the server's log {}", path.display()))?;
        file.seek(SeekFrom::End(0))?;
        let mut listening = Self { superuser, file };
        listening.heard().await?;
        Ok(listening)
    }

    /// All statements since the last call, in the order of the log.
    pub(crate) async fn heard(&mut self) -> Result<Vec<Statement>> {
        const MARK: &str = "SELECT 'that was all'";
        self.superuser.run(MARK.to_owned()).await?;
        let mut text = String::new();
        for _ in 0..500 {
            self.file.read_to_string(&mut text)?;
            if text.contains(MARK) && text.ends_with('\n') {
                return text.lines().filter(|line| !line.contains(MARK)).filter_map(|line| statement(line).transpose()).collect();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        bail!("the server's log does not come")
    }

    pub(crate) async fn stop(mut self) -> Result<()> {
        self.superuser.run("ALTER SYSTEM RESET log_statement".to_owned()).await?;
        self.superuser.run("SELECT pg_reload_conf()".to_owned()).await?;
        self.superuser.close().await
    }
}

/// The server must be started with these.
pub(crate) const SETTINGS: [(&str, &str); 3] =
    [("logging_collector", "on"), ("log_destination", "jsonlog"), ("log_rotation_size", "0")];

fn statement(line: &str) -> Result<Option<Statement>> {
    let entry: Value = serde_json::from_str(line).context("reading the server's log")?;
    let text = |key: &str| entry[key].as_str().unwrap_or_default();
    let sql = match text("message").split_once(": ") {
        Some(("statement", sql)) => sql,
        Some((kind, sql)) if kind.starts_with("execute ") => sql,
        _ => return Ok(None),
    };
    let parameters = text("detail").strip_prefix("parameters: ").map(parameters).unwrap_or_default();
    let pid = entry["pid"].as_u64().unwrap_or_default();
    Ok(Some(Statement { pid, user: text("user").to_owned(), sql: sql.to_owned(), parameters }))
}

/// Reads `$1 = 'it''s', $2 = NULL`.
fn parameters(detail: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = detail;
    while let Some((_, value)) = rest.split_once(" = ") {
        let Some(quoted) = value.strip_prefix('\'') else {
            values.push(None);
            rest = value.strip_prefix("NULL").unwrap_or_default();
            continue;
        };
        let mut text = String::new();
        let mut signs = quoted.char_indices();
        rest = "";
        while let Some((at, sign)) = signs.next() {
            if sign != '\'' {
                text.push(sign);
            } else if quoted[at + 1..].starts_with('\'') {
                text.push('\'');
                signs.next();
            } else {
                rest = &quoted[at + 1..];
                break;
            }
        }
        values.push(Some(text));
    }
    values
}

/// The transactions that unidades' roles ran in `heard`, each with its statements from BEGIN to its end.
pub(crate) fn transactions(heard: &[Statement]) -> Vec<Vec<Statement>> {
    let mut open: BTreeMap<u64, Vec<Statement>> = BTreeMap::new();
    let mut done = Vec::new();
    for statement in heard.iter().filter(|statement| statement.user == "sri_runtime") {
        let transaction = open.entry(statement.pid).or_default();
        if statement.sql.starts_with("BEGIN") {
            transaction.clear();
        }
        transaction.push(statement.clone());
        if statement.sql.starts_with("COMMIT") || statement.sql.starts_with("ROLLBACK") {
            done.extend(open.remove(&statement.pid));
        }
    }
    done
}

/// A script for `pgbench -M prepared` that says the same, and the variables it needs as `name=value`. `prefix` keeps the
/// variables of several scripts apart.
pub(crate) fn script(transaction: &[Statement], prefix: &str) -> (String, Vec<String>) {
    let mut script = String::new();
    let mut variables = Vec::new();
    for (number, statement) in transaction.iter().enumerate() {
        if statement.parameters.is_empty() && statement.sql.contains(';') {
            // One message there, one round trip here.
            script.push_str("\\startpipeline\n");
            for part in statement.sql.split(';').map(str::trim).filter(|part| !part.is_empty()) {
                script.push_str(part);
                script.push_str(";\n");
            }
            script.push_str("\\endpipeline\n");
            continue;
        }
        // On one line, so that a comment would take the rest with it.
        let said = statement.sql.lines().filter(|line| !line.trim_start().starts_with("--"));
        let mut sql = said.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
        // From the last one down: $1 begins $10 too.
        for (index, value) in statement.parameters.iter().enumerate().rev() {
            let parameter = format!("${}", index + 1);
            // Nothing is taken out of a bare NULL, nor out of a variable of no type.
            if let Some(array) = array_type(&sql, &parameter) {
                sql = sql.replace(&format!("{parameter}["), &format!("({parameter}::{array})["));
            }
            let name = format!("{prefix}_{number}_{}", index + 1);
            // pgbench knows no empty variable.
            let instead = match value.as_deref() {
                None => "NULL".to_owned(),
                Some("") => "''".to_owned(),
                Some(value) => {
                    variables.push(format!("{name}={value}"));
                    format!(":{name}")
                }
            };
            sql = sql.replace(&parameter, &instead);
        }
        script.push_str(&sql);
        script.push_str(";\n");
    }
    (script, variables)
}

/// The type that a statement gives to one of its parameters, if that is an array.
fn array_type(sql: &str, parameter: &str) -> Option<String> {
    let (_, cast) = sql.split_once(&format!("{parameter}::"))?;
    let (element, _) = cast.split_once("[]")?;
    element.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then(|| format!("{element}[]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pid: u64, sql: &str, parameters: &[Option<&str>]) -> Statement {
        let parameters = parameters.iter().map(|value| value.map(str::to_owned)).collect();
        Statement { pid, user: "sri_runtime".into(), sql: sql.into(), parameters }
    }

    #[test]
    fn lines_of_the_log_are_read() {
        let line = r#"{"user":"sri_runtime","pid":7,"message":"execute sqlx_s_1: SELECT $1, $2","detail":"parameters: $1 = 'it''s, $2 = x', $2 = NULL"}"#;
        let statement = statement(line).unwrap().unwrap();
        assert_eq!(statement, said(7, "SELECT $1, $2", &[Some("it's, $2 = x"), None]));
        assert_eq!(super::statement(r#"{"pid":7,"message":"checkpoint starting: time"}"#).unwrap(), None);
    }

    #[test]
    fn transactions_of_several_connections_are_told_apart() {
        let heard = [
            said(1, "BEGIN; SET LOCAL ROLE a", &[]),
            said(2, "BEGIN; SET LOCAL ROLE b", &[]),
            said(2, "ROLLBACK", &[]),
            said(1, "COMMIT", &[]),
        ];
        let done = transactions(&heard);
        assert_eq!(done.iter().map(|t| t[0].pid).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(done[1].len(), 2);
    }

    #[test]
    fn a_script_says_the_same() {
        let values: Vec<_> = (1..=10).map(|n| if n == 2 { None } else { Some("v") }).collect();
        let transaction = [
            said(1, "BEGIN; SET LOCAL ROLE a", &[]),
            said(1, "SELECT $1,\n -- a word\n $2, $10", &values),
            said(1, "COMMIT", &[]),
        ];
        let (script, variables) = script(&transaction, "u");
        assert_eq!(script, "\\startpipeline\nBEGIN;\nSET LOCAL ROLE a;\n\\endpipeline\nSELECT :u_1_1, NULL, :u_1_10;\nCOMMIT;\n");
        assert_eq!(variables.len(), 9);
        assert!(variables.contains(&"u_1_10=v".to_owned()));
    }

    #[test]
    fn an_element_of_an_array_keeps_its_type() {
        let values: Vec<_> = (1..=10).map(|n| (n == 1).then_some("{a}")).collect();
        let sql = "SELECT $1::text[] IS NULL OR a = $1[1], $2::uuid[] IS NULL OR b = $2[2], $10::text";
        let (script, _) = script(&[said(1, sql, &values)], "u");
        let said = "SELECT :u_0_1::text[] IS NULL OR a = (:u_0_1::text[])[1], NULL::uuid[] IS NULL OR b = (NULL::uuid[])[2], NULL::text;\n";
        assert_eq!(script, said);
    }

    #[test]
    fn an_empty_text_is_no_variable() {
        let (script, variables) = script(&[said(1, "SELECT $1", &[Some("")])], "u");
        assert_eq!((script.as_str(), variables.len()), ("SELECT '';\n", 0));
    }
}
