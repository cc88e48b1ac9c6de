//! What the unidade does with its empresas: the visitas it makes to them, and what is to be done after.

mod busca;
pub mod demanda;
pub mod demonstracao;
pub mod distribuicao;
mod escolher;
pub mod etapa;
pub mod feriado;
pub mod historico;
pub mod json;
pub mod projeto;
pub mod setor;
mod tally;
pub mod tarefa;
pub mod tipo;
mod trail;
pub mod visita;

use messaging::NoticeKind;
use web::{
    Module, Nav, NavPlace, PermissionInfo, Setting, agenda::Layer, busca::Search, frame, lixeira::Trash, record::RecordTab,
    timeline::Timeline, vocabulary,
};

/// What this crate hands to the server.
#[must_use]
pub fn module() -> Module {
    Module {
        core: true,
        routes: || {
            let all = [
                visita::pages::export::routes(),
                visita::pages::routes(),
                demanda::pages::export::routes(),
                demanda::pages::routes(),
                projeto::pages::routes(),
                vocabulary::routes::<tipo::Tipos>(),
                vocabulary::routes::<etapa::Etapas>(),
                vocabulary::routes::<setor::Setores>(),
                feriado::pages::routes(),
                distribuicao::pages::routes(),
                tarefa::pages::routes(),
                historico::pages::routes(),
            ];
            all.into_iter().flatten().collect()
        },
        api: || {
            let all = [visita::api::routes(), demanda::api::routes(), projeto::api::routes(), tarefa::api::routes()];
            all.into_iter().flatten().collect()
        },
        openapi: Some(|| {
            let mut all = visita::api::openapi();
            all.merge(demanda::api::openapi());
            all.merge(projeto::api::openapi());
            all.merge(tarefa::api::openapi());
            all
        }),
        permissions: PERMISSIONS,
        nav: NAV,
        search: SEARCH,
        calendar: CALENDAR,
        tabs: TABS,
        timeline: TIMELINE,
        trash: TRASH,
        settings: SETTINGS,
        attached: &[visita::ANEXO, demanda::ANEXO, tarefa::ANEXO],
        acervos: &[
            visita::titular::ACERVO,
            demanda::titular::ACERVO,
            projeto::titular::ACERVO,
            tarefa::titular::ACERVO,
            historico::titular::ACERVO,
        ],
        notices: NOTICES,
        jobs: || {
            let all = [visita::handlers(), demanda::handlers(), tarefa::handlers(), historico::handlers()];
            all.into_iter().flatten().collect()
        },
        schedules: historico::schedules,
        ..Module::named("relacionamento")
    }
}

static NOTICES: &[&NoticeKind] =
    &[&visita::NOTICE, &visita::LEMBRETE, &demanda::NOTICE, &demanda::PRAZO, &tarefa::NOTICE, &tarefa::PRAZO];

const PERMISSIONS: &[PermissionInfo] = &[
    PermissionInfo { permission: visita::VER, scoped: true },
    PermissionInfo { permission: visita::REGISTRAR, scoped: true },
    PermissionInfo { permission: visita::ALTERAR, scoped: true },
    PermissionInfo { permission: visita::EXCLUIR, scoped: true },
    PermissionInfo { permission: visita::EXPORTAR, scoped: true },
    PermissionInfo { permission: demanda::VER, scoped: true },
    PermissionInfo { permission: demanda::REGISTRAR, scoped: true },
    PermissionInfo { permission: demanda::ALTERAR, scoped: true },
    PermissionInfo { permission: demanda::EXCLUIR, scoped: true },
    PermissionInfo { permission: demanda::EXPORTAR, scoped: true },
    PermissionInfo { permission: projeto::VER, scoped: true },
    PermissionInfo { permission: projeto::ALTERAR, scoped: true },
    PermissionInfo { permission: projeto::EXCLUIR, scoped: true },
    PermissionInfo { permission: tarefa::VER, scoped: true },
    PermissionInfo { permission: tarefa::GERIR, scoped: true },
    PermissionInfo { permission: tipo::GERIR, scoped: false },
    PermissionInfo { permission: etapa::GERIR, scoped: false },
    PermissionInfo { permission: setor::GERIR, scoped: false },
    PermissionInfo { permission: feriado::GERIR, scoped: false },
    PermissionInfo { permission: distribuicao::GERIR, scoped: false },
    PermissionInfo { permission: historico::IMPORTAR, scoped: false },
];

