//! What the law asks, against a real database.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod apagar;
mod consentimento;
mod dossie;
mod house;
mod incidente;
mod mapa;
mod pedido;
mod restaurar;
