//! Files from a multipart body into the store, and what they become.
//!
//! Nothing of the database is held while the body arrives: who may send is asked before, and again when the files are there.

use std::sync::Arc;

use axum::{
    extract::{Multipart, multipart::MultipartError},
    http::StatusCode,
};
use documentos::{
    arquivo::{Arquivo, GuardarError, descartar, guardar},
    documento::{DocumentoError, DocumentoId, Dono, Pasta, enviar::enviar, substituir::substituir},
};
use files::FileName;
use futures::TryStreamExt;
use kernel::{Actor, ErrorKind, Fault, FieldError, Invalid, Lang};
use tenancy::{TenantTx, Unidade};
use web::{App, Ctx, Error};

use crate::{
    documento::{ENVIAR, dono, dono_held},
    empresa::EmpresaId,
};

/// Files of one form at most; programs and scripts send one by one.
pub const MAX_FILES: usize = 20;
/// The form's own bytes around the files.
const FORM_BYTES: u64 = 64 << 10;
/// Bytes of a body, whatever the configured limit of one file is: that one is kept while reading.
#[expect(clippy::cast_possible_truncation, reason = "two gigabytes fit everywhere")]
pub const BODY_LIMIT: usize = (files::FilesConfig::LARGEST_MAX_BYTES * MAX_FILES as u64 + FORM_BYTES) as usize;

/// What is left of a request when its transaction is over.
pub struct Desk {
    pub app: App,
    pub unidade: Arc<Unidade>,
    pub actor: Actor,
    pub lang: Lang,
}

impl Desk {
    /// Ends the transaction, after asking whether the actor may send files to that empresa.
    pub async fn open(mut ctx: Ctx, id: EmpresaId) -> Result<Self, Error> {
        {
            let ctx = &mut *ctx;
            dono(&mut ctx.tx, &ctx.actor, id, &ENVIAR).await?;
        }
        let desk = Self { app: ctx.app.clone(), unidade: Arc::clone(&ctx.unidade), actor: ctx.actor.clone(), lang: ctx.lang };
        ctx.release().await?;
        Ok(desk)
    }
}

/// A body that was read: its fields, and each file with what became of it.
#[derive(Default)]
pub struct Sent {
    pub pasta: String,
    pub version: Option<i32>,
    /// What the files are, where the form asks.
    pub anexo: String,
    pub files: Vec<(String, Result<Arquivo, GuardarError>)>,
}

impl Sent {
    /// Reads a body to its end. The fields may stand before or behind the files.
    pub async fn read(desk: &Desk, mut body: Multipart) -> Result<Self, Error> {
        let mut sent = Self::default();
        while let Some(field) = body.next_field().await.map_err(broken)? {
            match field.name() {
                Some("arquivo") => {
                    let raw = field.file_name().unwrap_or_default().to_owned();
                    // A browser sends a nameless empty part for a field without a file.
                    if raw.is_empty() {
                        continue;
                    }
                    if sent.files.len() == MAX_FILES {
                        return Err(sent.give_up(desk, Error::invalid(vec![too_many()])).await);
                    }
                    let mut too_large = false;
                    let content = field.inspect_err(|e| too_large |= e.status() == StatusCode::PAYLOAD_TOO_LARGE);
                    let kept = match FileName::clean(&raw) {
                        Ok(nome) => guardar(&desk.app.files, &desk.app.tenants, &desk.unidade, nome, content).await,
                        Err(invalid) => Err(GuardarError::Receive(files::ReceiveError::Refused(invalid))),
                    };
                    let broken = matches!(kept, Err(GuardarError::Receive(files::ReceiveError::Broken)));
                    if broken {
                        let status = if too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
                        let code = if too_large { "too-large" } else { "body" };
                        return Err(sent.give_up(desk, Error::status(status, code)).await);
                    }
                    sent.files.push((raw, kept));
                }
                Some("pasta") => sent.pasta = field.text().await.map_err(broken)?,
                Some("anexo") => sent.anexo = field.text().await.map_err(broken)?,
                Some("version") => sent.version = field.text().await.map_err(broken)?.parse().ok(),
                _ => {}
            }
        }
        Ok(sent)
    }

