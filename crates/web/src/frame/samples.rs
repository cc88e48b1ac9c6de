use super::{Action, Frame, NavGroup, NavItem, Place, Preferences, Sidebar, Tema, Theme, Toast, Tone, UnidadeView, UserView};
use chrono::DateTime;
use kernel::Lang;

/// Frames to render pages with in tests and in `/_pecas`; names in them are made up.
impl Frame {
    /// A signed-in person in a unidade with some of everything.
    #[must_use]
    pub fn sample() -> Self {
        Self::sample_in(Preferences::default())
    }

    #[must_use]
    pub fn sample_in(preferences: Preferences) -> Self {
        let now = DateTime::from_timestamp(1_795_356_300, 0).unwrap_or_default();
        let unidade =
            UnidadeView { nome: "SENAI Joinville Norte".into(), codigo: "1.03".into(), logo: None, tema: Tema::default() };
        Self::new(Place::Unidade(unidade), preferences, chrono_tz::America::Sao_Paulo, now)
            .nonce("c2FtcGxlLW5vbmNl")
            .nav(vec![
                NavGroup::unnamed(vec![
                    NavItem::new("Painel", "/", "speedometer2"),
                    NavItem::new("Empresas", "/empresas", "buildings"),
                    NavItem::new("Visitas", "/visitas", "geo-alt"),
                    NavItem::new("Demandas", "/demandas", "inbox").badge(12),
                    NavItem::new("Agenda", "/agenda", "calendar3"),
                ]),
                NavGroup::new(
                    "Módulos",
                    vec![
                        NavItem::new("Agendamentos", "/agendamentos", "clock-history"),
                        NavItem::new("Pendências", "/pendencias", "clipboard-check").badge(3),
                        NavItem::new("Automações", "/automacoes", "robot"),
                        NavItem::new("Lojas", "/lojas", "shop"),
                    ],
                ),
                NavGroup::new(
                    "Gestão",
                    vec![
                        NavItem::new("Relatórios", "/relatorios", "file-earmark-bar-graph"),
                        NavItem::new("Configurações", "/configuracoes", "gear"),
                    ],
                ),
            ])
            .create(vec![
                Action::link("Nova empresa", "/empresas/nova", "buildings"),
                Action::link("Nova visita", "/visitas/nova", "geo-alt"),
            ])
            .account(vec![Action::link("Minha conta", "/conta", "person-circle")])
            .unidades(Some("/conta/unidades/painel"))
            .search("/busca")
            .user(UserView::new("Marina Costa", "marina.costa@exemplo.org.br"))
            .unread(Some(3))
            .at("/")
            .title("Painel")
    }

    /// The frame in every state a page's test should see: both languages and themes, console, nobody signed in, a long name
    /// that would be markup if it were not escaped, a toast.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let english = Self::sample_in(Preferences { lang: Lang::En, theme: Theme::Escuro, sidebar: Sidebar::Recolhida });
        let mut console = Self::sample();
        console.place = Place::Console;
        let mut nobody = Self::sample();
        nobody.user = None;
        nobody.unread = None;
        nobody.nav.clear();
        nobody.create.clear();
        nobody.search = None;
        let mut longest = Self::sample().crumb("Empresas", "/empresas").toast(Some(Toast {
            tone: Tone::Success,
            text: "Empresa movida para a lixeira.".into(),
            undo: Some("/empresas/7/restaurar".into()),
        }));
        longest.place = Place::Unidade(UnidadeView {
            nome: "<b>Serviço Nacional de Aprendizagem Industrial</b> & Instituto de Tecnologia em Metalmecânica".into(),
            codigo: "10.123".into(),
            logo: Some("/logo".into()),
            tema: Tema { primaria: super::Cor::new(0xff, 0xe0, 0x00), destaque: super::Cor::new(0x00, 0x10, 0x10) },
        });
        longest.unread = Some(100);
        longest.user = Some(UserView::new("Maximiliano \"Max\" Albuquerque de Vasconcelos e Souza", "max@exemplo.org.br"));
        vec![
            Self::sample(),
            english,
            console,
            nobody,
            longest.title("Indústria e Comércio de <Componentes> Eletroeletrônicos & Cia"),
        ]
    }
}
