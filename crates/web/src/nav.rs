//! The sidebar, derived from what the modules declare and what the actor may do.

use idioma::t;
use kernel::{Actor, Lang};
use tenancy::Unidade;

use crate::{
    Module,
    frame::{Action, NavGroup, NavItem},
    module::{Nav, NavPlace},
};

fn entries<'a>(modules: &'a [Module], unidade: &'a Unidade, actor: &'a Actor) -> impl Iterator<Item = &'a Nav> {
    modules
        .iter()
        .filter(|module| module.core || unidade.has_module(module.name))
        .flat_map(|module| module.nav)
        .filter(|nav| actor.may(&nav.permission))
}

pub(crate) fn groups(modules: &[Module], unidade: &Unidade, actor: &Actor, lang: Lang) -> Vec<NavGroup> {
    [(NavPlace::Main, None), (NavPlace::Modules, Some("nav-modules")), (NavPlace::Management, Some("nav-management"))]
        .into_iter()
        .filter_map(|(place, label)| {
            let items: Vec<NavItem> = entries(modules, unidade, actor)
                .filter(|nav| nav.group == place)
                .map(|nav| NavItem::new(t(lang, nav.label), nav.href, nav.icon))
                .collect();
            (!items.is_empty()).then(|| match label {
                Some(label) => NavGroup::new(t(lang, label), items),
                None => NavGroup::unnamed(items),
            })
        })
        .collect()
}

pub(crate) fn create(modules: &[Module], unidade: &Unidade, actor: &Actor, lang: Lang) -> Vec<Action> {
    entries(modules, unidade, actor)
        .filter_map(|nav| {
            let (label, href, permission) = nav.create.as_ref()?;
            actor.may(permission).then(|| Action::link(t(lang, label), *href, nav.icon))
        })
        .collect()
}
