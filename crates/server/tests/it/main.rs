//! The product from the outside: requests in, answers out, and what changed in the database.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod access;
mod agenda;
mod backups;
mod busca;
mod cadastros;
mod cli;
mod comunicados;
mod consentimentos;
mod console;
mod demandas;
mod demo;
mod dev;
mod docs;
mod documentos;
mod hosts;
mod importar;
mod installation;
mod isolation;
mod killed;
mod lixeira;
mod lote;
mod mescla;
mod mescla_api;
mod notificacoes;
mod pedidos;
mod primeiros;
mod process;
mod processes;
mod registro;
mod suporte;
mod support;
mod trilha;
mod unidades;
mod visitas;
mod wire;
