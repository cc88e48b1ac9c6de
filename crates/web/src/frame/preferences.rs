use kernel::Lang;
use tenancy::Tema;

/// Light, dark or what the device says. `Sistema` needs no script: the style sheet asks the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    Claro,
    Escuro,
    #[default]
    Sistema,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::Claro, Self::Escuro, Self::Sistema];

    /// Value of the cookie `tema` and of the form.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Claro => "claro",
            Self::Escuro => "escuro",
            Self::Sistema => "sistema",
        }
    }

    /// Value of `data-bs-theme`.
    #[must_use]
    pub const fn attribute(self) -> &'static str {
        match self {
            Self::Claro => "light",
            Self::Escuro => "dark",
            Self::Sistema => "auto",
        }
    }

    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Claro => "sun",
            Self::Escuro => "moon-stars",
            Self::Sistema => "circle-half",
        }
    }

    /// Key of its name.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Claro => "theme-light",
            Self::Escuro => "theme-dark",
            Self::Sistema => "theme-system",
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.code() == code)
    }
}

/// Whether the sidebar shows words or only icons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sidebar {
    #[default]
    Aberta,
    Recolhida,
}

impl Sidebar {
    /// Value of the cookie `lateral`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Aberta => "aberta",
            Self::Recolhida => "recolhida",
        }
    }
}

/// What somebody sees who chose nothing: the unidade's word (S1-11), else the browser's and the device's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Habits {
    pub lang: Option<Lang>,
    pub theme: Theme,
}

impl Habits {
    #[must_use]
    pub fn of(tema: &Tema) -> Self {
        Self { lang: tema.lang(), theme: tema.aparencia.as_deref().and_then(Theme::parse).unwrap_or_default() }
    }
}

/// How a person likes the frame, from the cookies `idioma`, `tema` and `lateral`. They carry no secret and the page's script
/// writes them too; what they hold is only ever compared with the known words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Preferences {
    pub lang: Lang,
    pub theme: Theme,
    pub sidebar: Sidebar,
}

impl Preferences {
    /// `cookies` are pairs of name and value; where none decides, `habits` do, then `accept_language`, else pt-BR.
    #[must_use]
    pub fn read<'a>(
        cookies: impl IntoIterator<Item = (&'a str, &'a str)>,
        accept_language: Option<&str>,
        habits: Habits,
    ) -> Self {
        let lang = habits.lang.or_else(|| accept_language.and_then(Lang::from_accept)).unwrap_or_default();
        let mut chosen = Self { lang, theme: habits.theme, sidebar: Sidebar::default() };
        for (name, value) in cookies {
            match name {
                "idioma" => chosen.lang = value.parse().unwrap_or(chosen.lang),
                "tema" => chosen.theme = Theme::parse(value).unwrap_or(chosen.theme),
                "lateral" if value == Sidebar::Recolhida.code() => chosen.sidebar = Sidebar::Recolhida,
                _ => {}
            }
        }
        chosen
    }

    /// As [`Preferences::read`], from a whole `Cookie` header.
    #[must_use]
    pub fn from_headers(cookie: Option<&str>, accept_language: Option<&str>, habits: Habits) -> Self {
        let pairs = cookie.unwrap_or_default().split(';').filter_map(|pair| pair.trim().split_once('='));
        Self::read(pairs, accept_language, habits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_win_over_the_browser_and_nonsense_over_nobody() {
        let none = Habits::default();
        let read = Preferences::from_headers(Some("a=b; tema=escuro; idioma=en; lateral=recolhida"), Some("pt-BR"), none);
        assert_eq!(read, Preferences { lang: Lang::En, theme: Theme::Escuro, sidebar: Sidebar::Recolhida });
        let read = Preferences::from_headers(Some("tema=<script>; idioma=xx; lateral"), Some("en-GB"), none);
        assert_eq!(read, Preferences { lang: Lang::En, ..Preferences::default() });
        assert_eq!(Preferences::from_headers(None, None, none), Preferences::default());
    }

    #[test]
    fn the_unidade_decides_for_whoever_did_not() {
        let tema = Tema { aparencia: Some("escuro".to_owned()), idioma: Some("en".to_owned()), ..Tema::default() };
        let read = |cookie| Preferences::from_headers(cookie, Some("pt-BR"), Habits::of(&tema));
        assert_eq!(read(None), Preferences { lang: Lang::En, theme: Theme::Escuro, ..Preferences::default() });
        assert_eq!(read(Some("tema=sistema; idioma=pt-BR")), Preferences::default());
        let unknown = Tema { aparencia: Some("verde".to_owned()), idioma: Some("es".to_owned()), ..Tema::default() };
        assert_eq!(Habits::of(&unknown), Habits::default());
    }
}
