//! The frame around every page: language, theme, navigation, who is signed in, what the page is called.
//!
//! A page is one askama struct with a field named `frame` (the pieces in `templates/pecas` read it) and its own values.
//! [`Frame`] is plain values: the request's context fills in what it knows, the handler names the page:
//!
//! ```ignore
//! #[derive(askama::Template)]
//! #[template(path = "empresas/empresa/list.html")]
//! struct EmpresaListPage { frame: Frame, list: ListState, rows: Vec<Row>, total: i64 }
//! // {% extends "layout/base.html" %}  for people who work here
//! // {% extends "layout/bare.html" %}  for login, invitations, errors and outside clients
//! ```

mod nav;
mod preferences;
mod samples;
mod tema;

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use idioma::Arg;
use kernel::Lang;
use rust_decimal::Decimal;

use crate::Suporte;
pub use nav::{Action, Crumb, NavGroup, NavItem};
pub use preferences::{Habits, Preferences, Sidebar, Theme};
pub use tema::{Cor, InvalidCor, Tema};

/// Whose page this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Unidade(UnidadeView),
    /// The platform's console: same frame, neutral colour, so that nobody mistakes it for a unidade.
    Console,
    /// No host of ours, or an error that must not tell which unidade it was.
    Nowhere,
}

/// What the frame shows of a unidade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnidadeView {
    pub nome: String,
    /// As in `1.03`.
    pub codigo: String,
    /// Path on this host of the unidade's own logo.
    pub logo: Option<String>,
    pub tema: Tema,
}

/// The person in front of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserView {
    pub nome: String,
    pub email: String,
    /// One or two letters for the round picture.
    pub iniciais: String,
    /// Address of their own, shown in place of the letters.
    pub foto: Option<String>,
}

impl UserView {
    #[must_use]
    pub fn new(nome: impl Into<String>, email: impl Into<String>) -> Self {
        let nome = nome.into();
        Self { iniciais: iniciais(&nome), nome, email: email.into(), foto: None }
    }

    #[must_use]
    pub fn foto(self, foto: Option<String>) -> Self {
        Self { foto, ..self }
    }
}

/// First letters of the first and the last word that begin with a letter or digit: `Marina da Costa` → `MC`.
#[must_use]
pub fn iniciais(nome: &str) -> String {
    let mut words = nome.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

/// How a message that follows an action looks; each has its icon and its word, never colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Success,
    Info,
    Warning,
    Danger,
}

impl Tone {
    /// Suffix of the style class.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Success => "ok",
            Self::Info => "info",
            Self::Warning => "warn",
            Self::Danger => "danger",
        }
    }

    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Success => "check-circle-fill",
            Self::Info => "info-circle-fill",
            Self::Warning => "exclamation-triangle-fill",
            Self::Danger => "x-octagon-fill",
        }
    }
}

/// A message shown once after an action; `undo` posts to that path ("Desfazer").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    pub tone: Tone,
    pub text: String,
    pub undo: Option<String>,
}

/// Everything the layout prints. See the module's page.
#[derive(Debug, Clone)]
pub struct Frame {
    pub lang: Lang,
    pub theme: Theme,
    pub sidebar: Sidebar,
    /// The unidade's zone, in which every instant is shown.
    pub zone: Tz,
    /// The instant of the request, for "há 3 dias".
    pub now: DateTime<Utc>,
    /// The `nonce` of this answer's content security policy.
    pub nonce: String,
    /// Path and query of this page; the language and theme forms come back to it.
    pub path: String,
    pub place: Place,
    pub title: Cow<'static, str>,
    pub crumbs: Vec<Crumb>,
    pub nav: Vec<NavGroup>,
    /// What "Novo" offers.
    pub create: Vec<Action>,
    /// Links of the account menu between the name and "Sair".
    pub account: Vec<Action>,
    /// Path of the unidades that the person goes to from here; the account menu asks it when it is opened.
    pub unidades: Option<String>,
    /// Path of the global search (`?q=`); the palette asks it while the person types.
    pub search: Option<String>,
    pub user: Option<UserView>,
    /// Unread notificações on the bell; `None`: no bell.
    pub unread: Option<i64>,
    pub toast: Option<Toast>,
    /// Somebody of the platform is here with the unidade's consent: said on every page.
    pub suporte: Option<Suporte>,
}

