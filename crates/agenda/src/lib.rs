//! One calendar over what the modules publish (S0-6, U-6): pages of days, moving what stands in them, and the same days for the
//! calendar on somebody's telephone.
//!
//! The rules it protects: nobody sees here what they may not see in the module it is of; what is moved, is moved by that module.

pub mod assinatura;
pub mod mover;
pub mod pagina;
pub mod periodo;
mod samples;

use assinatura::{ics, pages};
use kernel::Permission;
use web::{Access, Module, Nav, NavPlace, PermissionInfo, Route};

pub const VER: Permission = Permission::new("agenda.agenda.ver");

/// What this crate hands to the server.
#[must_use]
pub fn module() -> Module {
    Module {
        core: true,
        routes,
        permissions: PERMISSIONS,
        nav: NAV,
        acervos: &[assinatura::titular::ACERVO],
        ..Module::named("agenda")
    }
}

const PERMISSIONS: &[PermissionInfo] = &[PermissionInfo { permission: VER, scoped: false }];

const NAV: &[Nav] =
    &[Nav { label: "agenda-title", href: "/agenda", icon: "calendar3", permission: VER, group: NavPlace::Main, create: None }];

fn routes() -> Vec<Route> {
    let needs = || Access::Needs(VER);
    vec![
        Route::get(pagina::open, needs()),
        Route::get(pagina::show, needs()).sample("/agenda/mes/2026-11-22?responsavel={usuario.outro}", ""),
        Route::post(mover::mover, needs())
            .ids(&["visita"])
            .sample("/agenda/visita/{visita}/mover?version=1&inicio=2026-11-30T09:00:00&fim=2026-11-30T10:00:00", ""),
        Route::get(pages::show, needs()),
        Route::post(pages::create, needs()).sample("/agenda/assinaturas", "alcance=minha"),
        Route::post(pages::revoke, needs())
            .ids(&["agenda_assinatura"])
            .sample("/agenda/assinaturas/{agenda_assinatura}/revogar", ""),
        // Whoever has the address reads; that they did is noted.
        Route::get(ics::show, Access::Public).audited().ids(&["calendario"]).sample("/agenda/calendarios/{calendario}", ""),
    ]
}

#[cfg(test)]
mod tests {
    use askama::Template;
    use web::frame;

    use super::*;

    fn rendered(frame: &frame::Frame) -> Vec<(String, String)> {
        fn all<T: Template>(page: &str, samples: Vec<(&'static str, T)>) -> Vec<(String, String)> {
            samples.into_iter().map(|(name, sample)| (format!("{page} {name}"), sample.render().unwrap())).collect()
        }
        [all("agenda", pagina::AgendaPage::samples(frame)), all("assinaturas", pages::AssinaturasPage::samples(frame))]
            .into_iter()
            .flatten()
            .collect()
    }

    #[test]
    fn every_page_renders_with_every_sample_in_both_languages() {
        for frame in frame::Frame::samples() {
            for (name, html) in rendered(&frame) {
                assert!(html.contains("</html>"), "{name}");
                assert!(!html.contains("<b>Aurora</b>") && !html.contains("\"><script>"), "{name}: markup came through");
            }
        }
    }

    /// All but the one that is opened by a secret.
    #[test]
    fn routes_need_the_permission_of_the_module() {
        for info in &module().route_infos() {
            let open = info.path == "/agenda/calendarios/{arquivo}";
            assert_eq!(info.access, if open { Access::Public } else { Access::Needs(VER) }, "{}", info.path);
        }
    }
}
