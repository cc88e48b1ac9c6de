//! O perfil: a named set of permissões. A unidade begins with the presets of the product (D-3) and changes them as it likes; a
//! usuario has one, and may be given or denied single permissões beside it.
//!
//! The rules it protects: nobody gives away more than they hold, and nobody changes a perfil that holds more than they do; the
//! perfis that hold everything are what they are.

pub mod admin_pages;
mod gravar;
pub(crate) mod matriz;
pub mod pages;
pub mod preset;
mod sql;

use std::collections::BTreeMap;

use kernel::{Actor, Entity, Fault, Grants, Id, Permission, Scope, Texto};
use tenancy::TenantTx;

pub(crate) use gravar::may_define;
pub use gravar::{Dados, Origem, PerfilError, alterar, criar, excluir, restaurar};
pub(crate) use sql::{administrador, find_grants, grants_of, most_of, of_usuario};
pub use sql::{administradores, find, holders, list};

/// May make and change perfis, and give or deny single permissões.
pub const GERIR: Permission = Permission::new("acesso.perfil.gerir");

#[derive(Debug)]
pub enum PerfilEntity {}
impl Entity for PerfilEntity {
    const NAME: &'static str = "perfil";
}
pub type PerfilId = Id<PerfilEntity>;

/// What a perfil is called.
pub type Nome = Texto<60>;
/// Whom a perfil is for.
pub type Descricao = Texto<300>;

/// A perfil with what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Perfil {
    pub id: PerfilId,
    pub nome: String,
    pub descricao: Option<String>,
    /// Of the preset it came from.
    pub key: Option<String>,
    /// Holds everything, whatever `permissoes` says.
    pub administrador: bool,
    pub permissoes: BTreeMap<String, Scope>,
    pub version: i32,
    /// How many usuários have it, the deactivated included.
    pub usuarios: i64,
}

impl Perfil {
    /// What an actor with this perfil holds.
    #[must_use]
    pub fn grants(&self) -> Grants {
        grants(self.administrador, self.permissoes.clone(), BTreeMap::new())
    }

    /// The preset it came from.
    #[must_use]
    pub fn preset(&self) -> Option<&'static preset::Preset> {
        self.key.as_deref().and_then(preset::Preset::find)
    }

    /// Whether the unidade changed what the preset holds.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.preset().is_some_and(|preset| !preset.administrador && preset.permissoes() != self.permissoes)
    }
}

/// What one usuario is given or denied (`None`) whatever their perfil says.
pub type Ajustes = BTreeMap<String, Option<Scope>>;

/// The rights in effect: a revogação takes a permissão away, a concessão adds one or makes it wider. Whoever holds everything
/// keeps it, so that a unidade cannot shut itself out.
#[must_use]
pub fn grants(administrador: bool, permissoes: BTreeMap<String, Scope>, ajustes: Ajustes) -> Grants {
    if administrador {
        return Grants::everything();
    }
    let mut held: Grants = permissoes.into_iter().filter(|(code, _)| ajustes.get(code) != Some(&None)).collect();
    for (code, scope) in ajustes {
        if let Some(scope) = scope {
            held.add(code, scope);
        }
    }
    held
}

/// What an actor may give away: of a person no more than they hold for good, so that nothing outlasts the day on which theirs ends.
pub(crate) async fn lasting(tx: &mut TenantTx, actor: &Actor) -> Result<Grants, Fault> {
    match crate::usuario::of(actor) {
        Some(own) => sql::lasting_of(tx, own).await,
        None => Ok(actor.grants.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::{preset::PRESETS, *};

    fn held(key: &str, ajustes: &[(&str, Option<Scope>)]) -> Grants {
        let preset = preset::Preset::find(key).unwrap();
        let ajustes = ajustes.iter().map(|(code, scope)| ((*code).to_owned(), *scope)).collect();
        grants(preset.administrador, preset.permissoes(), ajustes)
    }

    /// S3-1.8.
    #[test]
    fn a_revogacao_takes_and_a_concessao_adds() {
        let (ver, alterar) = (Permission::new("empresas.empresa.ver"), Permission::new("empresas.empresa.alterar"));
        let leitor = held("leitor", &[(ver.code(), None), (alterar.code(), Some(Scope::Proprias))]);
        assert_eq!((leitor.scope(&ver), leitor.scope(&alterar)), (None, Some(Scope::Proprias)));
        let wider = held("atendente", &[(ver.code(), Some(Scope::Todas))]);
        assert_eq!((wider.scope(&ver), wider.scope(&alterar)), (Some(Scope::Todas), Some(Scope::Proprias)));
        let narrower = held("leitor", &[(ver.code(), Some(Scope::Proprias))]);
        assert_eq!(narrower.scope(&ver), Some(Scope::Todas), "a concessão takes nothing away");
        assert_eq!(held("adm", &[(ver.code(), None)]).scope(&ver), Some(Scope::Todas));
    }

    /// S1-3.4 to S1-3.10: what one flag says changes nothing of the others.
    #[test]
    fn the_six_flags_of_a_restrito_are_independent() {
        let flags = [
            "agendamentos.cliente.cadastrar",
            "agendamentos.funcionario.cadastrar",
            "agendamentos.cargo.cadastrar",
            "agendamentos.agendamento.registrar",
            "agendamentos.agendamento.ver",
            "agendamentos.relatorio.ver",
        ];
        for combination in 0..64_u32 {
            let on = |i: usize| combination & (1 << i) != 0;
            let given: Vec<_> = (0..6).filter(|&i| on(i)).map(|i| (flags[i], Some(Scope::Todas))).collect();
            let restrito = held("restrito", &given);
            // The other way round: what a Master is denied.
            let denied: Vec<_> = (0..6).filter(|&i| !on(i)).map(|i| (flags[i], None)).collect();
            let master = held("master", &denied);
            for (i, flag) in flags.into_iter().enumerate() {
                assert_eq!(restrito.scope(&Permission::new(flag)).is_some(), on(i), "{combination:06b} {flag}");
                assert_eq!(master.scope(&Permission::new(flag)).is_some(), on(i), "{combination:06b} {flag}");
            }
        }
    }

    #[test]
    fn presets_have_names_and_keys_of_their_own() {
        assert_eq!(PRESETS.len(), 11);
        for (i, preset) in PRESETS.iter().enumerate() {
            assert!(PRESETS[..i].iter().all(|other| other.key != preset.key && other.nome != preset.nome), "{}", preset.key);
            assert!(preset.nome.parse::<Nome>().is_ok());
            assert!(!preset.administrador || preset.permissoes().is_empty());
        }
    }
}
