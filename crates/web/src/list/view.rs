/// How a person likes a list to look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// Columns that are not shown.
    pub hidden: Vec<String>,
    /// Rows close together.
    pub compact: bool,
}

impl Layout {
    #[must_use]
    pub fn shows(&self, column: &str) -> bool {
        !self.hidden.iter().any(|hidden| hidden == column)
    }
}

/// A list as somebody keeps it under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub label: String,
    pub href: String,
    /// For everybody in the unidade.
    pub shared: bool,
    /// What forgets it, when it is the person's own.
    pub remove: Option<String>,
    /// The list opens with it, for this person.
    pub default: bool,
    /// What makes it so, or not any more.
    pub prefer: String,
}

impl View {
    /// Query string of its address.
    #[must_use]
    pub fn query(&self) -> &str {
        self.href.split_once('?').map_or("", |(_, query)| query)
    }
}
