//! What the verbs share: the house without its listeners, who sits at the terminal, values as clap reads them.

use std::{io::Write, path::PathBuf, str::FromStr, sync::Arc};

use anyhow::bail;
use kernel::{Actor, Clock, Invalid, Lang};
use tenancy::{Platform, Progress, Slug, Unidade};

use crate::{house::House, settings::Settings};

/// A person with a shell on the machine of the product.
pub(super) struct Operator {
    pub(super) settings: Settings,
    pub(super) house: House,
    /// Written into both trails.
    pub(super) actor: Actor,
}

impl Operator {
    /// # Errors
    /// Every problem of the configuration.
    pub(super) fn new() -> anyhow::Result<Self> {
        let settings = super::settings()?;
        let house = House::new(&settings, Clock::system());
        Ok(Self { settings, house, actor: actor() })
    }

    pub(super) fn platform(&self) -> &Platform {
        &self.house.gates.platform
    }

    /// # Errors
    /// When nobody has the slug, or somebody had it who was deleted.
    pub(super) async fn unidade(&self, slug: &Slug) -> anyhow::Result<Arc<Unidade>> {
        match self.house.gates.registry.by_slug(slug.as_str()).await? {
            Some(unidade) => Ok(unidade),
            None => bail!("there is no unidade {slug}; `sri unidade list` shows all that are not deleted"),
        }
    }

    /// A backup by its path, or by its name in the folder of the backups.
    ///
    /// # Errors
    /// When there is no such file in either place.
    pub(super) fn backup_file(&self, named: PathBuf) -> anyhow::Result<PathBuf> {
        let in_folder = self.settings.backup_dir.join(&named);
        match [named, in_folder].into_iter().find(|path| path.is_file()) {
            Some(found) => Ok(found),
            None => bail!("there is no such file, neither here nor in {}", self.settings.backup_dir.display()),
        }
    }
}

/// The product, with the name of whoever runs the command. `sudo` tells who they were before.
fn actor() -> Actor {
    let name =
        ["SUDO_USER", "USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok().filter(|user| !user.is_empty()));
    let name: String = name.unwrap_or_else(|| "?".to_owned()).chars().filter(|c| !c.is_control()).take(60).collect();
    Actor { nome: format!("{name} (sri)"), ..Actor::sistema() }
}

/// A value of the domain, its mistake told in the words of the pages.
pub(super) fn value<T: FromStr<Err = Invalid>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|invalid| idioma::invalid(Lang::En, &invalid).into_owned())
}

/// Asks for a word at the terminal; empty when there is nobody to answer.
pub(super) fn ask(question: &str) -> std::io::Result<String> {
    eprint!("{question} ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}

/// An error with its causes on one line. Some print their causes with themselves; those are not said twice.
pub(super) fn sentence(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain() {
        let text = cause.to_string();
        if !said.contains(&text) {
            if !said.is_empty() {
                said.push_str(": ");
            }
            said.push_str(&text);
        }
    }
    said
}

/// How an instant is printed.
pub(super) const WHEN: &str = "%Y-%m-%d %H:%M:%S UTC";

/// A line per finished part, on standard error, so that what a verb answers stands alone on standard output.
pub(super) fn show(progress: &Progress) {
    if progress.total > 0 {
        eprintln!("  {} {} ({}/{})", progress.step, progress.subject, progress.done, progress.total);
    } else {
        eprintln!("  {} {}", progress.step, progress.subject);
    }
}

/// Rows under their headings, each column as wide as its widest cell.
pub(super) fn table<const N: usize>(headings: [&str; N], rows: &[[String; N]]) {
    let mut widths = headings.map(|heading| heading.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: [&str; N]| {
        let padded: Vec<String> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        println!("{}", padded.join("  ").trim_end());
    };
    line(headings);
    for row in rows {
        line(row.each_ref().map(String::as_str));
    }
}

/// # Errors
/// When it cannot be written as JSON.
pub(super) fn json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}
