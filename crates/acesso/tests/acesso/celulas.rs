//! The 235 cells of seed 003's matrices (S3-7, S3-8, S3-9) on the engine: five perfis as a unidade begins with them, signed in. The
//! screens come with their module; what they will ask is decided here.

use kernel::{Permission, Scope};
use testkit::Base;

use crate::house::{actor, person};

/// In the order of the columns below.
const PERFIS: [&str; 5] = ["Adm", "Supervisor", "Operador", "Cliente Supervisor", "Cliente"];

/// Row, the permissão behind its function or route, and who has it.
const CELLS: [(&str, &str, &str); 47] = [
    ("S3-7.1", "acesso.usuario.gerir", "Y----"),
    ("S3-7.2", "empresas.empresa.alterar", "YY---"),
    ("S3-7.3", "empresas.segmento.gerir", "YY---"),
    ("S3-7.4", "pendencias.pendencia.registrar", "Y-Y--"),
    ("S3-7.5", "pendencias.pendencia.editar", "YYY--"),
    ("S3-7.6", "pendencias.pendencia.aprovar", "YY---"),
    ("S3-7.7", "pendencias.pendencia.responder", "YYYYY"),
    ("S3-7.8", "pendencias.pendencia.ver", "YYYYY"),
    ("S3-7.9", "pendencias.importacao.importar", "Y-Y--"),
    ("S3-7.10", "pendencias.relatorio.mensal", "YYYY-"),
    ("S3-7.11", "pendencias.relatorio.operadores", "YY-Y-"),
    ("S3-7.12", "pendencias.log.ver", "YYYY-"),
    ("S3-7.13", "pendencias.resolvida.ver", "YY---"),
    ("S3-7.14", "pendencias.painel.operador", "YYY--"),
    ("S3-7.15", "pendencias.painel.supervisor", "YY---"),
    ("S3-8.1", "acesso.usuario.ver", "Y----"),
    ("S3-8.2", "acesso.usuario.gerir", "Y----"),
    ("S3-8.3", "empresas.empresa.alterar", "YY---"),
    ("S3-8.4", "empresas.empresa.registrar", "YY---"),
    ("S3-8.5", "empresas.segmento.gerir", "YY---"),
    ("S3-8.6", "empresas.segmento.gerir", "YY---"),
    ("S3-8.7", "empresas.empresa.ver", "YYYYY"),
    ("S3-8.8", "empresas.empresa.ver", "YYYYY"),
    ("S3-8.9", "pendencias.painel.ver", "YYYYY"),
    ("S3-8.10", "pendencias.pendencia.registrar", "Y-Y--"),
    ("S3-8.11", "pendencias.pendencia.editar", "YYY--"),
    ("S3-8.12", "pendencias.importacao.importar", "Y-Y--"),
    ("S3-8.13", "pendencias.painel.operador", "YYY--"),
    ("S3-8.14", "pendencias.painel.supervisor", "YY---"),
    ("S3-8.15", "pendencias.pendencia.aprovar", "YY---"),
    ("S3-8.16", "pendencias.pendencia.responder", "YYYYY"),
    ("S3-8.17", "pendencias.relatorio.mensal", "YYYY-"),
    ("S3-8.18", "pendencias.relatorio.operadores", "YY-Y-"),
    ("S3-8.19", "pendencias.resolvida.ver", "YY---"),
    ("S3-8.20", "pendencias.log.ver", "YYYY-"),
    ("S3-9.1", "acesso.usuario.gerir", "Y----"),
    ("S3-9.2", "acesso.usuario.gerir", "Y----"),
    ("S3-9.3", "acesso.perfil.gerir", "Y----"),
    ("S3-9.4", "empresas.segmento.gerir", "YY---"),
    ("S3-9.5", "empresas.segmento.excluir", "Y----"),
    ("S3-9.6", "empresas.empresa.alterar", "YY---"),
    ("S3-9.7", "empresas.empresa.excluir", "Y----"),
    ("S3-9.8", "pendencias.pendencia.recusar", "YY---"),
    ("S3-9.9", "pendencias.pendencia.atender", "Y-Y--"),
    ("S3-9.10", "pendencias.pendencia.classificar", "Y-Y--"),
    ("S3-9.11", "pendencias.pendencia.ver", "YYYYY"),
    ("S3-9.12", "pendencias.importacao.importar", "Y-Y--"),
];

#[tokio::test]
async fn every_cell_is_as_the_customer_wrote_it() {
    let base = Base::new().await;
    let mut wrong = Vec::new();
    for (column, perfil) in PERFIS.into_iter().enumerate() {
        let who = person(&base, perfil, &format!("pessoa{column}@senai.example")).await;
        let grants = actor(&base, &who).await.grants;
        for (row, code, marks) in CELLS {
            let (scope, wanted) = (grants.scope(&Permission::new(code)), &marks[column..=column] == "Y");
            if scope.is_some() != wanted {
                wrong.push(format!("{row} {perfil}: {code} is {scope:?}"));
            }
            // S3-1.7: every non-adm reaches linked empresas only; what is of no empresa is held whole or not at all.
            let whole = perfil == "Adm" || code == "empresas.segmento.gerir";
            let limit = if whole { Scope::Todas } else { Scope::Vinculadas };
            if scope.is_some_and(|scope| scope > limit) {
                wrong.push(format!("{row} {perfil}: {code} reaches too far"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(CELLS.len() * PERFIS.len(), 235);
}
