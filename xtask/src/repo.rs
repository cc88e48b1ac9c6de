use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// Folders that hold what tools make, never what people write.
const MADE: &[&str] = &["target", "node_modules", "dist", ".git", ".sqlx", ".state"];

/// The checkout the checks look at.
pub(crate) struct Repo {
    root: PathBuf,
}

/// A text file with its path relative to the repository, `/` between the parts.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Repo {
    pub(crate) fn here() -> Self {
        Self::at(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")))
    }

    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The files below `folder` whose name ends in one of `endings`, sorted by path; none if there is no such folder.
    pub(crate) fn sources(&self, folder: &str, endings: &[&str]) -> Result<Vec<Source>> {
        let mut paths = Vec::new();
        walk(&self.root.join(folder), &mut paths).with_context(|| format!("reading {folder}"))?;
        paths.retain(|path| endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)));
        paths.sort();
        paths.into_iter().map(|path| self.read(&path)).collect()
    }

    /// One file of the repository; `None` if it is not there.
    pub(crate) fn source(&self, path: &str) -> Result<Option<Source>> {
        let full = self.root.join(path);
        if full.is_file() { self.read(&full).map(Some) } else { Ok(None) }
    }

    /// The names of the folders right below `folder`.
    pub(crate) fn folders(&self, folder: &str) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in entries(&self.root.join(folder))? {
            if entry.is_dir() {
                names.extend(entry.file_name().map(|name| name.to_string_lossy().into_owned()));
            }
        }
        names.sort();
        Ok(names)
    }

    fn read(&self, path: &Path) -> Result<Source> {
        let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        Ok(Source { path: relative.to_string_lossy().replace('\\', "/"), text })
    }
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for path in entries(folder)? {
        if path.is_file() {
            found.push(path);
        } else if path.file_name().is_some_and(|name| !MADE.iter().any(|made| name == *made)) {
            walk(&path, found)?;
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
