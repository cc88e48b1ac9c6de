use super::ListState;
use crate::forms::Choice;

/// An active filter as a chip that removes itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    pub label: String,
    pub value: String,
    pub remove: String,
}

impl ListState {
    /// One chip per filter: its values joined (`UF: SC, RS`), `name_of` turning codes into words. `None` when not filtered by it.
    #[must_use]
    pub fn chip(&self, name: &str, label: &str, name_of: impl Fn(&str) -> String) -> Option<Chip> {
        let values: Vec<_> = self.all(name).map(name_of).collect();
        (!values.is_empty()).then(|| Chip { label: label.to_owned(), value: values.join(", "), remove: self.without_all(name) })
    }
}

impl ListState {
    /// The labels of the options a filter is set to, for the chip that opens it; empty when not filtered by it.
    #[must_use]
    pub fn chosen(&self, name: &str, options: &[Choice]) -> String {
        let labels: Vec<_> =
            options.iter().filter(|option| self.has(name, &option.value)).map(|option| option.label.as_str()).collect();
        match labels.as_slice() {
            [first, second, rest @ ..] if rest.len() > 1 => format!("{first}, {second} +{}", rest.len()),
            few => few.join(", "),
        }
    }
}
