//! The commands of acesso against a real database.

mod convite;
mod entrada;
mod entrar;
mod house;
mod sessao;
mod token;
mod usuario;
