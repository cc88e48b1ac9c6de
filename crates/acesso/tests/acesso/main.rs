//! The commands of acesso against a real database.

mod auditoria;
mod cleanup;
mod convite;
mod door;
mod entrada;
mod entrar;
mod house;
mod identidade;
mod senha;
mod sessao;
mod token;
mod usuario;
