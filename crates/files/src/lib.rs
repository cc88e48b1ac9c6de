//! Contents of documents: where they lie, what may come in, how they look small.
//!
//! The rules it protects: a content is reached only through the [`Shelf`] of its unidade, so that no unidade can name another's;
//! what does not fit the limits, or is not what its name says, never gets there; a content once put is never changed.
//! It knows no table: who owns a content, what it is called and how long it stays is for the crates above.

mod clamd;
mod config;
mod kind;
mod name;
mod receive;
mod store;
mod thumbnail;

pub use clamd::{Clamd, ClamdAddress};
pub use config::{FilesConfig, Place, S3};
pub use kind::FileKind;
pub use name::FileName;
pub use receive::{ReceiveError, Received, whole};
pub use store::{ArquivoEntity, ArquivoId, Content, Files, Shelf};