const SETTINGS: &[Setting] = &[
    Setting { title: "tipos-title", text: "tipos-sub", icon: "inbox", href: "/configuracoes/tipos", permission: tipo::GERIR },
    Setting {
        title: "etapas-title",
        text: "etapas-sub",
        icon: "kanban",
        href: "/configuracoes/etapas",
        permission: etapa::GERIR,
    },
    Setting {
        title: "setores-title",
        text: "setores-sub",
        icon: "diagram-3",
        href: "/configuracoes/setores",
        permission: setor::GERIR,
    },
    Setting {
        title: "feriados-title",
        text: "feriados-sub",
        icon: "sun",
        href: "/configuracoes/feriados",
        permission: feriado::GERIR,
    },
    Setting {
        title: "distribuicao-title",
        text: "distribuicao-sub",
        icon: "person-check",
        href: "/configuracoes/distribuicao",
        permission: distribuicao::GERIR,
    },
];

const NAV: &[Nav] = &[
    Nav { label: "meu-dia-title", href: "/meu-dia", icon: "sun", permission: tarefa::VER, group: NavPlace::Main, create: None },
    Nav {
        label: "visitas-title",
        href: "/visitas",
        icon: "geo-alt",
        permission: visita::VER,
        group: NavPlace::Main,
        create: Some(("visita-new", "/visitas/nova", visita::REGISTRAR)),
    },
    Nav {
        label: "demandas-title",
        href: "/demandas",
        icon: "inbox",
        permission: demanda::VER,
        group: NavPlace::Main,
        create: Some(("demanda-new", "/demandas/nova", demanda::REGISTRAR)),
    },
    Nav {
        label: "projetos-title",
        href: "/projetos",
        icon: "briefcase",
        permission: projeto::VER,
        group: NavPlace::Main,
        create: None,
    },
];

const SEARCH: &[Search] = &[
    Search {
        label: "visitas-title",
        icon: "geo-alt",
        permission: visita::VER,
        list: "/visitas",
        find: |tx, actor, text, limit| Box::pin(visita::pages::search(tx, actor, text, limit)),
    },
    Search {
        label: "demandas-title",
        icon: "inbox",
        permission: demanda::VER,
        list: "/demandas",
        find: |tx, actor, text, limit| Box::pin(demanda::pages::search(tx, actor, text, limit)),
    },
    Search {
        label: "projetos-title",
        icon: "briefcase",
        permission: projeto::VER,
        list: "/projetos",
        find: |tx, actor, text, limit| Box::pin(projeto::pages::search(tx, actor, text, limit)),
    },
];

const CALENDAR: &[Layer] = &[visita::agenda::LAYER, demanda::agenda::LAYER, tarefa::agenda::LAYER, feriado::agenda::LAYER];

const TABS: &[RecordTab] = &[
    RecordTab { entity: "empresa", label: "visitas-title", path: "/empresas/{id}/visitas", permission: visita::VER },
    RecordTab { entity: "empresa", label: "demandas-title", path: "/empresas/{id}/demandas", permission: demanda::VER },
    RecordTab { entity: "empresa", label: "projetos-title", path: "/empresas/{id}/projetos", permission: projeto::VER },
    RecordTab { entity: "empresa", label: "tarefas-title", path: "/empresas/{id}/tarefas", permission: tarefa::VER },
];

const TIMELINE: &[Timeline] = &[
    Timeline {
        entity: "empresa",
        kinds: visita::timeline::KINDS,
        tell: |tx, actor, frame, asked| Box::pin(visita::timeline::tell(tx, actor, frame, asked, visita::timeline::Of::Empresa)),
    },
    Timeline {
        entity: "empresa",
        kinds: demanda::timeline::KINDS,
        tell: |tx, actor, frame, asked| {
            Box::pin(demanda::timeline::tell(tx, actor, frame, asked, demanda::timeline::Of::Empresa))
        },
    },
    Timeline {
        entity: demanda::ENTITY,
        kinds: demanda::timeline::KINDS,
        tell: |tx, actor, frame, asked| {
            Box::pin(demanda::timeline::tell(tx, actor, frame, asked, demanda::timeline::Of::Demanda))
        },
    },
    Timeline {
        entity: "empresa",
        kinds: projeto::timeline::KINDS,
        tell: |tx, actor, frame, asked| Box::pin(projeto::timeline::tell(tx, actor, frame, asked, true)),
    },
    Timeline {
        entity: projeto::ENTITY,
        kinds: projeto::timeline::KINDS,
        tell: |tx, actor, frame, asked| Box::pin(projeto::timeline::tell(tx, actor, frame, asked, false)),
    },
    Timeline {
        entity: visita::ENTITY,
        kinds: visita::timeline::KINDS,
        tell: |tx, actor, frame, asked| Box::pin(visita::timeline::tell(tx, actor, frame, asked, visita::timeline::Of::Visita)),
    },
];