impl Frame {
    /// A frame for nobody in particular; the context of the request and the handler add the rest.
    #[must_use]
    pub fn new(place: Place, preferences: Preferences, zone: Tz, now: DateTime<Utc>) -> Self {
        Self {
            lang: preferences.lang,
            theme: preferences.theme,
            sidebar: preferences.sidebar,
            zone,
            now,
            nonce: String::new(),
            path: "/".to_owned(),
            place,
            title: Cow::Borrowed(""),
            crumbs: Vec::new(),
            nav: Vec::new(),
            create: Vec::new(),
            account: Vec::new(),
            unidades: None,
            search: None,
            user: None,
            unread: None,
            toast: None,
            suporte: None,
        }
    }

    #[must_use]
    pub fn nonce(mut self, nonce: impl Into<String>) -> Self {
        self.nonce = nonce.into();
        self
    }

    /// Path and query of the request; also lights the entry of the navigation it belongs to.
    #[must_use]
    pub fn at(mut self, path_and_query: impl Into<String>) -> Self {
        self.path = path_and_query.into();
        self.light();
        self
    }

    #[must_use]
    pub fn nav(mut self, groups: Vec<NavGroup>) -> Self {
        self.nav = groups;
        self.light();
        self
    }

    #[must_use]
    pub fn create(mut self, actions: Vec<Action>) -> Self {
        self.create = actions;
        self
    }

    #[must_use]
    pub fn account(mut self, actions: Vec<Action>) -> Self {
        self.account = actions;
        self
    }

    #[must_use]
    pub fn unidades(mut self, path: Option<&str>) -> Self {
        self.unidades = path.map(str::to_owned);
        self
    }

    #[must_use]
    pub fn search(mut self, path: impl Into<String>) -> Self {
        self.search = Some(path.into());
        self
    }

    #[must_use]
    pub fn user(mut self, user: UserView) -> Self {
        self.user = Some(user);
        self
    }

    #[must_use]
    pub const fn unread(mut self, unread: Option<i64>) -> Self {
        self.unread = unread;
        self
    }

    #[must_use]
    pub fn toast(mut self, toast: Option<Toast>) -> Self {
        self.toast = toast;
        self
    }

    #[must_use]
    pub fn suporte(mut self, suporte: Option<Suporte>) -> Self {
        self.suporte = suporte;
        self
    }

    /// The page's name by its key in the catalogue.
    #[must_use]
    pub fn titled(mut self, key: &str) -> Self {
        self.title = Cow::Borrowed(self.t(key));
        self
    }

    /// The page's name where it is a record's: `Metalúrgica Aurora Ltda`.
    #[must_use]
    pub fn title(mut self, text: impl Into<String>) -> Self {
        self.title = Cow::Owned(text.into());
        self
    }

    /// Adds a step of the way here; the page itself is the last step and is added by the layout.
    #[must_use]
    pub fn crumb(mut self, label: impl Into<Cow<'static, str>>, href: impl Into<String>) -> Self {
        self.crumbs.push(Crumb { label: label.into(), href: href.into() });
        self
    }

    /// Of the entries whose path begins this page's path, the longest is where we are.
    fn light(&mut self) {
        let path = self.path.split(['?', '#']).next().unwrap_or_default();
        let longest =
            self.nav.iter().flat_map(|group| &group.items).filter(|item| item.covers(path)).map(|item| item.href.len()).max();
        for item in self.nav.iter_mut().flat_map(|group| &mut group.items) {
            item.active = item.covers(path) && Some(item.href.len()) == longest;
        }
    }
}

/// A whole number as templates hold it: any width, by value or by reference.
pub trait Count {
    fn count(&self) -> i64;
}

macro_rules! counts {
    ($($ty:ty),*) => {$(
        impl Count for $ty {
            fn count(&self) -> i64 {
                i64::try_from(*self).unwrap_or(i64::MAX)
            }
        }
    )*};
}
counts!(i32, u32, i64, u64, usize);

impl<T: Count> Count for &T {
    fn count(&self) -> i64 {
        T::count(self)
    }
}

