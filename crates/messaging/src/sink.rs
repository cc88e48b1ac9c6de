//! Mail as files, for development and tests: `<id>.eml` as it would have been sent, and `<id>.json` for programs.

use std::{
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;

use crate::mailer::Outgoing;

/// A mail in a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SunkMail {
    pub message_id: String,
    pub from_nome: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Writes both files. A mail that is sent again takes its own place: the name is its id.
pub(crate) async fn write(folder: &Path, mail: &Outgoing, message_id: String, raw: &[u8]) -> io::Result<()> {
    let sunk = SunkMail {
        message_id,
        from_nome: mail.from_nome.to_string(),
        to: mail.to.to_string(),
        subject: mail.subject.to_string(),
        text: mail.text.clone(),
        html: mail.html.clone(),
    };
    let json = serde_json::to_vec_pretty(&sunk)?;
    // UUIDv7: the names are in the order of creation.
    let id = mail.id;
    // The mails hold links that let somebody in.
    tokio::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).await?;
    put(folder, &format!("{id}.eml"), raw).await?;
    put(folder, &format!("{id}.json"), &json).await
}

/// Whole or not at all: somebody may be looking.
async fn put(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let unfinished = folder.join(format!(".{name}"));
    let mut file = tokio::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished).await?;
    file.write_all(bytes).await?;
    file.flush().await?;
    tokio::fs::rename(&unfinished, folder.join(name)).await
}

/// The mails in `folder`, oldest first; none when it does not exist yet.
///
/// # Errors
/// When the folder or a file cannot be read.
pub fn read_sink(folder: &Path) -> io::Result<Vec<SunkMail>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        Err(error) => return Err(error),
    };
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
    files.retain(|file| {
        let hidden = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        !hidden && file.extension().is_some_and(|e| e == "json")
    });
    files.sort();
    files.into_iter().map(|file| Ok(serde_json::from_slice(&std::fs::read(file)?)?)).collect()
}
