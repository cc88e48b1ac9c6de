//! Results: a table per measurement, on the screen and in docs/performance.md. A run replaces the tables it measured and
//! leaves the others, each with its date.

use std::{fmt::Write, fs, path::Path};

use anyhow::{Context, Result};

/// The results of one measurement.
pub(crate) struct Section {
    pub name: &'static str,
    pub title: &'static str,
    /// What was done and what the floor is.
    pub method: String,
    pub rows: Vec<Row>,
}

/// One figure beside its floor.
#[derive(Default)]
pub(crate) struct Row {
    pub work: String,
    pub sri: String,
    /// The same without the product around it.
    pub floor: String,
    /// `sri` divided by `floor`, both in the unit of the goal.
    pub ratio: Option<f64>,
    pub goal: Option<Goal>,
    /// What others need, measured on another day on a machine of this size.
    pub peers: &'static str,
    /// `sri` in comparison with the best of them; above 1 SRI is ahead.
    pub ahead: Option<f64>,
}

/// What a figure should reach.
pub(crate) enum Goal {
    RatioAtLeast(f64),
    RatioAtMost(f64),
    /// The figure itself, with its limit, in a unit of the caller's choice.
    AtMost {
        value: f64,
        limit: f64,
        unit: &'static str,
    },
}

impl Goal {
    fn text(&self) -> String {
        match self {
            Self::RatioAtLeast(limit) => format!("≥ {limit} of the floor"),
            Self::RatioAtMost(limit) => format!("≤ {limit} × the floor"),
            Self::AtMost { limit, unit, .. } => format!("≤ {limit} {unit}"),
        }
    }

    fn is_reached(&self, ratio: Option<f64>) -> Option<bool> {
        match self {
            Self::RatioAtLeast(limit) => ratio.map(|ratio| ratio >= *limit),
            Self::RatioAtMost(limit) => ratio.map(|ratio| ratio <= *limit),
            Self::AtMost { value, limit, .. } => Some(value <= limit),
        }
    }
}

impl Row {
    fn cells(&self) -> [String; 7] {
        let number = |n: Option<f64>| n.map(|n| format!("{n:.2}")).unwrap_or_default();
        let goal = self.goal.as_ref().map(|goal| {
            let verdict = match goal.is_reached(self.ratio) {
                Some(true) => "reached",
                Some(false) => "**missed**",
                None => "not measured",
            };
            format!("{}: {verdict}", goal.text())
        });
        [
            self.work.clone(),
            self.sri.clone(),
            self.floor.clone(),
            number(self.ratio),
            goal.unwrap_or_default(),
            self.peers.to_owned(),
            self.ahead.map(|times| format!("{times:.1} ×")).unwrap_or_default(),
        ]
    }
}

const HEAD: [&str; 7] = ["Work", "SRI", "Floor", "SRI / floor", "Goal", "Others", "SRI ahead"];

impl Section {
    /// The section as Markdown, columns aligned for reading as text; columns without any content are left out.
    pub(crate) fn markdown(&self, occasion: &str) -> String {
        let rows: Vec<[String; 7]> = self.rows.iter().map(Row::cells).collect();
        let used: Vec<usize> =
            (0..HEAD.len()).filter(|&column| column < 2 || rows.iter().any(|row| !row[column].is_empty())).collect();
        let width = |column: usize| {
            rows.iter().map(|row| row[column].chars().count()).chain([HEAD[column].chars().count()]).max().unwrap_or(0)
        };
        let mut text = format!("## {}\n\n{}\nMeasured on {occasion}.\n\n", self.title, self.method);
        let mut line = |cell: &dyn Fn(usize) -> String| {
            let cells: Vec<String> = used
                .iter()
                .map(|&column| {
                    let cell = cell(column);
                    let space = width(column).saturating_sub(cell.chars().count());
                    cell + &" ".repeat(space)
                })
                .collect();
            // Writing to a String cannot fail.
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        };
        line(&|column| HEAD[column].to_owned());
        line(&|column| "-".repeat(width(column)));
        for row in &rows {
            line(&|column| row[column].clone());
        }
        text
    }

    /// Puts the section into the document at `path` in place of its older self.
    pub(crate) fn keep(&self, path: &Path, occasion: &str) -> Result<()> {
        let (begin, end) = (format!("<!-- bench {} -->\n", self.name), format!("<!-- end {} -->\n", self.name));
        let block = format!("{begin}{}{end}", self.markdown(occasion));
        let old = fs::read_to_string(path).unwrap_or_else(|_| INTRODUCTION.to_owned());
        let new = match (old.find(&begin), old.find(&end)) {
            (Some(from), Some(to)) if from < to => format!("{}{block}{}", &old[..from], &old[to + end.len()..]),
            _ => format!("{}\n\n{block}", old.trim_end()),
        };
        fs::write(path, new).with_context(|| format!("writing {}", path.display()))
    }
}

const INTRODUCTION: &str = include_str!("introduction.md");

#[cfg(test)]
mod tests {
    use super::*;

    fn section(sri: &str) -> Section {
        let row = Row {
            work: "list".into(),
            sri: sri.into(),
            floor: "10".into(),
            ratio: Some(0.6),
            goal: Some(Goal::RatioAtLeast(0.5)),
            ..Row::default()
        };
        Section { name: "list", title: "List", method: "How.".into(), rows: vec![row] }
    }

    #[test]
    fn a_table_has_the_columns_that_say_something() {
        let text = section("6").markdown("2026-11-22");
        let table = "\
            | Work | SRI | Floor | SRI / floor | Goal                        |\n\
            | ---- | --- | ----- | ----------- | --------------------------- |\n\
            | list | 6   | 10    | 0.60        | ≥ 0.5 of the floor: reached |\n";
        assert!(text.ends_with(table), "{text}");
    }

    #[test]
    fn a_run_replaces_its_own_table_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("performance.md");
        section("1").keep(&path, "2026-11-22").unwrap();
        Section { name: "other", ..section("7") }.keep(&path, "2026-11-22").unwrap();
        section("2").keep(&path, "2026-11-23").unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.matches("## List").count(), 2);
        assert!(text.contains("2026-11-23") && text.contains("| 7 ") && !text.contains("| 1 "), "{text}");
    }

    #[test]
    fn goals_are_judged_by_their_kind() {
        assert_eq!(Goal::RatioAtLeast(0.5).is_reached(Some(0.5)), Some(true));
        assert_eq!(Goal::RatioAtMost(3.0).is_reached(Some(3.1)), Some(false));
        assert_eq!(Goal::AtMost { value: 1.0, limit: 1.0, unit: "s" }.is_reached(None), Some(true));
        assert_eq!(Goal::RatioAtMost(3.0).is_reached(None), None);
    }
}
