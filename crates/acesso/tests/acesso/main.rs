//! The commands of acesso against a real database.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod aparencia;
mod auditoria;
mod bloqueio;
mod celulas;
mod cleanup;
mod comunicado;
mod convite;
mod correio;
mod door;
mod entrada;
mod entrar;
mod fator;
mod foto;
mod gateway;
mod house;
mod identidade;
mod importar;
mod notificacao;
mod parametro;
mod perfil;
mod permissao;
mod pessoa;
mod provedor;
mod recuperacao;
mod regra;
mod restore;
mod senha;
mod servico;
mod sessao;
mod telefone;
mod token;
mod usuario;
mod visao;
