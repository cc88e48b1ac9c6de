//! The company register that all modules share: empresas with their segmentos, the spreadsheets they come from and go to.

mod andamento;
pub mod cnae;
pub mod consulta;
pub mod contato;
pub mod documento;
pub mod duplicada;
pub mod empresa;
pub mod etiqueta;
pub mod exportacao;
pub mod importacao;
mod lixeira;
pub mod mescla;
pub mod municipio;
pub mod reconsulta;
pub mod segmento;
mod titular;
pub mod vinculo;

// The layout's templates name the frame from the root of the crate whose page extends them.
use messaging::NoticeKind;
use web::frame;
use web::{Module, Nav, NavPlace, PermissionInfo, Setting, busca::Search, record::RecordTab, timeline::Timeline, vocabulary};

/// What this crate hands to the server.
#[must_use]
pub fn module() -> Module {
    Module {
        core: true,
        routes: || {
            [
                empresa::pages::export::routes(),
                empresa::pages::lote::routes(),
                duplicada::pages::routes(),
                mescla::pages::routes(),
                importacao::pages::routes(),
                exportacao::pages::routes(),
                reconsulta::pages::routes(),
                empresa::pages::exportar::routes(),
                consulta::pages::routes(),
                empresa::pages::routes(),
                contato::pages::routes(),
                vocabulary::routes::<segmento::Segmentos>(),
                vocabulary::routes::<etiqueta::Etiquetas>(),
                etiqueta::pages::routes(),
                cnae::pages::routes(),
                documento::pages::routes(),
                vinculo::pages::routes(),
            ]
            .into_iter()
            .flatten()
            .collect()
        },
        api: || {
            [
                empresa::api::routes(),
                documento::api::routes(),
                contato::api::routes(),
                duplicada::api::routes(),
                mescla::api::routes(),
                consulta::api::routes(),
            ]
            .into_iter()
            .flatten()
            .collect()
        },
        openapi: Some(openapi),
        permissions: PERMISSIONS,
        nav: NAV,
        search: SEARCH,
        trash: lixeira::TRASH,
        steps: STEPS,
        tabs: TABS,
        timeline: TIMELINE,
        settings: SETTINGS,
        attached: mescla::ANEXOS,
        titulares: titular::TITULARES,
        acervos: titular::ACERVOS,
        notices: NOTICES,
        jobs: || importacao::handlers().into_iter().chain(duplicada::handlers()).collect(),
        schedules: || {
            Ok([duplicada::schedules()?, exportacao::schedules()?, reconsulta::schedules()?].into_iter().flatten().collect())
        },
        ..Module::named("empresas")
    }
}

fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = empresa::api::openapi();
    document.merge(documento::api::openapi());
    document.merge(contato::api::openapi());
    document.merge(mescla::api::openapi());
    document.merge(consulta::api::openapi());
    document
}

static NOTICES: &[&NoticeKind] = &[&importacao::NOTICE, &exportacao::NOTICE, &reconsulta::NOTICE, &reconsulta::CHANGED];

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
    PermissionInfo { permission: segmento::EXCLUIR, scoped: false },
    PermissionInfo { permission: etiqueta::GERIR, scoped: false },
    PermissionInfo { permission: documento::VER, scoped: true },
    PermissionInfo { permission: documento::ENVIAR, scoped: true },
    PermissionInfo { permission: documento::EXCLUIR, scoped: true },
    PermissionInfo { permission: vinculo::GERIR, scoped: false },
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

const fn tab(label: &'static str, path: &'static str, permission: kernel::Permission) -> RecordTab {
    RecordTab { entity: empresa::pages::header::ENTITY, label, path, permission }
}

const TABS: &[RecordTab] = &[
    tab("empresa-tab-geral", "/empresas/{id}", empresa::VER),
    tab("timeline-title", "/empresas/{id}/linha-do-tempo", empresa::VER),
    tab("contatos-title", "/empresas/{id}/contatos", empresa::VER),
    tab("documentos-title", "/empresas/{id}/documentos", documento::VER),
    tab("empresa-tab-mapa", "/empresas/{id}/mapa", empresa::VER),
    tab("auditoria-title", "/empresas/{id}/auditoria", acesso::auditoria::VER),
    RecordTab {
        entity: acesso::usuario::ficha::ENTITY,
        label: "vinculos-title",
        path: "/configuracoes/usuarios/{id}/empresas",
        permission: vinculo::GERIR,
    },
];

