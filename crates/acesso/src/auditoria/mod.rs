//! `/configuracoes/auditoria`: who did what, when, from where (S0-2.17 to S0-2.21, S0-13). Rows are written by every command of
//! every module and can only be read here; a chain over them shows whether that is so (`tenancy::trail`).

mod exportar;
pub(crate) mod jobs;
mod pages;
mod sql;

use chrono::{DateTime, Utc};
use kernel::Permission;
use serde_json::Value;
use tenancy::Parametro;
use web::{Route, frame::Frame};

#[cfg(test)]
pub(crate) use pages::AuditoriaPage;
pub use pages::AuditoriaPath;
pub use sql::{Filtro, Linha, list, of_record};

/// May read the trail of the whole unidade, and take it away as a file.
pub const VER: Permission = Permission::new("acesso.auditoria.ver");

/// Records of access: who came and went, and who could not come in. They alone go when their time is over.
pub const ACCESS: [&str; 8] = [
    "acesso.codigo_recusado",
    "acesso.entrada_recusada",
    "acesso.entrou",
    "acesso.reserva_usada",
    "acesso.saiu",
    "acesso.sessao_encerrada",
    "acesso.sessoes_encerradas",
    "acesso.tentativas_esgotadas",
];

/// For how many months records of access are kept: six at least (Marco Civil da Internet, Lei 12.965/2014, art. 15).
pub const GUARDA: Parametro = Parametro { nome: "guarda_acessos_meses", default: 12, min: 6, max: 120 };

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = pages::routes();
    routes.extend(exportar::routes());
    routes
}

/// One changed field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub before: String,
    pub after: String,
}

/// A row of the trail as a page prints it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub at: DateTime<Utc>,
    pub actor: String,
    /// In the words of the catalogue.
    pub action: String,
    pub ip: String,
    pub fields: Vec<Field>,
    pub user_agent: String,
    pub request_id: String,
}

impl Row {
    #[must_use]
    pub fn new(frame: &Frame, linha: Linha) -> Self {
        let nobody = || frame.t("audit-nobody").to_owned();
        Self {
            at: linha.at,
            actor: if linha.actor_nome.is_empty() { nobody() } else { linha.actor_nome },
            action: word(frame, &linha.action),
            ip: linha.ip.map_or_else(|| "—".to_owned(), |ip| ip.to_string()),
            fields: fields(linha.before.as_ref(), linha.after.as_ref()),
            user_agent: linha.user_agent.unwrap_or_default(),
            request_id: linha.request_id.map(|id| id.to_string()).unwrap_or_default(),
        }
    }
}

/// The catalogue's words for an action, or its code where a module has none.
#[must_use]
pub fn word(frame: &Frame, action: &str) -> String {
    of_family(frame, "audit-", action)
}

/// The catalogue's words for a kind of record.
fn kind_of_record(frame: &Frame, entity: &str) -> String {
    of_family(frame, "audit-entity-", entity)
}

fn of_family(frame: &Frame, family: &str, code: &str) -> String {
    idioma::find(frame.lang, &format!("{family}{}", code.replace(['.', '_'], "-"))).map_or_else(|| code.to_owned(), str::to_owned)
}

/// Both sides of every field that either names, in the order in which they were written.
fn fields(before: Option<&Value>, after: Option<&Value>) -> Vec<Field> {
    let side = |value: Option<&Value>, name: &str| match value.and_then(|v| v.get(name)) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let names = |value: Option<&Value>| {
        value.and_then(Value::as_object).map(|o| o.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
    };
    let mut all = names(before);
    all.extend(names(after).into_iter().filter(|name| before.is_none_or(|b| b.get(name).is_none())));
    all.into_iter().map(|name| Field { before: side(before, &name), after: side(after, &name), name }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn records_of_access_are_kept_as_long_as_the_law_asks() {
        assert_eq!(GUARDA.min, i64::from(tenancy::trail::LEAST_MONTHS));
        assert!(GUARDA.accepts(GUARDA.default) && !GUARDA.accepts(5));
    }

    #[test]
    fn every_changed_field_is_shown_once_with_both_sides() {
        let shown = fields(Some(&json!({ "a": "1", "b": null })), Some(&json!({ "a": "2", "c": true })));
        let shown: Vec<_> = shown.iter().map(|f| (f.name.as_str(), f.before.as_str(), f.after.as_str())).collect();
        assert_eq!(shown, [("a", "1", "2"), ("b", "", ""), ("c", "", "true")]);
        assert!(fields(None, None).is_empty());
    }
}