const TRASH: &[Trash] = &[
    Trash {
        kind: demanda::ENTITY,
        label: "demandas-title",
        one: "lixeira-demanda",
        icon: "inbox",
        permission: demanda::EXCLUIR,
        list: |tx, actor, limit| Box::pin(demanda::excluir::trashed(tx, actor, limit)),
        restore: |tx, actor, id| {
            Box::pin(async move { Ok(demanda::excluir::restaurar(tx, actor, demanda::DemandaId::new(id)).await?) })
        },
    },
    Trash {
        kind: projeto::ENTITY,
        label: "projetos-title",
        one: "lixeira-projeto",
        icon: "briefcase",
        permission: projeto::EXCLUIR,
        list: |tx, actor, limit| Box::pin(projeto::excluir::trashed(tx, actor, limit)),
        restore: |tx, actor, id| {
            Box::pin(async move { Ok(projeto::excluir::restaurar(tx, actor, projeto::ProjetoId::new(id)).await?) })
        },
    },
    Trash {
        kind: visita::ENTITY,
        label: "visitas-title",
        one: "lixeira-visita",
        icon: "geo-alt",
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
        use {demanda::pages as demandas, projeto::pages as projetos};
        [
            all("visitas", pages::list::VisitaListPage::samples(frame)),
            all("desatendidas", pages::desatendidas::DesatendidasPage::samples(frame)),
            all("visita", pages::show::VisitaShowPage::samples(frame)),
            all("form", pages::form::VisitaFormPage::samples(frame)),
            all("passo", pages::passo::VisitaPassoPage::samples(frame)),
            all("escolher", escolher::EscolherPage::samples(frame)),
            all("empresa", pages::empresa::EmpresaVisitasPage::samples(frame)),
            all("demandas", demandas::list::DemandaListPage::samples(frame)),
            all("quadro", demandas::quadro::QuadroPage::samples(frame)),
            all("demanda", demandas::show::DemandaShowPage::samples(frame)),
            all("demanda form", demandas::form::DemandaFormPage::samples(frame)),
            all("demanda cancelar", demandas::passo::DemandaCancelarPage::samples(frame)),
            all("empresa demandas", demandas::empresa::EmpresaDemandasPage::samples(frame)),
            all("projetos", projetos::list::ProjetoListPage::samples(frame)),
            all("projeto", projetos::show::ProjetoShowPage::samples(frame)),
            all("projeto form", projetos::form::ProjetoFormPage::samples(frame)),
            all("empresa projetos", projetos::empresa::EmpresaProjetosPage::samples(frame)),
            all("tipos", vocabulary::TermsPage::samples::<tipo::Tipos>(frame)),
            all("tipo", vocabulary::TermPage::samples::<tipo::Tipos>(frame)),
            all("etapas", vocabulary::TermsPage::samples::<etapa::Etapas>(frame)),
            all("etapa", vocabulary::TermPage::samples::<etapa::Etapas>(frame)),
            all("feriados", feriado::pages::FeriadosPage::samples(frame)),
            all("distribuicao", distribuicao::pages::DistribuicoesPage::samples(frame)),
            all("distribuicao form", distribuicao::pages::DistribuicaoFormPage::samples(frame)),
            all("setores", vocabulary::TermsPage::samples::<setor::Setores>(frame)),
            all("setor", vocabulary::TermPage::samples::<setor::Setores>(frame)),
            all("dia", tarefa::pages::dia::MeuDiaPage::samples(frame)),
            all("tarefas", tarefa::pages::list::TarefaListPage::samples(frame)),
            all("tarefa", tarefa::pages::form::TarefaFormPage::samples(frame)),
            all("historico new", historico::pages::HistoricoNewPage::samples(frame)),
            all("historico previa", historico::pages::HistoricoPreviaPage::samples(frame)),
            all("historico show", historico::pages::HistoricoShowPage::samples(frame)),
            all("historico log", historico::pages::HistoricoLogPage::samples(frame)),
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
