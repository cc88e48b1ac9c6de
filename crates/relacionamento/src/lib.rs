//! What the unidade does with its empresas: the visitas it makes to them, and what is to be done after.

mod dia;
pub mod etapa;
pub mod feriado;
pub mod setor;
pub mod tarefa;
pub mod tipo;
pub mod visita;

use messaging::NoticeKind;
use web::{Module, Nav, NavPlace, PermissionInfo, busca::Search, frame, lixeira::Trash, record::RecordTab, timeline::Timeline};

/// What this crate hands to the server.
#[must_use]
pub fn module() -> Module {
    Module {
        core: true,
        routes: || {
            [visita::pages::export::routes(), visita::pages::routes(), tarefa::pages::routes()].into_iter().flatten().collect()
        },
        api: visita::api::routes,
        openapi: Some(visita::api::openapi),
        permissions: PERMISSIONS,
        nav: NAV,
        search: SEARCH,
        tabs: TABS,
        timeline: TIMELINE,
        trash: TRASH,
        attached: &[visita::ANEXO, tarefa::ANEXO],
        acervos: &[visita::titular::ACERVO, tarefa::titular::ACERVO],
        notices: NOTICES,
        jobs: || visita::handlers().into_iter().chain(tarefa::handlers()).collect(),
        ..Module::named("relacionamento")
    }
}

static NOTICES: &[&NoticeKind] = &[&visita::NOTICE, &visita::LEMBRETE, &tarefa::NOTICE, &tarefa::PRAZO];

const PERMISSIONS: &[PermissionInfo] = &[
    PermissionInfo { permission: visita::VER, scoped: true },
    PermissionInfo { permission: visita::REGISTRAR, scoped: true },
    PermissionInfo { permission: visita::ALTERAR, scoped: true },
    PermissionInfo { permission: visita::EXCLUIR, scoped: true },
    PermissionInfo { permission: visita::EXPORTAR, scoped: true },
    PermissionInfo { permission: tarefa::VER, scoped: true },
    PermissionInfo { permission: tarefa::GERIR, scoped: true },
];

const NAV: &[Nav] = &[
    Nav { label: "meu-dia-title", href: "/meu-dia", icon: "sun", permission: tarefa::VER, group: NavPlace::Main, create: None },
    Nav {
        label: "visitas-title",
        href: "/visitas",
        icon: "calendar3",
        permission: visita::VER,
        group: NavPlace::Main,
        create: Some(("visita-new", "/visitas/nova", visita::REGISTRAR)),
    },
];

const SEARCH: &[Search] = &[Search {
    label: "visitas-title",
    icon: "calendar3",
    permission: visita::VER,
    list: "/visitas",
    find: |tx, actor, text, limit| Box::pin(visita::pages::search(tx, actor, text, limit)),
}];

const TABS: &[RecordTab] = &[
    RecordTab { entity: "empresa", label: "visitas-title", path: "/empresas/{id}/visitas", permission: visita::VER },
    RecordTab { entity: "empresa", label: "tarefas-title", path: "/empresas/{id}/tarefas", permission: tarefa::VER },
];

const TIMELINE: &[Timeline] = &[
    Timeline {
        entity: "empresa",
        kinds: visita::timeline::KINDS,
        tell: |tx, actor, frame, asked| Box::pin(visita::timeline::tell(tx, actor, frame, asked, visita::timeline::Of::Empresa)),
    },
    Timeline {
        entity: visita::ENTITY,
        kinds: visita::timeline::KINDS,
        tell: |tx, actor, frame, asked| Box::pin(visita::timeline::tell(tx, actor, frame, asked, visita::timeline::Of::Visita)),
    },
];

const TRASH: &[Trash] = &[
    Trash {
        kind: visita::ENTITY,
        label: "visitas-title",
        one: "lixeira-visita",
        icon: "calendar3",
        permission: visita::EXCLUIR,
        list: |tx, actor, limit| Box::pin(visita::excluir::trashed(tx, actor, limit)),
        restore: |tx, actor, id| {
            Box::pin(async move { Ok(visita::excluir::restaurar(tx, actor, visita::VisitaId::new(id)).await?) })
        },
    },
    Trash {
        kind: tarefa::ENTITY,
        label: "tarefas-title",
        one: "lixeira-tarefa",
        icon: "check-lg",
        permission: tarefa::GERIR,
        list: |tx, actor, limit| Box::pin(tarefa::gravar::trashed(tx, actor, limit)),
        restore: |tx, actor, id| {
            Box::pin(async move { Ok(tarefa::gravar::restaurar(tx, actor, tarefa::TarefaId::new(id)).await?) })
        },
    },
];

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::*;

    fn rendered(frame: &frame::Frame) -> Vec<(String, String)> {
        fn all<T: Template>(page: &str, samples: Vec<(&'static str, T)>) -> Vec<(String, String)> {
            samples.into_iter().map(|(name, sample)| (format!("{page} {name}"), sample.render().unwrap())).collect()
        }
        use visita::pages;
        [
            all("visitas", pages::list::VisitaListPage::samples(frame)),
            all("desatendidas", pages::desatendidas::DesatendidasPage::samples(frame)),
            all("visita", pages::show::VisitaShowPage::samples(frame)),
            all("form", pages::form::VisitaFormPage::samples(frame)),
            all("passo", pages::passo::VisitaPassoPage::samples(frame)),
            all("escolher", pages::escolher::VisitaEscolherPage::samples(frame)),
            all("empresa", pages::empresa::EmpresaVisitasPage::samples(frame)),
            all("dia", tarefa::pages::dia::MeuDiaPage::samples(frame)),
            all("tarefas", tarefa::pages::list::TarefaListPage::samples(frame)),
            all("tarefa", tarefa::pages::form::TarefaFormPage::samples(frame)),
            all("empresa tarefas", tarefa::pages::empresa::EmpresaTarefasPage::samples(frame)),
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
                assert!(!html.contains("<b>Aurora</b>") && !html.contains("\"><script>"), "{name}: markup came through");
            }
        }
    }

    #[test]
    fn routes_need_permissions_that_the_module_declares() {
        let module = module();
        let declared: Vec<_> = module.permissions.iter().map(|info| info.permission.clone()).collect();
        for info in &module.route_infos() {
            let web::Access::Needs(needed) = &info.access else { panic!("{} is open to anybody", info.path) };
            assert!(declared.contains(needed), "{} needs {needed}", info.path);
        }
    }
}
