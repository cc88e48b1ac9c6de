//! The commands of acesso against a real database.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod aparencia;
mod auditoria;
mod cleanup;
mod convite;
mod door;
mod entrada;
mod entrar;
mod house;
mod identidade;
mod notificacao;
mod restore;
mod senha;
mod sessao;
mod token;
mod usuario;
mod visao;
