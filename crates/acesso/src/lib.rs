//! Who somebody is in a unidade and what they may do: usuários, perfis, sessões, senhas, convites, API tokens.
//!
//! The rules it protects: nobody learns from outside whether an account exists; whoever is deactivated, signed out or
//! revoked is shut out at the next request; nobody gives away more than they hold; a unidade keeps one administrador.
//! Secrets that let somebody in are stored as hashes only.

pub mod aparelho;
pub mod aparencia;
mod api;
pub mod auditoria;
pub mod ausencia;
mod aviso;
pub mod chave;
mod cleanup;
pub mod comunicado;
pub mod configuracoes;
pub mod convite;
pub mod correio;
pub mod devolvida;
pub mod entrada;
pub mod entrar;
mod entrega;
mod excluir;
pub mod fator;
pub mod foto;
pub mod gateway;
pub mod identidade;
mod imagem;
pub mod lista;
pub mod notificacao;
pub mod parametro;
pub mod passo;
pub mod perfil;
pub mod pessoa;
mod porteiro;
mod primeiros;
mod prova;
pub mod provedor;
pub mod recuperacao;
pub mod regra;
mod restore;
mod segredo;
mod senha;
pub mod servico;
pub mod sessao;
pub mod suporte;
pub mod telefone;
mod titular;
pub mod token;
pub mod totp;
pub mod usuario;
pub mod visao;

pub use imagem::Imagem;
pub use porteiro::Porteiro;
pub use prova::ProvaError;
pub use restore::WaysIn;
pub use segredo::{InvalidSegredo, Segredo};
pub use senha::{NovaSenha, Place as HashingPlace, Senha};

use kernel::Fault;
use messaging::{Links, NoticeKind};
use web::{App, Module, PermissionInfo, Route, agenda::Layer};

/// What this crate hands to the server.
#[must_use]
pub fn module() -> Module {
    Module {
        core: true,
        routes,
        api: api::routes,
        openapi: Some(api::openapi),
        permissions: PERMISSIONS,
        nav: configuracoes::NAV,
        settings: configuracoes::SETTINGS,
        tabs: usuario::ficha::TABS,
        steps: primeiros::STEPS,
        titulares: titular::TITULARES,
        acervos: titular::ACERVOS,
        notices: NOTICES,
        calendar: CALENDAR,
        jobs: cleanup::handlers,
        schedules: cleanup::schedules,
        ..Module::named("acesso")
    }
}

fn routes() -> Vec<Route> {
    let all = [
        entrar::pages::routes(),
        entrada::pages::routes(),
        passo::pages::routes(),
        recuperacao::pages::routes(),
        recuperacao::entregar_pages::routes(),
        fator::pages::routes(),
        chave::pages::routes(),
        regra::pages::routes(),
        sessao::pages::routes(),
        convite::pages::routes(),
        convite::admin_pages::routes(),
        usuario::pages::routes(),
        foto::pages::routes(),
        configuracoes::routes(),
        identidade::pages::routes(),
        usuario::admin_pages::routes(),
        usuario::exportar_routes(),
        usuario::importar::pages::routes(),
        token::pages::routes(),
        auditoria::routes(),
        parametro::pages::routes(),
        correio::pages::routes(),
        devolvida::pages::routes(),
        gateway::pages::routes(),
        telefone::pages::routes(),
        provedor::routes(),
        pessoa::routes(),
        visao::pages::routes(),
        aparencia::pages::routes(),
        notificacao::pages::routes(),
        notificacao::preferencia_pages::routes(),
        comunicado::leitor_pages::routes(),
        comunicado::pages::routes(),
        ausencia::pages::routes(),
        comunicado::gerir_pages::routes(),
        perfil::pages::routes(),
        perfil::admin_pages::routes(),
        usuario::ficha::routes(),
        usuario::permissao::pages::routes(),
        primeiros::pages::routes(),
        servico::pages::routes(),
        suporte::pages::routes(),
    ];
    all.into_iter().flatten().collect()
}

/// Addresses for mails, from the configuration alone.
fn links(app: &App) -> Result<Links, Fault> {
    Links::new(app.config.base.as_str(), "console").map_err(|e| Fault::new("base address", e))
}