const TIMELINE: &[Timeline] = &[Timeline {
    entity: empresa::pages::header::ENTITY,
    kinds: empresa::timeline::KINDS,
    tell: |tx, actor, frame, asked| Box::pin(empresa::timeline::tell(tx, actor, frame, asked)),
}];

const STEPS: &[web::Step] = &[
    web::Step {
        title: "step-empresas",
        text: "step-empresas-text",
        icon: "upload",
        href: "/empresas/importar",
        permission: importacao::IMPORTAR,
        done: |tx| Box::pin(empresa::sql::any(tx)),
    },
    web::Step {
        title: "step-responsaveis",
        text: "step-responsaveis-text",
        icon: "people",
        href: "/empresas?responsavel=nenhum",
        permission: empresa::ALTERAR,
        done: |tx| Box::pin(empresa::sql::any_with_responsavel(tx)),
    },
    web::Step {
        title: "step-segmentos",
        text: "step-segmentos-text",
        icon: "tags",
        href: "/configuracoes/segmentos",
        permission: segmento::GERIR,
        done: |tx| Box::pin(empresa::sql::any_with_segmento(tx)),
    },
];

const SETTINGS: &[Setting] = &[
    Setting {
        title: "segmentos-title",
        text: "segmentos-sub",
        icon: "tags",
        href: "/configuracoes/segmentos",
        permission: segmento::GERIR,
    },
    Setting {
        title: "etiquetas-title",
        text: "etiquetas-sub",
        icon: "bookmark",
        href: "/configuracoes/etiquetas",
        permission: etiqueta::GERIR,
    },
    Setting { title: "cnaes-title", text: "cnaes-sub", icon: "layers", href: "/configuracoes/cnaes", permission: empresa::VER },
];

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
            all("timeline", pages::timeline::TimelinePage::samples(frame)),
            all("mapa", pages::mapa::MapaPage::samples(frame)),
            all("auditoria", pages::auditoria::EmpresaAuditoriaPage::samples(frame)),
            all("campo", pages::campo::CampoPage::samples(frame)),
            all("form", pages::form::EmpresaFormPage::samples(frame)),
            all("lote", pages::lote::LotePage::samples(frame)),
            all("duplicadas", duplicada::pages::DuplicadasPage::samples(frame)),
            all("mesclar", mescla::pages::MesclaFormPage::samples(frame)),
            all("mesclar com", mescla::pages::MesclaEscolherPage::samples(frame)),
            all("mescla", mescla::pages::MesclaPage::samples(frame)),
            all("delete", pages::trash::EmpresaDeletePage::samples(frame)),
            all("documentos", documento::pages::DocumentosPage::samples(frame)),
            all("documento", documento::pages::DocumentoPage::samples(frame)),
            all("import", importacao::pages::ImportacaoNewPage::samples(frame)),
            all("exportacoes", exportacao::pages::ExportacoesPage::samples(frame)),
            all("exportar", pages::exportar::ExportarPage::samples(frame)),
            all("exportacao", exportacao::pages::ExportacaoPage::samples(frame)),
            all("reconsultas", reconsulta::pages::ReconsultasPage::samples(frame)),
            all("reconsulta", reconsulta::pages::ReconsultaPage::samples(frame)),
            all("undo", importacao::pages::desfazer::ImportacaoUndoPage::samples(frame)),
            all("contato", contato::pages::ContatoFormPage::samples(frame)),
            all("contatos", contato::pages::ContatosPage::samples(frame)),
            all("segmentos", vocabulary::TermsPage::samples::<segmento::Segmentos>(frame)),
            all("segmento", vocabulary::TermPage::samples::<segmento::Segmentos>(frame)),
            all("etiquetas", vocabulary::TermsPage::samples::<etiqueta::Etiquetas>(frame)),
            all("etiqueta", vocabulary::TermPage::samples::<etiqueta::Etiquetas>(frame)),
            all("cnaes", cnae::pages::CnaesPage::samples(frame)),
            all("vinculos", vinculo::pages::VinculosPage::samples(frame)),
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
        let mut declared: Vec<_> = module.permissions.iter().map(|info| info.permission.clone()).collect();
        // Of a floor below: who may read the trail.
        declared.push(acesso::auditoria::VER);
        let infos = module.route_infos();
        for info in &infos {
            let web::Access::Needs(needed) = &info.access else { panic!("{} is open to anybody", info.path) };
            assert!(declared.contains(needed), "{} needs {needed}", info.path);
        }
        assert_eq!(infos.len(), 137);
    }
}
