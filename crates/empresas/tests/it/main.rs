//! The module from outside: commands against a database, refusals and races, spreadsheets in and out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod consulta;
mod desfazer;
mod duplicada;
mod empresa;
mod etiqueta;
mod exportacao;
mod fila;
mod gravar;
mod importacao;
mod importacao_etiqueta;
mod lista;
mod lote;
mod mescla;
mod previa;
mod provedores;
mod reconsulta;
mod registro;
mod segmento;
mod situacao;
mod support;
mod vinculo;