/// `%text%` with LIKE's own signs taken literally.
fn like(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

const CALENDAR: &[Layer] = &[ausencia::agenda::LAYER];

static NOTICES: &[&NoticeKind] = &[&comunicado::NOTICE, &recuperacao::NOTICE, &suporte::NOTICE];

static PERMISSIONS: &[PermissionInfo] = &[
    PermissionInfo { permission: configuracoes::VER, scoped: false },
    PermissionInfo { permission: identidade::ALTERAR, scoped: false },
    PermissionInfo { permission: usuario::VER, scoped: false },
    PermissionInfo { permission: usuario::GERIR, scoped: false },
    PermissionInfo { permission: perfil::GERIR, scoped: false },
    PermissionInfo { permission: token::GERIR, scoped: false },
    PermissionInfo { permission: auditoria::VER, scoped: false },
    PermissionInfo { permission: regra::GERIR, scoped: false },
    PermissionInfo { permission: parametro::GERIR, scoped: false },
    PermissionInfo { permission: correio::GERIR, scoped: false },
    PermissionInfo { permission: gateway::GERIR, scoped: false },
    PermissionInfo { permission: provedor::GERIR, scoped: false },
    PermissionInfo { permission: comunicado::GERIR, scoped: false },
    PermissionInfo { permission: ausencia::VER, scoped: false },
    PermissionInfo { permission: ausencia::GERIR, scoped: false },
    PermissionInfo { permission: suporte::AUTORIZAR, scoped: false },
];

#[cfg(test)]
mod tests {
    use askama::Template;
    use web::frame::Frame;

    use super::*;

    /// Every page with every sample in every frame: both languages and themes, odd names, nobody signed in.
    fn rendered() -> Vec<String> {
        Frame::samples()
            .into_iter()
            .flat_map(|frame| {
                let mut pages: Vec<Box<dyn askama::DynTemplate>> = Vec::new();
                pages.extend(entrar::pages::EntrarPage::samples(frame.clone()).into_iter().map(boxed));
                pages.extend(entrada::pages::EntradaPage::samples(frame.clone()).into_iter().map(boxed));
                pages.extend(convite::pages::ConvitePage::samples(frame.clone()).into_iter().map(boxed));
                pages.push(boxed(convite::pages::LinkOverPage::new(frame.clone())));
                pages.extend(passo::pages::samples::confirmar(&frame).into_iter().map(boxed));
                pages.extend(passo::pages::samples::cadastrar(&frame).into_iter().map(boxed));
                pages.push(boxed(passo::pages::samples::reserva(&frame)));
                pages.extend(recuperacao::pages::PedirPage::samples(&frame).into_iter().map(boxed));
                pages.extend(recuperacao::pages::RecuperarPage::samples(&frame).into_iter().map(boxed));
                pages.extend(fator::pages::SegurancaPage::samples(&frame).into_iter().map(boxed));
                pages.extend(regra::pages::RegraPage::samples(frame.clone()).into_iter().map(boxed));
                pages.extend(sessao::pages::SessoesPage::samples(&frame).into_iter().map(boxed));
                pages.extend(usuario::pages::ContaPage::samples(frame.clone()).into_iter().map(boxed));
                pages.extend(usuario::admin_pages::UsuariosPage::samples(frame.clone()).into_iter().map(boxed));
                pages.extend(usuario::importar::pages::ImportarPage::samples(&frame).into_iter().map(boxed));
                pages.extend(usuario::importar::pages::PreviaPage::samples(&frame).into_iter().map(boxed));
                pages.extend(usuario::admin_pages::ConvidarPage::samples(frame.clone()).into_iter().map(boxed));
                pages.extend(configuracoes::ConfiguracoesPage::samples(frame.clone()).into_iter().map(boxed));
                pages.extend(identidade::pages::IdentidadePage::samples(frame.clone()).into_iter().map(boxed));
                pages.extend(ausencia::pages::AusenciasPage::samples(&frame).into_iter().map(boxed));
                pages.extend(foto::pages::FotoPage::samples(frame.clone()).into_iter().map(boxed));
                pages.extend(token::pages::TokensPage::samples(frame.clone()).into_iter().map(boxed));
                pages.extend(recuperacao::entregar_pages::samples(&frame).into_iter().map(boxed));
                pages.extend(convite::admin_pages::samples(&frame).into_iter().map(boxed));
                pages.extend(excluir::ExcluirPage::samples(&frame).into_iter().map(boxed));
                pages.extend(servico::pages::ServicoFormPage::samples(&frame).into_iter().map(boxed));
                pages.extend(primeiros::pages::PrimeirosPage::samples(&frame).into_iter().map(boxed));
                pages.extend(perfil::pages::PermissaoPage::samples(&frame).into_iter().map(boxed));
                pages.extend(perfil::admin_pages::PerfisPage::samples(&frame).into_iter().map(boxed));
                pages.extend(perfil::admin_pages::PerfilNewPage::samples(&frame).into_iter().map(boxed));
                pages.extend(perfil::admin_pages::PerfilPage::samples(&frame).into_iter().map(boxed));
                pages.extend(usuario::ficha::UsuarioPage::samples(&frame).into_iter().map(boxed));
                pages.extend(usuario::ficha::UsuarioFormPage::samples(&frame).into_iter().map(boxed));
                pages.extend(usuario::permissao::pages::UsuarioPermissoesPage::samples(&frame).into_iter().map(boxed));
                pages.extend(notificacao::pages::NotificacoesPage::samples(frame.clone()).into_iter().map(boxed));
                pages.extend(notificacao::preferencia_pages::PreferenciasPage::samples(&frame).into_iter().map(boxed));
                pages.extend(notificacao::preferencia_pages::PararPage::samples(&frame).into_iter().map(boxed));
                pages.extend(comunicado::leitor_pages::samples(&frame));
                pages.extend(comunicado::pages::samples(&frame));
                pages.extend(comunicado::gerir_pages::samples(&frame));
                pages.extend(parametro::pages::ParametrosPage::samples(&frame).into_iter().map(boxed));
                pages.extend(suporte::pages::SuportePage::samples(&frame).into_iter().map(boxed));
                pages.extend(suporte::pages::PassagemPage::samples(&frame).into_iter().map(boxed));
                pages.extend(correio::pages::CorreioPage::samples(&frame).into_iter().map(boxed));
                pages.extend(devolvida::pages::DevolvidasPage::samples(&frame).into_iter().map(boxed));
                pages.extend(gateway::pages::GatewayPage::samples(&frame).into_iter().map(boxed));
                pages.extend(telefone::pages::TelefonePage::samples(&frame).into_iter().map(boxed));
                pages.extend(telefone::pages::CodigoPage::samples(&frame).into_iter().map(boxed));
                pages.extend(provedor::pages::samples::list(&frame).into_iter().map(boxed));
                pages.extend(provedor::pages::samples::form(&frame).into_iter().map(boxed));
                pages.extend(provedor::entrar_pages::AdiantePage::samples(&frame).into_iter().map(boxed));
                pages.extend(provedor::ProvedoresContaPage::samples(&frame).into_iter().map(boxed));
                pages.extend(pessoa::pages::UnidadesPage::samples(&frame).into_iter().map(boxed));
                pages.extend(pessoa::entrar_pages::PassagemPage::samples(&frame).into_iter().map(boxed));
                pages.extend(pessoa::vincular_pages::VincularPage::samples(&frame).into_iter().map(boxed));
                pages.extend(auditoria::AuditoriaPage::samples(frame).into_iter().map(boxed));
                pages
            })
            .map(|page| page.dyn_render().unwrap())
            .collect()
    }

    fn boxed(page: impl Template + 'static) -> Box<dyn askama::DynTemplate> {
        Box::new(page)
    }

    #[test]
    fn every_page_renders_in_every_frame() {
        for page in rendered() {
            assert!(page.contains("</html>"));
            assert!(
                !page.contains("<script>alert") && !page.contains("<b>senai") && !page.contains("<b>Costa"),
                "what people type is text"
            );
            assert!(!page.contains(" style=\"") && !page.contains(" onclick="), "the content security policy forbids them");
            assert!(!page.contains("/assets/missing"), "an icon or file that is not built");
        }
    }

    #[test]
    fn routes_permissions_and_schedules_are_declared() {
        let module = module();
        assert!((module.schedules)().is_ok_and(|all| all.len() == 4));
        let permissions: Vec<_> = module.permissions.iter().map(|info| info.permission.clone()).collect();
        for route in module.route_infos() {
            if let web::Access::Needs(needed) = &route.access {
                assert!(permissions.contains(needed), "{} needs {needed}, which the module does not declare", route.path);
            }
            assert_eq!(route.path.matches('{').count(), route.ids.len(), "{}", route.path);
        }
    }
}
