//! The company register that all modules share: empresas with their segmentos, the spreadsheets they come from and go to.

pub mod consulta;
pub mod contato;
pub mod documento;
pub mod empresa;
pub mod importacao;
pub mod municipio;
pub mod segmento;

// The layout's templates name the frame from the root of the crate whose page extends them.
use web::frame;
use web::{Module, Nav, NavPlace, PermissionInfo, Setting, busca::Search};

/// What this crate hands to the server.
#[must_use]
pub fn module() -> Module {
    Module {
        core: true,
        routes: || {
            [
                empresa::pages::export::routes(),
                empresa::pages::lote::routes(),
                importacao::pages::routes(),
                consulta::pages::routes(),
                empresa::pages::routes(),
                contato::pages::routes(),
                segmento::pages::routes(),
                documento::pages::routes(),
            ]
            .into_iter()
            .flatten()
            .collect()
        },
        api: || [empresa::api::routes(), documento::api::routes()].into_iter().flatten().collect(),
        openapi: Some(openapi),
        permissions: PERMISSIONS,
        nav: NAV,
        search: SEARCH,
        settings: SETTINGS,
        ..Module::named("empresas")
    }
}

fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = empresa::api::openapi();
    document.merge(documento::api::openapi());
    document
}

const PERMISSIONS: &[PermissionInfo] = &[
    PermissionInfo { permission: empresa::VER, scoped: true },
    PermissionInfo { permission: empresa::REGISTRAR, scoped: true },
    PermissionInfo { permission: empresa::ALTERAR, scoped: true },
    PermissionInfo { permission: empresa::EXCLUIR, scoped: true },
    PermissionInfo { permission: empresa::EXPORTAR, scoped: true },
    PermissionInfo { permission: empresa::CONSULTAR, scoped: false },
    PermissionInfo { permission: empresa::ADMINISTRAR, scoped: false },
    PermissionInfo { permission: importacao::IMPORTAR, scoped: false },
    PermissionInfo { permission: segmento::GERIR, scoped: false },
    PermissionInfo { permission: documento::VER, scoped: true },
    PermissionInfo { permission: documento::ENVIAR, scoped: true },
    PermissionInfo { permission: documento::EXCLUIR, scoped: true },
];

const NAV: &[Nav] = &[Nav {
    label: "empresas-title",
    href: "/empresas",
    icon: "buildings",
    permission: empresa::VER,
    group: NavPlace::Main,
    create: Some(("empresas-new", "/empresas/nova", empresa::REGISTRAR)),
}];

const SEARCH: &[Search] = &[Search {
    label: "empresas-title",
    icon: "building",
    permission: empresa::VER,
    list: "/empresas",
    find: |tx, actor, text, limit| Box::pin(empresa::pages::search(tx, actor, text, limit)),
}];

const SETTINGS: &[Setting] = &[Setting {
    title: "segmentos-title",
    text: "segmentos-sub",
    icon: "tags",
    href: "/configuracoes/segmentos",
    permission: segmento::GERIR,
}];

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::*;

    fn rendered(frame: &frame::Frame) -> Vec<(String, String)> {
        fn all<T: Template>(page: &str, samples: Vec<(&'static str, T)>) -> Vec<(String, String)> {
            samples.into_iter().map(|(name, sample)| (format!("{page} {name}"), sample.render().unwrap())).collect()
        }
        use empresa::pages;
        [
            all("list", pages::list::EmpresaListPage::samples(frame)),
            all("show", pages::show::EmpresaShowPage::samples(frame)),
            all("form", pages::form::EmpresaFormPage::samples(frame)),
            all("lote", pages::lote::LotePage::samples(frame)),
            all("delete", pages::trash::EmpresaDeletePage::samples(frame)),
            all("trash", pages::trash::EmpresaTrashPage::samples(frame)),
            all("documentos", documento::pages::DocumentosPage::samples(frame)),
            all("documento", documento::pages::DocumentoPage::samples(frame)),
            all("import", importacao::pages::ImportacaoNewPage::samples(frame)),
            all("undo", importacao::pages::desfazer::ImportacaoUndoPage::samples(frame)),
            all("contato", contato::pages::ContatoFormPage::samples(frame)),
            all("segmentos", segmento::pages::SegmentosPage::samples(frame)),
            all("segmento", segmento::pages::SegmentoPage::samples(frame)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    #[test]
    fn every_page_renders_with_every_sample_in_both_languages() {
        for frame in frame::Frame::samples() {
            for (name, html) in rendered(&frame) {
                assert!(html.contains("</html>"), "{name}");
                assert!(
                    !html.contains("<b>Aurora</b>") && !html.contains("\"><script>") && !html.contains("<Ltda>"),
                    "{name}: markup came through"
                );
            }
        }
    }

    #[test]
    fn routes_need_permissions_that_the_module_declares() {
        let module = module();
        let declared: Vec<_> = module.permissions.iter().map(|info| info.permission.clone()).collect();
        let infos = module.route_infos();
        for info in &infos {
            let web::Access::Needs(needed) = &info.access else { panic!("{} is open to anybody", info.path) };
            assert!(declared.contains(needed), "{} needs {needed}", info.path);
        }
        assert_eq!(infos.len(), 70);
    }
}
