//! Permissões as people read them: of the modules that are on, by module, with what somebody holds and where it comes from.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::{Grants, Scope};
use tenancy::Unidade;
use web::{Module, PermissionInfo, frame::Frame};

use super::Ajustes;
use crate::usuario::permissao::Ajuste;

/// What can be held in this unidade, module by module.
pub(crate) fn declared<'a>(
    modules: &'a [Module],
    unidade: &'a Unidade,
) -> impl Iterator<Item = (&'static str, &'static PermissionInfo)> + 'a {
    let on = modules.iter().filter(|module| module.core || unidade.has_module(module.name));
    on.flat_map(|module| module.permissions.iter().map(|info| (module.name, info)))
}

/// What it lets one do, in words; the code of one that no module declares any more.
pub(crate) fn name(frame: &Frame, code: &str) -> String {
    idioma::find(frame.lang, &format!("permission-{}", code.replace('.', "-"))).map_or_else(|| code.to_owned(), str::to_owned)
}

/// On what it holds, in words.
pub(crate) fn scope_name(frame: &Frame, scope: Option<Scope>, scoped: bool) -> &'static str {
    match scope {
        None => frame.t("escopo-nenhum"),
        Some(Scope::Todas) if !scoped => frame.t("escopo-sim"),
        Some(Scope::Todas) => frame.t("escopo-todas"),
        Some(Scope::Vinculadas) => frame.t("escopo-vinculadas"),
        Some(Scope::Proprias) => frame.t("escopo-proprias"),
    }
}

/// The permissões of a module.
pub(crate) struct Grupo {
    pub nome: String,
    pub linhas: Vec<Linha>,
}

/// A permissão of a perfil, as a row of choices.
pub(crate) struct Linha {
    pub code: &'static str,
    pub nome: String,
    pub cells: Vec<Cell>,
}

pub(crate) struct Cell {
    /// Empty: not held.
    pub value: &'static str,
    pub label: &'static str,
    /// `None`: it makes no sense for this permissão.
    pub choice: Option<Choice>,
}

#[derive(Clone, Copy)]
pub(crate) struct Choice {
    pub checked: bool,
    /// More than the actor holds themselves.
    pub beyond: bool,
}

/// Columns of the matrix.
pub(crate) const SCOPES: [Option<Scope>; 4] = [None, Some(Scope::Proprias), Some(Scope::Vinculadas), Some(Scope::Todas)];

/// The matrix of a perfil, as `actor` may change it.
pub(crate) fn matrix(
    frame: &Frame,
    declared: impl Iterator<Item = (&'static str, &'static PermissionInfo)>,
    held: &BTreeMap<String, Scope>,
    actor: &Grants,
) -> Vec<Grupo> {
    let mut groups: Vec<(&'static str, Grupo)> = Vec::new();
    for (module, info) in declared {
        let code = info.permission.code();
        let (now, limit) = (held.get(code).copied(), actor.scope(&info.permission));
        let cells = SCOPES.map(|scope| {
            let sensible = info.scoped || !matches!(scope, Some(Scope::Proprias | Scope::Vinculadas));
            let choice = Choice { checked: now == scope, beyond: scope > limit };
            Cell {
                value: scope.map_or("", Scope::code),
                label: scope_name(frame, scope, info.scoped),
                choice: (sensible || now == scope).then_some(choice),
            }
        });
        let linha = Linha { code: info.permission.code(), nome: name(frame, code), cells: cells.into() };
        push(&mut groups, module, frame, linha);
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn push(groups: &mut Vec<(&'static str, Grupo)>, module: &'static str, frame: &Frame, linha: Linha) {
    if groups.last().is_none_or(|(last, _)| *last != module) {
        groups.push((module, Grupo { nome: module_name(frame, module), linhas: Vec::new() }));
    }
    if let Some((_, group)) = groups.last_mut() {
        group.linhas.push(linha);
    }
}

pub(crate) fn module_name(frame: &Frame, module: &str) -> String {
    idioma::find(frame.lang, &format!("module-{module}")).map_or_else(|| module.to_owned(), str::to_owned)
}

/// A permissão of one usuario with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Direito {
    pub code: &'static str,
    pub module: &'static str,
    pub scoped: bool,
    /// What is in effect.
    pub held: Option<Scope>,
    /// What the perfil alone gives; everything for an administrador.
    pub do_perfil: Option<Scope>,
    /// What was decided for this person, also when its time is over.
    pub ajuste: Option<Ajuste>,
}

impl Direito {
    /// Whether the ajuste counts at `now`.
    pub(crate) fn is_adjusted(&self, now: DateTime<Utc>) -> bool {
        self.ajuste.as_ref().is_some_and(|ajuste| ajuste.counts(now))
    }

    /// Where it comes from, or why it is missing, in words.
    pub(crate) fn why(&self, frame: &Frame, perfil: &super::Perfil) -> Vec<String> {
        let mut said = Vec::new();
        let by_perfil = scope_name(frame, self.do_perfil, self.scoped);
        let args = [("nome", perfil.nome.as_str().into()), ("escopo", by_perfil.into())];
        said.push(match (perfil.administrador, self.do_perfil) {
            (true, _) => frame.t_with("fonte-administrador", &args[..1]),
            (false, Some(_)) => frame.t_with("fonte-perfil", &args),
            (false, None) => frame.t_with("fonte-perfil-nao", &args[..1]),
        });
        if let Some(ajuste) = self.ajuste.as_ref().filter(|_| !perfil.administrador) {
            let until = ajuste.expires_at.map(|at| frame.datetime(at)).unwrap_or_default();
            let what = scope_name(frame, ajuste.escopo, self.scoped);
            let args =
                [("nome", ajuste.created_by_nome.as_str().into()), ("escopo", what.into()), ("ate", until.as_str().into())];
            said.push(match (ajuste.counts(frame.now), ajuste.escopo, ajuste.expires_at) {
                (false, ..) => frame.t_with("fonte-vencida", &args),
                (true, Some(_), None) => frame.t_with("fonte-concessao", &args),
                (true, Some(_), Some(_)) => frame.t_with("fonte-concessao-ate", &args),
                (true, None, None) => frame.t_with("fonte-revogacao", &args),
                (true, None, Some(_)) => frame.t_with("fonte-revogacao-ate", &args),
            });
        }
        if self.held == Some(Scope::Vinculadas) {
            said.push(frame.t("fonte-vinculo").to_owned());
        }
        said
    }
}

/// Everything that can be held, with what one usuario holds of it.
pub(crate) fn direitos(
    declared: impl Iterator<Item = (&'static str, &'static PermissionInfo)>,
    perfil: &super::Perfil,
    ajustes: &[Ajuste],
    now: DateTime<Utc>,
) -> Vec<Direito> {
    let counting: Ajustes =
        ajustes.iter().filter(|ajuste| ajuste.counts(now)).map(|ajuste| (ajuste.permissao.clone(), ajuste.escopo)).collect();
    let (alone, all) = (perfil.grants(), super::grants(perfil.administrador, perfil.permissoes.clone(), counting));
    let of = |(module, info): (&'static str, &'static PermissionInfo)| Direito {
        code: info.permission.code(),
        module,
        scoped: info.scoped,
        held: all.scope(&info.permission),
        do_perfil: alone.scope(&info.permission),
        ajuste: ajustes.iter().find(|ajuste| ajuste.permissao == info.permission.code()).cloned(),
    };
    declared.map(of).collect()
}
