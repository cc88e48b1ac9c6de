//! The module from outside: commands against a database, refusals and races.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod agenda;
mod cadastro;
mod convite;
mod demanda;
mod distribuicao;
mod historico;
mod lembrete;
mod lista;
mod lista_de_nomes;
mod support;
mod tarefa;
mod visita;