/// Reading: what the templates ask.
impl Frame {
    /// The text of a key without variables.
    #[must_use]
    pub fn t(&self, key: &str) -> &'static str {
        idioma::t(self.lang, key)
    }

    /// The text of a key with its variables; in a template `frame.t_with("visita-com", [("nome", nome.as_str().into())])`
    /// (templates take the reference by themselves).
    #[must_use]
    pub fn t_with(&self, key: &str, args: &[(&'static str, Arg<'_>)]) -> String {
        idioma::t_args(self.lang, key, args.iter().cloned())
    }

    /// The text of a key whose one variable is a count `$n`.
    #[must_use]
    pub fn t_n(&self, key: &str, n: impl Count) -> String {
        idioma::t_args(self.lang, key, [("n", Arg::from(n.count()))])
    }

    #[must_use]
    pub fn date(&self, day: NaiveDate) -> String {
        idioma::date(self.lang, day)
    }

    /// "segunda-feira".
    #[must_use]
    pub fn weekday(&self, day: NaiveDate) -> &'static str {
        idioma::weekday(self.lang, day)
    }

    #[must_use]
    pub fn datetime(&self, at: DateTime<Utc>) -> String {
        idioma::datetime(self.lang, self.zone, at)
    }

    /// "há 3 dias".
    #[must_use]
    pub fn relative(&self, at: DateTime<Utc>) -> String {
        idioma::relative(self.lang, self.zone, at, self.now)
    }

    #[must_use]
    pub fn number(&self, n: impl Count) -> String {
        idioma::grouped(self.lang, n.count())
    }

    #[must_use]
    pub fn decimal(&self, n: Decimal) -> String {
        idioma::decimal(self.lang, n)
    }

    #[must_use]
    pub fn is_console(&self) -> bool {
        self.place == Place::Console
    }

    #[must_use]
    pub fn unidade(&self) -> Option<&UnidadeView> {
        match &self.place {
            Place::Unidade(unidade) => Some(unidade),
            Place::Console | Place::Nowhere => None,
        }
    }

    /// Path of the unidade's own logo.
    #[must_use]
    pub fn logo(&self) -> Option<&str> {
        self.unidade()?.logo.as_deref()
    }

    /// What stands at the top of the sidebar and after the title in the browser's tab.
    #[must_use]
    pub fn brand(&self) -> &str {
        match &self.place {
            Place::Unidade(unidade) => &unidade.nome,
            Place::Console => self.t("frame-console"),
            Place::Nowhere => "SRI",
        }
    }

    /// The line below it.
    #[must_use]
    pub fn brand_sub(&self) -> Cow<'_, str> {
        match &self.place {
            Place::Unidade(unidade) => Cow::Owned(format!("{} {}", self.t("frame-unidade"), unidade.codigo)),
            Place::Console => Cow::Borrowed(self.t("frame-console-sub")),
            Place::Nowhere => Cow::Borrowed(self.t("frame-product")),
        }
    }

    /// Entries for the bar at the bottom of a phone's screen: the first three of the navigation.
    #[must_use]
    pub fn thumb_nav(&self) -> Vec<&NavItem> {
        self.nav.iter().flat_map(|group| &group.items).take(3).collect()
    }

    /// The unidade's colours as a style sheet for a `<style nonce>`; `None` when they are the house's own.
    #[must_use]
    pub fn tema_css(&self) -> Option<String> {
        self.unidade().and_then(|unidade| unidade.tema.css())
    }

    /// What the theme menu offers; a template of another crate cannot name our types.
    #[must_use]
    pub fn themes(&self) -> &'static [Theme] {
        &Theme::ALL
    }

    /// What stands on the bell; it does not count to the end.
    #[must_use]
    pub fn bell_badge(&self) -> String {
        match self.unread.unwrap_or_default() {
            0 => String::new(),
            100.. => "99+".to_owned(),
            some => some.to_string(),
        }
    }

    #[must_use]
    pub fn other_lang(&self) -> Lang {
        match self.lang {
            Lang::PtBr => Lang::En,
            Lang::En => Lang::PtBr,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_matching_entry_is_lit() {
        let frame = Frame::sample().nav(vec![NavGroup::unnamed(vec![
            NavItem::new("Painel", "/", "speedometer2"),
            NavItem::new("Empresas", "/empresas", "buildings"),
            NavItem::new("Importações", "/empresas/importacoes", "upload"),
        ])]);
        let lit = |frame: Frame| {
            frame.nav[0].items.iter().filter(|item| item.active).map(|item| item.label.clone().into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(lit(frame.clone().at("/empresas/7?aba=visitas")), ["Empresas"]);
        assert_eq!(lit(frame.clone().at("/empresas/importacoes/3")), ["Importações"]);
        assert_eq!(lit(frame.clone().at("/empresas-novas")), [""; 0]);
        assert_eq!(lit(frame.at("/")), ["Painel"]);
    }

    #[test]
    fn initials_survive_odd_names() {
        for (nome, letters) in [("Marina da Costa", "MC"), ("Émile", "É"), ("  ", ""), ("(RH) Ana", "RA"), ("3M", "3")] {
            assert_eq!(iniciais(nome), letters, "{nome}");
        }
    }
}