    /// The one file of a body that takes one.
    pub async fn single(mut self, desk: &Desk) -> Result<(Self, Arquivo), Error> {
        if self.files.len() != 1 {
            let code = if self.files.is_empty() { "required" } else { "file-single" };
            return Err(self.give_up(desk, Error::invalid(vec![Invalid::new(code).at("arquivo")])).await);
        }
        match self.files.swap_remove(0).1 {
            Ok(arquivo) => Ok((self, arquivo)),
            Err(error) => Err(refusal(error)),
        }
    }

    /// Nothing of this body is kept.
    async fn give_up(&self, desk: &Desk, error: Error) -> Error {
        for arquivo in self.files.iter().filter_map(|(_, kept)| kept.as_ref().ok()) {
            descartar(&desk.app.files, &desk.app.tenants, &desk.unidade, arquivo).await;
        }
        error
    }
}

fn too_many() -> FieldError {
    Invalid::new("file-many").with("max", MAX_FILES).at("arquivo")
}

fn broken(error: MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Error::status(StatusCode::PAYLOAD_TOO_LARGE, "too-large")
    } else {
        Error::status(StatusCode::BAD_REQUEST, "body")
    }
}

/// A refused file as an answer; one that is too large has a status of its own.
pub fn refusal(error: GuardarError) -> Error {
    let too_large = error.fields().iter().any(|field| field.invalid.code == "file-too-large");
    let full = matches!(error, GuardarError::Quota(_) | GuardarError::Receive(files::ReceiveError::DiskFull));
    let error = Error::from(error);
    match (too_large, full) {
        (true, _) => error.with_status(StatusCode::PAYLOAD_TOO_LARGE),
        (_, true) => error.with_status(StatusCode::INSUFFICIENT_STORAGE),
        _ => error,
    }
}

/// Keeps a content as a new documento; what cannot be kept is gone from the store.
pub async fn keep(desk: &Desk, id: EmpresaId, pasta: &Pasta, arquivo: &Arquivo) -> Result<DocumentoId, DocumentoError> {
    claim(desk, id, arquivo, async |tx, dono| enviar(tx, &desk.actor, dono, pasta, arquivo).await).await
}

/// Keeps a content as the newest versão of a documento.
pub async fn replace(
    desk: &Desk,
    id: EmpresaId,
    documento: DocumentoId,
    seen: Option<i32>,
    arquivo: &Arquivo,
) -> Result<i32, DocumentoError> {
    claim(desk, id, arquivo, async |tx, dono| substituir(tx, &desk.actor, dono, documento, seen, arquivo).await).await
}

/// Does with a content in the store what `work` says, for a documento of that empresa; what cannot be kept is gone from the store.
///
/// # Errors
/// Those of `work`, and [`DocumentoError::NotFound`] when the empresa is not the sender's any more.
pub async fn claim<T, E: From<DocumentoError> + From<Fault>>(
    desk: &Desk,
    id: EmpresaId,
    arquivo: &Arquivo,
    work: impl AsyncFnOnce(&mut TenantTx, Dono) -> Result<T, E>,
) -> Result<T, E> {
    let claimed = desk
        .app
        .tenants
        .write(&desk.unidade, async |tx: &mut TenantTx| {
            // Asked again: the empresa may have changed hands while the file was on its way.
            let dono = dono_held(tx, &desk.actor, id, &ENVIAR).await?;
            work(tx, dono).await
        })
        .await;
    if claimed.is_err() {
        descartar(&desk.app.files, &desk.app.tenants, &desk.unidade, arquivo).await;
    }
    claimed
}
