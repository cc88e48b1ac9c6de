use std::borrow::Cow;

/// One step of the way to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    pub label: Cow<'static, str>,
    pub href: String,
}

/// A block of the sidebar, with or without a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavGroup {
    pub label: Option<Cow<'static, str>>,
    pub items: Vec<NavItem>,
}

impl NavGroup {
    #[must_use]
    pub const fn unnamed(items: Vec<NavItem>) -> Self {
        Self { label: None, items }
    }

    #[must_use]
    pub fn new(label: impl Into<Cow<'static, str>>, items: Vec<NavItem>) -> Self {
        Self { label: Some(label.into()), items }
    }
}

/// An entry of the sidebar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    pub label: Cow<'static, str>,
    pub href: String,
    /// A name in `assets/icons.txt`.
    pub icon: &'static str,
    /// Things that wait for the person; none is drawn for 0.
    pub badge: u32,
    pub active: bool,
}

impl NavItem {
    #[must_use]
    pub fn new(label: impl Into<Cow<'static, str>>, href: impl Into<String>, icon: &'static str) -> Self {
        Self { label: label.into(), href: href.into(), icon, badge: 0, active: false }
    }

    #[must_use]
    pub const fn badge(mut self, waiting: u32) -> Self {
        self.badge = waiting;
        self
    }

    /// Whether `path` is this entry's page or lies below it.
    pub(super) fn covers(&self, path: &str) -> bool {
        path.strip_prefix(self.href.as_str()).is_some_and(|rest| rest.is_empty() || (self.href != "/" && rest.starts_with('/')))
    }
}

/// A link that does something: an entry of "Novo", of a menu, of the account menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    pub label: Cow<'static, str>,
    pub href: String,
    /// A name in `assets/icons.txt`.
    pub icon: &'static str,
    /// Sent by POST when true (a form with one button), else a link.
    pub post: bool,
    /// Asked before it is sent: a whole sentence that names the record and says what happens.
    pub confirm: Option<String>,
}

impl Action {
    #[must_use]
    pub fn link(label: impl Into<Cow<'static, str>>, href: impl Into<String>, icon: &'static str) -> Self {
        Self { label: label.into(), href: href.into(), icon, post: false, confirm: None }
    }

    #[must_use]
    pub fn post(label: impl Into<Cow<'static, str>>, href: impl Into<String>, icon: &'static str) -> Self {
        Self { label: label.into(), href: href.into(), icon, post: true, confirm: None }
    }

    #[must_use]
    pub fn confirm(mut self, question: impl Into<String>) -> Self {
        self.confirm = Some(question.into());
        self
    }
}
